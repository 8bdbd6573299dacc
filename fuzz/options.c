/* SPDX-License-Identifier: MIT */
/*
 * Everything that is parsed and is not a header of fixed form: IP options of
 * packets and of programs, TCP options, netlink messages with their attributes,
 * control messages, classic BPF programs.
 *
 * The first byte of the input says which; the rest is the thing itself.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fuzz/input.h"
#include "net/ipv4/ip_output.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <stdlib.h>

const size_t fuzz_input_max = 512;

static struct input in;
static u8 bytes[512] __attribute__((aligned(8)));
static u8 reply[65536];
static size_t nr_bytes;

/* A packet whose network header has the bytes as options behind it. */
static struct sk_buff *packet(size_t header, size_t options)
{
	struct sk_buff *skb = alloc_skb(header + options + 64);

	if (!skb)
		abort();
	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	memset(skb_put(skb, header + options), 0, header + options);
	memcpy(skb->data + header, bytes, options);
	skb->dev = dev_get_by_name(sim_host0(sim), "lo");
	skb->protocol = htons(ETH_P_IP);
	return skb;
}

static void ip_options_of_a_packet(void)
{
	size_t n = min(nr_bytes, (size_t)40) & ~3UL;
	struct ip_options opt, echo;
	struct sk_buff *skb = packet(20, n);
	struct iphdr *iph = ip_hdr(skb);
	__be32 info = 0;

	*iph = (struct iphdr){
		.version = 4, .ihl = (5 + n / 4) & 15, .ttl = 64,
		.tot_len = htons((u16)skb->len), .protocol = IPPROTO_TCP,
		.saddr = htonl(LO + 1), .daddr = htonl(LO),
	};
	memset(&opt, 0, sizeof(opt));
	opt.optlen = (u8)n;
	if (!ip_options_compile(sim_host0(sim), &opt, skb, &info)) {
		memset(&echo, 0, sizeof(echo));
		(void)ip_options_echo(sim_host0(sim), &echo, &opt, skb);
		ip_options_fragment(skb);
	}
	consume_skb(skb);
}

static void tcp_options_of_a_segment(void)
{
	size_t n = min(nr_bytes, (size_t)40) & ~3UL;
	struct tcp_options_received opt;
	struct sk_buff *skb = packet(20, n);
	struct tcphdr *th = (struct tcphdr *)skb->data;

	th->doff = (5 + n / 4) & 15;
	for (int syn = 0; syn < 2; syn++) {
		th->syn = syn & 1;
		memset(&opt, 0, sizeof(opt));
		tcp_parse_options(sim_host0(sim), skb, &opt, !syn);
	}
	consume_skb(skb);
}

static void drain(int fd)
{
	while (u_recv(fd, reply, sizeof(reply), MSG_DONTWAIT) > 0)
		;
}

static void netlink_message(void)
{
	int fd = (int)sim_call(__NR_socket, 16L, 3L, 0L);
	struct nlmsghdr *h = (struct nlmsghdr *)bytes;

	/* Mostly one that begins as it should. */
	if (in_u8(&in) & 3) {
		h->nlmsg_len = (u32)nr_bytes;
		h->nlmsg_type = 16 + in_below(&in, 80);
		h->nlmsg_flags |= NLM_F_REQUEST;
	}
	(void)sim_call(__NR_sendto, (long)fd, U(bytes), nr_bytes, 0L, 0L, 0L);
	drain(fd);
	(void)u_close(fd);
}

static void control_messages(void)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM, SOCK_RAW };
	int fd = u_socket(types[in_below(&in, 3)], in_u8(&in) & 1 ? 1 : 0);
	struct sockaddr_in to = sin_of(LO, PORT);
	struct {
		u64 base, len;
	} iov = { U(bytes), 8 };
	struct user_msghdr m = {
		.msg_name = U(&to), .msg_namelen = sizeof(to),
		.msg_iov = U(&iov), .msg_iovlen = 1,
		.msg_control = U(bytes), .msg_controllen = nr_bytes,
	};

	if (fd < 0)
		return;
	(void)sim_call(__NR_sendmsg, (long)fd, U(&m), (long)MSG_DONTWAIT);
	(void)u_close(fd);
}

static void ip_options_of_a_program(void)
{
	int fd = u_socket(SOCK_DGRAM, 0), len = sizeof(reply);

	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_IP,
		       (long)IP_OPTIONS, U(bytes), nr_bytes);
	(void)sim_call(__NR_getsockopt, (long)fd, (long)SOL_IP,
		       (long)IP_OPTIONS, U(reply), U(&len));
	(void)u_sendto(fd, "x", 1, LO, PORT);
	(void)u_close(fd);
}

static void filter_program(void)
{
	struct sock_fprog prog = {
		.len = (u16)(nr_bytes / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)bytes,
	};
	int fd = u_socket(SOCK_DGRAM, 0);

	/* Few of all codes are valid: half the time only such are taken. */
	if (in_u8(&in) & 1)
		for (u16 i = 0; i < prog.len; i++)
			prog.filter[i].code &= 0xb7;
	if (prog.len)
		prog.filter[prog.len - 1].code = BPF_RET | BPF_K;
	(void)u_bind(fd, LO, PORT);
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
		       (long)SO_ATTACH_FILTER, U(&prog), sizeof(prog));
	(void)u_sendto(fd, bytes, nr_bytes, LO, PORT);
	drain(fd);
	(void)u_close(fd);
}

static void (*const parsers[])(void) = {
	ip_options_of_a_packet, tcp_options_of_a_segment,
	netlink_message,	control_messages,
	ip_options_of_a_program, filter_program,
};

static void program(void *arg)
{
	u8 which = in_u8(&in);
	size_t n = in.left;

	(void)arg;
	/* What else a parser wants to know comes from the last bytes. */
	nr_bytes = min(n, sizeof(bytes));
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, in.p, nr_bytes);
	if (n > 4) {
		in.p += n - 4;
		in.left = 4;
	}
	parsers[which % ARRAY_SIZE(parsers)]();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sim = sim_new(7);
	if (!sim)
		abort();
	in = (struct input){ data, size };
	(void)sim_spawn(sim, NULL, program, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	if (sim_running(sim) || sim_free(sim)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
