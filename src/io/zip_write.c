#include "io/zip_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/le.h"

enum { LOCAL_SIG = 0x04034b50, CENTRAL_SIG = 0x02014b50, END_SIG = 0x06054b50 };
enum { END64_SIG = 0x06064b50, LOCATOR_SIG = 0x07064b50 };
enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, END64_SIZE = 56, LOCATOR_SIZE = 20 };

/* Version 2.0 is what deflate needs; 4.5, which zip64 asks for, only where it is used (some of Lambda's
 * unpackers refuse it). */
enum { VERSION = 20, VERSION_ZIP64 = 45, MADE_BY_UNIX = 3 << 8 };
/* 1980-01-01, the earliest date that a zip can hold. */
enum { DOS_DATE = 0x0021, FLAG_UTF8 = 1 << 11 };
/* zip64 extra fields: sizes in a local header; sizes and offset, as needed, in a central one. */
enum { EXTRA_ZIP64 = 1, LOCAL_EXTRA = 4 + 16 };
enum { BATCH = 512 };

static bool is_large(const struct zip_entry *e)
{
	return e->size >= UINT32_MAX || e->data.len >= UINT32_MAX;
}

static size_t local_size(const struct zip_entry *e)
{
	return LOCAL_SIZE + e->name.len + (is_large(e) ? LOCAL_EXTRA : 0);
}

static size_t central_extra(const struct zip_entry *e, uint64_t offset)
{
	size_t body = (is_large(e) ? 16 : 0) + (offset >= UINT32_MAX ? 8 : 0);

	return body ? body + 4 : 0;
}

static uint32_t narrow(uint64_t value, bool saturate)
{
	return saturate ? UINT32_MAX : (uint32_t)value;
}

/* Where the parts of the zip come to lie. */
struct layout {
	uint64_t directory;
	uint64_t directory_size;
	bool zip64;
};

static struct layout lay_out(const struct zip_entry *entries, size_t count)
{
	struct layout layout = { 0 };

	for (size_t i = 0; i < count; i++) {
		layout.directory_size +=
			CENTRAL_SIZE + entries[i].name.len + central_extra(&entries[i], layout.directory);
		layout.directory += local_size(&entries[i]) + entries[i].data.len;
	}
	layout.zip64 =
		count >= UINT16_MAX || layout.directory >= UINT32_MAX || layout.directory_size >= UINT32_MAX;
	return layout;
}

uint64_t zip_write_size(const struct zip_entry *entries, size_t count)
{
	struct layout layout = lay_out(entries, count);

	return layout.directory + layout.directory_size + END_SIZE +
	       (layout.zip64 ? END64_SIZE + LOCATOR_SIZE : 0);
}

/* The fields that both headers share, from "version needed" on (APPNOTE 4.3.7, 4.3.12). */
static uint8_t *put_common(uint8_t *p, const struct zip_entry *e, bool zip64, size_t extra)
{
	bool utf8 = !text_is_ascii(e->name) && text_is_utf8(e->name);

	p = put16(p, zip64 ? VERSION_ZIP64 : VERSION);
	p = put16(p, utf8 ? FLAG_UTF8 : 0);
	p = put16(p, e->method);
	p = put16(p, 0);
	p = put16(p, DOS_DATE);
	p = put32(p, e->crc);
	p = put32(p, narrow(e->data.len, is_large(e)));
	p = put32(p, narrow(e->size, is_large(e)));
	p = put16(p, (uint16_t)e->name.len);
	return put16(p, (uint16_t)extra);
}

static uint8_t *put_sizes64(uint8_t *p, const struct zip_entry *e)
{
	return is_large(e) ? put64(put64(p, e->size), e->data.len) : p;
}

static uint8_t *put_local(uint8_t *p, const struct zip_entry *e)
{
	p = put32(p, LOCAL_SIG);
	p = put_common(p, e, is_large(e), is_large(e) ? LOCAL_EXTRA : 0);
	memcpy(p, e->name.ptr, e->name.len);
	p += e->name.len;
	if (is_large(e))
		p = put_sizes64(put16(put16(p, EXTRA_ZIP64), LOCAL_EXTRA - 4), e);
	return p;
}

static uint8_t *put_central(uint8_t *p, const struct zip_entry *e, uint64_t offset)
{
	size_t extra = central_extra(e, offset);

	p = put32(p, CENTRAL_SIG);
	p = put16(p, MADE_BY_UNIX | (extra ? VERSION_ZIP64 : VERSION));
	p = put_common(p, e, extra > 0, extra);
	p = put16(p, 0); /* comment */
	p = put16(p, 0); /* disk */
	p = put16(p, 0); /* internal attributes */
	p = put32(p, e->mode << 16);
	p = put32(p, narrow(offset, offset >= UINT32_MAX));
	memcpy(p, e->name.ptr, e->name.len);
	p += e->name.len;
	if (extra) {
		p = put_sizes64(put16(put16(p, EXTRA_ZIP64), (uint16_t)(extra - 4)), e);
		p = offset >= UINT32_MAX ? put64(p, offset) : p;
	}
	return p;
}

static uint8_t *put_end64(uint8_t *p, const struct layout *layout, uint64_t count)
{
	p = put32(p, END64_SIG);
	p = put64(p, END64_SIZE - 12);
	p = put16(p, MADE_BY_UNIX | VERSION_ZIP64);
	p = put16(p, VERSION_ZIP64);
	p = put32(p, 0);
	p = put32(p, 0);
	p = put64(p, count);
	p = put64(p, count);
	p = put64(p, layout->directory_size);
	p = put64(p, layout->directory);
	p = put32(p, LOCATOR_SIG);
	p = put32(p, 0);
	p = put64(p, layout->directory + layout->directory_size);
	return put32(p, 1);
}

static uint8_t *put_end(uint8_t *p, const struct layout *layout, uint64_t count)
{
	uint16_t shown = count >= UINT16_MAX ? UINT16_MAX : (uint16_t)count;

	p = put32(p, END_SIG);
	p = put16(p, 0);
	p = put16(p, 0);
	p = put16(p, shown);
	p = put16(p, shown);
	p = put32(p, narrow(layout->directory_size, layout->directory_size >= UINT32_MAX));
	p = put32(p, narrow(layout->directory, layout->directory >= UINT32_MAX));
	return put16(p, 0);
}

/* Local headers from a buffer, data from where it lies: nothing is copied on the way to the kernel. */
static int write_members(struct out *out, const struct zip_entry *entries, size_t count, uint8_t *headers,
			 struct err *err)
{
	struct iovec iov[BATCH];
	int used = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t *end = put_local(headers, &entries[i]);

		iov[used++] = (struct iovec){ headers, (size_t)(end - headers) };
		headers = end;
		if (entries[i].data.len)
			iov[used++] =
				(struct iovec){ (void *)(uintptr_t)entries[i].data.ptr, entries[i].data.len };
		if (used > BATCH - 2 || i + 1 == count) {
			if (out_write(out, iov, used, err))
				return -1;
			used = 0;
		}
	}
	return 0;
}

static int write_directory(struct out *out, const struct zip_entry *entries, size_t count,
			   const struct layout *layout, uint8_t *buffer, struct err *err)
{
	struct iovec iov = { .iov_base = buffer };
	uint64_t offset = 0;
	uint8_t *p = buffer;

	for (size_t i = 0; i < count; i++) {
		p = put_central(p, &entries[i], offset);
		offset += local_size(&entries[i]) + entries[i].data.len;
	}
	if (layout->zip64)
		p = put_end64(p, layout, count);
	p = put_end(p, layout, count);
	iov.iov_len = (size_t)(p - buffer);
	return out_write(out, &iov, 1, err);
}

int zip_write(struct out *out, const struct zip_entry *entries, size_t count, struct err *err)
{
	struct layout layout = lay_out(entries, count);
	size_t headers = 0;
	size_t tail = (size_t)layout.directory_size + END64_SIZE + LOCATOR_SIZE + END_SIZE;
	uint8_t *buffer;
	int failed;

	for (size_t i = 0; i < count; i++)
		headers += local_size(&entries[i]);
	buffer = malloc(headers > tail ? headers : tail);
	if (!buffer)
		return err_set(err, "out of memory");
	failed = write_members(out, entries, count, buffer, err) ||
		 write_directory(out, entries, count, &layout, buffer, err);
	free(buffer);
	return failed ? -1 : 0;
}
