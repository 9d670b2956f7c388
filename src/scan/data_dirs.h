/*
 * Data beside modules: which directory of modules each file that is no module belongs to. The nearest
 * directory above it that holds a module has it. Knows paths only; whether anything of it is needed is not
 * its business.
 */
#ifndef SLIM_SCAN_DATA_DIRS_H
#define SLIM_SCAN_DATA_DIRS_H

#include "scan/modules.h"

/* A directory that holds a module itself. */
struct data_dir {
	struct str path;
	uint32_t tree;
	uint32_t next;	     /* index of the next one whose name is the same, or UINT32_MAX */
	VEC(uint32_t) files; /* its data, in order */
};

struct data_dirs {
	const struct bundle *bundle;
	VEC(struct data_dir) list;
	struct map by_path; /* index of the one of the last tree */
	struct map by_name; /* index of the last one of that name which has data */
	uint32_t *of; /* by file id: of a module, its directory; of data, the one it belongs to; or UINT32_MAX
		       */
};

/*
 * Files that a rule would drop are nobody's data. Data at the top of a directory of sys.path belongs to no
 * directory. A shared object that may be a module or a library counts as both.
 */
void data_dirs_build(struct data_dirs *dirs, const struct bundle *bundle, const struct modules *modules,
		     const bool *opposed, struct arena *arena);
/* The directory at exactly that path, if it holds modules; or UINT32_MAX. */
uint32_t data_dirs_at(const struct data_dirs *dirs, uint32_t tree, struct str path);
/* The first of the directories of that name that have data, or UINT32_MAX. */
uint32_t data_dirs_named(const struct data_dirs *dirs, struct str name);

#endif
