/* SPDX-License-Identifier: MIT */
/*
 * A script's host is the Linux below us: a network namespace of its own with
 * a TUN device, whose other end we are. Calls go to the kernel, time is real:
 * what is to come "at once" has WIRE_GRACE to come. Failures here say that
 * what the script expects is not what Linux does.
 */
#ifndef TESTS_PACKET_WIRE_LINUX_H
#define TESTS_PACKET_WIRE_LINUX_H

#include "tests/packet/linux.h"
#include "tests/packet/wire_seen.h"
#include <unistd.h>

#define WIRE_GRACE (100 * SIM_MS)
/* The timer wheel counts far times in steps of up to an eighth of them. */
#define WIRE_LATE(time) ((time) / 8)
#define wire_settle() sim_sleep(5 * SIM_MS)
#define stat(name) wire_linux_stat(#name)
#define time_waits() wire_linux_sockstat("tw")
#define orphans() wire_linux_sockstat("orphan")
#define sysctl(path, value) wire_linux_sysctl(path, value)

static int script_child(void *fn)
{
	((void (*)(void))fn)();
	return prog_failures;
}

/* Twice more when it fails, and again when the machine was late (stolen). */
__attribute__((unused)) static void run_script(void (*fn)(void))
{
	const char *missing = wire_linux_missing();
	int failures = 1, tries = 0;

	if (missing) {
		print_message("skipped: no %s\n", missing);
		_exit(77);
	}
	for (int i = 0; i < 12 && tries < 3 && failures; i++) {
		failures = wire_linux_run(script_child, (void *)fn, wire_saw);
		tries += failures != WIRE_LINUX_LATE;
	}
	assert_int_equal(failures, 0);
}

#endif
