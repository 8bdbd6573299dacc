/* SPDX-License-Identifier: MIT */
/* Links with their faults, taps, captures, packets put in by hand. */
#include "tests/library/library.h"

#include <netinet/ip.h>
#include <netinet/udp.h>
#include <unistd.h>

static struct world w;

/* ---- datagrams with numbers, and which of them arrive when ---- */

#define MAX_SEEN 1000

static struct {
	int number;
	uint64_t time;
} seen[MAX_SEEN];
static int nr_seen, nr_send;
static uint64_t gap; /* between two */

static void sender(void *arg)
{
	struct sockaddr_in a = addr_of("10.0.0.2", 9);
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);
	char buf[972] = { 0 }; /* with headers 1000 */

	(void)arg;
	EXPECT(tg_connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	for (int i = 0; i < nr_send; i++) {
		memcpy(buf, &i, sizeof(i));
		EXPECT(tg_send(fd, buf, sizeof(buf), 0), sizeof(buf));
		if (gap)
			tg_sleep(gap);
	}
}

static void receiver(void *arg)
{
	struct sockaddr_in a = addr_of("0.0.0.0", 9);
	struct timeval tv = { .tv_sec = 10 };
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);
	char buf[2000];

	(void)arg;
	EXPECT(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	EXPECT(tg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	for (nr_seen = 0; nr_seen < MAX_SEEN; nr_seen++) {
		if (tg_recv(fd, buf, sizeof(buf), 0) < 0)
			break;
		memcpy(&seen[nr_seen].number, buf, sizeof(int));
		seen[nr_seen].time = tg_now(NULL);
	}
}

static void send_over(const struct tg_link_params *p, int n, uint64_t pause)
{
	nr_send = n;
	gap = pause;
	OK(tg_link_set(w.link, TG_A, p));
	OK(tg_spawn(w.b, receiver, NULL, NULL));
	OK(tg_spawn(w.a, sender, NULL, NULL));
	assert_int_equal(tg_run(w.k), 0);
}

static void one_run(const struct tg_link_params *p, int n, uint64_t pause)
{
	world_begin(&w, 1, NULL);
	send_over(p, n, pause);
}

static void latency_and_bandwidth_are_exact(void **state)
{
	/* 1000 bytes take 8 ms. */
	struct tg_link_params p = { .latency = 12345678, .rate = 1000000 };

	one_run(&p, 5, 0);
	assert_int_equal(nr_seen, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(seen[i].time, (uint64_t)(i + 1) * 8 * TG_MSEC +
						       12345678);
	world_end(&w);
}

static void a_queue_is_limited(void **state)
{
	struct tg_link_params p = { .rate = 1000000, .queue = 3 };

	one_run(&p, 10, 0);
	/* One on the wire, three behind it. */
	assert_int_equal(nr_seen, 4);
	world_end(&w);
}

static void patterns_say_what_happens(void **state)
{
	struct tg_link_params p = { .pattern = ".xdr.", .reorder_delay = 1000 };
	/* With pauses nobody overtakes. */
	static const int in_order[] = { 0, 2, 2, 3, 4, 5, 7, 7, 8, 9 };

	one_run(&p, 10, 0);
	/* Those held back come after all others of the moment. */
	assert_int_equal(nr_seen, 10);
	assert_int_equal(seen[8].number, 3);
	assert_int_equal(seen[9].number, 8);
	send_over(&p, 10, 2000);
	assert_int_equal(nr_seen, 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(seen[i].number, in_order[i]);
	p = (struct tg_link_params){ .pattern = "xxx", .pattern_once = true };
	send_over(&p, 10, 0);
	assert_int_equal(nr_seen, 7);
	assert_int_equal(seen[0].number, 3);
	/* A turned bit does not pass the checksum. */
	p = (struct tg_link_params){ .pattern = "c." };
	send_over(&p, 10, 0);
	assert_int_equal(nr_seen, 5);
	world_end(&w);
}

static void chance_is_as_said(void **state)
{
	struct tg_link_params p = { .loss = TG_SURE };

	one_run(&p, 10, 0);
	assert_int_equal(nr_seen, 0);
	p = (struct tg_link_params){ .loss = TG_SURE / 4 };
	send_over(&p, 800, 1000);
	assert_in_range(nr_seen, 550, 650);
	p = (struct tg_link_params){ .duplicate = TG_SURE };
	send_over(&p, 10, 1000);
	assert_int_equal(nr_seen, 20);
	p = (struct tg_link_params){ .latency = TG_MSEC,
				     .jitter = 10 * TG_MSEC };
	send_over(&p, 200, 1000);
	assert_int_equal(nr_seen, 200);
	for (int i = 0; i < 200; i++)
		assert_int_equal(seen[i].number, i);
	world_end(&w);
}

static void a_cut_link_loses_all(void **state)
{
	struct tg_link_params p = { .latency = TG_SEC };

	world_begin(&w, 1, &p);
	nr_send = 4;
	gap = 600 * TG_MSEC;
	OK(tg_spawn(w.b, receiver, NULL, NULL));
	OK(tg_spawn(w.a, sender, NULL, NULL));
	/* The first has arrived, the second is under way. */
	(void)tg_run_for(w.k, 1100 * TG_MSEC);
	OK(tg_link_cut(w.link, TG_A, true));
	(void)tg_run_for(w.k, 600 * TG_MSEC);
	OK(tg_link_cut(w.link, TG_A, false));
	assert_int_equal(tg_run(w.k), 0);
	assert_int_equal(nr_seen, 2);
	assert_int_equal(seen[0].number, 0);
	assert_int_equal(seen[1].number, 3);
	world_end(&w);
}

static enum tg_verdict drop_even(void *arg, const struct tg_packet *p,
				 uint64_t *delay)
{
	const char *payload = (const char *)p->data + 28;
	int n;

	memcpy(&n, payload, sizeof(n));
	*delay += *(uint64_t *)arg;
	return n % 2 ? TG_PASS : TG_DROP;
}

static void judges_see_each_packet(void **state)
{
	struct tg_link_params p = { .latency = TG_MSEC };
	uint64_t more = 5;

	world_begin(&w, 1, NULL);
	OK(tg_link_judge(w.link, TG_BOTH, drop_even, &more));
	send_over(&p, 10, 0);
	assert_int_equal(nr_seen, 5);
	assert_int_equal(seen[0].number, 1);
	assert_int_equal(seen[0].time, TG_MSEC + 5);
	OK(tg_link_judge(w.link, TG_BOTH, NULL, NULL));
	send_over(&p, 10, 0);
	assert_int_equal(nr_seen, 10);
	world_end(&w);
}

static void a_smaller_mtu_makes_fragments(void **state)
{
	struct tg_link_params p = { .mtu = 400 };
	uint64_t v;

	one_run(&p, 3, 0);
	assert_int_equal(nr_seen, 3);
	OK(tg_counter(w.a, "IpFragCreates", &v));
	assert_int_equal(v, 9);
	world_end(&w);
}

/* ---- taps ---- */

static struct {
	int in, out, bad;
	uint64_t last;
} tapped;

static void count(void *arg, const struct tg_packet *p)
{
	const struct iphdr *ip = p->data;

	(void)arg;
	p->outgoing ? tapped.out++ : tapped.in++;
	if (ip->version != 4 || ntohs(ip->tot_len) != p->len ||
	    strcmp(p->dev, "eth0") || p->time < tapped.last)
		tapped.bad++;
	tapped.last = p->time;
}

static void taps_see_both_directions(void **state)
{
	struct tg_link_params p = { .pattern = "x.", .latency = TG_MSEC };
	struct tg_tap *all, *one, *lo;

	world_begin(&w, 1, NULL);
	memset(&tapped, 0, sizeof(tapped));
	OK(tg_tap_new(w.k, NULL, NULL, count, NULL, &all));
	send_over(&p, 10, 0);
	assert_int_equal(tapped.out, 10);
	assert_int_equal(tapped.in, 5);
	tg_tap_free(all);
	OK(tg_tap_new(w.k, w.b, "eth0", count, NULL, &one));
	OK(tg_tap_new(w.k, w.b, "lo", count, NULL, &lo));
	send_over(&p, 10, 0);
	assert_int_equal(tapped.out, 10);
	assert_int_equal(tapped.in, 10);
	assert_int_equal(tapped.bad, 0);
	/* The others go with the kernel. */
	world_end(&w);
}

static void injected_packets_are_received(void **state)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		int number;
	} __attribute__((packed)) p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 1,
			.tot_len = htons(32), .protocol = IPPROTO_UDP,
			.saddr = htonl(0x0a000001),
			.daddr = htonl(0x0a000002) },
		.udp = { .dest = htons(9), .len = htons(12) },
		.number = 77,
	};
	unsigned char junk[100];
	uint32_t sum = 0;
	uint64_t v;

	for (int i = 0; i < 10; i++)
		sum += ((uint16_t *)&p)[i];
	p.ip.check = (uint16_t)~((sum & 0xffff) + (sum >> 16));
	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.b, receiver, NULL, NULL));
	(void)tg_run_for(w.k, 1);
	OK(tg_inject(w.b, "eth0", &p, sizeof(p)));
	assert_int_equal(tg_run(w.k), 0);
	assert_int_equal(nr_seen, 1);
	assert_int_equal(seen[0].number, 77);
	/* Nothing that can be put on a wire does harm. */
	for (int i = 0; i < 2000; i++) {
		for (size_t j = 0; j < sizeof(junk); j++)
			junk[j] = byte_at((size_t)i * 100 + j);
		if (i % 2)
			junk[0] = 0x45;
		OK(tg_inject(w.b, "eth0", junk, 1 + (size_t)i % 100));
	}
	(void)tg_run(w.k);
	OK(tg_counter(w.b, "IpInReceives", &v));
	assert_true(v > 500);
	assert_int_equal(tg_inject(w.b, "eth9", junk, 1), -ENODEV);
	assert_int_equal(tg_inject(w.b, "eth0", junk, 65536), -EMSGSIZE);
	assert_int_equal(tg_inject(w.b, "eth0", junk, 0), -EINVAL);
	OK(tg_dev_up(w.b, "eth0", false));
	assert_int_equal(tg_inject(w.b, "eth0", junk, 1), -ENETDOWN);
	world_end(&w);
}

/* ---- captures ---- */

static void captures_are_files_of_libpcap(void **state)
{
	struct tg_link_params p = { .latency = 1234567 };
	char path[] = "/tmp/trapgate-pcap-XXXXXX", cmd[128], line[256];
	struct tg_pcap *c;
	int fd = mkstemp(path), lines = 0;
	uint32_t head[6], rec[4];
	FILE *f;

	assert_true(fd >= 0);
	close(fd);
	world_begin(&w, 1, NULL);
	OK(tg_wallclock_set(w.k, 86400 * TG_SEC));
	OK(tg_pcap_open(w.k, w.b, NULL, path, &c));
	send_over(&p, 10, TG_SEC);
	OK(tg_pcap_free(c));
	world_end(&w);

	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(head, 4, 6, f), 6);
	assert_int_equal(head[0], 0xa1b23c4d);
	assert_int_equal(head[5], 101);
	while (fread(rec, 4, 4, f) == 4) {
		/* A day, and the time that the packet came. */
		assert_int_equal(rec[0], 86400 + lines);
		assert_int_equal(rec[1], 1234567);
		assert_int_equal(rec[2], 1000);
		assert_int_equal(rec[3], 1000);
		assert_int_equal(fseek(f, rec[2], SEEK_CUR), 0);
		lines++;
	}
	fclose(f);
	assert_int_equal(lines, 10);
	if (!access("/usr/bin/tcpdump", X_OK)) {
		snprintf(cmd, sizeof(cmd), "tcpdump -nr %s 2>/dev/null", path);
		f = popen(cmd, "r");
		assert_non_null(f);
		for (lines = 0; fgets(line, sizeof(line), f); lines++)
			assert_non_null(strstr(line, "10.0.0.2.9: UDP"));
		assert_int_equal(pclose(f), 0);
		assert_int_equal(lines, 10);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latency_and_bandwidth_are_exact),
		cmocka_unit_test(a_queue_is_limited),
		cmocka_unit_test(patterns_say_what_happens),
		cmocka_unit_test(chance_is_as_said),
		cmocka_unit_test(a_cut_link_loses_all),
		cmocka_unit_test(judges_see_each_packet),
		cmocka_unit_test(a_smaller_mtu_makes_fragments),
		cmocka_unit_test(taps_see_both_directions),
		cmocka_unit_test(injected_packets_are_received),
		cmocka_unit_test(captures_are_files_of_libpcap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
