/* SPDX-License-Identifier: MIT */
/*
 * TCP: the socket's birth, its states, what poll and ioctl tell. The theory of
 * the whole is at the head of tcp.h; sending, receiving and closing have files
 * of their own.
 */
#include "net/ipv4/tcp.h"
#include "lib/string.h"

int tcp_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);

	skb_queue_head_init(&tp->tcp_rtx_queue);
	skb_queue_head_init(&tp->out_of_order_queue);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	INIT_LIST_HEAD(&icsk->icsk_accept_queue.reqs);
	tcp_init_xmit_timers(sk);

	tcp_init_rto(sk);
	/* Jiffies, and HZ is 1000. LINUX: it outlives a disconnect. */
	icsk->icsk_rto_max = sock_net(sk)->ipv4->sysctl_tcp_rto_max_ms;
	tcp_rtt_init(tp);
	/* RFC 6928, and no bound of slow start until a loss. */
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->app_limited = ~0U;
	tp->rate_app_limited = true;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_clamp = ~0U;
	tp->mss_cache = TCP_MSS_DEFAULT;
	tp->reordering = ipv4->sysctl_tcp_reordering;
	tp->rack.reo_wnd_steps = 1;
	tp->scaling_ratio = TCP_DEFAULT_SCALING_RATIO;
	tcp_assign_congestion_control(sk);

	sk->sk_write_space = sk_stream_write_space;
	sk->sk_sndbuf = ipv4->sysctl_tcp_wmem[1];
	sk->sk_rcvbuf = ipv4->sysctl_tcp_rmem[1];
	ipv4->tcp_sockets_allocated++;
	return 0;
}

void tcp_set_state(struct sock *sk, int state)
{
	struct net *net = sock_net(sk);
	int old = sk->sk_state;

	switch (state) {
	case TCP_ESTABLISHED:
		if (old != TCP_ESTABLISHED)
			TCP_INC_STATS(net, CurrEstab);
		break;
	case TCP_CLOSE_WAIT:
		if (old == TCP_SYN_RECV)
			TCP_INC_STATS(net, CurrEstab);
		break;
	case TCP_CLOSE:
		if (old == TCP_CLOSE_WAIT || old == TCP_ESTABLISHED)
			TCP_INC_STATS(net, EstabResets);
		sk->sk_prot->unhash(sk);
		if (inet_csk(sk)->icsk_bind_hash &&
		    !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
			inet_put_port(sk);
		fallthrough;
	default:
		/* RFC 4022: ESTABLISHED and CLOSE-WAIT count. */
		if (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT)
			TCP_DEC_STATS(net, CurrEstab);
	}
	sk_set_state_traced(sk, state);
}

/* The connection is over: errors are set, whoever waits is told. */
void tcp_done(struct sock *sk)
{
	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		TCP_INC_STATS(sock_net(sk), AttemptFails);
	tcp_set_state(sk, TCP_CLOSE);
	tcp_clear_xmit_timers(sk);
	reqsk_fastopen_remove(sk, false);
	sk->sk_shutdown = SHUTDOWN_MASK;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		inet_csk_destroy_sock(sk);
}

/* RFC 9293 3.10.7: an acceptable RST came. */
void tcp_reset(struct sock *sk, struct sk_buff *skb)
{
	(void)skb;
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk_set_err(sk, ECONNREFUSED, "nobody listens there");
		break;
	case TCP_CLOSE_WAIT:
		sk_set_err(sk, EPIPE, "the peer takes no more data");
		break;
	case TCP_CLOSE:
		return;
	default:
		sk_set_err(sk, ECONNRESET, "the peer sent RST");
	}
	tcp_write_queue_purge(sk);
	/* tcp_done() may free it; the report is for a living socket. */
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	tcp_done(sk);
}

void tcp_write_queue_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	while ((skb = __skb_dequeue(&sk->sk_write_queue)))
		tcp_wmem_free_skb(sk, skb);
	while ((skb = __skb_dequeue(&tp->tcp_rtx_queue)))
		tcp_wmem_free_skb(sk, skb);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	sk_mem_reclaim(sk);
	tp->retransmit_skb_hint = NULL;
	tp->highest_sack = NULL;
	tp->packets_out = 0;
	tp->retrans_out = tp->lost_out = tp->sacked_out = 0;
	inet_csk(sk)->icsk_backoff = 0;
}

static u32 tcp_tskey_base(const struct sock *sk, bool write)
{
	return write ? tcp_sk(sk)->write_seq : tcp_sk(sk)->snd_una;
}

bool tcp_stream_memory_free(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 lowat = tp->notsent_lowat;

	if (!lowat)
		lowat = sock_net(sk)->ipv4->sysctl_tcp_notsent_lowat;
	return tp->write_seq - tp->snd_nxt < lowat;
}

/* Is a receive with @target bytes to wait for ready to return? */
bool tcp_stream_is_readable(struct sock *sk, int target)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int avail = (int)(tp->rcv_nxt - tp->copied_seq);

	if (avail <= 0)
		return false;
	if (avail >= target)
		return true;
	/* SO_RCVLOWAT larger than what can ever come. */
	if (sk->sk_rmem_alloc > sk->sk_rcvbuf - (sk->sk_rcvbuf >> 3))
		return true;
	return tcp_receive_window(tp) <= inet_csk(sk)->icsk_ack.rcv_mss;
}

u32 tcp_poll(struct file *f, struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct tcp_sock *tp = tcp_sk(sk);
	int target, state;
	u32 mask = 0;
	u8 shutdown;

	(void)f;
	/* Parked: established, nothing to read, everything to write. */
	if (!sk)
		return EPOLLOUT | EPOLLWRNORM;
	state = sk->sk_state;
	shutdown = sk->sk_shutdown;
	if (state == TCP_LISTEN)
		return reqsk_queue_empty(sk) ? 0 : EPOLLIN | EPOLLRDNORM;
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (state != TCP_SYN_SENT &&
	    (state != TCP_SYN_RECV || tp->fastopen_rsk)) {
		target = sock_rcvlowat(sk, 0, 0x7fffffff);
		/* At the mark, the urgent byte itself is not readable. */
		if (tp->urg_data && tp->urg_seq == tp->copied_seq &&
		    !sock_flag(sk, SOCK_URGINLINE))
			target++;
		if (tcp_stream_is_readable(sk, target))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (shutdown & SEND_SHUTDOWN || sk_stream_is_writeable(sk))
			mask |= EPOLLOUT | EPOLLWRNORM;
		else
			sock->flags |= SOCK_ASYNC_NOSPACE | SOCK_NOSPACE;
		if (tp->urg_data & TCP_URG_VALID)
			mask |= EPOLLPRI;
	} else if (state == TCP_SYN_SENT && inet_sk(sk)->defer_connect) {
		mask |= EPOLLOUT | EPOLLWRNORM;
	}
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

/* Bytes that a read would return without crossing the urgent mark. */
int tcp_inq(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int answ;

	if (BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		return 0;
	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data ||
	    before(tp->urg_seq, tp->copied_seq) ||
	    !before(tp->urg_seq, tp->rcv_nxt)) {
		answ = (int)(tp->rcv_nxt - tp->copied_seq);
		/* A FIN has a number but no byte. */
		if (answ && sock_flag(sk, SOCK_DONE))
			answ--;
	} else {
		answ = (int)(tp->urg_seq - tp->copied_seq);
	}
	return answ;
}

int tcp_ioctl(struct sock *sk, int cmd, int *karg)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool young = BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV);

	switch (cmd) {
	case SIOCATMARK:
		*karg = tp->urg_data && tp->urg_seq == tp->copied_seq;
		return 0;
	case SIOCINQ:
	case SIOCOUTQ:
	case SIOCOUTQNSD:
		break;
	default:
		return -ENOIOCTLCMD;
	}
	if (sk->sk_state == TCP_LISTEN)
		return fail(-EINVAL, "a listener has no data");
	if (cmd == SIOCINQ)
		*karg = tcp_inq(sk);
	else if (young)
		*karg = 0;
	else if (cmd == SIOCOUTQ)
		*karg = (int)(tp->write_seq - tp->snd_una);
	else
		*karg = (int)(tp->write_seq - tp->snd_nxt);
	return 0;
}

int tcp_set_rcvlowat(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int cap, space;

	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		cap = sk->sk_rcvbuf >> 1;
	else
		cap = sock_net(sk)->ipv4->sysctl_tcp_rmem[2] >> 1;
	val = min(val, cap);
	sk->sk_rcvlowat = val ? val : 1;
	/* Waiters with data may be ready now. */
	tcp_data_ready(sk);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		return 0;
	space = tcp_space_from_win(sk, val);
	if (space > sk->sk_rcvbuf) {
		sk->sk_rcvbuf = space;
		if (tp->window_clamp && (u32)val > tp->window_clamp)
			tp->window_clamp = val;
	}
	return 0;
}

/* Too many orphans, or no memory for their queues? */
bool tcp_check_oom(struct sock *sk, int shift)
{
	struct net *net = sock_net(sk);
	struct netns_ipv4 *ipv4 = net->ipv4;

	if (ipv4->tcp_orphan_count << shift > ipv4->sysctl_tcp_max_orphans) {
		if (net_ratelimit(net))
			pr_info("TCP: too many orphaned sockets");
		return true;
	}
	if (sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
	    ipv4->tcp_memory_allocated > ipv4->sysctl_tcp_mem[2]) {
		if (net_ratelimit(net))
			pr_info("TCP: out of memory");
		return true;
	}
	return false;
}

static void tcp_enter_memory_pressure(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (net->ipv4->tcp_memory_pressure)
		return;
	net->ipv4->tcp_memory_pressure = jiffies ? jiffies : 1;
	NET_INC_STATS(net, TCPMemoryPressures);
}

static void tcp_leave_memory_pressure(struct sock *sk)
{
	struct net *net = sock_net(sk);
	unsigned long since = net->ipv4->tcp_memory_pressure;

	if (!since)
		return;
	net->ipv4->tcp_memory_pressure = 0;
	NET_ADD_STATS(net, TCPMemoryPressuresChrono,
		      (jiffies - since) * 1000 / HZ); /* ms */
}

static void tcp_mem_pool(const struct sock *sk, struct sk_mem_pool *ret)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;

	ret->allocated = &ipv4->tcp_memory_allocated;
	ret->limit = ipv4->sysctl_tcp_mem;
	ret->pressure = &ipv4->tcp_memory_pressure;
	ret->min_rmem = ipv4->sysctl_tcp_rmem[0];
	ret->min_wmem = ipv4->sysctl_tcp_wmem[0];
	ret->nr_sockets = ipv4->tcp_sockets_allocated;
}

static void tcp_usage(struct net *net, struct proto_usage *ret)
{
	ret->sockets = net->ipv4->tcp_sockets_allocated;
	ret->memory = net->ipv4->tcp_memory_allocated;
	ret->pressure = net->ipv4->tcp_memory_pressure;
}

struct proto tcp_prot = {
	.name = "TCP",
	.obj_size = sizeof(struct tcp_sock),
	.close = tcp_close,
	.pre_connect = tcp_v4_pre_connect,
	.connect = tcp_v4_connect,
	.disconnect = tcp_disconnect,
	.accept = inet_csk_accept,
	.ioctl = tcp_ioctl,
	.init = tcp_v4_init_sock,
	.destroy = tcp_v4_destroy_sock,
	.shutdown = tcp_shutdown,
	.setsockopt = tcp_setsockopt,
	.getsockopt = tcp_getsockopt,
	.keepalive = tcp_set_keepalive,
	.sendmsg = tcp_sendmsg,
	.recvmsg = tcp_recvmsg,
	.backlog_rcv = tcp_v4_do_rcv,
	.release_cb = tcp_release_cb,
	.hash = inet_hash,
	.unhash = inet_unhash,
	.get_port = inet_csk_get_port,
	.put_port = inet_put_port,
	.stream_memory_free = tcp_stream_memory_free,
	.tskey_base = tcp_tskey_base,
	.tstamp_stats = tcp_tstamp_stats,
	.diag_destroy = tcp_abort,
	.mem_pool = tcp_mem_pool,
	.enter_memory_pressure = tcp_enter_memory_pressure,
	.leave_memory_pressure = tcp_leave_memory_pressure,
	.usage = tcp_usage,
};
