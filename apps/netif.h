/* SPDX-License-Identifier: MIT */
/* Network interfaces, the classic way: ioctl() on a socket. */
#ifndef APPS_NETIF_H
#define APPS_NETIF_H

/*
 * Give the interface an IPv4 address (0 for good, -1 else) and switch it on.
 * An interface that has another address already, or that there is none of, is
 * left alone. What could not
 * be done is one line on stderr.
 */
int netif_up(const char *name, const char *addr);

/* One line for every interface that has an address. */
int netif_list(void);

#endif
