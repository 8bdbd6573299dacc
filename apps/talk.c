/* SPDX-License-Identifier: MIT */
#include "apps/talk.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/syssock.h"

#define PORT 5001
#define BACKLOG 1024 /* connections that may wait for accept */
#define PATIENCE_MS 1000 /* for a client to close */

static const struct sockaddr_in server_addr = {
	.sin_family = AF_INET,
	.sin_port = __builtin_bswap16(PORT),
	.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK),
};

/* Says what failed, closes the socket, fails. */
static int give_up(const char *what, int fd)
{
	perror(what);
	if (fd >= 0)
		close(fd);
	return -1;
}

int replyhi_listen(void)
{
	int fd;

	fd = call_socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return give_up("replyhi: socket", fd);
	if (call_bind(fd, (const struct sockaddr *)&server_addr,
		      sizeof(server_addr)) < 0)
		return give_up("replyhi: bind", fd);
	if (call_listen(fd, BACKLOG) < 0)
		return give_up("replyhi: listen", fd);
	return fd;
}

/*
 * The side of a connection that closes first remembers it for a minute
 * (TIME_WAIT), and meanwhile bind() to its port fails. Let that be the client,
 * whose port is a passing one.
 */
static void close_after_client(int fd)
{
	struct pollfd client = { .fd = fd, .events = POLLRDHUP };

	(void)poll(&client, 1, PATIENCE_MS);
	close(fd);
}

static int serve_one(int listener)
{
	char request[1024];
	ssize_t len;
	int fd;

	fd = call_accept(listener, NULL, NULL);
	if (fd < 0)
		return give_up("replyhi: accept", fd);

	/* What a client does wrong is its own trouble: on to the next. */
	len = call_recv(fd, request, sizeof(request), 0);
	if (len < 0) {
		perror("replyhi: recv");
	} else if (len > 0) {
		printf("replyhi: received \"%.*s\"\n", (int)len, request);
		if (call_send(fd, "hi", strlen("hi"), MSG_NOSIGNAL) < 0)
			perror("replyhi: send");
	}
	close_after_client(fd);
	return 0;
}

int replyhi_serve(int listener, unsigned long clients)
{
	unsigned long served;

	for (served = 0; clients == 0 || served < clients; served++)
		if (serve_one(listener) < 0)
			return -1;
	return 0;
}

int hello(void)
{
	char reply[1024];
	ssize_t len;
	int fd;

	fd = call_socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return give_up("hello: socket", fd);
	if (call_connect(fd, (const struct sockaddr *)&server_addr,
			 sizeof(server_addr)) < 0)
		return give_up("hello: connect", fd);
	if (call_send(fd, "hello", strlen("hello"), MSG_NOSIGNAL) < 0)
		return give_up("hello: send", fd);
	len = call_recv(fd, reply, sizeof(reply), 0);
	if (len < 0)
		return give_up("hello: recv", fd);
	printf("hello: received \"%.*s\"\n", (int)len, reply);
	close(fd);
	return 0;
}
