/* SPDX-License-Identifier: MIT */
/*
 * A test program is a list of claims about the Linux socket API.
 *
 *	#include "harness.h"
 *
 *	TEST(listen_on_udp_gives_eopnotsupp)
 *	{
 *		int fd = CHECK_OK(socket(AF_INET, SOCK_DGRAM, 0));
 *
 *		CHECK_ERRNO(listen(fd, 1), EOPNOTSUPP);
 *	}
 *
 *	HARNESS_MAIN
 *
 * Each claim runs in a child of its own, leader of its own process group,
 * for at most 10 seconds (TEST_TIMEOUT=seconds changes that); whatever it
 * leaves behind is killed. A crash or a hang is one "not ok". SIGPIPE is
 * ignored unless a claim asks for it.
 *
 *	./prog		run all, TAP on stdout
 *	./prog -l	list the claims
 *	./prog NAME...	run these
 *
 * SKIP(reason)		the machine lacks something. On trapgate that is no
 *			excuse, and fails
 * SKIP_HOST(reason)	the same for what the host decides under trapgate too
 * XFAIL(reason)	a known gap of trapgate: honoured only when TRAPGATE=1 is
 *			in the environment, and then passing is the failure
 *
 * This header needs nothing but a C compiler and libc:
 *	cc -pthread -o bind bind.c	or	cc -m32 -static -pthread ...
 */
#ifndef TESTS_SYSCALL_HARNESS_H
#define TESTS_SYSCALL_HARNESS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE	51
#endif

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define UNUSED		__attribute__((unused))

/* ---- the claims of this program ---- */

#define HARNESS_MAX	400
#define EXIT_SKIP	77

struct harness_claim {
	const char *name;
	void (*fn)(void);
};

/* What a claim's child tells the parent beside its exit status. */
struct harness_note {
	char skip[200];
	char xfail[200];
	int host;		/* the host lacks it, not who serves sockets */
	int failed;		/* a check failed somewhere below this claim */
};

static struct harness_claim harness_claims[HARNESS_MAX];
static int harness_nr;
static struct harness_note *harness_note;

static void harness_add(const char *name, void (*fn)(void))
{
	if (harness_nr == HARNESS_MAX)
		abort();
	harness_claims[harness_nr].name = name;
	harness_claims[harness_nr++].fn = fn;
}

#define TEST(id)							\
	static void claim_##id(void);					\
	__attribute__((constructor)) static void claim_add_##id(void)	\
	{								\
		harness_add(#id, claim_##id);				\
	}								\
	static void claim_##id(void)

UNUSED static int on_trapgate(void)
{
	const char *s = getenv("TRAPGATE");

	return s && !strcmp(s, "1");
}

/* ---- checks: a failed one ends the claim, from any process or thread ---- */

__attribute__((noreturn, format(printf, 3, 4))) UNUSED
static void harness_fail(const char *file, int line, const char *fmt, ...)
{
	char buf[600];
	int n;
	va_list ap;

	va_start(ap, fmt);
	n = snprintf(buf, sizeof(buf), "# %s:%d: ", file, line);
	n += vsnprintf(buf + n, sizeof(buf) - n - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(buf) - 2)
		n = sizeof(buf) - 2;
	buf[n++] = '\n';
	if (write(STDOUT_FILENO, buf, n) < 0)
		abort();
	harness_note->failed = 1;
	_exit(1);
}

#define FAIL(...)	harness_fail(__FILE__, __LINE__, __VA_ARGS__)

#define CHECK(cond) do {						\
	if (!(cond))							\
		FAIL("CHECK(%s)", #cond);				\
} while (0)

/* Both sides as numbers. */
#define CHECK_EQ(got, want) do {					\
	long long got_ = (long long)(got);				\
	long long want_ = (long long)(want);				\
									\
	if (got_ != want_)						\
		FAIL("%s is %lld, want %s = %lld", #got, got_, #want,	\
		     want_);						\
} while (0)

#define CHECK_GE(got, want) do {					\
	long long got_ = (long long)(got);				\
	long long want_ = (long long)(want);				\
									\
	if (got_ < want_)						\
		FAIL("%s is %lld, want at least %s = %lld", #got, got_,	\
		     #want, want_);					\
} while (0)

/* The call must succeed; its value is the value of the macro. */
#define CHECK_OK(expr) ({						\
	long long ok_;							\
									\
	errno = 0;							\
	ok_ = (long long)(expr);					\
	if (ok_ < 0)							\
		FAIL("%s gives %lld, %s", #expr, ok_, strerror(errno));	\
	(ssize_t)ok_;							\
})

/* The call must give -1 and this errno. */
#define CHECK_ERRNO(expr, want) do {					\
	long long r_;							\
	int e_;								\
									\
	errno = 0;							\
	r_ = (long long)(expr);						\
	e_ = errno;							\
	if (r_ != -1 || e_ != (want))					\
		FAIL("%s gives %lld, errno %d (%s), want %s", #expr, r_, \
		     e_, strerror(e_), #want);				\
} while (0)

/* A raw call must give exactly this (negative errno or value). */
#define CHECK_RAW(expr, want)	CHECK_EQ(expr, want)

#define SKIP(...) do {							\
	snprintf(harness_note->skip, sizeof(harness_note->skip),	\
		 __VA_ARGS__);						\
	_exit(EXIT_SKIP);						\
} while (0)

#define SKIP_HOST(...) do {						\
	harness_note->host = 1;						\
	SKIP(__VA_ARGS__);						\
} while (0)

#define XFAIL(...) do {							\
	if (on_trapgate())						\
		snprintf(harness_note->xfail,				\
			 sizeof(harness_note->xfail), __VA_ARGS__);	\
} while (0)

/*
 * A descriptor under the seccomp gate is one end of a host AF_UNIX pair, and
 * epoll is the host's: no EPOLLERR without a hang-up, no EPOLLHUP that goes
 * away again, EPOLLWRBAND wherever there is EPOLLOUT.
 */
#define XFAIL_EPOLL() \
	XFAIL("epoll shows what an AF_UNIX pair can; docs/LIMITS.md")

/* ---- running ---- */

static int harness_run(int nr, const struct harness_claim *c, int timeout)
{
	struct timespec ts = { .tv_sec = 1 };
	int status = 0, ok, waited = 0, seconds = 0;
	char why[100] = "";
	sigset_t set, old;
	pid_t pid;

	memset(harness_note, 0, sizeof(*harness_note));
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (!pid) {
		setpgid(0, 0);
		sigprocmask(SIG_SETMASK, &old, NULL);
		signal(SIGPIPE, SIG_IGN);
		c->fn();
		fflush(NULL);
		_exit(0);
	}
	setpgid(pid, pid);
	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			waited = 1;
			break;
		}
		/* A known gap is not waited for as long. */
		if (sigtimedwait(&set, NULL, &ts) < 0 && errno == EAGAIN &&
		    ++seconds >= (harness_note->xfail[0] ? 2 : timeout))
			break;
	}
	kill(-pid, SIGKILL);
	if (!waited) {
		waitpid(pid, &status, 0);
		snprintf(why, sizeof(why), "no end after %d s", seconds);
	} else if (WIFSIGNALED(status)) {
		snprintf(why, sizeof(why), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	}
	sigprocmask(SIG_SETMASK, &old, NULL);

	if (why[0])
		printf("# %s: %s\n", c->name, why);
	if (waited && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIP &&
	    on_trapgate() && !harness_note->host) {
		printf("# %s: skips on trapgate: %s\n", c->name,
		       harness_note->skip);
		printf("not ok %d - %s\n", nr, c->name);
		ok = 0;
	} else if (waited && WIFEXITED(status) &&
		   WEXITSTATUS(status) == EXIT_SKIP) {
		printf("ok %d - %s # SKIP %s\n", nr, c->name,
		       harness_note->skip);
		ok = 1;
	} else {
		ok = waited && WIFEXITED(status) && !WEXITSTATUS(status) &&
		     !harness_note->failed;
		printf("%s %d - %s", ok ? "ok" : "not ok", nr, c->name);
		if (harness_note->xfail[0]) {
			printf(" # TODO %s", harness_note->xfail);
			ok = !ok;
		}
		printf("\n");
	}
	fflush(stdout);
	return ok;
}

static int harness_main(int argc, char **argv)
{
	const char *s = getenv("TEST_TIMEOUT");
	int timeout = s && atoi(s) > 0 ? atoi(s) : 10;
	int i, j, nr = 0, bad = 0;

	harness_note = mmap(NULL, sizeof(*harness_note),
			    PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (harness_note == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	if (argc > 1 && !strcmp(argv[1], "-l")) {
		for (i = 0; i < harness_nr; i++)
			printf("%s\n", harness_claims[i].name);
		return 0;
	}
	printf("TAP version 13\n1..%d\n", argc > 1 ? argc - 1 : harness_nr);
	if (argc == 1) {
		for (i = 0; i < harness_nr; i++)
			bad += !harness_run(++nr, &harness_claims[i], timeout);
		return bad ? 1 : 0;
	}
	for (j = 1; j < argc; j++) {
		for (i = 0; i < harness_nr; i++)
			if (!strcmp(argv[j], harness_claims[i].name))
				break;
		if (i == harness_nr) {
			printf("Bail out! no claim %s here\n", argv[j]);
			return 2;
		}
		bad += !harness_run(++nr, &harness_claims[i], timeout);
	}
	return bad ? 1 : 0;
}

/* A program may look at its arguments first: see exec.c. */
#define HARNESS_MAIN						\
	int main(int argc, char **argv)				\
	{							\
		return harness_main(argc, argv);		\
	}

/* ---- the bare instruction: no libc between the claim and the kernel ---- */

#if defined(__x86_64__)
UNUSED static long raw_call(long nr, const long a[6])
{
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]),
			   "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined(__i386__)
/* long int80_call(long nr, const long a[6]) */
__asm__(".text\n"
	".type int80_call, @function\n"
	"int80_call:\n"
	"	push %ebp\n"
	"	push %edi\n"
	"	push %esi\n"
	"	push %ebx\n"
	"	mov 20(%esp), %eax\n"
	"	mov 24(%esp), %ebp\n"
	"	mov 0(%ebp), %ebx\n"
	"	mov 4(%ebp), %ecx\n"
	"	mov 8(%ebp), %edx\n"
	"	mov 12(%ebp), %esi\n"
	"	mov 16(%ebp), %edi\n"
	"	mov 20(%ebp), %ebp\n"
	"	int $0x80\n"
	"	pop %ebx\n"
	"	pop %esi\n"
	"	pop %edi\n"
	"	pop %ebp\n"
	"	ret\n"
	".size int80_call, .-int80_call\n");
__attribute__((visibility("hidden")))
long int80_call(long nr, const long a[6]);

UNUSED static long raw_call(long nr, const long a[6])
{
	return int80_call(nr, a);
}
#else
#error "x86_64 or i386"
#endif

#define P(ptr)		((long)(ptr))
#define RAW(nr, ...)	raw_call((nr), (const long [6]){ __VA_ARGS__ })

/*
 * A socket call by its socketcall number, by one of the gates of this ABI.
 * x86_64 has the direct calls only; i386 has sys_socketcall (102) and the
 * direct calls 359-373, which lack accept, send and recv.
 */
enum net_gate {
	GATE_DIRECT,
#ifdef __i386__
	GATE_SOCKETCALL,
#endif
	NR_GATES
};

#define EACH_GATE(g)	for (int g = 0; g < NR_GATES; g++)

UNUSED static long net_call_args(int gate, int call, const long a[6])
{
#ifdef __i386__
	if (gate == GATE_SOCKETCALL)
		return RAW(__NR_socketcall, call, P(a));
#endif
	(void)gate;
	switch (call) {
	case 1:
		return raw_call(__NR_socket, a);
	case 2:
		return raw_call(__NR_bind, a);
	case 3:
		return raw_call(__NR_connect, a);
	case 4:
		return raw_call(__NR_listen, a);
	case 5:
		return RAW(__NR_accept4, a[0], a[1], a[2], 0);
	case 6:
		return raw_call(__NR_getsockname, a);
	case 7:
		return raw_call(__NR_getpeername, a);
	case 8:
		return raw_call(__NR_socketpair, a);
	case 9:
		return RAW(__NR_sendto, a[0], a[1], a[2], a[3], 0, 0);
	case 10:
		return RAW(__NR_recvfrom, a[0], a[1], a[2], a[3], 0, 0);
	case 11:
		return raw_call(__NR_sendto, a);
	case 12:
		return raw_call(__NR_recvfrom, a);
	case 13:
		return raw_call(__NR_shutdown, a);
	case 14:
		return raw_call(__NR_setsockopt, a);
	case 15:
		return raw_call(__NR_getsockopt, a);
	case 16:
		return raw_call(__NR_sendmsg, a);
	case 17:
		return raw_call(__NR_recvmsg, a);
	case 18:
		return raw_call(__NR_accept4, a);
	case 19:
		return raw_call(__NR_recvmmsg, a);
	case 20:
		return raw_call(__NR_sendmmsg, a);
	}
	return -EINVAL;
}

#define NET(gate, call, ...) \
	net_call_args((gate), (call), (const long [6]){ __VA_ARGS__ })

enum net_call {
	NET_SOCKET = 1, NET_BIND, NET_CONNECT, NET_LISTEN, NET_ACCEPT,
	NET_GETSOCKNAME, NET_GETPEERNAME, NET_SOCKETPAIR, NET_SEND, NET_RECV,
	NET_SENDTO, NET_RECVFROM, NET_SHUTDOWN, NET_SETSOCKOPT, NET_GETSOCKOPT,
	NET_SENDMSG, NET_RECVMSG, NET_ACCEPT4, NET_RECVMMSG, NET_SENDMMSG,
};

/* ---- addresses ---- */

typedef struct sockaddr_in sin_t;

UNUSED static sin_t sin_of(uint32_t host_addr, int port)
{
	sin_t a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(host_addr),
	};

	return a;
}

#define LO	0x7f000001u		/* 127.0.0.1 */
#define LO2	0x7f000002u		/* 127.0.0.2 */
#define FOREIGN	0xcb00714du		/* 203.0.113.77, never ours (RFC 5737) */

UNUSED static sin_t lo(int port)
{
	return sin_of(LO, port);
}

#define SA(ap)	((struct sockaddr *)(ap))

UNUSED static sin_t name_of(int fd)
{
	sin_t a;
	socklen_t len = sizeof(a);

	CHECK_OK(getsockname(fd, SA(&a), &len));
	CHECK_EQ(len, sizeof(a));
	return a;
}

UNUSED static sin_t peer_of(int fd)
{
	sin_t a;
	socklen_t len = sizeof(a);

	CHECK_OK(getpeername(fd, SA(&a), &len));
	CHECK_EQ(len, sizeof(a));
	return a;
}

UNUSED static int same_addr(const sin_t *a, const sin_t *b)
{
	return a->sin_family == b->sin_family && a->sin_port == b->sin_port &&
	       a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* ---- sockets ---- */

UNUSED static int get_opt(int fd, int level, int opt)
{
	int v = -12345;
	socklen_t len = sizeof(v);

	CHECK_OK(getsockopt(fd, level, opt, &v, &len));
	CHECK_EQ(len, sizeof(v));
	return v;
}

UNUSED static int tcp_socket(void)
{
	return CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
}

UNUSED static int udp_socket(void)
{
	return CHECK_OK(socket(AF_INET, SOCK_DGRAM, 0));
}

/* Bind to 127.0.0.1 and a port of the kernel's choice, told in *a. */
UNUSED static void bind_lo(int fd, sin_t *a)
{
	*a = lo(0);
	CHECK_OK(bind(fd, SA(a), sizeof(*a)));
	*a = name_of(fd);
}

UNUSED static int tcp_listener_backlog(sin_t *a, int backlog)
{
	int fd = tcp_socket();

	bind_lo(fd, a);
	CHECK_OK(listen(fd, backlog));
	return fd;
}

UNUSED static int tcp_listener(sin_t *a)
{
	return tcp_listener_backlog(a, 16);
}

/* sv[0] connected, sv[1] accepted it. */
UNUSED static void tcp_pair_on(int lfd, const sin_t *a, int sv[2])
{
	sv[0] = tcp_socket();
	CHECK_OK(connect(sv[0], SA(a), sizeof(*a)));
	sv[1] = CHECK_OK(accept(lfd, NULL, NULL));
}

UNUSED static void tcp_pair(int sv[2])
{
	sin_t a;
	int lfd = tcp_listener(&a);

	tcp_pair_on(lfd, &a, sv);
	CHECK_OK(close(lfd));
}

UNUSED static int udp_bound(sin_t *a)
{
	int fd = udp_socket();

	bind_lo(fd, a);
	return fd;
}

/* Two datagram sockets connected to each other. */
UNUSED static void udp_pair(int sv[2])
{
	sin_t a, b;

	sv[0] = udp_bound(&a);
	sv[1] = udp_bound(&b);
	CHECK_OK(connect(sv[0], SA(&b), sizeof(b)));
	CHECK_OK(connect(sv[1], SA(&a), sizeof(a)));
}

/*
 * Bind to 127.0.0.1 and a port of our choice: unlike a port of the kernel's
 * choice it stays with the socket when that is disconnected.
 */
UNUSED static void bind_lo_chosen(int fd, sin_t *a)
{
	int i;

	for (i = 0; i < 100; i++) {
		int tmp = CHECK_OK(socket(AF_INET,
					  get_opt(fd, SOL_SOCKET, SO_TYPE), 0));

		bind_lo(tmp, a);
		CHECK_OK(close(tmp));
		if (!bind(fd, SA(a), sizeof(*a)))
			return;
		CHECK_EQ(errno, EADDRINUSE);	/* somebody was quicker */
	}
	FAIL("no port to be had");
}

/* An address that refuses: a bound socket holds the port and never listens. */
UNUSED static sin_t tcp_refusing(void)
{
	sin_t a;

	bind_lo(tcp_socket(), &a);
	return a;
}

/* The same for UDP: the holder is connected elsewhere, so others miss it. */
UNUSED static sin_t udp_refusing(void)
{
	sin_t a, b;
	int fd = udp_bound(&a);

	udp_bound(&b);
	CHECK_OK(connect(fd, SA(&b), sizeof(b)));
	return a;
}

#define set_opt(fd, level, opt, val) do {				\
	int v_ = (val);							\
									\
	CHECK_OK(setsockopt((fd), (level), (opt), &v_, sizeof(v_)));	\
} while (0)

UNUSED static int try_opt(int fd, int level, int opt, int v)
{
	return setsockopt(fd, level, opt, &v, sizeof(v));
}

UNUSED static void set_nonblock(int fd)
{
	CHECK_OK(fcntl(fd, F_SETFL, CHECK_OK(fcntl(fd, F_GETFL)) | O_NONBLOCK));
}

UNUSED static void set_rcvtimeo(int fd, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
}

UNUSED static void set_linger(int fd, int on, int seconds)
{
	struct linger l = { on, seconds };

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
}

UNUSED static int tcp_state(int fd)
{
	struct tcp_info ti;
	socklen_t len = sizeof(ti);

	CHECK_OK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len));
	return ti.tcpi_state;
}

/* ---- readiness ---- */

/* What poll says of one descriptor at once. */
UNUSED static int poll_now(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = events };

	CHECK_OK(poll(&p, 1, 0));
	return p.revents;
}

/* Sleep until one of the events (or an error or hang-up) is there. */
UNUSED static int poll_for(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n;

	do
		n = poll(&p, 1, -1);
	while (n < 0 && errno == EINTR);
	CHECK_EQ(n, 1);
	return p.revents;
}

/* Sleep until exactly these events show, among those asked for. */
UNUSED static void poll_until(int fd, int events, int want)
{
	int got;

	while ((got = poll_now(fd, events)) != want)
		sched_yield();
	(void)got;
}

/* ---- data ---- */

UNUSED static void fill_pattern(unsigned char *buf, size_t n, size_t from)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf[i] = ((from + i) * 2654435761u) >> 13;
}

UNUSED static void check_pattern(const unsigned char *buf, size_t n,
				 size_t from)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char want = ((from + i) * 2654435761u) >> 13;

		if (buf[i] != want)
			FAIL("byte %zu is %d, want %d", from + i, buf[i], want);
	}
}

UNUSED static void write_all(int fd, const void *buf, size_t n)
{
	const char *p = buf;

	while (n) {
		ssize_t k = CHECK_OK(write(fd, p, n));

		p += k;
		n -= k;
	}
}

UNUSED static void read_all(int fd, void *buf, size_t n)
{
	char *p = buf;

	while (n) {
		ssize_t k = CHECK_OK(read(fd, p, n));

		if (!k)
			FAIL("end of file, %zu bytes missing", n);
		p += k;
		n -= k;
	}
}

/* Send n patterned bytes in pieces of `piece`, as the offset goes. */
UNUSED static void send_pattern(int fd, size_t n, size_t piece)
{
	static unsigned char buf[1 << 18];
	size_t at = 0;

	while (at < n) {
		size_t k = n - at < piece ? n - at : piece;

		fill_pattern(buf, k, at);
		write_all(fd, buf, k);
		at += k;
	}
}

/* Read n patterned bytes in pieces of at most `piece`. */
UNUSED static void recv_pattern(int fd, size_t n, size_t piece)
{
	static unsigned char buf[1 << 18];
	size_t at = 0;

	while (at < n) {
		ssize_t k = CHECK_OK(read(fd, buf, piece));

		if (!k)
			FAIL("end of file at %zu of %zu", at, n);
		check_pattern(buf, k, at);
		at += k;
	}
	CHECK_EQ(at, n);
}

/* One message of this text is next. */
#define CHECK_READS(fd, text) do {					\
	char b_[sizeof(text) + 64] = "";				\
	ssize_t n_ = CHECK_OK(read((fd), b_, sizeof(b_)));		\
									\
	if (n_ != (ssize_t)strlen(text) || memcmp(b_, text, n_))	\
		FAIL("read %zd bytes \"%.*s\", want \"%s\"", n_,	\
		     (int)n_, b_, text);				\
} while (0)

#define CHECK_WRITES(fd, text) \
	CHECK_EQ(CHECK_OK(write((fd), (text), strlen(text))), strlen(text))

#define CHECK_EOF(fd) do {						\
	char b_;							\
									\
	CHECK_EQ(CHECK_OK(read((fd), &b_, 1)), 0);			\
} while (0)

/*
 * Write until the socket takes no more; how much that was. An acknowledgement
 * on its way would make room again: wait until nothing is in flight.
 */
UNUSED static size_t fill_up(int fd)
{
	static char junk[65536];
	size_t total = 0;
	ssize_t n;
	int tries, queued, unsent;

	for (tries = 0; tries < 50; tries++) {
		while ((n = send(fd, junk, sizeof(junk),
				 MSG_DONTWAIT | MSG_NOSIGNAL)) >= 0)
			total += n;
		CHECK_EQ(errno, EAGAIN);
		if (ioctl(fd, SIOCOUTQ, &queued) < 0 ||
		    ioctl(fd, SIOCOUTQNSD, &unsent) < 0 || queued == unsent)
			break;
		sched_yield();
	}
	return total;
}

/* Read exactly that much away. */
UNUSED static void drain(int fd, size_t n)
{
	static char junk[65536];

	while (n) {
		ssize_t k = CHECK_OK(read(fd, junk,
					  n < sizeof(junk) ? n : sizeof(junk)));

		CHECK(k > 0);
		n -= k;
	}
}

/* ---- processes ---- */

/* The child must end with exit status 0. */
UNUSED static void join(pid_t pid)
{
	int status;
	pid_t p;

	do
		p = waitpid(pid, &status, 0);
	while (p < 0 && errno == EINTR);
	CHECK_EQ(p, pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		FAIL("child ended with status 0x%x", status);
}

/*
 * IN_CHILD(pid) { ... }: the block runs in a forked child, which then ends
 * with status 0; the parent goes on behind it.
 */
#define IN_CHILD(pid)							\
	for (int in_ = !((pid) = CHECK_OK(fork())); in_; _exit(0))

/*
 * Until the process (or thread) sleeps. Helps a claim to find a call
 * blocked; no claim depends on it for its truth.
 */
UNUSED static void wait_asleep(pid_t pid, pid_t tid)
{
	char path[64], buf[256], *p;
	int i, fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid,
		 (int)tid);
	for (i = 0; i < 20000; i++) {
		fd = open(path, O_RDONLY);
		if (fd < 0)
			return;
		n = read(fd, buf, sizeof(buf) - 1);
		close(fd);
		if (n <= 0)
			return;
		buf[n] = 0;
		p = strrchr(buf, ')');
		if (p && p[2] == 'S')
			return;
		sched_yield();
	}
}

UNUSED static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/*
 * From here on without any capability. Under trapgate only a process whose
 * user is root has a privilege to lose in that way.
 */
UNUSED static void drop_privilege(void)
{
	if (!geteuid())
		CHECK_OK(setresuid(65534, 65534, 65534));
	else if (on_trapgate())
		SKIP_HOST("takes root to lose a privilege");
}

/* A number from a file of /proc, or -1. */
UNUSED static long read_number(const char *path, int field)
{
	FILE *f = fopen(path, "r");
	long v = -1;
	int i;

	if (!f)
		return -1;
	for (i = 0; i <= field; i++)
		if (fscanf(f, "%ld", &v) != 1) {
			v = -1;
			break;
		}
	fclose(f);
	return v;
}

/* n bytes of memory that end where the next page is not there. */
UNUSED static void *page_end(size_t n)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t room = (n + page - 1) / page * page;
	char *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK_OK(mprotect(p + room, page, PROT_NONE));
	return p + room - n;
}

/* Memory that may be read only, holding these bytes. */
UNUSED static void *page_readonly(const void *from, size_t n)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	memcpy(p, from, n);
	CHECK_OK(mprotect(p, page, PROT_READ));
	return p;
}

/* In the first page, never mapped; volatile, so that no compiler knows. */
static void *volatile UNUSED harness_bad_ptr = (void *)8;
#define BAD_PTR	harness_bad_ptr

#endif /* TESTS_SYSCALL_HARNESS_H */
