/* platform/stdlib: which names are there without the package. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "platform/stdlib.h"

static int setup(void **state)
{
	static struct arena arena;

	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void load(struct stdlib *stdlib, struct arena *arena)
{
	struct err err;

	if (stdlib_load(stdlib, arena, &err) != 0)
		fail_msg("%s", err.msg);
}

static void test_names(void **state)
{
	struct stdlib stdlib = { 0 };

	load(&stdlib, *state);
	for (unsigned minor = 8; minor <= 15; minor++) {
		assert_true(stdlib_has(&stdlib, minor, STR("asyncio")));
		assert_true(stdlib_has(&stdlib, minor, STR("sys")));
		assert_int_equal(stdlib_has(&stdlib, minor, STR("distutils")), minor < 12);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("imp")), minor < 12);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("cgi")), minor < 13);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("tomllib")), minor >= 11);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("zoneinfo")), minor >= 9);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("formatter")), minor < 10);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("annotationlib")), minor >= 14);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("compression")), minor >= 14);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("profiling")), minor >= 15);
		assert_int_equal(stdlib_has(&stdlib, minor, STR("sre_parse")), minor < 15);
		assert_false(stdlib_has(&stdlib, minor, STR("boto3")));
		assert_false(stdlib_has(&stdlib, minor, STR("yaml")));
		assert_true(stdlib_is_builtin(&stdlib, minor, STR("sys")));
		assert_true(stdlib_is_builtin(&stdlib, minor, STR("time")));
		assert_true(stdlib_is_builtin(&stdlib, minor, STR("os")));
		assert_false(stdlib_is_builtin(&stdlib, minor, STR("json")));
		assert_int_equal(stdlib_is_builtin(&stdlib, minor, STR("runpy")), minor >= 11);
		assert_true(runtime_has(&stdlib, minor, STR("boto3")));
		assert_false(runtime_has(&stdlib, minor, STR("json")));
		assert_int_equal(runtime_has(&stdlib, minor, STR("snapshot_restore_py")), minor >= 12);
	}
	assert_true(stdlib_has(&stdlib, 0, STR("distutils")));
	assert_true(stdlib_has(&stdlib, 0, STR("profiling")));
	assert_true(stdlib_is_builtin(&stdlib, 0, STR("runpy")));
	assert_false(stdlib_has(&stdlib, 0, STR("requests")));
	assert_false(stdlib_has(&stdlib, 0, STR("")));
	assert_true(stdlib_has(&stdlib, 99, STR("json")));
	assert_false(stdlib_has(&stdlib, 99, STR("distutils")));
}

/* Every row is sorted in, is a name, and is true of some Python that Lambda has or had. */
static void test_rows(void **state)
{
	struct stdlib stdlib = { 0 };
	size_t rows = 0;

	load(&stdlib, *state);
	for (size_t i = 0; i < runtime_file_count; i++) {
		struct str text = { runtime_files[i].text, runtime_files[i].len };
		struct str before = STR("");

		while (text.len) {
			struct str line;
			struct str name;
			struct str rest;
			bool used = false;

			assert_true(str_cut(text, '\n', &line, &text));
			(void)str_cut(line, ' ', &name, &rest);
			if (line.len == 0 || line.ptr[0] == '#')
				continue;
			rows++;
			if (str_cmp(before, name) >= 0)
				fail_msg("%.*s is out of order", STR_ARG(name));
			before = name;
			for (size_t c = 0; c < name.len; c++)
				if (!isalnum((unsigned char)name.ptr[c]) && name.ptr[c] != '_')
					fail_msg("%.*s is no name", STR_ARG(name));
			for (unsigned minor = 8; minor <= 15; minor++) {
				used |= stdlib_has(&stdlib, minor, name) || runtime_has(&stdlib, minor, name);
				if (stdlib_is_builtin(&stdlib, minor, name))
					assert_true(stdlib_has(&stdlib, minor, name));
			}
			if (!used)
				fail_msg("%.*s is in no Python", STR_ARG(name));
		}
	}
	assert_int_equal(rows, stdlib.names.len);
	assert_in_range(rows, 300, 500);
}

static void test_form(void **state)
{
	static const char *const good[] = {
		"a",	       "a 8-11",     "a 11-",	       "a 9",	  "a fixed", "a 8-11 fixed 9-10",
		"a fixed 11-", "a provided", "a provided 12-", "# a ? !", ""
	};
	static const char *const bad[] = {
		"a b",	 "a 8-7",	 "a 8-8",     "a -8",	     "a 64",
		"a 100", "a 8-11x",	 "a fixed x", "a 8 9",	     "a provided fixed",
		" a",	 "a 8 fixed 9x", "a\na",      "a fixed 9 10"
	};
	struct err err;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct stdlib stdlib = { 0 };

		if (stdlib_parse(&stdlib, *state, STR("f"), str_of(good[i]), &err) != 0)
			fail_msg("%s", err.msg);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct stdlib stdlib = { 0 };

		if (stdlib_parse(&stdlib, *state, STR("f"), str_of(bad[i]), &err) == 0)
			fail_msg("'%s' was taken", bad[i]);
	}
	{
		struct stdlib stdlib = { 0 };

		assert_int_equal(stdlib_parse(&stdlib, *state, STR("f"), STR("a\n\nb ?\n"), &err), -1);
		assert_non_null(strstr(err.msg, "f:3: "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_form, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
