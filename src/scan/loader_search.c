#include "scan/loader_search.h"

#include <elf.h>
#include <string.h>

/* Steps of all roots together: a second or two at worst. 450 shared objects of real wheels take 50,000. */
enum { STEPS_MAX = 1 << 23 };

static const struct str cwd = STR_INIT("/var/task");

bool search_step(struct loader *loader, size_t count)
{
	if (loader->steps < count) {
		loader->steps = 0;
		return false;
	}
	loader->steps -= (uint32_t)count;
	return true;
}

/* --- directories ------------------------------------------------------------------------------ */

static bool is_system_dir(const struct loader *loader, struct str path)
{
	if (!loader->platform)
		return false;
	for (size_t i = 0; i < loader->platform->default_dirs.len; i++)
		if (str_eq(path, loader->platform->default_dirs.at[i]))
			return true;
	return false;
}

/* The place without its subdirectories. */
static uint32_t plain_place(struct loader *loader, struct str path, bool *added)
{
	uint32_t *id;
	struct place place = { 0 };
	struct spot spot;

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	id = map_put(loader->arena, &loader->place_of, path, added);
	if (!*added)
		return *id;
	lambda_path_walk(&loader->paths, path, true, &spot);
	if (spot.kind == SPOT_DIR || spot.kind == SPOT_OUTSIDE)
		place = (struct place){
			.path = spot.path,
			.inside = spot.kind == SPOT_DIR,
			.system = is_system_dir(loader, spot.path),
			.links = spot.links,
			.link_count = spot.link_count,
		};
	*id = (uint32_t)loader->places.len;
	*vec_push(loader->arena, &loader->places) = place;
	return *id;
}

/* Of an absolute path, which the arena must hold. */
uint32_t search_place(struct loader *loader, struct str path)
{
	bool added;
	uint32_t id = plain_place(loader, path, &added);

	if (!added || !loader->any_hardware || !loader->platform || !loader->places.at[id].inside)
		return id;
	for (size_t i = 0; i < loader->platform->hwcaps.len && search_step(loader, 1 + path.len / 2); i++) {
		struct str sub = str_fmt(loader->arena, "%.*s/%.*s", STR_ARG(path),
					 STR_ARG(loader->platform->hwcaps.at[i]));
		uint32_t below = plain_place(loader, sub, &added);

		if (loader->places.at[below].inside)
			*vec_push(loader->arena, &loader->places.at[id].hardware) = below;
	}
	return id;
}

/* Whether a search path has the place already: the loader looks once. */
static bool has_place(const struct search_path *list, uint32_t place)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i] == place)
			return true;
	return false;
}

static void add_place(struct loader *loader, const struct path_tokens *tokens, struct str element,
		      struct search_path *list)
{
	char room[PATH_ROOM];
	struct str path;
	uint32_t place;

	/* An empty element is the current directory, one that becomes empty is none. */
	if (!lambda_path_expand(tokens, element, room, &path) || (element.len && path.len == 0))
		return;
	if (!search_step(loader, 1 + path.len / 2 + list->len / 16))
		return;
	if (path.len && path.ptr[0] == '/')
		path = str_dup(loader->arena, path);
	else
		path = str_fmt(loader->arena, "%.*s/%.*s", STR_ARG(cwd), STR_ARG(path));
	place = search_place(loader, path);
	if (!has_place(list, place))
		*vec_push(loader->arena, list) = place;
}

static struct path_tokens tokens_of(const struct loader *loader, struct str origin)
{
	const struct platform *platform = loader->platform;

	return (struct path_tokens){
		.origin = origin,
		.lib = platform ? platform->lib : STR("lib64"),
		.platform = platform				   ? platform->hardware
			    : loader->target.machine == EM_AARCH64 ? STR("aarch64")
								   : STR("x86_64"),
		.words = !platform || platform->glibc >= 28,
	};
}

static struct search_path path_of(struct loader *loader, struct str text, struct str origin)
{
	struct path_tokens tokens = tokens_of(loader, origin);
	struct search_path list = { 0 };
	struct str rest = text;
	bool more = text.len > 0;

	while (more && loader->steps) {
		struct str element;

		more = str_cut(rest, ':', &element, &rest);
		add_place(loader, &tokens, element, &list);
	}
	return list;
}

/* --- names ------------------------------------------------------------------------------------ */

/* The text must stay. */
uint32_t search_name(struct loader *loader, struct str text)
{
	bool added;
	uint32_t *id = map_put(loader->arena, &loader->name_of, text, &added);

	if (added) {
		*id = (uint32_t)loader->names.len;
		*vec_push(loader->arena, &loader->names) = (struct name){
			.text = text,
			.path = text.len && memchr(text.ptr, '/', text.len),
			/* All files that are named so were marked at the beginning. */
			.bundled = !libraries_is_name(text),
			.root = NONE,
		};
	}
	return *id;
}

static void mark_bundled(struct loader *loader, uint32_t file)
{
	uint32_t id = search_name(loader, str_base(loader->libraries->bundle->files.at[file].path));

	loader->names.at[id].bundled = true;
}

static const struct platform_library *system_of(struct loader *loader, struct name *name)
{
	if (!name->asked && loader->platform)
		name->system = platform_library(loader->platform, loader->minor, name->text);
	name->asked = true;
	return name->system;
}

/* --- variants --------------------------------------------------------------------------------- */

uint32_t search_expanded(struct loader *loader, struct str text, uint32_t place)
{
	struct path_tokens tokens = tokens_of(loader, loader->places.at[place].path);
	char room[PATH_ROOM];
	struct str name = text;

	if (text.len && memchr(text.ptr, '$', text.len) && lambda_path_expand(&tokens, text, room, &name))
		name = str_dup(loader->arena, name);
	return search_name(loader, name);
}

static void add_wants_of(struct loader *loader, const struct str *names, size_t count, enum load_kind kind,
			 struct variant *variant)
{
	for (size_t i = 0; i < count && search_step(loader, 1 + names[i].len / 16); i++)
		*vec_push(loader->arena, &variant->wants) = (struct want){
			.text = names[i],
			.name = search_expanded(loader, names[i], variant->place),
			.kind = kind,
		};
}

uint32_t search_variant(struct loader *loader, uint32_t library, uint32_t place)
{
	const struct elf_object *elf = &loader->libraries->list.at[library].elf;
	struct str origin = loader->places.at[place].path;
	struct variant variant = { .library = library, .place = place, .has_runpath = elf->has_runpath };

	for (uint32_t i = loader->variant_of[library]; i != NONE; i = loader->variants.at[i].next)
		if (loader->variants.at[i].place == place)
			return i;
	if (elf->has_runpath)
		variant.runpath = path_of(loader, elf->runpath, origin);
	else
		variant.rpath = path_of(loader, elf->rpath, origin);
	/* The order of the three lists is that of the files that GNU ld makes; within one it is the file's.
	 */
	add_wants_of(loader, elf->needed.at, elf->needed.len, LOAD_NEEDED, &variant);
	add_wants_of(loader, elf->filters.at, elf->filters.len, LOAD_FILTER, &variant);
	add_wants_of(loader, elf->auxiliary.at, elf->auxiliary.len, LOAD_AUXILIARY, &variant);
	variant.next = loader->variant_of[library];
	loader->variant_of[library] = (uint32_t)loader->variants.len;
	*vec_push(loader->arena, &loader->variants) = variant;
	return loader->variant_of[library];
}

/* --- the search ------------------------------------------------------------------------------- */

/* The order is that of open_verify()'s checks. */
enum fit search_fits(const struct loader *loader, uint32_t file)
{
	const struct library *library = libraries_of(loader->libraries, file);
	const struct elf_object *elf;

	if (!library || library->format != BINARY_ELF || library->elf.form == ELF_NOT)
		return FATAL;
	elf = &library->elf;
	if (elf->form == ELF_TORN && elf->machine == EM_NONE)
		return FATAL;
	if (loader->target.machine != EM_NONE) {
		if (elf->is64 != loader->target.is64)
			return SKIPPED;
		if (elf->big != loader->target.big)
			return FATAL;
		if (elf->machine != loader->target.machine)
			return SKIPPED;
	}
	return elf->form == ELF_SHARED || elf->form == ELF_PROGRAM ? FITS : FATAL;
}

static struct hit walk_hit(struct loader *loader, struct str path, uint32_t place)
{
	struct spot spot;

	(void)search_step(loader, path.len / 4);
	lambda_path_walk(&loader->paths, path, true, &spot);
	return (struct hit){
		.file = spot.kind == SPOT_FILE ? spot.file : NO_FILE,
		.loop = spot.kind == SPOT_LOOP,
		.place = place,
		.links = spot.links,
		.link_count = spot.link_count,
	};
}

/* What the name leads to in the place, kept for the next one who asks. */
static struct hit hit_in(struct loader *loader, uint32_t place, const struct name *name, uint32_t name_id)
{
	const uint32_t key[] = { place, name_id };
	const struct str bytes = { (const char *)key, sizeof(key) };
	const uint32_t *known = map_get(&loader->hit_of, bytes);
	const struct place *dir = &loader->places.at[place];
	uint32_t *links;
	struct hit hit;

	if (known)
		return loader->hits.at[*known];
	hit = walk_hit(loader, str_fmt(loader->arena, "%.*s/%.*s", STR_ARG(dir->path), STR_ARG(name->text)),
		       place);
	if (hit.file != NO_FILE && dir->link_count) {
		links = arena_array(loader->arena, uint32_t, dir->link_count + hit.link_count);
		memcpy(links, dir->links, dir->link_count * sizeof(*links));
		if (hit.link_count)
			memcpy(links + dir->link_count, hit.links, hit.link_count * sizeof(*links));
		hit.links = links;
		hit.link_count += dir->link_count;
	}
	*map_put(loader->arena, &loader->hit_of, str_dup(loader->arena, bytes), NULL) =
		(uint32_t)loader->hits.len;
	*vec_push(loader->arena, &loader->hits) = hit;
	return hit;
}

static bool take(struct loader *loader, struct hit hit, enum found_by by, struct found *found)
{
	enum fit fit = hit.file == NO_FILE ? SKIPPED : search_fits(loader, hit.file);

	if (fit == SKIPPED)
		return false;
	*found = (struct found){
		.by = fit == FATAL ? FOUND_FATAL : by,
		.hit = hit,
		.dir = loader->places.at[hit.place].path,
	};
	return true;
}

enum look { MISSED, ENDED, HIT };

static enum look look_into(struct loader *loader, uint32_t place, uint32_t name_id, enum found_by by,
			   struct found *found)
{
	const struct place *dir = &loader->places.at[place];
	struct name *name = &loader->names.at[name_id];

	if (dir->inside && name->bundled) {
		struct hit hit;

		for (size_t i = 0; i < dir->hardware.len; i++)
			if (take(loader, hit_in(loader, dir->hardware.at[i], name, name_id), by, found))
				return HIT;
		hit = hit_in(loader, place, name, name_id);
		if (take(loader, hit, by, found))
			return HIT;
		/* Any other error than that there is none, as open_path() does. */
		if (hit.loop)
			return ENDED;
	}
	if (!dir->system || !system_of(loader, name))
		return MISSED;
	*found = (struct found){
		.by = by, .hit = { .file = NO_FILE }, .system = name->system, .dir = dir->path
	};
	/* That of the runtime lies elsewhere; Python itself needs it. */
	if (str_starts(name->text, STR("libpython3."))) {
		found->by = FOUND_LOADED;
		found->dir = STR("");
	}
	return HIT;
}

static bool look_along(struct loader *loader, const struct search_path *list, uint32_t name, enum found_by by,
		       struct found *found)
{
	enum look look = MISSED;

	for (size_t i = 0; i < list->len && look == MISSED; i++) {
		if (!search_step(loader, 1))
			return false;
		look = look_into(loader, list->at[i], name, by, found);
	}
	return look == HIT;
}

/* DT_RPATH of the object, of what loaded it, and so on up: of each that has no RUNPATH. */
static bool look_up(struct loader *loader, uint32_t object, uint32_t name, struct found *found)
{
	for (; object != NONE && search_step(loader, 1); object = loader->objects.at[object].loader) {
		const struct variant *variant = &loader->variants.at[loader->objects.at[object].variant];

		if (look_along(loader, &variant->rpath, name, FOUND_RPATH, found))
			return true;
	}
	return false;
}

static void nowhere(const struct loader *loader, struct found *found)
{
	*found = (struct found){
		.by = loader->platform || !loader->steps ? FOUND_NOWHERE : FOUND_DEFAULT,
		.hit = { .file = NO_FILE },
	};
}

/* A name that holds no slash. */
static void search_dirs(struct loader *loader, uint32_t object, uint32_t name, struct found *found)
{
	const struct variant *variant =
		object == NONE ? NULL : &loader->variants.at[loader->objects.at[object].variant];

	if (variant && !variant->has_runpath && look_up(loader, object, name, found))
		return;
	if (look_along(loader, &loader->library_path, name, FOUND_LIBRARY_PATH, found))
		return;
	if (variant && look_along(loader, &variant->runpath, name, FOUND_RUNPATH, found))
		return;
	if (!variant || !loader->libraries->list.at[variant->library].elf.no_default_dirs)
		if (look_along(loader, &loader->default_dirs, name, FOUND_DEFAULT, found))
			return;
	nowhere(loader, found);
}

/* A name that holds a slash. */
static void walk_to(struct loader *loader, uint32_t name_id, struct found *found)
{
	struct name *name = &loader->names.at[name_id];
	struct str path = name->text;
	struct str base = str_base(path);
	const struct place *dir;

	if (path.ptr[0] != '/')
		path = str_fmt(loader->arena, "%.*s/%.*s", STR_ARG(cwd), STR_ARG(path));
	if (!name->hit) {
		struct str text = str_dir(path);
		uint32_t place = search_place(loader, text.len ? text : STR("/"));

		*vec_push(loader->arena, &loader->hits) = walk_hit(loader, path, place);
		name->hit = (uint32_t)loader->hits.len;
	}
	if (take(loader, loader->hits.at[name->hit - 1], FOUND_PATH, found))
		return;
	dir = &loader->places.at[loader->hits.at[name->hit - 1].place];
	*found = (struct found){ .by = FOUND_PATH, .hit = { .file = NO_FILE }, .dir = dir->path };
	if (dir->system)
		found->system = platform_library(loader->platform, loader->minor, base);
	if (!found->system)
		nowhere(loader, found);
}

void search_for(struct loader *loader, uint32_t object, uint32_t name, struct found *found)
{
	if (loader->names.at[name].path)
		walk_to(loader, name, found);
	else
		search_dirs(loader, object, name, found);
}

/* --- the beginning ---------------------------------------------------------------------------- */

/* Whether the directory may be a hardware-specific one. */
static bool is_hardware_dir(const struct platform *platform, struct str dir)
{
	for (size_t i = 0; platform && i < platform->hwcaps.len; i++)
		if (str_ends(dir, platform->hwcaps.at[i]))
			return true;
	return false;
}

/* Whether some of those directories has a part of that name. */
static bool is_hardware_part(const struct platform *platform, struct str base)
{
	for (size_t i = 0; platform && i < platform->hwcaps.len; i++) {
		struct str rest = platform->hwcaps.at[i];

		while (rest.len) {
			struct str part;

			(void)str_cut(rest, '/', &part, &rest);
			if (str_eq(part, base))
				return true;
		}
	}
	return false;
}

/* What the bundle has by which names; so that all others need no look into its directories. */
static void mark_files(struct loader *loader)
{
	const struct libraries *libraries = loader->libraries;
	const struct bundle *bundle = libraries->bundle;

	for (size_t i = 0; i < libraries->list.len; i++) {
		struct str path = bundle->files.at[libraries->list.at[i].file].path;

		mark_bundled(loader, libraries->list.at[i].file);
		if (!loader->any_hardware)
			loader->any_hardware = is_hardware_dir(loader->platform, str_dir(path));
	}
	if (loader->paths.links.len == 0)
		return;
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		struct str path = bundle->files.at[id].path;

		if (bundle->files.at[id].kind != FILE_SYMLINK)
			continue;
		mark_bundled(loader, id);
		if (!loader->any_hardware)
			loader->any_hardware = is_hardware_dir(loader->platform, str_dir(path)) ||
					       is_hardware_part(loader->platform, str_base(path));
	}
}

static void add_library_path(struct loader *loader, const struct loader_setup *setup)
{
	/* Where Lambda's own leads into the bundle, on all systems. */
	static const struct str everywhere[] = { STR_INIT("/var/task"), STR_INIT("/var/task/lib"),
						 STR_INIT("/opt/lib") };
	/* That of the main executable, /var/lang/bin/python3.N. */
	struct path_tokens tokens = tokens_of(loader, STR("/var/lang/bin"));
	const struct str *dirs = everywhere;
	size_t count = sizeof(everywhere) / sizeof(everywhere[0]);

	if (setup->library_path) {
		dirs = setup->library_path;
		count = setup->library_path_count;
	} else if (loader->platform) {
		dirs = loader->platform->library_path.at;
		count = loader->platform->library_path.len;
	}
	for (size_t i = 0; i < count; i++)
		add_place(loader, &tokens, dirs[i], &loader->library_path);
	for (size_t i = 0; loader->platform && i < loader->platform->default_dirs.len; i++)
		add_place(loader, &tokens, loader->platform->default_dirs.at[i], &loader->default_dirs);
}

void search_begin(struct loader *loader, const struct loader_setup *setup)
{
	size_t count = setup->libraries->list.len;

	loader->libraries = setup->libraries;
	loader->platform = setup->platform;
	loader->minor = setup->minor;
	loader->steps = STEPS_MAX;
	loader->variant_of = arena_array(loader->arena, uint32_t, count);
	loader->loaded = arena_array(loader->arena, uint32_t, count);
	loader->loaded_root = arena_array(loader->arena, uint32_t, count);
	for (size_t i = 0; i < count; i++)
		loader->variant_of[i] = NONE;
	if (setup->platform)
		loader->target =
			(struct process_machine){ .is64 = true, .machine = setup->platform->machine };
	lambda_paths_begin(&loader->paths, setup->libraries->bundle, loader->arena);
	mark_files(loader);
	add_library_path(loader, setup);
}
