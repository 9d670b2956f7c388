/*
 * The loader alone, for what holds it against others: resolve DIR... [--minor N] [--arch x86_64|arm64]
 * [--library-path DIRS] [--root PATH]... [--time]
 * The first directory is the function, others are layers. Reads what every ELF file says of itself, opens
 * every shared object and program as a root (or those given by path on Lambda), and prints a line per needed
 * name, sorted: root, from, kind, name, rule, and the path on Lambda, "system" or "-", with tabs between.
 * --time prints the seconds for index and answers instead, files and loads. DIRS is as in LD_LIBRARY_PATH.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/mapping.h"
#include "io/source.h"
#include "scan/loader.h"

struct run {
	struct arena arena;
	struct bundle bundle;
	struct libraries libraries;
	struct platforms platforms;
	struct loader_setup setup;
	struct loader *loader;
	VEC(struct str) dirs;
	VEC(struct str) roots;
	VEC(struct str) library_path;
	VEC(struct str) lines;
	enum arch arch;
	struct str find; /* "": open */
	bool time;
	size_t loads;
};

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "resolve: %s\n", what);
	exit(2);
}

static void read_options(struct run *run, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct str option = str_of(argv[i]);
		struct str rest;
		bool more = true;

		if (!str_starts(option, STR("--"))) {
			*vec_push(&run->arena, &run->dirs) = option;
			continue;
		}
		if (str_eq(option, STR("--time"))) {
			run->time = true;
			continue;
		}
		if (++i == argc)
			die("an option needs a value");
		rest = str_of(argv[i]);
		if (str_eq(option, STR("--minor")))
			run->setup.minor = (unsigned)strtoul(argv[i], NULL, 10);
		else if (str_eq(option, STR("--arch")))
			run->arch = str_eq(rest, STR("arm64")) ? ARCH_ARM64 : ARCH_X86_64;
		else if (str_eq(option, STR("--root")))
			*vec_push(&run->arena, &run->roots) = rest;
		else if (str_eq(option, STR("--find")))
			run->find = rest;
		else if (!str_eq(option, STR("--library-path")))
			die("no such option");
		else
			while (more)
				more = str_cut(rest, ':', vec_push(&run->arena, &run->library_path), &rest);
	}
	if (run->dirs.len == 0)
		die("usage: resolve DIR... [--minor N] [--arch x86_64|arm64] [--library-path DIRS] [--root "
		    "PATH] "
		    "[--time]");
}

static void add_trees(struct run *run)
{
	const struct source_limits limits = { .max_unpacked = UINT64_MAX };
	struct err err;

	run->bundle.arena = &run->arena;
	for (size_t i = 0; i < run->dirs.len; i++) {
		struct listing listing = { .arena = &run->arena, .notes = &run->bundle.notes };
		struct source *source;

		if (source_open(&source, run->dirs.at[i], &limits, &listing, &err))
			die(err.msg);
		(void)bundle_add_tree(&run->bundle, &listing, run->dirs.at[i], i ? TREE_LAYER : TREE_FUNCTION,
				      0);
		source_close(source);
	}
}

/* Reads the headers of a file, if it has any. */
static void read_file(struct run *run, uint32_t id)
{
	const struct file *file = &run->bundle.files.at[id];
	struct str top = run->dirs.at[file->tree];
	char path[8192];
	struct library library = { .file = id };
	struct bytes content;
	uint8_t magic[4];
	struct err err;
	int fd;

	(void)snprintf(path, sizeof(path), "%.*s/%.*s", STR_ARG(top), STR_ARG(file->path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	if (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	    binary_format_of((struct bytes){ magic, sizeof(magic) }) == BINARY_ELF) {
		if (mapping_open(fd, &content, &err))
			die(err.msg);
		library.format = BINARY_ELF;
		elf_object_read(content, &run->arena, &library.elf);
		mapping_close(content);
	}
	(void)close(fd);
	if (library.format == BINARY_ELF || libraries_is_name(file->path))
		libraries_add(&run->libraries, &library);
}

static void add_line(void *ctx, const struct load *load)
{
	static const char *const kinds[] = {
		[LOAD_NEEDED] = "needed",
		[LOAD_AUXILIARY] = "auxiliary",
		[LOAD_FILTER] = "filter",
	};
	static const char *const rules[] = {
		[FOUND_NOWHERE] = "nowhere",
		[FOUND_LOADED] = "loaded",
		[FOUND_PATH] = "path",
		[FOUND_RPATH] = "rpath",
		[FOUND_LIBRARY_PATH] = "library-path",
		[FOUND_RUNPATH] = "runpath",
		[FOUND_DEFAULT] = "default",
		[FOUND_FATAL] = "fatal",
	};
	struct run *run = ctx;
	struct str to = load->system ? STR("system") : STR("-");
	struct str root;
	struct str from;

	run->loads++;
	if (run->time)
		return;
	if (load->file != NO_FILE)
		to = loader_path_of(run->loader, load->file);
	root = loader_path_of(run->loader, load->root);
	from = loader_path_of(run->loader, load->from);
	*vec_push(&run->arena, &run->lines) =
		str_fmt(&run->arena, "%.*s\t%.*s\t%s\t%.*s\t%s\t%.*s", STR_ARG(root), STR_ARG(from),
			kinds[load->kind], STR_ARG(load->name), rules[load->by], STR_ARG(to));
}

static void open_roots(struct run *run)
{
	for (size_t i = 0; i < run->roots.len; i++) {
		uint32_t file = loader_at(run->loader, run->roots.at[i]);

		if (file == NO_FILE)
			die("there is no such root");
		if (run->find.len) {
			struct load load;

			loader_find(run->loader, file, run->find, &load);
			add_line(run, &load);
		} else if (!loader_open(run->loader, file, add_line, run)) {
			die("the bound is reached");
		}
	}
	if (run->roots.len)
		return;
	for (size_t i = 0; i < run->libraries.list.len; i++)
		if (!loader_open(run->loader, run->libraries.list.at[i].file, add_line, run))
			die("the bound is reached");
}

static int by_text(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	struct err err;
	double begin;

	read_options(&run, argc, argv);
	if (platforms_load(&run.platforms, &run.arena, &err))
		die(err.msg);
	begin = now();
	add_trees(&run);
	libraries_begin(&run.libraries, &run.bundle, &run.arena);
	for (uint32_t id = 0; id < run.bundle.files.len; id++)
		if (run.bundle.files.at[id].kind == FILE_REGULAR)
			read_file(&run, id);
	run.setup.libraries = &run.libraries;
	run.setup.platform = platform_find(&run.platforms, run.setup.minor, run.arch);
	if (run.library_path.len) {
		run.setup.library_path = run.library_path.at;
		run.setup.library_path_count = run.library_path.len;
	}
	run.loader = loader_begin(&run.setup, &run.arena);
	open_roots(&run);
	if (run.time) {
		(void)printf("%.6f\t%zu\t%zu\n", now() - begin, run.libraries.list.len, run.loads);
		return 0;
	}
	if (run.lines.len)
		qsort(run.lines.at, run.lines.len, sizeof(*run.lines.at), by_text);
	for (size_t i = 0; i < run.lines.len; i++)
		(void)printf("%.*s\n", STR_ARG(run.lines.at[i]));
	/* The system takes the memory back faster. */
	return 0;
}
