/* base/csv.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/csv.h"

struct row_case {
	const char *name;
	const char *text;
	size_t fields;
	const char *first; /* value of the first field */
	const char *raw;
	bool open;
};

static const struct row_case rows[] = {
	{ "plain", "a,b,c\nd", 3, "a", "a,b,c\n", false },
	{ "CRLF", "a,b,c\r\nd", 3, "a", "a,b,c\r\n", false },
	{ "CR", "a,b\rd", 2, "a", "a,b\r", false },
	{ "no line end", "a,b,c", 3, "a", "a,b,c", false },
	{ "one field", "a\n", 1, "a", "a\n", false },
	{ "empty line", "\na", 0, "", "\n", false },
	{ "empty fields", ",,\n", 3, "", ",,\n", false },
	{ "many fields", "a,b,c,d,e\n", 5, "a", "a,b,c,d,e\n", false },
	{ "quoted comma", "\"a,b\",c\n", 2, "a,b", "\"a,b\",c\n", false },
	{ "quoted line break", "\"a\nb\",c\n", 2, "a\nb", "\"a\nb\",c\n", false },
	{ "doubled quote", "\"a\"\"b\",c\n", 2, "a\"b", "\"a\"\"b\",c\n", false },
	{ "only doubled quotes", "\"\"\"\"\n", 1, "\"", "\"\"\"\"\n", false },
	{ "text behind the quote", "\"a\"b,c\n", 2, "ab", "\"a\"b,c\n", false },
	{ "quote inside", "a\"b,c\n", 2, "a\"b", "a\"b,c\n", false },
	{ "empty quotes", "\"\",c\n", 2, "", "\"\",c\n", false },
	{ "open quote", "\"a,b\nc,d\n", 1, "a,b\nc,d\n", "\"a,b\nc,d\n", true },
	{ "lone quote", "\"", 1, "", "\"", true },
	{ "open after doubled", "\"a\"\"", 1, "a\"", "\"a\"\"", true },
};

static void reads_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct str text = str_of(rows[i].text);
		struct csv_row row;

		if (!csv_next(&text, &row))
			fail_msg("%s: no row", rows[i].name);
		if (row.fields != rows[i].fields)
			fail_msg("%s: %zu fields", rows[i].name, row.fields);
		if (!str_eq(csv_value(&arena, row.field[0]), str_of(rows[i].first)))
			fail_msg("%s: first field", rows[i].name);
		if (!str_eq(row.raw, str_of(rows[i].raw)))
			fail_msg("%s: raw", rows[i].name);
		if (row.open != rows[i].open)
			fail_msg("%s: open", rows[i].name);
		arena_free(&arena);
	}
}

/* Whatever the bytes are, the rows put together are the text again. */
static void rows_cover_the_text(void **state)
{
	static const char bytes[] = "a,\"\n\r\0";

	(void)state;
	for (uint32_t n = 0; n < 7U * 7 * 7 * 7 * 7; n++) {
		char text[5];
		struct str rest = { text, sizeof(text) };
		struct csv_row row;
		size_t sum = 0;
		uint32_t digits = n;

		for (size_t i = 0; i < sizeof(text); i++, digits /= 7)
			text[i] = bytes[digits % 7];
		while (csv_next(&rest, &row)) {
			assert_ptr_equal(row.raw.ptr, text + sum);
			assert_true(row.raw.len > 0);
			sum += row.raw.len;
		}
		assert_int_equal(sum, sizeof(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows),
		cmocka_unit_test(rows_cover_the_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
