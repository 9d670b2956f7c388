#define _GNU_SOURCE /* uselocale */
#include "io/zip_foreign.h"

#include <archive_entry.h>

#include "base/text.h"
#include "io/archive_handle.h"
#include "io/le.h"

enum { LOCAL_SIG = 0x04034b50, LOCAL_SIZE = 30, VERSION = 63, NAME_SIZE = 1 };
/* General purpose bits 1 and 2 are part of what the method means (LZMA: whether an end mark is there). */
enum { FLAGS_OF_METHOD = 0x6 };

/* A zip of nothing but a local header and the member's data, for a streaming reader. */
struct stream {
	uint8_t header[LOCAL_SIZE + NAME_SIZE];
	struct bytes parts[2];
	int next;
};

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
	*p = 'x';
	stream->parts[0] = (struct bytes){ stream->header, sizeof(stream->header) };
	stream->parts[1] = member->data;
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

/* Fails with what libarchive has to say. */
static int fail(struct archive *archive, struct err *err)
{
	const char *why = archive_error_string(archive);
	char text[TEXT_NAME_MAX];

	text_name(text, str_of(why ? why : "damaged data"));
	return err_set(err, "cannot be unpacked: %s", text);
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
		return fail(archive, err);
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
		return fail(archive, err);
	to = scratch_reserve(scratch, (size_t)member->size);
	if (read_data(archive, to, (size_t)member->size, err))
		return -1;
	*out = (struct bytes){ to, (size_t)member->size };
	return 0;
}
