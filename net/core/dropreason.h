/* SPDX-License-Identifier: MIT */
/*
 * Why a packet was dropped: one documented reason per drop. The list is data;
 * the enum, the names in a trace and the table in docs come from it.
 */
#ifndef NET_CORE_DROPREASON_H
#define NET_CORE_DROPREASON_H

#define SKB_DROP_REASONS(X)                                                    \
	X(NO_SOCKET, "no socket for this address and port")                    \
	X(PKT_TOO_SMALL, "shorter than its headers")                           \
	X(TCP_CSUM, "TCP checksum wrong")                                      \
	X(UDP_CSUM, "UDP checksum wrong")                                      \
	X(ICMP_CSUM, "ICMP checksum wrong")                                    \
	X(IP_CSUM, "IP header checksum wrong")                                 \
	X(IP_INHDR, "IP header malformed")                                     \
	X(IP_OPTIONS, "IP options malformed or refused")                       \
	X(IP_NOPROTO, "no handler for this IP protocol")                       \
	X(IP_RPFILTER, "source address fails reverse path")                    \
	X(IP_INNOROUTES, "no route for an incoming packet")                    \
	X(IP_OUTNOROUTES, "no route for an outgoing packet")                   \
	X(IP_TTL, "time to live used up")                                      \
	X(IP_MARTIAN, "source or destination that may not be on a wire")       \
	X(FRAG_REASM_TIMEOUT, "fragments timed out")                           \
	X(FRAG_TOO_FAR, "fragments too many or too large")                     \
	X(DUP_FRAG, "duplicate fragment")                                      \
	X(FRAG_OVERLAP, "fragment that overlaps another")                      \
	X(PKT_TOO_BIG, "larger than the MTU and may not be fragmented")        \
	X(OTHERHOST, "for another host")                                       \
	X(UNHANDLED_PROTO, "no handler for this link-layer protocol")          \
	X(SOCKET_FILTER, "refused by the socket's filter")                     \
	X(SOCKET_RCVBUFF, "receive buffer of the socket is full")              \
	X(SOCKET_BACKLOG, "backlog of the socket is full")                     \
	X(PROTO_MEM, "memory of the protocol is used up")                      \
	X(NOMEM, "no memory")                                                  \
	X(DEV_DOWN, "device is down")                                          \
	X(BACKLOG_FULL, "input queue of the host is full")                     \
	X(QDISC_DROP, "queue of the device is full")                           \
	X(NETEM_LOSS, "link emulation: loss")                                  \
	X(NEIGH_FAILED, "no answer to address resolution")                     \
	X(ICMP_IGNORED, "ICMP message that is not answered or heeded")         \
	X(TCP_FLAGS, "TCP flags not acceptable in this state")                 \
	X(TCP_ZEROWINDOW, "receive window closed")                             \
	X(TCP_OLD_DATA, "TCP data already received")                           \
	X(TCP_OVERWINDOW, "TCP data beyond the window")                        \
	X(TCP_OFOMERGE, "TCP data already queued out of order")                \
	X(TCP_OFO_QUEUE_PRUNE, "out of order data given up for lack of memory")\
	X(TCP_PAWS, "TCP timestamp too old (RFC 7323 PAWS)")                   \
	X(TCP_PAWS_ACK, "TCP ACK that another overtook (RFC 7323 PAWS)")       \
	X(TCP_INVALID_SEQUENCE, "TCP sequence number outside the window")      \
	X(TCP_INVALID_END_SEQUENCE, "TCP data ends beyond the window")         \
	X(TCP_INVALID_ACK, "TCP acknowledgment outside what was sent")         \
	X(TCP_OLD_ACK, "TCP acknowledgment already seen")                      \
	X(TCP_ACK_UNSENT_DATA, "TCP acknowledges data never sent")             \
	X(TCP_INVALID_SYN, "TCP SYN in a synchronised state")                  \
	X(TCP_RESET, "TCP RST received")                                       \
	X(TCP_CLOSE, "TCP socket is closed")                                   \
	X(TCP_LISTEN_OVERFLOW, "accept queue is full")                         \
	X(TCP_REQQ_FULL, "SYN queue is full")                                  \
	X(TCP_ABORT_ON_DATA, "TCP data after close")                           \
	X(TCP_MINTTL, "below the minimum TTL (IP_MINTTL)")                     \
	X(SOCKET_CLOSE, "still queued when its socket was closed")             \
	X(DEV_CLOSE, "still queued when its device went")

enum skb_drop_reason {
	SKB_CONSUMED, /* not a drop: used up */
#define X(name, text) SKB_DROP_REASON_##name,
	SKB_DROP_REASONS(X)
#undef X
	SKB_DROP_REASON_MAX,
};

/* Name ("NO_SOCKET") and text of a reason; out of range gives "?". */
const char *drop_reason_name(unsigned int reason);
const char *drop_reason_text(unsigned int reason);

#endif
