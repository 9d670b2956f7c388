#include "scan/soft_index.h"

#include "base/arena.h"
#include "scan/soft_edges.h"

enum { STEPS_MAX = 32 }; /* components of a path that have a step, from the top */

static uint32_t push(struct arena *arena, struct map *map, struct str name, uint32_t index)
{
	bool added;
	uint32_t *last = map_put(arena, map, name, &added);
	uint32_t before = added ? NO_SOFT : *last;

	*last = index;
	return before;
}

static uint64_t length_bit(struct str name)
{
	return (uint64_t)1 << (name.len < 63 ? name.len : 63);
}

static void add_bare(struct soft_index *index, struct str plain)
{
	index->bare[(uint8_t)plain.ptr[0]] |= length_bit(plain);
	if (plain.len > 3 && str_starts(plain, STR("lib")))
		index->bare[(uint8_t)plain.ptr[3]] |= length_bit(str_from(plain, 3));
}

bool soft_may_be_bare(const struct soft_index *index, struct str bare)
{
	return bare.len && (index->bare[(uint8_t)bare.ptr[0]] & length_bit(bare));
}

static void add_name(struct soft_index *index, struct str full, uint32_t file, bool python,
		     struct arena *arena)
{
	char room[SOFT_NAME_MAX];
	struct soft_name name = { .full = full, .file = file, .python = python };
	uint32_t at = (uint32_t)index->names.len;

	if (!soft_parts(full, room, &name.parts))
		return;
	name.parts.plain = str_dup(arena, name.parts.plain);
	add_bare(index, name.parts.plain);
	name.same_full = push(arena, &index->by_full, full, at);
	name.same_plain = push(arena, &index->by_plain, name.parts.plain, at);
	*vec_push(arena, &index->names) = name;
}

static uint32_t add_dir(struct soft_index *index, struct str path, struct arena *arena)
{
	bool added;
	uint32_t at = (uint32_t)index->dirs.len;
	uint32_t *known = map_put(arena, &index->by_dir, path, &added);
	size_t end = 0;

	if (!added)
		return *known;
	*known = at;
	*vec_push(arena, &index->dirs) = (struct soft_dir){ .path = path, .last = NO_SOFT };
	for (size_t count = 0; end < path.len && count < STEPS_MAX; count++) {
		struct str part;
		struct str behind;
		uint32_t step = (uint32_t)index->steps.len;

		(void)str_cut(str_from(path, end), '/', &part, &behind);
		end += part.len;
		*vec_push(arena, &index->steps) = (struct soft_step){
			.dir = at,
			.upto = str_head(path, end),
			.same_name = push(arena, &index->by_step, part, step),
		};
		end++;
	}
	return at;
}

static size_t slot_of(const struct soft_index *index, uint32_t dist)
{
	return dist == NO_DIST ? index->bundle->dists.len : dist;
}

static void add_file(struct soft_index *index, uint32_t file, const struct library *library,
		     struct arena *arena)
{
	const struct file *f = &index->bundle->files.at[file];
	struct str base = str_base(f->path);
	bool python = library && library->python;
	uint32_t at = (uint32_t)index->files.len;
	uint32_t *last = &index->last_of[slot_of(index, f->dist)];
	struct soft_file own = { .file = file, .python = python, .same_dir = NO_SOFT, .same_dist = *last };

	*last = at;
	add_name(index, base, file, python, arena);
	if (library && library->elf.soname.len && !str_eq(library->elf.soname, base))
		add_name(index, str_base(library->elf.soname), file, python, arena);
	if (!python) {
		uint32_t dir = add_dir(index, str_dir(f->path), arena);

		own.same_dir = index->dirs.at[dir].last;
		index->dirs.at[dir].last = at;
	}
	*vec_push(arena, &index->files) = own;
}

/* A link with a shared object's name is opened as one; what it leads to has its edge from it. */
static bool is_link(const struct file *file)
{
	return file->kind == FILE_SYMLINK && libraries_is_name(file->path);
}

struct soft_index *soft_index_build(const struct libraries *libraries, const bool *opposed,
				    struct arena *arena)
{
	struct soft_index *index = arena_new(arena, struct soft_index);
	const struct bundle *bundle = libraries->bundle;

	index->libraries = libraries;
	index->bundle = bundle;
	index->last_of = arena_array(arena, uint32_t, bundle->dists.len + 1);
	for (size_t d = 0; d <= bundle->dists.len; d++)
		index->last_of[d] = NO_SOFT;
	for (uint32_t file = 0; file < bundle->files.len; file++) {
		const struct library *library = libraries_of(libraries, file);
		bool opens = library && library->elf.form == ELF_SHARED && !library->never;

		if (!opposed[file] && (opens || is_link(&bundle->files.at[file])))
			add_file(index, file, library, arena);
	}
	return index;
}

static uint32_t last_in(const struct map *map, struct str name)
{
	const uint32_t *last = map_get(map, name);

	return last ? *last : NO_SOFT;
}

uint32_t soft_last_of(const struct soft_index *index, uint32_t dist)
{
	return index->last_of[slot_of(index, dist)];
}

uint32_t soft_by_full(const struct soft_index *index, struct str full)
{
	return last_in(&index->by_full, full);
}

uint32_t soft_by_plain(const struct soft_index *index, struct str plain)
{
	return last_in(&index->by_plain, plain);
}

uint32_t soft_by_step(const struct soft_index *index, struct str name)
{
	return last_in(&index->by_step, name);
}
