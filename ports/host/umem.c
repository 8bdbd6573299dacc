/* SPDX-License-Identifier: MIT */
/*
 * The memory of programs.
 *
 * By process_vm_readv and process_vm_writev, which respect the pages'
 * protection as the program itself would: a read-only page is -EFAULT
 * (/proc/PID/mem is a little faster and writes through it).
 *
 * The thread whose id we use stands still in its call, so the id cannot mean
 * another one; except when the call has become void while it slept. Hence it
 * is asked for before the first copy after a sleep of ours.
 */
#include "ports/host/host.h"

#include <asm/errno.h>
#include <string.h>

#define MAX_RANGES 64

bool call_valid(struct call *c)
{
	struct supervisor *sv = supervisor();

	if (c->sent || c->cancelled)
		return false;
	if (c->epoch == sv->epoch)
		return true;
	if (!os_notif_valid(sv->listener, c->id)) {
		c->cancelled = true;
		return false;
	}
	c->epoch = sv->epoch;
	return true;
}

void umem_fetch(int tid, const struct os_iovec *from, size_t nr)
{
	struct supervisor *sv = supervisor();
	struct fetched *f = &sv->fetched;
	size_t n = 0;
	ssize_t got;

	f->nr = 0;
	for (; f->nr < nr && f->nr < FETCH_RANGES; f->nr++) {
		if (from[f->nr].len > FETCH_BYTES - n)
			break;
		f->at[f->nr] = from[f->nr];
		n += from[f->nr].len;
	}
	got = f->nr ? os_vm_read(tid, f->data, f->at, f->nr, n) : 0;
	/* A bad address ends it; ranges are whole or not there. */
	for (; f->nr && (got < 0 || n > (size_t)got); f->nr--)
		n -= f->at[f->nr - 1].len;
	f->tid = tid;
	f->epoch = sv->epoch;
}

/* Where the bytes at @from are, when they were fetched; or NULL. */
static const void *fetched(int tid, u64 from, size_t n)
{
	const struct supervisor *sv = supervisor();
	const struct fetched *f = &sv->fetched;
	size_t off = 0;

	if (f->epoch != sv->epoch || f->tid != tid)
		return NULL;
	for (size_t i = 0; i < f->nr; off += f->at[i++].len)
		if (from >= f->at[i].base && n <= f->at[i].len &&
		    from - f->at[i].base <= f->at[i].len - n)
			return f->data + off + (from - f->at[i].base);
	return NULL;
}

static ssize_t read_memory(int tid, void *to, const struct os_iovec *from,
			   size_t nr, size_t n)
{
	char *at = to;
	size_t i;

	for (i = 0; i < nr; i++) {
		const void *p = fetched(tid, from[i].base, from[i].len);

		if (!p)
			break;
		memcpy(at, p, from[i].len);
		at += from[i].len;
	}
	return i == nr ? (ssize_t)n : os_vm_read(tid, to, from, nr, n);
}

size_t umem_peek_many(int tid, void *to, const struct os_iovec *from, size_t nr,
		      size_t n)
{
	ssize_t got = n ? read_memory(tid, to, from, nr, n) : 0;

	return got < 0 ? n : n - (size_t)got;
}

size_t umem_peek(int tid, void *to, u64 from, size_t n)
{
	struct os_iovec v = { from, n };

	return umem_peek_many(tid, to, &v, 1, n);
}

bool umem_peek_string(int tid, char *to, u64 from, size_t size)
{
	size_t done = 0;

	while (done < size - 1) {
		size_t page = 4096 - ((from + done) & 4095);
		size_t n = min(size - 1 - done, page);

		if (umem_peek(tid, to + done, from + done, n))
			return false;
		if (memchr(to + done, 0, n))
			return true;
		done += n;
	}
	to[done] = 0;
	return true;
}

/* A copy was refused: was it the address, or are we not let in at all? */
static void explain(long err)
{
	struct supervisor *sv = supervisor();

	if (err != -EPERM || sv->told_eperm)
		return;
	sv->told_eperm = true;
	pr_err("trapgate: the host does not let us see the program's memory: "
	       "it is not ours to trace (setuid, or not dumpable)");
}

static size_t copy_in(struct task *t, void *to, u64 from, size_t n)
{
	struct call *c = call_of(t);
	struct os_iovec v = { from, n };
	ssize_t got;

	if (!call_valid(c))
		return n;
	got = read_memory(c->tid, to, &v, 1, n);
	if (got < 0) {
		explain(got);
		return n;
	}
	return n - (size_t)got;
}

/* What we write is read back by a trace. */
static void forget_fetched(void)
{
	supervisor()->fetched.nr = 0;
}

static size_t copy_out(struct task *t, u64 to, const void *from, size_t n)
{
	struct call *c = call_of(t);
	struct os_iovec v = { to, n };
	ssize_t got;

	if (!call_valid(c))
		return n;
	forget_fetched();
	got = os_vm_write(c->tid, &v, 1, from, n);
	if (got < 0) {
		explain(got);
		return n;
	}
	return n - (size_t)got;
}

/* The next ranges of @i, up to @n bytes in all. */
static size_t gather(const struct iov_iter *i, struct os_iovec *v, size_t *n)
{
	const struct iovec *iov = i->iov;
	size_t off = i->iov_offset, segs = i->nr_segs, nr = 0, sum = 0;

	for (; segs && nr < MAX_RANGES && sum < *n; segs--, iov++, off = 0) {
		size_t len = min(iov->iov_len - off, *n - sum);

		if (!len)
			continue;
		v[nr].base = iov->iov_base + off;
		v[nr++].len = len;
		sum += len;
	}
	*n = sum;
	return nr;
}

static size_t copy_iov(struct task *t, void *buf, struct iov_iter *i, size_t n,
		       bool out)
{
	struct call *c = call_of(t);
	struct os_iovec v[MAX_RANGES];
	struct iov_iter at;
	size_t done = 0;

	if (!call_valid(c))
		return n;
	if (out)
		forget_fetched();
	iov_iter_dup(&at, i);
	while (done < n) {
		size_t part = n - done, nr = gather(&at, v, &part);
		char *p = (char *)buf + done;
		ssize_t got;

		if (!part)
			break;
		got = out ? os_vm_write(c->tid, v, nr, p, part)
			  : read_memory(c->tid, p, v, nr, part);
		if (got <= 0) {
			explain(got);
			break;
		}
		done += (size_t)got;
		iov_iter_advance(&at, (size_t)got);
		if ((size_t)got < part)
			break;
	}
	return n - done;
}

static size_t copy_in_iov(struct task *t, void *to, struct iov_iter *i,
			  size_t n)
{
	return copy_iov(t, to, i, n, false);
}

static_assert(sizeof(struct os_iovec) == sizeof(struct iovec) &&
		      offsetof(struct os_iovec, len) ==
			      offsetof(struct iovec, iov_len),
	      "one range is like the other");

static size_t copy_out_iov(struct task *t, struct iov_iter *i,
			   const struct iovec *from, size_t nr, size_t n)
{
	struct os_iovec v[MAX_RANGES];
	struct iov_iter at;
	size_t part = n, nr_to = gather(i, v, &part);
	ssize_t got;

	if (nr > 1 && part == n) {
		if (!call_valid(call_of(t)))
			return n;
		forget_fetched();
		got = os_vm_write_many(call_of(t)->tid, v, nr_to,
				       (const struct os_iovec *)from, nr);
		explain(got);
		return got < 0 ? n : n - (size_t)got;
	}
	iov_iter_dup(&at, i);
	for (; nr; nr--, from++) {
		size_t left = copy_iov(t, (void *)(uintptr_t)from->iov_base,
				       &at, from->iov_len, true);

		n -= from->iov_len - left;
		if (left)
			break;
		iov_iter_advance(&at, from->iov_len);
	}
	return n;
}

static bool interrupted(struct task *t)
{
	return !call_valid(call_of(t));
}

/* SIGIO and SIGURG: to a process, or (negative) a group. */
static int gate_kill(struct task *t, int pid, int sig)
{
	(void)t;
	return os_kill(pid, sig);
}

const struct gate seccomp_gate = {
	.name = "seccomp",
	.copy_in = copy_in,
	.copy_out = copy_out,
	.interrupted = interrupted,
	.kill = gate_kill,
	.sigio = gate_sigio,
	.sigmask = host_sigmask,
	.copy_in_iov = copy_in_iov,
	.copy_out_iov = copy_out_iov,
};
