#include "io/scratch.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "base/arena.h"

enum { SCRATCH_MIN = 1 << 16 };

uint8_t *scratch_reserve(struct scratch *scratch, size_t size)
{
	/* Half as much again: a run of ever larger members moves the buffer a few times, not each time. */
	size_t more = scratch->cap + scratch->cap / 2;

	if (size <= scratch->cap && scratch->at)
		return scratch->at;
	size = size < SCRATCH_MIN ? SCRATCH_MIN : size;
	/* Not realloc: what was there is gone by contract, so nothing need be copied. */
	free(scratch->at);
	scratch->cap = size > more ? size : more;
	scratch->at = malloc(scratch->cap);
	if (!scratch->at)
		arena_out_of_memory();
	return scratch->at;
}

struct libdeflate_decompressor *scratch_inflater(struct scratch *scratch)
{
	if (!scratch->inflater)
		scratch->inflater = libdeflate_alloc_decompressor();
	if (!scratch->inflater)
		arena_out_of_memory();
	return scratch->inflater;
}

void scratch_free(struct scratch *scratch)
{
	free(scratch->at);
	if (scratch->inflater)
		libdeflate_free_decompressor(scratch->inflater);
	*scratch = (struct scratch){ 0 };
}
