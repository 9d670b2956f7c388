#define _GNU_SOURCE /* locale_t */
#include "io/decompress.h"

#include <archive_entry.h>
#include <errno.h>

#include "io/archive_handle.h"
#include "io/mapping.h"

enum { HEADERS_MAX = 1 << 30 };

/* Not the filters that run other programs (lrzip, grzip, lzop), and not uu and rpm. */
static int support(struct archive *archive)
{
	typedef int supporter(struct archive *);
	static supporter *const supporters[] = {
		archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
		archive_read_support_filter_xz,	  archive_read_support_filter_lzma,
		archive_read_support_filter_zstd, archive_read_support_filter_lzip,
		archive_read_support_filter_lz4,  archive_read_support_filter_compress,
	};

	/* A warning: libarchive was built without the library, and would run the program. */
	for (size_t i = 0; i < sizeof(supporters) / sizeof(supporters[0]); i++)
		if (supporters[i](archive) < ARCHIVE_WARN)
			return -1;
	return archive_read_support_format_raw(archive) == ARCHIVE_OK ? 0 : -1;
}

int decompress_fail(const struct decompress *stream, struct err *err)
{
	return archive_fail(stream->archive, "is damaged or cut short", err);
}

int decompress_open(struct decompress *stream, int fd, uint64_t max_unpacked, struct arena *arena,
		    struct err *err)
{
	struct archive_entry *entry;
	int status;
	int filters;

	if (mapping_open(fd, &stream->map, err))
		return -1;
	if (stream->map.len == 0)
		return 0;
	stream->left = max_unpacked < UINT64_MAX - HEADERS_MAX ? max_unpacked + HEADERS_MAX : UINT64_MAX;
	stream->archive = archive_read_new();
	if (!stream->archive || support(stream->archive))
		return err_set(err, "out of memory");
	status = archive_read_open_memory(stream->archive, stream->map.ptr, stream->map.len);
	if (status == ARCHIVE_OK)
		status = archive_read_next_header(stream->archive, &entry);
	/* The first block has been tried by now. Only nothing at all is no raw data. */
	if (status != ARCHIVE_OK)
		return archive_is_unknown(stream->archive)
			       ? err_set(err, "is compressed, but with nothing in it")
			       : decompress_fail(stream, err);
	/* The last one is the file itself. */
	filters = archive_filter_count(stream->archive) - 1;
	if (filters == 0) {
		decompress_close(stream);
		return 0;
	}
	if (filters > 1)
		return err_set(err, "is compressed twice over; undo one of the two first");
	stream->is_gzip = archive_filter_code(stream->archive, 0) == ARCHIVE_FILTER_GZIP;
	if (stream->is_gzip)
		gzip_check_begin(&stream->check, stream->map, arena);
	return 0;
}

static int next_status(struct decompress *stream, const void **at, size_t *size)
{
	la_int64_t offset;
	int status;

	do
		status = archive_read_data_block(stream->archive, at, size, &offset);
	while (status == ARCHIVE_OK && *size == 0);
	if (status == ARCHIVE_OK && *size > stream->left) {
		archive_set_error(stream->archive, EFBIG,
				  "goes on and on; raise --max-unpacked if that is right");
		return ARCHIVE_FATAL;
	}
	return status;
}

/* The next block: its size, 0 at the end, or -1 with libarchive's error set. */
static la_ssize_t next_block(struct decompress *stream, const void **at)
{
	size_t size = 0;
	int status = next_status(stream, at, &size);

	if (status == ARCHIVE_EOF)
		return 0;
	stream->failed = status != ARCHIVE_OK;
	if (stream->failed)
		return -1;
	stream->left -= size;
	if (stream->is_gzip)
		gzip_check_feed(&stream->check, (struct bytes){ *at, size });
	return (la_ssize_t)size;
}

static la_ssize_t on_read(struct archive *archive, void *ctx, const void **at)
{
	struct decompress *stream = ctx;
	la_ssize_t size = next_block(stream, at);

	if (size < 0)
		archive_set_error(archive, archive_errno(stream->archive), "%s",
				  archive_error_string(stream->archive));
	return size;
}

int decompress_feed(struct decompress *stream, struct archive *archive)
{
	return archive_read_open(archive, stream, NULL, on_read, NULL);
}

int decompress_finish(struct decompress *stream, struct err *err)
{
	const void *at;
	la_ssize_t size;

	do
		size = next_block(stream, &at);
	while (size > 0);
	if (size < 0)
		return decompress_fail(stream, err);
	if (stream->is_gzip && !gzip_check_end(&stream->check))
		return err_set(
			err, "CRC error: the gzip file is damaged, or has something behind its end; build or "
			     "download it again");
	return 0;
}

void decompress_close(struct decompress *stream)
{
	if (stream->archive)
		(void)archive_read_free(stream->archive);
	mapping_close(stream->map);
	*stream = (struct decompress){ 0 };
}
