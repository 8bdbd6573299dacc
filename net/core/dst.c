// SPDX-License-Identifier: MIT
/* Routes as sockets hold them. */
#include "net/core/dst.h"

#include "net/core/sock.h"

void dst_release(struct dst_entry *dst)
{
	if (!dst)
		return;
	BUG_ON(!dst->refs);
	if (!--dst->refs)
		dst->ops->destroy(dst);
}

struct dst_entry *__sk_dst_get(struct sock *sk)
{
	return sk->sk_dst_cache;
}

struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = sk->sk_dst_cache;

	if (dst && dst->obsolete && !dst->ops->check(dst, cookie)) {
		sk_dst_reset(sk);
		return NULL;
	}
	return dst;
}

void sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *old = sk->sk_dst_cache;

	sk->sk_dst_cache = dst;
	dst_release(old);
}

void sk_dst_reset(struct sock *sk)
{
	sk_dst_set(sk, NULL);
}
