/* SPDX-License-Identifier: MIT */
/* ioctl(2) on sockets: queues, flags, owner, interfaces. */
#include "harness.h"

#include <linux/sockios.h>
#include <linux/ethtool.h>
#include <net/if.h>
#include <net/if_arp.h>

/* What a request for an interface by name gives, in ifr. */
static int if_ioctl(int req, const char *name, struct ifreq *ifr)
{
	memset(ifr, 0, sizeof(*ifr));
	strncpy(ifr->ifr_name, name, IFNAMSIZ - 1);
	return ioctl(udp_socket(), req, ifr);
}

TEST(fionbio)
{
	int fd = tcp_socket(), v = 1;

	CHECK_OK(ioctl(fd, FIONBIO, &v));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_NONBLOCK);
	v = 0;
	CHECK_OK(ioctl(fd, FIONBIO, &v));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR);
	CHECK_ERRNO(ioctl(fd, FIONBIO, BAD_PTR), EFAULT);
}

TEST(fionbio_has_effect)
{
	int sv[2], v = 1;
	char c;

	tcp_pair(sv);
	CHECK_OK(ioctl(sv[0], FIONBIO, &v));
	CHECK_ERRNO(read(sv[0], &c, 1), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, 0), EAGAIN);
}

TEST(fioasync)
{
	int fd = tcp_socket(), v = 1;

	CHECK_OK(ioctl(fd, FIOASYNC, &v));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_ASYNC);
	v = 0;
	CHECK_OK(ioctl(fd, FIOASYNC, &v));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR);
	CHECK_ERRNO(ioctl(fd, FIOASYNC, BAD_PTR), EFAULT);
}

TEST(fioclex_and_fionclex)
{
	int fd = tcp_socket();

	CHECK_OK(ioctl(fd, FIOCLEX));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
	CHECK_OK(ioctl(fd, FIONCLEX));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), 0);
}

TEST(fionread_counts_tcp_bytes)
{
	int sv[2], n = -1;
	char b[4];

	tcp_pair(sv);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 0);
	CHECK_WRITES(sv[0], "0123456789");
	while (n < 10)
		CHECK_OK(ioctl(sv[1], SIOCINQ, &n));
	CHECK_EQ(n, 10);
	CHECK_EQ(CHECK_OK(read(sv[1], b, 4)), 4);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 6);
	CHECK_ERRNO(ioctl(sv[1], FIONREAD, BAD_PTR), EFAULT);
}

TEST(fionread_on_listener_einval)
{
	sin_t a;
	int n;

	CHECK_ERRNO(ioctl(tcp_listener(&a), FIONREAD, &n), EINVAL);
	CHECK_ERRNO(ioctl(tcp_listener(&a), SIOCOUTQ, &n), EINVAL);
}

TEST(fionread_on_fresh_socket_is_zero)
{
	int n = -1;

	CHECK_OK(ioctl(tcp_socket(), FIONREAD, &n));
	CHECK_EQ(n, 0);
	n = -1;
	CHECK_OK(ioctl(udp_socket(), FIONREAD, &n));
	CHECK_EQ(n, 0);
}

TEST(fionread_does_not_count_the_fin)
{
	int sv[2], n = -1;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "abc");
	CHECK_OK(close(sv[0]));
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 3);
}

TEST(siocoutq_counts_unacknowledged_bytes)
{
	int sv[2], n = -1, unsent = -1;
	size_t total;

	tcp_pair(sv);
	CHECK_OK(ioctl(sv[0], SIOCOUTQ, &n));
	CHECK_EQ(n, 0);
	total = fill_up(sv[0]);
	CHECK_OK(ioctl(sv[0], SIOCOUTQ, &n));
	CHECK(n > 0 && n < (int)total);
	CHECK_OK(ioctl(sv[0], SIOCOUTQNSD, &unsent));
	CHECK(unsent > 0 && unsent <= n);
	drain(sv[1], total);
	while (n)
		CHECK_OK(ioctl(sv[0], SIOCOUTQ, &n));
}

TEST(siocatmark_without_urgent_data)
{
	int sv[2], v = -1;

	tcp_pair(sv);
	CHECK_OK(ioctl(sv[0], SIOCATMARK, &v));
	CHECK_EQ(v, 0);
}

TEST(owner)
{
	int fd = tcp_socket(), v = -1;

	CHECK_OK(ioctl(fd, SIOCGPGRP, &v));
	CHECK_EQ(v, 0);
	v = getpid();
	CHECK_OK(ioctl(fd, SIOCSPGRP, &v));
	v = -1;
	CHECK_OK(ioctl(fd, FIOGETOWN, &v));
	CHECK_EQ(v, getpid());
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETOWN)), getpid());
	CHECK_ERRNO(ioctl(fd, SIOCSPGRP, BAD_PTR), EFAULT);
	CHECK_ERRNO(ioctl(fd, SIOCGPGRP, BAD_PTR), EFAULT);
}

TEST(owner_that_does_not_exist_esrch)
{
	int v = 0x3fffffff;

	CHECK_ERRNO(ioctl(tcp_socket(), SIOCSPGRP, &v), ESRCH);
}

TEST(siocgstamp_without_any_enoent)
{
	int sv[2];
	struct timeval tv;

	udp_pair(sv);
	CHECK_ERRNO(ioctl(sv[1], 0x8906, &tv), ENOENT);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
}

TEST(unknown_requests_enotty)
{
	int v = 0;

	CHECK_ERRNO(ioctl(tcp_socket(), 0xdead, &v), ENOTTY);
	CHECK_ERRNO(ioctl(udp_socket(), 0x1234, &v), ENOTTY);
	CHECK_ERRNO(ioctl(tcp_socket(), 0x5401 /* TCGETS */, &v), ENOTTY);
	CHECK(!isatty(tcp_socket()));
}

TEST(bad_descriptor)
{
	int v = 0;

	CHECK_ERRNO(ioctl(-1, FIONBIO, &v), EBADF);
	CHECK_ERRNO(ioctl(CHECK_OK(open("/", O_PATH)), FIONBIO, &v), EBADF);
}

/* ---- interfaces ---- */

TEST(siocgifconf_has_lo)
{
	char b[4096];
	struct ifconf c = { .ifc_len = sizeof(b) };
	int i, n, found = 0;

	c.ifc_buf = b;
	CHECK_OK(ioctl(udp_socket(), SIOCGIFCONF, &c));
	CHECK_EQ(c.ifc_len % sizeof(struct ifreq), 0);
	n = c.ifc_len / sizeof(struct ifreq);
	for (i = 0; i < n; i++) {
		struct ifreq *r = &c.ifc_req[i];
		sin_t *a = (sin_t *)&r->ifr_addr;

		CHECK_EQ(a->sin_family, AF_INET);
		if (!strcmp(r->ifr_name, "lo") &&
		    a->sin_addr.s_addr == htonl(LO))
			found = 1;
	}
	CHECK(found);
}

TEST(siocgifconf_null_buffer_asks_for_the_size)
{
	struct ifconf c = { .ifc_len = 0 };

	c.ifc_buf = NULL;
	CHECK_OK(ioctl(udp_socket(), SIOCGIFCONF, &c));
	CHECK_GE(c.ifc_len, sizeof(struct ifreq));
	CHECK_EQ(c.ifc_len % sizeof(struct ifreq), 0);
}

TEST(siocgifconf_short_buffer_gives_what_fits)
{
	char b[sizeof(struct ifreq) + 3];
	struct ifconf c = { .ifc_len = sizeof(b) };

	c.ifc_buf = b;
	CHECK_OK(ioctl(udp_socket(), SIOCGIFCONF, &c));
	CHECK_EQ(c.ifc_len, sizeof(struct ifreq));
}

TEST(siocgifconf_efault)
{
	struct ifconf c = { .ifc_len = 4096 };

	c.ifc_buf = BAD_PTR;
	CHECK_ERRNO(ioctl(udp_socket(), SIOCGIFCONF, &c), EFAULT);
	CHECK_ERRNO(ioctl(udp_socket(), SIOCGIFCONF, BAD_PTR), EFAULT);
}

TEST(siocgifflags_of_lo)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFFLAGS, "lo", &r));
	CHECK_EQ(r.ifr_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING),
		 IFF_UP | IFF_LOOPBACK | IFF_RUNNING);
	CHECK_EQ(r.ifr_flags & (IFF_BROADCAST | IFF_POINTOPOINT), 0);
}

TEST(siocgifaddr_of_lo)
{
	struct ifreq r;
	sin_t *a = (sin_t *)&r.ifr_addr;

	CHECK_OK(if_ioctl(SIOCGIFADDR, "lo", &r));
	CHECK_EQ(a->sin_family, AF_INET);
	CHECK_EQ(a->sin_addr.s_addr, htonl(LO));
	CHECK_EQ(a->sin_port, 0);
}

TEST(siocgifnetmask_of_lo)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFNETMASK, "lo", &r));
	CHECK_EQ(((sin_t *)&r.ifr_netmask)->sin_addr.s_addr,
		 htonl(0xff000000));
}

TEST(siocgifmtu_of_lo)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFMTU, "lo", &r));
	CHECK_EQ(r.ifr_mtu, 65536);
}

TEST(siocgifindex_and_name)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFINDEX, "lo", &r));
	CHECK_EQ(r.ifr_ifindex, 1);
	memset(r.ifr_name, 0, IFNAMSIZ);
	CHECK_OK(ioctl(udp_socket(), SIOCGIFNAME, &r));
	CHECK(!strcmp(r.ifr_name, "lo"));
	r.ifr_ifindex = 99999;
	CHECK_ERRNO(ioctl(udp_socket(), SIOCGIFNAME, &r), ENODEV);
}

TEST(siocgifhwaddr_of_lo)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFHWADDR, "lo", &r));
	CHECK_EQ(r.ifr_hwaddr.sa_family, ARPHRD_LOOPBACK);
	CHECK(!memcmp(r.ifr_hwaddr.sa_data, "\0\0\0\0\0\0", 6));
}

TEST(siocgiftxqlen_and_metric_of_lo)
{
	struct ifreq r;

	CHECK_OK(if_ioctl(SIOCGIFTXQLEN, "lo", &r));
	CHECK_GE(r.ifr_qlen, 0);
	CHECK_OK(if_ioctl(SIOCGIFMETRIC, "lo", &r));
	CHECK_EQ(r.ifr_metric, 0);
}

static int ethtool(const char *name, void *request)
{
	struct ifreq r = { .ifr_data = request };

	strcpy(r.ifr_name, name);
	return ioctl(udp_socket(), SIOCETHTOOL, &r);
}

TEST(siocethtool_link_of_lo)
{
	struct ethtool_value v = { .cmd = ETHTOOL_GLINK };

	CHECK_OK(ethtool("lo", &v));
	CHECK_EQ(v.cmd, ETHTOOL_GLINK);
	CHECK_EQ(v.data, 1);
}

TEST(siocethtool_time_stamps_of_lo)
{
	struct ethtool_ts_info t = { .cmd = ETHTOOL_GET_TS_INFO };

	CHECK_OK(ethtool("lo", &t));
	CHECK_EQ(t.so_timestamping, 0x1a);	/* all by software */
	CHECK_EQ(t.phc_index, -1);
	CHECK_EQ(t.tx_types, 0);
	CHECK_EQ(t.rx_filters, 0);
}

TEST(siocethtool_errors)
{
	struct ethtool_value v = { .cmd = ETHTOOL_GWOL };

	CHECK_ERRNO(ethtool("lo", &v), EOPNOTSUPP);
	v.cmd = 0xffff;
	CHECK_ERRNO(ethtool("lo", &v), EOPNOTSUPP);
	v.cmd = ETHTOOL_GLINK;
	CHECK_ERRNO(ethtool("nosuch0", &v), ENODEV);
	CHECK_ERRNO(ethtool("lo", BAD_PTR), EFAULT);
}

TEST(unknown_interface_enodev)
{
	struct ifreq r;
	int req[] = { SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFMTU,
		      SIOCGIFINDEX, SIOCGIFHWADDR, SIOCGIFBRDADDR };

	for (size_t i = 0; i < ARRAY_SIZE(req); i++)
		CHECK_ERRNO(if_ioctl(req[i], "nosuchdev", &r), ENODEV);
}

TEST(interface_requests_efault)
{
	int req[] = { SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFINDEX, SIOCGIFNAME,
		      SIOCGIFHWADDR };

	for (size_t i = 0; i < ARRAY_SIZE(req); i++)
		CHECK_ERRNO(ioctl(tcp_socket(), req[i], BAD_PTR), EFAULT);
}

TEST(changing_an_interface_needs_net_admin)
{
	struct ifreq r;

	drop_privilege();
	CHECK_OK(if_ioctl(SIOCGIFFLAGS, "lo", &r));
	CHECK_ERRNO(ioctl(udp_socket(), SIOCSIFFLAGS, &r), EPERM);
	((sin_t *)&r.ifr_addr)->sin_family = AF_INET;
	((sin_t *)&r.ifr_addr)->sin_addr.s_addr = htonl(LO);
	CHECK_ERRNO(ioctl(udp_socket(), SIOCSIFADDR, &r), EPERM);
}

TEST(if_nameindex_and_nametoindex)
{
	struct if_nameindex *v = if_nameindex(), *p;
	char name[IFNAMSIZ];
	int found = 0;

	CHECK(v);
	for (p = v; p->if_index; p++)
		found |= !strcmp(p->if_name, "lo");
	CHECK(found);
	if_freenameindex(v);
	CHECK_EQ(if_nametoindex("lo"), 1);
	CHECK(if_indextoname(1, name) && !strcmp(name, "lo"));
	CHECK_EQ(if_nametoindex("nosuchdev"), 0);
	CHECK_EQ(errno, ENODEV);
}

HARNESS_MAIN
