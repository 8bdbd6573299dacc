/* SPDX-License-Identifier: MIT */
/*
 * Packets.
 *
 * An sk_buff is a view of a packet; its bytes lie in a counted head buffer
 * (headers and small data) and in counted fragments (payload), both shared by
 * clones. Data travels from a sender's buffer through the loopback to the
 * receiver's queue by reference: one copy in, one copy out.
 *
 *	head         data            tail       end
 *	 | headroom   | linear data   | tailroom | skb_shared_info, frags -> |
 *
 * len = linear + fragments; data_len = fragments only. Ownership: a function
 * that is given an skb to queue or to deliver owns it, also when it fails,
 * unless it says otherwise.
 */
#ifndef NET_CORE_SKBUFF_H
#define NET_CORE_SKBUFF_H

#include "kernel/kernel.h"
#include "lib/iov_iter.h"
#include "lib/list.h"
#include "lib/types.h"
#include "net/core/dropreason.h"

struct dst_entry;
struct net_device;
struct sock;

/* A counted piece of payload memory. */
struct frag_buf {
	unsigned int refs;
	unsigned int size; /* bytes at data[] */
	u8 data[];
};

typedef struct skb_frag {
	struct frag_buf *buf;
	u32 off, size;
} skb_frag_t;

#define MAX_SKB_FRAGS 17
/* Room for link, IP and TCP headers with all options. */
#define MAX_HEADER 64
#define MAX_TCP_HEADER 192

struct skb_shared_info {
	unsigned int dataref; /* clones that share the head */
	u16 nr_frags;
	u16 gso_size; /* payload per segment when split; 0: not split */
	u16 gso_segs;
	u8 tx_flags; /* SKBTX_*: stamps that the sender wants */
	u32 tskey; /* their number */
	skb_frag_t frags[MAX_SKB_FRAGS];
};

/* skb->ip_summed */
#define CHECKSUM_NONE 0 /* must be verified */
#define CHECKSUM_UNNECESSARY 1 /* known good, or never left the kernel */
#define CHECKSUM_PARTIAL 3 /* not computed yet; a real device does it */

/* skb->pkt_type */
#define PACKET_HOST 0
#define PACKET_BROADCAST 1
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3
#define PACKET_OUTGOING 4
#define PACKET_LOOPBACK 5

struct sk_buff {
	struct sk_buff *next, *prev; /* in an sk_buff_head; next NULL: none */
	struct sock *sk; /* charged to; destructor uncharges */
	void (*destructor)(struct sk_buff *skb);
	struct net_device *dev;
	struct dst_entry *dst; /* counted, skb_dst_set() */
	u64 tstamp; /* ns: real time when received; departure when sent */
	u64 id; /* pN in a trace; clones share it */
	char cb[64] __aligned(8); /* private to the layer that owns the skb */

	unsigned int len, data_len;
	unsigned int truesize; /* memory it stands for, charged to sk */
	unsigned int users;
	__be16 protocol; /* ETH_P_* */
	u16 mac_len;
	u16 csum_start, csum_offset; /* for CHECKSUM_PARTIAL */
	u8 ip_summed : 2;
	u8 pkt_type : 3;
	u8 cloned : 1;
	u8 local_df : 1; /* fragmenting allowed although DF would be set */
	u8 encapsulation : 1;
	u8 peeked : 1; /* MSG_PEEK has shown it to the program */
	u8 tos_ect; /* ECN bits as received */
	u32 priority, mark;
	int skb_iif;
	u32 hash;
	u32 dropcount; /* the socket's drops when queued: SO_RXQ_OVFL */

	u8 *head, *data;
	u32 tail, end; /* offsets from head */
	u16 mac_header, network_header, transport_header; /* from head */
};

struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
};

static inline struct skb_shared_info *skb_shinfo(const struct sk_buff *skb)
{
	return (struct skb_shared_info *)(skb->head + skb->end);
}

/* Allocation. @size: linear bytes wanted. NULL when there is no memory. */
struct sk_buff *alloc_skb(unsigned int size);
/* Shares head and fragments; headers must not be written through a clone. */
struct sk_buff *skb_clone(struct sk_buff *skb);
/* Own head (with @headroom bytes before the data), shared fragments. */
struct sk_buff *__pskb_copy(struct sk_buff *skb, unsigned int headroom);
/* Everything its own, in one linear buffer. */
struct sk_buff *skb_copy(const struct sk_buff *skb);
/* What @skb is beside its bytes, where they lie, and its owner. */
void skb_copy_meta(struct sk_buff *n, const struct sk_buff *skb);
/* Make the head private and large enough for more room; 0 or -ENOMEM. */
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail);
/* 0, or -ENOMEM: @skb then has @headroom bytes to write headers into. */
int skb_cow_head(struct sk_buff *skb, unsigned int headroom);
int skb_linearize(struct sk_buff *skb);
/* Give a clone a head of its own. 0 or -ENOMEM. */
int skb_unclone(struct sk_buff *skb);

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
/* Used up, as opposed to dropped. */
void consume_skb(struct sk_buff *skb);
static inline struct sk_buff *skb_get(struct sk_buff *skb)
{
	skb->users++;
	return skb;
}

static inline bool skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned && skb_shinfo(skb)->dataref != 1;
}
static inline bool skb_shared(const struct sk_buff *skb)
{
	return skb->users != 1;
}
struct sk_buff *skb_share_check(struct sk_buff *skb);

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}
static inline u8 *skb_tail_pointer(const struct sk_buff *skb)
{
	return skb->head + skb->tail;
}
static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return skb->data - skb->head;
}
static inline unsigned int skb_tailroom(const struct sk_buff *skb)
{
	return skb->data_len ? 0 : skb->end - skb->tail;
}
static inline void skb_reserve(struct sk_buff *skb, unsigned int len)
{
	skb->data += len;
	skb->tail += len;
}
void *skb_put(struct sk_buff *skb, unsigned int len);
void *skb_push(struct sk_buff *skb, unsigned int len);
void *skb_pull(struct sk_buff *skb, unsigned int len);
/* Have @len bytes linear, pulling them from fragments. False: too short. */
bool pskb_may_pull(struct sk_buff *skb, unsigned int len);
void *__pskb_pull_tail(struct sk_buff *skb, int delta);
void *pskb_pull(struct sk_buff *skb, unsigned int len);
/* Cut to @len bytes. 0 or -ENOMEM. */
int pskb_trim(struct sk_buff *skb, unsigned int len);
void __skb_trim(struct sk_buff *skb, unsigned int len);

#define SKB_HEADER(which)                                                    \
	static inline u8 *skb_##which##_header(const struct sk_buff *skb)    \
	{                                                                    \
		return skb->head + skb->which##_header;                      \
	}                                                                    \
	static inline void skb_reset_##which##_header(struct sk_buff *skb)   \
	{                                                                    \
		skb->which##_header = skb->data - skb->head;                 \
	}                                                                    \
	static inline void skb_set_##which##_header(struct sk_buff *skb,     \
						    int off)                 \
	{                                                                    \
		skb->which##_header = skb->data - skb->head + off;           \
	}                                                                    \
	static inline int skb_##which##_offset(const struct sk_buff *skb)    \
	{                                                                    \
		return skb_##which##_header(skb) - skb->data;                \
	}
SKB_HEADER(mac)
SKB_HEADER(network)
SKB_HEADER(transport)
#undef SKB_HEADER

struct iphdr;
struct tcphdr;
struct udphdr;
struct icmphdr;
static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (struct iphdr *)skb_network_header(skb);
}
static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}
static inline struct udphdr *udp_hdr(const struct sk_buff *skb)
{
	return (struct udphdr *)skb_transport_header(skb);
}
static inline struct icmphdr *icmp_hdr(const struct sk_buff *skb)
{
	return (struct icmphdr *)skb_transport_header(skb);
}

/* Copies of packet bytes, wherever they lie. 0 or -EFAULT. */
int skb_copy_bits(const struct sk_buff *skb, int off, void *to, int len);
int skb_store_bits(struct sk_buff *skb, int off, const void *from, int len);
int skb_copy_datagram_iter(const struct sk_buff *skb, int off,
			   struct iov_iter *to, int len);
/*
 * Where the bytes of a range lie: fills v[*nr] up to v[@max - 1]. The bytes
 * that these hold; fewer than @len when @max is too few.
 */
int skb_ranges(const struct sk_buff *skb, int off, int len, struct iovec *v,
	       size_t *nr, size_t max);
/* Checksum of a range, to be folded; @csum is added. */
__wsum skb_checksum(const struct sk_buff *skb, int off, int len, __wsum csum);
/* Compute what CHECKSUM_PARTIAL left to the device. 0 or -ENOMEM. */
int skb_checksum_help(struct sk_buff *skb);
/* Copy bytes into the linear part (already skb_put()), from the program. */
int skb_copy_datagram_from_iter(struct sk_buff *skb, int off,
				struct iov_iter *from, int len);

/* Fragments. */
struct frag_buf *frag_buf_alloc(unsigned int size);
void frag_buf_get(struct frag_buf *b);
void frag_buf_put(struct frag_buf *b);
/*
 * Append @n bytes of @b, taking a reference; grows the last fragment when it
 * continues it. Adds @n to len, data_len and truesize. @skb must not be
 * cloned. False: no slot left.
 */
bool skb_append_frag(struct sk_buff *skb, struct frag_buf *b, u32 off, u32 n);
/*
 * Move everything beyond @len bytes from @skb to the empty @skb1; fragments
 * are not copied. @skb must not be cloned (skb_unclone). The caller moves the
 * truesize.
 */
void skb_split(struct sk_buff *skb, struct sk_buff *skb1, u32 len);
/*
 * Append @from's payload to @to by taking its fragments over (or copying a
 * small linear part). False and nothing done when it does not fit. The caller
 * frees @from and charges @ret_delta bytes of truesize.
 */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from,
		      int *ret_delta);

/* Queues. */
static inline void __skb_queue_head_init(struct sk_buff_head *q)
{
	q->next = (struct sk_buff *)q;
	q->prev = (struct sk_buff *)q;
	q->qlen = 0;
}
#define skb_queue_head_init(q) __skb_queue_head_init(q)
static inline bool skb_queue_empty(const struct sk_buff_head *q)
{
	return q->next == (const struct sk_buff *)q;
}
static inline u32 skb_queue_len(const struct sk_buff_head *q)
{
	return q->qlen;
}
static inline struct sk_buff *skb_peek(const struct sk_buff_head *q)
{
	return skb_queue_empty(q) ? NULL : q->next;
}
static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *q)
{
	return skb_queue_empty(q) ? NULL : q->prev;
}
static inline bool skb_queue_is_last(const struct sk_buff_head *q,
				     const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)q;
}
static inline struct sk_buff *skb_queue_next(const struct sk_buff_head *q,
					     const struct sk_buff *skb)
{
	(void)q;
	return skb->next;
}
void __skb_queue_after(struct sk_buff_head *q, struct sk_buff *prev,
		       struct sk_buff *skb);
void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *q);
static inline void __skb_queue_tail(struct sk_buff_head *q,
				    struct sk_buff *skb)
{
	__skb_queue_after(q, q->prev, skb);
}
static inline void __skb_queue_head(struct sk_buff_head *q,
				    struct sk_buff *skb)
{
	__skb_queue_after(q, (struct sk_buff *)q, skb);
}
static inline void __skb_queue_before(struct sk_buff_head *q,
				      struct sk_buff *next, struct sk_buff *skb)
{
	__skb_queue_after(q, next->prev, skb);
}
static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *q)
{
	struct sk_buff *skb = skb_peek(q);

	if (skb)
		__skb_unlink(skb, q);
	return skb;
}
/* There are no locks: the plain names are the same thing. */
#define skb_queue_tail __skb_queue_tail
#define skb_queue_head __skb_queue_head
#define skb_dequeue __skb_dequeue
#define skb_unlink __skb_unlink
void skb_queue_splice_tail_init(struct sk_buff_head *from,
				struct sk_buff_head *to);
void skb_queue_purge_reason(struct sk_buff_head *q,
			    enum skb_drop_reason reason);
static inline void skb_queue_purge(struct sk_buff_head *q)
{
	skb_queue_purge_reason(q, SKB_DROP_REASON_SOCKET_CLOSE);
}

#define skb_queue_walk(q, skb)                                   \
	for (skb = (q)->next; skb != (struct sk_buff *)(q);      \
	     skb = skb->next)
#define skb_queue_walk_safe(q, skb, tmp)                                  \
	for (skb = (q)->next, tmp = skb->next;                            \
	     skb != (struct sk_buff *)(q); skb = tmp, tmp = skb->next)

static inline struct dst_entry *skb_dst(const struct sk_buff *skb)
{
	return skb->dst;
}
/* Takes over the caller's reference. */
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->dst = dst;
}
void skb_dst_drop(struct sk_buff *skb);

/* Take the skb out of its socket's accounting. */
void skb_orphan(struct sk_buff *skb);

#define SKB_DATA_ALIGN(x) ALIGN(x, 64U)
/* truesize of an skb with @size bytes of head. */
#define SKB_TRUESIZE(size)                              \
	((size) + SKB_DATA_ALIGN(sizeof(struct sk_buff)) + \
	 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

#endif
