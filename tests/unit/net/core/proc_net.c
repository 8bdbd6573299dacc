/* SPDX-License-Identifier: MIT */
/* /proc/net and /proc/sys/net: what they say, and what they let be said. */
#include "drivers/net/link.h"
#include "net/core/proc_net.h"
#include "net/ipv4/inetdevice.h"

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

static void is(struct net *net, const char *path, const char *value)
{
	assert_int_equal(sys_read(net, path), 0);
	text[strlen(text) - 1] = '\0'; /* the end of the line */
	assert_string_equal(text, value);
}

static void set(struct net *net, const char *path, const char *value)
{
	assert_int_equal(sys_write(net, path, value), 0);
}

/* Tried on Linux, with TUN devices that were made as the links here. */
static void settings_of_devices_begin_as_the_default(void **state)
{
	static const struct link_params wire;
	struct sim *s = sim_new(1);
	struct net *net = sim_host(s, "a");

	set(net, "ipv4/conf/default/log_martians", "6");
	assert_int_equal(link_add(net, "d0", sim_host0(s), "d0", &wire), 0);
	is(net, "ipv4/conf/d0/log_martians", "6");
	/* A setting of the default's that was set before is the device's own. */
	set(net, "ipv4/conf/default/log_martians", "7");
	is(net, "ipv4/conf/d0/log_martians", "6");
	/* Another one follows, until it is set, or the device has an address. */
	set(net, "ipv4/conf/default/rp_filter", "1");
	is(net, "ipv4/conf/d0/rp_filter", "1");
	set(net, "ipv4/conf/d0/rp_filter", "-1");
	set(net, "ipv4/conf/default/rp_filter", "2");
	is(net, "ipv4/conf/d0/rp_filter", "-1");
	is(net, "ipv4/conf/all/rp_filter", "0");
	set(net, "ipv4/conf/default/route_localnet", "1");
	is(net, "ipv4/conf/d0/route_localnet", "1");
	assert_int_equal(inet_addr_add(dev_get_by_name(net, "d0"),
				       htonl(0x0a010101), 24),
			 0);
	set(net, "ipv4/conf/default/route_localnet", "0");
	is(net, "ipv4/conf/d0/route_localnet", "1");
	link_del(dev_get_by_name(net, "d0"));
	assert_int_equal(sys_read(net, "ipv4/conf/d0/rp_filter"), -ENOENT);
	sim_free(s);
}

static void forwarding_is_that_of_all(void **state)
{
	struct sim *s = sim_new(1);
	struct net *net = sim_host0(s);

	set(net, "ipv4/conf/default/forwarding", "1");
	is(net, "ipv4/conf/lo/forwarding", "0");
	is(net, "ipv4/ip_forward", "0");
	set(net, "ipv4/ip_forward", "2");
	is(net, "ipv4/ip_forward", "2");
	is(net, "ipv4/conf/all/forwarding", "2");
	is(net, "ipv4/conf/default/forwarding", "2");
	is(net, "ipv4/conf/lo/forwarding", "2");
	is(net, "ipv4/conf/all/accept_redirects", "0");
	is(net, "ipv4/conf/lo/accept_redirects", "1");
	/* To say it once more changes nothing. */
	set(net, "ipv4/conf/lo/forwarding", "0");
	set(net, "ipv4/conf/all/forwarding", "2");
	is(net, "ipv4/conf/lo/forwarding", "0");
	set(net, "ipv4/conf/all/forwarding", "0");
	is(net, "ipv4/ip_forward", "0");
	is(net, "ipv4/conf/all/accept_redirects", "1");
	for (const char *const *bad =
		     (const char *const[]){ "", "\n", "x", "99999999999", NULL };
	     *bad; bad++) {
		assert_int_equal(sys_write(net, "ipv4/ip_forward", *bad),
				 -EINVAL);
		assert_int_equal(sys_write(net, "ipv4/conf/lo/forwarding",
					   *bad),
				 -EINVAL);
	}
	assert_int_equal(sys_read(net, "ipv4/conf/none/forwarding"), -ENOENT);
	assert_int_equal(sys_read(net, "ipv4/conf/lo/none"), -ENOENT);
	assert_int_equal(sys_read(net, "ipv4/conf/lo"), -ENOENT);
	assert_int_equal(
		sys_read(net, "ipv4/conf/a-name-that-is-too-long/forwarding"),
		-ENOENT);
	sim_free(s);
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
		cmocka_unit_test(settings_of_devices_begin_as_the_default),
		cmocka_unit_test(forwarding_is_that_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
