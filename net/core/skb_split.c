// SPDX-License-Identifier: MIT
/*
 * Cutting packets and joining them, by moving fragments.
 */
#include "net/core/skbuff.h"

#include "lib/string.h"
#include <asm/errno.h>

bool skb_append_frag(struct sk_buff *skb, struct frag_buf *b, u32 off, u32 n)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i = shinfo->nr_frags;
	skb_frag_t *last = i ? &shinfo->frags[i - 1] : NULL;

	if (last && last->buf == b && last->off + last->size == off) {
		last->size += n;
	} else {
		if (i == MAX_SKB_FRAGS)
			return false;
		frag_buf_get(b);
		shinfo->frags[i] = (skb_frag_t){ b, off, n };
		shinfo->nr_frags++;
	}
	skb->len += n;
	skb->data_len += n;
	skb->truesize += n;
	return true;
}

void __skb_trim(struct sk_buff *skb, unsigned int len)
{
	BUG_ON(skb->data_len);
	skb->len = len;
	skb->tail = skb->data - skb->head + len;
}

/* Drop what the fragments hold beyond their first @keep bytes. */
static void skb_trim_frags(struct sk_buff *skb, unsigned int keep)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int kept = 0;

	for (int i = 0; i < shinfo->nr_frags; i++) {
		skb_frag_t *f = &shinfo->frags[i];

		f->size = min(f->size, keep);
		keep -= f->size;
		if (f->size)
			kept = i + 1;
		else
			frag_buf_put(f->buf);
	}
	shinfo->nr_frags = kept;
}

int pskb_trim(struct sk_buff *skb, unsigned int len)
{
	unsigned int headlen = skb_headlen(skb);

	if (len >= skb->len)
		return 0;
	if (skb->data_len) {
		if (skb_unclone(skb))
			return -ENOMEM;
		skb->data_len = len > headlen ? len - headlen : 0;
		skb_trim_frags(skb, skb->data_len);
	}
	if (len < headlen)
		skb->tail = skb->data - skb->head + len;
	skb->len = len;
	return 0;
}

/* All fragments and the end of the linear part go over. */
static void skb_split_head(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	struct skb_shared_info *from = skb_shinfo(skb), *to = skb_shinfo(skb1);
	u32 n = skb_headlen(skb) - len;

	memcpy(skb_put(skb1, n), skb->data + len, n);
	memcpy(to->frags, from->frags, from->nr_frags * sizeof(skb_frag_t));
	to->nr_frags = from->nr_frags;
	from->nr_frags = 0;
	skb1->data_len = skb->data_len;
	skb1->len += skb->data_len;
	skb->data_len = 0;
	skb->len = len;
	skb->tail = skb->data - skb->head + len;
}

/* The cut is in a fragment or between two: both sides may share one. */
static void skb_split_frags(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	struct skb_shared_info *from = skb_shinfo(skb), *to = skb_shinfo(skb1);
	u32 keep = len - skb_headlen(skb);
	int kept = 0;

	skb1->data_len = skb->len - len;
	skb1->len = skb1->data_len;
	skb->data_len -= skb1->data_len;
	skb->len = len;
	for (int i = 0; i < from->nr_frags; i++) {
		skb_frag_t f = from->frags[i];
		u32 n = min(keep, f.size);

		keep -= n;
		if (n) {
			from->frags[kept++].size = n;
			if (n == f.size)
				continue;
			frag_buf_get(f.buf);
		}
		to->frags[to->nr_frags++] =
			(skb_frag_t){ f.buf, f.off + n, f.size - n };
	}
	from->nr_frags = kept;
}

void skb_split(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	BUG_ON(skb_cloned(skb) || skb1->len || skb_shinfo(skb1)->nr_frags);
	if (len >= skb->len)
		return;
	if (len < skb_headlen(skb))
		skb_split_head(skb, skb1, len);
	else
		skb_split_frags(skb, skb1, len);
}

static bool skb_coalesce_frags(struct sk_buff *to, struct sk_buff *from)
{
	struct skb_shared_info *t = skb_shinfo(to), *f = skb_shinfo(from);
	bool keep = skb_cloned(from);
	skb_frag_t *last;
	int i = 0;

	if (!f->nr_frags || t->nr_frags + f->nr_frags > MAX_SKB_FRAGS + 1)
		return false;
	last = t->nr_frags ? &t->frags[t->nr_frags - 1] : NULL;
	/* A sender's buffer often goes on where the last packet ended. */
	if (last && last->buf == f->frags[0].buf &&
	    last->off + last->size == f->frags[0].off) {
		last->size += f->frags[0].size;
		if (!keep)
			frag_buf_put(f->frags[0].buf);
		i = 1;
	} else if (t->nr_frags + f->nr_frags > MAX_SKB_FRAGS) {
		return false;
	}
	for (; i < f->nr_frags; i++) {
		t->frags[t->nr_frags++] = f->frags[i];
		if (keep)
			frag_buf_get(f->frags[i].buf);
	}
	if (!keep) {
		f->nr_frags = 0;
		from->len -= from->data_len;
		from->data_len = 0;
	}
	return true;
}

bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from, int *ret_delta)
{
	unsigned int len = from->len;
	int delta;

	if (skb_cloned(to))
		return false;
	if (len <= skb_tailroom(to)) {
		(void)skb_copy_bits(from, 0, skb_put(to, len), len);
		*ret_delta = 0;
		return true;
	}
	if (skb_headlen(from))
		return false;
	delta = (int)(from->truesize - SKB_TRUESIZE(from->end));
	if (!skb_coalesce_frags(to, from))
		return false;
	to->len += len;
	to->data_len += len;
	to->truesize += delta;
	from->truesize -= delta;
	*ret_delta = delta;
	return true;
}
