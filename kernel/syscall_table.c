/* SPDX-License-Identifier: MIT */
/*
 * The dispatch tables of both ABIs, as tools/gen-syscalls makes them.
 */
#include "kernel/syscalls.h"

#define WANT_SYSCALL_PROTOTYPES
#define WANT_SYSCALL_TABLES
#include "syscalls_gen.h"

const struct syscall *syscall_row(enum abi abi, u64 nr)
{
	if (abi == ABI_I386)
		return nr < ia32_nr_syscalls ? ia32_sys_call_table[nr] : NULL;
	return nr < nr_syscalls ? sys_call_table[nr] : NULL;
}
