#include "scan/link.h"

#include <string.h>

#include "base/arena.h"

void link_module(struct scan *scan, struct str path, struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;

	for (uint32_t id = candidates_module(candidates, path); id != NO_FILE;
	     id = candidates->next_module[id])
		edges_add(&scan->edges, id, sight);
}

void link_path(struct scan *scan, struct str path, struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;

	for (uint32_t id = candidates_file(candidates, path); id != NO_FILE; id = candidates->next_file[id])
		edges_add(&scan->edges, id, sight);
}

bool link_dir(struct scan *scan, struct str path, enum below what, struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;
	const struct candidate_dir *dir = candidates_dir(candidates, path);
	bool any = dir;

	for (; dir; dir = dir->next == NO_FILE ? NULL : &candidates->dir_list.at[dir->next])
		for (uint32_t id = dir->first; id < dir->end; id++) {
			struct str file = candidates->bundle->files.at[id].path;
			bool module = candidates_is_module(file);

			/* Nobody opens bytecode, and the source it belongs to is there. */
			if (!module && str_ends(file, STR(".pyc")))
				continue;
			if (candidates->is[id] && (what == BELOW_ALL || module == (what == BELOW_MODULES)))
				edges_add(&scan->edges, id, sight);
		}
	return any;
}

bool link_package(struct scan *scan, struct str path, struct sight *sight)
{
	struct str dir = str_dir(path);
	bool inside =
		str_starts(scan->path, path) && scan->path.len > path.len && scan->path.ptr[path.len] == '/';

	if (path.len == 0 || inside)
		return false;
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		if (str_eq(scan->candidates->sites.at[i], dir))
			return false;
	return link_dir(scan, path, BELOW_ALL, sight);
}

void link_dotted(struct scan *scan, struct str base, struct str dotted, struct lookup *lookup,
		 struct sight *sight)
{
	struct str rest = dotted;
	size_t len = base.len;

	lookup->path = STR("");
	lookup->parts = 0;
	lookup->found = 0;
	if (base.len + dotted.len + 2 > sizeof(lookup->room))
		return;
	if (base.len)
		memcpy(lookup->room, base.ptr, base.len);
	while (rest.len) {
		struct str part;
		struct str path;

		(void)str_cut(rest, '.', &part, &rest);
		if (len)
			lookup->room[len++] = '/';
		memcpy(lookup->room + len, part.ptr, part.len);
		len += part.len;
		path = (struct str){ lookup->room, len };
		lookup->parts++;
		if (candidates_module(scan->candidates, path) == NO_FILE)
			continue;
		lookup->found = lookup->parts;
		if (sight)
			link_module(scan, path, sight);
	}
	lookup->path = (struct str){ lookup->room, len };
}
