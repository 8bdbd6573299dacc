/* SPDX-License-Identifier: MIT */
#include "trace/out/shapes.h"

#include <string.h>

#include "trace/out/names.h"

/* What a field is. Words are 4 bytes on i386 and 8 on x86_64, and aligned. */
enum unit {
	UNIT_END,
	UNIT_SKIP, /* arg bytes */
	UNIT_ALIGN, /* to a word */
	UNIT_U8,
	UNIT_U16,
	UNIT_S32,
	UNIT_U32,
	UNIT_HEX32,
	UNIT_S64,
	UNIT_U64,
	UNIT_LONG,
	UNIT_POINTER,
	UNIT_IP4,
	UNIT_NAME8, /* arg: enum names */
	UNIT_NAME16,
	UNIT_NAME32,
	UNIT_ERRNO,
	UNIT_SIGNAL,
	UNIT_STRING16, /* at most 16 bytes */
	UNIT_STRING, /* all the rest */
	UNIT_ADDRESS, /* a struct sockaddr without its port */
	UNIT_SOCKADDR, /* all the rest */
	UNIT_MAC, /* a struct sockaddr of a device */
	UNIT_MORE, /* there is more, which is not told */
};

struct field {
	const char *name; /* NULL: alone, in brackets */
	uint8_t unit, arg;
};

#define FIELDS(...) ((const struct field[]){ __VA_ARGS__, { 0 } })

static const struct field *const shapes[SHAPES] = {
	[SHAPE_INT] = FIELDS({ NULL, UNIT_S32, 0 }),
	[SHAPE_LONG] = FIELDS({ NULL, UNIT_LONG, 0 }),
	[SHAPE_U64] = FIELDS({ NULL, UNIT_U64, 0 }),
	[SHAPE_HEX] = FIELDS({ NULL, UNIT_HEX32, 0 }),
	[SHAPE_STRING] = FIELDS({ NULL, UNIT_STRING, 0 }),
	[SHAPE_IP4] = FIELDS({ NULL, UNIT_IP4, 0 }),
	[SHAPE_ERRNO] = FIELDS({ NULL, UNIT_ERRNO, 0 }),
	[SHAPE_FAMILY] = FIELDS({ NULL, UNIT_NAME32, NAMES_FAMILY }),
	[SHAPE_TYPE] = FIELDS({ NULL, UNIT_NAME32, NAMES_TYPE }),
	[SHAPE_PROTOCOL] = FIELDS({ NULL, UNIT_NAME32, NAMES_PROTOCOL }),
	[SHAPE_PMTUDISC] = FIELDS({ NULL, UNIT_NAME32, NAMES_PMTUDISC }),
	[SHAPE_STAMPS] = FIELDS({ NULL, UNIT_NAME32, NAMES_STAMPS }),
	[SHAPE_SIGNAL] = FIELDS({ NULL, UNIT_SIGNAL, 0 }),
	[SHAPE_LINGER] =
		FIELDS({ "onoff", UNIT_S32, 0 }, { "linger", UNIT_S32, 0 }),
	[SHAPE_TIMEVAL] =
		FIELDS({ "sec", UNIT_LONG, 0 }, { "usec", UNIT_LONG, 0 }),
	[SHAPE_TIMEVAL64] =
		FIELDS({ "sec", UNIT_S64, 0 }, { "usec", UNIT_S64, 0 }),
	[SHAPE_TIMESPEC] =
		FIELDS({ "sec", UNIT_LONG, 0 }, { "nsec", UNIT_LONG, 0 }),
	[SHAPE_TIMESPEC32] =
		FIELDS({ "sec", UNIT_S32, 0 }, { "nsec", UNIT_S32, 0 }),
	[SHAPE_TIMESPEC64] =
		FIELDS({ "sec", UNIT_S64, 0 }, { "nsec", UNIT_S64, 0 }),
	[SHAPE_TIMESPECS] =
		FIELDS({ "sec", UNIT_LONG, 0 }, { "nsec", UNIT_LONG, 0 },
		       { NULL, UNIT_MORE, 0 }),
	[SHAPE_TIMESPECS64] =
		FIELDS({ "sec", UNIT_S64, 0 }, { "nsec", UNIT_S64, 0 },
		       { NULL, UNIT_MORE, 0 }),
	[SHAPE_UCRED] = FIELDS({ "pid", UNIT_S32, 0 }, { "uid", UNIT_U32, 0 },
			       { "gid", UNIT_U32, 0 }),
	[SHAPE_MREQ] = FIELDS({ "group", UNIT_IP4, 0 }, { "addr", UNIT_IP4, 0 },
			      { "ifindex", UNIT_S32, 0 }),
	[SHAPE_MREQ_SOURCE] =
		FIELDS({ "group", UNIT_IP4, 0 }, { "addr", UNIT_IP4, 0 },
		       { "source", UNIT_IP4, 0 }),
	[SHAPE_PKTINFO] =
		FIELDS({ "ifindex", UNIT_S32, 0 }, { "spec_dst", UNIT_IP4, 0 },
		       { "addr", UNIT_IP4, 0 }),
	[SHAPE_EXTERR] = FIELDS(
		{ "errno", UNIT_ERRNO, 0 }, { "origin", UNIT_U8, 0 },
		{ "type", UNIT_U8, 0 }, { "code", UNIT_U8, 0 },
		{ NULL, UNIT_SKIP, 1 }, { "info", UNIT_U32, 0 },
		{ "data", UNIT_U32, 0 }, { "offender", UNIT_SOCKADDR, 0 }),
	[SHAPE_SOCKADDR] = FIELDS({ NULL, UNIT_SOCKADDR, 0 }),
	[SHAPE_FPROG] = FIELDS({ "len", UNIT_U16, 0 }, { NULL, UNIT_ALIGN, 0 },
			       { "filter", UNIT_POINTER, 0 }),
	[SHAPE_TCP_INFO] = FIELDS(
		{ "state", UNIT_NAME8, NAMES_STATE },
		{ "ca_state", UNIT_U8, 0 }, { "retransmits", UNIT_U8, 0 },
		{ "probes", UNIT_U8, 0 }, { "backoff", UNIT_U8, 0 },
		{ NULL, UNIT_SKIP, 3 }, { "rto", UNIT_U32, 0 },
		{ "ato", UNIT_U32, 0 }, { "snd_mss", UNIT_U32, 0 },
		{ "rcv_mss", UNIT_U32, 0 }, { "unacked", UNIT_U32, 0 },
		{ "sacked", UNIT_U32, 0 }, { "lost", UNIT_U32, 0 },
		{ "retrans", UNIT_U32, 0 }, { NULL, UNIT_SKIP, 20 },
		{ "pmtu", UNIT_U32, 0 }, { "rcv_ssthresh", UNIT_U32, 0 },
		{ "rtt", UNIT_U32, 0 }, { "rttvar", UNIT_U32, 0 },
		{ "snd_ssthresh", UNIT_U32, 0 }, { "snd_cwnd", UNIT_U32, 0 },
		{ "advmss", UNIT_U32, 0 }, { "reordering", UNIT_U32, 0 },
		{ "rcv_rtt", UNIT_U32, 0 }, { "rcv_space", UNIT_U32, 0 },
		{ "total_retrans", UNIT_U32, 0 }, { NULL, UNIT_MORE, 0 }),
	[SHAPE_TPACKET_STATS] =
		FIELDS({ "packets", UNIT_U32, 0 }, { "drops", UNIT_U32, 0 }),
	[SHAPE_PACKET_MREQ] =
		FIELDS({ "ifindex", UNIT_S32, 0 }, { "type", UNIT_U16, 0 }),
	[SHAPE_AUXDATA] =
		FIELDS({ "status", UNIT_HEX32, 0 }, { "len", UNIT_U32, 0 },
		       { "snaplen", UNIT_U32, 0 }, { "mac", UNIT_U16, 0 },
		       { "net", UNIT_U16, 0 }),
	[SHAPE_OWNER_EX] = FIELDS({ "type", UNIT_NAME32, NAMES_OWNER },
				  { "pid", UNIT_S32, 0 }),
	[SHAPE_FLOCK] =
		FIELDS({ "type", UNIT_U16, 0 }, { "whence", UNIT_U16, 0 },
		       { NULL, UNIT_ALIGN, 0 }, { "start", UNIT_LONG, 0 },
		       { "len", UNIT_LONG, 0 }),
	[SHAPE_FLOCK64] =
		FIELDS({ "type", UNIT_U16, 0 }, { "whence", UNIT_U16, 0 },
		       { NULL, UNIT_ALIGN, 0 }, { "start", UNIT_S64, 0 },
		       { "len", UNIT_S64, 0 }),
	/* Packed on x86_64, too. */
	[SHAPE_EPOLL_EVENT] = FIELDS({ "events", UNIT_NAME32, NAMES_EPOLL },
				     { "data", UNIT_U64, 0 }),
	[SHAPE_IFCONF] = FIELDS({ "len", UNIT_S32, 0 }, { NULL, UNIT_ALIGN, 0 },
				{ "req", UNIT_POINTER, 0 }),
	[SHAPE_IFNAME] = FIELDS({ "name", UNIT_STRING16, 0 }),
	[SHAPE_IFREQ_ADDR] = FIELDS({ "name", UNIT_STRING16, 0 },
				    { "addr", UNIT_ADDRESS, 0 }),
	[SHAPE_IFREQ_FLAGS] = FIELDS({ "name", UNIT_STRING16, 0 },
				     { "flags", UNIT_NAME16, NAMES_IFF }),
	[SHAPE_IFREQ_INT] =
		FIELDS({ "name", UNIT_STRING16, 0 }, { "value", UNIT_S32, 0 }),
	[SHAPE_IFREQ_HW] =
		FIELDS({ "name", UNIT_STRING16, 0 }, { "hwaddr", UNIT_MAC, 0 }),
	[SHAPE_RTENTRY] = FIELDS(
		{ NULL, UNIT_SKIP, 1 }, { NULL, UNIT_ALIGN, 0 },
		{ "dst", UNIT_ADDRESS, 0 }, { "gateway", UNIT_ADDRESS, 0 },
		{ "genmask", UNIT_ADDRESS, 0 }, { "flags", UNIT_U16, 0 },
		{ NULL, UNIT_MORE, 0 }),
	[SHAPE_ARPREQ] =
		FIELDS({ "pa", UNIT_ADDRESS, 0 }, { "ha", UNIT_MAC, 0 },
		       { "flags", UNIT_S32, 0 }, { "netmask", UNIT_ADDRESS, 0 },
		       { "dev", UNIT_STRING16, 0 }),
};

/* Bytes of a unit; 0: all that there are. */
static size_t unit_size(const struct field *f, bool i386)
{
	static const uint8_t sizes[] = {
		[UNIT_U8] = 1,	   [UNIT_U16] = 2,	 [UNIT_S32] = 4,
		[UNIT_U32] = 4,	   [UNIT_HEX32] = 4,	 [UNIT_S64] = 8,
		[UNIT_U64] = 8,	   [UNIT_IP4] = 4,	 [UNIT_NAME8] = 1,
		[UNIT_NAME16] = 2, [UNIT_NAME32] = 4,	 [UNIT_ERRNO] = 4,
		[UNIT_SIGNAL] = 4, [UNIT_STRING16] = 16, [UNIT_ADDRESS] = 16,
		[UNIT_MAC] = 16,   [UNIT_MORE] = 0,
	};

	if (f->unit == UNIT_SKIP)
		return f->arg;
	if (f->unit == UNIT_LONG || f->unit == UNIT_POINTER)
		return i386 ? 4 : 8;
	return sizes[f->unit];
}

static size_t align_word(size_t at, bool i386)
{
	size_t word = i386 ? 4 : 8;

	return (at + word - 1) / word * word;
}

size_t shape_size(enum shape shape, bool i386)
{
	const struct field *f;
	size_t n = 0;

	for (f = shapes[shape]; f && f->unit; f++) {
		if (f->unit == UNIT_ALIGN)
			n = align_word(n, i386);
		n += f->unit == UNIT_SOCKADDR || f->unit == UNIT_STRING
			     ? 32
			     : unit_size(f, i386);
	}
	return n;
}

static uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n < sizeof(v) ? n : sizeof(v));
	return v;
}

static void string_text(struct text *t, const unsigned char *p, size_t n)
{
	text_quoted(t, p, strnlen((const char *)p, n), false);
}

static void mac_text(struct text *t, const unsigned char *p)
{
	int i;

	for (i = 0; i < 6; i++)
		text_printf(t, i ? ":%02x" : "%02x", p[2 + i]);
}

/* A struct sockaddr whose port has no meaning. */
static void address_text(struct text *t, const unsigned char *p)
{
	uint32_t ip;

	if (load(p, 2) != 2) {
		text_sockaddr(t, p, 16);
		return;
	}
	memcpy(&ip, p + 4, sizeof(ip));
	text_ip4(t, ip);
}

static void unit_text(struct text *t, const struct field *f,
		      const unsigned char *p, size_t n)
{
	uint64_t v = load(p, n);

	switch ((enum unit)f->unit) {
	case UNIT_S32:
		text_dec(t, (int32_t)v);
		break;
	case UNIT_LONG:
		text_dec(t, n == 4 ? (int32_t)v : (int64_t)v);
		break;
	case UNIT_U8:
	case UNIT_U16:
	case UNIT_U32:
	case UNIT_S64:
		text_dec(t, (int64_t)v);
		break;
	case UNIT_U64:
		text_printf(t, "%llu", (unsigned long long)v);
		break;
	case UNIT_HEX32:
	case UNIT_POINTER:
		text_hex(t, v);
		break;
	case UNIT_IP4:
		text_ip4(t, (uint32_t)v);
		break;
	case UNIT_NAME8:
	case UNIT_NAME16:
	case UNIT_NAME32:
		text_name(t, f->arg, (int32_t)v);
		break;
	case UNIT_ERRNO:
		text_errno(t, (int32_t)v);
		break;
	case UNIT_SIGNAL:
		text_signal(t, (int32_t)v);
		break;
	case UNIT_STRING16:
	case UNIT_STRING:
		string_text(t, p, n);
		break;
	case UNIT_ADDRESS:
		address_text(t, p);
		break;
	case UNIT_SOCKADDR:
		text_sockaddr(t, p, n);
		break;
	case UNIT_MAC:
		mac_text(t, p);
		break;
	case UNIT_MORE:
		text_str(t, "...");
		break;
	case UNIT_END:
	case UNIT_SKIP:
	case UNIT_ALIGN:
		break;
	}
}

static void list_text(struct text *t, const unsigned char *p, size_t len)
{
	size_t i;

	text_char(t, '[');
	for (i = 0; i + 4 <= len; i += 4) {
		if (i)
			text_char(t, ' ');
		text_dec(t, (int32_t)load(p + i, 4));
	}
	text_char(t, ']');
}

void text_shape(struct text *t, enum shape shape, const void *value, size_t len,
		bool i386)
{
	const struct field *f = shapes[shape];
	const unsigned char *p = value;
	const char *sep = "";
	size_t at = 0, n;
	bool alone;

	if (!f) {
		list_text(t, p, len);
		return;
	}
	alone = !f->name && !f[1].unit;
	text_char(t, alone ? '[' : '{');
	for (; f->unit; f++) {
		if (f->unit == UNIT_ALIGN) {
			at = align_word(at, i386);
			continue;
		}
		n = unit_size(f, i386);
		if (f->unit == UNIT_SOCKADDR || f->unit == UNIT_STRING)
			n = at < len ? len - at : 0;
		if (at > len || n > len - at ||
		    (f->unit == UNIT_MORE && at == len) ||
		    (f->unit == UNIT_SOCKADDR && !n))
			break;
		if (f->unit != UNIT_SKIP) {
			text_str(t, sep);
			if (f->name)
				text_printf(t, "%s=", f->name);
			unit_text(t, f, p + at, n);
			sep = ", ";
		}
		at += n;
	}
	text_char(t, alone ? ']' : '}');
}
