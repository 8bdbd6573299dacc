/* SPDX-License-Identifier: MIT */
#include "trace/out/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_room(struct text *t, size_t n)
{
	size_t size = t->size ? t->size : 256;
	char *s;

	if (t->size - t->len < n) {
		while (size - t->len < n)
			size *= 2;
		s = realloc(t->s, size);
		if (!s)
			return NULL;
		t->s = s;
		t->size = size;
	}
	t->len += n;
	return t->s + t->len - n;
}

void text_bytes(struct text *t, const void *p, size_t n)
{
	char *to = n ? text_room(t, n) : NULL;

	if (to)
		memcpy(to, p, n);
}

void text_str(struct text *t, const char *s)
{
	text_bytes(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
	text_bytes(t, &c, 1);
}

void text_pad(struct text *t, size_t n)
{
	char *to = text_room(t, n);

	if (to)
		memset(to, ' ', n);
}

void text_dec(struct text *t, int64_t v)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = '0' + u % 10;
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	text_bytes(t, p, digits + sizeof(digits) - p);
}

void text_hex(struct text *t, uint64_t v)
{
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = "0123456789abcdef"[v & 15];
	while (v >>= 4);
	*--p = 'x';
	*--p = '0';
	text_bytes(t, p, digits + sizeof(digits) - p);
}

void text_printf(struct text *t, const char *fmt, ...)
{
	char small[256], *to;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < (int)sizeof(small)) {
		text_bytes(t, small, n > 0 ? n : 0);
		return;
	}
	to = text_room(t, n + 1);
	if (!to)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(to, n + 1, fmt, ap);
	va_end(ap);
	t->len--;
}

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){ 0 };
}

void text_quoted(struct text *t, const void *p, size_t n, bool more)
{
	static const char named[] = "\n\r\t\"\\", letter[] = "nrt\"\\";
	const unsigned char *c = p;
	const char *found;
	size_t i;

	text_char(t, '"');
	for (i = 0; i < n; i++) {
		found = c[i] ? strchr(named, c[i]) : NULL;
		if (found) {
			text_char(t, '\\');
			text_char(t, letter[found - named]);
		} else if (c[i] >= ' ' && c[i] < 127) {
			text_char(t, c[i]);
		} else {
			text_printf(t, "\\x%02x", c[i]);
		}
	}
	text_char(t, '"');
	if (more)
		text_str(t, "...");
}

/* The length of the UTF-8 sequence at @c, 0 when it is none. */
static size_t utf8_len(const unsigned char *c, size_t n)
{
	size_t len, i;

	if (c[0] < 0x80)
		return 1;
	if (c[0] >= 0xc2 && c[0] <= 0xdf)
		len = 2;
	else if ((c[0] & 0xf0) == 0xe0)
		len = 3;
	else if (c[0] >= 0xf0 && c[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	for (i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond U+10FFFF */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return len;
}

void text_json(struct text *t, const void *p, size_t n)
{
	const unsigned char *c = p;
	size_t i, len;

	text_char(t, '"');
	for (i = 0; i < n; i += len) {
		len = utf8_len(c + i, n - i);
		if (c[i] == '"' || c[i] == '\\') {
			text_char(t, '\\');
			text_char(t, c[i]);
		} else if (!len || c[i] < ' ' || c[i] == 127) {
			text_printf(t, "\\u%04x", c[i]);
			len = 1;
		} else {
			text_bytes(t, c + i, len);
		}
	}
	text_char(t, '"');
}

void text_ns(struct text *t, uint64_t ns)
{
	if (ns < 1000000)
		text_printf(t, "%.1fus", ns / 1e3);
	else if (ns < 1000000000)
		text_printf(t, "%.1fms", ns / 1e6);
	else
		text_printf(t, "%.2fs", ns / 1e9);
}
