// SPDX-License-Identifier: MIT
/*
 * Packet bytes in and out, and their checksum, wherever in the packet they
 * lie: first the linear part, then fragment after fragment.
 */
#include "net/core/skbuff.h"

#include "kernel/slab.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/dst.h"
#include <asm/errno.h>

/* One contiguous piece of a packet. */
struct piece {
	u8 *p;
	int len;
};

/*
 * The piece that holds byte @off, from that byte on; *frag is the fragment to
 * look at next (start with 0) and *at the offset of its first byte. len 0: the
 * packet ends before.
 */
static inline struct piece skb_piece(const struct sk_buff *skb, int off,
				     int *frag, int *at)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int headlen = skb_headlen(skb);

	if (off < headlen)
		return (struct piece){ skb->data + off, headlen - off };
	if (!*frag)
		*at = headlen;
	while (*frag < shinfo->nr_frags) {
		const skb_frag_t *f = &shinfo->frags[*frag];
		int skip = off - *at;

		if (skip < (int)f->size)
			return (struct piece){ f->buf->data + f->off + skip,
					       (int)f->size - skip };
		*at += f->size;
		(*frag)++;
	}
	return (struct piece){ NULL, 0 };
}

static inline bool skb_has_range(const struct sk_buff *skb, int off, int len)
{
	return off >= 0 && len >= 0 && (unsigned int)off <= skb->len &&
	       (unsigned int)len <= skb->len - off;
}

int skb_copy_bits(const struct sk_buff *skb, int off, void *to, int len)
{
	int frag = 0, at = 0, n;
	u8 *dst = to;

	if (!skb_has_range(skb, off, len))
		return -EFAULT;
	for (; len; off += n, dst += n, len -= n) {
		struct piece pc = skb_piece(skb, off, &frag, &at);

		n = min(pc.len, len);
		memcpy(dst, pc.p, n);
	}
	return 0;
}

int skb_store_bits(struct sk_buff *skb, int off, const void *from, int len)
{
	const u8 *src = from;
	int frag = 0, at = 0, n;

	if (!skb_has_range(skb, off, len))
		return -EFAULT;
	for (; len; off += n, src += n, len -= n) {
		struct piece pc = skb_piece(skb, off, &frag, &at);

		n = min(pc.len, len);
		memcpy(pc.p, src, n);
	}
	return 0;
}

int skb_copy_datagram_iter(const struct sk_buff *skb, int off,
			   struct iov_iter *to, int len)
{
	int frag = 0, at = 0, n;

	if (!skb_has_range(skb, off, len))
		return -EFAULT;
	for (; len; off += n, len -= n) {
		struct piece pc = skb_piece(skb, off, &frag, &at);

		n = min(pc.len, len);
		if (copy_to_iter(pc.p, n, to) != (size_t)n)
			return -EFAULT;
	}
	return 0;
}

int skb_ranges(const struct sk_buff *skb, int off, int len, struct iovec *v,
	       size_t *nr, size_t max)
{
	int frag = 0, at = 0, done = 0;

	BUG_ON(!skb_has_range(skb, off, len));
	while (done < len && *nr < max) {
		struct piece pc = skb_piece(skb, off + done, &frag, &at);
		int n = min(pc.len, len - done);

		v[(*nr)++] = (struct iovec){ (uintptr_t)pc.p, (u64)n };
		done += n;
	}
	return done;
}

int skb_copy_datagram_from_iter(struct sk_buff *skb, int off,
				struct iov_iter *from, int len)
{
	int frag = 0, at = 0, n;

	if (!skb_has_range(skb, off, len))
		return -EFAULT;
	for (; len; off += n, len -= n) {
		struct piece pc = skb_piece(skb, off, &frag, &at);

		n = min(pc.len, len);
		if (!copy_from_iter_full(pc.p, n, from))
			return -EFAULT;
	}
	return 0;
}

__wsum skb_checksum(const struct sk_buff *skb, int off, int len, __wsum csum)
{
	int frag = 0, at = 0, n, pos = 0;

	BUG_ON(!skb_has_range(skb, off, len));
	for (; len; off += n, len -= n, pos += n) {
		struct piece pc = skb_piece(skb, off, &frag, &at);

		n = min(pc.len, len);
		csum = csum_block_add(csum, csum_partial(pc.p, n, 0), pos);
	}
	return csum;
}

int skb_checksum_help(struct sk_buff *skb)
{
	int start = (int)skb->csum_start - (int)skb_headroom(skb);
	__sum16 *check;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	if (skb_cow_head(skb, 0))
		return -ENOMEM;
	check = (__sum16 *)(skb->head + skb->csum_start + skb->csum_offset);
	/* The field has the sum of the pseudo header. RFC 768: never 0. */
	*check = csum_fold(skb_checksum(skb, start, (int)skb->len - start, 0));
	if (!*check)
		*check = (__sum16)0xffff;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return 0;
}

void skb_copy_meta(struct sk_buff *n, const struct sk_buff *skb)
{
	n->dev = skb->dev;
	n->dst = dst_clone(skb->dst);
	n->tstamp = skb->tstamp;
	n->id = skb->id;
	memcpy(n->cb, skb->cb, sizeof(n->cb));
	n->protocol = skb->protocol;
	n->pkt_type = skb->pkt_type;
	n->local_df = skb->local_df;
	n->encapsulation = skb->encapsulation;
	n->tos_ect = skb->tos_ect;
	n->priority = skb->priority;
	n->mark = skb->mark;
	n->skb_iif = skb->skb_iif;
	n->hash = skb->hash;
}

struct sk_buff *skb_copy(const struct sk_buff *skb)
{
	unsigned int headroom = skb_headroom(skb);
	struct sk_buff *n = alloc_skb(headroom + skb->len);

	if (!n)
		return NULL;
	skb_reserve(n, headroom);
	(void)skb_copy_bits(skb, 0, skb_put(n, skb->len), skb->len);
	skb_copy_meta(n, skb);
	n->mac_len = skb->mac_len;
	n->csum_start = skb->csum_start;
	n->csum_offset = skb->csum_offset;
	n->ip_summed = skb->ip_summed;
	n->mac_header = skb->mac_header;
	n->network_header = skb->network_header;
	n->transport_header = skb->transport_header;
	skb_shinfo(n)->gso_size = skb_shinfo(skb)->gso_size;
	skb_shinfo(n)->gso_segs = skb_shinfo(skb)->gso_segs;
	return n;
}
