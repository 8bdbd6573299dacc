/* SPDX-License-Identifier: MIT */
/*
 * Subcommands. Each is a file: a function with main()'s arguments (argv[0] is
 * "trapgate NAME"), whose value goes to host_end().
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

struct argp_state;

int cmd_run(int argc, char **argv);
int cmd_trace(int argc, char **argv);

/*
 * Goes over to trapgate-run with these arguments of `trapgate run`. Returns if
 * there is none, or if a debugger looks on.
 */
void run_fast(char **argv);

#define EXIT_USAGE 2

/*
 * A wrong option is one line on standard error. usage_begin(), at
 * ARGP_KEY_INIT, keeps argp from adding its own to what getopt said;
 * usage_error() says what getopt cannot know, and ends us.
 */
void usage_begin(struct argp_state *state);
_Noreturn void usage_error(const struct argp_state *state, const char *wrong);

#endif
