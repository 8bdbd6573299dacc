/* SPDX-License-Identifier: MIT */
/*
 * Inside libtrapgate: what the handles of trapgate.h are.
 *
 * Every public function that needs the kernel enters it first: it makes it
 * this_kernel of the thread and puts back the one before when it returns.
 * Objects here are the hosted allocator's, not kmalloc's: they are the port's,
 * and a test of failing allocations is about the core's.
 */
#ifndef PORTS_SIM_LIBRARY_H
#define PORTS_SIM_LIBRARY_H

#include "trapgate.h"

#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/wait.h"
#include "lib/list.h"

struct net;
struct net_device;
struct files_struct;

/* Virtual clocks start here, not at 0: a zero time must mean "none". */
#define TG_START_NS (1000 * TG_SEC)

struct tg_kernel {
	struct kernel kernel;
	enum tg_clock clock;
	u64 now; /* virtual ns */
	u64 start; /* ns of the clock when the kernel was made */
	s64 wall; /* wall clock minus clock, ns */
	u64 seed; /* of port_random(), advances */
	unsigned int max_fds;
	void (*log)(void *arg, int level, const char *line);
	void *log_arg;
	unsigned int next_pid;
	unsigned int tasks; /* of tg_task_new() that have not ended */
	bool in_callback;
	struct list_head hosts; /* struct tg_host.list */
	struct list_head taps; /* struct tg_tap.list */
	struct list_head pcaps; /* struct tg_pcap.list */
	struct list_head dead_tasks; /* handles of tasks that have ended */
	void *packet; /* a tap's view of one, TG_PACKET_MAX; or NULL */
	struct task *outside; /* serves calls of those that are no tasks */
	bool outside_busy, outside_quit;
	int timer_fd; /* -1: none */
};

struct tg_host {
	struct list_head list; /* tg_kernel.hosts, in the order of making */
	struct tg_kernel *k;
	struct net *net;
	struct list_head procs; /* struct tg_proc.list */
	struct list_head links; /* struct tg_link_end.list */
	struct list_head taps; /* struct tg_tap_on.on_host */
	struct tg_proc *self; /* configures it */
	bool dying;
};

struct tg_proc {
	struct list_head list;
	struct tg_host *host;
	struct files_struct *files; /* NULL once it has died */
	struct list_head tasks; /* struct tg_task.list */
	int pid;
	bool killed;
	bool held; /* somebody has the handle; else it ends with its tasks */
};

struct tg_task {
	struct list_head list; /* tg_proc.tasks, or tg_kernel.dead_tasks */
	struct tg_proc *proc; /* NULL: it has ended */
	struct tg_kernel *k;
	struct task *task;
	void (*fn)(void *arg);
	void *arg;
	bool held; /* tg_task_free() is still to come */
	bool started;
	struct wait_queue_head ended; /* those in tg_task_join() */
};

/* Entering: see above. */
static inline void tg_leave(struct kernel **before)
{
	this_kernel = *before;
}
#define ENTER(k)                                                      \
	__attribute__((cleanup(tg_leave), unused)) struct kernel *before_ = \
		this_kernel;                                          \
	this_kernel = &(k)->kernel

/* Is it a task of another kernel that calls? */
static inline bool tg_abroad(const struct tg_kernel *k)
{
	return this_kernel && this_kernel != &k->kernel && this_kernel->curr;
}

/* Is it a task, or a callback of @k, that calls? */
static inline bool tg_inside(const struct tg_kernel *k)
{
	return k->in_callback || k->kernel.curr || tg_abroad(k);
}

static inline struct tg_kernel *tg_this(void)
{
	return this_kernel ? container_of(this_kernel, struct tg_kernel, kernel)
			   : NULL;
}

/* The task that calls, NULL: none of ours. */
struct tg_task *tg_self(void);

/*
 * A system call in process @p, from wherever; outside of tasks it does not
 * block. The result or -errno; -EDEADLK from a callback. (tg_config_call() of
 * netconfig.h is the same.)
 */
long tg_call(struct tg_proc *p, long nr, const u64 args[6]);

struct tg_proc *tg_proc_make(struct tg_host *h);
/* End what can be ended now; the rest follows as its tasks come to it. */
void tg_proc_kill(struct tg_proc *p);

/* A host around @net, its lo up. NULL: no memory. */
struct tg_host *tg_host_around(struct tg_kernel *k, struct net *net);
void tg_host_destroy(struct tg_host *h);
/* End the task of outside calls: the kernel goes. */
void tg_outside_exit(struct tg_kernel *k);

/* Taps: attach those of every host to a new one; detach all from one. */
int tg_taps_attach(struct tg_host *h);
void tg_taps_detach(struct tg_host *h);
void tg_taps_free(struct tg_kernel *k);
void tg_pcaps_free(struct tg_kernel *k);
void tg_links_free(struct tg_host *h);

/* After anything that may have started a timer. */
void tg_realtime_arm(struct tg_kernel *k);

#endif
