/* SPDX-License-Identifier: MIT */
/*
 * The system calls that concern the gate: which are trapped, by which of their
 * arguments, and what the gate then does first.
 *
 * The core's table (kernel/syscalls.tbl) says how a socket call is served;
 * this one says how it, and everything else that touches a descriptor of
 * ours, gets here. All other calls run in the host's system, untrapped.
 */
#ifndef PORTS_HOST_CALLS_H
#define PORTS_HOST_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gate_kind {
	GK_NONE, /* never trapped */
	GK_SOCKET, /* family, ...: trapped unless it is AF_UNIX */
	GK_SOCKFD, /* a socket call on a descriptor */
	GK_ACCEPT, /* the same, and its result is a descriptor */
	GK_DATA, /* the same, and moves data */
	GK_SENDMSG, /* the same, and may carry descriptors away */
	GK_RECVMSG, /* the same, and may bring descriptors */
	GK_SOCKETCALL, /* i386: all of those in one */
	GK_FILE, /* read and write, any file */
	GK_IOCTL,
	GK_FCNTL,
	GK_CLOSE,
	GK_CLOSE_RANGE,
	GK_DUP,
	GK_DUP2,
	GK_DUP3,
	GK_SENDFILE,
	GK_SPLICE,
	GK_POLL, /* poll, ppoll: descriptors in memory */
	GK_SELECT, /* the same */
	GK_OLD_SELECT, /* i386: even the arguments */
	GK_EPOLL, /* makes an epoll, which is the host's */
	GK_SEEN, /* the host's; trapped for a trace to tell of it */
	GK_OPEN,
	GK_OPENAT,
	GK_EXEC,
	GK_EXIT, /* of one thread */
	GK_SIGRETURN,
	GK_PRCTL,
	GK_CRED, /* changes who the process is */
	GK_BADSYS, /* no such call here: badsys says so */
	NR_GATE_KINDS
};

/*
 * No call of Linux has a number as large as this; x32 calls have larger ones.
 * The core's badsys answers them.
 */
#define NR_GATE_NUMBERS 512

struct gate_call {
	int16_t nr[2]; /* by enum abi; -1: not there */
	uint8_t kind;
};

extern const struct gate_call gate_calls[];
extern const size_t nr_gate_calls;

struct filter_options {
	unsigned int line; /* descriptors from here on may be ours */
	bool trace; /* trap AF_UNIX, too */
};

struct sock_fprog;
/* Make the filter. 0 or -ENOMEM. The program's memory is the caller's. */
int filter_build(const struct filter_options *opt, struct sock_fprog *ret);
/* Does that filter trap a call of this kind with these arguments? */
bool filter_traps(const struct filter_options *opt, enum gate_kind kind,
		  const uint64_t *args);

#endif
