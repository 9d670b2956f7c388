#include "scan/candidates.h"

#include <string.h>

#include "base/arena.h"
#include "scan/python_tag.h"

/* The path of a module without what its kind adds: "a/b.py", "a/b.abi3.so" and "a/b/__init__.py" are a/b. */
static struct str module_path(struct str path)
{
	struct str base = str_base(path);
	struct str dir = str_dir(path);
	struct str stem;
	struct str rest;

	if (!candidates_is_module(path))
		return STR("");
	(void)str_cut(base, '.', &stem, &rest);
	if (stem.len == 0 || (!str_ends(base, STR(".so")) && memchr(rest.ptr, '.', rest.len)))
		return STR("");
	if (str_eq(stem, STR("__init__")))
		return dir;
	return str_head(path, (dir.len ? dir.len + 1 : 0) + stem.len);
}

bool candidates_is_module(struct str path)
{
	if (str_ends(path, STR(".pyc")))
		return !str_eq(str_base(str_dir(path)), STR("__pycache__"));
	return str_ends(path, STR(".py")) || str_ends(path, STR(".so"));
}

/* Appends a file to the chain of its key. Ids ascend, so chains do too if each begins with the newest. */
static void chain(struct arena *arena, struct map *map, uint32_t *next, struct str key, uint32_t id)
{
	bool added;
	uint32_t *head;

	if (key.len == 0)
		return;
	head = map_put(arena, map, key, &added);
	next[id] = added ? NO_FILE : *head;
	*head = id;
}

static void add_site(struct candidates *candidates, struct arena *arena, struct map *seen, struct str dir)
{
	bool added;

	(void)map_put(arena, seen, dir, &added);
	if (added)
		*vec_push(arena, &candidates->sites) = dir;
}

/* The length of "python/lib/python3.X/site-packages" at the start of the path, or 0. */
static size_t layer_site(struct str path)
{
	struct str tail;
	struct str version;

	if (!str_starts(path, STR("python/lib/python3.")))
		return 0;
	(void)str_cut(str_from(path, 11), '/', &version, &tail);
	return str_starts(tail, STR("site-packages/")) ? 11 + version.len + 1 + 13 : 0;
}

static void index_sites(struct candidates *candidates, struct arena *arena)
{
	const struct bundle *bundle = candidates->bundle;
	struct map seen = { 0 };
	struct str before = STR("");

	add_site(candidates, arena, &seen, STR(""));
	add_site(candidates, arena, &seen, STR("python"));
	for (size_t i = 0; i < bundle->dists.len; i++)
		add_site(candidates, arena, &seen, bundle->dists.at[i].site);
	for (size_t i = 0; i < bundle->files.len; i++) {
		struct str site = str_head(bundle->files.at[i].path, layer_site(bundle->files.at[i].path));

		if (site.len && !str_eq(site, before))
			add_site(candidates, arena, &seen, site);
		before = site;
	}
}

/* A directory that is open while the sorted files pass by. */
struct open_dir {
	struct str path;
	uint32_t first;
	uint32_t files; /* so far; caches of bytecode do not count */
	uint32_t kept;	/* of them, those that are no candidates */
	bool all;	/* every file so far is a candidate, caches too */
	bool speaks;	/* a module in it is kept, and may name what is beside it */
	bool package;	/* its own __init__ is kept */
};

struct open_dirs {
	VEC(struct open_dir) stack;
};

static bool is_under(struct str path, struct str dir)
{
	return path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir);
}

/* Whether the directory is on sys.path or holds one that is: then its own name says nothing. */
static bool holds_site(const struct candidates *candidates, struct str dir)
{
	for (size_t i = 0; i < candidates->sites.len; i++)
		if (str_eq(candidates->sites.at[i], dir) || is_under(candidates->sites.at[i], dir))
			return true;
	return false;
}

/* Whether the directory goes for one of candidates, though a licence or a single module of it may stay. */
static bool is_candidate_dir(const struct candidates *candidates, const struct open_dir *dir)
{
	return dir->all ||
	       (!dir->package && dir->kept < dir->files - dir->kept && !holds_site(candidates, dir->path));
}

static void add_to_outer(const struct open_dir *dir, struct open_dir *outer)
{
	outer->files += dir->files;
	outer->kept += dir->kept;
	outer->all = outer->all && dir->all;
	outer->speaks = outer->speaks || dir->speaks;
}

static void close_dirs(struct candidates *candidates, struct arena *arena, struct open_dirs *open,
		       struct str path, uint32_t end)
{
	while (open->stack.len && !is_under(path, open->stack.at[open->stack.len - 1].path)) {
		const struct open_dir *dir = &open->stack.at[--open->stack.len];
		uint32_t index = (uint32_t)candidates->dir_list.len;
		uint32_t *head;
		bool added;

		if (open->stack.len)
			add_to_outer(dir, &open->stack.at[open->stack.len - 1]);
		if (!is_candidate_dir(candidates, dir))
			continue;
		head = map_put(arena, &candidates->dirs, dir->path, &added);
		*vec_push(arena, &candidates->dir_list) = (struct candidate_dir){
			.path = dir->path,
			.first = dir->first,
			.end = end,
			.next = added ? NO_FILE : *head,
			.silent = !dir->speaks,
		};
		*head = index;
	}
}

static void open_dirs(struct arena *arena, struct open_dirs *open, struct str path, uint32_t id)
{
	size_t at = open->stack.len ? open->stack.at[open->stack.len - 1].path.len + 1 : 0;

	for (;; at++) {
		const char *slash = at < path.len ? memchr(path.ptr + at, '/', path.len - at) : NULL;

		if (!slash)
			return;
		at = (size_t)(slash - path.ptr);
		*vec_push(arena, &open->stack) =
			(struct open_dir){ .path = str_head(path, at), .first = id, .all = true };
	}
}

static void count_file(struct open_dir *dir, struct str path, bool candidate)
{
	bool module = candidates_is_module(path);

	if (!candidate) {
		dir->all = false;
		dir->speaks = dir->speaks || module;
		dir->package = dir->package || str_eq(module_path(path), dir->path);
	}
	if (!module && str_ends(path, STR(".pyc")))
		return;
	dir->files++;
	dir->kept += !candidate;
}

/* Lists inner directories before outer ones: each when the last of its files has passed by. */
static void index_dirs(struct candidates *candidates, struct arena *arena)
{
	const struct bundle *bundle = candidates->bundle;

	for (size_t t = 0; t < bundle->trees.len; t++) {
		struct open_dirs open = { 0 };
		uint32_t id = bundle->trees.at[t].first;
		uint32_t end = id + bundle->trees.at[t].count;

		for (; id < end; id++) {
			const struct file *file = &bundle->files.at[id];

			close_dirs(candidates, arena, &open, file->path, id);
			open_dirs(arena, &open, file->path, id);
			if (open.stack.len && file->kind != FILE_DIR)
				count_file(&open.stack.at[open.stack.len - 1], file->path,
					   candidates->is[id]);
		}
		close_dirs(candidates, arena, &open, STR(""), end);
	}
}

/*
 * Whoever means a candidate from outside names its outermost directory of candidates, or itself where there
 * is none. Only such names are markers, which keeps them few.
 */
static void index_markers(struct candidates *candidates, struct arena *arena)
{
	const struct bundle *bundle = candidates->bundle;
	bool *covered = arena_array(arena, bool, bundle->files.len);
	uint32_t low = NO_FILE;
	bool stubs = false;

	/* Backwards, outer directories come before those in them. */
	for (size_t i = candidates->dir_list.len; i-- > 0;) {
		const struct candidate_dir *dir = &candidates->dir_list.at[i];

		if (dir->first >= low || holds_site(candidates, dir->path))
			continue;
		markers_add(&candidates->markers, arena, str_base(dir->path), false);
		*vec_push(arena, &candidates->outer_dirs) = (uint32_t)i;
		/* What is kept in it may name its neighbours, which then are markers too. */
		if (!dir->silent)
			continue;
		low = dir->first;
		memset(covered + dir->first, 1, dir->end - dir->first);
	}
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		struct str path = bundle->files.at[id].path;
		struct str module = module_path(path);

		if (!candidates->is[id] || covered[id])
			continue;
		markers_add(&candidates->markers, arena, module.len ? str_base(module) : str_base(path),
			    false);
		if (str_ends(path, STR(".pyi")))
			stubs = true;
	}
	if (stubs)
		markers_add(&candidates->markers, arena, STR("attach_stub"), true);
	if (candidates->distutils)
		markers_add(&candidates->markers, arena, STR("distutils"), false);
	markers_finish(&candidates->markers, arena);
}

static void index_above(struct candidates *candidates, struct arena *arena, struct str path)
{
	bool added = true;

	for (path = str_dir(path); path.len && added; path = str_dir(path))
		*map_put(arena, &candidates->above, path, &added) = 1;
}

/*
 * From Python 3.12 on distutils is a part of setuptools. Extension modules that are all for an older
 * Python prove that the function runs on one, which has its own.
 */
static bool needs_setuptools_for_distutils(const struct bundle *bundle)
{
	bool older = false;

	for (size_t i = 0; i < bundle->files.len; i++) {
		unsigned minor = python_tag_of_extension(bundle->files.at[i].path);

		if (minor >= 12)
			return true;
		older = older || minor;
	}
	return !older;
}

void candidates_index(struct candidates *candidates, const struct bundle *bundle, const bool *is,
		      struct arena *arena)
{
	*candidates = (struct candidates){ .bundle = bundle, .is = is };
	candidates->next_module = arena_array(arena, uint32_t, bundle->files.len);
	candidates->next_file = arena_array(arena, uint32_t, bundle->files.len);
	index_sites(candidates, arena);
	for (uint32_t id = (uint32_t)bundle->files.len; id-- > 0;) {
		struct str path = bundle->files.at[id].path;

		if (!is[id])
			continue;
		candidates->any = true;
		chain(arena, &candidates->modules, candidates->next_module, module_path(path), id);
		chain(arena, &candidates->files, candidates->next_file, path, id);
		index_above(candidates, arena, path);
	}
	for (size_t i = 0; i < candidates->sites.len && !candidates->distutils; i++) {
		struct str site = candidates->sites.at[i];
		struct str path =
			site.len ? str_fmt(arena, "%.*s/setuptools", STR_ARG(site)) : STR("setuptools");

		candidates->distutils = candidates_module(candidates, path) != NO_FILE;
	}
	candidates->distutils = candidates->distutils && needs_setuptools_for_distutils(bundle);
	index_dirs(candidates, arena);
	index_markers(candidates, arena);
}

uint32_t candidates_module(const struct candidates *candidates, struct str path)
{
	const uint32_t *id = map_get(&candidates->modules, path);

	return id ? *id : NO_FILE;
}

uint32_t candidates_file(const struct candidates *candidates, struct str path)
{
	const uint32_t *id = map_get(&candidates->files, path);

	return id ? *id : NO_FILE;
}

const struct candidate_dir *candidates_dir(const struct candidates *candidates, struct str path)
{
	const uint32_t *index = map_get(&candidates->dirs, path);

	return index ? &candidates->dir_list.at[*index] : NULL;
}

bool candidates_above(const struct candidates *candidates, struct str path)
{
	return map_get(&candidates->above, path);
}

struct str candidates_site(const struct candidates *candidates, struct str path)
{
	struct str best = STR("");

	for (size_t i = 0; i < candidates->sites.len; i++) {
		struct str site = candidates->sites.at[i];

		if (site.len > best.len && is_under(path, site))
			best = site;
	}
	return best;
}
