// SPDX-License-Identifier: MIT
/*
 * Packets: their life, their linear part, their queues.
 *
 * A head buffer is one kmalloc'ed piece: headroom, data, tailroom, and the
 * skb_shared_info behind them. dataref counts the clones that share it; whoever
 * wants to write headers takes a private one first (skb_cow_head). Copies and
 * checksums are in skb_copy.c, cutting and joining in skb_split.c.
 */
#include "net/core/skbuff.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/dst.h"
#include "trace/trace.h"
#include <asm/errno.h>

/* Room for later headers when a head must grow anyway. */
#define HEAD_SLACK 128

static inline u8 *skb_head_alloc(unsigned int size)
{
	struct skb_shared_info *shinfo;
	u8 *head = kmalloc(size + sizeof(*shinfo));

	if (!head)
		return NULL;
	shinfo = (struct skb_shared_info *)(head + size);
	shinfo->dataref = 1;
	shinfo->nr_frags = 0;
	shinfo->gso_size = 0;
	shinfo->gso_segs = 0;
	shinfo->tx_flags = 0;
	return head;
}

struct sk_buff *alloc_skb(unsigned int size)
{
	struct sk_buff *skb;

	/* Keeps skb_shared_info aligned behind the data. */
	size = SKB_DATA_ALIGN(size);
	skb = kmalloc(sizeof(*skb));
	if (!skb)
		return NULL;
	memset(skb, 0, sizeof(*skb));
	skb->head = skb_head_alloc(size);
	if (!skb->head) {
		kfree(skb);
		return NULL;
	}
	skb->data = skb->head;
	skb->end = size;
	skb->truesize = SKB_TRUESIZE(size);
	skb->users = 1;
	skb->id = ++this_kernel->next_skb_id;
	trace_event(TRACE_SKB_NEW, skb->id, this_kernel->rx_skb_id, 0, 0, NULL);
	return skb;
}

struct frag_buf *frag_buf_alloc(unsigned int size)
{
	struct frag_buf *b = kmalloc(sizeof(*b) + size);

	if (!b)
		return NULL;
	b->refs = 1;
	b->size = size;
	return b;
}

void frag_buf_get(struct frag_buf *b)
{
	b->refs++;
}

void frag_buf_put(struct frag_buf *b)
{
	if (!--b->refs)
		kfree(b);
}

static void skb_release_data(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (--shinfo->dataref)
		return;
	for (int i = 0; i < shinfo->nr_frags; i++)
		frag_buf_put(shinfo->frags[i].buf);
	kfree(skb->head);
}

void skb_dst_drop(struct sk_buff *skb)
{
	struct dst_entry *dst = skb->dst;

	skb->dst = NULL;
	dst_release(dst);
}

void skb_orphan(struct sk_buff *skb)
{
	void (*destructor)(struct sk_buff * skb) = skb->destructor;

	/* Cleared afterwards: the destructor needs skb->sk. */
	if (destructor) {
		skb->destructor = NULL;
		destructor(skb);
	}
	skb->sk = NULL;
}

static void __kfree_skb(struct sk_buff *skb)
{
	if (skb->dst)
		skb_dst_drop(skb);
	skb_orphan(skb);
	skb_release_data(skb);
	kfree(skb);
}

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (!skb || --skb->users)
		return;
	if (reason != SKB_CONSUMED)
		trace_event(TRACE_SKB_DROP, skb->id, reason, 0, 0,
			    __builtin_return_address(0));
	__kfree_skb(skb);
}

void consume_skb(struct sk_buff *skb)
{
	if (skb && !--skb->users)
		__kfree_skb(skb);
}

/*
 * What a view copies of another: everything but ownership, links, accounting.
 */
static inline void skb_copy_fields(struct sk_buff *n, const struct sk_buff *skb)
{
	*n = *skb;
	n->next = NULL;
	n->prev = NULL;
	n->sk = NULL;
	n->destructor = NULL;
	n->users = 1;
	dst_clone(n->dst);
}

struct sk_buff *skb_clone(struct sk_buff *skb)
{
	struct sk_buff *n = kmalloc(sizeof(*n));

	if (!n)
		return NULL;
	skb->cloned = 1;
	skb_copy_fields(n, skb);
	skb_shinfo(skb)->dataref++;
	return n;
}

struct sk_buff *skb_share_check(struct sk_buff *skb)
{
	struct sk_buff *n;

	if (!skb_shared(skb))
		return skb;
	n = skb_clone(skb);
	if (n)
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return n;
}

static void skb_headers_move(struct sk_buff *skb, int by)
{
	skb->mac_header += by;
	skb->network_header += by;
	skb->transport_header += by;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start += by;
}

/* A new head of @size bytes for @n, fragments shared with @skb. */
static bool skb_copy_head(struct sk_buff *n, const struct sk_buff *skb,
			  unsigned int size)
{
	const struct skb_shared_info *from = skb_shinfo(skb);
	struct skb_shared_info *to;
	u8 *head = skb_head_alloc(size);

	if (!head)
		return false;
	to = (struct skb_shared_info *)(head + size);
	to->nr_frags = from->nr_frags;
	to->gso_size = from->gso_size;
	to->gso_segs = from->gso_segs;
	to->tx_flags = from->tx_flags;
	to->tskey = from->tskey;
	for (int i = 0; i < from->nr_frags; i++) {
		to->frags[i] = from->frags[i];
		frag_buf_get(to->frags[i].buf);
	}
	n->head = head;
	n->end = size;
	n->cloned = 0;
	return true;
}

struct sk_buff *__pskb_copy(struct sk_buff *skb, unsigned int headroom)
{
	struct sk_buff *n = kmalloc(sizeof(*n));
	int shift = (int)headroom - (int)skb_headroom(skb);

	if (!n)
		return NULL;
	skb_copy_fields(n, skb);
	if (!skb_copy_head(n, skb,
			   SKB_DATA_ALIGN(headroom + skb_headlen(skb)))) {
		dst_release(n->dst);
		kfree(n);
		return NULL;
	}
	n->data = n->head + headroom;
	n->tail = headroom + skb_headlen(skb);
	memcpy(n->data, skb->data, skb_headlen(skb));
	skb_headers_move(n, shift);
	n->truesize = SKB_TRUESIZE(n->end) + skb->data_len;
	return n;
}

int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail)
{
	unsigned int size = SKB_DATA_ALIGN(nhead + skb->end + ntail);
	struct sk_buff old = *skb;

	BUG_ON(nhead < 0 || ntail < 0 || skb_shared(skb));
	if (!skb_copy_head(skb, &old, size))
		return -ENOMEM;
	memcpy(skb->head + nhead, old.head, old.tail);
	skb->data = skb->head + nhead + (old.data - old.head);
	skb->tail = old.tail + nhead;
	skb_headers_move(skb, nhead);
	/* An owner was charged the old size, and is paid back that. */
	if (!skb->destructor)
		skb->truesize += size - old.end;
	skb_release_data(&old);
	return 0;
}

int skb_unclone(struct sk_buff *skb)
{
	return skb_cloned(skb) ? pskb_expand_head(skb, 0, 0) : 0;
}

int skb_cow_head(struct sk_buff *skb, unsigned int headroom)
{
	int delta = (int)headroom - (int)skb_headroom(skb);

	if (delta <= 0 && !skb_cloned(skb))
		return 0;
	return pskb_expand_head(skb, delta > 0 ? SKB_DATA_ALIGN(delta) : 0, 0);
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	u8 *p = skb_tail_pointer(skb);

	BUG_ON(len > skb_tailroom(skb));
	skb->tail += len;
	skb->len += len;
	return p;
}

void *skb_push(struct sk_buff *skb, unsigned int len)
{
	BUG_ON(len > skb_headroom(skb));
	skb->data -= len;
	skb->len += len;
	return skb->data;
}

void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	if (len > skb->len)
		return NULL;
	BUG_ON(len > skb_headlen(skb));
	skb->len -= len;
	skb->data += len;
	return skb->data;
}

bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return true;
	if (len > skb->len)
		return false;
	return __pskb_pull_tail(skb, len - skb_headlen(skb)) != NULL;
}

void *pskb_pull(struct sk_buff *skb, unsigned int len)
{
	if (!pskb_may_pull(skb, len))
		return NULL;
	return skb_pull(skb, len);
}

/* Give up the first @n bytes of the fragments. */
static void skb_eat_frags(struct sk_buff *skb, unsigned int n)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int kept = 0;

	skb->data_len -= n;
	for (int i = 0; i < shinfo->nr_frags; i++) {
		skb_frag_t f = shinfo->frags[i];
		unsigned int eat = min(n, f.size);

		n -= eat;
		f.off += eat;
		f.size -= eat;
		if (f.size)
			shinfo->frags[kept++] = f;
		else
			frag_buf_put(f.buf);
	}
	shinfo->nr_frags = kept;
}

void *__pskb_pull_tail(struct sk_buff *skb, int delta)
{
	int more = (int)skb->tail + delta - (int)skb->end;

	if (more > 0 || skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, more > 0 ? more + HEAD_SLACK : 0))
			return NULL;
	}
	if (skb_copy_bits(skb, skb_headlen(skb), skb_tail_pointer(skb), delta))
		return NULL;
	skb_eat_frags(skb, delta);
	skb->tail += delta;
	return skb_tail_pointer(skb);
}

int skb_linearize(struct sk_buff *skb)
{
	if (!skb->data_len)
		return 0;
	return __pskb_pull_tail(skb, skb->data_len) ? 0 : -ENOMEM;
}

void __skb_queue_after(struct sk_buff_head *q, struct sk_buff *prev,
		       struct sk_buff *skb)
{
	struct sk_buff *next = prev->next;

	skb->prev = prev;
	skb->next = next;
	next->prev = skb;
	prev->next = skb;
	q->qlen++;
}

void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *q)
{
	skb->next->prev = skb->prev;
	skb->prev->next = skb->next;
	skb->next = NULL;
	skb->prev = NULL;
	q->qlen--;
}

void skb_queue_splice_tail_init(struct sk_buff_head *from,
				struct sk_buff_head *to)
{
	if (skb_queue_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = (struct sk_buff *)to;
	to->prev = from->prev;
	to->qlen += from->qlen;
	__skb_queue_head_init(from);
}

void skb_queue_purge_reason(struct sk_buff_head *q, enum skb_drop_reason reason)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(q)))
		kfree_skb_reason(skb, reason);
}
