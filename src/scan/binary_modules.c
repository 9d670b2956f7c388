#include "scan/binary_modules.h"

#include "base/arena.h"
#include "scan/cython_strings.h"
#include "scan/elf_data.h"
#include "scan/module_names.h"

enum { LEAST_GLUED = 3 }; /* shorter names stand in every table */

static void see_parts(struct module_names *names, struct bytes elf, bool dotted)
{
	struct elf_data data = elf_data_begin(elf);
	struct str part;

	while (elf_data_next(&data, &part)) {
		if (dotted)
			module_names_dotted(names, part, false);
		module_names_delimited(names, part);
	}
}

static void see_table(struct module_names *names, const struct cython_strings *strings)
{
	if (strings->cut)
		module_names_delimited(names, strings->table);
	else
		module_names_anywhere(names, strings->table, LEAST_GLUED);
}

bool binary_modules(const struct modules *modules, uint32_t file, struct bytes elf, struct arena *scratch,
		    binary_sees *sees, void *ctx)
{
	struct module_names *names = arena_new(scratch, struct module_names);
	struct cython_strings strings = cython_strings(elf, scratch);

	module_names_init(names, modules, file, strings.cython, scratch, sees, ctx);
	see_parts(names, elf, true);
	if (!strings.cython)
		return true;
	if (strings.table.len) {
		module_names_dotted(names, strings.table, true);
		see_table(names, &strings);
	}
	/* `from a import b` leaves two names, without any order. */
	if (module_names_want_children(names)) {
		if (strings.table.len)
			see_table(names, &strings);
		else
			see_parts(names, elf, false);
	}
	return strings.found;
}
