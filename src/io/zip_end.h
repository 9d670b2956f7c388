/*
 * The end of a zip: where its central directory lies (APPNOTE 4.3.14 to 4.3.16). Readers that search for
 * it disagree on doubtful files, so exactly one answer must be possible.
 */
#ifndef SLIM_IO_ZIP_END_H
#define SLIM_IO_ZIP_END_H

#include "base/err.h"

struct zip_end {
	uint64_t directory; /* offset of the central directory */
	uint64_t directory_end;
	uint64_t count; /* entries announced */
};

/* directory <= directory_end <= zip.len holds on success; the entries themselves are not looked at. */
int zip_end_read(struct bytes zip, struct zip_end *out, struct err *err);

/* Whether the bytes begin or end as a zip does; says which reader to use, not that it is sound. */
bool zip_looks_like(struct bytes head, struct bytes tail);

#endif
