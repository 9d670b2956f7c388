#include "scan/symlinks.h"

#include "base/path.h"

/* As many as the kernel follows (path_resolution(7)). */
enum { LINKS_MAX = 40 };

struct walk {
	const struct bundle *bundle;
	struct arena *arena;
	struct graph *graph;
	uint32_t link;
};

static void add_edge(const struct walk *walk, uint32_t to)
{
	*vec_push(walk->arena, &walk->graph->edges) = (struct edge){
		.from = walk->link,
		.to = to,
		.kind = EDGE_DATA,
		.phase = PHASE_INIT,
		.evidence = STR("symbolic link"),
	};
}

/* The shortest part of the path that is itself a symlink: its file, or NO_FILE. */
static uint32_t first_link(const struct walk *walk, uint32_t tree, struct str path)
{
	for (size_t i = 1; i <= path.len; i++) {
		uint32_t id;

		if (i < path.len && path.ptr[i] != '/')
			continue;
		id = bundle_find(walk->bundle, tree, str_head(path, i));
		if (id != NO_FILE && walk->bundle->files.at[id].kind == FILE_SYMLINK)
			return id;
	}
	return NO_FILE;
}

/* From where the link leads, past the links on the way, to what is no link. False: to nothing. */
static bool resolve(const struct walk *walk, struct arena *scratch, struct str *path)
{
	const struct file *link = &walk->bundle->files.at[walk->link];
	struct str dir = str_dir(link->path);
	struct str target = link->target;
	char room[PATH_ROOM];

	for (int steps = 0; steps < LINKS_MAX; steps++) {
		const struct file *other;
		struct str rest;
		uint32_t id;

		if (!path_resolve(dir, target, room, path))
			return false;
		*path = str_dup(scratch, *path);
		id = first_link(walk, link->tree, *path);
		if (id == NO_FILE)
			return true;
		if (id != walk->link)
			add_edge(walk, id);
		other = &walk->bundle->files.at[id];
		rest = str_from(*path, other->path.len + 1);
		dir = str_dir(other->path);
		target = str_fmt(scratch, "%.*s/%.*s", STR_ARG(other->target), STR_ARG(rest));
	}
	return false;
}

void symlinks_scan(const struct bundle *bundle, struct arena *arena, struct graph *graph)
{
	struct walk walk = { bundle, arena, graph, 0 };

	for (; walk.link < bundle->files.len; walk.link++) {
		struct arena scratch = { 0 };
		struct str path = STR("");
		uint32_t id;
		uint32_t end;

		if (bundle->files.at[walk.link].kind != FILE_SYMLINK || !resolve(&walk, &scratch, &path) ||
		    path.len == 0) {
			arena_free(&scratch);
			continue;
		}
		id = bundle_find(bundle, bundle->files.at[walk.link].tree, path);
		if (id != NO_FILE)
			add_edge(&walk, id);
		bundle_under(bundle, bundle->files.at[walk.link].tree, path, &id, &end);
		for (; id < end; id++)
			add_edge(&walk, id);
		arena_free(&scratch);
	}
}
