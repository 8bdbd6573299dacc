/* SPDX-License-Identifier: MIT */
/*
 * The program's side of a call: its arguments by the row of the table, and
 * the memory they point to. Memory is read at the trap (_IN) and just before
 * the answer (_OUT), when the program's thread cannot change it.
 */
#include <string.h>
#include <sys/uio.h>

#include "trace/out/names.h"
#include "trace/out/out.h"
#include "uapi/socket.h"

#define MAX_IOVECS 8
#define OPTVAL_MAX 16

/* Without a task (the call is not ours) the gate has no part in it. */
static bool fetch(struct call *c, struct task *t, void *to, u64 from, size_t n)
{
	struct iovec local = { to, n }, remote = { (void *)from, n };

	if (!from)
		return false;
	if (t)
		return t->gate && !t->gate->copy_in(t, to, from, n);
	return process_vm_readv(c->pid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

static u8 kind_of(const struct call *c, unsigned int arg)
{
	return c->row && arg < c->row->nargs ? c->row->args[arg].kind
					     : ARG_NONE;
}

/* Remember at most @max of @full bytes at @from. */
static void keep(struct call *c, struct task *t, unsigned int arg,
		 enum memory_part part, u64 from, u64 full, size_t max)
{
	size_t n = min_t(u64, full, max);
	struct memory *m = &c->memory[c->nr_memories];

	n = min_t(size_t, n, CALL_BYTES - c->nr_bytes);
	if (c->nr_memories == CALL_MEMORIES ||
	    (n && !fetch(c, t, c->bytes + c->nr_bytes, from, n)) || !from)
		return;
	*m = (struct memory){ arg, part, n, c->nr_bytes, full };
	c->nr_memories++;
	c->nr_bytes += ALIGN(n, 8);
	c->nr_bytes = min(c->nr_bytes, CALL_BYTES);
}

static const struct memory *kept(const struct call *c, unsigned int arg,
				 enum memory_part part)
{
	int i;

	for (i = 0; i < c->nr_memories; i++)
		if (c->memory[i].arg == arg && c->memory[i].part == part)
			return &c->memory[i];
	return NULL;
}

/* Up to its end, or to that of the page. */
static void keep_path(struct call *c, struct task *t, unsigned int arg,
		      u64 addr)
{
	u64 n = min_t(u64, CALL_EXCERPT, 4096 - addr % 4096);
	struct memory *m = &c->memory[c->nr_memories];
	const char *path = (const char *)c->bytes + c->nr_bytes;
	int before = c->nr_memories;

	keep(c, t, arg, PART_DATA, addr, n, n);
	if (c->nr_memories > before && strnlen(path, m->len) < m->len)
		m->full = m->len = strnlen(path, m->len);
}

/* Lengths of vectors; the first one that is not empty is kept. */
static void keep_iovec(struct call *c, struct task *t, unsigned int arg,
		       u64 iov, u64 nr, bool compat, u64 limit)
{
	u64 base = 0, total = 0, first = 0, v[2];
	u32 v32[2];
	u64 i;

	for (i = 0; i < nr && i < MAX_IOVECS; i++) {
		if (compat) {
			if (!fetch(c, t, v32, iov + i * sizeof(v32),
				   sizeof(v32)))
				return;
			v[0] = v32[0];
			v[1] = v32[1];
		} else if (!fetch(c, t, v, iov + i * sizeof(v), sizeof(v))) {
			return;
		}
		if (!first && v[1]) {
			base = v[0];
			first = v[1];
		}
		total += v[1];
	}
	total = min(total, limit);
	keep(c, t, arg, PART_DATA, base, total,
	     min_t(u64, first, CALL_EXCERPT));
}

/* The message at @addr: its address and its data. */
static void keep_msghdr(struct call *c, struct task *t, unsigned int arg,
			u64 addr, bool compat, u64 limit, bool out)
{
	struct compat_msghdr m32;
	struct user_msghdr m;

	if (compat) {
		if (!fetch(c, t, &m32, addr, sizeof(m32)))
			return;
		m.msg_name = m32.msg_name;
		m.msg_namelen = m32.msg_namelen;
		m.msg_iov = m32.msg_iov;
		m.msg_iovlen = m32.msg_iovlen;
	} else if (!fetch(c, t, &m, addr, sizeof(m))) {
		return;
	}
	(void)out;
	if (m.msg_name && m.msg_namelen > 0)
		keep(c, t, arg, PART_NAME, m.msg_name, m.msg_namelen,
		     SOCKADDR_STORAGE_SIZE);
	keep_iovec(c, t, arg, m.msg_iov, m.msg_iovlen, compat, limit);
}

/* socketcall(2): the words at its second argument are the arguments. */
static void unpack_socketcall(struct call *c, struct task *t)
{
	const struct syscall *row;
	u32 words[SYSCALL_MAX_ARGS];
	u32 nr = c->regs[0];
	int i;

	if (nr >= NR_SOCKETCALLS || !socketcall_table[nr])
		return;
	row = socketcall_table[nr];
	if (!fetch(c, t, words, c->regs[1], row->nargs * sizeof(words[0])))
		return;
	c->row = row;
	c->socketcall = nr;
	for (i = 0; i < row->nargs; i++)
		c->args[i] = words[i];
}

static void enter_arg(struct call *c, struct task *t, unsigned int i)
{
	u64 v = c->args[i],
	    next = i + 1 < SYSCALL_MAX_ARGS ? c->args[i + 1] : 0;

	switch (kind_of(c, i)) {
	case ARG_ADDR_IN:
		if ((int)next > 0)
			keep(c, t, i, PART_VALUE, v, (u32)next,
			     SOCKADDR_STORAGE_SIZE);
		break;
	case ARG_OPTVAL_IN:
		if ((int)next > 0)
			keep(c, t, i, PART_VALUE, v, (u32)next, OPTVAL_MAX);
		break;
	case ARG_PATH_IN:
		keep_path(c, t, i, v);
		break;
	case ARG_BUF_IN:
		keep(c, t, i, PART_DATA, v, next, CALL_EXCERPT);
		break;
	case ARG_IOVEC_IN:
	case ARG_IOVEC32_IN:
		keep_iovec(c, t, i, v, next, kind_of(c, i) == ARG_IOVEC32_IN,
			   ~0ULL);
		break;
	case ARG_MSGHDR_IN:
	case ARG_MMSGHDR_IN:
		keep_msghdr(c, t, i, v, false, ~0ULL, false);
		break;
	case ARG_MSGHDR32_IN:
	case ARG_MMSGHDR32_IN:
		keep_msghdr(c, t, i, v, true, ~0ULL, false);
		break;
	}
}

void args_enter(struct session *s, struct call *c, struct task *t)
{
	unsigned int i;

	if (kind_of(c, 0) == ARG_SOCKETCALL)
		unpack_socketcall(c, t);
	if (!(s->needs & NEED_MEMORY) || !c->row)
		return;
	for (i = 0; i < c->row->nargs; i++)
		enter_arg(c, t, i);
}

/* A value whose length the kernel has stored behind the next argument. */
static void leave_sized(struct call *c, struct task *t, unsigned int i,
			size_t max)
{
	u32 len;

	if (i + 1 < SYSCALL_MAX_ARGS &&
	    fetch(c, t, &len, c->args[i + 1], sizeof(len)))
		keep(c, t, i, PART_VALUE, c->args[i], len, max);
}

static void leave_arg(struct call *c, struct task *t, unsigned int i)
{
	u64 v = c->args[i],
	    next = i + 1 < SYSCALL_MAX_ARGS ? c->args[i + 1] : 0;
	u64 ret = c->ret;

	switch (kind_of(c, i)) {
	case ARG_ADDR_OUT:
		if (v)
			leave_sized(c, t, i, SOCKADDR_STORAGE_SIZE);
		break;
	case ARG_OPTVAL_OUT:
		leave_sized(c, t, i, OPTVAL_MAX);
		break;
	case ARG_BUF_OUT:
		keep(c, t, i, PART_DATA, v, ret, CALL_EXCERPT);
		break;
	case ARG_FDPAIR_OUT:
		keep(c, t, i, PART_VALUE, v, 8, 8);
		break;
	case ARG_IOVEC_OUT:
	case ARG_IOVEC32_OUT:
		keep_iovec(c, t, i, v, next, kind_of(c, i) == ARG_IOVEC32_OUT,
			   ret);
		break;
	case ARG_MSGHDR_OUT:
		keep_msghdr(c, t, i, v, false, ret, true);
		break;
	case ARG_MSGHDR32_OUT:
		keep_msghdr(c, t, i, v, true, ret, true);
		break;
	case ARG_MMSGHDR_OUT:
		keep_msghdr(c, t, i, v, false, ~0ULL, true);
		break;
	case ARG_MMSGHDR32_OUT:
		keep_msghdr(c, t, i, v, true, ~0ULL, true);
		break;
	}
}

void args_leave(struct session *s, struct call *c, struct task *t)
{
	unsigned int i;

	if (!c->row || c->ret < 0)
		return;
	for (i = 0; i < c->row->nargs; i++)
		leave_arg(c, t, i);
}

/* A word of the program's as a signed number of its size. */
static s64 as_int(u64 v)
{
	return (s32)v;
}

static void pointer(struct text *t, u64 v)
{
	if (v)
		text_hex(t, v);
	else
		text_str(t, "NULL");
}

static void data_text(struct text *t, const struct call *c,
		      const struct memory *m)
{
	text_quoted(t, c->bytes + m->at, m->len, m->full > m->len);
}

/* An option's value: mostly an int, sometimes a name or a structure. */
static void optval_text(struct text *t, const struct call *c,
			const struct memory *m)
{
	s32 v[2];

	memcpy(v, c->bytes + m->at, sizeof(v));
	if (m->full == 4) {
		text_char(t, '[');
		text_dec(t, v[0]);
		text_char(t, ']');
	} else if (m->full == 8) {
		text_printf(t, "{%d, %d}", v[0], v[1]);
	} else {
		data_text(t, c, m);
	}
}

static void message_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *name = kept(c, arg, PART_NAME);
	const struct memory *data = kept(c, arg, PART_DATA);

	if (!name && !data) {
		pointer(t, c->args[arg]);
		return;
	}
	text_char(t, '{');
	if (name) {
		text_sockaddr(t, c->bytes + name->at, name->len);
		text_str(t, ", ");
	}
	if (data) {
		data_text(t, c, data);
		text_str(t, ", ");
		text_dec(t, data->full);
		text_str(t, " bytes");
	}
	text_char(t, '}');
}

static void memory_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_VALUE);
	s32 pair[2];

	if (!m) {
		pointer(t, c->args[arg]);
		return;
	}
	switch (kind_of(c, arg)) {
	case ARG_ADDR_IN:
	case ARG_ADDR_OUT:
		text_sockaddr(t, c->bytes + m->at, m->len);
		break;
	case ARG_FDPAIR_OUT:
		memcpy(pair, c->bytes + m->at, sizeof(pair));
		text_printf(t, "[%d, %d]", pair[0], pair[1]);
		break;
	default:
		optval_text(t, c, m);
	}
}

/* Numbers that have names. */
static bool named_text(struct text *t, const struct call *c, unsigned int arg)
{
	static const struct {
		u8 kind, names;
	} tables[] = {
		{ ARG_FAMILY, NAMES_FAMILY },
		{ ARG_SOCKTYPE, NAMES_TYPE },
		{ ARG_PROTOCOL, NAMES_PROTOCOL },
		{ ARG_MSGFLAGS, NAMES_MSG },
		{ ARG_HOW, NAMES_HOW },
		{ ARG_LEVEL, NAMES_LEVEL },
		{ ARG_IOCTL, NAMES_IOCTL },
		{ ARG_FCNTL, NAMES_FCNTL },
		{ ARG_SOCKETCALL, NAMES_SOCKCALL },
	};
	u8 kind = kind_of(c, arg);
	u64 v = c->args[arg];
	size_t i;

	if (kind == ARG_OPTNAME && arg) {
		text_option(t, as_int(c->args[arg - 1]), as_int(v));
		return true;
	}
	if (kind == ARG_SOCKFLAGS) {
		text_name(t, NAMES_OPEN, v);
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		if (tables[i].kind != kind)
			continue;
		text_name(t, tables[i].names,
			  kind == ARG_IOCTL ? (s64)(u32)v : as_int(v));
		return true;
	}
	return false;
}

void args_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m;
	u64 v = c->args[arg];

	if (named_text(t, c, arg))
		return;
	switch (kind_of(c, arg)) {
	case ARG_FD:
		text_dec(t, as_int(v));
		if (arg == 0 && c->sock) {
			text_str(t, "<s");
			text_dec(t, c->sock);
			text_char(t, '>');
		}
		break;
	case ARG_INT:
	case ARG_OPTLEN:
	case ARG_ADDRLEN:
	case ARG_RWFLAGS:
		text_dec(t, as_int(v));
		break;
	case ARG_UINT:
	case ARG_SPLICEFLAGS:
		text_dec(t, (u32)v);
		break;
	case ARG_ULONG:
	case ARG_SIZE:
	case ARG_OFF:
		text_dec(t, v);
		break;
	case ARG_IOCTL_ARG:
	case ARG_FCNTL_ARG:
		if (v < 1 << 24)
			text_dec(t, v);
		else
			text_hex(t, v);
		break;
	case ARG_PATH_IN:
	case ARG_BUF_IN:
	case ARG_BUF_OUT:
		m = kept(c, arg, PART_DATA);
		if (m)
			data_text(t, c, m);
		else
			pointer(t, v);
		break;
	case ARG_ADDR_IN:
	case ARG_ADDR_OUT:
	case ARG_OPTVAL_IN:
	case ARG_OPTVAL_OUT:
	case ARG_FDPAIR_OUT:
		memory_text(t, c, arg);
		break;
	case ARG_MSGHDR_IN ... ARG_IOVEC32_OUT:
		message_text(t, c, arg);
		break;
	default:
		pointer(t, v);
	}
}

/* A constant without a name. */
static bool is_number(const struct text *t)
{
	size_t i = t->len > 1 && t->s[0] == '-';

	while (i < t->len && t->s[i] >= '0' && t->s[i] <= '9')
		i++;
	return t->len && i == t->len;
}

void args_json(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_DATA);
	struct text tmp = { 0 };

	switch (kind_of(c, arg)) {
	case ARG_FD:
	case ARG_INT:
	case ARG_OPTLEN:
	case ARG_ADDRLEN:
	case ARG_RWFLAGS:
		text_dec(t, as_int(c->args[arg]));
		return;
	case ARG_UINT:
	case ARG_SPLICEFLAGS:
		text_dec(t, (u32)c->args[arg]);
		return;
	case ARG_ULONG:
	case ARG_SIZE:
	case ARG_OFF:
	case ARG_IOCTL_ARG:
	case ARG_FCNTL_ARG:
		text_printf(t, "%llu", (unsigned long long)c->args[arg]);
		return;
	case ARG_PATH_IN:
	case ARG_BUF_IN:
	case ARG_BUF_OUT:
		if (m) {
			text_json(t, c->bytes + m->at, m->len);
			return;
		}
		break;
	}
	args_text(&tmp, c, arg);
	if (tmp.len == 4 && !memcmp(tmp.s, "NULL", 4))
		text_str(t, "null");
	else if (is_number(&tmp))
		text_bytes(t, tmp.s, tmp.len);
	else
		text_json(t, tmp.s, tmp.len);
	text_free(&tmp);
}

const char *call_entry(const struct call *c)
{
	const char *how = c->stack ? stack_instruction(c->pid, c->ip) : NULL;

	if (how)
		return how;
	return c->abi == ABI_I386 ? "int80" : "syscall";
}
