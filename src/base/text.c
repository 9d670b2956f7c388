#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

/* Length of the well-formed UTF-8 sequence at s, or 0; *point gets the code point. */
static size_t utf8_step(struct str s, uint32_t *point)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;

	if (need == 0 || need > s.len || p[0] > 0xf4)
		return 0;
	*point = need == 1 ? p[0] : p[0] & (0x7fU >> need);
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (p[i] & 0x3fU);
	}
	if (*point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000) || (need > 1 && *point < least[need]))
		return 0;
	return need;
}

/* Bytes at the start of s that are surely ASCII, by eights: names mostly are, and there are many. */
static size_t ascii_prefix(struct str s)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.ptr + i, sizeof(word));
		if (word & 0x8080808080808080ULL)
			break;
	}
	return i;
}

bool text_is_ascii(struct str s)
{
	for (size_t i = ascii_prefix(s); i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

bool text_is_utf8(struct str s)
{
	s = str_from(s, ascii_prefix(s));
	while (s.len) {
		uint32_t point;
		size_t step = utf8_step(s, &point);

		if (!step)
			return false;
		s = str_from(s, step);
	}
	return true;
}

/* Characters that would change how the text around them is read. */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || c == 0x7f || c == '\\' || (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

enum { STEP_MAX = 12 };

/* Writes one escaped character of s to out (at least STEP_MAX bytes); its input length. */
static size_t escape_step(char *out, size_t *written, struct str s)
{
	uint32_t point = 0;
	size_t step = utf8_step(s, &point);

	if (!step) {
		*written = (size_t)snprintf(out, STEP_MAX, "\\x%02x", (unsigned char)s.ptr[0]);
		return 1;
	}
	if (point == '\\')
		*written = (size_t)snprintf(out, STEP_MAX, "\\\\");
	else if (is_unsafe(point) && point < 0x80)
		*written = (size_t)snprintf(out, STEP_MAX, "\\x%02x", (unsigned)point);
	else if (is_unsafe(point))
		*written = (size_t)snprintf(out, STEP_MAX, "\\u%04" PRIx32, point);
	else {
		memcpy(out, s.ptr, step);
		*written = step;
	}
	return step;
}

struct str text_escape(struct arena *arena, struct str name)
{
	char *out = arena_alloc(arena, arena_mul(name.len, STEP_MAX) + STEP_MAX, 1);
	size_t len = 0;

	while (name.len) {
		size_t written;

		name = str_from(name, escape_step(out + len, &written, name));
		len += written;
	}
	out[len] = '\0';
	return (struct str){ out, len };
}

void text_name(char out[TEXT_NAME_MAX], struct str name)
{
	char step_text[STEP_MAX];
	size_t len = 0;
	size_t written;

	if (name.len > TEXT_NAME_RAW) {
		struct str head = str_head(name, TEXT_NAME_RAW / 2);
		struct str tail = str_from(name, name.len - TEXT_NAME_RAW / 2);

		while (tail.len && ((unsigned char)tail.ptr[0] & 0xc0) == 0x80)
			tail = str_from(tail, 1);
		while (head.len && ((unsigned char)head.ptr[head.len - 1] & 0x80))
			head.len--;
		for (; head.len;
		     head = str_from(head, escape_step(out + len, &written, head)), len += written)
			;
		memcpy(out + len, "...", 3);
		len += 3;
		name = tail;
	}
	while (name.len) {
		size_t step = escape_step(step_text, &written, name);

		memcpy(out + len, step_text, written);
		len += written;
		name = str_from(name, step);
	}
	out[len] = '\0';
}

void text_size(char out[TEXT_SIZE_MAX], uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned shift = 10;
	uint64_t tenths;

	if (bytes < 1024) {
		(void)snprintf(out, TEXT_SIZE_MAX, "%" PRIu64 " B", bytes);
		return;
	}
	while (shift < 60 && bytes >> shift >= 1024)
		shift += 10;
	tenths = (bytes >> shift) * 10 +
		 (((bytes & ((1ULL << shift) - 1)) * 10 + (1ULL << (shift - 1))) >> shift);
	if (tenths >= 10240 && shift < 60) { /* 1023.96 KiB reads as 1.0 MiB */
		shift += 10;
		tenths = 10;
	}
	(void)snprintf(out, TEXT_SIZE_MAX, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
		       units[shift / 10 - 1]);
}

void text_count(char out[TEXT_SIZE_MAX], uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	char *to = out;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
}

void text_percent(char out[TEXT_SIZE_MAX], uint64_t part, uint64_t whole)
{
	unsigned __int128 scaled = (unsigned __int128)part * 1000;
	uint64_t tenths = whole ? (uint64_t)((scaled + whole / 2) / whole) : 0;

	(void)snprintf(out, TEXT_SIZE_MAX, "%" PRIu64 ".%" PRIu64 "%%", tenths / 10, tenths % 10);
}

/* Bytes in one unit, or 0. */
static uint64_t unit_bytes(struct str unit)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} units[] = {
		{ "", 1 },
		{ "b", 1 },
		{ "k", 1 << 10 },
		{ "kib", 1 << 10 },
		{ "kb", 1000 },
		{ "m", 1 << 20 },
		{ "mib", 1 << 20 },
		{ "mb", 1000000 },
		{ "g", 1 << 30 },
		{ "gib", 1 << 30 },
		{ "gb", 1000000000 },
		{ "t", 1ULL << 40 },
		{ "tib", 1ULL << 40 },
		{ "tb", 1000000000000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq_nocase(unit, str_of(units[i].name)))
			return units[i].bytes;
	return 0;
}

bool text_parse_size(struct str s, uint64_t *bytes)
{
	unsigned __int128 value = 0;
	uint64_t fraction_scale = 1;
	bool fraction = false;
	size_t i = 0;
	uint64_t unit;

	for (s = str_trim(s); i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '.' && !fraction && i)
			fraction = true;
		else if (c >= '0' && c <= '9' && value < UINT64_MAX && fraction_scale < 1000000) {
			value = value * 10 + (unsigned)(c - '0');
			fraction_scale *= fraction ? 10 : 1;
		} else
			break;
	}
	unit = unit_bytes(str_trim(str_from(s, i)));
	if (i == 0 || s.ptr[i - 1] == '.' || unit == 0 || value > UINT64_MAX)
		return false;
	value = value * unit / fraction_scale;
	*bytes = (uint64_t)value;
	return value <= UINT64_MAX;
}

bool text_find_yaml_tab(struct str text, size_t *line, size_t *column)
{
	bool comment = false;
	char before = '\n';

	*line = 1;
	*column = 1;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		comment = c != '\n' && (comment || (c == '#' && (before == ' ' || before == '\n')));
		if (c == '\t' && !comment)
			return true;
		*column = c == '\n' ? 1 : *column + 1;
		*line += c == '\n';
		before = c;
	}
	return false;
}

enum { WORD_MAX = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Damerau-Levenshtein, restricted to one edit a place (optimal string alignment). */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][WORD_MAX + 1];

	if (a.len > WORD_MAX || b.len > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *above2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t differs = a.ptr[i - 1] != b.ptr[j - 1];

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + differs);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
			    above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

ptrdiff_t text_nearest(struct str word, const struct str *candidates, size_t count)
{
	size_t best = word.len / 3 > 1 ? word.len / 3 + 1 : 2;
	ptrdiff_t found = -1;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, candidates[i]);

		if (d < best) {
			best = d;
			found = (ptrdiff_t)i;
		}
	}
	return found;
}
