/* SPDX-License-Identifier: MIT */
/*
 * The pseudo files of networking: /proc/net and /proc/sys/net as text.
 *
 * A file of /proc/net is a row of proc_net.c with the function that writes it;
 * a setting is a row of a table with its place in the host.
 */
#ifndef NET_CORE_PROC_NET_H
#define NET_CORE_PROC_NET_H

#include "fs/seq.h"
#include "net/core/net_namespace.h"

/*
 * Write the file @path ("tcp", "snmp") of /proc/net as @net sees it. 0,
 * -ENOENT (there is no such file), -ENOMEM. Ports may call these outside of
 * any system call.
 */
int proc_net_read(struct net *net, const char *path, struct seq *out);
/* The i-th name there is, NULL beyond the last. */
const char *proc_net_name(unsigned int i);

/*
 * The same below /proc/sys/net ("core/somaxconn", "ipv4/tcp_rmem"). Writing
 * takes CAP_NET_ADMIN of the current task, if there is one. 0, -ENOENT,
 * -EACCES, -EINVAL.
 */
int proc_sys_read(struct net *net, const char *path, struct seq *out);
int proc_sys_write(struct net *net, const char *path, const char *text,
		   size_t len);

/* Rows of proc_net.c, by their owners. */
void netlink_seq_show(struct net *net, struct seq *s); /* net/netlink */
void tcp4_seq_show(struct net *net, struct seq *s); /* net/ipv4/proc_sock.c */
void udp4_seq_show(struct net *net, struct seq *s);
void udplite4_seq_show(struct net *net, struct seq *s);
void raw_seq_show(struct net *net, struct seq *s);
void ping_seq_show(struct net *net, struct seq *s);
void snmp_seq_show(struct net *net, struct seq *s); /* net/ipv4/proc.c */
void netstat_seq_show(struct net *net, struct seq *s);
void sockstat_seq_show(struct net *net, struct seq *s);
void arp_seq_show(struct net *net, struct seq *s);
void fib_route_seq_show(struct net *net, struct seq *s);
void igmp_seq_show(struct net *net, struct seq *s);
void packet_seq_show(struct net *net, struct seq *s); /* net/packet */
void protocols_seq_show(struct net *net, struct seq *s);
void ptype_seq_show(struct net *net, struct seq *s); /* net/core/dev.c */
void dev_mcast_seq_show(struct net *net, struct seq *s); /* dev_addr_lists.c */

/* Settings. */

enum ctl_kind {
	CTL_INT,
	CTL_LONG,
	CTL_SECONDS, /* an int in jiffies, shown in seconds */
	CTL_MSECS, /* an int in jiffies, shown in milliseconds */
	CTL_UINT, /* an int shown without sign */
	CTL_FUNC, /* show() and store() */
};

/* One setting: @n numbers at @offset of what the set's base() gives. */
struct ctl_table {
	const char *name; /* below the set's directory */
	enum ctl_kind kind;
	u16 offset;
	u8 n;
	s64 min, max; /* of each number */
	void (*show)(struct net *net, struct seq *s);
	int (*store)(struct net *net, const char *text);
};
#define CTL_ROW(nm, kd, at, cnt, lo, hi)                                   \
	{                                                                  \
		.name = nm, .kind = kd, .offset = at, .n = cnt, .min = lo, \
		.max = hi,                                                 \
	}
struct ctl_set {
	const char *dir; /* "core" */
	const struct ctl_table *rows;
	unsigned int nr_rows;
	/*
	 * Where the numbers of @net are; what names one of several such places
	 * is taken off the front of *name. NULL: there is none of that name.
	 */
	void *(*base)(struct net *net, const char **name);
	/* A number at @base was set anew, or NULL. @was: the first one before. */
	void (*stored)(struct net *net, void *base, const struct ctl_table *row,
		       s64 was);
};
extern const struct ctl_set ipv4_ctl_set; /* net/ipv4/sysctl_net_ipv4.c */
extern const struct ctl_set devconf_ctl_set; /* net/ipv4/devinet_sysctl.c */

/* At most @n numbers from text, blanks between. How many, or -EINVAL. */
int ctl_parse(const char *text, s64 *ret, int n);

#endif
