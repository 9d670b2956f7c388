#include "scan/soft_names.h"

#include <string.h>

enum {
	HASH_LEN = 8,	/* of auditwheel */
	FIELD_MAX = 40, /* bytes between '{' and '}' of a field */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '_';
}

/* --- parts ----------------------------------------------------------------------------------- */

/* Where ".so" is that ends the stem, or -1. */
static ptrdiff_t find_so(struct str name)
{
	size_t from = 0;
	ptrdiff_t at;

	while ((at = str_find(str_from(name, from), STR(".so"))) >= 0) {
		from += (size_t)at;
		if (from + 3 == name.len || name.ptr[from + 3] == '.')
			return (ptrdiff_t)from;
		from += 3;
	}
	return -1;
}

/* "x.cpython-312-x86_64-linux-gnu" without what is behind "x". */
static struct str untagged(struct str stem)
{
	static const struct str tags[] = {
		STR_INIT(".cpython-"),
		STR_INIT(".abi3"),
		STR_INIT(".pypy"),
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		ptrdiff_t at = str_find(stem, tags[i]);

		if (at > 0)
			stem = str_head(stem, (size_t)at);
	}
	return stem;
}

/* Whether "-1a2b3c4d" ends there. */
static bool ends_in_hash(struct str head)
{
	struct str hash;

	if (head.len <= HASH_LEN + 1)
		return false;
	hash = str_from(head, head.len - HASH_LEN - 1);
	if (hash.ptr[0] != '-')
		return false;
	for (size_t i = 1; i < hash.len; i++)
		if (!is_digit(hash.ptr[i]) && !(hash.ptr[i] >= 'a' && hash.ptr[i] <= 'f'))
			return false;
	return true;
}

bool soft_parts(struct str name, char room[SOFT_NAME_MAX], struct soft_parts *parts)
{
	ptrdiff_t so = find_so(name);
	struct str head;
	struct str tail;
	struct str stem;

	*parts = (struct soft_parts){ .stem = name, .so = so >= 0 };
	if (name.len > SOFT_NAME_MAX || name.len == 0 || so == 0)
		return false;
	if (so > 0) {
		parts->stem = str_head(name, (size_t)so);
		parts->version = str_from(name, (size_t)so + 4);
		while (parts->version.len && parts->version.ptr[parts->version.len - 1] == '.')
			parts->version.len--;
	}
	stem = untagged(parts->stem);
	(void)str_cut(stem, '.', &head, &tail);
	tail = str_from(stem, head.len);
	for (; ends_in_hash(head); parts->hashed = true)
		head.len -= HASH_LEN + 1;
	parts->plain = stem;
	if (parts->hashed) {
		memcpy(room, head.ptr, head.len);
		if (tail.len)
			memcpy(room + head.len, tail.ptr, tail.len);
		parts->plain = (struct str){ room, head.len + tail.len };
	}
	return true;
}

bool soft_versions_agree(struct str a, struct str b)
{
	struct str shorter = a.len < b.len ? a : b;
	struct str longer = a.len < b.len ? b : a;

	if (shorter.len == 0 || !str_starts(longer, shorter))
		return shorter.len == 0;
	return longer.len == shorter.len || longer.ptr[shorter.len] == '.';
}

/* --- normal texts ---------------------------------------------------------------------------- */

struct normal {
	struct str rest;
	char *room;
	size_t len;
};

static void put(struct normal *normal, char c)
{
	if (c == '*' && normal->len && normal->room[normal->len - 1] == '*')
		return;
	normal->room[normal->len++] = c;
}

static void put_hole(struct normal *normal, size_t skip)
{
	normal->rest = str_from(normal->rest, skip);
	put(normal, '*');
}

/* The length of a conversion of printf() or of Python's '%', or 0. */
static size_t conversion(struct str text)
{
	size_t at = 1;

	if (at < text.len && text.ptr[at] == '(') {
		while (at < text.len && at < FIELD_MAX && text.ptr[at] != ')')
			at++;
		at++;
	}
	while (at < text.len && text.ptr[at] && strchr("-+ #0123456789.*lhzjt", text.ptr[at]))
		at++;
	return at < text.len && text.ptr[at] && strchr("srdiuxXcS", text.ptr[at]) ? at + 1 : 0;
}

/* The length of "{name}", or 0. */
static size_t replacement(struct str text)
{
	for (size_t i = 1; i < text.len && i < FIELD_MAX; i++) {
		if (text.ptr[i] == '}')
			return i + 1;
		if (text.ptr[i] == '/' || text.ptr[i] == '{' || text.ptr[i] == '"')
			return 0;
	}
	return 0;
}

/* The length of "$NAME" or "${NAME}"; 1 for what ends a regular expression. */
static size_t variable(struct str text)
{
	size_t at = 1;

	if (at < text.len && text.ptr[at] == '{')
		return 1 + replacement(str_from(text, 1));
	while (at < text.len && is_word(text.ptr[at]))
		at++;
	return at;
}

static void put_escaped(struct normal *normal)
{
	char next = normal->rest.len > 1 ? normal->rest.ptr[1] : '\\';

	if (is_word(next)) {
		put_hole(normal, 2);
		return;
	}
	put(normal, next);
	normal->rest = str_from(normal->rest, 2);
}

static void put_next(struct normal *normal)
{
	struct str rest = normal->rest;
	char c = rest.ptr[0];
	char next = rest.len > 1 ? rest.ptr[1] : '\0';
	size_t hole = 0;

	if (c == '\\') {
		put_escaped(normal);
		return;
	}
	if (c == '%')
		hole = conversion(rest);
	else if (c == '{')
		hole = replacement(rest);
	else if (c == '$')
		hole = variable(rest);
	else if (c == '.' && (next == '*' || next == '+'))
		hole = 2;
	else if (c >= 1 && c <= 3)
		hole = 1;
	if (hole) {
		put_hole(normal, hole);
		return;
	}
	put(normal, c);
	normal->rest = str_from(rest, 1);
}

bool soft_normal(struct str text, char room[SOFT_TEXT_MAX], struct str *out)
{
	struct normal normal = { .rest = text, .room = room };

	if (text.len > SOFT_TEXT_MAX)
		return false;
	while (normal.rest.len)
		put_next(&normal);
	*out = (struct str){ room, normal.len };
	return true;
}

/* --- names in texts -------------------------------------------------------------------------- */

static bool is_part(char c)
{
	return is_word(c) || (c && strchr(".+-@~/*?[]!", c));
}

bool soft_next(struct str *rest, struct str *path)
{
	ptrdiff_t at = str_find(*rest, STR(".so"));
	size_t start;
	size_t end;

	if (at < 0)
		return false;
	start = (size_t)at;
	while (start && is_part(rest->ptr[start - 1]))
		start--;
	/* "[libx.so" in a list */
	for (size_t i = start; i < (size_t)at; i++)
		if (rest->ptr[i] == '[' && !memchr(rest->ptr + i, ']', rest->len - i))
			start = i + 1;
	end = (size_t)at + 3;
	if (end + 1 < rest->len && rest->ptr[end] == '.' &&
	    (is_digit(rest->ptr[end + 1]) || rest->ptr[end + 1] == '*' || rest->ptr[end + 1] == '['))
		while (end < rest->len && rest->ptr[end] != '/' && is_part(rest->ptr[end]))
			end++;
	*path = (struct str){ rest->ptr + start, end - start };
	*rest = str_from(*rest, end);
	return true;
}

bool soft_is_glob(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '*' || name.ptr[i] == '?' ||
		    (name.ptr[i] == '[' && memchr(name.ptr + i, ']', name.len - i)))
			return true;
	return false;
}

size_t soft_weight(struct str glob)
{
	ptrdiff_t so = str_find(glob, STR(".so"));
	size_t weight = 0;
	bool in_class = false;

	if (so >= 0)
		glob.len = (size_t)so;
	if (str_starts(glob, STR("lib")))
		glob = str_from(glob, 3);
	for (size_t i = 0; i < glob.len; i++) {
		in_class = glob.ptr[i] == '[' || (in_class && glob.ptr[i] != ']');
		weight += !in_class && (is_digit(glob.ptr[i]) || is_letter(glob.ptr[i]));
	}
	return weight;
}

/* --- globs ----------------------------------------------------------------------------------- */

/* The length of "[…]", or 0 where it is not closed. */
static size_t class_length(struct str glob)
{
	size_t at = 1;

	if (at < glob.len && (glob.ptr[at] == '!' || glob.ptr[at] == '^'))
		at++;
	if (at < glob.len && glob.ptr[at] == ']')
		at++;
	while (at < glob.len && glob.ptr[at] != ']')
		at++;
	return at < glob.len ? at + 1 : 0;
}

static bool in_class(struct str class, unsigned char c)
{
	bool negated = class.ptr[1] == '!' || class.ptr[1] == '^';
	bool any = false;

	for (size_t i = negated ? 2 : 1; i + 1 < class.len; i++) {
		unsigned char low = (unsigned char)class.ptr[i];
		unsigned char high = low;

		if (i + 3 < class.len && class.ptr[i + 1] == '-') {
			high = (unsigned char)class.ptr[i + 2];
			i += 2;
		}
		any = any || (c >= low && c <= high);
	}
	return any != negated;
}

/* The length of what stands for one character and does for this one, or 0. */
static size_t matches_one(struct str glob, char c)
{
	size_t class;

	if (glob.len == 0)
		return 0;
	if (glob.ptr[0] == '?')
		return 1;
	if (glob.ptr[0] == '[' && (class = class_length(glob)) > 0)
		return in_class(str_head(glob, class), (unsigned char)c) ? class : 0;
	return glob.ptr[0] == c ? 1 : 0;
}

bool soft_matches(struct str glob, struct str name)
{
	struct str star = STR(""); /* behind the last '*', and where that ended */
	struct str from = STR("");
	bool starred = false;

	while (name.len) {
		size_t one = glob.len && glob.ptr[0] == '*' ? 0 : matches_one(glob, name.ptr[0]);

		if (glob.len && glob.ptr[0] == '*') {
			glob = str_from(glob, 1);
			star = glob;
			from = name;
			starred = true;
		} else if (one) {
			glob = str_from(glob, one);
			name = str_from(name, 1);
		} else if (starred) {
			from = str_from(from, 1);
			name = from;
			glob = star;
		} else {
			return false;
		}
	}
	while (glob.len && glob.ptr[0] == '*')
		glob = str_from(glob, 1);
	return glob.len == 0;
}
