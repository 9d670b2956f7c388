/*
 * The zip reader on any bytes. What the strict index lets through must be readable or be refused
 * cleanly; a zip whose contents are all sound must survive being written anew and read again.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/out.h"
#include "io/source.h"
#include "io/zip_index.h"
#include "io/zip_write.h"

enum { MAX_UNPACKED = 16 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int memory_file(struct bytes content)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, content.ptr, content.len) != (ssize_t)content.len)
		abort();
	return fd;
}

/* Reads every content. Whether all are sound. */
static bool read_all(struct source *source, const struct listing *listing)
{
	struct scratch scratch = { 0 };
	bool sound = true;

	for (size_t i = 0; i < listing->files.len; i++) {
		const struct file *file = &listing->files.at[i];
		struct bytes content;
		struct err err;

		if (file->kind != FILE_REGULAR)
			continue;
		if (source->ops->content(source, file->member, &scratch, &content, &err))
			sound = false;
		else if (content.len != file->size)
			abort();
	}
	scratch_free(&scratch);
	return sound;
}

static struct zip_entry entry_of(const struct file *file, const struct packed *packed, struct arena *arena)
{
	struct zip_entry entry = {
		.name = file->path,
		.data = packed->data,
		.size = file->size,
		.crc = packed->crc,
		.method = packed->method,
		.mode = file->exec ? 0100755 : 0100644,
	};

	if (file->kind == FILE_SYMLINK)
		entry.mode = 0120777;
	if (file->kind == FILE_DIR) {
		entry.name = str_fmt(arena, "%.*s/", STR_ARG(file->path));
		entry.data = (struct bytes){ NULL, 0 };
		entry.method = ZIP_STORED;
		entry.crc = 0;
		entry.mode = 040755;
	}
	return entry;
}

/* The writer's output must be taken by the index, with the same members in the same order. */
static void check_written(struct bytes zip, const struct zip_entry *entries, size_t count,
			  struct arena *arena)
{
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;

	if (zip.len != zip_write_size(entries, count))
		abort();
	if (zip_index_read(zip, STR("written"), MAX_UNPACKED, arena, &notes, &index, &err))
		abort();
	if (index.count != count || notes.list.len)
		abort();
	for (size_t i = 0; i < count; i++)
		if (!str_eq(index.at[i].name, entries[i].name) || index.at[i].size != entries[i].size ||
		    index.at[i].mode != entries[i].mode)
			abort();
}

static void round_trip(struct source *source, const struct listing *listing, struct arena *arena)
{
	struct zip_entry *entries = arena_array(arena, struct zip_entry, listing->files.len);
	struct out out = { .fd = -1 };
	struct err err;
	off_t size;
	void *map;

	for (size_t i = 0; i < listing->files.len; i++) {
		struct packed packed;

		if (!source->ops->packed(source, listing->files.at[i].member, &packed))
			return;
		entries[i] = entry_of(&listing->files.at[i], &packed, arena);
	}
	out.fd = memory_file((struct bytes){ (const uint8_t *)"", 0 });
	out.open = true;
	if (zip_write(&out, entries, listing->files.len, &err))
		abort();
	size = lseek(out.fd, 0, SEEK_END);
	map = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, out.fd, 0);
	if (map == MAP_FAILED)
		abort();
	check_written((struct bytes){ map, (size_t)size }, entries, listing->files.len, arena);
	(void)munmap(map, (size_t)size);
	(void)close(out.fd);
}

static void read_source(struct bytes zip, struct arena *arena)
{
	struct notes notes = { 0 };
	struct listing listing = { .arena = arena, .notes = &notes };
	struct source_limits limits = { .max_unpacked = MAX_UNPACKED };
	struct source *source;
	struct err err;

	if (zip_source_open(&source, STR("fuzz"), memory_file(zip), &limits, &listing, &err))
		return;
	if (read_all(source, &listing) && listing.files.len)
		round_trip(source, &listing, arena);
	source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes zip = { data, size };
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;

	if (zip_index_read(zip, STR("fuzz"), MAX_UNPACKED, &arena, &notes, &index, &err) == 0)
		read_source(zip, &arena);
	arena_free(&arena);
	return 0;
}
