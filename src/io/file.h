/*
 * Small whole files: read (configuration, rules) and written at once (reports). Packages go
 * through io/source.h and io/out.h.
 */
#ifndef SLIM_IO_FILE_H
#define SLIM_IO_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* All of a regular file of at most `max` bytes, in the arena. */
int file_read(struct str path, size_t max, struct arena *arena, struct bytes *out, struct err *err);
/* The entries of a directory that end in `suffix` and are not hidden, sorted by bytes; full paths in the
 * arena. */
int file_list(struct str dir, struct str suffix, struct arena *arena, struct str **out, size_t *count,
	      struct err *err);
/* Replaces the file at once, through io/out.h ("-": standard output). */
int file_write(struct str path, struct str content, struct arena *arena, struct err *err);

#endif
