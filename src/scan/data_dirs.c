#include "scan/data_dirs.h"

#include "base/arena.h"

static struct str key_of(struct arena *arena, uint32_t tree, struct str path)
{
	return tree ? str_fmt(arena, "%u:%.*s", tree, STR_ARG(path)) : path;
}

static void add_dir(struct data_dirs *dirs, uint32_t file, struct arena *arena)
{
	const struct file *f = &dirs->bundle->files.at[file];
	struct str path = str_dir(f->path);
	bool added;
	uint32_t *at = map_put(arena, &dirs->by_path, key_of(arena, f->tree, path), &added);

	if (added) {
		*at = (uint32_t)dirs->list.len;
		*vec_push(arena, &dirs->list) =
			(struct data_dir){ .path = path, .tree = f->tree, .next = UINT32_MAX };
	}
	dirs->of[file] = *at;
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

static void add_data(struct data_dirs *dirs, uint32_t file, const bool *is_root_dir, struct arena *arena)
{
	const struct file *f = &dirs->bundle->files.at[file];

	for (struct str path = str_dir(f->path);; path = str_dir(path)) {
		const uint32_t *at = map_get(&dirs->by_path, key_of(arena, f->tree, path));

		if (at && !is_root_dir[*at]) {
			*vec_push(arena, &dirs->list.at[*at].files) = file;
			dirs->of[file] = *at;
		}
		if (at || path.len == 0)
			return;
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
	bool *is_root_dir;

	*dirs = (struct data_dirs){
		.bundle = bundle,
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
		bool module = modules_of(modules, id) != NO_MODULE;

		if (!opposed[id] && (!module || is_plain_library(bundle->files.at[id].path)))
			add_data(dirs, id, is_root_dir, arena);
	}
	index_names(dirs, arena);
}

uint32_t data_dirs_named(const struct data_dirs *dirs, struct str name)
{
	const uint32_t *last = dirs->list.len ? map_get(&dirs->by_name, name) : NULL;

	return last ? *last : UINT32_MAX;
}

uint32_t data_dirs_at(const struct data_dirs *dirs, uint32_t tree, struct str path)
{
	struct arena scratch = { 0 };
	const uint32_t *at = dirs->list.len ? map_get(&dirs->by_path, key_of(&scratch, tree, path)) : NULL;
	uint32_t index = at ? *at : UINT32_MAX;

	arena_free(&scratch);
	return index;
}
