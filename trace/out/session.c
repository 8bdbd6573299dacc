/* SPDX-License-Identifier: MIT */
/* A trace from begin to end: trace/out/session.h, trace/out/out.h. */
#include "trace/out/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "port.h"
#include "trace/graph.h"
#include "trace/out/out.h"

#define RING_SIZE (16UL << 20)
/* So much text is written at once, and what is smaller when all is read. */
#define WRITE_SIZE (64UL << 10)

static const struct format *const formats[] = {
	&format_tree,
	&format_line,
	&format_json,
	&format_summary,
};

static const struct format *find_format(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

const char *session_check(const struct session_options *o)
{
	struct filter f = { 0 };
	const char *err = NULL;
	int i;

	if (o->format && !find_format(o->format))
		return "the formats are tree, line, json and summary";
	for (i = 0; !err && i < SESSION_FILTERS && o->filters[i]; i++)
		err = filter_parse(&f, o->filters[i]);
	filter_free(&f);
	return err;
}

static int protect(void *start, size_t size, bool writable)
{
	uintptr_t page = sysconf(_SC_PAGESIZE);
	uintptr_t lo = (uintptr_t)start & -page;
	int prot = PROT_READ | PROT_EXEC | (writable ? PROT_WRITE : 0);

	if (mprotect((void *)lo, (uintptr_t)start + size - lo, prot))
		return -errno;
	return 0;
}

/* Our own memory, which may not be there: the host's kernel looks. */
static bool peek(void *to, const void *from, size_t n)
{
	struct iovec local = { to, n }, remote = { (void *)from, n };

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) ==
	       (ssize_t)n;
}

/* Our own symbols, as far as the format needs them. */
static int load_symbols(struct session *s)
{
	struct trace_site *sites;
	int i, n;

	n = trace_sites(&sites);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		sites[i].wanted = s->needs & NEED_FUNCTIONS;
		sites[i].nargs = 0;
	}
	s->sites = sites;
	s->nr_sites = n;
	if (!(s->needs & NEED_FUNCTIONS))
		return 0;
	s->symbols = symbols_load(sites, n, s->needs & NEED_ARGS);
	return s->symbols ? 0 : -ENOMEM;
}

int session_start(struct session *s)
{
	struct trace_config cfg = {
		.protect = protect,
		.peek = peek,
		.returns = s->needs & NEED_RETURNS,
		.ring_size = RING_SIZE,
	};
	int err;

	if (s->symbols)
		symbols_config(s->symbols, &cfg);
	err = trace_on(&cfg);
	if (err) {
		errno = -err;
		return -1;
	}
	s->running_trace = true;
	s->begin = port_clock_ns();
	if (s->format->begin)
		s->format->begin(s);
	return 0;
}

static int open_file(struct session *s)
{
	s->file = s->options.file ? fopen(s->options.file, "we") : stderr;
	if (!s->file)
		return -errno;
	s->flush_file = isatty(fileno(s->file));
	s->color = s->options.color < 0 ? s->flush_file : s->options.color;
	return 0;
}

struct session *session_open(const struct session_options *o,
			     const char **ret_why)
{
	struct session *s = calloc(1, sizeof(*s));
	int i, err;

	*ret_why = "no memory for the trace";
	if (!s)
		return NULL;
	s->options = *o;
	s->left_end = &s->left;
	s->format = find_format(o->format ? o->format : "tree");
	s->needs = s->format->needs;
	if (o->no_stacks)
		s->needs &= ~NEED_STACKS;
	for (i = 0; i < SESSION_FILTERS && o->filters[i]; i++)
		(void)filter_parse(&s->filter, o->filters[i]);
	s->show_others = !i;
	err = open_file(s);
	if (err) {
		*ret_why = "the trace cannot be written";
		goto out_free;
	}
	err = load_symbols(s);
	if (err) {
		*ret_why = "the tracer cannot start";
		goto out_close;
	}
	return s;

out_close:
	if (s->file != stderr)
		fclose(s->file);
out_free:
	filter_free(&s->filter);
	free(s);
	errno = -err;
	return NULL;
}

static void write_text(struct session *s)
{
	if (!s->text.len)
		return;
	(void)fwrite(s->text.s, 1, s->text.len, s->file);
	text_clear(&s->text);
}

/* The call is over and all of it was seen. */
static void call_over(struct session *s, struct call *c)
{
	struct sockinfo *i = sock_find(s, c->sock);

	model_explain(s, c);
	if (i)
		i->calls++;
	if (!c->unwanted && filter_at_end(&s->filter, c)) {
		s->format->leave(s, c);
		if (filter_needs_end(&s->filter))
			text_bytes(&s->text, c->text.s, c->text.len);
	}
	call_drop(s, c);
}

void session_flush(struct session *s)
{
	const struct trace_rec *r;
	struct call *c;

	while ((r = trace_next())) {
		model_event(s, r);
		if (s->text.len >= WRITE_SIZE)
			write_text(s);
	}
	while ((c = s->left)) {
		s->left = c->next_left;
		call_over(s, c);
	}
	s->left_end = &s->left;
	if (s->text.len) {
		write_text(s);
		if (s->flush_file)
			(void)fflush(s->file);
	}
}

void session_stop(struct session *s)
{
	if (!s->running_trace)
		return;
	session_flush(s);
	trace_off();
	s->running_trace = false;
	if (s->format->finish)
		s->format->finish(s);
	if (trace_stats.lost || trace_stats.deep || s->lost_calls)
		text_printf(
			&s->text,
			s->format == &format_json
				? "{\"v\":1,\"lost\":%llu}\n"
				: "# %llu events lost: more than the buffer "
				  "or the shadow stack holds\n",
			(unsigned long long)(trace_stats.lost +
					     trace_stats.deep + s->lost_calls));
	write_text(s);
	(void)fflush(s->file);
}

void session_close(struct session *s)
{
	struct call *c, *next;

	session_stop(s);
	if (s->file != stderr)
		fclose(s->file);
	while (s->oldest)
		call_drop(s, s->oldest);
	for (c = s->free_calls; c; c = next) {
		next = c->next;
		free(c->stack);
		free(c->path);
		text_free(&c->text);
		free(c);
	}
	model_free(s);
	symbols_free(s->symbols);
	stacks_free();
	filter_free(&s->filter);
	text_free(&s->text);
	free(s);
}

/* As syscall_row(), which is the core's and would be traced. */
static const struct syscall *row_of(int abi, u64 nr)
{
	if (abi == ABI_I386)
		return (u32)nr < ia32_nr_syscalls ? ia32_sys_call_table[(u32)nr]
						  : NULL;
	return nr < nr_syscalls ? sys_call_table[nr] : NULL;
}

/* What both kinds of calls have. NULL: no memory. */
static struct call *call_begin(struct session *s, u64 id, int pid, int tid,
			       int abi, u64 nr, const u64 regs[6], u64 ip)
{
	struct call *c = call_new(s, id);

	if (!c)
		return NULL;
	c->pid = pid;
	c->tid = tid;
	c->abi = abi;
	c->nr = nr;
	memcpy(c->regs, regs, sizeof(c->regs));
	/* int $0x80 in a 64-bit program: there may be more in the registers. */
	for (int i = 0; i < 6; i++)
		c->args[i] = abi == ABI_I386 ? (u32)regs[i] : regs[i];
	c->ip = ip;
	c->row = row_of(abi, nr);
	c->begin = port_clock_ns();
	return c;
}

void session_enter(struct session *s, struct task *t)
{
	struct call *c;

	/* What was recorded before comes first. */
	if (s->format->enter)
		session_flush(s);
	c = call_begin(s, t->id, t->pid, t->tid, t->regs.arch, t->regs.nr,
		       t->regs.args, t->regs.ip);
	if (!c)
		return;
	memcpy(c->comm, t->comm, sizeof(c->comm));
	args_enter(s, c, t);
	if (!filter_at_entry(&s->filter, c)) {
		c->unwanted = true;
		return;
	}
	if (s->needs & NEED_STACKS)
		stack_take(&c->stack, c->pid, c->tid);
	if (c->stack)
		c->sp = c->stack->sp;
	if (s->format->enter)
		s->format->enter(s, c);
	/* What we did is not the call's time. */
	c->begin = port_clock_ns();
}

void session_answer(struct session *s, struct task *t)
{
	struct call *c = call_find(s, t->id);

	if (!c || c->unwanted)
		return;
	c->ret = t->regs.ret;
	c->end = port_clock_ns();
	if (s->needs & NEED_MEMORY)
		args_leave(c, t);
}

void session_leave(struct session *s, struct task *t, bool taken, bool host)
{
	struct call *c = call_find(s, t->id);

	if (!c)
		return;
	if (!c->end)
		c->end = port_clock_ns();
	c->ret = t->regs.ret;
	c->refused = !taken;
	c->host = host;
	call_left(s, c);
}

void session_task(struct session *s, struct task *t)
{
	struct call *c;

	if (!(s->needs & NEED_FUNCTIONS))
		return;
	if (s->format->enter)
		session_flush(s);
	c = call_new(s, t->id);
	if (!c)
		return;
	c->kernel = true;
	c->pid = t->pid;
	c->tid = t->tid;
	memcpy(c->comm, t->comm, sizeof(c->comm));
	c->begin = port_clock_ns();
	c->unwanted = !filter_at_entry(&s->filter, c);
	if (!c->unwanted && s->format->enter)
		s->format->enter(s, c);
}

/* Who makes a call that is not ours: nobody tells us. */
static void read_comm(struct call *c)
{
	char path[32];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", c->pid);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fgets(c->comm, sizeof(c->comm), f))
		c->comm[strcspn(c->comm, "\n")] = '\0';
	fclose(f);
}

void session_native(struct session *s, int pid, int tid, int abi, u64 nr,
		    const u64 args[6], u64 ip, u64 sock)
{
	/* Numbers of their own: there is no task. */
	const struct syscall *row = row_of(abi, nr);
	struct call *c;

	/* open, execve, ...: the gate looks at them, we do not. */
	if (!row || row->args[0].kind == ARG_PATH_IN ||
	    row->args[1].kind == ARG_PATH_IN ||
	    (row->args[0].kind == ARG_FD && (int)args[0] < 0))
		return;
	c = call_begin(s, NATIVE_ID | ++s->nr_native, pid, tid, abi, nr, args,
		       ip);
	if (!c)
		return;
	c->native = c->host = true;
	c->sock = sock;
	c->end = c->begin;
	if (s->needs & NEED_FUNCTIONS)
		read_comm(c);
	args_enter(s, c, NULL);
	if (!filter_at_entry(&s->filter, c)) {
		c->unwanted = true;
	} else {
		if (s->needs & NEED_STACKS)
			stack_take(&c->stack, pid, tid);
		if (s->format->enter)
			s->format->enter(s, c);
	}
	call_left(s, c);
}

void session_exec(struct session *s, int pid)
{
	/* Stacks taken before are of the old program: name them now. */
	session_flush(s);
	stacks_forget(pid);
}

void session_exit(struct session *s, int pid)
{
	session_flush(s);
	stacks_forget(pid);
}
