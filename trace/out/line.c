/* SPDX-License-Identifier: MIT */
/* One line a call, as strace writes it: for many calls, and for grep. */
#include "trace/out/out.h"

static void time_text(struct text *t, u64 ns)
{
	char digits[6];
	u64 us = ns / 1000 % 1000000;
	int i;

	for (i = 5; i >= 0; i--, us /= 10)
		digits[i] = '0' + us % 10;
	text_dec(t, ns / 1000000000);
	text_char(t, '.');
	text_bytes(t, digits, sizeof(digits));
}

void call_text_line(struct text *t, const struct call *c)
{
	unsigned int i;

	text_str(t, call_name(c));
	text_char(t, '(');
	if (!c->row && !c->kernel)
		text_dec(t, (s64)c->nr);
	for (i = 0; c->row && i < c->row->nargs; i++) {
		if (args_unused(c, i))
			continue;
		if (i)
			text_str(t, ", ");
		args_text(t, c, i);
	}
	text_char(t, ')');
}

static void line_leave(struct session *s, struct call *c)
{
	struct text *t = call_text(s, c);

	time_text(t, c->begin - s->begin);
	text_char(t, ' ');
	text_dec(t, c->tid);
	if (!c->native) {
		text_str(t, " #");
		text_dec(t, c->id);
	}
	text_char(t, ' ');
	call_text_line(t, c);
	text_str(t, " = ");
	ret_text(t, c);
	if (c->host) {
		text_str(t, " (host)\n");
		return;
	}
	if (c->fault.error) {
		text_str(t, " because ");
		text_str(t, c->fault.function);
		text_str(t, ": ");
		text_str(t, c->fault.why);
	}
	if (c->refused)
		text_str(t, " (interrupted)");
	text_str(t, " <");
	time_text(t, c->end - c->begin);
	text_str(t, ">\n");
}

const struct format format_line = {
	.name = "line",
	.needs = NEED_MEMORY,
	.leave = line_leave,
};
