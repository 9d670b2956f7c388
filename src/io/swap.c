#define _GNU_SOURCE /* renameat2 */
#include "io/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>

int swap_in_aside(int dir, const char *temp, const char *name, const char *aside, const char **old)
{
	int saved;

	*old = NULL;
	if (renameat(dir, name, dir, aside) != 0)
		return errno == ENOENT ? renameat(dir, temp, dir, name) : -1;
	if (renameat(dir, temp, dir, name) == 0) {
		*old = aside;
		return 0;
	}
	saved = errno;
	(void)renameat(dir, aside, dir, name);
	errno = saved;
	return -1;
}

int swap_in(int dir, const char *temp, const char *name, const char *aside, const char **old)
{
	*old = NULL;
	if (renameat2(dir, temp, dir, name, RENAME_EXCHANGE) == 0) {
		*old = temp;
		return 0;
	}
	if (errno == ENOENT)
		return renameat(dir, temp, dir, name);
	if (errno == EINVAL || errno == ENOSYS || errno == ENOTSUP || errno == EPERM)
		return swap_in_aside(dir, temp, name, aside, old);
	return -1;
}
