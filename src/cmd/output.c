#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

void output_wrap(struct buf *out, struct str text, size_t column, size_t indent)
{
	bool first = true;

	while (text.len) {
		struct str word;

		(void)str_cut(text, ' ', &word, &text);
		if (!first && column + 1 + word.len > OUTPUT_COLUMNS) {
			buf_add(out, STR("\n"));
			buf_fill(out, ' ', indent);
			column = indent;
			first = true;
		}
		if (!first)
			buf_add(out, STR(" "));
		buf_add(out, word);
		column += word.len + !first;
		first = false;
	}
	buf_add(out, STR("\n"));
}

int output_write(int fd, struct str text, struct err *err)
{
	while (text.len) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n >= 0) {
			text = str_from(text, (size_t)n);
		} else if (errno == EAGAIN) {
			/* A pipe that somebody else has set to non-blocking. */
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			(void)poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return err_errno(err, errno, "cannot write to standard %s",
					 fd == STDERR_FILENO ? "error" : "output");
		}
	}
	return 0;
}

int output_close(struct err *err)
{
	/* EBADF: it was closed or not writable from the start, and nothing was written, or that was told. */
	if (close(STDOUT_FILENO) && errno != EBADF && errno != EINTR)
		return err_errno(err, errno, "cannot write to standard output");
	return 0;
}

void output_reserve_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* For reading only, so that writing to it fails and is noticed. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return;
	}
}
