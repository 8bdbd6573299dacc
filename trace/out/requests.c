/* SPDX-License-Identifier: MIT */
/* What is behind the address that a socket option, a control message, an ioctl
 * or a fcntl gives: tables. */
#include "trace/out/shapes.h"

#include <linux/in.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <string.h>

#include "trace/out/names.h"
#include "uapi/socket.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Those that are no int. */
static const struct {
	int level, option;
	enum shape shape;
} options[] = {
	{ SOL_SOCKET, SO_TYPE, SHAPE_TYPE },
	{ SOL_SOCKET, SO_DOMAIN, SHAPE_FAMILY },
	{ SOL_SOCKET, SO_PROTOCOL, SHAPE_PROTOCOL },
	{ SOL_SOCKET, SO_ERROR, SHAPE_ERRNO },
	{ SOL_SOCKET, SO_LINGER, SHAPE_LINGER },
	{ SOL_SOCKET, SO_PEERCRED, SHAPE_UCRED },
	{ SOL_SOCKET, 20, SHAPE_TIMEVAL }, /* SO_RCVTIMEO */
	{ SOL_SOCKET, 21, SHAPE_TIMEVAL }, /* SO_SNDTIMEO */
	{ SOL_SOCKET, SO_RCVTIMEO_NEW, SHAPE_TIMEVAL64 },
	{ SOL_SOCKET, SO_SNDTIMEO_NEW, SHAPE_TIMEVAL64 },
	{ SOL_SOCKET, SO_BINDTODEVICE, SHAPE_STRING },
	{ SOL_SOCKET, SO_ATTACH_FILTER, SHAPE_FPROG },
	{ SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, SHAPE_FPROG },
	{ SOL_SOCKET, 37, SHAPE_STAMPS }, /* SO_TIMESTAMPING */
	{ SOL_SOCKET, SO_TIMESTAMPING_NEW, SHAPE_STAMPS },
	{ SOL_SOCKET, SO_COOKIE, SHAPE_U64 },
	{ SOL_SOCKET, SO_NETNS_COOKIE, SHAPE_U64 },
	{ SOL_SOCKET, SO_MEMINFO, SHAPE_INTS },
	{ SOL_IP, IP_MTU_DISCOVER, SHAPE_PMTUDISC },
	{ SOL_IP, IP_ADD_MEMBERSHIP, SHAPE_MREQ },
	{ SOL_IP, IP_DROP_MEMBERSHIP, SHAPE_MREQ },
	{ SOL_IP, IP_MULTICAST_IF, SHAPE_IP4 },
	{ SOL_IP, IP_ADD_SOURCE_MEMBERSHIP, SHAPE_MREQ_SOURCE },
	{ SOL_IP, IP_DROP_SOURCE_MEMBERSHIP, SHAPE_MREQ_SOURCE },
	{ SOL_IP, IP_BLOCK_SOURCE, SHAPE_MREQ_SOURCE },
	{ SOL_IP, IP_UNBLOCK_SOURCE, SHAPE_MREQ_SOURCE },
	{ SOL_TCP, TCP_INFO, SHAPE_TCP_INFO },
	{ SOL_TCP, TCP_CONGESTION, SHAPE_STRING },
	{ SOL_TCP, TCP_ULP, SHAPE_STRING },
	{ SOL_RAW, 1, SHAPE_HEX }, /* ICMP_FILTER */
	{ SOL_PACKET, 1, SHAPE_PACKET_MREQ }, /* PACKET_ADD_MEMBERSHIP */
	{ SOL_PACKET, 2, SHAPE_PACKET_MREQ }, /* PACKET_DROP_MEMBERSHIP */
	{ SOL_PACKET, 6, SHAPE_TPACKET_STATS }, /* PACKET_STATISTICS */
};

enum shape option_shape(int level, int option)
{
	size_t i;

	for (i = 0; i < COUNT(options); i++)
		if (options[i].level == level && options[i].option == option)
			return options[i].shape;
	return SHAPE_NONE;
}

void text_optval(struct text *t, int level, int option, const void *p,
		 size_t len, size_t full, bool i386)
{
	enum shape shape = option_shape(level, option);

	/* An interface can be told by its address alone. */
	if (shape == SHAPE_IP4 && full > 4)
		shape = SHAPE_MREQ;
	if (shape == SHAPE_NONE && full == 1)
		text_printf(t, "[%u]", *(const unsigned char *)p);
	else if (shape == SHAPE_NONE && full == 4)
		text_shape(t, SHAPE_INT, p, len, i386);
	else if (shape == SHAPE_NONE)
		text_quoted(t, p, len, full > len);
	else
		text_shape(t, shape, p, len, i386);
}

static const struct {
	int level, type;
	const char *name;
	enum shape shape;
} messages[] = {
	{ SOL_SOCKET, SCM_RIGHTS, "SCM_RIGHTS", SHAPE_FDS },
	{ SOL_SOCKET, SCM_CREDENTIALS, "SCM_CREDENTIALS", SHAPE_UCRED },
	{ SOL_SOCKET, 29, "SCM_TIMESTAMP", SHAPE_TIMEVAL },
	{ SOL_SOCKET, 35, "SCM_TIMESTAMPNS", SHAPE_TIMESPEC },
	{ SOL_SOCKET, 37, "SCM_TIMESTAMPING", SHAPE_TIMESPECS },
	{ SOL_SOCKET, SO_TIMESTAMP_NEW, "SCM_TIMESTAMP", SHAPE_TIMEVAL64 },
	{ SOL_SOCKET, SO_TIMESTAMPNS_NEW, "SCM_TIMESTAMPNS", SHAPE_TIMESPEC64 },
	{ SOL_SOCKET, SO_TIMESTAMPING_NEW, "SCM_TIMESTAMPING",
	  SHAPE_TIMESPECS64 },
	{ SOL_SOCKET, SO_RXQ_OVFL, "SO_RXQ_OVFL", SHAPE_INT },
	{ SOL_SOCKET, SO_MARK, "SO_MARK", SHAPE_INT },
	{ SOL_SOCKET, SO_TXTIME, "SCM_TXTIME", SHAPE_U64 },
	{ SOL_IP, IP_PKTINFO, "IP_PKTINFO", SHAPE_PKTINFO },
	{ SOL_IP, IP_TTL, "IP_TTL", SHAPE_INT },
	{ SOL_IP, IP_TOS, "IP_TOS", SHAPE_NONE },
	{ SOL_IP, IP_RECVERR, "IP_RECVERR", SHAPE_EXTERR },
	{ SOL_IP, IP_ORIGDSTADDR, "IP_ORIGDSTADDR", SHAPE_SOCKADDR },
	{ SOL_IP, IP_RECVFRAGSIZE, "IP_RECVFRAGSIZE", SHAPE_INT },
	{ SOL_IP, IP_RETOPTS, "IP_RETOPTS", SHAPE_NONE },
	{ SOL_UDP, UDP_SEGMENT, "UDP_SEGMENT", SHAPE_NONE },
	{ SOL_UDP, UDP_GRO, "UDP_GRO", SHAPE_INT },
	{ SOL_TCP, TCP_CM_INQ, "TCP_CM_INQ", SHAPE_INT },
	{ SOL_PACKET, 8, "PACKET_AUXDATA", SHAPE_AUXDATA },
	{ SOL_NETLINK, 3, "NETLINK_PKTINFO", SHAPE_INT },
};

static void message_text(struct text *t, int level, int type,
			 const unsigned char *p, size_t len, size_t full,
			 bool i386)
{
	enum shape shape = SHAPE_NONE;
	const char *name = NULL;
	size_t i;

	for (i = 0; !name && i < COUNT(messages); i++) {
		if (messages[i].level != level || messages[i].type != type)
			continue;
		name = messages[i].name;
		shape = messages[i].shape;
	}
	if (name) {
		text_str(t, name);
	} else {
		text_name(t, NAMES_LEVEL, level);
		text_printf(t, "/%d", type);
	}
	text_char(t, ' ');
	if (shape)
		text_shape(t, shape, p, len, i386);
	else
		text_optval(t, -1, -1, p, len, full, i386);
	if (len < full && shape)
		text_str(t, "...");
}

void text_control(struct text *t, const void *control, size_t len, size_t full,
		  bool i386)
{
	size_t word = i386 ? 4 : 8, head = word + 8, at = 0;
	const unsigned char *p = control;
	const char *sep = "";
	int32_t what[2];
	uint64_t n;

	text_char(t, '[');
	while (at + head <= len) {
		n = 0;
		memcpy(&n, p + at, word);
		memcpy(what, p + at + word, sizeof(what));
		if (n < head || n > full - at)
			break;
		text_str(t, sep);
		message_text(t, what[0], what[1], p + at + head,
			     (n < len - at ? n : len - at) - head, n - head,
			     i386);
		sep = ", ";
		at += (n + word - 1) / word * word;
	}
	if (at < full && at + head > len && full - at >= head)
		text_printf(t, "%s...", sep);
	text_char(t, ']');
}

/* Both in order of use. An unknown one has its argument as a number. */
static const struct request ioctls[] = {
	{ FIONREAD, 0, SHAPE_INT, VALUE_ADDRESS },
	{ TIOCOUTQ, 0, SHAPE_INT, VALUE_ADDRESS },
	{ FIONBIO, SHAPE_INT, 0, VALUE_ADDRESS },
	{ FIOASYNC, SHAPE_INT, 0, VALUE_ADDRESS },
	{ FIOCLEX, 0, 0, VALUE_UNUSED },
	{ FIONCLEX, 0, 0, VALUE_UNUSED },
	{ FIOSETOWN, SHAPE_INT, 0, VALUE_ADDRESS },
	{ FIOGETOWN, 0, SHAPE_INT, VALUE_ADDRESS },
	{ SIOCSPGRP, SHAPE_INT, 0, VALUE_ADDRESS },
	{ SIOCGPGRP, 0, SHAPE_INT, VALUE_ADDRESS },
	{ SIOCATMARK, 0, SHAPE_INT, VALUE_ADDRESS },
	{ SIOCGSTAMP_OLD, 0, SHAPE_TIMEVAL, VALUE_ADDRESS },
	{ SIOCGSTAMPNS_OLD, 0, SHAPE_TIMESPEC, VALUE_ADDRESS },
	{ 0x80108906, 0, SHAPE_TIMEVAL64, VALUE_ADDRESS },
	{ 0x80108907, 0, SHAPE_TIMESPEC64, VALUE_ADDRESS },
	{ SIOCGIFCONF, SHAPE_IFCONF, SHAPE_IFCONF, VALUE_ADDRESS },
	{ SIOCGIFNAME, SHAPE_IFREQ_INT, SHAPE_IFREQ_INT, VALUE_ADDRESS },
	{ SIOCGIFFLAGS, SHAPE_IFNAME, SHAPE_IFREQ_FLAGS, VALUE_ADDRESS },
	{ SIOCSIFFLAGS, SHAPE_IFREQ_FLAGS, 0, VALUE_ADDRESS },
	{ SIOCGIFADDR, SHAPE_IFNAME, SHAPE_IFREQ_ADDR, VALUE_ADDRESS },
	{ SIOCSIFADDR, SHAPE_IFREQ_ADDR, 0, VALUE_ADDRESS },
	{ SIOCGIFDSTADDR, SHAPE_IFNAME, SHAPE_IFREQ_ADDR, VALUE_ADDRESS },
	{ SIOCSIFDSTADDR, SHAPE_IFREQ_ADDR, 0, VALUE_ADDRESS },
	{ SIOCGIFBRDADDR, SHAPE_IFNAME, SHAPE_IFREQ_ADDR, VALUE_ADDRESS },
	{ SIOCSIFBRDADDR, SHAPE_IFREQ_ADDR, 0, VALUE_ADDRESS },
	{ SIOCGIFNETMASK, SHAPE_IFNAME, SHAPE_IFREQ_ADDR, VALUE_ADDRESS },
	{ SIOCSIFNETMASK, SHAPE_IFREQ_ADDR, 0, VALUE_ADDRESS },
	{ SIOCGIFMETRIC, SHAPE_IFNAME, SHAPE_IFREQ_INT, VALUE_ADDRESS },
	{ SIOCGIFMTU, SHAPE_IFNAME, SHAPE_IFREQ_INT, VALUE_ADDRESS },
	{ SIOCSIFMTU, SHAPE_IFREQ_INT, 0, VALUE_ADDRESS },
	{ SIOCGIFINDEX, SHAPE_IFNAME, SHAPE_IFREQ_INT, VALUE_ADDRESS },
	{ SIOCGIFTXQLEN, SHAPE_IFNAME, SHAPE_IFREQ_INT, VALUE_ADDRESS },
	{ SIOCSIFTXQLEN, SHAPE_IFREQ_INT, 0, VALUE_ADDRESS },
	{ SIOCGIFHWADDR, SHAPE_IFNAME, SHAPE_IFREQ_HW, VALUE_ADDRESS },
	{ SIOCSIFHWADDR, SHAPE_IFREQ_HW, 0, VALUE_ADDRESS },
	{ SIOCGIFMAP, SHAPE_IFNAME, 0, VALUE_ADDRESS },
	{ SIOCETHTOOL, SHAPE_IFNAME, 0, VALUE_ADDRESS },
	{ SIOCADDRT, SHAPE_RTENTRY, 0, VALUE_ADDRESS },
	{ SIOCDELRT, SHAPE_RTENTRY, 0, VALUE_ADDRESS },
	{ SIOCGARP, SHAPE_ARPREQ, SHAPE_ARPREQ, VALUE_ADDRESS },
	{ SIOCSARP, SHAPE_ARPREQ, 0, VALUE_ADDRESS },
	{ SIOCDARP, SHAPE_ARPREQ, 0, VALUE_ADDRESS },
};

static const struct request fcntls[] = {
	{ F_GETFD, 0, 0, VALUE_UNUSED },
	{ F_SETFD, 0, 0, VALUE_FD_FLAGS },
	{ F_GETFL, 0, 0, VALUE_UNUSED },
	{ F_SETFL, 0, 0, VALUE_OPEN_FLAGS },
	{ F_DUPFD, 0, 0, VALUE_NUMBER },
	{ F_DUPFD_CLOEXEC, 0, 0, VALUE_NUMBER },
	{ F_GETOWN, 0, 0, VALUE_UNUSED },
	{ F_SETOWN, 0, 0, VALUE_NUMBER },
	{ F_GETOWN_EX, 0, SHAPE_OWNER_EX, VALUE_ADDRESS },
	{ F_SETOWN_EX, SHAPE_OWNER_EX, 0, VALUE_ADDRESS },
	{ F_GETSIG, 0, 0, VALUE_UNUSED },
	{ F_SETSIG, 0, 0, VALUE_SIGNAL },
	{ F_GETLK, SHAPE_FLOCK, 0, VALUE_ADDRESS },
	{ 6 /* F_SETLK */, SHAPE_FLOCK, 0, VALUE_ADDRESS },
	{ 7 /* F_SETLKW */, SHAPE_FLOCK, 0, VALUE_ADDRESS },
	{ 12 /* F_GETLK64 */, SHAPE_FLOCK64, 0, VALUE_ADDRESS },
	{ 13 /* F_SETLK64 */, SHAPE_FLOCK64, 0, VALUE_ADDRESS },
	{ 14 /* F_SETLKW64 */, SHAPE_FLOCK64, 0, VALUE_ADDRESS },
};

static const struct request *find(const struct request *r, size_t n,
				  uint32_t cmd)
{
	for (; n; r++, n--)
		if (r->cmd == cmd)
			return r;
	return NULL;
}

const struct request *ioctl_request(uint32_t cmd)
{
	return find(ioctls, COUNT(ioctls), cmd);
}

const struct request *fcntl_request(uint32_t cmd)
{
	return find(fcntls, COUNT(fcntls), cmd);
}
