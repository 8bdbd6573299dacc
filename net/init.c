/* SPDX-License-Identifier: MIT */
/*
 * Bringing up networking, a step after the other, undone in reverse: the input
 * softirq, the families, the first host.
 */
#include "net/net.h"

#include "kernel/kernel.h"
#include "net/core/net_namespace.h"
#include "net/core/netdevice.h"
#include "net/ipv4/af_inet.h"
#include "net/netlink/af_netlink.h"
#include "net/packet/af_packet.h"
#include "security/security.h"
#include <asm/errno.h>

int net_init(void)
{
	int err;

	net_dev_init();
	err = inet_init();
	if (err)
		return err;
	err = netlink_init();
	if (err)
		goto out_inet;
	err = packet_init();
	if (err)
		goto out_netlink;
	this_kernel->init_net = net_alloc("init");
	if (!this_kernel->init_net) {
		err = -ENOMEM;
		goto out_packet;
	}
	return 0;

out_packet:
	packet_exit();
out_netlink:
	netlink_exit();
out_inet:
	inet_exit();
	return err;
}

void net_exit(void)
{
	struct kernel *k = this_kernel;
	struct net *net, *next;

	list_for_each_entry_safe(net, next, &k->nets, list)
		net_free(net);
	k->init_net = NULL;
	packet_exit();
	netlink_exit();
	inet_exit();
	security_exit();
}
