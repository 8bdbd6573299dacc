/* SPDX-License-Identifier: MIT */
/* ICMP messages that are dropped: RFC 792, RFC 1122 3.2.2. */
#include "tests/packet/drop/drop.h"

#define icmp ((struct icmphdr *)pkt_payload)

static void icmp_begin(u8 type, u8 code, size_t len)
{
	memset(pkt_payload, 0, len);
	ip_begin(IPPROTO_ICMP, len);
	icmp->type = type;
	icmp->code = code;
}

static void icmp_put(void)
{
	size_t len = ntohs(pkt_ip->tot_len) - sizeof(struct iphdr);

	icmp->checksum = 0;
	icmp->checksum = ip_compute_csum(icmp, len);
	ip_put();
}

SCRIPT(checksum)
{
	counters_mark();
	icmp_begin(ICMP_ECHO, 0, 16);
	icmp->checksum = 0x1234;
	ip_put();
	dropped("ICMP_CSUM");
	moved("Icmp.InErrors Icmp.InCsumErrors");
}

SCRIPT(too_short)
{
	counters_mark();
	icmp_begin(0, 0, 6);
	memset(pkt_payload, 0xff, 2);
	memset(pkt_payload + 2, 0, 4);
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors");
}

SCRIPT(unknown_types)
{
	counters_mark();
	icmp_begin(19, 0, 8);
	icmp_put();
	dropped("ICMP_IGNORED");
	moved("Icmp.InErrors");
	/* One that has a number, but no meaning to us. */
	icmp_begin(1, 0, 8);
	icmp_put();
	dropped("ICMP_IGNORED");
	moved("");
}

SCRIPT(replies_that_nobody_asked_for)
{
	counters_mark();
	icmp_begin(ICMP_ECHOREPLY, 0, 16);
	icmp_put();
	dropped("NO_SOCKET");
	moved("Icmp.InEchoReps");
	icmp_begin(ICMP_TIMESTAMPREPLY, 0, 20);
	icmp_put();
	dropped("ICMP_IGNORED");
	moved("Icmp.InTimestampReps");
}

SCRIPT(answered)
{
	counters_mark();
	icmp_begin(ICMP_ECHO, 0, 16);
	icmp_put();
	moved("Icmp.InEchos Icmp.OutEchoReps");
}

SCRIPT(timestamp_too_short)
{
	counters_mark();
	icmp_begin(ICMP_TIMESTAMP, 0, 11);
	icmp_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors Icmp.InTimestamps");
}

/* Linux since 6.6 counts its answer as an echo reply, which it is not. */
SIM_SCRIPT(timestamp_answered)
{
	counters_mark();
	icmp_begin(ICMP_TIMESTAMP, 0, 20);
	icmp_put();
	moved("Icmp.InTimestamps Icmp.OutTimestampReps");
}

/* An error about @protocol, quoting @len bytes of the packet. */
static struct iphdr *error_begin(u8 type, u8 code, u8 protocol, size_t len)
{
	struct iphdr *in = (struct iphdr *)(icmp + 1);

	icmp_begin(type, code, sizeof(*icmp) + len);
	in->version = 4;
	in->ihl = 5;
	in->ttl = 64;
	in->tot_len = htons(60);
	in->protocol = protocol;
	in->saddr = htonl(HOST_ADDR);
	in->daddr = htonl(PEER_ADDR);
	return in;
}

SCRIPT(error_quotes_too_little)
{
	counters_mark();
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_UDP, 19);
	icmp_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors Icmp.InDestUnreachs");
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_UDP, 27);
	icmp_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors Icmp.InDestUnreachs");
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_UDP, 28)->ihl = 4;
	icmp_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors Icmp.InDestUnreachs");
	error_begin(ICMP_REDIRECT, 1, IPPROTO_UDP, 19);
	icmp_put();
	dropped("PKT_TOO_SMALL");
	moved("Icmp.InErrors Icmp.InRedirects");
}

SCRIPT(error_about_no_socket)
{
	counters_mark();
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_UDP, 28);
	icmp_put();
	moved("Icmp.InErrors Icmp.InDestUnreachs");
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_TCP, 28);
	icmp_put();
	moved("Icmp.InErrors Icmp.InDestUnreachs");
	/* No protocol of ours: nobody to be told. */
	error_begin(ICMP_DEST_UNREACH, 1, 200, 28);
	icmp_put();
	moved("Icmp.InDestUnreachs");
	/* About a fragment that timed out, and one code too many. */
	error_begin(ICMP_TIME_EXCEEDED, 1, IPPROTO_UDP, 28);
	icmp_put();
	dropped("ICMP_IGNORED");
	moved("Icmp.InTimeExcds");
	error_begin(ICMP_DEST_UNREACH, 16, IPPROTO_UDP, 28);
	icmp_put();
	dropped("ICMP_IGNORED");
	moved("Icmp.InDestUnreachs");
}

static void tcp_quote(u32 seq)
{
	__be16 *ports = (__be16 *)((struct iphdr *)(icmp + 1) + 1);

	ports[0] = htons(host_port);
	ports[1] = htons(peer_port);
	put_unaligned_be32(host_isn + seq, ports + 2);
}

SCRIPT(error_outside_the_window)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_TCP, 28);
	tcp_quote(5);
	icmp_put();
	moved("Icmp.InDestUnreachs TcpExt.OutOfWindowIcmps");
	/* Whatever it says. */
	error_begin(ICMP_SOURCE_QUENCH, 0, IPPROTO_TCP, 28);
	tcp_quote(5);
	icmp_put();
	moved("Icmp.InSrcQuenchs TcpExt.OutOfWindowIcmps");
	/* A packet of ours with less than IP_MINTTL left. */
	EXPECT(u_setopt(c, SOL_IP, IP_MINTTL, 100), 0);
	error_begin(ICMP_DEST_UNREACH, 1, IPPROTO_TCP, 28);
	tcp_quote(1);
	icmp_put();
	moved("Icmp.InDestUnreachs TcpExt.TCPMinTTLDrop");
	u_close(c);
	u_close(l);
}
