// SPDX-License-Identifier: MIT
/*
 * Hosts: made and unmade protocol by protocol, in the order of a table and in
 * its reverse.
 */
#include "net/core/net_namespace.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/netdevice.h"

static const struct pernet_operations loopback_net_ops = {
	.init = loopback_net_init,
	.exit = loopback_net_exit,
};

/* Protocols first: they follow the devices that come after them. */
static const struct pernet_operations *const pernet_list[] = {
	&ipv4_net_ops,
	&tcp_net_ops,
	&netlink_net_ops,
	&loopback_net_ops,
};

static void net_defaults(struct net *net)
{
	net->core.somaxconn = 4096;
	net->core.rmem_default = 212992;
	net->core.wmem_default = 212992;
	net->core.rmem_max = 4 << 20;
	net->core.wmem_max = 4 << 20;
	net->core.optmem_max = 128 << 10;
	net->core.netdev_max_backlog = 1000;
	net->core.message_cost = 5 * (int)HZ;
	net->core.message_burst = 10;
	net->core.tstamp_allow_data = 1;
	net->messages.begin = jiffies;
}

/* Undo the first @n rows. */
static void net_undo(struct net *net, size_t n)
{
	while (n--) {
		if (pernet_list[n]->exit)
			pernet_list[n]->exit(net);
	}
}

static int net_setup(struct net *net)
{
	for (size_t i = 0; i < ARRAY_SIZE(pernet_list); i++) {
		int err = pernet_list[i]->init(net);

		if (err) {
			net_undo(net, i);
			return err;
		}
	}
	return 0;
}

struct net *net_alloc(const char *name)
{
	struct kernel *k = this_kernel;
	struct net *net = kzalloc(sizeof(*net));

	if (!net)
		return NULL;
	(void)strscpy(net->name, name, sizeof(net->name));
	INIT_LIST_HEAD(&net->dev_base);
	INIT_LIST_HEAD(&net->socks);
	INIT_LIST_HEAD(&net->ptype_all);
	INIT_LIST_HEAD(&net->rx_list);
	__skb_queue_head_init(&net->backlog);
	get_random_bytes(&net->hash_key, sizeof(net->hash_key));
	net->net_cookie = ++k->next_net_cookie;
	net_defaults(net);
	if (net_setup(net)) {
		kfree(net);
		return NULL;
	}
	list_add_tail(&net->list, &k->nets);
	if (!k->init_net)
		k->init_net = net;
	return net;
}

void net_free(struct net *net)
{
	struct kernel *k = this_kernel;

	net_backlog_purge(net);
	net_undo(net, ARRAY_SIZE(pernet_list));
	BUG_ON(net->nr_socks || !list_empty(&net->dev_base));
	list_del(&net->list);
	if (k->init_net == net)
		k->init_net =
			list_first_entry_or_null(&k->nets, struct net, list);
	kfree(net);
}

bool net_ratelimit(struct net *net)
{
	unsigned long cost = (unsigned long)net->core.message_cost;

	if (time_after_eq(jiffies, net->messages.begin + cost)) {
		if (net->messages.missed)
			pr_warn("net_ratelimit: %d callbacks suppressed",
				net->messages.missed);
		net->messages.begin = jiffies;
		net->messages.printed = net->messages.missed = 0;
	}
	if (net->messages.printed < net->core.message_burst || !cost) {
		net->messages.printed++;
		return true;
	}
	net->messages.missed++;
	return false;
}
