#define _GNU_SOURCE /* O_PATH, realpath */
#include "io/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/fd.h"

int place_named_fd(struct str path)
{
	struct str digits = str_base(path);
	int fd = 0;

	if (str_eq(path, STR("-")) || str_eq(path, STR("/dev/stdout")))
		return STDOUT_FILENO;
	if (str_eq(path, STR("/dev/stderr")))
		return STDERR_FILENO;
	if (!str_starts(path, STR("/dev/fd/")) && !str_starts(path, STR("/proc/self/fd/")))
		return -1;
	if (digits.len == 0 || digits.len > 6)
		return -1;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return -1;
		fd = fd * 10 + (digits.ptr[i] - '0');
	}
	return fd;
}

/* Whether the name in the path is not the thing's own: a link, or "." or "..". */
static bool is_indirect(struct str path)
{
	struct str base = str_base(path);
	struct stat st;

	return str_eq(base, STR(".")) || str_eq(base, STR("..")) ||
	       (lstat(path.ptr, &st) == 0 && S_ISLNK(st.st_mode));
}

static struct str without_slashes(struct str path)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

int place_find(struct place *place, struct str path, struct arena *arena, struct err *err)
{
	char *real;

	if (path.len == 0)
		return err_set(err, "the name of the output is empty");
	place->path = str_dup(arena, without_slashes(path));
	place->exists = stat(place->path.ptr, &place->st) == 0;
	if (!place->exists && errno != ENOENT)
		return err_errno(err, errno, "cannot be written");
	if (!is_indirect(place->path))
		return 0;
	if (!place->exists)
		return err_set(err, "is a symbolic link to nothing; remove it, or make what it points to");
	real = realpath(place->path.ptr, NULL);
	if (!real)
		return err_errno(err, errno, "cannot be written");
	place->path = str_dup(arena, str_of(real));
	free(real);
	return 0;
}

int place_open_parent(const struct place *place, struct arena *arena, int *dir, const char **name,
		      struct err *err)
{
	struct str base = str_base(place->path);
	struct str above = without_slashes(str_head(place->path, place->path.len - base.len));
	char text[TEXT_NAME_MAX];

	if (base.len == 0)
		return err_set(err, "is the root directory");
	above = above.len ? str_dup(arena, above) : STR(".");
	*name = base.ptr;
	*dir = open(above.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*dir >= 0)
		return 0;
	text_name(text, above);
	if (errno == ENOENT)
		return err_set(err, "there is no directory %s to write it in; make it first: mkdir -p %s",
			       text, text);
	return err_errno(err, errno, "cannot be written in %s", text);
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the directory `inner` is `outer` or lies anywhere below it. */
static bool is_in(const char *inner, const struct stat *outer)
{
	FD_AUTO int fd = open(inner, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	struct stat below = { 0 };

	while (fd >= 0 && fstat(fd, &st) == 0) {
		int up;

		if (same(&st, outer))
			return true;
		/* The root is its own parent. */
		if (same(&st, &below))
			return false;
		below = st;
		up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		fd_close(&fd);
		fd = up;
	}
	return false;
}

static int check_empty(const struct place *place, struct err *err)
{
	DIR *dir = opendir(place->path.ptr);
	const struct dirent *entry;
	bool empty = true;

	if (!dir)
		return err_errno(err, errno, "cannot be replaced");
	while (empty && (entry = readdir(dir)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	(void)closedir(dir);
	return empty ? 0 : err_set(err, "is a directory with something in it; --force replaces it");
}

int place_check_dir(const struct place *place, bool force, struct err *err)
{
	const char *home = getenv("HOME");

	if (!S_ISDIR(place->st.st_mode))
		return err_set(err, "is there and is not a directory");
	if (is_in("/", &place->st))
		return err_set(err, "is the root directory, which is never replaced");
	if (home && *home && is_in(home, &place->st))
		return err_set(err, "is or holds your home directory, which is never replaced");
	if (is_in(".", &place->st))
		return err_set(err,
			       "is or holds the current directory, which is never replaced; name another");
	return force ? 0 : check_empty(place, err);
}
