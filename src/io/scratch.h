/*
 * One thread's working memory for contents: a buffer that is used again and again and a
 * decompressor. It holds one content at a time, so that peak memory follows the largest
 * member, not the package. Never shared between threads.
 */
#ifndef SLIM_IO_SCRATCH_H
#define SLIM_IO_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

struct libdeflate_decompressor;

/* All zero is empty. */
struct scratch {
	uint8_t *at;
	size_t cap;
	struct libdeflate_decompressor *inflater;
};

/* At least size bytes, contents undefined; what was there before is gone. Ends the process out of memory. */
uint8_t *scratch_reserve(struct scratch *scratch, size_t size);
struct libdeflate_decompressor *scratch_inflater(struct scratch *scratch);
void scratch_free(struct scratch *scratch);

#endif
