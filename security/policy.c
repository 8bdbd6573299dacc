/* SPDX-License-Identifier: MIT */
/*
 * Rules of the policy: their grammar, as tables, and how they apply.
 */
#include "security/policy.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "security/security.h"
#include "uapi/socket.h"
#include <linux/capability.h>
#include <linux/in.h>

struct policy_rule {
	struct policy_rule *next;
	enum policy_hook hook;
	u32 keys; /* BIT(enum policy_key): those it names */
	u32 low[NR_KEYS], high[NR_KEYS];
};

struct policy {
	u32 hooks; /* BIT(enum policy_hook): those with a rule */
	struct policy_rule *rules;
};

#define SOCK_KEYS (BIT(KEY_FAMILY) | BIT(KEY_TYPE) | BIT(KEY_PROTOCOL))
#define ADDR_KEYS (SOCK_KEYS | BIT(KEY_PORT) | BIT(KEY_ADDR))
#define OPT_KEYS (SOCK_KEYS | BIT(KEY_LEVEL) | BIT(KEY_NAME))

static const struct {
	const char *name;
	u32 keys; /* that its rules may name */
} hooks[] = {
	[HOOK_SOCKET] = { "socket", SOCK_KEYS },
	[HOOK_BIND] = { "bind", ADDR_KEYS },
	[HOOK_CONNECT] = { "connect", ADDR_KEYS },
	[HOOK_LISTEN] = { "listen", SOCK_KEYS },
	[HOOK_ACCEPT] = { "accept", SOCK_KEYS },
	[HOOK_SENDMSG] = { "sendmsg", ADDR_KEYS },
	[HOOK_RECVMSG] = { "recvmsg", SOCK_KEYS },
	[HOOK_GETSOCKNAME] = { "getsockname", SOCK_KEYS },
	[HOOK_GETPEERNAME] = { "getpeername", SOCK_KEYS },
	[HOOK_SETSOCKOPT] = { "setsockopt", OPT_KEYS },
	[HOOK_GETSOCKOPT] = { "getsockopt", OPT_KEYS },
	[HOOK_SHUTDOWN] = { "shutdown", SOCK_KEYS },
	[HOOK_CAP] = { "cap", BIT(KEY_CAP) },
};
static_assert(ARRAY_SIZE(hooks) == NR_HOOKS, "a name for every hook");

static const char *const key_names[] = {
	[KEY_FAMILY] = "family",
	[KEY_TYPE] = "type",
	[KEY_PROTOCOL] = "protocol",
	[KEY_PORT] = "port",
	[KEY_ADDR] = "addr",
	[KEY_LEVEL] = "level",
	[KEY_NAME] = "name",
	[KEY_CAP] = "cap",
};
static_assert(ARRAY_SIZE(key_names) == NR_KEYS, "a name for every key");

/* Values that have a name. */
static const struct {
	const char *name;
	enum policy_key key;
	u32 value;
} values[] = {
	{ "unix", KEY_FAMILY, AF_UNIX },
	{ "inet", KEY_FAMILY, AF_INET },
	{ "inet6", KEY_FAMILY, AF_INET6 },
	{ "netlink", KEY_FAMILY, AF_NETLINK },
	{ "packet", KEY_FAMILY, AF_PACKET },
	{ "stream", KEY_TYPE, SOCK_STREAM },
	{ "dgram", KEY_TYPE, SOCK_DGRAM },
	{ "raw", KEY_TYPE, SOCK_RAW },
	{ "seqpacket", KEY_TYPE, SOCK_SEQPACKET },
	{ "packet", KEY_TYPE, SOCK_PACKET },
	{ "icmp", KEY_PROTOCOL, IPPROTO_ICMP },
	{ "igmp", KEY_PROTOCOL, IPPROTO_IGMP },
	{ "tcp", KEY_PROTOCOL, IPPROTO_TCP },
	{ "udp", KEY_PROTOCOL, IPPROTO_UDP },
	{ "socket", KEY_LEVEL, SOL_SOCKET },
	{ "ip", KEY_LEVEL, SOL_IP },
	{ "tcp", KEY_LEVEL, SOL_TCP },
	{ "udp", KEY_LEVEL, SOL_UDP },
	{ "net_bind_service", KEY_CAP, CAP_NET_BIND_SERVICE },
	{ "net_broadcast", KEY_CAP, CAP_NET_BROADCAST },
	{ "net_admin", KEY_CAP, CAP_NET_ADMIN },
	{ "net_raw", KEY_CAP, CAP_NET_RAW },
};

/* A word of a rule: not ended by NUL. */
struct word {
	const char *at;
	size_t len;
};

/* Cut the word up to one of @ends off *text; the end itself is left there. */
static struct word next_word(const char **text, const char *ends)
{
	struct word w = { *text, 0 };

	for (;; w.len++) {
		char c = w.at[w.len];
		const char *e = ends;

		while (*e && *e != c)
			e++;
		if (!c || *e)
			break;
	}
	*text += w.len;
	return w;
}

static bool word_is(struct word w, const char *name)
{
	return strlen(name) == w.len && !strncmp(w.at, name, w.len);
}

static bool parse_number(struct word w, u32 *ret)
{
	u64 v = 0;

	if (!w.len)
		return false;
	for (size_t i = 0; i < w.len; i++) {
		if (w.at[i] < '0' || w.at[i] > '9')
			return false;
		v = v * 10 + (u64)(w.at[i] - '0');
		if (v > UINT32_MAX)
			return false;
	}
	*ret = (u32)v;
	return true;
}

static bool parse_value(enum policy_key key, struct word w, u32 *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i].key == key && word_is(w, values[i].name)) {
			*ret = values[i].value;
			return true;
		}
	}
	return parse_number(w, ret);
}

/* "A.B.C.D" or "A.B.C.D/BITS" as the range of addresses it covers. */
static bool parse_addr(struct word w, u32 *ret_low, u32 *ret_high)
{
	const char *p = w.at, *end = w.at + w.len;
	u32 addr = 0, part, bits = 32, mask;

	for (int i = 0; i < 4; i++) {
		struct word n = next_word(&p, "./,");

		if (!parse_number(n, &part) || part > 255)
			return false;
		addr = addr << 8 | part;
		if (i < 3 && *p++ != '.')
			return false;
	}
	if (p < end) {
		struct word n = { p + 1, (size_t)(end - p - 1) };

		if (*p != '/' || !parse_number(n, &bits) || bits > 32)
			return false;
	}
	mask = bits ? ~0U << (32 - bits) : 0;
	*ret_low = addr & mask;
	*ret_high = addr | ~mask;
	return true;
}

/* KEY=VALUE[-VALUE] at *text into @r. NULL, or what is wrong. */
static const char *parse_key(const char **text, struct policy_rule *r)
{
	struct word k = next_word(text, "=,"), low, high;
	unsigned int key;
	const char *p;

	for (key = 0; key < NR_KEYS; key++)
		if (word_is(k, key_names[key]))
			break;
	/* "cap:net_raw" is short for "cap:cap=net_raw". */
	if (key == NR_KEYS && r->hook == HOOK_CAP && **text != '=') {
		key = KEY_CAP;
		low = k;
	} else {
		if (key == NR_KEYS)
			return "no such key";
		if (**text != '=')
			return "KEY=VALUE expected";
		++*text;
		low = next_word(text, ",");
	}
	if (!(hooks[r->hook].keys & BIT(key)))
		return "this hook does not know that key";
	if (r->keys & BIT(key))
		return "a key is given twice";
	r->keys |= (u32)BIT(key);
	if (key == KEY_ADDR)
		return parse_addr(low, &r->low[key], &r->high[key])
			       ? NULL
			       : "an address A.B.C.D[/BITS] expected";
	p = low.at;
	high = next_word(&p, "-,");
	if (high.len < low.len) { /* a range */
		struct word first = high;

		high.at = p + 1;
		high.len = low.len - first.len - 1;
		low = first;
	}
	if (!parse_value((enum policy_key)key, low, &r->low[key]) ||
	    !parse_value((enum policy_key)key, high, &r->high[key]))
		return "no such value";
	return r->low[key] <= r->high[key] ? NULL : "the range is empty";
}

static const char *parse_rule(const char *text, struct policy_rule *r)
{
	struct word h = next_word(&text, ":");
	const char *why;
	unsigned int hook;

	for (hook = 0; hook < NR_HOOKS; hook++)
		if (word_is(h, hooks[hook].name))
			break;
	if (hook == NR_HOOKS)
		return "no such hook";
	r->hook = (enum policy_hook)hook;
	while (*text) {
		text++; /* the colon, or a comma */
		why = parse_key(&text, r);
		if (why)
			return why;
	}
	return NULL;
}

int security_deny(const char *rule, const char **ret_why)
{
	struct policy *p = this_kernel->security;
	struct policy_rule *r;
	const char *why;

	if (!p) {
		p = kzalloc(sizeof(*p));
		if (!p)
			goto enomem;
		this_kernel->security = p;
	}
	r = kzalloc(sizeof(*r));
	if (!r)
		goto enomem;
	why = parse_rule(rule, r);
	if (why) {
		kfree(r);
		*ret_why = why;
		return -EINVAL; /* *ret_why says why */
	}
	r->next = p->rules;
	p->rules = r;
	p->hooks |= (u32)BIT(r->hook);
	return 0;
enomem:
	*ret_why = "no memory";
	return -ENOMEM;
}

void security_exit(void)
{
	struct policy *p = this_kernel->security;
	struct policy_rule *r;

	if (!p)
		return;
	while ((r = p->rules) != NULL) {
		p->rules = r->next;
		kfree(r);
	}
	kfree(p);
	this_kernel->security = NULL;
}

bool policy_asks(enum policy_hook hook)
{
	const struct policy *p = this_kernel->security;

	return p && (p->hooks & BIT(hook));
}

static bool rule_applies(const struct policy_rule *r,
			 const struct policy_subject *s)
{
	for (unsigned int key = 0; key < NR_KEYS; key++) {
		if (!(r->keys & BIT(key)))
			continue;
		if (!(s->keys & BIT(key)) || s->value[key] < r->low[key] ||
		    s->value[key] > r->high[key])
			return false;
	}
	return true;
}

bool policy_denies(enum policy_hook hook, const struct policy_subject *s)
{
	const struct policy *p = this_kernel->security;

	if (!policy_asks(hook))
		return false;
	for (const struct policy_rule *r = p->rules; r; r = r->next)
		if (r->hook == hook && rule_applies(r, s))
			return true;
	return false;
}
