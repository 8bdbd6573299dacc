/* SPDX-License-Identifier: MIT */
/* Classic BPF: what the checker refuses, and what programs compute. */
#include "net/core/filter.h"

#include "lib/string.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"
#include <errno.h>

#define CHECK(...)                                              \
	({                                                      \
		const struct sock_filter p[] = { __VA_ARGS__ }; \
		bpf_check_classic(p, ARRAY_SIZE(p));            \
	})
#define RUN(skb, ...)                                                     \
	({                                                                \
		const struct sock_filter p[] = { __VA_ARGS__ };           \
		assert_int_equal(bpf_check_classic(p, ARRAY_SIZE(p)), 0); \
		bpf_prog_run(p, skb);                                     \
	})
#define STMT(c, k) BPF_STMT(c, (u32)(k))
#define RET_A STMT(BPF_RET | BPF_A, 0)
#define RET(k) STMT(BPF_RET | BPF_K, k)
#define IMM(k) STMT(BPF_LD | BPF_IMM, k)
#define LDX(k) STMT(BPF_LDX | BPF_IMM, k)

static struct sk_buff *make_skb(void)
{
	static const u8 head[6] = { 0x45, 0x01, 0x02, 0x03, 0x04, 0x05 };
	static const u8 tail[4] = { 0xa0, 0xa1, 0xa2, 0xa3 };
	struct sk_buff *skb = alloc_skb(64);
	struct frag_buf *b = frag_buf_alloc(4);

	skb_reserve(skb, 32);
	memcpy(skb_put(skb, 6), head, 6);
	memcpy(b->data, tail, 4);
	(void)skb_append_frag(skb, b, 0, 4);
	frag_buf_put(b);
	skb->protocol = htons(0x0800);
	skb->mark = 77;
	skb_reset_network_header(skb);
	return skb;
}

static void programs_that_could_do_harm_are_refused(void **state)
{
	struct sim *s = sim_new(1);

	assert_int_equal(CHECK(RET(1)), 0);
	/* no return at the end */
	assert_int_equal(CHECK(IMM(1)), -EINVAL);
	/* unknown code */
	assert_int_equal(CHECK(STMT(0xff, 0), RET(1)), -EINVAL);
	assert_int_equal(CHECK(STMT(0x100, 0), RET(1)), -EINVAL);
	/* jumps beyond the end */
	assert_int_equal(CHECK(STMT(BPF_JMP | BPF_JA, 1), RET(1)), -EINVAL);
	assert_int_equal(CHECK(STMT(BPF_JMP | BPF_JA, 0xffffffff), RET(1)),
			 -EINVAL);
	assert_int_equal(CHECK(BPF_JUMP(BPF_JMP | BPF_JEQ, 1, 0, 1), RET(1)),
			 -EINVAL);
	/* division by zero, too far a shift, no such memory */
	assert_int_equal(CHECK(STMT(BPF_ALU | BPF_DIV, 0), RET(1)), -EINVAL);
	assert_int_equal(CHECK(STMT(BPF_ALU | BPF_LSH, 32), RET(1)), -EINVAL);
	assert_int_equal(CHECK(STMT(BPF_ST, 16), RET(1)), -EINVAL);
	/* memory read before it is written, on one of two ways */
	assert_int_equal(CHECK(STMT(BPF_LD | BPF_MEM, 3), RET_A), -EINVAL);
	assert_int_equal(CHECK(BPF_JUMP(BPF_JMP | BPF_JEQ, 1, 1, 0),
			       STMT(BPF_ST, 3), STMT(BPF_LD | BPF_MEM, 3),
			       RET_A),
			 -EINVAL);
	assert_int_equal(
		CHECK(STMT(BPF_ST, 3), STMT(BPF_LD | BPF_MEM, 3), RET_A), 0);
	/* ancillary data that does not exist */
	assert_int_equal(
		CHECK(STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_MAX),
		      RET_A),
		-EINVAL);
	assert_int_equal(sim_free(s), 0);
}

static void loads_reach_linear_part_and_fragments(void **state)
{
	struct sim *s = sim_new(1);
	struct sk_buff *skb = make_skb();

	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_B | BPF_ABS, 0), RET_A),
			 0x45);
	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_H | BPF_ABS, 1), RET_A),
			 0x0102);
	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_W | BPF_ABS, 4), RET_A),
			 0x0405a0a1);
	assert_int_equal(
		RUN(skb, LDX(5), STMT(BPF_LD | BPF_W | BPF_IND, 1), RET_A),
		0xa0a1a2a3);
	/* beyond the end: dropped */
	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_W | BPF_ABS, 7), RET(9)),
			 0);
	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_W | BPF_LEN, 0), RET_A),
			 10);
	assert_int_equal(RUN(skb, STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
			     STMT(BPF_MISC | BPF_TXA, 0), RET_A),
			 20);
	/* relative to the network header, which was pulled */
	skb_pull(skb, 2);
	assert_int_equal(
		RUN(skb, STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF), RET_A),
		0x45);
	assert_int_equal(RUN(skb, STMT(BPF_LD | BPF_B | BPF_ABS, 0), RET_A),
			 0x02);
	consume_skb(skb);
	assert_int_equal(sim_free(s), 0);
}

static void ancillary_data_tell_of_the_packet(void **state)
{
	struct sim *s = sim_new(1);
	struct sk_buff *skb = make_skb();

#define ANC(what) STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + (what))
	assert_int_equal(RUN(skb, ANC(SKF_AD_PROTOCOL), RET_A), 0x0800);
	assert_int_equal(RUN(skb, ANC(SKF_AD_MARK), RET_A), 77);
	/* no device: dropped */
	assert_int_equal(RUN(skb, ANC(SKF_AD_IFINDEX), RET(1)), 0);
	assert_int_equal(RUN(skb, IMM(6), LDX(3), ANC(SKF_AD_ALU_XOR_X), RET_A),
			 5);
	consume_skb(skb);
	assert_int_equal(sim_free(s), 0);
}

static void arithmetic_and_jumps(void **state)
{
	struct sim *s = sim_new(1);
	struct sk_buff *skb = make_skb();

	assert_int_equal(RUN(skb, IMM(7), STMT(BPF_ALU | BPF_MUL, 6),
			     STMT(BPF_ALU | BPF_MOD, 10),
			     STMT(BPF_ALU | BPF_LSH, 4),
			     STMT(BPF_ALU | BPF_OR, 1), RET_A),
			 0x21);
	assert_int_equal(RUN(skb, IMM(1), STMT(BPF_ALU | BPF_NEG, 0), RET_A),
			 0xffffffff);
	/* division by X = 0 drops */
	assert_int_equal(RUN(skb, IMM(1), LDX(0),
			     STMT(BPF_ALU | BPF_DIV | BPF_X, 0), RET(1)),
			 0);
	assert_int_equal(RUN(skb, IMM(5), BPF_JUMP(BPF_JMP | BPF_JGT, 5, 0, 1),
			     RET(1), BPF_JUMP(BPF_JMP | BPF_JGE, 5, 1, 0),
			     RET(2), BPF_JUMP(BPF_JMP | BPF_JSET, 4, 0, 1),
			     RET(3), RET(4)),
			 3);
	assert_int_equal(RUN(skb, STMT(BPF_JMP | BPF_JA, 1), RET(1), RET(2)),
			 2);
	consume_skb(skb);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_could_do_harm_are_refused),
		cmocka_unit_test(loads_reach_linear_part_and_fragments),
		cmocka_unit_test(ancillary_data_tell_of_the_packet),
		cmocka_unit_test(arithmetic_and_jumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
