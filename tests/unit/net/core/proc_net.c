/* SPDX-License-Identifier: MIT */
/* /proc/net and /proc/sys/net: what they say, and what they let be said. */
#include "net/core/proc_net.h"

#include "kernel/kernel.h"
#include "lib/string.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>

static char text[65536];

static int proc(struct net *net, const char *path)
{
	struct seq s;
	int err;

	seq_init(&s);
	err = proc_net_read(net, path, &s);
	memcpy(text, s.buf ? s.buf : "", s.len);
	text[s.len] = '\0';
	seq_free(&s);
	return err;
}

static int sys_read(struct net *net, const char *path)
{
	struct seq s;
	int err;

	seq_init(&s);
	err = proc_sys_read(net, path, &s);
	memcpy(text, s.buf ? s.buf : "", s.len);
	text[s.len] = '\0';
	seq_free(&s);
	return err;
}

static void every_file_can_be_read(void **state)
{
	struct sim *s = sim_new(1);
	const char *name;

	for (unsigned int i = 0; (name = proc_net_name(i)); i++)
		assert_int_equal(proc(sim_host0(s), name), 0);
	assert_int_equal(proc(sim_host0(s), "tcp6"), -ENOENT);
	assert_int_equal(proc(sim_host0(s), ""), -ENOENT);
	assert_int_equal(sim_free(s), 0);
}

static void lines_have_the_width_of_linux(void **state)
{
	struct sim *s = sim_new(1);

	assert_int_equal(proc(sim_host0(s), "tcp"), 0);
	assert_int_equal(strlen(text), 150);
	assert_int_equal(proc(sim_host0(s), "udp"), 0);
	assert_int_equal(strlen(text), 128);
	assert_int_equal(proc(sim_host0(s), "route"), 0);
	assert_int_equal(strlen(text), 128);
	assert_int_equal(proc(sim_host0(s), "dev"), 0);
	assert_non_null(strstr(text, "\n    lo: "));
	assert_int_equal(proc(sim_host0(s), "snmp"), 0);
	assert_non_null(strstr(text, "\nIp: 2 64 "));
	assert_non_null(strstr(text, "\nTcp: 1 200 120000 -1 "));
	assert_int_equal(proc(sim_host0(s), "if_inet6"), 0);
	assert_string_equal(text, "");
	assert_int_equal(sim_free(s), 0);
}

static int sys_write(struct net *net, const char *path, const char *value)
{
	return proc_sys_write(net, path, value, strlen(value));
}

static void settings_are_checked_and_kept(void **state)
{
	struct sim *s = sim_new(1);
	struct net *net = sim_host0(s);

	assert_int_equal(sys_read(net, "core/somaxconn"), 0);
	assert_string_equal(text, "4096\n");
	assert_int_equal(sys_write(net, "core/somaxconn", "128\n"), 0);
	assert_int_equal(sys_read(net, "core/somaxconn"), 0);
	assert_string_equal(text, "128\n");
	assert_int_equal(sys_write(net, "core/somaxconn", "-1"), -EINVAL);
	assert_int_equal(sys_write(net, "core/rmem_max", "5"), -EINVAL);
	assert_int_equal(sys_read(net, "ipv4/ip_local_port_range"), 0);
	assert_string_equal(text, "32768\t60999\n");
	assert_int_equal(sys_write(net, "ipv4/ip_local_port_range", "9 5"),
			 -EINVAL);
	assert_int_equal(
		sys_write(net, "ipv4/ip_local_port_range", "1024 65535"), 0);
	assert_int_equal(sys_read(net, "ipv4/ip_local_port_range"), 0);
	assert_string_equal(text, "1024\t65535\n");
	/* What is not given stays. */
	assert_int_equal(sys_write(net, "ipv4/tcp_rmem", "1 2"), 0);
	assert_int_equal(sys_read(net, "ipv4/tcp_rmem"), 0);
	assert_string_equal(text, "1\t2\t6291456\n");
	assert_int_equal(sys_write(net, "ipv4/tcp_rmem", "0 2 3"), -EINVAL);
	assert_int_equal(sys_read(net, "ipv4/tcp_keepalive_time"), 0);
	assert_string_equal(text, "7200\n");
	assert_int_equal(sys_write(net, "ipv4/tcp_keepalive_time", "60"), 0);
	assert_int_equal(sys_read(net, "ipv4/tcp_keepalive_time"), 0);
	assert_string_equal(text, "60\n");
	assert_int_equal(sys_write(net, "ipv4/tcp_sack", "x"), -EINVAL);
	assert_int_equal(sys_write(net, "ipv4/tcp_timestamps", "256"), -EINVAL);
	assert_int_equal(sys_read(net, "ipv4/tcp_notsent_lowat"), 0);
	assert_string_equal(text, "4294967295\n");
	assert_int_equal(
		sys_write(net, "ipv4/tcp_congestion_control", "nosuch"),
		-ENOENT);
	assert_int_equal(
		sys_write(net, "ipv4/tcp_congestion_control", "reno\n"), 0);
	assert_int_equal(sys_read(net, "ipv4/tcp_congestion_control"), 0);
	assert_string_equal(text, "reno\n");
	assert_int_equal(sys_read(net, "ipv4/no_such_thing"), -ENOENT);
	assert_int_equal(sys_read(net, "ipv4"), -ENOENT);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_can_be_read),
		cmocka_unit_test(lines_have_the_width_of_linux),
		cmocka_unit_test(settings_are_checked_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
