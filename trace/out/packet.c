/* SPDX-License-Identifier: MIT */
/*
 * One line about an IPv4 packet (RFC 791), from the bytes of its headers:
 *
 *	127.0.0.1:40112 > 127.0.0.1:5001 SYN seq 0 win 65495 len 0
 *
 * TCP sequence numbers (RFC 9293) are shown relative to the connection's first
 * where its SYN was seen.
 */
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"

#define FLOWS 4096 /* directions of connections whose start is known */

struct flow {
	u32 saddr, daddr, ports;
	u32 isn;
	bool known;
};

static struct flow flows[FLOWS];

static u32 be32(const u8 *p)
{
	return get_unaligned_be32(p);
}

static struct flow *flow_of(u32 saddr, u32 daddr, u32 ports)
{
	u32 h = (saddr * 31 + daddr) * 31 + ports * 2654435761U;

	return &flows[(h ^ h >> 16) % FLOWS];
}

/* What to take off a sequence number of this direction. */
static u32 first_seq(u32 saddr, u32 daddr, u32 ports, bool syn, u32 seq)
{
	struct flow *f = flow_of(saddr, daddr, ports);

	if (syn)
		*f = (struct flow){ saddr, daddr, ports, seq, true };
	if (f->known && f->saddr == saddr && f->daddr == daddr &&
	    f->ports == ports)
		return f->isn;
	return 0;
}

static void tcp_options_text(struct text *t, const u8 *opt, size_t len)
{
	const char *sep = " <";
	size_t i = 0, n;

	while (i < len && opt[i]) {
		if (opt[i] == 1) {
			i++;
			continue;
		}
		n = i + 1 < len ? opt[i + 1] : 0;
		if (n < 2 || i + n > len)
			break;
		text_str(t, sep);
		sep = ", ";
		if (opt[i] == 2 && n == 4)
			text_printf(t, "mss %u", opt[i + 2] << 8 | opt[i + 3]);
		else if (opt[i] == 3 && n == 3)
			text_printf(t, "wscale %u", opt[i + 2]);
		else if (opt[i] == 4)
			text_str(t, "sackOK");
		else if (opt[i] == 5)
			text_printf(t, "sack x%zu", (n - 2) / 8);
		else if (opt[i] == 8 && n == 10)
			text_printf(t, "ts %u %u", be32(opt + i + 2),
				    be32(opt + i + 6));
		else
			text_printf(t, "opt %u", opt[i]);
		i += n;
	}
	if (*sep == ',')
		text_char(t, '>');
}

static void tcp_text(struct text *t, const u8 *ip, const u8 *tcp, size_t len,
		     size_t total)
{
	static const char *const names[] = { "FIN", "SYN", "RST", "PSH",
					     "ACK", "URG", "ECE", "CWR" };
	u32 s, d, ports, seq, ack;
	size_t header;
	int i;

	if (len < 20)
		return;
	memcpy(&s, ip + 12, 4);
	memcpy(&d, ip + 16, 4);
	ports = be32(tcp);
	seq = be32(tcp + 4);
	ack = be32(tcp + 8);
	header = (tcp[12] >> 4) * 4;
	for (i = 0; i < 8; i++)
		if (tcp[13] & 1 << i)
			text_printf(t, " %s", names[i]);
	text_printf(t, " seq %u",
		    seq - first_seq(s, d, ports, tcp[13] & 2, seq));
	if (tcp[13] & 16)
		text_printf(t, " ack %u",
			    ack - first_seq(d, s, ports >> 16 | ports << 16,
					    false, 0));
	text_printf(t, " win %u len %zu", tcp[14] << 8 | tcp[15],
		    total > header ? total - header : 0);
	if (header > 20 && header <= len)
		tcp_options_text(t, tcp + 20, header - 20);
}

static void icmp_text(struct text *t, const u8 *icmp, size_t len)
{
	if (len < 8)
		return;
	text_str(t, " ICMP");
	switch (icmp[0]) {
	case 0:
		text_str(t, " echo reply");
		break;
	case 3:
		text_printf(t, " destination unreachable, code %u", icmp[1]);
		break;
	case 8:
		text_str(t, " echo request");
		break;
	case 11:
		text_str(t, " time exceeded");
		break;
	default:
		text_printf(t, " type %u code %u", icmp[0], icmp[1]);
	}
	if (icmp[0] == 0 || icmp[0] == 8)
		text_printf(t, " id %u seq %u", icmp[4] << 8 | icmp[5],
			    icmp[6] << 8 | icmp[7]);
}

static void end_text(struct text *t, const u8 *addr, const u8 *port)
{
	u32 a;

	memcpy(&a, addr, sizeof(a));
	text_ip4(t, a);
	if (port) {
		text_char(t, ':');
		text_dec(t, port[0] << 8 | port[1]);
	}
}

void packet_text(struct text *t, const void *header, size_t len, u64 full)
{
	const u8 *ip = header, *next;
	size_t ihl, total;
	bool ports;
	u16 off;

	if (len < 20 || ip[0] >> 4 != 4) {
		text_printf(t, "%llu bytes", (unsigned long long)full);
		return;
	}
	ihl = (ip[0] & 15) * 4;
	off = (ip[6] << 8 | ip[7]) & 0x1fff;
	next = ip + ihl;
	/* Large segments inside the kernel do not fit the field. */
	total = full > ihl ? full - ihl : 0;
	ports = !off && (ip[9] == 6 || ip[9] == 17) && len >= ihl + 8;
	end_text(t, ip + 12, ports ? next : NULL);
	text_str(t, " > ");
	end_text(t, ip + 16, ports ? next + 2 : NULL);
	if (off || ip[6] & 0x20)
		text_printf(t, " fragment %u%s", off * 8,
			    ip[6] & 0x20 ? "+" : "");
	if (off)
		return;
	if (ip[9] == 6)
		tcp_text(t, ip, next, len > ihl ? len - ihl : 0, total);
	else if (ip[9] == 17)
		text_printf(t, " UDP len %zu", total > 8 ? total - 8 : 0);
	else if (ip[9] == 1)
		icmp_text(t, next, len > ihl ? len - ihl : 0);
	else
		text_printf(t, " protocol %u len %zu", ip[9], total);
}
