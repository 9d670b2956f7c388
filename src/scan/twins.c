#include "scan/twins.h"

#include <elf.h>
#include <stdlib.h>
#include <xxhash.h>

struct twin {
	uint32_t file;
	unsigned parts;
	uint32_t tree;
	uint64_t size;
	struct str dir;
	struct str stem;
	struct str base;
	XXH128_hash_t print;
	bool seen; /* print holds */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_version(struct str part)
{
	if (part.len == 0 || !is_digit(part.ptr[0]))
		return false;
	for (size_t i = 1; i < part.len; i++)
		if (!is_digit(part.ptr[i]) && (part.ptr[i] < 'a' || part.ptr[i] > 'z'))
			return false;
	return true;
}

bool twins_parse_name(struct str base, struct str *stem, unsigned *parts)
{
	*stem = base;
	*parts = 0;
	while (!str_ends(*stem, STR(".so"))) {
		struct str part = str_after_dot(*stem);

		if (part.len == stem->len || !is_version(part))
			return false;
		stem->len -= part.len + 1;
		++*parts;
	}
	return stem->len > 3;
}

/* What must be equal before contents count. */
static int by_family(const struct twin *a, const struct twin *b)
{
	int order;

	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	order = str_cmp(a->dir, b->dir);
	return order ? order : str_cmp(a->stem, b->stem);
}

/* The name that stays a file comes first. */
static int by_name(const struct twin *a, const struct twin *b)
{
	if (a->parts != b->parts)
		return a->parts > b->parts ? -1 : 1;
	if (a->base.len != b->base.len)
		return a->base.len > b->base.len ? -1 : 1;
	return str_cmp(a->base, b->base);
}

static int by_family_and_name(const void *left, const void *right)
{
	int order = by_family(left, right);

	return order ? order : by_name(left, right);
}

static int by_print_and_name(const void *left, const void *right)
{
	const struct twin *a = left;
	const struct twin *b = right;
	int order = by_family(a, b);

	if (order == 0)
		order = XXH128_cmp(&a->print, &b->print);
	return order ? order : by_name(a, b);
}

void twins_begin(struct twins *twins, const struct bundle *bundle, const bool *barred, struct arena *arena)
{
	VEC(struct twin) found = { 0 };
	struct twin *list;

	*twins = (struct twins){
		.place = arena_array(arena, uint32_t, bundle->files.len),
	};
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		const struct file *file = &bundle->files.at[id];
		struct twin twin = {
			.file = id,
			.tree = file->tree,
			.size = file->size,
			.dir = str_dir(file->path),
			.base = str_base(file->path),
		};

		if (file->kind == FILE_REGULAR && !barred[id] && file->size > sizeof(Elf32_Ehdr) &&
		    twins_parse_name(twin.base, &twin.stem, &twin.parts))
			*vec_push(arena, &found) = twin;
	}
	if (found.len == 0)
		return;
	qsort(found.at, found.len, sizeof(*found.at), by_family_and_name);
	list = twins->list = found.at;
	/* Alone there are no twins. */
	for (size_t i = 0; i < found.len; i++)
		if ((twins->count && by_family(&list[twins->count - 1], &list[i]) == 0) ||
		    (i + 1 < found.len && by_family(&list[i], &list[i + 1]) == 0))
			list[twins->count++] = list[i];
	for (size_t i = 0; i < twins->count; i++)
		twins->place[list[i].file] = (uint32_t)i + 1;
}

bool twins_wants(const struct twins *twins, uint32_t file)
{
	return twins->count && twins->place[file];
}

/*
 * Whether Python would import the file: it takes "x.so", and "libx.so" as well, for modules, and asks them
 * for PyInit_x. Each name of an extension module is a module of its own.
 */
static bool is_extension(const struct twin *twin, struct bytes content)
{
	return twin->parts == 0 && elf_object_has_prefix(content, STR("PyInit"));
}

void twins_see(struct twins *twins, uint32_t file, const struct elf_object *elf, struct bytes content)
{
	struct twin *twin = &twins->list[twins->place[file] - 1];

	twin->seen = elf->form == ELF_SHARED && !is_extension(twin, content);
	if (twin->seen)
		twin->print = XXH3_128bits(content.ptr, content.len);
}

void twins_find(struct twins *twins, const bool *of, struct arena *arena, struct twin_pairs *out)
{
	struct twin *seen = arena_array(arena, struct twin, twins->count);
	const struct twin *real = NULL;
	size_t count = 0;

	for (size_t i = 0; i < twins->count; i++)
		if (twins->list[i].seen && of[twins->list[i].file])
			seen[count++] = twins->list[i];
	if (count)
		qsort(seen, count, sizeof(*seen), by_print_and_name);
	for (size_t i = 0; i < count; i++) {
		if (real && by_family(real, &seen[i]) == 0 && XXH128_isEqual(real->print, seen[i].print))
			*vec_push(arena, out) = (struct twin_pair){ seen[i].file, real->file };
		else
			real = &seen[i];
	}
}
