#define _GNU_SOURCE /* O_PATH, syscall */
#include "io/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int beneath_walk(int root, const char *path, int flags, mode_t mode)
{
	int dir = root;
	int fd;

	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		char part[256];
		size_t len = (size_t)(slash - path);
		int next = -1;

		if (len < sizeof(part)) {
			memcpy(part, path, len);
			part[len] = '\0';
			if (strcmp(part, "..") == 0)
				errno = EXDEV;
			else
				next = openat(dir, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		} else {
			errno = ENAMETOOLONG;
		}
		if (dir != root) {
			int saved = errno;

			(void)close(dir);
			errno = saved;
		}
		if (next < 0)
			return -1;
		dir = next;
	}
	if (strcmp(path, "..") == 0) {
		errno = EXDEV;
		fd = -1;
	} else {
		fd = openat(dir, path, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	}
	if (dir != root) {
		int saved = errno;

		(void)close(dir);
		errno = saved;
	}
	return fd;
}

int beneath_open(int root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_NOFOLLOW | O_CLOEXEC),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	/* Sandboxes answer EPERM to calls that they do not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN))
		return beneath_walk(root, path, flags, mode);
	return (int)fd;
}
