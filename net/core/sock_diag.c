// SPDX-License-Identifier: MIT
/*
 * NETLINK_SOCK_DIAG: which family answers, and what sockets of all families
 * tell.
 */
#include "net/core/sock_diag.h"

#include "kernel/sched.h"
#include <linux/capability.h>

/* AF_INET6 is asked by programs as a matter of course: it has no sockets. */
static const struct {
	u8 family;
	int (*cmd)(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack);
} sock_diag_handlers[] = {
	{ AF_INET, inet_diag_handler_cmd },
	{ AF_INET6, inet_diag_handler_cmd },
};

int sock_diag_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	const struct sock_diag_req *req = nlmsg_data(nlh);

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY &&
	    nlh->nlmsg_type != SOCK_DESTROY)
		return fail(-EINVAL, "no such request");
	if (nlmsg_len(nlh) < (int)sizeof(*req))
		return fail(-EINVAL, "shorter than struct sock_diag_req");
	if (req->sdiag_family >= AF_MAX)
		return fail(-EINVAL, "family out of range");
	for (size_t i = 0; i < ARRAY_SIZE(sock_diag_handlers); i++) {
		if (sock_diag_handlers[i].family == req->sdiag_family)
			return sock_diag_handlers[i].cmd(skb, nlh, extack);
	}
	return fail(-ENOENT, "the family tells nothing of its sockets");
}

int sock_diag_check_cookie(u64 own, const u32 *cookie)
{
	if (cookie[0] == ~0U && cookie[1] == ~0U)
		return 0;
	if ((u32)own != cookie[0] || (u32)(own >> 32) != cookie[1])
		return fail(-ESTALE, "another socket has this address by now");
	return 0;
}

void sock_diag_save_cookie(u64 own, u32 *cookie)
{
	cookie[0] = (u32)own;
	cookie[1] = (u32)(own >> 32);
}

int sock_diag_destroy(struct sock *sk, int err)
{
	if (!capable(CAP_NET_ADMIN))
		return fail(-EPERM, "ending sockets needs CAP_NET_ADMIN");
	if (!sk->sk_prot->diag_destroy)
		return fail(-EOPNOTSUPP, "sockets that cannot be ended");
	return sk->sk_prot->diag_destroy(sk, err);
}

int sock_diag_put_meminfo(const struct sock *sk, struct sk_buff *skb,
			  int attrtype)
{
	u32 mem[SK_MEMINFO_VARS];

	sk_get_meminfo(sk, mem);
	return nla_put(skb, attrtype, sizeof(mem), mem);
}
