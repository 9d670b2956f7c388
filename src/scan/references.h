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

#include "scan/link.h"
#include "scan/python_names.h"

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

/*
 * The same in steps, for who reads a Python source for more than one purpose. Where references_reads() is
 * false, the source names no candidate and need not be shown.
 */
struct scan references_begin(const struct references *refs, struct str content, struct arena *scratch,
			     struct edges edges);
bool references_reads(const struct scan *scan);
void references_see(struct scan *scan, const struct mention *mention);
void references_end_python(struct scan *scan, const struct python_habits *habits);
/* For all that is no Python source. */
void references_other(struct scan *scan);

/* Whether it is Python source, by name or by the first line of a script. */
bool references_is_python(struct str path, struct str content);

#endif
