/* SPDX-License-Identifier: MIT */
/*
 * menu: a prompt with a few commands that use the network, small enough to be
 * the only program of a machine. It first brings up lo and eth0.
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/netif.h"
#include "apps/talk.h"

#define PROMPT "MenuOS>>"

struct command {
	const char *name;
	const char *help;
	int (*run)(void);
};

static pid_t server; /* the running replyhi, or 0 */

/* The server, in a child. Returns when clients may come, or it has failed. */
static int start_replyhi(void)
{
	int listening[2], listener;
	char byte;

	if (server > 0 && waitpid(server, NULL, WNOHANG) == 0) {
		printf("replyhi: runs already\n");
		return 0;
	}
	if (pipe(listening) < 0) {
		perror("replyhi: pipe");
		return -1;
	}
	server = fork();
	if (server == 0) {
		close(listening[0]);
		listener = replyhi_listen();
		close(listening[1]);
		_exit(listener < 0 || replyhi_serve(listener, 0) < 0);
	}
	close(listening[1]);
	if (server < 0)
		perror("replyhi: fork");
	/* Nobody ever writes: this ends when the child closes its end. */
	(void)read(listening[0], &byte, 1);
	close(listening[0]);
	return server < 0 ? -1 : 0;
}

static void stop_replyhi(void)
{
	if (server > 0) {
		kill(server, SIGTERM);
		waitpid(server, NULL, 0);
	}
}

static int version(void)
{
	printf("MenuOS %s, a part of trapgate\n", VERSION);
	return 0;
}

static int quit(void)
{
	stop_replyhi();
	exit(0);
}

static int help(void);

static const struct command commands[] = {
	{ "help", "this list", help },
	{ "version", "which MenuOS this is", version },
	{ "replyhi", "start the server on 127.0.0.1:5001", start_replyhi },
	{ "hello", "say hello to it", hello },
	{ "netinfo", "list the network interfaces", netif_list },
	{ "quit", "leave", quit },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(void)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++)
		printf("%-8s %s\n", commands[i].name, commands[i].help);
	return 0;
}

/* Cuts white space off both ends of @line. */
static char *trim(char *line)
{
	char *end = line + strlen(line);

	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*line))
		line++;
	return line;
}

static void run_command(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			commands[i].run();
			return;
		}
	}
	printf("%s: no such command; try help\n", name);
}

int main(void)
{
	char line[256], *name;

	setvbuf(stdout, NULL, _IOLBF, 0);
	netif_up("lo", "127.0.0.1");
	netif_up("eth0", "10.0.2.15");
	netif_list();

	for (;;) {
		printf(PROMPT);
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			quit();
		name = trim(line);
		if (*name)
			run_command(name);
	}
}
