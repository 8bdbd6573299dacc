/* SPDX-License-Identifier: MIT */
#include "tests/unit/net/family40.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/scm.h"
#include "net/core/sock.h"

struct family40 family40;

struct message {
	struct list_head list;
	size_t len;
	char data[];
};

struct sock40 {
	struct sock sk; /* first */
	struct sock40 *peer;
	struct list_head messages; /* received */
};

static struct proto proto40 = {
	.name = "FORTY",
	.obj_size = sizeof(struct sock40),
};

static struct sock40 *sock40_of(struct socket *sock)
{
	return (struct sock40 *)sock->sk;
}

static int release40(struct socket *sock)
{
	struct sock40 *s = sock40_of(sock);
	struct message *m, *n;

	family40.releases++;
	if (!s)
		return 0;
	list_for_each_entry_safe(m, n, &s->messages, list) {
		list_del(&m->list);
		kfree(m);
	}
	if (s->peer != s)
		s->peer->peer = s->peer;
	sock_orphan(&s->sk);
	sock->sk = NULL;
	sock_put(&s->sk);
	return 0;
}

static int pair40(struct socket *a, struct socket *b)
{
	sock40_of(a)->peer = sock40_of(b);
	sock40_of(b)->peer = sock40_of(a);
	return 0;
}

static int bind40(struct socket *sock, struct sockaddr *a, int len)
{
	return len < 2 ? -EINVAL : 0;
}

static int connect40(struct socket *sock, struct sockaddr *a, int len,
		     int flags)
{
	family40.connections++;
	return 0;
}

static int listen40(struct socket *sock, int backlog)
{
	sock->sk->sk_max_ack_backlog = (u32)backlog;
	return 0;
}

static int create40(struct net *net, struct socket *sock, int protocol,
		    int kern);

static int accept40(struct socket *sock, struct socket *newsock, int flags,
		    bool kern)
{
	int err;

	if (!family40.connections)
		return -EAGAIN;
	err = create40(sock->net, newsock, 0, 0);
	if (err)
		return err;
	family40.connections--;
	family40.accepts++;
	newsock->state = SS_CONNECTED;
	return 0;
}

static void accept_undo40(struct socket *sock, struct socket *newsock)
{
	family40.undone++;
	family40.connections++;
}

static int getname40(struct socket *sock, struct sockaddr *a, int peer)
{
	a->sa_family = AF_40;
	memcpy(a->sa_data, "forty", 5);
	return 7;
}

static int shutdown40(struct socket *sock, int how)
{
	return how;
}

static int sendmsg40(struct socket *sock, struct msghdr *m, size_t len)
{
	struct message *msg = kmalloc(sizeof(*msg) + len);

	if (!msg)
		return -ENOBUFS;
	family40.msg_flags = m->msg_flags;
	family40.namelen = m->msg_namelen;
	family40.controllen = m->msg_controllen;
	if (m->msg_controllen && m->msg_controllen < sizeof(family40.control))
		memcpy(family40.control, m->msg_control, m->msg_controllen);
	msg->len = len;
	if (!copy_from_iter_full(msg->data, len, &m->msg_iter)) {
		kfree(msg);
		return -EFAULT;
	}
	list_add_tail(&msg->list, &sock40_of(sock)->peer->messages);
	return (int)len;
}

static void settle40(struct task *t, bool taken)
{
	struct message *msg = t->settle_ptr[0];

	if (!taken)
		return;
	list_del(&msg->list);
	kfree(msg);
}

static int recvmsg40(struct socket *sock, struct msghdr *m, size_t len,
		     int flags)
{
	struct sock40 *s = sock40_of(sock);
	struct message *msg;
	int ttl = 64, err;

	if (list_empty(&s->messages))
		return -EAGAIN;
	msg = list_first_entry(&s->messages, struct message, list);
	if (msg->len > len)
		m->msg_flags |= MSG_TRUNC;
	len = min(len, msg->len);
	if (copy_to_iter(msg->data, len, &m->msg_iter) != len)
		return -EFAULT;
	if (m->msg_name)
		m->msg_namelen = getname40(sock, m->msg_name, 1);
	if (family40.put_ttl) {
		err = put_cmsg(m, 0, 2, sizeof(ttl), &ttl);
		if (err)
			return err;
	}
	if (!(flags & MSG_PEEK)) {
		current->settle = settle40;
		current->settle_ptr[0] = msg;
	}
	return (int)len;
}

static const struct proto_ops ops40 = {
	.family = AF_40,
	.release = release40,
	.bind = bind40,
	.connect = connect40,
	.socketpair = pair40,
	.accept = accept40,
	.getname = getname40,
	.listen = listen40,
	.shutdown = shutdown40,
	.sendmsg = sendmsg40,
	.recvmsg = recvmsg40,
	.accept_undo = accept_undo40,
};

static int create40(struct net *net, struct socket *sock, int protocol,
		    int kern)
{
	struct sock40 *s;

	family40.creates++;
	if (family40.create_error)
		return family40.create_error;
	s = (struct sock40 *)sk_alloc(net, AF_40, &proto40, kern);
	if (!s)
		return -ENOBUFS;
	sock_init_data(sock, &s->sk);
	INIT_LIST_HEAD(&s->messages);
	s->peer = s;
	sock->ops = &ops40;
	return 0;
}

static const struct net_proto_family family40_ops = {
	.family = AF_40,
	.create = create40,
	.owner = &family40_module,
};

static int load40(void)
{
	family40.loads++;
	return sock_register(&family40_ops);
}

static void unload40(void)
{
	family40.unloads++;
	sock_unregister(AF_40);
}

struct module family40_module = {
	.name = "net-pf-40",
	.init = load40,
	.exit = unload40,
};

void family40_add(void)
{
	memset(&family40, 0, sizeof(family40));
	module_add(&family40_module);
}
