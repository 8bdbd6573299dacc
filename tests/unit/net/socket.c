/* SPDX-License-Identifier: MIT */
/*
 * Making sockets: the order of checks, modules, and that every step is undone
 * when a later one fails.
 */
#include "tests/unit/net/family40.h"
#include "net/core/net_namespace.h"
#include "security/security.h"
#include "tests/unit/prog.h"

static long sock40(int type)
{
	return call64(__NR64_socket, AF_40, type, 0);
}

static void prog_order(void *arg)
{
	family40_add();
	EXPECT(call64(__NR64_socket, -1, 1, 0), -EAFNOSUPPORT);
	EXPECT(call64(__NR64_socket, NPROTO, 1, 0), -EAFNOSUPPORT);
	EXPECT(call64(__NR64_socket, -1, SOCK_MAX, 0), -EAFNOSUPPORT);
	EXPECT(call64(__NR64_socket, -1, -1, 0), -EINVAL);
	EXPECT(call64(__NR64_socket, AF_40, SOCK_MAX, 0), -EINVAL);
	EXPECT(call64(__NR64_socket, AF_40, 15, 0), -EINVAL);
	EXPECT(call64(__NR64_socket, AF_40, 0x100 | SOCK_DGRAM, 0), -EINVAL);
	EXPECT(call64(__NR64_socket, 44, SOCK_DGRAM, 0), -EAFNOSUPPORT);
	EXPECT(family40.creates, 0);
	/* Upper halves of registers do not count. */
	EXPECT(call64(__NR64_socket, (1L << 32) | AF_40, SOCK_DGRAM, 0), 0);
}

static void family_is_checked_before_type(void **state)
{
	run_prog(prog_order);
}

static void prog_flags(void *arg)
{
	struct files_struct *fs;

	family40_add();
	EXPECT(sock40(SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC), 0);
	fs = current->files;
	EXPECT(fs->ops->cloexec(fs, 0, -1), true);
	EXPECT(call64(__NR64_fcntl, 0, F_GETFL), O_RDWR | O_NONBLOCK);
	EXPECT(sock40(SOCK_DGRAM), 1);
	EXPECT(fs->ops->cloexec(fs, 1, -1), false);
	EXPECT(call64(__NR64_fcntl, 1, F_GETFL), O_RDWR);
}

static void nonblock_and_cloexec_are_honoured(void **state)
{
	run_prog(prog_flags);
}

static void prog_modules(void *arg)
{
	EXPECT(sock40(SOCK_DGRAM), -EAFNOSUPPORT);
	family40_add();
	EXPECT(module_unload(&family40_module), -ENOENT);
	EXPECT(sock40(SOCK_DGRAM), 0);
	EXPECT(family40.loads, 1);
	EXPECT(family40_module.users, 1);
	EXPECT(sock40(SOCK_DGRAM), 1);
	EXPECT(family40.loads, 1);
	EXPECT(family40_module.users, 2);
	EXPECT(module_unload(&family40_module), -EWOULDBLOCK);
	EXPECT(call64(__NR64_close, 0), 0);
	EXPECT(call64(__NR64_close, 1), 0);
	EXPECT(family40_module.users, 0);
	family40.create_error = -EPROTONOSUPPORT;
	EXPECT(sock40(SOCK_DGRAM), -EPROTONOSUPPORT);
	EXPECT(family40_module.users, 0);
	EXPECT(this_kernel->sockets_in_use, 0);
	EXPECT(module_unload(&family40_module), 0);
	EXPECT(family40.unloads, 1);
	family40.create_error = 0;
	EXPECT(sock40(SOCK_DGRAM), 0);
	EXPECT(family40.loads, 2);
}

static void family_is_loaded_and_counted(void **state)
{
	run_prog(prog_modules);
}

static int log_lines;
static const char *log_word;

static void count_line(int level, const char *line)
{
	if (strstr(line, log_word))
		log_lines++;
}

/* The lines with @word that the kernel says while @prog runs. */
static int lines_said(void (*prog)(void *arg), const char *word)
{
	struct sim *s = sim_new(1);

	assert_non_null(s);
	log_lines = 0;
	log_word = word;
	prog_failures = 0;
	sim_log(s, count_line);
	prog_fn = prog;
	sim_spawn(s, NULL, prog_main, NULL);
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_free(s), 0);
	assert_int_equal(prog_failures, 0);
	return log_lines;
}

static void prog_sock_packet(void *arg)
{
	for (int i = 0; i < 3; i++)
		EXPECT(call64(__NR64_socket, PF_INET, SOCK_PACKET, 0), i);
	EXPECT(this_kernel->warned_sock_packet, true);
}

static void sock_packet_warns_once(void **state)
{
	assert_int_equal(lines_said(prog_sock_packet, "obsolete"), 1);
}

static void prog_no_sockets(void *arg)
{
	kmem_fail_at(1);
	EXPECT(call64(__NR64_socket, PF_INET, SOCK_STREAM, 0), -ENFILE);
	kmem_fail_at(0);
	EXPECT(this_kernel->sockets_in_use, 0);
}

static void no_more_sockets_is_said(void **state)
{
	assert_int_equal(lines_said(prog_no_sockets,
				    "socket: no more sockets"), 1);
}

/* State that a failed call must leave as it was. */
struct before {
	unsigned int sockets, files, inuse;
	int users;
	size_t mem;
};

static struct before look(void)
{
	return (struct before){ this_kernel->sockets_in_use,
				this_kernel->nr_files,
				current->net->sockets_inuse,
				family40_module.users, kmem_used() };
}

static void expect_same(struct before b)
{
	struct before now = look();

	EXPECT(now.sockets, b.sockets);
	EXPECT(now.files, b.files);
	EXPECT(now.inuse, b.inuse);
	EXPECT(now.users, b.users);
	EXPECT(now.mem, b.mem);
}

/* Every allocation of a call fails in turn; then none does. */
static long fail_each(long nr, long a, long b, long c, long d)
{
	long ret = -1;

	for (int n = 1; n < 50 && ret < 0; n++) {
		struct before was = look();

		kmem_fail_at((u64)n);
		ret = call64(nr, a, b, c, d);
		kmem_fail_at(0);
		if (ret >= 0)
			break;
		EXPECT(ret == -ENFILE || ret == -ENOBUFS || ret == -ENOMEM,
		       true);
		expect_same(was);
	}
	return ret;
}

static void prog_nomem(void *arg)
{
	family40_add();
	/* The table of descriptors grows once, and the family is loaded. */
	EXPECT(sock40(SOCK_DGRAM), 0);
	EXPECT(fail_each(__NR64_socket, AF_40, SOCK_DGRAM, 0, 0), 1);
	EXPECT(fail_each(__NR64_socketpair, AF_40, SOCK_DGRAM, 0, U_BASE), 0);
	family40.connections = 100;
	EXPECT(fail_each(__NR64_accept, 0, 0, 0, 0), 4);
	EXPECT(family40.connections, 99);
}

static void no_memory_is_undone_at_every_step(void **state)
{
	run_prog(prog_nomem);
}

static void prog_limits(void *arg)
{
	struct before was;

	family40_add();
	EXPECT(sock40(SOCK_DGRAM), 0);
	was = look();
	this_kernel->files_max = 1;
	EXPECT(sock40(SOCK_DGRAM), -ENFILE);
	EXPECT(call64(__NR64_socketpair, AF_40, SOCK_DGRAM, 0, U_BASE),
	       -ENFILE);
	family40.connections = 1;
	EXPECT(call64(__NR64_accept, 0, 0, 0), -ENFILE);
	EXPECT(family40.connections, 1);
	expect_same(was);
	this_kernel->files_max = 2;
	EXPECT(call64(__NR64_socketpair, AF_40, SOCK_DGRAM, 0, U_BASE),
	       -ENFILE);
	expect_same(was);
	this_kernel->files_max = 0;
	EXPECT(sock40(SOCK_DGRAM), 1);
}

static void file_max_gives_enfile(void **state)
{
	run_prog(prog_limits);
}

static void prog_emfile(void *arg)
{
	struct files_struct *all = current->files, *few = alloc_fdtable(2);
	struct before was;

	family40_add();
	current->files = few;
	EXPECT(sock40(SOCK_DGRAM), 0);
	was = look();
	EXPECT(call64(__NR64_socketpair, AF_40, SOCK_DGRAM, 0, U_BASE),
	       -EMFILE);
	expect_same(was);
	EXPECT(sock40(SOCK_DGRAM), 1);
	was = look();
	EXPECT(sock40(SOCK_DGRAM), -EMFILE);
	family40.connections = 1;
	EXPECT(call64(__NR64_accept, 0, 0, 0), -EMFILE);
	EXPECT(family40.connections, 1);
	/* LINUX: the limit is looked at before the file's kind. */
	EXPECT(call64(__NR64_accept, 7, 0, 0), -EBADF);
	expect_same(was);
	put_files_struct(few);
	current->files = all;
}

static void descriptor_limit_gives_emfile(void **state)
{
	run_prog(prog_emfile);
}

static int refuse_install(struct files_struct *fs, int fd, struct file *f,
			  unsigned int flags)
{
	return -ENOENT;
}

/* The program's thread is gone: the gate refuses to install. */
static void prog_void(void *arg)
{
	struct files_struct *fs = current->files;
	const struct files_ops *ops = fs->ops;
	struct files_ops refusing = *ops;
	struct before was;

	refusing.install = refuse_install;
	family40_add();
	EXPECT(sock40(SOCK_DGRAM), 0);
	was = look();
	family40.connections = 1;
	fs->ops = &refusing;
	EXPECT(call64(__NR64_accept, 0, 0, 0), -ENOENT);
	EXPECT(family40.undone, 1);
	EXPECT(family40.connections, 1);
	EXPECT(sock40(SOCK_DGRAM), -ENOENT);
	EXPECT(call64(__NR64_socketpair, AF_40, SOCK_DGRAM, 0, U_BASE),
	       -ENOENT);
	expect_same(was);
	fs->ops = ops;
	EXPECT(call64(__NR64_accept, 0, 0, 0), 1);
	EXPECT(family40.connections, 0);
}

static void void_accept_puts_the_connection_back(void **state)
{
	run_prog(prog_void);
}

static void prog_accept_name(void *arg)
{
	int *len = u_ptr(U_BASE + 512);

	family40_add();
	EXPECT(sock40(SOCK_STREAM), 0);
	family40.connections = 3;
	*len = 4;
	EXPECT(call64(__NR64_accept4, 0, U_BASE, U_BASE + 512, 0), 1);
	EXPECT(*len, 7);
	EXPECT(*(u16 *)u_ptr(U_BASE), AF_40);
	/* LINUX: a connection whose name cannot be told is closed. */
	EXPECT(call64(__NR64_accept4, 0, 8, U_BASE + 512, 0), -EFAULT);
	EXPECT(call64(__NR64_accept4, 0, U_BASE, 0, 0), -EFAULT);
	EXPECT(family40.connections, 0);
	EXPECT(this_kernel->sockets_in_use, 2);
	EXPECT(call64(__NR64_accept4, 0, 0, 0, 0), -EAGAIN);
	EXPECT(call64(__NR64_accept4, 0, 0, 0, 1), -EINVAL);
	EXPECT(call64(__NR64_accept4, 9, 0, 0, 1), -EBADF);
	EXPECT(call64(__NR64_accept4, 9, 0, 0, 0), -EBADF);
}

static void accept_tells_the_whole_name_length(void **state)
{
	run_prog(prog_accept_name);
}

static void prog_addresses(void *arg)
{
	family40_add();
	EXPECT(sock40(SOCK_DGRAM), 0);
	EXPECT(call64(__NR64_bind, 9, 8, -1), -EBADF);
	EXPECT(call64(__NR64_bind, 0, 8, -1), -EINVAL);
	EXPECT(call64(__NR64_bind, 0, 8, 129), -EINVAL);
	EXPECT(call64(__NR64_bind, 0, 8, 16), -EFAULT);
	EXPECT(call64(__NR64_bind, 0, 8, 0), -EINVAL);
	EXPECT(call64(__NR64_bind, 0, U_END - 16, 16), 0);
	EXPECT(call64(__NR64_bind, 0, U_END - 16, 17), -EFAULT);
	EXPECT(call64(__NR64_connect, 0, U_END - 16, 129), -EINVAL);
}

static void address_length_is_checked_before_the_pointer(void **state)
{
	run_prog(prog_addresses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(family_is_checked_before_type),
		cmocka_unit_test(nonblock_and_cloexec_are_honoured),
		cmocka_unit_test(family_is_loaded_and_counted),
		cmocka_unit_test(sock_packet_warns_once),
		cmocka_unit_test(no_more_sockets_is_said),
		cmocka_unit_test(no_memory_is_undone_at_every_step),
		cmocka_unit_test(file_max_gives_enfile),
		cmocka_unit_test(descriptor_limit_gives_emfile),
		cmocka_unit_test(void_accept_puts_the_connection_back),
		cmocka_unit_test(accept_tells_the_whole_name_length),
		cmocka_unit_test(address_length_is_checked_before_the_pointer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
