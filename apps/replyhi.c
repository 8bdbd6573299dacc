/* SPDX-License-Identifier: MIT */
/*
 * replyhi [-n CLIENTS]: a server on 127.0.0.1:5001 that answers "hi".
 *
 * It says "listening" on stdout as soon as clients may come, and ends after
 * CLIENTS of them, or never.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/talk.h"

int main(int argc, char **argv)
{
	unsigned long clients = 0;
	int listener, opt;

	while ((opt = getopt(argc, argv, "n:")) != -1) {
		if (opt != 'n') {
			fprintf(stderr, "usage: replyhi [-n CLIENTS]\n");
			return 2;
		}
		clients = strtoul(optarg, NULL, 10);
	}

	listener = replyhi_listen();
	if (listener < 0)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("listening\n");
	return replyhi_serve(listener, clients) < 0;
}
