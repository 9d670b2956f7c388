#define _GNU_SOURCE /* O_PATH */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "io/beneath.h"
#include "io/fd.h"
#include "io/out.h"
#include "io/pending.h"

enum { NAME_MAX_BYTES = 4096 };

/* Copies a name that stays below the root; false for any other. A '/' at its end goes. */
static bool safe_name(char out[NAME_MAX_BYTES], struct str name)
{
	struct str rest = name;
	struct str part;

	if (name.len && name.ptr[name.len - 1] == '/')
		rest.len = --name.len;
	if (name.len == 0 || name.len >= NAME_MAX_BYTES || memchr(name.ptr, '\0', name.len))
		return false;
	while (rest.len) {
		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || part.len > 255 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
			return false;
	}
	memcpy(out, name.ptr, name.len);
	out[name.len] = '\0';
	return true;
}

/* Opens a directory, making it where it is missing; the mode is set whatever the umask. */
static int enter(int dir, const char *name)
{
	int made = mkdirat(dir, name, 0755);
	int fd;

	if (made != 0 && errno != EEXIST)
		return -1;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && made == 0 && fchmod(fd, 0755) != 0) {
		fd_close(&fd);
		return -1;
	}
	return fd;
}

/* Makes and opens all of a path; changes its bytes on the way and puts them back. */
static int enter_all(int root, char *path)
{
	int dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (char *part = path; dir >= 0 && part;) {
		char *slash = strchr(part, '/');
		int next;

		if (slash)
			*slash = '\0';
		next = enter(dir, part);
		if (slash)
			*slash = '/';
		fd_close(&dir);
		dir = next;
		part = slash ? slash + 1 : NULL;
	}
	return dir;
}

/* The directory that `path` is to lie in; *base is the name in it. Cuts path between them. */
static int open_parent(int root, char *path, const char **base)
{
	char *slash = strrchr(path, '/');
	int dir;

	*base = slash ? slash + 1 : path;
	if (!slash)
		return openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	*slash = '\0';
	dir = beneath_open(root, path, O_PATH | O_DIRECTORY, 0);
	if (dir < 0 && errno == ENOENT)
		dir = enter_all(root, path);
	return dir;
}

static int write_all(int fd, struct bytes content)
{
	while (content.len) {
		ssize_t n = write(fd, content.ptr, content.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : EIO;
			return -1;
		}
		content.ptr += n;
		content.len -= (size_t)n;
	}
	return 0;
}

static int put_file(int dir, const char *base, uint32_t mode, struct bytes content)
{
	int fd = openat(dir, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if (write_all(fd, content) != 0 || fchmod(fd, mode & 0111 ? 0755 : 0644) != 0) {
		int why = errno;

		(void)close(fd);
		errno = why;
		return -1;
	}
	/* Network file systems tell of a full disk only now. */
	return close(fd);
}

static int put_dir(int dir, const char *base)
{
	FD_AUTO int made = enter(dir, base);

	return made < 0 ? -1 : 0;
}

static int put_link(int dir, const char *base, struct bytes target)
{
	char z[NAME_MAX_BYTES];

	if (target.len == 0 || target.len >= sizeof(z) || memchr(target.ptr, '\0', target.len)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(z, target.ptr, target.len);
	z[target.len] = '\0';
	return symlinkat(z, dir, base);
}

int out_put(struct out *out, struct str name, uint32_t mode, struct bytes content, struct err *err)
{
	char path[NAME_MAX_BYTES];
	const char *base = NULL;
	FD_AUTO int dir = -1;
	int failed;

	pending_stop_if_dying();
	if (!safe_name(path, name)) {
		(void)err_set(err, "name that does not stay in the directory");
	} else {
		dir = open_parent(out->fd, path, &base);
		if (dir < 0)
			failed = -1;
		else if (S_ISDIR(mode))
			failed = put_dir(dir, base);
		else if (S_ISLNK(mode))
			failed = put_link(dir, base, content);
		else
			failed = put_file(dir, base, mode, content);
		if (!failed)
			return 0;
		(void)err_errno(err, errno, "cannot be written");
	}
	(void)err_in(err, name);
	return err_in(err, out->path);
}
