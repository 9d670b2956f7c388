#include "io/gzip.h"

#include <libdeflate.h>
#include <string.h>

#include "io/le.h"

enum { HEADER_SIZE = 10, TRAILER_SIZE = 8 };
enum { AT_METHOD = 2, AT_FLAGS = 3, AT_EXTRA_FLAGS = 8, AT_SYSTEM = 9 };
enum { METHOD_DEFLATE = 8, FLAGS_RESERVED = 0xe0, SYSTEMS = 14, SYSTEM_UNKNOWN = 255 };

/* A whole member's header, as strictly as those that are written. */
static bool is_header(const uint8_t *p)
{
	return p[0] == 0x1f && p[1] == 0x8b && p[AT_METHOD] == METHOD_DEFLATE &&
	       !(p[AT_FLAGS] & FLAGS_RESERVED) &&
	       (p[AT_EXTRA_FLAGS] == 0 || p[AT_EXTRA_FLAGS] == 2 || p[AT_EXTRA_FLAGS] == 4) &&
	       (p[AT_SYSTEM] < SYSTEMS || p[AT_SYSTEM] == SYSTEM_UNKNOWN);
}

static void add_trailer(struct gzip_check *check, struct bytes file, size_t end, struct arena *arena)
{
	const uint8_t *p = file.ptr + end - TRAILER_SIZE;

	*vec_push(arena, &check->trailers) = (struct gzip_trailer){ .crc = le32(p), .size = le32(p + 4) };
}

void gzip_check_begin(struct gzip_check *check, struct bytes file, struct arena *arena)
{
	size_t at = HEADER_SIZE + TRAILER_SIZE;

	while (at + HEADER_SIZE <= file.len) {
		const uint8_t *p = memchr(file.ptr + at, 0x1f, file.len - HEADER_SIZE - at + 1);

		if (!p)
			break;
		at = (size_t)(p - file.ptr);
		if (is_header(p))
			add_trailer(check, file, at, arena);
		at++;
	}
	if (file.len >= HEADER_SIZE + TRAILER_SIZE)
		add_trailer(check, file, file.len, arena);
	if (check->trailers.len)
		check->part_left = check->trailers.at[0].size;
}

/* Ends the members that are complete; empty ones have no bytes to be told of. */
static void end_parts(struct gzip_check *check)
{
	while (check->part_left == 0 && check->current < check->trailers.len) {
		if (check->part_crc != check->trailers.at[check->current].crc)
			check->parts_differ = true;
		check->part_crc = 0;
		if (++check->current < check->trailers.len)
			check->part_left = check->trailers.at[check->current].size;
	}
}

void gzip_check_feed(struct gzip_check *check, struct bytes out)
{
	check->total += out.len;
	check->crc = libdeflate_crc32(check->crc, out.ptr, out.len);
	while (out.len) {
		size_t n;

		end_parts(check);
		if (check->current == check->trailers.len) {
			check->parts_differ = true;
			return;
		}
		n = out.len < check->part_left ? out.len : (size_t)check->part_left;
		check->part_crc = libdeflate_crc32(check->part_crc, out.ptr, n);
		check->part_left -= n;
		out = (struct bytes){ out.ptr + n, out.len - n };
	}
}

bool gzip_check_end(const struct gzip_check *check)
{
	struct gzip_check last = *check;
	const struct gzip_trailer *trailer;

	if (check->trailers.len == 0)
		return false;
	trailer = &check->trailers.at[check->trailers.len - 1];
	if (check->crc == trailer->crc && (uint32_t)check->total == trailer->size)
		return true;
	end_parts(&last);
	return !last.parts_differ && last.current == last.trailers.len;
}
