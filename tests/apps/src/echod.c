/* SPDX-License-Identifier: MIT */
/*
 * echod COUNT: an echo server on 127.0.0.1:7000, TCP and UDP in one
 * edge-triggered epoll set, by vectors and messages. It ends when COUNT
 * connections have come and gone. Datagrams are answered in batches, from the
 * address that IP_PKTINFO says they were sent to.
 */
#include "tests/apps/src/must.h"

#include <sys/epoll.h>
#include <sys/uio.h>

#define BATCH 8

struct connection {
	int fd;
	unsigned char data[3000];
	size_t len; /* bytes in data not yet sent back */
	size_t sent;
};

static int epfd;
static int served;

static void watch(int fd, void *who)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = who,
	};

	must(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
}

static void accept_all(int listener)
{
	struct sockaddr_in peer;
	struct connection *c;
	socklen_t len;
	int fd;

	for (;;) {
		len = sizeof(peer);
		fd = accept4(listener, (struct sockaddr *)&peer, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0 && errno == EAGAIN)
			return;
		must(fd);
		claim(len == sizeof(peer) && peer.sin_family == AF_INET);
		c = calloc(1, sizeof(*c));
		c->fd = fd;
		watch(fd, c);
	}
}

/* Into data in two parts: 0 when there is nothing more for now. */
static int read_some(struct connection *c)
{
	struct iovec parts[] = {
		{ c->data, 1000 },
		{ c->data + 1000, sizeof(c->data) - 1000 },
	};
	ssize_t got;

	got = readv(c->fd, parts, 2);
	if (got < 0 && errno == EAGAIN)
		return 0;
	must(got);
	if (got == 0) {
		must(close(c->fd));
		free(c);
		served++;
		return 0;
	}
	c->len = got;
	c->sent = 0;
	return 1;
}

static int write_some(struct connection *c)
{
	struct iovec rest = { c->data + c->sent, c->len - c->sent };
	struct msghdr msg = { .msg_iov = &rest, .msg_iovlen = 1 };
	ssize_t put;

	put = sendmsg(c->fd, &msg, MSG_NOSIGNAL);
	if (put < 0 && errno == EAGAIN)
		return 0;
	must(put);
	c->sent += put;
	return 1;
}

static void echo_stream(struct connection *c)
{
	for (;;) {
		if (c->sent == c->len && !read_some(c))
			return;
		while (c->sent < c->len)
			if (!write_some(c))
				return;
	}
}

/* The control message that came in goes out again: it names our address. */
static void check_pktinfo(struct msghdr *msg)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct in_pktinfo info;

	claim(cmsg && cmsg->cmsg_level == IPPROTO_IP &&
	      cmsg->cmsg_type == IP_PKTINFO);
	memcpy(&info, CMSG_DATA(cmsg), sizeof(info));
	claim(info.ipi_ifindex == 1);
	claim(info.ipi_addr.s_addr == htonl(INADDR_LOOPBACK));
	info.ipi_ifindex = 0;
	memcpy(CMSG_DATA(cmsg), &info, sizeof(info));
	claim(!CMSG_NXTHDR(msg, cmsg));
}

static void echo_datagrams(int fd)
{
	static unsigned char data[BATCH][65536];
	static unsigned char control[BATCH][256];
	struct sockaddr_in peers[BATCH];
	struct mmsghdr batch[BATCH];
	struct iovec parts[BATCH];
	int got, i, sent;

	for (;;) {
		memset(batch, 0, sizeof(batch));
		for (i = 0; i < BATCH; i++) {
			struct msghdr *msg = &batch[i].msg_hdr;

			parts[i].iov_base = data[i];
			parts[i].iov_len = sizeof(data[i]);
			msg->msg_iov = &parts[i];
			msg->msg_iovlen = 1;
			msg->msg_name = &peers[i];
			msg->msg_namelen = sizeof(peers[i]);
			msg->msg_control = control[i];
			msg->msg_controllen = sizeof(control[i]);
		}
		got = recvmmsg(fd, batch, BATCH, MSG_DONTWAIT, NULL);
		if (got < 0 && errno == EAGAIN)
			return;
		must(got);
		for (i = 0; i < got; i++) {
			claim(!(batch[i].msg_hdr.msg_flags & MSG_TRUNC));
			claim(batch[i].msg_hdr.msg_namelen == sizeof(*peers));
			check_pktinfo(&batch[i].msg_hdr);
			parts[i].iov_len = batch[i].msg_len;
		}
		for (i = 0; i < got; i += sent)
			sent = must(sendmmsg(fd, batch + i, got - i, 0));
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = loopback(PORT);
	struct epoll_event events[64];
	int count, i, listener, one = 1, ready, udp;

	claim(argc == 2);
	count = atoi(argv[1]);
	epfd = must(epoll_create1(EPOLL_CLOEXEC));
	listener = must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	must(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	must(bind(listener, (struct sockaddr *)&address, sizeof(address)));
	must(listen(listener, 4096));
	udp = must(socket(AF_INET, SOCK_DGRAM, 0));
	must(setsockopt(udp, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)));
	must(bind(udp, (struct sockaddr *)&address, sizeof(address)));
	watch(listener, &listener);
	watch(udp, &udp);
	printf("ready\n");
	fflush(stdout);

	while (served < count) {
		ready = must(epoll_wait(epfd, events, 64, -1));
		for (i = 0; i < ready; i++) {
			if (events[i].data.ptr == &listener)
				accept_all(listener);
			else if (events[i].data.ptr == &udp)
				echo_datagrams(udp);
			else
				echo_stream(events[i].data.ptr);
		}
	}
	return 0;
}
