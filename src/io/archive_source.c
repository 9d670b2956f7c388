#define _GNU_SOURCE /* uselocale */
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "io/archive_handle.h"
#include "io/decompress.h"
#include "io/guess.h"
#include "io/mapping.h"
#include "io/source.h"
#include "io/spool.h"

enum { MEMBERS_MAX = 1000000, BLOCK_SIZE = 1 << 18 };
/* A tar ends in blocks of zeros; behind the last member there is padding of less than one block. */
enum { TAR_BLOCK = 512 };

/* Where a content lies in the spool. */
struct slice {
	uint64_t at;
	uint64_t len;
};

struct archive_source {
	struct source source; /* first: the two convert into each other */
	struct bytes map;     /* all contents, one behind the other */
	struct slice *slices; /* by member */
};

/* What is needed while the archive is read, once, from its beginning to its end. */
struct reading {
	struct archive *archive;
	struct decompress stream; /* that it is read from, where it is compressed */
	struct listing *listing;
	struct spool spool;
	struct arena scratch;
	VEC(struct slice) slices;
	struct map files; /* path -> place in the listing: what hard links name */
	uint64_t max_unpacked;
};

/* --- contents -------------------------------------------------------------------------------- */

static int archive_content(struct source *source, uint32_t member, struct scratch *scratch, struct bytes *out,
			   struct err *err)
{
	const struct archive_source *self = (const struct archive_source *)source;
	const struct slice *slice = &self->slices[member];

	(void)scratch;
	(void)err;
	*out = (struct bytes){ self->map.ptr + slice->at, (size_t)slice->len };
	return 0;
}

static void archive_close_source(struct source *source)
{
	struct archive_source *self = (struct archive_source *)source;

	mapping_close(self->map);
	free(self);
}

static const struct source_ops archive_ops = { .content = archive_content, .close = archive_close_source };

/* --- what libarchive says -------------------------------------------------------------------- */

/* Fails with the words of whoever failed first. */
static int fail(const struct reading *reading, const char *what, struct err *err)
{
	return reading->stream.failed ? decompress_fail(&reading->stream, err)
				      : archive_fail(reading->archive, what, err);
}

/*
 * A warning of libarchive's mostly means that it lost something. The one that does not: a name could not be
 * converted to the locale, of which there is none here; the raw bytes are there.
 */
static bool is_harmless(const struct archive *archive)
{
	/* It only reads, but its parameter is not const before 3.7. */
	const char *why = archive_error_string((struct archive *)(uintptr_t)archive);

	return why && strstr(why, "converted from") && strstr(why, "to current locale");
}

static int too_big(const struct reading *reading, struct err *err)
{
	char size[TEXT_SIZE_MAX];

	text_size(size, reading->max_unpacked);
	return err_set(err, "the package unpacks to more than %s; raise --max-unpacked if that is right",
		       size);
}

/*
 * Not zip: one that the own index refused gets no second opinion. Not the formats in which nobody packs a
 * function. And no filters, which are io/decompress.h's.
 */
static int support(struct archive *archive)
{
	return archive_read_support_format_tar(archive) == ARCHIVE_OK &&
			       archive_read_support_format_cpio(archive) == ARCHIVE_OK &&
			       archive_read_support_format_7zip(archive) == ARCHIVE_OK
		       ? 0
		       : -1;
}

/* --- one member ------------------------------------------------------------------------------ */

/* Goes to a place in the current content and makes sure that `size` bytes may be written there. */
static int seek(struct reading *reading, const struct slice *slice, la_int64_t offset, size_t size,
		struct err *err)
{
	uint64_t room = reading->max_unpacked - slice->at;

	if (offset < 0 || (uint64_t)offset < reading->spool.len - slice->at)
		return err_set(err, "its parts overlap");
	if ((uint64_t)offset > room || size > room - (uint64_t)offset)
		return too_big(reading, err);
	spool_skip_to(&reading->spool, slice->at + (uint64_t)offset);
	return 0;
}

/* Reads the data of the current entry into the spool. Holes stay holes. */
static int spool_data(struct reading *reading, struct slice *slice, struct err *err)
{
	struct spool *spool = &reading->spool;
	const void *at;
	size_t size;
	la_int64_t offset = 0;
	int status;

	*slice = (struct slice){ .at = spool->len };
	while ((status = archive_read_data_block(reading->archive, &at, &size, &offset)) == ARCHIVE_OK)
		if (seek(reading, slice, offset, size, err) || spool_write(spool, at, size, err))
			return -1;
	if (status != ARCHIVE_EOF)
		return fail(reading, "damaged or cut short", err);
	/* The end may lie behind a last hole. */
	if (seek(reading, slice, offset, 0, err))
		return -1;
	slice->len = spool->len - slice->at;
	return 0;
}

/* Spools the content of a regular file and checks its size against the header. */
static int read_content(struct reading *reading, struct archive_entry *entry, struct slice *slice,
			struct err *err)
{
	uint64_t size = (uint64_t)archive_entry_size(entry);

	if (archive_entry_is_encrypted(entry))
		return err_set(err, "is encrypted");
	if (archive_entry_size_is_set(entry) && size > reading->max_unpacked - reading->spool.len)
		return too_big(reading, err);
	if (spool_data(reading, slice, err))
		return -1;
	if (archive_entry_size_is_set(entry) && slice->len != size)
		return err_set(err, "has %" PRIu64 " bytes, but its header says %" PRIu64, slice->len, size);
	return 0;
}

/* "./a" is how tar spells the members of ".". */
static struct str without_dot(struct str name)
{
	while (str_starts(name, STR("./"))) {
		name = str_from(name, 2);
		while (str_starts(name, STR("/")))
			name = str_from(name, 1);
	}
	return name;
}

/* Adds to the listing, and remembers the path for hard links that name it later. */
static int add(struct reading *reading, const struct listing_entry *entry, struct err *err)
{
	struct listing *listing = reading->listing;
	size_t before = listing->files.len;

	if (listing_add(listing, entry, err))
		return -1;
	if (listing->files.len > before)
		*map_put(&reading->scratch, &reading->files, listing->files.at[before].path, NULL) =
			(uint32_t)before;
	return 0;
}

/* Whether two slices of the spool hold the same bytes. */
static int same_content(struct reading *reading, const struct slice *a, const struct slice *b, bool *same,
			struct err *err)
{
	struct bytes map;

	*same = a->len == b->len;
	if (!*same || a->len == 0)
		return 0;
	if (spool_map(&reading->spool, &map, err))
		return -1;
	*same = memcmp(map.ptr + a->at, map.ptr + b->at, (size_t)a->len) == 0;
	mapping_close(map);
	return 0;
}

/*
 * A hard link is one more name of a file that came before. cpio puts the content behind the last of the
 * names, tar behind the first; where a second content comes, it must be the same.
 */
static int read_hard_link(struct reading *reading, struct archive_entry *entry, struct str target_name,
			  struct listing_entry *link, struct err *err)
{
	const uint32_t *found = map_get(&reading->files, without_dot(target_name));
	const struct file *target = found ? &reading->listing->files.at[*found] : NULL;
	char text[TEXT_NAME_MAX];
	struct slice body;
	struct slice *slice;
	bool same = true;

	text_name(text, target_name);
	if (!target || target->kind == FILE_DIR)
		return err_set(err, "hard link to %s, which is no file that comes before it", text);
	link->kind = target->kind;
	link->target = target->target;
	link->exec = target->exec;
	link->member = target->member;
	link->size = target->size;
	if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) == 0 ||
	    target->kind != FILE_REGULAR)
		return 0;
	if (read_content(reading, entry, &body, err))
		return -1;
	slice = &reading->slices.at[target->member];
	if (slice->len == 0)
		*slice = body;
	else if (same_content(reading, slice, &body, &same, err))
		return -1;
	return same ? 0 : err_set(err, "hard link to %s with another content", text);
}

static int read_plain(struct reading *reading, struct archive_entry *entry, struct listing_entry *to,
		      struct err *err)
{
	const char *target = archive_entry_symlink(entry);
	struct slice slice = { 0 };
	int failed = 0;

	to->member = (uint32_t)reading->slices.len;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		to->exec = archive_entry_perm(entry) & 0111;
		to->special_mode = archive_entry_perm(entry) & 07000;
		failed = read_content(reading, entry, &slice, err);
		break;
	case AE_IFDIR:
		to->kind = FILE_DIR;
		to->size = archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : 0;
		break;
	case AE_IFLNK:
		to->kind = FILE_SYMLINK;
		to->target = str_of(target);
		to->size = to->target.len;
		break;
	default:
		return err_set(err,
			       "device, socket or pipe; only files, directories and symbolic links can be "
			       "deployed");
	}
	if (!failed)
		*vec_push(reading->listing->arena, &reading->slices) = slice;
	return failed;
}

static int read_member(struct reading *reading, struct archive_entry *entry, struct err *err)
{
	struct str name = str_of(archive_entry_pathname(entry));
	const char *hard = archive_entry_hardlink(entry);
	struct listing_entry to = { .name = without_dot(name) };
	int failed;

	if (!archive_entry_pathname(entry))
		return err_set(err, "a member has a name that cannot be read");
	/* The directory that was packed, which is the root of the tree. */
	if (archive_entry_filetype(entry) == AE_IFDIR && (to.name.len == 0 || str_eq(to.name, STR("."))))
		return 0;
	failed = hard ? read_hard_link(reading, entry, str_of(hard), &to, err)
		      : read_plain(reading, entry, &to, err);
	return failed ? err_in(err, name) : add(reading, &to, err);
}

/* --- the archive ----------------------------------------------------------------------------- */

/* Not an archive at all: says what it may be instead. */
static int fail_unknown(struct bytes head, struct err *err)
{
	static const char not_one[] =
		"is not a zip, wheel, tar (any compression), cpio or 7z archive, nor a directory";
	const char *kind = guess_kind(head);

	if (head.len == 0)
		return err_set(err, "is an empty file");
	if (kind)
		return err_set(err, "%s; it looks like %s", not_one, kind);
	if (head.len < 4)
		return err_set(err, "%s; it has only %zu bytes", not_one, head.len);
	return err_set(err, "%s; it starts with %02x %02x %02x %02x", not_one, head.ptr[0], head.ptr[1],
		       head.ptr[2], head.ptr[3]);
}

static int fail_archive(struct reading *reading, struct bytes head, struct err *err)
{
	if (!reading->stream.failed && archive_is_unknown(reading->archive))
		return fail_unknown(head, err);
	return fail(reading, "is damaged or cut short", err);
}

/* The next entry: 1, 0 at the end, or -1. */
static int next(struct reading *reading, struct archive_entry **entry, struct bytes head, struct err *err)
{
	struct archive *archive = reading->archive;
	int64_t before = archive_filter_bytes(archive, 0);
	int status = archive_read_next_header(archive, entry);
	bool is_tar = (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;

	if (status == ARCHIVE_OK || (status == ARCHIVE_WARN && is_harmless(archive)))
		return 1;
	if (status != ARCHIVE_EOF)
		return fail_archive(reading, head, err);
	if (is_tar && archive_filter_bytes(archive, 0) - before < TAR_BLOCK)
		return err_set(err, "is cut short: the tar has no end mark; build or download it again");
	return 0;
}

static int read_all(struct reading *reading, struct bytes head, struct err *err)
{
	struct archive_entry *entry;
	int count = 0;
	int more;

	while ((more = next(reading, &entry, head, err)) > 0) {
		if (++count > MEMBERS_MAX)
			return err_set(err, "holds more than %d members", MEMBERS_MAX);
		if (read_member(reading, entry, err))
			return -1;
	}
	return more;
}

/* Sizes are known for sure only now: a hard link may have brought the content of earlier names. */
static int settle_sizes(struct reading *reading, struct err *err)
{
	uint64_t left = reading->max_unpacked;

	for (size_t i = 0; i < reading->listing->files.len; i++) {
		struct file *file = &reading->listing->files.at[i];

		if (file->kind != FILE_REGULAR)
			continue;
		file->size = reading->slices.at[file->member].len;
		if (file->size > left)
			return too_big(reading, err);
		left -= file->size;
	}
	return 0;
}

/*
 * In the C locale libarchive leaves the names of tar and cpio as they are. 7z keeps them in UTF-16, which
 * must become something: UTF-8, in the composed form that libarchive makes of it.
 */
static const char *locale_for(struct bytes head)
{
	static const char magic[6] = { '7', 'z', '\xbc', '\xaf', '\x27', '\x1c' };

	return head.len >= sizeof(magic) && memcmp(head.ptr, magic, sizeof(magic)) == 0 ? "C.UTF-8" : "C";
}

static int read_archive(struct reading *reading, int fd, struct err *err)
{
	struct decompress *stream = &reading->stream;
	uint8_t first[GUESS_HEAD];
	ssize_t n = pread(fd, first, sizeof(first), 0);
	struct bytes head = { first, n > 0 ? (size_t)n : 0 };
	TONGUE_AUTO struct tongue tongue = tongue_set(locale_for(head));
	ARCHIVE_AUTO struct archive *archive = archive_read_new();
	int status;

	if (n < 0)
		return err_errno(err, errno, "cannot be read");
	if (!archive || support(archive))
		return err_set(err, "out of memory");
	reading->archive = archive;
	if (decompress_open(stream, fd, reading->max_unpacked, &reading->scratch, err))
		return -1;
	status = stream->archive ? decompress_feed(stream, archive)
				 : archive_read_open_fd(archive, fd, BLOCK_SIZE);
	if (status != ARCHIVE_OK)
		return fail_archive(reading, head, err);
	if (read_all(reading, head, err) || (stream->archive && decompress_finish(stream, err)) ||
	    settle_sizes(reading, err) || listing_finish(reading->listing, err))
		return -1;
	return reading->listing->files.len ? 0 : err_set(err, "is an archive with nothing in it");
}

int archive_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
			struct listing *listing, struct err *err)
{
	struct archive_source *self = calloc(1, sizeof(*self));
	struct reading reading = { .listing = listing, .max_unpacked = limits->max_unpacked, .spool.fd = -1 };
	int failed;

	if (!self) {
		(void)close(fd);
		return err_set(err, "out of memory");
	}
	*self = (struct archive_source){ .source = { .ops = &archive_ops, .name = name } };
	failed = spool_open(&reading.spool, err) || read_archive(&reading, fd, err) ||
		 spool_map(&reading.spool, &self->map, err);
	(void)close(fd);
	decompress_close(&reading.stream);
	spool_close(&reading.spool);
	arena_free(&reading.scratch);
	if (failed) {
		free(self);
		return err_in(err, name);
	}
	self->slices = reading.slices.at;
	*out = &self->source;
	return 0;
}
