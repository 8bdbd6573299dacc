// SPDX-License-Identifier: MIT
/*
 * What every protocol tells with a received packet (time stamps, drop count,
 * mark), takes with a sent one, and the error queue.
 */
#include "net/core/sockopt.h"

#include "net/core/errqueue.h"
#include "net/core/scm.h"
#include "net/core/tstamp.h"
#include <linux/capability.h>

void sock_enable_timestamp(struct sock *sk, enum sock_flags flag)
{
	const unsigned long both =
		BIT(SOCK_TIMESTAMP) | BIT(SOCK_TIMESTAMPING_RX);

	if (!(sk->sk_flags & both))
		sock_net(sk)->netstamp_needed++;
	sock_set_flag(sk, flag);
}

void sock_disable_timestamp(struct sock *sk)
{
	const unsigned long both =
		BIT(SOCK_TIMESTAMP) | BIT(SOCK_TIMESTAMPING_RX);

	if (sk->sk_flags & both)
		sock_net(sk)->netstamp_needed--;
	sk->sk_flags &= ~both;
}

/* One time, as timeval or timespec, 32 or 64 bits. */
union user_time {
	struct old_timeval64 tv;
	struct timespec64 ts;
	struct old_timeval32 tv32;
	struct old_timespec32 ts32;
};

static int make_time(union user_time *t, u64 ns, bool timeval, bool time32)
{
	u64 sec = ns / NSEC_PER_SEC;
	u64 frac = ns % NSEC_PER_SEC / (timeval ? NSEC_PER_USEC : 1);

	/* timeval and timespec are alike but for the unit of the fraction. */
	if (time32) {
		t->ts32.tv_sec = (s32)sec;
		t->ts32.tv_nsec = (s32)frac;
		return sizeof(t->ts32);
	}
	t->ts.tv_sec = (s64)sec;
	t->ts.tv_nsec = (s64)frac;
	return sizeof(t->ts);
}

static void put_timestamp(struct msghdr *m, struct sock *sk, u64 ns)
{
	bool new = sock_flag(sk, SOCK_TSTAMP_NEW);
	bool timeval = !sock_flag(sk, SOCK_RCVTSTAMPNS);
	union user_time t;
	int len, type;

	if (timeval)
		type = new ? SO_TIMESTAMP_NEW : SO_TIMESTAMP_OLD;
	else
		type = new ? SO_TIMESTAMPNS_NEW : SO_TIMESTAMPNS_OLD;
	/* put_cmsg() makes the old types what i386 expects. */
	len = make_time(&t, ns, timeval, false);
	(void)put_cmsg(m, SOL_SOCKET, type, len, &t);
}

/* SCM_TIMESTAMPING: three times, of which the first is the software's. */
static void put_timestamping(struct msghdr *m, struct sock *sk, u64 ns)
{
	bool new = sock_flag(sk, SOCK_TSTAMP_NEW);
	struct timespec64 ts[3] = { { 0, 0 } };

	ts[0].tv_sec = (s64)(ns / NSEC_PER_SEC);
	ts[0].tv_nsec = (s64)(ns % NSEC_PER_SEC);
	(void)put_cmsg(m, SOL_SOCKET,
		       new ? SO_TIMESTAMPING_NEW : SO_TIMESTAMPING_OLD,
		       sizeof(ts), ts);
}

void sock_recv_timestamp(struct msghdr *m, struct sock *sk, struct sk_buff *skb)
{
	const u32 soft = SOF_TIMESTAMPING_SOFTWARE;
	u64 ns = skb->tstamp;

	if (sock_flag(sk, SOCK_RCVTSTAMP)) {
		/* It arrived before anybody asked for stamps. */
		if (!ns)
			ns = port_realtime_ns();
		put_timestamp(m, sk, ns);
	}
	if ((sk->sk_tsflags & soft) && skb->tstamp)
		put_timestamping(m, sk, skb->tstamp);
	sk->sk_stamp = ns;
}

void sock_recv_cmsgs(struct msghdr *m, struct sock *sk, struct sk_buff *skb)
{
	const unsigned long stamps = BIT(SOCK_TIMESTAMP) | BIT(SOCK_RCVTSTAMP) |
				     BIT(SOCK_TIMESTAMPING_RX);
	const unsigned long others =
		BIT(SOCK_RXQ_OVFL) | BIT(SOCK_RCVMARK) | BIT(SOCK_RCVPRIORITY);

	if (sk->sk_flags & stamps)
		sock_recv_timestamp(m, sk, skb);
	else if (sk->sk_stamp == ~0ULL)
		sk->sk_stamp = 0; /* something was received: SIOCGSTAMP */
	if (!(sk->sk_flags & others))
		return;
	if (sock_flag(sk, SOCK_RXQ_OVFL) && skb->dropcount)
		(void)put_cmsg(m, SOL_SOCKET, SO_RXQ_OVFL,
			       sizeof(skb->dropcount), &skb->dropcount);
	if (sock_flag(sk, SOCK_RCVMARK))
		(void)put_cmsg(m, SOL_SOCKET, SO_MARK, sizeof(skb->mark),
			       &skb->mark);
	if (sock_flag(sk, SOCK_RCVPRIORITY))
		(void)put_cmsg(m, SOL_SOCKET, SO_PRIORITY,
			       sizeof(skb->priority), &skb->priority);
}

int sock_gettstamp(struct socket *sock, void __user *to, bool timeval,
		   bool time32)
{
	struct sock *sk = sock->sk;
	union user_time t;
	int len;

	sock_enable_timestamp(sk, SOCK_TIMESTAMP);
	if (sk->sk_stamp == ~0ULL)
		return fail(-ENOENT, "no packet received yet");
	if (!sk->sk_stamp)
		sk->sk_stamp = port_realtime_ns();
	len = make_time(&t, sk->sk_stamp, timeval, time32);
	if (copy_to_user(to, &t, len))
		return fail(-EFAULT, "bad pointer to the time");
	return 0;
}

int sock_recv_errqueue(struct sock *sk, struct msghdr *m, int len, int level,
		       int type)
{
	struct sk_buff *skb = sock_dequeue_err_skb(sk);
	int copied, err;

	if (!skb)
		return fail(-EAGAIN, "the error queue is empty");
	copied = (int)skb->len;
	if (copied > len) {
		m->msg_flags |= MSG_TRUNC;
		copied = len;
	}
	err = skb_copy_datagram_msg(skb, 0, m, copied);
	if (err) {
		consume_skb(skb);
		return fail(err, "data address is bad");
	}
	sock_recv_timestamp(m, sk, skb);
	(void)put_cmsg(m, level, type, sizeof(SKB_EXT_ERR(skb)->ee),
		       &SKB_EXT_ERR(skb)->ee);
	m->msg_flags |= MSG_ERRQUEUE;
	sock_err_skb_given(sk, skb);
	return copied;
}

static int sock_cmsg_send_one(struct sock *sk, struct cmsghdr *c,
			      struct sockcm_cookie *sockc)
{
	bool is_u32 = c->cmsg_len == CMSG_LEN(sizeof(u32));

	switch (c->cmsg_type) {
	case SO_MARK:
		if (!capable(CAP_NET_RAW) && !capable(CAP_NET_ADMIN))
			return fail(-EPERM, "SO_MARK needs CAP_NET_ADMIN");
		if (!is_u32)
			return fail(-EINVAL, "SO_MARK has 32 bits");
		sockc->mark = *(u32 *)CMSG_DATA(c);
		return 0;
	case SO_PRIORITY:
		if (!is_u32)
			return fail(-EINVAL, "SO_PRIORITY has 32 bits");
		if (*(u32 *)CMSG_DATA(c) > 6 && !capable(CAP_NET_RAW) &&
		    !capable(CAP_NET_ADMIN))
			return fail(-EPERM, "priority needs CAP_NET_ADMIN");
		sockc->priority = *(u32 *)CMSG_DATA(c);
		return 0;
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		if (!is_u32)
			return fail(-EINVAL, "SO_TIMESTAMPING has 32 bits");
		if (*(u32 *)CMSG_DATA(c) &
		    ~(u32)SOF_TIMESTAMPING_TX_RECORD_MASK)
			return fail(-EINVAL, "more than what to stamp");
		sockc->tsflags &= ~(u32)SOF_TIMESTAMPING_TX_RECORD_MASK;
		sockc->tsflags |= *(u32 *)CMSG_DATA(c);
		return 0;
	case SCM_TS_OPT_ID:
		if (sk_is_tcp(sk) || !is_u32 ||
		    !(sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID))
			return fail(-EINVAL, "no number, or none to give");
		sockc->ts_opt_id = *(u32 *)CMSG_DATA(c);
		sockc->has_ts_opt_id = true;
		return 0;
	case SCM_TXTIME:
		if (!sock_flag(sk, SOCK_TXTIME))
			return fail(-EINVAL, "SO_TXTIME is not set");
		if (c->cmsg_len != CMSG_LEN(sizeof(u64)))
			return fail(-EINVAL, "SCM_TXTIME has 64 bits");
		/* LINUX: heeded by a queue of the device that can wait. */
		sockc->transmit_time = *(u64 *)CMSG_DATA(c);
		return 0;
	case SCM_RIGHTS:
	case SCM_CREDENTIALS:
		/* LINUX: these mean something to AF_UNIX only. */
		return 0;
	default:
		return fail(-EINVAL, "unknown control message");
	}
}

int sock_cmsg_send(struct sock *sk, struct msghdr *m,
		   struct sockcm_cookie *sockc)
{
	struct cmsghdr *c;
	int err;

	for_each_cmsghdr(c, m) {
		if (!CMSG_OK(m, c))
			return fail(-EINVAL, "control message malformed");
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		err = sock_cmsg_send_one(sk, c, sockc);
		if (err)
			return err;
	}
	return 0;
}
