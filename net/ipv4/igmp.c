/* SPDX-License-Identifier: MIT */
/*
 * Multicast groups: memberships of sockets, and the groups that devices listen
 * to because of them (RFC 1112 7). A membership may name sources to include or
 * to exclude (RFC 3376 3.1: the socket's filter).
 *
 * DEVIATION: no IGMP messages are sent; docs/LIMITS.md
 */
#include "net/ipv4/igmp.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"

#define IP_SFBLOCK 10U /* sources a list grows by */

static struct ip_mc_list *ip_mc_find_dev(struct in_device *in_dev, __be32 group)
{
	struct ip_mc_list *im;

	list_for_each_entry(im, &in_dev->mc_list, list) {
		if (im->multiaddr == group)
			return im;
	}
	return NULL;
}

bool ip_check_mc(struct in_device *in_dev, __be32 group)
{
	return ip_mc_find_dev(in_dev, group) != NULL;
}

int ip_mc_inc_group(struct in_device *in_dev, __be32 group)
{
	struct ip_mc_list *im = ip_mc_find_dev(in_dev, group);

	if (im) {
		im->users++;
		return 0;
	}
	im = kzalloc(sizeof(*im));
	if (!im)
		return -ENOMEM;
	im->multiaddr = group;
	im->users = 1;
	list_add_tail(&im->list, &in_dev->mc_list);
	/* Routes to the group loop back from now on. */
	rt_cache_flush(in_dev->dev->net);
	return 0;
}

void ip_mc_dec_group(struct in_device *in_dev, __be32 group)
{
	struct ip_mc_list *im = ip_mc_find_dev(in_dev, group);

	if (!im || --im->users)
		return;
	list_del(&im->list);
	kfree(im);
	rt_cache_flush(in_dev->dev->net);
}

void ip_mc_destroy_dev(struct in_device *in_dev)
{
	while (!list_empty(&in_dev->mc_list)) {
		struct ip_mc_list *im;

		im = list_first_entry(&in_dev->mc_list, struct ip_mc_list,
				      list);
		list_del(&im->list);
		kfree(im);
	}
}

/* The device a request means; its index is filled in. NULL: none. */
struct in_device *ip_mc_find_indev(struct net *net, struct ip_mreqn *imr)
{
	struct net_device *dev = NULL;
	struct in_device *in_dev;
	struct rtable *rt;

	if (imr->imr_ifindex) {
		dev = dev_get_by_index(net, imr->imr_ifindex);
	} else if (imr->imr_address.s_addr) {
		dev = ip_dev_find(net, imr->imr_address.s_addr);
	} else {
		struct flowi4 fl4 = { .daddr = imr->imr_multiaddr.s_addr };

		rt = ip_route_output_key(net, &fl4);
		if (!IS_ERR(rt)) {
			dev = rt->dst.dev;
			ip_rt_put(rt);
		}
	}
	in_dev = dev ? __in_dev_get(dev) : NULL;
	if (in_dev)
		imr->imr_ifindex = dev->ifindex;
	return in_dev;
}

int ip_mc_join_group_ssm(struct sock *sk, struct ip_mreqn *imr,
			 unsigned int mode)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct ip_mc_socklist *iml;
	struct in_device *in_dev;
	int count = 0, err;

	if (!ipv4_is_multicast(imr->imr_multiaddr.s_addr))
		return fail(-EINVAL, "not a group address");
	in_dev = ip_mc_find_indev(net, imr);
	if (!in_dev)
		return fail(-ENODEV, "no device for the group");
	for (iml = inet->mc_list; iml; iml = iml->next) {
		if (iml->multi.imr_multiaddr.s_addr ==
			    imr->imr_multiaddr.s_addr &&
		    iml->multi.imr_ifindex == imr->imr_ifindex)
			return fail(-EADDRINUSE, "already in the group");
		count++;
	}
	if (count >= net->ipv4->sysctl_igmp_max_memberships)
		return fail(-ENOBUFS, "too many memberships");
	iml = kzalloc(sizeof(*iml));
	if (!iml)
		return fail(-ENOBUFS, "no memory");
	err = ip_mc_inc_group(in_dev, imr->imr_multiaddr.s_addr);
	if (err) {
		kfree(iml);
		return err;
	}
	iml->multi = *imr;
	iml->sfmode = mode;
	iml->next = inet->mc_list;
	inet->mc_list = iml;
	return 0;
}

int ip_mc_join_group(struct sock *sk, struct ip_mreqn *imr)
{
	return ip_mc_join_group_ssm(sk, imr, MCAST_EXCLUDE);
}

/* Unlink and free one membership. */
static void ip_mc_remove(struct sock *sk, struct ip_mc_socklist **pp)
{
	struct ip_mc_socklist *iml = *pp;
	struct net_device *dev;

	*pp = iml->next;
	dev = dev_get_by_index(sock_net(sk), iml->multi.imr_ifindex);
	if (dev && __in_dev_get(dev))
		ip_mc_dec_group(__in_dev_get(dev),
				iml->multi.imr_multiaddr.s_addr);
	kfree(iml->sflist);
	kfree(iml);
}

int ip_mc_leave_group(struct sock *sk, struct ip_mreqn *imr)
{
	struct inet_sock *inet = inet_sk(sk);
	struct in_device *in_dev = ip_mc_find_indev(sock_net(sk), imr);
	__be32 group = imr->imr_multiaddr.s_addr;
	struct ip_mc_socklist **pp;

	if (!in_dev && !imr->imr_ifindex && !imr->imr_address.s_addr)
		return fail(-ENODEV, "no device for the group");
	for (pp = &inet->mc_list; *pp; pp = &(*pp)->next) {
		const struct ip_mreqn *m = &(*pp)->multi;

		if (m->imr_multiaddr.s_addr != group)
			continue;
		if (imr->imr_ifindex) {
			if (m->imr_ifindex != imr->imr_ifindex)
				continue;
		} else if (imr->imr_address.s_addr &&
			   imr->imr_address.s_addr != m->imr_address.s_addr) {
			continue;
		}
		ip_mc_remove(sk, pp);
		return 0;
	}
	return fail(-EADDRNOTAVAIL, "not in that group");
}

void ip_mc_drop_socket(struct sock *sk)
{
	while (inet_sk(sk)->mc_list)
		ip_mc_remove(sk, &inet_sk(sk)->mc_list);
}

const struct ip_mc_socklist *ip_mc_find(const struct sock *sk, __be32 group,
					int ifindex)
{
	const struct ip_mc_socklist *iml;

	for (iml = inet_sk(sk)->mc_list; iml; iml = iml->next) {
		if (iml->multi.imr_multiaddr.s_addr == group &&
		    (!ifindex || iml->multi.imr_ifindex == ifindex))
			return iml;
	}
	return NULL;
}

static struct ip_sf_socklist *sflist_grow(struct ip_sf_socklist *old)
{
	unsigned int max = (old ? old->sl_max : 0) + IP_SFBLOCK;
	struct ip_sf_socklist *l = kzalloc(sizeof(*l) + max * sizeof(__be32));

	if (!l)
		return NULL;
	if (old)
		memcpy(l, old, sizeof(*l) + old->sl_count * sizeof(__be32));
	l->sl_max = max;
	return l;
}

static int ip_mc_add_source(struct net *net, struct ip_mc_socklist *pmc,
			    __be32 source)
{
	struct ip_sf_socklist *psl = pmc->sflist;

	if (psl &&
	    psl->sl_count >= (unsigned int)net->ipv4->sysctl_igmp_max_msf)
		return fail(-ENOBUFS, "too many sources");
	if (!psl || psl->sl_count == psl->sl_max) {
		psl = sflist_grow(psl);
		if (!psl)
			return fail(-ENOBUFS, "no memory");
		kfree(pmc->sflist);
		pmc->sflist = psl;
	}
	psl->sl_addr[psl->sl_count++] = source;
	return 0;
}

/* Add or take away one source of a membership in mode @omode. */
int ip_mc_source(int add, int omode, struct sock *sk,
		 struct ip_mreq_source *mreqs, int ifindex)
{
	struct ip_mreqn imr = {
		.imr_multiaddr.s_addr = mreqs->imr_multiaddr,
		.imr_address.s_addr = mreqs->imr_interface,
		.imr_ifindex = ifindex,
	};
	struct ip_mc_socklist *pmc;
	struct ip_sf_socklist *psl;
	unsigned int i;

	if (!ipv4_is_multicast(mreqs->imr_multiaddr))
		return fail(-EINVAL, "not a group address");
	if (!ip_mc_find_indev(sock_net(sk), &imr))
		return fail(-ENODEV, "no device for the group");
	for (pmc = inet_sk(sk)->mc_list; pmc; pmc = pmc->next) {
		if (pmc->multi.imr_multiaddr.s_addr == mreqs->imr_multiaddr &&
		    pmc->multi.imr_ifindex == imr.imr_ifindex)
			break;
	}
	if (!pmc)
		return fail(-EINVAL, "not in that group");
	psl = pmc->sflist;
	if (psl && psl->sl_count) {
		if (pmc->sfmode != (unsigned int)omode)
			return fail(-EINVAL, "the filter has the other mode");
	} else if (pmc->sfmode != (unsigned int)omode) {
		pmc->sfmode = omode;
	}
	for (i = 0; psl && i < psl->sl_count; i++) {
		if (psl->sl_addr[i] == mreqs->imr_sourceaddr)
			break;
	}
	if (!add) {
		if (!psl || i == psl->sl_count)
			return fail(-EADDRNOTAVAIL, "not a source of it");
		/* The last included source takes the membership along. */
		if (psl->sl_count == 1 && omode == MCAST_INCLUDE)
			return ip_mc_leave_group(sk, &imr);
		psl->sl_addr[i] = psl->sl_addr[--psl->sl_count];
		return 0;
	}
	if (psl && i < psl->sl_count)
		return fail(-EADDRNOTAVAIL, "that source is there already");
	return ip_mc_add_source(sock_net(sk), pmc, mreqs->imr_sourceaddr);
}

/* Replace the whole filter of a membership. */
int ip_mc_msfilter(struct sock *sk, const struct ip_mreqn *want,
		   unsigned int fmode, const __be32 *sources, unsigned int n)
{
	struct ip_mreqn imr = *want;
	struct ip_mc_socklist *pmc;
	struct ip_sf_socklist *psl = NULL;

	if (!ipv4_is_multicast(imr.imr_multiaddr.s_addr))
		return fail(-EINVAL, "not a group address");
	if (fmode != MCAST_INCLUDE && fmode != MCAST_EXCLUDE)
		return fail(-EINVAL, "no such filter mode");
	if (!ip_mc_find_indev(sock_net(sk), &imr))
		return fail(-ENODEV, "no device for the group");
	/* Including nobody means leaving. */
	if (fmode == MCAST_INCLUDE && !n)
		return ip_mc_leave_group(sk, &imr);
	pmc = (struct ip_mc_socklist *)ip_mc_find(sk, imr.imr_multiaddr.s_addr,
						  imr.imr_ifindex);
	if (!pmc)
		return fail(-EINVAL, "not in that group");
	if (n) {
		psl = kzalloc(sizeof(*psl) + n * sizeof(__be32));
		if (!psl)
			return fail(-ENOBUFS, "no memory");
		psl->sl_max = n;
		psl->sl_count = n;
		memcpy(psl->sl_addr, sources, n * sizeof(__be32));
	}
	kfree(pmc->sflist);
	pmc->sflist = psl;
	pmc->sfmode = fmode;
	return 0;
}

bool ip_mc_sf_allow(const struct sock *sk, __be32 group, __be32 src, int dif)
{
	const struct ip_mc_socklist *pmc;
	const struct ip_sf_socklist *psl;
	unsigned int i;

	if (!ipv4_is_multicast(group))
		return true;
	pmc = ip_mc_find(sk, group, dif);
	if (!pmc)
		return inet_sk(sk)->mc_all;
	psl = pmc->sflist;
	if (!psl)
		return pmc->sfmode == MCAST_EXCLUDE;
	for (i = 0; i < psl->sl_count; i++) {
		if (psl->sl_addr[i] == src)
			return pmc->sfmode == MCAST_INCLUDE;
	}
	return pmc->sfmode == MCAST_EXCLUDE;
}
