/* SPDX-License-Identifier: MIT */
/*
 * The function graph on functions of our own, compiled as the core is: entries
 * and results in order, recursion, more depth than there is room for, many
 * stacks at once, and functions still open when tracing ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail /* the core has one of its own */

#include "ports/sim/sim.h"
#include "trace/graph.h"
#include "trace/record.h"
#include "trace/trace.h"

#define traced                                             \
	__attribute__((patchable_function_entry(5), noipa, \
		       optimize("no-optimize-sibling-calls")))
typedef const void *function;

#define STACK_SIZE (64 << 10)
#define NR_STACKS 50

static struct trace_site *sites;
static int nr_sites;
static int turns; /* what keeps calls from being optimised away */

static traced long leaf(long a, long b, long c, long d, long e, long f)
{
	turns++;
	return a + b + c + d + e + f;
}

static traced long node(long n)
{
	return leaf(n, 1, 1, 1, 1, 1) * 2;
}

static traced long count_down(long n)
{
	turns++;
	return n ? count_down(n - 1) + 1 : 0;
}

static traced long variadic(int n, ...)
{
	long sum = 0;
	va_list ap;

	va_start(ap, n);
	while (n--)
		sum += va_arg(ap, long);
	va_end(ap);
	return sum;
}

static traced long jump(jmp_buf *env)
{
	turns++;
	longjmp(*env, 1);
}

static traced long jumper(void)
{
	jmp_buf env;

	if (!setjmp(env))
		jump(&env);
	return leaf(1, 0, 0, 0, 0, 0);
}

static int protect(void *start, size_t size, bool writable)
{
	uintptr_t lo = (uintptr_t)start & ~(uintptr_t)4095;

	return mprotect((void *)lo, (uintptr_t)start + size - lo,
			PROT_READ | PROT_EXEC | (writable ? PROT_WRITE : 0));
}

static bool peek(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	return true;
}

static const struct trace_config config = {
	.protect = protect,
	.peek = peek,
	.returns = true,
	.ring_size = 1 << 20,
};

static struct trace_site *site(function fn)
{
	for (int i = 0; i < nr_sites; i++)
		if (sites[i].addr == (unsigned long)fn)
			return &sites[i];
	assert_non_null(NULL);
	return NULL;
}

/* Trace only what lies in this file. */
static int setup(void **state)
{
	*state = sim_new(1); /* whose clock the recorder asks */
	assert_non_null(*state);
	function fns[] = { leaf,	   node,
			   count_down,	   (function)variadic,
			   (function)jump, jumper };

	nr_sites = trace_sites(&sites);
	assert_true(nr_sites >= 6);
	for (size_t i = 0; i < ARRAY_SIZE(fns); i++)
		site(fns[i])->wanted = true;
	assert_int_equal(trace_on(&config), 0);
	return 0;
}

static int teardown(void **state)
{
	trace_off();
	assert_int_equal(trace_active, 0);
	return sim_free(*state);
}

static const struct trace_rec *next(enum trace_type type, function fn)
{
	const struct trace_rec *r = trace_next();

	assert_non_null(r);
	assert_int_equal(r->type, type);
	assert_int_equal(r->v[0], site(fn) - sites);
	return r;
}

static void entries_and_results(void **state)
{
	const struct trace_rec *r;

	assert_int_equal(node(5), 20);
	r = next(TRACE_FUNC_ENTER, node);
	assert_int_equal(r->v[1], 5);
	assert_int_equal(r->depth, 0);
	r = next(TRACE_FUNC_ENTER, leaf);
	assert_int_equal(r->v[1], 5);
	for (int i = 2; i <= 6; i++)
		assert_int_equal(r->v[i], 1);
	assert_int_equal(r->depth, 1);
	r = next(TRACE_FUNC_EXIT, leaf);
	assert_int_equal(r->v[1], 10);
	r = next(TRACE_FUNC_EXIT, node);
	assert_int_equal(r->v[1], 20);
	assert_null(trace_next());
}

static void untraced_functions_unpatched(void **state)
{
	trace_off();
	site(leaf)->wanted = false;
	assert_int_equal(trace_on(&config), 0);
	assert_int_equal(node(5), 20);
	(void)next(TRACE_FUNC_ENTER, node);
	(void)next(TRACE_FUNC_EXIT, node);
	assert_null(trace_next());
	trace_off();
	assert_int_equal(*(unsigned char *)node, 0x90);
	site(leaf)->wanted = true;
	assert_int_equal(trace_on(&config), 0);
}

static void arguments_on_stack_kept(void **state)
{
	assert_int_equal(variadic(8, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), 36);
	(void)next(TRACE_FUNC_ENTER, (function)variadic);
	(void)next(TRACE_FUNC_EXIT, (function)variadic);
}

static void recursion_deeper_than_stack_counted(void **state)
{
	const struct trace_rec *r;
	int entered = 0;

	assert_int_equal(count_down(1000), 1000);
	assert_true(trace_stats.deep > 0);
	while ((r = trace_next()))
		entered += r->type == TRACE_FUNC_ENTER;
	assert_int_equal(entered + trace_stats.deep, 1001);
}

static void full_buffer_counted(void **state)
{
	const struct trace_rec *r;
	long n = 0;

	trace_stats.lost = 0;
	for (int i = 0; i < 50000; i++)
		assert_int_equal(leaf(i, 0, 0, 0, 0, 0), i);
	while ((r = trace_next()))
		n++;
	assert_int_equal(n + trace_stats.lost, 100000);
	assert_true(trace_stats.lost > 0);
	/* and there is room again */
	(void)leaf(1, 0, 0, 0, 0, 0);
	(void)next(TRACE_FUNC_ENTER, leaf);
	(void)next(TRACE_FUNC_EXIT, leaf);
}

static void longjmp_leaves_frames(void **state)
{
	const struct trace_rec *r;

	assert_int_equal(jumper(), 1);
	(void)next(TRACE_FUNC_ENTER, jumper);
	(void)next(TRACE_FUNC_ENTER, (function)jump);
	r = next(TRACE_FUNC_ENTER, leaf);
	assert_int_equal(r->depth, 1);
	(void)next(TRACE_FUNC_EXIT, leaf);
	r = next(TRACE_FUNC_EXIT, jumper);
	assert_int_equal(r->depth, 0);
}

static ucontext_t idle, fiber[NR_STACKS];
static void *slot[NR_STACKS], *idle_ctx;

static traced long fiber_step(long i, long n)
{
	turns++;
	if (n)
		return fiber_step(i, n - 1) + 1;
	trace_switch(&idle_ctx);
	swapcontext(&fiber[i], &idle);
	return i;
}

static void fiber_main(int i)
{
	assert_int_equal(fiber_step(i, i % 7), i + i % 7);
	trace_switch(&idle_ctx);
}

/* Functions are open on all stacks at once; each returns where it should. */
static void many_stacks(void **state)
{
	char *stacks = malloc(NR_STACKS * STACK_SIZE);
	const struct trace_rec *r;
	u32 ctx[NR_STACKS];
	u64 lost = trace_stats.lost;
	volatile int enters = 0, exits = 0;

	trace_switch(&idle_ctx);
	for (int i = 0; i < NR_STACKS; i++) {
		getcontext(&fiber[i]);
		fiber[i].uc_stack.ss_sp = stacks + i * STACK_SIZE;
		fiber[i].uc_stack.ss_size = STACK_SIZE;
		fiber[i].uc_link = &idle;
		makecontext(&fiber[i], (void (*)(void))fiber_main, 1, i);
		trace_switch(&slot[i]);
		ctx[i] = trace_ctx_id();
		swapcontext(&idle, &fiber[i]);
	}
	for (int i = NR_STACKS; i--;) {
		assert_true(i == 0 || ctx[i] != ctx[0]);
		trace_switch(&slot[i]);
		swapcontext(&idle, &fiber[i]);
		trace_release(&slot[i]);
		assert_null(slot[i]);
	}
	while ((r = trace_next())) {
		enters += r->type == TRACE_FUNC_ENTER;
		exits += r->type == TRACE_FUNC_EXIT;
	}
	assert_int_equal(enters, exits);
	assert_int_equal(trace_stats.lost, lost);
	free(stacks);
}

static traced long off_within(void)
{
	trace_off();
	return leaf(7, 0, 0, 0, 0, 0);
}

static void off_with_functions_open(void **state)
{
	site(off_within)->wanted = true;
	trace_off();
	assert_int_equal(trace_on(&config), 0);
	assert_int_equal(off_within(), 7);
	assert_int_equal(trace_active, 0);
	assert_int_equal(trace_on(&config), 0);
}

static void typed_events_between(void **state)
{
	const char packet[40] = "packet";
	const struct trace_rec *r;

	trace_event(TRACE_SKB_XMIT, 5, 1, 2, sizeof(packet), packet);
	r = trace_next();
	assert_non_null(r);
	assert_int_equal(r->type, TRACE_SKB_XMIT);
	assert_int_equal(r->v[0], 5);
	assert_int_equal(r->v[6], sizeof(packet));
	assert_memory_equal(&r->v[7], packet, sizeof(packet));
	assert_int_equal(fail(-22, "why"), -22);
	r = trace_next();
	assert_string_equal((const char *)r->v[4], "why");
	assert_string_equal((const char *)r->v[5], "typed_events_between");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_and_results),
		cmocka_unit_test(untraced_functions_unpatched),
		cmocka_unit_test(arguments_on_stack_kept),
		cmocka_unit_test(recursion_deeper_than_stack_counted),
		cmocka_unit_test(full_buffer_counted),
		cmocka_unit_test(longjmp_leaves_frames),
		cmocka_unit_test(many_stacks),
		cmocka_unit_test(off_with_functions_open),
		cmocka_unit_test(typed_events_between),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
