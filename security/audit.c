/* SPDX-License-Identifier: MIT */
#include "security/audit.h"

#include "kernel/kernel.h"

int audit_socketcall(int words, const u32 *args)
{
	this_kernel->audit_socketcalls++;
	return 0;
}

void audit_denied(void)
{
	this_kernel->audit_denied++;
}
