/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: addresses and routes, set the way programs set them, by netlink
 * messages and ioctls. A file of its own, because it speaks the programs'
 * headers, which do not mix with the kernel's.
 */
#include "ports/sim/netconfig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

struct request {
	struct nlmsghdr n;
	union {
		struct ifaddrmsg ifa;
		struct rtmsg rt;
	};
	char attrs[64];
};

struct answer {
	struct nlmsghdr n;
	struct nlmsgerr e;
	char rest[256]; /* of an extended acknowledgement */
};

static long call(struct tg_proc *p, long nr, uintptr_t a, uintptr_t b,
		 uintptr_t c, uintptr_t d)
{
	const uint64_t args[6] = { a, b, c, d };
	long ret = tg_config_call(p, nr, args);

	/* How sockets say that there is no memory. */
	return ret == -ENOBUFS || ret == -ENFILE ? -ENOMEM : ret;
}

static void put_attr(struct request *r, unsigned short type, const void *data,
		     size_t len)
{
	struct rtattr *a =
		(struct rtattr *)((char *)r + NLMSG_ALIGN(r->n.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->n.nlmsg_len = NLMSG_ALIGN(r->n.nlmsg_len) +
			 (unsigned int)RTA_ALIGN(a->rta_len);
}

/* Send @r and hear what became of it. */
static int ask(struct tg_proc *p, struct request *r)
{
	struct answer ans = { .e.error = -EPROTO };
	long fd, n;

	fd = call(p, SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, 0);
	if (fd < 0)
		return (int)fd;
	r->n.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	n = call(p, SYS_sendto, (uintptr_t)fd, (uintptr_t)r, r->n.nlmsg_len, 0);
	if (n >= 0)
		n = call(p, SYS_recvfrom, (uintptr_t)fd, (uintptr_t)&ans,
			 sizeof(ans), 0);
	(void)call(p, SYS_close, (uintptr_t)fd, 0, 0, 0);
	if (n < 0)
		return (int)n;
	if (ans.n.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return ans.e.error == -ENOBUFS ? -ENOMEM : ans.e.error;
}

/* "10.0.0.1/24", "10.0.0.1". 0 or -EINVAL. */
static int parse_prefix(const char *text, struct in_addr *ret_addr,
			unsigned char *ret_len)
{
	char addr[INET_ADDRSTRLEN], *end;
	const char *slash;
	long len = 32;
	size_t n;

	if (!text)
		return -EINVAL;
	slash = strchr(text, '/');
	n = slash ? (size_t)(slash - text) : strlen(text);
	if (n >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (slash) {
		len = strtol(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end || len > 32)
			return -EINVAL;
	}
	if (inet_pton(AF_INET, addr, ret_addr) != 1)
		return -EINVAL;
	*ret_len = (unsigned char)len;
	return 0;
}

/* Length of a name that a device can have, or 0. */
static size_t dev_name(const char *dev)
{
	size_t n = dev ? strlen(dev) : 0;

	return n < IFNAMSIZ ? n : 0;
}

/* A request of @cmd on device @dev by a socket of its own. */
static int ask_dev(struct tg_proc *p, unsigned long cmd, const char *dev,
		   struct ifreq *ifr)
{
	size_t n = dev_name(dev);
	long fd, err;

	if (!n)
		return dev ? -ENODEV : -EINVAL;
	memcpy(ifr->ifr_name, dev, n + 1);
	fd = call(p, SYS_socket, AF_INET, SOCK_DGRAM, 0, 0);
	if (fd < 0)
		return (int)fd;
	err = call(p, SYS_ioctl, (uintptr_t)fd, cmd, (uintptr_t)ifr, 0);
	(void)call(p, SYS_close, (uintptr_t)fd, 0, 0, 0);
	return (int)err;
}

int tg_config_addr(struct tg_proc *p, bool add, const char *dev,
		   const char *addr)
{
	struct request r = { .n.nlmsg_len = NLMSG_LENGTH(sizeof(r.ifa)) };
	struct ifreq ifr = { 0 };
	struct in_addr a;
	int err;

	err = parse_prefix(addr, &a, &r.ifa.ifa_prefixlen);
	if (!err)
		err = ask_dev(p, SIOCGIFINDEX, dev, &ifr);
	if (err)
		return err;
	r.n.nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR;
	r.n.nlmsg_flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	r.ifa.ifa_family = AF_INET;
	r.ifa.ifa_index = (unsigned int)ifr.ifr_ifindex;
	put_attr(&r, IFA_LOCAL, &a, sizeof(a));
	if (r.ifa.ifa_prefixlen < 31 && add) {
		struct in_addr bc = {
			a.s_addr | htonl(~0U >> r.ifa.ifa_prefixlen)
		};

		put_attr(&r, IFA_BROADCAST, &bc, sizeof(bc));
	}
	return ask(p, &r);
}

int tg_config_route(struct tg_proc *p, bool add, const char *dst,
		    const char *via, const char *dev)
{
	struct request r = { .n.nlmsg_len = NLMSG_LENGTH(sizeof(r.rt)) };
	struct ifreq ifr = { 0 };
	struct in_addr a, gw;
	unsigned char len = 0;
	int err = 0;

	if (!dst || (!via && !dev))
		return -EINVAL;
	if (via && inet_pton(AF_INET, via, &gw) != 1)
		return -EINVAL;
	if (strcmp(dst, "default"))
		err = parse_prefix(dst, &a, &len);
	if (!err && dev)
		err = ask_dev(p, SIOCGIFINDEX, dev, &ifr);
	if (err)
		return err;
	r.n.nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
	r.n.nlmsg_flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	r.rt = (struct rtmsg){
		.rtm_family = AF_INET,
		.rtm_dst_len = len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = add ? RTPROT_BOOT : RTPROT_UNSPEC,
		.rtm_scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
		.rtm_type = add ? RTN_UNICAST : RTN_UNSPEC,
	};
	if (!add)
		r.rt.rtm_scope = RT_SCOPE_NOWHERE;
	if (len)
		put_attr(&r, RTA_DST, &a, sizeof(a));
	if (via)
		put_attr(&r, RTA_GATEWAY, &gw, sizeof(gw));
	if (dev)
		put_attr(&r, RTA_OIF, &ifr.ifr_ifindex, sizeof(int));
	return ask(p, &r);
}

int tg_config_up(struct tg_proc *p, const char *dev, bool up)
{
	struct ifreq ifr = { 0 };
	int err = ask_dev(p, SIOCGIFFLAGS, dev, &ifr);

	if (err)
		return err;
	ifr.ifr_flags = (short)(up ? ifr.ifr_flags | IFF_UP :
				     ifr.ifr_flags & ~IFF_UP);
	return ask_dev(p, SIOCSIFFLAGS, dev, &ifr);
}

int tg_config_mtu(struct tg_proc *p, const char *dev, int mtu)
{
	struct ifreq ifr = { .ifr_mtu = mtu };

	return ask_dev(p, SIOCSIFMTU, dev, &ifr);
}
