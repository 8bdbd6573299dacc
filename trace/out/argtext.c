/* SPDX-License-Identifier: MIT */
/*
 * Arguments of a call as text: what args.c has kept of them, by their kinds.
 * What the kernel has changed is written as `before => after`.
 */
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"
#include "trace/out/shapes.h"
#include "uapi/socket.h"

#define O_CREAT_OR_TMPFILE (0100 | 020000000)

/* A word of the program's as a signed number of its size. */
static s64 as_int(u64 v)
{
	return (s32)v;
}

static bool is_i386(const struct call *c)
{
	return c->abi == ABI_I386;
}

static const struct memory *kept(const struct call *c, unsigned int arg,
				 enum memory_part part)
{
	return memory_of(c, arg, part, 0, NULL);
}

static const u8 *bytes_of(const struct call *c, const struct memory *m)
{
	return c->bytes + m->at;
}

static void pointer_text(struct text *t, const struct call *c, unsigned int arg)
{
	if (c->args[arg])
		text_hex(t, c->args[arg]);
	else
		text_str(t, "NULL");
}

static void int_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_dec(t, as_int(c->args[arg]));
}

static void uint_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_dec(t, (u32)c->args[arg]);
}

static void long_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_printf(t, "%llu", (unsigned long long)c->args[arg]);
}

static void off_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_dec(t, (s64)c->args[arg]);
}

static void fd_text(struct text *t, const struct call *c, unsigned int arg)
{
	int_text(t, c, arg);
	if (arg == 0 && c->sock)
		text_printf(t, "<s%llu>", (unsigned long long)c->sock);
}

static void dirfd_text(struct text *t, const struct call *c, unsigned int arg)
{
	if (as_int(c->args[arg]) == -100)
		text_str(t, "AT_FDCWD");
	else
		int_text(t, c, arg);
}

static void mode_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_printf(t, "0%o", (u32)c->args[arg]);
}

static void open_flags_text(struct text *t, const struct call *c,
			    unsigned int arg)
{
	text_open_flags(t, c->args[arg]);
}

static void option_text(struct text *t, const struct call *c, unsigned int arg)
{
	text_option(t, as_int(c->args[arg - 1]), as_int(c->args[arg]));
}

/* The family is two arguments before. */
static void protocol_text(struct text *t, const struct call *c,
			  unsigned int arg)
{
	text_protocol(t, as_int(c->args[0]), as_int(c->args[arg]));
}

static void data_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_DATA);

	if (m)
		text_quoted(t, bytes_of(c, m), m->len, m->full > m->len);
	else
		pointer_text(t, c, arg);
}

static void addr_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_VALUE);

	if (m)
		text_sockaddr(t, bytes_of(c, m), m->len);
	else
		pointer_text(t, c, arg);
}

static void optval_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_VALUE);

	if (m)
		text_optval(t, as_int(c->args[arg - 2]),
			    as_int(c->args[arg - 1]), bytes_of(c, m), m->len,
			    m->full, is_i386(c));
	else
		pointer_text(t, c, arg);
}

/* A value that the kernel may have changed, by @value. */
static void
changing_text(struct text *t, const struct call *c, unsigned int arg,
	      void (*value)(struct text *t, const struct call *c,
			    unsigned int arg, const struct memory *m))
{
	const struct memory *in = kept(c, arg, PART_VALUE);
	const struct memory *out = kept(c, arg, PART_OUT);
	bool same = in && out && in->len == out->len &&
		    !memcmp(bytes_of(c, in), bytes_of(c, out), in->len);

	if (!in && !out) {
		pointer_text(t, c, arg);
		return;
	}
	if (in)
		value(t, c, arg, in);
	if (!out || same)
		return;
	if (in)
		text_str(t, " => ");
	value(t, c, arg, out);
}

/* Of one shape for a kind. */
static void shape_value(struct text *t, const struct call *c, unsigned int arg,
			const struct memory *m)
{
	static const u8 shapes[NR_ARG_KINDS] = {
		[ARG_LEN_INOUT] = SHAPE_INT,
		[ARG_FDPAIR_OUT] = SHAPE_FDS,
		[ARG_OFF_INOUT] = SHAPE_U64,
		[ARG_OFF32_INOUT] = SHAPE_INT,
		[ARG_TIMESPEC_INOUT] = SHAPE_TIMESPEC64,
		[ARG_TIMESPEC32_INOUT] = SHAPE_TIMESPEC32,
		[ARG_TIMEVAL_INOUT] = SHAPE_TIMEVAL,
		[ARG_EPOLL_EVENT_IN] = SHAPE_EPOLL_EVENT,
	};

	text_shape(t, shapes[arg_kind(c, arg)], bytes_of(c, m), m->len,
		   is_i386(c));
}

static void shape_arg_text(struct text *t, const struct call *c,
			   unsigned int arg)
{
	changing_text(t, c, arg, shape_value);
}

/* [{512, POLLIN}, ...]: at entry what is asked for, then what is there. */
static void pollfds_value(struct text *t, const struct call *c,
			  unsigned int arg, const struct memory *m)
{
	struct {
		s32 fd;
		u16 events, revents;
	} p;
	const char *sep = "";
	size_t i;

	(void)arg;
	text_char(t, '[');
	for (i = 0; i + sizeof(p) <= m->len; i += sizeof(p)) {
		memcpy(&p, bytes_of(c, m) + i, sizeof(p));
		text_printf(t, "%s{%d, ", sep, p.fd);
		text_name(t, NAMES_POLL,
			  m->part == PART_OUT ? p.revents : p.events);
		text_char(t, '}');
		sep = ", ";
	}
	if (m->full > m->len)
		text_printf(t, "%s...", sep);
	text_char(t, ']');
}

static void pollfds_text(struct text *t, const struct call *c, unsigned int arg)
{
	changing_text(t, c, arg, pollfds_value);
}

static void fdset_value(struct text *t, const struct call *c, unsigned int arg,
			const struct memory *m)
{
	const u8 *set = bytes_of(c, m);
	const char *sep = "";
	size_t i;

	text_char(t, '[');
	for (i = 0; i < m->len * 8UL && i < (u32)c->args[0]; i++) {
		if (!(set[i / 8] & 1 << i % 8))
			continue;
		text_printf(t, "%s%zu", sep, i);
		sep = " ";
	}
	if (m->full > m->len)
		text_printf(t, "%s...", sep);
	text_char(t, ']');
	(void)arg;
}

static void fdset_text(struct text *t, const struct call *c, unsigned int arg)
{
	changing_text(t, c, arg, fdset_value);
}

static void sigset_value(struct text *t, const struct call *c, unsigned int arg,
			 const struct memory *m)
{
	const char *sep = "";
	u64 set, bit;
	int i;

	(void)arg;
	memcpy(&set, bytes_of(c, m), sizeof(set));
	bit = __builtin_popcountll(set) > 32 ? ~set : set;
	text_str(t, bit == set ? "[" : "~[");
	for (i = 0; i < 64; i++) {
		if (!(bit >> i & 1))
			continue;
		text_str(t, sep);
		text_signal(t, i + 1);
		sep = " ";
	}
	text_char(t, ']');
}

static void sigset_text(struct text *t, const struct call *c, unsigned int arg)
{
	if (kept(c, arg, PART_COUNT))
		text_str(t, "NULL");
	else
		changing_text(t, c, arg, sigset_value);
}

/* [{"GET ", 4}, {"/", 1}] */
static void pieces_text(struct text *t, const struct call *c, unsigned int arg,
			unsigned int index)
{
	const struct memory *n = memory_of(c, arg, PART_COUNT, index, NULL);
	const struct memory *m = NULL;
	const char *sep = "";
	u64 nr = 0;

	text_char(t, '[');
	while ((m = memory_of(c, arg, PART_DATA, index, m))) {
		text_printf(t, "%s{", sep);
		text_quoted(t, bytes_of(c, m), m->len, m->full > m->len);
		text_printf(t, ", %llu}", (unsigned long long)m->full);
		sep = ", ";
		nr++;
	}
	if (n && n->full > nr)
		text_printf(t, "%s...", sep);
	text_char(t, ']');
}

static void iovec_text(struct text *t, const struct call *c, unsigned int arg)
{
	if (kept(c, arg, PART_COUNT))
		pieces_text(t, c, arg, 0);
	else
		pointer_text(t, c, arg);
}

/* {127.0.0.1:53, [{"query", 5}], control [...], MSG_TRUNC} */
static void message_text(struct text *t, const struct call *c, unsigned int arg,
			 unsigned int index)
{
	const struct memory *name = memory_of(c, arg, PART_NAME, index, NULL);
	const struct memory *control =
		memory_of(c, arg, PART_CONTROL, index, NULL);
	const struct memory *flags = memory_of(c, arg, PART_FLAGS, index, NULL);

	text_char(t, '{');
	if (name) {
		text_sockaddr(t, bytes_of(c, name), name->len);
		text_str(t, ", ");
	}
	pieces_text(t, c, arg, index);
	if (control) {
		text_str(t, ", control ");
		text_control(t, bytes_of(c, control), control->len,
			     control->full, is_i386(c));
	}
	if (flags) {
		text_str(t, ", ");
		text_name(t, NAMES_MSG, (s64)flags->full);
	}
	text_char(t, '}');
}

static void msghdr_text(struct text *t, const struct call *c, unsigned int arg)
{
	if (kept(c, arg, PART_COUNT))
		message_text(t, c, arg, 0);
	else
		pointer_text(t, c, arg);
}

static void mmsghdr_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *n = kept(c, arg, PART_MESSAGES);
	const char *sep = "";
	unsigned int i;

	if (!n) {
		pointer_text(t, c, arg);
		return;
	}
	text_char(t, '[');
	for (i = 0; i < n->full; i++) {
		if (!memory_of(c, arg, PART_COUNT, i, NULL)) {
			text_printf(t, "%s...", sep);
			break;
		}
		text_str(t, sep);
		message_text(t, c, arg, i);
		sep = ", ";
	}
	text_char(t, ']');
}

static const struct request *request_of(const struct call *c, unsigned int arg)
{
	u32 cmd = arg ? c->args[arg - 1] : 0;

	return arg_kind(c, arg) == ARG_IOCTL_ARG ? ioctl_request(cmd)
						 : fcntl_request(cmd);
}

static void request_value(struct text *t, const struct call *c,
			  unsigned int arg, const struct memory *m)
{
	const struct request *r = request_of(c, arg);

	text_shape(t, m->part == PART_OUT ? r->out : r->in, bytes_of(c, m),
		   m->len, is_i386(c));
}

static void request_text(struct text *t, const struct call *c, unsigned int arg)
{
	const struct request *r = request_of(c, arg);
	u64 v = c->args[arg];

	switch (r ? r->value : VALUE_NUMBER) {
	case VALUE_OPEN_FLAGS:
		text_open_flags(t, v);
		break;
	case VALUE_FD_FLAGS:
		text_name(t, NAMES_FD, as_int(v));
		break;
	case VALUE_SIGNAL:
		text_signal(t, as_int(v));
		break;
	case VALUE_ADDRESS:
		changing_text(t, c, arg, request_value);
		break;
	default:
		if (r || v < 1 << 24)
			text_dec(t, as_int(v));
		else
			text_hex(t, v);
	}
}

/* How a kind is written: a function, or a table of names. */
static const struct {
	void (*text)(struct text *t, const struct call *c, unsigned int arg);
	u8 names; /* enum names, where there is no function */
} kinds[NR_ARG_KINDS] = {
	[ARG_FD] = { fd_text },
	[ARG_INT] = { int_text },
	[ARG_UINT] = { uint_text },
	[ARG_ULONG] = { long_text },
	[ARG_SIZE] = { long_text },
	[ARG_OFF] = { off_text },
	[ARG_OPTLEN] = { int_text },
	[ARG_ADDRLEN] = { int_text },
	[ARG_DIRFD] = { dirfd_text },
	[ARG_MODE] = { mode_text },
	[ARG_OPENFLAGS] = { open_flags_text },
	[ARG_PATH_IN] = { data_text },
	[ARG_BUF_IN] = { data_text },
	[ARG_BUF_OUT] = { data_text },
	[ARG_ADDR_IN] = { addr_text },
	[ARG_ADDR_OUT] = { addr_text },
	[ARG_OPTNAME] = { option_text },
	[ARG_OPTVAL_IN] = { optval_text },
	[ARG_OPTVAL_OUT] = { optval_text },
	[ARG_LEN_INOUT] = { shape_arg_text },
	[ARG_FDPAIR_OUT] = { shape_arg_text },
	[ARG_OFF_INOUT] = { shape_arg_text },
	[ARG_OFF32_INOUT] = { shape_arg_text },
	[ARG_TIMESPEC_INOUT] = { shape_arg_text },
	[ARG_TIMESPEC32_INOUT] = { shape_arg_text },
	[ARG_TIMEVAL_INOUT] = { shape_arg_text },
	[ARG_EPOLL_EVENT_IN] = { shape_arg_text },
	[ARG_POLLFDS_INOUT] = { pollfds_text },
	[ARG_FDSET_INOUT] = { fdset_text },
	[ARG_SIGSET_IN] = { sigset_text },
	[ARG_SIGSET_PAIR_IN] = { sigset_text },
	[ARG_IOVEC_IN] = { iovec_text },
	[ARG_IOVEC_OUT] = { iovec_text },
	[ARG_IOVEC32_IN] = { iovec_text },
	[ARG_IOVEC32_OUT] = { iovec_text },
	[ARG_MSGHDR_IN] = { msghdr_text },
	[ARG_MSGHDR_OUT] = { msghdr_text },
	[ARG_MSGHDR32_IN] = { msghdr_text },
	[ARG_MSGHDR32_OUT] = { msghdr_text },
	[ARG_MMSGHDR_IN] = { mmsghdr_text },
	[ARG_MMSGHDR_OUT] = { mmsghdr_text },
	[ARG_MMSGHDR32_IN] = { mmsghdr_text },
	[ARG_MMSGHDR32_OUT] = { mmsghdr_text },
	[ARG_IOCTL_ARG] = { request_text },
	[ARG_FCNTL_ARG] = { request_text },
	[ARG_PROTOCOL] = { protocol_text },
	[ARG_FAMILY] = { NULL, NAMES_FAMILY },
	[ARG_SOCKTYPE] = { NULL, NAMES_TYPE },
	[ARG_SOCKFLAGS] = { NULL, NAMES_SOCKFLAGS },
	[ARG_MSGFLAGS] = { NULL, NAMES_MSG },
	[ARG_HOW] = { NULL, NAMES_HOW },
	[ARG_LEVEL] = { NULL, NAMES_LEVEL },
	[ARG_IOCTL] = { NULL, NAMES_IOCTL },
	[ARG_FCNTL] = { NULL, NAMES_FCNTL },
	[ARG_SOCKETCALL] = { NULL, NAMES_SOCKCALL },
	[ARG_DUPFLAGS] = { NULL, NAMES_OPEN },
	[ARG_RWFLAGS] = { NULL, NAMES_RWF },
	[ARG_SPLICEFLAGS] = { NULL, NAMES_SPLICE },
	[ARG_WHENCE] = { NULL, NAMES_WHENCE },
	[ARG_CLOSEFLAGS] = { NULL, NAMES_CLOSE_RANGE },
	[ARG_EPOLLFLAGS] = { NULL, NAMES_EPOLL_CREATE },
	[ARG_EPOLLOP] = { NULL, NAMES_EPOLL_OP },
};

void args_text(struct text *t, const struct call *c, unsigned int arg)
{
	u8 kind = arg_kind(c, arg);

	if (kinds[kind].text)
		kinds[kind].text(t, c, arg);
	else if (kinds[kind].names || kind == ARG_FAMILY)
		text_name(t, kinds[kind].names,
			  kind == ARG_IOCTL ? (s64)(u32)c->args[arg]
					    : as_int(c->args[arg]));
	else
		pointer_text(t, c, arg);
}

bool args_unused(const struct call *c, unsigned int arg)
{
	u8 kind = arg_kind(c, arg);
	const struct request *r;

	if (kind == ARG_MODE)
		return !(c->args[arg - 1] & O_CREAT_OR_TMPFILE);
	if (kind != ARG_IOCTL_ARG && kind != ARG_FCNTL_ARG)
		return false;
	r = request_of(c, arg);
	return r && r->value == VALUE_UNUSED;
}

static bool is_number(const char *s, size_t n)
{
	size_t i = n > 1 && s[0] == '-';

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return n && i == n;
}

/* The one of "[1]", as a value that is an int has it. */
static void unbracket(const struct call *c, unsigned int arg, const char **s,
		      size_t *n)
{
	u8 kind = arg_kind(c, arg);

	if ((kind == ARG_OPTVAL_IN || kind == ARG_OPTVAL_OUT ||
	     kind == ARG_IOCTL_ARG) &&
	    *n > 2 && (*s)[0] == '[' && is_number(*s + 1, *n - 2)) {
		(*s)++;
		*n -= 2;
	}
}

void args_json(struct text *t, const struct call *c, unsigned int arg)
{
	const struct memory *m = kept(c, arg, PART_DATA);
	u8 kind = arg_kind(c, arg);
	struct text tmp = { 0 };
	const char *s;
	size_t n;

	if (kind == ARG_FD) {
		int_text(t, c, arg);
		return;
	}
	if (m && kinds[kind].text == data_text) {
		text_json(t, bytes_of(c, m), m->len);
		return;
	}
	args_text(&tmp, c, arg);
	s = tmp.s;
	n = tmp.len;
	unbracket(c, arg, &s, &n);
	if (n == 4 && !memcmp(s, "NULL", 4))
		text_str(t, "null");
	else if (is_number(s, n) && kind != ARG_MODE)
		text_bytes(t, s, n);
	else
		text_json(t, s, n);
	text_free(&tmp);
}

const char *call_entry(const struct call *c)
{
	const char *how = c->stack ? stack_instruction(c->pid, c->ip) : NULL;

	if (how)
		return how;
	return c->abi == ABI_I386 ? "int80" : "syscall";
}
