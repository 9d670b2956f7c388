/* scan/loadable.h: what can never load, and which tags fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>

#include "scan/loadable.h"
#include "scan/python_tag.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define X86 ARCH_X86_64

/* A library as a row of a table: where nothing stands it is an x86-64 shared object. */
struct row {
	const char *path;
	enum unloadable why;
	const char *what;  /* NULL: not looked at */
	const char *needs; /* names, a space apart */
	const char *soname;
	const char *interpreter;
	unsigned machine;
	enum binary_format format;
	enum elf_form form;
	uint8_t osabi;
	bool python;
	bool is32;
	bool big;
	bool linked; /* expected of loadable_all() */
};

struct world {
	struct arena arena;
	struct bundle bundle;
	struct libraries libraries;
};

static void names(struct arena *arena, const char *text, struct elf_object *elf)
{
	struct str rest = str_of(text);
	struct str name;
	bool more = rest.len > 0;

	while (more) {
		more = str_cut(rest, ' ', &name, &rest);
		*vec_push(arena, &elf->needed) = name;
	}
}

static void world_build(struct world *world, const struct row *rows, size_t count)
{
	*world = (struct world){ 0 };
	world->bundle.arena = &world->arena;
	for (size_t i = 0; i < count; i++)
		*vec_push(&world->arena, &world->bundle.files) =
			(struct file){ .path = str_of(rows[i].path) };
	libraries_begin(&world->libraries, &world->bundle, &world->arena);
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		struct library library = { .file = (uint32_t)i,
					   .format = row->format ? row->format : BINARY_ELF,
					   .osabi = row->osabi,
					   .python = row->python };

		if (library.format == BINARY_ELF)
			library.elf = (struct elf_object){ .form = row->form ? row->form : ELF_SHARED,
							   .is64 = !row->is32,
							   .big = row->big,
							   .machine = (uint16_t)(row->machine ? row->machine
											      : EM_X86_64),
							   .soname = str_of(row->soname),
							   .interpreter = str_of(row->interpreter) };
		names(&world->arena, row->needs, &library.elf);
		libraries_add(&world->libraries, &library);
	}
}

static void verdict_is(const struct row *row, const struct loadable *found)
{
	if (found->why != row->why || (row->what && !str_eq(found->what, str_of(row->what))))
		fail_msg("%s: %d (%.*s), not %d (%s)", row->path, (int)found->why, STR_ARG(found->what),
			 (int)row->why, row->what ? row->what : "");
	assert_true((found->why == LOADABLE) == (found->what.len == 0));
}

/* Each alone. */
static void each_is(const struct row *rows, size_t count, enum arch arch, unsigned minor)
{
	for (size_t i = 0; i < count; i++) {
		struct world world;
		struct loadable found;

		world_build(&world, &rows[i], 1);
		found = loadable_judge(&world.libraries, &world.libraries.list.at[0], arch, minor,
				       &world.arena);
		verdict_is(&rows[i], &found);
		arena_free(&world.arena);
	}
}

/* All in one bundle. */
static void all_is(const struct row *rows, size_t count, enum arch arch, unsigned minor)
{
	struct world world;
	struct loadable *found;

	world_build(&world, rows, count);
	found = loadable_all(&world.libraries, arch, minor, &world.arena);
	for (size_t i = 0; i < count; i++) {
		verdict_is(&rows[i], &found[i]);
		assert_int_equal(world.libraries.list.at[i].never, rows[i].why != LOADABLE);
		assert_int_equal(world.libraries.list.at[i].linked, rows[i].linked);
	}
	arena_free(&world.arena);
}

static void test_machine(void **state)
{
	static const struct row on_x86[] = {
		{ .path = "x.so", LOADABLE, "" },
		{ .path = "arm64/x.so", LOADABLE, "" },
		{ .path = "x.so", OTHER_MACHINE, "arm64", .machine = EM_AARCH64 },
		{ .path = "x86_64/x.so", OTHER_MACHINE, "arm64", .machine = EM_AARCH64 },
		{ .path = "x.so", OTHER_MACHINE, "32-bit x86", .machine = EM_386, .is32 = true },
		{ .path = "x.so", OTHER_MACHINE, "32-bit x86-64", .is32 = true },
		{ .path = "x.so", OTHER_MACHINE, "32-bit arm", .machine = EM_ARM, .is32 = true },
		{ .path = "x.so", OTHER_MACHINE, "ppc64", .machine = EM_PPC64 },
		{ .path = "x.so", OTHER_MACHINE, "s390x", .machine = EM_S390, .big = true },
		{ .path = "x.so", OTHER_MACHINE, "riscv", .machine = 243 },
		{ .path = "x.so", OTHER_MACHINE, "loongarch", .machine = 258 },
		{ .path = "tool", OTHER_MACHINE, "arm64", .machine = EM_AARCH64, .form = ELF_PROGRAM },
		{ .path = "tool",
		  OTHER_MACHINE,
		  "32-bit arm",
		  .machine = EM_ARM,
		  .is32 = true,
		  .form = ELF_PROGRAM,
		  .interpreter = "/lib/ld-linux-armhf.so.3" },
		/* Firmware, GPU code, code of the kernel's. */
		{ .path = "boot.elf", LOADABLE, "", .machine = EM_ARM, .is32 = true, .form = ELF_PROGRAM },
		{ .path = "gfx90a.hsaco", LOADABLE, "", .machine = 224, .osabi = 64 },
		{ .path = "k.cubin", LOADABLE, "", .machine = EM_CUDA, .osabi = 0x33 },
		{ .path = "k.so", LOADABLE, "", .machine = EM_CUDA, .soname = "k" },
		{ .path = "k.o", LOADABLE, "", .machine = EM_BPF, .form = ELF_OBJECT },
		{ .path = "crt1.o", LOADABLE, "", .machine = EM_AARCH64, .form = ELF_OBJECT },
		{ .path = "x.debug", LOADABLE, "", .machine = EM_AARCH64, .form = ELF_DEBUG },
		{ .path = "x.so", LOADABLE, "", .machine = EM_AARCH64, .form = ELF_TORN },
	};
	static const struct row on_arm[] = {
		{ .path = "x.so", OTHER_MACHINE, "x86-64" },
		{ .path = "x.so", LOADABLE, "", .machine = EM_AARCH64 },
		{ .path = "x.so", OTHER_MACHINE, "big-endian arm64", .machine = EM_AARCH64, .big = true },
	};
	static const struct row anywhere[] = {
		{ .path = "x.so", LOADABLE, "" },
		{ .path = "x.so", LOADABLE, "", .machine = EM_AARCH64 },
		{ .path = "x.so", OTHER_MACHINE, "32-bit x86", .machine = EM_386, .is32 = true },
		{ .path = "x.so", OTHER_MACHINE, "32-bit arm64", .machine = EM_AARCH64, .is32 = true },
	};

	(void)state;
	each_is(on_x86, COUNT(on_x86), ARCH_X86_64, 13);
	each_is(on_arm, COUNT(on_arm), ARCH_ARM64, 13);
	each_is(anywhere, COUNT(anywhere), ARCH_ANY, 0);
}

static void test_system(void **state)
{
	static const struct row rows[] = {
		{ .path = "x.so", OTHER_SYSTEM, "macOS", .format = BINARY_MACHO },
		{ .path = "x.abi3.so", OTHER_SYSTEM, "macOS", .format = BINARY_MACHO },
		{ .path = "lib.dylib", OTHER_SYSTEM, "macOS", .format = BINARY_MACHO },
		{ .path = "x.cp313-win_amd64.pyd", OTHER_SYSTEM, "Windows", .format = BINARY_PE },
		{ .path = "x.so", OTHER_SYSTEM, "Windows", .format = BINARY_PE },
		/* .NET's, and launchers that distlib copies. */
		{ .path = "Some.Assembly.dll", LOADABLE, "", .format = BINARY_PE },
		{ .path = "t64.exe", LOADABLE, "", .format = BINARY_PE },
		/* Names of directories say nothing. */
		{ .path = "darwin/win32/musl/x.so", LOADABLE, "" },
		{ .path = "x.dylib", LOADABLE, "" },
		{ .path = "x.so", LOADABLE, "", .osabi = ELFOSABI_GNU },
		{ .path = "x.so", OTHER_SYSTEM, "FreeBSD", .osabi = ELFOSABI_FREEBSD },
		{ .path = "x.so", OTHER_SYSTEM, "Solaris", .osabi = ELFOSABI_SOLARIS },
		{ .path = "x.so", OTHER_SYSTEM, "another system", .osabi = 200 },
		{ .path = "x.so", OTHER_SYSTEM, "FreeBSD", .needs = "libm.so.5 libc.so.7" },
		{ .path = "x.so", OTHER_SYSTEM, "another Unix", .needs = "libc.so.97.0" },
		{ .path = "x.so", LOADABLE, "", .needs = "libc.so.7 libc.so.6" },
		{ .path = "x.so", OTHER_SYSTEM, "Android", .needs = "libc.so libdl.so" },
		{ .path = "x.so", OTHER_SYSTEM, "Android", .needs = "liblog.so libc.so" },
		{ .path = "x.so", OTHER_SYSTEM, "Android", .needs = "libm.so libc.so" },
		{ .path = "x.so", LOADABLE, "", .needs = "liblog.so libc.so.6" },
		{ .path = "x.so", LOADABLE, "", .needs = "liblog.so" },
		{ .path = "p",
		  OTHER_SYSTEM,
		  "Android",
		  .form = ELF_PROGRAM,
		  .interpreter = "/system/bin/linker64" },
		{ .path = "p",
		  OTHER_SYSTEM,
		  "FreeBSD",
		  .form = ELF_PROGRAM,
		  .interpreter = "/libexec/ld-elf.so.1" },
		{ .path = "p",
		  LOADABLE,
		  "",
		  .form = ELF_PROGRAM,
		  .interpreter = "/lib64/ld-linux-x86-64.so.2",
		  .needs = "libc.so.6" },
	};

	(void)state;
	each_is(rows, COUNT(rows), ARCH_X86_64, 13);
	each_is(rows, COUNT(rows), ARCH_ANY, 0);
}

static void test_libc(void **state)
{
	static const struct row rows[] = {
		{ .path = "x.so", OTHER_LIBC, "musl", .needs = "libgcc_s.so.1 libc.musl-x86_64.so.1" },
		{ .path = "x.so", OTHER_LIBC, "musl", .needs = "libc.so" },
		{ .path = "x.so", OTHER_LIBC, "musl", .needs = "libc.so libstdc++.so.6" },
		{ .path = "x.so", LOADABLE, "", .needs = "libc.so libc.so.6" },
		{ .path = "musl/x.so", LOADABLE, "", .needs = "libc.so.6" },
		{ .path = "linux-musl/libddwaf.so", LOADABLE, "", .needs = "" },
		{ .path = "p",
		  OTHER_LIBC,
		  "musl",
		  .form = ELF_PROGRAM,
		  .interpreter = "/lib/ld-musl-x86_64.so.1" },
		/* Linked statically: it runs. */
		{ .path = "p", LOADABLE, "", .form = ELF_PROGRAM },
	};
	(void)state;
	each_is(rows, COUNT(rows), ARCH_X86_64, 13);
	each_is(rows, COUNT(rows), ARCH_ANY, 0);
}

/* Who brings a libc can start its loader by its path. */
static void test_libc_brought(void **state)
{
	static const struct row loader[] = {
		{ .path = "lib/ld-musl-x86_64.so.1", LOADABLE, "" },
		{ .path = "p", LOADABLE, "", .form = ELF_PROGRAM, .interpreter = "/lib/ld-musl-x86_64.so.1" },
		{ .path = "x.so", LOADABLE, "", .needs = "libc.musl-x86_64.so.1" },
		{ .path = "y.so", LOADABLE, "", .needs = "libc.so" },
	};
	static const struct row by_soname[] = {
		{ .path = "lib/a.so", LOADABLE, "", .soname = "libc.musl-x86_64.so.1", .linked = true },
		{ .path = "lib/b.so", LOADABLE, "", .soname = "libc.so.7", .linked = true },
		{ .path = "x.so", LOADABLE, "", .needs = "libc.musl-x86_64.so.1" },
		{ .path = "y.so", LOADABLE, "", .needs = "libc.so.7" },
	};
	static const struct row for_another[] = {
		{ .path = "a/libc.musl-x86_64.so.1",
		  OTHER_MACHINE,
		  "arm64",
		  .machine = EM_AARCH64,
		  .linked = false },
		{ .path = "b/libc.musl-x86_64.so.1",
		  LOADABLE,
		  "",
		  .form = ELF_OBJECT,
		  .machine = EM_AARCH64 },
		{ .path = "c/ld-musl-aarch64.so.1", OTHER_MACHINE, "arm64", .machine = EM_AARCH64 },
		{ .path = "d/libc.musl-x86_64.so.1", OTHER_SYSTEM, "Windows", .format = BINARY_PE },
		{ .path = "x.so", OTHER_LIBC, "musl", .needs = "libc.musl-x86_64.so.1" },
	};

	(void)state;
	all_is(loader, COUNT(loader), ARCH_X86_64, 13);
	all_is(by_soname, COUNT(by_soname), ARCH_X86_64, 13);
	all_is(for_another, COUNT(for_another), ARCH_X86_64, 13);
}

/* Where too many have the name, it may be one of them. */
static void test_libc_many(void **state)
{
	enum { LOOKED_AT = 16 };
	struct row rows[LOOKED_AT + 2] = { { .path = "x.so", OTHER_LIBC, "musl", .needs = "libc.so" } };

	(void)state;
	for (size_t i = 1; i < COUNT(rows); i++)
		rows[i] = (struct row){ .path = "libc.so", OTHER_MACHINE, "arm64", .machine = EM_AARCH64 };
	all_is(rows, COUNT(rows) - 1, ARCH_X86_64, 13);
	rows[0] = (struct row){ .path = "x.so", LOADABLE, "", .needs = "libc.so" };
	for (size_t i = 1; i < COUNT(rows); i++)
		rows[i].linked = true;
	all_is(rows, COUNT(rows), ARCH_X86_64, 13);
}

/* An extension module of that name, on a Python. */
static const struct {
	const char *path;
	enum arch arch;
	unsigned minor;
	enum unloadable why;
	const char *what;
} modules[] = {
	{ "p/x.so", X86, 13, LOADABLE, "" },
	{ "p/x.abi3.so", X86, 13, LOADABLE, "" },
	{ "p/x.cpython-313-x86_64-linux-gnu.so", X86, 13, LOADABLE, "" },
	{ "p/x.cpython-313-x86_64-linux-gnu.so", X86, 0, LOADABLE, "" },
	{ "p/x.cpython-313-x86_64-linux-gnu.so", ARCH_ANY, 13, LOADABLE, "" },
	{ "p/x.cpython-312-x86_64-linux-gnu.so", X86, 13, OTHER_PYTHON, "CPython 3.12" },
	{ "p/x.cpython-312-x86_64-linux-gnu.so", ARCH_ANY, 13, OTHER_PYTHON, "CPython 3.12" },
	{ "p/x.cpython-314-x86_64-linux-gnu.so", X86, 13, OTHER_PYTHON, "CPython 3.14" },
	{ "p/x.cpython-31-x86_64-linux-gnu.so", X86, 13, OTHER_PYTHON, "CPython 3.1" },
	{ "p/x.cpython-313t-x86_64-linux-gnu.so", X86, 13, OTHER_BUILD, "free-threaded CPython 3.13" },
	{ "p/x.cpython-314t-x86_64-linux-gnu.so", X86, 0, OTHER_BUILD, "free-threaded CPython 3.14" },
	{ "p/x.cpython-313td-x86_64-linux-gnu.so", X86, 13, OTHER_BUILD, "free-threaded CPython 3.13" },
	{ "p/x.cpython-313d-x86_64-linux-gnu.so", X86, 13, OTHER_BUILD, "debug CPython 3.13" },
	{ "p/x.cpython-313-aarch64-linux-gnu.so", X86, 13, OTHER_MACHINE, "arm64" },
	{ "p/x.cpython-313-i386-linux-gnu.so", X86, 13, OTHER_MACHINE, "another machine" },
	{ "p/x.cpython-313-x86_64-linux-gnux32.so", X86, 13, OTHER_MACHINE, "another machine" },
	{ "p/x.cpython-313-x86_64-linux-musl.so", X86, 13, OTHER_LIBC, "musl" },
	{ "p/x.cpython-312-darwin.so", X86, 12, OTHER_SYSTEM, "macOS" },
	{ "p/x.cpython-313-x86_64-linux-android.so", X86, 13, OTHER_SYSTEM, "Android" },
	{ "p/x.cpython-313-iphoneos.so", X86, 13, OTHER_SYSTEM, "another system" },
	{ "p/x.cpython-313-wasm32-emscripten.so", X86, 13, OTHER_SYSTEM, "another system" },
	{ "p/x.cp313-win_amd64.pyd", X86, 13, OTHER_SYSTEM, "Windows" },
	{ "p/x.pyd", X86, 13, OTHER_SYSTEM, "Windows" },
	{ "p/x.pypy310-pp73-x86_64-linux-gnu.so", X86, 10, OTHER_PYTHON, "PyPy 3.10" },
	{ "p/x.pypy310-pp73-x86_64-linux-gnu.so", X86, 0, OTHER_PYTHON, "PyPy 3.10" },
	{ "p/x.pypy310-pp73-darwin.so", X86, 10, OTHER_SYSTEM, "macOS" },
	{ "p/x.graalpy240-311-native-x86_64-linux.so", X86, 11, OTHER_PYTHON, "GraalPy" },
	/* pymalloc */
	{ "p/x.cpython-37m-x86_64-linux-gnu.so", X86, 7, LOADABLE, "" },
	{ "p/x.cpython-37-x86_64-linux-gnu.so", X86, 7, OTHER_BUILD, "another CPython 3.7" },
	{ "p/x.cpython-38-x86_64-linux-gnu.so", X86, 8, LOADABLE, "" },
	{ "p/x.cpython-38m-x86_64-linux-gnu.so", X86, 8, OTHER_BUILD, "another CPython 3.8" },
	{ "p/x.cpython-37m-x86_64-linux-gnu.so", X86, 13, OTHER_PYTHON, "CPython 3.7" },
	{ "p/x.cpython-37m-x86_64-linux-gnu.so", X86, 0, LOADABLE, "" },
	/* The stable ABI's newer names. */
	{ "p/x.abi3t.so", X86, 15, LOADABLE, "" },
	{ "p/x.abi3t.so", X86, 0, LOADABLE, "" },
	{ "p/x.abi3t.so", X86, 14, OTHER_PYTHON, "CPython 3.15 or later" },
	{ "p/x.abi3-x86_64-linux-gnu.so", X86, 15, LOADABLE, "" },
	{ "p/x.abi3-x86_64-linux-gnu.so", X86, 13, OTHER_PYTHON, "CPython 3.15 or later" },
	{ "p/x.abi3-aarch64-linux-gnu.so", X86, 15, OTHER_MACHINE, "arm64" },
	{ "p/x.abi3t-x86_64-linux-gnu.so", X86, 15, LOADABLE, "" },
	/* Where the tag leaves it open. */
	{ "p/x.cpython-313.so", X86, 13, LOADABLE, "" },
	{ "p/x.cpython-3.so", X86, 13, LOADABLE, "" },
	{ "p/x.cpython-27.so", X86, 13, LOADABLE, "" },
	{ "p/x.v2.so", X86, 13, LOADABLE, "" },
	{ "p.cpython-312-x86_64-linux-gnu.so/x.so", X86, 13, LOADABLE, "" },
	{ "p/cpython-312-x86_64-linux-gnu.so", X86, 13, LOADABLE, "" },
	{ "p/libx.cpython-39-x86_64-linux-gnu.so.5.15", X86, 13, LOADABLE, "" },
};

static void test_tags(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(modules); i++) {
		struct row row = { .path = modules[i].path,
				   .why = modules[i].why,
				   .what = modules[i].what,
				   .python = true };

		each_is(&row, 1, modules[i].arch, modules[i].minor);
	}
}

/* What importlib.machinery.EXTENSION_SUFFIXES is on x86-64; printed by each, that of 3.15 from its source. */
static void test_suffixes(void **state)
{
	static const struct {
		unsigned minor;
		const char *tagged;
	} pythons[] = {
		{ 6, ".cpython-36m-x86_64-linux-gnu.so" },  { 7, ".cpython-37m-x86_64-linux-gnu.so" },
		{ 8, ".cpython-38-x86_64-linux-gnu.so" },   { 9, ".cpython-39-x86_64-linux-gnu.so" },
		{ 10, ".cpython-310-x86_64-linux-gnu.so" }, { 11, ".cpython-311-x86_64-linux-gnu.so" },
		{ 12, ".cpython-312-x86_64-linux-gnu.so" }, { 13, ".cpython-313-x86_64-linux-gnu.so" },
		{ 15, ".cpython-315-x86_64-linux-gnu.so" },
	};
	static const struct {
		const char *suffix;
		unsigned since;
	} stable[] = {
		{ ".so", 0 },
		{ ".abi3.so", 0 },
		{ ".abi3-x86_64-linux-gnu.so", 15 },
		{ ".abi3t.so", 15 },
		{ ".abi3t-x86_64-linux-gnu.so", 15 },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(pythons); i++) {
		unsigned minor = pythons[i].minor;
		struct str tag = loadable_tag(minor, ARCH_X86_64, &arena);

		assert_string_equal(str_fmt(&arena, ".%.*s.so", STR_ARG(tag)).ptr, pythons[i].tagged);
		for (size_t j = 0; j < COUNT(pythons); j++) {
			struct row row = { .path = str_fmt(&arena, "x%s", pythons[j].tagged).ptr,
					   .why = i == j ? LOADABLE : OTHER_PYTHON,
					   .python = true };

			each_is(&row, 1, ARCH_X86_64, minor);
		}
		for (size_t j = 0; j < COUNT(stable); j++) {
			struct row row = { .path = str_fmt(&arena, "x%s", stable[j].suffix).ptr,
					   .why = minor >= stable[j].since ? LOADABLE : OTHER_PYTHON,
					   .python = true };

			each_is(&row, 1, ARCH_X86_64, minor);
		}
	}
	assert_string_equal(loadable_tag(13, ARCH_ARM64, &arena).ptr, "cpython-313-aarch64-linux-gnu");
	assert_int_equal(loadable_tag(0, ARCH_X86_64, &arena).len, 0);
	assert_int_equal(loadable_tag(13, ARCH_ANY, &arena).len, 0);
	arena_free(&arena);
}

/* What defines no PyInit_ is opened by path, and may have been named by a build tool. */
static void test_plain_libraries(void **state)
{
	static const struct row rows[] = {
		{ .path = "libx.cpython-312-x86_64-linux-gnu.so", LOADABLE, "" },
		{ .path = "libx.cpython-313t-x86_64-linux-gnu.so", LOADABLE, "" },
		{ .path = "libx.cpython-312-darwin.so", LOADABLE, "" },
		{ .path = "x.pyd", LOADABLE, "" },
		{ .path = "x.cpython-312-x86_64-linux-gnu.so",
		  OTHER_MACHINE,
		  "arm64",
		  .machine = EM_AARCH64 },
		/* cffi's modules have another function there. */
		{ .path = "_c.pypy310-pp73-x86_64-linux-gnu.so", OTHER_PYTHON, "PyPy 3.10" },
		{ .path = "p.cpython-312-x86_64-linux-gnu.so",
		  LOADABLE,
		  "",
		  .python = true,
		  .form = ELF_PROGRAM },
	};

	(void)state;
	each_is(rows, COUNT(rows), ARCH_X86_64, 13);
}

/* ld.so knows no tags: what a loadable file needs by name is loaded; what only a dead one needs is not. */
static void test_linked(void **state)
{
	static const struct row rows[] = {
		{ .path = "a.cpython-312-x86_64-linux-gnu.so",
		  LOADABLE,
		  "",
		  .python = true,
		  .linked = true,
		  .needs = "d/b.cpython-312-x86_64-linux-gnu.so" },
		{ .path = "b.cpython-312-x86_64-linux-gnu.so",
		  LOADABLE,
		  "",
		  .python = true,
		  .linked = true,
		  .needs = "by-soname.so" },
		{ .path = "c.cpython-312-x86_64-linux-gnu.so",
		  LOADABLE,
		  "",
		  .python = true,
		  .linked = true,
		  .soname = "by-soname.so",
		  .needs = "by-soname.so" },
		{ .path = "dead.cpython-312-x86_64-linux-gnu.so",
		  OTHER_PYTHON,
		  "CPython 3.12",
		  .python = true,
		  .needs = "dead2.cpython-312-x86_64-linux-gnu.so dead.cpython-312-x86_64-linux-gnu.so" },
		{ .path = "dead2.cpython-312-x86_64-linux-gnu.so",
		  OTHER_PYTHON,
		  "CPython 3.12",
		  .python = true },
		{ .path = "e/a.cpython-312-x86_64-linux-gnu.so",
		  LOADABLE,
		  "",
		  .python = true,
		  .linked = true },
		{ .path = "libplain.so",
		  LOADABLE,
		  "",
		  .needs = "libc.so.6 a.cpython-312-x86_64-linux-gnu.so m.so" },
		{ .path = "m.so",
		  OTHER_MACHINE,
		  "arm64",
		  .machine = EM_AARCH64,
		  .linked = true,
		  .needs = "dead2.cpython-312-x86_64-linux-gnu.so" },
	};
	struct world world;

	(void)state;
	all_is(rows, COUNT(rows), ARCH_X86_64, 13);
	/* The same when it is asked of one, and when it is judged again. */
	world_build(&world, rows, COUNT(rows));
	(void)loadable_all(&world.libraries, ARCH_ARM64, 11, &world.arena);
	(void)loadable_all(&world.libraries, ARCH_X86_64, 13, &world.arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct loadable found = loadable_judge(&world.libraries, &world.libraries.list.at[i],
						       ARCH_X86_64, 13, &world.arena);

		verdict_is(&rows[i], &found);
		assert_int_equal(world.libraries.list.at[i].linked, rows[i].linked);
	}
	arena_free(&world.arena);
}

/* Auxiliary objects and filters are loaded by name, too. */
static void test_linked_otherwise(void **state)
{
	static const struct row rows[] = {
		{ .path = "a.cpython-312-x86_64-linux-gnu.so", LOADABLE, "", .python = true },
		{ .path = "b.cpython-312-x86_64-linux-gnu.so", LOADABLE, "", .python = true },
		{ .path = "libplain.so", LOADABLE, "" },
	};
	struct world world;
	struct elf_object *elf;
	struct loadable *found;

	(void)state;
	world_build(&world, rows, COUNT(rows));
	elf = &world.libraries.list.at[2].elf;
	*vec_push(&world.arena, &elf->auxiliary) = str_of(rows[0].path);
	*vec_push(&world.arena, &elf->filters) = str_of(rows[1].path);
	found = loadable_all(&world.libraries, ARCH_X86_64, 13, &world.arena);
	for (size_t i = 0; i < COUNT(rows); i++)
		verdict_is(&rows[i], &found[i]);
	arena_free(&world.arena);
}

/* Many of one name that all need each other: each chain is walked once. Takes minutes where it is not. */
static void test_many(void **state)
{
	enum { MANY = 50000 };
	struct row *rows = calloc(MANY, sizeof(*rows));
	struct arena arena = { 0 };
	struct world world;
	struct loadable *found;

	(void)state;
	assert_non_null(rows);
	for (size_t i = 0; i < MANY; i++)
		rows[i] = (struct row){ .path = str_fmt(&arena, "%zu/x.so", i).ptr,
					.soname = "y.so",
					.needs = "x.so y.so libc.so libc.musl-x86_64.so.1" };
	rows[0].path = "libc.so";
	world_build(&world, rows, MANY);
	found = loadable_all(&world.libraries, ARCH_X86_64, 13, &world.arena);
	assert_int_equal(found[MANY - 1].why, LOADABLE);
	assert_true(world.libraries.list.at[1].linked);
	arena_free(&world.arena);
	arena_free(&arena);
	free(rows);
}

static void arch_is(enum arch arch, const struct row *rows, size_t count)
{
	struct world world;

	world_build(&world, rows, count);
	assert_int_equal(loadable_arch(&world.libraries), arch);
	arena_free(&world.arena);
}

#define ARCH_IS(arch, ...)                                                                                   \
	arch_is(arch, (const struct row[]){ __VA_ARGS__ }, COUNT(((const struct row[]){ __VA_ARGS__ })))
#define ROW(...)                                                                                             \
	{                                                                                                    \
		.path = __VA_ARGS__                                                                          \
	}

static void test_arch(void **state)
{
	(void)state;
	arch_is(ARCH_ANY, NULL, 0);
	ARCH_IS(ARCH_X86_64, ROW("x.so"));
	ARCH_IS(ARCH_ARM64, ROW("x.so", .machine = EM_AARCH64));
	ARCH_IS(ARCH_ANY, ROW("x.so"), ROW("y.so", .machine = EM_AARCH64));
	/* Tagged extension modules are surer. */
	ARCH_IS(ARCH_ARM64, ROW("x.so"), ROW("z.so"),
		ROW("y.cpython-313-aarch64-linux-gnu.so", .machine = EM_AARCH64));
	ARCH_IS(ARCH_X86_64, ROW("x.abi3-x86_64-linux-gnu.so"), ROW("y.so", .machine = EM_AARCH64));
	ARCH_IS(ARCH_ANY, ROW("x.cpython-313-x86_64-linux-gnu.so"), ROW("x.so"),
		ROW("y.cpython-313-aarch64-linux-gnu.so", .machine = EM_AARCH64));
	/* By content, where names are wrong. */
	ARCH_IS(ARCH_ARM64, ROW("x.cpython-313-x86_64-linux-gnu.so", .machine = EM_AARCH64));
	/* Neither tells. */
	ARCH_IS(ARCH_X86_64, ROW("x.so"), ROW("y.cpython-313-darwin.so", .format = BINARY_MACHO));
	ARCH_IS(ARCH_X86_64, ROW("x.so"), ROW("y.cpython-313-darwin.so", .machine = EM_AARCH64), ROW("z.so"),
		ROW("z.cpython-313-x86_64-linux-gnu.so"));
	ARCH_IS(ARCH_X86_64, ROW("x.so"), ROW("y.so", .machine = EM_386, .is32 = true));
	ARCH_IS(ARCH_X86_64, ROW("x.so"), ROW("p", .machine = EM_AARCH64, .form = ELF_PROGRAM));
	ARCH_IS(ARCH_X86_64, ROW("x.so"),
		ROW("y.cpython-313-i386-linux-gnu.so", .machine = EM_386, .is32 = true));
	ARCH_IS(ARCH_ANY, ROW("x.so", .machine = EM_386, .is32 = true));
}

/* What a WHEEL file with these lines is on Python 3.13, x86-64, glibc 2.26. */
static const struct {
	const char *text;
	enum wheel_fit fit;
	const char *tag;
} wheels[] = {
	{ "", WHEEL_FITS, "" },
	{ "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n\n", WHEEL_FITS, "py3-none-any" },
	{ "Tag: py2.py3-none-any", WHEEL_FITS, "py2.py3-none-any" },
	{ "tag:\tpy3-none-any \r\n", WHEEL_FITS, "py3-none-any" },
	{ "Tag: py2-none-any", WHEEL_OTHER_PYTHON, "py2-none-any" },
	{ "Tag: py38-none-any", WHEEL_FITS, "py38-none-any" },
	{ "Tag: py313-none-any", WHEEL_FITS, NULL },
	{ "Tag: py314-none-any", WHEEL_OTHER_PYTHON, "py314-none-any" },
	{ "Tag: cp313-cp313-manylinux_2_17_x86_64", WHEEL_FITS, "cp313-cp313-manylinux_2_17_x86_64" },
	{ "Tag: cp313-cp313-manylinux_2_26_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-cp313-manylinux_2_27_x86_64", WHEEL_TOO_NEW, NULL },
	{ "Tag: cp313-cp313-manylinux_3_1_x86_64", WHEEL_TOO_NEW, NULL },
	{ "Tag: cp313-cp313-manylinux_2_99999999999999999999_x86_64", WHEEL_TOO_NEW, NULL },
	{ "Tag: cp313-cp313-manylinux_2_4294967306_x86_64", WHEEL_TOO_NEW, NULL },
	{ "Tag: cp313-cp313-manylinux1_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-cp313-manylinux2010_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-cp313-manylinux2014_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-cp313-manylinux2014_aarch64", WHEEL_OTHER_MACHINE, NULL },
	{ "Tag: cp313-cp313-manylinux_2_28_aarch64", WHEEL_OTHER_MACHINE, NULL },
	{ "Tag: cp313-cp313-manylinux_2_17_i686", WHEEL_OTHER_MACHINE, NULL },
	{ "Tag: cp313-cp313-linux_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-cp313-linux_armv7l", WHEEL_OTHER_MACHINE, NULL },
	{ "Tag: cp313-cp313-macosx_11_0_arm64", WHEEL_OTHER_SYSTEM, NULL },
	{ "Tag: cp313-cp313-win_amd64", WHEEL_OTHER_SYSTEM, NULL },
	{ "Tag: cp313-cp313-musllinux_1_2_x86_64", WHEEL_OTHER_SYSTEM, NULL },
	{ "Tag: cp312-cp312-manylinux_2_17_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp313-cp313t-manylinux_2_17_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp313-cp312-manylinux_2_17_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp313-none-any", WHEEL_FITS, NULL },
	{ "Tag: cp312-none-any", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp313-abi3-manylinux2014_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp314-abi3-manylinux2014_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: py3-abi3-manylinux2014_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp313-abi3t-manylinux2014_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp312.cp313-cp312.cp313-manylinux2014_x86_64", WHEEL_FITS, NULL },
	{ "Tag: cp312.py3-none.cp313-any", WHEEL_FITS, NULL },
	{ "Tag: cp312-none.cp313-any", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: pp310-pypy310_pp73-manylinux_2_17_x86_64", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64", WHEEL_TOO_NEW, NULL },
	/* The best of several. */
	{ "Tag: cp313-cp313-manylinux_2_28_x86_64\nTag: cp313-cp313-manylinux_2_17_x86_64\n", WHEEL_FITS,
	  "cp313-cp313-manylinux_2_17_x86_64" },
	{ "Tag: cp313-cp313-win_amd64\nTag: cp313-cp313-manylinux_2_17_aarch64\n"
	  "Tag: cp312-cp312-manylinux_2_17_x86_64\nTag: cp313-cp313-manylinux_2_28_x86_64\n",
	  WHEEL_TOO_NEW, "cp313-cp313-manylinux_2_28_x86_64" },
	{ "Tag: cp313-cp313-win_amd64\nTag: cp313-cp313-manylinux_2_17_aarch64\n"
	  "Tag: cp312-cp312-manylinux_2_17_x86_64\n",
	  WHEEL_OTHER_PYTHON, "cp312-cp312-manylinux_2_17_x86_64" },
	{ "Tag: cp313-cp313-win_amd64\nTag: cp313-cp313-manylinux_2_17_aarch64\n", WHEEL_OTHER_MACHINE,
	  "cp313-cp313-manylinux_2_17_aarch64" },
	{ "Tag: cp313-cp313-macosx_10_9_x86_64\nTag: cp313-cp313-macosx_11_0_arm64\n", WHEEL_OTHER_SYSTEM,
	  "cp313-cp313-macosx_10_9_x86_64" },
	/* What is none. */
	{ "Tag: \nTag: py3\nTag: py3-none\nTag: py3-none-\nTag\nTags: cp27-none-any\n", WHEEL_FITS, "" },
	{ "Tag: cp313-cp313-manylinux_2_x86_64", WHEEL_OTHER_SYSTEM, NULL },
	{ "Tag: cp313-cp313-manylinux__17_x86_64", WHEEL_OTHER_SYSTEM, NULL },
	{ "Tag: cp3-cp3-any", WHEEL_OTHER_PYTHON, NULL },
	{ "Tag: ..-..-..", WHEEL_OTHER_SYSTEM, NULL },
};

static void test_wheels(void **state)
{
	struct platform platform = { .arch = ARCH_X86_64, .machine = EM_X86_64, .glibc = 26 };

	(void)state;
	for (size_t i = 0; i < COUNT(wheels); i++) {
		struct str tag;
		enum wheel_fit fit = loadable_wheel(str_of(wheels[i].text), &platform, 13, &tag);

		if (fit != wheels[i].fit)
			fail_msg("%s: %d, not %d", wheels[i].text, (int)fit, (int)wheels[i].fit);
		if (wheels[i].tag && !str_eq(tag, str_of(wheels[i].tag)))
			fail_msg("%s: tag %.*s", wheels[i].text, STR_ARG(tag));
	}
}

static void test_wheels_elsewhere(void **state)
{
	static const struct platform al2023_arm = { .machine = EM_AARCH64, .glibc = 34 };
	static const struct {
		const char *text;
		const struct platform *platform;
		unsigned minor;
		enum wheel_fit fit;
	} cases[] = {
		{ "Tag: cp37-cp37m-manylinux1_x86_64", NULL, 7, WHEEL_FITS },
		{ "Tag: cp312-cp312-manylinux_2_34_aarch64", &al2023_arm, 12, WHEEL_FITS },
		{ "Tag: cp312-cp312-manylinux_2_35_aarch64", &al2023_arm, 12, WHEEL_TOO_NEW },
		{ "Tag: cp312-cp312-manylinux_2_17_x86_64", &al2023_arm, 12, WHEEL_OTHER_MACHINE },
		{ "Tag: cp315-abi3t-manylinux_2_17_aarch64", &al2023_arm, 15, WHEEL_FITS },
		{ "Tag: cp315-abi3.abi3t-manylinux_2_17_aarch64", &al2023_arm, 15, WHEEL_FITS },
		/* What is not known is left open. */
		{ "Tag: cp312-cp312-manylinux_2_99_aarch64", NULL, 0, WHEEL_FITS },
		{ "Tag: cp312-cp312-manylinux_2_17_aarch64", NULL, 13, WHEEL_OTHER_PYTHON },
		{ "Tag: cp312-cp312-manylinux_2_17_aarch64", &al2023_arm, 0, WHEEL_FITS },
		{ "Tag: cp312-cp312t-manylinux_2_17_aarch64", NULL, 0, WHEEL_OTHER_PYTHON },
		{ "Tag: cp27-cp27mu-manylinux1_x86_64", NULL, 0, WHEEL_OTHER_PYTHON },
		{ "Tag: cp312-cp312-manylinux_2_17_s390x", NULL, 0, WHEEL_OTHER_MACHINE },
		{ "Tag: cp312-cp312-win32", NULL, 0, WHEEL_OTHER_SYSTEM },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str tag;
		enum wheel_fit fit =
			loadable_wheel(str_of(cases[i].text), cases[i].platform, cases[i].minor, &tag);

		if (fit != cases[i].fit)
			fail_msg("%s: %d, not %d", cases[i].text, (int)fit, (int)cases[i].fit);
	}
}

/* Sets of tags are not multiplied out: it would not end. */
static void test_wheel_long(void **state)
{
	enum { PARTS = 100000 };
	static char text[5 + 3 * PARTS * 3 + 1] = "Tag: ";
	size_t len = 5;
	struct str tag;

	(void)state;
	for (size_t i = 0; i < (size_t)3 * PARTS; i++, len += 3)
		memcpy(text + len, (i + 1) % PARTS ? "x9." : "x9-", 3);
	text[len - 1] = '\n';
	assert_int_equal(loadable_wheel(str_of(text), NULL, 13, &tag), WHEEL_OTHER_SYSTEM);
	assert_int_equal(tag.len, len - 6);
}

static void test_tag_parts(void **state)
{
	static const struct {
		const char *path;
		enum python_kind kind;
		unsigned minor;
		const char *flags;
		const char *platform;
	} cases[] = {
		{ "a/x.cpython-313t-x86_64-linux-gnu.so", PYTHON_CPYTHON, 13, "t", "x86_64-linux-gnu" },
		{ "x.cp313-win_amd64.pyd", PYTHON_CPYTHON, 13, "", "win_amd64" },
		{ "x.cp313-win_amd64.so", PYTHON_UNTAGGED, 0, "", "" },
		{ "x.cpython-312-darwin.so", PYTHON_CPYTHON, 12, "", "darwin" },
		{ "x.cpython-37m.so", PYTHON_CPYTHON, 7, "m", "" },
		{ "x.pypy39-pp73-x86_64-linux-gnu.so", PYTHON_PYPY, 9, "", "x86_64-linux-gnu" },
		{ "x.pypy39-pp73.so", PYTHON_PYPY, 9, "", "" },
		{ "x.abi3.so", PYTHON_STABLE, 0, "", "" },
		{ "x.abi3-x86_64-linux-gnu.so", PYTHON_STABLE, 0, "", "x86_64-linux-gnu" },
		{ "x.abi3t.so", PYTHON_STABLE_THREADED, 0, "", "" },
		{ "x.abi3t-x86_64-linux-gnu.so", PYTHON_STABLE_THREADED, 0, "", "x86_64-linux-gnu" },
		{ "x.abi3x.so", PYTHON_UNTAGGED, 0, "", "" },
		{ "x.so", PYTHON_UNTAGGED, 0, "", "" },
		{ "x", PYTHON_UNTAGGED, 0, "", "" },
		{ "so", PYTHON_UNTAGGED, 0, "", "" },
		{ "", PYTHON_UNTAGGED, 0, "", "" },
		{ "abi3.so", PYTHON_UNTAGGED, 0, "", "" },
		{ "x.cpython-313-x.so.1", PYTHON_UNTAGGED, 0, "", "" },
		{ "x.cpython-313-x.so/", PYTHON_UNTAGGED, 0, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct python_tag tag = python_tag_parse(str_of(cases[i].path));

		if (tag.kind != cases[i].kind || tag.minor != cases[i].minor ||
		    !str_eq(tag.flags, str_of(cases[i].flags)) ||
		    !str_eq(tag.platform, str_of(cases[i].platform)))
			fail_msg("%s: %d 3.%u '%.*s' '%.*s'", cases[i].path, (int)tag.kind, tag.minor,
				 STR_ARG(tag.flags), STR_ARG(tag.platform));
	}
	/* Only what Python on Linux takes tells for which one a bundle is. */
	assert_int_equal(python_tag_of_extension(STR("x.cp313-win_amd64.pyd")), 0);
	assert_int_equal(python_tag_of_extension(STR("x.pypy310-pp73-x86_64-linux-gnu.so")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine),	   cmocka_unit_test(test_system),
		cmocka_unit_test(test_libc),	   cmocka_unit_test(test_libc_brought),
		cmocka_unit_test(test_libc_many),  cmocka_unit_test(test_tags),
		cmocka_unit_test(test_suffixes),   cmocka_unit_test(test_plain_libraries),
		cmocka_unit_test(test_linked),	   cmocka_unit_test(test_linked_otherwise),
		cmocka_unit_test(test_many),	   cmocka_unit_test(test_arch),
		cmocka_unit_test(test_wheels),	   cmocka_unit_test(test_wheels_elsewhere),
		cmocka_unit_test(test_wheel_long), cmocka_unit_test(test_tag_parts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
