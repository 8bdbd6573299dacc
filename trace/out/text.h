/* SPDX-License-Identifier: MIT */
/*
 * Text that grows. When memory ends it stays as it is: a trace is cut short,
 * never the traced.
 */
#ifndef TRACE_OUT_TEXT_H
#define TRACE_OUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *s; /* not NUL-terminated */
	size_t len, size;
};

/* @n more bytes to write at the end, or NULL. They are counted already. */
char *text_room(struct text *t, size_t n);
void text_bytes(struct text *t, const void *p, size_t n);
void text_str(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_pad(struct text *t, size_t n); /* n spaces */
void text_dec(struct text *t, int64_t v);
void text_hex(struct text *t, uint64_t v); /* with 0x */
void text_printf(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void text_free(struct text *t);

static inline void text_clear(struct text *t)
{
	t->len = 0;
}

/* Bytes as a C string in quotes; "..." behind when @more than @n there were. */
void text_quoted(struct text *t, const void *p, size_t n, bool more);
/* As a JSON string; what is not UTF-8 becomes U+00XX. */
void text_json(struct text *t, const void *p, size_t n);
/* A time: 11.2us, 3.4ms, 1.20s */
void text_ns(struct text *t, uint64_t ns);

#endif
