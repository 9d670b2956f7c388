#define _GNU_SOURCE
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/vec.h"
#include "io/fd.h"
#include "io/out.h"

/* Fills `to`; the number of bytes that there were, at most `size`, or -1 and errno. */
static ssize_t read_all(int fd, uint8_t *to, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, to + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static int read_open(int fd, size_t max, struct arena *arena, struct bytes *out, struct err *err)
{
	char limit[TEXT_SIZE_MAX];
	struct stat st;
	uint8_t *at;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) != 0)
		return err_errno(err, errno, "cannot be read");
	if (!S_ISREG(st.st_mode))
		return err_set(err, "is not a file");
	text_size(limit, max);
	if ((uintmax_t)st.st_size > max)
		return err_set(err, "is larger than %s", limit);
	/* One byte more, to see whether it has grown; it stays 0 and ends the text for those who need that.
	 */
	at = arena_alloc(arena, (size_t)st.st_size + 1, 1);
	n = read_all(fd, at, (size_t)st.st_size + 1);
	if (n < 0)
		return err_errno(err, errno, "cannot be read");
	if (n != st.st_size)
		return err_set(err, "changed while it was read; try again");
	*out = (struct bytes){ at, (size_t)n };
	return 0;
}

int file_read(struct str path, size_t max, struct arena *arena, struct bytes *out, struct err *err)
{
	/* Not to wait for the writer of a FIFO, which is refused anyway. */
	FD_AUTO int fd = open(str_dup(arena, path).ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return read_open(fd, max, arena, out, err) ? err_in(err, path) : 0;
}

static int by_bytes(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

int file_list(struct str dir, struct str suffix, struct arena *arena, struct str **out, size_t *count,
	      struct err *err)
{
	VEC(struct str) names = { 0 };
	DIR *stream = opendir(str_dup(arena, dir).ptr);
	const struct dirent *entry;

	if (!stream) {
		(void)err_errno(err, errno, "cannot be read");
		return err_in(err, dir);
	}
	while ((errno = 0, entry = readdir(stream))) {
		struct str name = str_of(entry->d_name);
		const char *slash = str_ends(dir, STR("/")) ? "" : "/";

		if (!str_starts(name, STR(".")) && str_ends(name, suffix))
			*vec_push(arena, &names) =
				str_fmt(arena, "%.*s%s%.*s", STR_ARG(dir), slash, STR_ARG(name));
	}
	if (errno) {
		(void)err_errno(err, errno, "cannot be read");
		(void)closedir(stream);
		return err_in(err, dir);
	}
	(void)closedir(stream);
	if (names.len)
		qsort(names.at, names.len, sizeof(*names.at), by_bytes);
	*out = names.at;
	*count = names.len;
	return 0;
}

int file_write(struct str path, struct str content, struct arena *arena, struct err *err)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)content.ptr, .iov_len = content.len };
	struct out out = { 0 };

	if (out_open_text(&out, path, arena, err))
		return -1;
	if (out_write(&out, &iov, 1, err)) {
		out_abort(&out);
		return -1;
	}
	return out_commit(&out, err);
}
