/* SPDX-License-Identifier: MIT */
/*
 * A signal that comes when a call has trapped and the supervisor has not seen
 * it yet: the supervisor stands still meanwhile. The handler is one with
 * SA_RESTART, after which poll and select end all the same. One TAP point each.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t handled;
static int fd;

static void catch(int sig)
{
	(void)sig;
	handled = 1;
}

static int do_select(void)
{
	struct timeval tv = { 10, 0 };
	fd_set r;

	FD_ZERO(&r);
	FD_SET(fd, &r);
	return select(fd + 1, &r, NULL, NULL, &tv);
}

static int do_poll(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 10000);
}

static int do_poll_of_a_pipe(void)
{
	struct pollfd p = { .events = POLLIN };
	int ends[2], ret, err;

	if (pipe(ends))
		return -1;
	p.fd = ends[0];
	ret = poll(&p, 1, 10000);
	err = errno;
	close(ends[0]);
	close(ends[1]);
	errno = err;
	return ret;
}

/* Nothing that traps is called while the supervisor stands. */
static void hit(pid_t supervisor, pid_t parent, volatile int *go)
{
	kill(supervisor, SIGSTOP);
	usleep(20000);
	*go = 1;
	usleep(100000);
	kill(parent, SIGUSR1);
	usleep(50000);
	kill(supervisor, SIGCONT);
	_exit(0);
}

static int run(int (*call)(void), pid_t supervisor, volatile int *go)
{
	pid_t parent = getpid(), pid;
	int ret, err;

	*go = handled = 0;
	pid = fork();
	if (pid < 0)
		return 0;
	if (pid == 0)
		hit(supervisor, parent, go);
	while (!*go)
		;
	ret = call();
	err = errno;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (ret != -1 || err != EINTR)
		printf("# %d, %s\n", ret, ret < 0 ? strerror(err) : "no error");
	return ret == -1 && err == EINTR && handled;
}

int main(void)
{
	static const struct {
		int (*call)(void);
		const char *name;
	} calls[] = {
		{ do_select, "select" },
		{ do_poll, "poll" },
		{ do_poll_of_a_pipe, "poll of a pipe" },
	};
	struct sigaction sa = { .sa_handler = catch, .sa_flags = SA_RESTART };
	volatile int *go = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t supervisor = getppid();
	char path[64], comm[32] = "";
	int bad = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)supervisor);
	f = fopen(path, "r");
	if (!f || !fgets(comm, sizeof(comm), f) || strcmp(comm, "trapgate\n")) {
		fprintf(stderr, "unseen: run it by `trapgate run`\n");
		return 2;
	}
	fclose(f);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || go == MAP_FAILED || sigaction(SIGUSR1, &sa, NULL))
		return 2;
	printf("1..3\n");
	for (int i = 0; i < 3; i++) {
		int ok = run(calls[i].call, supervisor, go);

		bad += !ok;
		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1,
		       calls[i].name);
		fflush(stdout);
	}
	return bad != 0;
}
