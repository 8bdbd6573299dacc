// SPDX-License-Identifier: MIT
/*
 * The memory of a protocol (tcp_mem): a pool per host, in pages, from which
 * sockets reserve in advance.
 *
 * sk_forward_alloc is what a socket has reserved and not used. Charging takes
 * from it, uncharging gives to it; only when it runs short, or grows large, is
 * the pool touched.
 */
#include "net/core/sock.h"

#define SK_MEM_QUANTUM 4096
#define SK_MEM_QUANTUM_SHIFT 12
/* A reserve up to this stays with its socket. */
#define SK_RECLAIM_THRESHOLD (64 << 10)

enum mem_kind { SK_MEM_SEND, SK_MEM_RECV };

static bool sk_mem_pool_of(const struct sock *sk, struct sk_mem_pool *pool)
{
	if (!sk->sk_prot->mem_pool)
		return false;
	sk->sk_prot->mem_pool(sk, pool);
	return true;
}

static int sk_mem_pages(int bytes)
{
	return (bytes + SK_MEM_QUANTUM - 1) >> SK_MEM_QUANTUM_SHIFT;
}

/* Each socket gets a minimum whatever the pool says. */
static bool sk_below_minimum(const struct sock *sk,
			     const struct sk_mem_pool *pool, enum mem_kind kind)
{
	if (kind == SK_MEM_RECV)
		return sk->sk_rmem_alloc < pool->min_rmem;
	if (sk->sk_type == SOCK_STREAM)
		return sk->sk_wmem_queued < pool->min_wmem;
	return sk->sk_wmem_alloc < pool->min_wmem;
}

/* Under pressure: does this socket take less than its share? */
static bool sk_below_share(const struct sock *sk,
			   const struct sk_mem_pool *pool)
{
	long mine = sk_mem_pages(sk->sk_wmem_queued + sk->sk_rmem_alloc +
				 sk->sk_forward_alloc);

	return pool->limit[2] > mine * pool->nr_sockets;
}

static bool sk_mem_allowed(struct sock *sk, const struct sk_mem_pool *pool,
			   int size, enum mem_kind kind)
{
	long allocated = *pool->allocated;

	if (allocated <= pool->limit[0]) {
		*pool->pressure = false;
		return true;
	}
	if (allocated > pool->limit[1])
		*pool->pressure = true;
	if (allocated <= pool->limit[2]) {
		if (sk_below_minimum(sk, pool, kind) || !*pool->pressure ||
		    sk_below_share(sk, pool))
			return true;
	}
	if (kind != SK_MEM_SEND || sk->sk_type != SOCK_STREAM)
		return false;
	/* A sender that fills its shrunken buffer goes on to wait. */
	sk_stream_moderate_sndbuf(sk);
	return sk->sk_wmem_queued + size >= sk->sk_sndbuf;
}

static bool sk_mem_schedule(struct sock *sk, int size, enum mem_kind kind)
{
	struct sk_mem_pool pool;
	int pages;

	if (size <= sk->sk_forward_alloc || !sk_mem_pool_of(sk, &pool))
		return true;
	pages = sk_mem_pages(size - sk->sk_forward_alloc);
	*pool.allocated += pages;
	if (!sk_mem_allowed(sk, &pool, size, kind)) {
		*pool.allocated -= pages;
		return false;
	}
	sk->sk_forward_alloc += pages << SK_MEM_QUANTUM_SHIFT;
	return true;
}

bool sk_wmem_schedule(struct sock *sk, int size)
{
	return sk_mem_schedule(sk, size, SK_MEM_SEND);
}

bool sk_rmem_schedule(struct sock *sk, struct sk_buff *skb, int size)
{
	(void)skb;
	return sk_mem_schedule(sk, size, SK_MEM_RECV);
}

void sk_mem_charge(struct sock *sk, int size)
{
	if (sk->sk_prot->mem_pool)
		sk->sk_forward_alloc -= size;
}

void sk_mem_uncharge(struct sock *sk, int size)
{
	if (!sk->sk_prot->mem_pool)
		return;
	sk->sk_forward_alloc += size;
	if (sk->sk_forward_alloc > SK_RECLAIM_THRESHOLD)
		sk_mem_reclaim(sk);
}

void sk_mem_reclaim(struct sock *sk)
{
	struct sk_mem_pool pool;
	int pages = sk->sk_forward_alloc >> SK_MEM_QUANTUM_SHIFT;

	if (pages <= 0 || !sk_mem_pool_of(sk, &pool))
		return;
	sk->sk_forward_alloc -= pages << SK_MEM_QUANTUM_SHIFT;
	*pool.allocated -= pages;
	if (*pool.pressure && *pool.allocated < pool.limit[0])
		*pool.pressure = false;
}

bool sk_has_memory_pressure(const struct sock *sk)
{
	return sk->sk_prot->mem_pool != NULL;
}

bool sk_under_memory_pressure(const struct sock *sk)
{
	struct sk_mem_pool pool;

	return sk_mem_pool_of(sk, &pool) && *pool.pressure;
}

void sk_stream_moderate_sndbuf(struct sock *sk)
{
	int val;

	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK)
		return;
	val = min(sk->sk_sndbuf, sk->sk_wmem_queued >> 1);
	sk->sk_sndbuf = max(val, SOCK_MIN_SNDBUF);
}
