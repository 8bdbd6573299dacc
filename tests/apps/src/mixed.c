/* SPDX-License-Identifier: MIT */
/*
 * mixed lt|et: one epoll set of sockets that trapgate serves (a listener, a TCP
 * and a UDP socket) and of descriptors that the host serves (a pipe, an
 * eventfd, a timer, an AF_UNIX pair). Random steps make a source ready, take
 * one portion from it or look; what epoll_wait reports must be what a model of
 * the sources says.
 *
 * lt: whatever is readable is reported, and poll() and select() agree.
 * et: every arrival is reported once, also when the last one is still unread.
 */
#include "tests/apps/src/must.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>

#define STEPS 3000
#define PATIENCE_MS 5000
#define MAX_PENDING 5
#define PORTION 100

enum { LISTENER, TCP, UDP, PIPE, EVENT, TIMER, UNIX, SOURCES };

struct source {
	int fd;
	int other; /* what makes fd readable, where that is a descriptor */
	int pending; /* portions that wait */
};

static struct source sources[SOURCES];
static int epfd;
static int edge_triggered;

/* ---- the sources ---- */

static int connect_to(int type, int port)
{
	struct sockaddr_in address = loopback(port);
	int fd = must(socket(AF_INET, type, 0)), one = 1;

	if (type == SOCK_STREAM)
		must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
				sizeof(one)));
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

static int bound(int type, int port)
{
	struct sockaddr_in address = loopback(port);
	int fd = must(socket(AF_INET, type, 0)), one = 1;

	must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	must(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	if (type == SOCK_STREAM)
		must(listen(fd, 100));
	return fd;
}

static void set_up(void)
{
	struct epoll_event event;
	int file, i, pair[2];

	epfd = must(epoll_create1(0));
	sources[LISTENER].fd = bound(SOCK_STREAM, PORT);
	sources[TCP].other = connect_to(SOCK_STREAM, PORT);
	sources[TCP].fd = must(accept(sources[LISTENER].fd, NULL, NULL));
	sources[UDP].fd = bound(SOCK_DGRAM, PORT);
	sources[UDP].other = connect_to(SOCK_DGRAM, PORT);
	must(pipe(pair));
	sources[PIPE].fd = pair[0];
	sources[PIPE].other = pair[1];
	sources[EVENT].fd = must(eventfd(0, EFD_SEMAPHORE));
	sources[EVENT].other = sources[EVENT].fd;
	sources[TIMER].fd = must(timerfd_create(CLOCK_MONOTONIC, 0));
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	sources[UNIX].fd = pair[0];
	sources[UNIX].other = pair[1];

	for (i = 0; i < SOURCES; i++) {
		event.events = EPOLLIN | (edge_triggered ? EPOLLET : 0);
		event.data.u32 = i;
		must(epoll_ctl(epfd, EPOLL_CTL_ADD, sources[i].fd, &event));
		claim(epoll_ctl(epfd, EPOLL_CTL_ADD, sources[i].fd, &event) <
			      0 &&
		      errno == EEXIST);
	}
	event.events = EPOLLIN;
	file = must(open("/dev/null", O_RDWR));
	claim(epoll_ctl(epfd, EPOLL_CTL_ADD, file, &event) < 0 &&
	      errno == EPERM);
}

static void give(int which)
{
	static const struct itimerspec soon = { .it_value.tv_nsec = 1 };
	struct source *source = &sources[which];
	char portion[PORTION] = "";
	unsigned long long one = 1;

	switch (which) {
	case LISTENER:
		must(close(connect_to(SOCK_STREAM, PORT)));
		break;
	case EVENT:
		claim(must(write(source->other, &one, 8)) == 8);
		break;
	case TIMER:
		/* Its expirations are one portion, however many. */
		must(timerfd_settime(source->fd, 0, &soon, NULL));
		source->pending = 0;
		break;
	default:
		claim(must(write(source->other, portion, PORTION)) == PORTION);
	}
	source->pending++;
}

static void take(int which)
{
	struct source *source = &sources[which];
	unsigned long long count;
	char portion[PORTION];

	switch (which) {
	case LISTENER:
		must(close(must(accept(source->fd, NULL, NULL))));
		break;
	case EVENT:
	case TIMER:
		claim(must(read(source->fd, &count, 8)) == 8 && count == 1);
		break;
	default:
		claim(must(read(source->fd, portion, PORTION)) == PORTION);
	}
	source->pending--;
}

/* ---- the looks ---- */

static unsigned int epoll_look(int timeout)
{
	struct epoll_event events[SOURCES];
	unsigned int seen = 0;
	int count, i;

	count = must(epoll_wait(epfd, events, SOURCES, timeout));
	for (i = 0; i < count; i++) {
		claim(events[i].events == EPOLLIN);
		seen |= 1U << events[i].data.u32;
	}
	return seen;
}

static unsigned int poll_look(int timeout)
{
	struct pollfd fds[SOURCES];
	unsigned int seen = 0;
	int i;

	for (i = 0; i < SOURCES; i++)
		fds[i] = (struct pollfd){ sources[i].fd, POLLIN, 0 };
	must(poll(fds, SOURCES, timeout));
	for (i = 0; i < SOURCES; i++) {
		claim((fds[i].revents & ~POLLIN) == 0);
		if (fds[i].revents)
			seen |= 1U << i;
	}
	return seen;
}

static unsigned int select_look(int timeout)
{
	struct timeval wait = { timeout / 1000, timeout % 1000 * 1000 };
	unsigned int seen = 0;
	fd_set fds;
	int i, max = 0;

	FD_ZERO(&fds);
	for (i = 0; i < SOURCES; i++) {
		FD_SET(sources[i].fd, &fds);
		if (sources[i].fd > max)
			max = sources[i].fd;
	}
	must(select(max + 1, &fds, NULL, NULL, &wait));
	for (i = 0; i < SOURCES; i++)
		if (FD_ISSET(sources[i].fd, &fds))
			seen |= 1U << i;
	return seen;
}

static unsigned int model(void)
{
	unsigned int expected = 0;
	int i;

	for (i = 0; i < SOURCES; i++)
		if (sources[i].pending)
			expected |= 1U << i;
	return expected;
}

/* An arrival may take its time; what was taken must be gone at once. */
static void look(const char *how, unsigned int (*look_once)(int),
		 unsigned int expected)
{
	struct timespec start, now;
	unsigned int seen = 0;

	must(clock_gettime(CLOCK_MONOTONIC, &start));
	do {
		if (edge_triggered)
			seen |= look_once(expected & ~seen ? 100 : 0);
		else
			seen = look_once(expected ? 100 : 0);
		must(clock_gettime(CLOCK_MONOTONIC, &now));
	} while (expected & ~seen &&
		 (now.tv_sec - start.tv_sec) * 1000 < PATIENCE_MS);
	if (seen != expected) {
		fprintf(stderr, "%s: 0x%x, expected 0x%x\n", how, seen,
			expected);
		exit(1);
	}
}

static void level_steps(void)
{
	int step, which;

	for (step = 0; step < STEPS; step++) {
		which = rand() % SOURCES;
		if (rand() % 2 && sources[which].pending < MAX_PENDING)
			give(which);
		else if (sources[which].pending)
			take(which);
		else
			continue;
		if (step % 3 == 0)
			look("epoll_wait", epoll_look, model());
		else if (step % 3 == 1)
			look("poll", poll_look, model());
		else
			look("select", select_look, model());
	}
}

static void edge_steps(void)
{
	unsigned int arrived;
	int i, step, which;

	for (step = 0; step < STEPS; step++) {
		arrived = 0;
		for (i = rand() % 3; i > 0; i--) {
			which = rand() % SOURCES;
			if (arrived & 1U << which ||
			    sources[which].pending >= MAX_PENDING)
				continue;
			give(which);
			arrived |= 1U << which;
		}
		look("epoll_wait", epoll_look, arrived);
		which = rand() % SOURCES;
		if (sources[which].pending)
			take(which);
	}
}

int main(int argc, char **argv)
{
	claim(argc == 2);
	edge_triggered = !strcmp(argv[1], "et");
	srand(1);
	set_up();
	if (edge_triggered)
		edge_steps();
	else
		level_steps();
	return 0;
}
