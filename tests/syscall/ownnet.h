/* SPDX-License-Identifier: MIT */
/*
 * A network namespace of the claim's own, made by unshare(2) without
 * privilege: nobody else's packets, and privilege over it.
 */
#ifndef TESTS_SYSCALL_OWNNET_H
#define TESTS_SYSCALL_OWNNET_H

#include "harness.h"

#include <net/if.h>

UNUSED static void put(const char *path, const char *text)
{
	int f = open(path, O_WRONLY);

	if (f < 0)
		return;
	if (write(f, text, strlen(text)) < 0 && errno != EPERM)
		FAIL("%s: %s", path, strerror(errno));
	close(f);
}

UNUSED static void own_net(void)
{
	char map[64];
	int uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		SKIP_HOST("no network namespace: %s", strerror(errno));
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %d 1", uid);
	put("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %d 1", gid);
	put("/proc/self/gid_map", map);
}

UNUSED static short lo_flags(void)
{
	struct ifreq r = { .ifr_name = "lo" };

	CHECK_OK(ioctl(udp_socket(), SIOCGIFFLAGS, &r));
	return r.ifr_flags;
}

UNUSED static void lo_set(int up)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP : 0 };

	CHECK_OK(ioctl(udp_socket(), SIOCSIFFLAGS, &r));
}

/* The same with lo up; under trapgate the host that there is. */
UNUSED static void quiet_net(void)
{
	if (on_trapgate())
		return;
	own_net();
	lo_set(1);
}

#endif
