/* SPDX-License-Identifier: MIT */
/*
 * TCP's state of a host: the settings of /proc/sys/net/ipv4/tcp_*, with
 * Linux's defaults and its units except where a time is said to be in
 * jiffies, and the secrets.
 */
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"

static void tcp_net_sysctls(struct netns_ipv4 *n)
{
	n->sysctl_tcp_rmem[0] = 4096;
	n->sysctl_tcp_rmem[1] = 131072;
	n->sysctl_tcp_rmem[2] = 6291456;
	n->sysctl_tcp_wmem[0] = 4096;
	n->sysctl_tcp_wmem[1] = 16384;
	n->sysctl_tcp_wmem[2] = 4194304;
	/* Pages: 768 MiB, 1 GiB, 1.5 GiB. */
	n->sysctl_tcp_mem[0] = 196608;
	n->sysctl_tcp_mem[1] = 262144;
	n->sysctl_tcp_mem[2] = 393216;
	n->sysctl_tcp_syn_retries = 6;
	n->sysctl_tcp_synack_retries = 5;
	n->sysctl_tcp_retries1 = 3;
	n->sysctl_tcp_rto_min_us = TCP_RTO_MIN * 1000000 / HZ;
	n->sysctl_tcp_rto_max_ms = TCP_RTO_MAX * 1000 / HZ;
	n->sysctl_tcp_retries2 = 15;
	n->sysctl_tcp_orphan_retries = 0;
	n->sysctl_tcp_keepalive_time = 7200 * HZ; /* jiffies */
	n->sysctl_tcp_keepalive_intvl = 75 * HZ; /* jiffies */
	n->sysctl_tcp_keepalive_probes = 9;
	n->sysctl_tcp_fin_timeout = TCP_FIN_TIMEOUT; /* jiffies */
	n->sysctl_tcp_max_tw_buckets = 131072;
	n->sysctl_tcp_max_syn_backlog = 2048;
	n->sysctl_tcp_max_orphans = 131072;
	n->sysctl_tcp_abort_on_overflow = 0;
	n->sysctl_tcp_syncookies = 1;
	n->sysctl_tcp_tw_reuse = 2; /* for loopback addresses */
	n->sysctl_tcp_rfc1337 = 0;
	n->sysctl_tcp_timestamps = 1;
	n->sysctl_tcp_window_scaling = 1;
	n->sysctl_tcp_sack = 1;
	n->sysctl_tcp_dsack = 1;
	n->sysctl_tcp_ecn = 2; /* when asked, do not ask */
	n->sysctl_tcp_fastopen = 1;
	n->sysctl_tcp_slow_start_after_idle = 1;
	n->sysctl_tcp_fastopen_blackhole_timeout = 0; /* s */
	n->sysctl_tcp_no_metrics_save = 0;
	n->sysctl_tcp_no_ssthresh_metrics_save = 1;
	n->sysctl_tcp_moderate_rcvbuf = 1;
	n->sysctl_tcp_adv_win_scale = 1;
	/* LINUX: per host there is no limit, per socket invalid_ratelimit. */
	n->sysctl_tcp_challenge_ack_limit = 0x7fffffff;
	n->sysctl_tcp_mtu_probing = 0;
	n->sysctl_tcp_base_mss = 1024;
	n->sysctl_tcp_probe_interval = 600; /* s */
	n->sysctl_tcp_probe_threshold = 8;
	n->sysctl_tcp_mtu_probe_floor = 48;
	n->sysctl_tcp_min_snd_mss = 48;
	n->sysctl_tcp_notsent_lowat = -1;
	n->sysctl_tcp_limit_output_bytes = 4194304;
	n->sysctl_tcp_autocorking = 1;
	n->sysctl_tcp_reordering = 3;
	n->sysctl_tcp_max_reordering = 300;
	n->sysctl_tcp_recovery = 1;
	n->sysctl_tcp_frto = 2;
	n->sysctl_tcp_early_retrans = 3;
	n->sysctl_tcp_thin_linear_timeouts = 0;
	n->sysctl_tcp_stdurg = 0;
	n->sysctl_tcp_retrans_collapse = 1;
	n->sysctl_tcp_invalid_ratelimit = HZ / 2; /* jiffies */
	n->sysctl_tcp_min_rtt_wlen = 300; /* s */
	n->sysctl_tcp_pacing_ss_ratio = 200;
	n->sysctl_tcp_pacing_ca_ratio = 120;
	n->sysctl_tcp_min_tso_segs = 2;
	n->sysctl_tcp_comp_sack_delay_ns = NSEC_PER_MSEC;
	n->sysctl_tcp_comp_sack_nr = 44;
	n->sysctl_tcp_tso_rtt_log = 9; /* 2^9 us */
	n->sysctl_tcp_app_win = 31;
}

int tcp_net_init(struct net *net)
{
	struct netns_ipv4 *n = net->ipv4;
	int err = inet_hashinfo_init(net);

	if (err)
		return err;
	tcp_net_sysctls(n);
	tcp_park_net_init(net);
	n->tcp_congestion_control = &cubictcp;
	get_random_bytes(&n->tcp_secret, sizeof(n->tcp_secret));
	get_random_bytes(&n->tcp_ts_secret, sizeof(n->tcp_ts_secret));
	get_random_bytes(n->tcp_cookie_secret, sizeof(n->tcp_cookie_secret));
	get_random_bytes(n->tcp_fastopen_ctx.key, sizeof(siphash_key_t));
	n->tcp_fastopen_ctx.num = 1;
	/* RFC 4022: constants that /proc/net/snmp tells. */
	net->mib.tcp[TCP_MIB_RtoAlgorithm] = 1;
	net->mib.tcp[TCP_MIB_RtoMin] = TCP_RTO_MIN * 1000 / HZ;
	net->mib.tcp[TCP_MIB_RtoMax] = TCP_RTO_MAX * 1000 / HZ;
	net->mib.tcp[TCP_MIB_MaxConn] = ~0ULL;
	return 0;
}

/*
 * The host is switched off: connections that go on closing without a program
 * end here, and their peers hear nothing of it.
 */
static void tcp_kill_orphans(struct net *net)
{
	struct sock *sk, *n;

	local_bh_disable();
	list_for_each_entry_safe(sk, n, &net->socks, sk_all) {
		if (sk->sk_prot == &tcp_prot && sock_flag(sk, SOCK_DEAD))
			tcp_done(sk);
	}
	local_bh_enable();
}

void tcp_net_exit(struct net *net)
{
	tcp_kill_orphans(net);
	inet_twsk_purge(net);
	tcp_metrics_flush(net);
	tcp_park_net_exit(net);
	inet_hashinfo_exit(net);
}

const struct pernet_operations tcp_net_ops = {
	.init = tcp_net_init,
	.exit = tcp_net_exit,
};
