/* SPDX-License-Identifier: MIT */
/*
 * Asynchronous notification: O_ASYNC files on a list, and the signals to their
 * owners (F_SETOWN, F_SETSIG).
 *
 * An entry lives while FASYNC is set on its file; the file's release removes
 * it, so the list never outlives its entries' files.
 */
#include "fs/fs.h"

#include "kernel/slab.h"
#include "trace/trace.h"
#include "uapi/socket.h"

int fasync_helper(int fd, struct file *f, int on, struct fasync_struct **list)
{
	struct fasync_struct **p, *fa;

	for (p = list; (fa = *p) != NULL; p = &fa->fa_next)
		if (fa->fa_file == f)
			break;
	if (!on) {
		if (!fa)
			return 0;
		*p = fa->fa_next;
		f->f_flags &= ~FASYNC;
		kfree(fa);
		return 1;
	}
	if (fa) {
		fa->fa_fd = fd;
		return 0;
	}
	fa = kmalloc(sizeof(*fa));
	if (!fa)
		return fail(-ENOMEM, "no memory for O_ASYNC");
	fa->fa_file = f;
	fa->fa_fd = fd;
	fa->fa_next = *list;
	*list = fa;
	f->f_flags |= FASYNC;
	return 1;
}

/* @why SIGIO or SIGURG, which comes as @sig. */
static void send_sig_owner(struct file *f, int sig, int why, int band)
{
	const struct fown_struct *own = &f->f_owner;

	if (!own->pid || !own->gate || !own->gate->kill)
		return;
	if (own->gate->sigio && own->gate->sigio(f, why, band))
		return;
	/* An owner that is gone by now is nobody's fault. */
	(void)own->gate->kill(current, own->pid, sig);
}

void kill_fasync(struct fasync_struct **list, int sig, int band)
{
	for (struct fasync_struct *fa = *list; fa; fa = fa->fa_next) {
		int signum = fa->fa_file->f_owner.signum;

		/* LINUX: SIGURG goes by send_sigurg() unless SIGIO changed. */
		if (sig == SIGURG && !signum)
			continue;
		send_sig_owner(fa->fa_file, signum ? signum : SIGIO, sig, band);
	}
}

void send_sigurg(struct file *f)
{
	send_sig_owner(f, SIGURG, SIGURG, 0);
}
