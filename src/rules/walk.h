/*
 * A walk over sorted paths that looks at every directory once: the patterns that match a
 * directory are found when the walk enters it and hold for all files below.
 * It finds matches; what they mean is up to the caller.
 */
#ifndef SLIM_RULES_WALK_H
#define SLIM_RULES_WALK_H

#include "rules/pattern_index.h"

/* A directory that the walk is in. */
struct level {
	struct str dir;
	size_t first; /* its hits are hits.at[first …] up to those of the next level */
};

/*
 * Called when a directory is entered: hits->at[first … len - 1] matched it. The callee may thin
 * them out by moving what stays to the front and setting hits->len.
 */
typedef void walk_entered(void *ctx, struct str dir, struct hits *hits, size_t first);

struct walk {
	struct arena *arena;
	const struct pattern_index *index;
	walk_entered *entered; /* may be NULL */
	void *ctx;
	VEC(struct level) levels;
	struct hits hits;
};

/* Leaves and enters directories until the walk is in that of `path`. Paths come in sorted order. */
void walk_to(struct walk *walk, struct str path);
/* Leaves all directories; hits that were there before the first level stay. */
void walk_leave(struct walk *walk);

#endif
