/* SPDX-License-Identifier: MIT */
/*
 * The function graph: sites, patching, shadow stacks. See graph.h. Everything
 * here is compiled without patchable entries, or the tracer would trace
 * itself.
 */
#include "trace/graph.h"

#include <asm/errno.h>

#include "lib/string.h"
#include "port.h"
#include "trace/record.h"
#include "trace/trace.h"

#define PATCH_SIZE 5
#define NOP 0x90
#define CALL 0xe8

/* Deep enough for a call that sends, with a softirq and an answer inside. */
#define MAX_DEPTH 120
#define CHUNK (64UL << 10) /* the unit of port_alloc() */
#define NO_SITE 0xffff
#define MAX_ID (1ULL << 40)
#define notsanitized __attribute__((no_sanitize("address", "undefined")))

/* Known to graph_x86_64.S: ret, slot, and the size of 24 bytes. */
struct trace_frame {
	unsigned long ret; /* where the function returns to */
	unsigned long slot; /* where on the stack that address was */
	u32 site;
	u32 spare;
};

/* The shadow stack of one stack. frames[0] is a sentinel. */
struct trace_ctx {
	struct trace_ctx *next_free;
	u32 id; /* new for each use */
	u32 depth; /* frames above the sentinel */
	struct trace_frame frames[MAX_DEPTH + 1];
};

static_assert(sizeof(struct trace_frame) == 24, "graph_x86_64.S");
static_assert(offsetof(struct trace_frame, slot) == 8, "graph_x86_64.S");

/* Larger than any address, and 8 more does not overflow. */
#define SENTINEL 0x7ffffffffffffff0UL

extern const unsigned long
	sites_start[] __asm__("__start___patchable_function_entries")
		__attribute__((weak, visibility("hidden")));
extern const unsigned long
	sites_end[] __asm__("__stop___patchable_function_entries")
		__attribute__((weak, visibility("hidden")));

void trace_entry_thunk(void);
void trace_return_thunk(void);
void trace_enter_hook(unsigned long addr, unsigned long *slot, const u64 *regs);
unsigned long trace_return_hook(u64 value, unsigned long *slot);

int trace_active;
struct trace_stats trace_stats;

/* Tracing is of the whole process, as patched text is: hence the globals. */
static struct trace_config config;
static struct trace_site *sites;
static unsigned int nr_sites;
static u16 *site_of; /* [(address - text_lo) / 4]: index, or NO_SITE */
static unsigned long text_lo, text_hi; /* first and last function */
static struct trace_ctx *free_ctx;
static u32 next_ctx_id;
static bool recording;
static unsigned int open_frames; /* functions whose return is ours */

static __thread bool owner; /* this thread is the one that is traced */
static __thread void *idle_slot; /* the context before any trace_switch() */
static __thread void **slot_now; /* of the stack that runs; NULL: idle */

/* Top frame of the running context: for unwinders, see graph_x86_64.S. */
__attribute__((visibility("hidden"))) struct trace_frame *trace_top;
static struct trace_frame no_frame = { .slot = SENTINEL };

static size_t round_up(size_t n)
{
	return (n + CHUNK - 1) & ~(CHUNK - 1);
}

/* By address. The linker mostly has them in that order already. */
static void sort_sites(unsigned int n)
{
	struct trace_site tmp;
	unsigned int i, gap;

	for (gap = n / 2; gap; gap /= 2) {
		for (i = 0; i + gap < n; i++) {
			unsigned int j = i + gap;

			tmp = sites[j];
			for (; j >= gap && sites[j - gap].addr > tmp.addr;
			     j -= gap)
				sites[j] = sites[j - gap];
			sites[j] = tmp;
		}
	}
}

int trace_sites(struct trace_site **ret_sites)
{
	unsigned int i, n = sites_end - sites_start;
	size_t index_size;

	if (sites || !n)
		goto out;
	if (n >= NO_SITE)
		n = NO_SITE - 1;
	sites = port_alloc(round_up(n * sizeof(*sites)));
	if (!sites)
		return -ENOMEM;
	text_lo = ~0UL;
	for (i = 0; i < n; i++) {
		sites[i].addr = sites_start[i];
		sites[i].nargs = TRACE_MAX_ARGS;
		text_lo = min(text_lo, sites[i].addr);
		text_hi = max(text_hi, sites[i].addr);
	}
	sort_sites(n);
	index_size = ((text_hi - text_lo) / 4 + 1) * sizeof(*site_of);
	site_of = port_alloc(round_up(index_size));
	if (!site_of) {
		port_free(sites, round_up(n * sizeof(*sites)));
		sites = NULL;
		return -ENOMEM;
	}
	memset(site_of, 0xff, index_size);
	for (i = 0; i < n; i++)
		site_of[(sites[i].addr - text_lo) / 4] = i;
	nr_sites = n;
out:
	*ret_sites = sites;
	return nr_sites;
}

/*
 * A debugger's breakpoint may stand in the first byte, and it remembers what
 * was there: such a function stays as it is.
 */
static void patch(struct trace_site *s, bool on)
{
	static const u8 nops[PATCH_SIZE] = { NOP, NOP, NOP, NOP, NOP };
	u8 *p = (u8 *)s->addr;
	s32 rel =
		(s32)((unsigned long)trace_entry_thunk - s->addr - PATCH_SIZE);

	if (on == s->patched)
		return;
	if (on ? memcmp(p, nops, PATCH_SIZE) : p[0] != CALL)
		return;
	if (on) {
		p[0] = CALL;
		memcpy(p + 1, &rel, sizeof(rel));
	} else {
		memcpy(p, nops, PATCH_SIZE);
	}
	s->patched = on;
}

/* Patch every site to what is wanted of it, or all back to NOPs. */
static int patch_all(bool on)
{
	char *start = (char *)text_lo;
	size_t size = text_hi + PATCH_SIZE - text_lo;
	unsigned int i;
	int err;

	if (!nr_sites)
		return 0;
	err = config.protect(start, size, true);
	if (err)
		return err;
	for (i = 0; i < nr_sites; i++)
		patch(&sites[i], on && sites[i].wanted);
	return config.protect(start, size, false);
}

int trace_on(const struct trace_config *cfg)
{
	struct trace_site *unused;
	int err;

	err = trace_sites(&unused);
	if (err < 0)
		return err;
	config = *cfg;
	err = trace_buffer_init(config.ring_size);
	if (err)
		return err;
	err = patch_all(true);
	if (err) {
		trace_buffer_free();
		return err;
	}
	if (!trace_top)
		trace_top = &no_frame;
	owner = true;
	recording = true;
	trace_active = 1;
	return 0;
}

/*
 * While a function is open its stack must be known when it returns, so the
 * kernel goes on to call trace_switch() until the last one has.
 */
static void frame_closed(void)
{
	if (--open_frames || recording)
		return;
	trace_active = 0;
	owner = false;
}

void trace_off(void)
{
	recording = false;
	(void)patch_all(false);
	trace_buffer_free();
	open_frames++;
	frame_closed();
}

/* Drop frames that were left by another way than returning. */
static void unwind_to(struct trace_ctx *c, unsigned long *slot)
{
	while (c->frames[c->depth].slot < (unsigned long)slot) {
		c->depth--;
		frame_closed();
	}
}

bool trace_is_owner(void)
{
	return owner;
}

/* A fresh context in *@slot, or NULL. */
static struct trace_ctx *new_ctx(void **slot)
{
	struct trace_ctx *c;
	size_t i;

	if (!free_ctx) {
		c = port_alloc(CHUNK);
		if (!c)
			return NULL;
		for (i = 0; i < CHUNK / sizeof(*c); i++) {
			c[i].next_free = free_ctx;
			free_ctx = &c[i];
		}
	}
	c = free_ctx;
	free_ctx = c->next_free;
	c->id = ++next_ctx_id;
	c->depth = 0;
	c->frames[0].ret = 0;
	c->frames[0].slot = SENTINEL;
	*slot = c;
	return c;
}

static void **current_slot(void)
{
	return slot_now ? slot_now : &idle_slot;
}

static struct trace_ctx *current_ctx(void)
{
	void **slot = current_slot();

	return *slot ? *slot : new_ctx(slot);
}

u32 trace_ctx_id(void)
{
	struct trace_ctx *c = current_ctx();

	return c ? c->id : 0;
}

u16 trace_ctx_depth(void)
{
	struct trace_ctx *c = *current_slot();

	return c ? c->depth : 0;
}

/*
 * The first switch of a thread, and the first after the idle stack's context
 * was released, says what the stack that runs already is called. So what is
 * open on it goes along.
 */
void trace_switch(void **slot)
{
	struct trace_ctx *c;

	if (!slot_now && !*slot) {
		*slot = idle_slot;
		idle_slot = NULL;
	}
	slot_now = slot;
	c = *slot;
	if (owner)
		trace_top = c ? &c->frames[c->depth] : &no_frame;
}

void trace_release(void **slot)
{
	struct trace_ctx *c = *slot;

	*slot = NULL;
	if (slot_now == slot) {
		/* Of the stack that runs: what is open on it has to return. */
		slot_now = NULL;
		idle_slot = c;
		return;
	}
	if (!c)
		return;
	for (; c->depth; c->depth--)
		frame_closed();
	if (recording)
		trace_record(TRACE_STACK_END, c->id, 0, 0, 0, NULL, NULL);
	c->next_free = free_ctx;
	free_ctx = c;
}

/*
 * The id behind a pointer to a packet or socket; 0: none. Linux passes small
 * objects (a request, a TIME_WAIT) as struct sock *: what is read of those may
 * lie beyond their end, and is no id that was ever given.
 */
static notsanitized u64 id_of(enum trace_arg what, u64 value)
{
	const char *p = (const char *)value;
	u64 id;

	if (value < 4096 || value >= (u64)-4096)
		return 0;
	switch (what) {
	case TRACE_ARG_SKB:
		id = *(const volatile u64 *)(p + config.skb_id);
		break;
	case TRACE_ARG_SOCKET:
		p = *(const char *const volatile *)(p + config.socket_sk);
		if (!p)
			return 0;
		fallthrough;
	case TRACE_ARG_SOCK:
		id = *(const volatile u64 *)(p + config.sock_id);
		break;
	default:
		return value;
	}
	return id < MAX_ID ? id : 0;
}

static u64 arg_value(enum trace_arg what, u64 value)
{
	u64 id;

	if (what == TRACE_ARG_RAW || what == TRACE_ARG_BLOB)
		return value;
	id = id_of(what, value);
	return id ? id : value | TRACE_NO_ID;
}

static void record_enter(const struct trace_site *s, const u64 *regs, u32 depth)
{
	unsigned int i, words = 1 + s->nargs, blob_words;
	struct trace_rec *r;
	u64 *v;

	blob_words = 1 + DIV_ROUND_UP(s->blob, 8);
	for (i = 0; i < s->nargs; i++)
		if (s->arg[i] == TRACE_ARG_BLOB)
			words += blob_words;
	r = trace_reserve(TRACE_FUNC_ENTER, words);
	if (!r)
		return;
	r->depth = depth;
	v = r->v;
	*v++ = s - sites;
	for (i = 0; i < s->nargs; i++)
		*v++ = arg_value(s->arg[i], regs[i]);
	for (i = 0; i < s->nargs; i++) {
		if (s->arg[i] != TRACE_ARG_BLOB)
			continue;
		*v = 0;
		if (regs[i] && config.peek(v + 1, (void *)regs[i], s->blob))
			*v = s->blob;
		v += blob_words;
	}
}

/* Called by trace_entry_thunk. */
void trace_enter_hook(unsigned long addr, unsigned long *slot, const u64 *regs)
{
	const struct trace_site *s;
	struct trace_frame *f;
	struct trace_ctx *c;
	u16 n;

	if (!owner || !recording)
		return;
	n = site_of[(addr - text_lo) / 4];
	c = current_ctx();
	if (n == NO_SITE || !c) {
		trace_stats.deep++;
		return;
	}
	unwind_to(c, slot);
	/*
	 * The same slot again: of a function that was left by longjmp, unless
	 * it jumped here to end (a tail call) and we are to return for it.
	 */
	if (c->frames[c->depth].slot == (unsigned long)slot &&
	    *slot != (unsigned long)trace_return_thunk)
		unwind_to(c, slot + 1);
	if (c->depth == MAX_DEPTH) {
		trace_stats.deep++;
		return;
	}
	s = &sites[n];
	record_enter(s, regs, c->depth);
	if (!config.returns)
		return;
	f = &c->frames[++c->depth];
	f->ret = *slot;
	f->slot = (unsigned long)slot;
	f->site = n;
	*slot = (unsigned long)trace_return_thunk;
	trace_top = f;
	open_frames++;
}

/* Called by trace_return_thunk: the address to return to. */
unsigned long trace_return_hook(u64 value, unsigned long *slot)
{
	struct trace_ctx *c = *current_slot();
	const struct trace_site *s;
	struct trace_frame *f;
	struct trace_rec *r;

	if (!c)
		port_panic("return without a context", __FILE__, __LINE__);
	unwind_to(c, slot);
	f = &c->frames[c->depth];
	if (f->slot != (unsigned long)slot)
		port_panic("return of an unknown function", __FILE__, __LINE__);
	c->depth--;
	trace_top = f - 1;
	frame_closed();
	if (!recording)
		return f->ret;
	s = &sites[f->site];
	r = trace_reserve(TRACE_FUNC_EXIT, 3);
	if (r) {
		r->depth = c->depth;
		r->v[0] = f->site;
		r->v[1] = arg_value(s->ret, value);
		r->v[2] = value;
	}
	return f->ret;
}
