/* SPDX-License-Identifier: MIT */
/*
 * trapgate-run: `trapgate run` with the core as libtrapgate has it, compiled
 * for speed. It cannot trace, and a debugger finds few of its functions.
 */
#include <argp.h>
#include <sys/prctl.h>

#include "cmd/cmd.h"
#include "ports/host/supervisor.h"

void run_fast(char **argv)
{
	(void)argv; /* this is it */
}

int main(int argc, char **argv)
{
	argp_err_exit_status = EXIT_USAGE;
	(void)prctl(PR_SET_NAME, "trapgate"); /* what people look for */
	host_end(cmd_run(argc, argv));
}
