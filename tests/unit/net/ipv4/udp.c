/* SPDX-License-Identifier: MIT */
/*
 * UDP over a link: checksums, groups, broadcast, sharing of ports, and calls
 * that turn out to be void.
 */
#include "kernel/syscalls.h"
#include "tests/unit/net/ipv4/hosts.h"

static u8 buf[2000], got[2000];
#define GROUP 0xe1010101U /* 225.1.1.1 */

static void sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	fill(buf, sizeof(buf));
	EXPECT(u_sendto(fd, buf, 1000, R1, 7), 1000);
}

static void receiver_waits_1s(void *arg)
{
	long want = (long)(intptr_t)arg;
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_bind(fd, 0, 7), 0);
	sim_sleep(SIM_SEC);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), want);
	if (want > 0)
		EXPECT(filled(got, (size_t)want), true);
}

static enum link_verdict corrupt(void *arg, struct net_device *dev,
				 const struct sk_buff *skb, u64 *delay)
{
	return LINK_CORRUPT;
}

static void damaged_datagrams_never_arrive(void **state)
{
	struct link_params p = { .judge = corrupt };
	u64 bad;

	for (int i = 0; i < 20; i++) {
		two_hosts(&p);
		/* Each seed turns another bit; none may come through. */
		for (int k = 0; k < i; k++)
			(void)get_random_u32();
		sim_spawn(sim, host_b, receiver_waits_1s, (void *)-EAGAIN);
		sim_spawn(sim, host_a, sender, NULL);
		sim_run(sim, SIM_FOREVER);
		bad = host_b->mib.udp[UDP_MIB_InCsumErrors] +
		      host_b->mib.ipext[IPEXT_MIB_InCsumErrors] +
		      host_b->mib.ip[IPSTATS_MIB_InHdrErrors] +
		      host_b->mib.ipext[IPEXT_MIB_InTruncatedPkts] +
		      host_b->mib.udp[UDP_MIB_InErrors];
		assert_true(bad > 0);
		hosts_done();
	}
}

static void whole_datagrams_arrive(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_b, receiver_waits_1s, (void *)1000);
	sim_spawn(sim, host_a, sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.udp[UDP_MIB_InDatagrams], 1);
	assert_int_equal(host_a->mib.udp[UDP_MIB_OutDatagrams], 1);
	hosts_done();
}

static void group_sender(void *arg)
{
	struct ip_mreqn m = {
		.imr_ifindex = dev_get_by_name(host_a, "eth0")->ifindex,
	};
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_sendto(fd, buf, 10, GROUP, 7), -ENETUNREACH);
	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_IP,
			(long)IP_MULTICAST_IF, U(&m), sizeof(m), 0L),
	       0);
	EXPECT(u_sendto(fd, buf, 10, GROUP, 7), 10);
}

static void group_receiver(void *arg)
{
	bool join = arg != NULL;
	struct ip_mreqn m = {
		.imr_multiaddr.s_addr = htonl(GROUP),
		.imr_ifindex = dev_get_by_name(host_b, "eth0")->ifindex,
	};
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, 0, 7), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_MULTICAST_ALL, 0), 0);
	if (join)
		EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_IP,
				(long)IP_ADD_MEMBERSHIP, U(&m), sizeof(m), 0L),
		       0);
	sim_sleep(SIM_SEC);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), join ? 10 : -EAGAIN);
}

static void members_of_a_group_get_a_copy_each(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_b, group_receiver, (void *)1);
	sim_spawn(sim, host_b, group_receiver, (void *)1);
	sim_spawn(sim, host_b, group_receiver, NULL);
	sim_spawn(sim, host_a, group_sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.ipext[IPEXT_MIB_InMcastPkts], 1);
	hosts_done();
}

static void bcast_sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_sendto(fd, buf, 10, 0x0a0101ff, 7), -ENETUNREACH);
	EXPECT(u_sendto(fd, buf, 10, A1 | 0xff, 7), -EACCES);
	EXPECT(u_setopt(fd, SOL_SOCKET, SO_BROADCAST, 1), 0);
	EXPECT(u_sendto(fd, buf, 10, A1 | 0xff, 7), 10);
	/* Nobody has port 9: no ICMP error about a broadcast. */
	EXPECT(u_sendto(fd, buf, 10, A1 | 0xff, 9), 10);
}

static void broadcast_needs_permission(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_b, receiver_waits_1s, (void *)10);
	sim_spawn(sim, host_a, bcast_sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.icmp[ICMP_MIB_OutMsgs], 0);
	hosts_done();
}

/* A call whose program went away: what it took comes back. */
static void void_call(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);
	struct task *t = current;

	EXPECT(u_bind(fd, INADDR_LOOPBACK, 7), 0);
	fill(buf, sizeof(buf));
	EXPECT(u_sendto(fd, buf, 100, INADDR_LOOPBACK, 7), 100);
	EXPECT(u_sendto(fd, buf, 200, INADDR_LOOPBACK, 7), 200);
	t->regs = (struct pt_regs){
		.nr = __NR_recvfrom,
		.args = { (u64)fd, U(got), sizeof(got), 0, 0, 0 },
		.arch = ABI_X86_64,
	};
	system_call(t);
	EXPECT(t->regs.ret, 100);
	task_settle(t, false);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), 100);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), 200);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), -EAGAIN);
}

static void void_receive_loses_nothing(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, void_call, NULL);
	hosts_done();
}

static void cork(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0), r = u_socket(SOCK_DGRAM, 0);

	fill(buf, sizeof(buf));
	EXPECT(u_bind(r, INADDR_LOOPBACK, 7), 0);
	EXPECT(u_connect(fd, INADDR_LOOPBACK, 7), 0);
	EXPECT(u_setopt(fd, SOL_UDP, 1 /* UDP_CORK */, 1), 0);
	EXPECT(u_sendto(fd, buf, 100, 0, 0), 100);
	EXPECT(u_sendto(fd, buf + 100, 1, 0, 0), 1);
	EXPECT(u_sendto(fd, buf + 101, 899, 0, 0), 899);
	EXPECT(u_recv(r, got, sizeof(got), MSG_DONTWAIT), -EAGAIN);
	EXPECT(u_setopt(fd, SOL_UDP, 1, 0), 0);
	EXPECT(u_recv(r, got, sizeof(got), MSG_DONTWAIT), 1000);
	EXPECT(filled(got, 1000), true);
	/* What is corked and never sent goes with the socket. */
	EXPECT(u_setopt(fd, SOL_UDP, 1, 1), 0);
	EXPECT(u_sendto(fd, buf, 100, 0, 0), 100);
}

static void corked_pieces_are_one_datagram(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, cork, NULL);
	hosts_done();
}

/* Memory may fail at any point: an error, never a crash or a leak. */
static void oom_program(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0), r, n;

	if (fd < 0)
		return;
	r = u_socket(SOCK_DGRAM, 0);
	(void)u_setopt(fd, SOL_IP, IP_RECVERR, 1);
	if (r >= 0 && !u_bind(r, INADDR_LOOPBACK, 7)) {
		(void)u_setopt(r, SOL_IP, IP_PKTINFO, 1);
		for (n = 0; n < 3; n++)
			(void)u_sendto(fd, buf, 500, INADDR_LOOPBACK, 7 + n);
		(void)u_recv(r, got, sizeof(got), MSG_DONTWAIT);
	}
}

static void any_allocation_may_fail(void **state)
{
	for (unsigned int n = 1; n < 60; n++) {
		two_hosts(&plain_link);
		sim_spawn(sim, host_a, oom_program, NULL);
		kmem_fail_at(n);
		sim_run(sim, SIM_FOREVER);
		kmem_fail_at(0);
		hosts_done();
	}
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole_datagrams_arrive),
		T(damaged_datagrams_never_arrive),
		T(members_of_a_group_get_a_copy_each),
		T(broadcast_needs_permission),
		T(void_receive_loses_nothing),
		T(corked_pieces_are_one_datagram),
		T(any_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
