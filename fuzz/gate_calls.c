/* SPDX-License-Identifier: MIT */
/*
 * Calls of the programs: what the filter says of them, which ones, with what
 * in their registers; and the frame of a handler that ends.
 */
#include "fuzz/gate.h"

#include "kernel/syscalls.h"
#include "ports/host/host.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <linux/filter.h>
#include <linux/in.h>
#include <string.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

u64 some_fd(void)
{
	u32 v = pick(32);

	if (v == 31)
		return odd_number();
	return v < 24 ? world.gate->line + v % 12 : v - 20;
}

/* What the filter says of it. */
static bool trapped(const struct seccomp_data *d)
{
	const struct sock_filter *p = world.filter.filter;
	u32 a = 0;

	for (;; p++) {
		bool yes = false;

		if (p < world.filter.filter ||
		    p >= world.filter.filter + world.filter.len)
			broken("a filter that leads nowhere");
		switch (p->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const u8 *)d + p->k, sizeof(a));
			continue;
		case BPF_RET | BPF_K:
			return p->k == SECCOMP_RET_USER_NOTIF;
		case BPF_JMP | BPF_JA:
			p += p->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == p->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= p->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = a > p->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			yes = a & p->k;
			break;
		default:
			broken("an instruction of no filter");
		}
		p += yes ? p->jt : p->jf;
	}
}

void make_call(struct prog_thread *th)
{
	th->n.id = world.next_id++;
	th->n.pid = (u32)th->tid;
	th->state = CALLS;
	if (trapped(&th->n.data))
		return;
	world.next_id--;
	native(th);
}

static const struct syscall *row_of(enum abi abi, int nr)
{
	for (unsigned int i = 0; i < nr_syscall_rows; i++)
		if (syscall_rows[i]->nr[abi] == nr)
			return syscall_rows[i];
	return NULL;
}

void some_call(struct prog_thread *th)
{
	const struct gate_call *g = &gate_calls[pick((u32)nr_gate_calls)];
	struct seccomp_data *d = &th->n.data;
	enum abi abi = pick(2);
	const struct syscall *row;
	u64 args[SYSCALL_MAX_ARGS] = { 0 };

	if (g->nr[abi] < 0)
		abi ^= 1;
	row = row_of(abi, g->nr[abi]);
	if (row)
		some_arguments(row, args);
	else
		for (int i = 0; i < 3; i++)
			args[i] = pick(2) ? odd_number() : pick(8);
	if (g->kind == GK_PRCTL)
		args[0] = 4;
	if (g->kind == GK_DUP2 || g->kind == GK_DUP3 || g->kind == GK_FCNTL)
		args[g->kind == GK_FCNTL ? 2 : 1] = some_fd();
	if (g->kind == GK_SELECT)
		args[0] = pick(8) ? world.gate->line + pick(64)
				  : in_u16(&choices);
	if (g->kind == GK_CLOSE_RANGE)
		args[1] = (args[0] = some_fd()) + pick(4);
	if (g->kind == GK_RECVMSG && pick(4))
		args[0] = MESSAGES_FD;
	if (g->kind == GK_POLL)
		args[1] = pick(16) ? pick(9) : (u64)in_u16(&choices);
	for (int i = 0; i < 6; i++)
		d->args[i] = abi == ABI_I386 ? (u32)args[i] : args[i];
	d->nr = pick(64) == 63 ? (int)odd_number() : g->nr[abi];
	d->arch = abi == ABI_I386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	d->instruction_pointer = ARENA_BASE + 0x1000 + pick(4) * 64;
	make_call(th);
}

/* A handler ends: with what the gate looks for in its frame, or nearly. */
void some_sigreturn(struct prog_thread *th)
{
	bool compat = pick(2), old = compat && pick(2);
	struct seccomp_data last = th->n.data, *d = &th->n.data;
	u64 sp = ARENA_BASE + 0x4000 + pick(4) * 16, at;
	u64 ip = last.instruction_pointer - (pick(2) ? 2 : 0);
	u64 ax = pick(3) ? (u64)-EINTR : pick(2) ? (u64)last.nr : odd_number();
	static const u8 arg64[] = { 64, 72, 96, 16, 0, 8 };
	static const u8 arg32[] = { 32, 40, 36, 20, 16 };
	u8 *p;

	th->sp = pick(16) == 15 ? odd_number() : sp;
	if (pick(8) == 7)
		ip = arena_address();
	at = sp - ARENA_BASE;
	if (!compat) {
		p = arena + at + 40;
		for (int i = 0; i < 6; i++)
			memcpy(p + arg64[i], &last.args[i], 8);
		memcpy(p + 104, &ax, 8);
		memcpy(p + 112, &last.instruction_pointer, 8);
		memcpy(p + 128, &ip, 8);
	} else {
		p = arena + at + (old ? 0 : 160);
		for (int i = 0; i < 5; i++)
			memcpy(p + arg32[i], &last.args[i], 4);
		memcpy(p + 44, &ax, 4);
		memcpy(p + 56, &ip, 4);
	}
	if (pick(2)) /* code: mov $number, %eax; syscall */
		memcpy(arena + 0x1000 - 7 + pick(4) * 64,
		       "\xb8\x2a\x00\x00\x00\x0f\x05", 7);
	d->nr = compat ? (old ? 119 : 173) : 15;
	d->arch = compat ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	d->instruction_pointer = ARENA_BASE + 0x1800;
	make_call(th);
}

bool prelude_step(void)
{
	static const struct {
		int nr;
		u64 args[3];
	} step[] = {
		{ __NR64_socket, { AF_INET, SOCK_STREAM } },
		{ __NR64_bind, { 0, ARENA_BASE, 16 } },
		{ __NR64_listen, { 0, 5 } },
		{ __NR64_socket, { AF_INET, SOCK_STREAM } },
		{ __NR64_connect, { 1, ARENA_BASE, 16 } },
		{ __NR64_accept, { 0 } },
		{ __NR64_socket, { AF_INET, SOCK_DGRAM } },
	};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(5000),
		.sin_addr.s_addr = htonl(0x7f000001),
	};
	struct prog_thread *th = &world.threads[0];

	if (world.prelude >= ARRAY_SIZE(step))
		return false;
	if (th->state != RUNS)
		return true;
	memcpy(arena, &sin, sizeof(sin));
	th->n.data = (struct seccomp_data){
		.nr = step[world.prelude].nr,
		.arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = ARENA_BASE + 0x1000,
	};
	memcpy(th->n.data.args, step[world.prelude].args, sizeof(step[0].args));
	if (step[world.prelude].nr != __NR64_socket)
		th->n.data.args[0] +=
			world.gate->opt->lowest_fd ? 10 : world.gate->line;
	world.prelude++;
	make_call(th);
	return true;
}
