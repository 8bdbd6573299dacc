/* SPDX-License-Identifier: MIT */
/* Packets: whatever is done to them, the bytes stay what a flat copy says. */
#include "net/core/skbuff.h"

#include "kernel/slab.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"
#include <errno.h>

#define MAX_BYTES 20000

static u8 flat[MAX_BYTES], got[MAX_BYTES];
static u32 next_byte;

/* An skb of @linear bytes and @frags fragments, and its bytes in flat[]. */
static struct sk_buff *make_skb(unsigned int linear, int frags)
{
	struct sk_buff *skb = alloc_skb(64 + linear);
	unsigned int n = linear;

	assert_non_null(skb);
	skb_reserve(skb, 64);
	for (unsigned int i = 0; i < linear; i++)
		flat[i] = (u8)(next_byte++ * 13);
	memcpy(skb_put(skb, linear), flat, linear);
	for (int f = 0; f < frags; f++) {
		u32 size = 1 + get_random_u32_below(900);
		struct frag_buf *b = frag_buf_alloc(size + 8);

		assert_non_null(b);
		for (u32 i = 0; i < size; i++)
			b->data[8 + i] = flat[n + i] = (u8)(next_byte++ * 13);
		assert_true(skb_append_frag(skb, b, 8, size));
		frag_buf_put(b);
		n += size;
	}
	assert_int_equal(skb->len, n);
	return skb;
}

static void assert_bytes(const struct sk_buff *skb, const u8 *want, size_t n)
{
	assert_int_equal(skb->len, n);
	assert_int_equal(skb_copy_bits(skb, 0, got, n), 0);
	assert_memory_equal(got, want, n);
}

static void copies_of_any_range_are_the_bytes(void **state)
{
	struct sim *s = sim_new(1);

	for (int round = 0; round < 300; round++) {
		struct sk_buff *skb = make_skb(get_random_u32_below(300),
					       get_random_u32_below(17));

		for (int i = 0; i < 20 && skb->len; i++) {
			int off = get_random_u32_below(skb->len);
			int n = get_random_u32_below(skb->len - off + 1);

			assert_int_equal(skb_copy_bits(skb, off, got, n), 0);
			assert_memory_equal(got, flat + off, n);
			assert_int_equal(
				csum_fold(skb_checksum(skb, off, n, 0)),
				csum_fold(csum_partial(flat + off, n, 0)));
		}
		assert_int_equal(skb_copy_bits(skb, 1, got, skb->len), -EFAULT);
		assert_int_equal(skb_copy_bits(skb, -1, got, 1), -EFAULT);
		consume_skb(skb);
	}
	assert_int_equal(sim_free(s), 0);
}

static void pulling_and_trimming_keep_the_bytes(void **state)
{
	struct sim *s = sim_new(2);

	for (int round = 0; round < 500; round++) {
		struct sk_buff *skb = make_skb(get_random_u32_below(100),
					       get_random_u32_below(17));
		struct sk_buff *clone = NULL;
		u32 len = skb->len, cut, keep;

		if (round & 1) {
			clone = skb_clone(skb);
			assert_int_equal(clone->id, skb->id);
		}
		cut = get_random_u32_below(len + 1);
		assert_true(pskb_may_pull(skb, cut));
		assert_true(skb_headlen(skb) >= cut);
		assert_bytes(skb, flat, len);
		assert_false(pskb_may_pull(skb, len + 1));
		skb_pull(skb, cut);
		assert_bytes(skb, flat + cut, len - cut);
		keep = get_random_u32_below(len - cut + 1);
		assert_int_equal(pskb_trim(skb, keep), 0);
		assert_bytes(skb, flat + cut, keep);
		assert_int_equal(skb_linearize(skb), 0);
		assert_bytes(skb, flat + cut, keep);
		if (clone)
			assert_bytes(clone, flat, len);
		consume_skb(clone);
		consume_skb(skb);
	}
	assert_int_equal(sim_free(s), 0);
}

static void split_and_coalesce_are_inverse(void **state)
{
	struct sim *s = sim_new(3);

	for (int round = 0; round < 500; round++) {
		struct sk_buff *skb = make_skb(round % 3 ? 0 : 50,
					       1 + get_random_u32_below(16));
		struct sk_buff *rest = alloc_skb(64);
		u32 len = skb->len, cut = get_random_u32_below(len);
		int delta;

		skb_split(skb, rest, cut);
		assert_bytes(skb, flat, cut);
		assert_bytes(rest, flat + cut, len - cut);
		/* Two cuts make one fragment two: there is always room. */
		if (skb_headlen(rest) == 0 && rest->len &&
		    cut >= skb_headlen(skb)) {
			rest->truesize += len - cut;
			skb->truesize -= len - cut;
			assert_true(skb_try_coalesce(skb, rest, &delta));
			assert_bytes(skb, flat, len);
		}
		consume_skb(rest);
		consume_skb(skb);
	}
	assert_int_equal(sim_free(s), 0);
}

static void writing_headers_leaves_clones_alone(void **state)
{
	struct sim *s = sim_new(4);
	struct sk_buff *skb = make_skb(40, 3), *clone, *copy;
	u32 len = skb->len;

	clone = skb_clone(skb);
	assert_true(skb_cloned(skb));
	skb_reset_network_header(clone);
	assert_int_equal(skb_cow_head(clone, 100), 0);
	assert_true(skb_headroom(clone) >= 100);
	assert_ptr_equal(skb_network_header(clone), clone->data);
	memset(skb_push(clone, 100), 0xee, 100);
	clone->data[100] = 0x77;
	assert_bytes(skb, flat, len);
	copy = __pskb_copy(skb, 10);
	assert_int_equal(skb_headroom(copy), 10);
	assert_bytes(copy, flat, len);
	copy->data[0] ^= 1;
	assert_bytes(skb, flat, len);
	consume_skb(clone);
	consume_skb(copy);
	copy = skb_copy(skb);
	assert_int_equal(copy->data_len, 0);
	assert_bytes(copy, flat, len);
	consume_skb(copy);
	consume_skb(skb);
	assert_int_equal(sim_free(s), 0);
}

static void adjacent_pieces_become_one_fragment(void **state)
{
	struct sim *s = sim_new(5);
	struct sk_buff *a = alloc_skb(0), *b = alloc_skb(0);
	struct frag_buf *buf = frag_buf_alloc(1000);
	int delta;

	assert_true(skb_append_frag(a, buf, 0, 100));
	assert_true(skb_append_frag(a, buf, 100, 50));
	assert_int_equal(skb_shinfo(a)->nr_frags, 1);
	assert_true(skb_append_frag(b, buf, 150, 10));
	assert_int_equal(buf->refs, 3);
	assert_true(skb_try_coalesce(a, b, &delta));
	assert_int_equal(delta, 10);
	assert_int_equal(skb_shinfo(a)->nr_frags, 1);
	assert_int_equal(a->len, 160);
	consume_skb(b);
	assert_int_equal(buf->refs, 2);
	consume_skb(a);
	assert_int_equal(buf->refs, 1);
	frag_buf_put(buf);
	assert_int_equal(sim_free(s), 0);
}

static void failing_memory_leaves_packets_whole(void **state)
{
	struct sim *s = sim_new(6);
	struct sk_buff *skb = make_skb(10, 4), *clone;
	u32 len = skb->len;

	clone = skb_clone(skb);
	kmem_fail_at(1);
	assert_false(pskb_may_pull(skb, 500));
	assert_bytes(skb, flat, len);
	kmem_fail_at(1);
	assert_null(skb_clone(skb));
	kmem_fail_at(2);
	assert_null(__pskb_copy(skb, 0));
	kmem_fail_at(2);
	assert_null(alloc_skb(100));
	kmem_fail_at(1);
	assert_int_equal(pskb_trim(skb, 20), -ENOMEM);
	assert_bytes(skb, flat, len);
	assert_bytes(clone, flat, len);
	consume_skb(clone);
	consume_skb(skb);
	assert_int_equal(sim_free(s), 0);
}

static void queues_keep_order(void **state)
{
	struct sim *s = sim_new(7);
	struct sk_buff_head q, r;
	struct sk_buff *a = alloc_skb(1), *b = alloc_skb(1), *c = alloc_skb(1);

	__skb_queue_head_init(&q);
	__skb_queue_head_init(&r);
	__skb_queue_tail(&q, b);
	__skb_queue_head(&q, a);
	__skb_queue_tail(&r, c);
	skb_queue_splice_tail_init(&r, &q);
	assert_true(skb_queue_empty(&r));
	assert_int_equal(skb_queue_len(&q), 3);
	__skb_unlink(b, &q);
	assert_null(b->next);
	assert_ptr_equal(__skb_dequeue(&q), a);
	assert_ptr_equal(skb_peek_tail(&q), c);
	skb_queue_purge(&q);
	consume_skb(a);
	consume_skb(b);
	assert_int_equal(sim_free(s), 0);
}

/* What CHECKSUM_PARTIAL leaves: the sum of all from csum_start on is right. */
static void a_deferred_checksum_is_completed(void **state)
{
	struct sim *s = sim_new(1);

	for (int round = 0; round < 100; round++) {
		struct sk_buff *skb = make_skb(60, get_random_u32_below(9));
		struct sk_buff *clone = skb_clone(skb);
		int start = 2 * (int)get_random_u32_below(15);
		u16 pseudo;

		assert_non_null(clone);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (u16)(skb_headroom(skb) + start);
		skb->csum_offset = 16;
		assert_int_equal(skb_checksum_help(skb), 0);
		assert_int_equal(skb->ip_summed, CHECKSUM_UNNECESSARY);
		assert_bytes(clone, flat, clone->len);
		consume_skb(clone);
		/* The field stood for the pseudo header, which is outside. */
		memcpy(&pseudo, flat + start + 16, sizeof(pseudo));
		assert_int_equal(csum_fold(skb_checksum(skb, start,
							(int)skb->len - start,
							pseudo)),
				 0);
		consume_skb(skb);
	}
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_of_any_range_are_the_bytes),
		cmocka_unit_test(pulling_and_trimming_keep_the_bytes),
		cmocka_unit_test(split_and_coalesce_are_inverse),
		cmocka_unit_test(writing_headers_leaves_clones_alone),
		cmocka_unit_test(adjacent_pieces_become_one_fragment),
		cmocka_unit_test(failing_memory_leaves_packets_whole),
		cmocka_unit_test(queues_keep_order),
		cmocka_unit_test(a_deferred_checksum_is_completed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
