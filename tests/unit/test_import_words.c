/* scan/import_words: packages and words of different sources become modules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/import_words.h"
#include "scan_bundle.h"

struct world {
	struct package package;
	struct modules modules;
	struct word_pool pool;
	char seen[256];
};

static const struct entry entries[] = {
	{ "p/__init__.py", "" },	 { "p/formats/__init__.py", "" }, { "p/formats/json.py", "" },
	{ "p/formats/deep/one.py", "" }, { "p/other/json.py", "" },	  { NULL, NULL },
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	package_add(&world->package, entries);
	modules_index(&world->modules, &world->package.bundle, &world->package.arena);
	world->pool = (struct word_pool){ .modules = &world->modules, .arena = &world->package.arena };
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

static void see(void *ctx, uint32_t from, uint32_t module, const struct sight *sight)
{
	struct world *world = ctx;
	size_t used = strlen(world->seen);

	assert_true(sight->broad);
	(void)snprintf(world->seen + used, sizeof(world->seen) - used, "%u:%.*s ", from,
		       STR_ARG(world->modules.list.at[module].name));
}

static void add(struct world *world, uint32_t file, const char *package, const char *word)
{
	struct import_facts facts = { 0 };

	if (package)
		*vec_push(&world->package.arena, &facts.packages) = (struct seen){ .name = str_of(package) };
	if (word)
		*vec_push(&world->package.arena, &facts.words) = str_of(word);
	word_pool_add(&world->pool, file, &facts, see, world);
}

static void test_either_may_come_first(void **state)
{
	struct world *world = *state;

	add(world, 1, "p.formats", NULL);
	assert_string_equal(world->seen, "");
	add(world, 2, NULL, "json");
	assert_string_equal(world->seen, "1:p.formats.json ");
	add(world, 3, "p.other", NULL);
	assert_string_equal(world->seen, "1:p.formats.json 3:p.other.json ");
}

static void test_only_named_packages_count_and_once(void **state)
{
	struct world *world = *state;

	add(world, 1, "p.formats", "json");
	add(world, 2, "p.formats", "json");
	assert_string_equal(world->seen, "1:p.formats.json ");
}

static void test_a_package_that_a_word_means_takes_words_too(void **state)
{
	struct world *world = *state;

	add(world, 1, NULL, "one");
	add(world, 1, "p.formats", NULL);
	add(world, 2, NULL, "deep");
	assert_string_equal(world->seen, "1:p.formats.deep 1:p.formats.deep.one ");
}

static void test_words_in_other_spellings(void **state)
{
	struct world *world = *state;
	struct imports imports = { .modules = world->modules };
	struct import_facts facts = { 0 };
	struct import_scan scan = { .index = &imports, .facts = &facts };
	static const char *const names[] = { "foo_bar", "json" };

	scan.edges.arena = &world->package.arena;
	for (size_t i = 0; i < 2; i++)
		(void)map_put(&world->package.arena, &imports.last_names, str_of(names[i]), NULL);
	import_word(&scan, STR("foo-bar"));
	import_word(&scan, STR("FooBar"));
	import_word(&scan, STR("JSON"));
	import_word(&scan, STR("nothing"));
	assert_int_equal(facts.words.len, 3);
	assert_true(str_eq(facts.words.at[1], STR("foo_bar")));
	assert_true(str_eq(facts.words.at[2], STR("json")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_either_may_come_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_only_named_packages_count_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_package_that_a_word_means_takes_words_too, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_words_in_other_spellings, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
