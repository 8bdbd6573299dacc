/* SPDX-License-Identifier: MIT */
/* RFC 1191: path MTU discovery. */
#include "tests/packet/icmp/icmp.h"

SCRIPT(fragmentation_needed_shrinks_a_segment_and_resends)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 1460, 0) == 1460);
	want(ACK, 1, 1, 1460);
	put_icmp(ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, 1);
	EXPECT(info_of(c).tcpi_snd_mss, 960);
	EXPECT(info_of(c).tcpi_pmtu, 1000);
	want(ACK, 1, 1, 960);
	want(ACK, 961, 1, 500);
	put(ACK, 1, 1461, 65535, 0, none);
	/* Nothing of it was congestion. */
	CHECK(info_of(c).tcpi_snd_cwnd >= 10);
	EXPECT(info_of(c).tcpi_unacked, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* How what waits is cut anew depends on how it was written and queued. */
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
