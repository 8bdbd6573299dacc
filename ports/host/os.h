/* SPDX-License-Identifier: MIT */
/*
 * The system below: the calls that the gate itself makes.
 *
 * The core's headers and libc's socket headers define the same names, so no
 * source includes both: the gate sees the machine through these functions
 * only. All of them return a negative errno on failure and never sleep, unless
 * said otherwise. Descriptors made here are close-on-exec.
 */
#ifndef PORTS_HOST_OS_H
#define PORTS_HOST_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct seccomp_notif;
struct sock_fprog;

/* Ranges of memory, as struct iovec of x86_64. */
struct os_iovec {
	uint64_t base;
	uint64_t len;
};

/* Processes. */
int os_pidfd_open(pid_t pid);
int os_pidfd_open_thread(pid_t tid);
int os_pidfd_getfd(int pidfd, int fd);
int os_tgkill(pid_t pid, pid_t tid, int sig);
int os_kill(pid_t pid, int sig);
/* Whoever F_SETOWN of @fd named, if there still is one. */
int os_kill_owner(int fd, int sig);
/* Soft limit of open files of @pid, or -errno. */
int64_t os_nofile(pid_t pid);
/* Memory of @pid: bytes moved or -errno; never more than asked for. */
ssize_t os_vm_read(pid_t pid, void *to, const struct os_iovec *from, size_t nr,
		   size_t n);
ssize_t os_vm_write(pid_t pid, const struct os_iovec *to, size_t nr,
		    const void *from, size_t n);
/* The same from @nr_from ranges of ours. */
ssize_t os_vm_write_many(pid_t pid, const struct os_iovec *to, size_t nr,
			 const struct os_iovec *from, size_t nr_from);

/* Files. */
int os_pipe(int ret_fd[2]);
void os_close(int fd);
/* Inode number; mode in *ret_mode unless NULL. 0 when @fd is bad. */
uint64_t os_inode(int fd, unsigned int *ret_mode);
int os_dup(int fd);
ssize_t os_read(int fd, void *buf, size_t n);
ssize_t os_write(int fd, const void *buf, size_t n);
/* A write to a pipe. */
ssize_t os_vmsplice(int fd, const void *buf, size_t n);
ssize_t os_pread(int fd, void *buf, size_t n, int64_t off);
ssize_t os_pwrite(int fd, const void *buf, size_t n, int64_t off);
/* At the file's own position; -EAGAIN rather than sleep where it can tell. */
ssize_t os_read_nowait(int fd, void *buf, size_t n);
ssize_t os_write_nowait(int fd, const void *buf, size_t n);
int64_t os_lseek(int fd, int64_t off, int whence);
int os_getfl(int fd);
int os_set_nonblock(int fd, bool on);
int os_fchown(int fd, uint32_t uid, uint32_t gid);
/* POLLIN etc. of @want that hold now. */
int os_poll_now(int fd, int want);
int os_open_null(void);
/*
 * May an open() of thread @tid with this directory and name sleep? One of a
 * FIFO or a serial line does.
 */
bool os_open_sleeps(pid_t tid, int dirfd, const char *name);
/* A file in memory with this content, at its start, read-only for users. */
int os_memfd(const char *name, const void *data, size_t n);
/* The whole of a small file (of /proc). Bytes, NUL appended; @size > 0. */
ssize_t os_read_file(const char *path, char *buf, size_t size);

/* Socket pairs. */
int os_socketpair(bool packets, int ret_fd[2]);
ssize_t os_send(int fd, const void *buf, size_t n);
ssize_t os_send_oob(int fd);
/* One byte that carries descriptor @pass. */
ssize_t os_send_fd(int fd, int pass);
/* The pending error of a socket, which is cleared by that (SO_ERROR). */
int os_take_error(int fd);
ssize_t os_recv(int fd, void *buf, size_t n);
ssize_t os_recv_oob(int fd);
int os_shutdown(int fd, bool rd, bool wr);
int os_set_sndbuf(int fd, int bytes);
/* Bytes sent and not yet taken by the other end (SIOCOUTQ). */
int os_outq(int fd);
/* Is it anon_inode:[@name]? */
bool os_is_anon(int fd, const char *name);
bool os_is_unix_socket(int fd);
/* Has process @pid a descriptor of the socket with this inode? */
bool os_has_socket(pid_t pid, uint64_t ino);
/* Has one of its descendants, or may one that we cannot look at? */
bool os_tree_has_socket(pid_t pid, uint64_t ino);

/*
 * Receive one message with its control data, without sleeping. Descriptors in
 * it become ours. Lengths in, lengths out; *ret_flags is msg_flags.
 */
ssize_t os_recvmsg(int fd, void *buf, size_t n, void *name, unsigned int *len,
		   void *control, size_t *control_len, int flags,
		   int *ret_flags);

/* epoll. */
struct os_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));
#define OS_EPOLLIN 1U
int os_epoll_create(void);
int os_epoll_add(int ep, int fd, uint32_t events, void *data);
int os_epoll_mod(int ep, int fd, uint32_t events, void *data);
void os_epoll_del(int ep, int fd);
/* Sleeps up to @ns (~0: for ever). Events or -errno (-EINTR included). */
int os_epoll_wait(int ep, struct os_event *ev, int max, uint64_t ns);
/* What is there now; cheaper. */
int os_epoll_now(int ep, struct os_event *ev, int max);

/* A timer on the clock of port_clock_ns(): readable once @at has come. */
int os_timer_create(void);
void os_timer_set(int fd, uint64_t at);

/* seccomp. Installs on the calling thread; returns the listener. */
int os_seccomp_listen(const struct sock_fprog *prog);
bool os_seccomp_sizes_fit(void);
int os_notif_recv(int listener, struct seccomp_notif *n);
int os_notif_send(int listener, uint64_t id, int64_t val, int32_t error,
		  uint32_t flags);
bool os_notif_valid(int listener, uint64_t id);
/* Let others run for some microseconds. */
void os_nap(unsigned int us);
/* @newfd < 0: the lowest number. @send: it is the call's answer, too. */
int os_notif_addfd(int listener, uint64_t id, int srcfd, int newfd,
		   uint32_t newfd_flags, bool send);
/* 0 when answers may wake the program on this CPU at once. */
int os_notif_sync_wake(int listener);

#endif
