/* SPDX-License-Identifier: MIT */
/*
 * passfd CHILD: sockets passed between two programs by SCM_RIGHTS. CHILD is
 * this program too, perhaps of the other width, and runs with an AF_UNIX
 * socket as descriptor 3.
 */
#include "tests/apps/src/must.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define CHANNEL 3 /* the child's end of the AF_UNIX pair */
#define MANY 10
#define SIZE 100000

/* ---- the channel ---- */

static void send_fds(int channel, const int *fds, int count)
{
	char control[CMSG_SPACE(MANY * sizeof(int))] = {};
	struct iovec byte = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
	claim(must(sendmsg(channel, &msg, 0)) == 1);
}

static void receive_fds(int channel, int *fds, int count, int flags)
{
	char byte[2], control[CMSG_SPACE(MANY * sizeof(int))];
	struct iovec part = { byte, sizeof(byte) };
	struct msghdr msg = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;

	claim(must(recvmsg(channel, &msg, flags)) == 1);
	claim(!(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)));
	cmsg = CMSG_FIRSTHDR(&msg);
	claim(cmsg && cmsg->cmsg_type == SCM_RIGHTS);
	claim(cmsg->cmsg_len == CMSG_LEN(count * sizeof(int)));
	memcpy(fds, CMSG_DATA(cmsg), count * sizeof(int));
}

/* ---- sockets ---- */

static int listener(void)
{
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));

	must(listen(fd, 100)); /* binds to a free port */
	return fd;
}

static int connect_to(int listener)
{
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	must(getsockname(listener, (struct sockaddr *)&address, &len));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

static void check_socket(int fd)
{
	int type;
	socklen_t len = sizeof(type);
	struct stat st;

	must(fstat(fd, &st));
	claim(S_ISSOCK(st.st_mode));
	must(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len));
	claim(len == sizeof(type) && type == SOCK_STREAM);
}

static void write_all(int fd, const unsigned char *data, size_t len)
{
	ssize_t put;

	for (; len; data += put, len -= put)
		put = must(write(fd, data, len));
}

static size_t read_all(int fd, unsigned char *data, size_t len)
{
	size_t done = 0;
	ssize_t got;

	while (done < len && (got = must(read(fd, data + done, len - done))))
		done += got;
	return done;
}

static void echo_until_end(int fd)
{
	static unsigned char buffer[8192];
	ssize_t got;

	while ((got = must(read(fd, buffer, sizeof(buffer)))))
		write_all(fd, buffer, got);
	must(close(fd));
}

/* Half of it, the other half, the end: it must come back the same. */
static void converse(int fd, int number)
{
	static unsigned char data[SIZE];
	size_t half = SIZE / 2;

	fill(data, SIZE, number);
	write_all(fd, data, half);
	memset(data, 0, half);
	claim(read_all(fd, data, half) == half);
	fill(data + half, half, number);
	write_all(fd, data + half, half);
	must(shutdown(fd, SHUT_WR));
	claim(read_all(fd, data + half, half) == half);
	claim(matches(data, half, number));
	claim(matches(data + half, half, number));
	claim(must(read(fd, data, SIZE)) == 0);
	must(close(fd));
}

/* ---- the exchange, both sides of each part ---- */

/* The child gets a connection; the parent's own descriptor is closed. */
static void parent_passes_a_connection(int channel, int server)
{
	int client = connect_to(server);
	int fd = must(accept(server, NULL, NULL));

	send_fds(channel, &fd, 1);
	must(close(fd));
	converse(client, 1);
}

static void child_echoes_on_it(void)
{
	int fd;

	receive_fds(CHANNEL, &fd, 1, MSG_CMSG_CLOEXEC);
	claim(must(fcntl(fd, F_GETFD)) == FD_CLOEXEC);
	check_socket(fd);
	echo_until_end(fd);
}

/* Many at once: a pipe among them, and one connection twice. */
static void parent_passes_many(int channel, int server)
{
	int clients[MANY - 2], ends[2], fds[MANY], i;
	char byte;

	must(pipe(ends));
	for (i = 0; i < MANY - 2; i++) {
		clients[i] = connect_to(server);
		fds[i] = must(accept(server, NULL, NULL));
	}
	fds[MANY - 2] = ends[1];
	fds[MANY - 1] = fds[0];
	send_fds(channel, fds, MANY);
	for (i = 0; i < MANY - 1; i++)
		must(close(fds[i]));
	for (i = 0; i < MANY - 2; i++)
		converse(clients[i], i);
	claim(must(read(ends[0], &byte, 1)) == 1 && byte == 'p');
	claim(must(read(ends[0], &byte, 1)) == 0);
	must(close(ends[0]));
}

static void child_serves_many(void)
{
	int fds[MANY], i;

	receive_fds(CHANNEL, fds, MANY, 0);
	claim(must(fcntl(fds[0], F_GETFD)) == 0);
	must(close(fds[0])); /* the last one is the same */
	echo_until_end(fds[MANY - 1]);
	for (i = 1; i < MANY - 2; i++)
		echo_until_end(fds[i]);
	claim(must(write(fds[MANY - 2], "p", 1)) == 1);
	must(close(fds[MANY - 2]));
}

/* The parent accepts on a listener that the child made and has closed. */
static void parent_gets_a_listener(int channel)
{
	int client, fd, server;

	receive_fds(channel, &server, 1, 0);
	client = connect_to(server);
	fd = must(accept(server, NULL, NULL));
	must(close(server));
	send_fds(channel, &client, 1);
	must(close(client));
	converse(fd, 3);
}

static void child_makes_a_listener(void)
{
	int fd = listener();

	send_fds(CHANNEL, &fd, 1);
	must(close(fd));
	receive_fds(CHANNEL, &fd, 1, 0);
	echo_until_end(fd);
}

/* A connection in a message that nobody takes: its peer sees the end. */
static void message_is_lost(int server)
{
	int client = connect_to(server), fd = must(accept(server, NULL, NULL));
	int channel[2];
	char byte;

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, channel));
	send_fds(channel[0], &fd, 1);
	must(close(fd));
	must(close(channel[0]));
	must(close(channel[1]));
	claim(must(read(client, &byte, 1)) == 0);
	must(close(client));
}

/* The last thing the child does is to become cat on a connection. */
static void parent_talks_to_cat(int channel, int server)
{
	int client = connect_to(server), fd = must(accept(server, NULL, NULL));

	send_fds(channel, &fd, 1);
	must(close(fd));
	converse(client, 4);
}

static void child_becomes_cat(void)
{
	int fd;

	receive_fds(CHANNEL, &fd, 1, MSG_CMSG_CLOEXEC);
	must(dup2(fd, 0));
	must(dup2(fd, 1));
	must(execlp("cat", "cat", NULL));
}

static pid_t start_child(const char *program, int channel)
{
	pid_t pid = must(fork());

	if (pid == 0) {
		if (channel == CHANNEL)
			must(fcntl(channel, F_SETFD, 0));
		else
			must(dup2(channel, CHANNEL));
		must(execl(program, program, NULL));
	}
	must(close(channel));
	return pid;
}

int main(int argc, char **argv)
{
	int channel[2], server, status;
	pid_t child;

	if (argc < 2) {
		child_echoes_on_it();
		child_serves_many();
		child_makes_a_listener();
		child_becomes_cat();
	}
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
	child = start_child(argv[1], channel[1]);
	server = listener();
	parent_passes_a_connection(channel[0], server);
	parent_passes_many(channel[0], server);
	parent_gets_a_listener(channel[0]);
	parent_talks_to_cat(channel[0], server);
	must(waitpid(child, &status, 0));
	claim(status == 0);
	message_is_lost(server);
	return 0;
}
