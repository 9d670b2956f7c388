#include "scan/dists.h"

#include <stdlib.h>

#include "scan/metadata.h"
#include "scan/owners.h"

struct found {
	VEC(struct dist) list;
};

/* The dist-info or egg-info that this file proves to be one, or "". */
static struct str info_of(const struct file *file)
{
	struct str base = str_base(file->path);
	struct str dir = str_dir(file->path);
	struct str suffix = STR(".dist-info");

	if (file->kind != FILE_REGULAR)
		return STR("");
	/* distutils wrote the metadata as a single file of that name. */
	if (str_ends(base, STR(".egg-info")))
		return base.len > STR(".egg-info").len ? file->path : STR("");
	if (str_eq(base, STR("PKG-INFO")))
		suffix = STR(".egg-info");
	else if (!str_eq(base, STR("METADATA")) && !str_eq(base, STR("RECORD")) &&
		 !str_eq(base, STR("WHEEL")))
		return STR("");
	return str_ends(dir, suffix) && str_base(dir).len > suffix.len ? dir : STR("");
}

/* Where the metadata stands, with what the names of directories say until it is read. */
static struct dist describe(const struct bundle *bundle, uint32_t tree, struct str info)
{
	struct dist dist = { .info = info, .site = str_dir(info), .tree = tree };

	metadata_from_dir(info, &dist);
	dist.record = owners_info_file(bundle, &dist, STR("RECORD"));
	dist.metadata = owners_info_file(bundle, &dist, STR("METADATA"));
	if (dist.metadata == NO_FILE)
		dist.metadata = owners_info_file(bundle, &dist, STR("PKG-INFO"));
	if (dist.metadata == NO_FILE)
		dist.metadata = bundle_find(bundle, tree, info);
	return dist;
}

static void find_all(const struct bundle *bundle, uint32_t tree, struct found *found, struct arena *scratch)
{
	const struct tree *t = &bundle->trees.at[tree];
	struct str before = STR("");

	for (uint32_t id = t->first; id < t->first + t->count; id++) {
		struct str info = info_of(&bundle->files.at[id]);

		if (info.len == 0 || str_eq(info, before))
			continue;
		before = info;
		*vec_push(scratch, &found->list) = describe(bundle, tree, info);
	}
}

static int read_with(const struct bundle *bundle, const struct reader *reader, struct dist *dist,
		     uint32_t file, void (*take)(struct str text, struct arena *arena, struct dist *dist),
		     struct err *err)
{
	struct arena scratch = { 0 };
	struct bytes content;

	if (file == NO_FILE)
		return 0;
	if (reader->read(reader->ctx, file, &scratch, &content, err)) {
		arena_free(&scratch);
		return -1;
	}
	take(str_of_bytes(content), bundle->arena, dist);
	arena_free(&scratch);
	return 0;
}

static int by_name(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void sort_requires(struct dist *dist)
{
	struct str *at = dist->requires.at;
	size_t kept = 0;

	if (dist->requires.len)
		qsort(at, dist->requires.len, sizeof(*at), by_name);
	for (size_t i = 0; i < dist->requires.len; i++)
		if (i == 0 || !str_eq(at[i], at[kept - 1]))
			at[kept++] = at[i];
	dist->requires.len = kept;
}

static int read_metadata(struct bundle *bundle, const struct reader *reader, struct dist *dist,
			 struct err *err)
{
	uint32_t requires_txt = owners_info_file(bundle, dist, STR("requires.txt"));

	if (read_with(bundle, reader, dist, dist->metadata, metadata_read, err) ||
	    read_with(bundle, reader, dist, requires_txt, metadata_read_requires_txt, err))
		return -1;
	dist->key = metadata_key(bundle->arena, dist->name);
	sort_requires(dist);
	return 0;
}

static int by_place(const void *left, const void *right)
{
	const struct dist *a = left;
	const struct dist *b = right;
	int order;

	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	order = str_cmp(a->site, b->site);
	order = order ? order : str_cmp(a->key, b->key);
	return order ? order : str_cmp(a->info, b->info);
}

/* Whether another distribution owns it: the metadata of what setuptools and others vendor is data of theirs.
 */
static bool is_vendored(const struct bundle *bundle, const struct dist *dist)
{
	uint32_t first = bundle_find(bundle, dist->tree, dist->info);
	uint32_t end;

	if (first == NO_FILE)
		bundle_under(bundle, dist->tree, dist->info, &first, &end);
	return bundle->files.at[first].dist != NO_DIST;
}

/* A site directory sorts before those below it, so what an outer distribution vendors is owned by then. */
static int claim_sites(struct bundle *bundle, const struct reader *reader, const struct found *found,
		       struct err *err)
{
	size_t i = 0;

	while (i < found->list.len) {
		const struct dist *head = &found->list.at[i];
		struct owners owners = {
			.bundle = bundle,
			.reader = reader,
			.tree = head->tree,
			.site = head->site,
			.first = (uint32_t)bundle->dists.len,
		};

		for (; i < found->list.len && found->list.at[i].tree == head->tree &&
		       str_eq(found->list.at[i].site, head->site);
		     i++)
			if (!is_vendored(bundle, &found->list.at[i]))
				*vec_push(bundle->arena, &bundle->dists) = found->list.at[i];
		owners.end = (uint32_t)bundle->dists.len;
		if (owners.first < owners.end && owners_claim(&owners, err))
			return -1;
	}
	return 0;
}

int dists_scan(struct bundle *bundle, const struct reader *reader, struct err *err)
{
	struct arena scratch = { 0 };
	struct found found = { 0 };
	int result = 0;

	for (uint32_t tree = 0; tree < bundle->trees.len; tree++)
		find_all(bundle, tree, &found, &scratch);
	for (size_t i = 0; i < found.list.len && !result; i++)
		result = read_metadata(bundle, reader, &found.list.at[i], err);
	if (!result && found.list.len) {
		qsort(found.list.at, found.list.len, sizeof(struct dist), by_place);
		result = claim_sites(bundle, reader, &found, err);
	}
	for (uint32_t tree = 0; tree < bundle->trees.len && !result; tree++)
		owners_claim_bytecode(bundle, tree);
	arena_free(&scratch);
	return result;
}
