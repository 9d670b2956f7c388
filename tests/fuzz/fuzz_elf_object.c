/*
 * What ELF files say of themselves, hostile ones. Lists keep their bounds, strings are there, a torn file
 * says why, a symbol that a hash table finds is also found by walking, and what strip calls broken is not
 * called sound.
 */
#include <stdint.h>
#include <stdlib.h>

#include "scan/elf_object.h"
#include "transform/strip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIST_MAX = 4096, STRING_MAX = 4096, WANTED_MAX = 16 };

static void demand(bool truth)
{
	if (!truth)
		abort();
}

static void demand_string(struct str s)
{
	volatile char byte;

	demand(s.len <= STRING_MAX);
	for (size_t i = 0; i < s.len; i++)
		byte = s.ptr[i];
	(void)byte;
}

static void demand_strings(const struct str *at, size_t len)
{
	demand(len <= LIST_MAX);
	for (size_t i = 0; i < len; i++)
		demand_string(at[i]);
}

static void demand_facts(const struct elf_object *object)
{
	demand_string(object->soname);
	demand_string(object->rpath);
	demand_string(object->runpath);
	demand_string(object->interpreter);
	demand_strings(object->needed.at, object->needed.len);
	demand_strings(object->auxiliary.at, object->auxiliary.len);
	demand_strings(object->filters.at, object->filters.len);
	demand_strings(object->defines.at, object->defines.len);
	demand(object->wants.len <= LIST_MAX && object->dlopens.len <= LIST_MAX);
	for (size_t i = 0; i < object->dlopens.len; i++) {
		demand_strings(object->dlopens.at[i].sonames, object->dlopens.at[i].count);
		demand_string(object->dlopens.at[i].priority);
	}
}

static void demand_symbols(struct bytes file, const struct elf_object *object, struct arena *arena)
{
	struct str names[WANTED_MAX];

	for (size_t i = 0; i < object->wants.len && i < WANTED_MAX; i++) {
		size_t found = elf_object_wanting(file, object->wants.at[i], names, WANTED_MAX, arena);

		demand_string(object->wants.at[i].file);
		demand_string(object->wants.at[i].name);
		demand(found <= WANTED_MAX);
		demand_strings(names, found);
	}
	demand(!elf_object_has_symbol(file, STR("PyInit_x")) || elf_object_has_prefix(file, STR("PyInit_")));
	demand(!elf_object_has_symbol(file, STR("answer")) || elf_object_has_prefix(file, STR("answer")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes file = { data, size };
	struct arena arena = { 0 };
	struct elf_object object;

	elf_object_read(file, &arena, &object);
	demand((object.form == ELF_NOT) == !strip_is_elf(file));
	demand(object.form != ELF_TORN || object.broken);
	demand(object.broken == NULL || object.form == ELF_TORN || object.form == ELF_SHARED ||
	       object.form == ELF_PROGRAM);
	if (object.form == ELF_SHARED && !object.broken)
		demand(strip_plan(file, STRIP_AUTO, &arena).verdict != STRIP_BROKEN);
	demand_facts(&object);
	demand_symbols(file, &object, &arena);
	arena_free(&arena);
	return 0;
}
