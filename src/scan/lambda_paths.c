#include "scan/lambda_paths.h"

#include <string.h>

/* As many as the kernel follows (path_resolution(7)). */
enum { LINKS_MAX = 40 };

static const struct str mounts[] = {
	[TREE_FUNCTION] = STR_INIT("/var/task"),
	[TREE_LAYER] = STR_INIT("/opt"),
};

/* --- what is where --------------------------------------------------------------------------- */

/* Directories that a layer has at its top and a function has no use for, but `lib` and `bin`. */
static bool is_of_layers(struct str top)
{
	static const struct str names[] = {
		STR_INIT("bin"),     STR_INIT("etc"),	STR_INIT("extensions"), STR_INIT("fonts"),
		STR_INIT("include"), STR_INIT("lib"),	STR_INIT("lib64"),	STR_INIT("libexec"),
		STR_INIT("python"),  STR_INIT("share"), STR_INIT("ssl"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(top, names[i]))
			return true;
	return false;
}

static bool looks_like_layer(const struct bundle *bundle)
{
	for (size_t t = 0; t < bundle->trees.len; t++)
		if (bundle->trees.at[t].role == TREE_LAYER)
			return false;
	for (size_t i = 0; i < bundle->files.len; i++) {
		const struct file *file = &bundle->files.at[i];

		if (!is_of_layers(str_top(file->path)) ||
		    (file->kind == FILE_REGULAR && !memchr(file->path.ptr, '/', file->path.len)))
			return false;
	}
	return true;
}

struct str lambda_path_of(const struct lambda_paths *paths, uint32_t id)
{
	const struct file *file = &paths->bundle->files.at[id];
	struct str mount = mounts[paths->bundle->trees.at[file->tree].role];

	return str_fmt(paths->arena, "%.*s/%.*s", STR_ARG(mount), STR_ARG(file->path));
}

void lambda_paths_begin(struct lambda_paths *paths, const struct bundle *bundle, struct arena *arena)
{
	*paths = (struct lambda_paths){ .bundle = bundle, .arena = arena };
	paths->layer_like = looks_like_layer(bundle);
	for (uint32_t id = 0; id < bundle->files.len; id++)
		if (bundle->files.at[id].kind == FILE_SYMLINK) {
			struct str path = lambda_path_of(paths, id);

			(void)map_put(arena, &paths->links, path, NULL);
			if (paths->layer_like)
				(void)map_put(arena, &paths->links,
					      str_fmt(arena, "/opt/%.*s", STR_ARG(bundle->files.at[id].path)),
					      NULL);
		}
}

/* Whether the path is the mount, or below it; *rest is what is below. */
static bool is_below(struct str path, struct str mount, struct str *rest)
{
	if (!str_starts(path, mount) || (path.len > mount.len && path.ptr[mount.len] != '/'))
		return false;
	*rest = str_from(path, mount.len + 1);
	return true;
}

/* Where the path is in the bundle: the role of its trees, and the path in them. */
static bool is_inside(struct str path, enum tree_role *role, struct str *rest)
{
	*role = TREE_FUNCTION;
	if (is_below(path, mounts[TREE_FUNCTION], rest))
		return true;
	*role = TREE_LAYER;
	return is_below(path, mounts[TREE_LAYER], rest);
}

static bool is_mounted(const struct lambda_paths *paths, size_t tree, enum tree_role role)
{
	return paths->bundle->trees.at[tree].role == role || (paths->layer_like && role == TREE_LAYER);
}

static uint32_t find(const struct lambda_paths *paths, struct str path)
{
	enum tree_role role;
	struct str rest;

	if (!is_inside(path, &role, &rest))
		return NO_FILE;
	/* The last layer wins. */
	for (size_t tree = paths->bundle->trees.len; tree-- > 0;) {
		uint32_t id = is_mounted(paths, tree, role) ? bundle_find(paths->bundle, (uint32_t)tree, rest)
							    : NO_FILE;

		if (id != NO_FILE)
			return id;
	}
	return NO_FILE;
}

/* Whether the path comes before all below `dir` in the order of sorted paths. */
static bool is_before(struct str path, struct str dir)
{
	int order = str_cmp(str_head(path, dir.len), dir);

	return order < 0 || (order == 0 && (path.len <= dir.len || (uint8_t)path.ptr[dir.len] < '/'));
}

/* Whether anything is below the directory. As bundle_under(), which counts what is. */
static bool holds_any(const struct bundle *bundle, size_t tree, struct str dir)
{
	uint32_t low = bundle->trees.at[tree].first;
	uint32_t end = low + bundle->trees.at[tree].count;
	uint32_t high = end;
	struct str rest;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (is_before(bundle->files.at[mid].path, dir))
			low = mid + 1;
		else
			high = mid;
	}
	return low < end && is_below(bundle->files.at[low].path, dir, &rest) && rest.len;
}

static bool is_dir(const struct lambda_paths *paths, struct str path)
{
	enum tree_role role;
	struct str rest;
	uint32_t id;

	if (!is_inside(path, &role, &rest) || rest.len == 0)
		return true;
	for (size_t tree = 0; tree < paths->bundle->trees.len; tree++)
		if (is_mounted(paths, tree, role) && holds_any(paths->bundle, tree, rest))
			return true;
	id = find(paths, path);
	return id != NO_FILE && paths->bundle->files.at[id].kind == FILE_DIR;
}

/* --- the walk -------------------------------------------------------------------------------- */

struct walk {
	const struct lambda_paths *paths;
	char at[PATH_ROOM]; /* where the walk is; "" is the root */
	size_t len;
	char rest[2][PATH_ROOM]; /* what is still to go, after a link */
	int side;
	uint32_t links[LINKS_MAX];
	uint32_t link_count;
	bool loop;
};

static struct str here(const struct walk *walk)
{
	return (struct str){ walk->at, walk->len };
}

static void leave(struct walk *walk)
{
	walk->len = str_dir(here(walk)).len;
}

static bool enter(struct walk *walk, struct str part)
{
	if (part.len + 1 >= PATH_ROOM - walk->len)
		return false;
	walk->at[walk->len] = '/';
	memcpy(walk->at + walk->len + 1, part.ptr, part.len);
	walk->len += part.len + 1;
	return true;
}

/* Goes back before the link that the walk is at; *rest becomes its target and what was still to go. */
static bool follow(struct walk *walk, uint32_t link, struct str *rest)
{
	struct str target = walk->paths->bundle->files.at[link].target;
	char *to = walk->rest[walk->side ^= 1];

	if (walk->link_count == LINKS_MAX) {
		walk->loop = true;
		return false;
	}
	if (target.len == 0 || target.len + 1 + rest->len > PATH_ROOM || memchr(target.ptr, '\0', target.len))
		return false;
	walk->links[walk->link_count++] = link;
	memcpy(to, target.ptr, target.len);
	to[target.len] = '/';
	if (rest->len)
		memcpy(to + target.len + 1, rest->ptr, rest->len);
	*rest = (struct str){ to, target.len + 1 + rest->len };
	if (target.ptr[0] == '/')
		walk->len = 0;
	else
		leave(walk);
	return true;
}

/* The link that the walk is at, or NO_FILE. */
static uint32_t link_here(const struct walk *walk)
{
	uint32_t id;

	if (!map_get(&walk->paths->links, here(walk)))
		return NO_FILE;
	id = find(walk->paths, here(walk));
	return id != NO_FILE && walk->paths->bundle->files.at[id].kind == FILE_SYMLINK ? id : NO_FILE;
}

/* Whether the walk gets to the end of the path. */
static bool walk_along(struct walk *walk, struct str path, bool last)
{
	struct str rest = path;

	while (rest.len) {
		struct str part;
		uint32_t link;

		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			if (!is_dir(walk->paths, here(walk)))
				return false;
			leave(walk);
			continue;
		}
		if (memchr(part.ptr, '\0', part.len) || !enter(walk, part))
			return false;
		link = rest.len || last ? link_here(walk) : NO_FILE;
		if (link != NO_FILE && !follow(walk, link, &rest))
			return false;
	}
	return true;
}

void lambda_path_walk(const struct lambda_paths *paths, struct str path, bool last, struct spot *out)
{
	struct walk walk;
	enum tree_role role;
	struct str rest;
	uint32_t *links;

	/* Not the rooms, which are large. */
	walk.paths = paths;
	walk.len = 0;
	walk.side = 0;
	walk.link_count = 0;
	walk.loop = false;
	*out = (struct spot){ .file = NO_FILE };
	if (!walk_along(&walk, path, last)) {
		out->kind = walk.loop ? SPOT_LOOP : SPOT_NONE;
		return;
	}
	out->path = str_dup(paths->arena, walk.len ? here(&walk) : STR("/"));
	if (walk.link_count) {
		links = arena_array(paths->arena, uint32_t, walk.link_count);
		memcpy(links, walk.links, walk.link_count * sizeof(*links));
		out->links = links;
		out->link_count = walk.link_count;
	}
	if (!is_inside(out->path, &role, &rest)) {
		out->kind = SPOT_OUTSIDE;
		return;
	}
	out->file = rest.len ? find(paths, out->path) : NO_FILE;
	if (out->file != NO_FILE && paths->bundle->files.at[out->file].kind == FILE_DIR)
		out->file = NO_FILE;
	if (out->file != NO_FILE)
		out->kind = SPOT_FILE;
	else if (is_dir(paths, out->path))
		out->kind = SPOT_DIR;
}

/* --- tokens ---------------------------------------------------------------------------------- */

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The length of the token that the text behind a '$' begins with, or 0. */
static size_t token_len(const struct path_tokens *tokens, struct str text, struct str name)
{
	bool braces = text.len && text.ptr[0] == '{';
	struct str behind;

	if (braces)
		text = str_from(text, 1);
	if (!str_starts(text, name))
		return 0;
	behind = str_from(text, name.len);
	if (braces)
		return behind.len && behind.ptr[0] == '}' ? name.len + 2 : 0;
	if (behind.len && (tokens->words ? is_word(behind.ptr[0]) : behind.ptr[0] != '/'))
		return 0;
	return name.len;
}

static size_t token_of(const struct path_tokens *tokens, struct str text, struct str *value)
{
	const struct {
		struct str name;
		struct str value;
	} all[] = {
		{ STR_INIT("ORIGIN"), tokens->origin },
		{ STR_INIT("PLATFORM"), tokens->platform },
		{ STR_INIT("LIB"), tokens->lib },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t len = token_len(tokens, text, all[i].name);

		*value = all[i].value;
		if (len)
			return len;
	}
	return 0;
}

bool lambda_path_expand(const struct path_tokens *tokens, struct str text, char out[PATH_ROOM],
			struct str *expanded)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len;) {
		struct str part = { text.ptr + i, 1 };
		size_t token = 0;

		if (text.ptr[i] == '$')
			token = token_of(tokens, str_from(text, i + 1), &part);
		if (token == 0)
			part = (struct str){ text.ptr + i, 1 };
		if (part.len >= PATH_ROOM - len)
			return false;
		if (part.len)
			memcpy(out + len, part.ptr, part.len);
		len += part.len;
		i += 1 + token;
	}
	*expanded = (struct str){ out, len };
	return true;
}
