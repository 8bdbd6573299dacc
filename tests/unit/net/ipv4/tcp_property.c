/* SPDX-License-Identifier: MIT */
/*
 * What holds of any two TCPs on any link, over thousands of seeds. Each seed
 * chooses the link (loss up to 40%, doubled, damaged and delayed packets,
 * rate, queue, MTU), the settings of both hosts, the sizes of buffers and
 * calls, and how fast each program reads. Then:
 *
 * - every byte arrives once and in order, or the connection fails by its
 *   timers: what has arrived is a beginning of what was sent, and no side is
 *   left waiting for a peer that has not failed;
 * - the windows are kept, as seen on the wire (wire_check.h);
 * - nothing is left behind: memory, sockets, programs (sim_free()).
 */
#include "net/core/netdevice.h"
#include "tests/unit/net/ipv4/exchange.h"
#include "tests/unit/net/ipv4/wire_check.h"

#define SEEDS 3000
#define SEEDS_SHRINK 1000

static u32 between_random(u32 *r, u32 low, u32 high)
{
	return low + next_random(r) % (high - low + 1);
}
static bool one_in(u32 *r, u32 n)
{
	return !(next_random(r) % n);
}

static void choose_faults(struct fault *f, u32 *r)
{
	f->loss = one_in(r, 4) ? 0
			       : between_random(r, 0, one_in(r, 2) ? 400 : 60);
	f->dup = one_in(r, 2) ? 0 : between_random(r, 0, 200);
	f->corrupt = one_in(r, 2) ? 0 : between_random(r, 0, 60);
	f->delay = one_in(r, 2) ? 0 : between_random(r, 0, 400);
	f->max_delay = between_random(r, 1, 100);
	f->seed = next_random(r);
}

static void choose_link(struct link_params *p, u32 *r)
{
	static const u32 mtus[] = { 0, 0, 0, 576, 1006, 9000, 65535 };

	p->latency = between_random(r, 1, 50000) * NSEC_PER_USEC;
	if (!one_in(r, 3))
		p->rate = between_random(r, 20, 5000) * 1000;
	if (one_in(r, 3))
		p->queue = between_random(r, 3, 60);
	p->mtu = mtus[next_random(r) % ARRAY_SIZE(mtus)];
}

static void choose_host(struct net *net, u32 *r)
{
	static const char *const ca[] = { "cubic", "cubic", "reno", "bbr" };
	struct netns_ipv4 *n = net->ipv4;

	n->tcp_congestion_control = tcp_ca_find(ca[next_random(r) % 4]);
	n->sysctl_tcp_sack = !one_in(r, 4);
	n->sysctl_tcp_dsack = !one_in(r, 4);
	n->sysctl_tcp_timestamps = !one_in(r, 4);
	n->sysctl_tcp_window_scaling = !one_in(r, 4);
	n->sysctl_tcp_ecn = one_in(r, 2);
	n->sysctl_tcp_mtu_probing = one_in(r, 4);
	n->sysctl_tcp_moderate_rcvbuf = !one_in(r, 4);
	/* Failures by chance alone shall be seldom. */
	n->sysctl_tcp_syn_retries = n->sysctl_tcp_synack_retries = 20;
	n->sysctl_tcp_retries2 = 100;
}

static void choose_side(struct side *s, u32 *r)
{
	s->bytes =
		one_in(r, 8) ? next_random(r) % 3 : between_random(r, 1, 60000);
	s->chunk = 1U << between_random(r, 7, 16);
	if (one_in(r, 2))
		s->rcvbuf = (int)between_random(r, 2000, 100000);
	if (one_in(r, 4))
		s->pause = between_random(r, 1, 300);
}

static unsigned int nr_failed, nr_data, nr_closed;

/*
 * Has @s ended as it may? An end is never too early; waiting for ever is right
 * only when the peer has given up; other errors tell of an end by timers.
 */
static bool side_ok(const struct side *s, const struct side *peer)
{
	bool all = s->got == peer->bytes;

	/* A last ACK lost, again and again, until TIME-WAIT was over: a reset. */
	if (s->done && all &&
	    (!s->err || (s->err == -ECONNRESET && peer->done)))
		return true;
	nr_failed++;
	if (s->done && !all)
		return false;
	return s->stalled ? peer->err != 0
			  : s->err == -ETIMEDOUT || s->err == -ECONNRESET ||
				    s->err == -EPIPE;
}

static void check_side(u32 seed, const struct side *s, const struct side *peer)
{
	bool ok = side_ok(s, peer);

	if (!ok)
		print_message(
			"seed %u: sent %lu of %lu got %lu of %lu err %ld%s\n",
			seed, (unsigned long)s->sent, (unsigned long)s->bytes,
			(unsigned long)s->got, (unsigned long)peer->bytes,
			s->err, s->stalled ? " stalled" : "");
	assert_true(ok);
}

static void run_seed(u32 seed, struct link_params *p, struct fault *f,
		     bool one_way)
{
	u32 r = seed * 2654435761U + 1;
	struct wire_watch wa, wb;
	struct ends e = { 0 };

	choose_faults(f, &r);
	choose_link(p, &r);
	p->judge_arg = f;
	two_hosts(p);
	choose_host(host_a, &r);
	choose_host(host_b, &r);
	choose_side(&e.a, &r);
	choose_side(&e.b, &r);
	wire_watch(&wa, host_a, "a");
	wire_watch(&wb, host_b, "b");
	if (one_way) {
		e.b.bytes = 0;
		wa.may_shrink = true;
	}
	exchange(&e);
	check_side(seed, &e.a, &e.b);
	check_side(seed, &e.b, &e.a);
	nr_data += wa.data + wb.data;
	nr_closed += wa.closed;
	if (wa.breaches || wb.breaches)
		print_message("seed %u\n", seed);
	wire_unwatch(&wa);
	wire_unwatch(&wb);
	hosts_done();
}

static void bytes_once_in_order_and_windows_kept(void **state)
{
	struct fault f;

	nr_failed = nr_data = 0;
	for (u32 seed = 0; seed < SEEDS; seed++) {
		struct link_params p = { .judge = judge };

		run_seed(seed, &p, &f, false);
	}
	print_message("# %u segments, %u of %u sides gave up\n", nr_data,
		      nr_failed, 2 * SEEDS);
	assert_true(nr_failed < 2 * SEEDS / 50);
}

/*
 * A middlebox on the way to a lets through less than b offers, now and then
 * nothing: for a the window shrinks. It writes into b's bare ACKs, which
 * nobody else holds.
 */
static enum link_verdict shrinking(void *arg, struct net_device *dev,
				   const struct sk_buff *skb, u64 *delay)
{
	struct iphdr *iph = (struct iphdr *)skb->data;
	struct tcphdr *th = (struct tcphdr *)(iph + 1);
	struct fault *f = arg;
	u32 what = next_random(&f->seed) % 8;

	if (dev->net == host_b && iph->protocol == IPPROTO_TCP && th->ack &&
	    !th->syn && !th->fin && !th->rst &&
	    ntohs(iph->tot_len) == 20U + th->doff * 4U && what < 4) {
		u16 win = ntohs(th->window);
		__be16 old = th->window;

		win = what ? (u16)(win * (next_random(&f->seed) % 256) / 256)
			   : 0;
		th->window = htons(win);
		/* RFC 1624 */
		th->check = csum_fold((u32)(u16)~th->check + (u16)~old +
				      th->window);
	}
	return judge(arg, dev, skb, delay);
}

static void shrunk_windows_kept(void **state)
{
	struct fault f;

	nr_failed = nr_data = nr_closed = 0;
	for (u32 seed = 0; seed < SEEDS_SHRINK; seed++) {
		struct link_params p = { .judge = shrinking };

		run_seed(seed + 0x10000, &p, &f, true);
	}
	print_message("# %u segments, %u windows closed, %u sides gave up\n",
		      nr_data, nr_closed, nr_failed);
	assert_true(nr_closed > SEEDS_SHRINK);
	assert_true(nr_failed < 2 * SEEDS_SHRINK / 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_once_in_order_and_windows_kept),
		cmocka_unit_test(shrunk_windows_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
