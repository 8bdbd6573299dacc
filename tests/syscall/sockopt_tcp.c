/* SPDX-License-Identifier: MIT */
/* IPPROTO_TCP options: defaults, round trips, ranges, effects. */
#include "harness.h"

#include <linux/sockios.h>

#ifndef TCP_NOTSENT_LOWAT
#define TCP_NOTSENT_LOWAT	25
#endif

#define T	IPPROTO_TCP

static void round_trip(int fd, int opt, int v)
{
	set_opt(fd, T, opt, v);
	CHECK_EQ(get_opt(fd, T, opt), v);
}

static void refused(int fd, int opt, int v)
{
	int before = get_opt(fd, T, opt);

	CHECK_ERRNO(try_opt(fd, T, opt, v), EINVAL);
	CHECK_EQ(get_opt(fd, T, opt), before);
}

static long sysctl(const char *name, long def)
{
	char path[100];
	long v;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/tcp_%s", name);
	v = read_number(path, 0);
	return v > 0 ? v : def;
}

TEST(nodelay)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_NODELAY), 0);
	round_trip(fd, TCP_NODELAY, 1);
	round_trip(fd, TCP_NODELAY, 0);
	set_opt(fd, T, TCP_NODELAY, 5);
	CHECK_EQ(get_opt(fd, T, TCP_NODELAY), 1);
}

TEST(cork)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_CORK), 0);
	round_trip(fd, TCP_CORK, 1);
	round_trip(fd, TCP_CORK, 0);
}

/* The cork is pulled after 200 ms at the latest: look sooner or again. */
TEST(cork_holds_back_until_pulled)
{
	int sv[2], i;
	char b[16];

	for (i = 0; i < 20; i++) {
		double t;
		int r;

		tcp_pair(sv);
		set_opt(sv[0], T, TCP_CORK, 1);
		t = now();
		CHECK_WRITES(sv[0], "head");
		CHECK_WRITES(sv[0], "body");
		r = poll_now(sv[1], POLLIN);
		if (now() - t > 0.15)
			continue;
		CHECK_EQ(r, 0);
		set_opt(sv[0], T, TCP_CORK, 0);
		CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
		CHECK_EQ(CHECK_OK(read(sv[1], b, 16)), 8);
		return;
	}
	FAIL("too slow a machine");
}

TEST(cork_goes_out_at_shutdown)
{
	int sv[2];

	tcp_pair(sv);
	set_opt(sv[0], T, TCP_CORK, 1);
	CHECK_WRITES(sv[0], "corked");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_READS(sv[1], "corked");
	CHECK_EOF(sv[1]);
}

TEST(nodelay_pushes_corked_data)
{
	int sv[2];

	tcp_pair(sv);
	set_opt(sv[0], T, TCP_CORK, 1);
	CHECK_WRITES(sv[0], "corked");
	set_opt(sv[0], T, TCP_NODELAY, 1);
	CHECK_READS(sv[1], "corked");
}

TEST(maxseg_before_connect)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_MAXSEG), 536);
	round_trip(fd, TCP_MAXSEG, 1000);
	round_trip(fd, TCP_MAXSEG, 88);
	round_trip(fd, TCP_MAXSEG, 32767);
	refused(fd, TCP_MAXSEG, 87);
	refused(fd, TCP_MAXSEG, 32768);
	refused(fd, TCP_MAXSEG, -1);
	CHECK_OK(try_opt(fd, T, TCP_MAXSEG, 0));
	CHECK_EQ(get_opt(fd, T, TCP_MAXSEG), 536);
}

TEST(maxseg_bounds_the_connection)
{
	sin_t a;
	int l = tcp_listener(&a), c = tcp_socket(), s;

	set_opt(c, T, TCP_MAXSEG, 1000);
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	/* 12 bytes of each segment may be the timestamp option. */
	CHECK(get_opt(c, T, TCP_MAXSEG) == 988 ||
	      get_opt(c, T, TCP_MAXSEG) == 1000);
	CHECK(get_opt(s, T, TCP_MAXSEG) == 988 ||
	      get_opt(s, T, TCP_MAXSEG) == 1000);
}

TEST(maxseg_of_loopback_is_its_mtu)
{
	int sv[2], v;

	tcp_pair(sv);
	v = get_opt(sv[0], T, TCP_MAXSEG);
	CHECK(v == 65483 || v == 65495 || v == 32741);
}

TEST(keepalive_times)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_KEEPIDLE), sysctl("keepalive_time", 7200));
	CHECK_EQ(get_opt(fd, T, TCP_KEEPINTVL), sysctl("keepalive_intvl", 75));
	CHECK_EQ(get_opt(fd, T, TCP_KEEPCNT), sysctl("keepalive_probes", 9));
	round_trip(fd, TCP_KEEPIDLE, 1);
	round_trip(fd, TCP_KEEPIDLE, 32767);
	round_trip(fd, TCP_KEEPINTVL, 1);
	round_trip(fd, TCP_KEEPINTVL, 32767);
	round_trip(fd, TCP_KEEPCNT, 1);
	round_trip(fd, TCP_KEEPCNT, 127);
}

TEST(keepalive_times_out_of_range_einval)
{
	int fd = tcp_socket();

	refused(fd, TCP_KEEPIDLE, 0);
	refused(fd, TCP_KEEPIDLE, 32768);
	refused(fd, TCP_KEEPIDLE, -1);
	refused(fd, TCP_KEEPINTVL, 0);
	refused(fd, TCP_KEEPINTVL, 32768);
	refused(fd, TCP_KEEPCNT, 0);
	refused(fd, TCP_KEEPCNT, 128);
}

TEST(keepalive_on_an_idle_connection_is_harmless)
{
	int sv[2];

	tcp_pair(sv);
	set_opt(sv[0], T, TCP_KEEPIDLE, 1);
	set_opt(sv[0], T, TCP_KEEPINTVL, 1);
	set_opt(sv[0], T, TCP_KEEPCNT, 1);
	set_opt(sv[0], SOL_SOCKET, SO_KEEPALIVE, 1);
	CHECK_EQ(poll(&(struct pollfd){ sv[0], POLLIN, 0 }, 1, 2500), 0);
	CHECK_WRITES(sv[0], "alive");
	CHECK_READS(sv[1], "alive");
}

TEST(syncnt)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_SYNCNT), sysctl("syn_retries", 6));
	round_trip(fd, TCP_SYNCNT, 1);
	round_trip(fd, TCP_SYNCNT, 127);
	refused(fd, TCP_SYNCNT, 0);
	refused(fd, TCP_SYNCNT, 128);
}

TEST(linger2)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_LINGER2), 60);
	round_trip(fd, TCP_LINGER2, 5);
	set_opt(fd, T, TCP_LINGER2, -3);
	CHECK_EQ(get_opt(fd, T, TCP_LINGER2), -1);
	round_trip(fd, TCP_LINGER2, 120);
	set_opt(fd, T, TCP_LINGER2, 121);
	CHECK_EQ(get_opt(fd, T, TCP_LINGER2), 120);
	set_opt(fd, T, TCP_LINGER2, 0);
	CHECK_EQ(get_opt(fd, T, TCP_LINGER2), 60);
}

/* Kept as a number of retransmissions: 1, 3, 7, 15 ... seconds. */
TEST(defer_accept_rounds_up)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_DEFER_ACCEPT), 0);
	set_opt(fd, T, TCP_DEFER_ACCEPT, 1);
	CHECK_EQ(get_opt(fd, T, TCP_DEFER_ACCEPT), 1);
	set_opt(fd, T, TCP_DEFER_ACCEPT, 2);
	CHECK_EQ(get_opt(fd, T, TCP_DEFER_ACCEPT), 3);
	set_opt(fd, T, TCP_DEFER_ACCEPT, 5);
	CHECK_EQ(get_opt(fd, T, TCP_DEFER_ACCEPT), 7);
	set_opt(fd, T, TCP_DEFER_ACCEPT, 0);
	CHECK_EQ(get_opt(fd, T, TCP_DEFER_ACCEPT), 0);
}

TEST(defer_accept_waits_for_data)
{
	sin_t a;
	int l = tcp_socket(), c = tcp_socket(), s;

	set_opt(l, T, TCP_DEFER_ACCEPT, 30);
	bind_lo(l, &a);
	CHECK_OK(listen(l, 4));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_EQ(poll_now(l, POLLIN), 0);
	CHECK_WRITES(c, "data");
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	s = CHECK_OK(accept(l, NULL, NULL));
	set_nonblock(s);
	CHECK_READS(s, "data");
}

TEST(window_clamp)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_WINDOW_CLAMP), 0);
	round_trip(fd, TCP_WINDOW_CLAMP, 100000);
	set_opt(fd, T, TCP_WINDOW_CLAMP, 0);
	CHECK_EQ(get_opt(fd, T, TCP_WINDOW_CLAMP), 0);
}

TEST(window_clamp_zero_on_a_connection_einval)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(try_opt(sv[0], T, TCP_WINDOW_CLAMP, 0), EINVAL);
}

TEST(quickack)
{
	int sv[2];

	CHECK_EQ(get_opt(tcp_socket(), T, TCP_QUICKACK), 1);
	tcp_pair(sv);
	set_opt(sv[0], T, TCP_QUICKACK, 0);
	CHECK_EQ(get_opt(sv[0], T, TCP_QUICKACK), 0);
	set_opt(sv[0], T, TCP_QUICKACK, 1);
	CHECK_EQ(get_opt(sv[0], T, TCP_QUICKACK), 1);
}

TEST(congestion_default_is_the_sysctl)
{
	char b[16] = "", want[32] = "cubic";
	socklen_t len = sizeof(b);
	FILE *f = fopen("/proc/sys/net/ipv4/tcp_congestion_control", "r");

	if (f) {
		CHECK_EQ(fscanf(f, "%15s", want), 1);
		fclose(f);
	}
	CHECK_OK(getsockopt(tcp_socket(), T, TCP_CONGESTION, b, &len));
	CHECK_EQ(len, 16);
	CHECK(!strcmp(b, want));
}

TEST(congestion_reno)
{
	char b[16] = "";
	socklen_t len = sizeof(b);
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(setsockopt(sv[0], T, TCP_CONGESTION, "reno", 4));
	CHECK_OK(getsockopt(sv[0], T, TCP_CONGESTION, b, &len));
	CHECK(!strcmp(b, "reno"));
	CHECK_WRITES(sv[0], "by reno");
	CHECK_READS(sv[1], "by reno");
}

TEST(congestion_errors)
{
	int fd = tcp_socket();

	CHECK_ERRNO(setsockopt(fd, T, TCP_CONGESTION, "nosuch", 6), ENOENT);
	CHECK_ERRNO(setsockopt(fd, T, TCP_CONGESTION, "", 0), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, TCP_CONGESTION, BAD_PTR, 4), EFAULT);
}

TEST(congestion_short_length_truncates)
{
	char b[16] = "zzzzzzzz";
	socklen_t len = 2;
	int fd = tcp_socket();

	CHECK_OK(setsockopt(fd, T, TCP_CONGESTION, "reno", 5));
	CHECK_OK(getsockopt(fd, T, TCP_CONGESTION, b, &len));
	CHECK_EQ(len, 2);
	CHECK(!memcmp(b, "rez", 3));
}

TEST(user_timeout)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_USER_TIMEOUT), 0);
	round_trip(fd, TCP_USER_TIMEOUT, 5000);
	refused(fd, TCP_USER_TIMEOUT, -1);
	round_trip(fd, TCP_USER_TIMEOUT, 0);
}

TEST(notsent_lowat)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_NOTSENT_LOWAT), 0);
	round_trip(fd, TCP_NOTSENT_LOWAT, 16384);
	round_trip(fd, TCP_NOTSENT_LOWAT, -1);
}

TEST(fastopen_on_listener)
{
	sin_t a;
	int l = tcp_listener(&a), sv[2];

	CHECK_EQ(get_opt(l, T, TCP_FASTOPEN), 0);
	set_opt(l, T, TCP_FASTOPEN, 5);
	CHECK_EQ(get_opt(l, T, TCP_FASTOPEN), 5);
	CHECK_ERRNO(try_opt(l, T, TCP_FASTOPEN, -1), EINVAL);
	tcp_pair(sv);
	CHECK_ERRNO(try_opt(sv[0], T, TCP_FASTOPEN, 5), EINVAL);
}

TEST(timestamp_is_readable)
{
	int sv[2], a, b;

	tcp_pair(sv);
	a = get_opt(sv[0], T, TCP_TIMESTAMP);
	b = get_opt(sv[0], T, TCP_TIMESTAMP);
	CHECK((unsigned int)b - (unsigned int)a < 10000);
}

TEST(inq_flag)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_INQ), 0);
	round_trip(fd, TCP_INQ, 1);
	refused(fd, TCP_INQ, 2);
	refused(fd, TCP_INQ, -1);
}

TEST(thin_options)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_THIN_LINEAR_TIMEOUTS), 0);
	round_trip(fd, TCP_THIN_LINEAR_TIMEOUTS, 1);
	refused(fd, TCP_THIN_LINEAR_TIMEOUTS, 2);
}

TEST(save_syn)
{
	sin_t a;
	int l = tcp_socket(), s;
	unsigned char b[128];
	socklen_t len = sizeof(b);

	set_opt(l, T, TCP_SAVE_SYN, 1);
	bind_lo(l, &a);
	CHECK_OK(listen(l, 1));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_OK(getsockopt(s, T, TCP_SAVED_SYN, b, &len));
	CHECK_GE(len, 40);
	CHECK_EQ(b[0] >> 4, 4);
	CHECK_EQ(b[9], IPPROTO_TCP);
	CHECK_EQ(b[20 + 13] & 0x3f, 0x02);	/* the flags of a SYN */
	CHECK(!memcmp(b + 22, &a.sin_port, 2));
	len = sizeof(b);
	CHECK_OK(getsockopt(s, T, TCP_SAVED_SYN, b, &len));
	CHECK_EQ(len, 0);		/* given once */
}

TEST(repair_needs_net_admin)
{
	drop_privilege();
	CHECK_ERRNO(try_opt(tcp_socket(), T, TCP_REPAIR, 1), EPERM);
}

TEST(ulp_is_empty)
{
	char b[16];
	socklen_t len = sizeof(b);

	CHECK_OK(getsockopt(tcp_socket(), T, TCP_ULP, b, &len));
	CHECK_EQ(len, 0);
}

TEST(set_length_checks)
{
	int fd = tcp_socket(), v = 1, n;

	for (n = 0; n < 4; n++)
		CHECK_ERRNO(setsockopt(fd, T, TCP_NODELAY, &v, n), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, TCP_NODELAY, &v, -1), EINVAL);
	CHECK_OK(setsockopt(fd, T, TCP_NODELAY, &v, 4));
	CHECK_ERRNO(setsockopt(fd, T, TCP_NODELAY, BAD_PTR, 4), EFAULT);
	CHECK_ERRNO(setsockopt(fd, T, 9999, BAD_PTR, 2), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, 9999, BAD_PTR, 4), EFAULT);
}

TEST(get_length_checks)
{
	int fd = tcp_socket(), n;

	set_opt(fd, T, TCP_KEEPIDLE, 0x1234);
	for (n = 0; n <= 4; n++) {
		unsigned char b[8];
		socklen_t len = n;
		int want = 0x1234;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(getsockopt(fd, T, TCP_KEEPIDLE, b, &len));
		CHECK_EQ(len, n);
		CHECK(!memcmp(b, &want, n));
		CHECK_EQ(b[n], 0xee);
	}
	socklen_t len = -1;

	CHECK_ERRNO(getsockopt(fd, T, TCP_KEEPIDLE, &n, &len), EINVAL);
	len = 4;
	CHECK_ERRNO(getsockopt(fd, T, TCP_KEEPIDLE, BAD_PTR, &len), EFAULT);
	CHECK_ERRNO(getsockopt(fd, T, TCP_KEEPIDLE, &n, NULL), EFAULT);
}

TEST(unknown_option_enoprotoopt)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(tcp_socket(), T, 9999, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(tcp_socket(), T, 9999, &v, &len), ENOPROTOOPT);
}

TEST(tcp_level_on_udp)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(udp_socket(), T, TCP_NODELAY, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp_socket(), T, TCP_NODELAY, &v, &len),
		    EOPNOTSUPP);
}

TEST(tcp_level_on_unix)
{
	CHECK_ERRNO(try_opt(CHECK_OK(socket(AF_UNIX, SOCK_STREAM, 0)), T,
			    TCP_NODELAY, 1), EOPNOTSUPP);
}

HARNESS_MAIN
