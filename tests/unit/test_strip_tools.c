/*
 * Stripping of what real tools make: gcc's libraries, and libraries that patchelf edited as auditwheel does,
 * which GNU strip breaks. Each result is loaded and called in a child process.
 */
#define _GNU_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools.h"
#include "transform/strip.h"

#define CC	"gcc -shared -fPIC -O1 -g3 -o "
#define FIFTY	"0123456789012345678901234567890123456789abcdefghij"
#define HUNDRED FIFTY FIFTY

enum { ANSWER = 42, FILE_MAX = 8 << 20 };

/*
 * Static initialisers, thread-local storage, a table of pointers to relocate and a large .bss; -g3 turns the
 * headers' macros into debug information.
 */
static const char *const source =
	"#include <signal.h>\n#include <sys/socket.h>\n#include <unistd.h>\n"
	"static int started;\n"
	"static __thread int local = 30;\n"
	"static char space[1 << 20];\n"
	"static int ten(void) { return 10; }\n"
	"static int two(void) { return 2; }\n"
	"int (*const table[])(void) = { ten, two };\n"
	"__attribute__((constructor)) static void start(void) { started = 1; space[4096] = 1; }\n"
	"int answer(void) { return started && space[4096] ? local + table[0]() + table[1]() : 0; }\n";

static int make_directory(void **state)
{
	static char directory[] = "/tmp/slim-strip-XXXXXX";
	FILE *file;

	*state = directory;
	if (!mkdtemp(directory) || chdir(directory) != 0)
		return -1;
	file = fopen("a.c", "w");
	if (!file)
		return -1;
	return fputs(source, file) >= 0 && fclose(file) == 0 ? 0 : -1;
}

static struct bytes read_file(const char *path)
{
	uint8_t *at = malloc(FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(at);
	assert_non_null(file);
	len = fread(at, 1, FILE_MAX, file);
	assert_int_equal(fclose(file), 0);
	assert_true(len > 0 && len < FILE_MAX);
	return (struct bytes){ at, len };
}

static size_t size_of(const char *path)
{
	struct bytes content = read_file(path);

	free((void *)(uintptr_t)content.ptr);
	return content.len;
}

static void write_file(const char *path, const uint8_t *at, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(at, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Whether the library loads and its function gives the right answer. */
static bool works(const char *path)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		void *library = dlopen(path, RTLD_NOW);
		void *symbol = library ? dlsym(library, "answer") : NULL;
		int (*answer)(void);

		if (!symbol)
			_exit(1);
		memcpy(&answer, &symbol, sizeof(answer));
		_exit(answer() == ANSWER ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Strips `from` into `to`. */
static enum strip_verdict strip_file(const char *from, const char *to, enum strip_mode mode)
{
	struct bytes content = read_file(from);
	struct arena arena = { 0 };
	struct strip_plan plan = strip_plan(content, mode, &arena);

	if (plan.verdict == STRIP_CAN) {
		uint8_t *out = malloc(plan.size);

		assert_non_null(out);
		assert_true(strip_emit(&plan, content, out));
		write_file(to, out, plan.size);
		free(out);
	}
	arena_free(&arena);
	free((void *)(uintptr_t)content.ptr);
	return plan.verdict;
}

/* Strips it, and asks for a working library of less than half the size. */
static void assert_shrinks_and_works(const char *path)
{
	assert_true(works(path));
	assert_int_equal(strip_file(path, "./out.so", STRIP_AUTO), STRIP_CAN);
	assert_true(size_of("./out.so") < size_of(path) / 2);
	assert_true(works("./out.so"));
}

static void libraries_with_debug_information(void **state)
{
	static const char *const layouts[] = {
		"",
		"-Wl,-z,noseparate-code",
		"-Wl,-z,max-page-size=65536",
		"-Wl,--emit-relocs",
		"-gz=zlib",
		"-nostartfiles -Wl,-z,relro,-z,now",
	};
	char command[256];

	(void)state;
	need("gcc --version >/dev/null 2>&1");
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		(void)snprintf(command, sizeof(command), CC "a.so a.c %s", layouts[i]);
		assert_true(run(command));
		/* Compressed, it is not half of it. */
		if (strstr(layouts[i], "zlib") || strstr(layouts[i], "65536")) {
			assert_int_equal(strip_file("./a.so", "./out.so", STRIP_AUTO), STRIP_CAN);
			assert_true(works("./out.so"));
			continue;
		}
		assert_shrinks_and_works("./a.so");
	}
}

static void debug_mode_leaves_symbols_to_profilers(void **state)
{
	(void)state;
	need("gcc --version >/dev/null 2>&1 && nm --version >/dev/null 2>&1");
	assert_true(run(CC "a.so a.c"));
	assert_int_equal(strip_file("./a.so", "./out.so", STRIP_DEBUG), STRIP_CAN);
	assert_true(size_of("./out.so") < size_of("./a.so") / 2);
	assert_true(works("./out.so"));
	assert_true(run("nm out.so | grep -q ' t ten'"));
	assert_true(run("nm a.so >a.nm && nm out.so | cmp -s - a.nm"));
	assert_int_equal(strip_file("./a.so", "./all.so", STRIP_AUTO), STRIP_CAN);
	assert_true(size_of("./all.so") < size_of("./out.so"));
	assert_false(run("nm all.so 2>/dev/null | grep -q ten"));
}

/* As auditwheel edits a library that it brings along, here with names too long to fit in place. */
static void libraries_that_patchelf_edited(void **state)
{
	(void)state;
	need("gcc --version >/dev/null 2>&1 && patchelf --version >/dev/null 2>&1");
	assert_true(run(CC "a.so a.c && patchelf --set-soname lib" HUNDRED ".so a.so"));
	assert_shrinks_and_works("./a.so");
	assert_true(run("patchelf --set-soname b.so a.so"));
	assert_shrinks_and_works("./a.so");
	assert_true(run("patchelf --force-rpath --set-rpath '$ORIGIN/" HUNDRED "' a.so"));
	assert_shrinks_and_works("./a.so");
	assert_true(run("patchelf --force-rpath --set-rpath '$ORIGIN/" HUNDRED HUNDRED "' a.so"));
	assert_shrinks_and_works("./a.so");
}

/*
 * The reason for all this: on the same library GNU strip either fails, or breaks it, or is no better. (A
 * newer strip may be right: then this tells so, and nothing more.)
 */
static void strip_breaks_what_patchelf_edited(void **state)
{
	(void)state;
	need("gcc --version >/dev/null 2>&1 && patchelf --version >/dev/null 2>&1 && "
	     "strip --version >/dev/null 2>&1");
	assert_true(run(CC "a.so a.c && patchelf --set-soname lib" HUNDRED ".so a.so && "
			   "patchelf --set-soname b.so a.so && "
			   "patchelf --force-rpath --set-rpath '$ORIGIN/" HUNDRED "' a.so"));
	assert_shrinks_and_works("./a.so");
	if (run("strip -o gnu.so a.so"))
		print_message("# strip: %zu to %zu bytes, %s; slim: %zu bytes, works\n", size_of("./a.so"),
			      size_of("./gnu.so"), works("./gnu.so") ? "works" : "broken",
			      size_of("./out.so"));
	/* What strip left unloadable is called so. */
	if (!works("./gnu.so"))
		assert_int_equal(strip_file("./gnu.so", "./out.so", STRIP_AUTO), STRIP_BROKEN);
}

static void libraries_of_another_machine(void **state)
{
	(void)state;
	need("aarch64-linux-gnu-gcc --version >/dev/null 2>&1");
	assert_true(run("aarch64-linux-gnu-gcc -shared -fPIC -g3 -o arm.so a.c"));
	assert_int_equal(strip_file("./arm.so", "./out.so", STRIP_AUTO), STRIP_CAN);
	assert_true(size_of("./out.so") < size_of("./arm.so"));
	assert_int_equal(strip_file("./out.so", "./again.so", STRIP_AUTO), STRIP_NOTHING);
}

static void object_files_are_left_alone(void **state)
{
	(void)state;
	need("gcc --version >/dev/null 2>&1");
	assert_true(run("gcc -g -c -o a.o a.c"));
	assert_int_equal(strip_file("./a.o", "./out.so", STRIP_AUTO), STRIP_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_with_debug_information),
		cmocka_unit_test(debug_mode_leaves_symbols_to_profilers),
		cmocka_unit_test(libraries_that_patchelf_edited),
		cmocka_unit_test(strip_breaks_what_patchelf_edited),
		cmocka_unit_test(libraries_of_another_machine),
		cmocka_unit_test(object_files_are_left_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
