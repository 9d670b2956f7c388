/*
 * What a name, a glob or a directory of a text means among the shared objects of a bundle, as edges of one
 * scan. A part of scan/soft_edges.h: it reads no sources and no bytes.
 */
#ifndef SLIM_SCAN_SOFT_FIND_H
#define SLIM_SCAN_SOFT_FIND_H

#include "scan/soft_edges.h"
#include "scan/soft_index.h"

/* Globs with fewer letters name nothing by themselves: "lib*.so". */
enum { SOFT_WEIGHT_MIN = 3 };

/* Whether the other file is of the scanned one's distribution, or first-party as it is. */
bool soft_same_dist(const struct soft_scan *scan, uint32_t file);

/* An edge, unless it is one to an extension module that counts only where `python` says so. */
void soft_link(struct soft_scan *scan, const struct soft_name *name, struct sight *sight);

/* All files of exactly that name or soname. */
void soft_find_full(struct soft_scan *scan, struct str base, struct sight *sight);
/*
 * Files of a name with ".so", whatever version or tag where one of both has none. A hash may be missing only
 * in names of the own distribution, or in what first-party code says. Whether there are any.
 */
bool soft_find_name(struct soft_scan *scan, struct str base, struct sight *sight);
/* Files of a name without ".so" and version: "libx". */
void soft_find_stem(struct soft_scan *scan, struct str stem, struct sight *sight);
/* Files of a name without "lib" too. `far`: also of other distributions; `modules`: extension modules of
 * that name in the own one. */
void soft_find_bare(struct soft_scan *scan, struct str bare, bool far, bool modules, struct sight *sight);
/* Files that a glob matches; `far` as above. Extension modules never. */
void soft_find_glob(struct soft_scan *scan, struct str glob, bool far, struct sight *sight);
/* Files of the own distribution that a name which code fills in may be: never those with a hash. */
void soft_find_composed(struct soft_scan *scan, struct str glob, struct sight *sight);
/* Extension modules of the own distribution that a glob matches. */
void soft_find_modules(struct soft_scan *scan, struct str glob, struct sight *sight);
/* All in directories whose paths have the parts: those of the own distribution, or of any where the name is
 * one that nothing else has ("x.libs", "a/b"). */
void soft_find_dir(struct soft_scan *scan, struct str parts, struct sight *sight);
/* All of the same distribution and directory whose names have no hash. */
void soft_find_beside(struct soft_scan *scan, struct sight *sight);
/* All of the file's distribution below a directory; for first-party code of the bundle, or of itself. */
void soft_find_all(struct soft_scan *scan, struct str below, bool everywhere, struct sight *sight);

/* A path of a text that has ".so" in its last part. `glued`: it may begin with what is no part of it. */
void soft_find_path(struct soft_scan *scan, struct str path, bool glued, struct sight *sight);

#endif
