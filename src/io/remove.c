#define _GNU_SOURCE /* syscall */
#include "io/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Paths are at most 4000 bytes, so at most half as many levels. */
enum { DEPTH_MAX = 2048, ENTRIES_SIZE = 4096 };

/* struct linux_dirent64 of getdents64(2), which no header declares. readdir(3) allocates. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

/* Where a directory on the way down was, so that the way up cannot end elsewhere. */
struct place {
	dev_t dev;
	ino_t ino;
};

enum swept { SWEPT_FAILED = -1, SWEPT_EMPTY, SWEPT_MORE, SWEPT_DOWN };

static int open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool place_of(int fd, struct place *place)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	*place = (struct place){ st.st_dev, st.st_ino };
	return true;
}

/* A file, link or empty directory. */
static int remove_one(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	/* Linux says EISDIR, POSIX EPERM. */
	if (errno != EISDIR && errno != EPERM)
		return -1;
	return unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

/* A directory without write permission is ours to open up: it is going away. */
static int remove_or_unlock(int dir, const char *name)
{
	if (remove_one(dir, name) == 0)
		return 0;
	if (errno != EACCES || fchmod(dir, 0700) != 0)
		return -1;
	return remove_one(dir, name);
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* One pass over a directory's entries; stops at a child that is not empty, and opens it. */
static enum swept sweep(int fd, int *child)
{
	alignas(8) char entries[ENTRIES_SIZE];
	enum swept result = SWEPT_EMPTY;
	long n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return SWEPT_FAILED;
	while ((n = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *entry = (const struct entry *)(const void *)(entries + at);

			at += entry->reclen;
			if (is_dot(entry->name))
				continue;
			result = SWEPT_MORE;
			if (remove_or_unlock(fd, entry->name) == 0)
				continue;
			if (errno != ENOTEMPTY && errno != EEXIST)
				return SWEPT_FAILED;
			*child = open_dir(fd, entry->name);
			return *child < 0 ? SWEPT_FAILED : SWEPT_DOWN;
		}
	}
	return n < 0 ? SWEPT_FAILED : result;
}

/* One level up, if that is where we came from. */
static int climb(int fd, const struct place *from)
{
	int up = open_dir(fd, "..");
	struct place place;

	if (up >= 0 && place_of(up, &place) && place.dev == from->dev && place.ino == from->ino)
		return up;
	if (up >= 0)
		(void)close(up);
	errno = EBUSY;
	return -1;
}

/* Empties the directory; closes fd. */
static int empty(int fd)
{
	struct place way[DEPTH_MAX];
	size_t depth = 0;

	for (;;) {
		int next = -1;
		enum swept swept = sweep(fd, &next);

		/* Entries may hide from a pass that removes others: only one that finds nothing counts. */
		if (swept == SWEPT_MORE)
			continue;
		if (swept == SWEPT_EMPTY && depth == 0)
			break;
		if (swept == SWEPT_DOWN && (depth == DEPTH_MAX || !place_of(fd, &way[depth++]))) {
			(void)close(next);
			next = -1;
			errno = ENAMETOOLONG;
		}
		if (swept == SWEPT_EMPTY)
			next = climb(fd, &way[--depth]);
		if (next < 0) {
			int saved = errno;

			(void)close(fd);
			errno = saved;
			return -1;
		}
		(void)close(fd);
		fd = next;
	}
	(void)close(fd);
	return 0;
}

int remove_tree(int dir, const char *name)
{
	int fd;

	if (remove_one(dir, name) == 0)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -1;
	fd = open_dir(dir, name);
	if (fd < 0 || empty(fd) != 0)
		return -1;
	return remove_one(dir, name);
}
