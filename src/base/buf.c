#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static char *reserve(struct buf *buf, size_t more)
{
	if (buf->cap - buf->len < more) {
		size_t cap = buf->cap ? buf->cap : 1024;
		char *moved;

		while (cap - buf->len < more)
			cap = arena_mul(cap, 2);
		moved = arena_alloc(buf->arena, cap, 1);
		if (buf->len)
			memcpy(moved, buf->at, buf->len);
		buf->at = moved;
		buf->cap = cap;
	}
	return buf->len ? buf->at + buf->len : buf->at; /* NULL has no places */
}

void buf_add(struct buf *buf, struct str s)
{
	char *to = reserve(buf, s.len);

	if (s.len)
		memcpy(to, s.ptr, s.len);
	buf->len += s.len;
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	va_list again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		abort();
	(void)vsnprintf(reserve(buf, (size_t)len + 1), (size_t)len + 1, fmt, again);
	va_end(again);
	buf->len += (size_t)len;
}

void buf_fill(struct buf *buf, char c, size_t n)
{
	char *to = reserve(buf, n);

	if (n)
		memset(to, c, n);
	buf->len += n;
}
