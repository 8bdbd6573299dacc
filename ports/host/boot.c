/* SPDX-License-Identifier: MIT */
/*
 * The kernel of the supervisor: made, its first host's loopback brought up the
 * way a program does it (SIOCSIFADDR, SIOCSIFFLAGS), and taken down again.
 */
#include "ports/host/host.h"

#include "net/net.h"
#include "security/security.h"
#include "uapi/if.h"
#include <asm/errno.h>
#include <linux/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define BOOT_FDS 16

/* The program that boot() is keeps its data here. */
static size_t boot_copy_in(struct task *t, void *to, u64 from, size_t n)
{
	(void)t;
	memcpy(to, (const void *)(uintptr_t)from, n);
	return 0;
}

static size_t boot_copy_out(struct task *t, u64 to, const void *from, size_t n)
{
	(void)t;
	memcpy((void *)(uintptr_t)to, from, n);
	return 0;
}

static const struct gate boot_gate = {
	.name = "direct",
	.copy_in = boot_copy_in,
	.copy_out = boot_copy_out,
};

static s64 boot_call(u64 nr, u64 a, u64 b, u64 c)
{
	struct task *t = current;

	t->regs = (struct pt_regs){
		.nr = nr,
		.args = { a, b, c },
		.arch = ABI_X86_64,
	};
	system_call(t);
	return t->regs.ret;
}

static s64 lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	s64 fd = boot_call(__NR64_socket, AF_INET, SOCK_DGRAM, 0), err;

	if (fd < 0)
		return fd;
	memcpy(&ifr.ifr_addr, &in, sizeof(in));
	err = boot_call(__NR64_ioctl, (u64)fd, SIOCSIFADDR, (uintptr_t)&ifr);
	if (!err) {
		ifr.ifr_flags = IFF_UP;
		err = boot_call(__NR64_ioctl, (u64)fd, SIOCSIFFLAGS,
				(uintptr_t)&ifr);
	}
	(void)boot_call(__NR64_close, (u64)fd, 0, 0);
	return err;
}

static void boot_task(struct task *t)
{
	s64 *ret = t->arg;

	t->files = alloc_fdtable(BOOT_FDS);
	*ret = t->files ? lo_up() : -ENOMEM;
	put_files_struct(t->files);
}

static int boot_lo(void)
{
	s64 ret = -EIO;
	struct task *t = task_create(boot_task, &ret);

	if (!t)
		return -ENOMEM;
	t->gate = &boot_gate;
	t->cred.caps = ~0ULL;
	memcpy(t->comm, "boot", sizeof("boot"));
	task_wake_new(t);
	(void)kernel_run();
	return (int)ret;
}

static int boot_policy(const char *const *deny)
{
	const char *why;

	for (; deny && *deny; deny++) {
		if (!security_deny(*deny, &why))
			continue;
		fprintf(stderr, "trapgate: --deny %s: %s\n", *deny, why);
		return -EBADRQC;
	}
	return 0;
}

/* -EBADRQC: a rule of the policy cannot be read, which was told. */
int boot(struct supervisor *sv)
{
	int err = kernel_init(&sv->kernel);

	if (err)
		return err;
	sv->kernel.port = sv;
	err = net_init();
	if (err)
		goto out_kernel;
	err = boot_lo();
	if (err)
		goto out_net;
	err = boot_policy(sv->opt->deny);
	if (err)
		goto out_net;
	return 0;
out_net:
	net_exit();
out_kernel:
	kernel_exit(&sv->kernel);
	return err;
}

/* Whatever still lives in it is left to the end of our process. */
void halt(struct supervisor *sv)
{
	security_exit();
	if (sv->kernel.nr_tasks)
		return;
	net_exit();
	kernel_exit(&sv->kernel);
}
