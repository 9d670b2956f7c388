/*
 * Twins: copies of one shared library that lie in one directory under its several names ("libx.so",
 * "libx.so.1", "libx.so.1.2.3"). An installation has symbolic links there, and a wheel, which can hold none,
 * makes files of them. It says which could be links again; it reads no file, and decides nothing.
 *
 * Whoever opens such a name cannot tell a link from a copy but by what the process holds afterwards: glibc
 * takes the same (st_dev, st_ino) for one library, and copies for two (elf/dl-load.c,
 * _dl_map_object_from_fd). One is what the library was built for. $ORIGIN stays what it was: it is the
 * directory of the name that was opened, links not followed. Names of different stems are no twins, equal or
 * not: plugins may be copied in order to be loaded twice.
 */
#ifndef SLIM_SCAN_TWINS_H
#define SLIM_SCAN_TWINS_H

#include "base/arena.h"
#include "model/bundle.h"
#include "scan/elf_object.h"

struct twin;

/* All zero wants nothing. */
struct twins {
	struct twin *list; /* sorted, so that what could be twins stands together */
	size_t count;
	uint32_t *place; /* by file id: 1 + index into list, or 0 */
};

/* A file that could be a link, and where it would lead. */
struct twin_pair {
	uint32_t file;
	uint32_t real;
};

struct twin_pairs {
	struct twin_pair *at;
	size_t len;
	size_t cap;
};

/*
 * Finds by names and sizes what could be twins; n log n. barred, by file id, is what must not change: it is
 * nobody's twin.
 */
void twins_begin(struct twins *twins, const struct bundle *bundle, const bool *barred, struct arena *arena);
/* Whether the content is of interest. */
bool twins_wants(const struct twins *twins, uint32_t file);
/*
 * Takes a fingerprint of a content that is wanted, where that is a library: a shared object, and not an
 * extension module under a name that Python imports. Many threads may call it, for different files.
 */
void twins_see(struct twins *twins, uint32_t file, const struct elf_object *elf, struct bytes content);
/*
 * The twins among the files in `of` (by file id) that were seen. Of each set the most specific name stays a
 * file: the one with the longest version, of equals the first. Pairs of one real file stand together. Equal
 * fingerprints are no proof: compare the contents.
 */
void twins_find(struct twins *twins, const bool *of, struct arena *arena, struct twin_pairs *out);

/*
 * "libx.so.1.2" is stem "libx.so" with 2 parts of version. False where the name is not that of a library:
 * something, ".so", and parts that begin with a digit.
 */
bool twins_parse_name(struct str base, struct str *stem, unsigned *parts);

#endif
