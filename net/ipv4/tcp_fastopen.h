/* SPDX-License-Identifier: MIT */
/*
 * TCP Fast Open (RFC 7413). The server's side is tcp_fastopen.c: cookies, the
 * listener's queue, children that live before their handshake is over
 * (fastopen_rsk). The client's is tcp_fastopen_client.c: data in the SYN, out
 * of a sendmsg() that connects (fastopen_req).
 */
#ifndef NET_IPV4_TCP_FASTOPEN_H
#define NET_IPV4_TCP_FASTOPEN_H

#include "lib/list.h"
#include "lib/siphash.h"
#include "net/ipv4/tcp_metrics.h"
#include "net/net.h"

/* sysctl tcp_fastopen */
#define TFO_CLIENT_ENABLE 1
#define TFO_SERVER_ENABLE 2
#define TFO_CLIENT_NO_COOKIE 4
#define TFO_SERVER_COOKIE_NOT_REQD 0x200
#define TFO_SERVER_WO_SOCKOPT1 0x400

#define TCP_FASTOPEN_KEY_LEN 16
#define TCP_FASTOPEN_KEY_MAX 2

/* Keys: the first makes cookies, any accepts them. */
struct tcp_fastopen_context {
	siphash_key_t key[TCP_FASTOPEN_KEY_MAX];
	int num;
};

/* TCP_FASTOPEN of a listener; made by setting one of its options. */
struct fastopen_queue {
	int max_qlen; /* 0: off */
	int qlen; /* children whose handshake is not over, and rst */
	struct list_head rst; /* requests whose child was reset lately */
	struct tcp_fastopen_context ctx; /* num 0: the host's */
};

/* A sendmsg() that connects. */
struct tcp_fastopen_request {
	struct tcp_fastopen_cookie cookie; /* of the SYN; len < 0: none */
	struct msghdr *data; /* NULL: all of it is in the SYN */
	size_t size;
	int copied; /* bytes in the SYN */
};

struct net;
struct request_sock;
struct sk_buff;
struct sock;

/* Options. */
struct fastopen_queue *tcp_fastopen_queue(struct sock *sk);
void tcp_fastopen_queue_free(struct sock *sk);
int tcp_fastopen_set_key(struct sock *sk, const u8 *key, unsigned int len);
unsigned int tcp_fastopen_get_key(const struct sock *sk, u8 *key);

/* Server. */
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb,
			      struct request_sock *req,
			      struct tcp_fastopen_cookie *foc);
/* Of @child: its handshake is over, or it is; @reset: by a RST. */
void reqsk_fastopen_remove(struct sock *child, bool reset);
void tcp_fastopen_synack_timer(struct sock *child);

/* Both: the data of a SYN or SYN-ACK goes to the receive queue. */
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb);
/* The option of @skb, a SYN; ret->len < 0: none that makes sense. */
void tcp_parse_fastopen(const struct sk_buff *skb,
			struct tcp_fastopen_cookie *ret);
bool tcp_fastopen_no_cookie(const struct sock *sk, int flag);

/* Client. */
bool tcp_fastopen_defer_connect(struct sock *sk, int *ret_err);
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn);
/* True: what the SYN carried was not taken, and was sent again. */
bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
			     struct tcp_fastopen_cookie *foc);
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *m, int *ret_copied);
void tcp_free_fastopen_req(struct sock *sk);
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired);
void tcp_fastopen_active_disable(struct sock *sk);

#endif
