/* SPDX-License-Identifier: MIT */
/*
 * The supervisor: what the files of this directory share.
 *
 * One thread runs everything (a second one only sleeps: watcher.h). A trapped
 * call comes in by the listener, is looked at (dispatch.c), and either let go
 * on in the host's system, or answered on the spot, or served by the core in a
 * task. Before the loop sleeps again it sends the answers of the calls that
 * came to their end.
 *
 *   program --trap--> listener.c -> dispatch.c -> task: system_call()
 *              <---------------- answer.c <----------------/
 *   process.c      whose call it is; numbers of descriptors -> placeholders
 *   placeholder.c  a socket of ours as a descriptor of the program
 *   closing.c      the end of one
 *   mirror.c       its readiness, so that poll and epoll see it
 *   pollset.c      poll and select on them
 *   sigio.c        signals to its owner
 *   pump.c         its bytes, where reads and writes are not trapped
 */
#ifndef PORTS_HOST_HOST_H
#define PORTS_HOST_HOST_H

#include "fs/fs.h"
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/syscalls.h"
#include "kernel/wait.h"
#include "lib/list.h"
#include "lib/types.h"
#include "ports/host/calls.h"
#include "ports/host/supervisor.h"
#include "ports/host/os.h"
#include <linux/audit.h>
#include <linux/seccomp.h>

struct call;
struct void_result;
struct placeholder;
struct process;
struct thread;
struct watcher;

/*
 * Anything that the loop's epoll watches: the function gets the events. The
 * struct stays where it is until the batch of events is over.
 */
struct watch {
	void (*fn)(struct watch *w, u32 events);
};

/* What a call is about to read in pieces, read at once: umem_fetch(). */
#define FETCH_RANGES 5
#define FETCH_BYTES 1024
struct fetched {
	int tid;
	u64 epoch; /* holds for this one only */
	size_t nr;
	struct os_iovec at[FETCH_RANGES]; /* one behind the other in data */
	u8 data[FETCH_BYTES];
};

#define TID_BUCKETS 256
#define INO_BUCKETS 1024
#define POOL_PAIRS 8 /* placeholders kept ready, of each kind */

struct supervisor {
	struct kernel kernel;
	const struct host_options *opt;
	const struct host_observer *observer;
	unsigned int line; /* our numbers start here */
	int ep; /* epoll of the loop */
	int listener; /* of the filter */
	u32 euid, egid; /* ours: root may see any process's memory */
	u64 caps; /* what we have on the host, if root; 0: not known yet */
	u64 epoch; /* how often the loop has slept */
	u64 births; /* of processes and placeholders, counted */
	u64 passed; /* births when descriptors may last have been sent away */
	u64 next_id; /* of notifications */
	u64 missed; /* calls that were void before we saw them */

	struct hlist_head tids[TID_BUCKETS]; /* struct thread.node */
	struct list_head processes; /* struct process.all */
	struct hlist_head inodes[INO_BUCKETS]; /* struct placeholder.node */
	struct list_head
		pool[2]; /* struct placeholder.link; streams, packets */
	unsigned int pool_size[2];
	unsigned int nr_placeholders; /* with a file */
	bool mirrored; /* somebody has an epoll: all are, from now on */
	unsigned int nr_low; /* of these, ones with a number below the line */

	struct list_head done; /* struct call.link: ended, to be answered */
	struct list_head dirty; /* struct placeholder.dirty: to be mirrored */
	struct list_head calls; /* free struct call */
	unsigned int nr_calls;
	/* Memory to free when the batch of events is over. */
	struct list_head dead; /* struct placeholder.link */
	struct list_head dead_processes; /* struct process.link */
	bool told_eperm; /* the user knows why memory cannot be read */
	struct fetched fetched;
	u8 kind[NR_ABIS][NR_GATE_NUMBERS]; /* enum gate_kind, by number */

	int first_pid; /* the program; 0 once it is gone */
	int first_status; /* exit status, or 128 + signal, then */
	int exec_errno; /* why the program could not be started */
	struct watch listener_watch, signal_watch, exec_watch, timer_watch;
	int signal_fd, exec_fd, timer_fd;
	bool first_killed;

	/* The loop: listener.c */
	struct watcher *watcher; /* or NULL: it always sleeps in ep */
	u64 timer_at; /* what timer_fd is set to; ~0: it is not */
	bool trapped; /* a call waits to be taken */
	unsigned int quiet; /* calls since the last other event */
	bool listens; /* sleeps in the listener, which is not in ep */
	bool deserted; /* nobody is left to make a call */
};

static inline struct supervisor *supervisor(void)
{
	return this_kernel->port;
}

/* ---- calls: listener.c, dispatch.c, answer.c ---- */

/*
 * The last call of a thread that a task served: what it was, and what it came
 * to, for the case that a signal made it void: see sigreturn.c and
 * replay_call().
 */
struct last_call {
	bool valid;
	bool ended; /* ret is its result, and it has done what it had to */
	bool refused; /* the thread did not get it; else it may have */
	bool again; /* refused, and to be made again whatever handler ran */
	bool nohand; /* it has no result, but EINTR after a handler */
	u8 arch;
	u64 ip, nr, args[6];
	s64 ret;
	u64 missed; /* supervisor.missed when it ended */
};

/* A call that is being served by a task. */
struct call {
	struct list_head link; /* supervisor.done, .calls */
	struct task *task;
	struct thread *thread; /* NULL: it has gone, or makes another call */
	struct process *proc; /* counted */
	struct placeholder *ph; /* of the descriptor it is about, or NULL */
	int fd; /* that number */
	u64 id; /* of the notification */
	u64 epoch; /* when it was last known to be valid */
	int pid, tid;
	bool queued; /* on supervisor.done */
	bool cancelled; /* known to be void */
	bool sent; /* the answer was given, or refused: */
	bool taken;
	bool resume; /* let it go on natively instead of answering */
	bool also; /* done here, and natively too, with the same result */
	bool again; /* void: the program must make it again, come what may */
	/*
	 * A void call that is made to end: its result goes here instead of to
	 * the program. NULL otherwise.
	 */
	struct void_result *result;
};

void listener_event(struct watch *w, u32 events);
/* Of what the loop sleeps on. 0 or -errno. */
int loop_init(struct supervisor *sv);
void loop_exit(struct supervisor *sv);
/* Until the program has ended. */
void supervisor_loop(struct supervisor *sv);
/* Free what the last batch of events may have pointed to. */
void supervisor_reap(struct supervisor *sv);
/* Look at one trapped call and serve it, or start to. */
void dispatch(const struct seccomp_notif *n);
/* Start a task for it. */
void serve(struct thread *th, const struct seccomp_notif *n,
	   struct placeholder *ph, int fd, void (*fn)(struct task *));
/* Let it go on in the host's system. */
void resume(struct thread *th, const struct seccomp_notif *n);
/* The same, and not for a trace: it has nothing to do with us. */
void resume_silently(struct thread *th, const struct seccomp_notif *n);
void answer_now(const struct seccomp_notif *n, s64 ret);
/*
 * Run what can run, mirror what changed, answer what is done. Returns when the
 * next timer expires, as kernel_run().
 */
u64 answer_all(void);
/* The thread of @c is gone: stop it. */
void call_cancel(struct call *c);
/*
 * The thread makes a new call, @n, so its old one is void: end it first. True:
 * @n was the same call, restarted, and got the old one's result.
 */
bool call_retire(struct thread *th, const struct seccomp_notif *n);
/*
 * End the void call of @th. True: it has a result, which is taken (the caller
 * gives it to the program); false: it did nothing. @handler: one of the
 * program's has run meanwhile.
 */
bool call_end(struct thread *th, bool handler, s64 *ret);
/* sigreturn.c: a signal handler of @th has ended. */
void handler_ended(struct thread *th, const struct seccomp_notif *n);
/* Was this call made before, and void when it was done? Answer as then. */
bool replay_call(struct thread *th, const struct seccomp_notif *n);
void calls_exit(struct supervisor *sv);
static inline enum gate_kind gate_kind_of(enum abi abi, u64 nr)
{
	return nr < NR_GATE_NUMBERS ? supervisor()->kind[abi][nr] : GK_BADSYS;
}
static inline enum abi abi_of(const struct seccomp_notif *n)
{
	return n->data.arch == AUDIT_ARCH_X86_64 ? ABI_X86_64 : ABI_I386;
}
static inline struct call *call_of(const struct task *t)
{
	return t->gate_data;
}
/* The task's function for the calls that the core serves. */
void serve_system_call(struct task *t);
/* Its end, for other functions: answer with t->regs.ret, settle. */
void call_finish(struct task *t);

extern const struct gate seccomp_gate;

/* ---- memory: umem.c ---- */
bool call_valid(struct call *c);
/* Small reads before there is a task. Bytes not read. */
size_t umem_peek(int tid, void *to, u64 from, size_t n);
size_t umem_peek_many(int tid, void *to, const struct os_iovec *from, size_t nr,
		      size_t n);
/*
 * A string, cut to @size bytes with its NUL; reads no page that it does not
 * reach. False: it is not there.
 */
bool umem_peek_string(int tid, char *to, u64 from, size_t size);
/*
 * The call of @tid that has just been taken will read these ranges, each once
 * or more: copy them now, in one go. What cannot be read now is read then.
 */
void umem_fetch(int tid, const struct os_iovec *from, size_t nr);

/* ---- processes: process.c ---- */

#define FD_CHUNK 128

struct fd_chunk {
	struct placeholder *ph[FD_CHUNK];
};

struct process {
	struct watch watch; /* of pidfd; first */
	struct files_struct files; /* operations on its numbers */
	unsigned int refs; /* the table of processes, calls, holders */
	struct list_head all; /* supervisor.processes */
	struct list_head threads;
	int pid, pidfd;
	u64 born; /* supervisor.births */
	/* Cache of what its numbers from the line on refer to. */
	struct fd_chunk **chunk;
	unsigned int nr_chunks;
	unsigned int next; /* numbers from the line to here are in use */
	struct cred cred;
	bool cred_known;
	char comm[16];
	int exec_tid; /* a thread is in execve; 0: none */
	bool dead;
	struct list_head link; /* supervisor.dead */
};

struct thread {
	struct hlist_node node;
	struct list_head list; /* process.threads */
	int tid;
	struct process *proc;
	struct call *call; /* in flight */
	struct last_call last;
	/* What its signal handlers interrupted that make calls themselves. */
	struct last_call outer[3];
	unsigned int nr_outer;
	/* A close() that has yet to show what it closed; or both NULL. */
	struct task *closing;
	struct placeholder *closing_ph; /* counted */
};

/* The thread that made this call, known or not. NULL: it has gone. */
struct thread *thread_find(int tid, u64 id);
void thread_free(struct thread *th);
void process_get(struct process *p);
void process_put(struct process *p);
void process_cred(struct process *p);
/* execve() was called by @th: what we know of the process may become wrong. */
void process_exec(struct thread *th);
void process_exec_check(struct thread *th);
void processes_exit(void);

/* A descriptor of our own for what is at the program's number; -errno. */
int process_getfd(struct process *p, int fd);
/* The placeholder at a number, asking the host when the cache does not know. */
enum fd_is { FD_OURS, FD_NATIVE_SOCKET, FD_NATIVE, FD_BAD };
enum fd_is process_fd(struct process *p, int fd, struct placeholder **ret);
/* Is it known, without asking, that the number still means @ph? */
bool process_has(struct process *p, int fd, const struct placeholder *ph);
void process_set_fd(struct process *p, int fd, struct placeholder *ph);
void process_forget_fd(struct process *p, int fd);
void process_forget_range(struct process *p, u32 first, u32 last);
void process_forget_all(struct process *p);
/*
 * A free number >= @from and >= the line; -EMFILE. Whether the program's limit
 * allows it shows when it is given.
 */
int process_free_fd(struct process *p, unsigned int from);
/*
 * The number for a new descriptor of ours; FD_LOWEST: the lowest that is free,
 * as it is wanted so (--lowest-fd) or the program's limit leaves none from the
 * line on; or -EMFILE.
 */
#define FD_LOWEST (-1)
int process_new_fd(struct process *p);
/* There may be a number left for it. */
bool process_may_have_fd(struct process *p);

/* ---- placeholders: placeholder.c, mirror.c, pump.c ---- */

struct placeholder {
	struct watch watch; /* of d; first */
	struct list_head link; /* supervisor.pool or .dead */
	struct hlist_node node; /* supervisor.inodes */
	struct list_head dirty; /* supervisor.dirty; empty: clean */
	struct file *file; /* a reference; NULL: not in use (any more) */
	u64 ino; /* of A */
	u64 born; /* supervisor.births */
	int d; /* our end; -1: closed */
	int a; /* their end while it is not theirs yet; else -1 */
	unsigned int refs; /* cache slots, and one while in use */
	bool packets;
	struct wait_queue_entry wait; /* on the socket */

	bool armed; /* the host may look at A: see mirror_arm() */
	/* What A shows now. */
	u16 markers; /* bytes in its receive queue: readable */
	bool filled; /* not writable */
	bool small; /* A's send buffer is as small as can be */
	bool rdhup; /* D is shut down for sending */
	bool hup; /* D is shut down, or closed: d is what was sent to A */
	bool err; /* an error waits in A */
	bool pri;
	/* What is to come. */
	bool edge; /* something arrived: an edge is due */
	bool space; /* the owner is to be told of POLL_OUT: sigio.c */
	bool urg; /* .. of SIGURG */
	/* A process and number that had it last. */
	struct process *holder; /* counted; or NULL */
	int holder_fd;
	struct thread *closer; /* whose closing_ph this is; or NULL */

	struct pump *pump; /* its bytes are carried; or NULL */
	struct placeholder *twin; /* counted: see pump_low(); or NULL */
	bool low; /* it has (had) a number below the line */
	bool blind; /* D is hung up by us */
};

void placeholders_init(void);
void placeholders_exit(void);
void placeholder_fill_pool(void);
/* A new one for @f; NULL: no descriptors left. Takes no reference yet. */
struct placeholder *placeholder_new(struct file *f);
/* Its file, to be closed by the caller, who knows that A is closed. */
struct file *placeholder_take(struct placeholder *ph);
/* Was it closed and we have not been told yet? */
void placeholder_look(struct placeholder *ph);
/* closing.c: no program has A any more. */
void last_close(struct placeholder *ph);
/* For a trace: @th closes a number of @ph, and is about to go on. */
void closing_begin(struct thread *th, const struct seccomp_notif *n,
		   struct placeholder *ph);
/* It has closed it by now. */
void closing_settle(struct thread *th);
void placeholder_discard(struct placeholder *ph);
struct placeholder *placeholder_by_inode(u64 ino);
void placeholder_get(struct placeholder *ph);
void placeholder_put(struct placeholder *ph);
/* @p has it as @fd. */
void placeholder_hold(struct placeholder *ph, struct process *p, int fd);
void placeholders_reap(void);
/* Their end, by way of a process that has it; to be closed soon. */
int placeholder_a(struct placeholder *ph);

extern const struct files_ops host_files_ops;

/* Somebody may look at A from now on: till then nothing is done for it. */
void mirror_arm(struct placeholder *ph);
/* All there are, and all to come. */
void mirror_arm_all(void);
void mirror_stop(struct placeholder *ph);
static inline void mirror_dirty(struct placeholder *ph)
{
	if (ph->armed && list_empty(&ph->dirty))
		list_add_tail(&ph->dirty, &supervisor()->dirty);
}
/* Make A show what the socket's poll says. */
void mirror_update(struct placeholder *ph);
void mirror_flush(void);
/* Make A an empty, writable pipe end again: the pump takes over. */
void mirror_clear(struct placeholder *ph, int a);

/* ---- the rest ---- */

/* sigio.c: is it an ioctl() about owner or O_ASYNC? */
bool sigio_is_request(u32 cmd);
/* Do it, and let it go on to A. */
void serve_owner_call(struct task *t);
/* As a gate's. */
bool gate_sigio(struct file *f, int sig, int band);
/* No out-of-band byte could be sent: a signal of ours, then. */
void sigio_missed(struct placeholder *ph);

/*
 * foreign.c: a file of the host's system, for sendfile, splice and poll, or an
 * error pointer: -EBADF if the program has none of that number.
 */
struct file *foreign_file(struct process *p, int fd);
/* Does what poll says of it depend on the caller? */
bool foreign_polls_by_caller(const struct file *f);
/* Sleep until the host says that @fd is ready. 0, or -ERESTARTSYS. */
int wait_fd(int fd, u32 events);
/* procfs.c: does it open a file that we know better? Then it is answered. */
bool procfs_open(struct thread *th, const struct seccomp_notif *n, u64 path);
/* pollset.c: poll and select. */
void do_poll_call(struct thread *th, const struct seccomp_notif *n,
		  enum gate_kind kind);
struct file *host_get_poll(struct files_struct *fs, int fd);
unsigned int host_table_size(struct files_struct *fs, unsigned int n);
int host_sigmask(struct task *t, u64 mask, bool sleep);
/* linger.c: close(). True: it waits. */
bool linger_close(struct thread *th, const struct seccomp_notif *n, int fd);
/* scm.c: recvmsg on an AF_UNIX socket. False: let it go on. */
bool scm_recvmsg(struct thread *th, const struct seccomp_notif *n, int fd,
		 u64 msg, u64 flags);
/* boot.c: the kernel with its first host, lo up. 0 or -errno. */
int boot(struct supervisor *sv);
void halt(struct supervisor *sv);
/* launch.c: start the program. 0, or a status for host_run(), said why. */
int launch(struct supervisor *sv);
int launch_signals(struct supervisor *sv);
/* End what is left of the machine. */
void launch_shutdown(struct supervisor *sv);

#endif
