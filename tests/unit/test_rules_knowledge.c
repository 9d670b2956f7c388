/* Versions, and what the rules know of imports and calls beyond opinions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rules/rules.h"

/* --- versions: PEP 440 ------------------------------------------------------------------------------ */

static void test_order(void **state)
{
	/* Each less than the next. */
	static const char *const sorted[] = {
		"0.9",	      "1.0.dev1",
		"1.0a1.dev2", "1.0a1",
		"1.0a2",      "1.0b1",
		"1.0rc1",     "1.0rc10",
		"1.0",	      "1.0.post1.dev3",
		"1.0.post1",  "1.0.1",
		"1.2",	      "1.10",
		"2",	      "10.0",
		"1!0.1",      "1!99999999999999999999999",
	};
	enum { COUNT = sizeof(sorted) / sizeof(sorted[0]) };

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		for (size_t j = 0; j < COUNT; j++) {
			struct version a;
			struct version b;
			int order;

			assert_true(version_parse(str_of(sorted[i]), &a));
			assert_true(version_parse(str_of(sorted[j]), &b));
			order = version_cmp(&a, &b);
			if ((order < 0) != (i < j) || (order > 0) != (i > j))
				fail_msg("%s and %s: %d", sorted[i], sorted[j], order);
		}
}

static void test_spelling(void **state)
{
	static const char *const same[][2] = {
		{ "1.0", "1.0.0" },	  { "v1.0-RC.1", "1.0rc1" },  { "1.0c1", "1.0pre1" },
		{ "1.0-1", "1.0.post1" }, { "1.0_alpha_2", "1.0a2" }, { "1.0+cpu.1", "1.0" },
		{ "0!01.00", "1" },	  { "1.0a", "1.0a0" },	      { "1.0.r4", "1.0.post4" },
	};
	static const char *const wrong[] = {
		"", "x", ".1", "1..2", "1.0+", "1.0 x", "1.0.*", "1!", "1.0rc1x"
	};
	struct version a;
	struct version b;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(version_parse(str_of(same[i][0]), &a));
		assert_true(version_parse(str_of(same[i][1]), &b));
		if (version_cmp(&a, &b) != 0)
			fail_msg("%s is not %s", same[i][0], same[i][1]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (version_parse(str_of(wrong[i]), &a))
			fail_msg("'%s' is read", wrong[i]);
}

static void test_ranges(void **state)
{
	static const struct {
		const char *range;
		const char *version;
		bool holds;
	} cases[] = {
		{ ">=1.26,<3", "1.26.0", true },
		{ ">=1.26, < 3", "3.0", false },
		{ "<3", "3.0rc1", false },
		{ "<3", "3.0.dev1", false },
		{ "<3rc2", "3.0rc1", true },
		{ ">1.7", "1.7.post2", false },
		{ ">1.7.post1", "1.7.post2", true },
		{ ">1.7", "1.7.1", true },
		{ "==2.0", "2", true },
		{ "!=2.0", "2", false },
		{ "<=2.0", "2.0+local", true },
	};
	struct arena arena = { .chunk = NULL };
	struct version_range range = { .list = { 0 } };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		range.list.len = 0;
		assert_int_equal(version_range_parse(str_of(cases[i].range), &arena, &range, &err), 0);
		if (version_range_holds(&range, str_of(cases[i].version), !cases[i].holds) != cases[i].holds)
			fail_msg("%s for %s", cases[i].range, cases[i].version);
	}
	assert_true(version_range_holds(&range, STR("unknown"), true));
	assert_false(version_range_holds(&range, STR("unknown"), false));
	arena_free(&arena);
}

/* --- knowledge --------------------------------------------------------------------------------------- */

static const char rules[] = "rules:\n"
			    "  - id: t/any\n    because: b\n    see: https://x.org/\n"
			    "    modules: [zoneinfo]\n    imports: [tzdata, 'tzdata.**']\n"
			    "  - id: t/new\n    because: b\n    see: https://x.org/\n    dists: [web]\n"
			    "    versions: '>=2'\n    modules: [web.apps]\n    children: [models, 'cmd.*']\n"
			    "  - id: t/old\n    because: b\n    see: https://x.org/\n    dists: [web]\n"
			    "    versions: '<2'\n    modules: [web]\n    imports: [.extern]\n"
			    "  - id: t/calls\n    because: b\n    see: https://x.org/\n    dists: [sdk]\n"
			    "    drop: [/sdk/data/*/]\n    except: [examples.json]\n    reason: uncalled\n"
			    "    unless-called: [client]\n    argument: name\n    words: [sdk]\n"
			    "    ignore: [My_SDK]\n    always: [sts]\n"
			    "  - id: t/none\n    because: b\n    see: https://x.org/\n    dists: [absent]\n"
			    "    drop: [/x/]\n    reason: uncalled\n    unless-called: [f]\n";

static const struct {
	const char *path;
	uint32_t dist;
} files[] = {
	{ "app.py", NO_DIST },
	{ "python/sdk/data/endpoints.json", 0 },
	{ "python/sdk/data/s3/1/data/model.json", 0 },
	{ "python/sdk/data/s3/1/examples.json", 0 },
	{ "python/sdk/data/ec2/1/model.json", 0 },
	{ "python/web/__init__.py", 1 },
};

static void check(const struct knowledge *k)
{
	assert_int_equal(k->hints.len, 2);
	assert_true(str_eq(k->hints.at[0].id, STR("t/any")));
	assert_true(str_eq(k->hints.at[0].imports.at[1], STR("tzdata.**")));
	assert_true(str_eq(k->hints.at[1].id, STR("t/new")));
	assert_true(str_eq(k->hints.at[1].modules.at[0], STR("web.apps")));
	assert_true(str_eq(k->hints.at[1].children.at[1], STR("cmd.*")));
	assert_int_equal(k->calls.len, 1);
	assert_true(str_eq(k->calls.at[0].id, STR("t/calls")));
	assert_true(str_eq(k->calls.at[0].argument, STR("name")));
	assert_true(str_eq(k->calls.at[0].ignore.at[0], STR("my-sdk")));
	assert_true(str_eq(k->calls.at[0].always.at[0], STR("sts")));
	assert_int_equal(k->call_files.len, 2);
	assert_true(str_eq(k->call_files.at[0].name, STR("ec2")));
	assert_int_equal(k->call_files.at[0].file, 4);
	assert_true(str_eq(k->call_files.at[1].name, STR("s3")));
	assert_int_equal(k->call_files.at[1].file, 2);
}

static void test_knowledge(void **state)
{
	struct arena arena = { .chunk = NULL };
	struct ruleset set = { .arena = &arena };
	struct bundle bundle = { .arena = &arena };
	struct knowledge knowledge = { .hints = { 0 } };
	struct err err = { "" };

	(void)state;
	*vec_push(&arena, &bundle.trees) = (struct tree){ .name = STR("x.zip") };
	*vec_push(&arena, &bundle.dists) = (struct dist){ .key = STR("sdk"), .site = STR("python") };
	*vec_push(&arena, &bundle.dists) =
		(struct dist){ .key = STR("web"), .site = STR("python"), .version = STR("2.1") };
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		*vec_push(&arena, &bundle.files) =
			(struct file){ .path = str_of(files[i].path), .dist = files[i].dist };
	if (rules_load(&set, STR("t.yaml"), str_of(rules), &err) != 0)
		fail_msg("%s", err.msg);
	rules_knowledge(&set, &bundle, &arena, &knowledge);
	check(&knowledge);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_knowledge),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
