/* SPDX-License-Identifier: MIT */
/*
 * Classic BPF: programs that say how much of a packet a socket gets.
 */
#ifndef NET_CORE_FILTER_H
#define NET_CORE_FILTER_H

#include "net/core/skbuff.h"
#include <linux/filter.h>

/* A checked program. Counted: the clones of a listener share it. */
struct sk_filter {
	unsigned int refs;
	unsigned int len; /* instructions */
	struct sock_filter insns[];
};

/* 0, or -EINVAL: the program may not run. */
int bpf_check_classic(const struct sock_filter *prog, unsigned int len);
/* Bytes of @skb that the program lets pass; 0: none, drop it. */
u32 bpf_prog_run(const struct sock_filter *prog, const struct sk_buff *skb);

#endif
