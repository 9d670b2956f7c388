/*
 * Text for people: names from outside made printable, sizes, percentages, nearest names.
 * Nothing here prints, allocates or asks the locale.
 */
#ifndef SLIM_BASE_TEXT_H
#define SLIM_BASE_TEXT_H

#include "base/str.h"

/* No byte becomes more than four, so a name of TEXT_NAME_RAW bytes is always shown whole. */
enum { TEXT_NAME_RAW = 256, TEXT_NAME_MAX = 4 * TEXT_NAME_RAW + 16, TEXT_SIZE_MAX = 32 };

/* Whether s is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(struct str s);
bool text_is_ascii(struct str s);

/*
 * The name with every control character, bidirectional control, invalid byte and backslash
 * written as \xNN or \uNNNN, cut in the middle with "..." where it would not fit.
 * out always ends in NUL.
 */
void text_name(char out[TEXT_NAME_MAX], struct str name);
/* The same without a bound on the length, in the arena. */
struct str text_escape(struct arena *arena, struct str name);

/* "214.6 MiB", "12.0 KiB", "117 B": one decimal above bytes, one unit family (IEC). */
void text_size(char out[TEXT_SIZE_MAX], uint64_t bytes);
/* "6,218" */
void text_count(char out[TEXT_SIZE_MAX], uint64_t n);
/* part / whole as "85.8%"; "0.0%" where whole is 0. Rounded to nearest in integers. */
void text_percent(char out[TEXT_SIZE_MAX], uint64_t part, uint64_t whole);

/* "4096", "64K", "250 MiB", "1.5GB": bytes, with SI or IEC units. False where it is not a size. */
bool text_parse_size(struct str s, uint64_t *bytes);

/*
 * Whether a YAML text has a tab outside comments, and where (from 1). YAML lets tabs separate but not indent,
 * which people get wrong, and some of them crash libfyaml 0.7.12: our files do without.
 */
bool text_find_yaml_tab(struct str text, size_t *line, size_t *column);

/*
 * The candidate nearest to `word` by Damerau-Levenshtein distance, if it is near enough to be a
 * slip (at most a third of the word's length, at least 1); else -1. First of equals wins.
 */
ptrdiff_t text_nearest(struct str word, const struct str *candidates, size_t count);

#endif
