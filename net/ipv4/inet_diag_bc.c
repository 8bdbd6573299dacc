// SPDX-License-Identifier: MIT
/*
 * Filters of sock_diag requests ("sport = :80"): a program of conditions, each
 * with where to go on when it holds and when it does not, always forward. It
 * accepts when it ends exactly at its end.
 */
#include "net/ipv4/inet_diag.h"

#include "kernel/sched.h"
#include <linux/capability.h>

/* Bytes of the condition at @op, with its operand; 0: not valid. */
static int host_cond_len(const struct inet_diag_bc_op *op, int len)
{
	const struct inet_diag_hostcond *cond = (const void *)(op + 1);
	int need = (int)(sizeof(*op) + sizeof(*cond)), addr_len;

	if (len < need)
		return 0;
	switch (cond->family) {
	case AF_UNSPEC:
		addr_len = 0;
		break;
	case AF_INET:
		addr_len = 4;
		break;
	case AF_INET6:
		addr_len = 16;
		break;
	default:
		return 0;
	}
	if (len < need + addr_len || cond->prefix_len > 8 * addr_len)
		return 0;
	return need + addr_len;
}

static int cond_len(const struct inet_diag_bc_op *op, int len)
{
	int need = sizeof(*op);

	switch (op->code) {
	case INET_DIAG_BC_NOP:
	case INET_DIAG_BC_JMP:
	case INET_DIAG_BC_AUTO:
		break;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		return host_cond_len(op, len);
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
	case INET_DIAG_BC_D_EQ:
		need += (int)sizeof(*op); /* the port, in the next one's no */
		break;
	case INET_DIAG_BC_DEV_COND:
		need += (int)sizeof(u32);
		break;
	case INET_DIAG_BC_MARK_COND:
		need += (int)sizeof(struct inet_diag_markcond);
		break;
	case INET_DIAG_BC_CGROUP_COND:
		need += (int)sizeof(u64);
		break;
	default:
		return 0;
	}
	return len < need ? 0 : need;
}

/* Is there a condition that begins @cc bytes before the end? */
static bool valid_target(const struct inet_diag_bc_op *op, int len, int cc)
{
	while (len >= cc) {
		if (len == cc)
			return true;
		if (op->yes < sizeof(*op) || op->yes & 3)
			return false;
		len -= op->yes;
		op = (const void *)((const char *)op + op->yes);
	}
	return false;
}

int inet_diag_bc_audit(const struct nlattr *attr)
{
	const struct inet_diag_bc_op *first, *op;
	int len, left, need;

	if (!attr)
		return 0;
	first = nla_data(attr);
	len = nla_len(attr);
	if (len < (int)sizeof(*op))
		return fail(-EINVAL, "filter without a condition");
	for (op = first, left = len; left > 0;) {
		if (left < (int)sizeof(*op))
			return fail(-EINVAL, "filter cut off");
		if (op->code == INET_DIAG_BC_MARK_COND &&
		    !capable(CAP_NET_ADMIN))
			return fail(-EPERM, "marks need CAP_NET_ADMIN");
		need = cond_len(op, left);
		if (!need)
			return fail(-EINVAL, "filter: not a condition");
		if (op->code != INET_DIAG_BC_NOP) {
			if (op->no < need || op->no > left + 4 || op->no & 3)
				return fail(-EINVAL, "filter: a wrong jump");
			if (op->no < left &&
			    !valid_target(first, len, left - op->no))
				return fail(-EINVAL, "filter: a wild jump");
		}
		if (op->yes < need || op->yes > left + 4 || op->yes & 3)
			return fail(-EINVAL, "filter: a wrong step");
		left -= op->yes;
		op = (const void *)((const char *)op + op->yes);
	}
	return left ? fail(-EINVAL, "filter: a step beyond its end") : 0;
}

static bool prefix_matches(__be32 addr, const __be32 *want, int bits)
{
	return !bits || !((ntohl(addr) ^ ntohl(*want)) >> (32 - bits));
}

static bool host_matches(const struct inet_diag_bc_op *op, __be32 addr,
			 u16 port)
{
	const struct inet_diag_hostcond *cond = (const void *)(op + 1);

	if (cond->port != -1 && cond->port != port)
		return false;
	if (cond->family == AF_INET6)
		return false;
	return prefix_matches(addr, cond->addr, cond->prefix_len);
}

static bool cond_holds(const struct inet_diag_bc_op *op,
		       const struct inet_diag_entry *e)
{
	const struct inet_diag_markcond *mark = (const void *)(op + 1);

	switch (op->code) {
	case INET_DIAG_BC_JMP:
		return false;
	case INET_DIAG_BC_S_EQ:
		return e->sport == op[1].no;
	case INET_DIAG_BC_S_GE:
		return e->sport >= op[1].no;
	case INET_DIAG_BC_S_LE:
		return e->sport <= op[1].no;
	case INET_DIAG_BC_D_EQ:
		return e->dport == op[1].no;
	case INET_DIAG_BC_D_GE:
		return e->dport >= op[1].no;
	case INET_DIAG_BC_D_LE:
		return e->dport <= op[1].no;
	case INET_DIAG_BC_AUTO:
		return !(e->userlocks & SOCK_BINDPORT_LOCK);
	case INET_DIAG_BC_S_COND:
		return host_matches(op, e->saddr, e->sport);
	case INET_DIAG_BC_D_COND:
		return host_matches(op, e->daddr, e->dport);
	case INET_DIAG_BC_DEV_COND:
		return e->ifindex == *(const int *)(op + 1);
	case INET_DIAG_BC_MARK_COND:
		return (e->mark & mark->mask) == mark->mark;
	case INET_DIAG_BC_CGROUP_COND:
		return false; /* there are no control groups */
	default:
		return true;
	}
}

bool inet_diag_bc_run(const struct nlattr *attr,
		      const struct inet_diag_entry *e)
{
	const struct inet_diag_bc_op *op;
	int left, step;

	if (!attr)
		return true;
	op = nla_data(attr);
	for (left = nla_len(attr); left > 0; left -= step) {
		step = cond_holds(op, e) ? op->yes : op->no;
		op = (const void *)((const char *)op + step);
	}
	return left == 0;
}
