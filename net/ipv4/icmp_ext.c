// SPDX-License-Identifier: MIT
/*
 * Extensions of ICMP errors (RFC 4884), for IP_RECVERR_RFC4884. They follow
 * the quoted datagram, whose length the ICMP header tells then:
 *
 *	| ICMP header | quoted: IP header .. data, padded | version, checksum |
 *	| object: length, class, type .. | object .. |
 */
#include "net/ipv4/icmp.h"

#include "lib/checksum.h"
#include "uapi/errqueue.h"

/* RFC 4884 5: so much is quoted at least when extensions follow. */
#define EXT_QUOTED_MIN 128
#define EXT_VERSION 2

struct icmp_ext_hdr {
	u8 version; /* in the upper half */
	u8 reserved;
	__sum16 checksum; /* of all to the end; 0: none */
};

struct icmp_extobj_hdr {
	__be16 length; /* with this header */
	u8 class_num, class_type;
};

/* Are the extensions at @off of @skb well formed? */
static bool icmp_extensions_ok(const struct sk_buff *skb, unsigned int off)
{
	struct icmp_ext_hdr h;
	struct icmp_extobj_hdr obj;
	unsigned int len;

	if (skb_copy_bits(skb, (int)off, &h, sizeof(h)))
		return false;
	/* LINUX: what is not known is not wrong. */
	if (h.version >> 4 != EXT_VERSION)
		return true;
	if (h.checksum && csum_fold(skb_checksum(skb, (int)off,
						 (int)(skb->len - off), 0)))
		return false;
	for (off += sizeof(h); off < skb->len; off += len) {
		if (skb_copy_bits(skb, (int)off, &obj, sizeof(obj)))
			return false;
		len = ntohs(obj.length);
		if (len < sizeof(obj) || len > skb->len - off)
			return false;
	}
	return true;
}

void icmp_find_extensions(const struct sk_buff *skb,
			  struct sock_ee_data_rfc4884 *ret)
{
	const struct icmphdr *icmph = icmp_hdr(skb);
	/* What of the quoted datagram the program does not get. */
	unsigned int hlen = (unsigned int)-skb_transport_offset(skb) -
			    (unsigned int)sizeof(*icmph);
	unsigned int quoted;

	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		break;
	default:
		return;
	}
	quoted = ((const u8 *)&icmph->un)[1] * 4U;
	if (quoted < EXT_QUOTED_MIN || quoted < hlen ||
	    quoted - hlen + sizeof(struct icmp_ext_hdr) > skb->len)
		return;
	ret->len = (u16)(quoted - hlen);
	if (!icmp_extensions_ok(skb, ret->len))
		ret->flags |= SO_EE_RFC4884_FLAG_INVALID;
}
