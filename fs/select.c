/* SPDX-License-Identifier: MIT */
/*
 * select() and pselect6(): sets of descriptors as bit maps, the timeout's rest
 * written back.
 *
 * A map is read and written in whole words of the program: 64 bits, or 32 of
 * an i386 one; which is the same order of bytes.
 */
#include "fs/poll.h"

#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/iov_iter.h"
#include "lib/string.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/errno.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

/* LINUX: what makes a descriptor readable, writable, exceptional. */
#define POLLIN_SET (EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR)
#define POLLOUT_SET (EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR)
#define POLLEX_SET EPOLLPRI

enum { IN, OUT, EX, NR_SETS };

static const u32 set_mask[NR_SETS] = { POLLIN_SET, POLLOUT_SET, POLLEX_SET };

/* The timeout, whose rest is written back. */
struct select_time {
	void __user *user; /* or NULL */
	enum poll_time_type type;
	u64 end;
	bool told; /* it has been written */
};

struct fd_sets {
	unsigned int n; /* bits */
	size_t words, bytes; /* as we keep them; of the program's */
	void __user *user[NR_SETS]; /* or NULL */
	u64 *map[NR_SETS]; /* one block of memory, of map[0] */
};

/* What the program gave, one behind the other, in one copy. */
static void user_sets(const struct fd_sets *s, struct iovec iov[NR_SETS + 1],
		      struct iov_iter *ret)
{
	size_t nr = 0;

	for (int i = 0; i < NR_SETS; i++)
		if (s->user[i])
			iov[nr++] = (struct iovec){ (uintptr_t)s->user[i],
						    s->bytes };
	iov_iter_init(ret, ITER_USER, iov, nr, nr * s->bytes);
}

static int get_fd_sets(struct fd_sets *s)
{
	size_t size = NR_SETS * s->words * sizeof(u64) +
		      sizeof(union poll_rest); /* see put_fd_sets() */
	struct iovec iov[NR_SETS + 1];
	u64 *map = kzalloc(size);
	struct iov_iter from;
	char *end;

	if (!map)
		return fail(-ENOMEM, "no memory for the sets");
	for (int i = 0; i < NR_SETS; i++)
		s->map[i] = map + (size_t)i * s->words;
	user_sets(s, iov, &from);
	end = (char *)map + from.count;
	if (!copy_from_iter_full(map, from.count, &from))
		return fail(-EFAULT, "bad pointer to a set");
	/* To their places, the last one first. */
	for (int i = NR_SETS - 1; i >= 0; i--) {
		size_t n = s->user[i] ? s->bytes : 0;

		end -= n;
		memmove(s->map[i], end, n);
		memset((char *)s->map[i] + n, 0, s->words * sizeof(u64) - n);
	}
	return 0;
}

/* The rest of the timeout goes with them; that may fail. */
static int put_fd_sets(struct fd_sets *s, struct select_time *t)
{
	char *end = (char *)s->map[0];
	struct iovec iov[NR_SETS + 1];
	union poll_rest rest;
	struct iov_iter to;
	size_t sets, done;

	user_sets(s, iov, &to);
	for (int i = 0; i < NR_SETS; i++) {
		if (!s->user[i])
			continue;
		memmove(end, s->map[i], s->bytes);
		end += s->bytes;
	}
	sets = to.count;
	if (t->user) {
		size_t n = poll_select_rest(t->type, t->end, &rest);

		memcpy(end, &rest, n);
		iov[to.nr_segs++] = (struct iovec){ (uintptr_t)t->user, n };
		to.count += n;
	}
	done = copy_to_iter(s->map[0], to.count, &to);
	if (done < sets)
		return fail(-EFAULT, "cannot write to a set");
	t->told = true;
	return 0;
}

static bool in_set(const struct fd_sets *s, int i, unsigned int fd)
{
	return s->map[i][fd / 64] >> (fd % 64) & 1;
}

static int select_add_fd(struct poll_set *set, const struct fd_sets *s,
			 unsigned int fd)
{
	struct file *f = fget_poll((int)fd);
	struct poll_entry *e;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	e = poll_add(set);
	if (!e) {
		fput(f);
		return fail(-ENOMEM, "no memory for a file to wait for");
	}
	e->file = f;
	e->user = fd;
	for (int i = 0; i < NR_SETS; i++)
		if (in_set(s, i, fd))
			e->events |= set_mask[i];
	return 0;
}

static int select_add(struct poll_set *set, const struct fd_sets *s)
{
	for (size_t w = 0; w < s->words; w++) {
		u64 bits = s->map[IN][w] | s->map[OUT][w] | s->map[EX][w];

		for (; bits; bits &= bits - 1) {
			unsigned int fd = (unsigned int)w * 64 +
					  (unsigned int)__builtin_ctzll(bits);
			int err;

			if (fd >= s->n)
				break;
			err = select_add_fd(set, s, fd);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Leave the bits of what holds. Their number. */
static int select_result(struct poll_set *set, struct fd_sets *s)
{
	struct poll_chunk *c;
	struct poll_entry *e;
	u64 asked[NR_SETS];
	size_t done = 0; /* words that are the result's */
	int count = 0;

	poll_for_each_entry(e, c, set)
	{
		size_t w = e->user / 64;

		for (; done <= w; done++)
			for (int i = 0; i < NR_SETS; i++) {
				asked[i] = s->map[i][done];
				s->map[i][done] = 0;
			}
		for (int i = 0; i < NR_SETS; i++) {
			u64 bit = 1ULL << (e->user % 64);

			if (!(asked[i] & bit) || !(e->revents & set_mask[i]))
				continue;
			s->map[i][w] |= bit;
			count++;
		}
	}
	for (int i = 0; i < NR_SETS; i++)
		memset(s->map[i] + done, 0, (s->words - done) * sizeof(u64));
	return count;
}

static int do_select(struct fd_sets *s, u64 end, const u64 *sigmask)
{
	struct poll_set set;
	int ret;

	poll_initwait(&set);
	ret = select_add(&set, s);
	if (!ret)
		ret = do_poll(&set, end, sigmask);
	if (ret >= 0)
		ret = select_result(&set, s);
	poll_freewait(&set);
	return ret;
}

static int core_sys_select(int nfds, void __user *in, void __user *out,
			   void __user *ex, struct select_time *t,
			   const u64 *sigmask)
{
	struct files_struct *fs = current->files;
	size_t word = in_compat_syscall() ? 32 : 64;
	struct fd_sets s = { .user = { in, out, ex } };
	int ret, err;

	if (nfds < 0)
		return fail(-EINVAL, "a negative number of descriptors");
	s.n = (unsigned int)nfds;
	if (fs->ops->table_size)
		s.n = fs->ops->table_size(fs, s.n);
	s.words = DIV_ROUND_UP(s.n, 64);
	s.bytes = DIV_ROUND_UP(s.n, word) * (word / 8);
	ret = get_fd_sets(&s);
	if (!ret)
		ret = do_select(&s, t->end, sigmask);
	if (ret >= 0) {
		err = put_fd_sets(&s, t);
		ret = err ? err : ret;
	}
	kfree(s.map[0]);
	return ret;
}

static long do_sys_select(int nfds, void __user *in, void __user *out,
			  void __user *ex, void __user *timeout,
			  enum poll_time_type type, void __user *sigmask,
			  u64 size)
{
	struct select_time t = { .user = timeout, .type = type };
	int ret = poll_select_set_timeout(timeout, type, &t.end);
	u64 mask;

	if (!ret)
		ret = set_user_sigmask(sigmask, size, &mask);
	if (ret)
		return ret;
	ret = core_sys_select(nfds, in, out, ex, &t, sigmask ? &mask : NULL);
	return t.told ? ret : poll_select_finish(timeout, type, t.end, ret);
}

/* Both ABIs: the layout of the timeout follows the program's. */
long sys_select(int nfds, void __user *readfds, void __user *writefds,
		void __user *exceptfds, void __user *timeout)
{
	return do_sys_select(nfds, readfds, writefds, exceptfds, timeout,
			     PT_TIMEVAL, NULL, 0);
}

/* i386: its arguments lie in memory. */
long compat_sys_old_select(void __user *arg)
{
	u32 a[5];

	if (copy_from_user(a, arg, sizeof(a)))
		return fail(-EFAULT, "bad pointer to the arguments");
	return sys_select((int)a[0], u64_to_user_ptr(a[1]),
			  u64_to_user_ptr(a[2]), u64_to_user_ptr(a[3]),
			  u64_to_user_ptr(a[4]));
}

/* The last argument: where the mask is, and its size. */
static int get_sigset_argpack(const void __user *arg, u64 *ret_mask,
			      u64 *ret_size)
{
	bool compat = in_compat_syscall();
	u64 a[2];
	u32 c[2];

	*ret_mask = *ret_size = 0;
	if (!arg)
		return 0;
	if (compat ? copy_from_user(c, arg, sizeof(c))
		   : copy_from_user(a, arg, sizeof(a)))
		return fail(-EFAULT, "bad pointer to the signal mask");
	*ret_mask = compat ? c[0] : a[0];
	*ret_size = compat ? c[1] : a[1];
	return 0;
}

static long do_pselect(int nfds, void __user *in, void __user *out,
		       void __user *ex, void __user *timeout,
		       enum poll_time_type type, void __user *sigmask)
{
	u64 mask, size;
	int err = get_sigset_argpack(sigmask, &mask, &size);

	if (err)
		return err;
	return do_sys_select(nfds, in, out, ex, timeout, type,
			     u64_to_user_ptr(mask), size);
}

long sys_pselect6(int nfds, void __user *readfds, void __user *writefds,
		  void __user *exceptfds, struct timespec64 __user *timeout,
		  void __user *sigmask)
{
	return do_pselect(nfds, readfds, writefds, exceptfds, timeout,
			  PT_TIMESPEC, sigmask);
}

long compat_sys_pselect6(int nfds, void __user *readfds, void __user *writefds,
			 void __user *exceptfds,
			 struct old_timespec32 __user *timeout,
			 void __user *sigmask)
{
	return do_pselect(nfds, readfds, writefds, exceptfds, timeout,
			  PT_OLD_TIMESPEC, sigmask);
}
