/*
 * Stripping of hostile files, in both modes. Whatever is planned can be written, passes its own check, is
 * smaller, does not depend on what lay in the buffer, and leaves nothing for a second pass.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "transform/strip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool truth)
{
	if (!truth)
		abort();
}

static uint8_t *emit(const struct strip_plan *plan, struct bytes elf, int rubbish)
{
	uint8_t *out = malloc(plan->size);

	demand(out != NULL);
	memset(out, rubbish, plan->size);
	demand(strip_emit(plan, elf, out));
	return out;
}

static void try_mode(struct bytes elf, enum strip_mode mode)
{
	struct arena arena = { 0 };
	struct strip_plan plan = strip_plan(elf, mode, &arena);

	demand((plan.verdict == STRIP_NOT_ELF) == !strip_is_elf(elf));
	demand((plan.verdict == STRIP_REFUSED || plan.verdict == STRIP_BROKEN) == (plan.why[0] != '\0'));
	if (plan.verdict == STRIP_CAN) {
		uint8_t *out = emit(&plan, elf, 0xaa);
		uint8_t *twin = emit(&plan, elf, 0x55);

		demand(plan.size < elf.len);
		demand(memcmp(out, twin, plan.size) == 0);
		demand(strip_plan((struct bytes){ out, plan.size }, mode, &arena).verdict != STRIP_CAN);
		free(out);
		free(twin);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes elf = { data, size };

	try_mode(elf, STRIP_AUTO);
	try_mode(elf, STRIP_DEBUG);
	return 0;
}
