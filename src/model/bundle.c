#include "model/bundle.h"

/* The first file of the tree whose path is not before `path` in the order of sorted paths. */
static uint32_t lower_bound(const struct bundle *bundle, uint32_t tree, struct str path)
{
	uint32_t low = bundle->trees.at[tree].first;
	uint32_t high = low + bundle->trees.at[tree].count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (str_cmp(bundle->files.at[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t bundle_find(const struct bundle *bundle, uint32_t tree, struct str path)
{
	const struct tree *t = &bundle->trees.at[tree];
	uint32_t at = lower_bound(bundle, tree, path);

	return at < t->first + t->count && str_eq(bundle->files.at[at].path, path) ? at : NO_FILE;
}

/* Whether path lies under dir. */
static bool is_under(struct str path, struct str dir)
{
	return path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir);
}

void bundle_under(const struct bundle *bundle, uint32_t tree, struct str dir, uint32_t *first, uint32_t *end)
{
	const struct tree *t = &bundle->trees.at[tree];
	uint32_t high = t->first + t->count;
	uint32_t low;

	*first = t->first;
	*end = high;
	if (dir.len == 0)
		return;
	low = lower_bound(bundle, tree, dir);
	/* "dir-x" and "dir.py" sort between "dir" and "dir/": step over what is not below. */
	while (low < high && !is_under(bundle->files.at[low].path, dir) &&
	       str_starts(bundle->files.at[low].path, dir))
		low++;
	*first = low;
	while (low < high && is_under(bundle->files.at[low].path, dir))
		low++;
	*end = low;
}
