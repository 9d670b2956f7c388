#include "scan/loader.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "scan/loader_search.h"

/* --- objects ---------------------------------------------------------------------------------- */

/* The object gets the name, unless an earlier one has it. */
static void give_name(struct loader *loader, uint32_t object, uint32_t id)
{
	struct name *name = &loader->names.at[id];

	if (name->root == loader->root)
		return;
	name->root = loader->root;
	name->object = object;
}

static uint32_t add_object(struct loader *loader, const struct object *object)
{
	uint32_t id = (uint32_t)loader->objects.len;

	*vec_push(loader->arena, &loader->objects) = *object;
	return id;
}

/* Puts an object in front of another one of the search list, or at its end (NONE). */
static void insert(struct loader *loader, uint32_t id, uint32_t after)
{
	struct object *all = loader->objects.at;
	uint32_t before = after == NONE ? loader->last : all[after].before;

	all[id].before = before;
	all[id].after = after;
	if (before != NONE)
		all[before].after = id;
	if (after != NONE)
		all[after].before = id;
	else
		loader->last = id;
}

static void take_out(struct loader *loader, uint32_t id)
{
	struct object *all = loader->objects.at;

	if (all[id].before != NONE)
		all[all[id].before].after = all[id].after;
	if (all[id].after != NONE)
		all[all[id].after].before = all[id].before;
	else
		loader->last = all[id].before;
}

/* Loads what was found in a place; the object that it is, new or not. */
static uint32_t load_file(struct loader *loader, uint32_t file, uint32_t place, uint32_t from, bool *added)
{
	uint32_t library = loader->libraries->of[file];
	const struct elf_object *elf = &loader->libraries->list.at[library].elf;
	uint32_t id;

	*added = loader->loaded_root[library] != loader->root;
	if (!*added)
		return loader->loaded[library];
	id = add_object(loader, &(struct object){
					.variant = search_variant(loader, library, place),
					.loader = from,
				});
	loader->loaded_root[library] = loader->root;
	loader->loaded[library] = id;
	if (elf->soname.len)
		give_name(loader, id, search_name(loader, elf->soname));
	return id;
}

/* Loads what the name stands for; the object, or NONE. Tells how it was found. */
static uint32_t load_name(struct loader *loader, uint32_t from, uint32_t name, struct found *found,
			  bool *added)
{
	const struct name *known = &loader->names.at[name];
	uint32_t id;

	*added = false;
	if (known->text.len == 0) {
		/* The main executable has that name. */
		*found = (struct found){ .by = FOUND_LOADED, .hit = { .file = NO_FILE } };
		return NONE;
	}
	if (known->root == loader->root) {
		const struct object *object = &loader->objects.at[known->object];

		*found = (struct found){ .by = FOUND_LOADED,
					 .hit = { .file = NO_FILE },
					 .system = object->system };
		if (object->variant != NONE)
			found->hit.file =
				loader->libraries->list.at[loader->variants.at[object->variant].library].file;
		return known->object;
	}
	search_for(loader, from, name, found);
	if (found->by == FOUND_FATAL || (found->hit.file == NO_FILE && !found->system))
		return NONE;
	if (found->system)
		id = add_object(loader, &(struct object){ .variant = NONE, .system = found->system });
	else
		id = load_file(loader, found->hit.file, found->hit.place, from, added);
	give_name(loader, id, name);
	return id;
}

/* --- opening ---------------------------------------------------------------------------------- */

static struct load load_of(const struct found *found, uint32_t root, uint32_t from, const struct want *want)
{
	return (struct load){
		.root = root,
		.from = from,
		.kind = want->kind,
		.name = want->text,
		.by = found->by,
		.file = found->hit.file,
		.system = found->system,
		.dir = found->dir,
		.links = found->hit.links,
		.link_count = found->hit.link_count,
	};
}

/* Whether the object is behind the other one in the search list. */
static bool is_behind(struct loader *loader, uint32_t id, uint32_t other)
{
	while (other != NONE && other != id && search_step(loader, 1))
		other = loader->objects.at[other].after;
	return other == id;
}

/*
 * As _dl_map_object_deps() does for one entry of the list: what is needed goes to the end, filtees go before
 * the object itself. The object that comes next.
 */
static uint32_t load_wants(struct loader *loader, uint32_t root, uint32_t object, loader_sees *sees,
			   void *ctx)
{
	uint32_t variant = loader->objects.at[object].variant;
	uint32_t from = loader->libraries->list.at[loader->variants.at[variant].library].file;
	uint32_t next = object;

	loader->objects.at[object].done = true;
	for (size_t i = 0; i < loader->variants.at[variant].wants.len; i++) {
		struct want want = loader->variants.at[variant].wants.at[i];
		struct found found;
		struct load load;
		uint32_t id;
		bool added;

		if (!search_step(loader, 1))
			return NONE;
		id = load_name(loader, object, want.name, &found, &added);
		if (!loader->steps)
			return NONE;
		load = load_of(&found, root, from, &want);
		sees(ctx, &load);
		if (id == NONE || loader->objects.at[id].variant == NONE)
			continue;
		if (want.kind == LOAD_NEEDED) {
			if (added)
				insert(loader, id, NONE);
			continue;
		}
		if (!added && (id == object || !is_behind(loader, id, object)))
			continue;
		if (!added)
			take_out(loader, id);
		insert(loader, id, object);
		if (next == object)
			next = id;
	}
	while (next != NONE && loader->objects.at[next].done)
		next = loader->objects.at[next].after;
	return next;
}

/* Begins a process in which the file is loaded, if any (NONE: no library that can be). */
static bool begin_process(struct loader *loader, const struct library *library)
{
	const struct platform *platform = loader->platform;
	struct str dir;
	bool added;

	loader->root++;
	loader->objects.len = 0;
	loader->last = NONE;
	if (!library || library->format != BINARY_ELF)
		return false;
	if (!platform)
		loader->target =
			(struct process_machine){ library->elf.is64, library->elf.big, library->elf.machine };
	if (search_fits(loader, library->file) != FITS)
		return false;
	dir = str_dir(lambda_path_of(&loader->paths, library->file));
	(void)load_file(loader, library->file, search_place(loader, dir), NONE, &added);
	insert(loader, 0, NONE);
	return true;
}

bool loader_open(struct loader *loader, uint32_t file, loader_sees *sees, void *ctx)
{
	if (!loader->steps)
		return false;
	if (!begin_process(loader, libraries_of(loader->libraries, file)))
		return true;
	for (uint32_t at = 0; at != NONE;)
		at = load_wants(loader, file, at, sees, ctx);
	return loader->steps > 0;
}

void loader_find(struct loader *loader, uint32_t from, struct str name, struct load *out)
{
	const struct library *library = from == NO_FILE ? NULL : libraries_of(loader->libraries, from);
	struct want want = { .text = str_dup(loader->arena, name), .kind = LOAD_NEEDED };
	struct found found;
	uint32_t object = NONE;
	bool added;

	if (!loader->platform)
		loader->target = (struct process_machine){ 0 };
	if (begin_process(loader, library))
		object = 0;
	want.name = search_name(loader, want.text);
	if (object != NONE)
		want.name = search_expanded(loader, want.text,
					    loader->variants.at[loader->objects.at[object].variant].place);
	(void)load_name(loader, object, want.name, &found, &added);
	*out = load_of(&found, from, from, &want);
}

/* --- what else it may be ---------------------------------------------------------------------- */

/* The directory of which `dir` is a hardware-specific one, or itself. */
static struct str plain_dir(const struct loader *loader, struct str dir)
{
	struct str plain = dir;

	for (size_t i = 0; loader->platform && i < loader->platform->hwcaps.len; i++) {
		struct str sub = loader->platform->hwcaps.at[i];

		/* The longest: one may be the end of another one. */
		if (dir.len > sub.len && str_ends(dir, sub) && dir.ptr[dir.len - sub.len - 1] == '/' &&
		    dir.len - sub.len - 1 < plain.len)
			plain = str_head(dir, dir.len - sub.len - 1);
	}
	return plain;
}

/* Whether `dir` is `plain`, or one of its hardware-specific ones; any below it where those are not known. */
static bool is_variant_dir(const struct loader *loader, struct str dir, struct str plain)
{
	struct str below = str_from(dir, plain.len + 1);

	if (!str_starts(dir, plain))
		return false;
	if (dir.len == plain.len)
		return true;
	if (dir.ptr[plain.len] != '/')
		return false;
	if (!loader->platform)
		return true;
	for (size_t i = 0; i < loader->platform->hwcaps.len; i++)
		if (str_eq(below, loader->platform->hwcaps.at[i]))
			return true;
	return false;
}

static bool may_load(const struct library *library)
{
	return library->format == BINARY_ELF && library->elf.form == ELF_SHARED && !library->never;
}

static int by_id(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

size_t loader_others(struct loader *loader, const struct load *load, uint32_t **files)
{
	const struct libraries *libraries = loader->libraries;
	struct str base = str_base(load->name);
	bool found = load->file != NO_FILE && load->by != FOUND_FATAL;
	VEC(uint32_t) list = { 0 };
	struct str plain = plain_dir(loader, load->dir);
	size_t count = 0;

	*files = NULL;
	if ((load->system && load->system->sure) || (found && load->dir.len == 0))
		return 0;
	for (uint32_t i = libraries_by_base(libraries, base); i != NO_LIBRARY;
	     i = libraries->list.at[i].same_base) {
		const struct library *library = &libraries->list.at[i];

		if (may_load(library) &&
		    (!found ||
		     is_variant_dir(loader, str_dir(lambda_path_of(&loader->paths, library->file)), plain)))
			*vec_push(loader->arena, &list) = library->file;
	}
	for (uint32_t i = found ? NO_LIBRARY : libraries_by_soname(libraries, base); i != NO_LIBRARY;
	     i = libraries->list.at[i].same_soname)
		if (may_load(&libraries->list.at[i]))
			*vec_push(loader->arena, &list) = libraries->list.at[i].file;
	if (list.len)
		qsort(list.at, list.len, sizeof(*list.at), by_id);
	for (size_t i = 0; i < list.len; i++)
		if (list.at[i] != load->file && (count == 0 || list.at[count - 1] != list.at[i]))
			list.at[count++] = list.at[i];
	*files = list.at;
	return count;
}

struct str loader_path_of(struct loader *loader, uint32_t file)
{
	return lambda_path_of(&loader->paths, file);
}

uint32_t loader_at(struct loader *loader, struct str path)
{
	struct spot spot;

	lambda_path_walk(&loader->paths, path, false, &spot);
	return spot.kind == SPOT_FILE ? spot.file : NO_FILE;
}

struct loader *loader_begin(const struct loader_setup *setup, struct arena *arena)
{
	struct loader *loader = arena_new(arena, struct loader);

	loader->arena = arena;
	search_begin(loader, setup);
	return loader;
}
