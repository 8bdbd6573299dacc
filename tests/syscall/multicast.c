/* SPDX-License-Identifier: MIT */
/*
 * Groups on lo, and the sources that a membership lets through: RFC 3678's
 * calls of IPv4 (IP_*) and those of any protocol (MCAST_*).
 */
#include "harness.h"

#define GROUP "239.255.77.1"
#define HERE 0x7f000001 /* where our datagrams come from */
#define THERE 0x7f000002

static struct sockaddr_storage addr_of(int family, unsigned int ip)
{
	sin_t a = { .sin_family = family, .sin_addr.s_addr = htonl(ip) };
	struct sockaddr_storage s;

	memset(&s, 0, sizeof(s));
	memcpy(&s, &a, sizeof(a));
	return s;
}

static unsigned int group_ip(void)
{
	return ntohl(inet_addr(GROUP));
}

/* A receiver that is in no group yet; *to is where to send to it. */
static int receiver(sin_t *to)
{
	int fd = udp_socket();
	socklen_t len = sizeof(*to);

	memset(to, 0, sizeof(*to));
	to->sin_family = AF_INET;
	CHECK_OK(bind(fd, SA(to), sizeof(*to)));
	CHECK_OK(getsockname(fd, SA(to), &len));
	set_opt(fd, SOL_IP, IP_MULTICAST_ALL, 0);
	to->sin_addr.s_addr = inet_addr(GROUP);
	return fd;
}

/* Does a datagram from HERE to the group arrive? */
static int arrives(int fd, const sin_t *to)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	int out = udp_socket(), n;
	char b[8];

	CHECK_OK(setsockopt(out, SOL_IP, IP_MULTICAST_IF, &lo, sizeof(lo)));
	CHECK_EQ(sendto(out, "x", 1, 0, (const struct sockaddr *)to,
			sizeof(*to)), 1);
	close(out);
	n = (int)recv(fd, b, sizeof(b), MSG_DONTWAIT);
	return n == 1;
}

static void join_group(int fd)
{
	struct ip_mreqn m = { .imr_ifindex = 1 };

	m.imr_multiaddr.s_addr = inet_addr(GROUP);
	CHECK_OK(setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
}

TEST(join_and_leave)
{
	sin_t to;
	int fd = receiver(&to);
	struct ip_mreqn m = { .imr_ifindex = 1 };

	CHECK(!arrives(fd, &to));
	join_group(fd);
	CHECK(arrives(fd, &to));
	m.imr_multiaddr.s_addr = inet_addr(GROUP);
	CHECK_ERRNO(setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)),
		    EADDRINUSE);
	CHECK_OK(setsockopt(fd, SOL_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	CHECK(!arrives(fd, &to));
	CHECK_ERRNO(setsockopt(fd, SOL_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)),
		    EADDRNOTAVAIL);
}

/* IP_*_SOURCE: one source at a time. */
static int source(int fd, int opt, unsigned int ip)
{
	struct ip_mreq_source s;

	memset(&s, 0, sizeof(s));
	s.imr_multiaddr.s_addr = inet_addr(GROUP);
	s.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	s.imr_sourceaddr.s_addr = htonl(ip);
	return setsockopt(fd, SOL_IP, opt, &s, sizeof(s));
}

TEST(sources_to_include)
{
	sin_t to;
	int fd = receiver(&to);

	CHECK_OK(source(fd, IP_ADD_SOURCE_MEMBERSHIP, THERE));
	CHECK(!arrives(fd, &to));
	CHECK_OK(source(fd, IP_ADD_SOURCE_MEMBERSHIP, HERE));
	CHECK(arrives(fd, &to));
	CHECK_ERRNO(source(fd, IP_ADD_SOURCE_MEMBERSHIP, HERE), EADDRNOTAVAIL);
	CHECK_ERRNO(source(fd, IP_BLOCK_SOURCE, HERE), EINVAL);
	CHECK_OK(source(fd, IP_DROP_SOURCE_MEMBERSHIP, HERE));
	CHECK(!arrives(fd, &to));
	CHECK_ERRNO(source(fd, IP_DROP_SOURCE_MEMBERSHIP, HERE),
		    EADDRNOTAVAIL);
	/* The last one takes the membership with it. */
	CHECK_OK(source(fd, IP_DROP_SOURCE_MEMBERSHIP, THERE));
	CHECK_ERRNO(source(fd, IP_DROP_SOURCE_MEMBERSHIP, THERE), EINVAL);
}

TEST(sources_to_exclude)
{
	sin_t to;
	int fd = receiver(&to);

	CHECK_ERRNO(source(fd, IP_BLOCK_SOURCE, HERE), EINVAL);
	join_group(fd);
	CHECK_OK(source(fd, IP_BLOCK_SOURCE, HERE));
	CHECK(!arrives(fd, &to));
	CHECK_ERRNO(source(fd, IP_BLOCK_SOURCE, HERE), EADDRNOTAVAIL);
	CHECK_OK(source(fd, IP_UNBLOCK_SOURCE, HERE));
	CHECK(arrives(fd, &to));
	CHECK_ERRNO(source(fd, IP_UNBLOCK_SOURCE, HERE), EADDRNOTAVAIL);
}

/* ---- whole filters ---- */

#define ROOM 4
union filter {
	struct group_filter gf;
	char room[GROUP_FILTER_SIZE(ROOM)];
};

static int set_filter(int fd, int mode, unsigned int n, socklen_t len,
		      struct sockaddr_storage group,
		      const struct sockaddr_storage *sources)
{
	union filter f;

	memset(&f, 0, sizeof(f));
	f.gf.gf_interface = 1;
	f.gf.gf_group = group;
	f.gf.gf_fmode = mode;
	f.gf.gf_numsrc = n;
	for (unsigned int i = 0; i < n && i < ROOM; i++)
		f.gf.gf_slist[i] = sources[i];
	return setsockopt(fd, SOL_IP, MCAST_MSFILTER, &f, len);
}

static int get_filter(int fd, unsigned int room, union filter *ret,
		      socklen_t *len)
{
	memset(ret, 0x55, sizeof(*ret));
	ret->gf.gf_interface = 1;
	ret->gf.gf_group = addr_of(AF_INET, group_ip());
	ret->gf.gf_numsrc = room;
	*len = GROUP_FILTER_SIZE(room);
	return getsockopt(fd, SOL_IP, MCAST_MSFILTER, ret, len);
}

static int is_source(const union filter *f, int i, unsigned int ip)
{
	struct sockaddr_storage want = addr_of(AF_INET, ip);

	return !memcmp(&f->gf.gf_slist[i], &want, sizeof(want));
}

TEST(filter_of_any_protocol)
{
	struct sockaddr_storage group = addr_of(AF_INET, group_ip());
	struct sockaddr_storage s[2];
	union filter f;
	socklen_t len;
	sin_t to;
	int fd = receiver(&to);

	s[0] = addr_of(AF_INET, HERE);
	s[1] = addr_of(AF_INET, THERE);
	CHECK_ERRNO(get_filter(fd, 0, &f, &len), EADDRNOTAVAIL);
	join_group(fd);
	CHECK_OK(get_filter(fd, 2, &f, &len));
	CHECK_EQ(len, GROUP_FILTER_SIZE(0));
	CHECK_EQ(f.gf.gf_fmode, MCAST_EXCLUDE);
	CHECK_EQ(f.gf.gf_numsrc, 0);

	CHECK_OK(set_filter(fd, MCAST_EXCLUDE, 2, GROUP_FILTER_SIZE(2), group,
			    s));
	CHECK(!arrives(fd, &to));
	CHECK_OK(set_filter(fd, MCAST_INCLUDE, 2, GROUP_FILTER_SIZE(2), group,
			    s));
	CHECK(arrives(fd, &to));
	CHECK_OK(get_filter(fd, ROOM, &f, &len));
	CHECK_EQ(len, GROUP_FILTER_SIZE(2));
	CHECK_EQ(f.gf.gf_fmode, MCAST_INCLUDE);
	CHECK_EQ(f.gf.gf_numsrc, 2);
	CHECK(is_source(&f, 0, HERE) && is_source(&f, 1, THERE));
	/* Room for one: as many as there are is told all the same. */
	CHECK_OK(get_filter(fd, 1, &f, &len));
	CHECK_EQ(len, GROUP_FILTER_SIZE(1));
	CHECK_EQ(f.gf.gf_numsrc, 2);
	CHECK(is_source(&f, 0, HERE));
	CHECK_EQ(((unsigned char *)&f)[len], 0x55);

	/* Including nobody means leaving. */
	CHECK_OK(set_filter(fd, MCAST_INCLUDE, 0, GROUP_FILTER_SIZE(0), group,
			    s));
	CHECK_ERRNO(get_filter(fd, 0, &f, &len), EADDRNOTAVAIL);
}

TEST(filter_of_any_protocol_refuses)
{
	struct sockaddr_storage group = addr_of(AF_INET, group_ip());
	struct sockaddr_storage s[ROOM];
	socklen_t len = 200;
	sin_t to;
	int fd = receiver(&to);

	for (int i = 0; i < ROOM; i++)
		s[i] = addr_of(AF_INET, HERE + i);
	join_group(fd);
	CHECK_ERRNO(set_filter(fd, MCAST_INCLUDE, 0, GROUP_FILTER_SIZE(0) - 1,
			       group, s), EINVAL);
	CHECK_ERRNO(set_filter(fd, MCAST_INCLUDE, 3, GROUP_FILTER_SIZE(3) - 1,
			       group, s), EINVAL);
	CHECK_ERRNO(set_filter(fd, MCAST_INCLUDE, 0x1ffffff,
			       GROUP_FILTER_SIZE(3), group, s), ENOBUFS);
	CHECK_ERRNO(set_filter(fd, 7, 0, GROUP_FILTER_SIZE(0), group, s),
		    EINVAL);
	CHECK_ERRNO(set_filter(fd, MCAST_EXCLUDE, 0, GROUP_FILTER_SIZE(0),
			       addr_of(AF_INET, HERE), s), EINVAL);
	CHECK_ERRNO(set_filter(fd, MCAST_EXCLUDE, 0, GROUP_FILTER_SIZE(0),
			       addr_of(AF_INET6, group_ip()), s),
		    EADDRNOTAVAIL);
	s[1] = addr_of(AF_INET6, HERE);
	CHECK_ERRNO(set_filter(fd, MCAST_INCLUDE, 2, GROUP_FILTER_SIZE(2),
			       group, s), EADDRNOTAVAIL);
	CHECK_ERRNO(setsockopt(fd, SOL_IP, MCAST_MSFILTER, BAD_PTR, 200),
		    EFAULT);
	CHECK_ERRNO(setsockopt(fd, SOL_IP, MCAST_MSFILTER, BAD_PTR, 1 << 30),
		    ENOBUFS);
	CHECK_ERRNO(getsockopt(fd, SOL_IP, MCAST_MSFILTER, BAD_PTR, &len),
		    EFAULT);
	CHECK(arrives(fd, &to));
}

/* struct ip_msfilter says the same in 4 bytes a source. */
TEST(filter_of_ipv4)
{
	struct sockaddr_storage group = addr_of(AF_INET, group_ip());
	struct sockaddr_storage s = addr_of(AF_INET, HERE);
	union {
		struct ip_msfilter f;
		char room[IP_MSFILTER_SIZE(2)];
	} u;
	socklen_t len = sizeof(u);
	sin_t to;
	int fd = receiver(&to);

	join_group(fd);
	CHECK_OK(set_filter(fd, MCAST_EXCLUDE, 1, GROUP_FILTER_SIZE(1), group,
			    &s));
	memset(&u, 0, sizeof(u));
	u.f.imsf_multiaddr.s_addr = inet_addr(GROUP);
	u.f.imsf_interface.s_addr = htonl(INADDR_LOOPBACK);
	u.f.imsf_numsrc = 2;
	CHECK_OK(getsockopt(fd, SOL_IP, IP_MSFILTER, &u, &len));
	CHECK_EQ(len, IP_MSFILTER_SIZE(1));
	CHECK_EQ(u.f.imsf_fmode, MCAST_EXCLUDE);
	CHECK_EQ(u.f.imsf_numsrc, 1);
	CHECK_EQ(ntohl(u.f.imsf_slist[0].s_addr), HERE);
	u.f.imsf_fmode = MCAST_INCLUDE;
	CHECK_OK(setsockopt(fd, SOL_IP, IP_MSFILTER, &u, len));
	CHECK(arrives(fd, &to));
	u.f.imsf_slist[0].s_addr = htonl(THERE);
	CHECK_OK(setsockopt(fd, SOL_IP, IP_MSFILTER, &u, len));
	CHECK(!arrives(fd, &to));
}

/* MCAST_*: the same as one source at a time. */
TEST(sources_of_any_protocol)
{
	struct group_source_req r;
	sin_t to;
	int fd = receiver(&to);

	memset(&r, 0, sizeof(r));
	r.gsr_interface = 1;
	r.gsr_group = addr_of(AF_INET, group_ip());
	r.gsr_source = addr_of(AF_INET, HERE);
	CHECK_OK(setsockopt(fd, SOL_IP, MCAST_JOIN_SOURCE_GROUP, &r,
			    sizeof(r)));
	CHECK(arrives(fd, &to));
	r.gsr_source = addr_of(AF_INET6, HERE);
	CHECK_ERRNO(setsockopt(fd, SOL_IP, MCAST_JOIN_SOURCE_GROUP, &r,
			       sizeof(r)), EADDRNOTAVAIL);
	CHECK_ERRNO(setsockopt(fd, SOL_IP, MCAST_JOIN_SOURCE_GROUP, &r,
			       sizeof(r) - 1), EINVAL);
	r.gsr_source = addr_of(AF_INET, HERE);
	CHECK_OK(setsockopt(fd, SOL_IP, MCAST_LEAVE_SOURCE_GROUP, &r,
			    sizeof(r)));
	CHECK(!arrives(fd, &to));
}

HARNESS_MAIN
