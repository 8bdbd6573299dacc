// SPDX-License-Identifier: MIT
/* /proc/net/netlink */
#include "net/core/proc_net.h"

#include "net/netlink/af_netlink.h"

void netlink_seq_show(struct net *net, struct seq *s)
{
	struct netlink_sock *nlk;

	seq_puts(s, "sk               Eth Pid        Groups   Rmem     "
		    "Wmem     Dump  Locks    Drops    Inode\n");
	list_for_each_entry(nlk, &net->netlink->socks, list) {
		struct sock *sk = &nlk->sk;

		seq_printf(s,
			   "%016x %-3d %-10u %08x %-8d %-8d %-5d %-8d "
			   "%-8u %-8llu\n",
			   0, sk->sk_protocol, nlk->portid, (u32)nlk->groups,
			   sk->sk_rmem_alloc, sk->sk_wmem_alloc,
			   nlk->cb_running, sk->sk_refcnt, sk->sk_drops,
			   (unsigned long long)sock_i_ino(sk));
	}
}
