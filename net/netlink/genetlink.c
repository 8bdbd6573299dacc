// SPDX-License-Identifier: MIT
/*
 * NETLINK_GENERIC: families found by name. The first of them is the controller
 * that finds them (`genl ctrl list`); who looks for one that is not in the
 * table, as ethtool does, is told so.
 */
#include "net/core/genetlink.h"

#include "kernel/sched.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/capability.h>
#include <linux/genetlink.h>

#define CTRL_VERSION 2

static int ctrl_getfamily(struct genl_info *info);
static int ctrl_dumpfamily(struct sk_buff *skb, struct netlink_callback *cb);

static const u8 ctrl_min_len[CTRL_ATTR_MAX + 1] = {
	[CTRL_ATTR_FAMILY_ID] = 2,
	[CTRL_ATTR_FAMILY_NAME] = 1,
};

static const struct genl_ops ctrl_ops[] = {
	{ CTRL_CMD_GETFAMILY, false, ctrl_getfamily, ctrl_dumpfamily },
};

static const struct genl_family genl_ctrl = {
	.name = "nlctrl",
	.version = CTRL_VERSION,
	.maxattr = CTRL_ATTR_MAX,
	.min_len = ctrl_min_len,
	.ops = ctrl_ops,
	.nr_ops = ARRAY_SIZE(ctrl_ops),
};
static_assert(CTRL_ATTR_MAX <= GENL_ATTRS_MAX, "room for all");

static const struct genl_family *const families[] = {
	&genl_ctrl,
	&tcp_metrics_nl_family,
};

/* LINUX: the numbers behind the controller's belong to VFS and PMCRAID. */
static u16 genl_family_id(size_t i)
{
	return i ? (u16)(GENL_START_ALLOC + i - 1) : GENL_ID_CTRL;
}

static const struct genl_family *genl_family_find(int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (genl_family_id(i) == id)
			return families[i];
	return NULL;
}

struct nlmsghdr *genlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			     int flags, u8 cmd, u8 version)
{
	struct nlmsghdr *nlh =
		nlmsg_put(skb, portid, seq, type, GENL_HDRLEN, flags);
	struct genlmsghdr *hdr;

	if (!nlh)
		return NULL;
	hdr = nlmsg_data(nlh);
	hdr->cmd = cmd;
	hdr->version = version;
	return nlh;
}

/* The controller. */

static int put_ops(struct sk_buff *skb, const struct genl_family *f)
{
	struct nlattr *ops = nla_nest_start(skb, CTRL_ATTR_OPS), *op;

	if (!ops)
		return -EMSGSIZE;
	for (int i = 0; i < f->nr_ops; i++) {
		const struct genl_ops *o = &f->ops[i];
		u32 flags = (o->doit ? GENL_CMD_CAP_DO : 0) |
			    (o->dumpit ? GENL_CMD_CAP_DUMP : 0) |
			    (o->admin ? GENL_ADMIN_PERM : 0);

		op = nla_nest_start(skb, i + 1);
		if (!op || nla_put_u32(skb, CTRL_ATTR_OP_ID, o->cmd) ||
		    nla_put_u32(skb, CTRL_ATTR_OP_FLAGS, flags))
			return -EMSGSIZE;
		nla_nest_end(skb, op);
	}
	nla_nest_end(skb, ops);
	return 0;
}

static int ctrl_fill_info(struct sk_buff *skb, size_t i, u32 portid, u32 seq,
			  int flags)
{
	const struct genl_family *f = families[i];
	u16 id = genl_family_id(i);
	struct nlmsghdr *nlh;

	nlh = genlmsg_put(skb, portid, seq, GENL_ID_CTRL, flags,
			  CTRL_CMD_NEWFAMILY, CTRL_VERSION);
	if (!nlh)
		return -EMSGSIZE;
	if (nla_put_string(skb, CTRL_ATTR_FAMILY_NAME, f->name) ||
	    nla_put(skb, CTRL_ATTR_FAMILY_ID, sizeof(id), &id) ||
	    nla_put_u32(skb, CTRL_ATTR_VERSION, f->version) ||
	    nla_put_u32(skb, CTRL_ATTR_HDRSIZE, 0) ||
	    nla_put_u32(skb, CTRL_ATTR_MAXATTR, (u32)f->maxattr) ||
	    put_ops(skb, f)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* args[0]: families told of. */
static int ctrl_dumpfamily(struct sk_buff *skb, struct netlink_callback *cb)
{
	for (; cb->args[0] < ARRAY_SIZE(families); cb->args[0]++)
		if (ctrl_fill_info(skb, cb->args[0],
				   NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, NLM_F_MULTI))
			return -EMSGSIZE;
	return 0;
}

/* Is this the family that is asked for? By its name, where there is one. */
static bool ctrl_asked_for(size_t i, const struct nlattr *id,
			   const struct nlattr *name)
{
	size_t len = strlen(families[i]->name) + 1;
	u16 v;

	if (name)
		return (size_t)nla_len(name) == len &&
		       !memcmp(nla_data(name), families[i]->name, len);
	memcpy(&v, nla_data(id), sizeof(v));
	return v == genl_family_id(i);
}

static int ctrl_getfamily(struct genl_info *info)
{
	const struct nlattr *id = info->attrs[CTRL_ATTR_FAMILY_ID];
	const struct nlattr *name = info->attrs[CTRL_ATTR_FAMILY_NAME];
	struct sk_buff *rep;
	size_t i;

	if (!id && !name)
		return fail(-EINVAL, "neither a name nor a number");
	for (i = 0; i < ARRAY_SIZE(families); i++)
		if (ctrl_asked_for(i, id, name))
			break;
	if (i == ARRAY_SIZE(families))
		return fail(-ENOENT, "no such family");
	rep = alloc_skb(NLMSG_GOODSIZE);
	if (!rep)
		return fail(-ENOMEM, "no memory for the answer");
	(void)ctrl_fill_info(rep, i, NETLINK_CB(info->skb).portid,
			     info->nlh->nlmsg_seq, 0);
	return netlink_reply(rep, info->skb);
}

/* All of them. */

static const struct genl_ops *genl_op_find(const struct genl_family *f, u8 cmd)
{
	for (int i = 0; i < f->nr_ops; i++)
		if (f->ops[i].cmd == cmd)
			return &f->ops[i];
	return NULL;
}

int genl_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		 struct netlink_ext_ack *extack)
{
	const struct genl_family *f = genl_family_find(nlh->nlmsg_type);
	const struct genlmsghdr *hdr = nlmsg_data(nlh);
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	const struct genl_ops *op;
	struct genl_info info = { 0 };
	int err;

	if (!f)
		return fail(-ENOENT, "no such family");
	if (nlmsg_len(nlh) < (int)GENL_HDRLEN)
		return fail(-EINVAL, "shorter than struct genlmsghdr");
	op = genl_op_find(f, hdr->cmd);
	if (!op || !(dump ? (void *)op->dumpit : (void *)op->doit))
		return fail(-EOPNOTSUPP, "no such request of the family");
	if (op->admin && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "needs CAP_NET_ADMIN");
	if (dump)
		return netlink_dump_start(skb, nlh, 0, op->dumpit);
	err = nlmsg_parse(nlh, GENL_HDRLEN, info.attrs, f->maxattr, f->min_len,
			  extack);
	if (err)
		return err;
	info.net = NETLINK_CB(skb).net;
	info.skb = skb;
	info.nlh = nlh;
	return op->doit(&info);
}
