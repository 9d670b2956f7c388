#define _DEFAULT_SOURCE /* le32toh */
#include "scan/cython_cut.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "scan/elf_data.h"

enum { ANCHORS = 4 }; /* places of "__name__" that are tried: docstrings may hold it too */

/* A table, and the array of lengths that may be its own. */
struct cut {
	struct str table;
	bool characters; /* lengths are of characters, not bytes */
	struct str part;
	size_t start; /* of the array in the part */
};

static uint32_t length_at(struct str part, size_t at)
{
	uint32_t value;

	memcpy(&value, part.ptr + at, sizeof(value));
	return le32toh(value);
}

static bool begins_character(char c)
{
	return ((unsigned char)c & 0xC0) != 0x80;
}

static size_t characters(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += begins_character(text.ptr[i]);
	return n;
}

/* The end of the string that begins at `from` and has that length, or more than the table's length. */
static size_t string_end(const struct cut *cut, size_t from, size_t length)
{
	if (!cut->characters)
		return length > cut->table.len - from ? cut->table.len + 1 : from + length;
	for (; length && from < cut->table.len; length--) {
		from++;
		while (from < cut->table.len && !begins_character(cut->table.ptr[from]))
			from++;
	}
	return length ? cut->table.len + 1 : from;
}

/* Goes over the strings; whether "__main__" and "__test__" are among them. With `out`, writes them there. */
static bool walk(const struct cut *cut, char *out, size_t *out_len)
{
	size_t at = 0;
	size_t place = cut->start;
	unsigned known = 0;

	*out_len = 0;
	while (at < cut->table.len && place + 4 <= cut->part.len) {
		size_t end = string_end(cut, at, length_at(cut->part, place));
		struct str string;

		if (end > cut->table.len)
			break;
		string = (struct str){ cut->table.ptr + at, end - at };
		known |= str_eq(string, STR("__main__")) ? 1U : 0;
		known |= str_eq(string, STR("__test__")) ? 2U : 0;
		if (out) {
			memcpy(out + *out_len, string.ptr, string.len);
			out[*out_len + string.len] = 0;
		}
		*out_len += string.len + 1;
		at = end;
		place += 4;
	}
	return known == 3;
}

/*
 * The array that has a string of 8 where `before` bytes or characters are before it: as lengths are not
 * negative, the sum of a window that ends there finds it in one pass.
 */
static bool find_lengths(struct cut *cut, size_t before)
{
	size_t sum = 0;
	size_t walks = 0;
	size_t out_len;

	cut->start = 0;
	for (size_t at = 0; at + 4 <= cut->part.len && walks < ANCHORS; at += 4) {
		uint32_t length = length_at(cut->part, at);

		if (length == 8 && sum == before && at > cut->start) {
			walks++;
			if (walk(cut, NULL, &out_len))
				return true;
		}
		sum += length;
		if (length > cut->table.len) {
			cut->start = at + 4;
			sum = 0;
		}
		for (; sum > before; cut->start += 4)
			sum -= length_at(cut->part, cut->start);
	}
	return false;
}

static bool find_in_part(struct cut *cut)
{
	struct str rest = cut->table;

	for (size_t i = 0; i < ANCHORS; i++) {
		ptrdiff_t hit = str_find(rest, STR("__name__"));
		struct str before;

		if (hit < 0)
			return false;
		rest = str_from(rest, (size_t)hit + 1);
		before = str_head(cut->table, (size_t)(rest.ptr - cut->table.ptr) - 1);
		cut->characters = false;
		if (find_lengths(cut, before.len))
			return true;
		cut->characters = true;
		if (characters(before) != before.len && find_lengths(cut, characters(before)))
			return true;
	}
	return false;
}

bool cython_cut(struct bytes elf, struct str *table, struct arena *scratch)
{
	struct elf_data data = elf_data_begin(elf);
	struct cut cut = { .table = *table };

	while (elf_data_next(&data, &cut.part)) {
		size_t len;
		char *out;

		if (!find_in_part(&cut))
			continue;
		(void)walk(&cut, NULL, &len);
		out = arena_array(scratch, char, len + 1);
		(void)walk(&cut, out, &len);
		*table = (struct str){ out, len };
		return true;
	}
	return false;
}
