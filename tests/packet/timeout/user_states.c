/* SPDX-License-Identifier: MIT */
/* TCP_USER_TIMEOUT in each state where something is awaited: RFC 5482. */
#include "tests/packet/wire.h"

/* ms until @fd ends, within 20 s. */
static u64 ends_after(int fd)
{
	u64 t = sim_now(sim);

	while (state_of(fd) != TCP_CLOSE && sim_now(sim) - t < 20 * SIM_SEC)
		sim_sleep(10 * SIM_MS);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	return (sim_now(sim) - t) / SIM_MS;
}

SCRIPT(syn_sent)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
	u64 ms;

	EXPECT(u_setopt(fd, SOL_TCP, TCP_USER_TIMEOUT, 1500), 0);
	EXPECT(u_connect(fd, PEER_ADDR, peer_port), -EINPROGRESS);
	ms = ends_after(fd);
	CHECK(took(ms, 1490, 1600));
	skip_seen();
	u_close(fd);
}

SCRIPT(a_closed_window)
{
	int l = listening(), c = accepted(l, 0, mss(1000));
	u64 ms;

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 1500), 0);
	CHECK(u_send(c, payload, 3000, 0) == 3000);
	ms = ends_after(c);
	CHECK(ms >= 1400 && ms < 2500);
	CHECK(nr_seen > next_seen); /* the probes */
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(fin_wait_1)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 ms;

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 1500), 0);
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	ms = ends_after(c);
	CHECK(took(ms, 1400, 2500));
	skip_seen();
	u_close(c);
	u_close(l);
}
