#include "scan/places.h"

#include <string.h>

#include "base/arena.h"

/* More packages than a source imports; what is beyond is made to be slow. */
enum { PLACES_MAX = 512 };

void places_add_dir(struct scan *scan, struct str dir)
{
	bool added;

	if (dir.len == 0 || !candidates_above(scan->candidates, dir) || map_get(&scan->placed, dir) ||
	    scan->places.len == PLACES_MAX)
		return;
	dir = str_dup(scan->scratch, dir);
	*map_put(scan->scratch, &scan->placed, dir, &added) = 1;
	*vec_push(scan->scratch, &scan->places) = dir;
}

void places_begin(struct scan *scan)
{
	struct str site = candidates_site(scan->candidates, scan->path);

	for (struct str dir = str_dir(scan->path); dir.len > site.len; dir = str_dir(dir))
		places_add_dir(scan, dir);
}

void places_add(struct scan *scan, struct str base, struct str dotted)
{
	char room[PATH_ROOM];
	struct str rest = dotted;
	size_t len = base.len;

	if (base.len + dotted.len + 2 > sizeof(room))
		return;
	if (base.len)
		memcpy(room, base.ptr, base.len);
	while (rest.len) {
		struct str part;

		(void)str_cut(rest, '.', &part, &rest);
		if (len)
			room[len++] = '/';
		if (part.len)
			memcpy(room + len, part.ptr, part.len);
		len += part.len;
		/* Nothing is below what holds no candidate. */
		if (!candidates_above(scan->candidates, (struct str){ room, len }))
			return;
		places_add_dir(scan, (struct str){ room, len });
	}
}
