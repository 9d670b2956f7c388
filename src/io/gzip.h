/*
 * gzip's own checksums (RFC 1952), which libarchive reads past: without them a damaged tar.gz
 * would pass for a sound one. It decompresses nothing; it is told what came out.
 */
#ifndef SLIM_IO_GZIP_H
#define SLIM_IO_GZIP_H

#include "base/str.h"
#include "base/vec.h"

/* Behind each member: CRC-32 and size, modulo 2^32, of what it unpacks to. */
struct gzip_trailer {
	uint32_t crc;
	uint32_t size;
};

/*
 * A gzip file is one member or several, one behind the other. Where one ends is only known for
 * sure to who decompresses, so the headers are searched for; as a header may also turn up by chance inside
 * compressed data, the file is good if the trailers match as found, or the last one matches alone.
 */
struct gzip_check {
	VEC(struct gzip_trailer) trailers;
	size_t current; /* trailer */
	uint64_t total;
	uint32_t crc;	    /* of all */
	uint32_t part_crc;  /* of the current member */
	uint64_t part_left; /* bytes until its trailer */
	bool parts_differ;
};

/* All zero before. */
void gzip_check_begin(struct gzip_check *check, struct bytes file, struct arena *arena);
/* The next bytes that came out. */
void gzip_check_feed(struct gzip_check *check, struct bytes out);
/* At the end: whether all of it is what was once compressed. */
bool gzip_check_end(const struct gzip_check *check);

#endif
