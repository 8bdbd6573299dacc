/* SPDX-License-Identifier: MIT */
/*
 * Two or three hosts on links, and programs on them.
 *
 *	a 10.0.1.1 ---- 10.0.1.2 r 10.0.2.2 ---- 10.0.2.1 b
 *
 * r forwards. With two hosts only, b is 10.0.1.2 and there is no r.
 */
#ifndef TESTS_UNIT_NET_IPV4_HOSTS_H
#define TESTS_UNIT_NET_IPV4_HOSTS_H

#include "drivers/net/link.h"
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/slab.h"
#include "net/core/netdevice.h"
#include "net/core/sock.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include "ports/sim/sim.h"
#include <asm/unistd_64.h>
#include <linux/in.h>

#include "tests/unit/unit.h"
#include <stdio.h>

#define A1 0x0a000101U
#define R1 0x0a000102U
#define R2 0x0a000202U
#define B2 0x0a000201U

static struct sim *sim;
static struct net *host_a, *host_r, *host_b;
static int prog_failures;

#define EXPECT(expr, want)                                               \
	do {                                                             \
		long got_ = (long)(expr), want_ = (long)(want);          \
		if (got_ != want_) {                                     \
			fprintf(stderr, "%s:%d: %s is %ld, not %ld\n",   \
				__FILE__, __LINE__, #expr, got_, want_); \
			prog_failures++;                                 \
		}                                                        \
	} while (0)

/* A link without faults. */
static const struct link_params plain_link;

__attribute__((unused)) static struct net_device *
dev_up(struct net *net, const char *name, u32 addr)
{
	struct net_device *dev = dev_get_by_name(net, name);

	assert_non_null(dev);
	assert_int_equal(dev_open(dev), 0);
	assert_int_equal(inet_addr_add(dev, htonl(addr), 24), 0);
	return dev;
}

__attribute__((unused)) static void default_via(struct net *net, u32 gw)
{
	struct fib_config cfg = {
		.fc_type = RTN_UNICAST,
		.fc_gw4 = htonl(gw),
		.fc_table = RT_TABLE_MAIN,
		.fc_nlflags = NLM_F_CREATE,
	};

	assert_int_equal(fib_table_insert(net, fib_new_table(net, 0), &cfg), 0);
}

__attribute__((unused)) static void two_hosts(const struct link_params *p)
{
	sim = sim_new(3);
	assert_non_null(sim);
	host_a = sim_host(sim, "a");
	host_b = sim_host(sim, "b");
	assert_int_equal(link_add(host_a, "eth0", host_b, "eth0", p), 0);
	dev_up(host_a, "eth0", A1);
	dev_up(host_b, "eth0", R1);
	prog_failures = 0;
}

/* @p2: the link between r and b. */
__attribute__((unused)) static void three_hosts(const struct link_params *p,
						const struct link_params *p2)
{
	sim = sim_new(4);
	assert_non_null(sim);
	host_a = sim_host(sim, "a");
	host_r = sim_host(sim, "r");
	host_b = sim_host(sim, "b");
	assert_int_equal(link_add(host_a, "eth0", host_r, "eth0", p), 0);
	assert_int_equal(link_add(host_r, "eth1", host_b, "eth0", p2), 0);
	dev_up(host_a, "eth0", A1);
	(void)dev_up(host_r, "eth0", R1);
	(void)dev_up(host_r, "eth1", R2);
	inet_forward_change(host_r, 1);
	dev_up(host_b, "eth0", B2);
	default_via(host_a, R1);
	default_via(host_b, R2);
	prog_failures = 0;
}

/* Run until nothing happens any more; all programs must have ended. */
__attribute__((unused)) static void hosts_done(void)
{
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(sim_running(sim), 0);
	link_del(dev_get_by_name(host_a, "eth0"));
	if (host_r)
		link_del(dev_get_by_name(host_r, "eth1"));
	host_r = NULL;
	assert_int_equal(sim_free(sim), 0);
	assert_int_equal(prog_failures, 0);
}

__attribute__((unused)) static struct sockaddr_in sin_of(u32 addr, u16 port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(addr),
	};

	return a;
}

/* Calls of a program. */
#define U(x) ((u64)(uintptr_t)(x))
__attribute__((unused)) static int u_socket(int type, int protocol)
{
	return (int)sim_call(__NR_socket, 2L, (long)type, (long)protocol, 0L,
			     0L, 0L);
}
__attribute__((unused)) static long u_bind(int fd, u32 addr, u16 port)
{
	struct sockaddr_in a = sin_of(addr, port);

	return sim_call(__NR_bind, (long)fd, U(&a), sizeof(a), 0L, 0L, 0L);
}
__attribute__((unused)) static long u_connect(int fd, u32 addr, u16 port)
{
	struct sockaddr_in a = sin_of(addr, port);

	return sim_call(__NR_connect, (long)fd, U(&a), sizeof(a), 0L, 0L, 0L);
}
__attribute__((unused)) static long u_sendto(int fd, const void *buf, size_t n,
					     u32 addr, u16 port)
{
	struct sockaddr_in a = sin_of(addr, port);

	return sim_call(__NR_sendto, (long)fd, U(buf), n, 0L,
			addr ? U(&a) : 0UL, addr ? sizeof(a) : 0UL);
}
__attribute__((unused)) static long u_recv(int fd, void *buf, size_t n,
					   int flags)
{
	return sim_call(__NR_recvfrom, (long)fd, U(buf), n, (long)flags, 0L,
			0L);
}
__attribute__((unused)) static long u_setopt(int fd, int level, int name,
					     int val)
{
	return sim_call(__NR_setsockopt, (long)fd, (long)level, (long)name,
			U(&val), sizeof(val), 0L);
}
__attribute__((unused)) static long u_getopt(int fd, int level, int name)
{
	int val = -1, len = sizeof(val);
	long err = sim_call(__NR_getsockopt, (long)fd, (long)level, (long)name,
			    U(&val), U(&len), 0L);

	return err ? err : val;
}

__attribute__((unused)) static void fill(u8 *buf, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = (u8)(i * 2654435761U >> 11);
}
__attribute__((unused)) static bool filled(const u8 *buf, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (buf[i] != (u8)(i * 2654435761U >> 11))
			return false;
	}
	return true;
}

#endif
