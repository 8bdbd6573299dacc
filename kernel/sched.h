/* SPDX-License-Identifier: MIT */
/*
 * Tasks: system calls in flight.
 *
 * A task is a fiber: it has a stack of its own and runs until it sleeps or
 * ends; nothing preempts it. It may sleep only in process context, with no
 * socket locked (lock_sock) unless it releases it first.
 *
 * How a call came in and whose memory it speaks of is its gate's business.
 *
 * Settling. The program's thread may vanish from under its call (a signal
 * makes the call void: its answer is refused). What must not happen then - to
 * consume received data, say - is left to task->settle, which runs once after
 * the answer was given: taken true, or refused false. A call whose effect
 * cannot be taken back (data queued for sending) sets TASK_EFFECT: when its
 * answer is refused the gate keeps the result for the restarted call.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include "kernel/kernel.h"
#include "lib/list.h"
#include "lib/types.h"

struct file;
struct files_struct;
struct gate;
struct iov_iter;
struct iovec;
struct net;

/* Registers of a call as they were at the gate. */
struct pt_regs {
	u64 nr; /* number of the call; tracesys may rewrite it */
	u64 args[6]; /* rdi rsi rdx r10 r8 r9, or ebx ecx edx esi edi ebp */
	u64 ip, sp;
	s64 ret;
	u8 arch; /* enum abi */
};

enum abi { ABI_X86_64, ABI_I386, NR_ABIS };

enum task_state { TASK_RUNNING, TASK_SLEEPING, TASK_DEAD };

#define TASK_INTERRUPTIBLE TASK_SLEEPING

/* struct task.flags */
#define TASK_SIGPENDING BIT(0) /* the call was interrupted: stop sleeping */
#define TASK_TRACED BIT(1) /* tracesys sees this call */
#define TASK_EFFECT BIT(2) /* done something that a restart must not repeat */
#define TASK_SLEPT BIT(4) /* has slept since signal_pending() last asked */
#define TASK_SIGPIPE BIT(3) /* the gate shall raise SIGPIPE */

struct cred {
	u32 fsuid, fsgid;
	u32 euid;
	u64 caps; /* BIT(CAP_x), <linux/capability.h> */
};

struct task {
	struct list_head run; /* in kernel.runqueue while runnable */
	struct list_head all; /* in kernel.tasks */
	u64 id; /* the #N of a trace */
	enum task_state state;
	unsigned int flags;

	void *sp; /* saved stack pointer while not running */
	void *stack; /* lowest address */
	void *fake; /* port_switch_begin()'s */
	void (*fn)(struct task *t);
	void *arg;

	int pid, tid; /* of the program's thread; 0 for kernel tasks */
	char comm[16];
	struct pt_regs regs;
	const struct syscall *call; /* the row of the table, once known */
	const struct gate *gate;
	void *gate_data; /* the gate's own, its to free */
	struct files_struct *files;
	struct cred cred;
	struct net *net; /* the host it is on */

	void (*settle)(struct task *t, bool taken);
	void *settle_ptr[2]; /* settle's */
	u64 settle_arg[2];

	void *trace; /* the tracer's per-task state */
};

/*
 * A gate: how calls enter. Functions get the task they act for.
 */
struct gate {
	const char *name; /* "seccomp", "direct", "idt" */
	/*
	 * Copy between the kernel and the program's memory. Return the number
	 * of bytes that could NOT be copied (0: all done). Never crash.
	 */
	size_t (*copy_in)(struct task *t, void *to, u64 from, size_t n);
	size_t (*copy_out)(struct task *t, u64 to, const void *from, size_t n);
	/* Is the call void by now? Asked after each sleep. */
	bool (*interrupted)(struct task *t);
	/*
	 * Send @sig to process (> 0) or group (< 0) @pid, for SIGIO, SIGURG;
	 * 0: only look whether it exists. @t is NULL in softirq context.
	 */
	int (*kill)(struct task *t, int pid, int sig);
	/*
	 * Optional: its own way of telling the owner of @f: @sig SIGIO, or
	 * SIGURG for urgent data, @band POLL_IN etc. or 0. False: kill() it is.
	 */
	bool (*sigio)(struct file *f, int sig, int band);
	/*
	 * Optional: the call of @t is about to sleep (@sleep), or to end with
	 * nothing found, as if @mask were its thread's signal mask. 0, or
	 * the -errno that it ends with instead.
	 */
	int (*sigmask)(struct task *t, u64 mask, bool sleep);
	/*
	 * Optional: the tracer of a task with TASK_TRACED, before and after
	 * its call. On entry it may rewrite t->regs.nr.
	 */
	void (*trace_enter)(struct task *t);
	void (*trace_exit)(struct task *t);
	/*
	 * Optional: gather or scatter @n bytes by the program's vectors in one
	 * go; as copy_in and copy_out otherwise. What goes out lies in @nr
	 * ranges of the kernel's memory.
	 */
	size_t (*copy_in_iov)(struct task *t, void *to, struct iov_iter *i,
			      size_t n);
	size_t (*copy_out_iov)(struct task *t, struct iov_iter *i,
			       const struct iovec *from, size_t nr, size_t n);
};

/*
 * task_create - a task that will run fn(t) once kernel_run() comes to it.
 *
 * NULL when there is no memory for it. It ends when fn returns; the kernel
 * frees it. task_wake_new() makes it runnable, at the tail of the run queue.
 */
struct task *task_create(void (*fn)(struct task *t), void *arg);
void task_wake_new(struct task *t);

/* End the current task here and now, whatever calls are under way in it. */
_Noreturn void do_exit(void);

/*
 * For gates that serve a call of somebody who is no task: let @t, which is
 * runnable, run until it sleeps or ends, and nobody else. Not from a task.
 */
void kernel_run_task(struct task *t);

/* Give up the processor until woken; state was set by the caller. */
void schedule(void);

#define MAX_SCHEDULE_TIMEOUT ((long)(~0UL >> 1))
/* Sleep at most @timeout jiffies. Returns those left, 0 when they are over. */
long schedule_timeout(long timeout);
/* The same to the nanosecond, until ktime_get_ns() is @expires. */
void schedule_hrtimeout(u64 expires);

/* Make a sleeping task runnable. Returns false when it was not asleep. */
bool wake_up_process(struct task *t);

static inline void set_current_state(enum task_state s)
{
	current->state = s;
}

/*
 * True when the current call must not sleep on: return -ERESTARTSYS or
 * -EINTR. Cheap until the task has slept.
 */
bool signal_pending(struct task *t);

/* Interrupt a sleeping task: it wakes and finds signal_pending(). */
void task_interrupt(struct task *t);

/*
 * Settle what @t's call has left open: the gate after the answer, or the call
 * itself when it cannot wait for that.
 */
static inline void task_settle(struct task *t, bool taken)
{
	void (*settle)(struct task *t, bool taken) = t->settle;

	t->settle = NULL;
	if (settle)
		settle(t, taken);
}

/* Linux's in-kernel results; the gate turns them into a restart or EINTR. */
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ENOIOCTLCMD 515

void tasks_init(struct kernel *k);
void tasks_exit(struct kernel *k);

/* May the current task do what @cap (CAP_NET_RAW, ...) guards? */
bool capable(int cap);

#endif
