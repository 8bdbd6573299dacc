/* SPDX-License-Identifier: MIT */
/*
 * idle N: N connections that do nothing. Says "ready", waits for a line on
 * standard input, opens them, says "open", waits for another line, ends.
 */
#include "bench/common.h"
#include <sys/resource.h>

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 5000;
	struct rlimit rl;
	struct sockaddr_in a;
	int l = listener(&a, 128);
	char line[16];

	getrlimit(RLIMIT_NOFILE, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (int i = 0; i < n; i++) {
		(void)dial(&a);
		(void)must(accept(l, NULL, NULL));
	}
	puts("open");
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) ? 0 : 1;
}
