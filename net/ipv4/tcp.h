/* SPDX-License-Identifier: MIT */
/*
 * TCP (RFC 9293).
 *
 * Life of data, sending: tcp_sendmsg() copies into fragments of skbs on
 * sk_write_queue; tcp_write_xmit() cuts them to what windows allow and gives
 * clones to ip_queue_xmit() (tcp_transmit_skb); what was sent waits on
 * tcp_rtx_queue until tcp_ack() sees it acknowledged. Receiving: tcp_v4_rcv()
 * finds the socket; tcp_rcv_established() or tcp_rcv_state_process() check and
 * acknowledge; tcp_data_queue() queues in order or out of order; tcp_recvmsg()
 * copies out.
 *
 *
 * Congestion control is a table (tcp_cong.c); what is lost is decided by RACK
 * (tcp_recovery.c) on connections with SACK and by duplicate ACKs on others.
 *
 * Where to look: tcp_proto.h (the protocol's constants), tcp_sock.h (state of a
 * connection), tcp_skb.h (of a segment), tcp_input.h, tcp_ack.h, tcp_output.h,
 * tcp_options.h, tcp_timer.h, tcp_cong.h. Here: the calls of a socket, and
 * connections as they begin and end. tcp.h includes all of them.
 */
#ifndef NET_IPV4_TCP_H
#define NET_IPV4_TCP_H

#include "net/ipv4/inet_timewait.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/tcp_ack.h"
#include "net/ipv4/tcp_cong.h"
#include "net/ipv4/tcp_fastopen.h"
#include "net/ipv4/tcp_input.h"
#include "net/ipv4/tcp_options.h"
#include "net/ipv4/tcp_output.h"
#include "net/ipv4/tcp_sock.h"
#include "net/ipv4/tcp_timer.h"
#include "uapi/tcp.h"
#include <linux/tcp.h>

/* tcp.c, tcp_recvmsg.c, tcp_sendmsg.c, tcp_close.c */
int tcp_init_sock(struct sock *sk);
void tcp_set_state(struct sock *sk, int state);
void tcp_init_buffer_space(struct sock *sk);
int tcp_sendmsg(struct sock *sk, struct msghdr *m, size_t size);
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *m, size_t size);
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle,
	      int size_goal);
int tcp_send_mss(struct sock *sk, int *ret_size_goal, int flags);
int tcp_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len);
void tcp_cleanup_rbuf(struct sock *sk, int copied);
u32 tcp_poll(struct file *f, struct socket *sock);
int tcp_ioctl(struct sock *sk, int cmd, int *karg);
int tcp_inq(struct sock *sk);
void tcp_close(struct sock *sk, long timeout);
void __tcp_close(struct sock *sk, long timeout);
void tcp_shutdown(struct sock *sk, int how);
int tcp_disconnect(struct sock *sk, int flags);
int tcp_abort(struct sock *sk, int err);
void tcp_done(struct sock *sk);
void tcp_reset(struct sock *sk, struct sk_buff *skb);
void tcp_write_queue_purge(struct sock *sk);
bool tcp_check_oom(struct sock *sk, int shift);
bool tcp_stream_memory_free(const struct sock *sk);
int tcp_set_rcvlowat(struct sock *sk, int val);
int tcp_net_init(struct net *net);
void tcp_net_exit(struct net *net);
extern const struct pernet_operations tcp_net_ops;

/* tcp_sockopt.c, tcp_info.c */
int tcp_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
		   unsigned int len);
int tcp_getsockopt(struct sock *sk, int level, int name, char __user *val,
		   int __user *len);
void tcp_get_info(struct sock *sk, struct tcp_info *info);
/* tcp_stats.c: struct proto.tstamp_stats */
struct sk_buff *tcp_tstamp_stats(struct sock *sk, const struct sk_buff *skb,
				 const struct sk_buff *ack);
void tcp_get_info_tail(const struct sock *sk, struct tcp_info_tail *t);
/*
 * The timer that runs, as /proc/net/tcp and sock_diag number them (1 repeat,
 * 2 keep-alive, 4 window probe, 0 none), and when it is due: proc_sock.c.
 */
int tcp_timer_active(const struct sock *sk, unsigned long *ret_expires);
void __tcp_sock_set_cork(struct sock *sk, bool on);
void __tcp_sock_set_nodelay(struct sock *sk, bool on);
void tcp_set_keepalive(struct sock *sk, int val);
int tcp_set_window_clamp(struct sock *sk, int val);
void tcp_chrono_start(struct sock *sk, enum tcp_chrono type);
void tcp_chrono_stop(struct sock *sk, enum tcp_chrono type);

/* tcp_ipv4.c */
int tcp_v4_init_sock(struct sock *sk);
void tcp_v4_destroy_sock(struct sock *sk);
int tcp_v4_connect(struct sock *sk, struct sockaddr *a, int len);
int tcp_v4_pre_connect(struct sock *sk, struct sockaddr *a, int len);
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v4_err(struct sk_buff *skb, u32 info);
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
void tcp_v4_mtu_reduced(struct sock *sk, u32 mtu);
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
enum skb_drop_reason tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb);
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst,
		       struct request_sock *req,
		       const struct tcp_fastopen_cookie *foc);
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req);
struct sock *tcp_v4_syn_recv_sock(struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req);
void tcp_v4_send_ack(struct net *net, struct sk_buff *skb, u32 seq, u32 ack,
		     u32 win, u32 tsval, u32 tsecr, int oif, u8 tos, u32 mark);
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb,
		     enum skb_drop_reason *ret_reason);
int tcp_twsk_unique(struct sock *sk, struct sock *sktw, bool bound);
u32 secure_tcp_seq(struct net *net, __be32 saddr, __be32 daddr, __be16 sport,
		   __be16 dport);
u32 secure_tcp_ts_off(struct net *net, __be32 saddr, __be32 daddr);

/* tcp_syncookies.c */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb,
			    u16 *mss);
u32 cookie_init_timestamp(const struct request_sock *req, u64 now_us);
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb);

/* tcp_conn_request.c */
void tcp_listendrop(struct sock *sk);
enum skb_drop_reason tcp_conn_request(struct sock *sk, struct sk_buff *skb);

/* tcp_minisocks.c */
enum tcp_tw_status { TCP_TW_SUCCESS, TCP_TW_RST, TCP_TW_ACK, TCP_TW_SYN };
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw,
					      struct sk_buff *skb,
					      const struct tcphdr *th,
					      u32 *ret_isn);
void tcp_time_wait(struct sock *sk, int state, int timeo);
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req, bool fastopen);
struct sock *tcp_create_openreq_child(const struct sock *sk,
				      struct request_sock *req,
				      struct sk_buff *skb);
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk,
			   const struct dst_entry *dst);
int tcp_child_process(struct sock *parent, struct sock *child,
		      struct sk_buff *skb);
void tcp_ca_openreq_child(struct sock *sk, const struct dst_entry *dst);

/* Memory. */
/* What @sk does not take, for its SO_MEMINFO; a RST or a close is no drop. */
static inline void tcp_drop_reason(struct sock *sk, struct sk_buff *skb,
				   enum skb_drop_reason reason)
{
	sk->sk_drops += max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	kfree_skb_reason(skb, reason);
}

static inline bool tcp_under_memory_pressure(const struct sock *sk)
{
	return sk_under_memory_pressure(sk);
}
/* Is more in use than what nobody minds? Buffers grow no further then. */
static inline bool tcp_memory_above_low(const struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;

	return ipv4->tcp_memory_allocated >= ipv4->sysctl_tcp_mem[0];
}
/* Under pressure a peer is to send a few segments at a time. */
static inline void tcp_adjust_rcv_ssthresh(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);
}

#endif
