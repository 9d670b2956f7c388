#include "io/zip_end.h"

#include <inttypes.h>
#include <string.h>

#include "io/le.h"

enum { END_SIG = 0x06054b50, END64_SIG = 0x06064b50, LOCATOR_SIG = 0x07064b50 };
enum { END_SIZE = 22, END64_SIZE = 56, LOCATOR_SIZE = 20, COMMENT_MAX = 65535 };

static bool is_end_at(struct bytes zip, uint64_t at)
{
	return zip.len - at >= END_SIZE && le32(zip.ptr + at) == END_SIG;
}

/*
 * The one end record whose comment fills the rest. Any other that does, or a signature inside that
 * comment, would be another reader's end record.
 */
static int find_end(struct bytes zip, uint64_t *at, struct err *err)
{
	uint64_t lowest = zip.len > END_SIZE + COMMENT_MAX ? zip.len - END_SIZE - COMMENT_MAX : 0;
	uint64_t matches = 0;
	uint64_t strays = 0;

	for (uint64_t i = zip.len >= END_SIZE ? zip.len - END_SIZE + 1 : 0; i-- > lowest;) {
		if (!is_end_at(zip, i))
			continue;
		if (le16(zip.ptr + i + 20) == zip.len - i - END_SIZE) {
			matches++;
			*at = i;
		} else if (matches == 0) {
			strays++;
		}
	}
	if (matches == 1 && strays == 0)
		return 0;
	if (matches)
		return err_set(
			err, "has more than one end-of-central-directory record: readers would see different "
			     "packages");
	if (strays)
		return err_set(err, "has data behind the end of the zip, or its comment is cut short");
	return err_set(err,
		       "is cut short or not a zip: no end-of-central-directory record; build or download it "
		       "again");
}

/* What the end record says, widened by its zip64 twin where there is one. */
struct claims {
	uint64_t directory;
	uint64_t size;
	uint64_t count;
	uint64_t begins; /* where the end records begin: the directory must end there */
};

/* A 32-bit claim is either saturated or equal to its 64-bit twin. */
static bool twins(uint64_t narrow, uint64_t saturated, uint64_t wide)
{
	return narrow == saturated || narrow == wide;
}

static int read_end64(struct bytes zip, uint64_t end, struct claims *claims, struct err *err)
{
	const uint8_t *narrow = zip.ptr + end;
	const uint8_t *locator = narrow - LOCATOR_SIZE;
	uint64_t at = le64(locator + 8);
	const uint8_t *p;
	struct claims wide;

	if (at > end - LOCATOR_SIZE || end - LOCATOR_SIZE - at < END64_SIZE ||
	    le32(zip.ptr + at) != END64_SIG)
		return err_set(err, "zip64 end record is not where its locator says");
	p = zip.ptr + at;
	if (le64(p + 4) != end - LOCATOR_SIZE - at - 12)
		return err_set(err, "zip64 end record has the wrong size");
	if (le32(locator + 4) != 0 || le32(locator + 16) > 1 || le32(p + 16) != 0 || le32(p + 20) != 0 ||
	    le64(p + 24) != le64(p + 32) || !twins(le16(narrow + 4), UINT16_MAX, 0) ||
	    !twins(le16(narrow + 6), UINT16_MAX, 0) || !twins(le16(narrow + 8), UINT16_MAX, le64(p + 24)))
		return err_set(err, "is one part of a split zip; join the parts first");
	wide = (struct claims){
		.directory = le64(p + 48), .size = le64(p + 40), .count = le64(p + 32), .begins = at
	};
	if (!twins(claims->directory, UINT32_MAX, wide.directory) ||
	    !twins(claims->size, UINT32_MAX, wide.size) || !twins(claims->count, UINT16_MAX, wide.count))
		return err_set(err, "its two end records disagree");
	*claims = wide;
	return 0;
}

int zip_end_read(struct bytes zip, struct zip_end *out, struct err *err)
{
	uint64_t end = 0;
	struct claims claims;
	const uint8_t *p;

	if (find_end(zip, &end, err))
		return -1;
	p = zip.ptr + end;
	claims = (struct claims){
		.directory = le32(p + 16), .size = le32(p + 12), .count = le16(p + 10), .begins = end
	};
	if (end >= LOCATOR_SIZE && le32(p - LOCATOR_SIZE) == LOCATOR_SIG) {
		if (read_end64(zip, end, &claims, err))
			return -1;
	} else if (le16(p + 4) != 0 || le16(p + 6) != 0 || le16(p + 8) != le16(p + 10)) {
		return err_set(
			err,
			"is one part of a split zip, or its end record is damaged; join the parts first");
	}
	if (claims.size > claims.begins)
		return err_set(err, "central directory is larger than the file");
	if (claims.directory != claims.begins - claims.size)
		return err_set(err,
			       "central directory is not where the end record says (%" PRIu64 ", not %" PRIu64
			       "); where something was put in front of the zip, `zip -A` mends it",
			       claims.begins - claims.size, claims.directory);
	*out = (struct zip_end){
		.directory = claims.directory,
		.directory_end = claims.begins,
		.count = claims.count,
	};
	return 0;
}

bool zip_looks_like(struct bytes head, struct bytes tail)
{
	if (head.len >= 4 && head.ptr[0] == 'P' && head.ptr[1] == 'K' &&
	    ((head.ptr[2] == 3 && head.ptr[3] == 4) || (head.ptr[2] == 5 && head.ptr[3] == 6) ||
	     (head.ptr[2] == 7 && head.ptr[3] == 8)))
		return true;
	for (size_t i = tail.len >= END_SIZE ? tail.len - END_SIZE + 1 : 0; i-- > 0;)
		if (is_end_at(tail, i) && le16(tail.ptr + i + 20) == tail.len - i - END_SIZE)
			return true;
	return false;
}
