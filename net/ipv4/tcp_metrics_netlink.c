// SPDX-License-Identifier: MIT
/*
 * What is remembered of destinations, shown and forgotten by request: the
 * generic netlink family of `ip tcp_metrics`.
 */
#include "net/core/genetlink.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_metrics.h"
#include "trace/trace.h"
#include <linux/tcp_metrics.h>

static int put_msecs(struct sk_buff *skb, int type, unsigned long ticks)
{
	u64 ms = (u64)ticks * 1000 / HZ;

	return nla_put(skb, type, sizeof(ms), &ms);
}

static int put_u16(struct sk_buff *skb, int type, u16 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

/* A time in microseconds, and for older readers in milliseconds. */
static int put_time(struct sk_buff *skb, int us_type, int ms_type, u32 us)
{
	if (!us)
		return 0;
	return nla_put_u32(skb, us_type + 1, us) ||
	       nla_put_u32(skb, ms_type + 1, max(us / 1000, 1U));
}

static int put_value(struct sk_buff *skb, int type, u32 v)
{
	return v ? nla_put_u32(skb, type + 1, v) : 0;
}

static bool has_values(const struct tcp_metrics_block *tm)
{
	return tm->rtt_us || tm->rttvar_us || tm->ssthresh || tm->cwnd ||
	       tm->reordering;
}

/* 0 or -EMSGSIZE */
static int put_values(struct sk_buff *skb, const struct tcp_metrics_block *tm)
{
	struct nlattr *nest;

	if (!has_values(tm))
		return 0;
	nest = nla_nest_start(skb, TCP_METRICS_ATTR_VALS);
	if (!nest ||
	    put_time(skb, TCP_METRIC_RTT_US, TCP_METRIC_RTT, tm->rtt_us) ||
	    put_time(skb, TCP_METRIC_RTTVAR_US, TCP_METRIC_RTTVAR,
		     tm->rttvar_us) ||
	    put_value(skb, TCP_METRIC_SSTHRESH, tm->ssthresh) ||
	    put_value(skb, TCP_METRIC_CWND, tm->cwnd) ||
	    put_value(skb, TCP_METRIC_REORDERING, tm->reordering))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_fastopen(struct sk_buff *skb, const struct tcp_metrics_block *tm)
{
	if ((tm->fastopen_mss &&
	     put_u16(skb, TCP_METRICS_ATTR_FOPEN_MSS, tm->fastopen_mss)) ||
	    (tm->syn_loss &&
	     (put_u16(skb, TCP_METRICS_ATTR_FOPEN_SYN_DROPS, tm->syn_loss) ||
	      put_msecs(skb, TCP_METRICS_ATTR_FOPEN_SYN_DROP_TS,
			jiffies - tm->last_syn_loss))) ||
	    (tm->cookie.len > 0 &&
	     nla_put(skb, TCP_METRICS_ATTR_FOPEN_COOKIE, tm->cookie.len,
		     tm->cookie.val)))
		return -EMSGSIZE;
	return 0;
}

static int metrics_fill_info(struct sk_buff *skb,
			     const struct tcp_metrics_block *tm,
			     const struct sk_buff *req,
			     const struct nlmsghdr *req_nlh, int flags)
{
	struct nlmsghdr *nlh =
		genlmsg_put(skb, NETLINK_CB(req).portid, req_nlh->nlmsg_seq,
			    req_nlh->nlmsg_type, flags, TCP_METRICS_CMD_GET,
			    TCP_METRICS_GENL_VERSION);

	if (!nlh)
		return -EMSGSIZE;
	if (nla_put(skb, TCP_METRICS_ATTR_ADDR_IPV4, 4, &tm->daddr) ||
	    nla_put(skb, TCP_METRICS_ATTR_SADDR_IPV4, 4, &tm->saddr) ||
	    put_msecs(skb, TCP_METRICS_ATTR_AGE, jiffies - tm->stamp) ||
	    put_values(skb, tm) || put_fastopen(skb, tm)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* args[0]: the chain to go on with, args[1]: entries of it told of. */
static int metrics_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct tcp_metrics_table *t = cb->net->ipv4->tcp_metrics;
	const struct tcp_metrics_block *tm;

	for (; t && cb->args[0] < ARRAY_SIZE(t->chain); cb->args[0]++) {
		u64 at = 0;

		hlist_for_each_entry(tm, &t->chain[cb->args[0]], node) {
			if (at++ < cb->args[1])
				continue;
			if (metrics_fill_info(skb, tm, cb->skb, cb->nlh,
					      NLM_F_MULTI))
				return -EMSGSIZE;
			cb->args[1] = at;
		}
		cb->args[1] = 0;
	}
	return 0;
}

/* An address of the request, 0: not told. There are none of IPv6. */
static __be32 address_of(const struct nlattr *nla)
{
	return nla ? (__be32)nla_get_u32(nla) : 0;
}

static const struct tcp_metrics_block *metrics_about(struct net *net,
						     __be32 saddr, __be32 daddr)
{
	struct tcp_metrics_table *t = net->ipv4->tcp_metrics;
	const struct tcp_metrics_block *tm;

	for (unsigned int i = 0; t && i < ARRAY_SIZE(t->chain); i++)
		hlist_for_each_entry(tm, &t->chain[i], node)
			if (tm->daddr == daddr &&
			    (!saddr || tm->saddr == saddr))
				return tm;
	return NULL;
}

static int metrics_get_cmd(struct genl_info *info)
{
	const struct nlattr *daddr = info->attrs[TCP_METRICS_ATTR_ADDR_IPV4];
	const struct nlattr *saddr = info->attrs[TCP_METRICS_ATTR_SADDR_IPV4];
	const struct tcp_metrics_block *tm;
	struct sk_buff *rep;

	if (!daddr && !info->attrs[TCP_METRICS_ATTR_ADDR_IPV6])
		return fail(-EAFNOSUPPORT, "no address is asked for");
	tm = daddr ? metrics_about(info->net, address_of(saddr),
				   address_of(daddr))
		   : NULL;
	if (!tm)
		return fail(-ESRCH, "nothing is known of that address");
	rep = alloc_skb(NLMSG_GOODSIZE);
	if (!rep)
		return fail(-ENOMEM, "no memory for the answer");
	(void)metrics_fill_info(rep, tm, info->skb, info->nlh, 0);
	return netlink_reply(rep, info->skb);
}

/* LINUX: without an address all is forgotten. */
static int metrics_del_cmd(struct genl_info *info)
{
	const struct nlattr *daddr = info->attrs[TCP_METRICS_ATTR_ADDR_IPV4];
	const struct nlattr *saddr = info->attrs[TCP_METRICS_ATTR_SADDR_IPV4];

	if (!daddr && info->attrs[TCP_METRICS_ATTR_ADDR_IPV6])
		return fail(-ESRCH, "nothing is known of that address");
	if (!daddr) {
		tcp_metrics_flush(info->net);
		return 0;
	}
	if (!address_of(daddr) ||
	    !tcp_metrics_delete(info->net, address_of(saddr),
				address_of(daddr)))
		return fail(-ESRCH, "nothing is known of that address");
	return 0;
}

static const u8 metrics_min_len[TCP_METRICS_ATTR_MAX + 1] = {
	[TCP_METRICS_ATTR_ADDR_IPV4] = 4,
	[TCP_METRICS_ATTR_ADDR_IPV6] = 16,
	[TCP_METRICS_ATTR_SADDR_IPV4] = 4,
	[TCP_METRICS_ATTR_SADDR_IPV6] = 16,
};
static_assert(TCP_METRICS_ATTR_MAX <= GENL_ATTRS_MAX, "room for all");

static const struct genl_ops metrics_ops[] = {
	{ TCP_METRICS_CMD_GET, false, metrics_get_cmd, metrics_dump },
	{ TCP_METRICS_CMD_DEL, true, metrics_del_cmd, NULL },
};

const struct genl_family tcp_metrics_nl_family = {
	.name = TCP_METRICS_GENL_NAME,
	.version = TCP_METRICS_GENL_VERSION,
	.maxattr = TCP_METRICS_ATTR_MAX,
	.min_len = metrics_min_len,
	.ops = metrics_ops,
	.nr_ops = ARRAY_SIZE(metrics_ops),
};
