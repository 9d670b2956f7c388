/*
 * Many patterns at once: finds those that match a path, by its last component, without trying
 * each. Same answers as pattern_matches(), only sooner. It knows nothing of rules or users.
 */
#ifndef SLIM_RULES_PATTERN_INDEX_H
#define SLIM_RULES_PATTERN_INDEX_H

#include "base/map.h"
#include "rules/pattern.h"

struct indexed {
	const struct pattern *pattern;
	uint32_t id;
	uint32_t next; /* in the same list; list heads and links are numbers of entries plus 1, 0 ends */
};

/* Patterns whose last component begins with a wildcard. */
struct pattern_group {
	struct str literal; /* that stands in the last component of all they match; "" is none */
	uint32_t list;
};

/* All zero but for the arena is empty. Patterns are borrowed and must not move. */
struct pattern_index {
	struct arena *arena;
	VEC(struct indexed) entries;
	struct map names;    /* last component without wildcards -> list */
	struct map suffixes; /* "*.ext": ".ext" -> list */
	size_t longest_suffix;
	uint32_t by_first[256]; /* wildcards, but not in the first byte */
	VEC(struct pattern_group) others;
};

/* Numbers that come and go on top of a stack. */
struct hits {
	uint32_t *at;
	size_t len;
	size_t cap;
};

/* Adds a path pattern; `id` is what a hit reports. */
void pattern_index_add(struct pattern_index *index, const struct pattern *pattern, uint32_t id);
/* Pushes the ids of all patterns that match the path itself, in no particular order. */
void pattern_index_find(const struct pattern_index *index, struct str path, bool is_dir, struct hits *hits);

#endif
