/* SPDX-License-Identifier: MIT */
/*
 * The tree: each call on its way from the program's main() down to the packet
 * and back, as it happens. Lines of different calls may mix; the number at the
 * line's head tells them apart.
 */
#include <string.h>

#include "net/core/dropreason.h"
#include "trace/out/names.h"
#include "trace/out/out.h"

#define GUTTER 7 /* columns of the number */

enum color { PLAIN, DIM, BOLD, RED, GREEN, YELLOW, CYAN };

static const char *const codes[] = {
	[PLAIN] = "\033[0m", [DIM] = "\033[2m",	   [BOLD] = "\033[1m",
	[RED] = "\033[31m",  [GREEN] = "\033[32m", [YELLOW] = "\033[33m",
	[CYAN] = "\033[36m",
};

static const char *const reasons[] = { [SKB_CONSUMED] = "used up",
#define X(name, text) [SKB_DROP_REASON_##name] = #name ": " text,
				       SKB_DROP_REASONS(X)
#undef X
};

static void color(struct session *s, struct text *t, enum color c)
{
	if (s->color)
		text_str(t, codes[c]);
}

static struct pending *pending_of(struct session *s, struct call *c)
{
	return c && filter_needs_end(&s->filter) ? &c->pending : &s->pending;
}

/* The function whose line is open calls others, or something happens in it. */
static void close_pending(struct session *s, struct call *c)
{
	struct pending *p = pending_of(s, c);

	if (p->open)
		text_str(call_text(s, c), " {\n");
	p->open = false;
}

/* Begin a line of @c (NULL: of none) at @depth. */
static struct text *line(struct session *s, struct call *c, unsigned int depth)
{
	struct text *t = call_text(s, c);
	size_t start;

	close_pending(s, c);
	color(s, t, DIM);
	start = t->len;
	if (c && c->id & NATIVE_ID)
		text_str(t, "#host");
	else if (c)
		text_printf(t, "#%llu", (unsigned long long)c->id);
	if (t->len - start < GUTTER)
		text_pad(t, GUTTER - (t->len - start));
	color(s, t, PLAIN);
	text_pad(t, 2 * depth);
	return t;
}

static void call_number(struct text *t, u64 id)
{
	text_char(t, '#');
	text_dec(t, id);
}

/* A path as it was at the build, without the way up to the tree's root. */
static const char *path_within(const char *path)
{
	while (!strncmp(path, "./", 2) || !strncmp(path, "../", 3))
		path = strchr(path, '/') + 1;
	return path;
}

static void show_frames(struct session *s, struct call *c)
{
	struct stack_frame f[STACK_FRAMES];
	struct text *t;
	size_t start;
	int i, n;

	n = stack_unwind(c->stack, c->abi, c->ip, c->regs, f, STACK_FRAMES);
	for (i = n - 1; i >= 0; i--) {
		t = line(s, c, 0);
		text_str(t, i == n - 1 ? "user   " : "       ");
		start = t->len;
		if (f[i].name)
			text_str(t, f[i].name);
		else
			text_hex(t, f[i].ip);
		text_str(t, "()");
		if (t->len - start < 24)
			text_pad(t, 24 - (t->len - start));
		color(s, t, DIM);
		if (f[i].file)
			text_printf(t, " %s:%d", path_within(f[i].file),
				    f[i].line);
		else if (f[i].module)
			text_printf(t, " %s", f[i].module);
		if (i == 0)
			text_str(t,
				 f[i].module && !strncmp(f[i].module, "libc", 4)
					 ? "  (libc stub)"
					 : "  (stub)");
		color(s, t, PLAIN);
		text_char(t, '\n');
	}
}

static void show_trap(struct session *s, struct call *c)
{
	static const char *const names[NR_ABIS][7] = {
		[ABI_X86_64] = { "rax", "rdi", "rsi", "rdx", "r10", "r8",
				 "r9" },
		[ABI_I386] = { "eax", "ebx", "ecx", "edx", "esi", "edi",
			       "ebp" },
	};
	const char *how = call_entry(c);
	struct text *t = line(s, c, 0);
	int i;

	text_printf(t, "trap   %s at 0x%llx: %s=%lld",
		    !strcmp(how, "int80") ? "int $0x80" : how,
		    (unsigned long long)c->ip, names[c->abi][0],
		    (long long)(s32)c->nr);
	for (i = 0; i < 6; i++)
		text_printf(t, " %s=0x%llx", names[c->abi][i + 1],
			    (unsigned long long)c->regs[i]);
	if (c->sp)
		text_printf(t, " %s=0x%llx", c->abi == ABI_I386 ? "esp" : "rsp",
			    (unsigned long long)c->sp);
	text_char(t, '\n');
}

static void tree_enter(struct session *s, struct call *c)
{
	struct text *t;

	if (s->pending.open)
		close_pending(s, NULL);
	text_char(call_text(s, c), '\n');
	t = line(s, c, 0);
	color(s, t, BOLD);
	if (c->kernel) {
		text_str(t, "a task of the kernel's own");
		if (c->pid)
			text_printf(t, ", for %.16s[%d]", c->comm, c->pid);
		color(s, t, PLAIN);
		text_char(t, '\n');
		return;
	}
	text_printf(t, "%.16s[%d] ", c->comm, c->tid);
	if (c->socketcall)
		text_printf(t, "socketcall(%d): ", c->socketcall);
	call_text_line(t, c);
	color(s, t, PLAIN);
	text_char(t, '\n');
	if (c->stack && c->stack->len)
		show_frames(s, c);
	show_trap(s, c);
	c->shown = true;
}

/* The function that the table of system calls led to. */
static bool is_handler(const char *name)
{
	return !strncmp(name, "sys_", 4) || !strncmp(name, "compat_sys_", 11);
}

static void show_table(struct session *s, struct call *c, unsigned int depth,
		       const char *handler)
{
	struct text *t = line(s, c, depth);

	c->table_shown = true;
	color(s, t, GREEN);
	text_printf(t, "%s[%lld] = %s",
		    c->abi == ABI_I386 ? "ia32_sys_call_table"
				       : "sys_call_table",
		    (long long)c->nr, handler);
	color(s, t, PLAIN);
	text_char(t, '\n');
}

static void function_enter(struct session *s, struct call *c,
			   const struct trace_rec *r)
{
	const char *name = symbols_name(s->symbols, r->v[0]);
	struct pending *p = pending_of(s, c);
	struct text *t;

	if (c && !c->table_shown && is_handler(name))
		show_table(s, c, r->depth, name);
	t = line(s, c, r->depth);
	text_str(t, name);
	text_char(t, '(');
	function_args_text(s, t, c, r);
	text_char(t, ')');
	*p = (struct pending){ true, r->depth, r->ctx };
}

static void function_exit(struct session *s, struct call *c,
			  const struct trace_rec *r)
{
	struct pending *p = pending_of(s, c);
	struct text *t;

	if (p->open && p->ctx == r->ctx && p->depth == r->depth) {
		t = call_text(s, c);
		p->open = false;
		function_result_text(s, t, r);
	} else {
		t = line(s, c, r->depth);
		text_char(t, '}');
		function_result_text(s, t, r);
		color(s, t, DIM);
		text_printf(t, "  %s", symbols_name(s->symbols, r->v[0]));
		color(s, t, PLAIN);
	}
	text_char(t, '\n');
}

static void device(struct text *t, u64 ifindex)
{
	if (ifindex == 1)
		text_str(t, "lo");
	else
		text_printf(t, "if%llu", (unsigned long long)ifindex);
}

static void packet(struct session *s, struct call *c, const struct trace_rec *r)
{
	struct text *t = line(s, c, r->depth);
	u64 cause = packet_cause(s, r->v[0]);

	color(s, t, CYAN);
	text_printf(t, "%s p%llu ", r->type == TRACE_SKB_XMIT ? "->" : "<-",
		    (unsigned long long)r->v[0]);
	device(t, r->v[1]);
	text_char(t, ' ');
	packet_text(t, &r->v[7], r->v[6], r->v[3]);
	if (cause) {
		text_str(t, "  caused by ");
		call_number(t, cause);
	}
	color(s, t, PLAIN);
	text_char(t, '\n');
}

static void softirq(struct session *s, struct ctx *x, struct call *c,
		    const struct trace_rec *r)
{
	struct text *t = line(s, c, r->depth);

	color(s, t, DIM);
	text_printf(t, "== softirq %s, ",
		    x->softirq_name ? x->softirq_name : "");
	if (x->task) {
		text_str(t, "in the context of ");
		call_number(t, x->task);
	} else {
		text_str(t, "from the idle loop");
	}
	color(s, t, PLAIN);
	text_char(t, '\n');
}

static void sleeping(struct session *s)
{
	struct call *c = call_find(s, s->was_running);
	struct text *t;

	if (!c || c->unwanted || c->done || c->kernel || !c->slept)
		return;
	t = line(s, c, c->depth);
	color(s, t, YELLOW);
	text_str(t, "~ sleeps");
	color(s, t, PLAIN);
	text_char(t, '\n');
}

static void woken(struct session *s, struct call *c, const struct trace_rec *r)
{
	struct text *t;

	if (!c->slept || c->kernel)
		return;
	t = line(s, c, r->depth);
	color(s, t, YELLOW);
	text_str(t, "~ wakes after ");
	text_ns(t, r->time - c->slept);
	if (c->waker_packet)
		text_printf(t, ", by p%llu",
			    (unsigned long long)c->waker_packet);
	if (c->waker) {
		text_str(t, ", by ");
		call_number(t, c->waker);
	}
	color(s, t, PLAIN);
	text_char(t, '\n');
}

/* The name of a function of ours, by its address. */
static const char *function_at(struct session *s, u64 addr)
{
	int i;

	for (i = 0; i < s->nr_sites; i++)
		if (s->sites[i].addr == addr)
			return symbols_name(s->symbols, i);
	return "?";
}

static const char *state_name(u64 state)
{
	const char *name = name_of(NAMES_STATE, state);

	return name ? name : "?";
}

static void route(struct text *t, const struct trace_rec *r)
{
	text_str(t, "route to ");
	text_ip4(t, r->v[1]);
	if ((s32)r->v[3] < 0) {
		text_printf(t, ": -%s", errno_name(-(s32)r->v[3]));
		return;
	}
	text_str(t, " from ");
	text_ip4(t, r->v[2]);
	text_str(t, " by ");
	device(t, r->v[3]);
}

/* Events that are one plain line. False: not one of these. */
static bool event_text(struct session *s, struct text *t,
		       const struct trace_rec *r)
{
	const char *p = (const char *)r->v[4], *q = (const char *)r->v[5];

	switch (r->type) {
	case TRACE_FAIL:
		text_printf(t, "! -%s: %s: %s", errno_name(-(s32)r->v[0]), q,
			    p);
		if (r->v[1])
			text_printf(t, " (kept in s%llu)",
				    (unsigned long long)r->v[1]);
		return true;
	case TRACE_SOCK_NEW:
		text_printf(t, "s%llu new: ", (unsigned long long)r->v[0]);
		text_name(t, NAMES_FAMILY, r->v[1]);
		text_char(t, ' ');
		text_name(t, NAMES_TYPE, r->v[2]);
		return true;
	case TRACE_SOCK_STATE:
		text_printf(t, "s%llu %s -> %s", (unsigned long long)r->v[0],
			    state_name(r->v[1]), state_name(r->v[2]));
		return true;
	case TRACE_SOCK_FREE:
		text_printf(t, "s%llu freed", (unsigned long long)r->v[0]);
		return true;
	case TRACE_SKB_DROP:
		text_printf(
			t, "x p%llu dropped: %s", (unsigned long long)r->v[0],
			r->v[1] < ARRAY_SIZE(reasons) ? reasons[r->v[1]] : "?");
		return true;
	case TRACE_ROUTE:
		route(t, r);
		return true;
	case TRACE_RETRANSMIT:
		text_printf(t, "s%llu retransmits seq %u: %s",
			    (unsigned long long)r->v[0], (u32)r->v[1],
			    p ? p : "");
		return true;
	case TRACE_TIMER:
		text_printf(t, "timer %s", function_at(s, r->v[4]));
		return true;
	}
	return false;
}

static enum color event_color(const struct trace_rec *r)
{
	switch (r->type) {
	case TRACE_FAIL:
	case TRACE_SKB_DROP:
		return RED;
	case TRACE_SOCK_STATE:
	case TRACE_RETRANSMIT:
		return YELLOW;
	default:
		return DIM;
	}
}

static void plain_event(struct session *s, struct call *c,
			const struct trace_rec *r)
{
	struct text *t, tmp = { 0 };

	if (!event_text(s, &tmp, r)) {
		text_free(&tmp);
		return;
	}
	t = line(s, c, r->depth);
	color(s, t, event_color(r));
	text_bytes(t, tmp.s, tmp.len);
	color(s, t, PLAIN);
	text_char(t, '\n');
	text_free(&tmp);
}

static void tree_event(struct session *s, struct ctx *x, struct call *c,
		       const struct trace_rec *r)
{
	/* The idle loop itself is no news; what softirqs do in it is. */
	if (!c && !x->softirq &&
	    (r->type == TRACE_FUNC_ENTER || r->type == TRACE_FUNC_EXIT))
		return;
	switch (r->type) {
	case TRACE_FUNC_ENTER:
		function_enter(s, c, r);
		break;
	case TRACE_FUNC_EXIT:
		function_exit(s, c, r);
		break;
	case TRACE_SKB_XMIT:
	case TRACE_SKB_RCV:
		packet(s, c, r);
		break;
	case TRACE_SOFTIRQ_ENTER:
		softirq(s, x, c, r);
		break;
	case TRACE_TASK_RUN:
		if (c)
			woken(s, c, r);
		break;
	default:
		plain_event(s, c, r);
	}
}

static void tree_leave(struct session *s, struct call *c)
{
	struct text *t;

	/* The row may be known better now than at the trap: say all again. */
	t = line(s, c, 0);
	if (c->kernel) {
		text_str(t, "done  (");
		text_ns(t, c->end - c->begin);
		text_str(t, ")\n");
		return;
	}
	color(s, t, BOLD);
	call_text_line(t, c);
	text_str(t, " = ");
	color(s, t, call_error(c) ? RED : GREEN);
	ret_text(t, c);
	color(s, t, PLAIN);
	if (c->fault.error)
		text_printf(t, "  because %s: %s", c->fault.function,
			    c->fault.why);
	if (c->native) {
		text_str(t, "  (served by the host's system)\n");
		return;
	}
	color(s, t, DIM);
	text_str(t, "  (");
	text_ns(t, c->end - c->begin);
	if (c->nr_packets)
		text_printf(t, ", %u packet%s", c->nr_packets,
			    c->nr_packets == 1 ? "" : "s");
	text_str(t, c->refused ? ", interrupted)" : ")");
	color(s, t, PLAIN);
	text_char(t, '\n');
}

static void tree_finish(struct session *s)
{
	close_pending(s, NULL);
}

const struct format format_tree = {
	.name = "tree",
	.needs = NEED_FUNCTIONS | NEED_RETURNS | NEED_ARGS | NEED_MEMORY |
		 NEED_STACKS,
	.enter = tree_enter,
	.event = tree_event,
	.sleeps = sleeping,
	.leave = tree_leave,
	.finish = tree_finish,
};
