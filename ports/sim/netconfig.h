/* SPDX-License-Identifier: MIT */
/*
 * Configuring a host from within, as a program of it (@p) would. Mixes with
 * the kernel's headers and with the programs'. All: 0 or -errno.
 */
#ifndef PORTS_SIM_NETCONFIG_H
#define PORTS_SIM_NETCONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct tg_proc;

/* tg_addr_add() and so on of trapgate.h. */
int tg_config_addr(struct tg_proc *p, bool add, const char *dev,
		   const char *addr);
int tg_config_route(struct tg_proc *p, bool add, const char *dst,
		    const char *via, const char *dev);
int tg_config_up(struct tg_proc *p, const char *dev, bool up);
int tg_config_mtu(struct tg_proc *p, const char *dev, int mtu);

/* A system call of @p: the library's side. */
long tg_config_call(struct tg_proc *p, long nr, const uint64_t args[6]);

#endif
