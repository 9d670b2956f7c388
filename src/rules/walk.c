#include "rules/walk.h"

static bool is_below(struct str path, struct str dir)
{
	return path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir);
}

static void leave(struct walk *walk)
{
	walk->hits.len = walk->levels.at[--walk->levels.len].first;
}

void walk_leave(struct walk *walk)
{
	while (walk->levels.len)
		leave(walk);
}

void walk_to(struct walk *walk, struct str path)
{
	size_t at = 0;

	while (walk->levels.len && !is_below(path, walk->levels.at[walk->levels.len - 1].dir))
		leave(walk);
	if (walk->levels.len)
		at = walk->levels.at[walk->levels.len - 1].dir.len + 1;
	for (; at < path.len; at++) {
		struct level *level;

		if (path.ptr[at] != '/')
			continue;
		level = vec_push(walk->arena, &walk->levels);
		*level = (struct level){ .dir = str_head(path, at), .first = walk->hits.len };
		pattern_index_find(walk->index, str_head(path, at), true, &walk->hits);
		if (walk->entered)
			walk->entered(walk->ctx, str_head(path, at), &walk->hits, level->first);
	}
}
