/* SPDX-License-Identifier: MIT */
/*
 * The scripts of one event (one folder), run one after the other under the
 * names FILE/SCRIPT. An argument selects some: "time_wait*".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SCRIPTS 400

static struct CMUnitTest scripts[MAX_SCRIPTS];
static size_t nr_scripts;

void script_add(const char *file, const char *name, void (*fn)(void **state));

/* Called before main(), by each script for itself. */
void script_add(const char *file, const char *name, void (*fn)(void **state))
{
	const char *base = strrchr(file, '/');
	size_t len;
	char *full;

	base = base ? base + 1 : file;
	len = strlen(base) - strlen(".c");
	full = malloc(len + strlen(name) + 2);
	if (!full || nr_scripts == MAX_SCRIPTS)
		abort();
	sprintf(full, "%.*s/%s", (int)len, base, name);
	scripts[nr_scripts].name = full;
	scripts[nr_scripts++].test_func = fn;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return _cmocka_run_group_tests("packet", scripts, nr_scripts, NULL,
				       NULL);
}
