/* SPDX-License-Identifier: MIT */
/*
 * TCP: options of level SOL_TCP. RFC 9293 3.9.1 and Linux's tcp(7).
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"

void __tcp_sock_set_cork(struct sock *sk, bool on)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (on) {
		tp->nonagle |= TCP_NAGLE_CORK;
		return;
	}
	tp->nonagle &= ~TCP_NAGLE_CORK;
	if (tp->nonagle & TCP_NAGLE_OFF)
		tp->nonagle |= TCP_NAGLE_PUSH;
	tcp_push_pending_frames(sk);
}

void __tcp_sock_set_nodelay(struct sock *sk, bool on)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (on) {
		/* LINUX: what waits is sent, unless corked. */
		tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
		tcp_push_pending_frames(sk);
	} else {
		tp->nonagle &= ~TCP_NAGLE_OFF;
	}
}

static void __tcp_sock_set_quickack(struct sock *sk, int val)
{
	if (!val) {
		inet_csk_enter_pingpong_mode(sk);
		return;
	}
	inet_csk_exit_pingpong_mode(sk);
	if (BIT(sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    inet_csk_ack_scheduled(sk)) {
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))
			inet_csk_enter_pingpong_mode(sk);
	}
}

int tcp_set_window_clamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old = tp->window_clamp, new;

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return fail(-EINVAL, "only before connecting");
		tp->window_clamp = 0;
		return 0;
	}
	new = max(val, SOCK_MIN_RCVBUF / 2);
	if (new == old)
		return 0;
	tp->window_clamp = new;
	if (new < old)
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, new);
	else
		tp->rcv_ssthresh = max(min(tp->rcv_wnd, new), tp->rcv_ssthresh);
	return 0;
}

/* Seconds to the number of SYN-ACKs sent in them, and back. */
static u8 secs_to_retrans(int seconds, int timeout, int rto_max)
{
	int period = timeout;
	u8 res = 0;

	if (seconds <= 0)
		return 0;
	res = 1;
	while (seconds > period && res < 255) {
		res++;
		timeout = min(timeout << 1, rto_max);
		period += timeout;
	}
	return res;
}

static int retrans_to_secs(u8 retrans, int timeout, int rto_max)
{
	int period = 0;

	if (!retrans)
		return 0;
	period = timeout;
	while (--retrans) {
		timeout = min(timeout << 1, rto_max);
		period += timeout;
	}
	return period;
}

static int tcp_sock_set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 elapsed;

	if (val < 1 || val > MAX_TCP_KEEPIDLE)
		return fail(-EINVAL, "out of range");
	tp->keepalive_time = val * HZ;
	if (sock_flag(sk, SOCK_KEEPOPEN) &&
	    !(BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		elapsed = keepalive_time_elapsed(tp);
		inet_csk_reset_keepalive_timer(
			sk, tp->keepalive_time > elapsed
				    ? tp->keepalive_time - elapsed
				    : 0);
	}
	return 0;
}

static int tcp_set_congestion(struct sock *sk, sockptr_t val, unsigned int len)
{
	char name[TCP_CA_NAME_MAX];

	if (len < 1)
		return fail(-EINVAL, "a name is needed");
	len = min_t(unsigned int, len, sizeof(name) - 1);
	if (copy_from_sockptr(name, val, len))
		return -EFAULT;
	name[len] = 0;
	return tcp_set_congestion_control(sk, name);
}

static int tcp_set_fastopen(struct sock *sk, int name, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool early = BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN);
	struct fastopen_queue *q;

	if (name == TCP_FASTOPEN) {
		if (val < 0 || !early)
			return fail(-EINVAL, "negative, or connected");
		q = tcp_fastopen_queue(sk);
		if (!q)
			return fail(-ENOMEM, "no memory for the queue");
		q->max_qlen = min(val, sock_net(sk)->core.somaxconn);
		return 0;
	}
	if (val < 0 || val > 1)
		return fail(-EINVAL, "neither 0 nor 1");
	if (name == TCP_FASTOPEN_NO_COOKIE) {
		if (!early)
			return fail(-EINVAL, "connected");
		tp->fastopen_no_cookie = val;
		return 0;
	}
	if (!(sock_net(sk)->ipv4->sysctl_tcp_fastopen & 1))
		return fail(-EOPNOTSUPP, "fast open is switched off");
	if (sk->sk_state != TCP_CLOSE)
		return fail(-EINVAL, "connected");
	tp->fastopen_connect = val;
	return 0;
}

static bool in_range(int val, int low, int high)
{
	return val >= low && val <= high;
}

/* @us is from a timer's shortest time to @max jiffies. */
static bool tcp_is_time(int us, u32 max)
{
	return us > 0 && in_range((int)tcp_usecs_to_jiffies(us),
				  TCP_TIMEOUT_MIN, (int)max);
}

/* Options that set a number after a check of its range. -ENOPROTOOPT: none. */
static int tcp_set_number(struct sock *sk, int name, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	switch (name) {
	case TCP_MAXSEG:
		if (val && !in_range(val, TCP_MIN_MSS, MAX_TCP_WINDOW))
			break;
		tp->rx_opt.user_mss = val;
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		if (!in_range(val, 0, 1))
			break;
		tp->thin_lto = val;
		return 0;
	case TCP_THIN_DUPACK: /* LINUX: accepted and without effect */
		if (!in_range(val, 0, 1))
			break;
		return 0;
	case TCP_KEEPINTVL:
		if (!in_range(val, 1, MAX_TCP_KEEPINTVL))
			break;
		tp->keepalive_intvl = val * HZ;
		return 0;
	case TCP_KEEPCNT:
		if (!in_range(val, 1, MAX_TCP_KEEPCNT))
			break;
		tp->keepalive_probes = val;
		return 0;
	case TCP_SYNCNT:
		if (!in_range(val, 1, MAX_TCP_SYNCNT))
			break;
		icsk->icsk_syn_retries = val;
		return 0;
	case TCP_USER_TIMEOUT:
		if (val < 0)
			break;
		icsk->icsk_user_timeout = val;
		return 0;
	case TCP_RTO_MAX_MS:
		if (!in_range(val, 1000, TCP_RTO_MAX * 1000 / HZ))
			break;
		icsk->icsk_rto_max = val;
		return 0;
	case TCP_RTO_MIN_US:
		if (!tcp_is_time(val, TCP_RTO_MIN))
			break;
		icsk->icsk_rto_min = tcp_usecs_to_jiffies(val);
		return 0;
	case TCP_DELACK_MAX_US:
		if (!tcp_is_time(val, TCP_DELACK_MAX))
			break;
		icsk->icsk_delack_max = (u8)tcp_usecs_to_jiffies(val);
		return 0;
	case TCP_SAVE_SYN:
		if (!in_range(val, 0, 2))
			break;
		tp->save_syn = val;
		return 0;
	case TCP_INQ:
		if (!in_range(val, 0, 1))
			break;
		tp->recvmsg_inq = val;
		return 0;
	default:
		return fail(-ENOPROTOOPT, "TCP has no such option");
	}
	return fail(-EINVAL, "out of range");
}

static int do_tcp_setsockopt(struct sock *sk, int name, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int err = tcp_set_number(sk, name, val);

	if (err != -ENOPROTOOPT)
		return err;
	switch (name) {
	case TCP_NODELAY:
		__tcp_sock_set_nodelay(sk, val);
		return 0;
	case TCP_CORK:
		__tcp_sock_set_cork(sk, val);
		return 0;
	case TCP_KEEPIDLE:
		return tcp_sock_set_keepidle(sk, val);
	case TCP_LINGER2:
		if (val < 0)
			tp->linger2 = -1;
		else if (val > (int)(TCP_FIN_TIMEOUT_MAX / HZ))
			tp->linger2 = TCP_FIN_TIMEOUT_MAX;
		else
			tp->linger2 = val * HZ;
		return 0;
	case TCP_DEFER_ACCEPT:
		icsk->icsk_accept_queue.rskq_defer_accept = secs_to_retrans(
			val, TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
		return 0;
	case TCP_WINDOW_CLAMP:
		return tcp_set_window_clamp(sk, val);
	case TCP_QUICKACK:
		__tcp_sock_set_quickack(sk, val);
		return 0;
	case TCP_NOTSENT_LOWAT:
		tp->notsent_lowat = val;
		sk->sk_write_space(sk);
		return 0;
	case TCP_FASTOPEN:
	case TCP_FASTOPEN_CONNECT:
	case TCP_FASTOPEN_NO_COOKIE:
		return tcp_set_fastopen(sk, name, val);
	case TCP_REPAIR:
	case TCP_TIMESTAMP:
	case TCP_REPAIR_QUEUE:
	case TCP_QUEUE_SEQ:
	case TCP_REPAIR_OPTIONS:
	case TCP_REPAIR_WINDOW:
		/* DEVIATION: no connection repair; docs/LIMITS.md */
		return fail(-EPERM, "connection repair is not supported");
	}
	return fail(-ENOPROTOOPT, "not an option of TCP here");
}

static int tcp_set_fastopen_key(struct sock *sk, sockptr_t val,
				unsigned int len)
{
	u8 key[TCP_FASTOPEN_KEY_LEN * TCP_FASTOPEN_KEY_MAX];

	/* LINUX: the length is checked first. */
	if (len != TCP_FASTOPEN_KEY_LEN && len != sizeof(key))
		return fail(-EINVAL, "neither one key nor two");
	if (copy_from_sockptr(key, val, len))
		return -EFAULT;
	return tcp_fastopen_set_key(sk, key, len);
}

int tcp_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
		   unsigned int len)
{
	int v, err;

	if (level != SOL_TCP)
		return ip_setsockopt(sk, level, name, val, len);
	if (name == TCP_CONGESTION) {
		lock_sock(sk);
		err = tcp_set_congestion(sk, val, len);
		release_sock(sk);
		return err;
	}
	if (name == TCP_FASTOPEN_KEY) {
		lock_sock(sk);
		err = tcp_set_fastopen_key(sk, val, len);
		release_sock(sk);
		return err;
	}
	if (name == TCP_ULP)
		return fail(-ENOENT, "no upper-layer protocol is known");
	if (len < sizeof(v))
		return fail(-EINVAL, "shorter than an int");
	if (copy_from_sockptr(&v, val, sizeof(v)))
		return -EFAULT;
	lock_sock(sk);
	err = do_tcp_setsockopt(sk, name, v);
	release_sock(sk);
	return err;
}

/* Options that are one int. -ENOPROTOOPT: not one of these. */
static int tcp_get_number(struct sock *sk, int name, int *ret_val)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);

	switch (name) {
	case TCP_MAXSEG:
		*ret_val = tp->mss_cache;
		if (tp->rx_opt.user_mss &&
		    BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
			*ret_val = tp->rx_opt.user_mss;
		return 0;
	case TCP_NODELAY:
		*ret_val = !!(tp->nonagle & TCP_NAGLE_OFF);
		return 0;
	case TCP_CORK:
		*ret_val = !!(tp->nonagle & TCP_NAGLE_CORK);
		return 0;
	case TCP_KEEPIDLE:
		*ret_val = keepalive_time_when(tp) / (int)HZ;
		return 0;
	case TCP_KEEPINTVL:
		*ret_val = keepalive_intvl_when(tp) / (int)HZ;
		return 0;
	case TCP_KEEPCNT:
		*ret_val = keepalive_probes(tp);
		return 0;
	case TCP_SYNCNT:
		*ret_val = icsk->icsk_syn_retries
				   ? icsk->icsk_syn_retries
				   : ipv4->sysctl_tcp_syn_retries;
		return 0;
	case TCP_LINGER2:
		*ret_val = tp->linger2;
		if (tp->linger2 >= 0)
			*ret_val =
				(tp->linger2 ? tp->linger2
					     : ipv4->sysctl_tcp_fin_timeout) /
				(int)HZ;
		return 0;
	case TCP_DEFER_ACCEPT:
		*ret_val = retrans_to_secs(
			icsk->icsk_accept_queue.rskq_defer_accept,
			TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
		return 0;
	case TCP_WINDOW_CLAMP:
		*ret_val = tp->window_clamp;
		return 0;
	case TCP_QUICKACK:
		*ret_val = !inet_csk_in_pingpong_mode(sk);
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		*ret_val = tp->thin_lto;
		return 0;
	case TCP_THIN_DUPACK:
	case TCP_REPAIR:
		*ret_val = 0;
		return 0;
	case TCP_USER_TIMEOUT:
		*ret_val = icsk->icsk_user_timeout;
		return 0;
	case TCP_FASTOPEN:
		*ret_val = icsk->icsk_accept_queue.fastopenq
				   ? icsk->icsk_accept_queue.fastopenq->max_qlen
				   : 0;
		return 0;
	case TCP_FASTOPEN_CONNECT:
		*ret_val = tp->fastopen_connect;
		return 0;
	case TCP_FASTOPEN_NO_COOKIE:
		*ret_val = tp->fastopen_no_cookie;
		return 0;
	case TCP_TIMESTAMP:
		*ret_val = (int)(tcp_clock_us() / 1000 + tp->tsoffset);
		return 0;
	case TCP_RTO_MAX_MS:
		*ret_val = (int)icsk->icsk_rto_max;
		return 0;
	case TCP_RTO_MIN_US:
		*ret_val = (int)icsk->icsk_rto_min * 1000;
		return 0;
	case TCP_DELACK_MAX_US:
		*ret_val = (int)icsk->icsk_delack_max * 1000;
		return 0;
	case TCP_IS_MPTCP:
		*ret_val = 0;
		return 0;
	case TCP_NOTSENT_LOWAT:
		*ret_val = tp->notsent_lowat;
		return 0;
	case TCP_SAVE_SYN:
		*ret_val = tp->save_syn;
		return 0;
	case TCP_INQ:
		*ret_val = tp->recvmsg_inq;
		return 0;
	}
	return fail(-ENOPROTOOPT, "TCP has no such option");
}

/* @n bytes at @from to the program, cut to its buffer of *@len. */
static int tcp_put_opt(char __user *val, int __user *len, const void *from,
		       int n, int room)
{
	n = min(n, room);
	if (put_user(n, len) || copy_to_user(val, from, n))
		return fail(-EFAULT, "the buffer cannot be written");
	return 0;
}

/* The headers of the SYN, once. */
static int tcp_get_saved_syn(struct sock *sk, char __user *val, int __user *len,
			     int room)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct saved_syn *s = tp->saved_syn;
	int err;

	if (!s)
		return put_user(0, len);
	if ((u32)room < s->len) {
		if (put_user((int)s->len, len))
			return -EFAULT;
		return fail(-EINVAL, "the buffer is too small");
	}
	err = tcp_put_opt(val, len, s->data, (int)s->len, room);
	if (err)
		return err;
	kfree(s);
	tp->saved_syn = NULL;
	return 0;
}

static int do_tcp_getsockopt(struct sock *sk, int name, char __user *val,
			     int __user *len, int room)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	char ca_name[TCP_CA_NAME_MAX] = "";
	union {
		struct tcp_info info;
		u8 bytes[TCP_INFO_SIZE];
	} u;
	u8 cc_info[32], key[TCP_FASTOPEN_KEY_LEN * TCP_FASTOPEN_KEY_MAX];
	int v;

	switch (name) {
	case TCP_INFO:
		tcp_get_info(sk, &u.info);
		tcp_get_info_tail(sk, (struct tcp_info_tail *)(u.bytes +
							       TCP_INFO_HEAD));
		return tcp_put_opt(val, len, &u, TCP_INFO_SIZE, room);
	case TCP_CC_INFO:
		v = 0;
		if (ca->get_info)
			v = (int)ca->get_info(sk, cc_info);
		return tcp_put_opt(val, len, cc_info, v, room);
	case TCP_CONGESTION:
		(void)strscpy(ca_name, ca->name, sizeof(ca_name));
		return tcp_put_opt(val, len, ca_name, sizeof(ca_name), room);
	case TCP_FASTOPEN_KEY:
		v = (int)tcp_fastopen_get_key(sk, key);
		return tcp_put_opt(val, len, key, v, room);
	case TCP_ULP:
		return put_user(0, len);
	case TCP_SAVED_SYN:
		return tcp_get_saved_syn(sk, val, len, room);
	}
	if (tcp_get_number(sk, name, &v))
		return fail(-ENOPROTOOPT, "not an option of TCP here");
	return tcp_put_opt(val, len, &v, sizeof(v), room);
}

int tcp_getsockopt(struct sock *sk, int level, int name, char __user *val,
		   int __user *len)
{
	int room, err;

	if (level != SOL_TCP)
		return ip_getsockopt(sk, level, name, val, len);
	if (get_user(room, len))
		return fail(-EFAULT, "the length cannot be read");
	if (room < 0)
		return fail(-EINVAL, "negative length");
	lock_sock(sk);
	err = do_tcp_getsockopt(sk, name, val, len, room);
	release_sock(sk);
	return err;
}
