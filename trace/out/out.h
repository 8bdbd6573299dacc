/* SPDX-License-Identifier: MIT */
/*
 * From events to text.
 *
 * Theory of operation. The gate says when a call enters and leaves
 * (session_enter, session_leave), in the moment when the program stands still:
 * then, and only then, its memory and its stack are read and kept as raw
 * bytes in a struct call. All else comes from the record (trace/record.h),
 * which session_flush() reads when the kernel has come to rest, while the
 * program runs again. model.c keeps track of what the events mean - which
 * stack is which call, what caused a packet, the states of sockets - and hands
 * each event to the format. A call is written when its last event was read.
 *
 * A format is one file with one struct format.
 */
#ifndef TRACE_OUT_OUT_H
#define TRACE_OUT_OUT_H

#include <stdio.h>

#include "kernel/syscalls.h"
#include "trace/out/filter.h"
#include "trace/out/session.h"
#include "trace/out/stack.h"
#include "trace/out/symbols.h"
#include "trace/out/text.h"
#include "trace/record.h"

struct session;

/* Bytes of the program's memory, as they were at entry or at the end. */
struct memory {
	u8 arg; /* of which argument */
	u8 part; /* enum memory_part */
	u8 index; /* of the message, in a vector of them */
	u16 len; /* bytes at data */
	u16 at; /* into call->bytes */
	u64 full; /* how many the program gave or got */
};

enum memory_part {
	PART_VALUE, /* what the argument points to, at entry if it may change */
	PART_OUT, /* what it points to when the call is done */
	PART_DATA, /* a piece of the payload of a message or vector */
	PART_NAME, /* the address of a message */
	PART_CONTROL, /* its control messages */
	/* Numbers, in full: */
	PART_FLAGS, /* its flags */
	PART_COUNT, /* pieces that there are */
	PART_MESSAGES, /* messages that there are */
};

#define CALL_MEMORIES 24
#define CALL_BYTES 1024
#define CALL_EXCERPT 48 /* bytes of a buffer that are kept */
#define CALL_PACKETS 64

/* An error where it was first raised: fail(). */
struct fault {
	int error; /* negative errno; 0: none */
	const char *why, *function;
	u64 time;
};

/* A line about a function that may yet get its result on the same line. */
struct pending {
	bool open;
	u16 depth;
	u32 ctx;
};

/* A system call, from its trap to the line that tells of it. */
struct call {
	struct call *next; /* in its bucket, or free */
	struct call *older, *newer; /* calls in order of entry */
	struct call *next_left; /* in session.left */
	u64 id; /* #17 */
	int pid, tid;
	char comm[16];
	u8 abi; /* enum abi */
	u8 socketcall; /* number for it, when it came by socketcall */
	bool left; /* the answer was given */
	bool native; /* the host's system serves it, we only saw it */
	bool host; /* that system has its result */
	bool kernel; /* no call: a task of the kernel's own */
	bool refused; /* void: the program did not take the answer */
	bool shown; /* the format has begun to write it */
	bool unwanted; /* the filter refuses it for certain */
	u64 nr, regs[6], ip, sp;
	const struct syscall *row; /* NULL: no such call */
	u64 args[6]; /* of the row: socketcall's are fetched */
	u64 begin, end; /* port_clock_ns() */
	s64 ret;

	struct fault fault; /* the last of it */
	u64 sock; /* id of the socket it is about, or 0 */
	u64 made; /* of the one whose descriptor it returns, or 0 */
	int state_before; /* of it, 0: not known */
	int state_after; /* of it, when it went; 0: it is there */
	u64 slept; /* when it fell asleep, or 0 */
	u64 waker, waker_packet; /* call and packet that woke it last, or 0 */
	u16 depth; /* functions open now */
	bool done; /* its work is; the answer may be on its way */
	bool table_shown; /* tree: the entry of the table */
	struct pending pending; /* tree */

	u8 nr_memories;
	u16 nr_bytes;
	u16 nr_packets;
	bool path_cut;
	/* From here on nothing is cleared for a new call. */
	u8 bytes[CALL_BYTES];
	struct memory memory[CALL_MEMORIES];
	u64 packets[CALL_PACKETS]; /* ids, in order */
	u16 *path; /* sites in order of entry */
	u32 path_len, path_size;
	struct stack_snapshot *stack; /* NULL: not taken */
	struct text text; /* written, but held back for the filter */
};

/* A stack that code runs on, as the model sees it. */
struct ctx {
	u32 id; /* the record's, 0: unused */
	u32 softirq; /* nesting of softirqs on it */
	const char *softirq_name;
	u64 task; /* whose call, 0: the idle loop */
	u64 packet; /* received by the softirq at hand, 0: none */
	u64 behalf; /* the call that caused it, 0: none */
};

/* What is known of a socket. */
struct sockinfo {
	struct sockinfo *next;
	u64 id;
	int family, type, protocol, state;
	u64 calls, sent, received; /* bytes by finished calls */
	struct fault fault; /* the last that was kept in it */
};

/* What a format needs, so that nothing else is done. */
#define NEED_FUNCTIONS 1 /* entries */
#define NEED_RETURNS 2 /* and results */
#define NEED_ARGS 4 /* registers with their meaning */
#define NEED_MEMORY 8 /* the program's memory */
#define NEED_STACKS 16
#define NEED_SOCKETS 32 /* of sockets that are gone, too */

struct format {
	const char *name;
	unsigned int needs;
	void (*begin)(struct session *s);
	/* The call was trapped. Its first events are yet to come. */
	void (*enter)(struct session *s, struct call *c);
	/* @c: the call whose stack it is, or NULL. Model state is up to date */
	void (*event)(struct session *s, struct ctx *x, struct call *c,
		      const struct trace_rec *r);
	/* Task s->was_running has fallen asleep. */
	void (*sleeps)(struct session *s);
	/* The call has its answer and all events of it were seen. */
	void (*leave)(struct session *s, struct call *c);
	void (*finish)(struct session *s);
};

extern const struct format format_tree, format_line, format_json,
	format_summary;

#define CALL_BUCKETS 1024
#define CTX_SLOTS 4096
#define SOCK_BUCKETS 4096
#define PACKET_SLOTS 65536
#define FAULTS 256 /* errno values that are kept apart */

struct session {
	const struct format *format;
	struct session_options options;
	unsigned int needs;
	FILE *file;
	bool color;
	struct text text; /* to be written by the next session_flush() */
	u64 begin; /* port_clock_ns() when it began */
	bool running_trace;
	const struct trace_site *sites;
	int nr_sites;

	struct call *calls[CALL_BUCKETS];
	struct call *oldest, *newest, *free_calls;
	struct ctx ctx[CTX_SLOTS];
	struct sockinfo *socks[SOCK_BUCKETS];
	struct {
		u64 id, call;
	} packets[PACKET_SLOTS]; /* what caused packet id % PACKET_SLOTS */
	struct fault softirq_faults[FAULTS]; /* by errno; the last of each */
	u64 running, was_running; /* task that runs now, and before; 0: none */
	struct pending pending; /* tree, when nothing is held back */
	u64 lost_calls; /* for lack of memory */
	struct call *left,
		**left_end; /* calls that left since the last flush */
	u64 nr_native;
	bool show_others; /* events that belong to no call */
	bool flush_file; /* somebody watches */
	struct filter filter;
	struct symbols *symbols; /* NULL: not needed */
	void *private; /* the format's */
};

/* Numbers of calls that the core has no number for. */
#define NATIVE_ID (1ULL << 62)

/* model.c */
struct call *call_new(struct session *s, u64 id);
void call_drop(struct session *s, struct call *c);
void model_event(struct session *s, const struct trace_rec *r);
/* The call is over: to be written by the next flush. */
void call_left(struct session *s, struct call *c);
void model_explain(struct session *s, struct call *c);
void model_free(struct session *s);
struct call *call_find(struct session *s, u64 id);
struct sockinfo *sock_find(struct session *s, u64 id);
u64 packet_cause(struct session *s, u64 id);
/* Where text about @c goes: held back when the filter cannot tell yet. */
struct text *call_text(struct session *s, struct call *c);

/* args.c: the program's side of a call. */
void args_enter(struct session *s, struct call *c, struct task *t);
void args_leave(struct call *c, struct task *t);
u8 arg_kind(const struct call *c, unsigned int arg);
/* The next one kept behind @after (NULL: the first), or NULL. */
const struct memory *memory_of(const struct call *c, unsigned int arg,
			       enum memory_part part, unsigned int index,
			       const struct memory *after);

/* argtext.c */
void args_text(struct text *t, const struct call *c, unsigned int arg);
/* As the value of a JSON member. */
void args_json(struct text *t, const struct call *c, unsigned int arg);
/* Nobody looks at this argument: not to be written. */
bool args_unused(const struct call *c, unsigned int arg);

/* "int80", "sysenter" or "syscall" */
const char *call_entry(const struct call *c);

/* call.c */
const char *call_name(const struct call *c);
/* Errno of the result, 0: none. */
int call_error(const struct call *c);
void ret_text(struct text *t, const struct call *c);

/* packet.c: one line about an IPv4 packet. */
void packet_text(struct text *t, const void *header, size_t len, u64 full);

/* line.c: connect(512<s1>, ...) */
void call_text_line(struct text *t, const struct call *c);

/* values.c: arguments and results of the core's own functions. */
void function_args_text(struct session *s, struct text *t, const struct call *c,
			const struct trace_rec *r);
void function_result_text(struct session *s, struct text *t,
			  const struct trace_rec *r);

#endif
