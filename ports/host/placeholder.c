/* SPDX-License-Identifier: MIT */
/*
 * Placeholders: sockets of ours as descriptors of the programs.
 *
 * A host socket pair: the program has A, we keep D. Who A belongs to is told
 * by its inode, whatever its number and whichever process; its last close, by
 * whatever way, hangs up D. We never keep a descriptor of A ourselves beyond
 * the handling of one call: the last close would go unseen.
 *
 *   pool --placeholder_new()--> in use --D hangs up--> closing --> freed
 *            (file set)                  (file NULL)    (last cache slot)
 */
#include "ports/host/host.h"

#include "net/sockfs.h"
#include "ports/host/pump.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <stdlib.h>

#define EV_IN 0x001U
#define EV_ERR 0x008U
#define EV_HUP 0x010U
#define EV_RDHUP 0x2000U
#define EV_ET (1U << 31)

static struct hlist_head *ino_bucket(u64 ino)
{
	return &supervisor()->inodes[ino % INO_BUCKETS];
}

struct placeholder *placeholder_by_inode(u64 ino)
{
	struct placeholder *ph;

	hlist_for_each_entry(ph, ino_bucket(ino), node)
		if (ph->ino == ino && ph->file)
			return ph;
	return NULL;
}

void placeholder_get(struct placeholder *ph)
{
	ph->refs++;
}

void placeholder_put(struct placeholder *ph)
{
	if (--ph->refs)
		return;
	/* Events of this batch may still point to it. */
	list_add_tail(&ph->link, &supervisor()->dead);
}

/* A is closed everywhere. */
struct file *placeholder_take(struct placeholder *ph)
{
	struct supervisor *sv = supervisor();
	struct file *f = ph->file;

	mirror_stop(ph);
	pump_stop(ph);
	ph->file = NULL;
	f->f_port = NULL;
	hlist_del_init(&ph->node);
	sv->nr_placeholders--;
	if (ph->low)
		sv->nr_low--;
	os_close(ph->d); /* which ends its watch, too */
	ph->d = -1;
	process_put(ph->holder);
	ph->holder = NULL;
	if (ph->twin)
		placeholder_put(ph->twin);
	ph->twin = NULL;
	placeholder_put(ph);
	return f;
}

/*
 * Has any process A? The one that had it last, most likely. Another one that
 * knows it has it in its cache; and who was started later may have inherited
 * it and not used it yet.
 */
static bool anybody_has(struct placeholder *ph)
{
	struct process *p;
	int a = placeholder_a(ph);

	if (a >= 0) {
		os_close(a);
		return true;
	}
	list_for_each_entry(p, &supervisor()->processes, all)
		if ((p->born > ph->born || ph->refs > 1) &&
		    os_has_socket(p->pid, ph->ino))
			return true;
	return false;
}

static void d_event(struct watch *w, u32 events)
{
	struct placeholder *ph = container_of(w, struct placeholder, watch);

	if (!ph->file)
		return;
	/*
	 * D is shut down by us, so that its hang-up tells nothing. The last
	 * close is an error on it when A had a marker unread; else it is just
	 * an event, as our own shutdown was.
	 */
	if (ph->blind) {
		if ((events & EV_ERR) || !anybody_has(ph))
			last_close(ph);
		return;
	}
	if (ph->pump)
		pump_event(ph, events);
	else if (events & EV_HUP)
		last_close(ph);
}

void placeholder_look(struct placeholder *ph)
{
	u32 hup = EV_ERR | EV_HUP;

	if (ph->d >= 0)
		hup &= (u32)os_poll_now(ph->d, 0);
	if (hup && ph->file)
		d_event(&ph->watch, hup);
}

void placeholder_closed(struct placeholder *ph)
{
	last_close(ph);
}

static struct placeholder *placeholder_make(bool packets)
{
	struct supervisor *sv = supervisor();
	struct placeholder *ph = calloc(1, sizeof(*ph));
	int sv_pair[2], err;

	if (!ph)
		return NULL;
	err = os_socketpair(packets, sv_pair);
	if (err)
		goto out_free;
	ph->watch.fn = d_event;
	ph->a = sv_pair[0];
	ph->d = sv_pair[1];
	ph->packets = packets;
	ph->refs = 1;
	INIT_LIST_HEAD(&ph->dirty);
	ph->ino = os_inode(ph->a, NULL);
	err = os_epoll_add(sv->ep, ph->d, EV_IN | EV_RDHUP | EV_ET, &ph->watch);
	if (err)
		goto out_close;
	return ph;
out_close:
	os_close(ph->a);
	os_close(ph->d);
out_free:
	free(ph);
	return NULL;
}

static void placeholder_unmake(struct placeholder *ph)
{
	os_close(ph->a);
	os_close(ph->d);
	free(ph);
}

void placeholder_fill_pool(void)
{
	struct supervisor *sv = supervisor();

	for (int i = 0; i < 2; i++)
		while (sv->pool_size[i] < POOL_PAIRS) {
			struct placeholder *ph = placeholder_make(i);

			if (!ph)
				return;
			list_add_tail(&ph->link, &sv->pool[i]);
			sv->pool_size[i]++;
		}
}

void placeholders_init(void)
{
	INIT_LIST_HEAD(&supervisor()->pool[0]);
	INIT_LIST_HEAD(&supervisor()->pool[1]);
	placeholder_fill_pool();
}

void placeholders_exit(void)
{
	struct supervisor *sv = supervisor();
	struct placeholder *ph, *n;

	for (int i = 0; i < INO_BUCKETS; i++)
		while (!hlist_empty(&sv->inodes[i]))
			last_close(hlist_entry(sv->inodes[i].first,
					       struct placeholder, node));
	for (int i = 0; i < 2; i++)
		list_for_each_entry_safe(ph, n, &sv->pool[i], link) {
			list_del(&ph->link);
			placeholder_unmake(ph);
		}
}

struct placeholder *placeholder_new(struct file *f)
{
	struct supervisor *sv = supervisor();
	struct socket *sock = sock_from_file(f);
	bool packets = !sock || sock->type != SOCK_STREAM;
	struct placeholder *ph;

	if (!list_empty(&sv->pool[packets])) {
		ph = list_first_entry(&sv->pool[packets], struct placeholder,
				      link);
		list_del(&ph->link);
		sv->pool_size[packets]--;
	} else {
		ph = placeholder_make(packets);
	}
	if (!ph)
		return NULL;
	ph->file = f;
	ph->born = ++sv->births;
	f->f_port = ph;
	hlist_add_head(&ph->node, ino_bucket(ph->ino));
	sv->nr_placeholders++;
	if (sv->mirrored)
		mirror_arm(ph);
	return ph;
}

/* It never became the program's; the file stays the caller's. */
void placeholder_discard(struct placeholder *ph)
{
	struct supervisor *sv = supervisor();

	mirror_stop(ph);
	pump_stop(ph);
	ph->file->f_port = NULL;
	ph->file = NULL;
	hlist_del_init(&ph->node);
	sv->nr_placeholders--;
	if (ph->low)
		sv->nr_low--;
	os_close(ph->a);
	ph->a = -1;
	os_close(ph->d);
	ph->d = -1;
	placeholder_put(ph);
}

/* Free those that nothing refers to any more, between two batches. */
void placeholders_reap(void)
{
	struct placeholder *ph, *n;

	list_for_each_entry_safe(ph, n, &supervisor()->dead, link)
		free(ph);
	INIT_LIST_HEAD(&supervisor()->dead);
}

int placeholder_a(struct placeholder *ph)
{
	struct process *p = ph->holder;
	int a;

	if (!p || p->dead)
		return -ESRCH;
	a = process_getfd(p, ph->holder_fd);
	if (a >= 0 && !process_has(p, ph->holder_fd, ph) &&
	    os_inode(a, NULL) != ph->ino) {
		os_close(a);
		return -EBADF;
	}
	return a;
}

/* ---- files_ops ---- */

/* Look whether there will be a number; which one is settled by install(). */
static int host_get_unused(struct files_struct *fs, unsigned int flags)
{
	struct process *p = container_of(fs, struct process, files);

	(void)flags;
	if (!supervisor()->opt->lowest_fd && !process_may_have_fd(p))
		return fail(-EMFILE, "no descriptor free");
	return 0;
}

static void host_put_unused(struct files_struct *fs, int fd)
{
	(void)fs;
	(void)fd;
}

/* fstat() tells of A: a program that is another user by now owns its own. */
static void set_owner(int a, const struct cred *cred)
{
	const struct supervisor *sv = supervisor();

	if (cred->fsuid != sv->euid || cred->fsgid != sv->egid)
		(void)os_fchown(a, cred->fsuid, cred->fsgid);
}

static int host_install(struct files_struct *fs, int token, struct file *f,
			unsigned int flags)
{
	struct process *p = container_of(fs, struct process, files);
	struct supervisor *sv = supervisor();
	struct call *c = call_of(current);
	struct placeholder *ph;
	int fd = process_new_fd(p);

	(void)token;
	if (fd < FD_LOWEST)
		return fail(fd, "no descriptor free");
	ph = placeholder_new(f);
	if (!ph)
		return fail(-ENFILE, "the host gives no more descriptors");
	/* The call ends here: what it has done to its own socket shows now. */
	if (c->ph && c->ph->file)
		mirror_dirty(c->ph);
	mirror_flush();
	set_owner(ph->a, &current->cred);
	if (fd == FD_LOWEST && !sv->opt->lowest_fd)
		pump_lower(ph, ph->a);
	fd = os_notif_addfd(sv->listener, c->id, ph->a, fd, flags & O_CLOEXEC,
			    true);
	if (fd < 0) {
		placeholder_discard(ph);
		/* ESRCH: a signal came before the thread had taken it. */
		if (fd != -ENOENT && fd != -ESRCH)
			return fail(-EMFILE, "descriptor limit");
		c->sent = true;
		return -ERESTARTSYS;
	}
	os_close(ph->a);
	ph->a = -1;
	if (f->f_inode)
		f->f_inode->i_ino = ph->ino;
	c->sent = true;
	c->taken = true;
	process_set_fd(p, fd, ph);
	process_get(p);
	ph->holder = p;
	ph->holder_fd = fd;
	if (!sv->opt->lowest_fd)
		p->next = max(p->next, (unsigned int)fd + 1);
	return fd;
}

static struct file *host_get(struct files_struct *fs, int fd)
{
	struct process *p = container_of(fs, struct process, files);
	struct placeholder *ph;
	struct file *f;

	switch (process_fd(p, fd, &ph)) {
	case FD_OURS:
		return get_file(ph->file);
	case FD_BAD:
		return NULL;
	default:
		f = foreign_file(p, fd);
		return IS_ERR(f) ? NULL : f;
	}
}

static unsigned int host_limit(struct files_struct *fs)
{
	s64 n = os_nofile(container_of(fs, struct process, files)->pid);

	return n < 0 ? ~0U : (unsigned int)n;
}

const struct files_ops host_files_ops = {
	.get_unused = host_get_unused,
	.put_unused = host_put_unused,
	.install = host_install,
	.get = host_get,
	.get_poll = host_get_poll,
	.limit = host_limit,
	.table_size = host_table_size,
};
