/* SPDX-License-Identifier: MIT */
/*
 * Text that grows as it is written: the contents of a pseudo file.
 *
 * When memory runs out the text is cut and `failed` set; who writes need not
 * look, who reads must.
 */
#ifndef FS_SEQ_H
#define FS_SEQ_H

#include "lib/types.h"

struct seq {
	char *buf; /* NULL while empty; not ended by NUL */
	size_t len, size;
	bool failed;
};

static inline void seq_init(struct seq *s)
{
	*s = (struct seq){ NULL, 0, 0, false };
}
/* Frees the text; it may be written again. */
void seq_free(struct seq *s);
void seq_printf(struct seq *s, const char *fmt, ...) __printf(2, 3);
void seq_puts(struct seq *s, const char *text);
/* Fill with blanks up to @width characters after @start, then newline. */
void seq_pad_line(struct seq *s, size_t start, size_t width);

#endif
