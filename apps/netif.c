/* SPDX-License-Identifier: MIT */
#include "apps/netif.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "apps/syssock.h"

#define MAX_INTERFACES 16

static struct in_addr *address(struct ifreq *ifr)
{
	return &((struct sockaddr_in *)&ifr->ifr_addr)->sin_addr;
}

static int failed(const char *name, const char *step)
{
	fprintf(stderr, "%s: %s: %s\n", name, step, strerror(errno));
	return -1;
}

static int set_up(int fd, const char *name, struct in_addr addr)
{
	struct ifreq ifr = { 0 };

	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);

	/* Not every machine has an eth0. */
	if (ioctl(fd, SIOCGIFINDEX, &ifr) < 0 && errno == ENODEV)
		return 0;
	memset(&ifr.ifr_ifru, 0, sizeof(ifr.ifr_ifru));

	/* This may be somebody's real machine: its addresses stay. */
	if (ioctl(fd, SIOCGIFADDR, &ifr) == 0 &&
	    address(&ifr)->s_addr != addr.s_addr) {
		fprintf(stderr, "%s: keeps its address %s\n", name,
			inet_ntoa(*address(&ifr)));
		return -1;
	}

	ifr.ifr_addr.sa_family = AF_INET;
	*address(&ifr) = addr;
	if (ioctl(fd, SIOCSIFADDR, &ifr) < 0)
		return failed(name, "SIOCSIFADDR");
	if (ioctl(fd, SIOCGIFFLAGS, &ifr) < 0)
		return failed(name, "SIOCGIFFLAGS");
	ifr.ifr_flags |= IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr) < 0)
		return failed(name, "SIOCSIFFLAGS");
	return 0;
}

int netif_up(const char *name, const char *addr)
{
	struct in_addr in = { .s_addr = inet_addr(addr) };
	int fd, ret;

	fd = call_socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return failed(name, "socket");
	ret = set_up(fd, name, in);
	close(fd);
	return ret;
}

/* 52:54:00:12:34:56; @text has room for it. */
static void format_mac(const void *addr, char *text)
{
	const unsigned char *b = addr;

	sprintf(text, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		b[4], b[5]);
}

static int list(int fd)
{
	struct ifreq found[MAX_INTERFACES];
	struct ifconf conf = { .ifc_len = sizeof(found), .ifc_req = found };
	char mac[sizeof("00:00:00:00:00:00")];
	struct ifreq *ifr;

	if (ioctl(fd, SIOCGIFCONF, &conf) < 0)
		return failed("interfaces", "SIOCGIFCONF");

	for (ifr = found; (char *)ifr < (char *)found + conf.ifc_len; ifr++) {
		struct in_addr addr = *address(ifr);

		/* The answer goes where the address was: they share room. */
		if (ioctl(fd, SIOCGIFHWADDR, ifr) < 0)
			return failed(ifr->ifr_name, "SIOCGIFHWADDR");
		format_mac(ifr->ifr_hwaddr.sa_data, mac);
		printf("%-8s %-15s %s\n", ifr->ifr_name, inet_ntoa(addr), mac);
	}
	return 0;
}

int netif_list(void)
{
	int fd, ret;

	fd = call_socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return failed("interfaces", "socket");
	ret = list(fd);
	close(fd);
	return ret;
}
