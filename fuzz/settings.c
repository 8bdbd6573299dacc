/* SPDX-License-Identifier: MIT */
/*
 * What users write as text: settings of /proc/sys/net, rules of --deny,
 * filters of `trapgate trace -e`.
 *
 * The input is a list of texts. A setting is written under a name that exists,
 * read back, and kept for the two hosts' connection that follows: whatever was
 * set, its stream must arrive whole or fail, nobody waits for ever, and the
 * files of /proc/net can be read at any time of it.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fuzz/input.h"
#include "net/core/proc_net.h"
#include "security/security.h"
#include "trace/out/filter.h"

#include <stdlib.h>

#define BYTES 60000

const size_t fuzz_input_max = 1024;

static struct input in;
static char text[64];

/* The name of a setting, mostly of net/ipv4. */
static void some_name(char *name, size_t size)
{
	static const char *const others[] = {
		"core/somaxconn",     "core/rmem_max",
		"core/wmem_max",      "core/rmem_default",
		"core/wmem_default",  "core/netdev_max_backlog",
		"ipv4/conf/all/forwarding", "ipv4/none",
		"ipv4/conf/default/rp_filter", "ipv4/conf/lo/forwarding",
		"ipv4/conf/eth0/route_localnet", "ipv4/conf/none/tag",
	};
	u32 i = in_below(&in, 256);

	if (i < ARRAY_SIZE(others))
		snprintf(name, size, "%s", others[i]);
	else
		snprintf(name, size, "ipv4/%s",
			 ipv4_ctl_set.rows[i % ipv4_ctl_set.nr_rows].name);
}

static void some_numbers(void)
{
	static const s64 odd[] = { -1,	   0,	      1,       2,
				   3,	   255,	      256,     4096,
				   65535,  65536,     1000000, INT32_MAX,
				   1LL << 31, INT32_MIN, 1LL << 32, INT64_MAX };
	size_t n = 0;

	for (unsigned int i = 1 + in_below(&in, 3); i; i--) {
		s64 v = in_u8(&in) & 1 ? odd[in_below(&in, 16)] :
					 (s64)in_u16(&in);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%lld%s",
				      (long long)v, i > 1 ? "\t" : "\n");
		n = min(n, sizeof(text) - 1);
	}
}

/* Any bytes: up to a NUL for who takes strings. */
static void some_text(void)
{
	size_t n = in_below(&in, sizeof(text));

	in_bytes(&in, text, n);
	text[n] = '\0';
}

static void read_files(struct net *net)
{
	const char *name;
	struct seq s;

	for (unsigned int i = 0; (name = proc_net_name(i)); i++) {
		seq_init(&s);
		(void)proc_net_read(net, name, &s);
		seq_free(&s);
	}
}

static void set(void)
{
	static const char *const words[] = { "cubic\n", "reno\n", "bbr\n",
					     "cubic reno bbr\n" };
	struct net *net = in_u8(&in) & 1 ? host_a : host_b;
	u8 how = in_u8(&in);
	char name[64];
	struct seq s;

	some_name(name, sizeof(name));

	if (how & 1)
		some_numbers();
	else if (how & 2)
		strcpy(text, words[in_below(&in, 4)]);
	else
		some_text();
	(void)proc_sys_write(net, how & 0xf0 ? name : text, text,
			     how & 8 ? strlen(text) : in_below(&in, 64));
	seq_init(&s);
	(void)proc_sys_read(net, name, &s);
	seq_free(&s);
}

/* The words that mean something, joined by chance. */
static void some_rule(void)
{
	static const char *const parts[] = {
		"socket", "bind", "connect", "cap", ":", ",", "=", "-",
		"family", "type", "port", "addr", "inet", "raw", "tcp", "1",
		"65536", "10.0.0.1/24", "call=", "socket=s", "pid=", "slow=",
		"us", "errors", "4294967296", ".", "/", "255.255.255.255",
	};
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int i = 1 + in_below(&in, 9); i; i--) {
		const char *p = parts[in_below(&in, ARRAY_SIZE(parts))];

		if (n + strlen(p) >= sizeof(text))
			break;
		strcpy(text + n, p);
		n += strlen(p);
	}
}

static void rule(void)
{
	struct filter f = { 0 };
	const char *why = NULL;

	if (in_u8(&in) & 3)
		some_rule();
	else
		some_text();
	if (security_deny(text, &why) && !why) {
		fprintf(stderr, "refused without a word: %s\n", text);
		abort();
	}
	for (unsigned int i = 1 + in_below(&in, 40); i; i--)
		(void)filter_parse(&f, text);
	filter_free(&f);
}

/* The connection */

static u32 sent, got;
static bool complete, failed;

static void server(void *arg)
{
	const long patience[2] = { 5000, 0 };
	static u8 buf[9000];
	long fd, l = u_socket(SOCK_STREAM, 0), n;

	(void)arg;
	(void)sim_call(__NR_setsockopt, l, (long)SOL_SOCKET,
		       (long)SO_RCVTIMEO_OLD, U(patience), sizeof(patience));
	(void)u_bind((int)l, 0, PORT);
	(void)u_listen(l, 5);
	fd = u_accept(l, 0);
	if (fd < 0)
		return;
	(void)sim_call(__NR_setsockopt, fd, (long)SOL_SOCKET,
		       (long)SO_RCVTIMEO_OLD, U(patience), sizeof(patience));
	while ((n = u_recv((int)fd, buf, sizeof(buf), 0)) > 0) {
		if (!pattern_ok(buf, got, (size_t)n)) {
			fprintf(stderr, "wrong bytes at %u\n", got);
			abort();
		}
		if (!got)
			read_files(host_b);
		got += (u32)n;
	}
	complete = !n;
	(void)u_close(fd);
}

static void client(void *arg)
{
	const long patience[2] = { 5000, 0 };
	static u8 buf[BYTES];
	int fd = u_socket(SOCK_STREAM, 0), u;
	long n = 0;

	(void)arg;
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
		       (long)SO_SNDTIMEO_OLD, U(patience), sizeof(patience));
	pattern_fill(buf, 0, sizeof(buf));
	u = u_socket(SOCK_DGRAM, 0);
	(void)u_connect(u, R1, PORT);
	(void)u_send(u, buf, 3000, MSG_DONTWAIT);
	failed = u_connect(fd, R1, PORT) < 0;
	while (!failed && sent < BYTES) {
		n = u_send(fd, buf + sent, BYTES - sent, MSG_NOSIGNAL);
		if (n <= 0) {
			failed = true;
			break;
		}
		sent += (u32)n;
	}
	read_files(host_a);
	(void)u_close(fd);
}

static void quiet(int level, const char *line)
{
	(void)level;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct net_device *dev;

	in = (struct input){ data, size };
	sent = got = 0;
	complete = failed = false;
	two_hosts(&plain_link);
	sim_log(sim, quiet);
	dev = dev_get_by_name(host_b, "eth0");
	for (int i = 0; i < 30 && in.left; i++)
		if (in_u8(&in) & 7)
			set();
		else
			rule();
	(void)sim_spawn(sim, host_b, server, NULL);
	(void)sim_spawn(sim, host_a, client, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	if (complete && !failed && got != sent) {
		fprintf(stderr, "%u bytes of %u, and nobody was told\n", got,
			sent);
		abort();
	}
	link_del(dev);
	if (sim_running(sim) || sim_free(sim)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
