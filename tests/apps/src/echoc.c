/* SPDX-License-Identifier: MIT */
/*
 * echoc COUNT: asks echod over COUNT TCP connections at once and with COUNT
 * datagrams, and checks every byte and what the options say meanwhile.
 */
#include "tests/apps/src/must.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/uio.h>

#define BATCH 8
#define MAX_DATA 20000

static unsigned char data[MAX_DATA + 1];

static size_t size_of(int number)
{
	return 1 + number * 7919 % MAX_DATA;
}

static int open_connection(void)
{
	struct sockaddr_in address = loopback(PORT);
	struct timeval patience = { .tv_sec = 20 };
	socklen_t len = sizeof(patience);
	int fd, one = 1;

	fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)));
	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, len));
	memset(&patience, 0, sizeof(patience));
	must(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, &len));
	claim(len == sizeof(patience) && patience.tv_sec == 20);
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

static void check_names(int fd)
{
	struct sockaddr_in address;
	struct tcp_info info;
	socklen_t len;

	len = sizeof(address);
	must(getpeername(fd, (struct sockaddr *)&address, &len));
	claim(len == sizeof(address) && address.sin_port == htons(PORT));
	len = sizeof(address);
	must(getsockname(fd, (struct sockaddr *)&address, &len));
	claim(address.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	len = sizeof(info);
	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len));
	claim(info.tcpi_state == TCP_ESTABLISHED);
	claim(info.tcpi_snd_mss > 500 && info.tcpi_snd_cwnd > 0);
}

/* In three parts, one of them empty. */
static void ask(int fd, int number)
{
	size_t len = size_of(number);
	struct iovec parts[] = {
		{ data, len / 3 },
		{ NULL, 0 },
		{ data + len / 3, len - len / 3 },
	};

	fill(data, len, number);
	claim(must(writev(fd, parts, 3)) == (ssize_t)len);
}

static void take_answer(int fd, int number)
{
	size_t len = size_of(number), half = len / 2;
	struct iovec parts[] = {
		{ data, half },
		{ data + half, len - half },
	};
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	int unread;

	claim(must(recv(fd, data, 1, MSG_PEEK)) == 1);
	claim(matches(data, 1, number));
	memset(data, 0, len);
	claim(must(recvmsg(fd, &msg, MSG_WAITALL)) == (ssize_t)len);
	claim(matches(data, len, number));
	must(ioctl(fd, FIONREAD, &unread));
	claim(unread == 0);
	claim(recv(fd, data, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
}

static void hang_up(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN | POLLRDHUP };

	must(shutdown(fd, SHUT_WR));
	claim(must(read(fd, data, sizeof(data))) == 0);
	claim(must(poll(&wait, 1, 0)) == 1);
	claim((wait.revents & (POLLIN | POLLRDHUP)) == (POLLIN | POLLRDHUP));
	must(close(fd));
}

static void ask_by_tcp(int count)
{
	int *fds = calloc(count, sizeof(*fds));
	int i;

	for (i = 0; i < count; i++)
		fds[i] = open_connection();
	for (i = 0; i < count; i++)
		check_names(fds[i]);
	for (i = 0; i < count; i++)
		ask(fds[i], i);
	for (i = count - 1; i >= 0; i--)
		take_answer(fds[i], i);
	for (i = 0; i < count; i++)
		hang_up(fds[i]);
	free(fds);
}

/* Eight datagrams by one call, and their answers by one call. */
static void ask_by_udp(int fd, int first)
{
	static unsigned char bytes[BATCH][MAX_DATA + 1];
	struct mmsghdr batch[BATCH] = {};
	struct iovec parts[BATCH];
	struct timespec patience = { .tv_sec = 20 };
	int i;

	for (i = 0; i < BATCH; i++) {
		parts[i].iov_base = bytes[i];
		parts[i].iov_len = size_of(first + i);
		fill(bytes[i], size_of(first + i), first + i);
		batch[i].msg_hdr.msg_iov = &parts[i];
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	claim(must(sendmmsg(fd, batch, BATCH, 0)) == BATCH);
	for (i = 0; i < BATCH; i++) {
		claim(batch[i].msg_len == size_of(first + i));
		memset(bytes[i], 0, sizeof(bytes[i]));
		parts[i].iov_len = sizeof(bytes[i]);
	}
	claim(must(recvmmsg(fd, batch, BATCH, 0, &patience)) == BATCH);
	for (i = 0; i < BATCH; i++) {
		claim(batch[i].msg_len == size_of(first + i));
		claim(matches(bytes[i], batch[i].msg_len, first + i));
	}
}

static void wait_in_vain(int fd)
{
	struct timeval short_time = { .tv_usec = 20000 };

	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &short_time,
			sizeof(short_time)));
	claim(recv(fd, data, sizeof(data), 0) == -1 && errno == EAGAIN);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = loopback(PORT);
	int count, i, udp;

	claim(argc == 2);
	count = atoi(argv[1]);
	udp = must(socket(AF_INET, SOCK_DGRAM, 0));
	must(connect(udp, (struct sockaddr *)&address, sizeof(address)));
	for (i = 0; i < count; i += BATCH)
		ask_by_udp(udp, i);
	wait_in_vain(udp);
	ask_by_tcp(count);
	return 0;
}
