/* SPDX-License-Identifier: MIT */
/*
 * The tables of connections, listeners and ports: see the header.
 *
 * A table that grows moves all its entries at once: each entry has been moved
 * twice at most when the table is full, and a lookup never looks in two.
 */
#include "net/ipv4/inet_hashtables.h"
#include "lib/string.h"
#include "net/core/sock_reuseport.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/inet_mix.h"
#include "net/ipv4/inet_timewait.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp.h"

#define EHASH_MIN 64U
#define EHASH_MAX (1U << 22) /* what one kmalloc serves */
#define BHASH_MIN 64U
#define BHASH_MAX (1U << 16)

static inline struct inet_hashinfo *hashinfo(const struct net *net)
{
	return net->ipv4->tcp_hash;
}

int inet_hashinfo_init(struct net *net)
{
	struct inet_hashinfo *h = kzalloc(sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->ehash = kcalloc(EHASH_MIN, sizeof(*h->ehash));
	h->bhash = kcalloc(BHASH_MIN, sizeof(*h->bhash));
	h->lhash = kcalloc(INET_LHTABLE_SIZE, sizeof(*h->lhash));
	h->table_perturb = kcalloc(INET_TABLE_PERTURB_SIZE, sizeof(u32));
	net->ipv4->tcp_hash = h;
	if (!h->ehash || !h->bhash || !h->lhash || !h->table_perturb) {
		inet_hashinfo_exit(net);
		return -ENOMEM;
	}
	h->ehash_mask = EHASH_MIN - 1;
	h->bhash_mask = BHASH_MIN - 1;
	h->lhash_mask = INET_LHTABLE_SIZE - 1;
	get_random_bytes(&h->key, sizeof(h->key));
	get_random_bytes(h->table_perturb,
			 INET_TABLE_PERTURB_SIZE * sizeof(u32));
	return 0;
}

void inet_hashinfo_exit(struct net *net)
{
	struct inet_hashinfo *h = hashinfo(net);

	kfree(h->ehash);
	kfree(h->bhash);
	kfree(h->lhash);
	kfree(h->table_perturb);
	kfree(h);
	net->ipv4->tcp_hash = NULL;
}

u32 inet_ehashfn(const struct net *net, __be32 laddr, u16 lport, __be32 faddr,
		 __be16 fport)
{
	return (u32)inet_mix((u64)laddr << 32 | faddr, (u64)lport << 16 | fport,
			     &hashinfo(net)->key);
}

static inline u32 sk_ehashfn(const struct sock_head *h)
{
	return inet_ehashfn(h->sk_net, h->sk_rcv_saddr, h->sk_num, h->sk_daddr,
			    h->sk_dport);
}

static inline struct hlist_head *listen_bucket(const struct net *net, u16 port)
{
	return &hashinfo(net)->lhash[port & hashinfo(net)->lhash_mask];
}

/* Another size for the table; without memory it stays as it is. */
static void inet_ehash_resize(struct inet_hashinfo *h, u32 size)
{
	struct hlist_head *table;
	struct hlist_node *tmp;
	struct sock *sk;

	if (size > EHASH_MAX)
		return;
	table = kcalloc(size, sizeof(*table));
	if (!table)
		return;
	for (u32 i = 0; i <= h->ehash_mask; i++) {
		hlist_for_each_entry_safe(sk, tmp, &h->ehash[i], sk_node) {
			hlist_del_init(&sk->sk_node);
			hlist_add_head(&sk->sk_node,
				       &table[sk->sk_hash & (size - 1)]);
		}
	}
	kfree(h->ehash);
	h->ehash = table;
	h->ehash_mask = size - 1;
}

void inet_ehash_add_head(struct net *net, struct sock_head *e)
{
	struct inet_hashinfo *h = hashinfo(net);

	if (h->ehash_count++ > h->ehash_mask)
		inet_ehash_resize(h, 2 * (h->ehash_mask + 1));
	e->sk_hash = sk_ehashfn(e);
	hlist_add_head(&e->sk_node, &h->ehash[e->sk_hash & h->ehash_mask]);
}

void inet_ehash_del_head(struct net *net, struct sock_head *e)
{
	struct inet_hashinfo *h = hashinfo(net);

	if (hlist_unhashed(&e->sk_node))
		return;
	hlist_del_init(&e->sk_node);
	/* Only an empty one gets smaller: somebody may be walking the table. */
	if (--h->ehash_count == 0 && h->ehash_mask >= EHASH_MIN)
		inet_ehash_resize(h, EHASH_MIN);
}

struct sock *__inet_lookup_established(struct net *net, __be32 saddr,
				       __be16 sport, __be32 daddr, u16 hnum,
				       int dif)
{
	struct inet_hashinfo *h = hashinfo(net);
	u32 hash = inet_ehashfn(net, daddr, hnum, saddr, sport);
	struct sock *sk;

	hlist_for_each_entry(sk, &h->ehash[hash & h->ehash_mask], sk_node) {
		if (sk->sk_hash != hash || sk->sk_daddr != saddr ||
		    sk->sk_dport != sport || sk->sk_rcv_saddr != daddr ||
		    sk->sk_num != hnum)
			continue;
		if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif)
			continue;
		return sk;
	}
	return NULL;
}

/* How well a listener fits; 0: not at all. */
static int compute_score(const struct sock *sk, __be32 daddr, u16 hnum, int dif)
{
	int score = 1;

	if (sk->sk_num != hnum)
		return 0;
	if (sk->sk_rcv_saddr) {
		if (sk->sk_rcv_saddr != daddr)
			return 0;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != dif)
			return 0;
		score += 2;
	}
	return score;
}

struct sock *__inet_lookup_listener(struct net *net, struct sk_buff *skb,
				    unsigned int doff, __be32 saddr,
				    __be16 sport, __be32 daddr, u16 hnum,
				    int dif)
{
	struct sock *sk, *best = NULL;
	int hiscore = 0, score;

	hlist_for_each_entry(sk, listen_bucket(net, hnum), sk_node) {
		score = compute_score(sk, daddr, hnum, dif);
		if (score > hiscore) {
			hiscore = score;
			best = sk;
		}
	}
	if (!best || !best->sk_reuseport_cb)
		return best;
	return reuseport_select_sock(
		best, inet_ehashfn(net, daddr, hnum, saddr, sport), skb, doff);
}

struct sock *__inet_lookup(struct net *net, struct sk_buff *skb,
			   unsigned int doff, __be32 saddr, __be16 sport,
			   __be32 daddr, __be16 dport, int dif)
{
	u16 hnum = ntohs(dport);
	struct sock *sk;

	sk = __inet_lookup_established(net, saddr, sport, daddr, hnum, dif);
	if (sk)
		return sk;
	return __inet_lookup_listener(net, skb, doff, saddr, sport, daddr, hnum,
				      dif);
}

bool inet_ehash_insert(struct sock *sk, struct sock *osk)
{
	struct net *net = sock_net(sk);

	if (__inet_lookup_established(net, sk->sk_daddr, sk->sk_dport,
				      sk->sk_rcv_saddr, sk->sk_num,
				      sk->sk_bound_dev_if) != osk)
		return false;
	if (osk)
		inet_ehash_del_head(net, (struct sock_head *)osk);
	inet_ehash_add_head(net, (struct sock_head *)sk);
	return true;
}

bool inet_ehash_nolisten(struct sock *sk, struct sock *osk)
{
	return inet_ehash_insert(sk, osk);
}

static int inet_hash_listener(struct sock *sk)
{
	struct hlist_head *listeners = listen_bucket(sock_net(sk), sk->sk_num);
	int err = 0;

	if (sk->sk_reuseport)
		err = reuseport_enter(sk, listeners, sk->sk_num);
	if (!err)
		hlist_add_head(&sk->sk_node, listeners);
	return err;
}

int inet_hash(struct sock *sk)
{
	if (sk->sk_state == TCP_CLOSE)
		return 0;
	if (sk->sk_state == TCP_LISTEN)
		return inet_hash_listener(sk);
	return inet_ehash_insert(sk, NULL)
		       ? 0
		       : fail(-EADDRNOTAVAIL, "there is such a connection");
}

void inet_unhash(struct sock *sk)
{
	if (sk->sk_state == TCP_LISTEN) {
		hlist_del_init(&sk->sk_node);
		reuseport_detach_sock(sk);
	} else {
		inet_ehash_del_head(sock_net(sk), (struct sock_head *)sk);
	}
}

/* Ports. */
static inline struct hlist_head *bind_bucket_head(struct inet_hashinfo *h,
						  u16 port)
{
	return &h->bhash[port & h->bhash_mask];
}

struct inet_bind_bucket *inet_bind_bucket_find(struct net *net, u16 port)
{
	struct inet_bind_bucket *tb;

	hlist_for_each_entry(tb, bind_bucket_head(hashinfo(net), port), node)
		if (tb->port == port)
			return tb;
	return NULL;
}

static void inet_bhash_resize(struct inet_hashinfo *h, u32 size)
{
	struct inet_bind_bucket *tb;
	struct hlist_head *table;
	struct hlist_node *tmp;

	if (size > BHASH_MAX)
		return;
	table = kcalloc(size, sizeof(*table));
	if (!table)
		return;
	for (u32 i = 0; i <= h->bhash_mask; i++) {
		hlist_for_each_entry_safe(tb, tmp, &h->bhash[i], node) {
			hlist_del_init(&tb->node);
			hlist_add_head(&tb->node,
				       &table[tb->port & (size - 1)]);
		}
	}
	kfree(h->bhash);
	h->bhash = table;
	h->bhash_mask = size - 1;
}

struct inet_bind_bucket *inet_bind_bucket_create(struct net *net, u16 port)
{
	struct inet_hashinfo *h = hashinfo(net);
	struct inet_bind_bucket *tb = kzalloc(sizeof(*tb));

	if (!tb)
		return NULL;
	if (h->bhash_count++ > h->bhash_mask)
		inet_bhash_resize(h, 2 * (h->bhash_mask + 1));
	tb->port = port;
	hlist_add_head(&tb->node, bind_bucket_head(h, port));
	return tb;
}

void inet_bind_bucket_destroy(struct net *net, struct inet_bind_bucket *tb)
{
	struct inet_hashinfo *h = hashinfo(net);

	if (!hlist_empty(&tb->owners))
		return;
	hlist_del_init(&tb->node);
	kfree(tb);
	if (--h->bhash_count == 0 && h->bhash_mask >= BHASH_MIN)
		inet_bhash_resize(h, BHASH_MIN);
}

void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, u16 port)
{
	sk->sk_num = port;
	hlist_add_head(&sk->sk_bind_node, &tb->owners);
	tb->nr_owners++;
	inet_csk(sk)->icsk_bind_hash = tb;
}

void inet_put_port(struct sock *sk)
{
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	if (!tb)
		return;
	hlist_del_init(&sk->sk_bind_node);
	tb->nr_owners--;
	inet_csk(sk)->icsk_bind_hash = NULL;
	sk->sk_num = 0;
	inet_bind_bucket_destroy(sock_net(sk), tb);
}

int __inet_inherit_port(const struct sock *sk, struct sock *child)
{
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	/* The listener may be gone from its port: a cookie's, or closing. */
	if (!tb || tb->port != child->sk_num) {
		tb = inet_bind_bucket_find(net, child->sk_num);
		if (!tb)
			tb = inet_bind_bucket_create(net, child->sk_num);
		if (!tb)
			return -ENOMEM;
	}
	inet_bind_hash(child, tb, child->sk_num);
	return 0;
}

/*
 * May @sk have @lport for its connection? A TIME-WAIT twin may be replaced
 * when its time stamps allow it (tcp_twsk_unique).
 */
static int __inet_check_established(struct sock *sk, u16 lport, bool bound)
{
	struct net *net = sock_net(sk);
	struct sock *sk2;

	sk2 = __inet_lookup_established(net, sk->sk_daddr, sk->sk_dport,
					sk->sk_rcv_saddr, lport,
					sk->sk_bound_dev_if);
	if (sk2) {
		if (sk2->sk_state != TCP_TIME_WAIT ||
		    !tcp_twsk_unique(sk, sk2, bound))
			return -EADDRNOTAVAIL; /* callers say why */
		inet_twsk_deschedule_put(inet_twsk(sk2));
		NET_INC_STATS(net, TWRecycled);
	}
	return 0;
}

static void inet_connect_take(struct sock *sk, u16 lport)
{
	sk->sk_num = lport;
	inet_sk(sk)->inet_sport = htons(lport);
	inet_ehash_add_head(sock_net(sk), (struct sock_head *)sk);
}

/*
 * Try one port for connect(): free, or used only by connections of other
 * destinations. 0, -EADDRNOTAVAIL: try the next, -ENOMEM.
 */
static int inet_try_connect_port(struct sock *sk, u16 port)
{
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb = inet_bind_bucket_find(net, port);

	if (tb) {
		/* Somebody bound it: not ours to share. */
		if (tb->fastreuse >= 0 || tb->fastreuseport)
			return -EADDRNOTAVAIL; /* try another */
		if (__inet_check_established(sk, port, false))
			return -EADDRNOTAVAIL; /* try another */
		/* A TIME-WAIT owner may have been the last one. */
		tb = inet_bind_bucket_find(net, port);
	}
	if (!tb) {
		tb = inet_bind_bucket_create(net, port);
		if (!tb)
			return -ENOMEM;
		tb->fastreuse = -1;
	}
	inet_bind_hash(sk, tb, port);
	inet_connect_take(sk, port);
	return 0;
}

/*
 * RFC 6056 3.3.4, double-hash port selection: a secret hash of the
 * destination says where to start, a counter by another hash moves it on.
 *
 * LINUX: even ports are for connect(), odd ones for bind(0), until they are
 * used up.
 */
int inet_hash_connect(struct sock *sk)
{
	struct inet_hashinfo *h = hashinfo(sock_net(sk));
	int low, high, remaining, i, err;
	u32 offset, index;
	u16 port;

	if (sk->sk_num) {
		err = __inet_check_established(sk, sk->sk_num, true);
		if (err)
			return fail(err, "the address pair is in use");
		inet_connect_take(sk, sk->sk_num);
		return 0;
	}
	inet_sk_get_local_port_range(sk, &low, &high);
	remaining = high - low + 1;
	if (remaining > 1)
		remaining &= ~1;
	offset = siphash_4u32(sk->sk_rcv_saddr, sk->sk_daddr, sk->sk_dport, 0,
			      &sock_net(sk)->ipv4->tcp_secret);
	index = offset % INET_TABLE_PERTURB_SIZE;
	offset = (h->table_perturb[index] + (offset >> 8)) % remaining;
	offset &= ~1U;
	for (i = 0; i < 2 * remaining; i += 2) {
		/* The even ones, then, from the same place, the odd ones. */
		port = low + (offset + i) % remaining;
		if (i >= remaining)
			port = low + (offset + i + 1) % remaining;
		err = inet_try_connect_port(sk, port);
		if (err == -ENOMEM)
			return fail(err, "no memory for a port");
		if (err)
			continue;
		h->table_perturb[index] +=
			i + (get_random_u32_below(8) << 1) + 2;
		return 0;
	}
	return fail(-EADDRNOTAVAIL, "no local port is free");
}

int inet_hash_walk(struct net *net, int (*fn)(struct sock *sk, void *arg),
		   void *arg)
{
	struct inet_hashinfo *h = hashinfo(net);
	struct hlist_node *tmp;
	struct sock *sk;
	int err;
	u32 i;

	for (i = 0; i <= h->lhash_mask; i++) {
		hlist_for_each_entry_safe(sk, tmp, &h->lhash[i], sk_node) {
			err = fn(sk, arg);
			if (err)
				return err;
		}
	}
	for (i = 0; i <= h->ehash_mask; i++) {
		hlist_for_each_entry_safe(sk, tmp, &h->ehash[i], sk_node) {
			err = fn(sk, arg);
			if (err)
				return err;
		}
	}
	return 0;
}
