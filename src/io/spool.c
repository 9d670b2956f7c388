#define _GNU_SOURCE /* O_TMPFILE, mkostemp */
#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"

static const char *spool_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

/* "/tmp: no space …": the place and the way out are the same for every failure. */
static int fail(int errno_value, struct err *err)
{
	char dir[TEXT_NAME_MAX];

	text_name(dir, str_of(spool_dir()));
	return err_errno(err, errno_value, "cannot keep a temporary copy in %s (TMPDIR names another place)",
			 dir);
}

/* For file systems without O_TMPFILE. */
static int open_unlinked(const char *dir)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/slim-XXXXXX", dir);
	int fd;

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

int spool_open(struct spool *spool, struct err *err)
{
	const char *dir = spool_dir();

	*spool = (struct spool){ .fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600) };
	if (spool->fd < 0 && errno != ENOENT && errno != EACCES)
		spool->fd = open_unlinked(dir);
	return spool->fd < 0 ? fail(errno, err) : 0;
}

int spool_write(struct spool *spool, const void *from, size_t len, struct err *err)
{
	const char *p = from;

	while (len) {
		ssize_t n = pwrite(spool->fd, p, len, (off_t)spool->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(n < 0 ? errno : ENOSPC, err);
		p += n;
		len -= (size_t)n;
		spool->len += (uint64_t)n;
	}
	return 0;
}

void spool_skip_to(struct spool *spool, uint64_t at)
{
	if (at > spool->len)
		spool->len = at;
}

int spool_map(struct spool *spool, struct bytes *out, struct err *err)
{
	void *at;

	*out = (struct bytes){ (const uint8_t *)"", 0 };
	if (spool->len == 0)
		return 0;
	/* A hole at the end has no bytes of its own yet. */
	if (ftruncate(spool->fd, (off_t)spool->len) != 0)
		return fail(errno, err);
	at = mmap(NULL, (size_t)spool->len, PROT_READ, MAP_SHARED, spool->fd, 0);
	if (at == MAP_FAILED)
		return fail(errno, err);
	*out = (struct bytes){ at, (size_t)spool->len };
	return 0;
}

void spool_close(struct spool *spool)
{
	if (spool->fd >= 0)
		(void)close(spool->fd);
	spool->fd = -1;
}
