#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/beneath.h"
#include "io/fd.h"
#include "io/source.h"

enum { PATH_BYTES = 4000, MEMBERS_MAX = 1000000 };

/* What a file was when it was listed: analysis and output must see the same bytes. */
struct member {
	const char *path; /* relative to the root */
	dev_t dev;
	ino_t ino;
	uint64_t size;
	struct timespec mtime;
};

struct dir_source {
	struct source source; /* first: the two convert into each other */
	int fd;
	VEC(struct member) members;
};

/* The walk: directories that are still to be listed, so that depth costs no stack. */
struct walk {
	struct dir_source *dir;
	struct listing *listing;
	struct arena *scratch;
	uint64_t left; /* of max_unpacked */
	uint64_t max;
	VEC(struct str) todo;
};

/* --- contents -------------------------------------------------------------------------------- */

static bool unchanged(const struct member *member, const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_dev == member->dev && st->st_ino == member->ino &&
	       (uint64_t)st->st_size == member->size && st->st_mtim.tv_sec == member->mtime.tv_sec &&
	       st->st_mtim.tv_nsec == member->mtime.tv_nsec;
}

/* Whether `fd` holds exactly `size` bytes, now in `to`; -1 and errno where it cannot be read. */
static int read_exactly(int fd, uint8_t *to, size_t size)
{
	size_t len = 0;

	/* One byte more is asked for, to see that the end is there. */
	while (len <= size) {
		ssize_t n = read(fd, to + len, size + 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return len == size;
}

static int read_member(const struct dir_source *dir, const struct member *member, struct scratch *scratch,
		       struct bytes *out, struct err *err)
{
	static const char changed[] =
		"changed while it was read; let whatever writes there finish, and try again";
	FD_AUTO int fd = beneath_open(dir->fd, member->path, O_RDONLY | O_NONBLOCK, 0);
	uint8_t *to;
	struct stat st;
	int whole;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR))
		return err_set(err, "%s", changed);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_errno(err, errno, "cannot be read");
	if (!unchanged(member, &st))
		return err_set(err, "%s", changed);
	to = scratch_reserve(scratch, (size_t)member->size + 1);
	whole = read_exactly(fd, to, (size_t)member->size);
	if (whole < 0 || fstat(fd, &st) != 0)
		return err_errno(err, errno, "cannot be read");
	if (!whole || !unchanged(member, &st))
		return err_set(err, "%s", changed);
	*out = (struct bytes){ to, (size_t)member->size };
	return 0;
}

static int dir_content(struct source *source, uint32_t number, struct scratch *scratch, struct bytes *out,
		       struct err *err)
{
	const struct dir_source *dir = (const struct dir_source *)source;
	const struct member *member = &dir->members.at[number];

	return read_member(dir, member, scratch, out, err) ? err_in(err, str_of(member->path)) : 0;
}

static struct bytes dir_head(struct source *source, uint32_t number, size_t most, struct scratch *scratch)
{
	const struct dir_source *dir = (const struct dir_source *)source;
	const struct member *member = &dir->members.at[number];
	FD_AUTO int fd = beneath_open(dir->fd, member->path, O_RDONLY | O_NONBLOCK, 0);
	uint8_t *to = scratch_reserve(scratch, most);
	ssize_t n = fd < 0 ? 0 : read(fd, to, most);

	return (struct bytes){ to, n < 0 ? 0 : (size_t)n };
}

static void dir_close(struct source *source)
{
	struct dir_source *dir = (struct dir_source *)source;

	if (dir->fd >= 0)
		(void)close(dir->fd);
	free(dir);
}

static const struct source_ops dir_ops = { .content = dir_content, .head = dir_head, .close = dir_close };

/* --- the walk -------------------------------------------------------------------------------- */

static int add_regular(struct walk *walk, int at, const char *name, const struct stat *st,
		       struct listing_entry *entry, struct err *err)
{
	char limit[TEXT_SIZE_MAX];

	/* Now rather than after a minute of work. */
	if (faccessat(at, name, R_OK, AT_EACCESS) != 0)
		return err_errno(err, errno,
				 "cannot be read; give yourself permission (chmod u+r), or remove it");
	entry->size = (uint64_t)st->st_size;
	entry->exec = st->st_mode & 0111;
	entry->special_mode = st->st_mode & 07000;
	if (entry->size > walk->left) {
		text_size(limit, walk->max);
		return err_set(err, "the directory holds more than %s; raise --max-unpacked if that is right",
			       limit);
	}
	walk->left -= entry->size;
	return 0;
}

static int add_link(struct walk *walk, int at, const char *name, struct listing_entry *entry, struct err *err)
{
	/* One byte more than listing_add() takes, so that it sees what is too long. */
	char target[PATH_BYTES + 1];
	ssize_t n = readlinkat(at, name, target, sizeof(target));

	if (n < 0)
		return err_errno(err, errno, "cannot be read");
	entry->kind = FILE_SYMLINK;
	entry->target = str_dup(walk->scratch, (struct str){ target, (size_t)n });
	entry->size = (uint64_t)n;
	return 0;
}

/* Errors are without the path. */
static int look_at(struct walk *walk, int at, const char *name, struct listing_entry *entry, struct err *err)
{
	struct stat st;
	int failed = 0;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return err_errno(err, errno, "cannot be read");
	if (S_ISREG(st.st_mode))
		failed = add_regular(walk, at, name, &st, entry, err);
	else if (S_ISLNK(st.st_mode))
		failed = add_link(walk, at, name, entry, err);
	else if (S_ISDIR(st.st_mode))
		entry->kind = FILE_DIR;
	else
		return err_set(err,
			       "device, socket or pipe; only files, directories and symbolic links can be "
			       "deployed");
	if (failed)
		return -1;
	if (walk->dir->members.len == MEMBERS_MAX)
		return err_set(err, "the directory holds more than %d files", MEMBERS_MAX);
	*vec_push(walk->listing->arena, &walk->dir->members) = (struct member){
		.path = str_dup(walk->listing->arena, entry->name).ptr,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = entry->size,
		.mtime = st.st_mtim,
	};
	return 0;
}

static int add_entry(struct walk *walk, int at, struct str dir, struct str name, struct err *err)
{
	struct listing_entry entry = {
		.name = dir.len ? str_fmt(walk->scratch, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)) : name,
		.member = (uint32_t)walk->dir->members.len,
	};

	if (look_at(walk, at, name.ptr, &entry, err))
		return err_in(err, entry.name);
	if (listing_add(walk->listing, &entry, err))
		return -1;
	if (entry.kind == FILE_DIR)
		*vec_push(walk->scratch, &walk->todo) = entry.name;
	return 0;
}

static int by_bytes(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

struct names {
	VEC(struct str) list;
};

/* Sorted, so that of several faults always the same one is reported. Closes `at`. */
static int read_names(int at, struct arena *arena, struct names *names, struct err *err)
{
	DIR *stream = fdopendir(at);
	const struct dirent *entry;
	int failed;

	if (!stream) {
		failed = errno;
		(void)close(at);
		return err_errno(err, failed, "cannot be read");
	}
	while ((errno = 0, entry = readdir(stream))) {
		struct str name = str_of(entry->d_name);

		if (!str_eq(name, STR(".")) && !str_eq(name, STR("..")))
			*vec_push(arena, &names->list) = str_dup(arena, name);
	}
	failed = errno;
	(void)closedir(stream);
	if (failed)
		return err_errno(err, failed, "cannot be read");
	if (names->list.len)
		qsort(names->list.at, names->list.len, sizeof(*names->list.at), by_bytes);
	return 0;
}

static int walk_one(struct walk *walk, struct str path, struct err *err)
{
	const char *z = path.len ? path.ptr : ".";
	FD_AUTO int at = beneath_open(walk->dir->fd, z, O_RDONLY | O_DIRECTORY, 0);
	int stream = at < 0 ? -1 : openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct names names = { 0 };

	if (stream < 0) {
		(void)err_errno(err, errno, "cannot be read");
		return path.len ? err_in(err, path) : -1;
	}
	if (read_names(stream, walk->scratch, &names, err))
		return path.len ? err_in(err, path) : -1;
	for (size_t i = 0; i < names.list.len; i++)
		if (add_entry(walk, at, path, names.list.at[i], err))
			return -1;
	return 0;
}

static int walk_all(struct dir_source *dir, uint64_t max, struct listing *listing, struct err *err)
{
	struct arena scratch = { 0 };
	struct walk walk = { .dir = dir, .listing = listing, .scratch = &scratch, .left = max, .max = max };
	int failed;

	failed = walk_one(&walk, STR(""), err);
	while (!failed && walk.todo.len)
		failed = walk_one(&walk, walk.todo.at[--walk.todo.len], err);
	arena_free(&scratch);
	return failed;
}

int dir_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
		    struct listing *listing, struct err *err)
{
	struct dir_source *dir = calloc(1, sizeof(*dir));
	int failed;

	if (!dir) {
		(void)close(fd);
		return err_set(err, "out of memory");
	}
	*dir = (struct dir_source){ .source = { .ops = &dir_ops, .name = name }, .fd = fd };
	failed = walk_all(dir, limits->max_unpacked, listing, err) || listing_finish(listing, err);
	if (!failed && listing->files.len == 0)
		failed = err_set(err, "is an empty directory");
	if (failed) {
		dir_close(&dir->source);
		return err_in(err, name);
	}
	*out = &dir->source;
	return 0;
}
