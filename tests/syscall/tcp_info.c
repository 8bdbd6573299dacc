/* SPDX-License-Identifier: MIT */
/* getsockopt(TCP_INFO): the truth about a connection; struct lengths. */
#include "harness.h"

#include <stddef.h>

/* struct tcp_info of the kernel is longer than libc's: what we look at. */
struct info {
	struct tcp_info i;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in,
		 data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t delivered, delivered_ce;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd;
};

static struct info info_of(int fd)
{
	struct info v;
	socklen_t len = sizeof(v);

	memset(&v, 0, sizeof(v));
	CHECK_OK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &v, &len));
	CHECK_EQ(len, sizeof(v));
	return v;
}

TEST(layout_is_the_kernels)
{
	CHECK_EQ(offsetof(struct info, pacing_rate), 104);
	CHECK_EQ(offsetof(struct info, bytes_acked), 120);
	CHECK_EQ(offsetof(struct info, snd_wnd), 228);
}

TEST(states)
{
	int sv[2], fd = tcp_socket();
	sin_t a;

	CHECK_EQ(info_of(fd).i.tcpi_state, TCP_CLOSE);
	CHECK_EQ(info_of(tcp_listener(&a)).i.tcpi_state, TCP_LISTEN);
	tcp_pair(sv);
	CHECK_EQ(info_of(sv[0]).i.tcpi_state, TCP_ESTABLISHED);
	CHECK_EQ(info_of(sv[1]).i.tcpi_state, TCP_ESTABLISHED);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK_EQ(info_of(sv[1]).i.tcpi_state, TCP_CLOSE_WAIT);
	while (info_of(sv[0]).i.tcpi_state != TCP_FIN_WAIT2)
		sched_yield();
}

TEST(bytes_received_and_acked)
{
	int sv[2];
	char b[64];

	tcp_pair(sv);
	CHECK_EQ(info_of(sv[1]).bytes_received, 0);
	CHECK_WRITES(sv[0], "ten bytes!");
	read_all(sv[1], b, 10);
	CHECK_EQ(info_of(sv[1]).bytes_received, 10);
	/* The SYN counts as one in bytes_acked. */
	while (info_of(sv[0]).bytes_acked != 11)
		sched_yield();
	CHECK_EQ(info_of(sv[0]).bytes_sent, 10);
	CHECK_EQ(info_of(sv[0]).bytes_retrans, 0);
	CHECK_EQ(info_of(sv[0]).i.tcpi_unacked, 0);
}

TEST(segments_are_counted)
{
	int sv[2];
	struct info v;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
	v = info_of(sv[0]);
	CHECK_EQ(v.data_segs_out, 1);
	CHECK_EQ(v.data_segs_in, 0);
	CHECK_GE(v.segs_out, 3);	/* SYN, ACK, data */
	CHECK_GE(v.segs_in, 1);
	v = info_of(sv[1]);
	CHECK_EQ(v.data_segs_in, 1);
	CHECK_EQ(v.data_segs_out, 0);
}

TEST(mss_and_mtu)
{
	int sv[2];
	struct info v;

	tcp_pair(sv);
	v = info_of(sv[0]);
	CHECK(v.i.tcpi_snd_mss >= 536 && v.i.tcpi_snd_mss <= 65495);
	CHECK_GE(v.i.tcpi_advmss, 65483);
	CHECK_EQ(v.i.tcpi_pmtu, 65535);
}

TEST(options_of_the_handshake)
{
	int sv[2];
	struct info v;

	tcp_pair(sv);
	v = info_of(sv[0]);
	if (read_number("/proc/sys/net/ipv4/tcp_timestamps", 0) != 0)
		CHECK(v.i.tcpi_options & TCPI_OPT_TIMESTAMPS);
	if (read_number("/proc/sys/net/ipv4/tcp_sack", 0) != 0)
		CHECK(v.i.tcpi_options & TCPI_OPT_SACK);
	CHECK(v.i.tcpi_options & TCPI_OPT_WSCALE);
	CHECK(v.i.tcpi_snd_wscale >= 1 && v.i.tcpi_snd_wscale <= 14);
	CHECK_EQ(v.i.tcpi_snd_wscale, info_of(sv[1]).i.tcpi_rcv_wscale);
}

TEST(window_scale_follows_the_receive_buffer)
{
	sin_t a;
	int l = tcp_socket(), c = tcp_socket(), s;

	set_opt(l, SOL_SOCKET, SO_RCVBUF, 4096);
	bind_lo(l, &a);
	CHECK_OK(listen(l, 1));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(info_of(s).i.tcpi_rcv_wscale, 0);
	CHECK_EQ(info_of(c).i.tcpi_snd_wscale, 0);
	CHECK(info_of(c).snd_wnd <= 8192);
}

TEST(times_and_windows)
{
	int sv[2];
	struct info v;
	char b[1000] = "";
	int i;

	tcp_pair(sv);
	for (i = 0; i < 10; i++) {
		write_all(sv[0], b, sizeof(b));
		read_all(sv[1], b, sizeof(b));
	}
	v = info_of(sv[0]);
	CHECK(v.i.tcpi_rtt > 0 && v.i.tcpi_rtt < 5000000);
	CHECK(v.i.tcpi_rto >= 200000 && v.i.tcpi_rto <= 120000000);
	CHECK_GE(v.i.tcpi_snd_cwnd, 1);
	CHECK_GE(v.i.tcpi_snd_ssthresh, 2);
	CHECK_EQ(v.i.tcpi_retransmits, 0);
	CHECK_EQ(v.i.tcpi_ca_state, 0);
	CHECK_GE(v.snd_wnd, 1000);
	CHECK_GE(v.i.tcpi_rcv_space, 536);
}

TEST(initial_window_is_ten)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(info_of(sv[0]).i.tcpi_snd_cwnd, 10);
}

TEST(notsent_bytes_when_full)
{
	int sv[2];
	struct info v;

	tcp_pair(sv);
	fill_up(sv[0]);
	v = info_of(sv[0]);
	CHECK(v.notsent_bytes > 0);
}

TEST(last_times_are_small)
{
	int sv[2];
	struct info v;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
	v = info_of(sv[0]);
	CHECK(v.i.tcpi_last_data_sent < 5000);
	v = info_of(sv[1]);
	CHECK(v.i.tcpi_last_data_recv < 5000);
}

TEST(short_lengths_cut_the_struct)
{
	int sv[2];
	unsigned char b[256];
	int n;

	tcp_pair(sv);
	for (n = 0; n < 104; n += 13) {
		socklen_t len = n;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(getsockopt(sv[0], IPPROTO_TCP, TCP_INFO, b, &len));
		CHECK_EQ(len, n);
		CHECK_EQ(b[n], 0xee);
		if (n)
			CHECK_EQ(b[0], TCP_ESTABLISHED);
	}
}

TEST(long_length_is_shortened)
{
	int sv[2];
	char b[4096];
	socklen_t len = sizeof(b);

	tcp_pair(sv);
	CHECK_OK(getsockopt(sv[0], IPPROTO_TCP, TCP_INFO, b, &len));
	CHECK(len >= 232 && len < 1000);
}

TEST(setting_it_enoprotoopt)
{
	CHECK_ERRNO(try_opt(tcp_socket(), IPPROTO_TCP, TCP_INFO, 1),
		    ENOPROTOOPT);
}

HARNESS_MAIN
