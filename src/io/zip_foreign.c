#define _GNU_SOURCE /* uselocale */
#include "io/zip_foreign.h"

#include <archive_entry.h>
#include <string.h>

#include "io/archive_handle.h"
#include "io/le.h"

enum { LOCAL_SIG = 0x04034b50, LOCAL_SIZE = 30, VERSION = 63, NAME_SIZE = 1 };
/* General purpose bits 1 and 2 are part of what the method means (LZMA: whether an end mark is there). */
enum { FLAGS_OF_METHOD = 0x6 };

/* What begins the data of an LZMA member: version, size of the properties, and the properties
 * (APPNOTE 5.8.8). */
enum { METHOD_LZMA = 14, LZMA_HEAD = 9, LZMA_DICTIONARY = 5, LZMA_DICTIONARY_MIN = 4096 };

/* A zip of nothing but a local header and the member's data, for a streaming reader. */
struct stream {
	uint8_t header[LOCAL_SIZE + NAME_SIZE + LZMA_HEAD];
	struct bytes parts[2];
	int next;
};

/*
 * Moves the head of LZMA data behind the header, with a dictionary no larger than the content: nothing can
 * refer further back, and the decoder would take what is asked for, up to 4 GiB.
 */
static uint8_t *put_lzma_head(uint8_t *p, struct stream *stream, uint64_t size)
{
	struct bytes *data = &stream->parts[1];
	uint64_t most = size < LZMA_DICTIONARY_MIN ? LZMA_DICTIONARY_MIN : size;

	memcpy(p, data->ptr, LZMA_HEAD);
	if (le32(p + LZMA_DICTIONARY) > most)
		(void)put32(p + LZMA_DICTIONARY, (uint32_t)most);
	*data = (struct bytes){ data->ptr + LZMA_HEAD, data->len - LZMA_HEAD };
	return p + LZMA_HEAD;
}

static void stream_init(struct stream *stream, const struct zip_member *member)
{
	uint8_t *p = put32(stream->header, LOCAL_SIG);

	p = put16(p, VERSION);
	p = put16(p, member->flags & FLAGS_OF_METHOD);
	p = put16(p, member->method);
	p = put32(p, 0); /* time and date */
	p = put32(p, member->crc);
	p = put32(p, (uint32_t)member->data.len);
	p = put32(p, (uint32_t)member->size);
	p = put16(p, NAME_SIZE);
	p = put16(p, 0);
	*p++ = 'x';
	stream->parts[1] = member->data;
	if (member->method == METHOD_LZMA && member->data.len >= LZMA_HEAD)
		p = put_lzma_head(p, stream, member->size);
	stream->parts[0] = (struct bytes){ stream->header, (size_t)(p - stream->header) };
	stream->next = 0;
}

static la_ssize_t stream_read(struct archive *archive, void *ctx, const void **at)
{
	struct stream *stream = ctx;
	struct bytes part = { 0 };

	(void)archive;
	if (stream->next < 2)
		part = stream->parts[stream->next++];
	*at = part.ptr;
	return (la_ssize_t)part.len;
}

/* All of the entry's data into `to`, which has `size` bytes. */
static int read_data(struct archive *archive, uint8_t *to, size_t size, struct err *err)
{
	size_t len = 0;
	uint8_t beyond;
	la_ssize_t n = 1;

	while (len < size && n > 0) {
		n = archive_read_data(archive, to + len, size - len);
		len += n > 0 ? (size_t)n : 0;
	}
	/* Only the read that meets the end checks the CRC and what is left over. */
	if (n >= 0 && len == size)
		n = archive_read_data(archive, &beyond, 1);
	if (n < 0)
		return archive_fail(archive, "cannot be unpacked", err);
	if (n > 0 || len != size)
		return err_set(err, "unpacks to another size than the zip says");
	return 0;
}

int zip_foreign_content(const struct zip_member *member, struct scratch *scratch, struct bytes *out,
			struct err *err)
{
	TONGUE_AUTO struct tongue tongue = tongue_set("C");
	ARCHIVE_AUTO struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	struct stream stream;
	uint8_t *to;

	if (!archive)
		return err_set(err, "out of memory");
	if (member->size >= UINT32_MAX || member->data.len >= UINT32_MAX)
		return err_set(err, "is larger than 4 GiB");
	stream_init(&stream, member);
	if (archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
	    archive_read_open(archive, &stream, NULL, stream_read, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return archive_fail(archive, "cannot be unpacked", err);
	to = scratch_reserve(scratch, (size_t)member->size);
	if (read_data(archive, to, (size_t)member->size, err))
		return -1;
	*out = (struct bytes){ to, (size_t)member->size };
	return 0;
}
