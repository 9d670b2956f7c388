/* scan/faults: what will fail when shared objects are loaded on Lambda, in small worlds made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/faults.h"
#include "scan_bundle.h"

enum { FILES_MAX = 64 };

/* One shared object; lists are words. */
struct made {
	const char *path;
	const char *soname;
	const char *needed;
	const char *runpath;
	const char *rpath;
	const char *wants; /* "libc.so.6:GLIBC_2.38"; "~" in front: weak */
	const char *defines;
	const char *content; /* of what is no ELF file */
	const char *broken;
	bool module;  /* an extension module: opened by itself */
	bool unsure;  /* nothing shows that it is */
	bool opened;  /* opened by its path */
	bool machine; /* for another machine */
	bool dropped;
	bool v4;
	bool auxiliary; /* what it needs is DT_AUXILIARY */
};

struct world {
	struct package package;
	struct libraries libraries;
	struct modules modules;
	struct platforms platforms;
	struct fault_input input;
	struct faults faults;
	VEC(struct load) loads;
	struct err err;
};

static struct str word(struct str *rest)
{
	struct str head;

	(void)str_cut(*rest, ' ', &head, rest);
	return head;
}

static void add_library(struct world *w, const struct made *made)
{
	struct arena *arena = &w->package.arena;
	uint32_t file = bundle_find(&w->package.bundle, 0, str_of(made->path));
	struct library library = { .file = file, .format = made->content ? BINARY_OTHER : BINARY_ELF };
	struct elf_object *elf = &library.elf;
	struct str rest;

	assert_int_not_equal(file, NO_FILE);
	library.python = made->module;
	elf->form = made->content ? ELF_NOT : ELF_SHARED;
	elf->is64 = true;
	elf->machine = made->machine ? 183 : 62;
	elf->soname = str_of(made->soname);
	elf->has_runpath = made->runpath;
	elf->runpath = str_of(made->runpath);
	elf->has_rpath = made->rpath;
	elf->rpath = str_of(made->rpath);
	elf->broken = made->broken;
	elf->isa = made->v4 ? 8 : 0;
	for (rest = str_of(made->needed); rest.len;) {
		struct str name = word(&rest);

		if (made->auxiliary)
			*vec_push(arena, &elf->auxiliary) = name;
		else
			*vec_push(arena, &elf->needed) = name;
	}
	for (rest = str_of(made->wants); rest.len;) {
		struct elf_version *version = vec_push(arena, &elf->wants);
		struct str both = word(&rest);

		version->weak = both.ptr[0] == '~';
		(void)str_cut(str_from(both, version->weak), ':', &version->file, &version->name);
	}
	for (rest = str_of(made->defines); rest.len;)
		*vec_push(arena, &elf->defines) = word(&rest);
	library.never =
		loadable_judge(&w->libraries, &library, w->input.arch, w->input.minor, arena).why != LOADABLE;
	libraries_add(&w->libraries, &library);
}

static void see(void *ctx, const struct load *load)
{
	struct world *w = ctx;

	*vec_push(&w->package.arena, &w->loads) = *load;
}

static int by_path(const void *left, const void *right)
{
	const struct made *const *a = left;
	const struct made *const *b = right;

	return strcmp((*a)->path, (*b)->path);
}

static void open_all(struct world *w, const struct made **sorted, size_t count)
{
	struct loader_setup setup = { .libraries = &w->libraries,
				      .platform = w->input.platform,
				      .minor = w->input.minor };
	struct loader *loader = loader_begin(&setup, &w->package.arena);
	bool *flags[4];

	for (size_t i = 0; i < 4; i++)
		flags[i] = arena_array(&w->package.arena, bool, FILES_MAX);
	for (uint32_t id = 0; id < w->package.bundle.files.len; id++)
		flags[0][id] = true;
	for (size_t i = 0; i < count; i++) {
		const struct made *made = sorted[i];
		uint32_t file = bundle_find(&w->package.bundle, 0, str_of(made->path));
		bool opened = made->module || made->opened;

		flags[0][file] = !made->dropped;
		flags[1][file] = opened && !made->unsure;
		flags[2][file] = opened;
		flags[3][file] = made->module && !made->unsure;
		if (opened && !made->dropped)
			assert_true(loader_open(loader, file, see, w));
	}
	w->input.kept = flags[0];
	w->input.sure = flags[1];
	w->input.opened = flags[2];
	w->input.wanted = flags[3];
}

/* The faults of these files and the shared objects, on a Python 3.minor for x86-64. */
static struct world *find(struct world *w, unsigned minor, const struct entry *texts, const struct made *made)
{
	static struct entry entries[FILES_MAX];
	const struct made *sorted[FILES_MAX];
	size_t files = 0;
	size_t count = 0;

	for (; texts && texts->path; texts++)
		entries[files++] = *texts;
	for (; made[count].path; count++) {
		sorted[count] = &made[count];
		entries[files++] =
			(struct entry){ made[count].path, made[count].content ? made[count].content : "ELF" };
	}
	entries[files] = (struct entry){ NULL, NULL };
	qsort(sorted, count, sizeof(*sorted), by_path);
	package_add(&w->package, entries);
	if (texts)
		(void)package_install(&w->package, "dist", "dist/");
	modules_index(&w->modules, &w->package.bundle, &w->package.arena);
	assert_int_equal(platforms_load(&w->platforms, &w->package.arena, &w->err), 0);
	w->input.minor = minor;
	w->input.arch = ARCH_X86_64;
	w->input.platform = platform_find(&w->platforms, minor, ARCH_X86_64);
	assert_non_null(w->input.platform);
	w->input.libraries = &w->libraries;
	w->input.modules = &w->modules;
	w->input.reader = (struct reader){ package_read, &w->package };
	libraries_begin(&w->libraries, &w->package.bundle, &w->package.arena);
	for (size_t i = 0; i < count; i++)
		add_library(w, sorted[i]);
	open_all(w, sorted, count);
	w->input.loads = w->loads.at;
	w->input.count = w->loads.len;
	assert_int_equal(faults_find(&w->input, &w->package.arena, &w->faults, &w->err), 0);
	return w;
}

#define FIND(w, minor, ...) find((w), (minor), NULL, (const struct made[]){ __VA_ARGS__, { .path = NULL } })

static void done(struct world *w)
{
	arena_free(&w->package.arena);
}

/* The only fault, and what its text holds. */
static void assert_only(struct world *w, enum code code, const char *path, const char *text)
{
	const struct fault *fault = &w->faults.at[0];

	for (size_t i = 0; i < w->faults.len; i++)
		print_message("# SLIM%d %s: %.*s | %.*s\n", (int)w->faults.at[i].code,
			      w->package.bundle.files.at[w->faults.at[i].file].path.ptr,
			      STR_ARG(w->faults.at[i].text), STR_ARG(w->faults.at[i].cure));
	assert_int_equal(w->faults.len, 1);
	assert_int_equal(fault->code, code);
	assert_string_equal(w->package.bundle.files.at[fault->file].path.ptr, path);
	if (str_find(fault->text, str_of(text)) < 0)
		fail_msg("'%s' is not in '%.*s'", text, STR_ARG(fault->text));
	assert_true(fault->cure.len > 0);
}

static void assert_none(struct world *w)
{
	for (size_t i = 0; i < w->faults.len; i++)
		print_message("# SLIM%d %.*s\n", (int)w->faults.at[i].code, STR_ARG(w->faults.at[i].text));
	assert_int_equal(w->faults.len, 0);
	done(w);
}

/* --- missing libraries ---------------------------------------------------------------------------- */

static void what_all_have_is_no_fault(void **state)
{
	(void)state;
	assert_none(FIND(&(struct world){ 0 }, 13,
			 { .path = "dist/_x.abi3.so",
			   .module = true,
			   .needed = "liby-12345678.so.1 libm.so.6 libc.so.6",
			   .rpath = "$ORIGIN/../dist.libs",
			   .wants = "libc.so.6:GLIBC_2.34 libc.so.6:GLIBC_2.2.5 ~libc.so.6:GLIBC_2.99" },
			 { .path = "dist.libs/liby-12345678.so.1",
			   .soname = "liby-12345678.so.1",
			   .needed = "libstdc++.so.6 libgcc_s.so.1 libc.so.6",
			   .wants = "libstdc++.so.6:GLIBCXX_3.4.29 libgcc_s.so.1:GCC_3.0" }));
}

static void a_library_that_nobody_has(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "cv2/cv2.abi3.so",
				 .module = true,
				 .needed = "libGL.so.1 libc.so.6",
				 .runpath = "$ORIGIN/libs" });

	(void)state;
	assert_only(
		w, CODE_LIBRARY_MISSING, "cv2/cv2.abi3.so",
		"needs libGL.so.1, which neither the package nor python3.13 (Amazon Linux 2023) has, also "
		"not in RUNPATH $ORIGIN/libs");
	assert_true(w->faults.at[0].sure);
	assert_true(str_find(w->faults.at[0].cure, STR("no display")) >= 0);
	done(w);
}

static void all_that_one_file_misses_is_one_fault(void **state)
{
	struct world *w =
		FIND(&(struct world){ 0 }, 13,
		     { .path = "a.abi3.so", .module = true, .needed = "liba.so liby.so libc.so.6" },
		     { .path = "b.abi3.so", .module = true, .needed = "liby.so" },
		     { .path = "liby.so", .soname = "liby.so", .needed = "l1.so l2.so l3.so liba.so" });

	(void)state;
	assert_only(w, CODE_LIBRARY_MISSING, "a.abi3.so", "needs liba.so, l1.so, l2.so and l3.so, which");
	done(w);
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.abi3.so", .module = true, .needed = "liby.so libx.so" },
		 { .path = "libx.so", .soname = "libx.so", .needed = "l1.so" },
		 { .path = "liby.so", .soname = "liby.so", .needed = "l1.so l2.so l3.so l4.so l5.so" });
	assert_only(w, CODE_LIBRARY_MISSING, "a.abi3.so",
		    "needs l1.so, l2.so, l3.so and 2 more (for liby.so and 1 more), which");
	done(w);
}

static void what_may_be_missing(void **state)
{
	struct world *w;

	(void)state;
	assert_none(FIND(&(struct world){ 0 }, 13,
			 { .path = "a.abi3.so", .module = true, .auxiliary = true, .needed = "libnone.so" }));
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.so.1", .opened = true, .unsure = true, .needed = "libcuda.so.1" });
	assert_only(w, CODE_LIBRARY_MISSING, "a.so.1", "libcuda.so.1");
	assert_false(w->faults.at[0].sure);
	done(w);
	/* A root that is sure speaks for one that is not. */
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.so.1", .opened = true, .unsure = true, .needed = "liby.so" },
		 { .path = "b.abi3.so", .module = true, .needed = "liby.so" },
		 { .path = "liby.so", .soname = "liby.so", .needed = "libnone.so" });
	assert_only(w, CODE_LIBRARY_MISSING, "b.abi3.so", "libnone.so (for liby.so)");
	assert_true(w->faults.at[0].sure);
	done(w);
}

static void a_library_where_nobody_looks(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "dist/a.abi3.so", .module = true, .needed = "libz9.so" },
			       { .path = "native/libz9.so", .soname = "libz9.so" });

	(void)state;
	assert_only(w, CODE_LIBRARY_MISSING, "dist/a.abi3.so", "the package has it: native/libz9.so");
	done(w);
}

static void a_library_that_another_must_load_first(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "dist/a.abi3.so", .module = true, .needed = "libz9.so" },
			       { .path = "dist/b.abi3.so",
				 .module = true,
				 .needed = "libz9.so",
				 .runpath = "$ORIGIN/../native" },
			       { .path = "native/libz9.so", .soname = "libz9.so" });

	(void)state;
	assert_only(w, CODE_LOAD_ORDER, "dist/a.abi3.so",
		    "only if native/libz9.so is loaded before, as by "
		    "dist/b.abi3.so");
	done(w);
	w = FIND(&(struct world){ 0 }, 13, { .path = "dist/a.abi3.so", .module = true, .needed = "libz9.so" },
		 { .path = "native/libz9.so", .soname = "libz9.so", .opened = true });
	assert_only(w, CODE_LOAD_ORDER, "dist/a.abi3.so", "only if native/libz9.so is loaded before");
	done(w);
}

static void a_text_in_place_of_a_library(void **state)
{
	struct world *w =
		FIND(&(struct world){ 0 }, 13, { .path = "a.abi3.so", .module = true, .needed = "liby.so.1" },
		     { .path = "lib/liby.so.1", .content = "liby.so.1.2.3" });

	(void)state;
	assert_only(w, CODE_LIBRARY_FATAL, "a.abi3.so", "stops at lib/liby.so.1, which is too short");
	done(w);
}

/* --- versions ------------------------------------------------------------------------------------- */

static void versions_of_the_system(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 11,
			       { .path = "a.abi3.so",
				 .module = true,
				 .needed = "libc.so.6 libm.so.6",
				 .wants = "libc.so.6:GLIBC_2.2.5 libc.so.6:GLIBC_2.9 libc.so.6:GLIBC_2.28 "
					  "libm.so.6:GLIBC_2.27 libc.so.6:GLIBC_2.34" });

	(void)state;
	assert_int_equal(w->faults.len, 2);
	assert_int_equal(w->faults.at[0].code, CODE_VERSION_MISSING);
	assert_true(str_starts(w->faults.at[0].text,
			       STR("needs GLIBC_2.27 of libm.so.6, and python3.11 (Amazon Linux 2) has "
				   "GLIBC_2.26")) ||
		    str_starts(w->faults.at[0].text, STR("needs GLIBC_2.27 of libm.so.6")));
	assert_true(str_starts(w->faults.at[1].text,
			       STR("needs GLIBC_2.34 and GLIBC_2.28 of libc.so.6, and python3.11 (Amazon "
				   "Linux 2) has GLIBC_2.26 at most")));
	assert_true(str_find(w->faults.at[1].cure, STR("python3.12")) >= 0);
	done(w);
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.abi3.so",
		   .module = true,
		   .needed = "libc.so.6",
		   .wants = "libc.so.6:GLIBC_2.34 libc.so.6:GLIBC_ABI_DT_RELR" });
	assert_only(w, CODE_VERSION_MISSING, "a.abi3.so", "GLIBC_ABI_DT_RELR");
	assert_true(str_find(w->faults.at[0].cure, STR("pack-relative-relocs")) >= 0);
	done(w);
}

static void versions_of_newer_images_only(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "a.abi3.so",
				 .module = true,
				 .needed = "libstdc++.so.6",
				 .wants = "libstdc++.so.6:GLIBCXX_3.4.29 libstdc++.so.6:GLIBCXX_3.4.32" });

	(void)state;
	assert_only(w, CODE_VERSION_FLOATING, "a.abi3.so", "needs GLIBCXX_3.4.32 of libstdc++.so.6");
	done(w);
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.abi3.so",
		   .module = true,
		   .needed = "libstdc++.so.6",
		   .wants = "libstdc++.so.6:GLIBCXX_3.4.99 libstdc++.so.6:GLIBCXX_3.4.32" });
	assert_only(w, CODE_VERSION_MISSING, "a.abi3.so", "needs GLIBCXX_3.4.99 of");
	done(w);
}

static void versions_of_the_package(void **state)
{
	struct made module = {
		.path = "a.abi3.so", .module = true, .needed = "libp.so", .wants = "libp.so:V2"
	};
	struct made library = { .path = "lib/libp.so", .soname = "libp.so", .defines = "V1" };
	struct made end = { .path = NULL };
	struct made both[] = { module, library, end };
	struct world *w = find(&(struct world){ 0 }, 13, NULL, both);

	(void)state;
	assert_only(w, CODE_VERSION_MISSING, "a.abi3.so", "the one that it gets, lib/libp.so, does not");
	done(w);
	both[1].defines = "V1 V2";
	assert_none(find(&(struct world){ 0 }, 13, NULL, both));
	/* Without versions of its own: glibc lets that pass where there is a table at all. */
	both[1].defines = NULL;
	both[1].wants = "libc.so.6:GLIBC_2.2.5";
	assert_none(find(&(struct world){ 0 }, 13, NULL, both));
	both[1].wants = NULL;
	w = find(&(struct world){ 0 }, 13, NULL, both);
	assert_only(w, CODE_VERSION_MISSING, "a.abi3.so", "V2");
	done(w);
	/* Numbers count as such. */
	both[0].wants = "libp.so:V1.9 libp.so:V1.10 libp.so:V1.2";
	both[1].defines = "V1";
	w = find(&(struct world){ 0 }, 13, NULL, both);
	assert_only(w, CODE_VERSION_MISSING, "a.abi3.so", "needs V1.10, V1.9 and V1.2 of libp.so");
	done(w);
	both[1].defines = NULL;
	both[0].wants = "~libp.so:V2";
	assert_none(find(&(struct world){ 0 }, 13, NULL, both));
}

/* --- files, modules, wheels ----------------------------------------------------------------------- */

static void files_that_no_loader_takes(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "a.abi3.so", .module = true, .broken = "its segments are askew" });

	(void)state;
	assert_only(w, CODE_ELF_BROKEN, "a.abi3.so", "its segments are askew");
	done(w);
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.abi3.so", .module = true, .content = "version https://git-lfs" });
	assert_only(w, CODE_ELF_BROKEN, "a.abi3.so", "is none");
	done(w);
	w = FIND(&(struct world){ 0 }, 13,
		 { .path = "a.abi3.so", .module = true, .v4 = true, .needed = "libc.so.6" });
	assert_only(w, CODE_PROCESSOR, "a.abi3.so", "AVX-512");
	done(w);
	/* glibc 2.26 does not ask. */
	assert_none(FIND(&(struct world){ 0 }, 11,
			 { .path = "a.abi3.so", .module = true, .v4 = true, .needed = "libc.so.6" }));
}

static void a_module_without_a_build(void **state)
{
	static const struct entry texts[] = { { "dist/__init__.py", "import dist._x" }, { NULL, NULL } };
	static const struct entry pure[] = { { "dist/__init__.py", "" },
					     { "dist/_x.py", "" },
					     { NULL, NULL } };
	struct made builds[] = {
		{ .path = "dist/_x.cpython-312-x86_64-linux-gnu.so", .module = true, .dropped = true },
		{ .path = "dist/_x.cpython-313-aarch64-linux-gnu.so",
		  .module = true,
		  .machine = true,
		  .dropped = true },
		{ .path = NULL },
		{ .path = NULL },
	};
	struct world *w = find(&(struct world){ 0 }, 13, texts, builds);

	(void)state;
	assert_only(
		w, CODE_NO_BUILD, "dist/_x.cpython-312-x86_64-linux-gnu.so",
		"dist._x is built for CPython 3.12 and arm64 only, not for python3.13 (Amazon Linux 2023) "
		"on x86_64");
	assert_true(str_starts(w->faults.at[0].cure,
			       STR("pip install --platform manylinux2014_x86_64 --python-version 3.13 ")));
	assert_true(str_ends(w->faults.at[0].cure, STR(" dist")));
	done(w);
	/* The source does. */
	assert_none(find(&(struct world){ 0 }, 13, pure, builds));
	/* So does one build that fits. */
	builds[2] = (struct made){ .path = "dist/_x.abi3.so", .module = true };
	assert_none(find(&(struct world){ 0 }, 13, texts, builds));
	/* Nobody imports it. */
	builds[2].path = NULL;
	builds[0].unsure = builds[1].unsure = true;
	assert_none(find(&(struct world){ 0 }, 13, texts, builds));
}

static void wheels_for_something_else(void **state)
{
	struct entry texts[] = { { "dist-1.dist-info/WHEEL", "Tag: cp311-cp311-manylinux_2_28_x86_64\n" },
				 { "dist/__init__.py", "" },
				 { NULL, NULL } };
	struct made module[] = { { .path = "dist/_x.so", .module = true }, { .path = NULL } };
	struct made other[] = { { .path = "x/_x.so", .module = true }, { .path = NULL } };
	struct world *w = find(&(struct world){ 0 }, 11, texts, module);

	(void)state;
	assert_only(w, CODE_WHEEL_TAG, "dist-1.dist-info/WHEEL",
		    "cp311-cp311-manylinux_2_28_x86_64 is for a newer glibc than 2.26");
	done(w);
	/* Nothing native came with it. */
	assert_none(find(&(struct world){ 0 }, 11, texts, other));
	texts[0].content = "Tag: cp311-cp311-manylinux_2_17_x86_64\n";
	assert_none(find(&(struct world){ 0 }, 11, texts, module));
}

/* --- libraries in each other's way ----------------------------------------------------------------- */

static void the_system_before_the_package(void **state)
{
	struct made made[] = {
		{ .path = "dist/a.abi3.so",
		  .module = true,
		  .needed = "libssl.so.3",
		  .runpath = "$ORIGIN/../dist.libs" },
		{ .path = "dist.libs/libssl.so.3", .soname = "libssl.so.3" },
		{ .path = NULL },
	};
	struct world *w = find(&(struct world){ 0 }, 13, NULL, made);

	(void)state;
	assert_only(w, CODE_LIBRARY_SHADOWED, "dist.libs/libssl.so.3", "needed by dist/a.abi3.so");
	done(w);
	/* It would not look there. */
	made[0].runpath = "$ORIGIN/libs";
	assert_none(find(&(struct world){ 0 }, 13, NULL, made));
	/* DT_RPATH is asked before. */
	made[0].runpath = NULL;
	made[0].rpath = "$ORIGIN/../dist.libs";
	assert_none(find(&(struct world){ 0 }, 13, NULL, made));
	/* LD_LIBRARY_PATH has lib/, behind the system's. */
	made[0].rpath = NULL;
	made[1].path = "lib/libssl.so.3";
	w = find(&(struct world){ 0 }, 13, NULL, made);
	assert_only(w, CODE_LIBRARY_SHADOWED, "lib/libssl.so.3", "Lambda's own libssl.so.3 is loaded");
	done(w);
	/* What is sure to be there is not worth a word. */
	made[0].needed = made[1].soname = "libz.so.1";
	made[1].path = "lib/libz.so.1";
	assert_none(find(&(struct world){ 0 }, 13, NULL, made));
}

static void two_of_one_soname(void **state)
{
	struct made made[] = {
		{ .path = "a/a.abi3.so", .module = true, .needed = "libw.so", .runpath = "$ORIGIN" },
		{ .path = "a/libw.so", .soname = "libw.so", .content = NULL },
		{ .path = "b/b.abi3.so", .module = true, .needed = "libw.so", .runpath = "$ORIGIN" },
		{ .path = "b/libw.so", .soname = "libw.so" },
		{ .path = NULL },
	};
	struct world w = { 0 };

	(void)state;
	/* Equal ones: the first serves both, which is what was meant. */
	assert_none(find(&w, 13, NULL, made));
	memset(&w, 0, sizeof(w));
	(void)find(&w, 13, NULL, made);
	w.package.bundle.files.at[bundle_find(&w.package.bundle, 0, STR("b/libw.so"))].size = 4;
	assert_int_equal(faults_find(&w.input, &w.package.arena, &w.faults, &w.err), 0);
	assert_only(&w, CODE_LIBRARY_TWICE, "a/libw.so", "another library at b/libw.so");
	done(&w);
	/* Opened by their paths, equal ones are two. */
	made[1].opened = made[3].opened = true;
	memset(&w, 0, sizeof(w));
	(void)find(&w, 13, NULL, made);
	assert_only(&w, CODE_LIBRARY_TWICE, "a/libw.so", "both are loaded");
	done(&w);
	/* But not where nothing shows that they are. */
	made[1].unsure = true;
	memset(&w, 0, sizeof(w));
	assert_none(find(&w, 13, NULL, made));
}

static void modules_of_one_soname_are_no_copies(void **state)
{
	struct world w = { 0 };

	(void)state;
	(void)FIND(
		&w, 13,
		{ .path = "a/_core.abi3.so", .module = true, .soname = "_core.so", .needed = "libc.so.6" },
		{ .path = "b/_core.abi3.so", .module = true, .soname = "_core.so", .needed = "libc.so.6" });
	assert_int_equal(w.faults.len, 0);
	w.package.bundle.files.at[0].size = 4;
	assert_int_equal(faults_find(&w.input, &w.package.arena, &w.faults, &w.err), 0);
	assert_none(&w);
}

static void openmp_of_two_makers(void **state)
{
	struct made made[] = {
		{ .path = "a.abi3.so",
		  .module = true,
		  .needed = "libgomp-a34b3233.so.1 libgomp-1d2c3b4a.so.1" },
		{ .path = "b.abi3.so", .module = true, .needed = "libiomp5.so" },
		{ .path = "lib/libgomp-1d2c3b4a.so.1", .soname = "libgomp-1d2c3b4a.so.1" },
		{ .path = "lib/libgomp-a34b3233.so.1", .soname = "libgomp-a34b3233.so.1" },
		{ .path = "lib/libiomp5.so", .soname = "libiomp5.so" },
		{ .path = "lib/libompx.so", .soname = "libompx.so", .opened = true },
		{ .path = NULL },
	};
	struct world *w = find(&(struct world){ 0 }, 13, NULL, made);

	(void)state;
	assert_only(w, CODE_OPENMP_MIXED, "lib/libgomp-1d2c3b4a.so.1", "with lib/libiomp5.so");
	done(w);
	made[1].needed = "libc.so.6";
	assert_none(find(&(struct world){ 0 }, 13, NULL, made));
}

/* --- and ------------------------------------------------------------------------------------------- */

static void hostile_names_stay_on_one_line(void **state)
{
	struct world *w = FIND(&(struct world){ 0 }, 13,
			       { .path = "a.abi3.so", .module = true, .needed = "lib\n\033[31m.so" });

	(void)state;
	assert_only(w, CODE_LIBRARY_MISSING, "a.abi3.so", "lib\\x0a\\x1b[31m.so");
	done(w);
}

static void without_a_platform_nothing_is_said_of_it(void **state)
{
	struct world w = { 0 };

	(void)state;
	(void)FIND(&w, 13,
		   { .path = "a.abi3.so",
		     .module = true,
		     .needed = "libGL.so.1 libc.so.6",
		     .wants = "libc.so.6:GLIBC_2.99" });
	assert_int_equal(w.faults.len, 2);
	w.input.platform = NULL;
	assert_int_equal(faults_find(&w.input, &w.package.arena, &w.faults, &w.err), 0);
	for (size_t i = 0; i < w.faults.len; i++)
		assert_int_not_equal(w.faults.at[i].code, CODE_LIBRARY_MISSING);
	done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_all_have_is_no_fault),
		cmocka_unit_test(a_library_that_nobody_has),
		cmocka_unit_test(all_that_one_file_misses_is_one_fault),
		cmocka_unit_test(what_may_be_missing),
		cmocka_unit_test(a_library_where_nobody_looks),
		cmocka_unit_test(a_library_that_another_must_load_first),
		cmocka_unit_test(a_text_in_place_of_a_library),
		cmocka_unit_test(versions_of_the_system),
		cmocka_unit_test(versions_of_newer_images_only),
		cmocka_unit_test(versions_of_the_package),
		cmocka_unit_test(files_that_no_loader_takes),
		cmocka_unit_test(a_module_without_a_build),
		cmocka_unit_test(wheels_for_something_else),
		cmocka_unit_test(the_system_before_the_package),
		cmocka_unit_test(two_of_one_soname),
		cmocka_unit_test(modules_of_one_soname_are_no_copies),
		cmocka_unit_test(openmp_of_two_makers),
		cmocka_unit_test(hostile_names_stay_on_one_line),
		cmocka_unit_test(without_a_platform_nothing_is_said_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
