/* A bundle in memory for tests of scanners: paths with contents, sorted as io/ would sort them. */
#ifndef SLIM_TESTS_SCAN_BUNDLE_H
#define SLIM_TESTS_SCAN_BUNDLE_H

#include <stdlib.h>

#include "model/bundle.h"

struct entry {
	const char *path;
	const char *content;
};

struct package {
	struct arena arena;
	struct bundle bundle;
	const struct entry **entries; /* by file id */
};

static int package_order(const void *left, const void *right)
{
	const struct entry *const *a = left;
	const struct entry *const *b = right;

	return str_cmp(str_of((*a)->path), str_of((*b)->path));
}

/* Adds a tree of entries, which end with a path of NULL. */
static inline void package_add(struct package *package, const struct entry *entries)
{
	uint32_t tree = (uint32_t)package->bundle.trees.len;
	uint32_t first = (uint32_t)package->bundle.files.len;
	uint32_t count = 0;
	const struct entry **all;

	while (entries[count].path)
		count++;
	package->bundle.arena = &package->arena;
	all = arena_array(&package->arena, const struct entry *, first + count);
	for (uint32_t i = 0; i < first; i++)
		all[i] = package->entries[i];
	for (uint32_t i = 0; i < count; i++)
		all[first + i] = &entries[i];
	qsort(all + first, count, sizeof(*all), package_order);
	package->entries = all;
	for (uint32_t i = first; i < first + count; i++)
		*vec_push(&package->arena, &package->bundle.files) = (struct file){
			.path = str_of(all[i]->path),
			.tree = tree,
			.dist = NO_DIST,
			.size = str_of(all[i]->content).len,
		};
	*vec_push(&package->arena, &package->bundle.trees) =
		(struct tree){ .name = STR("test"), .first = first, .count = count };
}

/* A distribution "NAME-1.dist-info" of the newest tree; it owns its metadata and what begins with `prefix`.
 */
static inline struct dist *package_install(struct package *package, const char *name, const char *prefix)
{
	struct bundle *bundle = &package->bundle;
	uint32_t d = (uint32_t)bundle->dists.len;
	uint32_t tree = (uint32_t)bundle->trees.len - 1;
	struct dist *dist = vec_push(&package->arena, &bundle->dists);
	struct str info = str_fmt(&package->arena, "%s-1.dist-info", name);

	*dist = (struct dist){ .name = str_of(name), .key = str_of(name), .info = info, .tree = tree };
	dist->metadata = bundle_find(bundle, tree, str_fmt(&package->arena, "%s-1.dist-info/METADATA", name));
	dist->record = NO_FILE;
	for (uint32_t id = bundle->trees.at[tree].first; id < bundle->files.len; id++) {
		struct file *file = &bundle->files.at[id];

		if (str_starts(file->path, str_of(prefix)) || str_eq(str_dir(file->path), info)) {
			file->dist = d;
			dist->files++;
		}
	}
	return dist;
}

static inline int package_read(void *ctx, uint32_t file, struct arena *scratch, struct bytes *out,
			       struct err *err)
{
	const struct package *package = ctx;

	(void)scratch;
	(void)err;
	*out = bytes_of_str(str_of(package->entries[file]->content));
	return 0;
}

#endif
