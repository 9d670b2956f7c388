/*
 * File descriptors that close themselves when their variable goes out of scope. -1 is none.
 */
#ifndef SLIM_IO_FD_H
#define SLIM_IO_FD_H

#include <unistd.h>

static inline void fd_close(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define FD_AUTO __attribute__((cleanup(fd_close)))

#endif
