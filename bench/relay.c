/* SPDX-License-Identifier: MIT */
/*
 * relay N: round trips of one byte a second between two processes whose calls
 * trap to a supervisor that has no kernel behind it: it carries the byte from
 * the one's memory to the other's and answers. What `bench-pingpong` reaches
 * under trapgate cannot be more than this.
 */
#define _GNU_SOURCE
#include "bench/common.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1
#endif

/* One of the two, in its trapped recvfrom(); id 0: it is not. */
struct waiting {
	__u64 id, buf;
	__u32 pid;
};

static int install(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sendto, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_recvfrom, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 5, code };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	return (int)must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				 SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog));
}

/* The descriptor of a call is the number of its side: 0 or 1. */
static void play(int n, int listener_pipe)
{
	int listener = install();
	double start;
	char c = 'x';
	pid_t pid;

	must(write(listener_pipe, &listener, sizeof(listener)));
	pid = must(fork());
	if (pid == 0) {
		for (int i = 0; i < n; i++) {
			must(recv(1, &c, 1, 0));
			must(send(1, &c, 1, 0));
		}
		_exit(0);
	}
	start = now();
	for (int i = 0; i < n; i++) {
		must(send(0, &c, 1, 0));
		must(recv(0, &c, 1, 0));
	}
	printf("%.0f\n", n / (now() - start));
	fflush(stdout);
	must(waitpid(pid, NULL, 0));
	_exit(0);
}

static void answer(int listener, __u64 id)
{
	struct seccomp_notif_resp r = { .id = id, .val = 1 };

	must(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r));
}

static void give(int listener, const struct waiting *w, char *c)
{
	struct iovec from = { c, 1 }, to = { (void *)w->buf, 1 };

	must(process_vm_writev((pid_t)w->pid, &from, 1, &to, 1, 0));
	answer(listener, w->id);
}

static void relay(int listener, int calls)
{
	struct waiting reader[2] = { 0 };
	bool full[2] = { false }; /* a byte on its way to this side */
	char byte[2];

	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
		    SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	while (calls--) {
		struct seccomp_notif n = { 0 };
		struct waiting w;
		int side;

		must(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n));
		side = n.data.args[0] & 1;
		w = (struct waiting){ n.id, n.data.args[1], n.pid };
		if (n.data.nr == __NR_sendto) {
			struct waiting *r = &reader[!side];
			struct iovec to = { &byte[!side], 1 };
			struct iovec from = { (void *)w.buf, 1 };

			must(process_vm_readv((pid_t)w.pid, &to, 1, &from, 1,
					      0));
			if (r->id)
				give(listener, r, &byte[!side]);
			else
				full[!side] = true;
			r->id = 0;
			answer(listener, w.id);
		} else if (full[side]) {
			full[side] = false;
			give(listener, &w, &byte[side]);
		} else {
			reader[side] = w;
		}
	}
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000, p[2], listener;
	pid_t pid;

	must(pipe(p));
	/* The players' descriptors are ours, too: so is the listener. */
	pid = (pid_t)must(
		syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
	if (pid == 0)
		play(n, p[1]);
	must(read(p[0], &listener, sizeof(listener)));
	relay(listener, 4 * n);
	must(waitpid(pid, NULL, 0));
	return 0;
}
