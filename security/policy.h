/* SPDX-License-Identifier: MIT */
/*
 * The policy: rules that deny. A rule names a hook and, for some of the hook's
 * keys, a range of values; it applies when the value of each of its keys lies
 * in its range. Without a rule that applies the answer is yes.
 *
 *	HOOK[:KEY=VALUE[-VALUE][,KEY=VALUE[-VALUE]]...]
 */
#ifndef SECURITY_POLICY_H
#define SECURITY_POLICY_H

#include "lib/types.h"

enum policy_hook {
	HOOK_SOCKET,
	HOOK_BIND,
	HOOK_CONNECT,
	HOOK_LISTEN,
	HOOK_ACCEPT,
	HOOK_SENDMSG,
	HOOK_RECVMSG,
	HOOK_GETSOCKNAME,
	HOOK_GETPEERNAME,
	HOOK_SETSOCKOPT,
	HOOK_GETSOCKOPT,
	HOOK_SHUTDOWN,
	HOOK_CAP,
	NR_HOOKS
};

enum policy_key {
	KEY_FAMILY,
	KEY_TYPE,
	KEY_PROTOCOL,
	KEY_PORT, /* host order */
	KEY_ADDR, /* IPv4, host order */
	KEY_LEVEL,
	KEY_NAME,
	KEY_CAP,
	NR_KEYS
};

/* What a hook is asked about. */
struct policy_subject {
	u32 keys; /* BIT(enum policy_key): which values there are */
	u32 value[NR_KEYS];
};

static inline void policy_set(struct policy_subject *s, enum policy_key key,
			      u32 value)
{
	s->keys |= (u32)BIT(key);
	s->value[key] = value;
}

/* Is there any rule for @hook? Cheap: asked on every call. */
bool policy_asks(enum policy_hook hook);
/* Does a rule deny it? */
bool policy_denies(enum policy_hook hook, const struct policy_subject *s);

#endif
