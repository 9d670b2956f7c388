#include "scan/module_patterns.h"

#include <string.h>

#include "base/path.h"
#include "scan/python_names.h"

enum { CUT_PARTS = 2, LEAST_PARTS = 2 };

struct matching {
	const struct modules *modules;
	module_sees *sees;
	void *ctx;
	size_t *visits; /* that are left */
};

/* Text in room of the caller. */
struct text {
	char *ptr;
	size_t len;
};

static bool put(struct text *text, struct str s)
{
	if (s.len > PATH_ROOM - text->len)
		return false;
	if (s.len)
		memcpy(text->ptr + text->len, s.ptr, s.len);
	text->len += s.len;
	return true;
}

/* The pattern with names in the holes that have one, and one HOLE_ANY where several follow one another. */
static bool fill(const struct modules *modules, struct str pattern, uint32_t package, uint32_t self,
		 struct text *out)
{
	for (size_t i = 0; i < pattern.len; i++) {
		struct str part = { pattern.ptr + i, 1 };
		bool fits;

		if (part.ptr[0] == HOLE_NAME && self != NO_MODULE)
			part = modules->list.at[self].name;
		else if (part.ptr[0] == HOLE_PACKAGE && package != NO_MODULE)
			part = modules->list.at[package].name;
		else if (part.ptr[0] == HOLE_NAME || part.ptr[0] == HOLE_PACKAGE)
			part = STR("\1");
		fits = (part.ptr[0] == HOLE_ANY && out->len && out->ptr[out->len - 1] == HOLE_ANY) ||
		       put(out, part);
		if (!fits)
			return false;
	}
	return true;
}

static size_t count_parts(struct str name)
{
	size_t parts = name.len > 0;

	for (size_t i = 0; i < name.len; i++)
		parts += name.ptr[i] == '.';
	return parts;
}

static void match_plain(struct matching *matching, uint32_t base, struct str name)
{
	const struct modules *modules = matching->modules;
	char room[PATH_ROOM];
	struct text full = { room, 0 };
	size_t least = 0;
	size_t left;
	uint32_t found;

	if (base != NO_MODULE) {
		least = modules->list.at[base].name.len;
		if (!put(&full, modules->list.at[base].name) || !put(&full, STR(".")))
			return;
	}
	if (name.len == 0 || !put(&full, name))
		return;
	found = modules_prefix(modules, (struct str){ full.ptr, full.len }, &left);
	if (found == NO_MODULE || modules->list.at[found].name.len <= least)
		return;
	if (left == 0 || (left <= CUT_PARTS && count_parts(modules->list.at[found].name) >= LEAST_PARTS))
		matching->sees(matching->ctx, found);
}

/* The last place of needle in s, or -1. */
static ptrdiff_t find_last(struct str s, struct str needle)
{
	for (size_t at = s.len + 1; at > 0; at--)
		if (str_starts(str_from(s, at - 1), needle))
			return (ptrdiff_t)at - 1;
	return -1;
}

/* Whether the name fits the pattern, whose holes are HOLE_ANY. */
static bool fits(struct str pattern, struct str name)
{
	struct str head;
	bool hole = str_cut(pattern, HOLE_ANY, &head, &pattern);

	if (!hole)
		return str_eq(head, name);
	if (!str_starts(name, head))
		return false;
	name = str_from(name, head.len);
	/* Each constant as far left as it goes, but for the one at the end, which has only one place. */
	while (pattern.len) {
		ptrdiff_t at;

		hole = str_cut(pattern, HOLE_ANY, &head, &pattern);
		if (!hole)
			return str_ends(name, head);
		/* The end must not hold a dot, so what is in front of it reaches as far as it can. */
		at = pattern.len ? str_find(name, head) : find_last(name, head);
		if (at < 0)
			return false;
		name = str_from(name, (size_t)at + head.len);
	}
	return name.len == 0 || !memchr(name.ptr, '.', name.len);
}

/* Whether something below the module may fit: its name does not contradict the constant start. */
static bool may_fit_below(struct str start, size_t levels, struct str name)
{
	if (count_parts(name) >= levels)
		return false;
	return name.len < start.len ? str_starts(start, name) : str_starts(name, start);
}

/* How many parts a name may have that fits. */
static size_t levels_of(struct str pattern)
{
	const char *hole = memchr(pattern.ptr, HOLE_ANY, pattern.len);

	return hole < pattern.ptr + pattern.len - 1 ? SIZE_MAX : count_parts(pattern);
}

static void match_below(struct matching *matching, uint32_t parent, struct str pattern)
{
	const struct modules *modules = matching->modules;
	size_t skip = modules->list.at[parent].name.len + 1;
	size_t levels = levels_of(pattern);
	struct str start;
	struct str rest;
	uint32_t id = modules->list.at[parent].first_child;

	(void)str_cut(pattern, HOLE_ANY, &start, &rest);
	while (id != NO_MODULE && *matching->visits) {
		struct str name = str_from(modules->list.at[id].name, skip);

		--*matching->visits;
		if (fits(pattern, name))
			matching->sees(matching->ctx, id);
		id = modules_next(modules, parent, id, may_fit_below(start, levels, name));
	}
}

static void match_from(struct matching *matching, uint32_t base, struct str pattern)
{
	const char *hole = pattern.len ? memchr(pattern.ptr, HOLE_ANY, pattern.len) : NULL;
	size_t head;

	if (!hole) {
		match_plain(matching, base, pattern);
		return;
	}
	head = (size_t)(hole - pattern.ptr);
	while (head > 0 && pattern.ptr[head - 1] != '.')
		head--;
	if (head > 0)
		base = modules_child(matching->modules, base, str_head(pattern, head - 1));
	if (base != NO_MODULE)
		match_below(matching, base, str_from(pattern, head));
}

/* Modules without package: "plugin_\1", where the hole is not all. */
static void match_top(struct matching *matching, struct str pattern)
{
	const struct modules *modules = matching->modules;
	uint32_t id = modules->top;

	if (!memchr(pattern.ptr, HOLE_ANY, pattern.len) || memchr(pattern.ptr, '.', pattern.len))
		return;
	for (; id != NO_MODULE && *matching->visits; id = modules->list.at[id].next_sibling) {
		--*matching->visits;
		if (fits(pattern, modules->list.at[id].name))
			matching->sees(matching->ctx, id);
	}
}

/* Takes leading dots off the pattern, and gives the package that they mean; false above the top. */
static bool climb(const struct modules *modules, struct str *pattern, uint32_t *package)
{
	*pattern = str_from(*pattern, 1);
	while (*package != NO_MODULE && pattern->len && pattern->ptr[0] == '.') {
		*pattern = str_from(*pattern, 1);
		*package = modules->list.at[*package].parent;
	}
	return *package != NO_MODULE;
}

void modules_match(const struct modules *modules, struct str pattern, uint32_t package, uint32_t self,
		   bool relative, size_t *visits, module_sees *sees, void *ctx)
{
	struct matching matching = { .modules = modules, .sees = sees, .ctx = ctx, .visits = visits };
	char room[PATH_ROOM];
	struct text filled = { room, 0 };
	struct str name;

	if (!fill(modules, pattern, package, self, &filled))
		return;
	name = (struct str){ filled.ptr, filled.len };
	if (name.len && name.ptr[0] == '.') {
		if (climb(modules, &name, &package))
			match_from(&matching, package, name);
		return;
	}
	match_from(&matching, NO_MODULE, name);
	if (relative)
		match_top(&matching, name);
	if (relative && package != NO_MODULE)
		match_from(&matching, package, name);
}
