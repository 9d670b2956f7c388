/* scan/entry_points.h: groups and what their entries name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/entry_points.h"

static const char first[] = "orphan = a:b\n"
			    "[console_scripts]\n"
			    "tool = pkg.cli:main [extra]\n"
			    "\n"
			    "[ a.group ]\r\n"
			    "  one =  pkg.one : f.g  \r\n"
			    "# two = pkg.two:f\n"
			    "no equals sign\n"
			    "three=pkg.three [extra]\n"
			    "[gui_scripts]\n"
			    "window = pkg.win:main\n"
			    "[]\n"
			    "four = pkg.four\n"
			    "[other]\n"
			    "five =";
static const char second[] = "[a.group]\nsix = more.six:f = g\n";

/* "name=module@file:line" of every entry of the group. */
static void describe(const struct entry_points *points, const char *group, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (uint32_t i = entry_points_group(points, str_of(group)); i != UINT32_MAX;
	     i = points->list.at[i].next) {
		const struct entry_point *point = &points->list.at[i];

		len += (size_t)snprintf(out + len, room - len, "%s%.*s=%.*s@%u:%u", len ? " " : "",
					STR_ARG(point->name), STR_ARG(point->module), point->file,
					point->line);
	}
}

static void groups_are_found(void **state)
{
	struct entry_points points = { 0 };
	struct arena arena = { 0 };
	char out[512];

	(void)state;
	assert_int_equal(entry_points_group(&points, STR("a.group")), UINT32_MAX);
	entry_points_add(&points, 7, STR(""), &arena);
	entry_points_add(&points, 8, str_of(first), &arena);
	entry_points_add(&points, 9, str_of(second), &arena);
	describe(&points, "a.group", out, sizeof(out));
	assert_string_equal(out, "six=more.six@9:2 three=pkg.three@8:9 one=pkg.one@8:6");
	describe(&points, "other", out, sizeof(out));
	assert_string_equal(out, "five=@8:15");
	describe(&points, "console_scripts", out, sizeof(out));
	assert_string_equal(out, "");
	describe(&points, "", out, sizeof(out));
	assert_string_equal(out, "");
	assert_int_equal(points.list.len, 4);
	arena_free(&arena);
}

static void programs_are_told_apart(void **state)
{
	struct entry_points points = { 0 };
	struct arena arena = { 0 };

	(void)state;
	entry_points_add(&points, 8, str_of(first), &arena);
	assert_non_null(map_get(&points.scripts, STR("tool")));
	assert_non_null(map_get(&points.scripts, STR("window")));
	assert_null(map_get(&points.scripts, STR("one")));
	assert_null(map_get(&points.scripts, STR("orphan")));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_found),
		cmocka_unit_test(programs_are_told_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
