/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: hosts, their settings and their accounts.
 */
#include "ports/sim/library.h"

#include "net/core/net_namespace.h"
#include "net/core/netdevice.h"
#include "net/core/proc_net.h"
#include "ports/sim/netconfig.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

long tg_config_call(struct tg_proc *p, long nr, const uint64_t args[6])
{
	u64 words[6];

	memcpy(words, args, sizeof(words));
	return tg_call(p, nr, words);
}

/* The host owns @net only when this succeeds. */
struct tg_host *tg_host_around(struct tg_kernel *k, struct net *net)
{
	struct tg_host *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->k = k;
	h->net = net;
	INIT_LIST_HEAD(&h->procs);
	INIT_LIST_HEAD(&h->links);
	INIT_LIST_HEAD(&h->taps);
	list_add_tail(&h->list, &k->hosts);
	h->self = tg_proc_make(h);
	if (!h->self)
		goto out_host;
	h->self->held = true;
	if (tg_taps_attach(h) || tg_config_up(h->self, "lo", true))
		goto out_proc;
	return h;

out_proc:
	tg_taps_detach(h);
	tg_proc_free(h->self);
out_host:
	list_del(&h->list);
	free(h);
	return NULL;
}

void tg_host_destroy(struct tg_host *h)
{
	struct tg_proc *p, *n;

	h->dying = true;
	/* First, for what the processes leave behind is not to be heard of. */
	tg_taps_detach(h);
	tg_links_free(h);
	list_for_each_entry_safe(p, n, &h->procs, list)
		tg_proc_free(p);
	net_free(h->net);
	list_del(&h->list);
	free(h);
}

static struct tg_host *find_host(struct tg_kernel *k, const char *name)
{
	struct tg_host *h;

	list_for_each_entry(h, &k->hosts, list) {
		if (!strcmp(h->net->name, name))
			return h;
	}
	return NULL;
}

int tg_host_new(struct tg_kernel *k, const char *name,
		struct tg_host **ret_host)
{
	struct tg_host *h;
	struct net *net;

	if (!k || !name || !ret_host || !name[0] ||
	    strlen(name) >= sizeof(net->name))
		return -EINVAL;
	if (k->in_callback || tg_abroad(k))
		return -EDEADLK;
	if (find_host(k, name))
		return -EEXIST;
	ENTER(k);
	net = net_alloc(name);
	if (!net)
		return -ENOMEM;
	h = tg_host_around(k, net);
	if (!h) {
		net_free(net);
		return -ENOMEM;
	}
	*ret_host = h;
	return 0;
}

int tg_host_free(struct tg_host *h)
{
	struct tg_kernel *k;

	if (!h)
		return 0;
	k = h->k;
	if (tg_inside(k))
		return -EDEADLK;
	ENTER(k);
	tg_host_destroy(h);
	tg_realtime_arm(k);
	return 0;
}

const char *tg_host_name(const struct tg_host *h)
{
	return h->net->name;
}

/* Addresses, routes, devices */

int tg_addr_add(struct tg_host *h, const char *dev, const char *addr)
{
	return h ? tg_config_addr(h->self, true, dev, addr) : -EINVAL;
}

int tg_addr_del(struct tg_host *h, const char *dev, const char *addr)
{
	return h ? tg_config_addr(h->self, false, dev, addr) : -EINVAL;
}

int tg_route_add(struct tg_host *h, const char *dst, const char *via,
		 const char *dev)
{
	return h ? tg_config_route(h->self, true, dst, via, dev) : -EINVAL;
}

int tg_route_del(struct tg_host *h, const char *dst, const char *via,
		 const char *dev)
{
	return h ? tg_config_route(h->self, false, dst, via, dev) : -EINVAL;
}

int tg_dev_up(struct tg_host *h, const char *dev, bool up)
{
	return h ? tg_config_up(h->self, dev, up) : -EINVAL;
}

int tg_dev_mtu(struct tg_host *h, const char *dev, int mtu)
{
	return h ? tg_config_mtu(h->self, dev, mtu) : -EINVAL;
}

/* Text */

#define SYSCTL_NAME_MAX 128

/* "net.ipv4.tcp_rmem" to "ipv4/tcp_rmem". 0, -EINVAL, -ENOENT. */
static int sysctl_path(const char *name, char path[SYSCTL_NAME_MAX])
{
	if (!name || strlen(name) >= SYSCTL_NAME_MAX)
		return -EINVAL;
	if (strncmp(name, "net.", 4) && strncmp(name, "net/", 4))
		return -ENOENT;
	strcpy(path, name + 4);
	/* As sysctl(8): the first of the two separators is the separator. */
	if (name[3] == '.') {
		for (; *path; path++) {
			if (*path == '.')
				*path = '/';
			else if (*path == '/')
				*path = '.';
		}
	}
	return 0;
}

/* As snprintf() gives it. Frees @s. */
static long give_text(struct seq *s, int err, char *buf, size_t size)
{
	long len = (long)s->len;
	size_t n = s->len < size ? s->len : size - 1;

	if (!err && size) {
		if (n)
			memcpy(buf, s->buf, n);
		buf[n] = '\0';
	}
	seq_free(s);
	return err ? err : len;
}

int tg_sysctl_set(struct tg_host *h, const char *name, const char *value)
{
	char path[SYSCTL_NAME_MAX];
	int err;

	if (!h || !value)
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	err = sysctl_path(name, path);
	if (err)
		return err;
	ENTER(h->k);
	return proc_sys_write(h->net, path, value, strlen(value));
}

long tg_sysctl_get(struct tg_host *h, const char *name, char *buf, size_t size)
{
	char path[SYSCTL_NAME_MAX];
	struct seq s;
	int err;

	if (!h || (size && !buf))
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	err = sysctl_path(name, path);
	if (err)
		return err;
	ENTER(h->k);
	seq_init(&s);
	err = proc_sys_read(h->net, path, &s);
	return give_text(&s, err, buf, size);
}

long tg_proc_net(struct tg_host *h, const char *name, char *buf, size_t size)
{
	struct seq s;
	int err;

	if (!h || !name || (size && !buf))
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	ENTER(h->k);
	seq_init(&s);
	err = proc_net_read(h->net, name, &s);
	return give_text(&s, err, buf, size);
}

/* Counters: "Tcp: A B C" in one line, "Tcp: 1 2 3" in the next. */

struct word {
	const char *at;
	size_t len;
};

/* The next word of a line; len 0 at its end. */
static struct word next_word(const char **p, const char *end)
{
	struct word w;

	while (*p < end && **p == ' ')
		(*p)++;
	w.at = *p;
	while (*p < end && **p != ' ' && **p != '\n')
		(*p)++;
	w.len = (size_t)(*p - w.at);
	return w;
}

static const char *line_end(const char *p, const char *end)
{
	while (p < end && *p != '\n')
		p++;
	return p;
}

/* Does @name consist of the prefix ("Tcp:" without the colon) and @w? */
static bool is_counter(const char *name, struct word prefix, struct word w)
{
	size_t n = prefix.len - 1;

	return strlen(name) == n + w.len && !memcmp(name, prefix.at, n) &&
	       !memcmp(name + n, w.at, w.len);
}

static bool find_counter(const char *text, size_t len, const char *name,
			 uint64_t *ret_value)
{
	const char *end = text + len;

	while (text < end) {
		const char *names = text, *names_end = line_end(text, end);
		const char *values = names_end + 1, *values_end;
		struct word prefix, n, v;

		if (values >= end)
			return false;
		values_end = line_end(values, end);
		prefix = next_word(&names, names_end);
		(void)next_word(&values, values_end);
		if (!prefix.len)
			return false;
		for (;;) {
			n = next_word(&names, names_end);
			v = next_word(&values, values_end);
			if (!n.len || !v.len)
				break;
			if (is_counter(name, prefix, n)) {
				*ret_value = strtoull(v.at, NULL, 10);
				return true;
			}
		}
		text = values_end + 1;
	}
	return false;
}

int tg_counter(struct tg_host *h, const char *name, uint64_t *ret_value)
{
	static const char *const files[] = { "snmp", "netstat" };
	bool found = false;

	if (!h || !name || !ret_value)
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	ENTER(h->k);
	for (int i = 0; i < 2 && !found; i++) {
		struct seq s;

		seq_init(&s);
		if (proc_net_read(h->net, files[i], &s)) {
			seq_free(&s);
			return -ENOMEM;
		}
		found = find_counter(s.buf, s.len, name, ret_value);
		seq_free(&s);
	}
	return found ? 0 : -ENOENT;
}
