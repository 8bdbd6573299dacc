/* SPDX-License-Identifier: MIT */
/*
 * The protocol's side of a socket, and what all protocols share: buffers and
 * their accounting, options of SOL_SOCKET, wake-ups, the socket "lock".
 *
 * There is one thread, so no real lock: lock_sock() says that a task is in the
 * middle of changing the socket, so that packets which arrive meanwhile (they
 * do: the loopback delivers within the sender's call) wait in the backlog
 * until release_sock(). A task never sleeps with the socket locked.
 *
 * Lifetime: counted. The socket (file) holds one reference, each armed timer
 * one, each hash table one where the family says so. sk_alloc() gives the
 * first; the last sock_put() destroys. SOCK_DEAD says that no file is left.
 */
#ifndef NET_CORE_SOCK_H
#define NET_CORE_SOCK_H

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "kernel/timer.h"
#include "kernel/wait.h"
#include "net/core/net_namespace.h"
#include "net/core/skbuff.h"
#include "net/core/tcp_states.h"
#include "net/net.h"
#include "trace/trace.h"
#include "uapi/socket.h"

struct dst_entry;
struct proto;
struct sk_filter;
struct sk_mem_pool;

enum sock_flags {
	SOCK_DEAD,
	SOCK_DONE,
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
	SOCK_DESTROY,
	SOCK_BROADCAST,
	SOCK_TIMESTAMP,
	SOCK_RCVTSTAMP,
	SOCK_RCVTSTAMPNS,
	SOCK_TSTAMP_NEW,
	SOCK_LOCALROUTE,
	SOCK_DBG,
	SOCK_RXQ_OVFL,
	SOCK_FASYNC,
	SOCK_SELECT_ERR_QUEUE,
	SOCK_FILTER_LOCKED,
	SOCK_NOFCS,
	SOCK_WIFI_STATUS,
	SOCK_ZEROCOPY,
	SOCK_RCVMARK,
	SOCK_RCVPRIORITY,
	SOCK_TIMESTAMPING_RX, /* SO_TIMESTAMPING wants receive stamps */
	SOCK_TXTIME,
	SOCK_PREFER_BUSY_POLL,
};

#define SK_CAN_REUSE 1
#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define SOCK_BINDADDR_LOCK 4
#define SOCK_BINDPORT_LOCK 8

#define RCV_SHUTDOWN 1
#define SEND_SHUTDOWN 2
#define SHUTDOWN_MASK 3

/* sk_pacing_status: must the protocol itself pace? */
#define SK_PACING_NONE 0
#define SK_PACING_NEEDED 1

#define SOCK_MIN_RCVBUF 2304
#define SOCK_MIN_SNDBUF 4608

struct sock {
	/* Identity, first so that lookups touch one cache line. */
	struct hlist_node sk_node; /* in a table of bound or connected ones */
	struct hlist_node sk_bind_node; /* in the owners of a port */
	__be32 sk_daddr, sk_rcv_saddr;
	u16 sk_num; /* local port, host order */
	__be16 sk_dport;
	u16 sk_family;
	u8 sk_state; /* TCP_ESTABLISHED...: also used by UDP and raw */
	u8 sk_reuse:4, sk_reuseport:1;
	int sk_bound_dev_if;
	u32 sk_hash;
	struct net *sk_net;

	/* What every call and every packet asks for. */
	struct proto *sk_prot;
	struct socket *sk_socket; /* NULL once orphaned */
	struct wait_queue_head *sk_wq; /* &sk_socket->wq or NULL */
	unsigned int sk_refcnt;
	bool sk_lock_owned;
	u8 sk_shutdown;
	u8 sk_pacing_status; /* SK_PACING_* */
	u8 sk_userlocks;
	unsigned long sk_flags; /* BIT(enum sock_flags) */
	int sk_err; /* positive errno, told once (sock_error) */
	int sk_err_soft; /* told only when the connection ends by it */
	struct {
		struct sk_buff *head, *tail;
	} sk_backlog;
	struct sock_reuseport *sk_reuseport_cb; /* its group, or NULL */

	/* Receiving. Sizes are bytes of truesize. */
	struct sk_buff_head sk_receive_queue;
	int sk_rmem_alloc, sk_rcvbuf;
	int sk_rcvlowat;
	int sk_forward_alloc; /* reserved from the protocol's pool, unused */
	void (*sk_data_ready)(struct sock *sk);
	struct sk_filter *sk_filter;

	/* Sending. */
	struct sk_buff_head sk_write_queue; /* not sent yet */
	int sk_wmem_alloc; /* held by packets below us */
	int sk_wmem_queued; /* TCP: all that waits or is unacknowledged */
	int sk_sndbuf;
	u32 sk_frag_off;
	struct frag_buf *sk_frag; /* open payload buffer, or NULL */
	struct dst_entry *sk_dst_cache;
	u32 sk_priority, sk_mark;
	void (*sk_write_space)(struct sock *sk);
	u64 sk_max_pacing_rate, sk_pacing_rate; /* bytes a second, ~0: none */

	/* Options, errors, and what happens seldom. */
	u16 sk_type, sk_protocol;
	u8 sk_no_check_tx:1, sk_no_check_rx:1;
	u8 sk_txrehash; /* SO_TXREHASH */
	u16 sk_write_pending; /* calls that wait to connect, and then write */
	u64 sk_id; /* sN in a trace, and SO_COOKIE */
	long sk_rcvtimeo, sk_sndtimeo; /* jiffies */
	unsigned long sk_lingertime; /* jiffies */
	struct sk_buff_head sk_error_queue;
	unsigned int sk_drops;
	u32 sk_ack_backlog, sk_max_ack_backlog;
	u32 sk_uid;
	u64 sk_stamp; /* ns, of the last packet handed to the program */
	u32 sk_tsflags;
	u32 sk_tskey;
	s32 sk_clockid; /* SO_TXTIME */
	int sk_backlog_len; /* bytes of truesize */
	int sk_peek_off;
	u32 sk_ll_usec;
	int sk_incoming_cpu;
	u16 sk_busy_poll_budget;
	u8 sk_txtime_flags;

	struct timer_list sk_timer; /* keepalive, or the family's */
	struct list_head sk_all; /* net.socks */

	/* How the protocol tells the program. */
	void (*sk_state_change)(struct sock *sk);
	void (*sk_error_report)(struct sock *sk);
	int (*sk_backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*sk_destruct)(struct sock *sk);
};

struct inet_hashinfo;
struct proto_usage;
struct flowi4;

/* A protocol: what proto_ops of its family call. */
struct proto {
	const char *name; /* "TCP" */
	unsigned int obj_size; /* of its struct xxx_sock */
	void (*close)(struct sock *sk, long timeout);
	int (*pre_connect)(struct sock *sk, struct sockaddr *a, int len);
	int (*connect)(struct sock *sk, struct sockaddr *a, int len);
	int (*disconnect)(struct sock *sk, int flags);
	struct sock *(*accept)(struct sock *sk, int flags, int *ret_err,
			       bool kern);
	int (*ioctl)(struct sock *sk, int cmd, int *karg);
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*setsockopt)(struct sock *sk, int level, int name, sockptr_t val,
			  unsigned int len);
	int (*getsockopt)(struct sock *sk, int level, int name,
			  char __user *val, int __user *len);
	void (*keepalive)(struct sock *sk, int on);
	int (*sendmsg)(struct sock *sk, struct msghdr *m, size_t len);
	int (*recvmsg)(struct sock *sk, struct msghdr *m, size_t len, int flags,
		       int *addr_len);
	int (*bind)(struct sock *sk, struct sockaddr *a, int len);
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*release_cb)(struct sock *sk);
	int (*hash)(struct sock *sk);
	void (*unhash)(struct sock *sk);
	int (*get_port)(struct sock *sk, unsigned short snum);
	void (*put_port)(struct sock *sk);
	bool (*stream_memory_free)(const struct sock *sk);
	int (*diag_destroy)(struct sock *sk, int err);
	/*
	 * What stamps of a connected stream count their bytes from: what is
	 * written, or what is acknowledged next. NULL: packets are counted.
	 */
	u32 (*tskey_base)(const struct sock *sk, bool write);
	/*
	 * What a connection tells of itself with a stamp of @skb, as attributes
	 * (SOF_TIMESTAMPING_OPT_STATS). NULL: no memory.
	 */
	struct sk_buff *(*tstamp_stats)(struct sock *sk,
					const struct sk_buff *skb,
					const struct sk_buff *ack);
	bool no_autobind;
	/*
	 * Memory of all its sockets on @sk's host; NULL: unlimited. Fills in
	 * *ret.
	 */
	void (*mem_pool)(const struct sock *sk, struct sk_mem_pool *ret);
	/* Of those with a pool that knows pressure: it begins, it is over. */
	void (*enter_memory_pressure)(struct sock *sk);
	void (*leave_memory_pressure)(struct sock *sk);
	/* Of those with a pool: what /proc/net/protocols tells. */
	void (*usage)(struct net *net, struct proto_usage *ret);
};
/* Rows of /proc/net/protocols, by their owners. */
extern struct proto tcp_prot, udp_prot, raw_prot, ping_prot, netlink_proto,
	packet_proto;

struct proto_usage {
	int sockets;
	long memory; /* pages, -1: not counted */
	bool pressure;
};

/* A protocol's memory on one host, in pages of 4096 bytes. */
struct sk_mem_pool {
	long *allocated;
	const long *limit; /* [3]: low, pressure, high */
	const unsigned long *pressure; /* jiffies: since when; 0: none */
	int min_rmem, min_wmem; /* bytes a socket gets whatever the pool says */
	int nr_sockets;
};

static inline bool sock_flag(const struct sock *sk, enum sock_flags f)
{
	return sk->sk_flags & BIT(f);
}
static inline void sock_set_flag(struct sock *sk, enum sock_flags f)
{
	sk->sk_flags |= BIT(f);
}
static inline void sock_reset_flag(struct sock *sk, enum sock_flags f)
{
	sk->sk_flags &= ~BIT(f);
}
static inline void sock_valbool_flag(struct sock *sk, enum sock_flags f, int v)
{
	if (v)
		sock_set_flag(sk, f);
	else
		sock_reset_flag(sk, f);
}
static inline struct net *sock_net(const struct sock *sk)
{
	return sk->sk_net;
}

/* Life. */
struct sock *sk_alloc(struct net *net, int family, struct proto *prot,
		      int kern);
void sk_free(struct sock *sk);
void sock_init_data(struct socket *sock, struct sock *sk);
/* Queues and backlog: empty. */
void sock_init_queues(struct sock *sk);
/* A copy of a listener for a connection: locked, counted once, no socket. */
struct sock *sk_clone_lock(const struct sock *sk);
static inline void sock_hold(struct sock *sk)
{
	sk->sk_refcnt++;
}
void sock_put(struct sock *sk);
/* The file is gone: no more wake-ups, no socket. */
void sock_orphan(struct sock *sk);
/* Join @sk to the socket of a new file. */
void sock_graft(struct sock *sk, struct socket *parent);
void sk_common_release(struct sock *sk);

/* The "lock" (see above). */
void lock_sock(struct sock *sk);
void release_sock(struct sock *sk);
static inline bool sock_owned_by_user(const struct sock *sk)
{
	return sk->sk_lock_owned;
}
/* 0, or -ENOBUFS when @limit bytes wait already (then @skb is the caller's). */
int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit);

/* Wake-ups: the defaults of the function pointers above. */
void sock_def_wakeup(struct sock *sk);
void sock_def_readable(struct sock *sk);
void sock_def_write_space(struct sock *sk);
void sock_def_destruct(struct sock *sk);
void sock_def_error_report(struct sock *sk);
void sk_stream_write_space(struct sock *sk);
void sk_send_sigurg(struct sock *sk);
/* SIGIO to those who asked: @how SOCK_WAKE_*, @band POLL_IN etc. */
enum { SOCK_WAKE_IO, SOCK_WAKE_WAITD, SOCK_WAKE_SPACE, SOCK_WAKE_URG };
void sk_wake_async(struct sock *sk, int how, int band);
/* Number of the inode of its file, 0: no file. */
u64 sock_i_ino(const struct sock *sk);
static inline struct wait_queue_head *sk_sleep(struct sock *sk)
{
	return sk->sk_wq;
}

/* For the trace: the call at hand is about @sock. */
static inline void sock_use(const struct socket *sock)
{
	if (unlikely(trace_active) && sock->sk)
		trace_record(TRACE_SOCK_USE, sock->sk->sk_id, 0, 0, 0, NULL,
			     NULL);
}

/* Errors. */
/* @err (positive) is for the next call on @sk; @why as in fail(). */
#define sk_set_err(sk, err, why)                                              \
	do {                                                                  \
		struct sock *sk_ = (sk);                                      \
									      \
		sk_->sk_err = (err);                                          \
		if (unlikely(trace_active))                                   \
			trace_record(TRACE_FAIL, (u64)(s64)-sk_->sk_err,      \
				     sk_->sk_id, 0, 0, why, __func__);        \
	} while (0)
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	sk->sk_err = 0;
	return -err;
}
/* -ERESTARTSYS, or -EINTR when there is a timeout. */
int sock_intr_errno(long timeo);
static inline long sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_rcvtimeo;
}
static inline long sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_sndtimeo;
}
static inline int sock_rcvlowat(const struct sock *sk, int waitall, int len)
{
	int v = waitall ? len : min_t(int, sk->sk_rcvlowat, len);

	return v ? v : 1;
}

/* Accounting of received packets. */
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk);
void sock_rfree(struct sk_buff *skb);
/* Queue on the receive queue: filter, limits, wake-up. Owns @skb on success. */
int sock_queue_rcv_skb_reason(struct sock *sk, struct sk_buff *skb,
			      enum skb_drop_reason *ret_reason);
int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb);
/* The oldest one, taken off, or NULL; sk_err becomes that of the next. */
struct sk_buff *sock_dequeue_err_skb(struct sock *sk);
/* The program has @skb's message; should its call be void it gets it again. */
void sock_err_skb_given(struct sock *sk, struct sk_buff *skb);

/*
 * Accounting of packets sent: sk_wmem_alloc counts their truesize, nothing
 * else (no bias of 1 as on Linux). Each charged packet holds a reference on
 * the socket; a destructor of the family's own must drop it.
 */
static inline int sk_wmem_alloc_get(const struct sock *sk)
{
	return sk->sk_wmem_alloc;
}
static inline int sk_rmem_alloc_get(const struct sock *sk)
{
	return sk->sk_rmem_alloc;
}
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk);
void sock_wfree(struct sk_buff *skb);
/* Wait for room, allocate, charge. NULL with *ret_err negative. */
struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size,
				    int noblock, int *ret_err);
struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force);
static inline bool sock_writeable(const struct sock *sk)
{
	return sk->sk_wmem_alloc < (sk->sk_sndbuf >> 1);
}

/* Protocol memory pools (tcp_mem). True when the charge was granted. */
bool sk_wmem_schedule(struct sock *sk, int size);
bool sk_rmem_schedule(struct sock *sk, struct sk_buff *skb, int size);
void sk_mem_charge(struct sock *sk, int size);
void sk_mem_uncharge(struct sock *sk, int size);
void sk_mem_reclaim(struct sock *sk);
void sk_stream_moderate_sndbuf(struct sock *sk);
void sk_forced_mem_schedule(struct sock *sk, int size);
void sk_alloc_failed(struct sock *sk);
bool sk_under_memory_pressure(const struct sock *sk);

/* Streams: net/core/stream.c. */
static inline int sk_stream_min_wspace(const struct sock *sk)
{
	return sk->sk_wmem_queued >> 1;
}
static inline int sk_stream_wspace(const struct sock *sk)
{
	return sk->sk_sndbuf - sk->sk_wmem_queued;
}
bool sk_stream_memory_free(const struct sock *sk);
bool sk_stream_is_writeable(const struct sock *sk);
int sk_stream_wait_connect(struct sock *sk, long *timeo);
int sk_stream_wait_memory(struct sock *sk, long *timeo);
void sk_stream_wait_close(struct sock *sk, long timeout);
int sk_stream_error(struct sock *sk, int flags, int err);
void sk_stream_kill_queues(struct sock *sk);
/* Wait for data on the receive queue beyond @skb. Lock held, released inside.
 */
int sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *skb);
/*
 * The open payload buffer with at least one free byte, and not a small one for
 * much (@want bytes to come); false: no memory.
 */
bool sk_page_frag_refill(struct sock *sk, size_t want);

/* Datagrams: net/core/datagram.c. */
/*
 * The next datagram: with MSG_PEEK a reference, else taken off the queue, to
 * be put back by skb_settle_datagram() when the call turns out to be void.
 */
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags,
				  int *ret_err);
/*
 * The same with SO_PEEK_OFF: *off is the offset to peek at (sk_peek_offset),
 * and becomes the offset into the datagram returned.
 */
struct sk_buff *__skb_recv_datagram(struct sock *sk, unsigned int flags,
				    int *off, int *ret_err);
int sk_peek_offset(const struct sock *sk, unsigned int flags);
void sk_peek_offset_fwd(struct sock *sk, int n);
void sk_peek_offset_bwd(struct sock *sk, int n);
int skb_copy_datagram_msg(const struct sk_buff *skb, int off, struct msghdr *m,
			  int len);
/* The call has copied @skb out: consume it, or put it back, on settling. */
void skb_settle_datagram(struct sock *sk, struct sk_buff *skb, int flags);
/* A datagram that must go although the call goes on (checksum wrong). */
void skb_kill_datagram(struct sock *sk, struct sk_buff *skb,
		       enum skb_drop_reason reason);
u32 datagram_poll(struct file *f, struct socket *sock);

/* Filters: net/core/filter.c. 0, or -EPERM: drop. Trims the packet. */
int sk_filter(struct sock *sk, struct sk_buff *skb);
/* The same; @cap bytes (of headers) stay in any case. */
int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned int cap);

/* Options of SOL_SOCKET. */
int sock_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		    unsigned int len);
int sock_getsockopt(struct socket *sock, int level, int name, char __user *val,
		    int __user *len);
int sock_common_setsockopt(struct socket *sock, int level, int name,
			   sockptr_t val, unsigned int len);
int sock_common_getsockopt(struct socket *sock, int level, int name,
			   char __user *val, int __user *len);
int sock_gettstamp(struct socket *sock, void __user *to, bool timeval,
		   bool time32);
/* Control messages every protocol gives: time stamps, drop count, mark. */
void sock_recv_cmsgs(struct msghdr *m, struct sock *sk, struct sk_buff *skb);
/* Only the stamp: what a message of the error queue has. */
void sock_recv_timestamp(struct msghdr *m, struct sock *sk,
			 struct sk_buff *skb);
/* MSG_ERRQUEUE. */
int sock_recv_errqueue(struct sock *sk, struct msghdr *m, int len, int level,
		       int type);

struct sockcm_cookie {
	u64 transmit_time;
	u32 mark, tsflags, priority;
	u32 ts_opt_id; /* SCM_TS_OPT_ID, in place of the socket's count */
	bool has_ts_opt_id;
};
int sock_cmsg_send(struct sock *sk, struct msghdr *m,
		   struct sockcm_cookie *sockc);

/* Time stamps are taken on the host while a socket wants them. */
void sock_enable_timestamp(struct sock *sk, enum sock_flags flag);
void sock_disable_timestamp(struct sock *sk);

/* The option values that tell how much memory: SK_MEMINFO_*. */
void sk_get_meminfo(const struct sock *sk, u32 *ret_mem);
u64 sock_gen_cookie(struct sock *sk);

/* Filters of SOL_SOCKET: net/core/filter.c. */
int sk_attach_filter(struct sock *sk, sockptr_t val, unsigned int len);
int sk_detach_filter(struct sock *sk);
int sk_reuseport_attach_filter(struct sock *sk, sockptr_t val,
			       unsigned int len);
int sk_get_filter(struct sock *sk, char __user *val, int len);
void sk_filter_get(struct sk_filter *f);
void sk_filter_put(struct sk_filter *f);

/* State changes go through here: they are seen in a trace. */
void sk_set_state_traced(struct sock *sk, int state);

#endif
