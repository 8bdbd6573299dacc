/* SPDX-License-Identifier: MIT */
/*
 * The TCP byte stream as programs see it: order and completeness, blocking,
 * and the MSG_ flags. How it ends: tcp_close.c; urgent data: tcp_urgent.c.
 */
#include "harness.h"

#include <linux/sockios.h>

static void bulk(size_t n, size_t out, size_t in)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_OK(close(sv[1]));
		send_pattern(sv[0], n, out);
		CHECK_OK(close(sv[0]));
	}
	CHECK_OK(close(sv[0]));
	recv_pattern(sv[1], n, in);
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(bulk_16_mib_in_64_kib_writes)
{
	bulk(16 << 20, 65536, 65536);
}

TEST(bulk_in_256_kib_writes_and_small_reads)
{
	bulk(4 << 20, 1 << 18, 1000);
}

TEST(bulk_in_odd_writes_and_large_reads)
{
	bulk(4 << 20, 1461, 1 << 18);
}

TEST(bulk_in_tiny_writes)
{
	bulk(20000, 1, 7);
}

TEST(bulk_both_ways_at_once)
{
	size_t n = 4 << 20;
	pid_t pid[3];
	int sv[2];

	tcp_pair(sv);
	IN_CHILD(pid[0])
		send_pattern(sv[0], n, 30000);
	IN_CHILD(pid[1])
		send_pattern(sv[1], n, 50000);
	IN_CHILD(pid[2])
		recv_pattern(sv[0], n, 40000);
	recv_pattern(sv[1], n, 20000);
	join(pid[0]);
	join(pid[1]);
	join(pid[2]);
}

TEST(bulk_through_small_buffers)
{
	size_t n = 1 << 20;
	sin_t a;
	int l = tcp_socket(), sv[2];
	pid_t pid;

	set_opt(l, SOL_SOCKET, SO_RCVBUF, 4096);
	bind_lo(l, &a);
	CHECK_OK(listen(l, 1));
	sv[0] = tcp_socket();
	set_opt(sv[0], SOL_SOCKET, SO_SNDBUF, 4096);
	CHECK_OK(connect(sv[0], SA(&a), sizeof(a)));
	sv[1] = CHECK_OK(accept(l, NULL, NULL));
	IN_CHILD(pid) {
		CHECK_OK(close(sv[1]));
		send_pattern(sv[0], n, 10000);
	}
	CHECK_OK(close(sv[0]));
	recv_pattern(sv[1], n, 3000);
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(ping_pong_5000_times)
{
	int sv[2], i;
	pid_t pid;
	unsigned int x;

	tcp_pair(sv);
	IN_CHILD(pid)
		for (i = 0; i < 5000; i++) {
			read_all(sv[1], &x, sizeof(x));
			x = x * 3 + 1;
			write_all(sv[1], &x, sizeof(x));
		}
	for (i = 0; i < 5000; i++) {
		x = i;
		write_all(sv[0], &x, sizeof(x));
		read_all(sv[0], &x, sizeof(x));
		CHECK_EQ(x, (unsigned int)i * 3 + 1);
	}
	join(pid);
}

TEST(writes_run_together)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	char b[6];

	read_all(sv[1], b, 6);
	CHECK(!memcmp(b, "onetwo", 6));
	CHECK_EOF(sv[1]);
}

TEST(short_reads_split_a_write)
{
	int sv[2];
	char b[3];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "abcdef");
	CHECK_EQ(CHECK_OK(read(sv[1], b, 3)), 3);
	CHECK(!memcmp(b, "abc", 3));
	CHECK_EQ(CHECK_OK(read(sv[1], b, 3)), 3);
	CHECK(!memcmp(b, "def", 3));
}

TEST(zero_length_send_sends_nothing)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "", 0, 0)), 0);
	CHECK_EQ(CHECK_OK(write(sv[0], "", 0)), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(zero_length_read_returns_at_once)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(read(sv[1], &c, 0)), 0);
	CHECK_EQ(CHECK_OK(read(tcp_socket(), &c, 0)), 0);
}

/* LINUX: sock_rcvlowat() is at least 1: recv(0) waits for data like any. */
TEST(zero_length_recv_waits_for_data)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_ERRNO(recv(sv[1], &c, 0, MSG_DONTWAIT), EAGAIN);
	CHECK_WRITES(sv[0], "data");
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 0, 0)), 0);
	CHECK_READS(sv[1], "data");
}

TEST(reader_blocks_until_data)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "late");
	}
	CHECK_READS(sv[1], "late");
	join(pid);
}

TEST(reader_blocks_until_end_of_file)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(shutdown(sv[0], SHUT_WR));
	}
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(reader_blocks_until_reset)
{
	int sv[2];
	pid_t pid, parent = getpid();
	char c;

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		set_linger(sv[0], 1, 0);
		CHECK_OK(close(sv[0]));
	}
	CHECK_OK(close(sv[0]));
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
	join(pid);
}

TEST(writer_blocks_until_the_reader_takes)
{
	int sv[2];
	size_t n;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	n = fill_up(sv[0]);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		drain(sv[1], n + 65536);
	}
	static char junk[65536];

	write_all(sv[0], junk, sizeof(junk));
	join(pid);
}

TEST(writer_blocked_ends_when_the_peer_resets)
{
	int sv[2];
	static char junk[65536];
	pid_t pid, parent = getpid();
	ssize_t n;

	tcp_pair(sv);
	fill_up(sv[0]);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		set_linger(sv[1], 1, 0);
		CHECK_OK(close(sv[1]));
	}
	CHECK_OK(close(sv[1]));
	do
		n = send(sv[0], junk, sizeof(junk), MSG_NOSIGNAL);
	while (n >= 0);
	CHECK(errno == ECONNRESET || errno == EPIPE);
	join(pid);
}

TEST(blocking_write_of_more_than_the_buffers_is_whole)
{
	static unsigned char big[8 << 20];
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	fill_pattern(big, sizeof(big), 0);
	IN_CHILD(pid)
		recv_pattern(sv[1], sizeof(big), 100000);
	CHECK_EQ(CHECK_OK(write(sv[0], big, sizeof(big))), sizeof(big));
	join(pid);
}

TEST(nonblocking_write_takes_what_fits)
{
	static char big[64 << 20];
	int sv[2];
	ssize_t n;

	tcp_pair(sv);
	set_nonblock(sv[0]);
	n = CHECK_OK(write(sv[0], big, sizeof(big)));
	CHECK(n > 0 && n < (ssize_t)sizeof(big));
	fill_up(sv[0]);
	CHECK_ERRNO(write(sv[0], big, 1), EAGAIN);
	CHECK_ERRNO(send(sv[0], big, sizeof(big), 0), EAGAIN);
}

/* ---- flags ---- */

TEST(msg_dontwait_eagain)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_ERRNO(recv(sv[0], &c, 1, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(CHECK_OK(fcntl(sv[0], F_GETFL)), O_RDWR);
}

TEST(msg_peek_leaves_the_data)
{
	int sv[2];
	char b[16];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "twice");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 16, MSG_PEEK)), 5);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 2, MSG_PEEK)), 2);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 16, MSG_PEEK)), 5);
	CHECK(!memcmp(b, "twice", 5));
	CHECK_READS(sv[1], "twice");
	CHECK_ERRNO(recv(sv[1], b, 16, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
}

TEST(msg_peek_sees_across_writes)
{
	int sv[2], n = 0;
	char b[16];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "abc");
	CHECK_WRITES(sv[0], "def");
	while (n < 6)
		CHECK_OK(ioctl(sv[1], SIOCINQ, &n));
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 16, MSG_PEEK)), 6);
	CHECK(!memcmp(b, "abcdef", 6));
}

TEST(msg_peek_at_end_of_file)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_PEEK)), 0);
	CHECK_EOF(sv[1]);
}

TEST(msg_waitall_waits_for_all)
{
	int sv[2], i;
	char b[12];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		for (i = 0; i < 3; i++) {
			CHECK_WRITES(sv[0], "four");
			while (i < 2) {
				int n;

				CHECK_OK(ioctl(sv[0], SIOCOUTQ, &n));
				if (!n)
					break;
			}
		}
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 12, MSG_WAITALL)), 12);
	CHECK(!memcmp(b, "fourfourfour", 12));
	join(pid);
}

TEST(msg_waitall_ends_short_at_end_of_file)
{
	int sv[2];
	char b[12];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "short");
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 12, MSG_WAITALL)), 5);
	CHECK_EOF(sv[1]);
}

TEST(msg_waitall_with_dontwait_takes_what_is_there)
{
	int sv[2];
	char b[12];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "there");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 12, MSG_WAITALL | MSG_DONTWAIT)), 5);
}

TEST(msg_waitall_with_timeout_gives_what_came)
{
	int sv[2];
	char b[12];

	tcp_pair(sv);
	set_rcvtimeo(sv[1], 50);
	CHECK_WRITES(sv[0], "some");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 12, MSG_WAITALL)), 4);
}

TEST(msg_trunc_throws_data_away)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[1], NULL, 4, MSG_TRUNC)), 4);
	CHECK_READS(sv[1], "456789");
}

TEST(msg_trunc_does_not_touch_the_buffer)
{
	int sv[2];
	char b[8] = "zzzzzzz";

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "0123");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, MSG_TRUNC)), 4);
	CHECK(!memcmp(b, "zzzz", 4));
}

/* The last piece goes at 200 ms at the latest; look sooner or look again. */
TEST(msg_more_holds_back)
{
	int sv[2], i;
	char b[16];

	for (i = 0; i < 20; i++) {
		double t;
		int r;

		tcp_pair(sv);
		t = now();
		CHECK_EQ(CHECK_OK(send(sv[0], "head", 4, MSG_MORE)), 4);
		r = poll_now(sv[1], POLLIN);
		if (now() - t > 0.15)
			continue;
		CHECK_EQ(r, 0);
		CHECK_EQ(CHECK_OK(send(sv[0], "body", 4, 0)), 4);
		CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
		CHECK_EQ(CHECK_OK(recv(sv[1], b, 16, 0)), 8);
		CHECK(!memcmp(b, "headbody", 8));
		return;
	}
	FAIL("too slow a machine");
}

TEST(msg_more_goes_out_in_the_end)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "alone", 5, MSG_MORE)), 5);
	CHECK_READS(sv[1], "alone");
}

TEST(msg_more_goes_out_at_close)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "alone", 5, MSG_MORE)), 5);
	CHECK_OK(close(sv[0]));
	CHECK_READS(sv[1], "alone");
	CHECK_EOF(sv[1]);
}

TEST(address_with_sendto_is_ignored)
{
	int sv[2];
	sin_t a = sin_of(FOREIGN, 1);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(sendto(sv[0], "ok", 2, 0, SA(&a), sizeof(a))), 2);
	CHECK_READS(sv[1], "ok");
}

TEST(recvfrom_gives_no_address)
{
	int sv[2];
	sin_t a;
	socklen_t len = sizeof(a);
	char b[4];

	tcp_pair(sv);
	memset(&a, 0xee, sizeof(a));
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvfrom(sv[1], b, 4, 0, SA(&a), &len)), 1);
	CHECK_EQ(len, 0);
	CHECK_EQ(a.sin_family, 0xeeee);
}

TEST(unknown_msg_flags_are_ignored)
{
	int sv[2];
	char b[4];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "x", 1, 0x00800000)), 1);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 4, 0x00800000)), 1);
}

HARNESS_MAIN
