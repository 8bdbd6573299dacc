/* SPDX-License-Identifier: MIT */
/*
 * Options of SOL_IP about groups: RFC 1112's, RFC 3678's basic API (IP_*) and
 * its protocol-independent one (MCAST_*).
 */
#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip_sockopt.h"
#include "net/ipv4/netns.h"

/* As programs lay them out; i386 aligns the addresses to 4 bytes. */
struct group_req64 {
	u32 gr_interface, __pad;
	struct sockaddr_storage gr_group;
};
struct group_req32 {
	u32 gr_interface;
	u8 gr_group[SOCKADDR_STORAGE_SIZE];
};
struct group_source_req64 {
	u32 gsr_interface, __pad;
	struct sockaddr_storage gsr_group, gsr_source;
};
struct group_source_req32 {
	u32 gsr_interface;
	u8 gsr_group[SOCKADDR_STORAGE_SIZE];
	u8 gsr_source[SOCKADDR_STORAGE_SIZE];
};
static_assert(sizeof(struct group_req64) == 136, "struct group_req");
static_assert(sizeof(struct group_source_req64) == 264,
	      "struct group_source_req");

/* struct ip_mreqn, or one of the shorter forms that came before it. */
static int ip_get_mreqn(struct ip_mreqn *mreq, sockptr_t optval,
			unsigned int optlen)
{
	struct {
		struct in_addr multiaddr, interface;
	} old;

	memset(mreq, 0, sizeof(*mreq));
	if (optlen >= sizeof(*mreq))
		return copy_from_sockptr(mreq, optval, sizeof(*mreq));
	if (copy_from_sockptr(&old, optval, sizeof(old)))
		return -EFAULT;
	mreq->imr_multiaddr = old.multiaddr;
	mreq->imr_address = old.interface;
	return 0;
}

static int ip_set_multicast_if(struct sock *sk, sockptr_t optval,
			       unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct net_device *dev;
	struct ip_mreqn mreq;

	if (sk->sk_type == SOCK_STREAM)
		return fail(-EINVAL, "streams have no groups");
	if (optlen < sizeof(struct in_addr))
		return fail(-EINVAL, "value too short");
	memset(&mreq, 0, sizeof(mreq));
	if (optlen >= 2 * sizeof(struct in_addr)) {
		if (ip_get_mreqn(&mreq, optval, optlen))
			return -EFAULT;
	} else if (copy_from_sockptr(&mreq.imr_address, optval,
				     sizeof(struct in_addr))) {
		return -EFAULT;
	}
	if (!mreq.imr_ifindex && !mreq.imr_address.s_addr) {
		inet->mc_index = 0;
		inet->mc_addr = 0;
		return 0;
	}
	dev = mreq.imr_ifindex ? dev_get_by_index(net, mreq.imr_ifindex)
			       : ip_dev_find(net, mreq.imr_address.s_addr);
	if (!dev)
		return fail(-EADDRNOTAVAIL, "no such device");
	if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dev->ifindex)
		return fail(-EINVAL, "bound to another device");
	inet->mc_index = (u32)dev->ifindex;
	inet->mc_addr = mreq.imr_address.s_addr;
	return 0;
}

static int ip_set_membership(struct sock *sk, int name, sockptr_t optval,
			     unsigned int optlen)
{
	struct ip_mreqn mreq;

	if (inet_sk(sk)->is_icsk)
		return fail(-EPROTO, "streams have no groups");
	if (optlen < 2 * sizeof(struct in_addr))
		return fail(-EINVAL, "value too short");
	if (ip_get_mreqn(&mreq, optval, optlen))
		return -EFAULT;
	if (name == IP_ADD_MEMBERSHIP)
		return ip_mc_join_group(sk, &mreq);
	return ip_mc_leave_group(sk, &mreq);
}

/* Add, drop, block or unblock a source; joins when it is the first. */
static int ip_change_source(struct sock *sk, int name, struct ip_mreq_source *s,
			    int ifindex)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = s->imr_multiaddr,
		.imr_address.s_addr = s->imr_interface,
		.imr_ifindex = ifindex,
	};
	int err;

	switch (name) {
	case IP_BLOCK_SOURCE:
	case MCAST_BLOCK_SOURCE:
		return ip_mc_source(1, MCAST_EXCLUDE, sk, s, ifindex);
	case IP_UNBLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
		return ip_mc_source(0, MCAST_EXCLUDE, sk, s, ifindex);
	case IP_ADD_SOURCE_MEMBERSHIP:
	case MCAST_JOIN_SOURCE_GROUP:
		err = ip_mc_join_group_ssm(sk, &mreq, MCAST_INCLUDE);
		if (err && err != -EADDRINUSE)
			return err;
		return ip_mc_source(1, MCAST_INCLUDE, sk, s, ifindex);
	default:
		return ip_mc_source(0, MCAST_INCLUDE, sk, s, ifindex);
	}
}

static int ip_set_source(struct sock *sk, int name, sockptr_t optval,
			 unsigned int optlen)
{
	struct ip_mreq_source s;

	if (optlen != sizeof(s))
		return fail(-EINVAL, "not a struct ip_mreq_source");
	if (copy_from_sockptr(&s, optval, sizeof(s)))
		return -EFAULT;
	return ip_change_source(sk, name, &s, 0);
}

static int ip_set_msfilter(struct sock *sk, sockptr_t optval,
			   unsigned int optlen)
{
	struct net *net = sock_net(sk);
	struct ip_msfilter *msf;
	struct ip_mreqn imr;
	int err;

	if (optlen < IP_MSFILTER_SIZE(0))
		return fail(-EINVAL, "value too short");
	if (optlen > (unsigned int)net->core.optmem_max)
		return fail(-ENOBUFS, "value too long");
	msf = kmalloc(optlen);
	if (!msf)
		return fail(-ENOBUFS, "no memory");
	err = copy_from_sockptr(msf, optval, optlen);
	if (err)
		goto out;
	if (msf->imsf_numsrc > (u32)net->ipv4->sysctl_igmp_max_msf)
		err = fail(-ENOBUFS, "more sources than igmp_max_msf");
	else if (IP_MSFILTER_SIZE(msf->imsf_numsrc) > optlen)
		err = fail(-EINVAL, "shorter than its sources");
	if (err)
		goto out;
	memset(&imr, 0, sizeof(imr));
	imr.imr_multiaddr.s_addr = msf->imsf_multiaddr;
	imr.imr_address.s_addr = msf->imsf_interface;
	err = ip_mc_msfilter(sk, &imr, msf->imsf_fmode, msf->imsf_slist_flex,
			     msf->imsf_numsrc);
out:
	kfree(msf);
	return err;
}

static int mcast_addr(const void *storage, __be32 *ret)
{
	struct sockaddr_in sin;

	memcpy(&sin, storage, sizeof(sin));
	if (sin.sin_family != AF_INET)
		return fail(-EADDRNOTAVAIL, "not an AF_INET address");
	*ret = sin.sin_addr.s_addr;
	return 0;
}

/* struct group_filter: gf_interface, these, and gf_slist[] behind them. */
struct group_filter_head {
	u8 gf_group[SOCKADDR_STORAGE_SIZE];
	u32 gf_fmode, gf_numsrc;
};

/* Where gf_group is: i386 does not align it to 8 bytes. */
static size_t group_filter_head_at(void)
{
	return in_compat_syscall() ? 4 : 8;
}

static size_t group_filter_size(u32 numsrc)
{
	return group_filter_head_at() + sizeof(struct group_filter_head) +
	       (size_t)numsrc * SOCKADDR_STORAGE_SIZE;
}

/* How many sources may be said, in a value of @len bytes? */
static int group_filter_check(struct net *net, u32 numsrc, size_t len)
{
	bool many = numsrc > (u32)net->ipv4->sysctl_igmp_max_msf;

	/* LINUX: i386's length is looked at first. */
	if (numsrc >= 0x1ffffff || (many && !in_compat_syscall()))
		return fail(-ENOBUFS, "more sources than igmp_max_msf");
	if (group_filter_size(numsrc) > len)
		return fail(-EINVAL, "shorter than its sources");
	return many ? fail(-ENOBUFS, "more sources than igmp_max_msf") : 0;
}

static int mcast_set_msfilter(struct sock *sk, sockptr_t optval,
			      unsigned int optlen)
{
	struct net *net = sock_net(sk);
	struct ip_mreqn imr = { 0 };
	struct group_filter_head h;
	__be32 *sources;
	u8 *value, *at;
	int err;

	if (optlen < group_filter_size(0))
		return fail(-EINVAL, "value too short");
	if (optlen > (unsigned int)net->core.optmem_max)
		return fail(-ENOBUFS, "value too long");
	value = kmalloc(optlen);
	if (!value)
		return fail(-ENOBUFS, "no memory");
	err = copy_from_sockptr(value, optval, optlen);
	if (err)
		goto out;
	memcpy(&imr.imr_ifindex, value, sizeof(u32));
	at = value + group_filter_head_at();
	memcpy(&h, at, sizeof(h));
	err = group_filter_check(net, h.gf_numsrc, optlen);
	if (!err)
		err = mcast_addr(h.gf_group, &imr.imr_multiaddr.s_addr);
	if (err)
		goto out;
	/* The addresses move to the front: each is read before its place is. */
	sources = (__be32 *)value;
	at += sizeof(h);
	for (u32 i = 0; i < h.gf_numsrc; i++, at += SOCKADDR_STORAGE_SIZE) {
		err = mcast_addr(at, sources + i);
		if (err)
			goto out;
	}
	err = ip_mc_msfilter(sk, &imr, h.gf_fmode, sources, h.gf_numsrc);
out:
	kfree(value);
	return err;
}

static int mcast_join_leave(struct sock *sk, int name, sockptr_t optval,
			    unsigned int optlen)
{
	struct group_req64 g;
	struct group_req32 g32;
	struct ip_mreqn mreq;
	struct sockaddr_in sin;

	if (in_compat_syscall()) {
		if (optlen < sizeof(g32))
			return fail(-EINVAL, "value too short");
		if (copy_from_sockptr(&g32, optval, sizeof(g32)))
			return -EFAULT;
		g.gr_interface = g32.gr_interface;
		memcpy(&g.gr_group, g32.gr_group, sizeof(g.gr_group));
	} else {
		if (optlen < sizeof(g))
			return fail(-EINVAL, "value too short");
		if (copy_from_sockptr(&g, optval, sizeof(g)))
			return -EFAULT;
	}
	memcpy(&sin, &g.gr_group, sizeof(sin));
	if (sin.sin_family != AF_INET)
		return fail(-EINVAL, "not an AF_INET group");
	memset(&mreq, 0, sizeof(mreq));
	mreq.imr_multiaddr = sin.sin_addr;
	mreq.imr_ifindex = (int)g.gr_interface;
	if (name == MCAST_JOIN_GROUP)
		return ip_mc_join_group(sk, &mreq);
	return ip_mc_leave_group(sk, &mreq);
}

static int mcast_source(struct sock *sk, int name, sockptr_t optval,
			unsigned int optlen)
{
	struct ip_mreq_source s = { 0 };
	struct group_source_req64 g;
	struct group_source_req32 g32;
	const void *group, *source;
	u32 ifindex;

	if (in_compat_syscall()) {
		if (optlen != sizeof(g32))
			return fail(-EINVAL, "not a struct group_source_req");
		if (copy_from_sockptr(&g32, optval, sizeof(g32)))
			return -EFAULT;
		ifindex = g32.gsr_interface;
		group = g32.gsr_group;
		source = g32.gsr_source;
	} else {
		if (optlen != sizeof(g))
			return fail(-EINVAL, "not a struct group_source_req");
		if (copy_from_sockptr(&g, optval, sizeof(g)))
			return -EFAULT;
		ifindex = g.gsr_interface;
		group = &g.gsr_group;
		source = &g.gsr_source;
	}
	if (mcast_addr(group, &s.imr_multiaddr) ||
	    mcast_addr(source, &s.imr_sourceaddr))
		return fail(-EADDRNOTAVAIL, "not an IPv4 address");
	return ip_change_source(sk, name, &s, (int)ifindex);
}

/* IP_MULTICAST_TTL, _LOOP, _ALL. */
static int ip_set_mc_number(struct sock *sk, int name, sockptr_t optval,
			    unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	int val = 0;
	u8 byte;

	if (optlen >= sizeof(int)) {
		if (copy_from_sockptr(&val, optval, sizeof(val)))
			return -EFAULT;
	} else if (optlen) {
		if (copy_from_sockptr(&byte, optval, 1))
			return -EFAULT;
		val = byte;
	}
	if (!optlen || (name == IP_MULTICAST_TTL && sk->sk_type == SOCK_STREAM))
		return fail(-EINVAL, "no value, or no datagrams");
	switch (name) {
	case IP_MULTICAST_TTL:
		if (val == -1)
			val = 1;
		if (val < 0 || val > 255)
			return fail(-EINVAL, "TTL is in 0..255");
		inet->mc_ttl = (u8)val;
		return 0;
	case IP_MULTICAST_LOOP:
		inet->mc_loop = !!val;
		return 0;
	default:
		if (val != 0 && val != 1)
			return fail(-EINVAL, "0 or 1");
		inet->mc_all = val;
		return 0;
	}
}

int ip_mc_setsockopt(struct sock *sk, int name, sockptr_t optval,
		     unsigned int optlen)
{
	switch (name) {
	case IP_MULTICAST_TTL:
	case IP_MULTICAST_LOOP:
	case IP_MULTICAST_ALL:
		return ip_set_mc_number(sk, name, optval, optlen);
	case IP_MULTICAST_IF:
		return ip_set_multicast_if(sk, optval, optlen);
	case IP_ADD_MEMBERSHIP:
	case IP_DROP_MEMBERSHIP:
		return ip_set_membership(sk, name, optval, optlen);
	case IP_MSFILTER:
		return ip_set_msfilter(sk, optval, optlen);
	case MCAST_MSFILTER:
		return mcast_set_msfilter(sk, optval, optlen);
	case IP_BLOCK_SOURCE:
	case IP_UNBLOCK_SOURCE:
	case IP_ADD_SOURCE_MEMBERSHIP:
	case IP_DROP_SOURCE_MEMBERSHIP:
		return ip_set_source(sk, name, optval, optlen);
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP:
		return mcast_join_leave(sk, name, optval, optlen);
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_LEAVE_SOURCE_GROUP:
		return mcast_source(sk, name, optval, optlen);
	}
	return -ENOIOCTLCMD;
}

static int ip_get_msfilter(struct sock *sk, char __user *optval,
			   int __user *optlen, int len)
{
	const unsigned int size0 = IP_MSFILTER_SIZE(0);
	const struct ip_mc_socklist *pmc;
	struct ip_mreqn imr = { 0 };
	struct ip_msfilter msf;
	unsigned int count, copy;

	if (len < (int)size0)
		return fail(-EINVAL, "buffer too short");
	if (copy_from_user(&msf, optval, size0))
		return -EFAULT;
	if (!ipv4_is_multicast(msf.imsf_multiaddr))
		return fail(-EINVAL, "not a group address");
	imr.imr_multiaddr.s_addr = msf.imsf_multiaddr;
	imr.imr_address.s_addr = msf.imsf_interface;
	if (!ip_mc_find_indev(sock_net(sk), &imr))
		return fail(-ENODEV, "no device for the group");
	pmc = ip_mc_find(sk, msf.imsf_multiaddr, imr.imr_ifindex);
	if (!pmc)
		return fail(-EADDRNOTAVAIL, "not in that group");
	count = pmc->sflist ? pmc->sflist->sl_count : 0;
	copy = min_t(unsigned int, count, msf.imsf_numsrc);
	len = (int)IP_MSFILTER_SIZE(copy);
	msf.imsf_fmode = pmc->sfmode;
	msf.imsf_numsrc = count;
	if (put_user(len, optlen) || copy_to_user(optval, &msf, size0))
		return -EFAULT;
	if (copy && copy_to_user(optval + size0, pmc->sflist->sl_addr,
				 copy * sizeof(__be32)))
		return -EFAULT;
	return 0;
}

static int mcast_get_msfilter(struct sock *sk, char __user *optval,
			      int __user *optlen, int len)
{
	const size_t head = group_filter_head_at(),
		     size0 = group_filter_size(0);
	const struct ip_mc_socklist *pmc;
	struct group_filter_head h;
	struct sockaddr_in group;
	u32 count, copy, ifindex;

	if (len < (int)size0)
		return fail(-EINVAL, "buffer too short");
	if (copy_from_user(&ifindex, optval, sizeof(ifindex)) ||
	    copy_from_user(&h, optval + head, sizeof(h)))
		return -EFAULT;
	memcpy(&group, h.gf_group, sizeof(group));
	if (group.sin_family != AF_INET ||
	    !ipv4_is_multicast(group.sin_addr.s_addr))
		return fail(-EINVAL, "not a group address");
	pmc = ip_mc_find(sk, group.sin_addr.s_addr, (int)ifindex);
	if (!pmc || !ifindex)
		return fail(-EADDRNOTAVAIL, "not in that group");
	count = pmc->sflist ? pmc->sflist->sl_count : 0;
	/* LINUX: @len does not say how many there is room for. */
	copy = min(count, h.gf_numsrc);
	h.gf_fmode = pmc->sfmode;
	h.gf_numsrc = count;
	if (put_user((int)group_filter_size(copy), optlen) ||
	    copy_to_user(optval + head, &h, sizeof(h)))
		return -EFAULT;
	for (u32 i = 0; i < copy; i++) {
		struct sockaddr_storage s = { 0 };
		struct sockaddr_in sin = { .sin_family = AF_INET };

		sin.sin_addr.s_addr = pmc->sflist->sl_addr[i];
		memcpy(&s, &sin, sizeof(sin));
		if (copy_to_user(optval + group_filter_size(i), &s, sizeof(s)))
			return -EFAULT;
	}
	return 0;
}

int ip_mc_getsockopt(struct sock *sk, int name, char __user *optval,
		     int __user *optlen, int len)
{
	__be32 addr;

	switch (name) {
	case IP_MULTICAST_IF:
		addr = inet_sk(sk)->mc_addr;
		len = min_t(int, len, sizeof(addr));
		if (put_user(len, optlen) || copy_to_user(optval, &addr, len))
			return -EFAULT;
		return 0;
	case IP_MSFILTER:
		return ip_get_msfilter(sk, optval, optlen, len);
	case MCAST_MSFILTER:
		return mcast_get_msfilter(sk, optval, optlen, len);
	}
	return -ENOIOCTLCMD;
}
