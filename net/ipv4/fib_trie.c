/* SPDX-License-Identifier: MIT */
/*
 * A forwarding table: a binary trie with path compression (Morrison 1968).
 *
 * A node stands for a prefix; its children lie below it, one for each value of
 * the bit that follows the prefix. A node without routes exists only where two
 * branches part, so n prefixes take at most 2n - 1 nodes of 32 bytes and a
 * lookup passes at most 33 of them, on a full Internet table about 20.
 *
 * Invariants: (1) a child's prefix extends its parent's; (2) a node without
 * routes has two children; (3) a node's aliases are sorted by TOS, high
 * first, then by priority, low first.
 */
#include "net/ipv4/fib.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/netns.h"
#include "trace/trace.h"

struct fib_node {
	u32 key; /* host order; bits beyond plen are 0 */
	u8 plen;
	struct fib_node *child[2];
	struct fib_alias *aliases; /* NULL: only a fork */
};

static inline u32 plen_mask(unsigned int plen)
{
	return plen ? ~0U << (32 - plen) : 0;
}
/* Bit number @i (0: the highest) of @key; the bit that follows a prefix of i. */
static inline unsigned int key_bit(u32 key, unsigned int i)
{
	return (key >> (31 - i)) & 1;
}
static inline unsigned int common_len(u32 a, u32 b, unsigned int max)
{
	u32 x = a ^ b;
	unsigned int n = x ? (unsigned int)__builtin_clz(x) : 32;

	return n < max ? n : max;
}

static struct fib_node *fib_node_alloc(struct fib_table *tb, u32 key,
				       unsigned int plen)
{
	struct fib_node *n = kzalloc(sizeof(*n));

	if (!n)
		return NULL;
	n->key = key & plen_mask(plen);
	n->plen = plen;
	tb->tb_nodes++;
	return n;
}

static void fib_node_free(struct fib_table *tb, struct fib_node *n)
{
	tb->tb_nodes--;
	kfree(n);
}

static struct fib_node *fib_find_node(struct fib_table *tb, u32 key,
				      unsigned int plen)
{
	struct fib_node *n = tb->tb_root;

	while (n && n->plen < plen && !((n->key ^ key) & plen_mask(n->plen)))
		n = n->child[key_bit(key, n->plen)];
	return n && n->plen == plen && n->key == key ? n : NULL;
}

/* The node of a prefix, made if there is none. NULL: no memory. */
static struct fib_node *fib_insert_node(struct fib_table *tb, u32 key,
					unsigned int plen)
{
	struct fib_node **pp = &tb->tb_root, *n, *new, *fork;
	unsigned int common = 0;

	while ((n = *pp)) {
		common = common_len(n->key, key, min_t(u8, n->plen, plen));
		if (common < n->plen)
			break;
		if (n->plen == plen)
			return n;
		pp = &n->child[key_bit(key, n->plen)];
	}
	new = fib_node_alloc(tb, key, plen);
	if (!new)
		return NULL;
	if (!n) {
		*pp = new;
	} else if (common == plen) {
		new->child[key_bit(n->key, plen)] = n;
		*pp = new;
	} else {
		fork = fib_node_alloc(tb, key, common);
		if (!fork) {
			fib_node_free(tb, new);
			return NULL;
		}
		fork->child[key_bit(key, common)] = new;
		fork->child[key_bit(n->key, common)] = n;
		*pp = fork;
	}
	return new;
}

/* Keep invariant (2) for the node of a prefix that lost its last alias. */
static void fib_prune_node(struct fib_table *tb, u32 key, unsigned int plen)
{
	struct fib_node **pp = &tb->tb_root, **parent = NULL, *n;

	while ((n = *pp) && n->plen < plen) {
		parent = pp;
		pp = &n->child[key_bit(key, n->plen)];
	}
	if (!n || n->aliases || (n->child[0] && n->child[1]))
		return;
	*pp = n->child[0] ? n->child[0] : n->child[1];
	fib_node_free(tb, n);
	/* With one branch gone, the fork above may have become useless. */
	n = parent ? *parent : NULL;
	if (*pp || !n || n->aliases)
		return;
	*parent = n->child[0] ? n->child[0] : n->child[1];
	fib_node_free(tb, n);
}

/* A next hop of @fi that *flp may use, or NULL. */
static struct fib_nh *fib_usable_nh(struct fib_info *fi,
				    const struct flowi4 *flp)
{
	int i;

	for (i = 0; i < fi->fib_nhs; i++) {
		struct fib_nh *nh = &fi->fib_nh[i];

		if (nh->nh_flags & RTNH_F_DEAD)
			continue;
		if (flp->flowi4_oif && flp->flowi4_oif != nh->nh_oif)
			continue;
		return nh;
	}
	return NULL;
}

/* 0 or an error: this prefix answers; 1: it has nothing for *flp. */
static int fib_node_check(struct fib_table *tb, struct fib_node *n,
			  const struct flowi4 *flp, struct fib_result *ret)
{
	struct fib_alias *fa;

	for (fa = n->aliases; fa; fa = fa->fa_next) {
		struct fib_info *fi = fa->fa_info;
		struct fib_nh *nh = NULL;

		if (fa->fa_tos && fa->fa_tos != flp->flowi4_tos)
			continue;
		if (fi->fib_dead || fi->fib_scope < flp->flowi4_scope)
			continue;
		if (!fib_props[fa->fa_type].error) {
			nh = fib_usable_nh(fi, flp);
			if (!nh)
				continue;
		}
		ret->prefix = htonl(n->key);
		ret->prefixlen = n->plen;
		ret->type = fa->fa_type;
		ret->scope = fi->fib_scope;
		ret->fi = fi;
		ret->nh = nh;
		ret->table = tb;
		return fib_props[fa->fa_type].error;
	}
	return 1;
}

int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp,
		     struct fib_result *ret)
{
	u32 key = ntohl(flp->daddr);
	struct fib_node *match[33], *n;
	unsigned int depth = 0;
	int err;

	for (n = tb->tb_root; n; n = n->child[key_bit(key, n->plen)]) {
		if ((n->key ^ key) & plen_mask(n->plen))
			break;
		if (n->aliases)
			match[depth++] = n;
		if (n->plen == 32)
			break;
	}
	while (depth) {
		err = fib_node_check(tb, match[--depth], flp, ret);
		if (err <= 0)
			return err;
	}
	return 1;
}

/* Where among a prefix's aliases (tos, prio) belongs. */
static struct fib_alias **fib_alias_place(struct fib_node *n, u8 tos, u32 prio)
{
	struct fib_alias **pp = &n->aliases;

	while (*pp &&
	       ((*pp)->fa_tos > tos ||
		((*pp)->fa_tos == tos && (*pp)->fa_info->fib_priority < prio)))
		pp = &(*pp)->fa_next;
	return pp;
}

/*
 * There is a route of the same prefix, TOS and priority. What NLM_F_* says
 * about that: 0 go on and insert at *ret_at, 1 replaced, or -EEXIST.
 */
static int fib_insert_twin(struct fib_alias **at, struct fib_config *cfg,
			   struct fib_info *fi, struct fib_alias ***ret_at)
{
	struct fib_alias **pp, *fa;

	if (cfg->fc_nlflags & NLM_F_EXCL)
		return fail(-EEXIST, "there is such a route");
	for (pp = at; (fa = *pp); pp = &fa->fa_next) {
		if (fa->fa_tos != cfg->fc_tos ||
		    fa->fa_info->fib_priority != fi->fib_priority)
			break;
		if (fa->fa_type == cfg->fc_type && fa->fa_info == fi) {
			/* Replacing a route by itself changes nothing. */
			if ((cfg->fc_nlflags & NLM_F_REPLACE) && pp == at) {
				fib_release_info(fi);
				return 1;
			}
			return fail(-EEXIST, "that very route exists");
		}
	}
	if (cfg->fc_nlflags & NLM_F_REPLACE) {
		fa = *at;
		fib_release_info(fa->fa_info);
		fa->fa_info = fi;
		fa->fa_type = cfg->fc_type;
		return 1;
	}
	*ret_at = cfg->fc_nlflags & NLM_F_APPEND ? pp : at;
	return 0;
}

static int fib_insert_alias(struct fib_table *tb, struct fib_node *n,
			    struct fib_config *cfg, struct fib_info *fi)
{
	struct fib_alias **at, *fa;
	int err;

	at = fib_alias_place(n, cfg->fc_tos, fi->fib_priority);
	if (*at && (*at)->fa_tos == cfg->fc_tos &&
	    (*at)->fa_info->fib_priority == fi->fib_priority) {
		err = fib_insert_twin(at, cfg, fi, &at);
		if (err)
			return err < 0 ? err : 0;
	}
	if (!(cfg->fc_nlflags & NLM_F_CREATE))
		return fail(-ENOENT, "no such route to replace");
	fa = kzalloc(sizeof(*fa));
	if (!fa)
		return fail(-ENOBUFS, "no memory");
	fa->fa_info = fi;
	fa->fa_tos = cfg->fc_tos;
	fa->fa_type = cfg->fc_type;
	fa->fa_next = *at;
	*at = fa;
	if (!n->aliases->fa_next)
		tb->tb_prefixes++;
	tb->tb_num++;
	return 0;
}

static void fib_tell_insert(struct net *net, const struct fib_table *tb,
			    const struct fib_node *n,
			    const struct fib_config *cfg,
			    const struct fib_info *fi)
{
	struct fib_alias *fa;

	for (fa = n->aliases; fa; fa = fa->fa_next) {
		if (fa->fa_info == fi && fa->fa_tos == cfg->fc_tos) {
			rtmsg_fib(RTM_NEWROUTE, net, tb->tb_id, cfg->fc_dst,
				  cfg->fc_dst_len, fa);
			return;
		}
	}
}

int fib_table_insert(struct net *net, struct fib_table *tb,
		     struct fib_config *cfg)
{
	u32 key = ntohl(cfg->fc_dst);
	struct fib_info *fi;
	struct fib_node *n;
	int err = -ENOBUFS;

	if (cfg->fc_dst_len > 32 || (key & ~plen_mask(cfg->fc_dst_len)))
		return fail(-EINVAL, "bits set beyond the prefix length");
	fi = fib_create_info(net, cfg, &err);
	if (!fi)
		return err;
	n = fib_insert_node(tb, key, cfg->fc_dst_len);
	if (!n)
		goto out_info;
	err = fib_insert_alias(tb, n, cfg, fi);
	if (err)
		goto out_node;
	rt_cache_flush(net);
	fib_tell_insert(net, tb, n, cfg, fi);
	return 0;

out_node:
	if (!n->aliases)
		fib_prune_node(tb, key, cfg->fc_dst_len);
out_info:
	fib_release_info(fi);
	return err;
}

/* Unlink and free *pp; the node may be left without routes. */
static void fib_remove_alias(struct fib_table *tb, struct fib_node *n,
			     struct fib_alias **pp)
{
	struct fib_alias *fa = *pp;

	*pp = fa->fa_next;
	fib_release_info(fa->fa_info);
	kfree(fa);
	tb->tb_num--;
	if (!n->aliases)
		tb->tb_prefixes--;
}

int fib_table_delete(struct net *net, struct fib_table *tb,
		     struct fib_config *cfg)
{
	u32 key = ntohl(cfg->fc_dst);
	struct fib_node *n;
	struct fib_alias **pp, *fa;

	if (cfg->fc_dst_len > 32 || (key & ~plen_mask(cfg->fc_dst_len)))
		return fail(-EINVAL, "bits set beyond the prefix length");
	n = fib_find_node(tb, key, cfg->fc_dst_len);
	for (pp = n ? &n->aliases : NULL; pp && (fa = *pp); pp = &fa->fa_next) {
		struct fib_info *fi = fa->fa_info;

		if (fa->fa_tos != cfg->fc_tos ||
		    (cfg->fc_type && fa->fa_type != cfg->fc_type) ||
		    (cfg->fc_scope != RT_SCOPE_NOWHERE &&
		     fi->fib_scope != cfg->fc_scope) ||
		    (cfg->fc_prefsrc && fi->fib_prefsrc != cfg->fc_prefsrc) ||
		    (cfg->fc_protocol && fi->fib_protocol != cfg->fc_protocol))
			continue;
		if (fib_nh_match(cfg, fi))
			continue;
		/* LINUX: what goes with its device is not told of. */
		rtmsg_fib(RTM_DELROUTE, net, tb->tb_id, cfg->fc_dst,
			  cfg->fc_dst_len, fa);
		fib_remove_alias(tb, n, pp);
		if (!n->aliases)
			fib_prune_node(tb, key, cfg->fc_dst_len);
		rt_cache_flush(net);
		return 0;
	}
	return fail(-ESRCH, "no such route");
}

/* First node at or after (key, plen) in the subtree of @n that has routes. */
static struct fib_node *fib_seek(struct fib_node *n, u32 key, unsigned int plen)
{
	struct fib_node *r;

	if (!n || (n->key | ~plen_mask(n->plen)) < key)
		return NULL;
	if (n->aliases && (n->key > key || (n->key == key && n->plen >= plen)))
		return n;
	r = fib_seek(n->child[0], key, plen);
	return r ? r : fib_seek(n->child[1], key, plen);
}

bool fib_table_next(const struct fib_table *tb, struct fib_cursor *c,
		    struct fib_entry *ret)
{
	for (;;) {
		struct fib_node *n = fib_seek(tb->tb_root, c->key, c->plen);
		struct fib_alias *fa;
		unsigned int i;

		if (!n)
			return false;
		if (n->key != c->key || n->plen != c->plen || !c->begun) {
			c->key = n->key;
			c->plen = n->plen;
			c->begun = true;
			c->skip = 0;
		}
		fa = n->aliases;
		for (i = 0; fa && i < c->skip; i++)
			fa = fa->fa_next;
		if (fa) {
			c->skip++;
			ret->dst = htonl(n->key);
			ret->dst_len = n->plen;
			ret->fa = fa;
			ret->tb = tb;
			return true;
		}
		/* To the place behind this prefix. */
		c->skip = 0;
		if (c->plen < 32)
			c->plen++;
		else if (c->key++ == ~0U)
			return false;
		else
			c->plen = 0;
	}
}

static int fib_flush_subtree(struct fib_table *tb, struct fib_node *n, bool all)
{
	struct fib_alias **pp;
	int found = 0;

	if (!n)
		return 0;
	found += fib_flush_subtree(tb, n->child[0], all);
	found += fib_flush_subtree(tb, n->child[1], all);
	for (pp = &n->aliases; *pp;) {
		if (all || (*pp)->fa_info->fib_dead) {
			fib_remove_alias(tb, n, pp);
			found++;
		} else {
			pp = &(*pp)->fa_next;
		}
	}
	return found;
}

/* Restore invariant (2) below *pp from the leaves up. */
static void fib_prune_subtree(struct fib_table *tb, struct fib_node **pp)
{
	struct fib_node *n = *pp;

	if (!n)
		return;
	fib_prune_subtree(tb, &n->child[0]);
	fib_prune_subtree(tb, &n->child[1]);
	if (n->aliases || (n->child[0] && n->child[1]))
		return;
	*pp = n->child[0] ? n->child[0] : n->child[1];
	fib_node_free(tb, n);
}

int fib_table_flush(struct net *net, struct fib_table *tb, bool all)
{
	int found = fib_flush_subtree(tb, tb->tb_root, all);

	if (found) {
		fib_prune_subtree(tb, &tb->tb_root);
		rt_cache_flush(net);
	}
	return found;
}
