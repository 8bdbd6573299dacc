/* SPDX-License-Identifier: MIT */
/* From start to end of one machine: its kernel, its programs, its status. */
#include "ports/host/supervisor.h"

#include "ports/host/host.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_OURS 125
#define EXIT_CANNOT 126
#define EXIT_MISSING 127
/* Added to a status: die of signal (status - this). */
#define KILLED 1000

static void init(struct supervisor *sv, const struct host_options *opt)
{
	sv->opt = opt;
	sv->observer = opt->observer;
	sv->ep = sv->listener = -1;
	sv->signal_fd = sv->exec_fd = sv->timer_fd = -1;
	sv->euid = geteuid();
	sv->egid = getegid();
	INIT_LIST_HEAD(&sv->processes);
	INIT_LIST_HEAD(&sv->done);
	INIT_LIST_HEAD(&sv->dirty);
	INIT_LIST_HEAD(&sv->calls);
	INIT_LIST_HEAD(&sv->dead);
	INIT_LIST_HEAD(&sv->dead_processes);
	for (size_t i = 0; i < nr_gate_calls; i++)
		for (int abi = 0; abi < NR_ABIS; abi++)
			if (gate_calls[i].nr[abi] >= 0)
				sv->kind[abi][gate_calls[i].nr[abi]] =
					gate_calls[i].kind;
}

/* What to exit with when the program is over, or never was. */
static int status_of(const struct supervisor *sv)
{
	const char *name = sv->opt->argv[0];

	if (sv->exec_errno) {
		fprintf(stderr, "trapgate: cannot run '%s': %s\n", name,
			strerror(sv->exec_errno));
		return sv->exec_errno == ENOENT ? EXIT_MISSING : EXIT_CANNOT;
	}
	return sv->first_killed ? sv->first_status - 128 + KILLED
				: sv->first_status;
}

static void undo(struct supervisor *sv)
{
	/* Programs are gone, so D's hang-ups need not be waited for. */
	processes_exit();
	(void)answer_all();
	placeholders_exit();
	(void)answer_all();
	supervisor_reap(sv);
	os_close(sv->listener);
	os_close(sv->signal_fd);
	os_close(sv->timer_fd);
	os_close(sv->exec_fd);
}

int host_run(const struct host_options *opt)
{
	struct supervisor *sv = calloc(1, sizeof(*sv));
	int status = EXIT_OURS, err;

	if (!sv) {
		fprintf(stderr, "trapgate: no memory\n");
		return EXIT_OURS;
	}
	init(sv, opt);
	sv->ep = os_epoll_create();
	err = sv->ep < 0 ? sv->ep : boot(sv);
	if (err == -EBADRQC) {
		/* A rule that is none: it was told. */
		status = EXIT_USAGE;
		goto out;
	}
	if (err) {
		fprintf(stderr, "trapgate: the kernel does not start\n");
		goto out;
	}
	if (launch_signals(sv) || loop_init(sv))
		goto out_halt;
	if (sv->observer && sv->observer->started)
		sv->observer->started();
	status = launch(sv);
	if (!status) {
		placeholders_init();
		supervisor_loop(sv);
		loop_exit(sv);
		status = status_of(sv);
	}
	launch_shutdown(sv);
	undo(sv);
	if (sv->observer && sv->observer->stopped)
		sv->observer->stopped();
out_halt:
	halt(sv);
out:
	os_close(sv->ep);
	calls_exit(sv);
	free(sv);
	return status;
}

void host_end(int status)
{
	struct rlimit none = { 0, 0 };
	sigset_t set;

	if (status <= KILLED)
		exit(status);
	/* The same death as the program's, without a core of our own. */
	fflush(NULL);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(status - KILLED, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, status - KILLED);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)raise(status - KILLED);
	exit(128 + status - KILLED);
}
