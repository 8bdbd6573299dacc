/* SPDX-License-Identifier: MIT */
/*
 * Lines of JSON, an object a call, for other programs. docs/TRACE.md is the
 * contract; "v" is its version and grows when a member changes its meaning or
 * goes. Readers must not mind new members.
 */
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"

static void key(struct text *t, const char *name)
{
	text_str(t, ",\"");
	text_str(t, name);
	text_str(t, "\":");
}

static void string(struct text *t, const char *s)
{
	if (s)
		text_json(t, s, strlen(s));
	else
		text_str(t, "null");
}

static void number(struct text *t, const char *name, s64 v)
{
	key(t, name);
	text_dec(t, v);
}

/* A length is left out where the decoded value before it tells it. */
static bool is_told(const struct call *c, unsigned int arg)
{
	u8 kind = c->row->args[arg].kind, before;

	if (!arg)
		return false;
	before = c->row->args[arg - 1].kind;
	return (kind == ARG_ADDRLEN && before == ARG_ADDR_IN) ||
	       (kind == ARG_OPTLEN && before == ARG_OPTVAL_IN) ||
	       (kind == ARG_LEN_INOUT &&
		(before == ARG_ADDR_OUT || before == ARG_OPTVAL_OUT));
}

static void args(struct text *t, const struct call *c)
{
	const char *sep = "";
	unsigned int i;

	key(t, "args");
	text_char(t, '{');
	for (i = 0; c->row && i < c->row->nargs; i++) {
		if (is_told(c, i) || args_unused(c, i))
			continue;
		text_str(t, sep);
		string(t, c->row->args[i].name);
		text_char(t, ':');
		args_json(t, c, i);
		sep = ",";
	}
	text_char(t, '}');
}

static void why(struct text *t, const struct call *c)
{
	struct text tmp = { 0 };

	key(t, "why");
	if (!c->fault.error) {
		text_str(t, "null");
		return;
	}
	text_printf(&tmp, "%s: %s", c->fault.function, c->fault.why);
	text_json(t, tmp.s, tmp.len);
	text_free(&tmp);
}

static void sock(struct session *s, struct text *t, const struct call *c)
{
	struct sockinfo *i = sock_find(s, c->sock);
	int state = i ? i->state : c->state_after;

	key(t, "sock");
	if (c->sock)
		text_printf(t, "\"s%llu\"", (unsigned long long)c->sock);
	else
		text_str(t, "null");
	key(t, "state");
	if (!state) {
		text_str(t, "null");
		return;
	}
	text_char(t, '[');
	string(t,
	       name_of(NAMES_STATE, c->state_before ? c->state_before : state));
	text_char(t, ',');
	string(t, name_of(NAMES_STATE, state));
	text_char(t, ']');
}

static void user(struct text *t, const struct call *c)
{
	struct stack_frame f[STACK_FRAMES];
	int i, n;

	key(t, "user");
	text_char(t, '[');
	n = c->stack && c->stack->len ? stack_unwind(c->stack, c->abi, c->ip,
						     c->regs, f, STACK_FRAMES)
				      : 0;
	for (i = 0; i < n; i++) {
		if (i)
			text_char(t, ',');
		if (f[i].name)
			string(t, f[i].name);
		else
			text_printf(t, "\"0x%llx\"",
				    (unsigned long long)f[i].ip);
	}
	text_char(t, ']');
}

static void path(struct session *s, struct text *t, const struct call *c)
{
	u32 i;

	key(t, "path");
	text_char(t, '[');
	for (i = 0; i < c->path_len; i++) {
		if (i)
			text_char(t, ',');
		string(t, symbols_name(s->symbols, c->path[i]));
	}
	text_char(t, ']');
}

static void packets(struct text *t, const struct call *c)
{
	int i;

	key(t, "pkts");
	text_char(t, '[');
	for (i = 0; i < c->nr_packets; i++)
		text_printf(t, "%s\"p%llu\"", i ? "," : "",
			    (unsigned long long)c->packets[i]);
	text_char(t, ']');
}

static void json_leave(struct session *s, struct call *c)
{
	struct text *t = call_text(s, c);
	bool socketcall = c->abi == ABI_I386 && c->nr == 102;
	int err = call_error(c);

	text_str(t, "{\"v\":1");
	number(t, "t", c->begin - s->begin);
	if (c->native) {
		key(t, "call");
		text_str(t, "null");
	} else {
		number(t, "call", c->id);
	}
	number(t, "pid", c->pid);
	number(t, "tid", c->tid);
	key(t, "comm");
	text_json(t, c->comm, strnlen(c->comm, sizeof(c->comm)));
	key(t, "entry");
	string(t, c->kernel ? NULL : call_entry(c));
	key(t, "nr");
	if (c->kernel)
		text_str(t, "null");
	else
		text_dec(t, (s32)c->nr);
	key(t, "via");
	string(t, socketcall ? "socketcall" : NULL);
	key(t, "name");
	string(t, call_name(c));
	args(t, c);
	key(t, "ret");
	if (c->host || c->kernel)
		text_str(t, "null");
	else
		text_dec(t, c->ret);
	key(t, "errno");
	string(t, err ? errno_name(err) : NULL);
	why(t, c);
	number(t, "ns", c->end - c->begin);
	sock(s, t, c);
	user(t, c);
	path(s, t, c);
	packets(t, c);
	text_str(t, "}\n");
}

const struct format format_json = {
	.name = "json",
	.needs = NEED_FUNCTIONS | NEED_MEMORY | NEED_STACKS,
	.leave = json_leave,
};
