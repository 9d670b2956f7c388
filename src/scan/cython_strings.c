#define _GNU_SOURCE /* memmem, memrchr */
#include "scan/cython_strings.h"

#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "scan/cython_cut.h"

enum {
	TABLE_MAX = 4 << 20, /* bytes of a table; that of a module of 100,000 lines has 1 MB */
	LZSS_LEAST = 200,    /* Cython leaves tables alone where it would save less */
	LZSS_STEP = 256,     /* from a place too early to the right one */
	ZLIB_LEAST = 50,
	LZSS_MATCH = 3,
	LZSS_NEAR = 0x80,
	WORK_FACTOR = 64, /* bytes that are unpacked in vain, for each byte of the file */
};

static bool holds(struct str text, struct str word)
{
	return str_find(text, word) >= 0;
}

/* Every module that Cython makes has these names. */
static bool is_table(struct str text)
{
	return holds(text, STR("__main__")) && holds(text, STR("__name__")) && holds(text, STR("__test__"));
}

/* "__main__" stands in the part: alone, as up to Cython 3.1, or in a table. */
static bool find_plain(struct str part, struct cython_strings *strings)
{
	const struct str word = STR("__main__");
	size_t from = 0;

	while (from < part.len) {
		struct str rest = str_from(part, from);
		const char *hit = memmem(rest.ptr, rest.len, word.ptr, word.len);
		const char *start;
		const char *end;

		if (!hit)
			return false;
		start = memrchr(rest.ptr, 0, (size_t)(hit - rest.ptr));
		start = start ? start + 1 : rest.ptr;
		end = memchr(hit, 0, rest.len - (size_t)(hit - rest.ptr));
		end = end ? end : rest.ptr + rest.len;
		if ((size_t)(end - start) == word.len)
			return true;
		strings->table = (struct str){ start, (size_t)(end - start) };
		if (is_table(strings->table))
			return true;
		strings->table = STR("");
		from += (size_t)(end - rest.ptr);
	}
	return false;
}

/* Inflates to `out`, or only counts where that is NULL. Returns the length of a whole stream, or 0. */
static size_t inflate_to(struct str packed, char *out, size_t room, size_t *work)
{
	unsigned char window[4096];
	z_stream z = { .avail_in = packed.len > TABLE_MAX ? TABLE_MAX : (uInt)packed.len };
	int status = Z_OK;

	memcpy(&z.next_in, &packed.ptr,
	       sizeof(z.next_in)); /* zlib only reads it, but its type has no const */
	if (inflateInit(&z) != Z_OK)
		arena_out_of_memory();
	while (status == Z_OK && z.total_out < room) {
		z.next_out = out ? (Bytef *)out + z.total_out : window;
		z.avail_out = out ? (uInt)(room - z.total_out) : sizeof(window);
		status = inflate(&z, Z_NO_FLUSH);
	}
	(void)inflateEnd(&z);
	*work += z.total_out;
	return status == Z_STREAM_END ? z.total_out : 0;
}

/* A look for a packed table, and what it has cost. */
struct search {
	struct bytes elf;
	struct arena *scratch;
	size_t work; /* bytes that were unpacked */
	size_t most; /* no place is tried when they are that many */
	struct cython_strings *strings;
};

/* Takes the text for the table, if it is one. */
static bool take_table(struct search *search, struct str text)
{
	if (!is_table(text))
		return false;
	search->strings->table = text;
	search->strings->cut = cython_cut(search->elf, &search->strings->table, search->scratch);
	return true;
}

/* Every place where a stream of zlib may begin is tried. */
static bool find_zlib(struct search *search, struct str part)
{
	for (size_t at = 0; at + 2 < part.len && search->work < search->most; at++) {
		const char *hit = memchr(part.ptr + at, 0x78, part.len - at - 2);
		struct str packed;
		char *out;
		size_t size;

		if (!hit)
			return false;
		at = (size_t)(hit - part.ptr);
		if (!memchr("\x01\x5e\x9c\xda", hit[1], 4))
			continue;
		packed = str_from(part, at);
		size = inflate_to(packed, NULL, TABLE_MAX, &search->work);
		if (size < ZLIB_LEAST)
			continue;
		out = arena_array(search->scratch, char, size + 1);
		(void)inflate_to(packed, out, size + 1, &search->work);
		if (take_table(search, (struct str){ out, size }))
			return true;
	}
	return false;
}

/* Where the unpacker is. */
struct lzss {
	const uint8_t *at;
	const uint8_t *end;
	char *out;
	size_t len;
	size_t room;
};

/* A copy of what was there before; false where there is no such thing, or no room. */
static bool lzss_copy(struct lzss *lzss)
{
	size_t low;
	size_t high;
	size_t distance;
	size_t length;

	if (lzss->end - lzss->at < 3)
		return false;
	low = *lzss->at++;
	high = *lzss->at++;
	if (low < 0x80) {
		distance = low;
		length = high;
	} else if (high < 0x80) {
		distance = LZSS_NEAR + (high << 2 & 0x180) + (low & 0x7f);
		length = high & 0x1f;
	} else {
		distance = LZSS_NEAR + ((high & 0x7f) << 7) + (low & 0x7f);
		length = *lzss->at++;
	}
	length += LZSS_MATCH;
	if (distance + length > lzss->len || length > lzss->room - lzss->len)
		return false;
	memcpy(lzss->out + lzss->len, lzss->out + lzss->len - distance - length, length);
	lzss->len += length;
	return true;
}

/* Unpacks as far as it goes: nothing says where the table ends. */
static void lzss_run(struct lzss *lzss)
{
	while (lzss->at < lzss->end) {
		unsigned flags = *lzss->at++ | 0x100U;

		for (; flags > 1; flags >>= 1) {
			if (!(flags & 1)) {
				if (!lzss_copy(lzss))
					return;
				continue;
			}
			if (lzss->at == lzss->end || lzss->len == lzss->room)
				return;
			lzss->out[lzss->len++] = (char)*lzss->at++;
		}
	}
}

/*
 * What follows the table is unpacked too. Behind "__test__" there are only names: all literals that are none
 * stand in front of them.
 */
static struct str trim_table(struct str text)
{
	struct str rest = text;
	size_t end = 0;

	for (;;) {
		ptrdiff_t hit = str_find(rest, STR("__test__"));

		if (hit < 0)
			break;
		end += (size_t)hit + 1;
		rest = str_from(text, end);
	}
	while (end < text.len && (unsigned char)text.ptr[end] >= ' ')
		end++;
	return str_head(text, end);
}

/*
 * Every place where LZSS may begin, with three bytes as they are, is tried: most fail soon. What begins a
 * little too early may get into step, so a place that can be cut is better.
 */
static bool find_lzss(struct search *search, struct str part)
{
	char *out = NULL;
	size_t last = part.len;
	bool found = false;

	for (size_t at = 0; at < last && search->work < search->most; at++) {
		struct lzss lzss = { .at = (const uint8_t *)part.ptr + at,
				     .end = (const uint8_t *)part.ptr + part.len,
				     .out = out,
				     .room = TABLE_MAX };

		if ((part.ptr[at] & 7) != 7)
			continue;
		if (!out)
			lzss.out = out = arena_array(search->scratch, char, TABLE_MAX);
		lzss_run(&lzss);
		search->work += lzss.len;
		if (lzss.len < LZSS_LEAST || !take_table(search, trim_table((struct str){ out, lzss.len })))
			continue;
		if (search->strings->cut)
			return true;
		found = true;
		last = at + LZSS_STEP < last ? at + LZSS_STEP : last;
		search->strings->table = str_dup(search->scratch, search->strings->table);
	}
	return found;
}

static bool any_part(struct search *search, bool (*find)(struct search *search, struct str part))
{
	struct elf_data data = elf_data_begin(search->elf);
	struct str part;

	search->work = 0;
	while (elf_data_next(&data, &part))
		if (find(search, part))
			return true;
	return false;
}

static bool plain_part(struct bytes elf, struct cython_strings *strings)
{
	struct elf_data data = elf_data_begin(elf);
	struct str part;

	while (elf_data_next(&data, &part))
		if (find_plain(part, strings))
			return true;
	return false;
}

/* Whether any of these stands in the data of a Python module; the last is in all
 * that Cython made since 0.29. */
static bool is_cython(struct bytes elf)
{
	static const struct str marks[] = { STR_INIT("__pyx_"),
					    STR_INIT("Re-initialisation is not supported") };
	struct elf_data data = elf_data_begin(elf);
	struct str part;
	bool module = false;
	bool cython = false;

	while (!(module && cython) && elf_data_next(&data, &part)) {
		module = module || holds(part, STR("PyInit_"));
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && !cython; i++)
			cython = holds(part, marks[i]);
	}
	return module && cython;
}

struct cython_strings cython_strings(struct bytes elf, struct arena *scratch)
{
	struct cython_strings strings = { .cython = is_cython(elf) };
	struct search search = { .elf = elf,
				 .scratch = scratch,
				 .most = elf.len > SIZE_MAX / WORK_FACTOR ? SIZE_MAX : elf.len * WORK_FACTOR,
				 .strings = &strings };

	if (!strings.cython)
		return strings;
	strings.found = plain_part(elf, &strings);
	if (strings.table.len)
		strings.cut = cython_cut(elf, &strings.table, scratch);
	if (!strings.found)
		strings.found = any_part(&search, find_zlib) || any_part(&search, find_lzss);
	return strings;
}
