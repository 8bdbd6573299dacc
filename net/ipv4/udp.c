/* SPDX-License-Identifier: MIT */
/*
 * UDP sockets (RFC 768): their life, their options. Ports and lookup are in
 * udp_port.c, sending in udp_send.c, receiving in udp_recv.c.
 *
 * A bound socket is in the tables, which hold one reference; close() takes it
 * out.
 */
#include "net/ipv4/udp.h"

#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"

int udp_net_init(struct net *net)
{
	net->ipv4->udp = kzalloc(sizeof(*net->ipv4->udp));
	return net->ipv4->udp ? 0 : -ENOMEM;
}

void udp_net_exit(struct net *net)
{
	kfree(net->ipv4->udp);
	net->ipv4->udp = NULL;
}

int udp_walk(struct net *net, int (*fn)(struct sock *sk, void *arg), void *arg)
{
	struct hlist_node *n;
	struct sock *sk;
	unsigned int i;
	int err;

	for (i = 0; i < UDP_HTABLE_SIZE; i++) {
		hlist_for_each_entry_safe(sk, n, &net->ipv4->udp->port[i],
					  sk_node) {
			err = fn(sk, arg);
			if (err)
				return err;
		}
	}
	return 0;
}

static int udp_init_sock(struct sock *sk)
{
	INIT_HLIST_NODE(&sk->sk_node);
	INIT_HLIST_NODE(&udp_sk(sk)->addr_node);
	INIT_HLIST_NODE(&udp_sk(sk)->tuple_node);
	return 0;
}

static void udp_close(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

static void udp_destroy_sock(struct sock *sk)
{
	ip_flush_pending_frames(sk);
}

static int udp_connect(struct sock *sk, struct sockaddr *uaddr, int len)
{
	bool any;
	int err;

	lock_sock(sk);
	any = !sk->sk_rcv_saddr;
	err = __ip4_datagram_connect(sk, uaddr, len);
	if (!err)
		udp_v4_rehash(sk, any);
	release_sock(sk);
	return err;
}

/* connect(AF_UNSPEC): forget the peer, and what connect() had chosen. */
static int __udp_disconnect(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	sk_set_state_traced(sk, TCP_CLOSE);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	sk->sk_bound_dev_if = 0;
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		udp_lib_unhash(sk);
		inet->inet_sport = 0;
	} else {
		udp_v4_rehash(sk, !(sk->sk_userlocks & SOCK_BINDADDR_LOCK));
	}
	sk_dst_reset(sk);
	return 0;
}

static int udp_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	(void)__udp_disconnect(sk);
	release_sock(sk);
	return 0;
}

/* For `ss -K`: forget the peer, with @err for its owner. */
static int udp_abort(struct sock *sk, int err)
{
	lock_sock(sk);
	sk_set_err(sk, err, "ended by an administrator");
	sk->sk_error_report(sk);
	(void)__udp_disconnect(sk);
	release_sock(sk);
	return 0;
}

u32 udp_poll(struct file *f, struct socket *sock)
{
	return datagram_poll(f, sock);
}

static int udp_lib_setsockopt(struct sock *sk, int name, sockptr_t optval,
			      unsigned int optlen)
{
	struct udp_sock *up = udp_sk(sk);
	int val;

	if (optlen < sizeof(int))
		return fail(-EINVAL, "value too short");
	if (copy_from_sockptr(&val, optval, sizeof(val)))
		return -EFAULT;
	switch (name) {
	case UDP_CORK:
		up->corkflag = !!val;
		if (!val) {
			lock_sock(sk);
			(void)udp_push_pending_frames(sk);
			release_sock(sk);
		}
		return 0;
	case UDP_NO_CHECK6_TX:
		up->no_check6_tx = !!val;
		return 0;
	case UDP_NO_CHECK6_RX:
		up->no_check6_rx = !!val;
		return 0;
	case UDP_SEGMENT:
		if (val < 0 || val > 0xffff)
			return fail(-EINVAL, "segment size out of range");
		up->gso_size = (u16)val;
		return 0;
	case UDP_GRO:
		up->gro_enabled = !!val;
		return 0;
	}
	return fail(-ENOPROTOOPT, "no such option of SOL_UDP");
}

static int udp_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
			  unsigned int len)
{
	if (level == SOL_UDP)
		return udp_lib_setsockopt(sk, name, val, len);
	return ip_setsockopt(sk, level, name, val, len);
}

static int udp_lib_getsockopt(struct sock *sk, int name, char __user *optval,
			      int __user *optlen)
{
	const struct udp_sock *up = udp_sk(sk);
	int val, len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return fail(-EINVAL, "negative length");
	len = min_t(int, len, sizeof(int));
	switch (name) {
	case UDP_CORK:
		val = up->corkflag;
		break;
	case UDP_NO_CHECK6_TX:
		val = up->no_check6_tx;
		break;
	case UDP_NO_CHECK6_RX:
		val = up->no_check6_rx;
		break;
	case UDP_SEGMENT:
		val = up->gso_size;
		break;
	case UDP_GRO:
		val = up->gro_enabled;
		break;
	default:
		return fail(-ENOPROTOOPT, "no such option of SOL_UDP");
	}
	if (put_user(len, optlen) || copy_to_user(optval, &val, len))
		return -EFAULT;
	return 0;
}

static int udp_getsockopt(struct sock *sk, int level, int name,
			  char __user *val, int __user *len)
{
	if (level == SOL_UDP)
		return udp_lib_getsockopt(sk, name, val, len);
	return ip_getsockopt(sk, level, name, val, len);
}

static int udp_lib_hash(struct sock *sk)
{
	/* get_port() enters the tables; there is nobody else to. */
	return 0;
}

struct proto udp_prot = {
	.name = "UDP",
	.obj_size = sizeof(struct udp_sock),
	.close = udp_close,
	.connect = udp_connect,
	.disconnect = udp_disconnect,
	.diag_destroy = udp_abort,
	.ioctl = udp_ioctl,
	.init = udp_init_sock,
	.destroy = udp_destroy_sock,
	.setsockopt = udp_setsockopt,
	.getsockopt = udp_getsockopt,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
	.hash = udp_lib_hash,
	.unhash = udp_lib_unhash,
	.get_port = udp_v4_get_port,
};
