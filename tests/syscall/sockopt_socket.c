/* SPDX-License-Identifier: MIT */
/* SOL_SOCKET: defaults, round trips, clamping, value lengths, errors. */
#include "harness.h"

#include <linux/filter.h>
#include <net/if.h>

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK	72
#endif

/* An option that is 0 or 1: default, set, normalised, cleared. */
static void flag_opt(int fd, int opt, int def)
{
	CHECK_EQ(get_opt(fd, SOL_SOCKET, opt), def);
	set_opt(fd, SOL_SOCKET, opt, 1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, opt), 1);
	set_opt(fd, SOL_SOCKET, opt, 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, opt), 0);
	set_opt(fd, SOL_SOCKET, opt, 5);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, opt), 1);
	set_opt(fd, SOL_SOCKET, opt, -1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, opt), 1);
}

TEST(reuseaddr)
{
	flag_opt(tcp_socket(), SO_REUSEADDR, 0);
	flag_opt(udp_socket(), SO_REUSEADDR, 0);
}

TEST(reuseport)
{
	flag_opt(tcp_socket(), SO_REUSEPORT, 0);
	flag_opt(udp_socket(), SO_REUSEPORT, 0);
}

TEST(keepalive)
{
	flag_opt(tcp_socket(), SO_KEEPALIVE, 0);
	flag_opt(udp_socket(), SO_KEEPALIVE, 0);
}

TEST(broadcast)
{
	flag_opt(udp_socket(), SO_BROADCAST, 0);
	flag_opt(tcp_socket(), SO_BROADCAST, 0);
}

TEST(oobinline)
{
	flag_opt(tcp_socket(), SO_OOBINLINE, 0);
}

TEST(dontroute)
{
	flag_opt(udp_socket(), SO_DONTROUTE, 0);
}

TEST(timestamp)
{
	flag_opt(udp_socket(), 29, 0);
	flag_opt(tcp_socket(), 29, 0);
}

TEST(timestamp_forms_exclude_each_other)
{
	int fd = udp_socket();

	set_opt(fd, SOL_SOCKET, 29, 1);
	set_opt(fd, SOL_SOCKET, 35, 1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, 29), 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, 35), 1);
	set_opt(fd, SOL_SOCKET, 63, 1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, 35), 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, 63), 1);
}

TEST(rxq_ovfl)
{
	flag_opt(udp_socket(), SO_RXQ_OVFL, 0);
}

TEST(no_check)
{
	flag_opt(udp_socket(), SO_NO_CHECK, 0);
}

TEST(select_err_queue)
{
	flag_opt(udp_socket(), SO_SELECT_ERR_QUEUE, 0);
}

/* LINUX: the budget can be set and not asked for. */
TEST(busy_poll)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL), 0);
	set_opt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 0);
	if (!geteuid()) {
		flag_opt(fd, SO_PREFER_BUSY_POLL, 0);
		set_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 0xffff);
		CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET,
				    0x10000), EINVAL);
		set_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 8);
	}
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, -1), EINVAL);
}

TEST(busy_poll_without_privilege)
{
	int fd = tcp_socket(), v;
	socklen_t len = sizeof(v);

	if (!geteuid())
		set_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 8);
	drop_privilege();
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 1), EPERM);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, -1), EPERM);
	set_opt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 0);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 9), EPERM);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 0x10000),
		    EPERM);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, -1), EINVAL);
	set_opt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, 0);
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, &v, &len),
		    ENOPROTOOPT);
}

TEST(read_only_options_enoprotoopt)
{
	int opt[] = { SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_DOMAIN,
		      SO_PROTOCOL };
	int fd = tcp_socket();

	for (size_t i = 0; i < ARRAY_SIZE(opt); i++)
		CHECK_ERRNO(try_opt(fd, SOL_SOCKET, opt[i], 1), ENOPROTOOPT);
}

TEST(unknown_options_enoprotoopt)
{
	int fd = tcp_socket(), v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, 9999, 1), ENOPROTOOPT);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, 0, 1), ENOPROTOOPT);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, -1, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, 9999, &v, &len), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, -1, &v, &len), ENOPROTOOPT);
}

/* LINUX: setting says ENOPROTOOPT, getting EOPNOTSUPP. */
TEST(unknown_level)
{
	int fd[2] = { tcp_socket(), udp_socket() }, i, v;
	socklen_t len = 4;

	for (i = 0; i < 2; i++) {
		CHECK_ERRNO(try_opt(fd[i], 255, 1, 1), ENOPROTOOPT);
		CHECK_ERRNO(try_opt(fd[i], -1, 1, 1), ENOPROTOOPT);
		CHECK_ERRNO(getsockopt(fd[i], 255, 1, &v, &len), EOPNOTSUPP);
		CHECK_ERRNO(getsockopt(fd[i], 254, 1, &v, &len),
			    EOPNOTSUPP);
	}
}

TEST(ipv6_level_on_inet)
{
	int v = 1;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(tcp_socket(), IPPROTO_IPV6, IPV6_V6ONLY, 1),
		    ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp_socket(), IPPROTO_IPV6, IPV6_V6ONLY, &v,
			       &len), EOPNOTSUPP);
}

TEST(bad_descriptor)
{
	int p[2], v = 1;
	socklen_t len = 4;

	CHECK_OK(pipe(p));
	CHECK_ERRNO(setsockopt(-1, SOL_SOCKET, SO_REUSEADDR, &v, 4), EBADF);
	CHECK_ERRNO(setsockopt(p[0], SOL_SOCKET, SO_REUSEADDR, &v, 4),
		    ENOTSOCK);
	CHECK_ERRNO(getsockopt(-1, SOL_SOCKET, SO_TYPE, &v, &len), EBADF);
	CHECK_ERRNO(getsockopt(p[0], SOL_SOCKET, SO_TYPE, &v, &len),
		    ENOTSOCK);
}

/* ---- lengths ---- */

TEST(set_length_checks)
{
	int fd = tcp_socket(), v[4] = { 1 };
	int n;

	for (n = 0; n < 4; n++)
		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, v, n),
			    EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, v, -1), EINVAL);
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, v, 5));
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, v, 16));
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_REUSEADDR), 1);
}

TEST(set_order_of_checks)
{
	int fd = tcp_socket();

	/* length, then the value's memory, then the option */
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, 9999, BAD_PTR, 2), EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, 9999, BAD_PTR, 4), EFAULT);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_TYPE, NULL, 4), EFAULT);
	CHECK_ERRNO(setsockopt(fd, 255, 1, BAD_PTR, -1), EINVAL);
	CHECK_ERRNO(setsockopt(fd, 255, 1, BAD_PTR, 4), ENOPROTOOPT);
}

TEST(get_short_length_truncates)
{
	int fd = tcp_socket(), n;

	for (n = 0; n <= 4; n++) {
		unsigned char b[8];
		socklen_t len = n;
		int want = SOCK_STREAM;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, b, &len));
		CHECK_EQ(len, n);
		CHECK(!memcmp(b, &want, n));
		CHECK_EQ(b[n], 0xee);
	}
}

TEST(get_long_length_is_shortened)
{
	char b[64];
	socklen_t len = sizeof(b);

	CHECK_OK(getsockopt(tcp_socket(), SOL_SOCKET, SO_TYPE, b, &len));
	CHECK_EQ(len, 4);
}

TEST(get_negative_length_einval)
{
	int v;
	socklen_t len = -1;

	CHECK_ERRNO(getsockopt(tcp_socket(), SOL_SOCKET, SO_TYPE, &v, &len),
		    EINVAL);
	CHECK_ERRNO(getsockopt(tcp_socket(), SOL_SOCKET, 9999, &v, &len),
		    EINVAL);
}

TEST(get_bad_pointers_efault)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(getsockopt(tcp_socket(), SOL_SOCKET, SO_TYPE, BAD_PTR,
			       &len), EFAULT);
	CHECK_ERRNO(getsockopt(tcp_socket(), SOL_SOCKET, SO_TYPE, &v, NULL),
		    EFAULT);
	CHECK_ERRNO(getsockopt(tcp_socket(), SOL_SOCKET, 9999, &v, NULL),
		    EFAULT);
	len = 0;
	CHECK_OK(getsockopt(tcp_socket(), SOL_SOCKET, SO_TYPE, BAD_PTR, &len));
}

/* ---- buffers ---- */

TEST(buffers_are_doubled)
{
	int fd[2] = { tcp_socket(), udp_socket() }, i;

	for (i = 0; i < 2; i++) {
		set_opt(fd[i], SOL_SOCKET, SO_RCVBUF, 20000);
		CHECK_EQ(get_opt(fd[i], SOL_SOCKET, SO_RCVBUF), 40000);
		set_opt(fd[i], SOL_SOCKET, SO_SNDBUF, 30000);
		CHECK_EQ(get_opt(fd[i], SOL_SOCKET, SO_SNDBUF), 60000);
	}
}

TEST(buffers_have_a_minimum)
{
	int fd = udp_socket(), v;

	for (v = 0; v < 1000; v += 499) {
		set_opt(fd, SOL_SOCKET, SO_RCVBUF, v);
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), 2304);
		set_opt(fd, SOL_SOCKET, SO_SNDBUF, v);
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_SNDBUF), 4608);
	}
}

TEST(buffers_have_a_maximum)
{
	int fd = tcp_socket();
	long rmax = read_number("/proc/sys/net/core/rmem_max", 0);
	long wmax = read_number("/proc/sys/net/core/wmem_max", 0);
	int r, w;

	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 0x7fffffff);
	set_opt(fd, SOL_SOCKET, SO_SNDBUF, 0x7fffffff);
	r = get_opt(fd, SOL_SOCKET, SO_RCVBUF);
	w = get_opt(fd, SOL_SOCKET, SO_SNDBUF);
	if (rmax > 0)
		CHECK_EQ(r, 2 * rmax);
	if (wmax > 0)
		CHECK_EQ(w, 2 * wmax);
	/* Negative is huge. */
	set_opt(fd, SOL_SOCKET, SO_RCVBUF, -1);
	set_opt(fd, SOL_SOCKET, SO_SNDBUF, -1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), r);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_SNDBUF), w);
}

TEST(udp_buffer_defaults_are_the_sysctls)
{
	int fd = udp_socket();
	long r = read_number("/proc/sys/net/core/rmem_default", 0);
	long w = read_number("/proc/sys/net/core/wmem_default", 0);

	if (r > 0)
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), r);
	else
		CHECK_GE(get_opt(fd, SOL_SOCKET, SO_RCVBUF), 65536);
	if (w > 0)
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_SNDBUF), w);
	else
		CHECK_GE(get_opt(fd, SOL_SOCKET, SO_SNDBUF), 65536);
}

TEST(tcp_buffer_defaults_are_the_sysctls)
{
	int fd = tcp_socket();
	long r = read_number("/proc/sys/net/ipv4/tcp_rmem", 1);
	long w = read_number("/proc/sys/net/ipv4/tcp_wmem", 1);

	if (r > 0)
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), r);
	if (w > 0)
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_SNDBUF), w);
}

TEST(buffers_may_change_while_connected)
{
	int sv[2];

	tcp_pair(sv);
	set_opt(sv[0], SOL_SOCKET, SO_SNDBUF, 8192);
	set_opt(sv[1], SOL_SOCKET, SO_RCVBUF, 8192);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_SNDBUF), 16384);
	CHECK_WRITES(sv[0], "through");
	CHECK_READS(sv[1], "through");
}

TEST(small_send_buffer_bounds_what_fits)
{
	int sv[2];

	tcp_pair(sv);
	set_opt(sv[0], SOL_SOCKET, SO_SNDBUF, 8192);
	set_opt(sv[1], SOL_SOCKET, SO_RCVBUF, 8192);
	CHECK(fill_up(sv[0]) < 2 << 20);
}

TEST(force_needs_net_admin)
{
	drop_privilege();
	CHECK_ERRNO(try_opt(tcp_socket(), SOL_SOCKET, SO_RCVBUFFORCE, 9999),
		    EPERM);
	CHECK_ERRNO(try_opt(tcp_socket(), SOL_SOCKET, SO_SNDBUFFORCE, 9999),
		    EPERM);
}

TEST(buf_lock)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_BUF_LOCK), 0);
	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 20000);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_BUF_LOCK), 2);
	set_opt(fd, SOL_SOCKET, SO_SNDBUF, 20000);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_BUF_LOCK), 3);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_BUF_LOCK, 4), EINVAL);
}

/* ---- low water marks ---- */

TEST(rcvlowat)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVLOWAT), 1);
	set_opt(fd, SOL_SOCKET, SO_RCVLOWAT, 100);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVLOWAT), 100);
	set_opt(fd, SOL_SOCKET, SO_RCVLOWAT, 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVLOWAT), 1);
	fd = udp_socket();
	set_opt(fd, SOL_SOCKET, SO_RCVLOWAT, -1);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVLOWAT), 0x7fffffff);
}

TEST(rcvlowat_blocks_a_reader)
{
	int sv[2], n = 0;
	char b[16];

	tcp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, SO_RCVLOWAT, 8);
	CHECK_WRITES(sv[0], "four");
	while (n < 4)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	/* Asked for less than the mark, the lesser counts. */
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 2, 0)), 2);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 16, MSG_DONTWAIT)), 2);
}

TEST(sndlowat_is_one_and_fixed)
{
	CHECK_EQ(get_opt(tcp_socket(), SOL_SOCKET, SO_SNDLOWAT), 1);
	CHECK_ERRNO(try_opt(tcp_socket(), SOL_SOCKET, SO_SNDLOWAT, 2),
		    ENOPROTOOPT);
}

/* ---- linger ---- */

TEST(linger)
{
	int fd = tcp_socket();
	struct linger l = { -1, -1 };
	socklen_t len = sizeof(l);

	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	CHECK_EQ(l.l_onoff, 0);
	CHECK_EQ(l.l_linger, 0);
	set_linger(fd, 7, 30);
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	CHECK_EQ(len, 8);
	CHECK_EQ(l.l_onoff, 1);
	CHECK_EQ(l.l_linger, 30);
	set_linger(fd, 0, 99);
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	CHECK_EQ(l.l_onoff, 0);
	CHECK_EQ(l.l_linger, 30);
}

TEST(linger_lengths)
{
	int fd = tcp_socket();
	int v[3] = { 1, 5, 0x77 };
	socklen_t len = 4;

	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_LINGER, v, 4), EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_LINGER, v, 7), EINVAL);
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, v, 12));
	v[0] = v[1] = -1;
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_LINGER, v, &len));
	CHECK_EQ(len, 4);
	CHECK_EQ(v[0], 1);
	CHECK_EQ(v[1], -1);
}

TEST(linger_half_behind_a_bad_page_efault)
{
	int *v = page_end(4);

	v[0] = 1;
	CHECK_ERRNO(setsockopt(tcp_socket(), SOL_SOCKET, SO_LINGER, v, 8),
		    EFAULT);
}

/* ---- timeouts ---- */

static const int timeo[2] = { 20, 21 };	/* SO_RCVTIMEO_OLD, SO_SNDTIMEO_OLD */
static const int timeo_new[2] = { 66, 67 };

TEST(timeouts_round_trip)
{
	int fd = tcp_socket(), i;

	for (i = 0; i < 2; i++) {
		long tv[2] = { -1, -1 };
		socklen_t len = sizeof(tv);

		CHECK_OK(getsockopt(fd, SOL_SOCKET, timeo[i], tv, &len));
		CHECK_EQ(len, sizeof(tv));
		CHECK_EQ(tv[0], 0);
		CHECK_EQ(tv[1], 0);
		tv[0] = 3;
		tv[1] = 500000;
		CHECK_OK(setsockopt(fd, SOL_SOCKET, timeo[i], tv, len));
		tv[0] = tv[1] = -1;
		CHECK_OK(getsockopt(fd, SOL_SOCKET, timeo[i], tv, &len));
		CHECK_EQ(tv[0], 3);
		CHECK_EQ(tv[1], 500000);
		tv[0] = tv[1] = 0;
		CHECK_OK(setsockopt(fd, SOL_SOCKET, timeo[i], tv, len));
		CHECK_OK(getsockopt(fd, SOL_SOCKET, timeo[i], tv, &len));
		CHECK_EQ(tv[0] + tv[1], 0);
	}
}

TEST(timeouts_new_form_is_64_bit_and_the_same_value)
{
	int fd = tcp_socket(), i;

	for (i = 0; i < 2; i++) {
		int64_t tv[2] = { 4, 200000 };
		long old[2];
		socklen_t len = sizeof(tv);

		CHECK_OK(setsockopt(fd, SOL_SOCKET, timeo_new[i], tv, len));
		tv[0] = tv[1] = -1;
		CHECK_OK(getsockopt(fd, SOL_SOCKET, timeo_new[i], tv, &len));
		CHECK_EQ(len, 16);
		CHECK_EQ(tv[0], 4);
		CHECK_EQ(tv[1], 200000);
		len = sizeof(old);
		CHECK_OK(getsockopt(fd, SOL_SOCKET, timeo[i], old, &len));
		CHECK_EQ(old[0], 4);
		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, timeo_new[i], tv, 15),
			    EINVAL);
	}
}

TEST(timeouts_wrong_microseconds_edom)
{
	int fd = tcp_socket(), i;

	for (i = 0; i < 2; i++) {
		long a[2] = { 1, 1000000 }, b[2] = { 1, -1 };

		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, timeo[i], a, sizeof(a)),
			    EDOM);
		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, timeo[i], b, sizeof(b)),
			    EDOM);
	}
}

TEST(timeout_negative_seconds_is_no_wait_at_all)
{
	int sv[2];
	long tv[2] = { -5, 0 };
	char c;

	tcp_pair(sv);
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, 20, tv, sizeof(tv)));
	CHECK_ERRNO(recv(sv[0], &c, 1, 0), EAGAIN);
}

TEST(timeouts_short_length_einval)
{
	int fd = tcp_socket();
	long tv[2] = { 1, 0 };

	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, 20, tv, sizeof(tv) - 1),
		    EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, 21, tv, sizeof(long)), EINVAL);
}

/* ---- the rest ---- */

TEST(priority)
{
	int fd = udp_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PRIORITY), 0);
	set_opt(fd, SOL_SOCKET, SO_PRIORITY, 6);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PRIORITY), 6);
}

TEST(priority_over_6_needs_net_admin)
{
	drop_privilege();
	CHECK_ERRNO(try_opt(udp_socket(), SOL_SOCKET, SO_PRIORITY, 7), EPERM);
	CHECK_ERRNO(try_opt(udp_socket(), SOL_SOCKET, SO_PRIORITY, -1), EPERM);
}

TEST(mark_needs_net_admin)
{
	CHECK_EQ(get_opt(udp_socket(), SOL_SOCKET, SO_MARK), 0);
	drop_privilege();
	CHECK_ERRNO(try_opt(udp_socket(), SOL_SOCKET, SO_MARK, 7), EPERM);
}

TEST(bindtodevice)
{
	int sv[2] = { udp_socket(), udp_socket() };
	char name[IFNAMSIZ] = "lo";
	socklen_t len = IFNAMSIZ;
	sin_t a;

	CHECK_OK(getsockopt(sv[1], SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	CHECK_EQ(len, 0);
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	len = IFNAMSIZ;
	memset(name, 0xee, sizeof(name));
	CHECK_OK(getsockopt(sv[1], SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	CHECK_EQ(len, 3);
	CHECK(!strcmp(name, "lo"));
	bind_lo(sv[1], &a);
	CHECK_OK(sendto(sv[0], "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_READS(sv[1], "x");
}

TEST(bindtodevice_errors)
{
	int fd = udp_socket();
	char b[IFNAMSIZ];
	socklen_t len = 4;

	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "nosuchdev", 9),
		    ENODEV);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, BAD_PTR, 3),
		    EFAULT);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", -1),
		    EINVAL);
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, b, &len),
		    EINVAL);
}

TEST(bindtodevice_empty_unbinds_with_privilege)
{
	int fd = udp_socket();
	char b[IFNAMSIZ];
	socklen_t len = IFNAMSIZ;

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 1) < 0) {
		CHECK_EQ(errno, EPERM);	/* once bound it takes CAP_NET_RAW */
		return;
	}
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, b, &len));
	CHECK_EQ(len, 0);
}

TEST(cookie_is_unique)
{
	uint64_t a, b, c;
	socklen_t len = 8;
	int fd = tcp_socket();

	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &a, &len));
	CHECK_OK(getsockopt(udp_socket(), SOL_SOCKET, SO_COOKIE, &b, &len));
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &c, &len));
	CHECK(a != b && a && b);
	CHECK(a == c);
	len = 4;
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &a, &len), EINVAL);
}

TEST(incoming_napi_id_and_cpu_are_readable)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_GE(get_opt(sv[0], SOL_SOCKET, SO_INCOMING_NAPI_ID), 0);
	CHECK_GE(get_opt(sv[0], SOL_SOCKET, SO_INCOMING_CPU), -1);
}

TEST(peercred_of_inet_is_nobody)
{
	struct ucred u;
	socklen_t len = sizeof(u);

	CHECK_OK(getsockopt(tcp_socket(), SOL_SOCKET, SO_PEERCRED, &u, &len));
	CHECK_EQ(u.pid, 0);
	CHECK_EQ((int)u.uid, -1);
	CHECK_EQ((int)u.gid, -1);
}

TEST(meminfo_is_nine_words)
{
	uint32_t v[9];
	socklen_t len = sizeof(v);
	int fd = udp_socket();

	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 20000);
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, v, &len));
	CHECK_EQ(len, 36);
	CHECK_EQ(v[0], 0);		/* SK_MEMINFO_RMEM_ALLOC */
	CHECK_EQ(v[1], 40000);		/* SK_MEMINFO_RCVBUF */
}

TEST(max_pacing_rate)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_MAX_PACING_RATE), -1);
	set_opt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, 1000000);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_MAX_PACING_RATE), 1000000);
}

TEST(peek_off)
{
	int sv[2];
	char b[8];

	udp_pair(sv);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_PEEK_OFF), -1);
	set_opt(sv[1], SOL_SOCKET, SO_PEEK_OFF, 2);
	CHECK_WRITES(sv[0], "abcdef");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 2, MSG_PEEK)), 2);
	CHECK(!memcmp(b, "cd", 2));
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_PEEK_OFF), 4);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, MSG_PEEK)), 2);
	CHECK(!memcmp(b, "ef", 2));
}

/* ---- SO_ERROR ---- */

TEST(error_is_zero_at_first)
{
	CHECK_EQ(get_opt(tcp_socket(), SOL_SOCKET, SO_ERROR), 0);
	CHECK_EQ(get_opt(udp_socket(), SOL_SOCKET, SO_ERROR), 0);
}

TEST(error_is_cleared_by_reading_even_zero_bytes)
{
	int sv[2], v = 77;
	socklen_t len = 0;

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], 0) & POLLERR);
	CHECK_OK(getsockopt(sv[1], SOL_SOCKET, SO_ERROR, &v, &len));
	CHECK_EQ(v, 77);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), 0);
}

/* ---- filters ---- */

TEST(filter_drops)
{
	struct sock_filter drop[] = { { 0x06, 0, 0, 0 } };
	struct sock_fprog p = { 1, drop };
	int sv[2];

	udp_pair(sv);
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_ATTACH_FILTER, &p,
			    sizeof(p)));
	CHECK_WRITES(sv[0], "dropped");
	set_opt(sv[1], SOL_SOCKET, SO_DETACH_FILTER, 0);
	CHECK_WRITES(sv[0], "passed");
	CHECK_READS(sv[1], "passed");
}

TEST(filter_cuts)
{
	/* The UDP header counts: 8 + 3 bytes stay. */
	struct sock_filter cut[] = { { 0x06, 0, 0, 11 } };
	struct sock_fprog p = { 1, cut };
	int sv[2];

	udp_pair(sv);
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_ATTACH_FILTER, &p,
			    sizeof(p)));
	CHECK_WRITES(sv[0], "abcdef");
	CHECK_READS(sv[1], "abc");
}

TEST(filter_looks_at_the_payload)
{
	/* ldb [8]; jeq #'y', accept, drop */
	struct sock_filter f[] = {
		{ 0x30, 0, 0, 8 }, { 0x15, 0, 1, 'y' },
		{ 0x06, 0, 0, 0xffff }, { 0x06, 0, 0, 0 },
	};
	struct sock_fprog p = { 4, f };
	int sv[2];

	udp_pair(sv);
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_ATTACH_FILTER, &p,
			    sizeof(p)));
	CHECK_WRITES(sv[0], "no");
	CHECK_WRITES(sv[0], "yes");
	CHECK_READS(sv[1], "yes");
}

TEST(filter_errors)
{
	struct sock_filter bad[] = { { 0x15, 5, 5, 0 }, { 0x06, 0, 0, 0 } };
	struct sock_filter noret[] = { { 0x30, 0, 0, 0 } };
	struct sock_fprog p = { 2, bad };
	int fd = udp_socket();

	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p,
			       sizeof(p)), EINVAL);
	p = (struct sock_fprog){ 1, noret };
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p,
			       sizeof(p)), EINVAL);
	p = (struct sock_fprog){ 0, noret };
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p,
			       sizeof(p)), EINVAL);
	p = (struct sock_fprog){ 1, BAD_PTR };
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p,
			       sizeof(p)), EFAULT);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, 4),
		    EINVAL);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), ENOENT);
}

TEST(filter_lock)
{
	struct sock_filter pass[] = { { 0x06, 0, 0, 0xffff } };
	struct sock_fprog p = { 1, pass };
	int fd = udp_socket();

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)));
	set_opt(fd, SOL_SOCKET, SO_LOCK_FILTER, 1);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), EPERM);
	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p,
			       sizeof(p)), EPERM);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_LOCK_FILTER, 0), EPERM);
}

HARNESS_MAIN
