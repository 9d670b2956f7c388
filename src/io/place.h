/*
 * Where a result is to lie: the destination with its links resolved, what is there now, and
 * whether that may be replaced at all. It looks, and never changes anything.
 */
#ifndef SLIM_IO_PLACE_H
#define SLIM_IO_PLACE_H

#include <sys/stat.h>

#include "base/err.h"

struct place {
	struct str path; /* links resolved, without slashes at its end, with a NUL behind it */
	struct stat st;
	bool exists;
};

/* Errors do not name the destination: the caller does. */
int place_find(struct place *place, struct str path, struct arena *arena, struct err *err);
/* Opens the directory that holds it; *name is its last component. */
int place_open_parent(const struct place *place, struct arena *arena, int *dir, const char **name,
		      struct err *err);
/* Whether the existing directory may be replaced by another: see out_open_dir(). */
int place_check_dir(const struct place *place, bool force, struct err *err);
/* The descriptor that a path stands for: "-", /dev/stdout, /dev/fd/N; -1 for any other path. */
int place_named_fd(struct str path);

#endif
