/*
 * The archive reader on any bytes. Whatever it lists stays inside the tree and below the bound, and has a
 * content of just that size.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/source.h"

enum { MAX_UNPACKED = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int memory_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

static void check_path(struct str path)
{
	struct str rest = path;

	if (path.len == 0 || memchr(path.ptr, '\0', path.len))
		abort();
	while (rest.len) {
		struct str part;

		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
			abort();
	}
}

/* The sum of all bytes of a content, so that each is read. */
static unsigned sum_of(struct bytes content)
{
	unsigned sum = 0;

	for (size_t i = 0; i < content.len; i++)
		sum += content.ptr[i];
	return sum;
}

static void check_files(struct source *source, const struct listing *listing)
{
	struct scratch scratch = { 0 };
	volatile unsigned sum = 0;
	uint64_t total = 0;

	for (size_t i = 0; i < listing->files.len; i++) {
		const struct file *file = &listing->files.at[i];
		struct bytes content;
		struct err err;

		check_path(file->path);
		if (i && str_cmp(listing->files.at[i - 1].path, file->path) >= 0)
			abort();
		if (file->kind != FILE_REGULAR)
			continue;
		if (source->ops->content(source, file->member, &scratch, &content, &err) ||
		    content.len != file->size)
			abort();
		sum += sum_of(content);
		total += file->size;
	}
	if (total > MAX_UNPACKED)
		abort();
	scratch_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct listing listing = { .arena = &arena, .notes = &notes };
	struct source_limits limits = { .max_unpacked = MAX_UNPACKED };
	struct source *source;
	struct err err = { "" };

	if (archive_source_open(&source, STR("fuzz"), memory_file(data, size), &limits, &listing, &err) ==
	    0) {
		if (listing.files.len == 0)
			abort();
		check_files(source, &listing);
		source_close(source);
	} else if (strncmp(err.msg, "fuzz: ", 6) != 0 || strchr(err.msg, '\n')) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
