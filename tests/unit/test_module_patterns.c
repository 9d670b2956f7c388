/* scan/module_patterns: which modules a computed name may mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/module_patterns.h"
#include "scan_bundle.h"

struct world {
	struct package package;
	struct modules modules;
	char seen[1024];
};

static const struct entry entries[] = {
	{ "app/__init__.py", "" },
	{ "app/main.py", "" },
	{ "app/db/__init__.py", "" },
	{ "app/db/models.py", "" },
	{ "app/db/back/a_x.py", "" },
	{ "app/db/back/b_x.py", "" },
	{ "app/db/back/b/a_x.py", "" },
	{ "app/v3_1.py", "" },
	{ "app/v3_1/impl.py", "" },
	{ "app/v4.py", "" },
	{ "db/extra.py", "" },
	{ "top.py", "" },
	{ NULL, NULL },
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	package_add(&world->package, entries);
	modules_index(&world->modules, &world->package.bundle, &world->package.arena);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	arena_free(&world->package.arena);
	free(world);
	return 0;
}

static void see(void *ctx, uint32_t module)
{
	struct world *world = ctx;
	struct str name = world->modules.list.at[module].name;
	size_t len = strlen(world->seen);

	(void)snprintf(world->seen + len, sizeof(world->seen) - len, "%s%.*s", len ? " " : "", STR_ARG(name));
}

static void assert_match(void **state, const char *pattern, const char *package, const char *self,
			 bool relative, const char *expected)
{
	struct world *world = *state;
	size_t visits;

	world->seen[0] = 0;
	visits = PATTERN_VISITS;
	modules_match(&world->modules, str_of(pattern), modules_find(&world->modules, str_of(package)),
		      modules_find(&world->modules, str_of(self)), relative, &visits, see, world);
	if (strcmp(world->seen, expected) != 0)
		fail_msg("%s in %s: '%s', not '%s'", pattern, package, world->seen, expected);
}

static void test_visits(void **state)
{
	struct world *world = *state;
	size_t visits = 2;

	world->seen[0] = 0;
	modules_match(&world->modules, STR("app.\1"), NO_MODULE, NO_MODULE, false, &visits, see, world);
	assert_string_equal(world->seen, "app.db app.main");
	assert_int_equal(visits, 0);
}

static void test_plain(void **state)
{
	assert_match(state, "app.db", "", "", false, "app.db");
	assert_match(state, "app.db.models.User.name", "", "", false, "app.db.models");
	assert_match(state, "app.db.models.User.name.x", "", "", false, "");
	assert_match(state, "top", "", "", false, "top");
	assert_match(state, "top.name", "", "", false, "");
	assert_match(state, "db.models", "app", "", true, "app.db.models");
	assert_match(state, "db.models", "app", "", false, "");
	assert_match(state, "nothing", "app", "", true, "");
	assert_match(state, "not.there", "app.db", "", true, "");
	assert_match(state, ".db", "app", "", false, "app.db");
	assert_match(state, "..main", "app.db", "", false, "app.main");
	assert_match(state, "...main", "app.db", "", false, "");
	assert_match(state, ".main", "", "", false, "");
	assert_match(state, "", "app", "", true, "");
	assert_match(state, "\003.main", "app", "app.main", false, "app.main");
	assert_match(state, "\002.models", "app", "app.db", false, "app.db.models");
}

static void test_holes(void **state)
{
	assert_match(state, "app.\001", "", "", false, "app.db app.main app.v3_1 app.v4");
	assert_match(state, "app.v\001", "", "", false, "app.v3_1 app.v4");
	assert_match(state, "app.db.\001", "", "", false, "app.db.back app.db.models");
	assert_match(state, "app.\001.models", "", "", false, "app.db.models");
	assert_match(state, "app.\001_x", "", "", false, "app.db.back.a_x app.db.back.b.a_x app.db.back.b_x");
	assert_match(state, "app.db.back.\001.a\001", "", "", false, "app.db.back.b.a_x");
	assert_match(state, "app.v\001_\001", "", "", false, "app.v3_1");
	assert_match(state, "app.\001a\001", "", "", false,
		     "app.db.back app.db.back.a_x app.db.back.b.a_x app.main");
	assert_match(state, "app.v\001.impl", "", "", false, "app.v3_1.impl");
	assert_match(state, "\003.v\001", "app", "", false, "app.v3_1 app.v4");
	assert_match(state, "\002.\001\001", "app", "app.db", false, "app.db.back app.db.models");
	assert_match(state, ".\001", "app.db", "", false, "app.db.back app.db.models");
	assert_match(state, "..v\001", "app.db", "", false, "app.v3_1 app.v4");
	assert_match(state, "v\001", "app", "", true, "app.v3_1 app.v4");
	assert_match(state, "db.\001", "app", "", true, "db.extra app.db.back app.db.models");
}

static void test_without_constant_head(void **state)
{
	assert_match(state, "\001", "", "", false, "");
	assert_match(state, "\001.models", "", "", false, "");
	assert_match(state, "a\001", "", "", false, "");
	assert_match(state, "a\001", "", "", true, "app");
	assert_match(state, "\001op", "", "", true, "top");
	assert_match(state, "a\001.x", "", "", true, "");
	assert_match(state, "top.\001", "", "", false, "");
	assert_match(state, "nothing.\001", "", "", false, "");
	assert_match(state, "\002.x", "", "", false, ""); /* no name is known */
	assert_match(state, "\003.main", "", "", false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_visits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_holes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_constant_head, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
