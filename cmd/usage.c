/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"

void usage_begin(struct argp_state *state)
{
	FILE *nowhere = fopen("/dev/null", "we");

	if (nowhere)
		state->err_stream = nowhere;
}

void usage_error(const struct argp_state *state, const char *wrong)
{
	fprintf(stderr, "%s: %s\n", state->name, wrong);
	exit(EXIT_USAGE);
}
