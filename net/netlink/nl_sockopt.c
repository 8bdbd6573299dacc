// SPDX-License-Identifier: MIT
/* Options of SOL_NETLINK. */
#include "net/netlink/af_netlink.h"

#include <linux/capability.h>

/* Options that are a flag and nothing more. */
static const struct {
	int name;
	unsigned int flag;
} netlink_flag_opts[] = {
	{ NETLINK_PKTINFO, NETLINK_F_PKTINFO },
	{ NETLINK_BROADCAST_ERROR, NETLINK_F_BROADCAST_ERROR },
	{ NETLINK_NO_ENOBUFS, NETLINK_F_NO_ENOBUFS },
	{ NETLINK_LISTEN_ALL_NSID, NETLINK_F_LISTEN_ALL_NSID },
	{ NETLINK_CAP_ACK, NETLINK_F_CAP_ACK },
	{ NETLINK_EXT_ACK, NETLINK_F_EXT_ACK },
	{ NETLINK_GET_STRICT_CHK, NETLINK_F_STRICT_CHK },
};

static unsigned int netlink_flag_of(int name)
{
	for (size_t i = 0; i < ARRAY_SIZE(netlink_flag_opts); i++) {
		if (netlink_flag_opts[i].name == name)
			return netlink_flag_opts[i].flag;
	}
	return 0;
}

int netlink_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		       unsigned int len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	unsigned int flag = netlink_flag_of(name);
	u32 v = 0;

	if (level != SOL_NETLINK)
		return fail(-ENOPROTOOPT, "not a level of netlink");
	if (len >= sizeof(v) && copy_from_sockptr(&v, val, sizeof(v)))
		return fail(-EFAULT, "bad pointer to the value");
	if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP) {
		if (!v || v > NETLINK_GROUPS)
			return fail(-EINVAL, "no such group");
		if (name == NETLINK_ADD_MEMBERSHIP)
			nlk->groups |= 1ULL << (v - 1);
		else
			nlk->groups &= ~(1ULL << (v - 1));
		return 0;
	}
	if (!flag)
		return fail(-ENOPROTOOPT, "SOL_NETLINK has no such option");
	if (name == NETLINK_LISTEN_ALL_NSID && !capable(CAP_NET_BROADCAST))
		return fail(-EPERM, "needs CAP_NET_BROADCAST");
	if (v)
		nlk->flags |= flag;
	else
		nlk->flags &= ~flag;
	return 0;
}

static int netlink_get_memberships(struct netlink_sock *nlk, char __user *val,
				   int __user *len, int room)
{
	int n = sizeof(nlk->groups);

	/* In words of 32 bits; the length told is that of all. */
	room = min(room & ~3, n);
	if (copy_to_user(val, &nlk->groups, room))
		return fail(-EFAULT, "bad pointer to the value");
	return put_user(n, len);
}

int netlink_getsockopt(struct socket *sock, int level, int name,
		       char __user *val, int __user *len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	unsigned int flag = netlink_flag_of(name);
	int room, v;

	if (level != SOL_NETLINK)
		return fail(-ENOPROTOOPT, "not a level of netlink");
	if (get_user(room, len))
		return fail(-EFAULT, "bad pointer to the length");
	if (room < 0)
		return fail(-EINVAL, "negative length");
	if (name == NETLINK_LIST_MEMBERSHIPS)
		return netlink_get_memberships(nlk, val, len, room);
	if (!flag)
		return fail(-ENOPROTOOPT, "SOL_NETLINK has no such option");
	if (room < (int)sizeof(v))
		return fail(-EINVAL, "no room for an int");
	v = (nlk->flags & flag) != 0;
	if (put_user((int)sizeof(v), len) || copy_to_user(val, &v, sizeof(v)))
		return fail(-EFAULT, "bad pointer to the value");
	return 0;
}
