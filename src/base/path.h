/*
 * Paths inside a tree: relative, joined by '/', made of bytes. It never looks at a disk.
 */
#ifndef SLIM_BASE_PATH_H
#define SLIM_BASE_PATH_H

#include "base/str.h"

/* Longer paths are no paths of a package (io/listing.h). */
enum { PATH_ROOM = 4096 };

/*
 * `rel` as seen from the directory `base`, with ".", ".." and doubled slashes resolved, in out. False where
 * that is absolute, leaves the tree, holds a NUL, or does not fit.
 */
bool path_resolve(struct str base, struct str rel, char out[PATH_ROOM], struct str *path);

#endif
