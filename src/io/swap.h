/*
 * Putting a finished directory in the place of another, so that a reader finds one or the other
 * whole. It only renames; removing what was replaced is the caller's.
 */
#ifndef SLIM_IO_SWAP_H
#define SLIM_IO_SWAP_H

/*
 * All names in the directory `dir`. `temp` becomes `name`; what was there becomes `temp` (in one step, where
 * the file system can exchange names) or `aside`. *old tells which, or is NULL where nothing was there.
 * 0, or -1 and errno with everything as it was.
 */
int swap_in(int dir, const char *temp, const char *name, const char *aside, const char **old);
/* The same in two steps, for file systems that cannot exchange. For a moment there is nothing at `name`. */
int swap_in_aside(int dir, const char *temp, const char *name, const char *aside, const char **old);

#endif
