/* The ground floor: strings, memory, containers, text for people, threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/vec.h"

static void strings_order_by_bytes(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("a"), STR("a/b")) < 0);
	assert_true(str_cmp(STR("a.py"), STR("a/b")) < 0);
	assert_true(str_cmp(STR("Z"), STR("a")) < 0);
	assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_cmp(STR(""), STR("")), 0);
	assert_true(str_eq_nocase(STR("NumPy"), STR("numpy")));
	assert_false(str_eq(STR("NumPy"), STR("numpy")));
}

static void strings_are_cut(void **state)
{
	struct str head;
	struct str tail;

	(void)state;
	assert_true(str_cut(STR("a/b/c"), '/', &head, &tail));
	assert_true(str_eq(head, STR("a")) && str_eq(tail, STR("b/c")));
	assert_false(str_cut(STR("abc"), '/', &head, &tail));
	assert_true(str_eq(head, STR("abc")) && tail.len == 0);
	assert_true(str_cut(STR("/"), '/', &head, &tail));
	assert_true(head.len == 0 && tail.len == 0);
	assert_true(str_eq(str_base(STR("a/b.py")), STR("b.py")));
	assert_true(str_eq(str_base(STR("b.py")), STR("b.py")));
	assert_true(str_eq(str_dir(STR("a/b/c")), STR("a/b")));
	assert_int_equal(str_dir(STR("c")).len, 0);
	assert_true(str_eq(str_trim(STR(" \t x y \r\n")), STR("x y")));
	assert_int_equal(str_find(STR("hello"), STR("lo")), 3);
	assert_int_equal(str_find(STR("hello"), STR("x")), -1);
	assert_true(str_starts(STR("ab"), STR("")) && str_ends(STR("ab"), STR("b")));
	assert_false(str_ends(STR("b"), STR("ab")));
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *p = arena_alloc(&arena, size, 16);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xa5, size);
	}
	memset(arena_alloc(&arena, 5 << 20, 1), 1, 5 << 20);
	arena_free(&arena);
	assert_null(arena.chunk);
}

static void vectors_grow(void **state)
{
	struct arena arena = { 0 };
	VEC(int) v = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		*vec_push(&arena, &v) = i;
	assert_int_equal(v.len, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.at[i], i);
	arena_free(&arena);
}

static void maps_find_what_was_put(void **state)
{
	struct arena arena = { 0 };
	struct map map = { 0 };
	bool added;

	(void)state;
	assert_null(map_get(&map, STR("a")));
	for (uint32_t i = 0; i < 5000; i++) {
		*map_put(&arena, &map, str_fmt(&arena, "key%u", i), &added) = i;
		assert_true(added);
	}
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(*map_get(&map, str_fmt(&arena, "key%u", i)), i);
	(void)map_put(&arena, &map, STR("key7"), &added);
	assert_false(added);
	assert_null(map_get(&map, STR("key5000")));
	(void)map_put(&arena, &map, STR(""), &added);
	assert_true(added);
	assert_non_null(map_get(&map, STR("")));
	arena_free(&arena);
}

static void utf8_is_strict(void **state)
{
	static const char *const good[] = {
		"", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf"
	};
	static const char *const bad[] = { "\x80",	   "\xc3",	   "\xc0\xaf",
					   "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					   "\xff",	   "a\xe2\x82",	   "\xf0\x80\x80\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(text_is_utf8(str_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_is_utf8(str_of(bad[i])));
}

static void check_name(struct str raw, const char *shown)
{
	char out[TEXT_NAME_MAX];

	text_name(out, raw);
	assert_string_equal(out, shown);
}

static void names_are_made_printable(void **state)
{
	char out[TEXT_NAME_MAX];
	char longest[5000];
	struct arena arena = { 0 };

	(void)state;
	check_name(STR("a/b.py"), "a/b.py");
	check_name(STR("\xc3\xa9.py"), "\xc3\xa9.py");
	check_name(STR("a\nb\033[31m"), "a\\x0ab\\x1b[31m");
	check_name(STR("a\xff\\b"), "a\\xff\\\\b");
	check_name(STR("evil\xe2\x80\xae.py"), "evil\\u202e.py");
	check_name(STR("nul\0x"), "nul\\x00x");
	for (size_t len = 0; len < sizeof(longest); len += 13) {
		memset(longest, '\xff', sizeof(longest));
		text_name(out, (struct str){ longest, len });
		assert_true(strlen(out) < TEXT_NAME_MAX);
		memset(longest, 'x', sizeof(longest));
		text_name(out, (struct str){ longest, len });
		assert_true(len > TEXT_NAME_RAW ? strstr(out, "...") != NULL : strlen(out) == len);
		assert_int_equal(text_escape(&arena, (struct str){ longest, len }).len, len);
	}
	arena_free(&arena);
}

static void check_size(uint64_t bytes, const char *shown)
{
	char out[TEXT_SIZE_MAX];

	text_size(out, bytes);
	assert_string_equal(out, shown);
}

static void sizes_are_shown_in_one_family(void **state)
{
	char out[TEXT_SIZE_MAX];

	(void)state;
	check_size(0, "0 B");
	check_size(1023, "1023 B");
	check_size(1024, "1.0 KiB");
	check_size(262144000, "250.0 MiB");
	check_size(1048575, "1.0 MiB");
	check_size(1536, "1.5 KiB");
	check_size(UINT64_MAX, "16.0 EiB");
	text_count(out, 262144000);
	assert_string_equal(out, "262,144,000");
	text_count(out, 999);
	assert_string_equal(out, "999");
	text_percent(out, 1, 3);
	assert_string_equal(out, "33.3%");
	text_percent(out, 2, 3);
	assert_string_equal(out, "66.7%");
	text_percent(out, 5, 0);
	assert_string_equal(out, "0.0%");
	text_percent(out, UINT64_MAX, UINT64_MAX);
	assert_string_equal(out, "100.0%");
}

static void sizes_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = { { "4096", 4096 },	      { "64K", 65536 },		 { "250 MiB", 262144000 },
		     { "1.5GB", 1500000000 }, { " 2 gib ", 2147483648 }, { "0", 0 } };
	static const char *const bad[] = {
		"", "x", "1.", "1 xyz", "-1", "1e9", "99999999999999999999", ".5", "18446744073709551615K"
	};
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(text_parse_size(str_of(good[i].text), &bytes));
		assert_int_equal(bytes, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_parse_size(str_of(bad[i]), &bytes));
}

static void tabs_are_found_outside_comments(void **state)
{
	size_t line;
	size_t column;

	(void)state;
	assert_false(text_find_yaml_tab(STR("a: b # x\ty\n#\t\nc: d\n"), &line, &column));
	assert_true(text_find_yaml_tab(STR("a: b # x\ty\nc:\td\n"), &line, &column));
	assert_int_equal(line, 2);
	assert_int_equal(column, 3);
	assert_true(text_find_yaml_tab(STR("a#b\t"), &line, &column));
}

static void the_nearest_name_is_a_slip(void **state)
{
	static const struct str names[] = { STR("check"), STR("pack"), STR("explain"), STR("--output") };

	(void)state;
	assert_int_equal(text_nearest(STR("chekc"), names, 4), 0);
	assert_int_equal(text_nearest(STR("pakc"), names, 4), 1);
	assert_int_equal(text_nearest(STR("explian"), names, 4), 2);
	assert_int_equal(text_nearest(STR("--ouput"), names, 4), 3);
	assert_int_equal(text_nearest(STR("zzz"), names, 4), -1);
	assert_int_equal(text_nearest(STR("pkg.zip"), names, 4), -1);
}

static void errors_gather_their_place(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, "bad %d", 7), -1);
	assert_int_equal(err_in(&err, STR("a\nb")), -1);
	assert_int_equal(err_in(&err, STR("pkg.zip")), -1);
	assert_string_equal(err.msg, "pkg.zip: a\\x0ab: bad 7");
	(void)err_errno(&err, 2, "x");
	assert_string_equal(err.msg, "x: No such file or directory");
}

static void buffers_hold_what_was_added(void **state)
{
	struct arena arena = { 0 };
	struct buf buf = { .arena = &arena };

	(void)state;
	for (int i = 0; i < 3000; i++)
		buf_printf(&buf, "%d,", i % 10);
	buf_fill(&buf, '=', 3);
	buf_add(&buf, STR("end"));
	assert_int_equal(buf.len, 3000 * 2 + 6);
	assert_true(str_ends(buf_str(&buf), STR("8,9,===end")));
	arena_free(&arena);
}

enum { ITEMS = 5000 };

static void count_item(void *ctx, int worker, size_t i)
{
	atomic_int *seen = ctx;

	assert_true(worker >= 0 && worker < 4);
	atomic_fetch_add(&seen[i], 1);
}

static void the_pool_does_each_item_once(void **state)
{
	static atomic_int seen[ITEMS];

	(void)state;
	pool_run(4, ITEMS, count_item, seen);
	pool_run(1, ITEMS, count_item, seen);
	pool_run(4, 0, count_item, seen);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(atomic_load(&seen[i]), 2);
	assert_true(pool_default_jobs() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_order_by_bytes),
		cmocka_unit_test(strings_are_cut),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(vectors_grow),
		cmocka_unit_test(maps_find_what_was_put),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(names_are_made_printable),
		cmocka_unit_test(sizes_are_shown_in_one_family),
		cmocka_unit_test(sizes_are_read),
		cmocka_unit_test(tabs_are_found_outside_comments),
		cmocka_unit_test(the_nearest_name_is_a_slip),
		cmocka_unit_test(errors_gather_their_place),
		cmocka_unit_test(buffers_hold_what_was_added),
		cmocka_unit_test(the_pool_does_each_item_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
