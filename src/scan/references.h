/*
 * References to *candidates*: files that a rule would drop, but that kept code may still import
 * or name (numpy.testing imports numpy._core.tests._natype). It reads import statements, and dotted
 * names, paths and directories in string literals, and names in the bytes of extension modules and of
 * bytecode without source. A package or directory that is named as a whole is meant with all in it. It is no
 * Python parser and knows only candidates; in doubt it reports an edge, which keeps the file. It follows no
 * values: names that stand in configuration, or are built of variables alone, it does not see.
 */
#ifndef SLIM_SCAN_REFERENCES_H
#define SLIM_SCAN_REFERENCES_H

#include "model/bundle.h"
#include "model/graph.h"

struct references;

/* candidate is by file id. The index lives in the arena and is read-only afterwards, so many threads may
 * scan. */
struct references *references_index(const struct bundle *bundle, const bool *candidate, struct arena *arena);
/* Whether the file's content could hold a reference at all: Python source, extension module, bytecode
 * without source, .pth, entry_points.txt, and what may be a script. */
bool references_wants(const struct references *refs, uint32_t file);
/*
 * The edges from `file`, whose content is given, to candidates, in order of their place. Names resolve as
 * Python does: absolute from each site directory, relative from the file's package; a module brings the
 * __init__ of its parents. A candidate's own references are found in the same way once it is kept: scan it
 * then.
 */
void references_scan(const struct references *refs, uint32_t file, struct bytes content, struct arena *arena,
		     struct graph *out);

#endif
