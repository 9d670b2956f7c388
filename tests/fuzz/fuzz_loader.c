/*
 * The loader and the faults on hostile search paths, names and links. A line is a file, its fields between
 * tabs: the path, then one character and text each: 's' soname, 'n' needed, 'a' auxiliary, 'f' filter, 'r'
 * RPATH, 'u' RUNPATH, 'l' what a link leads to, 'w' a version of libc.so.6 that is wanted, 'x' no shared
 * object, 'o' another machine. Answers lie in the bundle, are no links, and are the same when asked again.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "scan/faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 48 };

struct world {
	struct arena arena;
	struct bundle bundle;
	struct libraries libraries;
	struct library made[FILES_MAX];
	uint64_t sum; /* of all answers */
	struct load *loads;
	size_t count;
	size_t cap;
};

static void demand(bool truth)
{
	if (!truth)
		abort();
}

static void read_field(struct world *world, struct str field, struct file *file, struct library *library)
{
	struct elf_object *elf = &library->elf;
	struct str text = str_from(field, 1);

	switch (field.len ? field.ptr[0] : 0) {
	case 's':
		elf->soname = text;
		break;
	case 'n':
		*vec_push(&world->arena, &elf->needed) = text;
		break;
	case 'a':
		*vec_push(&world->arena, &elf->auxiliary) = text;
		break;
	case 'f':
		*vec_push(&world->arena, &elf->filters) = text;
		break;
	case 'r':
		elf->rpath = text;
		elf->has_rpath = true;
		break;
	case 'u':
		elf->runpath = text;
		elf->has_runpath = true;
		break;
	case 'l':
		file->kind = FILE_SYMLINK;
		file->target = text;
		break;
	case 'w':
		*vec_push(&world->arena, &elf->wants) =
			(struct elf_version){ .file = STR("libc.so.6"), .name = text };
		break;
	case 'x':
		library->format = BINARY_OTHER;
		elf->form = ELF_NOT;
		break;
	case 'o':
		elf->machine = EM_AARCH64;
		break;
	default:
		break;
	}
}

static bool is_path(struct str path)
{
	char room[PATH_ROOM];
	struct str plain;

	return path.len && path_resolve(STR(""), path, room, &plain) && str_eq(path, plain);
}

static void read_files(struct world *world, struct str text)
{
	struct str last = STR("");
	struct str line;

	for (uint32_t id = 0; text.len && id < FILES_MAX;) {
		struct library *library = &world->made[id];
		struct file file = { .kind = FILE_REGULAR, .dist = NO_DIST };
		struct str field;

		(void)str_cut(text, '\n', &line, &text);
		(void)str_cut(line, '\t', &file.path, &line);
		/* As a listing has them. */
		if (!is_path(file.path) || str_cmp(last, file.path) >= 0)
			continue;
		last = file.path;
		*library = (struct library){ .file = id, .format = BINARY_ELF };
		library->elf = (struct elf_object){ .form = ELF_SHARED, .is64 = true, .machine = EM_X86_64 };
		while (line.len) {
			(void)str_cut(line, '\t', &field, &line);
			read_field(world, field, &file, library);
		}
		*vec_push(&world->arena, &world->bundle.files) = file;
		id++;
	}
}

static void sees(void *ctx, const struct load *load)
{
	struct world *world = ctx;

	demand(load->from < world->bundle.files.len && load->root < world->bundle.files.len);
	demand(load->file == NO_FILE || load->file < world->bundle.files.len);
	demand(load->file == NO_FILE || world->bundle.files.at[load->file].kind == FILE_REGULAR);
	demand(load->by != FOUND_NOWHERE || load->file == NO_FILE);
	for (uint32_t i = 0; i < load->link_count; i++)
		demand(world->bundle.files.at[load->links[i]].kind == FILE_SYMLINK);
	world->sum = world->sum * 31 + load->file + (uint64_t)load->by;
	world->loads = world->count < world->cap ? world->loads
						 : vec_grow(&world->arena, world->loads, world->count,
							    &world->cap, sizeof(*world->loads));
	world->loads[world->count++] = *load;
}

static uint64_t open_all(struct world *world, const struct platform *platform)
{
	struct loader_setup setup = { .libraries = &world->libraries, .platform = platform, .minor = 13 };
	struct loader *loader = loader_begin(&setup, &world->arena);
	uint32_t *others;
	size_t count;

	world->sum = 0;
	world->count = 0;
	for (uint32_t id = 0; id < world->bundle.files.len; id++) {
		(void)loader_at(loader, loader_path_of(loader, id));
		(void)loader_open(loader, id, sees, world);
	}
	for (size_t i = 0; i < world->count; i++) {
		count = loader_others(loader, &world->loads[i], &others);
		for (size_t k = 0; k < count; k++)
			demand(others[k] < world->bundle.files.len && others[k] != world->loads[i].file);
	}
	return world->sum;
}

static int read_nothing(void *ctx, uint32_t file, struct arena *scratch, struct bytes *out, struct err *err)
{
	(void)ctx;
	(void)file;
	(void)scratch;
	(void)err;
	*out = (struct bytes){ 0 };
	return 0;
}

static void find_faults(struct world *world, const struct platform *platform)
{
	struct modules modules = { 0 };
	bool kept[FILES_MAX];
	struct fault_input input = {
		.libraries = &world->libraries,
		.platform = platform,
		.arch = ARCH_X86_64,
		.minor = 13,
		.modules = &modules,
		.kept = kept,
		.loads = world->loads,
		.count = world->count,
		.reader = { read_nothing, NULL },
	};
	struct faults faults;
	struct err err;

	memset(kept, 1, sizeof(kept));
	modules_index(&modules, &world->bundle, &world->arena);
	demand(faults_find(&input, &world->arena, &faults, &err) == 0);
	for (size_t i = 0; i < faults.len; i++)
		demand(code_find((unsigned)faults.at[i].code) && faults.at[i].text.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = calloc(1, sizeof(*world));
	struct platforms platforms = { 0 };
	const struct platform *platform;
	struct err err;

	if (!world || size > 1 << 14) {
		free(world);
		return 0;
	}
	world->bundle.arena = &world->arena;
	demand(platforms_load(&platforms, &world->arena, &err) == 0);
	platform = size && data[0] == '?' ? NULL : platform_find(&platforms, 13, ARCH_X86_64);
	read_files(world, str_of_bytes((struct bytes){ data, size }));
	*vec_push(&world->arena, &world->bundle.trees) =
		(struct tree){ .name = STR("fuzz"), .count = (uint32_t)world->bundle.files.len };
	libraries_begin(&world->libraries, &world->bundle, &world->arena);
	for (uint32_t id = 0; id < world->bundle.files.len; id++)
		if (world->bundle.files.at[id].kind == FILE_REGULAR)
			libraries_add(&world->libraries, &world->made[id]);
	if (world->bundle.files.len) {
		demand(open_all(world, platform) == open_all(world, platform));
		find_faults(world, platform);
	}
	arena_free(&world->arena);
	free(world);
	return 0;
}
