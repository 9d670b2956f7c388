#include "scan/candidates.h"

#include <string.h>

#include "base/arena.h"
#include "scan/python_lex.h"

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
	bool all; /* every file so far is a candidate */
};

struct open_dirs {
	VEC(struct open_dir) stack;
};

static bool is_under(struct str path, struct str dir)
{
	return path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir);
}

static void close_dirs(struct candidates *candidates, struct arena *arena, struct open_dirs *open, struct str path,
		       uint32_t end)
{
	while (open->stack.len && !is_under(path, open->stack.at[open->stack.len - 1].path)) {
		const struct open_dir *dir = &open->stack.at[--open->stack.len];
		uint32_t index = (uint32_t)candidates->dir_list.len;
		uint32_t *head;
		bool added;

		if (!dir->all && open->stack.len)
			open->stack.at[open->stack.len - 1].all = false;
		if (!dir->all)
			continue;
		head = map_put(arena, &candidates->dirs, dir->path, &added);
		*vec_push(arena, &candidates->dir_list) = (struct candidate_dir){
			.path = dir->path, .first = dir->first, .end = end, .next = added ? NO_FILE : *head
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
			if (open.stack.len && file->kind != FILE_DIR && !candidates->is[id])
				open.stack.at[open.stack.len - 1].all = false;
		}
		close_dirs(candidates, arena, &open, STR(""), end);
	}
}

static size_t word_slot(struct str word)
{
	unsigned char first = (unsigned char)word.ptr[0];
	unsigned char last = (unsigned char)word.ptr[word.len - 1];
	unsigned char middle = (unsigned char)word.ptr[word.len / 2];

	return (first * 131U + last * 31U + middle * 7U + word.len * 1031U) % WORD_BITS;
}

static void add_marker(struct candidates *candidates, struct arena *arena, struct str name)
{
	struct str word = name;
	uint32_t index = (uint32_t)candidates->markers.len;
	uint32_t *head;
	bool added;

	while (word.len && !python_is_word(word.ptr[0]))
		word = str_from(word, 1);
	for (size_t i = 0; i < word.len; i++)
		if (!python_is_word(word.ptr[i]))
			word.len = i;
	if (word.len == 0) {
		candidates->wordless = true;
		return;
	}
	head = map_put(arena, &candidates->words, word, &added);
	for (uint32_t i = added ? NO_FILE : *head; i != NO_FILE; i = candidates->markers.at[i].next)
		if (str_eq(candidates->markers.at[i].name, name))
			return;
	*vec_push(arena, &candidates->markers) = (struct marker){
		.name = name, .skip = (size_t)(word.ptr - name.ptr), .next = added ? NO_FILE : *head
	};
	*head = index;
	candidates->word_filter[word_slot(word) / 8] |= (uint8_t)(1U << word_slot(word) % 8);
}

/* Whether the directory is on sys.path or holds one that is: then its own name says nothing. */
static bool holds_site(const struct candidates *candidates, struct str dir)
{
	for (size_t i = 0; i < candidates->sites.len; i++)
		if (str_eq(candidates->sites.at[i], dir) || is_under(candidates->sites.at[i], dir))
			return true;
	return false;
}

/*
 * Whoever means a candidate from outside names its outermost directory of candidates, or itself where there is
 * none. Only such names are markers, which keeps them few.
 */
static void index_markers(struct candidates *candidates, struct arena *arena)
{
	const struct bundle *bundle = candidates->bundle;
	bool *covered = arena_array(arena, bool, bundle->files.len);
	uint32_t low = NO_FILE;

	candidates->word_filter = arena_array(arena, uint8_t, WORD_BITS / 8);
	/* Backwards, outer directories come before those in them. */
	for (size_t i = candidates->dir_list.len; i-- > 0;) {
		const struct candidate_dir *dir = &candidates->dir_list.at[i];

		if (dir->first >= low || holds_site(candidates, dir->path))
			continue;
		low = dir->first;
		memset(covered + dir->first, 1, dir->end - dir->first);
		add_marker(candidates, arena, str_base(dir->path));
	}
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		struct str path = bundle->files.at[id].path;
		struct str module = module_path(path);

		if (!candidates->is[id] || covered[id])
			continue;
		add_marker(candidates, arena, module.len ? str_base(module) : str_base(path));
		if (str_ends(path, STR(".pyi")))
			add_marker(candidates, arena, STR("attach_stub"));
	}
	if (candidates->distutils)
		add_marker(candidates, arena, STR("distutils"));
}

/* The N of "NAME.cpython-3N-….so", or 0. */
static unsigned minor_version(struct str path)
{
	ptrdiff_t at = str_ends(path, STR(".so")) ? str_find(path, STR(".cpython-3")) : -1;
	struct str digits = at < 0 ? STR("") : str_from(path, (size_t)at + STR(".cpython-3").len);
	unsigned minor = 0;

	for (size_t i = 0; i < digits.len && i < 3 && digits.ptr[i] >= '0' && digits.ptr[i] <= '9'; i++)
		minor = minor * 10 + (unsigned)(digits.ptr[i] - '0');
	return minor;
}

/*
 * From Python 3.12 on distutils is a part of setuptools. Extension modules that are all for an older
 * Python prove that the function runs on one, which has its own.
 */
static bool needs_setuptools_for_distutils(const struct bundle *bundle)
{
	bool older = false;

	for (size_t i = 0; i < bundle->files.len; i++) {
		unsigned minor = minor_version(bundle->files.at[i].path);

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
	}
	for (size_t i = 0; i < candidates->sites.len && !candidates->distutils; i++) {
		struct str site = candidates->sites.at[i];
		struct str path = site.len ? str_fmt(arena, "%.*s/setuptools", STR_ARG(site)) : STR("setuptools");

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

/* The first marker that begins with this word, or NULL. */
static const struct marker *marker_of(const struct candidates *candidates, struct str word)
{
	size_t slot = word_slot(word);
	const uint32_t *index;

	if (!(candidates->word_filter[slot / 8] & 1U << slot % 8))
		return NULL;
	index = map_get(&candidates->words, word);
	return index ? &candidates->markers.at[*index] : NULL;
}

enum { CONTEXT_MAX = 512 }; /* bytes around a name that are looked at; beyond them anything may be */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

/* Whether the text between quotes, braces or blanks around [start, stop) touches a quote or a hole: a literal. */
static bool in_literal(struct str text, size_t start, size_t stop)
{
	static const char ends[] = " \t\r\n\"'{}";
	size_t low = start > CONTEXT_MAX ? start - CONTEXT_MAX : 0;
	size_t high = text.len - stop > CONTEXT_MAX ? stop + CONTEXT_MAX : text.len;

	while (start > low && !strchr(ends, text.ptr[start - 1]))
		start--;
	while (stop < high && !strchr(ends, text.ptr[stop]))
		stop++;
	if ((start == low && low) || (stop == high && high < text.len))
		return true;
	return (start && strchr("\"'}", text.ptr[start - 1])) || (stop < text.len && strchr("\"'{", text.ptr[stop]));
}

/* Whether a line of names and commas, as the lists of from-imports that go over several lines are. */
static bool is_name_list(struct str line)
{
	for (size_t i = 0; i < line.len && line.ptr[i] != '#'; i++) {
		char c = line.ptr[i];

		if (!python_is_word(c) && !is_blank(c) && c != ',' && c != '(' && c != ')' && c != '\\' && c != ';')
			return false;
	}
	return true;
}

/* Whether [start, stop) may stand in an import statement: in a line of one, or of nothing but names. */
static bool in_import(struct str text, size_t start, size_t stop)
{
	size_t low = start;
	size_t high = stop;

	while (low && start - low < CONTEXT_MAX && text.ptr[low - 1] != '\n' && text.ptr[low - 1] != '\r')
		low--;
	while (high < text.len && high - stop < CONTEXT_MAX && text.ptr[high] != '\n' && text.ptr[high] != '\r')
		high++;
	if (start - low == CONTEXT_MAX || high - stop == CONTEXT_MAX)
		return true;
	text = str_head(str_from(text, low), high - low);
	return is_name_list(text) || str_find(text, STR("import")) >= 0 || str_find(text, STR("from")) >= 0;
}

/* Whether one of the markers that begin with the word at `at` stands there as a whole, and may refer to it. */
static bool refers_at(const struct candidates *candidates, struct str text, size_t at, const struct marker *marker)
{
	for (;; marker = &candidates->markers.at[marker->next]) {
		size_t start = at - (marker->skip <= at ? marker->skip : at);
		size_t stop = start + marker->name.len;

		if (marker->skip <= at && str_starts(str_from(text, start), marker->name) &&
		    (in_literal(text, start, stop) || in_import(text, start, stop)))
			return true;
		if (marker->next == NO_FILE)
			return false;
	}
}

/* The next word of the text from *at on, which moves behind it; "" where there is none. */
static struct str next_word(struct str text, size_t *at)
{
	size_t start;

	while (*at < text.len && !python_is_word(text.ptr[*at]))
		++*at;
	start = *at;
	while (*at < text.len && python_is_word(text.ptr[*at]))
		++*at;
	return (struct str){ text.ptr + start, *at - start };
}

bool candidates_named_in(const struct candidates *candidates, struct str source)
{
	size_t at = 0;
	struct str word;

	if (candidates->wordless)
		return true;
	for (word = next_word(source, &at); word.len; word = next_word(source, &at)) {
		const struct marker *marker = marker_of(candidates, word);

		if (marker && refers_at(candidates, source, at - word.len, marker))
			return true;
	}
	return false;
}

bool candidates_hinted_in(const struct candidates *candidates, struct str name)
{
	size_t at = 0;
	struct str word;

	if (candidates->wordless)
		return true;
	for (word = next_word(name, &at); word.len; word = next_word(name, &at))
		if (marker_of(candidates, word))
			return true;
	return false;
}
