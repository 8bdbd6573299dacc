/* SPDX-License-Identifier: MIT */
/*
 * Subcommands. Each is a file: a function with main()'s arguments (argv[0] is
 * "trapgate NAME"), whose value goes to host_end().
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

int cmd_run(int argc, char **argv);
int cmd_trace(int argc, char **argv);

#define EXIT_USAGE 2

#endif
