/* SPDX-License-Identifier: MIT */
/*
 * IP options (RFC 791 3.1): of packets that come in, of packets we send
 * (IP_OPTIONS, IP_RETOPTS), and what of the former goes into an answer.
 *
 * Offsets (srr, rr, ts, router_alert) count from the start of the IP header.
 * The options of a received packet stay in its header; those of a socket are
 * in ip_options.data. "needaddr" and "needtime" mean that a free slot was
 * reserved, which is filled in when the packet is sent.
 */
#include "kernel/sched.h"
#include "lib/string.h"
#include "net/ipv4/ip_output.h"
#include <linux/capability.h>

#define IP_OPTIONS_MAX 40

static __be32 inet_current_timestamp(void)
{
	return htonl((u32)(port_realtime_ns() / NSEC_PER_MSEC % 86400000));
}

void ip_options_build(struct sk_buff *skb, const struct ip_options *opt,
		      __be32 daddr, const struct rtable *rt)
{
	u8 *iph = skb_network_header(skb);
	__be32 now, src = ip_hdr(skb)->saddr;

	(void)rt;
	IPCB(skb)->opt = *opt;
	memcpy(iph + sizeof(struct iphdr), opt->data, opt->optlen);
	/* The last hop of a source route is the real destination. */
	if (opt->srr)
		memcpy(iph + opt->srr + iph[opt->srr + 1] - 4, &daddr, 4);
	if (opt->rr_needaddr)
		memcpy(iph + opt->rr + iph[opt->rr + 2] - 5, &src, 4);
	if (opt->ts_needaddr)
		memcpy(iph + opt->ts + iph[opt->ts + 2] - 9, &src, 4);
	if (opt->ts_needtime) {
		now = inet_current_timestamp();
		memcpy(iph + opt->ts + iph[opt->ts + 2] - 5, &now, 4);
	}
}

/* A record route option: keep it, and reserve the next slot if one was free */
static int echo_rr(struct ip_options *dopt, const struct ip_options *sopt,
		   const u8 *sptr, u8 *dptr)
{
	int optlen = sptr[sopt->rr + 1], off = sptr[sopt->rr + 2];

	dopt->rr = dopt->optlen + sizeof(struct iphdr);
	memcpy(dptr, sptr + sopt->rr, optlen);
	if (sopt->rr_needaddr && off <= optlen) {
		if (off + 3 > optlen)
			return fail(-EINVAL, "an option is too short");
		dptr[2] = (u8)(off + 4);
		dopt->rr_needaddr = 1;
	}
	return optlen;
}

static int echo_ts(struct net *net, struct ip_options *dopt,
		   const struct ip_options *sopt, const u8 *sptr, u8 *dptr)
{
	int optlen = sptr[sopt->ts + 1], off = sptr[sopt->ts + 2];
	__be32 addr;

	dopt->ts = dopt->optlen + sizeof(struct iphdr);
	memcpy(dptr, sptr + sopt->ts, optlen);
	if (off > optlen)
		return optlen;
	if (sopt->ts_needaddr) {
		if (off + 3 > optlen)
			return fail(-EINVAL, "an option is too short");
		dopt->ts_needaddr = 1;
		off += 4;
	}
	if (sopt->ts_needtime) {
		if (off + 3 > optlen)
			return fail(-EINVAL, "an option is too short");
		if ((dptr[3] & 0xf) != IPOPT_TS_PRESPEC) {
			dopt->ts_needtime = 1;
			off += 4;
		} else if (off + 7 <= optlen) {
			memcpy(&addr, dptr + off - 1, 4);
			if (inet_addr_type(net, addr) != RTN_UNICAST) {
				dopt->ts_needtime = 1;
				off += 8;
			}
		}
	}
	dptr[2] = (u8)off;
	return optlen;
}

int ip_options_echo(struct net *net, struct ip_options *dopt,
		    const struct ip_options *sopt, const struct sk_buff *skb)
{
	const u8 *sptr = skb_network_header(skb);
	int n;

	memset(dopt, 0, sizeof(*dopt));
	if (!sopt->optlen)
		return 0;
	if (sopt->rr) {
		n = echo_rr(dopt, sopt, sptr, dopt->data);
		if (n < 0)
			return n;
		dopt->optlen += n;
	}
	if (sopt->ts) {
		n = echo_ts(net, dopt, sopt, sptr, dopt->data + dopt->optlen);
		if (n < 0)
			return n;
		dopt->optlen += n;
	}
	while (dopt->optlen & 3)
		dopt->data[dopt->optlen++] = IPOPT_END;
	return 0;
}

void ip_options_fragment(struct sk_buff *skb)
{
	struct ip_options *opt = &IPCB(skb)->opt;
	u8 *p = skb_network_header(skb) + sizeof(struct iphdr);
	int l = ip_hdr(skb)->ihl * 4 - (int)sizeof(struct iphdr), optlen;

	while (l > 0) {
		if (*p == IPOPT_END)
			break;
		if (*p == IPOPT_NOOP) {
			l--;
			p++;
			continue;
		}
		optlen = p[1];
		if (optlen < 2 || optlen > l)
			break;
		if (!IPOPT_COPIED(*p))
			memset(p, IPOPT_NOOP, optlen);
		l -= optlen;
		p += optlen;
	}
	opt->ts = 0;
	opt->rr = 0;
	opt->rr_needaddr = 0;
	opt->ts_needaddr = 0;
	opt->ts_needtime = 0;
}

/*
 * The three options that have slots. Each returns NULL, or where in the option
 * the fault lies. @skb: an incoming packet, whose slots are filled in now.
 */
static u8 *compile_srr(struct ip_options *opt, u8 *p, const u8 *iph,
		       const struct sk_buff *skb)
{
	int optlen = p[1];

	if (optlen < 3)
		return p + 1;
	if (p[2] < 4)
		return p + 2;
	if (opt->srr) /* RFC 1812 5.2.4.1 */
		return p;
	if (!skb) {
		/* The first hop is where the packet goes; shift the rest. */
		if (p[2] != 4 || optlen < 7 || ((optlen - 3) & 3))
			return p + 1;
		memcpy(&opt->faddr, &p[3], 4);
		if (optlen > 7)
			memmove(&p[3], &p[7], optlen - 7);
	}
	opt->is_strictroute = p[0] == IPOPT_SSRR;
	opt->srr = (u8)(p - iph);
	return NULL;
}

static u8 *compile_rr(struct ip_options *opt, u8 *p, const u8 *iph,
		      const struct sk_buff *skb)
{
	int optlen = p[1];

	if (opt->rr)
		return p;
	if (optlen < 3)
		return p + 1;
	if (p[2] < 4)
		return p + 2;
	if (p[2] <= optlen) {
		if (p[2] + 3 > optlen)
			return p + 2;
		if (skb) {
			memcpy(&p[p[2] - 1], &ip_hdr(skb)->daddr, 4);
			opt->is_changed = 1;
		}
		p[2] += 4;
		opt->rr_needaddr = 1;
	}
	opt->rr = (u8)(p - iph);
	return NULL;
}

/* A free slot of a timestamp option. */
static u8 *compile_ts_slot(struct net *net, struct ip_options *opt, u8 *p,
			   const struct sk_buff *skb)
{
	int optlen = p[1], at = p[2];
	u8 *timeptr = NULL;
	__be32 addr, now;

	if (at + 3 > optlen)
		return p + 2;
	switch (p[3] & 0xf) {
	case IPOPT_TS_TSONLY:
		timeptr = &p[at - 1];
		p[2] += 4;
		break;
	case IPOPT_TS_TSANDADDR:
		if (at + 7 > optlen)
			return p + 2;
		if (skb)
			memcpy(&p[at - 1], &ip_hdr(skb)->daddr, 4);
		timeptr = &p[at + 3];
		opt->ts_needaddr = 1;
		p[2] += 8;
		break;
	case IPOPT_TS_PRESPEC:
		if (at + 7 > optlen)
			return p + 2;
		memcpy(&addr, &p[at - 1], 4);
		if (inet_addr_type(net, addr) == RTN_UNICAST)
			return NULL;
		timeptr = &p[at + 3];
		p[2] += 8;
		break;
	default:
		return !skb && !capable(CAP_NET_RAW) ? p + 3 : NULL;
	}
	opt->ts_needtime = 1;
	if (skb) {
		now = inet_current_timestamp();
		memcpy(timeptr, &now, 4);
		opt->is_changed = 1;
	}
	return NULL;
}

static u8 *compile_ts(struct net *net, struct ip_options *opt, u8 *p,
		      const u8 *iph, const struct sk_buff *skb)
{
	int optlen = p[1];
	u8 *bad;

	if (opt->ts)
		return p;
	if (optlen < 4)
		return p + 1;
	if (p[2] < 5)
		return p + 2;
	if (p[2] <= optlen) {
		bad = compile_ts_slot(net, opt, p, skb);
		if (bad)
			return bad;
	} else if ((p[3] & 0xf) != IPOPT_TS_PRESPEC) {
		/* Full: count those who found no room, up to 15. */
		if (p[3] >> 4 == 15)
			return p + 3;
		if (skb) {
			p[3] += 0x10;
			opt->is_changed = 1;
		}
	}
	opt->ts = (u8)(p - iph);
	return NULL;
}

static u8 *compile_one(struct net *net, struct ip_options *opt, u8 *p,
		       const u8 *iph, const struct sk_buff *skb)
{
	switch (*p) {
	case IPOPT_SSRR:
	case IPOPT_LSRR:
		return compile_srr(opt, p, iph, skb);
	case IPOPT_RR:
		return compile_rr(opt, p, iph, skb);
	case IPOPT_TIMESTAMP:
		return compile_ts(net, opt, p, iph, skb);
	case IPOPT_RA:
		if (p[1] < 4)
			return p + 1;
		if (!p[2] && !p[3])
			opt->router_alert = (u8)(p - iph);
		return NULL;
	}
	/* Unknown: let through when received, for root only when sent. */
	return !skb && !capable(CAP_NET_RAW) ? p : NULL;
}

int ip_options_compile(struct net *net, struct ip_options *opt,
		       struct sk_buff *skb, __be32 *ret_info)
{
	u8 *p = skb ? skb_network_header(skb) + sizeof(struct iphdr)
		    : opt->data;
	const u8 *iph = p - sizeof(struct iphdr);
	u8 *bad = NULL;
	int l = opt->optlen;

	while (l > 0) {
		if (*p == IPOPT_END) {
			memset(p, IPOPT_END, l);
			break;
		}
		if (*p == IPOPT_NOOP) {
			l--;
			p++;
			continue;
		}
		if (l < 2 || p[1] < 2 || p[1] > l)
			bad = p;
		else
			bad = compile_one(net, opt, p, iph, skb);
		if (bad) {
			if (ret_info)
				*ret_info = htonl((u32)(bad - iph) << 24);
			return fail(-EINVAL, "malformed IP option");
		}
		l -= p[1];
		p += p[1];
	}
	return 0;
}

void ip_options_undo(struct ip_options *opt)
{
	u8 *p;

	if (opt->srr) {
		p = opt->data + opt->srr - sizeof(struct iphdr);
		memmove(p + 7, p + 3, p[1] - 7);
		memcpy(p + 3, &opt->faddr, 4);
	}
	if (opt->rr_needaddr) {
		p = opt->data + opt->rr - sizeof(struct iphdr);
		p[2] -= 4;
		memset(&p[p[2] - 1], 0, 4);
	}
	if (opt->ts_needtime) {
		p = opt->data + opt->ts - sizeof(struct iphdr);
		p[2] -= 4;
		memset(&p[p[2] - 1], 0, 4);
		if ((p[3] & 0xf) == IPOPT_TS_PRESPEC)
			p[2] -= 4;
	}
	if (opt->ts_needaddr) {
		p = opt->data + opt->ts - sizeof(struct iphdr);
		p[2] -= 4;
		memset(&p[p[2] - 1], 0, 4);
	}
}

int ip_options_get(struct net *net, struct ip_options *ret, sockptr_t data,
		   unsigned int len)
{
	struct ip_options opt = { 0 };
	int err;

	if (len > IP_OPTIONS_MAX)
		return fail(-EINVAL, "at most 40 bytes of options");
	if (len && copy_from_sockptr(opt.data, data, len))
		return -EFAULT;
	while (len & 3)
		opt.data[len++] = IPOPT_END;
	opt.optlen = (u8)len;
	if (len) {
		err = ip_options_compile(net, &opt, NULL, NULL);
		if (err)
			return err;
	}
	*ret = opt;
	return 0;
}
