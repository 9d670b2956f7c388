/*
 * Text that grows: what a report or a generated file is built in before it is written at once.
 * It never writes to a file itself.
 */
#ifndef SLIM_BASE_BUF_H
#define SLIM_BASE_BUF_H

#include "base/str.h"

/* All zero but for the arena is empty. */
struct buf {
	struct arena *arena;
	char *at;
	size_t len;
	size_t cap;
};

void buf_add(struct buf *buf, struct str s);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* n times c. */
void buf_fill(struct buf *buf, char c, size_t n);

static inline struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf->at, buf->len };
}

#endif
