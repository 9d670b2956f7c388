/*
 * Counted strings. A struct str borrows its bytes: it never owns, never frees and
 * need not end in NUL. It never looks at a locale: order and equality are those of bytes.
 */
#ifndef SLIM_BASE_STR_H
#define SLIM_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Text, or a name from outside, which may hold any byte. */
struct str {
	const char *ptr;
	size_t len;
};

/* Contents of a file. */
struct bytes {
	const uint8_t *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* The same as an initialiser of static tables. */
#define STR_INIT(literal)                                                                                    \
	{                                                                                                    \
		"" literal, sizeof(literal) - 1                                                              \
	}
/* For "%.*s". Only for text that is known to be printable; names from outside go through base/text.h. */
#define STR_ARG(s) ((int)(s).len), ((s).ptr)

/* A view of a NUL-terminated string; NULL gives the empty string. */
struct str str_of(const char *z);

bool str_eq(struct str a, struct str b);
/* Equal but for the case of ASCII letters. */
bool str_eq_nocase(struct str a, struct str b);
/* memcmp order, a prefix before what it begins: the order of everything slim writes. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
/* Takes the prefix off, where the text begins so. */
bool str_take(struct str *s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* The place of needle in s, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);

/* The part from byte `from` on; empty when there is none. */
struct str str_from(struct str s, size_t from);
/* The first `n` bytes, or all. */
struct str str_head(struct str s, size_t n);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/*
 * Cuts s at the first `sep`: head before it, tail behind it. Without a separator head is
 * all of s, tail is empty and the result is false. head or tail may alias &s.
 */
bool str_cut(struct str s, char sep, struct str *head, struct str *tail);

/* The last component of a path ("a/b" gives "b"), and all before its slash ("a"; "" when there is none). */
struct str str_base(struct str path);
/* What is behind the last dot, or all. */
struct str str_after_dot(struct str name);
struct str str_dir(struct str path);
/* The first component: "a/b" gives "a". */
struct str str_top(struct str path);

/* A copy in the arena, with a NUL behind it that len does not count. */
struct str str_dup(struct arena *arena, struct str s);
struct str str_fmt(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline struct str str_of_bytes(struct bytes b)
{
	return (struct str){ (const char *)b.ptr, b.len };
}

static inline struct bytes bytes_of_str(struct str s)
{
	return (struct bytes){ (const uint8_t *)s.ptr, s.len };
}

#endif
