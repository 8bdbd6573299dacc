// SPDX-License-Identifier: MIT
/*
 * AF_NETLINK: datagram sockets to the kernel (RFC 3549).
 *
 * Served are the protocols of nl_table (nl_input.c). A socket has a port number, its process id if that
 * is free; the kernel is port 0. Programs may also write to each other, with
 * CAP_NET_ADMIN.
 */
#include "net/netlink/af_netlink.h"

#include "kernel/slab.h"
#include "net/core/scm.h"
#include <linux/capability.h>

struct proto netlink_proto = {
	.name = "NETLINK",
	.obj_size = sizeof(struct netlink_sock),
};

static const struct proto_ops netlink_ops;

static int netlink_create(struct net *net, struct socket *sock, int protocol,
			  int kern)
{
	struct sock *sk;

	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return fail(-ESOCKTNOSUPPORT, "netlink is raw or datagram");
	if (protocol < 0 || protocol >= NETLINK_MAX_LINKS)
		return fail(-EPROTONOSUPPORT, "no such netlink protocol");
	/* LINUX: as without the module; docs/LIMITS.md */
	if (!netlink_protocol_served(protocol))
		return fail(-EPROTONOSUPPORT, "netlink protocol not served");
	sock->ops = &netlink_ops;
	sk = sk_alloc(net, PF_NETLINK, &netlink_proto, kern);
	if (!sk)
		return fail(-ENOMEM, "no memory for a socket");
	sock_init_data(sock, sk);
	sk->sk_protocol = protocol;
	INIT_LIST_HEAD(&nlk_sk(sk)->list);
	return 0;
}

static int netlink_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	list_del_init(&nlk_sk(sk)->list);
	netlink_dump_end(nlk_sk(sk));
	skb_queue_purge(&sk->sk_receive_queue);
	sock_orphan(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}

static int netlink_insert(struct sock *sk, u32 portid)
{
	struct netlink_sock *nlk = nlk_sk(sk);
	struct net *net = sock_net(sk);

	if (nlk->portid)
		return nlk->portid == portid
			       ? 0
			       : fail(-EBUSY, "it has another port already");
	if (netlink_lookup(net, sk->sk_protocol, portid))
		return fail(-EADDRINUSE, "port taken");
	nlk->portid = portid;
	list_add_tail(&nlk->list, &net->netlink->socks);
	return 0;
}

/* The process id, or a number that cannot be one. */
static int netlink_autobind(struct sock *sk)
{
	struct net *net = sock_net(sk);
	u32 portid = current ? (u32)current->pid : 0;
	s32 rover = -4096;

	if (nlk_sk(sk)->portid)
		return 0;
	while (!portid || netlink_lookup(net, sk->sk_protocol, portid))
		portid = (u32)rover--;
	return netlink_insert(sk, portid);
}

static int netlink_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	const struct sockaddr_nl *a = (const struct sockaddr_nl *)addr;
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	int err;

	if (len < (int)sizeof(*a))
		return fail(-EINVAL, "shorter than struct sockaddr_nl");
	if (a->nl_family != AF_NETLINK)
		return fail(-EINVAL, "not an AF_NETLINK address");
	if (nlk->portid && a->nl_pid != nlk->portid)
		return fail(-EINVAL, "it has another port already");
	if (!nlk->portid) {
		err = a->nl_pid ? netlink_insert(sk, a->nl_pid)
				: netlink_autobind(sk);
		if (err)
			return err;
	}
	nlk->groups = (nlk->groups & ~0xffffffffULL) | a->nl_groups;
	return 0;
}

static int netlink_connect(struct socket *sock, struct sockaddr *addr, int len,
			   int flags)
{
	const struct sockaddr_nl *a = (const struct sockaddr_nl *)addr;
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	int err;

	(void)flags;
	if (len < (int)sizeof(a->nl_family))
		return fail(-EINVAL, "address too short");
	if (a->nl_family == AF_UNSPEC) {
		sk->sk_state = TCP_CLOSE;
		nlk->dst_portid = 0;
		nlk->dst_group = 0;
		return 0;
	}
	if (a->nl_family != AF_NETLINK || len < (int)sizeof(*a))
		return fail(-EINVAL, "not an AF_NETLINK address");
	if ((a->nl_groups || a->nl_pid) && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "other peers need CAP_NET_ADMIN");
	err = netlink_autobind(sk);
	if (err)
		return err;
	sk->sk_state = TCP_ESTABLISHED;
	nlk->dst_portid = a->nl_pid;
	nlk->dst_group = a->nl_groups ? __builtin_ctz(a->nl_groups) + 1 : 0;
	return 0;
}

static int netlink_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sockaddr_nl *a = (struct sockaddr_nl *)addr;
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	u32 group = nlk->dst_group;

	memset(a, 0, sizeof(*a));
	a->nl_family = AF_NETLINK;
	if (peer) {
		a->nl_pid = nlk->dst_portid;
		a->nl_groups = group && group <= 32 ? 1U << (group - 1) : 0;
	} else {
		a->nl_pid = nlk->portid;
		a->nl_groups = (u32)nlk->groups;
	}
	return sizeof(*a);
}

/* Where a message goes; 0 or -errno. */
static int netlink_dest(struct sock *sk, const struct msghdr *m,
			u32 *ret_portid, u32 *ret_group)
{
	const struct sockaddr_nl *a = m->msg_name;
	struct netlink_sock *nlk = nlk_sk(sk);

	if (!m->msg_namelen) {
		*ret_portid = nlk->dst_portid;
		*ret_group = nlk->dst_group;
		return 0;
	}
	if (m->msg_namelen < (int)sizeof(*a))
		return fail(-EINVAL, "shorter than struct sockaddr_nl");
	if (a->nl_family != AF_NETLINK)
		return fail(-EINVAL, "not an AF_NETLINK address");
	*ret_portid = a->nl_pid;
	*ret_group = a->nl_groups ? __builtin_ctz(a->nl_groups) + 1 : 0;
	if ((*ret_portid || *ret_group) && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "other peers need CAP_NET_ADMIN");
	return 0;
}

static int netlink_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	u32 portid, group;
	int err;

	if (m->msg_flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "netlink has no urgent data");
	if (!len)
		return fail(-ENODATA, "nothing to send");
	err = netlink_dest(sk, m, &portid, &group);
	if (!err)
		err = netlink_autobind(sk);
	if (err)
		return err;
	if (len > (size_t)sk->sk_sndbuf - 32)
		return fail(-EMSGSIZE, "larger than the send buffer");
	skb = alloc_skb(len);
	if (!skb)
		return fail(-ENOBUFS, "no memory for the message");
	if (!copy_from_iter_full(skb_put(skb, len), len, &m->msg_iter)) {
		consume_skb(skb);
		return fail(-EFAULT, "bad pointer to the message");
	}
	NETLINK_CB(skb).portid = nlk_sk(sk)->portid;
	NETLINK_CB(skb).net = sock_net(sk);
	NETLINK_CB(skb).sk = sk;
	if (current)
		current->flags |= TASK_EFFECT;
	if (group)
		netlink_broadcast(sock_net(sk), skb_get(skb), sk->sk_protocol,
				  group);
	if (portid) {
		err = netlink_unicast(sock_net(sk), skb, portid);
	} else {
		if (!group)
			netlink_rcv_skb(skb);
		consume_skb(skb);
	}
	return err ? err : (int)len;
}

static void netlink_recv_cmsgs(struct sock *sk, struct msghdr *m,
			       const struct sk_buff *skb)
{
	struct nl_pktinfo info = { .group = NETLINK_CB(skb).dst_group };
	/* Of the kernel: process 0, user 0, group 0. */
	static const u32 ucred[3];

	if (nlk_sk(sk)->flags & NETLINK_F_PKTINFO)
		(void)put_cmsg(m, SOL_NETLINK, NETLINK_PKTINFO, sizeof(info),
			       &info);
	if (sk->sk_socket->flags & SOCK_PASSCRED)
		(void)put_cmsg(m, SOL_SOCKET, SCM_CREDENTIALS, sizeof(ucred),
			       ucred);
}

static int netlink_recvmsg(struct socket *sock, struct msghdr *m, size_t len,
			   int flags)
{
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	struct sockaddr_nl *a = m->msg_name;
	struct sk_buff *skb;
	size_t copied;
	u32 group;
	int err = 0;

	if (flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "netlink has no urgent data");
	skb = skb_recv_datagram(sk, flags, &err);
	if (!skb)
		return err;
	/* The next part of a dump may be as large as the program can take. */
	nlk->max_recvmsg_len =
		max(nlk->max_recvmsg_len, min_t(size_t, len, 32 << 10));
	copied = skb->len;
	if (len < copied) {
		m->msg_flags |= MSG_TRUNC;
		copied = len;
	}
	err = skb_copy_datagram_msg(skb, 0, m, (int)copied);
	if (a) {
		group = NETLINK_CB(skb).dst_group;
		memset(a, 0, sizeof(*a));
		a->nl_family = AF_NETLINK;
		a->nl_pid = NETLINK_CB(skb).portid;
		a->nl_groups = group && group <= 32 ? 1U << (group - 1) : 0;
		m->msg_namelen = sizeof(*a);
	}
	netlink_recv_cmsgs(sk, m, skb);
	if (flags & MSG_TRUNC)
		copied = skb->len;
	/* What lies with the call no longer fills the queue. */
	if (!(flags & MSG_PEEK))
		skb_orphan(skb);
	skb_settle_datagram(sk, skb, flags);
	netlink_dump_more(sk);
	if (skb_queue_empty(&sk->sk_receive_queue))
		nlk->flags &= ~NETLINK_F_CONGESTED;
	return err ? err : (int)copied;
}

static int netlink_ioctl(struct socket *sock, unsigned int cmd,
			 unsigned long arg)
{
	(void)sock;
	(void)cmd;
	(void)arg;
	return -ENOIOCTLCMD;
}

static const struct proto_ops netlink_ops = {
	.family = PF_NETLINK,
	.release = netlink_release,
	.bind = netlink_bind,
	.connect = netlink_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = netlink_getname,
	.poll = datagram_poll,
	.ioctl = netlink_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.setsockopt = netlink_setsockopt,
	.getsockopt = netlink_getsockopt,
	.sendmsg = netlink_sendmsg,
	.recvmsg = netlink_recvmsg,
	.mmap = sock_no_mmap,
};

static const struct net_proto_family netlink_family_ops = {
	.family = PF_NETLINK,
	.create = netlink_create,
};

static int netlink_net_init(struct net *net)
{
	net->netlink = kzalloc(sizeof(*net->netlink));
	if (!net->netlink)
		return -ENOMEM;
	INIT_LIST_HEAD(&net->netlink->socks);
	return 0;
}

static void netlink_net_exit(struct net *net)
{
	kfree(net->netlink);
	net->netlink = NULL;
}

const struct pernet_operations netlink_net_ops = {
	.init = netlink_net_init,
	.exit = netlink_net_exit,
};

int netlink_init(void)
{
	return sock_register(&netlink_family_ops);
}

void netlink_exit(void)
{
	sock_unregister(PF_NETLINK);
}
