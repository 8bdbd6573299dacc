// SPDX-License-Identifier: MIT
/* The text of pseudo files. */
#include "fs/seq.h"

#include "kernel/slab.h"
#include "lib/format.h"
#include "lib/string.h"

#define SEQ_FIRST_SIZE 4096
#define SEQ_LINE_MAX 512 /* of one seq_printf() */

/* Room for @n more bytes; false: none. */
static bool seq_reserve(struct seq *s, size_t n)
{
	size_t size = s->size ? s->size : SEQ_FIRST_SIZE;
	char *buf;

	if (s->failed)
		return false;
	if (s->len + n <= s->size)
		return true;
	while (size < s->len + n)
		size *= 2;
	buf = size <= KMALLOC_MAX ? kmalloc(size) : NULL;
	if (!buf) {
		s->failed = true;
		return false;
	}
	memcpy(buf, s->buf ? s->buf : "", s->len);
	kfree(s->buf);
	s->buf = buf;
	s->size = size;
	return true;
}

void seq_free(struct seq *s)
{
	kfree(s->buf);
	seq_init(s);
}

void seq_printf(struct seq *s, const char *fmt, ...)
{
	va_list ap;

	if (!seq_reserve(s, SEQ_LINE_MAX))
		return;
	va_start(ap, fmt);
	s->len += vscnprintf(s->buf + s->len, SEQ_LINE_MAX, fmt, ap);
	va_end(ap);
}

void seq_puts(struct seq *s, const char *text)
{
	size_t n = strlen(text);

	if (!seq_reserve(s, n))
		return;
	memcpy(s->buf + s->len, text, n);
	s->len += n;
}

void seq_pad_line(struct seq *s, size_t start, size_t width)
{
	size_t done = s->len - start, pad = done < width ? width - done : 0;

	if (!seq_reserve(s, pad + 1))
		return;
	memset(s->buf + s->len, ' ', pad);
	s->len += pad;
	s->buf[s->len++] = '\n';
}
