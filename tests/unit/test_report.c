/* Reports: sums that must add up, hostile names, bounds on length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "report/report.h"

enum { MANY = 30000 };

struct fixture {
	struct arena arena;
	struct bundle bundle;
	struct plan plan;
	struct target target;
	struct outcome *outcomes;
	struct report report;
};

static void add_file(struct fixture *f, struct str path, uint64_t size, enum action action, enum code code)
{
	size_t id = f->bundle.files.len;

	*vec_push(&f->arena, &f->bundle.files) = (struct file){ .path = path, .size = size, .dist = NO_DIST };
	f->plan.at[id] = (struct decision){ .action = action, .reason = { .code = code, .parent = NO_FILE } };
	f->plan.count = id + 1;
	f->outcomes[id].size = action == ACTION_KEEP ? size : 0;
	if (action == ACTION_KEEP) {
		f->report.after.files++;
		f->report.after.unzipped += size;
	}
}

static struct fixture *begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->bundle.arena = &f->arena;
	*vec_push(&f->arena, &f->bundle.trees) = (struct tree){ .name = STR("pkg.zip") };
	f->plan.at = arena_array(&f->arena, struct decision, MANY);
	f->outcomes = arena_array(&f->arena, struct outcome, MANY);
	f->report = (struct report){
		.bundle = &f->bundle, .plan = &f->plan, .target = &f->target, .outcomes = f->outcomes
	};
	return f;
}

static struct str written(struct fixture *f, const char *format, int verbose)
{
	struct report_style style = { .verbose = verbose };
	struct buf out = { .arena = &f->arena };

	for (size_t i = 0; i < report_format_count; i++)
		if (strcmp(report_formats[i].name, format) == 0)
			report_formats[i].write(&f->report, &style, &out);
	assert_true(out.len > 0);
	return buf_str(&out);
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part)) >= 0;
}

static void reasons_add_up(void **state)
{
	struct fixture *f = begin(&(struct fixture){ 0 });
	struct err err;

	(void)state;
	add_file(f, STR("a.py"), 100, ACTION_KEEP, CODE_FIRST_PARTY);
	add_file(f, STR("a.pyc"), 70, ACTION_DROP, CODE_BYTECODE);
	add_file(f, STR("b.pyc"), 5, ACTION_DROP, CODE_BYTECODE);
	add_file(f, STR("c.so"), 100000, ACTION_KEEP, CODE_DISTRIBUTION);
	f->plan.at[3].rewrite = REWRITE_STRIP;
	f->outcomes[3].size = 40000;
	f->report.after.unzipped -= 60000;
	assert_int_equal(report_build(&f->report, &f->arena, &err), 0);
	assert_int_equal(f->report.before.files, 4);
	assert_int_equal(f->report.before.unzipped, 100175);
	assert_int_equal(f->report.reasons.len, 2);
	assert_int_equal(f->report.reasons.at[0].code, CODE_DEBUG_SYMBOLS);
	assert_int_equal(f->report.reasons.at[0].bytes, 60000);
	assert_int_equal(f->report.reasons.at[0].files, 0);
	assert_int_equal(f->report.reasons.at[0].changed, 1);
	assert_int_equal(f->report.reasons.at[1].files, 2);
	assert_int_equal(f->report.reasons.at[1].bytes, 75);
	assert_true(holds(written(f, "text", 0), "100,175"));
	assert_true(holds(written(f, "text", 0), "40,100"));
	assert_true(holds(written(f, "md", 0), "40,100"));
	assert_true(holds(written(f, "json", 0), "40100"));
	arena_free(&f->arena);
}

static void a_report_that_would_lie_fails(void **state)
{
	struct fixture *f = begin(&(struct fixture){ 0 });
	struct err err = { "" };

	(void)state;
	add_file(f, STR("a.py"), 100, ACTION_KEEP, CODE_FIRST_PARTY);
	f->report.after.unzipped--;
	assert_int_equal(report_build(&f->report, &f->arena, &err), -1);
	assert_true(holds(str_of(err.msg), "does not add up"));
	arena_free(&f->arena);
}

static void hostile_names_are_inert(void **state)
{
	struct fixture *f = begin(&(struct fixture){ 0 });
	struct str json;
	struct str text;
	json_t *root;
	struct err err;

	(void)state;
	add_file(f, STR("<script>|`x`\n\033[31m\xe2\x80\xae"), 1, ACTION_KEEP, CODE_FIRST_PARTY);
	add_file(f, STR("bad\xff.py"), 1, ACTION_DROP, CODE_BYTECODE);
	note_add(&f->bundle.notes, &f->arena, CODE_NAME_ENCODING, STR("<script>|bad\xff.py"), STR(""), "x");
	assert_int_equal(report_build(&f->report, &f->arena, &err), 0);
	text = written(f, "text", 2);
	assert_false(holds(text, "\033[31m"));
	assert_false(holds(text, "\xe2\x80\xae"));
	assert_true(holds(text, "\\x1b[31m"));
	assert_false(holds(written(f, "md", 0), "<script>"));
	json = written(f, "json", 0);
	root = json_loadb(json.ptr, json.len, 0, NULL);
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(root, "files"), 1), "path_b64")),
			    "YmFk/y5weQ==");
	json_decref(root);
	arena_free(&f->arena);
}

static void markdown_stays_short(void **state)
{
	struct fixture *f = begin(&(struct fixture){ 0 });
	struct err err;
	struct str md;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		struct str path = str_fmt(&f->arena, "d/%0200zu|<>.py", i);

		add_file(f, path, 10, i % 2 ? ACTION_KEEP : ACTION_DROP,
			 i % 2 ? CODE_FIRST_PARTY : CODE_DEBRIS);
		note_add(&f->bundle.notes, &f->arena, CODE_NAME_CASE, path, STR(""), "differs only in case");
	}
	assert_int_equal(report_build(&f->report, &f->arena, &err), 0);
	md = written(f, "md", 0);
	assert_true(md.len < 60000);
	assert_true(holds(md, "more"));
	arena_free(&f->arena);
}

static void codes_are_sorted_and_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < code_count; i++) {
		char text[REPORT_CODE_MAX];

		report_code(text, code_table[i].code);
		assert_ptr_equal(code_parse(str_of(text)), &code_table[i]);
		assert_ptr_equal(code_parse(str_of(code_table[i].name)), &code_table[i]);
		assert_true(i == 0 || code_table[i - 1].code < code_table[i].code);
	}
	assert_null(code_parse(STR("SLIM999")));
	assert_null(code_parse(STR("SLIM")));
	assert_null(code_parse(STR("2x4")));
}

static void notes_say_how_bad_they_are(void **state)
{
	struct fixture *f = begin(&(struct fixture){ 0 });
	struct report_style style = { .color = true };
	struct buf colored = { .arena = &f->arena };
	struct err err;

	(void)state;
	add_file(f, STR("a.so"), 1, ACTION_KEEP, CODE_FIRST_PARTY);
	note_add(&f->bundle.notes, &f->arena, CODE_LIBRARY_MISSING, STR("a.so"), STR(""), "needs libGL.so.1");
	note_add(&f->bundle.notes, &f->arena, CODE_LIBRARY_SHADOWED, STR("a.so"), STR(""), "shadowed");
	note_add(&f->bundle.notes, &f->arena, CODE_LOAD_ORDER, STR("a.so"), STR(""), "in order");
	assert_int_equal(report_build(&f->report, &f->arena, &err), 0);
	assert_true(holds(written(f, "text", 0), "error[SLIM123] "));
	assert_true(holds(written(f, "text", 0), "warning[SLIM128] "));
	assert_true(holds(written(f, "text", 0), "note[SLIM313] "));
	assert_true(holds(written(f, "md", 0), "**error** SLIM123 a.so"));
	assert_true(holds(written(f, "md", 0), "**warning** SLIM128 a.so"));
	assert_true(holds(written(f, "md", 0), "- note SLIM313 a.so"));
	assert_true(holds(written(f, "json", 0), "\"level\": \"error\""));
	assert_true(holds(written(f, "json", 0), "\"level\": \"warning\""));
	assert_true(holds(written(f, "json", 0), "\"level\": \"note\""));
	/* The word is there with colours, too. */
	report_text(&f->report, &style, &colored);
	assert_true(holds(buf_str(&colored), "\033[1;31merror[SLIM123]\033[0m"));
	arena_free(&f->arena);
}

static void only_problems_are_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < code_count; i++)
		assert_int_equal(code_table[i].level != LEVEL_NOTE, code_table[i].code / 100 == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_add_up),
		cmocka_unit_test(a_report_that_would_lie_fails),
		cmocka_unit_test(hostile_names_are_inert),
		cmocka_unit_test(markdown_stays_short),
		cmocka_unit_test(codes_are_sorted_and_found),
		cmocka_unit_test(notes_say_how_bad_they_are),
		cmocka_unit_test(only_problems_are_bad),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
