// SPDX-License-Identifier: MIT
/*
 * AF_PACKET: making, binding and closing packet sockets.
 */
#include "net/packet/af_packet.h"

#include "fs/seq.h"
#include "lib/string.h"
#include "net/core/proc_net.h"
#include <asm/ioctls.h>
#include <linux/capability.h>
#include <linux/if_ether.h>

struct proto packet_proto = {
	.name = "PACKET",
	.obj_size = sizeof(struct packet_sock),
};

static const struct proto_ops packet_ops, packet_ops_spkt;

/* The tap goes up. */
static void register_prot_hook(struct sock *sk)
{
	struct packet_sock *po = pkt_sk(sk);

	if (po->running)
		return;
	dev_add_pack(sock_net(sk), &po->prot_hook);
	po->running = true;
}

static void unregister_prot_hook(struct sock *sk)
{
	struct packet_sock *po = pkt_sk(sk);

	if (!po->running)
		return;
	dev_remove_pack(&po->prot_hook);
	po->running = false;
}

static int packet_create(struct net *net, struct socket *sock, int protocol,
			 int kern)
{
	__be16 proto = (__be16)protocol; /* LINUX: in network order */
	bool spkt = sock->type == SOCK_PACKET;
	struct packet_sock *po;
	struct sock *sk;

	if (!kern && !capable(CAP_NET_RAW))
		return fail(-EPERM, "packet sockets need CAP_NET_RAW");
	if (sock->type != SOCK_DGRAM && sock->type != SOCK_RAW && !spkt)
		return fail(-ESOCKTNOSUPPORT, "packet sockets have no streams");
	sock->state = SS_UNCONNECTED;
	sk = sk_alloc(net, PF_PACKET, &packet_proto, kern);
	if (!sk)
		return fail(-ENOBUFS, "no memory for a socket");
	sock->ops = spkt ? &packet_ops_spkt : &packet_ops;
	sock_init_data(sock, sk);
	po = pkt_sk(sk);
	po->num = proto;
	po->prot_hook.type = proto;
	po->prot_hook.func = spkt ? packet_rcv_spkt : packet_rcv;
	po->prot_hook.name = spkt ? "packet_rcv_spkt" : "packet_rcv";
	po->prot_hook.sk = sk;
	INIT_LIST_HEAD(&po->prot_hook.list);
	if (proto)
		register_prot_hook(sk);
	return 0;
}

static int packet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	unregister_prot_hook(sk);
	packet_flush_mclist(sk, NULL);
	skb_queue_purge(&sk->sk_receive_queue);
	sock_orphan(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}

/* Listen on @dev (NULL: all) from now on; @proto 0 leaves that as it was. */
static void packet_do_bind(struct sock *sk, struct net_device *dev,
			   __be16 proto)
{
	struct packet_sock *po = pkt_sk(sk);

	if (!proto)
		proto = po->num;
	if (po->prot_hook.type == proto && po->prot_hook.dev == dev)
		return;
	unregister_prot_hook(sk);
	po->num = proto;
	po->prot_hook.type = proto;
	po->prot_hook.dev = dev;
	po->ifindex = dev ? dev->ifindex : 0;
	if (!proto)
		return;
	if (!dev || (dev->flags & IFF_UP)) {
		register_prot_hook(sk);
		return;
	}
	sk_set_err(sk, ENETDOWN, "the device is down");
	sk->sk_error_report(sk);
}

static int packet_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	const struct sockaddr_ll *sll = (const void *)addr;
	struct net_device *dev = NULL;
	struct sock *sk = sock->sk;

	if (len < (int)sizeof(*sll))
		return fail(-EINVAL, "shorter than struct sockaddr_ll");
	if (sll->sll_family != AF_PACKET)
		return fail(-EINVAL, "not an AF_PACKET address");
	if (sll->sll_ifindex) {
		dev = dev_get_by_index(sock_net(sk), sll->sll_ifindex);
		if (!dev)
			return fail(-ENODEV, "no device with this index");
	}
	packet_do_bind(sk, dev, sll->sll_protocol);
	return 0;
}

/* SOCK_PACKET: the device by name. */
static int packet_bind_spkt(struct socket *sock, struct sockaddr *addr, int len)
{
	char name[sizeof(addr->sa_data) + 1];
	struct sock *sk = sock->sk;
	struct net_device *dev;

	if (len != (int)sizeof(*addr))
		return fail(-EINVAL, "not the size of struct sockaddr");
	memcpy(name, addr->sa_data, sizeof(addr->sa_data));
	name[sizeof(addr->sa_data)] = '\0';
	dev = dev_get_by_name(sock_net(sk), name);
	if (!dev)
		return fail(-ENODEV, "no device of this name");
	packet_do_bind(sk, dev, 0);
	return 0;
}

static int packet_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	struct sockaddr_ll *sll = (void *)addr;
	struct net_device *dev;

	if (peer)
		return fail(-EOPNOTSUPP, "packet sockets have no peer");
	memset(sll, 0, sizeof(*sll));
	sll->sll_family = AF_PACKET;
	sll->sll_ifindex = po->ifindex;
	sll->sll_protocol = po->num;
	dev = dev_get_by_index(sock_net(sock->sk), po->ifindex);
	if (dev) {
		sll->sll_hatype = dev->type;
		sll->sll_halen = dev->addr_len;
		memcpy(sll->sll_addr, dev->dev_addr,
		       min_t(size_t, dev->addr_len, sizeof(sll->sll_addr)));
	}
	return (int)offsetof(struct sockaddr_ll, sll_addr) + sll->sll_halen;
}

static int packet_getname_spkt(struct socket *sock, struct sockaddr *addr,
			       int peer)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	struct net_device *dev;

	if (peer)
		return fail(-EOPNOTSUPP, "packet sockets have no peer");
	memset(addr, 0, sizeof(*addr));
	addr->sa_family = AF_PACKET;
	dev = dev_get_by_index(sock_net(sock->sk), po->ifindex);
	if (dev)
		(void)strscpy(addr->sa_data, dev->name, sizeof(addr->sa_data));
	return sizeof(*addr);
}

static int packet_ioctl(struct socket *sock, unsigned int cmd,
			unsigned long arg)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;

	switch (cmd) {
	case TIOCOUTQ:
		return put_user(sk->sk_wmem_alloc,
				(int __user *)u64_to_user_ptr(arg));
	case FIONREAD:
		skb = skb_peek(&sk->sk_receive_queue);
		return put_user(skb ? (int)skb->len : 0,
				(int __user *)u64_to_user_ptr(arg));
	default:
		/* LINUX: addresses and routes may be asked for here, too. */
		return inet_dev_ioctl(sock_net(sk), cmd, arg);
	}
}

/* Device events: the tap follows its device. */
void packet_notifier(enum netdev_event ev, struct net_device *dev)
{
	struct sock *sk;

	list_for_each_entry(sk, &dev->net->socks, sk_all) {
		struct packet_sock *po = pkt_sk(sk);

		if (sk->sk_family != PF_PACKET)
			continue;
		if (ev == NETDEV_UNREGISTER)
			packet_flush_mclist(sk, dev);
		if (po->prot_hook.dev != dev)
			continue;
		if (ev == NETDEV_UP && po->num)
			register_prot_hook(sk);
		if (ev != NETDEV_DOWN && ev != NETDEV_UNREGISTER)
			continue;
		if (po->running) {
			unregister_prot_hook(sk);
			sk_set_err(sk, ENETDOWN, "the device went down");
			sk->sk_error_report(sk);
		}
		if (ev == NETDEV_UNREGISTER) {
			po->ifindex = -1;
			po->prot_hook.dev = NULL;
		}
	}
}

void packet_seq_show(struct net *net, struct seq *s)
{
	struct sock *sk;

	seq_puts(s, "sk               RefCnt Type Proto  Iface R Rmem   User"
		    "   Inode\n");
	list_for_each_entry(sk, &net->socks, sk_all) {
		struct packet_sock *po = pkt_sk(sk);

		if (sk->sk_family != PF_PACKET)
			continue;
		seq_printf(s,
			   "%016x %-6u %-4d %04x   %-5d %1d %-6d %-6u %-6llu\n",
			   0, sk->sk_refcnt, sk->sk_type, ntohs(po->num),
			   po->ifindex, po->running, sk->sk_rmem_alloc,
			   sk->sk_uid, (unsigned long long)sock_i_ino(sk));
	}
}

static const struct proto_ops packet_ops = {
	.family = PF_PACKET,
	.release = packet_release,
	.bind = packet_bind,
	.connect = sock_no_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = packet_getname,
	.poll = datagram_poll,
	.ioctl = packet_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.setsockopt = packet_setsockopt,
	.getsockopt = packet_getsockopt,
	.sendmsg = packet_sendmsg,
	.recvmsg = packet_recvmsg,
	.mmap = sock_no_mmap,
};

/* The obsolete kind: devices by name, no options. */
static const struct proto_ops packet_ops_spkt = {
	.family = PF_PACKET,
	.release = packet_release,
	.bind = packet_bind_spkt,
	.connect = sock_no_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = packet_getname_spkt,
	.poll = datagram_poll,
	.ioctl = packet_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.sendmsg = packet_sendmsg_spkt,
	.recvmsg = packet_recvmsg,
	.mmap = sock_no_mmap,
};

static const struct net_proto_family packet_family_ops = {
	.family = PF_PACKET,
	.create = packet_create,
};

int packet_init(void)
{
	return sock_register(&packet_family_ops);
}

void packet_exit(void)
{
	sock_unregister(PF_PACKET);
}
