// SPDX-License-Identifier: MIT
/* Sockets as files: /proc/net/tcp, udp, raw and icmp. */
#include "net/core/proc_net.h"

#include "net/core/sock.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/ping.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"
#include "net/ipv4/udp.h"

#define TCP_LINE 149
#define UDP_LINE 127

/* Times of these files are in hundredths of a second. */
static u32 to_clock(s64 ticks)
{
	return ticks > 0 ? (u32)(ticks * 100 / (s64)HZ) : 0;
}

static u32 ticks_left(unsigned long expires)
{
	return to_clock((s64)(expires - jiffies));
}

struct walk {
	struct seq *s;
	int nr;
};

int tcp_timer_active(const struct sock *sk, unsigned long *ret_expires)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	*ret_expires = icsk->icsk_timeout;
	switch (icsk->icsk_pending) {
	case ICSK_TIME_RETRANS:
	case ICSK_TIME_REO_TIMEOUT:
	case ICSK_TIME_LOSS_PROBE:
		return 1;
	case ICSK_TIME_PROBE0:
		return 4;
	default:
		break;
	}
	if (timer_pending(&sk->sk_timer)) {
		*ret_expires = sk->sk_timer.expires;
		return 2;
	}
	*ret_expires = jiffies;
	return 0;
}

static void tcp_show_sock(const struct sock *sk, struct walk *w)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	bool listen = sk->sk_state == TCP_LISTEN;
	unsigned long expires;
	int timer = tcp_timer_active(sk, &expires);
	u32 rx = listen ? sk->sk_ack_backlog
			: (u32)max((s32)(tp->rcv_nxt - tp->copied_seq), 0);
	const struct fastopen_queue *fq = icsk->icsk_accept_queue.fastopenq;
	int ssthresh = listen ? (fq ? fq->max_qlen : 0)
		       : tcp_in_initial_slowstart(tp) ? -1
						      : (int)tp->snd_ssthresh;

	seq_printf(w->s, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X ",
		   w->nr, sk->sk_rcv_saddr, ntohs(inet_sk(sk)->inet_sport),
		   sk->sk_daddr, ntohs(sk->sk_dport), sk->sk_state,
		   listen ? 0 : tp->write_seq - tp->snd_una, rx, timer,
		   ticks_left(expires));
	seq_printf(w->s, "%08X %5u %8d %llu %u %016x %u %u %u %u %d",
		   icsk->icsk_retransmits, sk->sk_uid, icsk->icsk_probes_out,
		   (unsigned long long)sock_i_ino(sk), sk->sk_refcnt, 0,
		   to_clock(icsk->icsk_rto), to_clock(icsk->icsk_ack.ato),
		   (u32)icsk->icsk_ack.quick << 1 |
			   (icsk->icsk_ack.pingpong > 0),
		   tp->snd_cwnd, ssthresh);
}

static void tcp_show_request(const struct request_sock *req, struct walk *w)
{
	const struct sock_head *h = &req->h;

	seq_printf(w->s, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X ",
		   w->nr, h->sk_rcv_saddr, h->sk_num, h->sk_daddr,
		   ntohs(h->sk_dport), TCP_SYN_RECV, 0, 0, 1,
		   ticks_left(req->rsk_timer.expires));
	seq_printf(w->s, "%08X %5u %8d %d %d %016x", req->num_timeout,
		   req->rsk_listener ? req->rsk_listener->sk_uid : 0, 0, 0, 0,
		   0);
}

static void tcp_show_timewait(const struct inet_timewait_sock *tw,
			      struct walk *w)
{
	const struct sock_head *h = &tw->h;

	seq_printf(w->s, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X ",
		   w->nr, h->sk_rcv_saddr, ntohs(tw->tw_sport), h->sk_daddr,
		   ntohs(h->sk_dport), tw->tw_substate, 0, 0, 3,
		   ticks_left(tw->tw_timer.expires));
	seq_printf(w->s, "%08X %5d %8d %d %d %016x", 0, 0, 0, 0, 3, 0);
}

/* It is shown as the socket that it is to programs. */
static void tcp_show_parked(const struct tcp_parked_sock *p, struct walk *w)
{
	struct tcp_sock tp;
	struct sock *sk = (struct sock *)&tp;

	tcp_park_read(p, &tp);
	if (p->keepalive)
		sk->sk_timer = p->timer;
	tcp_show_sock(sk, w);
}

static int tcp_show(struct sock *sk, void *arg)
{
	struct walk *w = arg;
	size_t start = w->s->len;

	/* What stands in the tables need not be a whole socket. */
	if (sk->sk_state == TCP_TIME_WAIT)
		tcp_show_timewait(inet_twsk(sk), w);
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		tcp_show_request(inet_reqsk(sk), w);
	else if (sk->sk_state == TCP_PARKED)
		tcp_show_parked(tcp_parked(sk), w);
	else
		tcp_show_sock(sk, w);
	seq_pad_line(w->s, start, TCP_LINE);
	w->nr++;
	return 0;
}

void tcp4_seq_show(struct net *net, struct seq *s)
{
	struct walk w = { s, 0 };
	size_t start = s->len;

	seq_puts(s, "  sl  local_address rem_address   st tx_queue rx_queue "
		    "tr tm->when retrnsmt   uid  timeout inode");
	seq_pad_line(s, start, TCP_LINE);
	(void)inet_hash_walk(net, tcp_show, &w);
}

/* Bytes waiting to be received. */
static u32 dgram_rqueue(const struct sock *sk)
{
	return (u32)sk->sk_rmem_alloc;
}

/* A line of a datagram or raw socket, without its end; @nr in @width. */
static void dgram_show(const struct sock *sk, struct seq *s, int width, int nr,
		       u16 sport)
{
	seq_printf(s, "%*d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X ",
		   width, nr, sk->sk_rcv_saddr, sport, sk->sk_daddr,
		   ntohs(sk->sk_dport), sk->sk_state, (u32)sk->sk_wmem_alloc,
		   dgram_rqueue(sk), 0, 0);
	seq_printf(s, "%08X %5u %8d %llu %u %016x %u", 0, sk->sk_uid, 0,
		   (unsigned long long)sock_i_ino(sk), sk->sk_refcnt, 0,
		   sk->sk_drops);
}

static int udp_show(struct sock *sk, void *arg)
{
	struct walk *w = arg;
	size_t start = w->s->len;

	dgram_show(sk, w->s, 5, w->nr++, ntohs(inet_sk(sk)->inet_sport));
	seq_pad_line(w->s, start, UDP_LINE);
	return 0;
}

static void udp_header_show(struct seq *s)
{
	size_t start = s->len;

	seq_puts(s, "   sl  local_address rem_address   st tx_queue rx_queue "
		    "tr tm->when retrnsmt   uid  timeout inode ref pointer "
		    "drops");
	seq_pad_line(s, start, UDP_LINE);
}

void udp4_seq_show(struct net *net, struct seq *s)
{
	struct walk w = { s, 0 };

	udp_header_show(s);
	(void)udp_walk(net, udp_show, &w);
}

/* There is no UDP-Lite: a table that is always empty. */
void udplite4_seq_show(struct net *net, struct seq *s)
{
	udp_header_show(s);
}

static const char dgram_header[] =
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
	"retrnsmt   uid  timeout inode ref pointer drops";

void raw_seq_show(struct net *net, struct seq *s)
{
	struct sock *sk;

	seq_printf(s, "%s\n", dgram_header);
	for (int i = 0; i < RAW_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4->raw->ht[i], sk_node) {
			dgram_show(sk, s, 4, i, sk->sk_num);
			seq_puts(s, "\n");
		}
	}
}

void ping_seq_show(struct net *net, struct seq *s)
{
	size_t start = s->len;
	struct sock *sk;

	seq_puts(s, dgram_header);
	seq_pad_line(s, start, UDP_LINE);
	for (int i = 0; i < PING_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4->ping->hash[i], sk_node) {
			start = s->len;
			dgram_show(sk, s, 5, i, ntohs(inet_sk(sk)->inet_sport));
			seq_pad_line(s, start, UDP_LINE);
		}
	}
}
