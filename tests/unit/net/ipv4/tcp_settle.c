/* SPDX-License-Identifier: MIT */
/*
 * TCP calls whose answer nobody takes ("Settling", kernel/sched.h): what was
 * received is there again, what was accepted waits again; and the failure of
 * every single allocation of a conversation.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fs/fs.h"
#include "net/net.h"

static u8 buf[300000], got[300000];

/* recv() as a gate does it, its answer taken or refused. */
static long recv_settled(int fd, void *to, size_t n, int flags, bool taken)
{
	struct file *f = fget(fd);
	struct msghdr m = { .msg_flags = 0 };
	long ret;

	iov_iter_kernel(&m.msg_iter, to, n);
	ret = sock_recvmsg(sock_from_file(f), &m, flags);
	if (current->settle) {
		void (*settle)(struct task *, bool) = current->settle;

		current->settle = NULL;
		settle(current, taken);
	}
	current->flags &= ~TASK_EFFECT;
	fput(f);
	return ret;
}

static u32 poll_mask(int fd)
{
	struct file *f = fget(fd);
	u32 mask = f->f_op->poll(f, NULL);

	fput(f);
	return mask;
}

static void pair_client(void *arg)
{
	int fd = u_socket(SOCK_STREAM, 0);

	EXPECT(u_connect(fd, LO, PORT), 0);
	pattern_fill(buf, 0, sizeof(buf));
	EXPECT(u_send(fd, buf, 1000, 0), 1000);
	sim_sleep(SIM_SEC);
	EXPECT(u_send(fd, buf + 1000, sizeof(buf) - 1000, 0),
	       sizeof(buf) - 1000);
	EXPECT(u_close(fd), 0);
}

static void refusing_server(void *arg)
{
	int l = u_listener(LO, PORT, 8), c = (int)u_accept(l, 0);
	u64 at = 0;
	u32 rnd = 1;
	long n;

	/* Refused: all of it is there again. */
	EXPECT(recv_settled(c, got, 1000, 0, false), 1000);
	EXPECT(poll_mask(c) & EPOLLIN, EPOLLIN);
	EXPECT(recv_settled(c, got, 300, 0, false), 300);
	EXPECT(recv_settled(c, got, 300, 0, true), 300);
	EXPECT(recv_settled(c, got + 300, 9000, 0, false), 700);
	EXPECT(recv_settled(c, got + 300, 9000, 0, true), 700);
	EXPECT(pattern_ok(got, 0, 1000), true);
	EXPECT(poll_mask(c) & EPOLLIN, 0);
	at = 1000;
	for (;;) {
		size_t want = 1 + rnd % 9000;
		bool taken = rnd & 0x10000;
		int flags = rnd & 0x20000 ? MSG_WAITALL : 0;

		rnd = rnd * 1664525 + 1013904223;
		n = recv_settled(c, got, want, flags, taken);
		if (n <= 0)
			break;
		EXPECT(pattern_ok(got, at, (size_t)n), true);
		if (taken)
			at += (u64)n;
	}
	EXPECT(n, 0);
	EXPECT(at, sizeof(buf));
	/* The end of the stream as well. */
	EXPECT(recv_settled(c, got, 10, 0, true), 0);
	EXPECT(u_close(c), 0);
	EXPECT(u_close(l), 0);
}

static void refused_receives_lose_nothing(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, refusing_server, NULL);
	sim_spawn(sim, host_a, pair_client, NULL);
	run_for(100);
	hosts_done();
}

static void waitall_server(void *arg)
{
	int l = u_listener(LO, PORT, 8), c;

	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	c = (int)u_accept(l, 0);
	/* More than the buffer holds: room is given up on the way. */
	EXPECT(recv_settled(c, got, sizeof(buf), MSG_WAITALL, false),
	       sizeof(buf));
	EXPECT(pattern_ok(got, 0, sizeof(buf)), true);
	EXPECT(u_recv(c, got, 10, 0), 0);
	EXPECT(u_close(c), 0);
	EXPECT(u_close(l), 0);
}

static void waitall_larger_than_the_buffer(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, waitall_server, NULL);
	sim_spawn(sim, host_a, pair_client, NULL);
	run_for(100);
	hosts_done();
}

/* accept() whose answer is refused. */
static void accept_server(void *arg)
{
	int l = u_listener(LO, PORT, 8), c;
	struct file *f = fget(l);
	struct sock *sk = sock_from_file(f)->sk, *child, *other;
	int err = 0;

	sim_sleep(SIM_SEC);
	EXPECT(sk->sk_ack_backlog, 2);
	child = inet_csk_accept(sk, O_NONBLOCK, &err, false);
	EXPECT(child != NULL, true);
	EXPECT(sk->sk_ack_backlog, 1);
	inet_csk_accept_undo(sk, child);
	EXPECT(sk->sk_ack_backlog, 2);
	other = inet_csk_accept(sk, O_NONBLOCK, &err, false);
	EXPECT(other == child, true);
	inet_csk_accept_undo(sk, other);
	c = (int)u_accept(l, 0);
	EXPECT(u_recv(c, got, 10, 0), 2);
	EXPECT(u_close(c), 0);
	/* The listener closes while an accept is not settled. */
	child = inet_csk_accept(sk, O_NONBLOCK, &err, false);
	sock_hold(sk);
	fput(f);
	EXPECT(u_close(l), 0);
	inet_csk_accept_undo(sk, child);
	sock_put(sk);
}

static void accept_client(void *arg)
{
	bool first = arg;
	int fd = u_socket(SOCK_STREAM, 0);

	EXPECT(u_connect(fd, LO, PORT), 0);
	EXPECT(u_send(fd, "hi", 2, 0), 2);
	EXPECT(u_recv(fd, got, 10, 0), first ? 0 : -ECONNRESET);
	EXPECT(u_close(fd), 0);
}

static void refused_accepts_wait_again(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, accept_server, NULL);
	sim_spawn(sim, host_a, accept_client, (void *)1);
	sim_spawn(sim, host_a, accept_client, NULL);
	run_for(100);
	hosts_done();
}

/* Every call may fail for lack of memory; nothing else may happen. */
static bool fine(long r)
{
	return r >= 0 || r == -ENOMEM || r == -ENOBUFS || r == -ENFILE ||
	       r == -EAGAIN || r == -ECONNREFUSED || r == -ECONNRESET ||
	       r == -ETIMEDOUT || r == -EPIPE || r == -EADDRINUSE ||
	       r == -EBADF || r == -ENOTCONN || r == -EINVAL ||
	       r == -EHOSTUNREACH || r == -ENETUNREACH || r == -ECONNABORTED;
}

static void needy_server(void *arg)
{
	long l = u_socket(SOCK_STREAM, 0), c, n;
	struct old_timeval64 tv = { 30, 0 };
	u64 at = 0;

	EXPECT(fine(l), true);
	EXPECT(fine(u_bind((int)l, 0, PORT)), true);
	EXPECT(fine(u_listen(l, 8)), true);
	EXPECT(fine(sim_call(__NR_setsockopt, l, (long)SOL_SOCKET,
			     (long)SO_RCVTIMEO, U(&tv), sizeof(tv), 0L)),
	       true);
	c = u_accept(l, 0);
	EXPECT(fine(c), true);
	if (c >= 0) {
		EXPECT(fine(sim_call(__NR_setsockopt, c, (long)SOL_SOCKET,
				     (long)SO_RCVTIMEO, U(&tv), sizeof(tv),
				     0L)),
		       true);
		while ((n = u_recv((int)c, got, 5000, 0)) > 0) {
			EXPECT(pattern_ok(got, at, (size_t)n), true);
			at += (u64)n;
		}
		EXPECT(fine(n), true);
		EXPECT(fine(u_send(c, buf, 10, MSG_NOSIGNAL)), true);
		u_close(c);
	}
	if (l >= 0)
		u_close(l);
}

static void needy_client(void *arg)
{
	long fd = u_socket(SOCK_STREAM, 0), n;
	u64 at = 0;

	EXPECT(fine(fd), true);
	if (fd < 0)
		return;
	n = u_connect((int)fd, R1, PORT);
	EXPECT(fine(n), true);
	while (n >= 0 && at < 20000) {
		pattern_fill(buf, at, 3000);
		n = u_send(fd, buf, 3000, MSG_NOSIGNAL);
		EXPECT(fine(n), true);
		if (n > 0)
			at += (u64)n;
	}
	u_shutdown(fd, SHUT_WR);
	u_recv((int)fd, buf, 100, MSG_DONTWAIT);
	u_close(fd);
}

static void every_allocation_may_fail(void **state)
{
	struct link_params p = { .latency = 1 * NSEC_PER_MSEC };

	for (u64 n = 1; n < 10000; n++) {
		u64 at;
		bool done;

		two_hosts(&p);
		sim_spawn(sim, host_b, needy_server, NULL);
		sim_spawn(sim, host_a, needy_client, NULL);
		at = kmem_count() + n;
		kmem_fail_at(n);
		sim_run(sim, 2000 * SIM_SEC);
		assert_int_equal(sim_running(sim), 0);
		done = kmem_count() < at;
		kmem_fail_at(0);
		hosts_done();
		if (done)
			return;
	}
	fail_msg("there is no end to the allocations");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_receives_lose_nothing),
		cmocka_unit_test(waitall_larger_than_the_buffer),
		cmocka_unit_test(refused_accepts_wait_again),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
