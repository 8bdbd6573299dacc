/* SPDX-License-Identifier: MIT */
/*
 * TIME-WAIT stand-ins: see the header. RFC 9293 3.6.1 and 3.10.7.
 */
#include "net/ipv4/inet_timewait.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/netns.h"

static void inet_twsk_kill(struct inet_timewait_sock *tw)
{
	struct net *net = tw->h.sk_net;

	inet_ehash_del_head(net, &tw->h);
	if (tw->tw_tb) {
		hlist_del_init(&tw->h.sk_bind_node);
		tw->tw_tb->nr_owners--;
		inet_bind_bucket_destroy(net, tw->tw_tb);
	}
	net->ipv4->tcp_tw_count--;
	kfree(tw);
}

static void tw_timer_handler(struct timer_list *t)
{
	struct inet_timewait_sock *tw = from_timer(tw, t, tw_timer);

	NET_INC_STATS(tw->h.sk_net, TW);
	inet_twsk_kill(tw);
}

struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	const struct inet_sock *inet = inet_sk(sk);
	struct inet_timewait_sock *tw;

	if (ipv4->tcp_tw_count >= ipv4->sysctl_tcp_max_tw_buckets)
		return NULL;
	tw = kzalloc(sizeof(*tw));
	if (!tw)
		return NULL;
	ipv4->tcp_tw_count++;
	tw->h.sk_daddr = sk->sk_daddr;
	tw->h.sk_rcv_saddr = sk->sk_rcv_saddr;
	tw->h.sk_num = sk->sk_num;
	tw->h.sk_dport = sk->sk_dport;
	tw->h.sk_family = sk->sk_family;
	tw->h.sk_state = TCP_TIME_WAIT;
	tw->h.sk_reuse = sk->sk_reuse;
	tw->h.sk_reuseport = sk->sk_reuseport;
	tw->h.sk_bound_dev_if = sk->sk_bound_dev_if;
	tw->h.sk_net = sk->sk_net;
	tw->h.sk_prot = sk->sk_prot;
	tw->tw_substate = state;
	tw->tw_sport = inet->inet_sport;
	tw->tw_saddr = inet->inet_saddr;
	tw->tw_tos = inet->tos;
	tw->tw_mark = sk->sk_mark;
	timer_setup(&tw->tw_timer, tw_timer_handler);
	return tw;
}

void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk)
{
	struct net *net = sock_net(sk);

	tw->tw_tb = inet_csk(sk)->icsk_bind_hash;
	if (tw->tw_tb) {
		hlist_add_head(&tw->h.sk_bind_node, &tw->tw_tb->owners);
		tw->tw_tb->nr_owners++;
	}
	inet_ehash_del_head(net, (struct sock_head *)sk);
	inet_ehash_add_head(net, &tw->h);
}

void inet_twsk_schedule(struct inet_timewait_sock *tw, unsigned long timeo)
{
	mod_timer(&tw->tw_timer, jiffies + timeo);
}

void inet_twsk_deschedule_put(struct inet_timewait_sock *tw)
{
	del_timer(&tw->tw_timer);
	inet_twsk_kill(tw);
}

void inet_twsk_purge(struct net *net)
{
	struct inet_hashinfo *h = net->ipv4->tcp_hash;
	struct hlist_node *tmp;
	struct sock *sk;
	u32 i;

	for (i = 0; i <= h->ehash_mask; i++)
		hlist_for_each_entry_safe(sk, tmp, &h->ehash[i], sk_node)
			if (sk->sk_state == TCP_TIME_WAIT)
				inet_twsk_deschedule_put(inet_twsk(sk));
}
