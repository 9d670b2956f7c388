/* scan/path_names.h: paths in bytes that are files of the bundle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "scan/path_names.h"
#include "scan_bundle.h"

static const struct entry function[] = {
	{ "app.py", "" },
	{ "eyes/__init__.py", "" },
	{ "eyes/models/face.tflite", "x" },
	{ "eyes/models/a+b.x", "" },
	{ "eyes/source.py", "" },
	{ "python/in/layer.bin", "" },
	{ "python/in/__init__.py", "" },
	{ "top.bin", "" },
	{ NULL, NULL },
};

static const struct {
	const char *name;
	struct str text;
	const char *found;
} cases[] = {
	{ "between zero bytes", STR_INIT("\0eyes/models/face.tflite\0"), "eyes/models/face.tflite" },
	{ "all of the text", STR_INIT("eyes/models/face.tflite"), "eyes/models/face.tflite" },
	{ "in quotes", STR_INIT("open(\"eyes/models/a+b.x\")"), "eyes/models/a+b.x" },
	{ "two", STR_INIT("eyes/models/a+b.x\neyes/models/face.tflite"),
	  "eyes/models/a+b.x eyes/models/face.tflite" },
	{ "with a dot in front", STR_INIT("./eyes/models/face.tflite"), "eyes/models/face.tflite" },
	{ "below a directory of sys.path", STR_INIT("in/layer.bin"), "python/in/layer.bin" },
	{ "a longer path", STR_INIT("data/eyes/models/face.tflite"), "" },
	{ "a shorter one", STR_INIT("models/face.tflite"), "" },
	{ "an absolute one", STR_INIT("/eyes/models/face.tflite"), "" },
	{ "another name behind it", STR_INIT("eyes/models/face.tflite2"), "" },
	{ "a directory", STR_INIT("eyes/models/"), "" },
	{ "one component", STR_INIT("top.bin"), "" },
	{ "a module, which imports judge", STR_INIT("eyes/source.py"), "" },
	{ "out of the tree", STR_INIT("../../eyes/models/face.tflite"), "" },
	{ "slashes alone", STR_INIT("////////"), "" },
	{ "nothing", STR_INIT(""), "" },
};

struct seen {
	const struct bundle *bundle;
	struct buf out;
};

static void see(void *ctx, uint32_t file, struct str evidence)
{
	struct seen *seen = ctx;
	struct str path = seen->bundle->files.at[file].path;

	assert_true(evidence.len > 0 && evidence.len <= 512);
	buf_printf(&seen->out, "%s%.*s", seen->out.len ? " " : "", STR_ARG(path));
}

static void paths_are_found(void **state)
{
	struct package package = { 0 };
	struct modules modules = { 0 };

	(void)state;
	package_add(&package, function);
	modules_index(&modules, &package.bundle, &package.arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen = { &package.bundle, { .arena = &package.arena } };
		struct str found;

		path_names(&modules, 0, cases[i].text, see, &seen);
		found = buf_str(&seen.out);
		if (!str_eq(found, str_of(cases[i].found)))
			fail_msg("%s: \"%.*s\", not \"%s\"", cases[i].name, STR_ARG(found), cases[i].found);
	}
	arena_free(&package.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
