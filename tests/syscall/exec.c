/* SPDX-License-Identifier: MIT */
/*
 * execve: sockets inherited or closed. The program executes itself with
 * "--role NAME FD" to look at a descriptor from the other side of an exec.
 */
#include "harness.h"

static char self[4096];

/* What the executed program does. 0 is good. */
static int role(const char *name, int fd)
{
	char b[64];

	if (!strcmp(name, "closed"))
		return fcntl(fd, F_GETFD) == -1 && errno == EBADF ? 0 : 1;
	if (!strcmp(name, "echo")) {
		ssize_t n = read(fd, b, sizeof(b));

		return n > 0 && write(fd, b, n) == n ? 0 : 1;
	}
	if (!strcmp(name, "serve")) {
		int s = accept(fd, NULL, NULL);

		return s >= 0 && send(s, "served", 6, 0) == 6 ? 0 : 1;
	}
	if (!strcmp(name, "flags"))
		return fcntl(fd, F_GETFL) == (O_RDWR | O_NONBLOCK) &&
		       fcntl(fd, F_GETFD) == 0 ? 0 : 1;
	if (!strcmp(name, "options")) {
		int v = 0;
		socklen_t len = sizeof(v);

		return getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &v, &len) ==
		       0 && v == 99 ? 0 : 1;
	}
	if (!strcmp(name, "again"))
		execl(self, self, "--role", "echo", "700", NULL);
	if (!strcmp(name, "open")) {
		int i;

		for (i = 0; i < 50; i++) {
			int n = socket(AF_INET, SOCK_STREAM, 0);

			if (n < 0 || n == fd || close(n))
				return 1;
		}
		return send(fd, "old", 3, 0) == 3 ? 0 : 1;
	}
	return 99;
}

static void run_role(const char *name, int fd)
{
	char num[16];

	snprintf(num, sizeof(num), "%d", fd);
	execl(self, self, "--role", name, num, NULL);
	_exit(98);
}

TEST(inherited_without_cloexec)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		run_role("echo", sv[1]);
	CHECK_WRITES(sv[0], "across exec");
	CHECK_READS(sv[0], "across exec");
	join(pid);
}

TEST(closed_with_sock_cloexec)
{
	pid_t pid;

	IN_CHILD(pid)
		run_role("closed", CHECK_OK(socket(AF_INET, SOCK_STREAM |
						   SOCK_CLOEXEC, 0)));
	join(pid);
}

TEST(closed_with_fd_cloexec)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_OK(fcntl(sv[1], F_SETFD, FD_CLOEXEC));
		run_role("closed", sv[1]);
	}
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	join(pid);
}

TEST(closed_with_accept4_cloexec)
{
	sin_t a;
	int l = tcp_listener(&a), c = tcp_socket();
	pid_t pid;

	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	IN_CHILD(pid)
		run_role("closed", CHECK_OK(accept4(l, NULL, NULL,
						    SOCK_CLOEXEC)));
	CHECK_EOF(c);
	join(pid);
}

TEST(cloexec_cleared_is_inherited)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_OK(fcntl(sv[1], F_SETFD, FD_CLOEXEC));
		CHECK_OK(fcntl(sv[1], F_SETFD, 0));
		run_role("echo", sv[1]);
	}
	CHECK_WRITES(sv[0], "kept");
	CHECK_READS(sv[0], "kept");
	join(pid);
}

TEST(cloexec_copy_closed_the_other_open)
{
	int sv[2], d;
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		d = CHECK_OK(fcntl(sv[1], F_DUPFD_CLOEXEC, 0));
		(void)d;
		run_role("echo", sv[1]);
	}
	CHECK_WRITES(sv[0], "one left");
	CHECK_READS(sv[0], "one left");
	join(pid);
}

TEST(listener_is_inherited)
{
	sin_t a;
	int l = tcp_listener(&a), c = tcp_socket();
	pid_t pid;

	IN_CHILD(pid)
		run_role("serve", l);
	CHECK_OK(close(l));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_READS(c, "served");
	join(pid);
}

TEST(status_flags_survive)
{
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	pid_t pid;

	IN_CHILD(pid)
		run_role("flags", fd);
	join(pid);
}

TEST(options_survive)
{
	int fd = tcp_socket();
	pid_t pid;

	set_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE, 99);
	IN_CHILD(pid)
		run_role("options", fd);
	join(pid);
}

TEST(exec_twice)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_EQ(CHECK_OK(dup2(sv[1], 700)), 700);
		run_role("again", 700);
	}
	CHECK_WRITES(sv[0], "two execs");
	CHECK_READS(sv[0], "two execs");
	join(pid);
}

TEST(new_program_opens_beside_the_old_socket)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		run_role("open", sv[1]);
	CHECK_READS(sv[0], "old");
	join(pid);
}

TEST(failed_exec_keeps_everything)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(fcntl(sv[0], F_SETFD, FD_CLOEXEC));
	CHECK_ERRNO(execl("/nonexistent/program", "x", NULL), ENOENT);
	CHECK_WRITES(sv[0], "kept");
	CHECK_READS(sv[1], "kept");
}

TEST(data_waits_across_exec)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "waiting");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	IN_CHILD(pid)
		run_role("echo", sv[1]);
	CHECK_READS(sv[0], "waiting");
	join(pid);
}

TEST(vfork_and_exec)
{
	int sv[2];
	char num[16];
	pid_t pid;

	tcp_pair(sv);
	snprintf(num, sizeof(num), "%d", sv[1]);
	pid = vfork();
	if (!pid) {
		execl(self, self, "--role", "echo", num, NULL);
		_exit(98);
	}
	CHECK_WRITES(sv[0], "vforked");
	CHECK_READS(sv[0], "vforked");
	join(pid);
}

TEST(fexecve_works_too)
{
	int sv[2], f = CHECK_OK(open(self, O_RDONLY | O_CLOEXEC));
	char num[16];
	pid_t pid;

	tcp_pair(sv);
	snprintf(num, sizeof(num), "%d", sv[1]);
	IN_CHILD(pid) {
		char *argv[] = { self, (char *)"--role", (char *)"echo", num,
				 NULL };
		char *envp[] = { NULL };

		fexecve(f, argv, envp);
		_exit(98);
	}
	CHECK_WRITES(sv[0], "by descriptor");
	CHECK_READS(sv[0], "by descriptor");
	join(pid);
}

int main(int argc, char **argv)
{
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0) {
		perror("/proc/self/exe");
		return 1;
	}
	if (argc == 4 && !strcmp(argv[1], "--role"))
		return role(argv[2], atoi(argv[3]));
	return harness_main(argc, argv);
}
