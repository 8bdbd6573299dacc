/* SPDX-License-Identifier: MIT */
/*
 * The world that the gate is fuzzed in (gate.c): a host that does what
 * ports/host/os.h promises, in memory, and programs on it.
 *
 *   gate.c           what happens next, what must hold, the run
 *   gate_calls.c     which calls the programs make
 *   gate_programs.c  their memory and descriptors; os.h: processes, listener
 *   gate_objects.c   what descriptors refer to; os.h: ours, epoll
 *   gate_io.c        what goes through them; os.h: reads, writes, messages
 */
#ifndef FUZZ_GATE_H
#define FUZZ_GATE_H

#include "fuzz/arguments.h"
#include "lib/types.h"
#include <linux/filter.h>
#include <linux/seccomp.h>

#define OWN_FDS 512
#define PROGRAM_FDS 1024
#define RIGHTS_MAX 4
#define RECORDS_MAX 64
#define SNDBUF 8192 /* of a pair */
#define NR_PROGRAMS 4
#define NR_THREADS 6
#define FIRST_PID 100
#define MESSAGES_FD 3 /* of a program when it starts */
#define PAGE 4096
#define NR_PAGES (ARENA_SIZE / PAGE)

struct object;
struct os_event;
struct supervisor;

/* ---- programs ---- */

struct fd_table {
	struct object *at[PROGRAM_FDS];
};

struct program {
	int pid; /* 0: not there */
	bool dead;
	struct fd_table fds;
};

struct prog_thread {
	int tid; /* 0: not there */
	struct program *prog;
	enum { RUNS, CALLS, TAKEN } state; /* TAKEN: by the gate */
	u64 answered; /* id of the last call that was */
	u64 sp;
	struct seccomp_notif n; /* the last call, which handlers change */
};

/* All of a run, beside the arena and the objects. */
extern struct world {
	struct supervisor *gate;
	struct sock_fprog filter;
	u64 now;
	u64 chance; /* xorshift: port_random() */
	struct program programs[NR_PROGRAMS];
	struct prog_thread threads[NR_THREADS];
	int next_pid;
	u64 next_id; /* of notifications */
	unsigned int fd_limit; /* of a program */
	unsigned int prelude; /* calls made of it */
	unsigned int ending; /* looks at what is left, after everybody's end */
	u64 socks_at_start;

	/* Pages that the programs cannot read, and not write. */
	bool no_read[NR_PAGES], no_write[NR_PAGES];
	/* The @in-th look at memory finds another byte there. */
	struct {
		unsigned int in;
		u16 at;
		u8 value;
	} change;
	/* The @in-th thing that is asked of the host fails. */
	struct {
		unsigned int in;
		int err;
	} failure;
} world;

struct program *program_of(int pid);
struct prog_thread *thread_of(int tid);
void program_ends(struct program *p);
/* A fresh program's: files, a socket of messages, what polls by caller. */
void first_fds(struct fd_table *t);
/* At @fd, or (-1) the lowest free number >= @from. The number, or -errno. */
int fd_put(struct fd_table *t, int fd, unsigned int from, struct object *o);
struct object *fd_object(struct fd_table *t, u64 fd);
/* The call of @th goes on in the host's system. */
void native(struct prog_thread *th);
/* A signal takes @th out of its call. */
void make_void(struct prog_thread *th);
u32 listener_poll(void);
bool pid_gone(int pid);

/* Calls: with what is in the registers; any; the end of a handler. */
void make_call(struct prog_thread *th);
void some_call(struct prog_thread *th);
void some_sigreturn(struct prog_thread *th);
/*
 * Sockets to play with: a connection, a listening one, one of datagrams. False:
 * they are all made.
 */
bool prelude_step(void);

/* A broken promise: say it and die. */
_Noreturn void broken(const char *what);
/* Shall this call of the gate's fail now? 0 or -errno. */
int fault(void);

/* ---- objects ---- */

enum object_kind {
	OBJ_SOCKET, /* one end of a pair */
	OBJ_MESSAGES, /* a socket with messages of others to the program */
	OBJ_FILE,
	OBJ_PIPE, /* one end: as a pair, which is read at one side only */
	OBJ_ANON,
	OBJ_PIDFD,
	OBJ_EPOLL,
	OBJ_TIMER,
	OBJ_LISTENER,
};

struct message {
	unsigned int nr_rights, bytes;
	struct object *right[RIGHTS_MAX];
	bool cred; /* comes with a control message of another kind */
};

/* What a descriptor is of. */
struct object {
	enum object_kind kind;
	unsigned int refs;
	u64 ino;
	bool packets, ready; /* ready: an OBJ_ANON has something */
	const char *name; /* of an OBJ_ANON */
	int pid; /* of an OBJ_PIDFD */
	unsigned int fl;
	u64 at; /* of an OBJ_TIMER; position of an OBJ_FILE */
	/* A pair */
	struct object *peer;
	size_t queued, sndbuf;
	unsigned int records;
	u32 record[RECORDS_MAX];
	bool rd_shut, wr_shut, error, oob;
	/* What waits: of OBJ_MESSAGES and of a pair's queue */
	struct message msg[4];
	unsigned int nr_msgs;
	unsigned int seq; /* counts what happens, for edges */
};

struct object *object_new(enum object_kind kind);
void object_put(struct object *o);
void object_pair(struct object *o[2], enum object_kind kind, bool packets);
u32 object_poll(const struct object *o);
/* Bytes that its peer can take now. */
size_t object_room(const struct object *o);
void object_drop_messages(struct object *o, unsigned int n);
unsigned int objects_alive(void);

/* Descriptors of ours; own_fd() takes the reference. */
int own_fd(struct object *o);
int own_new(enum object_kind kind);
struct object *own_object(int fd);
unsigned int own_fds_open(void);
void host_reset(void);
/* Events of the loop's epoll. */
int epoll_collect(struct os_event *ev, int max);

#endif
