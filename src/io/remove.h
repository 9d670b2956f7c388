/*
 * Removing a directory tree with nothing but system calls: no memory, no locks, no recursion,
 * three descriptors at most. So it may run in a signal handler.
 * It follows no symbolic link and stops at anything that it cannot remove.
 */
#ifndef SLIM_IO_REMOVE_H
#define SLIM_IO_REMOVE_H

/* Removes `name` in `dir` and all below it. 0 when it is gone (or never was there), else -1 and errno. */
int remove_tree(int dir, const char *name);

#endif
