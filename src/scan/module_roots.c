#include "scan/module_roots.h"

#include <stdlib.h>
#include <string.h>

#include "scan/module_path.h"

enum { MINORS = 100 };

/* Names of directories whose content is meant to be imported as if it lay on sys.path. */
static const struct str vendor_names[] = {
	STR_INIT("_vendor"),   STR_INIT("vendor"),	STR_INIT("vendored"),
	STR_INIT("_vendored"), STR_INIT("third_party"), STR_INIT("_packages"),
};

/* Orders path against dir + '/' + tail. */
static int compare_below(struct str path, struct str dir, char separator, struct str tail)
{
	int order = str_cmp(str_head(path, dir.len), dir);

	if (order != 0)
		return order;
	if (path.len == dir.len)
		return -1;
	if (path.ptr[dir.len] != separator)
		return (unsigned char)path.ptr[dir.len] < (unsigned char)separator ? -1 : 1;
	return str_cmp(str_from(path, dir.len + 1), tail);
}

/* The first file that is not before dir + separator + tail. */
static uint32_t lower_bound(const struct bundle *bundle, uint32_t tree, struct str dir, char separator,
			    struct str tail)
{
	uint32_t low = bundle->trees.at[tree].first;
	uint32_t high = low + bundle->trees.at[tree].count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (compare_below(bundle->files.at[mid].path, dir, separator, tail) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void module_roots_range(const struct bundle *bundle, uint32_t tree, struct str dir, uint32_t *first,
			uint32_t *end)
{
	*first = bundle->trees.at[tree].first;
	*end = *first + bundle->trees.at[tree].count;
	if (dir.len == 0)
		return;
	*first = lower_bound(bundle, tree, dir, '/', STR(""));
	*end = lower_bound(bundle, tree, dir, '/' + 1, STR(""));
}

static bool is_package(const struct bundle *bundle, uint32_t tree, struct str dir)
{
	uint32_t at = lower_bound(bundle, tree, dir, '/', STR("__init__."));
	uint32_t end = lower_bound(bundle, tree, dir, '/', STR("__init__/"));

	for (; at < end; at++)
		if (modules_is_module_path(bundle->files.at[at].path))
			return true;
	return false;
}

/* The directory in every tree that may have it on sys.path: one place for all. */
static void add_sure(const struct bundle *bundle, struct arena *arena, struct str dir, uint32_t *place,
		     struct root_list *out)
{
	for (uint32_t tree = 0; tree < bundle->trees.len; tree++) {
		uint32_t first;
		uint32_t end;

		module_roots_range(bundle, tree, dir, &first, &end);
		if (first < end)
			*vec_push(arena, &out->list) = (struct module_root){
				.dir = dir, .tree = tree, .place = *place, .sure = true
			};
	}
	*place += 1;
}

struct finding {
	const struct bundle *bundle;
	struct arena *arena;
	struct root_list *out;
	struct map tried; /* directories of the tree */
	uint32_t tree;
};

static void add_unsure(struct finding *finding, struct str dir)
{
	bool added;

	(void)map_put(finding->arena, &finding->tried, dir, &added);
	if (added)
		*vec_push(finding->arena, &finding->out->list) =
			(struct module_root){ .dir = dir, .tree = finding->tree };
}

static bool is_vendor_name(struct str name)
{
	for (size_t i = 0; i < sizeof(vendor_names) / sizeof(vendor_names[0]); i++)
		if (str_eq(name, vendor_names[i]))
			return true;
	return false;
}

/* What a part of a path, `dir` with all before it, says of roots. */
static void look_at(struct finding *finding, struct str dir, bool is_dir)
{
	struct str name = str_base(dir);

	if (str_ends(name, STR(".egg-info")) || (is_dir && str_ends(name, STR(".dist-info"))))
		add_unsure(finding, str_dir(dir));
	if (!is_dir)
		return;
	if (str_ends(name, STR(".egg")) ||
	    (is_vendor_name(name) && !is_package(finding->bundle, finding->tree, dir)))
		add_unsure(finding, dir);
}

static void look_at_path(struct finding *finding, struct str before, struct str path)
{
	size_t common = 0;

	while (common < before.len && common < path.len && before.ptr[common] == path.ptr[common])
		common++;
	/* Directories in front of the last common slash were seen with the path before. */
	while (common > 0 && path.ptr[common - 1] != '/')
		common--;
	for (size_t i = common; i < path.len; i++)
		if (path.ptr[i] == '/')
			look_at(finding, str_head(path, i), true);
	look_at(finding, path, false);
}

static int root_order(const void *left, const void *right)
{
	const struct module_root *a = left;
	const struct module_root *b = right;

	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	return str_cmp(a->dir, b->dir);
}

static void find_unsure(const struct bundle *bundle, struct arena *arena, uint32_t place,
			struct root_list *out)
{
	size_t sure = out->list.len;

	for (uint32_t tree = 0; tree < bundle->trees.len; tree++) {
		const struct tree *t = &bundle->trees.at[tree];
		struct finding finding = { .bundle = bundle, .arena = arena, .out = out, .tree = tree };
		struct str before = STR("");

		for (size_t i = 0; i < sure; i++)
			if (out->list.at[i].tree == tree)
				(void)map_put(arena, &finding.tried, out->list.at[i].dir, NULL);
		for (uint32_t file = t->first; file < t->first + t->count; file++) {
			look_at_path(&finding, before, bundle->files.at[file].path);
			before = bundle->files.at[file].path;
		}
	}
	if (out->list.len > sure)
		qsort(out->list.at + sure, out->list.len - sure, sizeof(*out->list.at), root_order);
	for (size_t i = sure; i < out->list.len; i++)
		out->list.at[i].place = place + (uint32_t)(i - sure);
}

void module_roots_find(const struct bundle *bundle, struct arena *arena, struct root_list *out)
{
	uint32_t place = 0;

	for (uint32_t tree = 0; tree < bundle->trees.len; tree++)
		if (bundle->trees.at[tree].role == TREE_FUNCTION)
			*vec_push(arena, &out->list) = (struct module_root){
				.dir = STR(""), .tree = tree, .place = place++, .sure = true
			};
	for (unsigned minor = 0; minor < MINORS; minor++)
		add_sure(bundle, arena, str_fmt(arena, "python/lib/python3.%u/site-packages", minor), &place,
			 out);
	add_sure(bundle, arena, STR("python"), &place, out);
	find_unsure(bundle, arena, place, out);
}
