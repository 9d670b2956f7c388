/* Twins: names of libraries, who could be a link to whom, and which name stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scan/twins.h"

enum { FILES = 4096, SIZE = 200 };

struct world {
	struct arena arena;
	struct bundle bundle;
	bool barred[FILES];
	bool stays[FILES];
	const char *pattern[FILES]; /* what stands for its content */
	enum elf_form form;
	struct twins twins;
	struct twin_pairs pairs;
};

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->bundle.arena = &w->arena;
	w->form = ELF_SHARED;
	return w;
}

static void world_free(struct world *w)
{
	arena_free(&w->arena);
	free(w);
}

/* In the order of paths, as in any bundle. */
static uint32_t add(struct world *w, const char *path, const char *pattern)
{
	uint32_t id = (uint32_t)w->bundle.files.len;

	assert_true(id < FILES);
	*vec_push(&w->arena, &w->bundle.files) = (struct file){ .path = str_of(path), .size = SIZE };
	w->pattern[id] = pattern;
	w->stays[id] = true;
	return id;
}

static void see_all(struct world *w)
{
	struct elf_object elf = { .form = w->form };

	twins_begin(&w->twins, &w->bundle, w->barred, &w->arena);
	for (uint32_t id = 0; id < w->bundle.files.len; id++)
		if (twins_wants(&w->twins, id))
			twins_see(&w->twins, id, &elf, bytes_of_str(str_of(w->pattern[id])));
	twins_find(&w->twins, w->stays, &w->arena, &w->pairs);
}

/* What the file could be a link to; NO_FILE for nothing. Each file stands in one pair at most. */
static uint32_t real_of(const struct world *w, uint32_t file)
{
	uint32_t real = NO_FILE;

	for (size_t i = 0; i < w->pairs.len; i++)
		if (w->pairs.at[i].file == file) {
			assert_int_equal(real, NO_FILE);
			real = w->pairs.at[i].real;
		}
	return real;
}

static void names_of_libraries(void **state)
{
	static const struct {
		const char *name;
		const char *stem; /* NULL: no library */
		unsigned parts;
	} cases[] = {
		{ "libx.so", "libx.so", 0 },
		{ "libx.so.1", "libx.so", 1 },
		{ "libx.so.1.2.3", "libx.so", 3 },
		{ "libcrypto.so.1.0.2k", "libcrypto.so", 3 },
		{ "libx-1.2.so.3", "libx-1.2.so", 1 },
		{ "libx.so.1.so.2", "libx.so.1.so", 1 },
		{ "libx.so.debug", NULL, 0 },
		{ "libx.so.1.hmac", NULL, 0 },
		{ "libx.so.", NULL, 0 },
		{ "libx.so..1", NULL, 0 },
		{ "libx.so.1.", NULL, 0 },
		{ "libx.so.1.2K", NULL, 0 },
		{ "libx.so.1-2", NULL, 0 },
		{ ".so", NULL, 0 },
		{ ".so.1", NULL, 0 },
		{ "1", NULL, 0 },
		{ "1.2", NULL, 0 },
		{ "", NULL, 0 },
		{ "libx.a", NULL, 0 },
		{ "libxso.1", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str stem;
		unsigned parts;
		bool is = twins_parse_name(str_of(cases[i].name), &stem, &parts);

		if (is != (cases[i].stem != NULL))
			fail_msg("%s is %sa library", cases[i].name, is ? "" : "not ");
		if (is && (!str_eq(stem, str_of(cases[i].stem)) || parts != cases[i].parts))
			fail_msg("%s: stem %.*s and %u parts", cases[i].name, STR_ARG(stem), parts);
	}
}

static void the_most_specific_name_stays(void **state)
{
	struct world *w = world_new();
	uint32_t plain = add(w, "l/libx.so", "x");
	uint32_t major = add(w, "l/libx.so.1", "x");
	uint32_t full = add(w, "l/libx.so.1.2.3", "x");
	uint32_t other = add(w, "l/libx.so.10", "x");

	(void)state;
	see_all(w);
	assert_int_equal(w->pairs.len, 3);
	assert_int_equal(real_of(w, plain), full);
	assert_int_equal(real_of(w, major), full);
	assert_int_equal(real_of(w, other), full);
	world_free(w);
}

static void more_parts_count_before_more_letters(void **state)
{
	struct world *w = world_new();
	uint32_t full = add(w, "l/libx.so.1.2", "x");
	uint32_t dated = add(w, "l/libx.so.20241121", "x");

	(void)state;
	see_all(w);
	assert_int_equal(w->pairs.len, 1);
	assert_int_equal(real_of(w, dated), full);
	world_free(w);
}

static void of_equal_names_the_longest_then_the_first_stays(void **state)
{
	struct world *w = world_new();
	uint32_t a = add(w, "l/libx.so.10", "x");
	uint32_t b = add(w, "l/libx.so.11", "x");
	uint32_t c = add(w, "l/libx.so.9", "x");

	(void)state;
	see_all(w);
	assert_int_equal(w->pairs.len, 2);
	assert_int_equal(real_of(w, b), a);
	assert_int_equal(real_of(w, c), a);
	world_free(w);
}

static void two_sets_of_one_size_are_told_apart(void **state)
{
	struct world *w = world_new();
	uint32_t x = add(w, "l/libx.so", "x");
	uint32_t x1 = add(w, "l/libx.so.1", "y");
	uint32_t x10 = add(w, "l/libx.so.1.0", "x");
	uint32_t x11 = add(w, "l/libx.so.1.1", "y");

	(void)state;
	see_all(w);
	assert_int_equal(w->pairs.len, 2);
	assert_int_equal(real_of(w, x), x10);
	assert_int_equal(real_of(w, x1), x11);
	world_free(w);
}

static void others_are_no_twins(void **state)
{
	struct world *w = world_new();
	uint32_t a = add(w, "a/libx.so", "x");

	(void)state;
	(void)add(w, "b/libx.so.1", "x");     /* another directory */
	(void)add(w, "b/liby.so", "x");	      /* another stem */
	(void)add(w, "b/liby.so.debug", "x"); /* no library */
	(void)add(w, "c/libz.so", "x");	      /* other contents */
	(void)add(w, "c/libz.so.1", "xx");    /* … */
	w->bundle.files.at[add(w, "d/libw.so", "x")].kind = FILE_SYMLINK;
	(void)add(w, "d/libw.so.1", "x");
	(void)add(w, "e/libv.so", "x");
	w->bundle.files.at[add(w, "e/libv.so.1", "x")].size = SIZE + 1;
	(void)add(w, "f/libu.so", "x");
	w->barred[add(w, "f/libu.so.1", "x")] = true;
	(void)add(w, "g/libt.so", "x");
	w->stays[add(w, "g/libt.so.1", "x")] = false;
	(void)add(w, "h/libs.so", "x");
	w->bundle.files.at[add(w, "h/libs.so.1", "x")].tree = 1;
	see_all(w);
	assert_int_equal(w->pairs.len, 0);
	assert_false(twins_wants(&w->twins, a));
	world_free(w);
}

static void a_copy_leads_past_one_that_goes(void **state)
{
	struct world *w = world_new();
	uint32_t plain = add(w, "libx.so", "x");
	uint32_t major = add(w, "libx.so.1", "x");
	uint32_t full = add(w, "libx.so.1.2", "x");

	(void)state;
	w->stays[full] = false;
	see_all(w);
	assert_int_equal(w->pairs.len, 1);
	assert_int_equal(real_of(w, plain), major);
	world_free(w);
}

static void only_shared_objects_are_twins(void **state)
{
	static const enum elf_form forms[] = { ELF_NOT, ELF_TORN, ELF_OBJECT, ELF_PROGRAM, ELF_DEBUG };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct world *w = world_new();

		(void)add(w, "libx.so", "x");
		(void)add(w, "libx.so.1", "x");
		w->form = forms[i];
		see_all(w);
		assert_true(twins_wants(&w->twins, 0));
		assert_int_equal(w->pairs.len, 0);
		world_free(w);
	}
}

/* Thousands of names of one stem and size: pairs in the order of what stays, each file once. */
static void many_names_end(void **state)
{
	static const char *const patterns[] = { "a", "b", "c" };
	struct world *w = world_new();

	(void)state;
	for (unsigned i = 0; i < FILES; i++)
		(void)add(w, str_fmt(&w->arena, "libx.so.1%05u", i).ptr, patterns[i % 3]);
	see_all(w);
	assert_int_equal(w->pairs.len, FILES - 3);
	for (size_t i = 0; i < w->pairs.len; i++)
		assert_int_equal(w->pairs.at[i].real, w->pairs.at[i].file % 3);
	world_free(w);
}

static void nothing_wants_nothing(void **state)
{
	struct world *w = world_new();

	(void)state;
	assert_false(twins_wants(&w->twins, 0));
	twins_find(&w->twins, w->stays, &w->arena, &w->pairs);
	see_all(w);
	assert_int_equal(w->pairs.len, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_libraries),
		cmocka_unit_test(the_most_specific_name_stays),
		cmocka_unit_test(more_parts_count_before_more_letters),
		cmocka_unit_test(of_equal_names_the_longest_then_the_first_stays),
		cmocka_unit_test(two_sets_of_one_size_are_told_apart),
		cmocka_unit_test(others_are_no_twins),
		cmocka_unit_test(a_copy_leads_past_one_that_goes),
		cmocka_unit_test(only_shared_objects_are_twins),
		cmocka_unit_test(many_names_end),
		cmocka_unit_test(nothing_wants_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
