#include "scan/markers.h"

#include <string.h>

#include "base/arena.h"
#include "scan/python_lex.h"

static size_t word_slot(struct str word)
{
	unsigned char first = (unsigned char)word.ptr[0];
	unsigned char last = (unsigned char)word.ptr[word.len - 1];
	unsigned char middle = (unsigned char)word.ptr[word.len / 2];

	return (first * 131U + last * 31U + middle * 7U + word.len * 1031U) % WORD_BITS;
}

static size_t gram_slot(const char *at)
{
	uint32_t gram = (unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8 |
			(uint32_t)(unsigned char)at[2] << 16;

	return (uint32_t)(gram * 2654435761U) >> 16;
}

static bool has_gram(const struct markers *markers, const char *at)
{
	size_t slot = gram_slot(at);

	return markers->gram_filter[slot / 8] & 1U << slot % 8;
}

void markers_add(struct markers *markers, struct arena *arena, struct str name, bool called)
{
	struct str word = name;
	uint32_t index = (uint32_t)markers->list.len;
	uint32_t *head;
	bool added;

	while (word.len && !python_is_word(word.ptr[0]))
		word = str_from(word, 1);
	for (size_t i = 0; i < word.len; i++)
		if (!python_is_word(word.ptr[i]))
			word.len = i;
	if (word.len == 0) {
		markers->wordless = true;
		return;
	}
	if (!markers->word_filter)
		markers->word_filter = arena_array(arena, uint8_t, WORD_BITS / 8);
	head = map_put(arena, &markers->words, word, &added);
	for (uint32_t i = added ? UINT32_MAX : *head; i != UINT32_MAX; i = markers->list.at[i].next)
		if (str_eq(markers->list.at[i].name, name) && markers->list.at[i].called == called)
			return;
	*vec_push(arena, &markers->list) = (struct marker){
		.name = name, .word = word, .called = called, .next = added ? UINT32_MAX : *head
	};
	*head = index;
	markers->word_filter[word_slot(word) / 8] |= (uint8_t)(1U << word_slot(word) % 8);
}

void markers_finish(struct markers *markers, struct arena *arena)
{
	size_t shortest = SIZE_MAX;

	markers->gram_filter = arena_array(arena, uint8_t, WORD_BITS / 8);
	for (size_t i = 0; i < markers->list.len; i++)
		if (markers->list.at[i].word.len < shortest)
			shortest = markers->list.at[i].word.len;
	markers->gram_step = shortest >= GRAM && shortest < SIZE_MAX ? shortest - GRAM + 1 : 1;
	/* A word that is shorter than a gram can begin anywhere. */
	if (shortest < GRAM)
		memset(markers->gram_filter, 0xFF, WORD_BITS / 8);
	for (size_t i = 0; i < markers->list.len; i++) {
		struct str word = markers->list.at[i].word;

		for (size_t at = 0; at < markers->gram_step && at + GRAM <= word.len; at++) {
			size_t slot = gram_slot(word.ptr + at);

			markers->gram_filter[slot / 8] |= (uint8_t)(1U << slot % 8);
		}
	}
}

/* The first marker that begins with this word, or NULL. */
static const struct marker *marker_of(const struct markers *markers, struct str word)
{
	size_t slot = word_slot(word);
	const uint32_t *index;

	if (!markers->word_filter || !(markers->word_filter[slot / 8] & 1U << slot % 8))
		return NULL;
	index = map_get(&markers->words, word);
	return index ? &markers->list.at[*index] : NULL;
}

enum { CONTEXT_MAX = 512 }; /* bytes around a name that are looked at; beyond them anything may be */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

/*
 * Whether [start, stop) may stand in a literal: what is around it up to blanks, quotes and braces touches a
 * quote or a hole, or is a path.
 */
static bool in_literal(struct str text, size_t start, size_t stop)
{
	static const char ends[] = " \t\r\n\"'{}";
	size_t low = start > CONTEXT_MAX ? start - CONTEXT_MAX : 0;
	size_t high = text.len - stop > CONTEXT_MAX ? stop + CONTEXT_MAX : text.len;

	while (start > low && !strchr(ends, text.ptr[start - 1]))
		start--;
	while (stop < high && !strchr(ends, text.ptr[stop]))
		stop++;
	if ((start == low && low) || (stop == high && high < text.len) ||
	    memchr(text.ptr + start, '/', stop - start))
		return true;
	return (start && strchr("\"'}", text.ptr[start - 1])) ||
	       (stop < text.len && strchr("\"'{", text.ptr[stop]));
}

/* Whether an option -m is in front of the name, of which a command in a literal says more than the quotes. */
static bool in_option(struct str text, size_t start)
{
	while (start && is_blank(text.ptr[start - 1]))
		start--;
	return start > 1 && text.ptr[start - 1] == 'm' && text.ptr[start - 2] == '-';
}

/*
 * Whether what is in front of a name in its line may be the start of a line in a from-import that goes over
 * several: names with commas behind them. Prose mostly has words without.
 */
static bool is_name_list(struct str before)
{
	bool open = false; /* a name, so far without comma */

	for (size_t i = 0; i < before.len;) {
		size_t start = i;
		struct str word;

		while (i < before.len && python_is_word(before.ptr[i]))
			i++;
		word = (struct str){ before.ptr + start, i - start };
		if (word.len) {
			if (open && !str_eq(word, STR("as")))
				return false;
			open = !str_eq(word, STR("as"));
			continue;
		}
		if (strchr(",(", before.ptr[i]))
			open = false;
		else if (!is_blank(before.ptr[i]))
			return false;
		i++;
	}
	return !open;
}

/* Whether the line that begins at `at` goes on from the one before by a backslash. */
static bool joins_line_before(struct str text, size_t at)
{
	size_t end = at;

	if (end && text.ptr[end - 1] == '\n')
		end--;
	if (end && text.ptr[end - 1] == '\r')
		end--;
	return end < at && end && text.ptr[end - 1] == '\\';
}

/* Whether what follows this part of a line is surely in a comment: no quote makes the '#' part of a literal.
 */
static bool is_comment(struct str before)
{
	return before.len && memchr(before.ptr, '#', before.len) && !memchr(before.ptr, '"', before.len) &&
	       !memchr(before.ptr, '\'', before.len);
}

/* Whether [start, stop) may stand in an import statement: in a line of one, or of nothing but names. */
static bool in_import(struct str text, size_t start, size_t stop)
{
	struct str before;
	size_t low = start;
	size_t high = stop;

	while (low && start - low < CONTEXT_MAX && text.ptr[low - 1] != '\n' && text.ptr[low - 1] != '\r')
		low--;
	while (high < text.len && high - stop < CONTEXT_MAX && text.ptr[high] != '\n' &&
	       text.ptr[high] != '\r')
		high++;
	if (start - low == CONTEXT_MAX || high - stop == CONTEXT_MAX)
		return true;
	before = str_head(str_from(text, low), start - low);
	if (is_comment(before))
		return false;
	if (joins_line_before(text, low) || is_name_list(before))
		return true;
	text = str_head(str_from(text, low), high - low);
	return str_find(text, STR("import")) >= 0 || str_find(text, STR("from")) >= 0;
}

/* Whether one of the markers that begin with the word at `at` stands there as a whole, and may refer to it.
 */
static bool refers_at(const struct markers *markers, struct str text, size_t at, const struct marker *marker)
{
	for (;; marker = &markers->list.at[marker->next]) {
		size_t skip = (size_t)(marker->word.ptr - marker->name.ptr);
		size_t start = at - (skip <= at ? skip : at);
		size_t stop = start + marker->name.len;

		if (skip <= at && str_starts(str_from(text, start), marker->name) &&
		    (marker->called || in_literal(text, start, stop) || in_option(text, start) ||
		     in_import(text, start, stop)))
			return true;
		if (marker->next == UINT32_MAX)
			return false;
	}
}

bool markers_hinted_in(const struct markers *markers, struct str name)
{
	if (markers->wordless)
		return true;
	for (size_t at = 0; at < name.len; at++) {
		size_t start = at;

		while (at < name.len && python_is_word(name.ptr[at]))
			at++;
		if (at > start && marker_of(markers, (struct str){ name.ptr + start, at - start }))
			return true;
	}
	return false;
}

/* Whether a word of a marker may lie around `at`; it starts there if every byte is looked at. */
static bool may_be_word(const struct markers *markers, struct str source, size_t at)
{
	if (at + GRAM <= source.len && !has_gram(markers, source.ptr + at))
		return false;
	return markers->gram_step > 1 || at == 0 || !python_is_word(source.ptr[at - 1]);
}

/*
 * Looks at every gram_step-th byte only, whether three bytes of a marker's word are there: a word is longer
 * than a step and three bytes, so one look falls into it.
 */
bool markers_named_in(const struct markers *markers, struct str source)
{
	size_t seen = 0;
	size_t at = 0;

	if (markers->wordless)
		return true;
	while (at < source.len) {
		const struct marker *marker;
		size_t start = at;
		size_t stop = at;

		if (!may_be_word(markers, source, at)) {
			at += markers->gram_step;
			continue;
		}
		while (start > seen && python_is_word(source.ptr[start - 1]))
			start--;
		while (stop < source.len && python_is_word(source.ptr[stop]))
			stop++;
		seen = stop;
		at = stop > at ? stop : at + 1;
		if (start == stop)
			continue;
		marker = marker_of(markers, (struct str){ source.ptr + start, stop - start });
		if (marker && refers_at(markers, source, start, marker))
			return true;
	}
	return false;
}
