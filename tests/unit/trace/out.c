/* SPDX-License-Identifier: MIT */
/* What a trace is written with: text, names, packets, filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* the core has one of its own */

#include "trace/out/filter.h"
#include "trace/out/names.h"
#include "trace/out/out.h"
#include "trace/out/text.h"

static struct text t;

#define assert_text(want)                       \
	do {                                    \
		text_char(&t, '\0');            \
		assert_string_equal(t.s, want); \
		text_clear(&t);                 \
	} while (0)

static int done(void **state)
{
	text_free(&t);
	return 0;
}

static void numbers(void **state)
{
	text_dec(&t, INT64_MIN);
	text_char(&t, ' ');
	text_dec(&t, 0);
	text_char(&t, ' ');
	text_hex(&t, 0xdeadbeefUL);
	text_char(&t, ' ');
	text_hex(&t, 0);
	assert_text("-9223372036854775808 0 0xdeadbeef 0x0");
	text_ns(&t, 11200);
	text_ns(&t, 3400000);
	text_ns(&t, 1200000000);
	assert_text("11.2us3.4ms1.20s");
	/* longer than what text_printf() has room for itself */
	text_printf(&t, "%300d", 7);
	assert_int_equal(t.len, 300);
	text_clear(&t);
}

static void strings_quoted(void **state)
{
	text_quoted(&t, "a\"\n\0\x7f", 5, true);
	assert_text("\"a\\\"\\n\\x00\\x7f\"...");
}

static void json_is_always_utf8(void **state)
{
	text_json(&t, "\"\\\x01", 3);
	assert_text("\"\\\"\\\\\\u0001\"");
	text_json(&t, "\xc3\xa9\xe2\x82\xac", 5);
	assert_text("\"\xc3\xa9\xe2\x82\xac\"");
	/* alone, cut short, overlong, a surrogate */
	text_json(&t, "\xff\xc3", 2);
	assert_text("\"\\u00ff\\u00c3\"");
	text_json(&t, "\xc0\xaf", 2);
	assert_text("\"\\u00c0\\u00af\"");
	text_json(&t, "\xed\xa0\x80", 3);
	assert_text("\"\\u00ed\\u00a0\\u0080\"");
}

static void constants_named(void **state)
{
	text_name(&t, NAMES_FAMILY, 2);
	text_char(&t, ' ');
	text_name(&t, NAMES_TYPE, 1 | 02000000);
	text_char(&t, ' ');
	text_name(&t, NAMES_MSG, 0x4040);
	text_char(&t, ' ');
	text_name(&t, NAMES_MSG, 0);
	text_char(&t, ' ');
	text_name(&t, NAMES_FAMILY, 99);
	assert_text("AF_INET SOCK_STREAM|SOCK_CLOEXEC "
		    "MSG_DONTWAIT|MSG_NOSIGNAL 0 99");
	text_name(&t, NAMES_MSG, (int)0x80000000);
	assert_text("MSG_CMSG_COMPAT");
	text_option(&t, 6, 1);
	text_char(&t, ' ');
	text_option(&t, 1, 2);
	text_char(&t, ' ');
	text_option(&t, 1, 999);
	assert_text("TCP_NODELAY SO_REUSEADDR 999");
	assert_string_equal(errno_name(111), "ECONNREFUSED");
	assert_string_equal(errno_name(512), "ERESTARTSYS");
}

static void addresses(void **state)
{
	static const uint8_t in[16] = { 2, 0, 0x13, 0x89, 127, 0, 0, 1 };
	uint8_t in6[28] = { 10, 0, 0, 80 };

	text_sockaddr(&t, in, sizeof(in));
	assert_text("127.0.0.1:5001");
	in6[23] = 1;
	text_sockaddr(&t, in6, sizeof(in6));
	assert_text("[::1]:80");
	in6[8] = 0x20;
	in6[9] = 1;
	in6[13] = 7;
	text_sockaddr(&t, in6, sizeof(in6));
	assert_text("[2001:0:7::1]:80");
	text_sockaddr(&t, "\x01\x00/run/x", 8);
	assert_text("unix:/run/x");
	text_sockaddr(&t, "\x01\x00\0hidden", 9);
	assert_text("unix:@hidden");
	text_sockaddr(&t, in, 4);
	assert_text("{AF_INET}");
	text_sockaddr(&t, in, 1);
	assert_text("{}");
}

static void put32(uint8_t *p, uint32_t v)
{
	put_unaligned_be32(v, p);
}

/* IPv4 and TCP headers; @len bytes behind them are only said to be there. */
static void segment(uint8_t p[40], uint8_t flags, uint32_t seq, uint32_t ack)
{
	memset(p, 0, 40);
	p[0] = 0x45;
	p[9] = 6;
	put32(p + 12, 0x7f000001);
	put32(p + 16, 0x7f000001);
	put32(p + 20, 40000u << 16 | 5001);
	put32(p + 24, seq);
	put32(p + 28, ack);
	p[32] = 5 << 4;
	p[33] = flags;
	p[34] = 1;
}

static void packets_told(void **state)
{
	uint8_t p[40];

	segment(p, 2, 1000, 0);
	packet_text(&t, p, sizeof(p), 40);
	assert_text("127.0.0.1:40000 > 127.0.0.1:5001 SYN seq 0 win 256 len 0");
	segment(p, 0x18, 1001, 0);
	packet_text(&t, p, sizeof(p), 45);
	assert_text("127.0.0.1:40000 > 127.0.0.1:5001 PSH ACK seq 1 ack 0 "
		    "win 256 len 5");
	p[9] = 17;
	packet_text(&t, p, sizeof(p), 33);
	assert_text("127.0.0.1:40000 > 127.0.0.1:5001 UDP len 5");
	p[9] = 1;
	p[20] = 8;
	packet_text(&t, p, sizeof(p), 40);
	assert_string_not_equal(t.s, "");
	text_clear(&t);
}

/* Headers that lie about their lengths are read no further than they are. */
static void short_packets_safe(void **state)
{
	uint8_t p[64];

	for (int first = 0; first < 256; first++) {
		for (size_t len = 0; len <= 40; len++) {
			uint8_t *exact = malloc(len + 1);

			segment(p, 0x12, 1, 1);
			p[0] = first;
			p[32] = first;
			memcpy(exact, p, len);
			packet_text(&t, exact, len, 1500);
			free(exact);
			text_clear(&t);
		}
	}
}

static void filters_parsed(void **state)
{
	static const char *const good[] = {
		"call=connect", "call=connect,sendto",
		"socket=s2,s3", "socket=4",
		"pid=1,2",	"errors",
		"slow=1ms",	"slow=0.5s",
		"slow=200",
	};
	static const char *const bad[] = {
		"",	    "call",	"call=,", "socket=", "socket=p5",
		"socket=s", "pid=x",	"slow=",  "slow=1m", "slow=-1s",
		"slow=-65536", "slow=1e300s", "slow=nan", "slow=inf",
		"slow=0",   "errors=1", "nice=1",
	};
	struct filter f;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		f = (struct filter){ 0 };
		assert_null(filter_parse(&f, good[i]));
		filter_free(&f);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		f = (struct filter){ 0 };
		assert_non_null(filter_parse(&f, bad[i]));
		filter_free(&f);
	}
}

static void filters_hold_all(void **state)
{
	struct call c = { .pid = 7, .sock = 2, .ret = -111, .end = 5000 };
	struct filter f = { 0 };

	assert_null(filter_parse(&f, "socket=s2"));
	assert_null(filter_parse(&f, "errors"));
	assert_null(filter_parse(&f, "slow=4us"));
	assert_true(filter_needs_end(&f));
	assert_true(filter_at_end(&f, &c));
	c.end = 3000;
	assert_false(filter_at_end(&f, &c));
	c.end = 5000;
	c.ret = 0;
	assert_false(filter_at_end(&f, &c));
	c.ret = -111;
	c.sock = 3;
	assert_false(filter_at_end(&f, &c));
	filter_free(&f);
	assert_null(filter_parse(&f, "pid=6,7"));
	assert_true(filter_at_entry(&f, &c));
	c.pid = 8;
	assert_false(filter_at_entry(&f, &c));
	filter_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(strings_quoted),
		cmocka_unit_test(json_is_always_utf8),
		cmocka_unit_test(constants_named),
		cmocka_unit_test(addresses),
		cmocka_unit_test(packets_told),
		cmocka_unit_test(short_packets_safe),
		cmocka_unit_test(filters_parsed),
		cmocka_unit_test(filters_hold_all),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
