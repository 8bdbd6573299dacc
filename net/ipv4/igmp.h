/* SPDX-License-Identifier: MIT */
/*
 * Multicast groups (RFC 1112, 3376): which groups a socket asked for, and
 * which a device therefore listens to.
 */
#ifndef NET_IPV4_IGMP_H
#define NET_IPV4_IGMP_H

#include "net/ipv4/inetdevice.h"
#include "net/ipv4/inet_sock.h"

/* Sources a socket includes or excludes. */
struct ip_sf_socklist {
	unsigned int sl_max, sl_count;
	__be32 sl_addr[];
};

/* One membership of a socket. */
struct ip_mc_socklist {
	struct ip_mc_socklist *next;
	struct ip_mreqn multi;
	unsigned int sfmode; /* MCAST_INCLUDE or MCAST_EXCLUDE */
	struct ip_sf_socklist *sflist; /* or NULL: no source named */
};

/* One group of a device, counted by the memberships. */
struct ip_mc_list {
	struct list_head list; /* in in_device.mc_list */
	__be32 multiaddr;
	unsigned int users;
};

/* Does @in_dev listen to @group? */
bool ip_check_mc(struct in_device *in_dev, __be32 group);
int ip_mc_inc_group(struct in_device *in_dev, __be32 group);
void ip_mc_dec_group(struct in_device *in_dev, __be32 group);
void ip_mc_destroy_dev(struct in_device *in_dev);

int ip_mc_join_group(struct sock *sk, struct ip_mreqn *imr);
int ip_mc_join_group_ssm(struct sock *sk, struct ip_mreqn *imr,
			 unsigned int mode);
int ip_mc_leave_group(struct sock *sk, struct ip_mreqn *imr);
int ip_mc_source(int add, int omode, struct sock *sk,
		 struct ip_mreq_source *mreqs, int ifindex);
int ip_mc_msfilter(struct sock *sk, const struct ip_mreqn *imr,
		   unsigned int fmode, const __be32 *sources, unsigned int n);
const struct ip_mc_socklist *ip_mc_find(const struct sock *sk, __be32 group,
					int ifindex);
/* Which device @imr means, by number, address or route: imr_ifindex is set. */
struct in_device *ip_mc_find_indev(struct net *net, struct ip_mreqn *imr);
/* May a packet to @group from @src, come in by @dif, go to @sk? */
bool ip_mc_sf_allow(const struct sock *sk, __be32 group, __be32 src, int dif);

#endif
