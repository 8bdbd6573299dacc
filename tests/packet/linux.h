/* SPDX-License-Identifier: MIT */
/* Linux as a script's host: between wire_linux.h and linux.c. */
#ifndef TESTS_PACKET_LINUX_H
#define TESTS_PACKET_LINUX_H

#include <stddef.h>
#include <stdint.h>

/* NULL, or what this machine lacks. */
const char *wire_linux_missing(void);
#define WIRE_LINUX_LATE 99

/*
 * Run @fn with a host of its own. Returns its result, how many claims failed,
 * or WIRE_LINUX_LATE: some, but the machine was late as well, so that it says
 * nothing of Linux. @saw gets the packets that the host sends.
 */
int wire_linux_run(int (*fn)(void *arg), void *arg,
		   void (*saw)(const uint8_t *packet));
void wire_put(const void *packet, size_t n);
/* A counter of /proc/net/netstat; one of TCP in /proc/net/sockstat. */
unsigned long wire_linux_stat(const char *name);
int wire_linux_sockstat(const char *name);
/* The files snmp and netstat of /proc/net. */
void wire_counters(char *text, size_t size);
void wire_linux_sysctl(const char *path, const char *value);

#endif
