/*
 * The strict index of a zip: the central directory, checked against every local header and
 * against itself (APPNOTE 6.3.10). What it lets through, every reader reads alike; all else is
 * refused, for what slim analyses must be what AWS unpacks. It inflates nothing.
 */
#ifndef SLIM_IO_ZIP_INDEX_H
#define SLIM_IO_ZIP_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "model/note.h"

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

/* One central-directory entry; all of it proved to lie inside the mapping. */
struct zip_member {
	struct str name;   /* in the mapping, raw */
	struct bytes data; /* as compressed */
	uint64_t size;	   /* of the content */
	uint32_t crc;
	uint32_t mode; /* Unix st_mode; 0 where the maker was not Unix */
	uint16_t method;
	uint16_t flags;
};

struct zip_index {
	struct zip_member *at; /* in the order of the central directory */
	size_t count;
};

/*
 * Indexes the zip that fills `zip`. The members point into it. max_unpacked bounds the sum of
 * all sizes. Notes (a prefix that is left out, members that the directory does not list) go to notes,
 * with `name` as their path. Errors name the member, not the zip.
 */
int zip_index_read(struct bytes zip, struct str name, uint64_t max_unpacked, struct arena *arena,
		   struct notes *notes, struct zip_index *out, struct err *err);

#endif
