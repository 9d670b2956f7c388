/*
 * A compressed file as the stream that an archive is read from: gzip, bzip2, xz, lzma, lzip, Zstandard,
 * lz4, compress. It is read to its very end, where the checksums are, also where the archive in
 * it ends before; and gzip's are looked at, which libarchive reads past. It keeps nothing.
 */
#ifndef SLIM_IO_DECOMPRESS_H
#define SLIM_IO_DECOMPRESS_H

#include <archive.h>

#include "base/err.h"
#include "io/gzip.h"

/* All zero is closed. */
struct decompress {
	struct archive *archive; /* knows filters and no format; NULL where the file is not compressed */
	struct bytes map;	 /* of the file as it is */
	uint64_t left;		 /* bytes that may still come out */
	bool failed;		 /* reading it did: its words say more than those of who reads from it */
	bool is_gzip;
	struct gzip_check check;
};

/*
 * Leaves it closed, and succeeds, where the file is not compressed. max_unpacked bounds the contents; what
 * comes out is more by the archive's headers. fd stays the caller's.
 */
int decompress_open(struct decompress *stream, int fd, uint64_t max_unpacked, struct arena *arena,
		    struct err *err);
/* Opens `archive` on what comes out; libarchive's status. */
int decompress_feed(struct decompress *stream, struct archive *archive);
/* Fails with what went wrong. */
int decompress_fail(const struct decompress *stream, struct err *err);
/* Reads what the archive left unread, and compares the checksums. */
int decompress_finish(struct decompress *stream, struct err *err);
void decompress_close(struct decompress *stream);

#endif
