/* SPDX-License-Identifier: MIT */
/* connect N: connections made, accepted and closed a second. */
#include "bench/common.h"

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 5000;
	struct sockaddr_in a;
	int l = listener(&a, 128), fd;
	pid_t pid = must(fork());
	double start;
	char c;

	if (pid == 0) {
		for (int i = 0; i < n; i++)
			close(must(accept(l, NULL, NULL)));
		return 0;
	}
	start = now();
	for (int i = 0; i < n; i++) {
		fd = dial(&a);
		/* The other side closes first and keeps the TIME_WAIT. */
		if (must(recv(fd, &c, 1, 0)) != 0)
			return 1;
		close(fd);
	}
	printf("%.0f\n", n / (now() - start));
	must(waitpid(pid, NULL, 0));
	return 0;
}
