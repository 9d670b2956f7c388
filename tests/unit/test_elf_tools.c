/*
 * What ELF files say of themselves, of real ones: what compilers make, for this machine and another, and the
 * libraries of this system; compared with readelf to the last name.
 */
#define _GNU_SOURCE /* mkdtemp, dl_iterate_phdr */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <glob.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/elf_object.h"
#include "tools.h"

enum { WANTED_MAX = 1 << 16, FILES_MAX = 40 };

static const char *const base_source =
	"int answer(void) { return 42; }\nint newer(void) { return 1; }\nint PyInit_x(void) { return 0; }\n";

static const char *const user_source =
	"extern int answer(void), newer(void) __attribute__((weak));\n"
	"static __thread char space[100] __attribute__((tls_model(\"initial-exec\")));\n"
	"int PyInit_user(void) { return answer() + newer() + space[0]++; }\n"
	"__asm__(\".pushsection .note.dlopen,\\\"a\\\",%note\\n.balign 4\\n.long 4, 2f - 1f, "
	"0x407c0c0a\\n\"\n"
	"\".asciz \\\"FDO\\\"\\n1: .asciz "
	"\\\"[{\\\\\\\"soname\\\\\\\":[\\\\\\\"libz.so.1\\\\\\\"]}]\\\"\\n\"\n"
	"\"2: .balign 4\\n.popsection\");\n";

static const char *const versions =
	"V1 { global: answer; PyInit_x; local: *; };\nV2 { global: newer; } V1;\n";

/* A file in memory, and what was read from it; released by release(). */
struct trial {
	struct bytes file;
	struct arena arena;
	struct elf_object object;
};

static void release(struct trial *trial)
{
	if (trial->file.ptr)
		(void)munmap((void *)(uintptr_t)trial->file.ptr, trial->file.len);
	arena_free(&trial->arena);
}

#define TRIAL __attribute__((cleanup(release))) struct trial

static bool write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

static int make_directory(void **state)
{
	static char directory[] = "/tmp/slim-elf-XXXXXX";

	*state = directory;
	return mkdtemp(directory) && chdir(directory) == 0 && write_text("base.c", base_source) &&
			       write_text("user.c", user_source) && write_text("base.map", versions)
		       ? 0
		       : -1;
}

static struct trial read_path(const char *path)
{
	struct trial trial = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *at;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(at != MAP_FAILED);
	assert_int_equal(close(fd), 0);
	trial.file = (struct bytes){ at, (size_t)st.st_size };
	elf_object_read(trial.file, &trial.arena, &trial.object);
	return trial;
}

static void tell(FILE *out, const char *what, const struct str *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)fprintf(out, "%s %.*s\n", what, STR_ARG(at[i]));
}

static void tell_wanted(FILE *out, struct trial *trial, const struct elf_version *version)
{
	struct str *names = arena_array(&trial->arena, struct str, WANTED_MAX);
	size_t found = elf_object_wanting(trial->file, *version, names, WANTED_MAX, &trial->arena);

	(void)fprintf(out, "want %.*s %.*s %s\n", STR_ARG(version->file), STR_ARG(version->name),
		      version->weak ? "WEAK" : "none");
	for (size_t i = 0; i < found; i++)
		(void)fprintf(out, "symbol %.*s %.*s\n", STR_ARG(version->name), STR_ARG(names[i]));
}

/* In the words of theirs(). */
static void mine(struct trial *trial, const char *path)
{
	const struct elf_object *object = &trial->object;
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	tell(out, "SONAME", &object->soname, object->soname.len > 0);
	tell(out, "RPATH", &object->rpath, object->has_rpath);
	tell(out, "RUNPATH", &object->runpath, object->has_runpath);
	tell(out, "NEEDED", object->needed.at, object->needed.len);
	tell(out, "AUXILIARY", object->auxiliary.at, object->auxiliary.len);
	tell(out, "FILTER", object->filters.at, object->filters.len);
	tell(out, "define", object->defines.at, object->defines.len);
	for (size_t i = 0; i < object->wants.len; i++)
		tell_wanted(out, trial, &object->wants.at[i]);
	assert_int_equal(fclose(out), 0);
}

/* readelf's answer in lines of one fact. */
static void theirs(const char *path)
{
	static const char *const dynamic =
		"readelf -dW '%s' | sed -nE "
		"'s/.*\\((NEEDED|SONAME|RPATH|RUNPATH|AUXILIARY|FILTER)\\).*\\[(.*)\\]$/\\1 \\2/p' >theirs";
	static const char *const version = "readelf -VW '%s' | awk '/: Version: 1  File: /{file = $5}\n"
					   "/ Name: .* Version: [0-9]+$/{print \"want\", file, $3, $5}\n"
					   "/: Rev: 1 / && $5 != \"BASE\" {print \"define\", $NF}' >>theirs";
	static const char *const symbol =
		"readelf --dyn-syms -W '%s' | "
		"sed -nE 's/.* UND (.*)@(.*) \\([0-9]+\\)$/symbol \\2 \\1/p' >>theirs";
	char command[8192];

	(void)snprintf(command, sizeof(command), dynamic, path);
	assert_true(run(command));
	(void)snprintf(command, sizeof(command), version, path);
	assert_true(run(command));
	(void)snprintf(command, sizeof(command), symbol, path);
	assert_true(run(command));
}

/* Both sides sorted: readelf tells symbols by their numbers, slim by their versions. */
static void assert_like_readelf(const char *path)
{
	TRIAL t = read_path(path);

	if (t.object.form != ELF_SHARED && t.object.form != ELF_PROGRAM)
		fail_msg("%s: %s", path, t.object.broken);
	if (t.object.broken)
		fail_msg("%s: %s", path, t.object.broken);
	mine(&t, "mine");
	theirs(path);
	assert_true(run("for f in mine theirs; do LC_ALL=C sort $f >$f.sorted; done"));
	if (!run("diff theirs.sorted mine.sorted"))
		fail_msg("%s differs", path);
}

struct paths {
	char *at[FILES_MAX];
	size_t len;
};

static int add_loaded(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct paths *paths = ctx;

	(void)size;
	if (info->dlpi_name[0] == '/' && paths->len < FILES_MAX)
		paths->at[paths->len++] = strdup(info->dlpi_name);
	return 0;
}

/* Those that this program runs on. */
static void libraries_of_this_system(void **state)
{
	struct paths paths = { 0 };
	char *program;

	(void)state;
	need("readelf --version >/dev/null 2>&1");
	(void)dl_iterate_phdr(add_loaded, &paths);
	assert_true(paths.len >= 2);
	for (size_t i = 0; i < paths.len; i++) {
		assert_like_readelf(paths.at[i]);
		free(paths.at[i]);
	}
	program = realpath("/proc/self/exe", NULL);
	assert_like_readelf(program);
	free(program);
}

static void libraries_of_another_machine(void **state)
{
	glob_t found;

	(void)state;
	need("readelf --version >/dev/null 2>&1");
	if (glob("/usr/aarch64-linux-gnu/lib/*.so.*", 0, NULL, &found) != 0)
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++)
		assert_like_readelf(found.gl_pathv[i]);
	globfree(&found);
}

#define SHARED " -shared -fPIC -nostdlib "
#define BASE   SHARED "-Wl,-soname,libbase.so.1,--version-script=base.map -o libbase.so base.c"

static void what_a_linker_is_told(void **state)
{
	static const char *const hashes[] = { "gnu", "sysv", "both" };
	char command[512];

	(void)state;
	need("gcc --version >/dev/null 2>&1 && readelf --version >/dev/null 2>&1");
	assert_true(run("gcc" BASE));
	assert_like_readelf("libbase.so");
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(command, sizeof(command),
			       "gcc" SHARED
			       "-Wl,--hash-style=%s,-rpath,'$ORIGIN',--disable-new-dtags,-f,libaux.so,"
			       "-F,libfilter.so,-z,nodefaultlib,-z,nodlopen -o user.so user.c libbase.so",
			       hashes[i]);
		assert_true(run(command));
		assert_like_readelf("user.so");

		TRIAL t = read_path("user.so");

		assert_true(t.object.no_open && t.object.no_default_dirs && t.object.static_tls);
		assert_int_equal(t.object.tls, 100);
		assert_int_equal(t.object.dlopens.len, 1);
		assert_true(str_eq(t.object.dlopens.at[0].sonames[0], STR("libz.so.1")));
		assert_true(t.object.has_rpath && t.object.filters.len == 1 && t.object.auxiliary.len == 1);
		assert_true(elf_object_has_symbol(t.file, STR("PyInit_user")));
		assert_false(elf_object_has_symbol(t.file, STR("answer")));
		assert_true(elf_object_has_prefix(t.file, STR("PyInit_")));
		assert_false(elf_object_has_prefix(t.file, STR("answer")));
	}
}

/* Enough symbols for many buckets, by either hash. */
static void every_symbol_is_found(void **state)
{
	static const char *const hashes[] = { "gnu", "sysv" };
	char command[256];
	char name[64];
	FILE *file = fopen("many.c", "w");

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 300; i++)
		(void)fprintf(file, "int a_long_name_of_a_function_%d(void) { return 0; }\n", i * i);
	assert_int_equal(fclose(file), 0);
	need("gcc --version >/dev/null 2>&1");
	for (size_t h = 0; h < 2; h++) {
		(void)snprintf(command, sizeof(command), "gcc" SHARED "-Wl,--hash-style=%s -o many.so many.c",
			       hashes[h]);
		assert_true(run(command));

		TRIAL t = read_path("many.so");

		for (int i = 0; i < 300; i++) {
			struct str symbol = { name, (size_t)snprintf(name, sizeof(name),
								     "a_long_name_of_a_function_%d", i * i) };

			assert_true(elf_object_has_symbol(t.file, symbol));
			symbol.len--;
			assert_true(elf_object_has_prefix(t.file, symbol));
		}
		assert_false(elf_object_has_symbol(t.file, STR("a_long_name_of_a_function_2")));
	}
}

static void machines_of_other_kinds(void **state)
{
	(void)state;
	need("aarch64-linux-gnu-gcc --version >/dev/null 2>&1");
	assert_true(run("aarch64-linux-gnu-gcc" BASE));
	{
		TRIAL t = read_path("libbase.so");

		assert_int_equal(t.object.machine, EM_AARCH64);
		assert_true(t.object.form == ELF_SHARED && t.object.is64 && !t.object.broken);
		assert_int_equal(t.object.defines.len, 2);
		assert_true(elf_object_has_symbol(t.file, STR("newer")));
	}
	need("gcc -m32" BASE " 2>/dev/null");
	{
		TRIAL t = read_path("libbase.so");

		assert_int_equal(t.object.machine, EM_386);
		assert_true(t.object.form == ELF_SHARED && !t.object.is64 && !t.object.broken);
		assert_true(elf_object_has_symbol(t.file, STR("newer")));
	}
}

static void assert_form(const char *command, enum elf_form form)
{
	need(command);

	TRIAL t = read_path("out");

	if (t.object.form != form)
		fail_msg("%s: form %d", command, (int)t.object.form);
	assert_null(t.object.broken);
}

static void forms(void **state)
{
	(void)state;
	need("gcc --version >/dev/null 2>&1");
	assert_true(run("echo 'int main(void) { return 0; }' >main.c"));
	assert_form("gcc -o out main.c", ELF_PROGRAM);
	assert_form("gcc -no-pie -o out main.c", ELF_PROGRAM);
	assert_form("gcc -static -o out main.c 2>/dev/null", ELF_PROGRAM);
	assert_form("gcc -c -o out main.c", ELF_OBJECT);
	assert_form("gcc -g -shared -fPIC -o out base.c", ELF_SHARED);
	assert_form("objcopy --only-keep-debug out debug && mv debug out", ELF_DEBUG);
	assert_form("gcc -g -shared -fPIC -o lib base.c && eu-strip -f out lib 2>/dev/null", ELF_DEBUG);
	assert_form("gcc -g -o program main.c && objcopy --only-keep-debug program out", ELF_DEBUG);
}

static void what_newer_linkers_make(void **state)
{
	(void)state;
	need("gcc -shared -fPIC -Wl,-z,x86-64-v3 -o out base.c 2>/dev/null");
	{
		TRIAL t = read_path("out");

		assert_int_equal(t.object.isa & 4, 4);
	}
	assert_true(write_text("t.c", "#include <stdlib.h>\nstatic int one(void) { return abs(1); }\n"
				      "int (*const table[])(void) = { one, one };\n"));
	need("gcc -shared -fPIC -fno-builtin -nostdlib -Wl,-z,pack-relative-relocs -o out t.c 2>/dev/null && "
	     "readelf -dW out | grep -q RELR");
	{
		TRIAL t = read_path("out");

		assert_int_equal(t.object.form, ELF_SHARED);
		assert_non_null(t.object.broken);
	}
	need("gcc -shared -fPIC -fno-builtin -Wl,-z,pack-relative-relocs -o out t.c 2>/dev/null && "
	     "readelf -VW out | grep -q GLIBC_ABI_DT_RELR");
	{
		TRIAL t = read_path("out");

		assert_null(t.object.broken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_symbol_is_found),	cmocka_unit_test(libraries_of_this_system),
		cmocka_unit_test(libraries_of_another_machine), cmocka_unit_test(what_a_linker_is_told),
		cmocka_unit_test(machines_of_other_kinds),	cmocka_unit_test(forms),
		cmocka_unit_test(what_newer_linkers_make),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
