#include <string.h>

#include "base/arena.h"
#include "scan/import_text.h"
#include "scan/import_words.h"
#include "scan/module_patterns.h"
#include "scan/python_lex.h"

enum {
	HEAD_MIN = 3, /* bytes in front of a hole that make a name of a pattern without dots */
	TAIL_MIN = 5, /* the same behind it */
};

void import_pattern(struct import_scan *scan, struct str pattern, const struct sight *sight)
{
	const uint32_t *known;
	struct seen *seen;
	struct str word;
	struct str rest;

	/* exec(f"from package.{x} import y") */
	if (str_cut(pattern, ' ', &word, &rest) && (str_eq(word, STR("import")) || str_eq(word, STR("from"))))
		(void)str_cut(rest, ' ', &pattern, &rest);
	known = map_get(&scan->patterns_seen, pattern);
	seen = known ? &scan->patterns.at[*known] : NULL;

	/* "a." + name tells more than its literal, which comes first. */
	if (seen && seen->line == sight->line && seen->evidence.len < sight->evidence.len)
		seen->evidence = str_dup(scan->scratch, sight->evidence);
	if (seen)
		return;
	pattern = str_dup(scan->scratch, pattern);
	*map_put(scan->scratch, &scan->patterns_seen, pattern, NULL) = (uint32_t)scan->patterns.len;
	*vec_push(scan->scratch, &scan->patterns) = (struct seen){
		.name = pattern,
		.evidence = str_dup(scan->scratch, sight->evidence),
		.line = sight->line,
		.phase = sight->phase,
	};
}

struct match {
	struct import_scan *scan;
	struct sight *sight;
	bool any;
	bool importing;
};

static void see_match(void *ctx, uint32_t module)
{
	struct match *match = ctx;

	match->any = true;
	if (match->importing)
		import_package(match->scan, module, match->sight);
	import_link(match->scan, module, match->sight);
}

static bool is_hole(char c)
{
	return c == HOLE_ANY || c == HOLE_NAME || c == HOLE_PACKAGE;
}

static bool has_hole(struct str text)
{
	return memchr(text.ptr, HOLE_ANY, text.len);
}

/* What is behind the dot of "anything.name", where nothing else is computed; or "". */
static struct str tail_of(struct str pattern)
{
	if (pattern.len < 3 || pattern.ptr[0] != HOLE_ANY || pattern.ptr[1] != '.')
		return STR("");
	pattern = str_from(pattern, 2);
	for (size_t i = 0; i < pattern.len; i++)
		if (!python_is_word(pattern.ptr[i]) && pattern.ptr[i] != '.')
			return STR("");
	return pattern;
}

static bool has_word(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (python_is_word(pattern.ptr[i]))
			return true;
	return false;
}

/* Bytes in front of the first hole. */
static size_t constant_head(struct str pattern)
{
	size_t len = 0;

	while (len < pattern.len && !is_hole(pattern.ptr[len]))
		len++;
	return len;
}

/* There are more patterns than time: all that this one could mean, which is no work for the next one. */
static void link_all(struct import_scan *scan, struct str pattern, struct sight *sight)
{
	size_t left;
	uint32_t package =
		modules_prefix(&scan->index->modules, str_head(pattern, constant_head(pattern)), &left);

	if (package == NO_MODULE)
		package = scan->package;
	if (package != NO_MODULE)
		import_below(scan, package, true, sight);
}

/* Bytes behind the last hole. */
static size_t constant_tail(struct str pattern)
{
	size_t len = 0;

	while (len < pattern.len && python_is_word(pattern.ptr[pattern.len - len - 1]))
		len++;
	return len < pattern.len && is_hole(pattern.ptr[pattern.len - len - 1]) ? len : 0;
}

/* f"host.{kind}" may be a group of entry points. */
static void see_groups(struct import_scan *scan, struct str pattern, const struct sight *sight)
{
	const struct entry_points *points = &scan->index->entry_points;
	size_t head = constant_head(pattern);

	if (head == pattern.len)
		import_group(scan, pattern, sight);
	if (head == pattern.len || head < 2 || !scan->asks_plugins)
		return;
	for (size_t i = 0; i < points->list.len; i++)
		if (str_starts(points->list.at[i].group, str_head(pattern, head)))
			import_point(scan, &points->list.at[i], sight);
}

static void expand(struct import_scan *scan, const struct seen *seen, bool importing)
{
	struct sight sight = {
		.kind = EDGE_DYNAMIC,
		.phase = seen->phase,
		.broad = has_hole(seen->name),
		.line = seen->line,
		.evidence = seen->evidence,
	};
	const struct modules *modules = &scan->index->modules;
	struct match match = { scan, &sight, false, importing };
	struct str tail = tail_of(seen->name);
	uint32_t package = scan->package;

	see_groups(scan, seen->name, &sight);
	/* "." + name may as well be a file's suffix. */
	if (!importing && !has_word(seen->name))
		return;
	if (tail.len && importing)
		*vec_push(scan->edges.arena, &scan->facts->tails) = (struct seen){
			.name = str_dup(scan->edges.arena, tail),
			.evidence = edges_evidence(scan->edges.arena, seen->evidence),
			.line = seen->line,
			.phase = seen->phase,
		};
	/* A package's name may be given along with ".name": one that holds this one. */
	do {
		modules_match(modules, seen->name, package, scan->module,
			      importing && (constant_head(seen->name) >= HEAD_MIN ||
					    constant_tail(seen->name) >= TAIL_MIN),
			      &scan->visits, see_match, &match);
		package = package == NO_MODULE ? NO_MODULE : modules->list.at[package].parent;
	} while (package != NO_MODULE && !match.any && seen->name.ptr[0] == '.');
	if (scan->visits == 0)
		link_all(scan, seen->name, &sight);
}

void import_patterns(struct import_scan *scan, bool importing)
{
	for (size_t i = 0; i < scan->patterns.len; i++)
		expand(scan, &scan->patterns.at[i], importing);
}
