/*
 * The index of candidates (scan/references.h): by module, by path, and by directory. Built once, read by
 * many threads. It reads no contents.
 */
#ifndef SLIM_SCAN_CANDIDATES_H
#define SLIM_SCAN_CANDIDATES_H

#include "base/map.h"
#include "model/bundle.h"
#include "scan/markers.h"

/*
 * A directory of candidates: all in it are, or more than half and not its own __init__. The files
 * [first, end), and the next one of the same path.
 */
struct candidate_dir {
	struct str path;
	uint32_t first;
	uint32_t end;
	uint32_t next; /* index, or NO_FILE */
	bool silent;   /* no module in it is kept */
};

struct candidates {
	const struct bundle *bundle;
	const bool *is; /* by file id */
	bool any;

	VEC(struct str) sites; /* directories that are on sys.path, or may be; "" is one */

	/* The file that begins the chain of those with this path; the chains go by file id. */
	struct map modules; /* the path without suffix, of a package its directory */
	struct map files;
	uint32_t *next_module;
	uint32_t *next_file;
	struct map dirs; /* index into dir_list */
	VEC(struct candidate_dir) dir_list;
	VEC(uint32_t) outer_dirs; /* those whose names are markers, by index into dir_list */
	struct map above;	  /* directories that hold a candidate at any depth */

	struct markers markers;

	bool distutils; /* setuptools is a candidate, and may stand in for distutils */
};

void candidates_index(struct candidates *candidates, const struct bundle *bundle, const bool *is,
		      struct arena *arena);

/* The first candidate of the module at this path (of a file without suffix, or a directory), or NO_FILE. */
uint32_t candidates_module(const struct candidates *candidates, struct str path);
uint32_t candidates_file(const struct candidates *candidates, struct str path);
/* The directory of candidates at this path, or NULL. */
const struct candidate_dir *candidates_dir(const struct candidates *candidates, struct str path);
/* Whether a candidate lies below the directory. */
bool candidates_above(const struct candidates *candidates, struct str path);
/* The innermost directory of sys.path that holds the path. */
struct str candidates_site(const struct candidates *candidates, struct str path);

/* Whether the path is one of a module that can be imported: ".py", extension module, sourceless ".pyc". */
bool candidates_is_module(struct str path);

#endif
