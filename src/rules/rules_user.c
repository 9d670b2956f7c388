#include "rules/rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "rules/walk.h"

/* A directory from which modules are imported. */
struct base {
	uint32_t tree;
	struct str dir;
};

/* --keep or --drop. */
struct list {
	const struct pattern *at;
	size_t len;
	bool *used;
	struct str *keys; /* by pattern: a distribution's normalised name, a module's path */
	uint32_t tag;	  /* a hit of the index is 2 x pattern + tag */
	bool wide;	  /* whether any is dist: or module: */
};

struct user_matcher {
	struct bundle *bundle;
	struct arena *arena;
	struct list lists[2];
	VEC(struct base) bases;
	struct pattern_index index;
	struct walk walk;
};

enum { KEEP, DROP };

/* --- modules ---------------------------------------------------------------------------------------- */

static void add_base(struct user_matcher *m, uint32_t tree, struct str dir)
{
	for (size_t i = 0; i < m->bases.len; i++)
		if (m->bases.at[i].tree == tree && str_eq(m->bases.at[i].dir, dir))
			return;
	*vec_push(m->arena, &m->bases) = (struct base){ tree, dir };
}

/* The root of a tree, where distributions lie, and in layers what Lambda puts on sys.path. */
static void find_bases(struct user_matcher *m)
{
	for (uint32_t t = 0; t < m->bundle->trees.len; t++) {
		add_base(m, t, STR(""));
		if (m->bundle->trees.at[t].role == TREE_LAYER)
			add_base(m, t, STR("python"));
	}
	for (size_t d = 0; d < m->bundle->dists.len; d++)
		add_base(m, m->bundle->dists.at[d].tree, m->bundle->dists.at[d].site);
}

/* The path below the base; false where it is not. */
static bool below_base(const struct base *base, const struct file *file, struct str *rest)
{
	*rest = file->path;
	if (base->tree != file->tree)
		return false;
	if (base->dir.len == 0)
		return true;
	if (!str_starts(file->path, base->dir) || file->path.len <= base->dir.len ||
	    file->path.ptr[base->dir.len] != '/')
		return false;
	*rest = str_from(file->path, base->dir.len + 1);
	return true;
}

/* The length of what follows the module's name in a file's: ".py", ".cpython-313-x86_64-linux-gnu.so"; or 0.
 */
static size_t module_suffix(struct str name)
{
	static const char *const plain[] = { ".py", ".pyi", ".pyc", ".pyo" };
	ptrdiff_t dot = str_find(name, STR("."));
	struct str suffix = dot < 0 ? STR("") : str_from(name, (size_t)dot);

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (str_eq(suffix, str_of(plain[i])))
			return suffix.len;
	return str_ends(suffix, STR(".so")) || str_ends(suffix, STR(".pyd")) ? suffix.len : 0;
}

/* Whether the file is the module `name` (a path), lies in that package, or is its bytecode. */
static bool is_of_module(struct str path, struct str name)
{
	struct str dir = str_dir(path);
	struct str rest;

	if (str_starts(path, name)) {
		rest = str_from(path, name.len);
		if (rest.len == 0 || rest.ptr[0] == '/')
			return true;
		if (memchr(rest.ptr, '/', rest.len) == NULL && rest.ptr[0] == '.' &&
		    module_suffix(rest) == rest.len)
			return true;
	}
	if (!str_eq(str_base(dir), STR("__pycache__")) || !str_eq(str_dir(dir), str_dir(name)))
		return false;
	rest = str_from(str_base(path), str_base(name).len);
	return str_starts(str_base(path), str_base(name)) && str_starts(rest, STR(".")) &&
	       str_ends(rest, STR(".pyc"));
}

static bool is_in_module(const struct user_matcher *m, const struct file *file, struct str name)
{
	struct str rest;

	for (size_t b = 0; b < m->bases.len; b++)
		if (below_base(&m->bases.at[b], file, &rest) && is_of_module(rest, name))
			return true;
	return false;
}

/* --- matching ------------------------------------------------------------------------------------------ */

static void mark_used(void *ctx, struct str dir, struct hits *hits, size_t first)
{
	struct user_matcher *m = ctx;

	(void)dir;
	for (size_t i = first; i < hits->len; i++)
		m->lists[hits->at[i] % 2].used[hits->at[i] / 2] = true;
}

/* The last pattern of the list among the hits from `first` to `end`, or NULL. */
static const struct pattern *last_hit(const struct list *list, const struct hits *hits, size_t first,
				      size_t end)
{
	const struct pattern *last = NULL;

	for (size_t i = first; i < end; i++)
		if (hits->at[i] % 2 == list->tag && (!last || &list->at[hits->at[i] / 2] > last))
			last = &list->at[hits->at[i] / 2];
	return last;
}

/* dist: and module: are wider than any path, so a path has the last word. */
static const struct pattern *last_wide(const struct user_matcher *m, const struct list *list,
				       const struct file *file)
{
	const struct pattern *last = NULL;

	for (size_t i = 0; list->wide && i < list->len; i++) {
		bool hit = false;

		if (list->at[i].kind == PATTERN_DIST)
			hit = file->dist != NO_DIST &&
			      pattern_glob(list->keys[i], m->bundle->dists.at[file->dist].key);
		else if (list->at[i].kind == PATTERN_MODULE)
			hit = is_in_module(m, file, list->keys[i]);
		if (!hit)
			continue;
		list->used[i] = true;
		last = &list->at[i];
	}
	return last;
}

/* The pattern that decides on the file at which the walk is: the nearest, and of those the last. */
static const struct pattern *deciding(const struct user_matcher *m, const struct list *list,
				      const struct file *file, size_t own)
{
	const struct hits *hits = &m->walk.hits;
	const struct pattern *wide = last_wide(m, list, file);
	const struct pattern *hit = last_hit(list, hits, own, hits->len);
	size_t end = own;

	for (size_t l = m->walk.levels.len; !hit && l-- > 0;) {
		hit = last_hit(list, hits, m->walk.levels.at[l].first, end);
		end = m->walk.levels.at[l].first;
	}
	return hit ? hit : wide;
}

static void judge(struct user_matcher *m, uint32_t id, size_t own, struct opinion *opinion)
{
	const struct file *file = &m->bundle->files.at[id];
	const struct pattern *keep = deciding(m, &m->lists[KEEP], file, own);
	const struct pattern *drop = deciding(m, &m->lists[DROP], file, own);

	if (keep && !keep->negated)
		*opinion = (struct opinion){ STANCE_USER_KEEP, CODE_USER_KEEP, keep->written };
	else if (drop && !drop->negated)
		*opinion = (struct opinion){ STANCE_USER_DROP, CODE_USER_DROP, drop->written };
}

static void match_files(struct user_matcher *m, struct opinion *opinions)
{
	uint32_t tree = UINT32_MAX;

	for (uint32_t id = 0; id < m->bundle->files.len; id++) {
		const struct file *file = &m->bundle->files.at[id];
		size_t own;

		if (file->tree != tree)
			walk_leave(&m->walk);
		tree = file->tree;
		walk_to(&m->walk, file->path);
		own = m->walk.hits.len;
		pattern_index_find(&m->index, file->path, file->kind == FILE_DIR, &m->walk.hits);
		mark_used(m, STR(""), &m->walk.hits, own);
		judge(m, id, own, &opinions[id]);
		m->walk.hits.len = own;
	}
}

/* --- patterns that match nothing ------------------------------------------------------------------------ */

/* Both give what to write instead, or nothing. */
static struct str nearest_dist(const struct user_matcher *m, struct str key)
{
	struct str *names = arena_array(m->arena, struct str, m->bundle->dists.len);
	ptrdiff_t at;

	for (size_t d = 0; d < m->bundle->dists.len; d++)
		names[d] = m->bundle->dists.at[d].key;
	at = text_nearest(key, names, m->bundle->dists.len);
	if (at < 0)
		return STR("");
	return str_fmt(m->bundle->arena, "did you mean dist:%s?", text_escape(m->arena, names[at]).ptr);
}

static size_t count_slashes(struct str path)
{
	size_t count = 0;

	for (size_t i = 0; i < path.len; i++)
		count += path.ptr[i] == '/';
	return count;
}

/* Of the modules and packages at the same depth. */
static struct str nearest_module(const struct user_matcher *m, struct str name)
{
	VEC(struct str) names = { 0 };
	size_t depth = count_slashes(name);
	ptrdiff_t at;
	char *dotted;

	for (size_t f = 0; f < m->bundle->files.len; f++) {
		for (size_t b = 0; b < m->bases.len; b++) {
			struct str path;
			size_t suffix;

			if (!below_base(&m->bases.at[b], &m->bundle->files.at[f], &path))
				continue;
			suffix = module_suffix(str_base(path));
			if (suffix == 0)
				continue;
			path.len -= suffix;
			if (str_eq(str_base(path), STR("__init__")))
				path = str_dir(path);
			if (path.len && count_slashes(path) == depth)
				*vec_push(m->arena, &names) = path;
		}
	}
	at = text_nearest(name, names.at, names.len);
	if (at < 0 || !names.at)
		return STR("");
	dotted = arena_alloc(m->arena, names.at[at].len, 1);
	for (size_t i = 0; i < names.at[at].len; i++)
		dotted[i] = names.at[at].ptr[i] == '/' ? '.' : names.at[at].ptr[i];
	return str_fmt(m->bundle->arena, "did you mean module:%s?",
		       text_escape(m->arena, (struct str){ dotted, names.at[at].len }).ptr);
}

static void note_unused(struct user_matcher *m, const struct list *list)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct pattern *pattern = &list->at[i];
		struct str written = text_escape(m->arena, pattern->written);
		struct str place = text_escape(m->arena, pattern->place);
		struct str cure = STR("");

		if (list->used[i])
			continue;
		if (pattern->kind == PATTERN_DIST)
			cure = nearest_dist(m, list->keys[i]);
		else if (pattern->kind == PATTERN_MODULE)
			cure = nearest_module(m, list->keys[i]);
		if (str_find(place, written) >= 0)
			note_add(&m->bundle->notes, m->bundle->arena, CODE_PATTERN_UNUSED, STR(""), cure,
				 "%.*s matches no file", STR_ARG(place));
		else
			note_add(&m->bundle->notes, m->bundle->arena, CODE_PATTERN_UNUSED, STR(""), cure,
				 "%.*s: '%.*s' matches no file", STR_ARG(place), STR_ARG(written));
	}
}

/* --- all of it --------------------------------------------------------------------------------------- */

/* "A.b" -> "a-b" for a distribution, "a.b" -> "a/b" for a module. */
static struct str wide_key(struct arena *arena, const struct pattern *pattern)
{
	char *path;

	if (pattern->kind == PATTERN_DIST)
		return pattern_dist_key(arena, pattern->text);
	path = arena_alloc(arena, pattern->text.len, 1);
	for (size_t i = 0; i < pattern->text.len; i++)
		path[i] = pattern->text.ptr[i] == '.' ? '/' : pattern->text.ptr[i];
	return (struct str){ path, pattern->text.len };
}

static void list_init(struct user_matcher *m, uint32_t tag, const struct pattern *at, size_t len)
{
	struct list *list = &m->lists[tag];

	*list = (struct list){ .at = at, .len = len, .tag = tag };
	list->used = arena_array(m->arena, bool, len);
	list->keys = arena_array(m->arena, struct str, len);
	for (uint32_t i = 0; i < len; i++) {
		if (at[i].kind == PATTERN_PATH) {
			pattern_index_add(&m->index, &at[i], 2 * i + tag);
			continue;
		}
		list->wide = true;
		list->keys[i] = wide_key(m->arena, &at[i]);
	}
}

void rules_match_user(const struct user_patterns *user, struct bundle *bundle, struct opinion *opinions)
{
	struct arena scratch __attribute__((cleanup(arena_free))) = { .chunk = NULL };
	struct user_matcher m = {
		.bundle = bundle,
		.arena = &scratch,
		.index = { .arena = &scratch },
	};

	if (user->keep.len + user->drop.len == 0)
		return;
	list_init(&m, KEEP, user->keep.at, user->keep.len);
	list_init(&m, DROP, user->drop.at, user->drop.len);
	find_bases(&m);
	m.walk = (struct walk){ .arena = &scratch, .index = &m.index, .entered = mark_used, .ctx = &m };
	match_files(&m, opinions);
	note_unused(&m, &m.lists[KEEP]);
	note_unused(&m, &m.lists[DROP]);
}
