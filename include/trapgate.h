/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: Linux's socket layer and TCP/IP stack to link to.
 *
 *	kernel		one world with a clock and a seed of its own
 *	host		a machine in it: devices, addresses, routes, settings
 *	link		a cable between two hosts, with the faults of a real one
 *	process		descriptors on a host, as a Unix process has them
 *	task		a function that runs in a process and may block
 *
 *	struct tg_kernel *k;
 *	struct tg_host *h;
 *
 *	tg_kernel_new(NULL, &k);
 *	tg_host_new(k, "h", &h);
 *	tg_spawn(h, server, NULL, NULL);	(calls tg_socket(), tg_accept()...)
 *	tg_spawn(h, client, NULL, NULL);
 *	tg_run(k);
 *	tg_kernel_free(k);
 *
 * Errors. Functions that return int or long return a negative errno value when
 * they fail and then have done nothing, unless said otherwise. -ENOMEM is
 * possible wherever something is made, -EINVAL for a NULL or senseless
 * argument. ret_ arguments are left untouched on failure.
 *
 * Time is in nanoseconds; 0 is when the kernel was made. Addresses are in
 * network order inside struct sockaddr, text ("10.0.0.1/24") elsewhere.
 *
 * Ownership. What a ..._new() function gives is freed by the ..._free()
 * function of the same name, or with what it belongs to: a host's processes,
 * taps and links with the host, everything with the kernel. A handle must not
 * be used afterwards. Strings and structures passed in are copied, except for
 * the arg of callbacks. The names of callbacks' arguments say who owns them.
 *
 * Threads. Kernels share nothing: each may run on a thread of its own. One
 * kernel must not be used by two threads at a time. It may move from one
 * thread to another between calls if its tasks keep no address of a
 * thread-local variable (errno is one) over a call that blocks.
 *
 * Tasks are fibers: they run one at a time, only while one of the tg_run
 * functions runs or (for calls) while they call, and change only where one
 * blocks. A task's stack has 128 KiB.
 *
 * Callbacks (log, taps, judges) run in the middle of the kernel's work and may
 * call nothing here but tg_now(): everything else is -EDEADLK.
 *
 * C99 and C++. Needs no other header; calls take the structures of
 * <sys/socket.h>, <sys/uio.h>, <poll.h>, <sys/epoll.h> with their constants.
 */
#ifndef TRAPGATE_H
#define TRAPGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct epoll_event;
struct iovec;
struct mmsghdr;
struct msghdr;
struct pollfd;
struct sockaddr;

struct tg_kernel;
struct tg_host;
struct tg_link;
struct tg_proc;
struct tg_task;
struct tg_tap;
struct tg_pcap;

#define TG_FOREVER UINT64_MAX
#define TG_USEC UINT64_C(1000)
#define TG_MSEC UINT64_C(1000000)
#define TG_SEC UINT64_C(1000000000)

/* The version of the library, "0.1.0". */
const char *tg_version(void);

/* ---- Kernels ---------------------------------------------------------- */

enum tg_clock {
	/*
	 * Time stands still while anything can run, then jumps to the next
	 * timer. Same seed, same program: same run, byte for byte.
	 */
	TG_CLOCK_VIRTUAL,
	/* CLOCK_MONOTONIC; the tg_run functions wait. */
	TG_CLOCK_REAL,
};

/* Zero is a good value for each. */
struct tg_kernel_params {
	/*
	 * Of all chance in the kernel: loss on links, ports, sequence numbers.
	 * The only source of it, so nothing here is a secret.
	 */
	uint64_t seed;
	enum tg_clock clock;
	/* Bytes that the kernel may hold, stacks of tasks apart; 0: any. */
	size_t memory_limit;
	/*
	 * Descriptors that a process may have; 0: 65536. All of the kernel's
	 * processes together: as many, and at least 1048576.
	 */
	unsigned int max_fds;
	/* Lines the kernel logs, levels as in syslog(3); NULL: to stderr. */
	void (*log)(void *arg, int level, const char *line);
	void *log_arg;
};

/* @params: NULL: all zero. -ENOMEM, -EINVAL. */
int tg_kernel_new(const struct tg_kernel_params *params,
		  struct tg_kernel **ret_kernel);
/*
 * End all its processes, free all it has, handles too. -EDEADLK from within
 * one of its tasks or callbacks; -ENOTRECOVERABLE when the kernel has lost
 * memory, which is an error of ours (and is logged). NULL is allowed.
 */
int tg_kernel_free(struct tg_kernel *k);

/* ---- Running ---------------------------------------------------------- */

/*
 * Run until nothing can happen any more: all tasks have ended or wait for what
 * will never come, and no timer is pending. (A task that sleeps over and over,
 * or a connection with keepalive, keeps the kernel running.)
 * Returns how many tasks have not ended, or -EDEADLK from within a task.
 */
int tg_run(struct tg_kernel *k);
/* The same, but at the latest until tg_now() is @time, @ns further. */
int tg_run_until(struct tg_kernel *k, uint64_t time);
int tg_run_for(struct tg_kernel *k, uint64_t ns);
/*
 * Until @task has ended: 0. -EDEADLK when it has not and nothing can happen
 * any more (or from within a task).
 */
int tg_run_task(struct tg_kernel *k, struct tg_task *task);
/*
 * Run what can run at this moment; if that is nothing, let time pass to the
 * next timer (real clock: wait for it). 1, or 0 when there is none.
 */
int tg_step(struct tg_kernel *k);
/*
 * For programs with an event loop of their own: run what can run now and
 * return. *ret_wait: nanoseconds until it should be called again, TG_FOREVER:
 * not before another function here was. May be NULL. -EINVAL: virtual clock.
 */
int tg_run_realtime(struct tg_kernel *k, uint64_t *ret_wait);
/*
 * A descriptor of the surrounding system that is readable when
 * tg_run_realtime() is due. The kernel's; never read it. -EINVAL: virtual
 * clock; errors of timerfd_create(2).
 */
int tg_realtime_fd(struct tg_kernel *k);

/* The time, ns. @k NULL: of the kernel whose task or callback calls. */
uint64_t tg_now(const struct tg_kernel *k);

/* ---- Hosts ------------------------------------------------------------ */

/*
 * Names have 1 to 31 characters; -EEXIST. The host has lo, up, with
 * 127.0.0.1/8.
 */
int tg_host_new(struct tg_kernel *k, const char *name,
		struct tg_host **ret_host);
/*
 * Switch it off: processes are killed, links removed, connections vanish
 * without a word to their peers. -EDEADLK from within one of the kernel's
 * tasks. NULL is allowed.
 */
int tg_host_free(struct tg_host *h);
const char *tg_host_name(const struct tg_host *h);

/*
 * @addr: "10.0.0.1/24", or "10.0.0.1" for /32. -ENODEV, -EINVAL, -EEXIST,
 * -EADDRNOTAVAIL (there is no such address to delete).
 */
int tg_addr_add(struct tg_host *h, const char *dev, const char *addr);
int tg_addr_del(struct tg_host *h, const char *dev, const char *addr);
/*
 * @dst: "10.1.0.0/16", "10.1.2.3" or "default". @via: the gateway or NULL;
 * @dev: or NULL; one of them must be given. -EINVAL, -ENODEV, -EEXIST,
 * -ENETUNREACH (no way to the gateway), -ESRCH (no such route to delete).
 */
int tg_route_add(struct tg_host *h, const char *dst, const char *via,
		 const char *dev);
int tg_route_del(struct tg_host *h, const char *dst, const char *via,
		 const char *dev);
/* -ENODEV. */
int tg_dev_up(struct tg_host *h, const char *dev, bool up);
/* 68 to 65535 on links. -ENODEV, -EINVAL. */
int tg_dev_mtu(struct tg_host *h, const char *dev, int mtu);

/*
 * Settings as sysctl(8) names them: "net.ipv4.tcp_congestion_control". Those
 * of /proc/sys/net that docs/LIMITS.md does not exclude. -ENOENT, -EINVAL.
 */
int tg_sysctl_set(struct tg_host *h, const char *name, const char *value);
/*
 * As text with a newline, as in /proc/sys; cut to @size - 1 bytes and ended by
 * NUL. Returns its whole length.
 */
long tg_sysctl_get(struct tg_host *h, const char *name, char *buf,
		   size_t size);
/* A file of /proc/net ("tcp", "snmp", "route"), the same way. */
long tg_proc_net(struct tg_host *h, const char *name, char *buf, size_t size);
/*
 * A counter of /proc/net/snmp or netstat as nstat(8) names it:
 * "TcpRetransSegs", "TcpExtListenOverflows", "UdpInErrors". -ENOENT.
 */
int tg_counter(struct tg_host *h, const char *name, uint64_t *ret_value);

/* ---- Links ------------------------------------------------------------ */

/* Millionths: chances below are out of this. */
#define TG_SURE 1000000U

/* Of one direction. Zero is a wire without delay, limit or fault. */
struct tg_link_params {
	uint64_t latency; /* ns, one way; 0: there before the call returns */
	uint64_t jitter; /* ns: up to so much more; packets keep their order */
	uint64_t rate; /* bits a second; 0: unlimited */
	uint32_t queue; /* packets that may wait for the wire; 0: 1000 */
	uint32_t mtu; /* 68 to 65535; 0: as it is, 1500 at first */
	uint32_t loss, duplicate, corrupt; /* chances, 0 to TG_SURE */
	uint32_t reorder; /* chance to be held back by reorder_delay */
	uint64_t reorder_delay; /* ns */
	/*
	 * What happens to one packet after the other, over and over (once: and
	 * then never again): '.' passes, 'x' is lost, 'd' doubled, 'c' gets a
	 * bit turned, 'r' is held back by reorder_delay. Chance is asked only
	 * for those that pass. NULL: all pass.
	 */
	const char *pattern;
	bool pattern_once;
};

enum { TG_A = 1, TG_B = 2, TG_BOTH = 3 };

/*
 * A cable between device @dev_a of @a and @dev_b of @b, hosts of one kernel,
 * the same both ways (@params NULL: all zero). Both ends are up and have no
 * address. -EEXIST: a device has this name; -EINVAL.
 */
int tg_link_new(struct tg_host *a, const char *dev_a, struct tg_host *b,
		const char *dev_b, const struct tg_link_params *params,
		struct tg_link **ret_link);
/* Pull it out: devices, addresses and routes go. NULL is allowed. */
void tg_link_free(struct tg_link *l);
/*
 * Change what happens to packets that @from (TG_A, TG_B, TG_BOTH) sends, from
 * the next one on; the pattern starts anew.
 */
int tg_link_set(struct tg_link *l, unsigned int from,
		const struct tg_link_params *params);
/* A partition: all that @from sends and what is under way is lost. */
int tg_link_cut(struct tg_link *l, unsigned int from, bool cut);

/* A packet as a tap and a judge see it. Valid during the call. */
struct tg_packet {
	struct tg_host *host;
	const char *dev; /* of the host */
	bool outgoing;
	uint64_t time; /* ns, tg_now() */
	const void *data; /* from the IP header on */
	size_t len; /* bytes */
};

enum tg_verdict { TG_PASS, TG_DROP, TG_DUPLICATE, TG_CORRUPT };

/*
 * Ask @fn about each packet that pattern and chance let pass; *delay is the
 * latency it will have, ns, to be changed at will (which reorders). NULL: ask
 * nobody any more.
 */
int tg_link_judge(struct tg_link *l, unsigned int from,
		  enum tg_verdict (*fn)(void *arg, const struct tg_packet *p,
					uint64_t *delay),
		  void *arg);

/* ---- Packets ---------------------------------------------------------- */

/*
 * Call @fn for each packet that a device of the host sends or receives. @h
 * NULL: of every host; @dev NULL: every device.
 */
int tg_tap_new(struct tg_kernel *k, struct tg_host *h, const char *dev,
	       void (*fn)(void *arg, const struct tg_packet *p), void *arg,
	       struct tg_tap **ret_tap);
void tg_tap_free(struct tg_tap *t);

/*
 * The same into a file that tcpdump -r and wireshark read. Errors of open(2).
 * What was written is complete after tg_pcap_free(), which tells -EIO and the
 * like of any write before.
 */
int tg_pcap_open(struct tg_kernel *k, struct tg_host *h, const char *dev,
		 const char *path, struct tg_pcap **ret_pcap);
int tg_pcap_free(struct tg_pcap *p);

/*
 * Let @dev of @h receive this packet, from the IP header on, whatever it is.
 * -ENODEV, -ENETDOWN, -EMSGSIZE (over 65535 bytes).
 */
int tg_inject(struct tg_host *h, const char *dev, const void *data, size_t len);

/* ---- Faults and accounts ---------------------------------------------- */

/* Bytes that the kernel holds, and allocations it has made. */
size_t tg_memory(const struct tg_kernel *k);
uint64_t tg_allocations(const struct tg_kernel *k);
/* Let the @n-th allocation from now on fail, once. 0: none. */
int tg_fail_allocation(struct tg_kernel *k, uint64_t n);
/*
 * Virtual clock: time jumps @ns ahead, and what was due meanwhile happens late
 * (a machine that was suspended). -EINVAL: real clock.
 */
int tg_clock_jump(struct tg_kernel *k, uint64_t ns);
/* Set the wall clock (time stamps of packets), ns since 1970. */
int tg_wallclock_set(struct tg_kernel *k, uint64_t ns);

/* ---- Processes and tasks ---------------------------------------------- */

/*
 * A process without tasks. It has root's rights. -ESRCH: the host's are being
 * killed.
 */
int tg_proc_new(struct tg_host *h, struct tg_proc **ret_proc);
/*
 * Kill it, as SIGKILL does, and free the handle: its tasks end in the call
 * they are in, which never returns (memory of theirs is not freed, C++
 * destructors do not run), its descriptors are closed. From within one of its
 * own tasks this does not return. NULL is allowed.
 */
void tg_proc_free(struct tg_proc *p);

/*
 * A task that will run fn(arg) in process @p. @ret_task may be NULL; else
 * tg_task_free() must be called once, before or after the task has ended (it
 * runs on). -ESRCH: the process was killed.
 */
int tg_task_new(struct tg_proc *p, void (*fn)(void *arg), void *arg,
		struct tg_task **ret_task);
/* The same in a process of its own that ends with it. */
int tg_spawn(struct tg_host *h, void (*fn)(void *arg), void *arg,
	     struct tg_task **ret_task);
void tg_task_free(struct tg_task *t);
bool tg_task_done(const struct tg_task *t);
/* The call it blocks in returns -EINTR, as by a signal. 0, -ESRCH: ended. */
int tg_task_interrupt(struct tg_task *t);
/*
 * From a task: wait until @t has ended: 0, -EINTR, -EDEADLK (itself). From
 * elsewhere: -EAGAIN when it has not.
 */
int tg_task_join(struct tg_task *t);

/* From a task. Let @ns pass; 0: let others run. 0, -EINTR. */
int tg_sleep(uint64_t ns);

/*
 * Which process calls from outside of tasks act for, on this thread; NULL:
 * none. Returns the one before. Such calls never block: what would is -EAGAIN
 * (connect: -EINPROGRESS; poll and epoll: nothing ready). They run nobody else:
 * tg_run() and its kin do.
 */
struct tg_proc *tg_act_for(struct tg_proc *p);

/* ---- System calls ----------------------------------------------------- */

/*
 * From a task, or for the process of tg_act_for() (-ESRCH when there is none).
 * Each is Linux's system call of that name, see section 2 of its manual; the
 * result is the call's, errors are negative errno. SIGPIPE is never sent.
 * Blocking calls end with -EINTR by tg_task_interrupt().
 */
int tg_socket(int family, int type, int protocol);
int tg_bind(int fd, const struct sockaddr *addr, unsigned int len);
int tg_listen(int fd, int backlog);
int tg_accept(int fd, struct sockaddr *addr, unsigned int *len);
int tg_accept4(int fd, struct sockaddr *addr, unsigned int *len, int flags);
int tg_connect(int fd, const struct sockaddr *addr, unsigned int len);
int tg_shutdown(int fd, int how);
int tg_close(int fd);
int tg_dup(int fd);
int tg_getsockname(int fd, struct sockaddr *addr, unsigned int *len);
int tg_getpeername(int fd, struct sockaddr *addr, unsigned int *len);
int tg_getsockopt(int fd, int level, int name, void *val, unsigned int *len);
int tg_setsockopt(int fd, int level, int name, const void *val,
		  unsigned int len);
int tg_ioctl(int fd, unsigned int request, void *arg);
int tg_fcntl(int fd, int cmd, unsigned long arg);
/* O_NONBLOCK on or off. */
int tg_nonblock(int fd, bool on);

long tg_read(int fd, void *buf, size_t len);
long tg_write(int fd, const void *buf, size_t len);
long tg_readv(int fd, const struct iovec *v, int n);
long tg_writev(int fd, const struct iovec *v, int n);
long tg_send(int fd, const void *buf, size_t len, int flags);
long tg_recv(int fd, void *buf, size_t len, int flags);
long tg_sendto(int fd, const void *buf, size_t len, int flags,
	       const struct sockaddr *addr, unsigned int addr_len);
long tg_recvfrom(int fd, void *buf, size_t len, int flags,
		 struct sockaddr *addr, unsigned int *addr_len);
long tg_sendmsg(int fd, const struct msghdr *msg, int flags);
long tg_recvmsg(int fd, struct msghdr *msg, int flags);
int tg_sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags);

/* Of our descriptors only. @timeout_ms < 0: for ever. */
int tg_poll(struct pollfd *fds, unsigned long n, int timeout_ms);
int tg_epoll_create(int flags);
int tg_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
int tg_epoll_wait(int epfd, struct epoll_event *events, int max,
		  int timeout_ms);

/*
 * Any other: @nr as x86_64 numbers it (<asm/unistd_64.h>), always six
 * arguments. -ENOSYS: not one of the socket layer's.
 */
long tg_syscall(long nr, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
		uintptr_t e, uintptr_t f);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
