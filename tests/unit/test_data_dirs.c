/* scan/data_dirs.h: which directory of modules data belongs to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/data_dirs.h"
#include "scan_bundle.h"

/* A content of "*" is one that a rule would drop. */
static const struct entry function[] = {
	{ "a/b/__init__.py", "" }, { "a/b/c/d/e.txt", "" },
	{ "a/b/lib.so", "" },	   { "a/b/plain.cpython-313-x86_64-linux-gnu.so", "" },
	{ "a/b/x.txt", "" },	   { "a/b/y.txt", "*" },
	{ "a/b-c/z.txt", "" },	   { "a/z.txt", "" },
	{ "app.py", "" },	   { "app.txt", "" },
	{ "n/b/mod.py", "" },	   { "n/b/x.txt", "" },
	{ "n/none/b/mod.py", "" }, { 0 },
};
static const struct entry layer[] = {
	{ "python/a/b/mod.py", "" },
	{ "python/a/b/x.txt", "" },
	{ "python/top.txt", "" },
	{ "python/top.py", "" },
	{ 0 },
};

struct fixture {
	struct package package;
	struct modules modules;
	struct data_dirs dirs;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	bool *opposed;

	if (!f)
		return -1;
	package_add(&f->package, function);
	package_add(&f->package, layer);
	f->package.bundle.trees.at[1].role = TREE_LAYER;
	opposed = arena_array(&f->package.arena, bool, f->package.bundle.files.len);
	for (size_t i = 0; i < f->package.bundle.files.len; i++)
		opposed[i] = f->package.entries[i]->content[0] == '*';
	modules_index(&f->modules, &f->package.bundle, &f->package.arena);
	data_dirs_build(&f->dirs, &f->package.bundle, &f->modules, opposed, &f->package.arena);
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

/* The directory of the file, or "none". */
static void assert_of(const struct fixture *f, uint32_t tree, const char *path, const char *expected)
{
	uint32_t file = bundle_find(&f->package.bundle, tree, str_of(path));
	uint32_t dir = file == NO_FILE ? 0 : f->dirs.of[file];
	struct str found = dir == UINT32_MAX ? STR("none") : f->dirs.list.at[dir].path;

	assert_int_not_equal(file, NO_FILE);
	if (!str_eq(found, str_of(expected)))
		fail_msg("%s: '%.*s', not '%s'", path, STR_ARG(found), expected);
}

static void data_belongs_to_the_nearest(void **state)
{
	const struct fixture *f = *state;

	assert_of(f, 0, "a/b/__init__.py", "a/b");
	assert_of(f, 0, "a/b/x.txt", "a/b");
	assert_of(f, 0, "a/b/c/d/e.txt", "a/b");
	assert_of(f, 0, "a/b/y.txt", "none");
	assert_of(f, 0, "a/z.txt", "none");
	assert_of(f, 0, "a/b-c/z.txt", "none");
	assert_of(f, 0, "app.py", "");
	assert_of(f, 0, "app.txt", "none");
	assert_of(f, 0, "n/b/x.txt", "n/b");
	assert_of(f, 1, "python/a/b/x.txt", "python/a/b");
	assert_of(f, 1, "python/top.txt", "none");
}

static void a_plain_library_is_data_too(void **state)
{
	const struct fixture *f = *state;
	const struct bundle *bundle = &f->package.bundle;
	const struct data_dir *dir = &f->dirs.list.at[data_dirs_at(&f->dirs, 0, STR("a/b"))];

	assert_int_equal(dir->files.len, 3);
	assert_true(str_eq(bundle->files.at[dir->files.at[0]].path, STR("a/b/c/d/e.txt")));
	assert_true(str_eq(bundle->files.at[dir->files.at[1]].path, STR("a/b/lib.so")));
	assert_true(str_eq(bundle->files.at[dir->files.at[2]].path, STR("a/b/x.txt")));
	assert_true(str_eq(bundle->files.at[dir->module].path, STR("a/b/__init__.py")));
}

static void names_lead_to_those_with_data(void **state)
{
	const struct fixture *f = *state;
	uint32_t dir = data_dirs_named(&f->dirs, STR("b"));
	size_t count = 0;

	for (; dir != UINT32_MAX; dir = f->dirs.list.at[dir].next, count++)
		assert_true(f->dirs.list.at[dir].files.len > 0);
	assert_int_equal(count, 3);
	assert_int_equal(data_dirs_named(&f->dirs, STR("a")), UINT32_MAX);
	assert_int_equal(data_dirs_named(&f->dirs, STR("")), UINT32_MAX);
}

static void paths_are_of_one_tree(void **state)
{
	const struct fixture *f = *state;

	assert_int_not_equal(data_dirs_at(&f->dirs, 0, STR("a/b")), UINT32_MAX);
	assert_int_not_equal(data_dirs_at(&f->dirs, 1, STR("python/a/b")), UINT32_MAX);
	assert_int_equal(data_dirs_at(&f->dirs, 1, STR("a/b")), UINT32_MAX);
	assert_int_equal(data_dirs_at(&f->dirs, 0, STR("a")), UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(data_belongs_to_the_nearest, setup, teardown),
		cmocka_unit_test_setup_teardown(a_plain_library_is_data_too, setup, teardown),
		cmocka_unit_test_setup_teardown(names_lead_to_those_with_data, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_are_of_one_tree, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
