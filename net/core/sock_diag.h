/* SPDX-License-Identifier: MIT */
/*
 * NETLINK_SOCK_DIAG (sock_diag(7)): sockets told and ended by netlink, as ss
 * asks. A family answers by a row of the table in sock_diag.c.
 */
#ifndef NET_CORE_SOCK_DIAG_H
#define NET_CORE_SOCK_DIAG_H

#include "net/core/netlink.h"
#include "net/core/sock.h"
#include <linux/sock_diag.h>

/* Does @cookie, of a request, name @sk? 0 or -ESTALE. */
int sock_diag_check_cookie(u64 own, const u32 *cookie);
void sock_diag_save_cookie(u64 own, u32 *cookie);
/* End @sk with @err for its owner. 0, -EPERM, -EOPNOTSUPP. */
int sock_diag_destroy(struct sock *sk, int err);
/* The attribute of SK_MEMINFO_*. 0 or -EMSGSIZE. */
int sock_diag_put_meminfo(const struct sock *sk, struct sk_buff *skb,
			  int attrtype);

/* A row of that table: net/ipv4/inet_diag.c, of AF_INET and AF_INET6. */
int inet_diag_handler_cmd(struct sk_buff *skb, const struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack);

#endif
