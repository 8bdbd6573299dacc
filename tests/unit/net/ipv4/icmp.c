/* SPDX-License-Identifier: MIT */
/*
 * ICMP between hosts: answers, limits, and about what nothing is said.
 */
#include "lib/checksum.h"
#include "net/ipv4/icmp.h"
#include "tests/unit/net/ipv4/hosts.h"

static u8 got[2000];

struct echo {
	struct icmphdr h;
	u8 data[56];
};

static void pinger(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, IPPROTO_ICMP);
	struct echo e = { .h = { .type = ICMP_ECHO } }, *r = (void *)got;

	fill(e.data, sizeof(e.data));
	for (int i = 0; i < 5; i++) {
		e.h.un.echo.sequence = htons((u16)i);
		EXPECT(u_sendto(fd, &e, sizeof(e), R1, 0), sizeof(e));
		EXPECT(u_recv(fd, got, sizeof(got), 0), sizeof(e));
		EXPECT(r->h.type, ICMP_ECHOREPLY);
		EXPECT(r->h.un.echo.sequence, htons((u16)i));
		EXPECT(filled(r->data, sizeof(r->data)), true);
	}
}

static void echo_is_answered(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, pinger, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.icmp[ICMP_MIB_InEchos], 5);
	assert_int_equal(host_b->mib.icmpmsg_out[ICMP_ECHOREPLY], 5);
	assert_int_equal(host_a->mib.icmp[ICMP_MIB_InEchoReps], 5);
	hosts_done();
}

static void broadcast_pinger(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, IPPROTO_ICMP);
	struct echo e = { .h = { .type = ICMP_ECHO } };

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_BROADCAST, 1), 0);
	EXPECT(u_sendto(fd, &e, sizeof(e), A1 | 0xff, 0), sizeof(e));
	sim_sleep(SIM_SEC);
	EXPECT(u_recv(fd, got, sizeof(got), MSG_DONTWAIT), -EAGAIN);
}

static void echo_to_all_is_not_answered(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, broadcast_pinger, NULL);
	hosts_done();
}

static void knocker(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	/* 100 at once, then one a second. */
	for (int i = 0; i < 100; i++)
		EXPECT(u_sendto(fd, "x", 1, R1, 9), 1);
	sim_sleep(10 * SIM_SEC);
	for (int i = 0; i < 10; i++) {
		EXPECT(u_sendto(fd, "x", 1, R1, 9), 1);
		sim_sleep(SIM_SEC + 10 * SIM_MS);
	}
}

/* RFC 1812 4.3.2.8: six at once, then one a second. */
static void errors_are_limited(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, knocker, NULL);
	sim_run(sim, 5 * SIM_SEC);
	assert_int_equal(host_b->mib.icmp[ICMP_MIB_OutDestUnreachs], 6);
	assert_true(host_b->mib.icmp[ICMP_MIB_OutRateLimitHost] > 0);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.icmp[ICMP_MIB_OutDestUnreachs], 16);
	hosts_done();
}

struct raw_packet {
	struct iphdr ip;
	struct icmphdr icmp;
	struct iphdr quoted;
	u8 rest[8];
};

/* Malformed and impertinent messages: nothing may come back. */
static void impertinence(void *arg)
{
	int fd = u_socket(SOCK_RAW, IPPROTO_RAW);
	struct raw_packet p;

	for (int type = 0; type < 256; type++) {
		memset(&p, 0, sizeof(p));
		p.ip.version = 4;
		p.ip.ihl = 5;
		p.ip.ttl = 64;
		p.ip.protocol = IPPROTO_ICMP;
		p.ip.daddr = htonl(R1);
		p.icmp.type = (u8)type;
		p.icmp.code = (u8)(type * 7);
		p.quoted.ihl = (u8)(type & 15);
		p.quoted.protocol = (u8)(type * 3);
		if (type == ICMP_ECHO || type == ICMP_TIMESTAMP)
			continue;
		/* The sum is wrong for some, right for others. */
		p.icmp.checksum = type & 1 ? 0x1234 : 0;
		if (!(type & 1))
			p.icmp.checksum = ip_compute_csum(
				&p.icmp, sizeof(p) - sizeof(p.ip));
		for (size_t n = 20; n <= sizeof(p); n += 4)
			EXPECT(u_sendto(fd, &p, n, R1, 0), n);
	}
}

static void nothing_is_said_about_errors(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, impertinence, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.icmp[ICMP_MIB_OutMsgs], 0);
	assert_true(host_b->mib.icmp[ICMP_MIB_InErrors] > 100);
	hosts_done();
}

static void stranger(void *arg)
{
	int fd = u_socket(SOCK_RAW, 99);

	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_sendto(fd, "hello you", 9, R1, 0), 9);
	sim_sleep(SIM_SEC);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ENOPROTOOPT);
}

static void unknown_protocol_is_told(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, stranger, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_b->mib.ip[IPSTATS_MIB_InUnknownProtos], 1);
	hosts_done();
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(echo_is_answered),	     T(echo_to_all_is_not_answered),
		T(errors_are_limited),	     T(nothing_is_said_about_errors),
		T(unknown_protocol_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
