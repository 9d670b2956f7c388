#define _GNU_SOURCE
#define ZLIB_CONST
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/text.h"
#include "io/mapping.h"
#include "io/source.h"
#include "io/zip_foreign.h"
#include "io/zip_index.h"

struct zip_source {
	struct source source; /* first: the two convert into each other */
	struct bytes map;
	struct zip_index index;
	uint64_t max_unpacked;
};

static struct zip_source *zip_of(struct source *source)
{
	return (struct zip_source *)source;
}

static int inflate_all(const struct zip_member *m, struct scratch *scratch, struct bytes *out,
		       struct err *err)
{
	uint8_t *to = scratch_reserve(scratch, (size_t)m->size);
	size_t used = 0;
	size_t made = 0;
	enum libdeflate_result result = libdeflate_deflate_decompress_ex(
		scratch_inflater(scratch), m->data.ptr, m->data.len, to, (size_t)m->size, &used, &made);

	if (result == LIBDEFLATE_INSUFFICIENT_SPACE || (result == LIBDEFLATE_SUCCESS && made != m->size))
		return err_set(err, "unpacks to another size than the zip says");
	if (result != LIBDEFLATE_SUCCESS)
		return err_set(err, "compressed data is damaged");
	if (used != m->data.len)
		return err_set(err, "has data behind the end of its compressed data");
	*out = (struct bytes){ to, made };
	return 0;
}

static int zip_content(struct source *source, uint32_t member, struct scratch *scratch, struct bytes *out,
		       struct err *err)
{
	const struct zip_source *zip = zip_of(source);
	const struct zip_member *m = &zip->index.at[member];
	int failed = 0;

	*out = (struct bytes){ 0 };
	if (m->method == ZIP_STORED)
		*out = m->data;
	else if (m->method == ZIP_DEFLATED)
		failed = inflate_all(m, scratch, out, err);
	else
		failed = zip_foreign_content(m, scratch, out, err);
	if (failed)
		return err_in(err, m->name);
	if (libdeflate_crc32(0, out->ptr, out->len) != m->crc) {
		(void)err_set(err, "CRC error: the data is damaged; build or download the zip again");
		return err_in(err, m->name);
	}
	return 0;
}

/* libdeflate inflates all or nothing; zlib can stop. */
static struct bytes zip_head(struct source *source, uint32_t member, size_t most, struct scratch *scratch)
{
	const struct zip_member *m = &zip_of(source)->index.at[member];
	struct bytes head = { 0 };
	struct err err;
	z_stream z = { 0 };

	if (m->size < most)
		most = (size_t)m->size;
	if (m->method == ZIP_STORED)
		return (struct bytes){ m->data.ptr, most };
	if (m->method != ZIP_DEFLATED) {
		if (zip_foreign_content(m, scratch, &head, &err))
			return (struct bytes){ 0 };
		head.len = most;
		return head;
	}
	if (inflateInit2(&z, -15) != Z_OK)
		return head;
	z.next_in = m->data.ptr;
	z.avail_in = m->data.len > UINT32_MAX ? UINT32_MAX : (uInt)m->data.len;
	z.next_out = scratch_reserve(scratch, most);
	z.avail_out = (uInt)most;
	head.ptr = z.next_out;
	(void)inflate(&z, Z_SYNC_FLUSH);
	head.len = most - z.avail_out;
	(void)inflateEnd(&z);
	return head;
}

static bool zip_packed(const struct source *source, uint32_t member, struct packed *out)
{
	const struct zip_member *m = &((const struct zip_source *)source)->index.at[member];

	*out = (struct packed){ .data = m->data, .crc = m->crc, .method = m->method };
	return m->method == ZIP_STORED || m->method == ZIP_DEFLATED;
}

static void zip_close(struct source *source)
{
	struct zip_source *zip = zip_of(source);

	mapping_close(zip->map);
	free(zip);
}

static const struct source_ops zip_ops = { zip_content, zip_head, zip_packed, zip_close };

/* The kind that the mode says; a maker that is not Unix leaves it to the name. */
static int kind_of(const struct zip_member *m, enum file_kind *kind, struct err *err)
{
	switch (m->mode & S_IFMT) {
	case 0:
	case S_IFREG:
		*kind = FILE_REGULAR;
		return 0;
	case S_IFDIR:
		*kind = FILE_DIR;
		return 0;
	case S_IFLNK:
		*kind = FILE_SYMLINK;
		return 0;
	default:
		return err_set(err,
			       "device, socket or pipe; only files, directories and symbolic links can be "
			       "deployed");
	}
}

enum { TARGET_MAX = 4000 };

static int list_member(struct zip_source *zip, uint32_t number, struct scratch *scratch,
		       struct listing *listing, struct err *err)
{
	const struct zip_member *m = &zip->index.at[number];
	struct listing_entry entry = {
		.name = m->name,
		.exec = m->mode & 0111,
		.special_mode = m->mode & 07000,
		.member = number,
		.size = m->size,
		.packed = m->data.len,
	};

	if (kind_of(m, &entry.kind, err))
		return err_in(err, m->name);
	if (entry.kind == FILE_SYMLINK) {
		struct bytes target;

		if (m->size > TARGET_MAX) {
			(void)err_set(err, "symbolic link with a target of more than %d bytes", TARGET_MAX);
			return err_in(err, m->name);
		}
		if (zip_content(&zip->source, number, scratch, &target, err))
			return -1;
		entry.target = str_of_bytes(target);
	}
	if (m->method != ZIP_STORED && m->method != ZIP_DEFLATED)
		note_add(listing->notes, listing->arena, CODE_ZIP_METHOD, str_dup(listing->arena, m->name),
			 STR(""), "compressed by method %u; written with deflate", m->method);
	return listing_add(listing, &entry, err);
}

static int list_all(struct zip_source *zip, struct listing *listing, struct err *err)
{
	struct scratch scratch = { 0 };
	int failed = 0;

	listing_reserve(listing, zip->index.count);
	for (uint32_t i = 0; i < zip->index.count && !failed; i++)
		failed = list_member(zip, i, &scratch, listing, err);
	scratch_free(&scratch);
	return failed;
}

int zip_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
		    struct listing *listing, struct err *err)
{
	struct zip_source *zip = calloc(1, sizeof(*zip));
	int failed;

	if (!zip) {
		(void)close(fd);
		return err_set(err, "out of memory");
	}
	zip->source = (struct source){ .ops = &zip_ops, .name = name };
	failed = mapping_open(fd, &zip->map, err);
	(void)close(fd);
	if (!failed && zip->map.len == 0)
		failed = err_set(err, "is an empty file");
	if (!failed)
		failed = zip_index_read(zip->map, name, limits->max_unpacked, listing->arena, listing->notes,
					&zip->index, err) ||
			 list_all(zip, listing, err) || listing_finish(listing, err);
	if (failed) {
		zip_close(&zip->source);
		return err_in(err, name);
	}
	zip->source.packed_size = zip->map.len;
	*out = &zip->source;
	return 0;
}
