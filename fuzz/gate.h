/* SPDX-License-Identifier: MIT */
/*
 * The host that the gate is fuzzed on: what ports/host/os.h promises, in
 * memory. gate_host.c has files, descriptors and the loop's epoll; gate.c the
 * programs, their memory and their calls, and what happens next.
 */
#ifndef FUZZ_GATE_H
#define FUZZ_GATE_H

#include "lib/types.h"

#define OWN_FDS 512
#define PROGRAM_FDS 1024
#define RIGHTS_MAX 4
#define RECORDS_MAX 64

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

struct fd_table {
	struct object *at[PROGRAM_FDS];
};

/* A broken promise: say it and die. */
_Noreturn void broken(const char *what);

struct object *object_new(enum object_kind kind);
void object_put(struct object *o);
void object_pair(struct object *o[2], enum object_kind kind, bool packets);
u32 object_poll(const struct object *o);
int own_fd(struct object *o); /* takes the reference */
struct object *own_object(int fd);
unsigned int own_fds_open(void);
unsigned int objects_alive(void);
void host_reset(void);
/* Events of the loop's epoll. */
struct os_event;
int epoll_collect(struct os_event *ev, int max);

/* gate.c: shall this call of the gate's fail now? 0 or -errno. */
int fault(void);
bool pid_gone(int pid);
u32 listener_poll(void);
extern u64 host_now;

#endif
