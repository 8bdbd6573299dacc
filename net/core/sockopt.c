// SPDX-License-Identifier: MIT
/*
 * Setting the options of SOL_SOCKET.
 *
 * Most take an int: those that are a mere flag are rows of sock_flag_opts,
 * the others rows of sock_int_opts with a function each. Options with a value
 * of another kind are rows of sock_any_opts. Results are Linux's 6.18.
 */
#include "net/core/sockopt.h"

#include "lib/string.h"
#include "net/core/dst.h"
#include "net/core/netdevice.h"
#include "net/core/sock_reuseport.h"
#include <linux/capability.h>

static const struct sock_flag_opt sock_flag_opts[] = {
	{ SO_DONTROUTE, SOCK_LOCALROUTE },
	{ SO_BROADCAST, SOCK_BROADCAST },
	{ SO_OOBINLINE, SOCK_URGINLINE },
	{ SO_RXQ_OVFL, SOCK_RXQ_OVFL },
	{ SO_WIFI_STATUS, SOCK_WIFI_STATUS },
	{ SO_NOFCS, SOCK_NOFCS },
	{ SO_SELECT_ERR_QUEUE, SOCK_SELECT_ERR_QUEUE },
	{ SO_RCVMARK, SOCK_RCVMARK },
	{ SO_RCVPRIORITY, SOCK_RCVPRIORITY },
};

const struct sock_flag_opt *sock_find_flag_opt(int name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sock_flag_opts); i++) {
		if (sock_flag_opts[i].name == name)
			return &sock_flag_opts[i];
	}
	return NULL;
}

static inline bool may_mark(void)
{
	return capable(CAP_NET_RAW) || capable(CAP_NET_ADMIN);
}

/* Options with an int. @val is as given. */

static int set_debug(struct sock *sk, int val)
{
	if (val && !capable(CAP_NET_ADMIN))
		return fail(-EACCES, "SO_DEBUG needs CAP_NET_ADMIN");
	sock_valbool_flag(sk, SOCK_DBG, val);
	return 0;
}

static int set_reuseaddr(struct sock *sk, int val)
{
	sk->sk_reuse = val ? SK_CAN_REUSE : 0;
	return 0;
}

static int set_reuseport(struct sock *sk, int val)
{
	if (val && !sk_is_inet(sk))
		return fail(-EOPNOTSUPP, "SO_REUSEPORT is for IP sockets");
	sk->sk_reuseport = val != 0;
	return 0;
}

static void set_sndbuf_bytes(struct sock *sk, int val)
{
	/* Doubled: half is for the program's data, half for overhead. */
	val = min(val, INT32_MAX / 2) * 2;
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	sk->sk_sndbuf = max(val, SOCK_MIN_SNDBUF);
	sk->sk_write_space(sk);
}

static void set_rcvbuf_bytes(struct sock *sk, int val)
{
	val = min(val, INT32_MAX / 2) * 2;
	sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	sk->sk_rcvbuf = max(val, SOCK_MIN_RCVBUF);
}

static int set_sndbuf(struct sock *sk, int val)
{
	/* LINUX: unsigned comparison: -1 asks for the maximum. */
	set_sndbuf_bytes(sk, (int)min_t(u32, val, sock_net(sk)->core.wmem_max));
	return 0;
}

static int set_rcvbuf(struct sock *sk, int val)
{
	set_rcvbuf_bytes(sk, (int)min_t(u32, val, sock_net(sk)->core.rmem_max));
	return 0;
}

static int set_sndbufforce(struct sock *sk, int val)
{
	if (!capable(CAP_NET_ADMIN))
		return fail(-EPERM, "SO_SNDBUFFORCE needs CAP_NET_ADMIN");
	set_sndbuf_bytes(sk, max(val, 0));
	return 0;
}

static int set_rcvbufforce(struct sock *sk, int val)
{
	if (!capable(CAP_NET_ADMIN))
		return fail(-EPERM, "SO_RCVBUFFORCE needs CAP_NET_ADMIN");
	set_rcvbuf_bytes(sk, max(val, 0));
	return 0;
}

static int set_keepalive(struct sock *sk, int val)
{
	if (sk->sk_prot->keepalive)
		sk->sk_prot->keepalive(sk, val != 0);
	sock_valbool_flag(sk, SOCK_KEEPOPEN, val);
	return 0;
}

static int set_no_check(struct sock *sk, int val)
{
	sk->sk_no_check_tx = val != 0;
	return 0;
}

static int set_priority(struct sock *sk, int val)
{
	if ((val < 0 || val > 6) && !may_mark())
		return fail(-EPERM, "priorities above 6 need CAP_NET_ADMIN");
	sk->sk_priority = val;
	return 0;
}

/* SO_PASSCRED, SO_PASSSEC: what AF_INET sockets do not have. */
static int set_unsupported(struct sock *sk, int val)
{
	(void)sk;
	(void)val;
	return fail(-EOPNOTSUPP, "not an option of this kind of socket");
}

static int set_passcred(struct sock *sk, int val)
{
	if (sk->sk_family != AF_NETLINK && sk->sk_family != AF_UNIX)
		return set_unsupported(sk, val);
	if (val)
		sk->sk_socket->flags |= SOCK_PASSCRED;
	else
		sk->sk_socket->flags &= ~SOCK_PASSCRED;
	return 0;
}

static int set_rcvlowat(struct sock *sk, int val)
{
	const struct proto_ops *ops = sk->sk_socket->ops;

	if (val < 0)
		val = INT32_MAX;
	if (ops->set_rcvlowat)
		return ops->set_rcvlowat(sk, val);
	sk->sk_rcvlowat = val ? val : 1;
	return 0;
}

static int set_timestamp(struct sock *sk, int val, bool ns, bool new)
{
	if (!val) {
		sock_reset_flag(sk, SOCK_RCVTSTAMP);
		sock_reset_flag(sk, SOCK_RCVTSTAMPNS);
		return 0;
	}
	sock_set_flag(sk, SOCK_RCVTSTAMP);
	sock_valbool_flag(sk, SOCK_RCVTSTAMPNS, ns);
	sock_valbool_flag(sk, SOCK_TSTAMP_NEW, new);
	sock_enable_timestamp(sk, SOCK_TIMESTAMP);
	return 0;
}

static int set_timestamp_old(struct sock *sk, int val)
{
	return set_timestamp(sk, val, false, false);
}

static int set_timestampns_old(struct sock *sk, int val)
{
	return set_timestamp(sk, val, true, false);
}

static int set_timestamp_new(struct sock *sk, int val)
{
	return set_timestamp(sk, val, false, true);
}

static int set_timestampns_new(struct sock *sk, int val)
{
	return set_timestamp(sk, val, true, true);
}

static int set_mark(struct sock *sk, int val)
{
	if (!may_mark())
		return fail(-EPERM, "SO_MARK needs CAP_NET_ADMIN");
	if (sk->sk_mark != (u32)val) {
		sk->sk_mark = val;
		sk_dst_reset(sk);
	}
	return 0;
}

static int set_peek_off(struct sock *sk, int val)
{
	if (!sk_has_peek_off(sk))
		return set_unsupported(sk, val);
	sk->sk_peek_off = val;
	return 0;
}

static int set_lock_filter(struct sock *sk, int val)
{
	if (sock_flag(sk, SOCK_FILTER_LOCKED) && !val)
		return fail(-EPERM, "the filter is locked for good");
	sock_valbool_flag(sk, SOCK_FILTER_LOCKED, val);
	return 0;
}

static int set_busy_poll(struct sock *sk, int val)
{
	if (val < 0)
		return fail(-EINVAL, "negative time");
	sk->sk_ll_usec = val;
	return 0;
}

static int set_prefer_busy_poll(struct sock *sk, int val)
{
	if (val && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "busy polling needs CAP_NET_ADMIN");
	sock_valbool_flag(sk, SOCK_PREFER_BUSY_POLL, val);
	return 0;
}

static int set_busy_poll_budget(struct sock *sk, int val)
{
	if (val > sk->sk_busy_poll_budget && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "a larger budget needs CAP_NET_ADMIN");
	if (val < 0 || val > 0xffff)
		return fail(-EINVAL, "no number of packets");
	sk->sk_busy_poll_budget = (u16)val;
	return 0;
}

static int set_incoming_cpu(struct sock *sk, int val)
{
	sk->sk_incoming_cpu = val;
	return 0;
}

static int set_cnx_advice(struct sock *sk, int val)
{
	if (val == 1)
		sk_dst_reset(sk);
	return 0;
}

static int set_zerocopy(struct sock *sk, int val)
{
	if (!sk_is_tcp(sk) && !sk_is_udp(sk))
		return set_unsupported(sk, val);
	if (val < 0 || val > 1)
		return fail(-EINVAL, "neither 0 nor 1");
	/* DEVIATION: MSG_ZEROCOPY is not offered; docs/LIMITS.md */
	return val ? set_unsupported(sk, val) : 0;
}

static int sock_bindtoindex(struct sock *sk, int ifindex)
{
	if (ifindex < 0)
		return fail(-EINVAL, "negative interface index");
	/* Anybody may bind; to come loose again takes more. */
	if (sk->sk_bound_dev_if && !capable(CAP_NET_RAW))
		return fail(-EPERM, "bound already: needs CAP_NET_RAW");
	sk->sk_bound_dev_if = ifindex;
	sk_dst_reset(sk);
	return 0;
}

static int set_buf_lock(struct sock *sk, int val)
{
	const int both = SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK;

	if (val & ~both)
		return fail(-EINVAL, "unknown bits");
	sk->sk_userlocks = (sk->sk_userlocks & ~both) | val;
	return 0;
}

static int set_reserve_mem(struct sock *sk, int val)
{
	if (val < 0)
		return fail(-EINVAL, "negative size");
	return set_unsupported(sk, val);
}

static int set_txrehash(struct sock *sk, int val)
{
	if (!sk_is_tcp(sk))
		return set_unsupported(sk, val);
	if (val < -1 || val > 1)
		return fail(-EINVAL, "neither -1, 0 nor 1");
	sk->sk_txrehash = val != 0;
	return 0;
}

static int set_attach_bpf(struct sock *sk, int val)
{
	(void)sk;
	/* DEVIATION: no eBPF, so no descriptor is one; docs/LIMITS.md */
	return val < 0 ? fail(-EBADF, "not a descriptor")
		       : fail(-EINVAL, "not an eBPF program");
}

static int set_detach_reuseport_bpf(struct sock *sk, int val)
{
	(void)val;
	return reuseport_detach_prog(sk);
}

static int set_detach_filter(struct sock *sk, int val)
{
	(void)val;
	return sk_detach_filter(sk);
}

static const struct {
	int name;
	int (*set)(struct sock *sk, int val);
} sock_int_opts[] = {
	{ SO_DEBUG, set_debug },
	{ SO_REUSEADDR, set_reuseaddr },
	{ SO_REUSEPORT, set_reuseport },
	{ SO_SNDBUF, set_sndbuf },
	{ SO_SNDBUFFORCE, set_sndbufforce },
	{ SO_RCVBUF, set_rcvbuf },
	{ SO_RCVBUFFORCE, set_rcvbufforce },
	{ SO_KEEPALIVE, set_keepalive },
	{ SO_NO_CHECK, set_no_check },
	{ SO_PRIORITY, set_priority },
	{ SO_PASSCRED, set_passcred },
	{ SO_PASSSEC, set_unsupported },
	{ SO_PASSPIDFD, set_unsupported },
	{ SO_PASSRIGHTS, set_unsupported },
	{ SO_RCVLOWAT, set_rcvlowat },
	{ SO_TIMESTAMP_OLD, set_timestamp_old },
	{ SO_TIMESTAMPNS_OLD, set_timestampns_old },
	{ SO_TIMESTAMP_NEW, set_timestamp_new },
	{ SO_TIMESTAMPNS_NEW, set_timestampns_new },
	{ SO_MARK, set_mark },
	{ SO_PEEK_OFF, set_peek_off },
	{ SO_LOCK_FILTER, set_lock_filter },
	{ SO_BUSY_POLL, set_busy_poll },
	{ SO_PREFER_BUSY_POLL, set_prefer_busy_poll },
	{ SO_BUSY_POLL_BUDGET, set_busy_poll_budget },
	{ SO_INCOMING_CPU, set_incoming_cpu },
	{ SO_CNX_ADVICE, set_cnx_advice },
	{ SO_ZEROCOPY, set_zerocopy },
	{ SO_BINDTOIFINDEX, sock_bindtoindex },
	{ SO_BUF_LOCK, set_buf_lock },
	{ SO_RESERVE_MEM, set_reserve_mem },
	{ SO_TXREHASH, set_txrehash },
	{ SO_ATTACH_BPF, set_attach_bpf },
	{ SO_ATTACH_REUSEPORT_EBPF, set_attach_bpf },
	{ SO_DETACH_FILTER, set_detach_filter },
	{ SO_DETACH_REUSEPORT_BPF, set_detach_reuseport_bpf },
};

/* Options with a value of their own kind. */

static int set_bindtodevice(struct sock *sk, sockptr_t val, unsigned int len)
{
	char name[IFNAMSIZ] = "";
	struct net_device *dev;

	len = min_t(unsigned int, len, IFNAMSIZ - 1);
	if (copy_from_sockptr(name, val, len))
		return fail(-EFAULT, "bad pointer to the device name");
	if (!name[0])
		return sock_bindtoindex(sk, 0);
	dev = dev_get_by_name(sock_net(sk), name);
	if (!dev)
		return fail(-ENODEV, "no such device");
	return sock_bindtoindex(sk, dev->ifindex);
}

static int set_linger(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct linger l;

	if (len < sizeof(l))
		return fail(-EINVAL, "shorter than struct linger");
	if (copy_from_sockptr(&l, val, sizeof(l)))
		return fail(-EFAULT, "bad pointer to struct linger");
	sock_valbool_flag(sk, SOCK_LINGER, l.l_onoff);
	if (l.l_onoff)
		sk->sk_lingertime = (u32)l.l_linger * HZ;
	return 0;
}

/* *ret_timeo in jiffies. @old: the layout of the program's own ABI. */
static int sock_get_timeval(sockptr_t val, unsigned int len, bool old,
			    long *ret_timeo)
{
	struct old_timeval64 tv;
	struct old_timeval32 tv32;

	if (old && in_compat_syscall()) {
		if (len < sizeof(tv32))
			return fail(-EINVAL, "shorter than struct timeval");
		if (copy_from_sockptr(&tv32, val, sizeof(tv32)))
			return fail(-EFAULT, "bad pointer to the timeout");
		tv.tv_sec = tv32.tv_sec;
		tv.tv_usec = tv32.tv_usec;
	} else {
		if (len < sizeof(tv))
			return fail(-EINVAL, "shorter than struct timeval");
		if (copy_from_sockptr(&tv, val, sizeof(tv)))
			return fail(-EFAULT, "bad pointer to the timeout");
	}
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return fail(-EDOM, "microseconds out of range");
	if (tv.tv_sec < 0)
		*ret_timeo = 0;
	else if ((!tv.tv_sec && !tv.tv_usec) ||
		 tv.tv_sec >= MAX_SCHEDULE_TIMEOUT / (s64)HZ - 1)
		*ret_timeo = MAX_SCHEDULE_TIMEOUT;
	else
		*ret_timeo = (long)(tv.tv_sec * (s64)HZ +
				    (tv.tv_usec * (s64)HZ + 999999) / 1000000);
	return 0;
}

static int set_rcvtimeo_old(struct sock *sk, sockptr_t val, unsigned int len)
{
	return sock_get_timeval(val, len, true, &sk->sk_rcvtimeo);
}

static int set_rcvtimeo_new(struct sock *sk, sockptr_t val, unsigned int len)
{
	return sock_get_timeval(val, len, false, &sk->sk_rcvtimeo);
}

static int set_sndtimeo_old(struct sock *sk, sockptr_t val, unsigned int len)
{
	return sock_get_timeval(val, len, true, &sk->sk_sndtimeo);
}

static int set_sndtimeo_new(struct sock *sk, sockptr_t val, unsigned int len)
{
	return sock_get_timeval(val, len, false, &sk->sk_sndtimeo);
}

static int set_timestamping(struct sock *sk, sockptr_t val, unsigned int len,
			    bool new)
{
	struct so_timestamping_val v = { 0 };
	size_t n = len >= sizeof(v) ? sizeof(v) : sizeof(int);

	if (copy_from_sockptr(&v, val, n))
		return fail(-EFAULT, "bad pointer to the flags");
	if (v.flags & ~(int)SOF_TIMESTAMPING_MASK)
		return fail(-EINVAL, "unknown flags");
	if ((v.flags & SOF_TIMESTAMPING_OPT_ID_TCP) &&
	    !(v.flags & SOF_TIMESTAMPING_OPT_ID))
		return fail(-EINVAL, "OPT_ID_TCP without OPT_ID");
	if ((v.flags & SOF_TIMESTAMPING_OPT_STATS) &&
	    !(v.flags & SOF_TIMESTAMPING_OPT_TSONLY))
		return fail(-EINVAL, "OPT_STATS without OPT_TSONLY");
	if (v.flags & SOF_TIMESTAMPING_BIND_PHC)
		return sk->sk_bound_dev_if
			       ? fail(-EINVAL, "the device has no such clock")
			       : fail(-EOPNOTSUPP, "bound to no device");
	if (v.flags & ~(int)sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID) {
		if (!sk->sk_prot->tskey_base)
			sk->sk_tskey = 0;
		else if (BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
			return fail(-EINVAL, "OPT_ID before it is connected");
		else
			sk->sk_tskey = sk->sk_prot->tskey_base(
				sk, v.flags & SOF_TIMESTAMPING_OPT_ID_TCP);
	}
	sk->sk_tsflags = v.flags;
	sock_valbool_flag(sk, SOCK_TSTAMP_NEW, new);
	if (v.flags & SOF_TIMESTAMPING_RX_SOFTWARE)
		sock_enable_timestamp(sk, SOCK_TIMESTAMPING_RX);
	return 0;
}

static int set_timestamping_old(struct sock *sk, sockptr_t val,
				unsigned int len)
{
	return set_timestamping(sk, val, len, false);
}

static int set_timestamping_new(struct sock *sk, sockptr_t val,
				unsigned int len)
{
	return set_timestamping(sk, val, len, true);
}

static int set_max_pacing_rate(struct sock *sk, sockptr_t val, unsigned int len)
{
	u32 rate32;
	u64 rate;

	if (len >= sizeof(rate)) {
		if (copy_from_sockptr(&rate, val, sizeof(rate)))
			return fail(-EFAULT, "bad pointer to the rate");
	} else {
		if (copy_from_sockptr(&rate32, val, sizeof(rate32)))
			return fail(-EFAULT, "bad pointer to the rate");
		rate = rate32 == ~0U ? ~0ULL : rate32;
	}
	/* LINUX: once needed it stays so. */
	if (rate != ~0ULL)
		sk->sk_pacing_status = SK_PACING_NEEDED;
	sk->sk_max_pacing_rate = rate;
	sk->sk_pacing_rate = min(sk->sk_pacing_rate, rate);
	return 0;
}

static int set_txtime(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct sock_txtime_val v;

	if (len != sizeof(v))
		return fail(-EINVAL, "not the size of struct sock_txtime");
	if (copy_from_sockptr(&v, val, sizeof(v)))
		return fail(-EFAULT, "bad pointer to struct sock_txtime");
	if (v.flags & ~3U)
		return fail(-EINVAL, "unknown flags");
	/* CLOCK_MONOTONIC is anybody's; other clocks disturb other senders. */
	if (v.clockid != 1 && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "this clock needs CAP_NET_ADMIN");
	sock_set_flag(sk, SOCK_TXTIME);
	sk->sk_clockid = v.clockid;
	sk->sk_txtime_flags = (u8)v.flags;
	return 0;
}

static const struct {
	int name;
	int (*set)(struct sock *sk, sockptr_t val, unsigned int len);
} sock_any_opts[] = {
	{ SO_LINGER, set_linger },
	{ SO_RCVTIMEO_OLD, set_rcvtimeo_old },
	{ SO_RCVTIMEO_NEW, set_rcvtimeo_new },
	{ SO_SNDTIMEO_OLD, set_sndtimeo_old },
	{ SO_SNDTIMEO_NEW, set_sndtimeo_new },
	{ SO_TIMESTAMPING_OLD, set_timestamping_old },
	{ SO_TIMESTAMPING_NEW, set_timestamping_new },
	{ SO_MAX_PACING_RATE, set_max_pacing_rate },
	{ SO_TXTIME, set_txtime },
	{ SO_ATTACH_FILTER, sk_attach_filter },
	{ SO_ATTACH_REUSEPORT_CBPF, sk_reuseport_attach_filter },
};

static int sk_setsockopt(struct sock *sk, int name, sockptr_t val,
			 unsigned int len)
{
	const struct sock_flag_opt *flag;
	int v;

	if (name == SO_BINDTODEVICE)
		return set_bindtodevice(sk, val, len);
	if (len < sizeof(v))
		return fail(-EINVAL, "value shorter than an int");
	if (copy_from_sockptr(&v, val, sizeof(v)))
		return fail(-EFAULT, "bad pointer to the value");
	flag = sock_find_flag_opt(name);
	if (flag) {
		sock_valbool_flag(sk, flag->flag, v);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(sock_int_opts); i++) {
		if (sock_int_opts[i].name == name)
			return sock_int_opts[i].set(sk, v);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sock_any_opts); i++) {
		if (sock_any_opts[i].name == name)
			return sock_any_opts[i].set(sk, val, len);
	}
	return fail(-ENOPROTOOPT, "SOL_SOCKET has no such option to set");
}

int sock_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		    unsigned int len)
{
	struct sock *sk = sock->sk;
	int err;

	(void)level;
	lock_sock(sk);
	err = sk_setsockopt(sk, name, val, len);
	release_sock(sk);
	return err;
}

int sock_common_setsockopt(struct socket *sock, int level, int name,
			   sockptr_t val, unsigned int len)
{
	return sock->sk->sk_prot->setsockopt(sock->sk, level, name, val, len);
}
