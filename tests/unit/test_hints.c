/* scan/hints.h: names with '*' over the module table, and which hints a module brings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/hints.h"
#include "scan_bundle.h"

static const struct entry entries[] = {
	{ "app/__init__.py", "" }, { "app/back/a_x.py", "" },
	{ "app/back/b_x.py", "" }, { "app/back/deep/a_x.py", "" },
	{ "app/models.py", "" },   { "db/models.py", "" },
	{ "top.py", "" },	   { 0 },
};

struct fixture {
	struct package package;
	struct knowledge knowledge;
	struct imports imports;
	char seen[1024];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	package_add(&f->package, entries);
	f->imports.knowledge = &f->knowledge;
	modules_index(&f->imports.modules, &f->package.bundle, &f->package.arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(&f->package.arena);
	free(f);
	return 0;
}

static void put(struct fixture *f, struct str name, const char *id)
{
	size_t len = strlen(f->seen);

	(void)snprintf(f->seen + len, sizeof(f->seen) - len, "%s%.*s%s", len ? " " : "", STR_ARG(name), id);
}

static void see(void *ctx, uint32_t module)
{
	struct fixture *f = ctx;

	put(f, f->imports.modules.list.at[module].name, "");
}

static void see_hint(void *ctx, uint32_t module, const struct hint *hint)
{
	struct fixture *f = ctx;

	put(f, f->imports.modules.list.at[module].name, hint->id.ptr);
}

static void see_child(void *ctx, struct str name, const struct hint *hint)
{
	struct fixture *f = ctx;

	put(f, str_fmt(&f->package.arena, "+%.*s", STR_ARG(name)), hint->id.ptr);
}

static void assert_expands(struct fixture *f, const char *package, const char *glob, const char *expected)
{
	f->seen[0] = '\0';
	hints_expand(&f->imports.modules, modules_find(&f->imports.modules, str_of(package)), str_of(glob),
		     see, f);
	if (strcmp(f->seen, expected) != 0)
		fail_msg("%s of %s: '%s', not '%s'", glob, package, f->seen, expected);
}

static void globs_expand(void **state)
{
	struct fixture *f = *state;

	assert_expands(f, "", "app.models", "app.models");
	assert_expands(f, "", "app.gone", "");
	assert_expands(f, "app", "back.b_x", "app.back.b_x");
	assert_expands(f, "", "*", "app db top");
	assert_expands(f, "", "*.models", "app.models db.models");
	assert_expands(f, "app", "*", "app.back app.models");
	assert_expands(f, "app", "back.*_x", "app.back.a_x app.back.b_x");
	assert_expands(f, "app", "*.*", "app.back.a_x app.back.b_x app.back.deep");
	assert_expands(f, "app", "b*c*", "app.back");
	assert_expands(f, "app", "**",
		       "app.back app.back.a_x app.back.b_x app.back.deep app.back.deep.a_x app.models");
	assert_expands(f, "app", "back.**", "app.back.a_x app.back.b_x app.back.deep app.back.deep.a_x");
	assert_expands(f, "app.back.deep", "*", "app.back.deep.a_x");
	assert_expands(f, "top", "*", "");
	assert_expands(f, "top", "**", "");
	assert_expands(f, "app", "", "");
}

static void assert_applies(struct fixture *f, const char *name, const char *expected)
{
	f->seen[0] = '\0';
	hints_apply(&f->imports, str_of(name), modules_find(&f->imports.modules, str_of(name)), see_hint,
		    see_child, f);
	if (strcmp(f->seen, expected) != 0)
		fail_msg("%s: '%s', not '%s'", name, f->seen, expected);
}

static void hints_match_names(void **state)
{
	struct fixture *f = *state;
	struct arena *arena = &f->package.arena;
	struct hint *hint = vec_push(arena, &f->knowledge.hints);

	*hint = (struct hint){ .id = STR("@1") };
	*vec_push(arena, &hint->modules) = STR("app.back");
	*vec_push(arena, &hint->modules) = STR("app.*");
	*vec_push(arena, &hint->modules) = STR("zoneinfo");
	*vec_push(arena, &hint->imports) = STR(".models");
	*vec_push(arena, &hint->imports) = STR("top");
	*vec_push(arena, &hint->children) = STR("admin");
	hint = vec_push(arena, &f->knowledge.hints);
	*hint = (struct hint){ .id = STR("@2") };
	*vec_push(arena, &hint->modules) = STR("app.back.**");
	*vec_push(arena, &hint->imports) = STR("db.models");
	assert_applies(f, "app", "");
	/* Both of its patterns match, once each hint; '.' is the package itself. */
	assert_applies(f, "app.back", "top@1 +admin@1");
	assert_applies(f, "app.models", "app.models@1 top@1 +admin@1");
	assert_applies(f, "app.back.deep.a_x", "db.models@2");
	assert_applies(f, "zoneinfo", "top@1 +admin@1");
	assert_applies(f, "zoneinfo.x", "");
	assert_applies(f, "top", "");
}

static void call_files_are_found(void **state)
{
	struct fixture *f = *state;
	struct arena *arena = &f->package.arena;
	static const struct call_file files[] = { { 5, 0, STR_INIT("a") },
						  { 6, 0, STR_INIT("b") },
						  { 7, 0, STR_INIT("b") },
						  { 1, 1, STR_INIT("b") } };

	assert_int_equal(hints_call_file(&f->knowledge, 0, STR("a")), 0);
	for (size_t i = 0; i < 4; i++)
		*vec_push(arena, &f->knowledge.call_files) = files[i];
	assert_int_equal(hints_call_file(&f->knowledge, 0, STR("")), 0);
	assert_int_equal(hints_call_file(&f->knowledge, 0, STR("a")), 0);
	assert_int_equal(hints_call_file(&f->knowledge, 0, STR("b")), 1);
	assert_int_equal(hints_call_file(&f->knowledge, 0, STR("c")), 3);
	assert_int_equal(hints_call_file(&f->knowledge, 1, STR("b")), 3);
	assert_int_equal(hints_call_file(&f->knowledge, 2, STR("")), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(globs_expand, setup, teardown),
		cmocka_unit_test_setup_teardown(call_files_are_found, setup, teardown),
		cmocka_unit_test_setup_teardown(hints_match_names, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
