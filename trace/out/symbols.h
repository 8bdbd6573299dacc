/* SPDX-License-Identifier: MIT */
/*
 * The core's own functions: names, and the types of what they take and give,
 * from our debug information. Without it (a stripped program) there are names
 * only, from the symbol table, or not even these.
 */
#ifndef TRACE_OUT_SYMBOLS_H
#define TRACE_OUT_SYMBOLS_H

#include "lib/types.h"
#include "trace/graph.h"

/* How a value is written. */
enum value_kind {
	VALUE_VOID,
	VALUE_INT,
	VALUE_BOOL,
	VALUE_ENUM, /* names from the type */
	VALUE_POINTER,
	VALUE_USER, /* address in the program */
	VALUE_STRING, /* const char * of ours */
	VALUE_SKB, /* p5 */
	VALUE_SOCK, /* s2 */
	VALUE_SOCKET, /* s2 */
	VALUE_SOCKADDR, /* 127.0.0.1:5001 */
	VALUE_MSGHDR,
	VALUE_DEV, /* name of a network device */
	VALUE_IP4, /* __be32 */
	VALUE_PORT, /* __be16 */
	VALUE_NAMED, /* a table of names.h, in `names` */
	VALUE_FLOW, /* struct flowi4 */
	VALUE_STRUCT, /* passed by value: not in a register of its own */
};

struct enum_names {
	struct enum_names *next;
	u64 die; /* offset of the type */
	unsigned int n;
	struct {
		s64 value;
		const char *name;
	} names[];
};

struct value_type {
	u8 kind; /* enum value_kind */
	u8 bytes; /* of integers */
	bool is_signed;
	u8 names; /* enum names, for VALUE_NAMED */
	const struct enum_names *enums;
};

struct param {
	const char *name;
	struct value_type type;
};

struct function {
	const char *name; /* NULL: not known */
	u8 nparams;
	struct param params[TRACE_MAX_ARGS];
	struct value_type ret;
};

/* Where fields of the core's structures lie; -1: not known. */
struct layout {
	int skb_id, sock_id, socket_sk;
	int msg_flags, msg_count; /* of struct msghdr; its iterator's count */
	int flow_daddr, flow_saddr; /* of struct flowi4 */
};

struct symbols {
	struct function *functions; /* by site */
	int nr;
	struct layout layout;
	struct enum_names *enums;
	void *file; /* strings live in it */
};

/*
 * Read what there is about @sites, and prepare these for recording. @args:
 * arguments are wanted, too. NULL: no memory.
 */
struct symbols *symbols_load(struct trace_site *sites, int n, bool args);
void symbols_config(const struct symbols *sy, struct trace_config *cfg);
void symbols_free(struct symbols *sy);
/* Never NULL: "0x1234" for one that has no name (in a static buffer). */
const char *symbols_name(const struct symbols *sy, unsigned int site);

#endif
