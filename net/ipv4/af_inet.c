/* SPDX-License-Identifier: MIT */
/*
 * PF_INET: the family. Creates sockets by (type, protocol) and answers the
 * system calls that all its protocols share; the rest goes on to struct proto.
 *
 *	socket() -> inet_create -> inetsw[] -> prot, ops
 *	bind()   -> inet_bind -> prot->get_port
 *	close()  -> inet_release -> prot->close
 *
 * Connection-oriented calls are in af_inet_stream.c, the tables of this file's
 * functions at its end.
 */
#include "net/ipv4/af_inet.h"

#include "kernel/sched.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/ip_fragment.h"
#include "net/ipv4/ping.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"
#include "net/ipv4/udp.h"
#include <linux/capability.h>
#include <linux/net_tstamp.h>

/*
 * What (type, protocol) means. IPPROTO_IP in a row stands for any protocol,
 * asked for it picks the first row of the type.
 */
static const struct inet_protosw inetsw[] = {
	{
		.type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.prot = &tcp_prot,
		.ops = &inet_stream_ops,
		.flags = INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK,
	},
	{
		.type = SOCK_DGRAM,
		.protocol = IPPROTO_UDP,
		.prot = &udp_prot,
		.ops = &inet_dgram_ops,
		.flags = INET_PROTOSW_PERMANENT,
	},
	{
		.type = SOCK_DGRAM,
		.protocol = IPPROTO_ICMP,
		.prot = &ping_prot,
		.ops = &inet_sockraw_ops,
		.flags = INET_PROTOSW_REUSE,
	},
	{
		.type = SOCK_RAW,
		.protocol = IPPROTO_IP,
		.prot = &raw_prot,
		.ops = &inet_sockraw_ops,
		.flags = INET_PROTOSW_REUSE,
	},
};

/* The row for (type, *protocol), which IPPROTO_IP has filled in; or why not. */
static const struct inet_protosw *inet_lookup_protosw(int type, int *protocol,
						      int *ret_err)
{
	int err = -ESOCKTNOSUPPORT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(inetsw); i++) {
		const struct inet_protosw *answer = &inetsw[i];

		if (answer->type != type)
			continue;
		if (*protocol == answer->protocol) {
			if (*protocol != IPPROTO_IP)
				return answer;
		} else if (*protocol == IPPROTO_IP) {
			*protocol = answer->protocol;
			return answer;
		} else if (answer->protocol == IPPROTO_IP) {
			return answer;
		}
		err = -EPROTONOSUPPORT;
	}
	*ret_err = err;
	return NULL;
}

static const struct inet_protosw *inet_find_protosw(int type, int *protocol,
						    int *ret_err)
{
	const struct inet_protosw *answer;

	answer = inet_lookup_protosw(type, protocol, ret_err);
	if (answer)
		return answer;
	/* Something loadable may serve it: the exact pair, then any type. */
	if (!request_module("net-pf-%d-proto-%d-type-%d", PF_INET, *protocol,
			    type)) {
		answer = inet_lookup_protosw(type, protocol, ret_err);
		if (answer)
			return answer;
	}
	if (!request_module("net-pf-%d-proto-%d", PF_INET, *protocol))
		answer = inet_lookup_protosw(type, protocol, ret_err);
	return answer;
}

static void inet_sk_init(struct sock *sk, const struct inet_protosw *answer,
			 int protocol)
{
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct inet_sock *inet = inet_sk(sk);

	if (answer->flags & INET_PROTOSW_REUSE)
		sk->sk_reuse = SK_CAN_REUSE;
	inet->is_icsk = !!(answer->flags & INET_PROTOSW_ICSK);
	if (answer->type == SOCK_RAW) {
		inet->inet_num = protocol;
		inet->hdrincl = protocol == IPPROTO_RAW;
	}
	inet->pmtudisc = ipv4->sysctl_ip_no_pmtu_disc ? IP_PMTUDISC_DONT
						      : IP_PMTUDISC_WANT;
	inet->inet_id = (u16)get_random_u32();
	inet->uc_ttl = -1;
	inet->mc_loop = 1;
	inet->mc_ttl = 1;
	inet->mc_all = 1;
	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = protocol;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
}

int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	const struct inet_protosw *answer;
	struct sock *sk;
	int err = 0;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return fail(-EINVAL, "protocol number out of range");

	sock->state = SS_UNCONNECTED;
	answer = inet_find_protosw(sock->type, &protocol, &err);
	if (!answer)
		return fail(err, err == -ESOCKTNOSUPPORT
					 ? "no such socket type in PF_INET"
					 : "no such protocol for this type");
	if (sock->type == SOCK_RAW && !kern && !capable(CAP_NET_RAW))
		return fail(-EPERM, "raw sockets need CAP_NET_RAW");

	sock->ops = answer->ops;
	sk = sk_alloc(net, PF_INET, answer->prot, kern);
	if (!sk)
		return fail(-ENOBUFS, "no memory for a socket");
	sock_init_data(sock, sk);
	inet_sk_init(sk, answer, protocol);

	if (inet_sk(sk)->inet_num) {
		/* A raw socket: its protocol is its port. */
		inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
		err = sk->sk_prot->hash(sk);
	}
	if (!err && sk->sk_prot->init)
		err = sk->sk_prot->init(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

/* The last reference is gone: what the family itself hung on the socket. */
void inet_sock_destruct(struct sock *sk)
{
	skb_queue_purge(&sk->sk_receive_queue);
	skb_queue_purge(&sk->sk_error_queue);
	kfree(inet_sk(sk)->inet_opt);
	inet_sk(sk)->inet_opt = NULL;
	sk_dst_reset(sk);
}

int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	long timeout = 0;

	if (!sk)
		return 0;
	ip_mc_drop_socket(sk);
	/* LINUX: close() waits by SO_LINGER, the end of a process does not. */
	if (sock_flag(sk, SOCK_LINGER) && current)
		timeout = (long)sk->sk_lingertime;
	sk->sk_prot->close(sk, timeout);
	sock->sk = NULL;
	return 0;
}

bool inet_addr_valid_or_nonlocal(const struct sock *sk, __be32 addr,
				 unsigned int addr_type)
{
	const struct inet_sock *inet = inet_sk(sk);

	return sock_net(sk)->ipv4->sysctl_ip_nonlocal_bind || inet->freebind ||
	       inet->transparent || addr == htonl(INADDR_ANY) ||
	       addr_type == RTN_LOCAL || addr_type == RTN_MULTICAST ||
	       addr_type == RTN_BROADCAST;
}

static int inet_bind_locked(struct sock *sk, __be32 addr, u16 snum,
			    unsigned int addr_type)
{
	struct inet_sock *inet = inet_sk(sk);
	int err;

	if (sk->sk_state != TCP_CLOSE || inet->inet_num)
		return fail(-EINVAL, "already bound or connected");
	inet->inet_rcv_saddr = addr;
	/* Nobody sends from a group or broadcast address: the device's then. */
	inet->inet_saddr =
		addr_type == RTN_BROADCAST || addr_type == RTN_MULTICAST ? 0
									 : addr;
	if (snum || !inet->bind_address_no_port) {
		err = sk->sk_prot->get_port(sk, snum);
		if (err) {
			inet->inet_saddr = 0;
			inet->inet_rcv_saddr = 0;
			return err < 0 ? err
				       : fail(-EADDRINUSE,
					      "another socket has the port");
		}
	}
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (snum)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk_dst_reset(sk);
	return 0;
}

int __inet_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	struct net *net = sock_net(sk);
	unsigned int addr_type;
	__be32 a;
	u16 snum;
	int err;

	if (len < (int)sizeof(*addr))
		return fail(-EINVAL, "address too short for AF_INET");
	a = addr->sin_addr.s_addr;
	/* LINUX: AF_UNSPEC passes for AF_INET, but only with INADDR_ANY. */
	if (addr->sin_family != AF_INET &&
	    (addr->sin_family != AF_UNSPEC || a != htonl(INADDR_ANY)))
		return fail(-EAFNOSUPPORT, "not an AF_INET address");

	addr_type = inet_addr_type(net, a);
	if (!inet_addr_valid_or_nonlocal(sk, a, addr_type))
		return fail(-EADDRNOTAVAIL, "not an address of this host");

	snum = ntohs(addr->sin_port);
	if (snum && snum < net->ipv4->sysctl_ip_prot_sock &&
	    !capable(CAP_NET_BIND_SERVICE))
		return fail(-EACCES, "low ports need CAP_NET_BIND_SERVICE");

	lock_sock(sk);
	err = inet_bind_locked(sk, a, snum, addr_type);
	release_sock(sk);
	return err;
}

int inet_bind(struct socket *sock, struct sockaddr *uaddr, int len)
{
	struct sock *sk = sock->sk;

	if (sk->sk_prot->bind)
		return sk->sk_prot->bind(sk, uaddr, len);
	return __inet_bind(sk, uaddr, len);
}

int inet_autobind(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	int err = 0;

	lock_sock(sk);
	if (!inet->inet_num) {
		if (sk->sk_prot->get_port(sk, 0))
			err = fail(-EAGAIN, "no free port");
		else
			inet->inet_sport = htons(inet->inet_num);
	}
	release_sock(sk);
	return err;
}

int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int len,
		       int flags)
{
	struct sock *sk = sock->sk;
	int err;

	if (len < (int)sizeof(uaddr->sa_family))
		return fail(-EINVAL, "address too short to name a family");
	if (uaddr->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);
	if (sk->sk_prot->pre_connect) {
		err = sk->sk_prot->pre_connect(sk, uaddr, len);
		if (err)
			return err;
	}
	if (!inet_sk(sk)->inet_num && inet_autobind(sk))
		return fail(-EAGAIN, "no free port");
	return sk->sk_prot->connect(sk, uaddr, len);
}

int inet_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sock *sk = sock->sk;
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *sin = (struct sockaddr_in *)uaddr;

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	if (peer) {
		if (!inet->inet_dport ||
		    ((BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)) &&
		     peer == 1))
			return fail(-ENOTCONN, "has no peer");
		sin->sin_port = inet->inet_dport;
		sin->sin_addr.s_addr = inet->inet_daddr;
	} else {
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr = inet->inet_rcv_saddr
					       ? inet->inet_rcv_saddr
					       : inet->inet_saddr;
	}
	return sizeof(*sin);
}

int inet_send_prepare(struct sock *sk)
{
	if (!inet_sk(sk)->inet_num && !sk->sk_prot->no_autobind &&
	    inet_autobind(sk))
		return fail(-EAGAIN, "no free port");
	return 0;
}

int inet_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;

	if (unlikely(inet_send_prepare(sk)))
		return fail(-EAGAIN, "no free port");
	return sk->sk_prot->sendmsg(sk, m, len);
}

int inet_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	struct sock *sk = sock->sk;
	int addr_len = 0;
	int err;

	err = sk->sk_prot->recvmsg(sk, m, len, flags, &addr_len);
	if (err >= 0)
		m->msg_namelen = addr_len;
	return err;
}

static int inet_ifreq_ioctl(struct net *net, unsigned int cmd, void __user *p)
{
	/* i386's struct ifreq is shorter; what IPv4 uses lies at the front. */
	size_t size =
		in_compat_syscall() ? COMPAT_IFREQ_SIZE : sizeof(struct ifreq);
	struct ifreq ifr = { 0 };
	bool copyout = false;
	int err;

	if (copy_from_user(&ifr, p, size))
		return -EFAULT;
	err = devinet_ioctl(net, cmd, &ifr, &copyout);
	if (!err && copyout && copy_to_user(p, &ifr, size))
		return -EFAULT;
	return err;
}

int inet_dev_ioctl(struct net *net, unsigned int cmd, unsigned long arg)
{
	void __user *p = u64_to_user_ptr(arg);

	switch (cmd) {
	case SIOCADDRT:
	case SIOCDELRT:
		return ip_rt_ioctl(net, cmd, p);
	case SIOCRTMSG:
		return fail(-EINVAL, "SIOCRTMSG is not served");
	case SIOCGIFADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFDSTADDR:
	case SIOCGIFPFLAGS:
	case SIOCSIFADDR:
	case SIOCSIFBRDADDR:
	case SIOCSIFNETMASK:
	case SIOCSIFDSTADDR:
	case SIOCSIFPFLAGS:
	case SIOCSIFFLAGS:
		return inet_ifreq_ioctl(net, cmd, p);
	default:
		return -ENOIOCTLCMD;
	}
}

int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	int err = inet_dev_ioctl(sock_net(sk), cmd, arg), karg = 0;

	if (err != -ENOIOCTLCMD || !sk->sk_prot->ioctl)
		return err;
	err = sk->sk_prot->ioctl(sk, (int)cmd, &karg);
	if (err)
		return err;
	return put_user(karg, (int __user *)u64_to_user_ptr(arg));
}

int inet_recv_error(struct sock *sk, struct msghdr *m, int len, int *alen)
{
	return ip_recv_error(sk, m, len, alen);
}

void inet_get_local_port_range(const struct net *net, int *low, int *high)
{
	*low = net->ipv4->sysctl_ip_local_port_range[0];
	*high = net->ipv4->sysctl_ip_local_port_range[1];
}

/* IP_LOCAL_PORT_RANGE narrows the host's range, it cannot leave it. */
void inet_sk_get_local_port_range(const struct sock *sk, int *low, int *high)
{
	u32 range = inet_sk(sk)->local_port_range;
	int lo, hi, sk_lo = range & 0xffff, sk_hi = range >> 16;

	inet_get_local_port_range(sock_net(sk), &lo, &hi);
	if (sk_lo && lo <= sk_lo && sk_lo <= hi)
		lo = sk_lo;
	if (sk_hi && lo <= sk_hi && sk_hi <= hi)
		hi = sk_hi;
	*low = lo;
	*high = hi;
}

/* One host: settings with Linux's defaults, then the tables, in order. */
static void inet_sysctl_defaults(struct netns_ipv4 *v4)
{
	v4->rt_genid = 1;
	v4->sysctl_ip_default_ttl = IPDEFTTL;
	v4->sysctl_ip_local_port_range[0] = 32768;
	v4->sysctl_ip_local_port_range[1] = 60999;
	v4->sysctl_ip_prot_sock = 1024;
	v4->sysctl_ping_group_range[0] = 0;
	v4->sysctl_ping_group_range[1] = 0x7fffffff;
	v4->sysctl_icmp_echo_ignore_broadcasts = 1;
	v4->sysctl_icmp_ratelimit = 1000;
	v4->sysctl_icmp_ratemask = 0x1818;
	v4->sysctl_udp_rmem_min = 4096;
	v4->sysctl_udp_wmem_min = 4096;
	v4->sysctl_igmp_max_memberships = 20;
	v4->sysctl_igmp_max_msf = 10;
	v4->ip_id_key = get_random_u32();
}

static int ipv4_net_init(struct net *net)
{
	struct netns_ipv4 *v4 = kzalloc(sizeof(*v4));
	int err = -ENOMEM;

	if (!v4)
		return err;
	net->ipv4 = v4;
	devconf_net_init(net);
	inet_sysctl_defaults(v4);
	err = rt_cache_init(net);
	if (err)
		goto out_ipv4;
	err = fib_net_init(net);
	if (err)
		goto out_rt;
	err = ip_frag_init(net);
	if (err)
		goto out_fib;
	err = udp_net_init(net);
	if (err)
		goto out_frag;
	err = raw_net_init(net);
	if (err)
		goto out_udp;
	err = ping_net_init(net);
	if (err)
		goto out_raw;
	err = icmp_net_init(net);
	if (err)
		goto out_ping;
	return 0;

out_ping:
	ping_net_exit(net);
out_raw:
	raw_net_exit(net);
out_udp:
	udp_net_exit(net);
out_frag:
	ip_frag_exit(net);
out_fib:
	fib_net_exit(net);
out_rt:
	rt_cache_exit(net);
out_ipv4:
	net->ipv4 = NULL;
	kfree(v4);
	return err;
}

static void ipv4_net_exit(struct net *net)
{
	icmp_net_exit(net);
	ping_net_exit(net);
	raw_net_exit(net);
	udp_net_exit(net);
	ip_frag_exit(net);
	fib_net_exit(net);
	rt_cache_exit(net);
	kfree(net->ipv4);
	net->ipv4 = NULL;
}

const struct pernet_operations ipv4_net_ops = {
	.init = ipv4_net_init,
	.exit = ipv4_net_exit,
};

const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
};

int inet_init(void)
{
	return sock_register(&inet_family_ops);
}

void inet_exit(void)
{
	sock_unregister(PF_INET);
}

const struct proto_ops inet_stream_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.socketpair = sock_no_socketpair,
	.accept = inet_accept,
	.accept_undo = inet_accept_undo,
	.unpark = tcp_unpark_socket,
	.getname = inet_getname,
	.poll = tcp_poll,
	.ioctl = inet_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.mmap = sock_no_mmap,
	.set_rcvlowat = tcp_set_rcvlowat,
};

const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = udp_poll,
	.ioctl = inet_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.mmap = sock_no_mmap,
};

const struct proto_ops inet_sockraw_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.mmap = sock_no_mmap,
};
