// SPDX-License-Identifier: MIT
/*
 * Classic BPF (McCanne, Jacobson 1993) with Linux's extensions: the checker
 * and the machine. A, X and 16 words of memory; only forward jumps, so every
 * program ends.
 */
#include "net/core/filter.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/ip.h>
#include <linux/netlink.h>

/* An instruction that exists, and what its constant must not be. */
enum insn_rule {
	RULE_NONE, /* there is no such instruction */
	RULE_OK,
	RULE_NONZERO, /* division by k */
	RULE_SHIFT, /* k < 32 */
	RULE_MEM, /* k is a word of the memory */
	RULE_ABS, /* k may name ancillary data */
	RULE_JA,
	RULE_JCOND,
};

static enum insn_rule alu_rule(u16 code)
{
	bool k = BPF_SRC(code) == BPF_K;

	switch (BPF_OP(code)) {
	case BPF_DIV:
	case BPF_MOD:
		return k ? RULE_NONZERO : RULE_OK;
	case BPF_LSH:
	case BPF_RSH:
		return k ? RULE_SHIFT : RULE_OK;
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return RULE_OK;
	case BPF_NEG:
		return k ? RULE_OK : RULE_NONE;
	default:
		return RULE_NONE;
	}
}

static enum insn_rule jmp_rule(u16 code)
{
	switch (BPF_OP(code)) {
	case BPF_JA:
		return BPF_SRC(code) == BPF_K ? RULE_JA : RULE_NONE;
	case BPF_JEQ:
	case BPF_JGT:
	case BPF_JGE:
	case BPF_JSET:
		return RULE_JCOND;
	default:
		return RULE_NONE;
	}
}

static enum insn_rule rule_of(u16 code)
{
	switch (code) {
	case BPF_LD | BPF_W | BPF_ABS:
	case BPF_LD | BPF_H | BPF_ABS:
	case BPF_LD | BPF_B | BPF_ABS:
		return RULE_ABS;
	case BPF_LD | BPF_W | BPF_IND:
	case BPF_LD | BPF_H | BPF_IND:
	case BPF_LD | BPF_B | BPF_IND:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_B | BPF_MSH:
	case BPF_LDX | BPF_IMM:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
		return RULE_OK;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return RULE_MEM;
	default:
		break;
	}
	if (code & ~0xff)
		return RULE_NONE;
	if (BPF_CLASS(code) == BPF_ALU)
		return alu_rule(code);
	if (BPF_CLASS(code) == BPF_JMP)
		return jmp_rule(code);
	return RULE_NONE;
}

static bool insn_ok(const struct sock_filter *f, unsigned int pc,
		    unsigned int len)
{
	switch (rule_of(f->code)) {
	case RULE_OK:
		return true;
	case RULE_NONZERO:
		return f->k != 0;
	case RULE_SHIFT:
		return f->k < 32;
	case RULE_MEM:
		return f->k < BPF_MEMWORDS;
	case RULE_ABS:
		/* From SKF_AD_OFF up only what there is. */
		return f->k < (u32)SKF_AD_OFF ||
		       f->k - (u32)SKF_AD_OFF < SKF_AD_MAX;
	case RULE_JA:
		return f->k < len - pc - 1;
	case RULE_JCOND:
		return pc + f->jt + 1 < len && pc + f->jf + 1 < len;
	default:
		return false;
	}
}

/*
 * No word of memory may be read before it was written on every way to there:
 * masks[pc] are the words written on all ways that jump to pc.
 */
static int check_load_and_stores(const struct sock_filter *prog,
				 unsigned int len)
{
	u16 *masks = kmalloc(len * sizeof(*masks)), valid = 0;
	int err = 0;

	if (!masks)
		return fail(-ENOMEM, "no memory to check the filter");
	memset(masks, 0xff, len * sizeof(*masks));
	for (unsigned int pc = 0; pc < len && !err; pc++) {
		const struct sock_filter *f = &prog[pc];

		valid &= masks[pc];
		switch (rule_of(f->code)) {
		case RULE_MEM:
			if (BPF_CLASS(f->code) == BPF_ST ||
			    BPF_CLASS(f->code) == BPF_STX)
				valid |= 1 << f->k;
			else if (!(valid & 1 << f->k))
				err = fail(-EINVAL, "reads unset memory");
			break;
		case RULE_JA:
			masks[pc + 1 + f->k] &= valid;
			valid = 0xffff;
			break;
		case RULE_JCOND:
			masks[pc + 1 + f->jt] &= valid;
			masks[pc + 1 + f->jf] &= valid;
			valid = 0xffff;
			break;
		default:
			break;
		}
	}
	kfree(masks);
	return err;
}

int bpf_check_classic(const struct sock_filter *prog, unsigned int len)
{
	for (unsigned int pc = 0; pc < len; pc++) {
		if (!insn_ok(&prog[pc], pc, len))
			return fail(-EINVAL, "instruction not allowed");
	}
	if (BPF_CLASS(prog[len - 1].code) != BPF_RET)
		return fail(-EINVAL, "the filter does not end in a return");
	return check_load_and_stores(prog, len);
}

struct machine {
	const struct sk_buff *skb;
	u32 a, x;
	u32 mem[BPF_MEMWORDS];
};

/*
 * Load @size bytes of the packet; offsets from SKF_NET_OFF and SKF_LL_OFF are
 * relative to those headers. False: outside, the packet is not wanted.
 */
static bool load_packet(struct machine *m, u32 k, int size)
{
	const struct sk_buff *skb = m->skb;
	s64 off = (s32)k;
	u8 b[4];

	if (off < 0) {
		if (off >= SKF_NET_OFF)
			off += -(s64)SKF_NET_OFF + skb_network_offset(skb);
		else if (off >= SKF_LL_OFF)
			off += -(s64)SKF_LL_OFF + skb_mac_offset(skb);
		else
			return false;
	}
	/* Headers before the data are linear. */
	if (off < 0) {
		if (-off > skb_headroom(skb) || off + size > skb_headlen(skb))
			return false;
		memcpy(b, skb->data + off, size);
	} else if (off > INT32_MAX || skb_copy_bits(skb, (int)off, b, size)) {
		return false;
	}
	if (size == 1)
		m->a = b[0];
	else if (size == 2)
		m->a = get_unaligned_be16(b);
	else
		m->a = get_unaligned_be32(b);
	return true;
}

/* The attribute of type X at offset A, or within the one there. 0: none. */
static u32 find_nlattr(const struct machine *m, bool nested)
{
	const struct sk_buff *skb = m->skb;
	u32 at = m->a, end = skb->len;
	struct nlattr nla;

	if (skb->data_len || end < sizeof(nla) || at > end - sizeof(nla))
		return 0;
	if (nested) {
		memcpy(&nla, skb->data + at, sizeof(nla));
		if (nla.nla_len > end - at)
			return 0;
		end = at + nla.nla_len;
		at += sizeof(nla);
	}
	while (end >= sizeof(nla) && at <= end - sizeof(nla)) {
		memcpy(&nla, skb->data + at, sizeof(nla));
		if (nla.nla_len < sizeof(nla) || nla.nla_len > end - at)
			return 0;
		if ((nla.nla_type & NLA_TYPE_MASK) == m->x)
			return at;
		at += NLA_ALIGN(nla.nla_len);
	}
	return 0;
}

/* Where the payload begins, for IPv4 with TCP, UDP or ICMP; else the L4. */
static u32 payload_offset(const struct sk_buff *skb)
{
	struct iphdr iph;
	u8 b;
	int at = skb_network_offset(skb);

	if (skb->protocol != htons(0x0800) || at < 0 ||
	    skb_copy_bits(skb, at, &iph, sizeof(iph)))
		return 0;
	at += iph.ihl * 4;
	switch (iph.protocol) {
	case 6:
		if (skb_copy_bits(skb, at + 12, &b, 1))
			return at;
		return at + max(b >> 4, 5) * 4;
	case 1:
	case 17:
		return at + 8;
	default:
		return at;
	}
}

/* What is known of a packet beside its bytes. False: drop it. */
static bool load_ancillary(struct machine *m, u32 what)
{
	const struct sk_buff *skb = m->skb;

	switch (what) {
	case SKF_AD_PROTOCOL:
		m->a = ntohs(skb->protocol);
		return true;
	case SKF_AD_PKTTYPE:
		m->a = skb->pkt_type;
		return true;
	case SKF_AD_IFINDEX:
		m->a = skb->dev ? (u32)skb->dev->ifindex : 0;
		return skb->dev != NULL;
	case SKF_AD_HATYPE:
		m->a = skb->dev ? skb->dev->type : 0;
		return skb->dev != NULL;
	case SKF_AD_NLATTR:
		m->a = find_nlattr(m, false);
		return true;
	case SKF_AD_NLATTR_NEST:
		m->a = find_nlattr(m, true);
		return true;
	case SKF_AD_MARK:
		m->a = skb->mark;
		return true;
	case SKF_AD_RXHASH:
		m->a = skb->hash;
		return true;
	case SKF_AD_ALU_XOR_X:
		m->a ^= m->x;
		return true;
	case SKF_AD_RANDOM:
		m->a = get_random_u32();
		return true;
	case SKF_AD_PAY_OFFSET:
		m->a = payload_offset(skb);
		return true;
	default: /* queue, CPU, VLAN: there are none */
		m->a = 0;
		return true;
	}
}

/* All loads; false: the packet is not wanted. */
static bool do_load(struct machine *m, const struct sock_filter *f)
{
	int size = BPF_SIZE(f->code) == BPF_W	? 4
		   : BPF_SIZE(f->code) == BPF_H ? 2
						: 1;
	u32 a;

	switch (f->code) {
	case BPF_LD | BPF_IMM:
		m->a = f->k;
		return true;
	case BPF_LDX | BPF_IMM:
		m->x = f->k;
		return true;
	case BPF_LD | BPF_MEM:
		m->a = m->mem[f->k];
		return true;
	case BPF_LDX | BPF_MEM:
		m->x = m->mem[f->k];
		return true;
	case BPF_LD | BPF_W | BPF_LEN:
		m->a = m->skb->len;
		return true;
	case BPF_LDX | BPF_W | BPF_LEN:
		m->x = m->skb->len;
		return true;
	case BPF_LDX | BPF_B | BPF_MSH:
		/* The length of an IP header in one instruction. */
		a = m->a;
		if (!load_packet(m, f->k, 1))
			return false;
		m->x = (m->a & 0xf) << 2;
		m->a = a;
		return true;
	default:
		break;
	}
	if (BPF_MODE(f->code) == BPF_IND)
		return load_packet(m, m->x + f->k, size);
	if (f->k >= (u32)SKF_AD_OFF)
		return load_ancillary(m, f->k - (u32)SKF_AD_OFF);
	return load_packet(m, f->k, size);
}

/* False: division by zero, the packet is not wanted. */
static bool do_alu(struct machine *m, const struct sock_filter *f)
{
	u32 v = BPF_SRC(f->code) == BPF_X ? m->x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_ADD:
		m->a += v;
		break;
	case BPF_SUB:
		m->a -= v;
		break;
	case BPF_MUL:
		m->a *= v;
		break;
	case BPF_DIV:
		if (!v)
			return false;
		m->a /= v;
		break;
	case BPF_MOD:
		if (!v)
			return false;
		m->a %= v;
		break;
	case BPF_AND:
		m->a &= v;
		break;
	case BPF_OR:
		m->a |= v;
		break;
	case BPF_XOR:
		m->a ^= v;
		break;
	case BPF_LSH:
		m->a <<= v & 31;
		break;
	case BPF_RSH:
		m->a >>= v & 31;
		break;
	case BPF_NEG:
		m->a = 0 - m->a;
		break;
	}
	return true;
}

static u32 jump(const struct machine *m, const struct sock_filter *f)
{
	u32 v = BPF_SRC(f->code) == BPF_X ? m->x : f->k;
	bool yes;

	switch (BPF_OP(f->code)) {
	case BPF_JA:
		return f->k;
	case BPF_JEQ:
		yes = m->a == v;
		break;
	case BPF_JGT:
		yes = m->a > v;
		break;
	case BPF_JGE:
		yes = m->a >= v;
		break;
	default: /* BPF_JSET */
		yes = m->a & v;
		break;
	}
	return yes ? f->jt : f->jf;
}

u32 bpf_prog_run(const struct sock_filter *prog, const struct sk_buff *skb)
{
	const struct sock_filter *f;
	struct machine m;

	m.skb = skb;
	m.a = 0;
	m.x = 0;
	/* The memory needs no clearing: see check_load_and_stores(). */
	for (f = prog;; f++) {
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
		case BPF_LDX:
			if (!do_load(&m, f))
				return 0;
			break;
		case BPF_ST:
			m.mem[f->k] = m.a;
			break;
		case BPF_STX:
			m.mem[f->k] = m.x;
			break;
		case BPF_ALU:
			if (!do_alu(&m, f))
				return 0;
			break;
		case BPF_JMP:
			f += jump(&m, f);
			break;
		case BPF_RET:
			return BPF_RVAL(f->code) == BPF_A ? m.a : f->k;
		case BPF_MISC:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
			break;
		}
	}
}
