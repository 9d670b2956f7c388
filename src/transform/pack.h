/*
 * Compression of one content for a zip, with libdeflate. Bytes in, bytes out: the result
 * depends on the content, the level and the library's version, never on threads or time.
 */
#ifndef SLIM_TRANSFORM_PACK_H
#define SLIM_TRANSFORM_PACK_H

#include "base/str.h"

struct libdeflate_compressor;

enum { PACK_LEVEL_MAX = 12 };

/* One thread's compressors, each made when first used. All zero is empty. */
struct packer {
	struct libdeflate_compressor *deflaters[PACK_LEVEL_MAX + 1]; /* by level */
	uint8_t *at;						     /* working memory, reused */
	size_t cap;
};

/*
 * Deflates content at `level` (1 to 12). The result lies in the packer until its next use; where
 * deflate does not make it smaller the result is the content itself and *method 0, else 8.
 */
struct bytes pack_content(struct packer *packer, int level, struct bytes content, uint16_t *method);
/* The deflate stream in any case, be it larger than the content, which is not empty. Lies in the packer as
 * well. */
struct bytes pack_stream(struct packer *packer, int level, struct bytes content);
uint32_t pack_crc32(struct bytes content);
void packer_free(struct packer *packer);

#endif
