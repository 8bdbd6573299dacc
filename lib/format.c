// SPDX-License-Identifier: MIT
/*
 * printf into a buffer: the conversions that lib/format.h lists.
 */
#include "lib/format.h"

#include "lib/string.h"

struct out {
	char *buf;
	size_t len, size; /* size: with the NUL */
};

struct spec {
	bool left, zero;
	int width, precision; /* precision -1: not given */
	int longs; /* 0 int, 1 long, 2 long long, -1 short, -2 char */
};

static inline void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len++] = c;
}

static void put_padded(struct out *o, const struct spec *sp, const char *s,
		       int n)
{
	int pad = sp->width - n;

	for (; !sp->left && pad > 0; pad--)
		put(o, ' ');
	while (n--)
		put(o, *s++);
	for (; pad > 0; pad--)
		put(o, ' ');
}

static void put_number(struct out *o, struct spec *sp, u64 v, bool negative,
		       unsigned int base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char tmp[80];
	int at = sizeof(tmp), min_digits = sp->precision;

	/* A precision makes '0' void, as in C. */
	if (min_digits < 0)
		min_digits = sp->zero && !sp->left ? sp->width - negative : 1;
	min_digits = min(min_digits, 64);
	while (v || min_digits > 0) {
		tmp[--at] = digits[v % base];
		v /= base;
		min_digits--;
	}
	if (negative)
		tmp[--at] = '-';
	put_padded(o, sp, tmp + at, (int)sizeof(tmp) - at);
}

static void put_string(struct out *o, const struct spec *sp, const char *s)
{
	int n = 0;

	if (!s)
		s = "(null)";
	while ((sp->precision < 0 || n < sp->precision) && s[n])
		n++;
	put_padded(o, sp, s, n);
}

static void put_ip4(struct out *o, const struct spec *sp, const u8 *a)
{
	char tmp[16];
	int n = scnprintf(tmp, sizeof(tmp), "%d.%d.%d.%d", a[0], a[1], a[2],
			  a[3]);

	put_padded(o, sp, tmp, n);
}

static inline int parse_int(const char **fmt, va_list *ap)
{
	int v = 0;

	if (**fmt == '*') {
		(*fmt)++;
		return va_arg(*ap, int);
	}
	while (**fmt >= '0' && **fmt <= '9')
		v = v * 10 + *(*fmt)++ - '0';
	return v;
}

static const char *parse_spec(const char *fmt, struct spec *sp, va_list *ap)
{
	*sp = (struct spec){ .precision = -1 };
	for (;; fmt++) {
		if (*fmt == '-')
			sp->left = true;
		else if (*fmt == '0')
			sp->zero = true;
		else
			break;
	}
	sp->width = parse_int(&fmt, ap);
	if (sp->width < 0) {
		sp->left = true;
		sp->width = -sp->width;
	}
	if (*fmt == '.') {
		fmt++;
		sp->precision = parse_int(&fmt, ap);
	}
	for (;; fmt++) {
		if (*fmt == 'l')
			sp->longs++;
		else if (*fmt == 'z')
			sp->longs = 1;
		else if (*fmt == 'h')
			sp->longs--;
		else
			return fmt;
	}
}

static u64 get_unsigned(const struct spec *sp, va_list *ap)
{
	if (sp->longs > 0)
		return va_arg(*ap, unsigned long);
	if (sp->longs == -1)
		return (u16)va_arg(*ap, unsigned int);
	if (sp->longs == -2)
		return (u8)va_arg(*ap, unsigned int);
	return va_arg(*ap, unsigned int);
}

static s64 get_signed(const struct spec *sp, va_list *ap)
{
	if (sp->longs > 0)
		return va_arg(*ap, long);
	if (sp->longs == -1)
		return (s16)va_arg(*ap, int);
	if (sp->longs == -2)
		return (s8)va_arg(*ap, int);
	return va_arg(*ap, int);
}

/* One conversion; @fmt is at its letter. Returns what follows. */
static const char *convert(struct out *o, const char *fmt, struct spec *sp,
			   va_list *ap)
{
	const void *p;
	char c;
	s64 v;

	switch (*fmt) {
	case 'd':
	case 'i':
		v = get_signed(sp, ap);
		put_number(o, sp, v < 0 ? 0 - (u64)v : (u64)v, v < 0, 10,
			   false);
		break;
	case 'u':
		put_number(o, sp, get_unsigned(sp, ap), false, 10, false);
		break;
	case 'o':
		put_number(o, sp, get_unsigned(sp, ap), false, 8, false);
		break;
	case 'x':
	case 'X':
		put_number(o, sp, get_unsigned(sp, ap), false, 16, *fmt == 'X');
		break;
	case 'c':
		c = (char)va_arg(*ap, int);
		put_padded(o, sp, &c, 1);
		break;
	case 's':
		put_string(o, sp, va_arg(*ap, const char *));
		break;
	case 'p':
		p = va_arg(*ap, const void *);
		if (fmt[1] == 'I' && fmt[2] == '4') {
			put_ip4(o, sp, p);
			return fmt + 3;
		}
		put(o, '0');
		put(o, 'x');
		put_number(o, sp, (uintptr_t)p, false, 16, false);
		break;
	case '\0':
		return fmt;
	default: /* '%' too */
		put(o, *fmt);
		break;
	}
	return fmt + 1;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, 0, size };
	struct spec sp;
	va_list ap;

	if (!size)
		return 0;
	va_copy(ap, args);
	while (*fmt) {
		if (*fmt != '%') {
			put(&o, *fmt++);
			continue;
		}
		fmt = parse_spec(fmt + 1, &sp, &ap);
		fmt = convert(&o, fmt, &sp, &ap);
	}
	va_end(ap);
	buf[o.len] = '\0';
	return (int)o.len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vscnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
