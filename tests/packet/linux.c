/* SPDX-License-Identifier: MIT */
/*
 * Linux as the host of a packet script: see wire_linux.h. What the scripts
 * call of the sim port - system calls, sleeping, the time - is here done by
 * the kernel; while a script sleeps its wire is read.
 */
#include "tests/packet/linux.h"

#include "ports/sim/sim.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOST_ADDR 0x0a000001U

static int tun = -1;
static bool late; /* a sleep of ours ended well after its time */
static void (*wire_saw)(const uint8_t *);

uint64_t sim_now(const struct sim *sim)
{
	struct timespec t;

	(void)sim;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

/* Packets of the host, for @ns. */
void sim_sleep(uint64_t ns)
{
	uint64_t end = sim_now(NULL) + ns, now;
	struct pollfd p = { .fd = tun, .events = POLLIN };
	uint8_t b[65536];

	for (;;) {
		now = sim_now(NULL);
		if (now > end)
			now = end;
		struct timespec left = { (time_t)((end - now) / 1000000000U),
					 (long)((end - now) % 1000000000U) };

		if (ppoll(&p, 1, &left, NULL) <= 0) {
			late = late || sim_now(NULL) - end > 1000000;
			return;
		}
		if (read(tun, b, sizeof(b)) >= 40)
			wire_saw(b);
	}
}

long sim_syscall(long nr, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
		 uintptr_t e, uintptr_t f)
{
	long r = syscall(nr, a, b, c, d, e, f);

	return r < 0 ? -errno : r;
}

void wire_put(const void *packet, size_t n)
{
	if (write(tun, packet, n) != (ssize_t)n)
		perror("tun");
	sim_sleep(0);
}

unsigned long wire_linux_stat(const char *name)
{
	static char names[16384], values[16384];
	FILE *f = fopen("/proc/self/net/netstat", "r");
	unsigned long value = ~0UL;
	char *n, *v, *sn, *sv;

	while (f && fgets(names, sizeof(names), f) &&
	       fgets(values, sizeof(values), f)) {
		n = strtok_r(names, " \n", &sn);
		v = strtok_r(values, " \n", &sv);
		for (; n && v; n = strtok_r(NULL, " \n", &sn),
			       v = strtok_r(NULL, " \n", &sv))
			if (!strcmp(n, name))
				value = strtoul(v, NULL, 10);
	}
	if (f)
		fclose(f);
	return value;
}

void wire_counters(char *text, size_t size)
{
	static const char *const files[] = { "/proc/self/net/snmp",
					     "/proc/self/net/netstat" };
	size_t at = 0, n;

	for (int i = 0; i < 2; i++) {
		FILE *f = fopen(files[i], "r");

		while (f && (n = fread(text + at, 1, size - 1 - at, f)) > 0)
			at += n;
		if (f)
			fclose(f);
	}
	text[at] = 0;
}

int wire_linux_sockstat(const char *name)
{
	FILE *f = fopen("/proc/self/net/sockstat", "r");
	char line[200], *at;
	int n = -1;

	while (f && fgets(line, sizeof(line), f)) {
		at = strstr(line, name);
		if (!strncmp(line, "TCP:", 4) && at)
			n = atoi(at + strlen(name));
	}
	if (f)
		fclose(f);
	return n;
}

void wire_linux_sysctl(const char *path, const char *value)
{
	char file[100];
	FILE *f;

	snprintf(file, sizeof(file), "/proc/sys/net/%s", path);
	f = fopen(file, "w");
	if (!f || fputs(value, f) < 0 || fclose(f))
		perror(file);
}

/* As our hosts have them: Linux's own depend on the machine's memory. */
static void defaults(void)
{
	wire_linux_sysctl("ipv4/tcp_rmem", "4096 131072 6291456");
	wire_linux_sysctl("ipv4/tcp_wmem", "4096 16384 4194304");
}

/*
 * Our wire takes one segment at a time; so is this one to do, as else two that
 * belong together leave at once where one is due (ip link ... gso_max_segs 1).
 */
static int segment_by_segment(void)
{
	struct {
		struct nlmsghdr n;
		struct ifinfomsg i;
		struct rtattr a;
		uint32_t segs;
	} req = {
		.n = { .nlmsg_len = sizeof(req),
		       .nlmsg_type = RTM_NEWLINK,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.i = { .ifi_index = (int)if_nametoindex("wire0") },
		.a = { RTA_LENGTH(sizeof(req.segs)), IFLA_GSO_MAX_SEGS },
		.segs = 1,
	};
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), err = -1;
	struct {
		struct nlmsghdr n;
		struct nlmsgerr e;
	} ack;

	if (send(s, &req, sizeof(req), 0) == sizeof(req) &&
	    recv(s, &ack, sizeof(ack), 0) >= (ssize_t)sizeof(ack.n) &&
	    ack.n.nlmsg_type == NLMSG_ERROR)
		err = ack.e.error;
	close(s);
	return err;
}

static int tun_open(void)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct sockaddr_in *a = (struct sockaddr_in *)&r.ifr_addr;
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), s;

	if (fd < 0)
		return -1;
	strcpy(r.ifr_name, "wire0");
	if (ioctl(fd, TUNSETIFF, &r))
		goto out_close;
	s = socket(AF_INET, SOCK_DGRAM, 0);
	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(HOST_ADDR);
	if (ioctl(s, SIOCSIFADDR, &r))
		goto out_close_s;
	a->sin_addr.s_addr = htonl(0xffffff00);
	if (ioctl(s, SIOCSIFNETMASK, &r))
		goto out_close_s;
	r.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		goto out_close_s;
	close(s);
	if (segment_by_segment())
		goto out_close;
	return fd;

out_close_s:
	close(s);
out_close:
	close(fd);
	return -1;
}

const char *wire_linux_missing(void)
{
	static const char *missing;
	static int looked;
	int status;
	pid_t pid;

	if (looked++)
		return missing;
	pid = fork();
	if (!pid)
		_exit(unshare(CLONE_NEWNET) ? 1 : tun_open() < 0 ? 2 : 0);
	waitpid(pid, &status, 0);
	if (status)
		missing = WEXITSTATUS(status) == 1 ? "network namespaces"
						   : "/dev/net/tun";
	return missing;
}

int wire_linux_run(int (*fn)(void *arg), void *arg,
		   void (*saw)(const uint8_t *))
{
	struct sched_param first = { .sched_priority = 1 };
	int status, n;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWNET))
			_exit(100);
		defaults();
		/* Other programs of this machine shall not be in the way. */
		sched_setscheduler(0, SCHED_FIFO, &first);
		tun = tun_open();
		wire_saw = saw;
		n = fn(arg);
		if (n && late)
			_exit(WIRE_LINUX_LATE);
		_exit(n < WIRE_LINUX_LATE ? n : WIRE_LINUX_LATE - 1);
	}
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status))
		return 1000;
	return WEXITSTATUS(status);
}
