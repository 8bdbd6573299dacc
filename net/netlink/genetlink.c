// SPDX-License-Identifier: MIT
/*
 * NETLINK_GENERIC: families found by name. There is one, the controller that
 * finds them (`genl ctrl list`); who looks for another, as ethtool and ss do,
 * is told that it is not there.
 */
#include "net/core/netlink.h"

#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/genetlink.h>

#define CTRL_NAME "nlctrl"
#define CTRL_VERSION 2

static const u8 ctrl_min_len[CTRL_ATTR_MAX + 1] = {
	[CTRL_ATTR_FAMILY_ID] = 2,
	[CTRL_ATTR_FAMILY_NAME] = 1,
};

static int put_ops(struct sk_buff *skb)
{
	struct nlattr *ops = nla_nest_start(skb, CTRL_ATTR_OPS), *op;

	if (!ops)
		return -EMSGSIZE;
	op = nla_nest_start(skb, 1);
	if (!op || nla_put_u32(skb, CTRL_ATTR_OP_ID, CTRL_CMD_GETFAMILY) ||
	    nla_put_u32(skb, CTRL_ATTR_OP_FLAGS,
			GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP))
		return -EMSGSIZE;
	nla_nest_end(skb, op);
	nla_nest_end(skb, ops);
	return 0;
}

static int ctrl_fill_info(struct sk_buff *skb, u32 portid, u32 seq, int flags)
{
	static const u16 id = GENL_ID_CTRL;
	struct genlmsghdr *hdr;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, GENL_ID_CTRL, GENL_HDRLEN, flags);
	if (!nlh)
		return -EMSGSIZE;
	hdr = nlmsg_data(nlh);
	hdr->cmd = CTRL_CMD_NEWFAMILY;
	hdr->version = CTRL_VERSION;
	if (nla_put_string(skb, CTRL_ATTR_FAMILY_NAME, CTRL_NAME) ||
	    nla_put(skb, CTRL_ATTR_FAMILY_ID, sizeof(id), &id) ||
	    nla_put_u32(skb, CTRL_ATTR_VERSION, CTRL_VERSION) ||
	    nla_put_u32(skb, CTRL_ATTR_HDRSIZE, 0) ||
	    nla_put_u32(skb, CTRL_ATTR_MAXATTR, CTRL_ATTR_MAX) ||
	    put_ops(skb)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static int ctrl_dumpfamily(struct sk_buff *skb, struct netlink_callback *cb)
{
	return ctrl_fill_info(skb, NETLINK_CB(cb->skb).portid,
			      cb->nlh->nlmsg_seq, NLM_F_MULTI);
}

/* Which family is asked for? 0: the controller. */
static int ctrl_find(const struct nlattr *const *tb)
{
	const struct nlattr *id = tb[CTRL_ATTR_FAMILY_ID];
	const struct nlattr *name = tb[CTRL_ATTR_FAMILY_NAME];
	u16 v = 0;

	if (!id && !name)
		return fail(-EINVAL, "neither a name nor a number");
	if (id)
		memcpy(&v, nla_data(id), sizeof(v));
	if (name)
		v = nla_len(name) == sizeof(CTRL_NAME) &&
				    !memcmp(nla_data(name), CTRL_NAME,
					    sizeof(CTRL_NAME))
			    ? GENL_ID_CTRL
			    : 0;
	return v == GENL_ID_CTRL ? 0 : fail(-ENOENT, "no such family");
}

int genl_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		 struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *hdr = nlmsg_data(nlh);
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct sk_buff *rep;
	int err;

	if (nlh->nlmsg_type != GENL_ID_CTRL)
		return fail(-ENOENT, "no such family");
	if (nlmsg_len(nlh) < (int)GENL_HDRLEN)
		return fail(-EINVAL, "shorter than struct genlmsghdr");
	if (hdr->cmd != CTRL_CMD_GETFAMILY)
		return fail(-EOPNOTSUPP, "no such request of the controller");
	if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return netlink_dump_start(skb, nlh, 0, ctrl_dumpfamily);
	err = nlmsg_parse(nlh, GENL_HDRLEN, tb, CTRL_ATTR_MAX, ctrl_min_len,
			  extack);
	if (!err)
		err = ctrl_find(tb);
	if (err)
		return err;
	rep = alloc_skb(NLMSG_GOODSIZE);
	if (!rep)
		return fail(-ENOMEM, "no memory for the answer");
	(void)ctrl_fill_info(rep, NETLINK_CB(skb).portid, nlh->nlmsg_seq, 0);
	return netlink_reply(rep, skb);
}
