/*
 * The zip writer: minimal headers, nothing that differs between two runs. It knows sizes and
 * CRCs before it starts, so there are no data descriptors; it compresses nothing itself.
 * Exactly 76 + 2 x name bytes for each entry beside its data, and 22 at the end (more only for zip64).
 */
#ifndef SLIM_IO_ZIP_WRITE_H
#define SLIM_IO_ZIP_WRITE_H

#include "base/err.h"
#include "base/str.h"
#include "io/out.h"

struct zip_entry {
	struct str name;   /* directories end in '/' */
	struct bytes data; /* compressed by `method` */
	uint64_t size;	   /* of the content */
	uint32_t crc;
	uint16_t method; /* 0 or 8 */
	uint32_t mode;	 /* 0100644, 0100755, 0120777 or 040755 */
};

/* Size of the zip that zip_write() would write. */
uint64_t zip_write_size(const struct zip_entry *entries, size_t count);
/* Writes the entries in the order given; the caller sorted them. */
int zip_write(struct out *out, const struct zip_entry *entries, size_t count, struct err *err);

#endif
