#include "scan/data_dirs.h"

#include "base/arena.h"
#include "base/path.h"

static void add_dir(struct data_dirs *dirs, uint32_t file, struct arena *arena)
{
	const struct file *f = &dirs->bundle->files.at[file];
	struct str path = str_dir(f->path);
	uint32_t at = data_dirs_at(dirs, f->tree, path);

	if (at == UINT32_MAX) {
		at = (uint32_t)dirs->list.len;
		*map_put(arena, &dirs->by_path[f->tree], path, NULL) = at;
		*vec_push(arena, &dirs->list) = (struct data_dir){
			.path = path, .tree = f->tree, .module = file, .next = UINT32_MAX
		};
	}
	dirs->of[file] = at;
}

static bool is_root(const struct modules *modules, const struct data_dir *dir)
{
	for (size_t i = 0; i < modules->roots.len; i++)
		if (modules->roots.at[i].tree == dir->tree && str_eq(modules->roots.at[i].dir, dir->path))
			return true;
	return false;
}

/* "x.so" without a tag: ctypes may open what an import statement could load. */
static bool is_plain_library(struct str path)
{
	struct str base = str_base(path);

	return str_ends(base, STR(".so")) && str_find(base, STR(".cpython-")) < 0 &&
	       str_find(base, STR(".abi3")) < 0;
}

/* The answer for a directory, which mostly is that of the next file too. */
struct nearest {
	uint32_t tree;
	struct str path;
	uint32_t dir; /* or UINT32_MAX */
	bool known;
};

/* The nearest directory above the file that holds a module, or UINT32_MAX. */
static uint32_t find_nearest(const struct data_dirs *dirs, const struct file *file, struct nearest *nearest)
{
	struct str path = str_dir(file->path);

	if (nearest->known && nearest->tree == file->tree && str_eq(nearest->path, path))
		return nearest->dir;
	*nearest = (struct nearest){ file->tree, path, UINT32_MAX, true };
	for (;; path = str_dir(path)) {
		/* Nobody imports from paths so long. */
		if (path.len <= PATH_ROOM)
			nearest->dir = data_dirs_at(dirs, file->tree, path);
		if (nearest->dir != UINT32_MAX || path.len == 0)
			return nearest->dir;
	}
}

/* Whether the directory has an __init__ of its own. */
static bool is_package(const struct modules *modules, const struct data_dir *dir)
{
	uint32_t package = modules_package_of(modules, dir->module);

	return package != NO_MODULE && modules->list.at[package].first_file != NO_MODULE;
}

static void add_loose(struct data_dirs *dirs, uint32_t tree, struct str path, struct arena *arena)
{
	uint32_t *at;
	bool added;

	(void)map_put(arena, &dirs->loose_by_path[tree], path, &added);
	if (!added)
		return;
	at = map_put(arena, &dirs->loose_by_name, str_base(path), &added);
	*vec_push(arena, &dirs->loose) =
		(struct loose_dir){ .path = path, .tree = tree, .next = added ? UINT32_MAX : *at };
	*at = (uint32_t)dirs->loose.len - 1;
}

/* Each directory of sources without __init__, and those between it and the package around it. */
static void index_loose(struct data_dirs *dirs, const bool *package, struct arena *arena)
{
	for (size_t i = 0; i < dirs->list.len; i++) {
		const struct data_dir *dir = &dirs->list.at[i];
		struct str above = dir->path;
		uint32_t at = UINT32_MAX;

		if (package[i])
			continue;
		while (above.len && (at == UINT32_MAX || !package[at])) {
			above = str_dir(above);
			at = data_dirs_at(dirs, dir->tree, above);
		}
		if (at == UINT32_MAX || !package[at])
			continue;
		for (struct str path = dir->path; path.len > above.len; path = str_dir(path))
			add_loose(dirs, dir->tree, path, arena);
	}
}

static void index_names(struct data_dirs *dirs, struct arena *arena)
{
	for (size_t i = 0; i < dirs->list.len; i++) {
		struct data_dir *dir = &dirs->list.at[i];
		uint32_t *last;
		bool added;

		if (dir->files.len == 0 || dir->path.len == 0)
			continue;
		last = map_put(arena, &dirs->by_name, str_base(dir->path), &added);
		dir->next = added ? UINT32_MAX : *last;
		*last = (uint32_t)i;
	}
}

void data_dirs_build(struct data_dirs *dirs, const struct bundle *bundle, const struct modules *modules,
		     const bool *opposed, struct arena *arena)
{
	struct nearest nearest = { 0 };
	bool *is_root_dir;
	bool *package;

	*dirs = (struct data_dirs){
		.bundle = bundle,
		.by_path = arena_array(arena, struct map, bundle->trees.len),
		.loose_by_path = arena_array(arena, struct map, bundle->trees.len),
		.of = arena_array(arena, uint32_t, bundle->files.len),
	};
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		dirs->of[id] = UINT32_MAX;
		if (modules_of(modules, id) != NO_MODULE)
			add_dir(dirs, id, arena);
	}
	is_root_dir = arena_array(arena, bool, dirs->list.len);
	for (size_t i = 0; i < dirs->list.len; i++)
		is_root_dir[i] = is_root(modules, &dirs->list.at[i]);
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		const struct file *file = &bundle->files.at[id];
		uint32_t dir;

		if (opposed[id] || (modules_of(modules, id) != NO_MODULE && !is_plain_library(file->path)))
			continue;
		dir = find_nearest(dirs, file, &nearest);
		if (dir != UINT32_MAX && !is_root_dir[dir]) {
			*vec_push(arena, &dirs->list.at[dir].files) = id;
			dirs->of[id] = dir;
		}
	}
	index_names(dirs, arena);
	package = arena_array(arena, bool, dirs->list.len);
	for (size_t i = 0; i < dirs->list.len; i++)
		package[i] = is_package(modules, &dirs->list.at[i]);
	index_loose(dirs, package, arena);
}

uint32_t data_dirs_at(const struct data_dirs *dirs, uint32_t tree, struct str path)
{
	const uint32_t *at = map_get(&dirs->by_path[tree], path);

	return at ? *at : UINT32_MAX;
}

uint32_t data_dirs_named(const struct data_dirs *dirs, struct str name)
{
	const uint32_t *last = dirs->list.len ? map_get(&dirs->by_name, name) : NULL;

	return last ? *last : UINT32_MAX;
}

uint32_t data_dirs_loose(const struct data_dirs *dirs, struct str name)
{
	const uint32_t *last = dirs->loose.len ? map_get(&dirs->loose_by_name, name) : NULL;

	return last ? *last : UINT32_MAX;
}
