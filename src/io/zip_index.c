#include "io/zip_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/le.h"
#include "io/zip_end.h"

/* Records of APPNOTE 4.3: their signatures and the sizes of their fixed parts. */
enum { LOCAL_SIG = 0x04034b50, CENTRAL_SIG = 0x02014b50, DESCRIPTOR_SIG = 0x08074b50 };
enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46 };

/* General purpose bits (APPNOTE 4.4.4). */
enum {
	FLAG_ENCRYPTED = 1 << 0,
	FLAG_DESCRIPTOR = 1 << 3,
	FLAG_PATCH = 1 << 5,
	FLAG_STRONG = 1 << 6,
	FLAG_UTF8 = 1 << 11,
	FLAG_MASKED = 1 << 13,
};

enum { MADE_BY_UNIX = 3, MADE_BY_MACOS = 19 };
enum { EXTRA_ZIP64 = 0x0001, EXTRA_UNICODE_PATH = 0x7075, EXTRA_AES = 0x9901 };
enum { METHOD_AES = 99 };

/* Deflate expands at most 1032 times; a larger claim is a lie, and is caught before any memory is taken. */
enum { DEFLATE_RATIO = 1032, DEFLATE_SLACK = 64 };

/* A member with what only the checks need. */
struct entry {
	struct zip_member member;
	uint64_t packed; /* compressed size */
	uint64_t offset; /* of the local header */
	uint64_t end;	 /* behind the data and its descriptor */
};

struct reading {
	struct bytes zip;
	struct zip_end end;
	struct entry *entries;
	uint64_t total;
	uint64_t max_unpacked;
};

static struct str str_at(struct bytes zip, uint64_t at, size_t len)
{
	return (struct str){ (const char *)zip.ptr + at, len };
}

/* What a list of extra fields says (APPNOTE 4.5). */
struct extras {
	struct bytes zip64;
	struct bytes unicode_path;
	bool aes;
};

/* Up to three bytes behind the last field are no field: padding that aligning tools leave. */
static int read_extras(struct bytes field, struct extras *out, struct err *err)
{
	*out = (struct extras){ 0 };
	while (field.len >= 4) {
		uint16_t id = le16(field.ptr);
		struct bytes body = { field.ptr + 4, le16(field.ptr + 2) };

		if (body.len > field.len - 4)
			return err_set(err, "extra field is longer than its space");
		if ((id == EXTRA_ZIP64 && out->zip64.ptr) ||
		    (id == EXTRA_UNICODE_PATH && out->unicode_path.ptr))
			return err_set(err,
				       "extra field 0x%04x occurs twice: readers disagree which one counts",
				       id);
		if (id == EXTRA_ZIP64)
			out->zip64 = body;
		if (id == EXTRA_UNICODE_PATH)
			out->unicode_path = body;
		out->aes = out->aes || id == EXTRA_AES;
		field = (struct bytes){ body.ptr + body.len, field.len - 4 - body.len };
	}
	return 0;
}

/* Replaces a saturated 32-bit value by the next one of the zip64 field. False when it is missing. */
static bool widen(uint64_t *value, struct bytes *zip64)
{
	if (*value != UINT32_MAX)
		return true;
	if (zip64->len < 8)
		return false;
	*value = le64(zip64->ptr);
	*zip64 = (struct bytes){ zip64->ptr + 8, zip64->len - 8 };
	return *value <= INT64_MAX;
}

static int check_flags(const struct zip_member *m, const struct extras *extras, struct err *err)
{
	if ((m->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)) || m->method == METHOD_AES ||
	    extras->aes)
		return err_set(err, "encrypted; decrypt it first, Lambda cannot");
	if (m->flags & FLAG_PATCH)
		return err_set(err, "holds patch data, not a file");
	return 0;
}

/* A Unicode-path field (Info-ZIP 0x7075) that is valid and names another file makes readers disagree. */
static int check_unicode_path(struct str name, struct bytes field, struct err *err)
{
	if (field.len < 5 || field.ptr[0] != 1)
		return 0;
	if (!str_eq(name, str_of_bytes((struct bytes){ field.ptr + 5, field.len - 5 })))
		return err_set(err, "extra field 0x7075 gives it another name");
	return 0;
}

static int check_sizes(struct reading *reading, const struct entry *entry, struct err *err)
{
	const struct zip_member *m = &entry->member;

	if (m->method == ZIP_STORED && m->size != entry->packed)
		return err_set(err, "stored, but its two sizes differ");
	if (m->method == ZIP_DEFLATED && entry->packed < UINT64_MAX / DEFLATE_RATIO / 2 &&
	    m->size > entry->packed * DEFLATE_RATIO + DEFLATE_SLACK)
		return err_set(err, "claims %" PRIu64 " bytes, more than deflate can make of %" PRIu64,
			       m->size, entry->packed);
	if (m->size > reading->max_unpacked - reading->total) {
		char size[TEXT_SIZE_MAX];

		text_size(size, reading->max_unpacked);
		return err_set(err,
			       "the package unpacks to more than %s; raise --max-unpacked if that is right",
			       size);
	}
	reading->total += m->size;
	return 0;
}

/* Reads the central header at *at, which is moved behind it. */
static int read_central(struct reading *reading, uint64_t *at, struct entry *entry, struct err *err)
{
	const uint8_t *p = reading->zip.ptr + *at;
	uint64_t room = reading->end.directory_end - *at;
	struct zip_member *m = &entry->member;
	struct extras extras;
	size_t names;

	if (room < CENTRAL_SIZE || le32(p) != CENTRAL_SIG)
		return err_set(err, "central directory is damaged: no entry where one is announced");
	names = (size_t)le16(p + 28) + le16(p + 30) + le16(p + 32);
	if (room - CENTRAL_SIZE < names)
		return err_set(err, "central directory is damaged: an entry is longer than the directory");
	*m = (struct zip_member){
		.name = str_at(reading->zip, *at + CENTRAL_SIZE, le16(p + 28)),
		.size = le32(p + 24),
		.crc = le32(p + 16),
		.method = le16(p + 10),
		.flags = le16(p + 8),
	};
	if (p[5] == MADE_BY_UNIX || p[5] == MADE_BY_MACOS)
		m->mode = le32(p + 38) >> 16;
	entry->packed = le32(p + 20);
	entry->offset = le32(p + 42);
	*at += CENTRAL_SIZE + names;
	if (read_extras((struct bytes){ p + CENTRAL_SIZE + m->name.len, le16(p + 30) }, &extras, err) ||
	    check_flags(m, &extras, err) || check_unicode_path(m->name, extras.unicode_path, err))
		return -1;
	if (!widen(&m->size, &extras.zip64) || !widen(&entry->packed, &extras.zip64) ||
	    !widen(&entry->offset, &extras.zip64))
		return err_set(err, "impossible 64-bit size or offset");
	if (le16(p + 34) != 0 && le16(p + 34) != UINT16_MAX)
		return err_set(err, "lies on another disk of a split zip");
	if ((m->flags & FLAG_UTF8) && !text_is_utf8(m->name))
		return err_set(err, "name is marked as UTF-8 and is not");
	return check_sizes(reading, entry, err);
}

/* Whether a data descriptor (APPNOTE 4.3.9) with these widths begins at p and agrees with the directory. */
static bool descriptor_agrees(const uint8_t *p, bool wide, const struct entry *entry)
{
	uint64_t packed = wide ? le64(p + 4) : le32(p + 4);
	uint64_t size = wide ? le64(p + 12) : le32(p + 8);

	return le32(p) == entry->member.crc && packed == entry->packed && size == entry->member.size;
}

/* Moves entry->end behind the descriptor, which comes with or without signature, in 32 or 64 bits. */
static int read_descriptor(const struct reading *reading, struct entry *entry, struct err *err)
{
	uint64_t room = reading->end.directory - entry->end;
	const uint8_t *p = reading->zip.ptr + entry->end;

	for (int form = 0; form < 4; form++) {
		bool wide = form & 1;
		uint64_t lead = form & 2 ? 0 : 4;
		uint64_t size = lead + (wide ? 20 : 12);

		if (room < size || (lead && le32(p) != DESCRIPTOR_SIG))
			continue;
		if (descriptor_agrees(p + lead, wide, entry)) {
			entry->end += size;
			return 0;
		}
	}
	return err_set(err, "data descriptor disagrees with the central directory, or is missing");
}

/* With a descriptor announced the local CRC and sizes may be left zero; else they must agree. */
static int check_local_sizes(const uint8_t *p, struct bytes extra, bool descriptor, const struct entry *entry,
			     struct err *err)
{
	uint64_t size = le32(p + 22);
	uint64_t packed = le32(p + 18);
	uint32_t crc = le32(p + 14);
	struct extras extras;

	if (read_extras(extra, &extras, err) ||
	    check_unicode_path(entry->member.name, extras.unicode_path, err))
		return -1;
	if (!widen(&size, &extras.zip64) || !widen(&packed, &extras.zip64))
		return err_set(err, "impossible 64-bit size in its local header");
	if (crc != entry->member.crc && !(descriptor && crc == 0))
		return err_set(err, "local header and central directory disagree about the CRC");
	if ((size != entry->member.size && !(descriptor && size == 0)) ||
	    (packed != entry->packed && !(descriptor && packed == 0)))
		return err_set(err, "local header and central directory disagree about its size");
	return 0;
}

static int read_local(const struct reading *reading, struct entry *entry, struct err *err)
{
	uint64_t limit = reading->end.directory;
	const uint8_t *p = reading->zip.ptr + entry->offset;
	struct zip_member *m = &entry->member;
	bool descriptor;
	size_t extra;

	if (entry->offset > limit || limit - entry->offset < LOCAL_SIZE || le32(p) != LOCAL_SIG)
		return err_set(err, "no local header where the central directory says");
	extra = le16(p + 28);
	if (limit - entry->offset - LOCAL_SIZE < le16(p + 26) + extra)
		return err_set(err, "local header runs into the central directory");
	if (!str_eq(m->name, str_at(reading->zip, entry->offset + LOCAL_SIZE, le16(p + 26))))
		return err_set(err, "local header gives it another name");
	if (le16(p + 8) != m->method)
		return err_set(err,
			       "local header and central directory disagree about the compression method");
	if (le16(p + 6) & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED | FLAG_PATCH))
		return err_set(err, "local header says that it is encrypted, the central directory does not");
	if (((le16(p + 6) ^ m->flags) & FLAG_UTF8) && !text_is_ascii(m->name))
		return err_set(err, "local header and central directory disagree whether its name is UTF-8");
	descriptor = le16(p + 6) & FLAG_DESCRIPTOR;
	if (check_local_sizes(p, (struct bytes){ p + LOCAL_SIZE + m->name.len, extra }, descriptor, entry,
			      err))
		return -1;
	entry->end = entry->offset + LOCAL_SIZE + m->name.len + extra;
	if (limit - entry->end < entry->packed)
		return err_set(err, "data runs into the central directory");
	m->data = (struct bytes){ reading->zip.ptr + entry->end, (size_t)entry->packed };
	entry->end += entry->packed;
	return descriptor ? read_descriptor(reading, entry, err) : 0;
}

static int read_entries(struct reading *reading, struct err *err)
{
	uint64_t at = reading->end.directory;

	for (uint64_t i = 0; i < reading->end.count; i++) {
		struct entry *entry = &reading->entries[i];

		if (read_central(reading, &at, entry, err) || read_local(reading, entry, err))
			return entry->member.name.len ? err_in(err, entry->member.name) : -1;
	}
	if (at != reading->end.directory_end)
		return err_set(err, "central directory is longer than its %" PRIu64 " announced entries",
			       reading->end.count);
	return 0;
}

static int by_offset(const void *left, const void *right)
{
	const struct entry *a = *(const struct entry *const *)left;
	const struct entry *b = *(const struct entry *const *)right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Refuses members that share bytes (overlap bombs), and notes bytes that no member owns. */
static int check_layout(const struct reading *reading, struct arena *arena, struct str name,
			struct notes *notes, struct err *err)
{
	size_t count = (size_t)reading->end.count;
	const struct entry **order = arena_array(arena, const struct entry *, count);
	uint64_t hidden = 0;
	bool sorted = true;

	for (size_t i = 0; i < count; i++) {
		order[i] = &reading->entries[i];
		sorted = sorted && (i == 0 || order[i - 1]->offset < order[i]->offset);
	}
	if (!sorted)
		qsort(order, count, sizeof(const struct entry *), by_offset);
	for (size_t i = 0; i < count; i++) {
		uint64_t next = i + 1 < count ? order[i + 1]->offset : reading->end.directory;

		if (order[i]->end > next) {
			(void)err_set(err, "overlaps another member, as zip bombs do");
			return err_in(err, order[i]->member.name);
		}
		hidden += next - order[i]->end;
	}
	if (order[0]->offset)
		note_add(notes, arena, CODE_ZIP_PREFIX, name, STR(""),
			 "%" PRIu64 " bytes in front of the zip are left out", order[0]->offset);
	if (hidden)
		note_add(notes, arena, CODE_ZIP_HIDDEN, name, STR(""),
			 "%" PRIu64
			 " bytes between members, which the central directory does not list, are left out",
			 hidden);
	return 0;
}

int zip_index_read(struct bytes zip, struct str name, uint64_t max_unpacked, struct arena *arena,
		   struct notes *notes, struct zip_index *out, struct err *err)
{
	struct reading reading = { .zip = zip, .max_unpacked = max_unpacked };
	size_t count;

	if (zip_end_read(zip, &reading.end, err))
		return -1;
	if (reading.end.count == 0)
		return err_set(err, "the zip is empty, and Lambda refuses empty ones");
	if (reading.end.count > (reading.end.directory_end - reading.end.directory) / CENTRAL_SIZE)
		return err_set(err, "announces %" PRIu64 " members, more than its central directory can hold",
			       reading.end.count);
	count = (size_t)reading.end.count;
	reading.entries = arena_array(arena, struct entry, count);
	if (read_entries(&reading, err) || check_layout(&reading, arena, name, notes, err))
		return -1;
	out->count = count;
	out->at = arena_array(arena, struct zip_member, count);
	for (size_t i = 0; i < count; i++)
		out->at[i] = reading.entries[i].member;
	return 0;
}
