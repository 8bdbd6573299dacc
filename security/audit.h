/* SPDX-License-Identifier: MIT */
/*
 * Audit: what passed, counted per kernel.
 */
#ifndef SECURITY_AUDIT_H
#define SECURITY_AUDIT_H

#include "lib/types.h"

/* A socketcall with its @words argument words. 0: go on. */
int audit_socketcall(int words, const u32 *args);
/* A hook said no. */
void audit_denied(void);

#endif
