/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of the core's own table; fcntl() and the ioctls of any file;
 * signals to owners.
 */
#include "fs/fs.h"
#include "net/net.h"
#include "tests/unit/net/family40.h"
#include "tests/unit/prog.h"
#include <asm-generic/fcntl.h>
#include <linux/sockios.h>

static long sock40(void)
{
	return call64(__NR64_socket, AF_40, SOCK_DGRAM, 0);
}

static void prog_numbers(void *arg)
{
	family40_add();
	for (int i = 0; i < 40; i++)
		EXPECT(sock40(), i);
	EXPECT(call64(__NR64_close, 7), 0);
	EXPECT(call64(__NR64_close, 7), -EBADF);
	EXPECT(call64(__NR64_close, 3), 0);
	EXPECT(sock40(), 3);
	EXPECT(call64(__NR64_dup, 0), 7);
	EXPECT(call64(__NR64_dup, 0), 40);
	EXPECT(this_kernel->sockets_in_use, 39);
	EXPECT(call64(__NR64_dup2, 0, 5), 5);
	EXPECT(this_kernel->sockets_in_use, 38);
	EXPECT(call64(__NR64_dup2, 0, 1000), 1000);
	EXPECT(call64(__NR64_dup2, 0, 0), 0);
	EXPECT(call64(__NR64_dup2, 99, 99), -EBADF);
	EXPECT(call64(__NR64_dup2, 0, -1), -EBADF);
	EXPECT(call64(__NR64_dup2, 0, 1 << 30), -EBADF);
	EXPECT(call64(__NR64_dup3, 0, 0, 0), -EINVAL);
	EXPECT(call64(__NR64_dup3, 0, 50, 1), -EINVAL);
	EXPECT(call64(__NR64_dup3, 0, 50, O_CLOEXEC), 50);
	EXPECT(call64(__NR64_fcntl, 50, F_GETFD), FD_CLOEXEC);
	EXPECT(call64(__NR64_fcntl, 0, F_DUPFD, 45), 45);
	EXPECT(call64(__NR64_fcntl, 0, F_DUPFD, 50), 51);
	EXPECT(call64(__NR64_fcntl, 0, F_DUPFD_CLOEXEC, 3), 41);
	EXPECT(call64(__NR64_fcntl, 41, F_GETFD), FD_CLOEXEC);
	EXPECT(call64(__NR64_fcntl, 0, F_DUPFD, -1), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 0, F_DUPFD, 1 << 30), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 41, F_SETFD, 0), 0);
	EXPECT(call64(__NR64_fcntl, 41, F_GETFD), 0);
	EXPECT(call64(__NR64_ioctl, 41, FIOCLEX), 0);
	EXPECT(call64(__NR64_fcntl, 41, F_GETFD), FD_CLOEXEC);
	EXPECT(sock40(), 42);
}

static void numbers_are_the_lowest_free(void **state)
{
	run_prog(prog_numbers);
}

static void prog_flags(void *arg)
{
	int *flag = u_ptr(U_BASE);

	family40_add();
	EXPECT(sock40(), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, O_NONBLOCK | O_APPEND), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL),
	       O_RDWR | O_NONBLOCK | O_APPEND);
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, O_DIRECT), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, FASYNC), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL), O_RDWR | FASYNC);
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, 0), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL), O_RDWR);
	*flag = 1;
	EXPECT(call64(__NR64_ioctl, 0, FIONBIO, U_BASE), 0);
	EXPECT(call64(__NR64_ioctl, 0, FIOASYNC, U_BASE), 0);
	EXPECT(call64(__NR64_ioctl, 0, FIOASYNC, U_BASE), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL),
	       O_RDWR | O_NONBLOCK | FASYNC);
	*flag = 0;
	EXPECT(call64(__NR64_ioctl, 0, FIONBIO, U_BASE), 0);
	EXPECT(call64(__NR64_ioctl, 0, FIOASYNC, U_BASE), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL), O_RDWR);
	EXPECT(call64(__NR64_ioctl, 0, FIONBIO, 8), -EFAULT);
	EXPECT(call64(__NR64_ioctl, 0, 0x1234, 0), -ENOTTY);
	EXPECT(call64(__NR64_ioctl, 0, FIOQSIZE, 0), -ENOTTY);
	EXPECT(call64(__NR64_fcntl, 0, 9999, 0), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 9, 9999, 0), -EBADF);
	/* Closed with FASYNC on: its entry goes with it. */
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, FASYNC), 0);
}

static void flags_are_set_and_told(void **state)
{
	run_prog(prog_flags);
}

static int killed_pid, killed_sig, kills;

static int note_kill(struct task *t, int pid, int sig)
{
	if (pid == 999)
		return -ESRCH;
	if (sig) {
		killed_pid = pid;
		killed_sig = sig;
		kills++;
	}
	return 0;
}

static struct socket *socket_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = sock_from_file(f);

	fput(f);
	return sock;
}

static void prog_owner(void *arg)
{
	struct gate gate = prog_gate;
	struct f_owner_ex *ex = u_ptr(U_BASE + 64);
	int *pid = u_ptr(U_BASE);
	struct socket *a, *b;

	gate.kill = note_kill;
	current->gate = &gate;
	kills = 0;
	family40_add();
	EXPECT(sock40(), 0);
	EXPECT(sock40(), 1);
	a = socket_of(0);
	b = socket_of(1);
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN, 42), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETOWN), 42);
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN, 999), -ESRCH);
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN, INT32_MIN), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 0, F_GETOWN), 42);
	kill_fasync(&a->fasync_list, SIGIO, 0);
	EXPECT(kills, 0); /* not asked for yet */
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, FASYNC), 0);
	kill_fasync(&a->fasync_list, SIGIO, 0);
	EXPECT(kills, 1);
	EXPECT(killed_pid, 42);
	EXPECT(killed_sig, SIGIO);
	kill_fasync(&b->fasync_list, SIGIO, 0);
	EXPECT(kills, 1);
	EXPECT(call64(__NR64_fcntl, 0, F_SETSIG, 65), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 0, F_SETSIG, 40), 0);
	EXPECT(call64(__NR64_fcntl, 0, F_GETSIG), 40);
	kill_fasync(&a->fasync_list, SIGIO, 0);
	EXPECT(killed_sig, 40);
	*ex = (struct f_owner_ex){ F_OWNER_PGRP, 77 };
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN_EX, U_BASE + 64), 0);
	kill_fasync(&a->fasync_list, SIGIO, 0);
	EXPECT(killed_pid, -77);
	EXPECT(call64(__NR64_fcntl, 0, F_GETOWN_EX, U_BASE + 64), 0);
	EXPECT(ex->pid, 77);
	EXPECT(ex->type, F_OWNER_PGRP);
	ex->type = 9;
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN_EX, U_BASE + 64), -EINVAL);
	EXPECT(call64(__NR64_fcntl, 0, F_SETOWN_EX, 8), -EFAULT);
	*pid = -5;
	EXPECT(call64(__NR64_ioctl, 0, FIOSETOWN, U_BASE), 0);
	EXPECT(call64(__NR64_ioctl, 0, SIOCGPGRP, U_BASE + 4), 0);
	EXPECT(pid[1], -5);
	kills = 0;
	EXPECT(call64(__NR64_fcntl, 0, F_SETSIG, 0), 0);
	send_sigurg(a->file);
	EXPECT(kills, 1);
	EXPECT(killed_sig, SIGURG);
	EXPECT(call64(__NR64_fcntl, 0, F_SETFL, 0), 0);
	kill_fasync(&a->fasync_list, SIGIO, 0);
	EXPECT(kills, 1);
	current->gate = &prog_gate;
}

static void owners_are_signalled(void **state)
{
	run_prog(prog_owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_the_lowest_free),
		cmocka_unit_test(flags_are_set_and_told),
		cmocka_unit_test(owners_are_signalled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
