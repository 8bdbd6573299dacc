// SPDX-License-Identifier: MIT
/*
 * SOF_TIMESTAMPING_OPT_STATS: with each stamp of what it sent a connection
 * tells how it fares, as attributes TCP_NLA_*.
 */
#include "net/core/netlink.h"
#include "net/ipv4/tcp.h"
#include "uapi/tcp.h"

struct tcp_stat {
	u16 type; /* TCP_NLA_* */
	u16 len; /* bytes of @value, little endian */
	u64 value;
};

/* When @skb was to leave. Only in its queue does it know; else it is now. */
static u64 stamp_departure_ns(const struct tcp_sock *tp,
			      const struct sk_buff *skb,
			      const struct sk_buff *ack)
{
	return (ack ? tcp_skb_timestamp_us(skb) : tp->tcp_mstamp) * 1000;
}

struct sk_buff *tcp_tstamp_stats(struct sock *sk, const struct sk_buff *skb,
				 const struct sk_buff *ack)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_info i;

	tcp_get_info(sk, &i);
	/* In Linux's order. */
	const struct tcp_stat stats[] = {
		{ TCP_NLA_BUSY, 8, i.tcpi_busy_time },
		{ TCP_NLA_RWND_LIMITED, 8, i.tcpi_rwnd_limited },
		{ TCP_NLA_SNDBUF_LIMITED, 8, i.tcpi_sndbuf_limited },
		{ TCP_NLA_DATA_SEGS_OUT, 8, tp->data_segs_out },
		{ TCP_NLA_TOTAL_RETRANS, 8, tp->total_retrans },
		{ TCP_NLA_PACING_RATE, 8, i.tcpi_pacing_rate },
		{ TCP_NLA_DELIVERY_RATE, 8, i.tcpi_delivery_rate },
		{ TCP_NLA_SND_CWND, 4, tp->snd_cwnd },
		{ TCP_NLA_REORDERING, 4, tp->reordering },
		{ TCP_NLA_MIN_RTT, 4, tcp_min_rtt(tp) },
		{ TCP_NLA_RECUR_RETRANS, 1, inet_csk(sk)->icsk_retransmits },
		{ TCP_NLA_DELIVERY_RATE_APP_LMT, 1, !!tp->rate_app_limited },
		{ TCP_NLA_SND_SSTHRESH, 4, tp->snd_ssthresh },
		{ TCP_NLA_DELIVERED, 4, tp->delivered },
		{ TCP_NLA_DELIVERED_CE, 4, tp->delivered_ce },
		{ TCP_NLA_SNDQ_SIZE, 4, tp->write_seq - tp->snd_una },
		{ TCP_NLA_CA_STATE, 1, inet_csk(sk)->icsk_ca_state },
		{ TCP_NLA_BYTES_SENT, 8, tp->bytes_sent },
		{ TCP_NLA_BYTES_RETRANS, 8, tp->bytes_retrans },
		{ TCP_NLA_DSACK_DUPS, 4, tp->dsack_dups },
		{ TCP_NLA_REORD_SEEN, 4, tp->reord_seen },
		{ TCP_NLA_SRTT, 4, tp->srtt_us >> 3 },
		{ TCP_NLA_TIMEOUT_REHASH, 2, tp->timeout_rehash },
		{ TCP_NLA_BYTES_NOTSENT, 4, i.tcpi_notsent_bytes },
		{ TCP_NLA_EDT, 8, stamp_departure_ns(tp, skb, ack) },
		{ TCP_NLA_TTL, 1, ack ? ip_hdr(ack)->ttl : 0 },
		{ TCP_NLA_REHASH, 4, tp->timeout_rehash },
	};
	struct sk_buff *msg;

	msg = alloc_skb(ARRAY_SIZE(stats) * (NLA_HDRLEN + sizeof(u64)));
	if (!msg)
		return NULL;
	for (size_t n = 0; n < ARRAY_SIZE(stats); n++) {
		/* Only an acknowledgement came by a way. */
		if (stats[n].type == TCP_NLA_TTL && !ack)
			continue;
		(void)nla_put(msg, stats[n].type, stats[n].len,
			      &stats[n].value);
	}
	return msg;
}
