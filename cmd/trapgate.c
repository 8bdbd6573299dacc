/* SPDX-License-Identifier: MIT */
/* trapgate: finds the subcommand. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "ports/host/supervisor.h"

static int cmd_version(int argc, char **argv);
static int cmd_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*fn)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "run", cmd_run, "run a program, its sockets served by trapgate" },
	{ "trace", cmd_trace, "the same, and show the way of each call" },
	{ "version", cmd_version, "print the version" },
	{ "help", cmd_help, "print this" },
};
#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *f)
{
	fprintf(f, "Usage: trapgate COMMAND [OPTION...] [--] [PROGRAM...]\n\n");
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].what);
	fprintf(f, "\n'trapgate COMMAND --help' tells the options; "
		   "see trapgate(1).\n");
}

static int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("trapgate " TRAPGATE_VERSION "\n");
	return 0;
}

static int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	usage(stdout);
	return 0;
}

/* As people try them on any program. */
static const char *plain_name(const char *arg)
{
	if (!strcmp(arg, "--version") || !strcmp(arg, "-V"))
		return "version";
	if (!strcmp(arg, "--help") || !strcmp(arg, "-h"))
		return "help";
	return arg;
}

int main(int argc, char **argv)
{
	static char full_name[32];
	const char *name;

	argp_err_exit_status = EXIT_USAGE;
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	name = plain_name(argv[1]);
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(name, commands[i].name))
			continue;
		snprintf(full_name, sizeof(full_name), "trapgate %s", name);
		argv[1] = full_name;
		host_end(commands[i].fn(argc - 1, argv + 1));
	}
	fprintf(stderr, "trapgate: unknown command '%s'; try 'trapgate help'\n",
		argv[1]);
	return EXIT_USAGE;
}
