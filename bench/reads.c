/* SPDX-License-Identifier: MIT */
/* reads FILE N: reads of 4 KiB of a cached file a second. */
#include "bench/common.h"
#include <fcntl.h>

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 1000000;
	int fd = must(open(argv[1], O_RDONLY));
	static char buf[4096];
	double start = now();

	for (int i = 0; i < n; i++)
		if (must(read(fd, buf, sizeof(buf))) < (int)sizeof(buf))
			must((int)lseek(fd, 0, SEEK_SET));
	printf("%.0f\n", n / (now() - start));
	return 0;
}
