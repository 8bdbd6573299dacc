/* SPDX-License-Identifier: MIT */
/*
 * Starting the program, and the signals and ends of all programs.
 *
 *	fork: the child gives up gaining privileges, installs the filter,
 *	      tells the number of its listener, waits, and becomes the program
 *	      we take the listener out of it (pidfd_getfd), which also shows
 *	      whether we may look into our programs at all
 *
 * Terminal signals reach the program by its process group, which is ours:
 * we heed them only in that we stop when the program was stopped. Signals that
 * somebody sent to us alone are passed on. Orphans come to us (subreaper); when
 * the program has ended they are killed: the machine is switched off.
 */
#include "ports/host/host.h"

#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_OURS 125

/* From the child: its listener's number, or why there is none. */
struct hello {
	int listener;
	int err;
};

static const int passed_on[] = { SIGINT,  SIGQUIT, SIGTERM, SIGHUP,
				 SIGUSR1, SIGUSR2, SIGTSTP, SIGALRM };

static int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("trapgate: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return EXIT_OURS;
}

static int check_kernel(void)
{
	struct utsname u;
	int major = 0, minor = 0;

	if (uname(&u) || sscanf(u.release, "%d.%d", &major, &minor) != 2)
		return 0;
	if (major > 5 || (major == 5 && minor >= 14))
		return 0;
	return complain("Linux 5.14 or later is needed (this is %s)",
			u.release);
}

static int complain_filter(int err)
{
	switch (err) {
	case EBUSY:
		return complain("another supervisor traps the calls of these "
				"programs already: trapgate does not run "
				"inside trapgate");
	case ENOSYS:
	case EINVAL:
		return complain("this system has no seccomp user "
				"notification: Linux with CONFIG_SECCOMP_FILTER"
				" is needed");
	case EPERM:
	case EACCES:
		return complain("seccomp filters are forbidden here: in a "
				"container, run it with --security-opt "
				"seccomp=unconfined");
	}
	return complain("cannot install the seccomp filter: %s", strerror(err));
}

static int complain_ptrace(int err)
{
	char buf[16] = "?";

	if (err != EPERM)
		return complain("cannot take over the program's calls: %s",
				strerror(err));
	(void)os_read_file("/proc/sys/kernel/yama/ptrace_scope", buf,
			   sizeof(buf));
	buf[strcspn(buf, "\n")] = 0;
	return complain("not allowed to trace our own programs "
			"(kernel.yama.ptrace_scope is %s): run 'sysctl "
			"kernel.yama.ptrace_scope=1' as root, or give the "
			"container the SYS_PTRACE capability",
			buf);
}

/*
 * With --lowest-fd, read and write trap from the filter on, and nobody answers
 * yet. vmsplice() and poll() do the same and never trap.
 */
static bool say_hello(int fd, const struct hello *h)
{
	return os_vmsplice(fd, h, sizeof(*h)) == sizeof(*h);
}

static bool wait_for_go(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
	return p.revents & POLLIN;
}

/* In the child. Never more than these few calls between the filter and exec. */
static _Noreturn void become_program(struct supervisor *sv,
				     const struct sock_fprog *prog,
				     const sigset_t *mask, int hello_fd,
				     int go_fd, int exec_fd)
{
	struct hello h = { .listener = -1 };
	int err;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		h.err = errno;
	else
		h.listener = os_seccomp_listen(prog);
	if (h.listener < 0 && !h.err)
		h.err = -h.listener;
	/* The descriptors close with exec. */
	if (!say_hello(hello_fd, &h) || h.err || !wait_for_go(go_fd))
		_exit(127);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(sv->opt->argv[0], sv->opt->argv);
	err = errno;
	(void)os_write(exec_fd, &err, sizeof(err));
	_exit(127);
}

static void exec_event(struct watch *w, u32 events)
{
	struct supervisor *sv = container_of(w, struct supervisor, exec_watch);

	(void)events;
	if (os_read(sv->exec_fd, &sv->exec_errno, sizeof(int)) != sizeof(int))
		sv->exec_errno = 0;
	os_epoll_del(sv->ep, sv->exec_fd);
	os_close(sv->exec_fd);
	sv->exec_fd = -1;
}

/* As many descriptors as we may have: every placeholder takes one. */
static void raise_nofile(struct rlimit *ret_old)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, ret_old)) {
		ret_old->rlim_cur = ret_old->rlim_max = 1024;
		return;
	}
	rl = *ret_old;
	rl.rlim_cur = rl.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &rl);
}

static void choose_line(struct supervisor *sv, const struct rlimit *nofile)
{
	sv->line = 512;
	if (nofile->rlim_cur < 1024)
		sv->line = (unsigned int)nofile->rlim_cur / 2;
	if (sv->opt->lowest_fd)
		sv->line = 0;
}

static int take_listener(struct supervisor *sv, int hello_fd)
{
	struct hello h;
	int pidfd, err = 0;

	if (read(hello_fd, &h, sizeof(h)) != sizeof(h))
		return complain("the program's process died before it began");
	if (h.err)
		return complain_filter(h.err);
	pidfd = os_pidfd_open(sv->first_pid);
	if (pidfd < 0)
		return complain_ptrace(-pidfd);
	sv->listener = os_pidfd_getfd(pidfd, h.listener);
	if (sv->listener < 0)
		err = complain_ptrace(-sv->listener);
	os_close(pidfd);
	if (!err)
		(void)os_notif_sync_wake(sv->listener);
	return err;
}

static void block_signals(sigset_t *ret_old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_BLOCK, &set, ret_old);
}

int launch(struct supervisor *sv)
{
	struct filter_options fo = { .trace = sv->observer != NULL };
	int hello[2] = { -1, -1 }, go[2] = { -1, -1 }, ex[2] = { -1, -1 };
	struct sock_fprog prog = { 0 };
	struct rlimit nofile;
	sigset_t mask;
	int status = check_kernel();

	if (status)
		return status;
	if (!os_seccomp_sizes_fit())
		return complain_filter(ENOSYS);
	raise_nofile(&nofile);
	choose_line(sv, &nofile);
	fo.line = sv->line;
	if (filter_build(&fo, &prog))
		return complain("no memory");
	block_signals(&mask);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (os_pipe(hello) || os_pipe(go) || os_pipe(ex)) {
		status = complain("no descriptors: %s", strerror(errno));
		goto out;
	}
	fflush(NULL);
	sv->first_pid = fork();
	if (sv->first_pid < 0) {
		sv->first_pid = 0;
		status = complain("cannot fork: %s", strerror(errno));
		goto out;
	}
	if (!sv->first_pid) {
		(void)setrlimit(RLIMIT_NOFILE, &nofile);
		become_program(sv, &prog, &mask, hello[1], go[0], ex[1]);
	}
	os_close(hello[1]);
	os_close(ex[1]);
	hello[1] = ex[1] = -1;
	signal(SIGPIPE, SIG_IGN);
	status = take_listener(sv, hello[0]);
	if (status) {
		(void)os_kill(sv->first_pid, SIGKILL);
		goto out;
	}
	sv->exec_fd = ex[0];
	ex[0] = -1;
	if (os_epoll_add(sv->ep, sv->listener, OS_EPOLLIN,
			 &sv->listener_watch) ||
	    os_epoll_add(sv->ep, sv->exec_fd, OS_EPOLLIN, &sv->exec_watch)) {
		status = complain("no memory");
		(void)os_kill(sv->first_pid, SIGKILL);
		goto out;
	}
	(void)os_write(go[1], "!", 1);
out:
	for (int i = 0; i < 2; i++) {
		os_close(hello[i]);
		os_close(go[i]);
		os_close(ex[i]);
	}
	free(prog.filter);
	return status;
}

/* ---- signals ---- */

/*
 * The program was stopped. If that was for our terminal's sake, our job is to
 * look stopped, too; whoever continues it continues the whole group.
 */
static void stop_as_well(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (tcgetpgrp(fd) == getpgrp()) {
			(void)raise(SIGSTOP);
			return;
		}
}

static void children_event(struct supervisor *sv)
{
	siginfo_t si;

	for (;;) {
		si.si_pid = 0;
		if (waitid(P_ALL, 0, &si, WEXITED | WSTOPPED | WNOHANG) ||
		    !si.si_pid)
			return;
		if (si.si_pid != sv->first_pid)
			continue;
		if (si.si_code == CLD_STOPPED) {
			stop_as_well();
			continue;
		}
		sv->first_status = si.si_code == CLD_EXITED
					   ? si.si_status
					   : 128 + si.si_status;
		sv->first_killed = si.si_code != CLD_EXITED;
		sv->first_pid = 0;
	}
}

static void signal_event(struct watch *w, u32 events)
{
	struct supervisor *sv =
		container_of(w, struct supervisor, signal_watch);
	struct signalfd_siginfo si;

	(void)events;
	while (os_read(sv->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			children_event(sv);
		else if (si.ssi_code <= 0 && sv->first_pid &&
			 (int)si.ssi_pid != sv->first_pid)
			(void)os_kill(sv->first_pid, (int)si.ssi_signo);
	}
}

int launch_signals(struct supervisor *sv)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++)
		sigaddset(&set, passed_on[i]);
	sv->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (sv->signal_fd < 0)
		return -errno;
	sv->signal_watch.fn = signal_event;
	sv->exec_watch.fn = exec_event;
	sv->listener_watch.fn = listener_event;
	return os_epoll_add(sv->ep, sv->signal_fd, OS_EPOLLIN,
			    &sv->signal_watch);
}

/* ---- the end of the machine ---- */

static void kill_children(void)
{
	char path[64], buf[4096], *s = buf;
	pid_t me = getpid();

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", me, me);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return;
	for (;;) {
		char *end;
		long pid = strtol(s, &end, 10);

		if (end == s)
			return;
		(void)os_kill((pid_t)pid, SIGKILL);
		s = end;
	}
}

/*
 * Kill until nobody is left: the children of what we kill become ours. Their
 * calls need no answer any more, so nothing waits for us.
 */
void launch_shutdown(struct supervisor *sv)
{
	struct process *p;

	list_for_each_entry(p, &sv->processes, all)
		(void)os_kill(p->pid, SIGKILL);
	do
		kill_children();
	while (waitpid(-1, NULL, 0) >= 0 || errno == EINTR);
}
