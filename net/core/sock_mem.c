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

static void sk_enter_memory_pressure(struct sock *sk)
{
	if (sk->sk_prot->enter_memory_pressure)
		sk->sk_prot->enter_memory_pressure(sk);
}

static void sk_leave_memory_pressure(struct sock *sk)
{
	if (sk->sk_prot->leave_memory_pressure)
		sk->sk_prot->leave_memory_pressure(sk);
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

/* @size is reserved, and counted in the pool: may it stay so? */
static bool sk_mem_allowed(struct sock *sk, const struct sk_mem_pool *pool,
			   int size, enum mem_kind kind)
{
	long allocated = *pool->allocated;

	if (allocated <= pool->limit[0]) {
		sk_leave_memory_pressure(sk);
		return true;
	}
	if (allocated > pool->limit[1])
		sk_enter_memory_pressure(sk);
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

/* Take @need bytes from the pool, whether there are so many or not. */
static int sk_mem_reserve(struct sock *sk, const struct sk_mem_pool *pool,
			  int need)
{
	int pages = sk_mem_pages(need);

	*pool->allocated += pages;
	sk->sk_forward_alloc += pages << SK_MEM_QUANTUM_SHIFT;
	return pages;
}

static void sk_mem_return(struct sock *sk, const struct sk_mem_pool *pool,
			  int pages)
{
	sk->sk_forward_alloc -= pages << SK_MEM_QUANTUM_SHIFT;
	*pool->allocated -= pages;
}

static bool sk_mem_schedule(struct sock *sk, int size, enum mem_kind kind)
{
	int need = size - sk->sk_forward_alloc, pages;
	struct sk_mem_pool pool;

	if (need <= 0 || !sk_mem_pool_of(sk, &pool))
		return true;
	pages = sk_mem_reserve(sk, &pool, need);
	if (sk_mem_allowed(sk, &pool, need, kind))
		return true;
	sk_mem_return(sk, &pool, pages);
	return false;
}

/* For what must go on, such as a FIN, or the one segment that is waited for. */
void sk_forced_mem_schedule(struct sock *sk, int size)
{
	int need = size - sk->sk_forward_alloc;
	struct sk_mem_pool pool;

	if (need > 0 && sk_mem_pool_of(sk, &pool))
		(void)sk_mem_reserve(sk, &pool, need);
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
	sk_mem_return(sk, &pool, pages);
	if (*pool.allocated < pool.limit[0])
		sk_leave_memory_pressure(sk);
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

/* The system has no memory, whatever the pool says. */
void sk_alloc_failed(struct sock *sk)
{
	sk_enter_memory_pressure(sk);
	sk_stream_moderate_sndbuf(sk);
}
