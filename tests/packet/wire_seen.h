/* SPDX-License-Identifier: MIT */
/* What a script saw on its wire, whoever its host is: see wire.h. */
#ifndef TESTS_PACKET_WIRE_SEEN_H
#define TESTS_PACKET_WIRE_SEEN_H

#include "fs/fs.h"
#include "lib/checksum.h"
#include "net/core/net_namespace.h"
#include "net/net.h"
#include "tests/unit/net/ipv4/stream.h"
#include <linux/if_ether.h>

#define HOST_ADDR 0x0a000001U
#define PEER_ADDR 0x0a000002U
#define PEER_PORT 4000
#define PEER_ISN 100000U /* the script's 0 */
#define MAX_PKTS 4096

#define FIN TCPHDR_FIN
#define SYN TCPHDR_SYN
#define RST TCPHDR_RST
#define PSH TCPHDR_PSH
#define ACK TCPHDR_ACK
#define URG TCPHDR_URG
#define ECE TCPHDR_ECE
#define CWR TCPHDR_CWR

struct opts {
	u8 len;
	u8 b[40];
};
static const struct opts none;

/* A segment that the host sent. */
struct seen {
	u64 t; /* ns of virtual time */
	u8 flags, tos;
	u32 seq, ack, win, urg, len; /* seq, ack relative; win not scaled */
	u16 sport;
	struct opts o;
};

__attribute__((unused)) static struct net *host;
static struct seen seen[MAX_PKTS];
static unsigned int nr_seen, next_seen;
static u32 host_isn, peer_isn;
static bool host_isn_known;
static u16 host_port, peer_port;
static u16 put_urg; /* urgent pointer of the next URG segment */
static u8 put_tos;
static u64 handshake_ms; /* round trip of the next handshake */
__attribute__((unused)) static u8 payload[65536];

#define CHECK(cond)                                                        \
	do {                                                               \
		if (!(cond)) {                                             \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
				#cond);                                    \
			prog_failures++;                                   \
		}                                                          \
	} while (0)

/* The host sent a packet, of which @hdr are the first bytes. */
__attribute__((unused)) static void wire_saw(const u8 *hdr)
{
	const struct iphdr *iph = (const struct iphdr *)hdr;
	const struct tcphdr *th = (const struct tcphdr *)(hdr + iph->ihl * 4);
	struct seen *s = &seen[nr_seen];

	if (iph->version != 4 || iph->protocol != IPPROTO_TCP ||
	    nr_seen == MAX_PKTS)
		return;
	if (th->syn && !host_isn_known) {
		host_isn = ntohl(th->seq);
		host_port = ntohs(th->source);
		host_isn_known = true;
	}
	s->t = sim_now(sim);
	s->tos = iph->tos;
	s->flags = ((const u8 *)th)[13];
	s->seq = ntohl(th->seq) - host_isn;
	s->ack = th->ack ? ntohl(th->ack_seq) - peer_isn : 0;
	s->win = ntohs(th->window);
	s->urg = ntohs(th->urg_ptr);
	s->len = ntohs(iph->tot_len) - iph->ihl * 4 - th->doff * 4;
	s->sport = ntohs(th->source);
	s->o.len = th->doff * 4 - 20;
	memcpy(s->o.b, th + 1, s->o.len);
	nr_seen++;
}

#endif
