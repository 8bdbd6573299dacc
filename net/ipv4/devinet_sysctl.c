// SPDX-License-Identifier: MIT
/*
 * /proc/sys/net/ipv4/conf: settings of all devices, of each, and the default
 * that new ones begin with. How a device's and that of all go together is in
 * inetdevice.h. Only those with an effect here have a row.
 */
#include "net/ipv4/inetdevice.h"

#include "lib/string.h"
#include "net/core/proc_net.h"
#include "net/ipv4/route.h"

#define DEVCONF(nm, attr)                                                      \
	CTL_ROW(nm, CTL_INT,                                                   \
		offsetof(struct ipv4_devconf, data[IPV4_DEVCONF_##attr - 1]), \
		1, INT32_MIN, INT32_MAX)

static const struct ctl_table devconf_table[] = {
	DEVCONF("forwarding", FORWARDING),
	DEVCONF("accept_local", ACCEPT_LOCAL),
	DEVCONF("accept_redirects", ACCEPT_REDIRECTS),
	DEVCONF("log_martians", LOG_MARTIANS),
	DEVCONF("promote_secondaries", PROMOTE_SECONDARIES),
	DEVCONF("route_localnet", ROUTE_LOCALNET),
	DEVCONF("rp_filter", RP_FILTER),
	DEVCONF("secure_redirects", SECURE_REDIRECTS),
	DEVCONF("send_redirects", SEND_REDIRECTS),
	DEVCONF("shared_media", SHARED_MEDIA),
	DEVCONF("src_valid_mark", SRC_VMARK),
};

void devconf_net_init(struct net *net)
{
	struct ipv4_devconf *cnf = &net->ipv4->devconf_all;

	IPV4_DEVCONF(*cnf, ACCEPT_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SECURE_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SEND_REDIRECTS) = 1;
	IPV4_DEVCONF(*cnf, SHARED_MEDIA) = 1;
	net->ipv4->devconf_dflt = *cnf;
}

/* The settings that @name ("eth0/rp_filter") is one of; @name becomes its. */
static void *devconf_base(struct net *net, const char **name)
{
	struct net_device *dev;
	char who[IFNAMSIZ];
	size_t n = 0;

	while ((*name)[n] && (*name)[n] != '/')
		n++;
	if (!(*name)[n] || n >= sizeof(who))
		return NULL;
	memcpy(who, *name, n);
	who[n] = '\0';
	*name += n + 1;
	if (!strcmp(who, "all"))
		return &net->ipv4->devconf_all;
	if (!strcmp(who, "default"))
		return &net->ipv4->devconf_dflt;
	dev = dev_get_by_name(net, who);
	return dev && __in_dev_get(dev) ? &__in_dev_get(dev)->cnf : NULL;
}

/* LINUX: all forward, those to come as well, and no router takes redirects. */
void inet_forward_change(struct net *net, int on)
{
	struct net_device *dev;

	IPV4_DEVCONF_ALL(net, FORWARDING) = on;
	IPV4_DEVCONF_ALL(net, ACCEPT_REDIRECTS) = !on;
	IPV4_DEVCONF(net->ipv4->devconf_dflt, FORWARDING) = on;
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		if (__in_dev_get(dev))
			IN_DEV_CONF_GET(__in_dev_get(dev), FORWARDING) = on;
	}
	/* Cached input routes were made under the other rule. */
	rt_cache_flush(net);
}

/* Devices whose setting nobody has set follow the default. */
static void devconf_copy_default(struct net *net, unsigned int i)
{
	struct net_device *dev;

	list_for_each_entry(dev, &net->dev_base, dev_list) {
		struct in_device *in_dev = __in_dev_get(dev);

		if (in_dev && !(in_dev->cnf.state & BIT(i)))
			in_dev->cnf.data[i] = net->ipv4->devconf_dflt.data[i];
	}
}

static void devconf_stored(struct net *net, void *base,
			   const struct ctl_table *row, s64 was)
{
	unsigned int i = (row->offset - offsetof(struct ipv4_devconf, data)) /
			 sizeof(int);
	struct ipv4_devconf *cnf = base;

	if (i == IPV4_DEVCONF_FORWARDING - 1) {
		if (cnf == &net->ipv4->devconf_all && cnf->data[i] != was)
			inet_forward_change(net, cnf->data[i]);
	} else {
		cnf->state |= BIT(i);
		if (cnf == &net->ipv4->devconf_dflt)
			devconf_copy_default(net, i);
	}
	rt_cache_flush(net);
}

const struct ctl_set devconf_ctl_set = {
	.dir = "ipv4/conf",
	.rows = devconf_table,
	.nr_rows = ARRAY_SIZE(devconf_table),
	.base = devconf_base,
	.stored = devconf_stored,
};
