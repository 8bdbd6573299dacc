/* SPDX-License-Identifier: MIT */
/* pingpong N: TCP round trips of one byte a second, between two processes. */
#include "bench/common.h"

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000, one = 1;
	struct sockaddr_in a;
	int l = listener(&a, 1), fd;
	pid_t pid = must(fork());
	double start;
	char c = 'x';

	if (pid == 0) {
		fd = must(accept(l, NULL, NULL));
		must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
				sizeof(one)));
		while (must(recv(fd, &c, 1, 0)) == 1)
			must(send(fd, &c, 1, 0));
		return 0;
	}
	fd = dial(&a);
	must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)));
	start = now();
	for (int i = 0; i < n; i++) {
		must(send(fd, &c, 1, 0));
		if (must(recv(fd, &c, 1, 0)) != 1)
			return 1;
	}
	printf("%.0f\n", n / (now() - start));
	close(fd);
	must(waitpid(pid, NULL, 0));
	return 0;
}
