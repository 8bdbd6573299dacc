/* SPDX-License-Identifier: MIT */
/*
 * ICMP errors about segments: RFC 5461 (hard in the handshake, soft later),
 * RFC 5927 (only what is in flight), RFC 1191 (path MTU).
 */
#include "tests/packet/wire.h"

#include "uapi/icmp.h"

/* An ICMP error from the peer about our segment at @seq. */
static void put_icmp(int type, int code, u32 mtu, u32 seq)
{
	struct sk_buff *skb = alloc_skb(128);
	struct iphdr *iph, *in;
	struct icmphdr *icmp;
	struct tcphdr *th;

	skb_reset_network_header(skb);
	iph = skb_put(skb, sizeof(*iph));
	icmp = skb_put(skb, sizeof(*icmp));
	in = skb_put(skb, sizeof(*in));
	th = skb_put(skb, 8); /* RFC 792: eight bytes of it */
	memset(iph, 0, sizeof(*iph));
	memset(icmp, 0, sizeof(*icmp));
	memset(in, 0, sizeof(*in));
	memset(th, 0, 8);
	iph->version = in->version = 4;
	iph->ihl = in->ihl = 5;
	iph->tot_len = htons((u16)skb->len);
	in->tot_len = htons(1500);
	iph->ttl = in->ttl = 64;
	iph->protocol = IPPROTO_ICMP;
	in->protocol = IPPROTO_TCP;
	iph->saddr = in->daddr = htonl(PEER_ADDR);
	iph->daddr = in->saddr = htonl(HOST_ADDR);
	iph->check = ip_fast_csum(iph, 5);
	in->check = ip_fast_csum(in, 5);
	th->source = htons(host_port);
	th->dest = htons(peer_port);
	th->seq = htonl(host_isn + seq);
	icmp->type = (u8)type;
	icmp->code = (u8)code;
	icmp->un.frag.mtu = htons((u16)mtu);
	icmp->checksum = ip_compute_csum(icmp, skb->len - sizeof(*iph));
	skb->protocol = htons(ETH_P_IP);
	skb->dev = wire;
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
}

SCRIPT(unreachable_ends_a_handshake)
{
	static const struct {
		int type, code, err;
	} t[] = {
		{ ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ECONNREFUSED },
		{ ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, EHOSTUNREACH },
		{ ICMP_DEST_UNREACH, ICMP_NET_UNREACH, ENETUNREACH },
		{ ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, ENOPROTOOPT },
		{ ICMP_TIME_EXCEEDED, 0, EHOSTUNREACH },
		{ ICMP_PARAMETERPROB, 0, EPROTO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		int fd = connecting();

		want(SYN, 0, 0, 0);
		put_icmp(t[i].type, t[i].code, 0, 0);
		EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), t[i].err);
		CHECK(state_of(fd) == TCP_CLOSE);
		u_close(fd);
	}
}

SCRIPT(quench_and_redirect_are_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put_icmp(4, 0, 0, 0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}

SCRIPT(about_something_never_sent_is_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 5000);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	EXPECT(stat(OutOfWindowIcmps), 1);
	u_close(fd);
}

SCRIPT(soft_once_established_and_told_at_the_end)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	sim_sleep(2000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(an_answer_makes_it_forgotten)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	put(ACK, 1, 101, 65535, 0, none);
	CHECK(u_send(c, payload, 100, 0) == 100);
	sim_sleep(2000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(recverr_makes_it_hard)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_IP, IP_RECVERR, 1), 0);
	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(fragmentation_needed_shrinks_segments_and_resends)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 2920, 0) == 2920);
	want(ACK, 1, 1, 1460);
	want(ACK, 1461, 1, 1460);
	put_icmp(ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, 1);
	EXPECT(info_of(c).tcpi_snd_mss, 960);
	EXPECT(info_of(c).tcpi_pmtu, 1000);
	want(ACK, 1, 1, 960);
	want(ACK, 961, 1, 500);
	want(ACK, 1461, 1, 960);
	want(ACK, 2421, 1, 500);
	put(ACK, 1, 2921, 65535, 0, none);
	/* Nothing of it was congestion. */
	CHECK(info_of(c).tcpi_snd_cwnd >= 10);
	EXPECT(info_of(c).tcpi_unacked, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(unreachable_ends_a_request)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0);
	want_none(10 * SIM_SEC);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unreachable_ends_a_handshake),
		cmocka_unit_test(quench_and_redirect_are_ignored),
		cmocka_unit_test(about_something_never_sent_is_ignored),
		cmocka_unit_test(soft_once_established_and_told_at_the_end),
		cmocka_unit_test(an_answer_makes_it_forgotten),
		cmocka_unit_test(recverr_makes_it_hard),
		cmocka_unit_test(
			fragmentation_needed_shrinks_segments_and_resends),
		cmocka_unit_test(unreachable_ends_a_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
