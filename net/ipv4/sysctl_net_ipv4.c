// SPDX-License-Identifier: MIT
/*
 * /proc/sys/net/ipv4: the settings of netns_ipv4, one row each. Bounds are
 * Linux's; a setting that Linux keeps in a byte takes 0..255.
 */
#include "net/core/proc_net.h"

#include "lib/string.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/route.h"
#include "net/ipv4/tcp.h"
#include <asm/errno.h>

#define AT(field) offsetof(struct netns_ipv4, sysctl_##field)
#define INT(name, field, lo, hi) CTL_ROW(name, CTL_INT, AT(field), 1, lo, hi)
#define U8(name) INT(#name, name, 0, 255)
#define ANY(name) INT(#name, name, INT32_MIN, INT32_MAX)
#define SECS(name)                                                     \
	CTL_ROW(#name, CTL_SECONDS, AT(name), 1, -INT32_MAX / (int)HZ, \
		INT32_MAX / (int)HZ)
#define MSECS(name) CTL_ROW(#name, CTL_MSECS, AT(name), 1, 0, INT32_MAX)
#define FUNC(nm, show_fn, store_fn)                            \
	{                                                      \
		.name = nm, .kind = CTL_FUNC, .show = show_fn, \
		.store = store_fn                              \
	}

static void port_range_show(struct net *net, struct seq *s)
{
	seq_printf(s, "%d\t%d\n", net->ipv4->sysctl_ip_local_port_range[0],
		   net->ipv4->sysctl_ip_local_port_range[1]);
}

/* Both ends at once: neither may be below the other in between. */
static int range_parse(const char *text, s64 lowest, s64 highest, int *range)
{
	s64 v[2] = { range[0], range[1] };

	if (ctl_parse(text, v, 2) <= 0 || v[0] < lowest || v[1] > highest ||
	    v[1] < lowest || v[0] > highest)
		return fail(-EINVAL, "not a range");
	if (v[1] < v[0])
		return fail(-EINVAL, "the range is upside down");
	range[0] = (int)v[0];
	range[1] = (int)v[1];
	return 0;
}

static int port_range_store(struct net *net, const char *text)
{
	return range_parse(text, 1, 65535,
			   net->ipv4->sysctl_ip_local_port_range);
}

static void ping_range_show(struct net *net, struct seq *s)
{
	seq_printf(s, "%d\t%d\n", net->ipv4->sysctl_ping_group_range[0],
		   net->ipv4->sysctl_ping_group_range[1]);
}

static int ping_range_store(struct net *net, const char *text)
{
	int *range = net->ipv4->sysctl_ping_group_range;
	s64 v[2] = { range[0], range[1] };

	if (ctl_parse(text, v, 2) <= 0 || v[0] < 0 || v[0] > INT32_MAX ||
	    v[1] < 0 || v[1] > INT32_MAX)
		return fail(-EINVAL, "not group ids");
	/* LINUX: upside down means nobody, written as 1 0. */
	range[0] = v[1] < v[0] ? 1 : (int)v[0];
	range[1] = v[1] < v[0] ? 0 : (int)v[1];
	return 0;
}

static void congestion_show(struct net *net, struct seq *s)
{
	seq_printf(s, "%s\n", net->ipv4->tcp_congestion_control->name);
}

static int congestion_store(struct net *net, const char *text)
{
	const struct tcp_congestion_ops *ca;
	char name[TCP_CA_NAME_MAX];
	size_t n = 0;

	while (n < sizeof(name) - 1 && text[n] && text[n] != '\n' &&
	       text[n] != ' ') {
		name[n] = text[n];
		n++;
	}
	name[n] = '\0';
	ca = tcp_ca_find(name);
	if (!ca)
		return fail(-ENOENT, "no such congestion control");
	net->ipv4->tcp_congestion_control = ca;
	return 0;
}

static void congestion_avail_show(struct net *net, struct seq *s)
{
	const struct tcp_congestion_ops *ca;

	(void)net;
	for (unsigned int i = 0; (ca = tcp_ca_nth(i)); i++)
		seq_printf(s, i ? " %s" : "%s", ca->name);
	seq_puts(s, "\n");
}

/* LINUX: four words in hexadecimal a key, the second after a comma. */
static void fastopen_key_show(struct net *net, struct seq *s)
{
	const struct tcp_fastopen_context *ctx = &net->ipv4->tcp_fastopen_ctx;

	for (int i = 0; i < ctx->num; i++) {
		const u32 *w = (const u32 *)&ctx->key[i];

		seq_printf(s, "%s%08x-%08x-%08x-%08x", i ? "," : "", w[0], w[1],
			   w[2], w[3]);
	}
	seq_puts(s, "\n");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One key; NULL: it is none. */
static const char *fastopen_key_parse(const char *text, u32 *w)
{
	for (int i = 0; i < 4; i++) {
		int digits = 0;

		if (i && *text++ != '-')
			return NULL;
		for (w[i] = 0; digits < 8 && hex_digit(*text) >= 0; digits++)
			w[i] = w[i] << 4 | (u32)hex_digit(*text++);
		if (!digits)
			return NULL;
	}
	return text;
}

static int fastopen_key_store(struct net *net, const char *text)
{
	struct tcp_fastopen_context ctx = { .num = 0 };

	do {
		if (ctx.num == TCP_FASTOPEN_KEY_MAX)
			return fail(-EINVAL, "more than two keys");
		text = fastopen_key_parse(text, (u32 *)&ctx.key[ctx.num++]);
		if (!text)
			return fail(-EINVAL, "not a key");
	} while (*text++ == ',');
	net->ipv4->tcp_fastopen_ctx = ctx;
	return 0;
}

static void ip_forward_show(struct net *net, struct seq *s)
{
	seq_printf(s, "%d\n", IPV4_DEVCONF_ALL(net, FORWARDING));
}

static int ip_forward_store(struct net *net, const char *text)
{
	s64 v;

	if (ctl_parse(text, &v, 1) <= 0 || v != (int)v)
		return fail(-EINVAL, "not a number");
	if (v != IPV4_DEVCONF_ALL(net, FORWARDING))
		inet_forward_change(net, (int)v);
	return 0;
}

static int route_flush_store(struct net *net, const char *text)
{
	(void)text;
	rt_cache_flush(net);
	return 0;
}

static const struct ctl_table ipv4_table[] = {
	FUNC("ip_forward", ip_forward_show, ip_forward_store),
	FUNC("ip_local_port_range", port_range_show, port_range_store),
	FUNC("ping_group_range", ping_range_show, ping_range_store),
	FUNC("route/flush", NULL, route_flush_store),
	FUNC("tcp_congestion_control", congestion_show, congestion_store),
	FUNC("tcp_available_congestion_control", congestion_avail_show, NULL),
	FUNC("tcp_allowed_congestion_control", congestion_avail_show, NULL),
	INT("ip_default_ttl", ip_default_ttl, 1, 255),
	U8(ip_nonlocal_bind),
	U8(ip_no_pmtu_disc),
	INT("ip_unprivileged_port_start", ip_prot_sock, 0, 65535),
	INT("icmp_echo_ignore_all", icmp_echo_ignore_all, 0, 1),
	INT("icmp_echo_ignore_broadcasts", icmp_echo_ignore_broadcasts, 0, 1),
	MSECS(icmp_ratelimit),
	ANY(icmp_ratemask),
	INT("udp_rmem_min", udp_rmem_min, 1, INT32_MAX),
	INT("udp_wmem_min", udp_wmem_min, 1, INT32_MAX),
	ANY(igmp_max_memberships),
	ANY(igmp_max_msf),
	CTL_ROW("tcp_rmem", CTL_INT, AT(tcp_rmem), 3, 1, INT32_MAX),
	CTL_ROW("tcp_wmem", CTL_INT, AT(tcp_wmem), 3, 1, INT32_MAX),
	CTL_ROW("tcp_mem", CTL_LONG, AT(tcp_mem), 3, 0, INT64_MAX / 2),
	INT("tcp_syn_retries", tcp_syn_retries, 1, 127),
	U8(tcp_synack_retries),
	U8(tcp_retries1),
	U8(tcp_retries2),
	U8(tcp_orphan_retries),
	SECS(tcp_keepalive_time),
	SECS(tcp_keepalive_intvl),
	U8(tcp_keepalive_probes),
	SECS(tcp_fin_timeout),
	ANY(tcp_max_tw_buckets),
	ANY(tcp_max_syn_backlog),
	ANY(tcp_max_orphans),
	U8(tcp_abort_on_overflow),
	U8(tcp_syncookies),
	INT("tcp_tw_reuse", tcp_tw_reuse, 0, 2),
	U8(tcp_rfc1337),
	U8(tcp_timestamps),
	U8(tcp_window_scaling),
	U8(tcp_sack),
	U8(tcp_dsack),
	INT("tcp_ecn", tcp_ecn, 0, 5),
	ANY(tcp_fastopen),
	FUNC("tcp_fastopen_key", fastopen_key_show, fastopen_key_store),
	INT("tcp_fastopen_blackhole_timeout_sec", tcp_fastopen_blackhole_timeout,
	    0, INT32_MAX),
	U8(tcp_slow_start_after_idle),
	U8(tcp_no_metrics_save),
	INT("tcp_no_ssthresh_metrics_save", tcp_no_ssthresh_metrics_save, 0,
	    1),
	U8(tcp_moderate_rcvbuf),
	INT("tcp_adv_win_scale", tcp_adv_win_scale, -31, 31),
	ANY(tcp_challenge_ack_limit),
	U8(tcp_mtu_probing),
	ANY(tcp_base_mss),
	INT("tcp_mtu_probe_floor", tcp_mtu_probe_floor, 48, 1024),
	ANY(tcp_probe_threshold),
	INT("tcp_probe_interval", tcp_probe_interval, 0, 0x7fffffff / 1000),
	INT("tcp_min_snd_mss", tcp_min_snd_mss, 48, 65535),
	CTL_ROW("tcp_notsent_lowat", CTL_UINT, AT(tcp_notsent_lowat), 1, 0,
		0xffffffffLL),
	ANY(tcp_limit_output_bytes),
	U8(tcp_autocorking),
	ANY(tcp_reordering),
	ANY(tcp_max_reordering),
	U8(tcp_recovery),
	U8(tcp_frto),
	INT("tcp_early_retrans", tcp_early_retrans, 0, 4),
	U8(tcp_thin_linear_timeouts),
	U8(tcp_stdurg),
	U8(tcp_retrans_collapse),
	MSECS(tcp_invalid_ratelimit),
	INT("tcp_rto_min_us", tcp_rto_min_us, 1, INT32_MAX),
	INT("tcp_rto_max_ms", tcp_rto_max_ms, 1000, 120000),
	INT("tcp_min_rtt_wlen", tcp_min_rtt_wlen, 0, 86400),
	INT("tcp_pacing_ss_ratio", tcp_pacing_ss_ratio, 0, 1000),
	INT("tcp_pacing_ca_ratio", tcp_pacing_ca_ratio, 0, 1000),
	INT("tcp_min_tso_segs", tcp_min_tso_segs, 1, 255),
	U8(tcp_tso_rtt_log),
	INT("tcp_comp_sack_delay_ns", tcp_comp_sack_delay_ns, 0, INT32_MAX),
	U8(tcp_comp_sack_nr),
	U8(tcp_app_win),
};

static void *ipv4_base(struct net *net, const char **name)
{
	(void)name;
	return net->ipv4;
}

const struct ctl_set ipv4_ctl_set = {
	.dir = "ipv4",
	.rows = ipv4_table,
	.nr_rows = ARRAY_SIZE(ipv4_table),
	.base = ipv4_base,
};
