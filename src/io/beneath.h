/*
 * Opening below a directory without ever leaving it: no symbolic link is followed, neither at
 * the end of the path nor in its middle, so a link that somebody puts there later leads nowhere.
 */
#ifndef SLIM_IO_BENEATH_H
#define SLIM_IO_BENEATH_H

#include <sys/types.h>

/*
 * openat(2) of a relative path without "..", in one step of the kernel's (openat2) where it can. A descriptor
 * that closes on exec, or -1 and errno: ELOOP or ENOTDIR where a link stood in the way.
 */
int beneath_open(int root, const char *path, int flags, mode_t mode);
/* The same, component by component: what beneath_open() does on kernels before 5.6. */
int beneath_walk(int root, const char *path, int flags, mode_t mode);

#endif
