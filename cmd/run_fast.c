/* SPDX-License-Identifier: MIT */
/* Of `trapgate`: leaves the way to trapgate-run, which lies beside it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

/* By a debugger, who wants to stop at the functions of the walk. */
static bool being_traced(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	int tracer = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	if (f)
		fclose(f);
	return tracer != 0;
}

void run_fast(char **argv)
{
	static const char tail[] = "-run";
	char path[4096];
	ssize_t n =
		readlink("/proc/self/exe", path, sizeof(path) - sizeof(tail));

	if (n <= 0 || being_traced())
		return;
	memcpy(path + n, tail, sizeof(tail));
	execv(path, argv);
}
