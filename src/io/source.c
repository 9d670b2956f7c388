#define _GNU_SOURCE
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/fd.h"
#include "io/spool.h"
#include "io/zip_end.h"

/* An end record and the longest comment behind it. */
enum { HEAD_SIZE = 4, TAIL_SIZE = 22 + 65535, CHUNK_SIZE = 1 << 16 };

typedef int source_opener(struct source **out, struct str name, int fd, const struct source_limits *limits,
			  struct listing *listing, struct err *err);

/* A descriptor, or -1; the error is without the name, which the caller puts in front. */
static int open_input(struct str path, struct arena *arena, struct err *err)
{
	int fd = str_eq(path, STR("-")) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(str_dup(arena, path).ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return err_set(err, "no such file or directory");
	if (fd < 0)
		return err_errno(err, errno, "cannot be opened");
	if (isatty(fd)) {
		(void)close(fd);
		return err_set(err, "is a terminal; name a file, or pipe a package in");
	}
	return fd;
}

/* Copies what can be read only once to a file that can be mapped. */
static int spool_input(int from, uint64_t max, struct spool *spool, struct err *err)
{
	char limit[TEXT_SIZE_MAX];

	for (;;) {
		char chunk[CHUNK_SIZE];
		ssize_t n = read(from, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot be read");
		if (n == 0)
			return 0;
		if ((uint64_t)n > max - spool->len) {
			text_size(limit, max);
			return err_set(err, "goes on after %s; raise --max-unpacked if that is right", limit);
		}
		if (spool_write(spool, chunk, (size_t)n, err))
			return -1;
	}
}

/*
 * What is packed is hardly larger than what it unpacks to, but for its headers; so the bound on the one
 * bounds the other, and a pipe that never ends cannot fill the disk.
 */
static uint64_t spool_max(const struct source_limits *limits)
{
	enum { HEADERS = 1 << 30 };

	return limits->max_unpacked < UINT64_MAX - HEADERS ? limits->max_unpacked + HEADERS : UINT64_MAX;
}

/* Whether it is a file that can be read again and again, from its beginning. */
static bool is_plain_file(int fd, const struct stat *st)
{
	return S_ISREG(st->st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
}

/* Puts a copy in the place of a pipe. *fd is closed or replaced. */
static int settle(int *fd, const struct stat *st, const struct source_limits *limits, struct err *err)
{
	SPOOL_AUTO struct spool spool = { .fd = -1 };
	FD_AUTO int from = *fd;

	*fd = -1;
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode) && !S_ISCHR(st->st_mode) &&
	    !S_ISSOCK(st->st_mode))
		return err_set(err, "is a device; name a file or a directory");
	if (spool_open(&spool, err) || spool_input(from, spool_max(limits), &spool, err))
		return -1;
	if (lseek(spool.fd, 0, SEEK_SET) < 0)
		return err_errno(err, errno, "cannot be read");
	*fd = spool.fd;
	spool.fd = -1;
	return 0;
}

static int is_zip(int fd, bool *zip, struct err *err)
{
	uint8_t head[HEAD_SIZE];
	uint8_t *tail = malloc(TAIL_SIZE);
	struct stat st;
	off_t from = 0;
	ssize_t first = -1;
	ssize_t last = -1;
	int failed = 0;

	if (tail && fstat(fd, &st) == 0) {
		from = st.st_size > TAIL_SIZE ? st.st_size - TAIL_SIZE : 0;
		first = pread(fd, head, sizeof(head), 0);
		last = pread(fd, tail, TAIL_SIZE, from);
	}
	if (first < 0 || last < 0)
		failed = err_errno(err, errno, "cannot be read");
	else
		*zip = zip_looks_like((struct bytes){ head, (size_t)first },
				      (struct bytes){ tail, (size_t)last });
	free(tail);
	return failed;
}

/* Settles fd and says who reads it. Closes it on failure. */
static source_opener *choose(int *fd, const struct source_limits *limits, struct err *err)
{
	struct stat st;
	bool zip = false;

	if (fstat(*fd, &st) != 0) {
		(void)err_errno(err, errno, "cannot be read");
		fd_close(fd);
		return NULL;
	}
	if (S_ISDIR(st.st_mode))
		return dir_source_open;
	if (!is_plain_file(*fd, &st) && settle(fd, &st, limits, err))
		return NULL;
	if (is_zip(*fd, &zip, err)) {
		fd_close(fd);
		return NULL;
	}
	return zip ? zip_source_open : archive_source_open;
}

int source_open(struct source **out, struct str path, const struct source_limits *limits,
		struct listing *listing, struct err *err)
{
	int fd = open_input(path, listing->arena, err);
	source_opener *opener = fd < 0 ? NULL : choose(&fd, limits, err);

	return opener ? opener(out, path, fd, limits, listing, err) : err_in(err, path);
}

void source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}

struct bytes source_head(struct source *source, uint32_t member, size_t most, struct scratch *scratch)
{
	struct bytes content;
	struct err err;

	if (source->ops->head)
		return source->ops->head(source, member, most, scratch);
	if (source->ops->content(source, member, scratch, &content, &err))
		return (struct bytes){ 0 };
	if (content.len > most)
		content.len = most;
	return content;
}
