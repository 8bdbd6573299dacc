/* SPDX-License-Identifier: MIT */
/* What a call is named, and how it ended. */
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"
#include "uapi/socket.h"

int call_error(const struct call *c)
{
	return !c->host && !c->kernel && c->ret < 0 && c->ret >= -MAX_ERRNO
		       ? -c->ret
		       : 0;
}

/* Is the result the descriptor of a socket that the call has made? */
static bool returns_fd(const struct call *c)
{
	return c->row && (!strcmp(c->row->name, "socket") ||
			  !strncmp(c->row->name, "accept", 6));
}

/* Flags that fcntl has returned. */
static void flags_text(struct text *t, const struct call *c)
{
	if (c->ret < 0 || !c->row || strncmp(c->row->name, "fcntl", 5))
		return;
	if ((u32)c->args[1] == F_GETFL) {
		text_str(t, " (");
		text_open_flags(t, c->ret);
		text_char(t, ')');
	} else if ((u32)c->args[1] == F_GETFD && c->ret) {
		text_str(t, " (");
		text_name(t, NAMES_FD, c->ret);
		text_char(t, ')');
	}
}

void ret_text(struct text *t, const struct call *c)
{
	const char *name;

	if (c->host || c->kernel) {
		text_char(t, '?');
		return;
	}
	name = call_error(c) ? errno_name(call_error(c)) : NULL;
	if (!name) {
		text_dec(t, c->ret);
		if (c->made && c->ret >= 0 && returns_fd(c))
			text_printf(t, "<s%llu>", (unsigned long long)c->made);
		flags_text(t, c);
		return;
	}
	text_char(t, '-');
	text_str(t, name);
}

const char *call_name(const struct call *c)
{
	if (c->kernel)
		return "task";
	return c->row ? c->row->name : "badsys";
}
