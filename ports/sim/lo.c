/* SPDX-License-Identifier: MIT */
/*
 * Bring up the loopback the way a program does. A file of its own, because it
 * speaks the program's headers, which do not mix with the kernel's.
 */
#include "ports/sim/lo.h"

#include "ports/sim/sim.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

int sim_lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	struct sockaddr_in a = { .sin_family = AF_INET };
	long fd, err;

	fd = sim_call(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return (int)fd;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memcpy(&ifr.ifr_addr, &a, sizeof(a));
	err = sim_call(SYS_ioctl, fd, SIOCSIFADDR, &ifr);
	if (!err) {
		ifr.ifr_flags = IFF_UP;
		err = sim_call(SYS_ioctl, fd, SIOCSIFFLAGS, &ifr);
	}
	(void)sim_call(SYS_close, fd);
	return (int)err;
}
