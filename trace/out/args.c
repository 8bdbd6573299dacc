/* SPDX-License-Identifier: MIT */
/*
 * The program's side of a call: its arguments by the row of the table, and
 * the memory they point to, kept as it is. Memory is read at the trap and just
 * before the answer, when the program's thread cannot change it. What it means
 * is said when the line is written (argtext.c).
 */
#include <string.h>
#include <sys/uio.h>

#include "trace/out/out.h"
#include "trace/out/shapes.h"
#include "uapi/socket.h"

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define MAX_PIECES 4 /* of a vector */
#define MAX_MESSAGES 3 /* of a vector of them */
#define MAX_POLLFDS 16
#define MAX_READY 8
#define POLLFDS_SEARCHED 1024
#define FDSET_MAX 136
#define OPTVAL_MAX 128
#define CONTROL_MAX 160

/* One argument being captured. */
struct capture {
	struct call *c;
	struct task *t; /* NULL: the call is not ours, no gate has a part */
	unsigned int arg;
	u8 kind; /* enum syscall_arg_kind */
	u8 index; /* of the message in a vector of them */
	u64 v, next; /* it, and the argument behind it */
};

static bool fetch(struct call *c, struct task *t, void *to, u64 from, size_t n)
{
	struct iovec local = { to, n }, remote = { (void *)from, n };

	if (!from)
		return false;
	if (t)
		return t->gate && !t->gate->copy_in(t, to, from, n);
	return process_vm_readv(c->pid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

static bool look(const struct capture *k, void *to, u64 from, size_t n)
{
	return fetch(k->c, k->t, to, from, n);
}

u8 arg_kind(const struct call *c, unsigned int arg)
{
	return c->row && arg < c->row->nargs ? c->row->args[arg].kind
					     : ARG_NONE;
}

/* Room for @n bytes, or NULL. */
static void *room(struct capture *k, enum memory_part part, size_t n, u64 full)
{
	struct call *c = k->c;

	if (c->nr_memories == CALL_MEMORIES || n > (size_t)(CALL_BYTES - c->nr_bytes))
		return NULL;
	c->memory[c->nr_memories++] =
		(struct memory){ k->arg, part, k->index, n, c->nr_bytes, full };
	c->nr_bytes += ALIGN(n, 8);
	return c->bytes + c->nr_bytes - ALIGN(n, 8);
}

/* Remember at most @max of @full bytes at @from. */
static void keep(struct capture *k, enum memory_part part, u64 from, u64 full,
		 size_t max)
{
	size_t left = CALL_BYTES - k->c->nr_bytes;
	size_t n = min_t(u64, min_t(u64, full, max), left);
	void *to = from ? room(k, part, n, full) : NULL;

	if (!to || !n || look(k, to, from, n))
		return;
	k->c->nr_memories--;
	k->c->nr_bytes -= ALIGN(n, 8);
}

/* A number of ours: how many there were of what we keep a few. */
static void keep_count(struct capture *k, enum memory_part part, u64 n)
{
	(void)room(k, part, 0, n);
}

const struct memory *memory_of(const struct call *c, unsigned int arg,
			       enum memory_part part, unsigned int index,
			       const struct memory *after)
{
	const struct memory *m = after ? after + 1 : c->memory;

	for (; m < c->memory + c->nr_memories; m++)
		if (m->arg == arg && m->part == part && m->index == index)
			return m;
	return NULL;
}

/* Up to its end, or to that of the page. */
static void enter_path(struct capture *k)
{
	u64 n = min_t(u64, CALL_EXCERPT, 4096 - k->v % 4096);
	int before = k->c->nr_memories;
	struct memory *m = &k->c->memory[before];
	const char *path = (const char *)k->c->bytes + k->c->nr_bytes;

	keep(k, PART_DATA, k->v, n, n);
	if (k->c->nr_memories == before)
		return;
	n = strnlen(path, m->len);
	if (n == m->len)
		m->full = n + 1;
	else
		m->full = m->len = n;
}

/* The pieces of a vector, as far as the first @limit bytes fill them. */
static void keep_iovec(struct capture *k, u64 iov, u64 nr, bool compat,
		       u64 limit)
{
	u64 i, v[2], kept = 0;
	u32 v32[2];

	for (i = 0; i < nr && i < 1024 && kept < MAX_PIECES && limit; i++) {
		if (compat) {
			if (!look(k, v32, iov + i * sizeof(v32), sizeof(v32)))
				return;
			v[0] = v32[0];
			v[1] = v32[1];
		} else if (!look(k, v, iov + i * sizeof(v), sizeof(v))) {
			return;
		}
		v[1] = min(v[1], limit);
		if (limit != ~0ULL)
			limit -= v[1];
		if (!v[1] && limit != ~0ULL)
			continue;
		keep(k, PART_DATA, v[0], v[1], CALL_EXCERPT);
		kept++;
	}
	keep_count(k, PART_COUNT, i < nr && limit ? nr : kept);
}

static bool load_msghdr(struct capture *k, struct user_msghdr *m, u64 addr,
			bool compat)
{
	struct compat_msghdr m32;

	if (!compat)
		return look(k, m, addr, sizeof(*m));
	if (!look(k, &m32, addr, sizeof(m32)))
		return false;
	*m = (struct user_msghdr){
		.msg_name = m32.msg_name,
		.msg_namelen = m32.msg_namelen,
		.msg_iov = m32.msg_iov,
		.msg_iovlen = m32.msg_iovlen,
		.msg_control = m32.msg_control,
		.msg_controllen = m32.msg_controllen,
		.msg_flags = m32.msg_flags,
	};
	return true;
}

/* The message at @addr: its address, data, control messages, flags. */
static void keep_msghdr(struct capture *k, u64 addr, bool compat, u64 limit)
{
	struct user_msghdr m;

	if (!load_msghdr(k, &m, addr, compat))
		return;
	if (m.msg_name && m.msg_namelen > 0)
		keep(k, PART_NAME, m.msg_name, m.msg_namelen,
		     SOCKADDR_STORAGE_SIZE);
	keep_iovec(k, m.msg_iov, m.msg_iovlen, compat, limit);
	if (m.msg_control && m.msg_controllen)
		keep(k, PART_CONTROL, m.msg_control, m.msg_controllen,
		     CONTROL_MAX);
	if (limit != ~0ULL && m.msg_flags)
		keep_count(k, PART_FLAGS, m.msg_flags);
}

/* Kinds with a 32 in their name are the i386 layout of another. */
static bool is_compat(u8 kind)
{
	static const bool compat[NR_ARG_KINDS] = {
		[ARG_MSGHDR32_IN] = true,  [ARG_MSGHDR32_OUT] = true,
		[ARG_MMSGHDR32_IN] = true, [ARG_MMSGHDR32_OUT] = true,
		[ARG_IOVEC32_IN] = true,   [ARG_IOVEC32_OUT] = true,
	};

	return compat[kind];
}

static void enter_msghdr(struct capture *k)
{
	keep_msghdr(k, k->v, is_compat(k->kind), ~0ULL);
}

static void leave_msghdr(struct capture *k)
{
	keep_msghdr(k, k->v, is_compat(k->kind), k->c->ret);
}

/* The first of @n messages. Each has its length behind it. */
static void keep_mmsghdr(struct capture *k, u64 n, bool out)
{
	bool compat = is_compat(k->kind);
	u64 head = compat ? sizeof(struct compat_msghdr)
			  : sizeof(struct user_msghdr);
	u64 size =
		compat ? sizeof(struct compat_mmsghdr) : sizeof(struct mmsghdr);
	u32 len;
	u64 i;

	for (i = 0; i < n && i < MAX_MESSAGES; i++) {
		k->index = i;
		if (out && !look(k, &len, k->v + i * size + head, sizeof(len)))
			break;
		keep_msghdr(k, k->v + i * size, compat, out ? len : ~0ULL);
	}
	k->index = 0;
	keep_count(k, PART_MESSAGES, n);
}

static void enter_mmsghdr(struct capture *k)
{
	keep_mmsghdr(k, (u32)k->next, false);
}

static void leave_mmsghdr(struct capture *k)
{
	keep_mmsghdr(k, k->c->ret, true);
}

static void enter_iovec(struct capture *k)
{
	keep_iovec(k, k->v, k->next, is_compat(k->kind), ~0ULL);
}

static void leave_iovec(struct capture *k)
{
	keep_iovec(k, k->v, k->next, is_compat(k->kind), k->c->ret);
}

static void enter_addr(struct capture *k)
{
	if ((int)k->next > 0)
		keep(k, PART_VALUE, k->v, (u32)k->next, SOCKADDR_STORAGE_SIZE);
}

static void enter_optval(struct capture *k)
{
	if ((int)k->next > 0)
		keep(k, PART_VALUE, k->v, (u32)k->next, OPTVAL_MAX);
}

static void enter_buf(struct capture *k)
{
	keep(k, PART_DATA, k->v, k->next, CALL_EXCERPT);
}

static void leave_buf(struct capture *k)
{
	keep(k, PART_DATA, k->v, k->c->ret, CALL_EXCERPT);
}

/* A value whose length the kernel has stored behind the next argument. */
static void leave_sized(struct capture *k)
{
	u32 len;

	if (k->v && look(k, &len, k->next, sizeof(len)))
		keep(k, PART_VALUE, k->v, len, 128);
}

/* What has one size and may change. */
static size_t fixed_size(const struct capture *k)
{
	static const u8 sizes[NR_ARG_KINDS] = {
		[ARG_LEN_INOUT] = 4,	   [ARG_FDPAIR_OUT] = 8,
		[ARG_OFF_INOUT] = 8,	   [ARG_OFF32_INOUT] = 4,
		[ARG_TIMESPEC_INOUT] = 16, [ARG_TIMESPEC32_INOUT] = 8,
		[ARG_SIGSET_IN] = 8,	   [ARG_EPOLL_EVENT_IN] = 12,
	};

	if (k->kind == ARG_TIMEVAL_INOUT)
		return k->c->abi == ABI_I386 ? 8 : 16;
	return sizes[k->kind];
}

static void enter_fixed(struct capture *k)
{
	keep(k, PART_VALUE, k->v, fixed_size(k), fixed_size(k));
}

static void leave_fixed(struct capture *k)
{
	keep(k, PART_OUT, k->v, fixed_size(k), fixed_size(k));
}

static void enter_pollfds(struct capture *k)
{
	u64 full = (u64)(u32)k->next * 8;

	keep(k, PART_VALUE, k->v, full, MAX_POLLFDS * 8);
}

/* Those that are ready, wherever they are. */
static void leave_pollfds(struct capture *k)
{
	struct {
		s32 fd;
		s16 events, revents;
	} some[32], ready[MAX_READY];
	u64 nr = min_t(u64, (u32)k->next, POLLFDS_SEARCHED), i, j, n = 0;
	void *to;

	for (i = 0; i < nr && n < MAX_READY && (s64)n < k->c->ret; i += 32) {
		u64 here = min_t(u64, nr - i, 32);

		if (!look(k, some, k->v + i * 8, here * 8))
			return;
		for (j = 0; j < here && n < MAX_READY; j++)
			if (some[j].revents)
				ready[n++] = some[j];
	}
	to = k->c->ret ? room(k, PART_OUT, n * 8, k->c->ret * 8) : NULL;
	if (to)
		memcpy(to, ready, n * 8);
}

/* Whole words, as many as the first argument's descriptors need. */
static size_t fdset_size(const struct capture *k)
{
	int nfds = k->c->args[0];
	int word = k->c->abi == ABI_I386 ? 32 : 64;

	return nfds <= 0 ? 0 : (size_t)((nfds - 1) / word + 1) * (word / 8);
}

static void enter_fdset(struct capture *k)
{
	keep(k, PART_VALUE, k->v, fdset_size(k), FDSET_MAX);
}

static void leave_fdset(struct capture *k)
{
	keep(k, PART_OUT, k->v, fdset_size(k), FDSET_MAX);
}

/* pselect6: the set's address and its size stand in memory. */
static void enter_sigset_pair(struct capture *k)
{
	u64 pair[2];
	u32 pair32[2];

	if (k->c->abi == ABI_I386) {
		if (!look(k, pair32, k->v, sizeof(pair32)))
			return;
		pair[0] = pair32[0];
	} else if (!look(k, pair, k->v, sizeof(pair))) {
		return;
	}
	keep(k, PART_VALUE, pair[0], 8, 8);
	if (!pair[0])
		keep_count(k, PART_COUNT, 0);
}

static const struct request *request_of(const struct capture *k)
{
	u32 cmd = k->arg ? k->c->args[k->arg - 1] : 0;

	return k->kind == ARG_IOCTL_ARG ? ioctl_request(cmd)
					: fcntl_request(cmd);
}

static void keep_shape(struct capture *k, enum memory_part part, u8 shape)
{
	size_t n = shape_size(shape, k->c->abi == ABI_I386);

	if (shape)
		keep(k, part, k->v, n, n);
}

static void enter_request(struct capture *k)
{
	const struct request *r = request_of(k);

	if (r)
		keep_shape(k, PART_VALUE, r->in);
}

static void leave_request(struct capture *k)
{
	const struct request *r = request_of(k);

	if (r)
		keep_shape(k, PART_OUT, r->out);
}

static const struct {
	void (*enter)(struct capture *k);
	void (*leave)(struct capture *k); /* not when the call failed */
} captures[NR_ARG_KINDS] = {
	[ARG_PATH_IN] = { enter_path, NULL },
	[ARG_ADDR_IN] = { enter_addr, NULL },
	[ARG_ADDR_OUT] = { NULL, leave_sized },
	[ARG_OPTVAL_IN] = { enter_optval, NULL },
	[ARG_OPTVAL_OUT] = { NULL, leave_sized },
	[ARG_LEN_INOUT] = { enter_fixed, leave_fixed },
	[ARG_BUF_IN] = { enter_buf, NULL },
	[ARG_BUF_OUT] = { NULL, leave_buf },
	[ARG_FDPAIR_OUT] = { NULL, leave_fixed },
	[ARG_MSGHDR_IN] = { enter_msghdr, NULL },
	[ARG_MSGHDR32_IN] = { enter_msghdr, NULL },
	[ARG_MSGHDR_OUT] = { NULL, leave_msghdr },
	[ARG_MSGHDR32_OUT] = { NULL, leave_msghdr },
	[ARG_MMSGHDR_IN] = { enter_mmsghdr, NULL },
	[ARG_MMSGHDR32_IN] = { enter_mmsghdr, NULL },
	[ARG_MMSGHDR_OUT] = { NULL, leave_mmsghdr },
	[ARG_MMSGHDR32_OUT] = { NULL, leave_mmsghdr },
	[ARG_IOVEC_IN] = { enter_iovec, NULL },
	[ARG_IOVEC32_IN] = { enter_iovec, NULL },
	[ARG_IOVEC_OUT] = { NULL, leave_iovec },
	[ARG_IOVEC32_OUT] = { NULL, leave_iovec },
	[ARG_OFF_INOUT] = { enter_fixed, leave_fixed },
	[ARG_OFF32_INOUT] = { enter_fixed, leave_fixed },
	[ARG_TIMESPEC_INOUT] = { enter_fixed, leave_fixed },
	[ARG_TIMESPEC32_INOUT] = { enter_fixed, leave_fixed },
	[ARG_TIMEVAL_INOUT] = { enter_fixed, leave_fixed },
	[ARG_SIGSET_IN] = { enter_fixed, NULL },
	[ARG_SIGSET_PAIR_IN] = { enter_sigset_pair, NULL },
	[ARG_POLLFDS_INOUT] = { enter_pollfds, leave_pollfds },
	[ARG_FDSET_INOUT] = { enter_fdset, leave_fdset },
	[ARG_EPOLL_EVENT_IN] = { enter_fixed, NULL },
	[ARG_IOCTL_ARG] = { enter_request, leave_request },
	[ARG_FCNTL_ARG] = { enter_request, leave_request },
};

/* socketcall(2): the words at its second argument are the arguments. */
static void unpack_socketcall(struct call *c, struct task *t)
{
	const struct syscall *row;
	u32 words[SYSCALL_MAX_ARGS];
	u32 nr = c->args[0];
	int i;

	if (nr >= NR_SOCKETCALLS || !socketcall_table[nr])
		return;
	row = socketcall_table[nr];
	if (!fetch(c, t, words, c->args[1], row->nargs * sizeof(words[0])))
		return;
	c->row = row;
	c->socketcall = nr;
	for (i = 0; i < row->nargs; i++)
		c->args[i] = words[i];
}

/* The old select(2): likewise, five words at its only argument. */
static void unpack_select(struct call *c, struct task *t)
{
	u32 words[5];
	int i;

	if (!fetch(c, t, words, c->args[0], sizeof(words)))
		return;
	c->row = ia32_sys_call_table[__NR32_select];
	for (i = 0; i < 5; i++)
		c->args[i] = words[i];
}

static struct capture capture_of(struct call *c, struct task *t, unsigned int i)
{
	return (struct capture){
		.c = c,
		.t = t,
		.arg = i,
		.kind = arg_kind(c, i),
		.v = c->args[i],
		.next = i + 1 < SYSCALL_MAX_ARGS ? c->args[i + 1] : 0,
	};
}

void args_enter(struct session *s, struct call *c, struct task *t)
{
	struct capture k;
	unsigned int i;

	if (arg_kind(c, 0) == ARG_SOCKETCALL)
		unpack_socketcall(c, t);
	else if (arg_kind(c, 0) == ARG_SELECT_ARGS_IN)
		unpack_select(c, t);
	if (!(s->needs & NEED_MEMORY) || !c->row)
		return;
	for (i = 0; i < c->row->nargs; i++) {
		k = capture_of(c, t, i);
		if (captures[k.kind].enter && k.v)
			captures[k.kind].enter(&k);
	}
}

void args_leave(struct call *c, struct task *t)
{
	struct capture k;
	unsigned int i;

	if (!c->row || c->ret < 0)
		return;
	for (i = 0; i < c->row->nargs; i++) {
		k = capture_of(c, t, i);
		if (captures[k.kind].leave && k.v)
			captures[k.kind].leave(&k);
	}
}
