/* SPDX-License-Identifier: MIT */
#include "ports/host/os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#endif

_Static_assert(sizeof(struct os_iovec) == sizeof(struct iovec), "iovec");
_Static_assert(sizeof(struct os_event) == sizeof(struct epoll_event),
	       "epoll_event");

#define MEM_MAJOR 1 /* /dev/null and its like */

/*
 * Requests to the listener wait for its lock, and a signal (watcher.h) ends
 * that wait.
 */
static int request(int listener, unsigned long cmd, void *arg)
{
	int ret;

	do
		ret = ioctl(listener, cmd, arg);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : ret;
}

#define RET(expr)                             \
	({                                    \
		__typeof__(expr) r_ = (expr); \
		r_ < 0 ? -errno : r_;         \
	})

int os_pidfd_open(pid_t pid)
{
	return (int)RET(syscall(SYS_pidfd_open, pid, 0));
}

/* Linux 6.9; -EINVAL before. */
int os_pidfd_open_thread(pid_t tid)
{
	const unsigned int pidfd_thread = O_EXCL;

	return (int)RET(syscall(SYS_pidfd_open, tid, pidfd_thread));
}

int os_pidfd_getfd(int pidfd, int fd)
{
	return (int)RET(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
}

int os_tgkill(pid_t pid, pid_t tid, int sig)
{
	return (int)RET(syscall(SYS_tgkill, pid, tid, sig));
}

int os_kill(pid_t pid, int sig)
{
	return RET(kill(pid, sig));
}

int os_kill_owner(int fd, int sig)
{
	struct f_owner_ex own;

	if (fcntl(fd, F_GETOWN_EX, &own))
		return -errno;
	if (!own.pid)
		return -ESRCH;
	if (own.type == F_OWNER_TID)
		return (int)RET(syscall(SYS_tkill, own.pid, sig));
	return os_kill(own.type == F_OWNER_PGRP ? -own.pid : own.pid, sig);
}

/* Of a process of another user, which prlimit() may not ask for. */
static int64_t nofile_of_other(pid_t pid)
{
	static const char name[] = "Max open files";
	char path[40], buf[4096], *s;

	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return -ESRCH;
	s = strstr(buf, name);
	return s ? strtol(s + sizeof(name) - 1, NULL, 10) : -ESRCH;
}

int64_t os_nofile(pid_t pid)
{
	struct rlimit rl;

	if (prlimit(pid, RLIMIT_NOFILE, NULL, &rl))
		return nofile_of_other(pid);
	return rl.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)rl.rlim_cur;
}

ssize_t os_vm_read(pid_t pid, void *to, const struct os_iovec *from, size_t nr,
		   size_t n)
{
	struct iovec l = { to, n };

	return RET(process_vm_readv(pid, &l, 1, (const struct iovec *)from, nr,
				    0));
}

ssize_t os_vm_write(pid_t pid, const struct os_iovec *to, size_t nr,
		    const void *from, size_t n)
{
	struct os_iovec l = { (uintptr_t)from, n };

	return os_vm_write_many(pid, to, nr, &l, 1);
}

ssize_t os_vm_write_many(pid_t pid, const struct os_iovec *to, size_t nr,
			 const struct os_iovec *from, size_t nr_from)
{
	return RET(process_vm_writev(pid, (const struct iovec *)from, nr_from,
				     (const struct iovec *)to, nr, 0));
}

int os_pipe(int ret_fd[2])
{
	return RET(pipe2(ret_fd, O_CLOEXEC));
}

void os_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

uint64_t os_inode(int fd, unsigned int *ret_mode)
{
	struct stat st;

	if (fstat(fd, &st))
		return 0;
	if (ret_mode)
		*ret_mode = st.st_mode;
	return st.st_ino;
}

bool os_open_sleeps(pid_t tid, int dirfd, const char *name)
{
	char path[PATH_MAX + 40];
	struct stat st;

	if (name[0] == '/')
		snprintf(path, sizeof(path), "/proc/%d/root%s", tid, name);
	else if (dirfd == AT_FDCWD)
		snprintf(path, sizeof(path), "/proc/%d/cwd/%s", tid, name);
	else
		snprintf(path, sizeof(path), "/proc/%d/fd/%d/%s", tid, dirfd,
			 name);
	return !stat(path, &st) &&
	       (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) &&
					 major(st.st_rdev) != MEM_MAJOR));
}

int os_dup(int fd)
{
	return RET(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

ssize_t os_read(int fd, void *buf, size_t n)
{
	return RET(read(fd, buf, n));
}

ssize_t os_write(int fd, const void *buf, size_t n)
{
	return RET(write(fd, buf, n));
}

ssize_t os_vmsplice(int fd, const void *buf, size_t n)
{
	struct iovec v = { (void *)buf, n };

	return RET(vmsplice(fd, &v, 1, 0));
}

ssize_t os_pread(int fd, void *buf, size_t n, int64_t off)
{
	return RET(pread(fd, buf, n, off));
}

ssize_t os_pwrite(int fd, const void *buf, size_t n, int64_t off)
{
	return RET(pwrite(fd, buf, n, off));
}

/* Regular files never make us wait for long; of the rest ask poll first. */
static bool is_regular(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode));
}

ssize_t os_read_nowait(int fd, void *buf, size_t n)
{
	struct iovec v = { buf, n };
	ssize_t r = preadv2(fd, &v, 1, -1, RWF_NOWAIT);

	if (r >= 0 || (errno != EOPNOTSUPP && errno != EAGAIN))
		return RET(r);
	if (!is_regular(fd) && !os_poll_now(fd, POLLIN))
		return -EAGAIN;
	return RET(read(fd, buf, n));
}

ssize_t os_write_nowait(int fd, const void *buf, size_t n)
{
	struct iovec v = { (void *)buf, n };
	ssize_t r = pwritev2(fd, &v, 1, -1, RWF_NOWAIT);

	if (r >= 0 || (errno != EOPNOTSUPP && errno != EAGAIN))
		return RET(r);
	if (!is_regular(fd)) {
		if (!os_poll_now(fd, POLLOUT))
			return -EAGAIN;
		/* A pipe that polls writable takes at least this much. */
		if (n > 4096)
			n = 4096;
	}
	return RET(write(fd, buf, n));
}

int64_t os_lseek(int fd, int64_t off, int whence)
{
	return RET(lseek(fd, off, whence));
}

int os_getfl(int fd)
{
	return RET(fcntl(fd, F_GETFL));
}

int os_fchown(int fd, uint32_t uid, uint32_t gid)
{
	return RET(fchown(fd, uid, gid));
}

int os_set_nonblock(int fd, bool on)
{
	int fl = fcntl(fd, F_GETFL);

	if (fl < 0)
		return -errno;
	fl = on ? fl | O_NONBLOCK : fl & ~O_NONBLOCK;
	return RET(fcntl(fd, F_SETFL, fl));
}

int os_poll_now(int fd, int want)
{
	struct pollfd p = { fd, (short)want, 0 };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

int os_open_null(void)
{
	return RET(open("/dev/null", O_RDWR | O_CLOEXEC));
}

int os_memfd(const char *name, const void *data, size_t n)
{
	int fd = memfd_create(name, MFD_CLOEXEC);
	char path[40];
	int ro, err;

	if (fd < 0)
		return -errno;
	if (n && write(fd, data, n) != (ssize_t)n) {
		close(fd);
		return -ENOSPC;
	}
	/* Opened anew: its own position, and no writing. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ro = open(path, O_RDONLY | O_CLOEXEC);
	err = -errno;
	close(fd);
	return ro < 0 ? err : ro;
}

ssize_t os_read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = RET(read(fd, buf, size - 1));
	close(fd);
	if (n >= 0)
		buf[n] = 0;
	return n;
}

int os_socketpair(bool packets, int ret_fd[2])
{
	return RET(socketpair(AF_UNIX,
			      (packets ? SOCK_SEQPACKET : SOCK_STREAM) |
				      SOCK_CLOEXEC,
			      0, ret_fd));
}

ssize_t os_send(int fd, const void *buf, size_t n)
{
	return RET(send(fd, buf, n, MSG_DONTWAIT | MSG_NOSIGNAL));
}

ssize_t os_send_oob(int fd)
{
	return RET(send(fd, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_OOB));
}

ssize_t os_send_fd(int fd, int pass)
{
	union {
		struct cmsghdr hdr;
		char buf[CMSG_SPACE(sizeof(int))];
	} c = { .hdr = { .cmsg_len = CMSG_LEN(sizeof(int)),
			 .cmsg_level = SOL_SOCKET,
			 .cmsg_type = SCM_RIGHTS } };
	struct iovec v = { "!", 1 };
	struct msghdr m = {
		.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = c.buf,
		.msg_controllen = sizeof(c.buf),
	};

	memcpy(CMSG_DATA(&c.hdr), &pass, sizeof(pass));
	return RET(sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL));
}

int os_take_error(int fd)
{
	int err = 0;
	socklen_t len = sizeof(err);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) ? -errno : err;
}

ssize_t os_recv(int fd, void *buf, size_t n)
{
	return RET(recv(fd, buf, n, MSG_DONTWAIT));
}

ssize_t os_recv_oob(int fd)
{
	char c;

	return RET(recv(fd, &c, 1, MSG_DONTWAIT | MSG_OOB));
}

int os_shutdown(int fd, bool rd, bool wr)
{
	return RET(shutdown(fd, rd && wr ? SHUT_RDWR : rd ? SHUT_RD : SHUT_WR));
}

int os_set_sndbuf(int fd, int bytes)
{
	return RET(
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)));
}

int os_outq(int fd)
{
	int n;

	return ioctl(fd, SIOCOUTQ, &n) ? -errno : n;
}

bool os_is_anon(int fd, const char *name)
{
	char path[40], link[64], want[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(want, sizeof(want), "anon_inode:[%s]", name);
	n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return false;
	link[n] = 0;
	return !strcmp(link, want);
}

bool os_is_unix_socket(int fd)
{
	int v;
	socklen_t len = sizeof(v);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &v, &len) && v == AF_UNIX;
}

ssize_t os_recvmsg(int fd, void *buf, size_t n, void *name, unsigned int *len,
		   void *control, size_t *control_len, int flags,
		   int *ret_flags)
{
	struct iovec v = { buf, n };
	struct msghdr m = {
		.msg_name = name,
		.msg_namelen = *len,
		.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = *control_len,
	};
	ssize_t r = recvmsg(fd, &m, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (r < 0)
		return -errno;
	*len = m.msg_namelen;
	*control_len = m.msg_controllen;
	*ret_flags = m.msg_flags & ~MSG_CMSG_CLOEXEC;
	return r;
}

int os_epoll_create(void)
{
	return RET(epoll_create1(EPOLL_CLOEXEC));
}

int os_epoll_add(int ep, int fd, uint32_t events, void *data)
{
	struct epoll_event ev = { events, { .ptr = data } };

	return RET(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
}

int os_epoll_mod(int ep, int fd, uint32_t events, void *data)
{
	struct epoll_event ev = { events, { .ptr = data } };

	return RET(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev));
}

void os_epoll_del(int ep, int fd)
{
	(void)epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

int os_epoll_wait(int ep, struct os_event *ev, int max, uint64_t ns)
{
	struct timespec ts = { (time_t)(ns / 1000000000),
			       (long)(ns % 1000000000) };

	return (int)RET(syscall(SYS_epoll_pwait2, ep, ev, max,
				ns == ~0ULL ? NULL : &ts, NULL, 0));
}

int os_epoll_now(int ep, struct os_event *ev, int max)
{
	return RET(epoll_wait(ep, (struct epoll_event *)ev, max, 0));
}

int os_timer_create(void)
{
	return RET(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

void os_timer_set(int fd, uint64_t at)
{
	struct itimerspec its = {
		.it_value = { (time_t)(at / 1000000000),
			      (long)(at % 1000000000) },
	};

	(void)timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL);
}

int os_seccomp_listen(const struct sock_fprog *prog)
{
	return (int)RET(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER, prog));
}

bool os_seccomp_sizes_fit(void)
{
	struct seccomp_notif_sizes s;

	/* Larger ones of a newer system would need larger buffers. */
	return !syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &s) &&
	       s.seccomp_notif <= sizeof(struct seccomp_notif) &&
	       s.seccomp_notif_resp <= sizeof(struct seccomp_notif_resp);
}

int os_notif_recv(int listener, struct seccomp_notif *n)
{
	memset(n, 0, sizeof(*n));
	return request(listener, SECCOMP_IOCTL_NOTIF_RECV, n);
}

int os_notif_send(int listener, uint64_t id, int64_t val, int32_t error,
		  uint32_t flags)
{
	struct seccomp_notif_resp r = { id, val, error, flags };

	return request(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

void os_nap(unsigned int us)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = us * 1000L }, NULL);
}

bool os_notif_valid(int listener, uint64_t id)
{
	return !request(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

int os_notif_addfd(int listener, uint64_t id, int srcfd, int newfd,
		   uint32_t newfd_flags, bool send)
{
	struct seccomp_notif_addfd a = {
		.id = id,
		.flags = (newfd >= 0 ? SECCOMP_ADDFD_FLAG_SETFD : 0) |
			 (send ? SECCOMP_ADDFD_FLAG_SEND : 0),
		.srcfd = (uint32_t)srcfd,
		.newfd = newfd >= 0 ? (uint32_t)newfd : 0,
		.newfd_flags = newfd_flags,
	};
	sigset_t all, old;
	int ret;

	/*
	 * Never interrupted: an addition that is also the answer would be half
	 * undone, the call answered with 0.
	 */
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &old);
	ret = request(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ret;
}

int os_notif_sync_wake(int listener)
{
	return RET(ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
			 (uint64_t)SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP));
}
