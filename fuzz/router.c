/* SPDX-License-Identifier: MIT */
/*
 * Three hosts in a row, the one in the middle a router: datagrams in fragments,
 * packets with any header, control messages of both directions, routes by
 * ioctl, devices that change meanwhile; ICMP errors and redirects that follow.
 *
 * A program with sockets on all of them takes the steps of the input. A stream
 * between the ends goes on all the while: its bytes arrive in order or it fails.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fs/fs.h"
#include "fuzz/input.h"
#include "net/core/proc_net.h"
#include "net/core/scm.h"
#include "uapi/if.h"

#include <linux/sockios.h>
#include <stdlib.h>

#define MAX_STEPS 200
#define NR_SOCKS 4
#define UDP_PORT 7

const size_t fuzz_input_max = 2048;

static struct input in;
static u8 buf[65536];

/* What the program has on a host. */
struct host_prog {
	struct net *net;
	int udp, raw, ping, sock[NR_SOCKS];
};

static u32 address(void)
{
	static const u32 known[] = { A1, R1, R2, B2, B2, A1, LO, R1 & ~255U,
				     B2 | 255, ~0U, 0, 0xe0000001, 0xc0000201 };
	u32 i = in_below(&in, 16);

	return i < ARRAY_SIZE(known) ? known[i] : in_u32(&in);
}

/* Routes and devices */

/* As route(8) has it: struct rtentry of <linux/route.h>. */
struct route_request {
	u64 pad1;
	struct sockaddr_in dst, gateway, mask;
	u16 flags;
	s16 pad2;
	u64 pad3, pad4;
	s16 metric;
	u64 dev, mtu, window;
	u16 irtt;
};
static_assert(sizeof(struct route_request) == 120, "struct rtentry");

static void do_route(struct host_prog *h)
{
	static const char devices[][IFNAMSIZ] = { "eth0", "eth1", "lo",
						   "eth0:1" };
	u8 how = in_u8(&in);
	struct route_request rt = {
		.dst = sin_of(address(), 0),
		.mask = sin_of(how & 1 ? ~0U << in_below(&in, 33) % 32 :
					 in_u32(&in), 0),
		.flags = how & 2 ? in_u16(&in) : 1,
		.metric = how & 4 ? (s16)in_u16(&in) : 0,
		.mtu = how & 64 ? in_u16(&in) : 0,
		.window = how & 64 ? in_u16(&in) : 0,
	};

	if (how & 8) {
		rt.gateway = sin_of(address(), 0);
		rt.flags |= 2;
	}
	if (how & 16)
		rt.dev = U(devices[in_below(&in, 4)]);
	if (!(how & 1))
		rt.dst.sin_family = in_below(&in, 4);
	(void)u_call(__NR_ioctl, h->udp, how & 128 ? SIOCDELRT : SIOCADDRT,
		     (long)U(&rt), 0);
}

static void do_device(struct host_prog *h)
{
	static const int requests[] = { SIOCSIFMTU, SIOCSIFFLAGS, SIOCSIFADDR,
					SIOCSIFNETMASK, SIOCGIFCONF,
					SIOCGIFADDR, SIOCSIFDSTADDR,
					SIOCSIFBRDADDR };
	struct ifreq r = { 0 };
	u8 how = in_u8(&in);
	int request = requests[how & 7];
	struct sockaddr_in a = sin_of(address(), 0);

	strcpy(r.ifr_name, how & 8 ? "eth1" : how & 16 ? "eth0:1" : "eth0");
	switch (request) {
	case SIOCSIFMTU:
		r.ifr_mtu = how & 32 ? in_u16(&in) : 68 + in_u8(&in) * 8;
		break;
	case SIOCSIFFLAGS: /* mostly up again */
		r.ifr_flags = (s16)(how & 96 ? IFF_UP : in_u16(&in));
		break;
	default:
		memcpy(&r.ifr_addr, &a, sizeof(a));
	}
	(void)u_call(__NR_ioctl, h->udp, request, (long)U(&r), 0);
}

static void do_setting(struct host_prog *h)
{
	static const char *const names[] = { "ip_forward", "ip_no_pmtu_disc",
					     "ip_default_ttl",
					     "icmp_ratelimit" };
	u8 how = in_u8(&in);
	char value[8];
	int n = snprintf(value, sizeof(value), "%u", how >> 4 & 3);
	char path[40];

	(void)h;
	snprintf(path, sizeof(path), "ipv4/%s", names[how & 3]);
	(void)proc_sys_write(current->net, path, value, (size_t)n);
}

/* Messages with control data */

static const u8 ip_options[] = { IP_TOS, IP_TTL, IP_OPTIONS, IP_PKTINFO,
				 IP_RECVERR, IP_RECVTTL, IP_RECVTOS,
				 IP_RECVOPTS, IP_RETOPTS, IP_MTU_DISCOVER,
				 IP_RECVORIGDSTADDR, IP_RECVFRAGSIZE,
				 IP_MULTICAST_TTL, IP_MINTTL, IP_FREEBIND,
				 IP_CHECKSUM };
static const u8 socket_options[] = { SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_OLD,
				     SO_TIMESTAMPING_OLD, SO_RXQ_OVFL,
				     SO_MARK, SO_BROADCAST, SO_DONTROUTE,
				     SO_RCVBUF };

static int some_socket(const struct host_prog *h, u8 which)
{
	switch (which & 7) {
	case 0:
		return h->raw;
	case 1:
		return h->ping;
	case 2:
	case 3:
		return h->sock[which >> 3 & (NR_SOCKS - 1)];
	}
	return h->udp;
}

static void do_option(struct host_prog *h)
{
	int fd = some_socket(h, in_u8(&in));
	u8 how = in_u8(&in), opts[44];

	if (how & 1) {
		(void)u_setopt(fd, SOL_SOCKET,
			       socket_options[how >> 1 & 7], in_u16(&in));
		return;
	}
	/* Numbers, or IP options as such. */
	memset(opts, 0, sizeof(opts));
	opts[0] = in_u8(&in) & 63;
	if (how & 64)
		in_bytes(&in, opts, 40);
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_IP,
		       (long)ip_options[how >> 1 & 15], U(opts),
		       (long)(how & 64 ? how & 40 : 4), 0L);
}

static size_t some_control(u8 *to, size_t size)
{
	struct cmsghdr *c = (struct cmsghdr *)to;
	size_t at = 0, len;
	u8 how;

	do {
		how = in_u8(&in);
		len = how & 1 ? in_u8(&in) % 64 : 4;
		if (at + CMSG_SPACE(64) > size)
			break;
		c = (struct cmsghdr *)(to + at);
		c->cmsg_len = how & 2 ? in_u16(&in) : CMSG_LEN(len);
		c->cmsg_level = how & 4 ? SOL_SOCKET : SOL_IP;
		c->cmsg_type = how & 8 ? in_below(&in, 64) :
			       how & 4 ? socket_options[in_u8(&in) & 7] :
					 ip_options[in_u8(&in) & 15];
		in_bytes(&in, CMSG_DATA(c), how & 16 ? len : min(len, 4UL));
		at += CMSG_SPACE(len);
	} while (how & 128);
	return at;
}

static void do_sendmsg(struct host_prog *h)
{
	u8 control[512] __attribute__((aligned(8)));
	u8 how = in_u8(&in);
	struct sockaddr_in to = sin_of(address(), UDP_PORT);
	struct user_iovec iov = { U(buf), in_u16(&in) % (how & 1 ? 65536 : 4000) };
	struct user_msghdr m = { .msg_name = U(&to), .msg_namelen = sizeof(to),
			    .msg_iov = U(&iov), .msg_iovlen = 1 };
	int fd = some_socket(h, how >> 4);

	memset(control, 0, sizeof(control));
	if (how & 2) {
		m.msg_control = U(control);
		m.msg_controllen = some_control(control, sizeof(control));
	}
	if (fd == h->ping)
		memcpy(buf, "\10\0\0\0\0\0\0\1", 8);
	(void)sim_call(__NR_sendmsg, (long)fd, U(&m),
		       (long)(MSG_DONTWAIT | MSG_NOSIGNAL |
			      (how & 4 ? MSG_MORE : 0)),
		       0L, 0L, 0L);
}

static void do_recvmsg(struct host_prog *h)
{
	static u8 got[65536], control[600] __attribute__((aligned(8)));
	u8 how = in_u8(&in);
	struct sockaddr_in from;
	struct user_iovec iov = { U(got), how & 1 ? in_u16(&in) : sizeof(got) };
	struct user_msghdr m = { .msg_name = U(&from), .msg_namelen = sizeof(from),
			    .msg_iov = U(&iov), .msg_iovlen = 1,
			    .msg_control = U(control),
			    .msg_controllen = how & 2 ? in_u8(&in) * 2U :
							sizeof(control) };

	/* With a room's worth of guard behind what was said. */
	memset(control, 0x5a, sizeof(control));
	(void)sim_call(__NR_recvmsg, (long)some_socket(h, how >> 4), U(&m),
		       (long)(MSG_DONTWAIT | (how & 4 ? MSG_ERRQUEUE : 0) |
			      (how & 8 ? MSG_PEEK : 0)),
		       0L, 0L, 0L);
	if (m.msg_controllen > sizeof(control)) {
		fprintf(stderr, "more control data than there is room\n");
		abort();
	}
	for (size_t i = how & 2 ? sizeof(control) - 88 : sizeof(control);
	     i < sizeof(control); i++)
		if (control[i] != 0x5a) {
			fprintf(stderr, "control data beyond its room\n");
			abort();
		}
}

/* A packet with any header. */
static void do_raw(struct host_prog *h)
{
	u8 b[60 + 256] __attribute__((aligned(4)));
	struct iphdr *iph = (struct iphdr *)b;
	u8 how = in_u8(&in);
	size_t olen = how & 1 ? in_below(&in, 11) * 4 : 0;
	size_t len = in_u8(&in);
	struct sockaddr_in to = sin_of(address(), 0);

	*iph = (struct iphdr){
		.version = 4,
		.ihl = (u8)(5 + olen / 4),
		.tos = how & 2 ? in_u8(&in) : 0,
		.id = htons(in_u8(&in) & 3),
		.frag_off = how & 4 ? htons(in_u16(&in)) : 0,
		.ttl = how & 8 ? in_below(&in, 4) : 64,
		.protocol = how & 16 ? in_u8(&in) : IPPROTO_UDP,
		.saddr = how & 32 ? htonl(address()) : 0,
		.daddr = to.sin_addr.s_addr,
	};
	if (how & 64)
		iph->daddr = htonl(address());
	memset(iph + 1, 0, olen);
	in_bytes(&in, iph + 1, olen);
	in_bytes(&in, b + 20 + olen, len);
	(void)sim_call(__NR_sendto, (long)h->raw, U(b), 20 + olen + len,
		       (long)MSG_DONTWAIT, U(&to), (long)sizeof(to));
}

/* A connection of TCP or UDP, made, used, ended. */
static void do_socket(struct host_prog *h)
{
	u8 how = in_u8(&in);
	int *fd = &h->sock[how & (NR_SOCKS - 1)];

	if (*fd < 0) {
		*fd = u_socket((how & 8 ? SOCK_STREAM : SOCK_DGRAM) |
				       SOCK_NONBLOCK, 0);
		(void)u_connect(*fd, address(), how & 16 ? PORT : UDP_PORT);
	} else if (how & 32) {
		(void)u_close(*fd);
		*fd = -1;
	} else {
		(void)u_send(*fd, buf, in_u16(&in),
			     MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

static void do_wait(struct host_prog *h)
{
	u8 how = in_u8(&in);

	(void)h;
	sim_sleep((how & 1 ? 1000 : 1) * (how >> 1) * SIM_MS);
}

static void (*const step[])(struct host_prog *h) = {
	do_route,   do_route,	do_device,  do_setting, do_option,
	do_option,  do_sendmsg, do_sendmsg, do_sendmsg, do_recvmsg,
	do_recvmsg, do_raw,	do_raw,	    do_socket,	do_socket,
	do_wait,
};

static void open_sockets(struct host_prog *h)
{
	current->net = h->net;
	h->udp = u_socket(SOCK_DGRAM | SOCK_NONBLOCK, 0);
	h->raw = u_socket(SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW);
	h->ping = u_socket(SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_ICMP);
	for (int i = 0; i < NR_SOCKS; i++)
		h->sock[i] = -1;
	(void)u_bind(h->udp, 0, UDP_PORT);
}

static void program(void *arg)
{
	struct host_prog h[3] = { { .net = host_a },
				  { .net = host_r },
				  { .net = host_b } }, *at;

	(void)arg;
	for (int i = 0; i < 3; i++)
		open_sockets(&h[i]);
	for (int i = 0; i < MAX_STEPS && in.left; i++) {
		at = &h[in_below(&in, 3)];
		current->net = at->net;
		step[in_below(&in, ARRAY_SIZE(step))](at);
	}
	current->net = host_a;
}

/* The stream */

#define BYTES 20000

static void stream_server(void *arg)
{
	const long patience[2] = { 3000, 0 };
	static u8 got[5000];
	long l = u_listener(0, PORT, 5), fd, n;
	u32 at = 0;

	(void)arg;
	(void)sim_call(__NR_setsockopt, l, (long)SOL_SOCKET,
		       (long)SO_RCVTIMEO_OLD, U(patience), sizeof(patience));
	fd = u_accept(l, 0);
	/* Other programs' connections carry other bytes. */
	while (fd >= 0 &&
	       (n = u_recv((int)fd, got, sizeof(got), 0)) > 0) {
		if (!at && got[0] != pattern(0))
			break;
		if (!pattern_ok(got, at, (size_t)n)) {
			fprintf(stderr, "wrong bytes at %u\n", at);
			abort();
		}
		at += (u32)n;
	}
}

static void stream_client(void *arg)
{
	const long patience[2] = { 1000, 0 };
	static u8 out[BYTES];
	int fd = u_socket(SOCK_STREAM, 0);

	(void)arg;
	pattern_fill(out, 0, sizeof(out));
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
		       (long)SO_SNDTIMEO_OLD, U(patience), sizeof(patience));
	(void)u_connect(fd, B2, PORT);
	for (size_t i = 0; i < sizeof(out); i += 1000) {
		if (u_send(fd, out + i, 1000, MSG_NOSIGNAL) < 1000)
			break;
		sim_sleep(5 * SIM_MS);
	}
}

static void quiet(int level, const char *line)
{
	(void)level;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_params near = { 0 }, far = { 0 };
	struct net_device *dev[2];

	in = (struct input){ data, size };
	memset(buf, 0xee, sizeof(buf));
	near.latency = in_u8(&in) % 8 * NSEC_PER_MSEC;
	far.mtu = in_u8(&in) & 1 ? 68U + in_u8(&in) * 8U : 0;
	three_hosts(&near, &far);
	sim_log(sim, quiet);
	dev[0] = dev_get_by_name(host_a, "eth0");
	dev[1] = dev_get_by_name(host_b, "eth0");
	(void)sim_spawn(sim, host_b, stream_server, NULL);
	(void)sim_spawn(sim, host_a, stream_client, NULL);
	(void)sim_spawn(sim, host_a, program, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	if (sim_running(sim)) {
		fprintf(stderr, "somebody waits for ever\n");
		abort();
	}
	link_del(dev[0]);
	link_del(dev[1]);
	host_r = NULL;
	if (sim_free(sim)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
