/*
 * Planner cases: files, edges and opinions in, decisions and reasons out. The cases are data,
 * in tests/plan/; their grammar stands at the top of precedence.case.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/plan.h"

enum { FILES_MAX = 64, WORDS_MAX = 12 };

struct kase {
	struct arena arena;
	struct bundle bundle;
	struct graph graph;
	struct opinion opinions[FILES_MAX];
	enum root_kind roots[FILES_MAX];
	struct offer offers[FILES_MAX];
	struct plan plan;
	bool any_saving;
	bool no_link;
	bool no_strip;
	bool planned;
};

static enum stance stance_of(struct str word)
{
	static const struct {
		const char *name;
		enum stance stance;
	} names[] = {
		{ "rule-drop", STANCE_RULE_DROP },
		{ "rule-keep", STANCE_RULE_KEEP },
		{ "user-drop", STANCE_USER_DROP },
		{ "user-keep", STANCE_USER_KEEP },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(word, str_of(names[i].name)))
			return names[i].stance;
	fail_msg("unknown stance %.*s", STR_ARG(word));
	return STANCE_NONE;
}

static uint32_t number_of(struct str word)
{
	struct arena arena = { 0 };
	uint32_t n = (uint32_t)strtoul(str_dup(&arena, word).ptr, NULL, 10);

	arena_free(&arena);
	return n;
}

static uint32_t id_of(const struct kase *k, struct str path)
{
	uint32_t id = bundle_find(&k->bundle, 0, path);

	if (id == NO_FILE)
		fail_msg("the case has no file %.*s, or its files are not sorted", STR_ARG(path));
	return id;
}

static void do_file(struct kase *k, const struct str *words, size_t count)
{
	size_t id = k->bundle.files.len;
	struct file *file = vec_push(&k->arena, &k->bundle.files);
	size_t at = 2;

	assert_true(id < FILES_MAX && count >= 3);
	*file = (struct file){ .path = words[1], .dist = NO_DIST };
	if (str_eq(words[at], STR("dir"))) {
		file->kind = FILE_DIR;
		at++;
	}
	k->roots[id] = str_eq(words[at], STR("first-party"))	? ROOT_FIRST_PARTY
		       : str_eq(words[at], STR("distribution")) ? ROOT_DISTRIBUTION
		       : str_eq(words[at], STR("handler"))	? ROOT_HANDLER
								: ROOT_NOT;
	if (count >= at + 4) {
		const struct code_info *info = code_parse(words[at + 2]);

		k->opinions[id] = (struct opinion){
			.stance = stance_of(words[at + 1]),
			.code = info ? info->code : CODE_NONE,
			.via = words[at + 3],
		};
	}
	k->bundle.trees.at[0].count++;
}

static enum edge_kind kind_of(struct str word)
{
	for (int kind = EDGE_ENTRY; kind <= EDGE_KEEP; kind++)
		if (str_eq(word, str_of(edge_kind_name((enum edge_kind)kind))))
			return (enum edge_kind)kind;
	fail_msg("no kind of edge is called %.*s", STR_ARG(word));
	return EDGE_ENTRY;
}

static void do_edge(struct kase *k, const struct str *words, size_t count)
{
	assert_true(count >= 7);
	*vec_push(&k->arena, &k->graph.edges) = (struct edge){
		.from = id_of(k, words[1]),
		.to = id_of(k, words[2]),
		.kind = kind_of(words[3]),
		.broad = str_eq(words[6], STR("broad")),
		.phase = str_eq(words[4], STR("types"))	 ? PHASE_TYPES
			 : str_eq(words[4], STR("call")) ? PHASE_CALL
							 : PHASE_INIT,
		.line = number_of(words[5]),
		.evidence = words[6],
	};
}

static void plan_once(struct kase *k)
{
	struct plan_input input = {
		.bundle = &k->bundle,
		.graph = &k->graph,
		.opinions = k->opinions,
		.roots = k->roots,
		.offers = k->offers,
		.strip = !k->no_strip,
		.link = !k->no_link,
		.any_saving = k->any_saving,
	};

	if (!k->planned)
		plan_build(&input, &k->arena, &k->plan);
	k->planned = true;
}

static void do_expect(struct kase *k, const struct str *words, size_t count, const char *where)
{
	uint32_t id = id_of(k, words[1]);
	const struct decision *d;
	const char *action;

	plan_once(k);
	d = &k->plan.at[id];
	action = d->action == ACTION_DROP	? "drop"
		 : d->rewrite == REWRITE_STRIP	? "strip"
		 : d->rewrite == REWRITE_RECORD ? "rewrite"
		 : d->rewrite == REWRITE_LINK	? "link"
						: "keep";
	if (d->rewrite == REWRITE_LINK)
		assert_int_equal(d->link + 1, k->offers[id].twin);
	if (!str_eq(words[2], str_of(action)))
		fail_msg("%s: %.*s: expected %.*s, got %s", where, STR_ARG(words[1]), STR_ARG(words[2]),
			 action);
	if (!str_eq(words[3], str_of(code_find((unsigned)d->reason.code)->name)))
		fail_msg("%s: %.*s: expected reason %.*s, got %s", where, STR_ARG(words[1]),
			 STR_ARG(words[3]), code_find((unsigned)d->reason.code)->name);
	if (count > 4)
		assert_int_equal(d->reason.parent, id_of(k, words[4]));
	else
		assert_int_equal(d->reason.parent, NO_FILE);
	if (count > 5)
		assert_int_equal(d->reason.line, number_of(words[5]));
}

static void do_line(struct kase *k, struct str line, const char *where)
{
	struct str words[WORDS_MAX];
	size_t count = 0;

	while (line.len && count < WORDS_MAX) {
		(void)str_cut(line, ' ', &words[count], &line);
		count += words[count].len > 0;
		line = str_trim(line);
	}
	if (str_eq(words[0], STR("file"))) {
		do_file(k, words, count);
	} else if (str_eq(words[0], STR("edge"))) {
		do_edge(k, words, count);
	} else if (str_eq(words[0], STR("offer"))) {
		uint32_t id = id_of(k, words[1]);

		k->offers[id].saves = number_of(words[2]);
		k->bundle.files.at[id].size = number_of(words[3]);
	} else if (str_eq(words[0], STR("twin"))) {
		uint32_t id = id_of(k, words[1]);

		k->offers[id].twin = 1 + id_of(k, words[2]);
		k->bundle.files.at[id].size = number_of(words[3]);
	} else if (str_eq(words[0], STR("no-strip"))) {
		k->no_strip = true;
	} else if (str_eq(words[0], STR("no-link"))) {
		k->no_link = true;
	} else if (str_eq(words[0], STR("any-saving"))) {
		k->any_saving = true;
	} else if (str_eq(words[0], STR("expect"))) {
		do_expect(k, words, count, where);
	} else {
		fail_msg("%s: unknown word %.*s", where, STR_ARG(words[0]));
	}
}

/* One case of a file: its name and its lines. */
struct text_case {
	struct str name;
	struct str lines;
};

static void run_case(void **state)
{
	const struct text_case *text = *state;
	struct kase *k = calloc(1, sizeof(*k));
	struct str rest = text->lines;
	struct str line;

	assert_non_null(k);
	k->bundle.arena = &k->arena;
	*vec_push(&k->arena, &k->bundle.trees) = (struct tree){ 0 };
	while (rest.len) {
		(void)str_cut(rest, '\n', &line, &rest);
		line = str_trim(line);
		if (line.len && line.ptr[0] != '#')
			do_line(k, line, text->name.ptr);
	}
	arena_free(&k->arena);
	free(k);
}

/* The same input gives the same plan, byte for byte, whatever the edges' order of discovery among equals. */
static void same_input_same_plan(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		struct kase *k = calloc(1, sizeof(*k));
		static struct decision first[FILES_MAX];

		assert_non_null(k);
		k->bundle.arena = &k->arena;
		*vec_push(&k->arena, &k->bundle.trees) = (struct tree){ 0 };
		do_line(k, STR("file a first-party"), "same");
		for (char c = 'b'; c <= 'z'; c++) {
			struct str name = str_fmt(&k->arena, "file %c none", c);

			do_line(k, name, "same");
		}
		for (char c = 'a'; c < 'z'; c++)
			do_line(k, str_fmt(&k->arena, "edge %c %c import init 1 x", c, c + 1), "same");
		plan_once(k);
		for (size_t i = 0; i < k->plan.count; i++) {
			if (round == 0)
				first[i] = k->plan.at[i];
			assert_int_equal(first[i].action, k->plan.at[i].action);
			assert_int_equal(first[i].reason.code, k->plan.at[i].reason.code);
			assert_int_equal(first[i].reason.parent, k->plan.at[i].reason.parent);
		}
		arena_free(&k->arena);
		free(k);
	}
}

/* Edges that arrive one by one lead to the same files as all of them at once. */
static void growing_reaches_what_the_plan_keeps(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct kase *k = calloc(1, sizeof(*k));
		struct plan_input input = {
			.bundle = &k->bundle, .graph = &k->graph, .opinions = k->opinions, .roots = k->roots
		};
		struct reach reach;

		assert_non_null(k);
		k->bundle.arena = &k->arena;
		*vec_push(&k->arena, &k->bundle.trees) = (struct tree){ 0 };
		for (char c = 'a'; c <= 'z'; c++)
			do_line(k,
				str_fmt(&k->arena, "file %c %s", c,
					c == 'a'   ? "handler"
					: c == 'q' ? "none user-drop user-drop x"
						   : "none"),
				"grow");
		reach_begin(&reach, &input, &k->arena);
		for (int i = 0; i < 40; i++) {
			seed = seed * 1103515245 + 12345;
			do_line(k,
				str_fmt(&k->arena, "edge %c %c import init 1 x", 'a' + (seed >> 8) % 26,
					'a' + (seed >> 16) % 26),
				"grow");
			if (i % 3 == 0)
				reach_grow(&reach);
		}
		reach_grow(&reach);
		plan_once(k);
		for (size_t i = 0; i < k->plan.count; i++)
			assert_int_equal(k->plan.at[i].action == ACTION_KEEP, reach.is[i]);
		arena_free(&k->arena);
		free(k);
	}
}

static struct str slurp(struct arena *arena, const char *path)
{
	struct buf text = { .arena = arena };
	FILE *f = fopen(path, "r");
	char block[4096];
	size_t n;

	if (!f)
		return STR("");
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&text, (struct str){ block, n });
	(void)fclose(f);
	return buf_str(&text);
}

static void collect(struct arena *arena, struct str text, struct CMUnitTest *tests, struct text_case *cases,
		    size_t *count)
{
	while (text.len) {
		ptrdiff_t next = str_find(text, STR("\ncase "));
		struct str body = next < 0 ? text : str_head(text, (size_t)next + 1);
		struct str title;

		text = str_from(text, body.len);
		if (!str_starts(body, STR("case ")))
			continue;
		(void)str_cut(body, '\n', &title, &body);
		assert_true(*count < 256);
		cases[*count] = (struct text_case){ str_dup(arena, str_from(title, 5)), body };
		tests[*count] = (struct CMUnitTest){
			.name = cases[*count].name.ptr,
			.test_func = run_case,
			.initial_state = &cases[*count],
		};
		++*count;
	}
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[258];
	static struct text_case cases[256];
	const char *dir = argc > 1 ? argv[1] : "tests/plan";
	struct arena arena = { 0 };
	struct dirent **entries = NULL;
	size_t count = 0;
	int failed;
	int n = scandir(dir, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		if (str_ends(str_of(entries[i]->d_name), STR(".case")))
			collect(&arena, slurp(&arena, str_fmt(&arena, "%s/%s", dir, entries[i]->d_name).ptr),
				tests, cases, &count);
		free(entries[i]);
	}
	free(entries);
	if (count == 0) {
		(void)fprintf(stderr, "no planner cases in %s\n", dir);
		return 1;
	}
	tests[count] =
		(struct CMUnitTest){ .name = "same input, same plan", .test_func = same_input_same_plan };
	tests[count + 1] = (struct CMUnitTest){ .name = "growing reaches what the plan keeps",
						.test_func = growing_reaches_what_the_plan_keeps };
	cmocka_set_message_output(CM_OUTPUT_TAP);
	/* The number of cases is known only now, so the array form of cmocka_run_group_tests() cannot be
	 * used. */
	failed = _cmocka_run_group_tests("plan", tests, count + 2, NULL, NULL);
	arena_free(&arena);
	return failed;
}
