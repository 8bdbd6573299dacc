/* SPDX-License-Identifier: MIT */
/*
 * net.ipv4.conf: settings of each device, of all, and those that a new device
 * begins with (default). Numbers are IPV4_DEVCONF_* of linux/ip.h.
 */
#ifndef NET_IPV4_DEVCONF_H
#define NET_IPV4_DEVCONF_H

#include "lib/types.h"
#include <linux/ip.h>

struct ipv4_devconf {
	int data[IPV4_DEVCONF_MAX];
	u64 state; /* a bit each: set, and no longer the default's */
};

#define IPV4_DEVCONF(cnf, attr) ((cnf).data[IPV4_DEVCONF_##attr - 1])
#define IPV4_DEVCONF_ALL(net, attr) IPV4_DEVCONF((net)->ipv4->devconf_all, attr)

#endif
