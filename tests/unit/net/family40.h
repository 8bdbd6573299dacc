/* SPDX-License-Identifier: MIT */
/*
 * A small loadable family, "net-pf-40", for tests of the socket layer: every
 * socket is joined to itself or to the other of its pair and passes messages
 * on in order. It counts what it is asked.
 */
#ifndef TESTS_UNIT_FAMILY40_H
#define TESTS_UNIT_FAMILY40_H

#include "net/net.h"

#define AF_40 40

struct family40 {
	int loads, unloads;
	int creates, releases;
	int accepts, undone;
	int create_error; /* what create() answers, 0: a socket */
	int connections; /* that accept() has yet to take */
	/* What the last sendmsg() was given. */
	unsigned int msg_flags;
	int namelen;
	size_t controllen;
	char control[256];
	/* What recvmsg() puts as control data, when set. */
	bool put_ttl;
};

extern struct family40 family40;
extern struct module family40_module;

/* Make it known to this kernel, counters at zero. */
void family40_add(void);

#endif
