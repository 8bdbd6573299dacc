/* SPDX-License-Identifier: MIT */
/*
 * The IPv4 state of a host: settings (names as in /proc/sys/net/ipv4) and
 * tables.
 */
#ifndef NET_IPV4_NETNS_H
#define NET_IPV4_NETNS_H

#include "kernel/timer.h"
#include "lib/siphash.h"
#include "lib/types.h"
#include "net/ipv4/devconf.h"
#include "net/ipv4/tcp_fastopen.h"

#define TCP_PARK_MODELS 8

struct fib_table;
struct inet_hashinfo;
struct ping_table;
struct raw_hashinfo;
struct rt_cache;
struct tcp_congestion_ops;
struct udp_table;

struct netns_ipv4 {
	/* routing: net/ipv4/fib_frontend.c, route.c */
	struct fib_state *fib;
	struct rt_cache *rt;
	u32 rt_genid;
	/* sockets by protocol */
	struct inet_hashinfo *tcp_hash;
	struct udp_table *udp;
	struct raw_hashinfo *raw;
	struct ping_table *ping;
	struct ipfrag_state *frags;
	struct icmp_state *icmp;

	/* ip */
	struct ipv4_devconf devconf_all, devconf_dflt;
	int sysctl_ip_default_ttl; /* 64 */
	int sysctl_ip_nonlocal_bind;
	int sysctl_ip_no_pmtu_disc;
	int sysctl_ip_local_port_range[2]; /* 32768 60999 */
	int sysctl_ip_prot_sock; /* ip_unprivileged_port_start: 1024 */
	int sysctl_ping_group_range[2]; /* 0 2147483647 here: 1 0 on Linux */
	int sysctl_icmp_echo_ignore_all;
	int sysctl_icmp_echo_ignore_broadcasts; /* 1 */
	int sysctl_icmp_ratelimit; /* ms, 1000 */
	int sysctl_icmp_ratemask; /* 6168 */
	int sysctl_udp_rmem_min, sysctl_udp_wmem_min;
	int sysctl_igmp_max_memberships;
	int sysctl_igmp_max_msf;
	u32 ip_id_key;

	/* tcp: net/ipv4/tcp.h documents units */
	int sysctl_tcp_rmem[3], sysctl_tcp_wmem[3];
	long sysctl_tcp_mem[3]; /* pages */
	long tcp_memory_allocated;
	unsigned long tcp_memory_pressure; /* jiffies: since when; 0: none */
	/* idle connections: tcp_park.c */
	struct net *net;
	struct tcp_sock *tcp_park_models[TCP_PARK_MODELS]; /* idle sockets */
	struct timer_list tcp_park_timer;
	unsigned int tcp_parked, tcp_park_left, tcp_park_vain;
	int tcp_orphan_count, tcp_tw_count, tcp_sockets_allocated;
	int sysctl_tcp_syn_retries, sysctl_tcp_synack_retries;
	int sysctl_tcp_retries1, sysctl_tcp_retries2, sysctl_tcp_orphan_retries;
	int sysctl_tcp_rto_min_us, sysctl_tcp_rto_max_ms;
	int sysctl_tcp_keepalive_time, sysctl_tcp_keepalive_intvl;
	int sysctl_tcp_keepalive_probes;
	int sysctl_tcp_fin_timeout, sysctl_tcp_max_tw_buckets;
	int sysctl_tcp_max_syn_backlog, sysctl_tcp_max_orphans;
	int sysctl_tcp_abort_on_overflow, sysctl_tcp_syncookies;
	int sysctl_tcp_tw_reuse, sysctl_tcp_rfc1337;
	int sysctl_tcp_timestamps, sysctl_tcp_window_scaling, sysctl_tcp_sack;
	int sysctl_tcp_dsack, sysctl_tcp_ecn, sysctl_tcp_fastopen;
	int sysctl_tcp_slow_start_after_idle, sysctl_tcp_no_metrics_save;
	int sysctl_tcp_moderate_rcvbuf, sysctl_tcp_adv_win_scale;
	int sysctl_tcp_challenge_ack_limit, sysctl_tcp_mtu_probing;
	int sysctl_tcp_base_mss, sysctl_tcp_min_snd_mss;
	int sysctl_tcp_probe_interval, sysctl_tcp_probe_threshold;
	int sysctl_tcp_mtu_probe_floor;
	int sysctl_tcp_notsent_lowat, sysctl_tcp_limit_output_bytes;
	int sysctl_tcp_autocorking, sysctl_tcp_reordering;
	int sysctl_tcp_max_reordering, sysctl_tcp_recovery, sysctl_tcp_frto;
	int sysctl_tcp_early_retrans, sysctl_tcp_thin_linear_timeouts;
	int sysctl_tcp_stdurg, sysctl_tcp_retrans_collapse;
	int sysctl_tcp_invalid_ratelimit, sysctl_tcp_min_rtt_wlen;
	int sysctl_tcp_pacing_ss_ratio, sysctl_tcp_pacing_ca_ratio;
	int sysctl_tcp_comp_sack_delay_ns, sysctl_tcp_comp_sack_nr;
	int sysctl_tcp_min_tso_segs, sysctl_tcp_tso_rtt_log;
	int sysctl_tcp_app_win;
	const struct tcp_congestion_ops *tcp_congestion_control;
	siphash_key_t tcp_secret; /* ISNs, RFC 6528 */
	siphash_key_t tcp_ts_secret; /* time stamp offsets */
	siphash_key_t tcp_cookie_secret[2]; /* SYN cookies */
	struct tcp_fastopen_context tcp_fastopen_ctx; /* tcp_fastopen_key */
	int sysctl_tcp_fastopen_blackhole_timeout;
	u32 tfo_active_disable_times;
	unsigned long tfo_active_disable_stamp; /* jiffies */
	struct tcp_metrics_table *tcp_metrics; /* NULL: nothing known */
	int sysctl_tcp_no_ssthresh_metrics_save;
	u32 tcp_challenge_timestamp, tcp_challenge_count;
};

#endif
