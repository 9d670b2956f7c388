#define _GNU_SOURCE /* syncfs */
#include "io/out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/pending.h"
#include "io/place.h"
#include "io/remove.h"
#include "io/swap.h"

enum { IOV_BATCH = 1024 };

/* Closes what is open and forgets the rest; what lies on disk stays. */
static void release(struct out *out)
{
	pending_drop(out->slot);
	if (out->fd >= 0)
		(void)close(out->fd);
	if (out->dir >= 0)
		(void)close(out->dir);
	*out = (struct out){ 0 };
}

/* Fails with the destination's name in front. */
static int fail(const struct out *out, struct err *err)
{
	return err_in(err, out->path);
}

void out_handle_signals(void)
{
	pending_handle_signals();
}

int out_write(struct out *out, struct iovec *iov, int count, struct err *err)
{
	while (count > 0) {
		ssize_t n = writev(out->fd, iov, count < IOV_BATCH ? count : IOV_BATCH);
		size_t done = n > 0 ? (size_t)n : 0;

		if (n < 0 && errno == EAGAIN) {
			/* Somebody who shares the pipe made it non-blocking. */
			struct pollfd wait = { .fd = out->fd, .events = POLLOUT };

			(void)poll(&wait, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			(void)err_errno(err, errno, "cannot be written");
			return fail(out, err);
		}
		while (count > 0 && done >= iov->iov_len) {
			done -= iov->iov_len;
			iov++;
			count--;
		}
		if (count > 0) {
			iov->iov_base = (char *)iov->iov_base + done;
			iov->iov_len -= done;
		}
	}
	return 0;
}

bool out_is_dir(struct str path)
{
	struct arena arena = { 0 };
	struct stat st;
	bool is_dir;

	if (str_eq(path, STR("-")))
		return false;
	is_dir = str_ends(path, STR("/")) ||
		 (stat(str_dup(&arena, path).ptr, &st) == 0 && S_ISDIR(st.st_mode));
	arena_free(&arena);
	return is_dir;
}

bool out_same_file(struct str a, struct str b)
{
	struct arena arena = { 0 };
	struct stat left;
	struct stat right;
	bool same = !str_eq(a, STR("-")) && !str_eq(b, STR("-")) &&
		    stat(str_dup(&arena, a).ptr, &left) == 0 && stat(str_dup(&arena, b).ptr, &right) == 0 &&
		    left.st_dev == right.st_dev && left.st_ino == right.st_ino;

	arena_free(&arena);
	return same;
}

/* The directory that the name stands in, resolved (free() it), or NULL. */
static char *parent_of(struct str path)
{
	struct arena arena = { 0 };
	struct str dir;
	char *real;

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	dir = str_dir(path);
	if (dir.len == 0)
		dir = path.len && path.ptr[0] == '/' ? STR("/") : STR(".");
	real = realpath(str_dup(&arena, dir).ptr, NULL);
	arena_free(&arena);
	return real;
}

bool out_same_place(struct str a, struct str b)
{
	char *left;
	char *right;
	bool same;

	if (str_eq(a, STR("-")) || str_eq(b, STR("-")))
		return false;
	if (out_same_file(a, b))
		return true;
	left = parent_of(a);
	right = parent_of(b);
	same = left && right && str_eq(str_of(left), str_of(right)) && str_eq(str_base(a), str_base(b));
	free(left);
	free(right);
	return same;
}

bool out_is_below(struct str path, struct str dir)
{
	struct arena arena = { 0 };
	char *top = str_eq(path, STR("-")) ? NULL : realpath(str_dup(&arena, dir).ptr, NULL);
	char *parent = top ? parent_of(path) : NULL;
	struct str above = str_of(top);
	struct str at = str_of(parent);
	bool below = top && parent && str_starts(at, above) &&
		     (at.len == above.len || at.ptr[above.len] == '/' || above.len == 1);

	free(top);
	free(parent);
	arena_free(&arena);
	return below;
}

/* --- the temporary name ---------------------------------------------------------------------- */

enum { TEMP_SIZE = 256, TEMP_RANDOM = 6, TEMP_TRIES = 100, TEMP_KEPT = 200 };

/* ".NAME.slim-XXXXXX", cut to what a file system takes; another at each call. */
static int temp_name(char to[TEMP_SIZE], const char *name, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	unsigned char random[TEMP_RANDOM];
	char tail[TEMP_RANDOM + 1] = "";

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return err_errno(err, errno, "no random name for a temporary file");
	for (int i = 0; i < TEMP_RANDOM; i++)
		tail[i] = letters[random[i] % 32];
	(void)snprintf(to, TEMP_SIZE, ".%.*s.slim-%s", TEMP_KEPT, name, tail);
	return 0;
}

/* Opens a new directory and makes it writable; the mode that the umask gave it comes back at the end. */
static int unlock_dir(struct out *out)
{
	struct stat st;

	out->fd = openat(out->dir, out->temp, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out->fd < 0 || fstat(out->fd, &st) != 0)
		return -1;
	out->mode = out->mode ? out->mode : st.st_mode & 0777;
	return fchmod(out->fd, 0700);
}

/* Makes the temporary file or directory and puts it on the list of what a signal removes. */
static int make_temp(struct out *out, struct arena *arena, struct err *err)
{
	sigset_t saved;
	int made = -1;

	out->temp = arena_alloc(arena, TEMP_SIZE, 1);
	/* Nobody but the owner may read what replaces a private file, not even for a moment. */
	for (int i = 0; i < TEMP_TRIES && made < 0; i++) {
		if (temp_name(out->temp, out->name, err))
			return -1;
		pending_block(&saved);
		if (out->is_dir)
			made = mkdirat(out->dir, out->temp, 0777);
		else
			made = out->fd = openat(out->dir, out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
						out->mode ? 0600 : 0666);
		if (made >= 0)
			out->slot = pending_add(out->dir, out->temp);
		pending_unblock(&saved);
		if (made < 0 && errno != EEXIST)
			break;
	}
	if (made < 0)
		return err_errno(err, errno, "no temporary file can be made beside it");
	if (out->is_dir ? unlock_dir(out) : out->mode && fchmod(out->fd, out->mode) != 0)
		return err_errno(err, errno, "its temporary file cannot be used");
	return 0;
}

/* --- opening --------------------------------------------------------------------------------- */

static void begin(struct out *out, struct str path)
{
	*out = (struct out){ .path = path, .dir = -1, .fd = -1, .slot = -1, .open = true };
	pending_stop_if_dying();
}

/* What is written as it comes. */
static int begin_direct(struct out *out, int fd, bool text, struct err *err)
{
	out->fd = fd;
	if (fd < 0)
		return err_errno(err, errno, "cannot be written");
	if (!text && isatty(fd))
		return err_set(err, "a package is not written to a terminal; use -o FILE, or a pipe");
	return 0;
}

static int open_file(struct out *out, bool text, struct arena *arena, struct err *err)
{
	struct place place = { 0 };
	int named = place_named_fd(out->path);

	if (named >= 0)
		return begin_direct(out, fcntl(named, F_DUPFD_CLOEXEC, 3), text, err);
	if (place_find(&place, out->path, arena, err))
		return -1;
	if (place.exists && (S_ISFIFO(place.st.st_mode) || S_ISCHR(place.st.st_mode)))
		return begin_direct(out, open(place.path.ptr, O_WRONLY | O_NOCTTY | O_CLOEXEC), text, err);
	if (str_ends(out->path, STR("/")) || (place.exists && S_ISDIR(place.st.st_mode)))
		return err_set(err, "is a directory; name a file in it");
	if (place.exists && !S_ISREG(place.st.st_mode))
		return err_set(err, "is a device or socket; name a file");
	if (place.exists)
		out->mode = place.st.st_mode & 0777;
	if (place_open_parent(&place, arena, &out->dir, &out->name, err))
		return -1;
	return make_temp(out, arena, err);
}

static int open_any_file(struct out *out, struct str path, bool text, struct arena *arena, struct err *err)
{
	begin(out, path);
	if (open_file(out, text, arena, err) == 0)
		return 0;
	out_abort(out);
	return err_in(err, path);
}

int out_open_file(struct out *out, struct str path, struct arena *arena, struct err *err)
{
	return open_any_file(out, path, false, arena, err);
}

int out_open_text(struct out *out, struct str path, struct arena *arena, struct err *err)
{
	return open_any_file(out, path, true, arena, err);
}

static int open_dir(struct out *out, struct arena *arena, struct err *err)
{
	struct place place = { 0 };

	if (place_named_fd(out->path) >= 0)
		return err_set(err, "is not a directory");
	if (place_find(&place, out->path, arena, err))
		return -1;
	if (place.exists && place_check_dir(&place, out->force, err))
		return -1;
	if (place.exists)
		out->mode = place.st.st_mode & 0777;
	if (place_open_parent(&place, arena, &out->dir, &out->name, err) || make_temp(out, arena, err))
		return -1;
	/* Made now: in out_commit() nothing but the disk may fail. */
	out->aside = arena_alloc(arena, TEMP_SIZE, 1);
	return temp_name(out->aside, out->name, err);
}

int out_open_dir(struct out *out, struct str path, bool force, struct arena *arena, struct err *err)
{
	begin(out, path);
	out->is_dir = true;
	out->force = force;
	if (open_dir(out, arena, err) == 0)
		return 0;
	out_abort(out);
	return err_in(err, path);
}

/* --- the end --------------------------------------------------------------------------------- */

void out_abort(struct out *out)
{
	if (!out->open)
		return;
	/* Nobody can be told; a signal or the next run's user finds a name that explains itself. */
	if (out->temp && out->slot >= 0)
		(void)remove_tree(out->dir, out->temp);
	release(out);
}

/* 0, or errno of the failure. Some file systems have nothing to sync, and say so. */
static int sync_fd(const struct out *out)
{
	if ((out->is_dir ? syncfs(out->fd) : fsync(out->fd)) == 0)
		return 0;
	return errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : errno;
}

static int commit_file(struct out *out)
{
	int failed = out->temp ? sync_fd(out) : 0;
	int fd = out->fd;

	out->fd = -1;
	/* Network file systems tell of a full disk only now. */
	if (close(fd) != 0 && !failed)
		failed = errno;
	if (!failed && out->temp && renameat(out->dir, out->temp, out->dir, out->name) != 0)
		failed = errno;
	return failed;
}

/* *old is set to the name of what was replaced. */
static int commit_dir(struct out *out, const char **old)
{
	int failed = sync_fd(out);
	sigset_t saved;
	int renamed;

	if (!failed && fchmod(out->fd, out->mode) != 0)
		failed = errno;
	if (failed)
		return failed;
	pending_block(&saved);
	renamed = out->force ? swap_in(out->dir, out->temp, out->name, out->aside, old)
			     : renameat(out->dir, out->temp, out->dir, out->name);
	failed = renamed == 0 ? 0 : errno;
	if (*old) {
		/* From here on a signal removes the old tree instead of the new. */
		pending_drop(out->slot);
		out->slot = pending_add(out->dir, *old);
	}
	pending_unblock(&saved);
	return failed;
}

static int remove_old(const struct out *out, const char *old, struct err *err)
{
	char text[TEXT_NAME_MAX];

	if (remove_tree(out->dir, old) == 0)
		return 0;
	text_name(text, str_of(old));
	return err_errno(err, errno,
			 "was replaced, but the old directory beside it, now called %s, could not be removed",
			 text);
}

static int fail_commit(struct out *out, int failed, struct err *err)
{
	struct str path = out->path;

	out_abort(out);
	if (failed == ENOTEMPTY || failed == EEXIST)
		(void)err_set(err, "got something in it meanwhile; nothing was replaced");
	else
		(void)err_errno(err, failed, "cannot be written");
	return err_in(err, path);
}

int out_commit(struct out *out, struct err *err)
{
	const char *old = NULL;
	int failed = out->is_dir ? commit_dir(out, &old) : commit_file(out);
	int result = 0;

	if (failed)
		return fail_commit(out, failed, err);
	/* A rename that a crash undoes is no failure of this run: the old file would be whole again. */
	if (out->dir >= 0)
		(void)fsync(out->dir);
	if (old && remove_old(out, old, err))
		result = err_in(err, out->path);
	release(out);
	return result;
}
