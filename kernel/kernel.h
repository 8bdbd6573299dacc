/* SPDX-License-Identifier: MIT */
/*
 * The one kernel object, and the time it keeps.
 *
 * A kernel is single-threaded: everything below runs on the thread that calls
 * kernel_run(). Many kernels may run on many threads; they share nothing.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "lib/list.h"
#include "lib/types.h"
#include "port.h"
#include "kernel/hrtimer.h"
#include "kernel/timer.h"

struct task;
struct net;
struct kmem;
struct module;
struct net_proto_family;
struct security_ops;

/* Deferred work in softirq context, in this order of priority. */
enum softirq { TIMER_SOFTIRQ, NET_TX_SOFTIRQ, NET_RX_SOFTIRQ, NR_SOFTIRQS };
typedef void (*softirq_fn)(void);

struct kernel {
	struct task *curr; /* NULL: the idle loop or softirq from it */
	struct list_head runqueue; /* struct task.run, first to run first */
	struct list_head tasks; /* every living task, struct task.all */
	struct list_head stacks; /* pool of free task stacks */
	unsigned int nr_tasks, nr_stacks;
	u64 next_task_id;
	void *idle_sp; /* stack pointer of kernel_run(), saved by switch_to */
	void *idle_fake; /* port_switch_begin() of the idle stack */
	void *idle_trace; /* the tracer's context of the idle stack */

	u64 clock_ns; /* port_clock_ns() as last read */
	unsigned long ticks; /* clock_ns in units of 1/HZ second */
	struct timer_wheel timers;
	struct hrtimer_heap hrtimers;

	softirq_fn softirq_vec[NR_SOFTIRQS];
	u32 softirq_pending; /* BIT(enum softirq) */
	int softirq_depth; /* > 0: in softirq context */
	int bh_disabled; /* > 0: softirqs wait for local_bh_enable() */
	struct list_head net_rx; /* hosts with a backlog: net/core/dev.c */

	struct kmem *mem; /* kernel/slab.c */
	struct list_head nets; /* struct net.list: the hosts */
	struct net *init_net; /* the first host */

	u64 next_ino; /* inode numbers of sockfs */
	unsigned int sockets_in_use;
	u64 next_sock_id, next_skb_id; /* names in a trace: s2, p5 */
	u64 next_net_cookie; /* SO_NETNS_COOKIE */
	u64 rx_skb_id; /* packet being received: the cause of new ones; or 0 */
	bool warned_sock_packet; /* the once-only warning was given */
	/* net/socket.c: by family; NPROTO of them */
	const struct net_proto_family *net_families[46];
	struct module *modules; /* net/modules.c: what can be loaded */
	unsigned int nr_files; /* open files, fs/file.c */
	unsigned int files_max; /* -ENFILE beyond; 0: FILES_MAX */
	u64 audit_socketcalls, audit_denied; /* security/audit.c */
	void *security; /* security/security.c: the policy, or NULL */
	u8 random[256]; /* unpredictable bytes in stock: kernel/random.c */
	unsigned int random_left;
	void *port; /* the port's own */
};

extern __thread struct kernel *this_kernel;

#define current (this_kernel->curr)

/* Ticks. jiffies wraps; compare with time_after() only. */
#define HZ 1000UL
#define jiffies (this_kernel->ticks)
#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_USEC 1000ULL
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define msecs_to_jiffies(ms) ((unsigned long)(ms))
#define jiffies_to_msecs(j) ((unsigned int)(j))

/* The kernel's clock in ns, as of the last kernel_tick(). */
static inline u64 ktime_get_ns(void)
{
	return this_kernel->clock_ns;
}

/*
 * Make @k ready for use on this thread: memory, clock, timers, tasks. 0, or
 * -ENOMEM. @k is the caller's memory, zeroed. net_init() (net/net.h) then adds
 * protocols and the first host. The reverse frees all that the kernel holds;
 * no task may be left.
 */
int kernel_init(struct kernel *k);
void kernel_exit(struct kernel *k);

/* Read the clock again. Ports call it once for each batch of events. */
void kernel_tick(void);

/*
 * Run whatever can run: expired timers, softirqs, runnable tasks, until all
 * sleep. Returns when the next timer expires, on port_clock_ns()'s clock, or
 * ~0 when no timer runs.
 */
u64 kernel_run(void);
/* When that is, without running anything. */
u64 kernel_next_timer(void);

/* Softirqs. local_bh_enable() runs what was raised meanwhile. */
void open_softirq(enum softirq nr, softirq_fn fn);
void raise_softirq(enum softirq nr);
void local_bh_disable(void);
void local_bh_enable(void);
void do_softirq(void);
static inline bool in_softirq(void)
{
	return this_kernel->softirq_depth > 0;
}

/* The kernel's log. Levels as syslog(2). One line; no newline at the end. */
void printk(int level, const char *fmt, ...) __printf(2, 3);
#define pr_err(...) printk(3, __VA_ARGS__)
#define pr_warn(...) printk(4, __VA_ARGS__)
#define pr_info(...) printk(6, __VA_ARGS__)

/* For our own errors only: never reachable from a program or a packet. */
#define BUG_ON(cond)                                                \
	do {                                                        \
		if (unlikely(cond))                                 \
			port_panic(#cond, __FILE__, __LINE__);      \
	} while (0)

u32 get_random_u32(void);
/* Uniform in [0, ceil); 0 when @ceil is 0. */
u32 get_random_u32_below(u32 ceil);
void get_random_bytes(void *buf, size_t n);

#endif
