// SPDX-License-Identifier: MIT
/* Netlink messages and attributes, written and read. */
#include "net/core/netlink.h"

#include "trace/trace.h"
#include <asm/errno.h>

struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			   int len, int flags)
{
	unsigned int size = NLMSG_ALIGN(NLMSG_HDRLEN + len);
	struct nlmsghdr *nlh;

	if (skb_tailroom(skb) < size)
		return NULL;
	nlh = skb_put(skb, size);
	memset(nlh, 0, size);
	nlh->nlmsg_len = NLMSG_HDRLEN + len;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_pid = portid;
	return nlh;
}

void nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = skb_tail_pointer(skb) - (u8 *)nlh;
}

void nlmsg_cancel(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	__skb_trim(skb, (u8 *)nlh - skb->data);
}

int nla_put(struct sk_buff *skb, int type, int len, const void *data)
{
	unsigned int size = NLA_ALIGN(NLA_HDRLEN + len);
	struct nlattr *nla;

	if (skb_tailroom(skb) < size)
		return -EMSGSIZE;
	nla = skb_put(skb, size);
	memset(nla, 0, size);
	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy(nla_data(nla), data, len);
	return 0;
}

int nla_put_u8(struct sk_buff *skb, int type, u8 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

int nla_put_u32(struct sk_buff *skb, int type, u32 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

int nla_put_string(struct sk_buff *skb, int type, const char *s)
{
	return nla_put(skb, type, (int)strlen(s) + 1, s);
}

struct nlattr *nla_nest_start(struct sk_buff *skb, int type)
{
	struct nlattr *nest = (struct nlattr *)skb_tail_pointer(skb);

	return nla_put(skb, type, 0, "") ? NULL : nest;
}

void nla_nest_end(struct sk_buff *skb, struct nlattr *nest)
{
	nest->nla_len = skb_tail_pointer(skb) - (u8 *)nest;
}

int nla_parse(const struct nlattr **tb, int max, const struct nlattr *head,
	      int len, const u8 *min_len, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem;

	for (int i = 0; i <= max; i++)
		tb[i] = NULL;
	nla_for_each_attr(nla, head, len, rem)
	{
		int type = nla->nla_type & NLA_TYPE_MASK;

		if (!type || type > max)
			continue;
		if (nla_len(nla) < min_len[type]) {
			NL_SET_ERR_MSG(extack,
				       "Attribute failed policy validation");
			return fail(-ERANGE, "attribute too short");
		}
		tb[type] = nla;
	}
	return 0;
}

int nlmsg_parse(const struct nlmsghdr *nlh, int hdrlen,
		const struct nlattr **tb, int max, const u8 *min_len,
		struct netlink_ext_ack *extack)
{
	int skip = NLMSG_ALIGN(hdrlen);

	if (nlmsg_len(nlh) < hdrlen) {
		NL_SET_ERR_MSG(extack, "Invalid header length");
		return fail(-EINVAL, "message shorter than its header");
	}
	return nla_parse(tb, max,
			 (const void *)((char *)nlmsg_data(nlh) + skip),
			 nlmsg_len(nlh) - skip, min_len, extack);
}
