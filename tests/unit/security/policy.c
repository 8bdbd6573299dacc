/* SPDX-License-Identifier: MIT */
/*
 * The grammar of rules and what they deny.
 */
#include "security/security.h"
#include "net/core/sock.h"
#include "security/policy.h"
#include "tests/unit/net/family40.h"
#include "tests/unit/prog.h"
#include <linux/capability.h>
#include <linux/in.h>

/* NULL: the rule is taken; else why not. */
static const char *refused(const char *rule)
{
	const char *why = NULL;

	return security_deny(rule, &why) ? why : NULL;
}

static bool denies_addr(enum policy_hook hook, u32 addr, u32 port)
{
	struct policy_subject s = { 0 };

	policy_set(&s, KEY_ADDR, addr);
	policy_set(&s, KEY_PORT, port);
	return policy_denies(hook, &s);
}

static void prog_grammar(void *arg)
{
	static const char *const good[] = {
		"bind", "socket:family=inet,type=raw", "connect:port=25",
		"cap:net_raw", "cap:cap=13", "bind:port=0-1023",
		"connect:addr=10.0.0.0/8,port=80", "connect:addr=127.0.0.1",
		"setsockopt:level=socket,name=36", "socket:protocol=132",
		"connect:addr=0.0.0.0/0",
	};
	static const char *const bad[] = {
		"", "sockets", "socket:", "socket:family", "socket:family=",
		"socket:family=mars", "socket:port=1", "bind:port=9-1",
		"bind:port=1-", "bind:port=-1", "bind:port=4294967296",
		"connect:addr=1.2.3", "connect:addr=1.2.3.256",
		"connect:addr=1.2.3.4/33", "connect:addr=1.2.3.4/",
		"bind:port=1,port=2", "bind:port=1,", "cap:flying",
		"connect:addr=1.2.3.4.5", "bind port=1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (refused(good[i])) {
			fprintf(stderr, "%s: %s\n", good[i], refused(good[i]));
			prog_failures++;
		}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!refused(bad[i])) {
			fprintf(stderr, "taken: %s\n", bad[i]);
			prog_failures++;
		}
}

static void rules_are_parsed_or_refused(void **state)
{
	run_prog(prog_grammar);
}

static void prog_ranges(void *arg)
{
	EXPECT(denies_addr(HOOK_CONNECT, 0x0a010203, 80), false);
	EXPECT(refused("connect:addr=10.0.0.0/8,port=80-90") != NULL, false);
	EXPECT(policy_asks(HOOK_CONNECT), true);
	EXPECT(policy_asks(HOOK_BIND), false);
	EXPECT(denies_addr(HOOK_CONNECT, 0x0a010203, 79), false);
	EXPECT(denies_addr(HOOK_CONNECT, 0x0a010203, 80), true);
	EXPECT(denies_addr(HOOK_CONNECT, 0x0affffff, 90), true);
	EXPECT(denies_addr(HOOK_CONNECT, 0x0a010203, 91), false);
	EXPECT(denies_addr(HOOK_CONNECT, 0x0b000000, 85), false);
	EXPECT(denies_addr(HOOK_BIND, 0x0a010203, 80), false);
	/* A key that the subject does not have: the rule does not apply. */
	EXPECT(policy_denies(HOOK_CONNECT, &(struct policy_subject){ 0 }),
	       false);
	EXPECT(refused("connect:addr=0.0.0.0/0") != NULL, false);
	EXPECT(denies_addr(HOOK_CONNECT, 0xffffffff, 1), true);
}

static void ranges_and_prefixes_apply(void **state)
{
	run_prog(prog_ranges);
}

static void prog_calls(void *arg)
{
	struct sockaddr_in *a = u_ptr(U_BASE);

	family40_add();
	a->sin_family = AF_INET;
	a->sin_port = htons(25);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_DGRAM, 0), 0);
	EXPECT(refused("socket:family=40,type=stream") != NULL, false);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_DGRAM, 0), 1);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_STREAM, 0), -EACCES);
	EXPECT(refused("connect:port=25") != NULL, false);
	EXPECT(call64(__NR64_connect, 0, U_BASE, 16), -EACCES);
	a->sin_port = htons(26);
	EXPECT(call64(__NR64_connect, 0, U_BASE, 16), 0);
	EXPECT(refused("recvmsg") != NULL, false);
	EXPECT(call64(__NR64_read, 0, U_BASE, 10), -EACCES);
	EXPECT(call64(__NR64_write, 0, U_BASE, 10), 10);
	EXPECT(this_kernel->audit_denied, 3);
	EXPECT(this_kernel->sockets_in_use, 2);
}

static void calls_are_denied_with_eacces(void **state)
{
	run_prog(prog_calls);
}

/* What the family chose is asked about too: a rule on it holds. */
static void prog_protocol(void *arg)
{
	family40_add();
	EXPECT(refused("socket:family=40,protocol=0") != NULL, false);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_DGRAM, 0), -EACCES);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_DGRAM, 5), -EACCES);
	EXPECT(this_kernel->sockets_in_use, 0);
	EXPECT(family40_module.users, 0);
}

static void protocol_is_asked_again_after_create(void **state)
{
	run_prog(prog_protocol);
}

static void prog_cap(void *arg)
{
	EXPECT(capable(CAP_NET_RAW), true);
	EXPECT(refused("cap:net_raw") != NULL, false);
	EXPECT(capable(CAP_NET_RAW), false);
	EXPECT(capable(CAP_NET_ADMIN), true);
	current->cred.caps = 0;
	EXPECT(capable(CAP_NET_ADMIN), false);
}

static void capabilities_can_be_taken(void **state)
{
	run_prog(prog_cap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_parsed_or_refused),
		cmocka_unit_test(ranges_and_prefixes_apply),
		cmocka_unit_test(calls_are_denied_with_eacces),
		cmocka_unit_test(protocol_is_asked_again_after_create),
		cmocka_unit_test(capabilities_can_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
