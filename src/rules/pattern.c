#include "rules/pattern.h"

#include <string.h>

#include "base/text.h"

/* Far above any path that an archive may hold, so that matching stays cheap whatever a user writes. */
enum { PATTERN_MAX = 4096 };

struct char_class {
	const char *name;
	bool (*holds)(unsigned char c);
};

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_alpha(unsigned char c)
{
	return is_lower(c) || is_upper(c);
}

static bool is_alnum(unsigned char c)
{
	return is_alpha(c) || is_digit(c);
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static bool is_cntrl(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static bool is_graph(unsigned char c)
{
	return c > 0x20 && c < 0x7f;
}

static bool is_print(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

static bool is_punct(unsigned char c)
{
	return is_graph(c) && !is_alnum(c);
}

static bool is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_xdigit(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Not <ctype.h>: what matches must not depend on a locale. */
static const struct char_class char_classes[] = {
	{ "alnum", is_alnum }, { "alpha", is_alpha }, { "blank", is_blank }, { "cntrl", is_cntrl },
	{ "digit", is_digit }, { "graph", is_graph }, { "lower", is_lower }, { "print", is_print },
	{ "punct", is_punct }, { "space", is_space }, { "upper", is_upper }, { "xdigit", is_xdigit },
};

static const struct char_class *char_class_find(struct str name)
{
	for (size_t i = 0; i < sizeof(char_classes) / sizeof(char_classes[0]); i++)
		if (str_eq(name, str_of(char_classes[i].name)))
			return &char_classes[i];
	return NULL;
}

/* One member of a bracket at *at: a byte, an escaped byte, a range or a [:class:]. False where it is broken.
 */
static bool member_scan(struct str glob, size_t *at, unsigned char c, bool *hit)
{
	struct str rest = str_from(glob, *at);
	unsigned char low;
	unsigned char high;

	if (str_starts(rest, STR("[:"))) {
		ptrdiff_t end = str_find(rest, STR(":]"));
		const struct char_class *class =
			end > 0 ? char_class_find(str_head(str_from(rest, 2), (size_t)end - 2)) : NULL;

		if (class) {
			*hit = *hit || class->holds(c);
			*at += (size_t)end + 2;
		}
		return class != NULL;
	}
	if (rest.ptr[0] == '\\')
		rest = str_from(rest, 1);
	if (!rest.len)
		return false;
	low = high = (unsigned char)rest.ptr[0];
	rest = str_from(rest, 1);
	if (rest.len > 1 && rest.ptr[0] == '-' && rest.ptr[1] != ']') {
		rest = str_from(rest, rest.ptr[1] == '\\' ? 2 : 1);
		if (!rest.len)
			return false;
		high = (unsigned char)rest.ptr[0];
		rest = str_from(rest, 1);
	}
	*hit = *hit || (c >= low && c <= high);
	*at = glob.len - rest.len;
	return true;
}

/* The length of the bracket expression at `at`, 0 where it is broken; *hit says whether c is in it. */
static size_t bracket_scan(struct str glob, size_t at, unsigned char c, bool *hit)
{
	size_t begin = at++;
	bool negated = at < glob.len && (glob.ptr[at] == '!' || glob.ptr[at] == '^');
	size_t first = at += negated;

	*hit = false;
	while (at < glob.len && (glob.ptr[at] != ']' || at == first))
		if (!member_scan(glob, &at, c, hit))
			return 0;
	if (at >= glob.len)
		return 0;
	*hit = *hit != negated;
	return at + 1 - begin;
}

/* How many bytes of the glob at `at` stand for the byte c; 0 when they do not match it. */
static size_t byte_matches(struct str glob, size_t at, unsigned char c)
{
	bool hit;
	size_t len;

	switch (glob.ptr[at]) {
	case '?':
		return 1;
	case '[':
		len = bracket_scan(glob, at, c, &hit);
		return hit ? len : 0;
	case '\\':
		return at + 1 < glob.len && (unsigned char)glob.ptr[at + 1] == c ? 2 : 0;
	default:
		return (unsigned char)glob.ptr[at] == c;
	}
}

bool pattern_glob(struct str glob, struct str name)
{
	size_t g = 0;
	size_t n = 0;
	size_t star = SIZE_MAX; /* behind the last '*' of the glob: where to go on after a mismatch */
	size_t resume = 0;

	while (n < name.len) {
		size_t step = 0;

		if (g < glob.len && glob.ptr[g] == '*') {
			star = ++g;
			resume = n;
			continue;
		}
		if (g < glob.len)
			step = byte_matches(glob, g, (unsigned char)name.ptr[n]);
		if (step) {
			g += step;
			n++;
		} else if (star != SIZE_MAX) {
			g = star;
			n = ++resume;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}

/* The components of a path that are still to come. */
struct cursor {
	struct str rest;
	bool more;
};

static struct str cursor_next(struct cursor *cursor)
{
	struct str head;

	cursor->more = str_cut(cursor->rest, '/', &head, &cursor->rest);
	return head;
}

/*
 * Whole components only. A later "**" makes earlier ones moot, for it can take up whatever they would have:
 * one place to go back to is enough, and the time is bounded by the product of the two lengths.
 */
static bool anchored_matches(struct str pattern, struct str path)
{
	struct cursor glob = { pattern, true };
	struct cursor at = { path, true };
	struct cursor glob_back = { .more = false };
	struct cursor at_back = { .more = false };

	while (glob.more || at.more) {
		struct cursor glob_next = glob;
		struct cursor at_next = at;
		struct str part = glob.more ? cursor_next(&glob_next) : STR("");

		if (glob.more && str_eq(part, STR("**"))) {
			if (!glob_next.more)
				return at.more;
			glob = glob_back = glob_next;
			at_back = at;
			continue;
		}
		if (glob.more && at.more && pattern_glob(part, cursor_next(&at_next))) {
			glob = glob_next;
			at = at_next;
			continue;
		}
		if (!at_back.more)
			return false;
		(void)cursor_next(&at_back);
		glob = glob_back;
		at = at_back;
	}
	return true;
}

bool pattern_matches(const struct pattern *pattern, struct str path, bool is_dir)
{
	if (pattern->kind != PATTERN_PATH || (pattern->only_dir && !is_dir))
		return false;
	return pattern->anchored ? anchored_matches(pattern->text, path)
				 : pattern_glob(pattern->text, str_base(path));
}

bool pattern_any(const struct pattern *patterns, size_t count, struct str path, bool is_dir)
{
	for (size_t i = 0; i < count; i++)
		if (pattern_matches(&patterns[i], path, is_dir))
			return true;
	return false;
}

const struct pattern *pattern_last(const struct pattern *patterns, size_t count, struct str path, bool is_dir)
{
	for (; path.len; path = str_dir(path), is_dir = true)
		for (size_t i = count; i-- > 0;)
			if (pattern_matches(&patterns[i], path, is_dir))
				return &patterns[i];
	return NULL;
}

/* As git: spaces at the end do not count, unless a backslash stands before them. */
static struct str trim_end(struct str text)
{
	size_t end = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			i++;
		else if (text.ptr[i] == ' ')
			continue;
		end = i + 1;
	}
	return str_head(text, end);
}

/* Whether every bracket closes and every backslash escapes something, within one component. */
static int check(struct str text, struct str written, struct err *err)
{
	char name[TEXT_NAME_MAX];
	bool hit;

	text_name(name, written);
	for (size_t i = 0; i < text.len; i++) {
		size_t len = 1;

		if (text.ptr[i] == '\\') {
			len = 2;
			if (i + 1 >= text.len || text.ptr[i + 1] == '/')
				return err_set(err,
					       "pattern '%s': a backslash at the end of a name; write "
					       "two for one that is meant",
					       name);
		} else if (text.ptr[i] == '[') {
			len = bracket_scan(text, i, 0, &hit);
			if (len == 0 || memchr(text.ptr + i, '/', len))
				return err_set(err,
					       "pattern '%s': '[' without its ']'; write \\[ for one "
					       "that is meant",
					       name);
		}
		i += len - 1;
	}
	return 0;
}

int pattern_parse(struct str text, struct str place, struct pattern *out, struct err *err)
{
	struct pattern pattern = { .written = text, .place = place };

	if (text.len > PATTERN_MAX)
		return err_set(err, "a pattern of %zu bytes: more than %d are not supported", text.len,
			       PATTERN_MAX);
	text = trim_end(text);
	if (str_starts(text, STR("!"))) {
		pattern.negated = true;
		text = str_from(text, 1);
	}
	if (text.len > 1 && text.ptr[text.len - 1] == '/') {
		pattern.only_dir = true;
		text.len--;
	}
	pattern.anchored = text.len && memchr(text.ptr, '/', text.len) != NULL;
	if (str_starts(text, STR("/")))
		text = str_from(text, 1);
	if (text.len == 0)
		return err_set(err, "an empty pattern would match nothing; to match everything write '*'");
	if (check(text, pattern.written, err) != 0)
		return -1;
	pattern.text = text;
	*out = pattern;
	return 0;
}

struct str pattern_dist_key(struct arena *arena, struct str name)
{
	char *key = arena_alloc(arena, name.len + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c == '_' || c == '.')
			c = '-';
		if (c == '-' && len && key[len - 1] == '-')
			continue;
		key[len++] = is_upper((unsigned char)c) ? (char)(c - 'A' + 'a') : c;
	}
	return (struct str){ key, len };
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

static int dist_parse(struct str name, struct pattern *out, struct err *err)
{
	char printable[TEXT_NAME_MAX];

	for (size_t i = 0; i < name.len; i++) {
		if (is_alnum((unsigned char)name.ptr[i]) || is_one_of(name.ptr[i], "-_.*?"))
			continue;
		text_name(printable, out->written);
		return err_set(err, "'%s': dist: takes the name of a distribution, such as dist:scikit-learn",
			       printable);
	}
	if (name.len == 0)
		return err_set(err, "dist: needs the name of a distribution behind it");
	out->kind = PATTERN_DIST;
	out->text = name;
	return 0;
}

static int module_parse(struct str name, struct pattern *out, struct err *err)
{
	char printable[TEXT_NAME_MAX];
	bool part = false; /* whether a component has begun */

	for (size_t i = 0; i < name.len; i++) {
		bool dot = name.ptr[i] == '.';

		if ((dot && !part) || is_one_of(name.ptr[i], "/\\*?[")) {
			part = false;
			break;
		}
		part = !dot;
	}
	if (!part) {
		text_name(printable, out->written);
		return err_set(err, "'%s': module: takes a dotted name, such as module:package.module",
			       printable);
	}
	out->kind = PATTERN_MODULE;
	out->text = name;
	return 0;
}

int user_pattern_parse(struct str text, struct str place, struct pattern *out, struct err *err)
{
	struct pattern pattern = { .written = text, .place = place };
	struct str rest = text;

	pattern.negated = str_starts(rest, STR("!"));
	rest = str_trim(str_from(rest, pattern.negated));
	if (str_starts(rest, STR("dist:"))) {
		if (dist_parse(str_from(rest, 5), &pattern, err) != 0)
			return -1;
	} else if (str_starts(rest, STR("module:"))) {
		if (module_parse(str_from(rest, 7), &pattern, err) != 0)
			return -1;
	} else {
		return pattern_parse(text, place, out, err);
	}
	*out = pattern;
	return 0;
}
