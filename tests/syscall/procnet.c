/* SPDX-License-Identifier: MIT */
/* /proc/net and /proc/sys/net as programs read them. */
#include "harness.h"

#include <inttypes.h>

/* A whole file. /proc/net/tcp has a line for each TIME-WAIT of the machine. */
static char *slurp(const char *path)
{
	static char *b;
	static size_t room;
	size_t n = 0;
	int fd = open(path, O_RDONLY);
	ssize_t k;

	if (fd < 0)
		FAIL("%s: %s", path, strerror(errno));
	do {
		if (room - n < 65536) {
			room += 1 << 20;
			b = realloc(b, room);
			CHECK(b);
		}
		k = CHECK_OK(read(fd, b + n, room - n - 1));
		n += k;
	} while (k > 0);
	close(fd);
	b[n] = 0;
	return b;
}

static long sockets_used(void)
{
	long n;

	CHECK_EQ(sscanf(slurp("/proc/net/sockstat"), "sockets: used %ld", &n),
		 1);
	return n;
}

/* The row of a local address and port in a table like /proc/net/tcp. */
struct row {
	unsigned int state, uid, rem_port;
	uint32_t rem;
	unsigned long tx, rx, inode;
};

static int find_row(const char *path, const sin_t *a, unsigned int state,
		    struct row *r)
{
	char *line = strtok(slurp(path), "\n");

	while ((line = strtok(NULL, "\n"))) {
		unsigned int la, lp, ra, rp, st, uid;
		unsigned long tx, rx, inode;

		CHECK_EQ(sscanf(line, " %*d: %X:%X %X:%X %X %lX:%lX %*X:%*X %*X"
				" %u %*d %lu", &la, &lp, &ra, &rp, &st, &tx,
				&rx, &uid, &inode), 9);
		if (la == a->sin_addr.s_addr && lp == ntohs(a->sin_port) &&
		    st == state) {
			*r = (struct row){ st, uid, rp, ra, tx, rx, inode };
			return 1;
		}
	}
	return 0;
}

static unsigned long inode_of(int fd)
{
	struct stat st;

	CHECK_OK(fstat(fd, &st));
	return st.st_ino;
}

/* Other programs open and close sockets too: look until none disturbed. */
TEST(sockstat_counts_sockets)
{
	int fd[100], i, tries;

	for (tries = 0; tries < 200; tries++) {
		long before = sockets_used(), with, after;

		for (i = 0; i < 100; i++)
			fd[i] = i & 1 ? tcp_socket() : udp_socket();
		with = sockets_used();
		for (i = 0; i < 100; i++)
			CHECK_OK(close(fd[i]));
		after = sockets_used();
		if (with - before == 100 && before == after)
			return;
	}
	FAIL("never exactly 100 more");
}

TEST(sockstat_failed_calls_leave_no_socket)
{
	int i, tries, sv[2];

	for (tries = 0; tries < 200; tries++) {
		long before = sockets_used();

		for (i = 0; i < 100; i++) {
			CHECK_ERRNO(socket(AF_INET, SOCK_RDM, 0),
				    ESOCKTNOSUPPORT);
			CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 17),
				    EPROTONOSUPPORT);
			CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, sv),
				    EOPNOTSUPP);
			CHECK_ERRNO(accept(0, NULL, NULL), ENOTSOCK);
		}
		if (sockets_used() == before)
			return;
	}
	FAIL("the number always grows");
}

TEST(sockstat_killed_process_leaves_no_socket)
{
	int tries, p[2];

	CHECK_OK(pipe(p));
	for (tries = 0; tries < 100; tries++) {
		long before = sockets_used();
		pid_t pid;
		char c;
		int i;

		IN_CHILD(pid) {
			int sv[2];

			for (i = 0; i < 20; i++)
				tcp_pair(sv);
			CHECK_WRITES(p[1], "x");
			read(sv[0], &c, 1);
		}
		CHECK_EQ(CHECK_OK(read(p[0], &c, 1)), 1);
		CHECK_OK(kill(pid, SIGKILL));
		CHECK_OK(waitpid(pid, NULL, 0));
		for (i = 0; i < 1000 && sockets_used() != before; i++)
			sched_yield();
		if (sockets_used() == before)
			return;
	}
	FAIL("the number always grows");
}

TEST(sockstat_lines)
{
	char *s = slurp("/proc/net/sockstat");

	CHECK(strstr(s, "\nTCP: inuse "));
	CHECK(strstr(s, " orphan "));
	CHECK(strstr(s, " tw "));
	CHECK(strstr(s, " alloc "));
	CHECK(strstr(s, " mem "));
	CHECK(strstr(s, "\nUDP: inuse "));
	CHECK(strstr(s, "\nRAW: inuse "));
	CHECK(strstr(s, "\nFRAG: inuse "));
}

TEST(tcp_header)
{
	const char *want = "  sl  local_address rem_address   st tx_queue "
			   "rx_queue tr tm->when retrnsmt   uid  timeout inode";

	CHECK(!strncmp(slurp("/proc/net/tcp"), want, strlen(want)));
}

TEST(tcp_lines_are_149_long)
{
	sin_t a;
	char *s, *line;

	tcp_listener(&a);
	s = slurp("/proc/net/tcp");
	for (line = strtok(s, "\n"); line; line = strtok(NULL, "\n"))
		CHECK_EQ(strlen(line), 149);
}

TEST(tcp_listener_row)
{
	sin_t a;
	int l = tcp_listener(&a);
	struct row r;

	CHECK(find_row("/proc/net/tcp", &a, TCP_LISTEN, &r));
	CHECK_EQ(r.rem, 0);
	CHECK_EQ(r.rem_port, 0);
	CHECK_EQ(r.uid, geteuid());
	CHECK_EQ(r.inode, inode_of(l));
	CHECK_OK(close(l));
	while (find_row("/proc/net/tcp", &a, TCP_LISTEN, &r))
		sched_yield();
}

TEST(row_owner_is_the_file_system_id)
{
	sin_t a;
	struct row r;

	if (geteuid())
		SKIP_HOST("not root");
	syscall(SYS_setfsuid, 1234);
	tcp_listener(&a);
	CHECK(find_row("/proc/net/tcp", &a, TCP_LISTEN, &r));
	CHECK_EQ(r.uid, 1234);
}

TEST(tcp_listener_row_shows_the_accept_queue)
{
	sin_t a;
	int l = tcp_listener(&a);
	struct row r;

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	while (poll_for(l, POLLIN) != POLLIN)
		;
	do
		CHECK(find_row("/proc/net/tcp", &a, TCP_LISTEN, &r));
	while (r.rx != 2);
	CHECK_OK(close(CHECK_OK(accept(l, NULL, NULL))));
	CHECK(find_row("/proc/net/tcp", &a, TCP_LISTEN, &r));
	CHECK_EQ(r.rx, 1);
}

TEST(tcp_established_rows)
{
	int sv[2];
	sin_t a, b;
	struct row r;

	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	CHECK(find_row("/proc/net/tcp", &a, TCP_ESTABLISHED, &r));
	CHECK_EQ(r.rem, b.sin_addr.s_addr);
	CHECK_EQ(r.rem_port, ntohs(b.sin_port));
	CHECK_EQ(r.inode, inode_of(sv[0]));
	CHECK(find_row("/proc/net/tcp", &b, TCP_ESTABLISHED, &r));
	CHECK_EQ(r.inode, inode_of(sv[1]));
}

TEST(tcp_row_queues)
{
	int sv[2], n = 0;
	sin_t b;
	struct row r;

	tcp_pair(sv);
	b = name_of(sv[1]);
	CHECK_WRITES(sv[0], "0123456789");
	while (n < 10)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK(find_row("/proc/net/tcp", &b, TCP_ESTABLISHED, &r));
	CHECK_EQ(r.rx, 10);
	CHECK_EQ(r.tx, 0);
}

TEST(tcp_close_wait_and_fin_wait_rows)
{
	int sv[2];
	sin_t a, b;
	struct row r;

	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK(find_row("/proc/net/tcp", &b, TCP_CLOSE_WAIT, &r));
	while (!find_row("/proc/net/tcp", &a, TCP_FIN_WAIT2, &r))
		sched_yield();
}

TEST(tcp_time_wait_row)
{
	int sv[2];
	sin_t a;
	struct row r;

	tcp_pair(sv);
	a = name_of(sv[0]);
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
	CHECK_OK(close(sv[1]));
	while (!find_row("/proc/net/tcp", &a, TCP_TIME_WAIT, &r))
		sched_yield();
	CHECK_EQ(r.inode, 0);
}

TEST(udp_row)
{
	sin_t a, b;
	int fd = udp_bound(&a);
	struct row r;

	udp_bound(&b);
	CHECK(find_row("/proc/net/udp", &a, 7, &r));
	CHECK_EQ(r.inode, inode_of(fd));
	CHECK_OK(sendto(udp_socket(), "0123", 4, 0, SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(fd, POLLIN), POLLIN);
	CHECK(find_row("/proc/net/udp", &a, 7, &r));
	CHECK(r.rx >= 4);
	CHECK_OK(connect(fd, SA(&b), sizeof(b)));
	CHECK(find_row("/proc/net/udp", &a, 1, &r));
	CHECK_EQ(r.rem_port, ntohs(b.sin_port));
}

TEST(unbound_sockets_have_no_row)
{
	sin_t a = sin_of(0, 0);
	struct row r;
	unsigned long ino = inode_of(tcp_socket());

	CHECK(!find_row("/proc/net/tcp", &a, TCP_CLOSE, &r) ||
	      r.inode != ino);
}

TEST(dev_has_lo)
{
	char *s = slurp("/proc/net/dev"), *p;
	unsigned long long rb, rp, tb, tp;

	CHECK(!strncmp(s, "Inter-|   Receive", 17));
	p = strstr(s, "    lo:");
	CHECK(p);
	CHECK_EQ(sscanf(p, " lo: %llu %llu %*u %*u %*u %*u %*u %*u %llu %llu",
			&rb, &rp, &tb, &tp), 4);
	CHECK(rb == tb && rp == tp);
}

/* Two reads of a line of /proc/net/snmp: the value under a name. */
static long snmp(const char *proto, const char *name)
{
	char *s = slurp("/proc/net/snmp"), head[32], *names, *values, *n, *v;
	char *sn, *sv;

	snprintf(head, sizeof(head), "%s: ", proto);
	names = strstr(s, head);
	CHECK(names);
	values = strstr(names + 1, head);
	CHECK(values);
	names[strcspn(names, "\n")] = 0;
	values[strcspn(values, "\n")] = 0;
	n = strtok_r(names, " ", &sn);
	v = strtok_r(values, " ", &sv);
	while (n && v) {
		if (!strcmp(n, name))
			return atol(v);
		n = strtok_r(NULL, " ", &sn);
		v = strtok_r(NULL, " ", &sv);
	}
	FAIL("no %s %s", proto, name);
}

TEST(snmp_tcp_counters_grow)
{
	long active = snmp("Tcp", "ActiveOpens"), in = snmp("Tcp", "InSegs");
	long passive = snmp("Tcp", "PassiveOpens");
	int sv[2];

	tcp_pair(sv);
	CHECK_GE(snmp("Tcp", "ActiveOpens"), active + 1);
	CHECK_GE(snmp("Tcp", "PassiveOpens"), passive + 1);
	CHECK_GE(snmp("Tcp", "InSegs"), in + 3);
	CHECK_GE(snmp("Tcp", "CurrEstab"), 2);
}

TEST(snmp_udp_counters_grow)
{
	long in = snmp("Udp", "InDatagrams"), no = snmp("Udp", "NoPorts");
	int sv[2];
	sin_t a = udp_refusing();

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
	CHECK_GE(snmp("Udp", "InDatagrams"), in + 1);
	CHECK_OK(sendto(udp_socket(), "x", 1, 0, SA(&a), sizeof(a)));
	while (snmp("Udp", "NoPorts") < no + 1)
		sched_yield();
}

TEST(other_tables_open)
{
	const char *f[] = { "netstat", "raw", "unix", "netlink", "packet",
			    "icmp", "route", "arp", "snmp", "udplite",
			    "protocols", "dev_mcast", "igmp" };
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(f); i++) {
		snprintf(path, sizeof(path), "/proc/net/%s", f[i]);
		if (!on_trapgate() && access(path, R_OK))
			continue;	/* not configured into this host */
		slurp(path);
	}
}

#define SOCKET_COLUMNS							\
	"  local_address rem_address   st tx_queue rx_queue tr tm->when "	\
	"retrnsmt   uid  timeout inode"

/* By their first line programs know a table. */
TEST(tables_begin_with_their_columns)
{
	static const char *const t[][2] = {
		{ "tcp", "  sl" SOCKET_COLUMNS },
		{ "udp", "   sl" SOCKET_COLUMNS },
		{ "raw", "  sl" SOCKET_COLUMNS },
		{ "icmp", "  sl" SOCKET_COLUMNS },
		{ "route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\t"
			   "Metric\tMask\t\tMTU\tWindow\tIRTT" },
		{ "arp", "IP address       HW type     Flags       HW address"
			 "            Mask     Device" },
		{ "netlink", "sk               Eth Pid        Groups   "
			     "Rmem     Wmem     Dump  Locks    Drops    Inode" },
		{ "packet", "sk               RefCnt Type Proto  Iface R Rmem "
			    "  User   Inode" },
		{ "unix", "Num       RefCount Protocol Flags    Type St Inode "
			  "Path" },
		{ "dev", "Inter-|   Receive                            "
			 "                    |  Transmit\n face |bytes" },
	};
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		const char *got;

		snprintf(path, sizeof(path), "/proc/net/%s", t[i][0]);
		if (!on_trapgate() && access(path, R_OK))
			continue;	/* not configured into this host */
		got = slurp(path);
		if (strncmp(got, t[i][1], strlen(t[i][1])))
			FAIL("%s begins with %.200s", path, got);
	}
}

/* Lines come in pairs: names, then as many numbers. */
TEST(netstat_and_snmp_name_each_number)
{
	static const char *const f[] = { "/proc/net/netstat",
					 "/proc/net/snmp" };

	for (size_t i = 0; i < ARRAY_SIZE(f); i++) {
		char *names, *save, *line = strtok_r(slurp(f[i]), "\n", &save);
		int pairs = 0;

		for (; line; line = strtok_r(NULL, "\n", &save), pairs++) {
			int n = 0, k = 0;
			char *p;

			names = line;
			line = strtok_r(NULL, "\n", &save);
			CHECK(line);
			CHECK(strchr(names, ':') && strchr(line, ':'));
			CHECK(!strncmp(names, line,
				       strchr(names, ':') - names + 1));
			for (p = names; (p = strchr(p, ' ')); p++)
				n++;
			for (p = line; (p = strchr(p, ' ')); p++, k++)
				CHECK(p[1] == '-' || (p[1] >= '0' &&
						      p[1] <= '9'));
			CHECK_EQ(k, n);
			CHECK_GE(n, 1);
		}
		CHECK_GE(pairs, 2);
	}
}

TEST(raw_row)
{
	int fd = socket(AF_INET, SOCK_RAW, 253);
	sin_t a = sin_of(INADDR_ANY, 253);
	struct row r;

	if (fd < 0 && errno == EPERM)
		SKIP_HOST("no CAP_NET_RAW");
	CHECK_OK(fd);
	CHECK(find_row("/proc/net/raw", &a, TCP_CLOSE, &r));
	CHECK_EQ(r.uid, geteuid());
	CHECK_EQ(r.inode, inode_of(fd));
}

TEST(proc_self_net_is_the_same)
{
	sin_t a;
	struct row r, q;

	tcp_listener(&a);
	CHECK(find_row("/proc/net/tcp", &a, TCP_LISTEN, &r));
	CHECK(find_row("/proc/self/net/tcp", &a, TCP_LISTEN, &q));
	CHECK_EQ(r.inode, q.inode);
}

TEST(sysctls_are_readable)
{
	CHECK_GE(read_number("/proc/sys/net/core/somaxconn", 0), 1);
	CHECK_GE(read_number("/proc/sys/net/core/rmem_default", 0), 1);
	CHECK_GE(read_number("/proc/sys/net/core/wmem_max", 0), 1);
	CHECK_GE(read_number("/proc/sys/net/ipv4/ip_local_port_range", 1),
		 read_number("/proc/sys/net/ipv4/ip_local_port_range", 0));
	CHECK_GE(read_number("/proc/sys/net/ipv4/tcp_rmem", 2), 1);
	CHECK_EQ(read_number("/proc/sys/net/ipv4/ip_default_ttl", 0), 64);
}

HARNESS_MAIN
