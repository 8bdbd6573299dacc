// SPDX-License-Identifier: MIT
/*
 * Options of SOL_PACKET.
 *
 * DEVIATION: no rings (PACKET_RX_RING, PACKET_TX_RING), which would need mmap()
 * of the socket, no PACKET_FANOUT and no PACKET_VNET_HDR; docs/LIMITS.md
 */
#include "net/packet/af_packet.h"

#include "lib/string.h"

/* Options that are a flag and nothing more. */
static bool *packet_flag_of(struct packet_sock *po, int name)
{
	switch (name) {
	case PACKET_AUXDATA:
		return &po->auxdata;
	case PACKET_ORIGDEV:
		return &po->origdev;
	case PACKET_LOSS:
		return &po->loss;
	case PACKET_TX_HAS_OFF:
		return &po->tx_has_off;
	case PACKET_QDISC_BYPASS:
		return &po->qdisc_bypass;
	default:
		return NULL;
	}
}

static int packet_membership(struct sock *sk, int name, sockptr_t val,
			     unsigned int len)
{
	struct {
		int ifindex;
		u16 type, alen;
		u8 addr[MAX_ADDR_LEN];
	} mr = { 0 };
	const unsigned int head = sizeof(mr) - sizeof(mr.addr);
	struct packet_mclist ml = { 0 };

	if (len < sizeof(struct packet_mreq))
		return fail(-EINVAL, "shorter than struct packet_mreq");
	len = min_t(unsigned int, len, sizeof(mr));
	if (copy_from_sockptr(&mr, val, len))
		return fail(-EFAULT, "bad pointer to the membership");
	if (len < mr.alen + head)
		return fail(-EINVAL, "shorter than the address it holds");
	ml.ifindex = mr.ifindex;
	ml.type = mr.type;
	ml.alen = mr.alen;
	memcpy(ml.addr, mr.addr, mr.alen);
	if (name == PACKET_ADD_MEMBERSHIP)
		return packet_mc_add(sk, &ml);
	packet_mc_drop(sk, &ml);
	return 0;
}

/* Options with a number. */
static int packet_set_int(struct packet_sock *po, int name, int v)
{
	bool *flag = packet_flag_of(po, name);

	if (flag) {
		*flag = v != 0;
		return 0;
	}
	switch (name) {
	case PACKET_COPY_THRESH:
		po->copy_thresh = v;
		return 0;
	case PACKET_VERSION:
		if (v < TPACKET_V1 || v > TPACKET_V3)
			return fail(-EINVAL, "no such version of rings");
		po->tp_version = v;
		return 0;
	case PACKET_RESERVE:
		if (v < 0)
			return fail(-EINVAL, "more than fits an int");
		po->tp_reserve = (u32)v;
		return 0;
	case PACKET_TIMESTAMP:
		po->tp_tstamp = v;
		return 0;
	default: /* PACKET_IGNORE_OUTGOING */
		if (v < 0 || v > 1)
			return fail(-EINVAL, "neither 0 nor 1");
		po->prot_hook.ignore_outgoing = v != 0;
		return 0;
	}
}

int packet_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		      unsigned int len)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	int v;

	if (level != SOL_PACKET)
		return fail(-ENOPROTOOPT, "not a level of packet sockets");
	switch (name) {
	case PACKET_ADD_MEMBERSHIP:
	case PACKET_DROP_MEMBERSHIP:
		return packet_membership(sock->sk, name, val, len);
	case PACKET_VERSION:
	case PACKET_RESERVE:
	case PACKET_LOSS:
	case PACKET_TX_HAS_OFF:
	case PACKET_COPY_THRESH:
	case PACKET_TIMESTAMP:
	case PACKET_QDISC_BYPASS:
		/* LINUX: some take exactly an int, others at least one. */
		if (len != sizeof(v))
			return fail(-EINVAL, "not the size of an int");
		break;
	case PACKET_AUXDATA:
	case PACKET_ORIGDEV:
	case PACKET_IGNORE_OUTGOING:
		if (len < sizeof(v))
			return fail(-EINVAL, "shorter than an int");
		break;
	default:
		return fail(-ENOPROTOOPT, "SOL_PACKET has no such option");
	}
	if (copy_from_sockptr(&v, val, sizeof(v)))
		return fail(-EFAULT, "bad pointer to the value");
	return packet_set_int(po, name, v);
}

/* The size of a ring's header of the version that *val names. */
static int packet_get_hdrlen(char __user *val, int room, int *ret)
{
	int version;

	if (room < (int)sizeof(version))
		return fail(-EINVAL, "no room for an int");
	if (copy_from_user(&version, val, sizeof(version)))
		return fail(-EFAULT, "bad pointer to the version");
	switch (version) {
	case TPACKET_V1:
		*ret = sizeof(struct tpacket_hdr);
		return 0;
	case TPACKET_V2:
		*ret = sizeof(struct tpacket2_hdr);
		return 0;
	case TPACKET_V3:
		*ret = sizeof(struct tpacket3_hdr);
		return 0;
	default:
		return fail(-EINVAL, "no such version of rings");
	}
}

static int packet_get_int(struct packet_sock *po, int name, int *ret)
{
	bool *flag = packet_flag_of(po, name);

	if (flag) {
		*ret = *flag;
		return 0;
	}
	switch (name) {
	case PACKET_VERSION:
		*ret = po->tp_version;
		return 0;
	case PACKET_RESERVE:
		*ret = (int)po->tp_reserve;
		return 0;
	case PACKET_TIMESTAMP:
		*ret = po->tp_tstamp;
		return 0;
	case PACKET_COPY_THRESH:
		*ret = po->copy_thresh;
		return 0;
	case PACKET_IGNORE_OUTGOING:
		*ret = po->prot_hook.ignore_outgoing;
		return 0;
	default:
		return fail(-ENOPROTOOPT, "SOL_PACKET has no such option");
	}
}

int packet_getsockopt(struct socket *sock, int level, int name,
		      char __user *val, int __user *len)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	struct tpacket_stats stats;
	int room, size = sizeof(int), v = 0, err = 0;
	const void *data = &v;

	if (level != SOL_PACKET)
		return fail(-ENOPROTOOPT, "not a level of packet sockets");
	if (get_user(room, len))
		return fail(-EFAULT, "bad pointer to the length");
	if (room < 0)
		return fail(-EINVAL, "negative length");
	if (name == PACKET_STATISTICS) {
		/* Those dropped count as seen. Told once. */
		stats = po->stats;
		stats.tp_packets += stats.tp_drops;
		memset(&po->stats, 0, sizeof(po->stats));
		data = &stats;
		size = sizeof(stats);
	} else if (name == PACKET_HDRLEN) {
		err = packet_get_hdrlen(val, room, &v);
	} else {
		err = packet_get_int(po, name, &v);
	}
	if (err)
		return err;
	room = min(room, size);
	if (put_user(room, len))
		return fail(-EFAULT, "bad pointer to the length");
	if (copy_to_user(val, data, room))
		return fail(-EFAULT, "bad pointer to the value");
	return 0;
}
