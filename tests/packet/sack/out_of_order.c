/* SPDX-License-Identifier: MIT */
/*
 * What came out of order: RFC 9293 3.10.7.4 seventh (kept), RFC 2018 4 (told),
 * RFC 2883 (told when twice), and how little a hostile peer gets by it.
 */
#include "tests/packet/wire.h"

/* A connection with SACK; the host's buffer as @rcvbuf, 0: its default. */
static int with_sack(int l, int rcvbuf)
{
	if (rcvbuf)
		EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, rcvbuf), 0);
	return accepted(l, 65535, join(mss(1460), sackok()));
}

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

static u32 height(const struct rb_node *n)
{
	return n ? 1 + max(height(n->child[0]), height(n->child[1])) : 0;
}

static struct tcp_sock *tp_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f->private_data;

	fput(f);
	return tcp_sk(sock->sk);
}

/* 2018 4: the block with the latest segment leads; others follow. */
SCRIPT(latest_block_first_four_at_most)
{
	int l = listening(), c = with_sack(l, 0);
	struct seen *s = NULL;

	for (u32 i = 1; i <= 6; i++) {
		put(ACK, 1 + i * 200, 1, 65535, 100, none);
		s = want(ACK, 1, 1, 0);
	}
	CHECK(sacks(s, 0, 1201, 1301));
	CHECK(sacks(s, 1, 1001, 1101));
	CHECK(sacks(s, 2, 801, 901));
	CHECK(sacks(s, 3, 601, 701));
	CHECK(!sacks(s, 4, 401, 501));
	/* The gap between two closes: one block, which leads. */
	put(ACK, 901, 1, 65535, 100, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 801, 1101));
	CHECK(sacks(s, 1, 1201, 1301));
	EXPECT(stat(TCPOFOQueue), 7);
	EXPECT(info_of(c).tcpi_rcv_ooopack, 7);
	ends(c, l);
}

SCRIPT(in_order_after_the_gap_closes_whatever_the_order)
{
	static const u32 order[] = { 7, 3, 9, 1, 5, 8, 2, 6, 4 };
	int l = listening(), c = with_sack(l, 0);
	u8 b[2000];

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		put(ACK, 1 + order[i] * 100, 1, 65535, 100, none);
	skip_seen();
	EXPECT(u_recv(c, b, sizeof(b), MSG_DONTWAIT), -EAGAIN);
	put(ACK, 1, 1, 65535, 100, none);
	want(ACK, 1, 1001, 0);
	EXPECT(u_recv(c, b, sizeof(b), MSG_DONTWAIT), 1000);
	CHECK(pattern_ok(b, 0, 1000));
	EXPECT(info_of(c).tcpi_bytes_received, 1000);
	ends(c, l);
}

/* 2883 4.2: a duplicate of something out of order. */
SCRIPT(duplicate_out_of_order_is_told)
{
	int l = listening(), c = with_sack(l, 0);
	struct seen *s;

	put(ACK, 501, 1, 65535, 100, none);
	skip_seen();
	put(ACK, 501, 1, 65535, 100, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 501, 601) && sacks(s, 1, 501, 601));
	EXPECT(stat(TCPDSACKOfoSent), 1);
	EXPECT(stat(TCPOFOMerge), 1);
	/* 4.1: one that was delivered. */
	put(ACK, 1, 1, 65535, 500, none);
	skip_seen();
	put(ACK, 301, 1, 65535, 100, none);
	s = want(ACK, 1, 601, 0);
	CHECK(sacks(s, 0, 301, 401));
	EXPECT(stat(TCPDSACKOldSent), 1);
	ends(c, l);
}

SCRIPT(overlaps_are_cut_and_told)
{
	int l = listening(), c = with_sack(l, 0);
	struct seen *s;
	u8 b[2000];

	put(ACK, 501, 1, 65535, 100, none);
	put(ACK, 701, 1, 65535, 100, none);
	skip_seen();
	/* Covers the first, the gap, and half of the second. */
	put(ACK, 451, 1, 65535, 300, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 501, 601)); /* D-SACK: the first part twice */
	CHECK(sacks(s, 1, 451, 801));
	put(ACK, 1, 1, 65535, 450, none);
	want(ACK, 1, 801, 0);
	EXPECT(u_recv(c, b, sizeof(b), 0), 800);
	CHECK(pattern_ok(b, 0, 800));
	ends(c, l);
}

/* RFC 9293 3.10.7.4: a FIN counts when all before it was received. */
SCRIPT(fin_waits_for_its_turn)
{
	int l = listening(), c = with_sack(l, 0);
	u8 b[500];

	put(ACK | FIN, 101, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(state_of(c), TCP_ESTABLISHED);
	put(ACK, 1, 1, 65535, 100, none);
	want(ACK, 1, 202, 0);
	EXPECT(state_of(c), TCP_CLOSE_WAIT);
	EXPECT(u_recv(c, b, sizeof(b), 0), 200);
	EXPECT(u_recv(c, b, sizeof(b), 0), 0);
	ends(c, l);
}

/* Beyond the window: nothing is kept, an ACK says so. */
SIM_SCRIPT(beyond_the_window_is_refused)
{
	int l = listening(), c = with_sack(l, 8192);
	u32 win = tp_of(c)->rcv_wnd;

	put(ACK, 2 + win, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(info_of(c).tcpi_rcv_ooopack, 0);
	ends(c, l);
}

/*
 * Every other byte, anywhere in the window, a hundred thousand times: memory
 * stays within the buffer, a segment costs the logarithm, and afterwards the
 * connection works.
 */
SIM_SCRIPT(flood_of_single_bytes_is_bounded)
{
	int l = listening(), c = with_sack(l, 200000);
	size_t before = kmem_used(), most = 0;
	const struct tcp_sock *tp = tp_of(c);
	u32 win = tp->rcv_wnd, rnd = 1, tallest = 0;
	u8 b[100];

	for (int i = 0; i < 100000; i++) {
		rnd = rnd * 1664525 + 1013904223;
		put(ACK, 3 + ((rnd >> 8) % (win - 4) & ~1U), 1, 65535, 1,
		    none);
		most = max(most, kmem_used() - before);
		if (i % 64 == 0)
			tallest = max(tallest, height(tp->ooo_tree.node));
		nr_seen = next_seen = 0;
	}
	CHECK(most < 2 * 2 * 200000);
	CHECK(tallest <= 20);
	CHECK(skb_queue_len(&tp->out_of_order_queue) > 100);
	CHECK(stat(PruneCalled) > 0);
	CHECK(stat(OfoPruned) > 0);
	CHECK(stat(TCPOFODrop) > 0);
	put(ACK, 1, 1, 65535, 50, none);
	EXPECT(u_recv(c, b, 50, MSG_DONTWAIT), 50);
	CHECK(pattern_ok(b, 0, 50));
	ends(c, l);
}

/* Small neighbours are copied together before anything is given up. */
SIM_SCRIPT(neighbours_collapse_under_pressure)
{
	int l = listening(), c = with_sack(l, 20000);
	const struct tcp_sock *tp = tp_of(c);
	u32 win = tp->rcv_wnd;
	u8 b[100];

	/* From the end, so that nothing merges as it arrives. */
	for (u32 at = win - 10; at > 100; at -= 10) {
		put(ACK, at, 1, 65535, 10, none);
		nr_seen = next_seen = 0;
	}
	CHECK(stat(TCPRcvCollapsed) > 0);
	EXPECT(stat(TCPOFODrop), 0);
	EXPECT(stat(OfoPruned), 0);
	put(ACK, 1, 1, 65535, 110, none);
	CHECK(tp->rcv_nxt - peer_isn >= win - 20);
	EXPECT(u_recv(c, b, 100, MSG_DONTWAIT), 100);
	CHECK(pattern_ok(b, 0, 100));
	ends(c, l);
}
