/* SPDX-License-Identifier: MIT */
/* fork, vfork, clone: sockets shared between processes. */
#include "harness.h"

#include <spawn.h>

TEST(child_uses_the_parents_socket)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_WRITES(sv[0], "from the child");
		CHECK_READS(sv[0], "to the child");
	}
	CHECK_READS(sv[1], "from the child");
	CHECK_WRITES(sv[1], "to the child");
	join(pid);
}

TEST(parent_and_child_share_the_read_position)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "abcdef");
	IN_CHILD(pid) {
		char b[3];

		read_all(sv[1], b, 3);
		CHECK(!memcmp(b, "abc", 3));
	}
	join(pid);
	CHECK_READS(sv[1], "def");
}

TEST(socket_made_by_the_child_is_its_own)
{
	int p[2], fd, i;
	pid_t pid;
	char c;

	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		fd = tcp_socket();
		write_all(p[1], &fd, sizeof(fd));
		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	}
	read_all(p[0], &fd, sizeof(fd));
	join(pid);
	CHECK_ERRNO(listen(fd, 1), EBADF);
	for (i = 0; i < 3; i++)
		tcp_socket();
	(void)c;
}

TEST(same_number_in_two_processes_two_sockets)
{
	int p[2], fd[2], ino[2], i;
	pid_t pid;
	struct stat st;

	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		fd[0] = tcp_socket();
		CHECK_OK(fstat(fd[0], &st));
		fd[1] = st.st_ino;
		write_all(p[1], fd, sizeof(fd));
		pause();
	}
	read_all(p[0], fd, sizeof(fd));
	ino[0] = fd[1];
	i = udp_socket();
	CHECK_EQ(i, fd[0]);
	CHECK_OK(fstat(i, &st));
	ino[1] = st.st_ino;
	CHECK(ino[0] != ino[1]);
	CHECK_EQ(get_opt(i, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
}

TEST(last_close_waits_for_all_processes)
{
	int sv[2], p[3][2], i;
	pid_t pid[3];

	tcp_pair(sv);
	for (i = 0; i < 3; i++) {
		CHECK_OK(pipe(p[i]));
		IN_CHILD(pid[i]) {
			char c;

			CHECK_OK(close(p[i][1]));
			read(p[i][0], &c, 1);
		}
		CHECK_OK(close(p[i][0]));
	}
	CHECK_OK(close(sv[0]));
	for (i = 0; i < 3; i++) {
		CHECK_EQ(poll_now(sv[1], POLLIN | POLLRDHUP), 0);
		/* A later child may hold the earlier pipe's end: kill. */
		CHECK_OK(kill(pid[i], SIGKILL));
		waitpid(pid[i], NULL, 0);
	}
	CHECK_EOF(sv[1]);
}

TEST(preforked_servers_share_a_listener)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 64), i;
	pid_t pid[4];

	for (i = 0; i < 4; i++)
		IN_CHILD(pid[i])
			for (;;) {
				int s = CHECK_OK(accept(l, NULL, NULL));
				char c;

				CHECK_EQ(CHECK_OK(read(s, &c, 1)), 1);
				if (c == 'q')
					_exit(0);
				CHECK_EQ(CHECK_OK(write(s, &c, 1)), 1);
				CHECK_OK(close(s));
			}
	for (i = 0; i < 100; i++) {
		int c = tcp_socket();

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		CHECK_WRITES(c, "x");
		CHECK_READS(c, "x");
		CHECK_OK(close(c));
	}
	for (i = 0; i < 4; i++) {
		int c = tcp_socket();

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		CHECK_WRITES(c, "q");
	}
	for (i = 0; i < 4; i++)
		join(pid[i]);
}

TEST(fork_a_connection)
{
	sin_t a;
	int l = tcp_listener(&a), i;

	for (i = 0; i < 20; i++) {
		int c = tcp_socket(), s;
		pid_t pid;

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		s = CHECK_OK(accept(l, NULL, NULL));
		IN_CHILD(pid) {
			CHECK_OK(close(l));
			CHECK_OK(close(c));
			CHECK_READS(s, "hello");
			CHECK_WRITES(s, "hi");
		}
		CHECK_OK(close(s));
		CHECK_WRITES(c, "hello");
		CHECK_READS(c, "hi");
		CHECK_EOF(c);
		CHECK_OK(close(c));
		join(pid);
	}
}

TEST(grandchild_after_the_child_is_gone)
{
	int sv[2];
	pid_t pid, pid2;

	tcp_pair(sv);
	IN_CHILD(pid) {
		pid2 = CHECK_OK(fork());
		if (!pid2) {
			CHECK_READS(sv[1], "go");
			CHECK_WRITES(sv[1], "gone");
			_exit(0);
		}
	}
	join(pid);
	CHECK_WRITES(sv[0], "go");
	CHECK_READS(sv[0], "gone");
}

TEST(vfork_child_uses_and_closes)
{
	int sv[2], st;
	pid_t pid;

	tcp_pair(sv);
	pid = vfork();
	if (!pid) {
		ssize_t n = write(sv[0], "vforked", 7);

		close(sv[0]);
		_exit(n == 7 ? 0 : 1);
	}
	CHECK_EQ(waitpid(pid, &st, 0), pid);
	CHECK_EQ(st, 0);
	CHECK_READS(sv[1], "vforked");
	CHECK_WRITES(sv[0], "parent's is open");
	CHECK_READS(sv[1], "parent's is open");
}

TEST(posix_spawn_inherits)
{
	extern char **environ;
	int sv[2];
	pid_t pid;
	posix_spawn_file_actions_t fa;
	char *argv[] = { (char *)"cat", NULL };

	tcp_pair(sv);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, sv[1], 0);
	posix_spawn_file_actions_adddup2(&fa, sv[1], 1);
	CHECK_EQ(posix_spawn(&pid, "/bin/cat", &fa, NULL, argv, environ), 0);
	CHECK_OK(close(sv[1]));
	CHECK_WRITES(sv[0], "spawned");
	CHECK_READS(sv[0], "spawned");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	join(pid);
}

static int in_clone(void *arg)
{
	int *sv = arg;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	close(sv[0]);
	sv[0] = fd;
	return fd < 0;
}

TEST(clone_files_shares_the_descriptor_table)
{
	static char stack[65536] __attribute__((aligned(16)));
	int sv[2], st, old;
	pid_t pid;

	tcp_pair(sv);
	old = sv[0];
	pid = CHECK_OK(clone(in_clone, stack + sizeof(stack),
			     CLONE_FILES | CLONE_VM | CLONE_VFORK | SIGCHLD,
			     sv));
	CHECK_EQ(waitpid(pid, &st, 0), pid);
	CHECK_EQ(st, 0);
	CHECK_EOF(sv[1]);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
	if (sv[0] != old)
		CHECK_ERRNO(fcntl(old, F_GETFD), EBADF);
}

TEST(hundred_forks_and_exits)
{
	int sv[2], i;

	tcp_pair(sv);
	for (i = 0; i < 100; i++) {
		pid_t pid;

		IN_CHILD(pid)
			CHECK_EQ(CHECK_OK(write(sv[0], "x", 1)), 1);
		CHECK_READS(sv[1], "x");
		join(pid);
	}
}

HARNESS_MAIN
