/* SPDX-License-Identifier: MIT */
/* trapgate trace: run a program and show what its calls do. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "ports/host/supervisor.h"
#include "trace/out/session.h"

#define MAX_DENY 32

enum { OPT_COLOR = 256, OPT_LOWEST_FD, OPT_DENY };

struct args {
	struct session_options trace;
	struct host_options host;
	const char *deny[MAX_DENY + 1];
	int nr_filters, nr_deny;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "write to FILE, not to standard error", 0 },
	{ "format", 'f', "FORMAT", 0, "tree (default), line, json or summary",
	  0 },
	{ "filter", 'e', "FILTER", 0,
	  "show only calls that match: call=NAME,... socket=sN,... pid=N,... "
	  "errors, slow=TIME; more than one -e: all must match",
	  0 },
	{ "no-stacks", 'S', NULL, 0, "do not look at the program's stack", 0 },
	{ "color", OPT_COLOR, "WHEN", 0, "always, never or auto", 0 },
	{ "lowest-fd", OPT_LOWEST_FD, NULL, 0,
	  "sockets get the lowest free numbers", 1 },
	{ "deny", OPT_DENY, "RULE", 0, "refuse what RULE names", 1 },
	{ 0 },
};

/* Our observer's; there is one trace a process. */
static struct session *session;

static void call_begin(struct task *t)
{
	session_enter(session, t);
}

static void call_answer(struct task *t)
{
	session_answer(session, t);
}

static void call_end(struct task *t, bool taken, bool host)
{
	session_leave(session, t, taken, host);
}

static void task_begin(struct task *t)
{
	session_task(session, t);
}

static void call_native(int pid, int tid, int abi, uint64_t nr,
			const uint64_t args[6], uint64_t ip, uint64_t sock)
{
	session_native(session, pid, tid, abi, nr, args, ip, sock);
}

static void process_exec(int pid)
{
	session_exec(session, pid);
}

static void process_exit(int pid)
{
	session_exit(session, pid);
}

static void idle(void)
{
	session_flush(session);
}

static void started(void)
{
	if (session_start(session)) {
		fprintf(stderr, "trapgate: cannot trace: %s\n",
			strerror(errno));
		exit(125);
	}
}

static void stopped(void)
{
	session_stop(session);
}

static const struct host_observer observer = {
	.call_begin = call_begin,
	.call_answer = call_answer,
	.call_end = call_end,
	.task_begin = task_begin,
	.call_native = call_native,
	.process_exec = process_exec,
	.process_exit = process_exit,
	.idle = idle,
	.started = started,
	.stopped = stopped,
};

static void set_color(struct argp_state *state, int *color, const char *when)
{
	if (!strcmp(when, "always"))
		*color = 1;
	else if (!strcmp(when, "never"))
		*color = 0;
	else if (!strcmp(when, "auto"))
		*color = -1;
	else
		usage_error(state, "--color wants always, never or auto");
}

static void set_deny(struct argp_state *state, struct args *a, const char *rule)
{
	if (a->nr_deny == MAX_DENY)
		usage_error(state, "too many --deny");
	a->deny[a->nr_deny++] = rule;
}

static void set_filter(struct argp_state *state, struct args *a,
		       const char *expr)
{
	if (a->nr_filters == SESSION_FILTERS)
		usage_error(state, "too many filters");
	a->trace.filters[a->nr_filters++] = expr;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;
	const char *wrong;

	switch (key) {
	case ARGP_KEY_INIT:
		usage_begin(state);
		break;
	case 'o':
		a->trace.file = arg;
		break;
	case 'f':
		a->trace.format = arg;
		break;
	case 'e':
		set_filter(state, a, arg);
		break;
	case 'S':
		a->trace.no_stacks = true;
		break;
	case OPT_COLOR:
		set_color(state, &a->trace.color, arg);
		break;
	case OPT_LOWEST_FD:
		a->host.lowest_fd = true;
		break;
	case OPT_DENY:
		set_deny(state, a, arg);
		break;
	case ARGP_KEY_ARGS:
		a->host.argv = state->argv + state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "which program?");
	case ARGP_KEY_SUCCESS:
		wrong = session_check(&a->trace);
		if (wrong)
			usage_error(state, wrong);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

int cmd_trace(int argc, char **argv)
{
	static const struct argp argp = {
		options,
		parse,
		"PROGRAM [ARGUMENT...]",
		"Run PROGRAM with its sockets served by trapgate, and show "
		"the way of each call.",
		NULL,
		NULL,
		NULL,
	};
	struct args a = { .trace.color = -1 };
	const char *why;
	int status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a);
	session = session_open(&a.trace, &why);
	if (!session) {
		fprintf(stderr, "trapgate: %s: %s\n", why, strerror(errno));
		return 125;
	}
	a.host.deny = a.deny;
	a.host.observer = &observer;
	status = host_run(&a.host);
	session_close(session);
	return status;
}
