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

	*dirs = (struct data_dirs){
		.bundle = bundle,
		.by_path = arena_array(arena, struct map, bundle->trees.len),
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
