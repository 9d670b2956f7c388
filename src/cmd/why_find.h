/*
 * What a name of `slim why` stands for in a package: a file, a module, a distribution, a directory, a
 * library. Looks at names only; tells nothing and decides nothing.
 */
#ifndef SLIM_CMD_WHY_FIND_H
#define SLIM_CMD_WHY_FIND_H

#include "report/why.h"

struct why_match {
	enum why_kind kind;
	struct str name; /* as it would have to be asked for to get this one */
	bool *of;	 /* by file id */
	size_t files;
	uint32_t file; /* of a module: its source, __init__ or extension module; NO_FILE where it has none */
	uint32_t dist; /* of WHY_DISTRIBUTION, else NO_DIST */
};

struct why_matches {
	struct why_match *at;
	size_t len;
	size_t cap;
};

/*
 * All that the name stands for, the most specific first: the file at this path; the module of this dotted
 * name, with what is below it; the distribution; the directory; files whose path ends so, then libraries
 * whose name begins or ends so. "dist:NAME" and "module:NAME" stand for nothing else. Nothing found is no
 * error.
 */
void why_find(const struct bundle *bundle, const struct plan *plan, struct str name, struct arena *arena,
	      struct why_matches *out);

/* Says that there is no such name in the package, and which ones may have been meant; returns -1. */
int why_unknown(const struct bundle *bundle, struct str name, struct str package, struct arena *arena,
		struct err *err);

#endif
