/* SPDX-License-Identifier: MIT */
/*
 * Tables of names. A row is a number and what programs call it. linux/ headers
 * give the numbers; those that they leave to libc are in uapi/socket.h.
 */
#include "trace/out/names.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/udp.h>
#include <stdbool.h>
#include <string.h>

#include "uapi/socket.h"
#include "uapi/tcp.h"

struct name {
	int64_t value;
	const char *name;
};

struct table {
	const struct name *rows;
	bool flags; /* a sum of bits; a row of several bits is a field */
};

#define ROW(x)        \
	{             \
		x, #x \
	}
#define END             \
	{               \
		0, NULL \
	}

static const struct name families[] = {
	ROW(AF_UNSPEC),	    ROW(AF_UNIX),	    ROW(AF_INET),
	{ 3, "AF_AX25" },   { 4, "AF_IPX" },	    ROW(AF_INET6),
	ROW(AF_NETLINK),    ROW(AF_PACKET),	    { 29, "AF_CAN" },
	{ 30, "AF_TIPC" },  { 31, "AF_BLUETOOTH" }, { 38, "AF_ALG" },
	{ 40, "AF_VSOCK" }, { 44, "AF_XDP" },	    END
};

static const struct name types[] = { ROW(SOCK_STREAM),	  ROW(SOCK_DGRAM),
				     ROW(SOCK_RAW),	  ROW(SOCK_RDM),
				     ROW(SOCK_SEQPACKET), ROW(SOCK_DCCP),
				     ROW(SOCK_PACKET),	  END };

static const struct name protocols[] = {
	ROW(IPPROTO_IP),     ROW(IPPROTO_ICMP),	       ROW(IPPROTO_IGMP),
	ROW(IPPROTO_TCP),    ROW(IPPROTO_UDP),	       ROW(IPPROTO_IPV6),
	ROW(IPPROTO_GRE),    ROW(IPPROTO_ESP),	       ROW(IPPROTO_AH),
	ROW(IPPROTO_ICMPV6), ROW(IPPROTO_SCTP),	       ROW(IPPROTO_UDPLITE),
	ROW(IPPROTO_RAW),    { 262, "IPPROTO_MPTCP" }, END
};

static const struct name levels[] = { ROW(SOL_SOCKET),	    ROW(SOL_IP),
				      ROW(SOL_TCP),	    ROW(SOL_UDP),
				      ROW(SOL_IPV6),	    ROW(SOL_RAW),
				      ROW(SOL_PACKET),	    ROW(SOL_NETLINK),
				      { 58, "SOL_ICMPV6" }, END };

static const struct name msg_flags[] = { ROW(MSG_OOB),
					 ROW(MSG_PEEK),
					 ROW(MSG_DONTROUTE),
					 ROW(MSG_CTRUNC),
					 ROW(MSG_PROBE),
					 ROW(MSG_TRUNC),
					 ROW(MSG_DONTWAIT),
					 ROW(MSG_EOR),
					 ROW(MSG_WAITALL),
					 ROW(MSG_FIN),
					 ROW(MSG_SYN),
					 ROW(MSG_CONFIRM),
					 ROW(MSG_RST),
					 ROW(MSG_ERRQUEUE),
					 ROW(MSG_NOSIGNAL),
					 ROW(MSG_MORE),
					 ROW(MSG_WAITFORONE),
					 ROW(MSG_BATCH),
					 ROW(MSG_ZEROCOPY),
					 ROW(MSG_FASTOPEN),
					 ROW(MSG_CMSG_CLOEXEC),
					 ROW(MSG_CMSG_COMPAT),
					 END };

static const struct name hows[] = { ROW(SHUT_RD), ROW(SHUT_WR), ROW(SHUT_RDWR),
				    END };

static const struct name fcntls[] = { ROW(F_DUPFD),	    ROW(F_GETFD),
				      ROW(F_SETFD),	    ROW(F_GETFL),
				      ROW(F_SETFL),	    ROW(F_GETLK),
				      ROW(F_SETOWN),	    ROW(F_GETOWN),
				      ROW(F_SETSIG),	    ROW(F_GETSIG),
				      ROW(F_SETOWN_EX),	    ROW(F_GETOWN_EX),
				      ROW(F_DUPFD_CLOEXEC), END };

static const struct name ioctls[] = { ROW(FIONREAD),
				      ROW(FIONBIO),
				      ROW(FIOASYNC),
				      ROW(FIOCLEX),
				      ROW(FIONCLEX),
				      ROW(TIOCOUTQ),
				      ROW(FIOSETOWN),
				      ROW(FIOGETOWN),
				      ROW(SIOCSPGRP),
				      ROW(SIOCGPGRP),
				      ROW(SIOCATMARK),
				      ROW(SIOCADDRT),
				      ROW(SIOCDELRT),
				      ROW(SIOCGIFNAME),
				      ROW(SIOCGIFCONF),
				      ROW(SIOCGIFFLAGS),
				      ROW(SIOCSIFFLAGS),
				      ROW(SIOCGIFADDR),
				      ROW(SIOCSIFADDR),
				      ROW(SIOCGIFDSTADDR),
				      ROW(SIOCSIFDSTADDR),
				      ROW(SIOCGIFBRDADDR),
				      ROW(SIOCSIFBRDADDR),
				      ROW(SIOCGIFNETMASK),
				      ROW(SIOCSIFNETMASK),
				      ROW(SIOCGIFMETRIC),
				      ROW(SIOCGIFMTU),
				      ROW(SIOCSIFMTU),
				      ROW(SIOCGIFHWADDR),
				      ROW(SIOCSIFHWADDR),
				      ROW(SIOCGIFINDEX),
				      ROW(SIOCGIFTXQLEN),
				      ROW(SIOCSIFTXQLEN),
				      ROW(SIOCETHTOOL),
				      ROW(SIOCGARP),
				      ROW(SIOCSARP),
				      ROW(SIOCDARP),
				      ROW(SIOCGIFMAP),
				      ROW(SIOCGSTAMP_OLD),
				      ROW(SIOCGSTAMPNS_OLD),
				      { 0x80108906, "SIOCGSTAMP_NEW" },
				      { 0x80108907, "SIOCGSTAMPNS_NEW" },
				      END };

static const struct name open_flags[] = { { 1, "O_WRONLY" },
					  { 2, "O_RDWR" },
					  ROW(O_NONBLOCK),
					  { FASYNC, "O_ASYNC" },
					  ROW(O_CLOEXEC),
					  { 0100, "O_CREAT" },
					  { 0200, "O_EXCL" },
					  { 0400, "O_NOCTTY" },
					  { 01000, "O_TRUNC" },
					  { 02000, "O_APPEND" },
					  { 04010000, "O_SYNC" },
					  { 010000, "O_DSYNC" },
					  { 040000, "O_DIRECT" },
					  { 0100000, "O_LARGEFILE" },
					  { 020200000, "O_TMPFILE" },
					  { 0200000, "O_DIRECTORY" },
					  { 0400000, "O_NOFOLLOW" },
					  { 01000000, "O_NOATIME" },
					  { 010000000, "O_PATH" },
					  END };

static const struct name access_modes[] = { ROW(O_RDONLY), ROW(O_WRONLY),
					    ROW(O_RDWR), END };

static const struct name fd_flags[] = { ROW(FD_CLOEXEC), END };

static const struct name poll_flags[] = { { EPOLLIN, "POLLIN" },
					  { EPOLLPRI, "POLLPRI" },
					  { EPOLLOUT, "POLLOUT" },
					  { EPOLLERR, "POLLERR" },
					  { EPOLLHUP, "POLLHUP" },
					  { EPOLLNVAL, "POLLNVAL" },
					  { EPOLLRDNORM, "POLLRDNORM" },
					  { EPOLLRDBAND, "POLLRDBAND" },
					  { EPOLLWRNORM, "POLLWRNORM" },
					  { EPOLLWRBAND, "POLLWRBAND" },
					  { EPOLLMSG, "POLLMSG" },
					  { EPOLLRDHUP, "POLLRDHUP" },
					  END };

static const struct name epoll_flags[] = { ROW(EPOLLIN),
					   ROW(EPOLLPRI),
					   ROW(EPOLLOUT),
					   ROW(EPOLLERR),
					   ROW(EPOLLHUP),
					   ROW(EPOLLRDNORM),
					   ROW(EPOLLRDBAND),
					   ROW(EPOLLWRNORM),
					   ROW(EPOLLWRBAND),
					   ROW(EPOLLMSG),
					   ROW(EPOLLRDHUP),
					   { 1 << 28, "EPOLLEXCLUSIVE" },
					   { 1 << 29, "EPOLLWAKEUP" },
					   { 1 << 30, "EPOLLONESHOT" },
					   ROW(EPOLLET),
					   END };

static const struct name sock_flags[] = { ROW(SOCK_NONBLOCK), ROW(SOCK_CLOEXEC),
					  END };

static const struct name epoll_create_flags[] = {
	{ O_CLOEXEC, "EPOLL_CLOEXEC" }, END
};

static const struct name epoll_ops[] = { { 1, "EPOLL_CTL_ADD" },
					 { 2, "EPOLL_CTL_DEL" },
					 { 3, "EPOLL_CTL_MOD" },
					 END };

static const struct name whences[] = { { 0, "SEEK_SET" },  { 1, "SEEK_CUR" },
				       { 2, "SEEK_END" },  { 3, "SEEK_DATA" },
				       { 4, "SEEK_HOLE" }, END };

static const struct name rw_flags[] = {
	{ 1, "RWF_HIPRI" },  { 2, "RWF_DSYNC" },   { 4, "RWF_SYNC" },
	{ 8, "RWF_NOWAIT" }, { 16, "RWF_APPEND" }, END
};

static const struct name splice_flags[] = { { 1, "SPLICE_F_MOVE" },
					    { 2, "SPLICE_F_NONBLOCK" },
					    { 4, "SPLICE_F_MORE" },
					    { 8, "SPLICE_F_GIFT" },
					    END };

static const struct name close_range_flags[] = { { 2, "CLOSE_RANGE_UNSHARE" },
						 { 4, "CLOSE_RANGE_CLOEXEC" },
						 END };

static const struct name owners[] = {
	{ 0, "F_OWNER_TID" }, { 1, "F_OWNER_PID" }, { 2, "F_OWNER_PGRP" }, END
};

static const struct name pmtudiscs[] = { ROW(IP_PMTUDISC_DONT),
					 ROW(IP_PMTUDISC_WANT),
					 ROW(IP_PMTUDISC_DO),
					 ROW(IP_PMTUDISC_PROBE),
					 ROW(IP_PMTUDISC_INTERFACE),
					 ROW(IP_PMTUDISC_OMIT),
					 END };

static const struct name stamps[] = {
	ROW(SOF_TIMESTAMPING_TX_HARDWARE), ROW(SOF_TIMESTAMPING_TX_SOFTWARE),
	ROW(SOF_TIMESTAMPING_RX_HARDWARE), ROW(SOF_TIMESTAMPING_RX_SOFTWARE),
	ROW(SOF_TIMESTAMPING_SOFTWARE),	   ROW(SOF_TIMESTAMPING_RAW_HARDWARE),
	ROW(SOF_TIMESTAMPING_OPT_ID),	   ROW(SOF_TIMESTAMPING_TX_SCHED),
	ROW(SOF_TIMESTAMPING_TX_ACK),	   ROW(SOF_TIMESTAMPING_OPT_CMSG),
	ROW(SOF_TIMESTAMPING_OPT_TSONLY),  END
};

static const struct name iff_flags[] = { { 0x1, "IFF_UP" },
					 { 0x2, "IFF_BROADCAST" },
					 { 0x4, "IFF_DEBUG" },
					 { 0x8, "IFF_LOOPBACK" },
					 { 0x10, "IFF_POINTOPOINT" },
					 { 0x40, "IFF_RUNNING" },
					 { 0x80, "IFF_NOARP" },
					 { 0x100, "IFF_PROMISC" },
					 { 0x200, "IFF_ALLMULTI" },
					 { 0x1000, "IFF_MULTICAST" },
					 END };

static const struct name netlinks[] = {
	ROW(NETLINK_ROUTE),	     ROW(NETLINK_USERSOCK),
	ROW(NETLINK_SOCK_DIAG),	     ROW(NETLINK_XFRM),
	ROW(NETLINK_SELINUX),	     ROW(NETLINK_AUDIT),
	ROW(NETLINK_CONNECTOR),	     ROW(NETLINK_NETFILTER),
	ROW(NETLINK_KOBJECT_UEVENT), ROW(NETLINK_GENERIC),
	ROW(NETLINK_CRYPTO),	     END
};

static const struct name ethertypes[] = { ROW(ETH_P_ALL),   ROW(ETH_P_IP),
					  ROW(ETH_P_ARP),   ROW(ETH_P_IPV6),
					  ROW(ETH_P_8021Q), END };

static const struct name sockcalls[] = { { 1, "SYS_SOCKET" },
					 { 2, "SYS_BIND" },
					 { 3, "SYS_CONNECT" },
					 { 4, "SYS_LISTEN" },
					 { 5, "SYS_ACCEPT" },
					 { 6, "SYS_GETSOCKNAME" },
					 { 7, "SYS_GETPEERNAME" },
					 { 8, "SYS_SOCKETPAIR" },
					 { 9, "SYS_SEND" },
					 { 10, "SYS_RECV" },
					 { 11, "SYS_SENDTO" },
					 { 12, "SYS_RECVFROM" },
					 { 13, "SYS_SHUTDOWN" },
					 { 14, "SYS_SETSOCKOPT" },
					 { 15, "SYS_GETSOCKOPT" },
					 { 16, "SYS_SENDMSG" },
					 { 17, "SYS_RECVMSG" },
					 { 18, "SYS_ACCEPT4" },
					 { 19, "SYS_RECVMMSG" },
					 { 20, "SYS_SENDMMSG" },
					 END };

static const struct name states[] = { { 1, "ESTABLISHED" },
				      { 2, "SYN_SENT" },
				      { 3, "SYN_RECV" },
				      { 4, "FIN_WAIT1" },
				      { 5, "FIN_WAIT2" },
				      { 6, "TIME_WAIT" },
				      { 7, "CLOSE" },
				      { 8, "CLOSE_WAIT" },
				      { 9, "LAST_ACK" },
				      { 10, "LISTEN" },
				      { 11, "CLOSING" },
				      { 12, "NEW_SYN_RECV" },
				      END };

static const struct name socket_states[] = {
	{ 0, "SS_FREE" },	   { 1, "SS_UNCONNECTED" },
	{ 2, "SS_CONNECTING" },	   { 3, "SS_CONNECTED" },
	{ 4, "SS_DISCONNECTING" }, END
};

static const struct table tables[] = {
	[NAMES_FAMILY] = { families, false },
	[NAMES_TYPE] = { types, false },
	[NAMES_PROTOCOL] = { protocols, false },
	[NAMES_LEVEL] = { levels, false },
	[NAMES_MSG] = { msg_flags, true },
	[NAMES_HOW] = { hows, false },
	[NAMES_FCNTL] = { fcntls, false },
	[NAMES_IOCTL] = { ioctls, false },
	[NAMES_OPEN] = { open_flags, true },
	[NAMES_ACCESS] = { access_modes, false },
	[NAMES_FD] = { fd_flags, true },
	[NAMES_POLL] = { poll_flags, true },
	[NAMES_EPOLL] = { epoll_flags, true },
	[NAMES_SOCKFLAGS] = { sock_flags, true },
	[NAMES_EPOLL_CREATE] = { epoll_create_flags, true },
	[NAMES_EPOLL_OP] = { epoll_ops, false },
	[NAMES_WHENCE] = { whences, false },
	[NAMES_RWF] = { rw_flags, true },
	[NAMES_SPLICE] = { splice_flags, true },
	[NAMES_CLOSE_RANGE] = { close_range_flags, true },
	[NAMES_OWNER] = { owners, false },
	[NAMES_PMTUDISC] = { pmtudiscs, false },
	[NAMES_STAMPS] = { stamps, true },
	[NAMES_IFF] = { iff_flags, true },
	[NAMES_NETLINK] = { netlinks, false },
	[NAMES_ETHERTYPE] = { ethertypes, false },
	[NAMES_SOCKCALL] = { sockcalls, false },
	[NAMES_STATE] = { states, false },
	[NAMES_SOCKET_STATE] = { socket_states, false },
};

_Static_assert(sizeof(tables) / sizeof(tables[0]) == NAMES_MAX, "enum names");

static const struct name so_options[] = { ROW(SO_DEBUG),
					  ROW(SO_REUSEADDR),
					  ROW(SO_TYPE),
					  ROW(SO_ERROR),
					  ROW(SO_DONTROUTE),
					  ROW(SO_BROADCAST),
					  ROW(SO_SNDBUF),
					  ROW(SO_RCVBUF),
					  ROW(SO_KEEPALIVE),
					  ROW(SO_OOBINLINE),
					  ROW(SO_NO_CHECK),
					  ROW(SO_PRIORITY),
					  ROW(SO_LINGER),
					  ROW(SO_BSDCOMPAT),
					  ROW(SO_REUSEPORT),
					  ROW(SO_PASSCRED),
					  ROW(SO_PEERCRED),
					  ROW(SO_RCVLOWAT),
					  ROW(SO_SNDLOWAT),
					  { 20, "SO_RCVTIMEO" },
					  { 21, "SO_SNDTIMEO" },
					  ROW(SO_BINDTODEVICE),
					  ROW(SO_ATTACH_FILTER),
					  ROW(SO_DETACH_FILTER),
					  ROW(SO_PEERNAME),
					  { 29, "SO_TIMESTAMP" },
					  ROW(SO_ACCEPTCONN),
					  ROW(SO_PEERSEC),
					  ROW(SO_SNDBUFFORCE),
					  ROW(SO_RCVBUFFORCE),
					  ROW(SO_PASSSEC),
					  { 35, "SO_TIMESTAMPNS" },
					  ROW(SO_MARK),
					  { 37, "SO_TIMESTAMPING" },
					  ROW(SO_PROTOCOL),
					  ROW(SO_DOMAIN),
					  ROW(SO_RXQ_OVFL),
					  ROW(SO_WIFI_STATUS),
					  ROW(SO_PEEK_OFF),
					  ROW(SO_NOFCS),
					  ROW(SO_LOCK_FILTER),
					  ROW(SO_SELECT_ERR_QUEUE),
					  ROW(SO_BUSY_POLL),
					  ROW(SO_MAX_PACING_RATE),
					  ROW(SO_BPF_EXTENSIONS),
					  ROW(SO_INCOMING_CPU),
					  ROW(SO_ATTACH_BPF),
					  ROW(SO_ATTACH_REUSEPORT_CBPF),
					  ROW(SO_ATTACH_REUSEPORT_EBPF),
					  ROW(SO_CNX_ADVICE),
					  ROW(SO_MEMINFO),
					  ROW(SO_INCOMING_NAPI_ID),
					  ROW(SO_COOKIE),
					  ROW(SO_PEERGROUPS),
					  ROW(SO_ZEROCOPY),
					  ROW(SO_TXTIME),
					  ROW(SO_BINDTOIFINDEX),
					  ROW(SO_TIMESTAMP_NEW),
					  ROW(SO_TIMESTAMPNS_NEW),
					  ROW(SO_TIMESTAMPING_NEW),
					  ROW(SO_RCVTIMEO_NEW),
					  ROW(SO_SNDTIMEO_NEW),
					  ROW(SO_DETACH_REUSEPORT_BPF),
					  ROW(SO_PREFER_BUSY_POLL),
					  ROW(SO_BUSY_POLL_BUDGET),
					  ROW(SO_NETNS_COOKIE),
					  ROW(SO_BUF_LOCK),
					  ROW(SO_RESERVE_MEM),
					  ROW(SO_TXREHASH),
					  { 75, "SO_RCVMARK" },
					  { 76, "SO_PASSPIDFD" },
					  { 77, "SO_PEERPIDFD" },
					  { 82, "SO_RCVPRIORITY" },
					  { 83, "SO_PASSRIGHTS" },
					  END };

static const struct name ip_options[] = { ROW(IP_TOS),
					  ROW(IP_TTL),
					  ROW(IP_HDRINCL),
					  ROW(IP_OPTIONS),
					  ROW(IP_ROUTER_ALERT),
					  ROW(IP_RECVOPTS),
					  ROW(IP_RETOPTS),
					  ROW(IP_PKTINFO),
					  ROW(IP_PKTOPTIONS),
					  ROW(IP_MTU_DISCOVER),
					  ROW(IP_RECVERR),
					  ROW(IP_RECVTTL),
					  ROW(IP_RECVTOS),
					  ROW(IP_MTU),
					  ROW(IP_FREEBIND),
					  ROW(IP_TRANSPARENT),
					  ROW(IP_RECVORIGDSTADDR),
					  ROW(IP_MINTTL),
					  ROW(IP_NODEFRAG),
					  ROW(IP_CHECKSUM),
					  ROW(IP_BIND_ADDRESS_NO_PORT),
					  ROW(IP_RECVFRAGSIZE),
					  ROW(IP_RECVERR_RFC4884),
					  ROW(IP_MULTICAST_IF),
					  ROW(IP_MULTICAST_TTL),
					  ROW(IP_MULTICAST_LOOP),
					  ROW(IP_ADD_MEMBERSHIP),
					  ROW(IP_DROP_MEMBERSHIP),
					  ROW(IP_UNBLOCK_SOURCE),
					  ROW(IP_BLOCK_SOURCE),
					  ROW(IP_ADD_SOURCE_MEMBERSHIP),
					  ROW(IP_DROP_SOURCE_MEMBERSHIP),
					  ROW(IP_MSFILTER),
					  ROW(MCAST_JOIN_GROUP),
					  ROW(MCAST_BLOCK_SOURCE),
					  ROW(MCAST_UNBLOCK_SOURCE),
					  ROW(MCAST_LEAVE_GROUP),
					  ROW(MCAST_JOIN_SOURCE_GROUP),
					  ROW(MCAST_LEAVE_SOURCE_GROUP),
					  ROW(MCAST_MSFILTER),
					  ROW(IP_MULTICAST_ALL),
					  ROW(IP_UNICAST_IF),
					  END };

static const struct name tcp_options[] = { ROW(TCP_NODELAY),
					   ROW(TCP_MAXSEG),
					   ROW(TCP_CORK),
					   ROW(TCP_KEEPIDLE),
					   ROW(TCP_KEEPINTVL),
					   ROW(TCP_KEEPCNT),
					   ROW(TCP_SYNCNT),
					   ROW(TCP_LINGER2),
					   ROW(TCP_DEFER_ACCEPT),
					   ROW(TCP_WINDOW_CLAMP),
					   ROW(TCP_INFO),
					   ROW(TCP_QUICKACK),
					   ROW(TCP_CONGESTION),
					   ROW(TCP_MD5SIG),
					   ROW(TCP_THIN_LINEAR_TIMEOUTS),
					   ROW(TCP_THIN_DUPACK),
					   ROW(TCP_USER_TIMEOUT),
					   ROW(TCP_REPAIR),
					   ROW(TCP_FASTOPEN),
					   ROW(TCP_TIMESTAMP),
					   ROW(TCP_NOTSENT_LOWAT),
					   ROW(TCP_CC_INFO),
					   ROW(TCP_SAVE_SYN),
					   ROW(TCP_SAVED_SYN),
					   ROW(TCP_FASTOPEN_CONNECT),
					   ROW(TCP_ULP),
					   ROW(TCP_FASTOPEN_KEY),
					   ROW(TCP_FASTOPEN_NO_COOKIE),
					   ROW(TCP_ZEROCOPY_RECEIVE),
					   ROW(TCP_INQ),
					   ROW(TCP_TX_DELAY),
					   ROW(TCP_IS_MPTCP),
					   ROW(TCP_RTO_MAX_MS),
					   ROW(TCP_RTO_MIN_US),
					   ROW(TCP_DELACK_MAX_US),
					   END };

static const struct name udp_options[] = { ROW(UDP_CORK),
					   ROW(UDP_ENCAP),
					   ROW(UDP_NO_CHECK6_TX),
					   ROW(UDP_NO_CHECK6_RX),
					   ROW(UDP_SEGMENT),
					   ROW(UDP_GRO),
					   END };

static const struct name ipv6_options[] = { ROW(IPV6_UNICAST_HOPS),
					    ROW(IPV6_MULTICAST_IF),
					    ROW(IPV6_MULTICAST_HOPS),
					    ROW(IPV6_MULTICAST_LOOP),
					    ROW(IPV6_ADD_MEMBERSHIP),
					    ROW(IPV6_MTU_DISCOVER),
					    ROW(IPV6_MTU),
					    ROW(IPV6_RECVERR),
					    ROW(IPV6_V6ONLY),
					    ROW(IPV6_RECVPKTINFO),
					    ROW(IPV6_PKTINFO),
					    ROW(IPV6_RECVHOPLIMIT),
					    ROW(IPV6_HOPLIMIT),
					    ROW(IPV6_RECVTCLASS),
					    ROW(IPV6_TCLASS),
					    ROW(IPV6_DONTFRAG),
					    END };

static const struct name raw_options[] = { { 1, "ICMP_FILTER" }, END };

static const struct name packet_options[] = {
	ROW(PACKET_ADD_MEMBERSHIP),  ROW(PACKET_DROP_MEMBERSHIP),
	ROW(PACKET_RX_RING),	     ROW(PACKET_STATISTICS),
	ROW(PACKET_COPY_THRESH),     ROW(PACKET_AUXDATA),
	ROW(PACKET_ORIGDEV),	     ROW(PACKET_VERSION),
	ROW(PACKET_HDRLEN),	     ROW(PACKET_RESERVE),
	ROW(PACKET_TX_RING),	     ROW(PACKET_LOSS),
	ROW(PACKET_VNET_HDR),	     ROW(PACKET_TX_TIMESTAMP),
	ROW(PACKET_TIMESTAMP),	     ROW(PACKET_FANOUT),
	ROW(PACKET_TX_HAS_OFF),	     ROW(PACKET_QDISC_BYPASS),
	ROW(PACKET_ROLLOVER_STATS),  ROW(PACKET_FANOUT_DATA),
	ROW(PACKET_IGNORE_OUTGOING), END
};

static const struct name netlink_options[] = { ROW(NETLINK_ADD_MEMBERSHIP),
					       ROW(NETLINK_DROP_MEMBERSHIP),
					       ROW(NETLINK_PKTINFO),
					       ROW(NETLINK_BROADCAST_ERROR),
					       ROW(NETLINK_NO_ENOBUFS),
					       ROW(NETLINK_LISTEN_ALL_NSID),
					       ROW(NETLINK_LIST_MEMBERSHIPS),
					       ROW(NETLINK_CAP_ACK),
					       ROW(NETLINK_EXT_ACK),
					       ROW(NETLINK_GET_STRICT_CHK),
					       END };

static const struct {
	int level;
	const struct name *rows;
} option_tables[] = {
	{ SOL_SOCKET, so_options },	{ SOL_IP, ip_options },
	{ SOL_TCP, tcp_options },	{ SOL_UDP, udp_options },
	{ SOL_IPV6, ipv6_options },	{ SOL_RAW, raw_options },
	{ SOL_PACKET, packet_options }, { SOL_NETLINK, netlink_options },
};

static const char *find(const struct name *rows, int64_t value)
{
	for (; rows->name; rows++)
		if (rows->value == value)
			return rows->name;
	return NULL;
}

const char *name_of(enum names which, int64_t value)
{
	return find(tables[which].rows, value);
}

const char *option_name(int level, int option)
{
	size_t i;

	for (i = 0; i < sizeof(option_tables) / sizeof(*option_tables); i++)
		if (option_tables[i].level == level)
			return find(option_tables[i].rows, option);
	return NULL;
}

const char *errno_name(int err)
{
	/* What the kernel uses within, before the gate translates it. */
	switch (err) {
	case 512:
		return "ERESTARTSYS";
	case 513:
		return "ERESTARTNOINTR";
	case 514:
		return "ERESTARTNOHAND";
	case 515:
		return "ENOIOCTLCMD";
	}
	return strerrorname_np(err);
}

static void text_flags(struct text *t, const struct name *rows, uint64_t value)
{
	const char *sep = "";

	if (!value)
		text_char(t, '0');
	for (; rows->name && value; rows++) {
		if ((value & rows->value) != (uint64_t)rows->value)
			continue;
		text_str(t, sep);
		text_str(t, rows->name);
		value &= ~rows->value;
		sep = "|";
	}
	if (value) {
		text_str(t, sep);
		text_hex(t, value);
	}
}

void text_name(struct text *t, enum names which, int64_t value)
{
	int64_t flags = 0;
	const char *name;

	if (tables[which].flags) {
		text_flags(t, tables[which].rows, (uint32_t)value);
		return;
	}
	if (which == NAMES_TYPE && value > 0) {
		flags = value & ~SOCK_TYPE_MASK;
		value &= SOCK_TYPE_MASK;
	}
	name = name_of(which, value);
	if (name)
		text_str(t, name);
	else if (which == NAMES_IOCTL)
		text_hex(t, (uint32_t)value);
	else
		text_dec(t, value);
	if (flags & SOCK_NONBLOCK)
		text_str(t, "|SOCK_NONBLOCK");
	if (flags & SOCK_CLOEXEC)
		text_str(t, "|SOCK_CLOEXEC");
	flags &= ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (flags) {
		text_char(t, '|');
		text_hex(t, flags);
	}
}

/* As it lies in memory: in network byte order. */
static void text_ethertype(struct text *t, int protocol)
{
	int v = (protocol & 0xff) << 8 | (protocol >> 8 & 0xff);
	const char *name = name_of(NAMES_ETHERTYPE, v);

	text_str(t, "htons(");
	if (name)
		text_str(t, name);
	else
		text_hex(t, v);
	text_char(t, ')');
}

void text_protocol(struct text *t, int family, int protocol)
{
	if (family == AF_NETLINK)
		text_name(t, NAMES_NETLINK, protocol);
	else if (family == AF_PACKET && protocol)
		text_ethertype(t, protocol);
	else if (family == AF_INET || family == AF_INET6)
		text_name(t, NAMES_PROTOCOL, protocol);
	else
		text_dec(t, protocol);
}

void text_open_flags(struct text *t, uint32_t flags)
{
	text_name(t, NAMES_ACCESS, flags & O_ACCMODE);
	if (!(flags & ~O_ACCMODE))
		return;
	text_char(t, '|');
	text_name(t, NAMES_OPEN, flags & ~O_ACCMODE);
}

void text_errno(struct text *t, int err)
{
	const char *name = err ? errno_name(err) : NULL;

	if (name)
		text_str(t, name);
	else
		text_dec(t, err);
}

void text_signal(struct text *t, int signal)
{
	const char *name = sigabbrev_np(signal);

	if (name)
		text_printf(t, "SIG%s", name);
	else if (signal >= 32 && signal <= 64)
		text_printf(t, "SIGRT_%d", signal - 32);
	else
		text_dec(t, signal);
}

void text_option(struct text *t, int level, int option)
{
	const char *name = option_name(level, option);

	if (name)
		text_str(t, name);
	else
		text_dec(t, option);
}

void text_ip4(struct text *t, uint32_t addr)
{
	const unsigned char *b = (const unsigned char *)&addr;

	text_dec(t, b[0]);
	text_char(t, '.');
	text_dec(t, b[1]);
	text_char(t, '.');
	text_dec(t, b[2]);
	text_char(t, '.');
	text_dec(t, b[3]);
}

/* RFC 5952: the longest run of zero groups is left out. */
static void text_ip6(struct text *t, const unsigned char *a)
{
	int best = -1, best_len = 1, i, j;

	for (i = 0; i < 8; i = j + 1) {
		for (j = i; j < 8 && !a[2 * j] && !a[2 * j + 1]; j++)
			;
		if (j - i > best_len) {
			best = i;
			best_len = j - i;
		}
	}
	for (i = 0; i < 8; i++) {
		if (i == best) {
			text_str(t, "::");
			i += best_len - 1;
			continue;
		}
		if (i && i != best + best_len)
			text_char(t, ':');
		text_printf(t, "%x", a[2 * i] << 8 | a[2 * i + 1]);
	}
}

static void text_netlink(struct text *t, const unsigned char *b)
{
	uint32_t v[2];

	memcpy(v, b + 4, sizeof(v));
	text_printf(t, "{AF_NETLINK, pid=%u, groups=0x%x}", v[0], v[1]);
}

static void text_packet(struct text *t, const unsigned char *b, size_t len)
{
	unsigned int i, n = b[11];
	int32_t ifindex;

	memcpy(&ifindex, b + 4, sizeof(ifindex));
	text_str(t, "{AF_PACKET, ");
	text_ethertype(t, b[2] | b[3] << 8);
	text_printf(t, ", if=%d, type=%u", ifindex, b[10]);
	for (i = 0; i < n && i < 8 && 12 + i < len; i++)
		text_printf(t, i ? ":%02x" : ", %02x", b[12 + i]);
	text_char(t, '}');
}

static void text_unix(struct text *t, const char *path, size_t len)
{
	text_str(t, "unix:");
	if (!len)
		return;
	if (path[0]) {
		text_bytes(t, path, strnlen(path, len));
		return;
	}
	text_char(t, '@');
	text_bytes(t, path + 1, len - 1);
}

void text_sockaddr(struct text *t, const void *sa, size_t len)
{
	const unsigned char *b = sa;
	uint16_t family;
	uint32_t addr;

	if (len < sizeof(family)) {
		text_str(t, "{}");
		return;
	}
	memcpy(&family, b, sizeof(family));
	if (family == AF_INET && len >= 8) {
		memcpy(&addr, b + 4, sizeof(addr));
		text_ip4(t, addr);
		text_char(t, ':');
		text_dec(t, b[2] << 8 | b[3]);
	} else if (family == AF_INET6 && len >= 24) {
		text_char(t, '[');
		text_ip6(t, b + 8);
		text_str(t, "]:");
		text_dec(t, b[2] << 8 | b[3]);
	} else if (family == AF_UNIX) {
		text_unix(t, (const char *)b + 2, len - 2);
	} else if (family == AF_NETLINK && len >= 12) {
		text_netlink(t, b);
	} else if (family == AF_PACKET && len >= 12) {
		text_packet(t, b, len);
	} else {
		text_char(t, '{');
		text_name(t, NAMES_FAMILY, family);
		text_char(t, '}');
	}
}
