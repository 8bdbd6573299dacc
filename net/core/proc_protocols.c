// SPDX-License-Identifier: MIT
/* /proc/net/protocols: what protocols there are, and what each can. */
#include "net/core/proc_net.h"

#include "net/core/sock.h"

static const struct proto *const protocols[] = {
	&packet_proto, &ping_prot, &raw_prot,
	&udp_prot,     &tcp_prot,  &netlink_proto,
};

/* How much of it @net has. */
static void usage_of(const struct proto *p, struct net *net,
		     struct proto_usage *u)
{
	struct sock *sk;

	*u = (struct proto_usage){ .memory = -1 };
	if (p->usage) {
		p->usage(net, u);
		return;
	}
	list_for_each_entry(sk, &net->socks, sk_all) {
		if (sk->sk_prot == p)
			u->sockets++;
	}
}

void protocols_seq_show(struct net *net, struct seq *s)
{
	seq_printf(s, "%-9s %-4s %-8s %-6s %-5s %-7s %-4s %-10s %s", "protocol",
		   "size", "sockets", "memory", "press", "maxhdr", "slab",
		   "module",
		   "cl co di ac io in de sh ss gs se re bi br ha uh gp em\n");
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		const struct proto *p = protocols[i];
		const bool can[] = {
			p->close,      p->connect,     p->disconnect,
			p->accept,     p->ioctl,       p->init,
			p->destroy,    p->shutdown,    p->setsockopt,
			p->getsockopt, p->sendmsg,     p->recvmsg,
			p->bind,       p->backlog_rcv, p->hash,
			p->unhash,     p->get_port,    p->enter_memory_pressure,
		};
		struct proto_usage u;

		usage_of(p, net, &u);
		seq_printf(s, "%-9s %4u %6d  %6ld   %-3s %6u   %-3s  %-10s ",
			   p->name, p->obj_size, u.sockets, u.memory,
			   !p->usage	? "NI"
			   : u.pressure ? "yes"
					: "no",
			   0, "no", "kernel");
		for (size_t c = 0; c < ARRAY_SIZE(can); c++)
			seq_printf(s, "%s%c", c ? "  " : " ",
				   can[c] ? 'y' : 'n');
		seq_puts(s, "\n");
	}
}
