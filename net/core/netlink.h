/* SPDX-License-Identifier: MIT */
/*
 * Netlink messages (RFC 3549): reading and writing them, answering dumps, and
 * the way from a subsystem to the sockets (net/netlink/af_netlink.c).
 *
 * Writing: a message is appended to a linear skb; every nla_put() may find it
 * full (-EMSGSIZE), then the message begun is cancelled.
 */
#ifndef NET_CORE_NETLINK_H
#define NET_CORE_NETLINK_H

#include "lib/string.h"
#include "net/core/skbuff.h"
#include <linux/netlink.h>

struct net;

#define NLMSG_GOODSIZE 7936

/* skb->cb of a netlink message. */
struct netlink_skb_parms {
	u32 portid; /* of the sender, 0: kernel */
	u32 dst_group; /* 0: unicast */
	struct net *net;
	struct sock *sk; /* the sender's */
};
#define NETLINK_CB(skb) (*(struct netlink_skb_parms *)(skb)->cb)

/* Why a request was refused, for NETLINK_EXT_ACK. */
struct netlink_ext_ack {
	const char *msg; /* constant */
};
#define NL_SET_ERR_MSG(extack, text) ((extack)->msg = (text))

/*
 * A dump in progress. dump() appends messages from where args[] say and
 * notes there how far it came: 0 when all is said, -EMSGSIZE when there is
 * more, another -errno ends the dump with it.
 */
struct netlink_callback {
	int (*dump)(struct sk_buff *skb, struct netlink_callback *cb);
	struct net *net;
	struct sk_buff *skb; /* the request, counted */
	const struct nlmsghdr *nlh; /* in it */
	bool strict_check; /* NETLINK_GET_STRICT_CHK */
	u8 family; /* for which the row was chosen */
	int answer_flags; /* NLM_F_DUMP_FILTERED */
	u64 args[8]; /* dump()'s; zero at first */
};

/* nlattr.c */
static inline void *nlmsg_data(const struct nlmsghdr *nlh)
{
	return (char *)nlh + NLMSG_HDRLEN;
}
static inline int nlmsg_len(const struct nlmsghdr *nlh)
{
	return (int)nlh->nlmsg_len - NLMSG_HDRLEN;
}
static inline void *nla_data(const struct nlattr *nla)
{
	return (char *)nla + NLA_HDRLEN;
}
static inline int nla_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}
static inline u32 nla_get_u32(const struct nlattr *nla)
{
	u32 v;

	memcpy(&v, nla_data(nla), sizeof(v));
	return v;
}
static inline u8 nla_get_u8(const struct nlattr *nla)
{
	return *(u8 *)nla_data(nla);
}

/* A message header with room for @len bytes behind it, zeroed; NULL: full. */
struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			   int len, int flags);
void nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh);
void nlmsg_cancel(struct sk_buff *skb, struct nlmsghdr *nlh);
int nla_put(struct sk_buff *skb, int type, int len, const void *data);
int nla_put_u8(struct sk_buff *skb, int type, u8 v);
int nla_put_u32(struct sk_buff *skb, int type, u32 v);
int nla_put_string(struct sk_buff *skb, int type, const char *s);
struct nlattr *nla_nest_start(struct sk_buff *skb, int type);
void nla_nest_end(struct sk_buff *skb, struct nlattr *nest);

#define nla_ok(nla, rem)                                        \
	((rem) >= NLA_HDRLEN && (nla)->nla_len >= NLA_HDRLEN && \
	 (nla)->nla_len <= (rem))
#define nla_for_each_attr(pos, head, len, rem)                      \
	for (pos = (const struct nlattr *)(head), rem = (len);      \
	     nla_ok(pos, rem); rem -= (int)NLA_ALIGN(pos->nla_len), \
	    pos = (const struct nlattr *)((const char *)pos +       \
					  NLA_ALIGN(pos->nla_len)))

/*
 * What attributes may be: the smallest length of each type's value, from 1 on
 * (0: any). tb[1..max] point to them, the last one of a type counts. 0, or
 * -ERANGE: one is too short. Unknown types are passed over.
 */
int nla_parse(const struct nlattr **tb, int max, const struct nlattr *head,
	      int len, const u8 *min_len, struct netlink_ext_ack *extack);
/* The same for a message with a header of @hdrlen bytes of its own. */
int nlmsg_parse(const struct nlmsghdr *nlh, int hdrlen,
		const struct nlattr **tb, int max, const u8 *min_len,
		struct netlink_ext_ack *extack);

/* net/netlink: */

/* Send to one socket, by port. Owns @skb. 0 or -ECONNREFUSED, -EAGAIN. */
int netlink_unicast(struct net *net, struct sk_buff *skb, u32 portid);
/* Answer the sender of @req. Owns @skb. 0 or -EAGAIN. */
int netlink_reply(struct sk_buff *skb, const struct sk_buff *req);
/* Send to all members of @group. Owns @skb. */
void netlink_broadcast(struct net *net, struct sk_buff *skb, int protocol,
		       u32 group);
bool netlink_has_listeners(struct net *net, int protocol, u32 group);
/* Does the sender of @skb want strict checks of its requests? */
bool netlink_strict_check(const struct sk_buff *skb);
/* Start answering @nlh, found in @skb, in parts. 0 or -EBUSY, -ENOMEM. */
int netlink_dump_start(struct sk_buff *skb, const struct nlmsghdr *nlh,
		       u8 family,
		       int (*dump)(struct sk_buff *skb,
				   struct netlink_callback *cb));

/* Rows of nl_input.c's table, by their owners. -EINTR: no answer yet. */
int rtnetlink_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack); /* net/core */
int sock_diag_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack); /* net/core */
int genl_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		 struct netlink_ext_ack *extack); /* net/netlink */

#endif
