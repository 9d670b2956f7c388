/* transform/record.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "transform/record.h"

/* The name says the fate. */
static enum record_fate by_name(void *ctx, struct str path)
{
	(void)ctx;
	if (str_find(path, STR("gone")) >= 0)
		return RECORD_GONE;
	return str_find(path, STR("changed")) >= 0 ? RECORD_CHANGED : RECORD_KEEP;
}

struct record_case {
	const char *name;
	const char *before;
	const char *after; /* NULL: nothing is to be done */
};

static const struct record_case cases[] = {
	{ "nothing changes", "a.py,sha256=x,1\nd/RECORD,,\n", NULL },
	{ "a row goes", "a.py,sha256=x,1\ngone.py,sha256=y,2\nd/RECORD,,\n",
	  "a.py,sha256=x,1\nd/RECORD,,\n" },
	{ "first and last go", "gone1,,\na,,\ngone2,,\n", "a,,\n" },
	{ "bytes change", "changed.so,sha256=x,1\na.py,sha256=y,2\n", "changed.so,,\na.py,sha256=y,2\n" },
	{ "changed, already without hash", "changed.so,,\n", NULL },
	{ "CRLF stays", "a,,\r\ngone,,\r\nchanged,h,3\r\n", "a,,\r\nchanged,,\r\n" },
	{ "no line end", "a,,\nchanged,h,3", "a,,\nchanged,," },
	{ "quoted", "\"a,b\",h,1\n\"gone,x\",h,1\n\"changed\"\"y\",h,1\n",
	  "\"a,b\",h,1\n\"changed\"\"y\",,\n" },
	{ "quoted fate", "\"go\"\"ne\",h,1\ngone,h,1\n", "\"go\"\"ne\",h,1\n" },
	{ "empty lines stay", "a,,\n\ngone,,\n\n", "a,,\n\n\n" },
	{ "all go", "gone,,\n", "" },
	{ "empty", "", NULL },
	{ "prose", "This gone file is no RECORD.\n", NULL },
	{ "two fields", "gone,h\n", NULL },
	{ "four fields", "gone,h,1,x\n", NULL },
	{ "no path", ",h,1\ngone,h,1\n", NULL },
	{ "open quote", "a,h,1\n\"gone,h,1\n", NULL },
};

static void rewrites(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = { 0 };
		struct bytes out = { 0 };
		bool done =
			record_rewrite(bytes_of_str(str_of(cases[i].before)), by_name, NULL, &arena, &out);

		if (done != (cases[i].after != NULL))
			fail_msg("%s: returned %d", cases[i].name, done);
		if (done && !str_eq(str_of_bytes(out), str_of(cases[i].after)))
			fail_msg("%s: got %.*s", cases[i].name, STR_ARG(str_of_bytes(out)));
		if (done && record_rewrite(out, by_name, NULL, &arena, &out))
			fail_msg("%s: a second pass changes it again", cases[i].name);
		arena_free(&arena);
	}
}

static void refuses_nul(void **state)
{
	static const uint8_t text[] = "a,h,1\ngone,\0,1\n";
	struct arena arena = { 0 };
	struct bytes out;

	(void)state;
	assert_false(record_rewrite((struct bytes){ text, sizeof(text) - 1 }, by_name, NULL, &arena, &out));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rewrites),
		cmocka_unit_test(refuses_nul),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
