/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: packets into a file. The format is that of libpcap with times
 * in nanoseconds (magic 0xa1b23c4d); packets begin with the IP header
 * (LINKTYPE_RAW, 101), since that is what all devices have.
 */
#include "ports/sim/library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCAP_MAGIC_NS 0xa1b23c4dU
#define LINKTYPE_RAW 101
#define SNAPLEN 262144

struct tg_pcap {
	struct list_head list; /* tg_kernel.pcaps */
	struct tg_kernel *k;
	struct tg_tap *tap;
	FILE *file;
};

struct pcap_file_header {
	uint32_t magic;
	uint16_t major, minor;
	int32_t zone;
	uint32_t accuracy, snaplen, linktype;
};

struct pcap_packet_header {
	uint32_t sec, nsec, caplen, len;
};

static void write_packet(void *arg, const struct tg_packet *p)
{
	struct tg_pcap *c = arg;
	u64 t = port_realtime_ns();
	struct pcap_packet_header h = {
		.sec = (uint32_t)(t / TG_SEC),
		.nsec = (uint32_t)(t % TG_SEC),
		.caplen = (uint32_t)p->len,
		.len = (uint32_t)p->len,
	};

	/* Errors stay with the stream: tg_pcap_free() asks for them. */
	(void)fwrite(&h, sizeof(h), 1, c->file);
	(void)fwrite(p->data, p->len, 1, c->file);
}

int tg_pcap_open(struct tg_kernel *k, struct tg_host *h, const char *dev,
		 const char *path, struct tg_pcap **ret_pcap)
{
	static const struct pcap_file_header header = {
		.magic = PCAP_MAGIC_NS,
		.major = 2,
		.minor = 4,
		.snaplen = SNAPLEN,
		.linktype = LINKTYPE_RAW,
	};
	struct tg_pcap *c;
	int err;

	if (!k || !path || !ret_pcap)
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->k = k;
	c->file = fopen(path, "wbe");
	if (!c->file) {
		err = -errno;
		goto out_free;
	}
	err = tg_tap_new(k, h, dev, write_packet, c, &c->tap);
	if (err)
		goto out_close;
	(void)fwrite(&header, sizeof(header), 1, c->file);
	list_add_tail(&c->list, &k->pcaps);
	*ret_pcap = c;
	return 0;

out_close:
	fclose(c->file);
out_free:
	free(c);
	return err;
}

int tg_pcap_free(struct tg_pcap *c)
{
	int err = 0;

	if (!c)
		return 0;
	if (c->k->in_callback)
		return -EDEADLK;
	tg_tap_free(c->tap);
	if (ferror(c->file))
		err = -EIO;
	if (fclose(c->file) && !err)
		err = -errno;
	list_del(&c->list);
	free(c);
	return err;
}

void tg_pcaps_free(struct tg_kernel *k)
{
	struct tg_pcap *c, *n;

	list_for_each_entry_safe(c, n, &k->pcaps, list)
		(void)tg_pcap_free(c);
}
