#include <string.h>

#include "scan/module_path.h"
#include "scan/modules.h"

enum { NO_PLACE = UINT32_MAX };

static const struct module_root *root_of(const struct modules *modules, uint32_t entry)
{
	return &modules->roots.at[modules->files.at[entry].root];
}

/* The first sure place that has files for the module, or `preferred` if that has. */
static uint32_t sure_place(const struct modules *modules, uint32_t module, uint32_t preferred)
{
	uint32_t place = NO_PLACE;

	for (uint32_t i = modules->list.at[module].first_file; i != NO_MODULE;
	     i = modules->files.at[i].next) {
		const struct module_root *root = root_of(modules, i);

		if (root->sure && root->place == preferred)
			return preferred;
		if (root->sure && place == NO_PLACE)
			place = root->place;
	}
	return place;
}

/* The place of the regular package around the module: Python looks only there, unless it extends __path__. */
static uint32_t package_place(const struct modules *modules, uint32_t module)
{
	uint32_t around[MODULE_PARTS];
	size_t count = 0;
	uint32_t place = NO_PLACE;

	for (uint32_t id = modules->list.at[module].parent; id != NO_MODULE; id = modules->list.at[id].parent)
		if (count < MODULE_PARTS && modules->list.at[id].first_file != NO_MODULE)
			around[count++] = id;
	while (count) {
		uint32_t next = sure_place(modules, around[--count], place);

		place = next == NO_PLACE ? place : next;
	}
	return place;
}

/* Whether Python loads the extension module, as far as its tag tells. */
static bool surely_loads(const struct modules *modules, uint32_t entry)
{
	struct module_path parsed;
	struct str path = modules->bundle->files.at[modules->files.at[entry].file].path;

	if (module_path_kind(modules->files.at[entry].rank) != MODULE_EXTENSION)
		return true;
	(void)module_path_parse(path, &parsed);
	return parsed.tag.len == 0 || str_eq(parsed.tag, STR("abi3")) || str_eq(parsed.tag, modules->tag);
}

struct picking {
	const struct modules *modules;
	uint32_t *out;
	size_t count;
};

/* Takes the files of one place, from its first on; returns what is behind them. */
static uint32_t take_place(struct picking *picking, uint32_t entry, bool take)
{
	const struct modules *modules = picking->modules;
	uint32_t place = root_of(modules, entry)->place;
	uint8_t rank = modules->files.at[entry].rank;
	bool loads = false;

	for (; entry != NO_MODULE && root_of(modules, entry)->place == place;
	     entry = modules->files.at[entry].next) {
		if (modules->files.at[entry].rank != rank && loads)
			take = false;
		rank = modules->files.at[entry].rank;
		if (take && picking->count < MODULE_PICKS)
			picking->out[picking->count++] = modules->files.at[entry].file;
		loads = loads || surely_loads(modules, entry);
	}
	return entry;
}

/* Whether the file lies in the directory that holds the root. */
static bool is_near(const struct modules *modules, const struct module_root *root, uint32_t from)
{
	struct str dir = str_dir(root->dir);
	const struct file *file;

	if (from == NO_FILE)
		return false;
	file = &modules->bundle->files.at[from];
	return file->tree == root->tree &&
	       (dir.len == 0 ||
		(file->path.len > dir.len && file->path.ptr[dir.len] == '/' && str_starts(file->path, dir)));
}

static void take_sure(struct picking *picking, uint32_t module, uint32_t first, uint32_t second)
{
	const struct modules *modules = picking->modules;

	for (uint32_t i = modules->list.at[module].first_file; i != NO_MODULE;) {
		const struct module_root *root = root_of(modules, i);

		i = take_place(picking, i, root->sure && (root->place == first || root->place == second));
	}
}

static void take_unsure(struct picking *picking, uint32_t module, bool all, uint32_t from)
{
	const struct modules *modules = picking->modules;

	for (uint32_t i = modules->list.at[module].first_file; i != NO_MODULE;) {
		const struct module_root *root = root_of(modules, i);

		i = take_place(picking, i, !root->sure && (all || is_near(modules, root, from)));
	}
}

size_t modules_pick(const struct modules *modules, uint32_t module, uint32_t from, uint32_t out[MODULE_PICKS])
{
	struct picking picking = { .modules = modules, .out = out };
	uint32_t only = modules->list.at[module].first_file;
	uint32_t first;
	uint32_t second;

	if (only == NO_MODULE)
		return 0;
	if (modules->files.at[only].next == NO_MODULE) {
		out[0] = modules->files.at[only].file;
		return 1;
	}
	first = sure_place(modules, module, NO_PLACE);
	second = sure_place(modules, module, package_place(modules, module));
	take_sure(&picking, module, first, second);
	take_unsure(&picking, module, first == NO_PLACE, from);
	return picking.count;
}

size_t modules_shadows(const struct modules *modules, uint32_t file, uint32_t out[MODULE_PICKS])
{
	uint32_t entry = modules->entry[file];
	uint32_t place;
	uint8_t rank;
	size_t count = 0;

	if (entry == NO_MODULE)
		return 0;
	place = root_of(modules, entry)->place;
	rank = modules->files.at[entry].rank;
	for (; entry != NO_MODULE && root_of(modules, entry)->place == place && count < MODULE_PICKS;
	     entry = modules->files.at[entry].next)
		if (modules->files.at[entry].rank != rank)
			out[count++] = modules->files.at[entry].file;
	return count;
}
