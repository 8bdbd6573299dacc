/* SPDX-License-Identifier: MIT */
/* trapgate run: run a program on our own socket layer. */
#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/cmd.h"
#include "ports/host/supervisor.h"

#define MAX_DENY 32

enum { OPT_LOWEST_FD = 256, OPT_DENY, OPT_TRACEABLE };

struct args {
	struct host_options host;
	const char *deny[MAX_DENY + 1]; /* ends with NULL */
	int nr_deny;
	bool traceable;
};

static const struct argp_option options[] = {
	{ "lowest-fd", OPT_LOWEST_FD, NULL, 0,
	  "sockets get the lowest free numbers, as POSIX wants it; then every "
	  "read and write is trapped",
	  0 },
	{ "deny", OPT_DENY, "RULE", 0,
	  "refuse what RULE names: HOOK[:KEY=VALUE,...], for instance "
	  "socket:family=inet,type=raw or cap:net_raw; may be repeated",
	  0 },
	{ "traceable", OPT_TRACEABLE, NULL, 0,
	  "with the kernel that `trapgate trace` has, each of its functions a "
	  "function: to attach a debugger to (one that starts us gets it)",
	  0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		usage_begin(state);
		return 0;
	case OPT_LOWEST_FD:
		a->host.lowest_fd = true;
		return 0;
	case OPT_DENY:
		if (a->nr_deny == MAX_DENY)
			usage_error(state, "too many --deny");
		a->deny[a->nr_deny++] = arg;
		return 0;
	case OPT_TRACEABLE:
		a->traceable = true;
		return 0;
	case ARGP_KEY_ARGS:
		a->host.argv = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "which program?");
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp argp = {
		options,
		parse,
		"PROGRAM [ARGUMENT...]",
		"Run PROGRAM with its sockets served by trapgate.",
		NULL,
		NULL,
		NULL,
	};
	struct args a = { 0 };

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a);
	if (!a.traceable)
		run_fast(argv);
	a.host.deny = a.deny;
	return host_run(&a.host);
}
