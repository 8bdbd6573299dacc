/* SPDX-License-Identifier: MIT */
/* Unwinding a stack that was taken: trace/out/stack.h says with what. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/sched.h"
#include "trace/out/maps.h"
#include "trace/out/stack.h"

#define MAX_REGS 17
#define EXPR_DEPTH 16

/* DWARF's numbers of registers. */
struct machine {
	unsigned int word; /* bytes */
	unsigned int nregs, sp, fp, ip;
	s8 arg[6]; /* registers of the call's arguments */
};

static const struct machine machines[NR_ABIS] = {
	[ABI_X86_64] = { 8, 17, 7, 6, 16, { 5, 4, 1, 10, 8, 9 } },
	[ABI_I386] = { 4, 9, 4, 5, 8, { 3, 1, 2, 6, 7, 5 } },
};

struct state {
	const struct machine *mach;
	const struct stack_snapshot *stack;
	u64 reg[MAX_REGS];
	u32 known; /* bit n: reg[n] is */
	u64 cfa;
};

static bool known(const struct state *st, unsigned int r)
{
	return r < st->mach->nregs && st->known & BIT(r);
}

static void set(struct state *st, unsigned int r, u64 value)
{
	st->reg[r] = value;
	st->known |= BIT(r);
}

/* A word of the stack. */
static bool load(const struct state *st, u64 addr, u64 *ret)
{
	const struct stack_snapshot *s = st->stack;

	if (s->len < st->mach->word || addr < s->sp ||
	    addr - s->sp > s->len - st->mach->word)
		return false;
	*ret = 0;
	memcpy(ret, s->bytes + (addr - s->sp), st->mach->word);
	return true;
}

struct expr {
	u64 v[EXPR_DEPTH];
	unsigned int n;
};

static bool push(struct expr *e, u64 v)
{
	if (e->n == EXPR_DEPTH)
		return false;
	e->v[e->n++] = v;
	return true;
}

static bool push_reg(const struct state *st, struct expr *e, unsigned int r,
		     u64 off)
{
	return known(st, r) && push(e, st->reg[r] + off);
}

static bool binary(struct expr *e, unsigned int op)
{
	u64 b;

	if (e->n < 2)
		return false;
	b = e->v[--e->n];
	switch (op) {
	case DW_OP_plus:
		e->v[e->n - 1] += b;
		return true;
	case DW_OP_minus:
		e->v[e->n - 1] -= b;
		return true;
	case DW_OP_and:
		e->v[e->n - 1] &= b;
		return true;
	case DW_OP_shl:
		e->v[e->n - 1] <<= b & 63;
		return true;
	case DW_OP_ge:
		e->v[e->n - 1] = (s64)e->v[e->n - 1] >= (s64)b;
		return true;
	}
	return false;
}

static bool step(const struct state *st, struct expr *e, const Dwarf_Op *op)
{
	unsigned int a = op->atom;

	if (a >= DW_OP_breg0 && a <= DW_OP_breg31)
		return push_reg(st, e, a - DW_OP_breg0, op->number);
	if (a >= DW_OP_lit0 && a <= DW_OP_lit31)
		return push(e, a - DW_OP_lit0);
	switch (a) {
	case DW_OP_bregx:
		return push_reg(st, e, op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return push(e, st->cfa);
	case DW_OP_const1u:
	case DW_OP_const2u:
	case DW_OP_const4u:
	case DW_OP_const8u:
	case DW_OP_constu:
	case DW_OP_const1s:
	case DW_OP_const2s:
	case DW_OP_const4s:
	case DW_OP_const8s:
	case DW_OP_consts:
		return push(e, op->number);
	case DW_OP_plus_uconst:
		if (!e->n)
			return false;
		e->v[e->n - 1] += op->number;
		return true;
	case DW_OP_deref:
		return e->n && load(st, e->v[e->n - 1], &e->v[e->n - 1]);
	}
	return binary(e, a);
}

/* The value of a location: an address unless @ret_value. */
static bool evaluate(const struct state *st, const Dwarf_Op *ops, size_t n,
		     u64 *ret, bool *ret_value)
{
	struct expr e = { .n = 0 };
	size_t i;

	*ret_value = false;
	for (i = 0; i < n; i++) {
		if (ops[i].atom == DW_OP_stack_value) {
			*ret_value = true;
			break;
		}
		/* "in register n" */
		if (ops[i].atom >= DW_OP_reg0 && ops[i].atom <= DW_OP_reg31) {
			*ret_value = true;
			if (!push_reg(st, &e, ops[i].atom - DW_OP_reg0, 0))
				return false;
			continue;
		}
		if (!step(st, &e, &ops[i]))
			return false;
	}
	if (!e.n)
		return false;
	*ret = e.v[e.n - 1];
	return true;
}

/* The caller's value of register @r. False: lost. */
static bool restore(const struct state *st, Dwarf_Frame *f, unsigned int r,
		    u64 *ret)
{
	Dwarf_Op mem[3], *ops = NULL;
	size_t n = 0;
	bool value;
	u64 v;

	if (dwarf_frame_register(f, r, mem, &ops, &n))
		return false;
	if (!n) {
		*ret = st->reg[r];
		return !ops && known(st, r) && r != st->mach->ip;
	}
	if (!evaluate(st, ops, n, &v, &value))
		return false;
	if (value) {
		*ret = v;
		return true;
	}
	return load(st, v, ret);
}

/* Is there a call before @addr? *ret_target: where to, 0: not told. */
static bool after_call(int pid, u64 addr, u64 *ret_target)
{
	const struct map *m = map_find(pid, addr);
	u8 c[7];
	s32 rel;

	*ret_target = 0;
	if (!m || !m->module || addr - m->start < sizeof(c) ||
	    !module_bytes(m->module, addr - m->start + m->offset - sizeof(c), c,
			  sizeof(c)))
		return false;
	if (c[2] == 0xe8) { /* call rel32 */
		memcpy(&rel, c + 3, sizeof(rel));
		*ret_target = addr + rel;
		return true;
	}
	/* call *...: two, three, six or seven bytes */
	return (c[5] == 0xff && (c[6] & 0x38) == 0x10) ||
	       (c[4] == 0xff && (c[5] & 0xf8) == 0x50) ||
	       (c[1] == 0xff && (c[2] & 0x38) == 0x10) ||
	       (c[0] == 0xff && (c[1] & 0x38) == 0x10);
}

/*
 * The frame's size hangs on a register we do not know: look for the return
 * address. A direct call of this very function is it for certain; else the
 * first that follows a call at all.
 */
static bool scan(struct state *st, u64 function)
{
	u64 addr, value, target, first = 0;

	for (addr = st->reg[st->mach->sp]; load(st, addr, &value);
	     addr += st->mach->word) {
		if (!after_call(st->stack->pid, value, &target))
			continue;
		if (function && target == function) {
			first = addr;
			break;
		}
		if (!first)
			first = addr;
	}
	if (!first)
		return false;
	st->cfa = first + st->mach->word;
	return true;
}

static bool find_cfa(struct state *st, Dwarf_Frame *f, u64 function)
{
	Dwarf_Op *ops;
	bool value;
	size_t n;
	u64 fp;

	if (f && !dwarf_frame_cfa(f, &ops, &n) && n &&
	    evaluate(st, ops, n, &st->cfa, &value))
		return true;
	fp = st->reg[st->mach->fp];
	if (!f && known(st, st->mach->fp) && fp >= st->reg[st->mach->sp] &&
	    fp - st->stack->sp < st->stack->len) {
		st->cfa = fp + 2 * st->mach->word;
		return true;
	}
	return scan(st, function);
}

/* Go to the caller. False: this was the last one, or we are lost. */
static bool up(struct state *st, bool innermost)
{
	u64 ip = st->reg[st->mach->ip] - !innermost, file_addr, value, ra;
	const struct map *m = map_find(st->stack->pid, ip);
	const struct machine *mach = st->mach;
	Dwarf_Addr start = 0, end = 0;
	struct state next = *st;
	Dwarf_Frame *f = NULL;
	unsigned int r;
	bool signal;

	if (m && m->module) {
		file_addr = module_address(m, ip);
		f = module_cfi(m->module, file_addr);
		if (f && dwarf_frame_info(f, &start, &end, &signal) >= 0 &&
		    start)
			start += ip - file_addr;
	}
	if (!find_cfa(st, f, start) || st->cfa <= st->reg[mach->sp]) {
		free(f);
		return false;
	}
	next.known = 0;
	for (r = 0; f && r < mach->nregs; r++)
		if (r != mach->ip && r != mach->sp && restore(st, f, r, &value))
			set(&next, r, value);
	if (!f && load(st, st->cfa - 2 * mach->word, &value))
		set(&next, mach->fp, value);
	if (!(f && restore(st, f, mach->ip, &ra)) &&
	    !load(st, st->cfa - mach->word, &ra)) {
		free(f);
		return false;
	}
	free(f);
	set(&next, mach->ip, ra);
	set(&next, mach->sp, st->cfa);
	*st = next;
	return ra != 0;
}

static void describe(const struct state *st, bool innermost,
		     struct stack_frame *fr)
{
	u64 ip = st->reg[st->mach->ip], addr;
	const struct map *m = map_find(st->stack->pid, ip - !innermost);

	*fr = (struct stack_frame){ .ip = ip };
	if (!m || !m->module)
		return;
	addr = module_address(m, ip - !innermost);
	fr->name = module_symbol(m->module, addr);
	fr->file = module_line(m->module, addr, &fr->line);
	fr->module = module_name(m->module);
}

/* What starts a program or thread: nobody wants to see it every time. */
static bool is_start(const char *name)
{
	return name &&
	       (!strncmp(name, "__libc_start", 12) || !strcmp(name, "_start") ||
		!strcmp(name, "clone3") || !strcmp(name, "clone") ||
		!strcmp(name, "__clone") || !strcmp(name, "start_thread"));
}

int stack_unwind(const struct stack_snapshot *s, int abi, u64 ip,
		 const u64 regs[6], struct stack_frame *frames, int max)
{
	struct state st = { .mach = &machines[abi], .stack = s };
	int n = 0, i;

	for (i = 0; i < 6; i++)
		set(&st, st.mach->arg[i], regs[i]);
	set(&st, st.mach->sp, s->sp);
	set(&st, st.mach->ip, ip);
	do {
		describe(&st, n == 0, &frames[n]);
		/* A return address that leads nowhere is no frame. */
		if (n && !frames[n].module)
			break;
		if (n && is_start(frames[n].name))
			break;
		n++;
		if (frames[n - 1].name && !strcmp(frames[n - 1].name, "main"))
			break;
	} while (n < max && s->len && up(&st, n == 1));
	return n;
}
