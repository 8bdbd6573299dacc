// SPDX-License-Identifier: MIT
/*
 * Reading the options of SOL_SOCKET.
 *
 * A value is made in full and then cut to the room that the program has;
 * those options that refuse to be cut say so themselves.
 */
#include "net/core/sockopt.h"

#include "lib/string.h"
#include "net/core/netdevice.h"
#include <linux/sock_diag.h>

#define SKF_AD_MAX_VALUE 64 /* SO_BPF_EXTENSIONS */

/* A value on its way to the program. @room: what the program has. */
struct optval {
	union {
		int val;
		u32 mem[SK_MEMINFO_VARS];
		struct linger linger;
		struct old_timeval64 tv;
		struct old_timeval32 tv32;
		struct so_timestamping_val ts;
		struct sock_txtime_val txtime;
		u64 val64;
		struct {
			int pid;
			u32 uid, gid;
		} ucred;
	};
	int len, room;
};

static int get_int(struct optval *o, int val)
{
	o->val = val;
	return 0;
}

/* Options with an int. -ENOPROTOOPT: not one of these. */

static int get_number(struct sock *sk, int name, struct optval *o)
{
	switch (name) {
	case SO_DEBUG:
		return get_int(o, sock_flag(sk, SOCK_DBG));
	case SO_REUSEADDR:
		return get_int(o, sk->sk_reuse);
	case SO_REUSEPORT:
		return get_int(o, sk->sk_reuseport);
	case SO_TYPE:
		return get_int(o, sk->sk_type);
	case SO_PROTOCOL:
		return get_int(o, sk->sk_protocol);
	case SO_DOMAIN:
		return get_int(o, sk->sk_family);
	case SO_SNDBUF:
		return get_int(o, sk->sk_sndbuf);
	case SO_RCVBUF:
		return get_int(o, sk->sk_rcvbuf);
	case SO_KEEPALIVE:
		return get_int(o, sock_flag(sk, SOCK_KEEPOPEN));
	case SO_NO_CHECK:
		return get_int(o, sk->sk_no_check_tx);
	case SO_PRIORITY:
		return get_int(o, (int)sk->sk_priority);
	case SO_ACCEPTCONN:
		return get_int(o, sk->sk_state == TCP_LISTEN);
	case SO_RCVLOWAT:
		return get_int(o, sk->sk_rcvlowat);
	case SO_SNDLOWAT:
		return get_int(o, 1);
	case SO_MARK:
		return get_int(o, (int)sk->sk_mark);
	case SO_BPF_EXTENSIONS:
		return get_int(o, SKF_AD_MAX_VALUE);
	case SO_LOCK_FILTER:
		return get_int(o, sock_flag(sk, SOCK_FILTER_LOCKED));
	case SO_BUSY_POLL:
		return get_int(o, (int)sk->sk_ll_usec);
	case SO_PREFER_BUSY_POLL:
		return get_int(o, sock_flag(sk, SOCK_PREFER_BUSY_POLL));
	case SO_INCOMING_NAPI_ID:
	case SO_RESERVE_MEM:
	case SO_ZEROCOPY:
		return get_int(o, 0);
	case SO_INCOMING_CPU:
		return get_int(o, sk->sk_incoming_cpu);
	case SO_BINDTOIFINDEX:
		return get_int(o, sk->sk_bound_dev_if);
	case SO_BUF_LOCK:
		return get_int(o, sk->sk_userlocks & (SOCK_SNDBUF_LOCK |
						      SOCK_RCVBUF_LOCK));
	default:
		return -ENOPROTOOPT; /* not here: try the next */
	}
}

/* The four ways to be told of receive times: exactly one may be on. */
static int get_timestamp(struct sock *sk, int name, struct optval *o)
{
	bool on = sock_flag(sk, SOCK_RCVTSTAMP);
	bool ns = sock_flag(sk, SOCK_RCVTSTAMPNS);
	bool new = sock_flag(sk, SOCK_TSTAMP_NEW);

	switch (name) {
	case SO_TIMESTAMP_OLD:
		return get_int(o, on && !new && !ns);
	case SO_TIMESTAMPNS_OLD:
		return get_int(o, ns && !new);
	case SO_TIMESTAMP_NEW:
		return get_int(o, on && new);
	case SO_TIMESTAMPNS_NEW:
		return get_int(o, ns && new);
	default:
		return -ENOPROTOOPT; /* not here: try the next */
	}
}

static int get_timeo(long timeo, bool old, struct optval *o)
{
	s64 sec = 0, usec = 0;

	if (timeo != MAX_SCHEDULE_TIMEOUT) {
		sec = timeo / (long)HZ;
		usec = (timeo % (long)HZ) * (1000000 / (long)HZ);
	}
	if (old && in_compat_syscall()) {
		o->tv32.tv_sec = (s32)sec;
		o->tv32.tv_usec = (s32)usec;
		o->len = sizeof(o->tv32);
	} else {
		o->tv.tv_sec = sec;
		o->tv.tv_usec = usec;
		o->len = sizeof(o->tv);
	}
	return 0;
}

static int get_cookie(u64 cookie, struct optval *o, bool exact)
{
	o->len = sizeof(o->val64);
	if (exact ? o->room != o->len : o->room < o->len)
		return fail(-EINVAL, "a cookie has 64 bits");
	o->val64 = cookie;
	return 0;
}

static int get_pacing_rate(struct sock *sk, struct optval *o)
{
	if (o->room >= (int)sizeof(o->val64)) {
		o->len = sizeof(o->val64);
		o->val64 = sk->sk_max_pacing_rate;
		return 0;
	}
	return get_int(o, (int)min_t(u64, sk->sk_max_pacing_rate, ~0U));
}

static int get_struct(struct sock *sk, int name, struct optval *o)
{
	switch (name) {
	case SO_LINGER:
		o->len = sizeof(o->linger);
		o->linger.l_onoff = sock_flag(sk, SOCK_LINGER);
		o->linger.l_linger = (int)(sk->sk_lingertime / HZ);
		return 0;
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		return get_timeo(sk->sk_rcvtimeo, name == SO_RCVTIMEO_OLD, o);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return get_timeo(sk->sk_sndtimeo, name == SO_SNDTIMEO_OLD, o);
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		o->len = sizeof(o->ts);
		if (name == SO_TIMESTAMPING_OLD ||
		    sock_flag(sk, SOCK_TSTAMP_NEW))
			o->ts.flags = (int)sk->sk_tsflags;
		return 0;
	case SO_PEERCRED:
		o->len = sizeof(o->ucred);
		/* Nobody: AF_UNIX alone knows its peer. */
		o->ucred.pid = 0;
		o->ucred.uid = ~0U;
		o->ucred.gid = ~0U;
		return 0;
	case SO_MEMINFO:
		o->len = sizeof(o->mem);
		sk_get_meminfo(sk, o->mem);
		return 0;
	case SO_COOKIE:
		return get_cookie(sock_gen_cookie(sk), o, false);
	case SO_NETNS_COOKIE:
		return get_cookie(sock_net(sk)->net_cookie, o, true);
	case SO_MAX_PACING_RATE:
		return get_pacing_rate(sk, o);
	case SO_TXTIME:
		o->len = sizeof(o->txtime);
		o->txtime.clockid = sk->sk_clockid;
		o->txtime.flags = sk->sk_txtime_flags;
		return 0;
	default:
		return -ENOPROTOOPT; /* not here: try the next */
	}
}

/* Those that not every socket has. */
static int get_by_kind(struct sock *sk, int name, struct optval *o)
{
	switch (name) {
	case SO_PEEK_OFF:
		if (sk_has_peek_off(sk))
			return get_int(o, sk->sk_peek_off);
		break;
	case SO_TXREHASH:
		if (sk_is_tcp(sk))
			return get_int(o, sk->sk_txrehash);
		break;
	case SO_PASSCRED:
		if (sk->sk_family == AF_NETLINK || sk->sk_family == AF_UNIX)
			return get_int(
				o, !!(sk->sk_socket->flags & SOCK_PASSCRED));
		break;
	case SO_PASSSEC:
	case SO_PASSPIDFD:
	case SO_PASSRIGHTS:
		break;
	case SO_PEERGROUPS:
	case SO_PEERPIDFD:
		return fail(-ENODATA, "the peer is not known as a process");
	default:
		return fail(-ENOPROTOOPT,
			    "SOL_SOCKET has no such option to read");
	}
	return fail(-EOPNOTSUPP, "not an option of this kind of socket");
}

static int sk_get_value(struct sock *sk, int name, struct optval *o)
{
	const struct sock_flag_opt *flag = sock_find_flag_opt(name);
	int err;

	if (flag)
		return get_int(o, sock_flag(sk, flag->flag));
	if (name == SO_ERROR) {
		/* The hard error first, then what was only a hint. */
		o->val = -sock_error(sk);
		if (!o->val) {
			o->val = sk->sk_err_soft;
			sk->sk_err_soft = 0;
		}
		return 0;
	}
	err = get_number(sk, name, o);
	if (err == -ENOPROTOOPT)
		err = get_timestamp(sk, name, o);
	if (err == -ENOPROTOOPT)
		err = get_struct(sk, name, o);
	if (err == -ENOPROTOOPT)
		err = get_by_kind(sk, name, o);
	return err;
}

/* Options whose value is written by hand, as its length depends. */

static int get_bindtodevice(struct sock *sk, char __user *val, int __user *len,
			    int room)
{
	struct net_device *dev;
	int n = 0;

	if (sk->sk_bound_dev_if) {
		if (room < IFNAMSIZ)
			return fail(-EINVAL, "no room for a device name");
		dev = dev_get_by_index(sock_net(sk), sk->sk_bound_dev_if);
		if (!dev)
			return fail(-ENODEV, "the device is gone");
		n = (int)strlen(dev->name) + 1;
		if (copy_to_user(val, dev->name, n))
			return fail(-EFAULT, "bad pointer to the value");
	}
	return put_user(n, len);
}

static int get_filter(struct sock *sk, char __user *val, int __user *len,
		      int room)
{
	int n = sk_get_filter(sk, val, room);

	if (n < 0)
		return n;
	/* LINUX: the length is in instructions. */
	return put_user(n, len);
}

static int get_peername(struct sock *sk, char __user *val, int __user *len,
			int room)
{
	struct sockaddr_storage addr;
	int n = sk->sk_socket->ops->getname(sk->sk_socket,
					    (struct sockaddr *)&addr, 2);

	if (n < 0)
		return fail(-ENOTCONN, "not connected");
	if (n < room)
		return fail(-EINVAL, "longer than an address of this family");
	if (copy_to_user(val, &addr, room))
		return fail(-EFAULT, "bad pointer to the value");
	return put_user(room, len);
}

int sock_getsockopt(struct socket *sock, int level, int name, char __user *val,
		    int __user *len)
{
	struct sock *sk = sock->sk;
	struct optval o;
	int room, err;

	(void)level;
	if (get_user(room, len))
		return fail(-EFAULT, "bad pointer to the length");
	if (room < 0)
		return fail(-EINVAL, "negative length");
	if (name == SO_BINDTODEVICE)
		return get_bindtodevice(sk, val, len, room);
	if (name == SO_GET_FILTER)
		return get_filter(sk, val, len, room);
	if (name == SO_PEERNAME)
		return get_peername(sk, val, len, room);
	memset(&o, 0, sizeof(o));
	o.len = sizeof(int);
	o.room = room;
	err = sk_get_value(sk, name, &o);
	if (err)
		return err;
	room = min(room, o.len);
	if (copy_to_user(val, &o, room))
		return fail(-EFAULT, "bad pointer to the value");
	return put_user(room, len);
}

int sock_common_getsockopt(struct socket *sock, int level, int name,
			   char __user *val, int __user *len)
{
	return sock->sk->sk_prot->getsockopt(sock->sk, level, name, val, len);
}

void sk_get_meminfo(const struct sock *sk, u32 *ret_mem)
{
	ret_mem[SK_MEMINFO_RMEM_ALLOC] = sk->sk_rmem_alloc;
	ret_mem[SK_MEMINFO_RCVBUF] = sk->sk_rcvbuf;
	ret_mem[SK_MEMINFO_WMEM_ALLOC] = sk->sk_wmem_alloc;
	ret_mem[SK_MEMINFO_SNDBUF] = sk->sk_sndbuf;
	ret_mem[SK_MEMINFO_FWD_ALLOC] = max(sk->sk_forward_alloc, 0);
	ret_mem[SK_MEMINFO_WMEM_QUEUED] = sk->sk_wmem_queued;
	ret_mem[SK_MEMINFO_OPTMEM] = 0;
	ret_mem[SK_MEMINFO_BACKLOG] = sk->sk_backlog_len;
	ret_mem[SK_MEMINFO_DROPS] = sk->sk_drops;
}
