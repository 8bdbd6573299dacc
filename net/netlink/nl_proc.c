// SPDX-License-Identifier: MIT
/* /proc/net/netlink: by protocol the kernel's own socket, then the others. */
#include "net/core/proc_net.h"

#include "net/netlink/af_netlink.h"

#define ROW "%016x %-3d %-10u %08x %-8d %-8d %-5d %-8d %-8u %-8llu\n"

static void protocol_show(struct net *net, int protocol, struct seq *s)
{
	struct netlink_sock *nlk;

	seq_printf(s, ROW, 0, protocol, 0, 0, 0, 0, 0, 2, 0, 0ULL);
	list_for_each_entry(nlk, &net->netlink->socks, list) {
		struct sock *sk = &nlk->sk;

		if (sk->sk_protocol != protocol)
			continue;
		seq_printf(s, ROW, 0, sk->sk_protocol, nlk->portid,
			   (u32)nlk->groups, sk->sk_rmem_alloc,
			   sk->sk_wmem_alloc, nlk->cb_running, sk->sk_refcnt,
			   sk->sk_drops, (unsigned long long)sock_i_ino(sk));
	}
}

void netlink_seq_show(struct net *net, struct seq *s)
{
	seq_puts(s, "sk               Eth Pid        Groups   Rmem     "
		    "Wmem     Dump  Locks    Drops    Inode\n");
	for (int i = 0; i < NETLINK_MAX_LINKS; i++) {
		if (netlink_protocol_served(i))
			protocol_show(net, i, s);
	}
}
