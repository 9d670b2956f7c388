/* Rules at work: the whole embedded set against a table, whole distributions, the user's patterns, speed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rules/rules.h"

/* --- bundles by hand ------------------------------------------------------------------------- */

struct entry {
	struct str path;
	struct str expect;
	uint32_t dist;
	enum file_kind kind;
};

/* Files and distributions in any order; fixture_finish() makes a bundle of one tree. */
struct fixture {
	struct arena arena;
	struct bundle bundle;
	VEC(struct entry) entries;
	struct opinion *opinions;
	struct graph graph;
};

static uint32_t add_dist(struct fixture *f, const char *key, const char *site)
{
	struct dist *dist = vec_push(&f->arena, &f->bundle.dists);

	*dist = (struct dist){ .name = str_of(key), .key = str_of(key), .site = str_of(site) };
	dist->metadata = dist->record = NO_FILE;
	return (uint32_t)f->bundle.dists.len - 1;
}

static void add_require(struct fixture *f, uint32_t dist, struct str name)
{
	*vec_push(&f->arena, &f->bundle.dists.at[dist].requires) = name;
}

static void add_file(struct fixture *f, struct str path, uint32_t dist, struct str expect)
{
	bool is_dir = str_ends(path, STR("/"));

	path.len -= is_dir;
	*vec_push(&f->arena, &f->entries) =
		(struct entry){ path, expect, dist, is_dir ? FILE_DIR : FILE_REGULAR };
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

static void fixture_finish(struct fixture *f)
{
	f->bundle.arena = &f->arena;
	*vec_push(&f->arena, &f->bundle.trees) =
		(struct tree){ .name = STR("pkg.zip"), .count = (uint32_t)f->entries.len };
	if (f->entries.len)
		qsort(f->entries.at, f->entries.len, sizeof(*f->entries.at), by_path);
	for (uint32_t i = 0; i < f->entries.len; i++) {
		const struct entry *e = &f->entries.at[i];

		*vec_push(&f->arena, &f->bundle.files) =
			(struct file){ .path = e->path, .kind = e->kind, .dist = e->dist };
		if (e->dist != NO_DIST && str_ends(e->path, STR(".dist-info/METADATA")))
			f->bundle.dists.at[e->dist].metadata = i;
	}
	f->opinions = arena_array(&f->arena, struct opinion, f->bundle.files.len);
}

static void fixture_free(struct fixture *f)
{
	struct arena arena = f->arena;

	arena_free(&arena);
}

static uint32_t file_of(const struct fixture *f, const char *path)
{
	uint32_t id = bundle_find(&f->bundle, 0, str_of(path));

	if (id == NO_FILE)
		fail_msg("no file %s", path);
	return id;
}

/* --- the embedded set ------------------------------------------------------------------------------ */

static void load_embedded(struct ruleset *set)
{
	struct err err;

	for (size_t i = 0; i < rule_file_count; i++)
		if (rules_load(set, str_of(rule_files[i].name),
			       (struct str){ rule_files[i].text, rule_files[i].len }, &err) != 0)
			fail_msg("%s", err.msg);
}

static void match_embedded(struct fixture *f, bool licences)
{
	struct ruleset set = { .arena = &f->arena };
	struct user_patterns user = { .keep = { 0 } };
	struct str on = STR("drop-licenses");
	struct rule_options options = { &on, licences ? 1 : 0 };

	load_embedded(&set);
	rules_match(&set, &user, &options, &f->bundle, f->opinions, &f->graph);
}

static const char *outcome(const struct opinion *opinion)
{
	switch (opinion->stance) {
	case STANCE_RULE_DROP:
		return code_find(opinion->code)->name;
	case STANCE_RULE_KEEP:
		return "keep";
	default:
		return "-";
	}
}

/* Judges the bundle at hand; the number of cases. */
static size_t check_case(struct fixture *f, bool licences, size_t *failures)
{
	size_t count = 0;

	fixture_finish(f);
	match_embedded(f, licences);
	for (uint32_t i = 0; i < f->entries.len; i++) {
		const struct entry *e = &f->entries.at[i];
		struct str got = str_of(outcome(&f->opinions[i]));

		if (e->expect.len == 0)
			continue;
		count++;
		if (str_eq(got, e->expect))
			continue;
		print_error("%.*s: expected %.*s, got %.*s (%.*s)\n", STR_ARG(e->path), STR_ARG(e->expect),
			    STR_ARG(got), STR_ARG(f->opinions[i].via));
		++*failures;
	}
	fixture_free(f);
	*f = (struct fixture){ .graph = { { 0 } } };
	return count;
}

/* The first word; the line is what follows. */
static struct str next_word(struct str *line)
{
	size_t len = 0;
	struct str word;

	while (len < line->len && line->ptr[len] != ' ' && line->ptr[len] != '\t')
		len++;
	word = str_head(*line, len);
	*line = str_trim(str_from(*line, len));
	return word;
}

static uint32_t read_dist(struct fixture *f, struct str line)
{
	struct str name = next_word(&line);
	uint32_t dist = add_dist(f, str_dup(&f->arena, name).ptr, "");

	while (line.len) {
		struct str word = next_word(&line);

		if (str_starts(word, STR("site=")))
			f->bundle.dists.at[dist].site = str_dup(&f->arena, str_from(word, 5));
		else if (str_starts(word, STR("requires=")))
			add_require(f, dist, str_dup(&f->arena, str_from(word, 9)));
		else
			fail_msg("what is '%.*s'?", STR_ARG(word));
	}
	return dist;
}

/* See rules_cases.txt for the format. */
static void test_cases(void **state)
{
	char buffer[1024];
	struct fixture f = { .graph = { { 0 } } };
	uint32_t dist = NO_DIST;
	bool licences = false;
	size_t failures = 0;
	size_t count = 0;
	FILE *file;

	(void)state;
	file = fopen("tests/unit/rules_cases.txt", "r");
	if (!file)
		fail_msg("no tests/unit/rules_cases.txt: run from the top of the repository");
	while (fgets(buffer, sizeof(buffer), file)) {
		struct str line = str_trim(str_of(buffer));
		struct str first;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		first = next_word(&line);
		if (str_eq(first, STR("bundle")) || str_eq(first, STR("bundle+licences"))) {
			count += check_case(&f, licences, &failures);
			licences = str_ends(first, STR("licences"));
			dist = NO_DIST;
		} else if (str_eq(first, STR("own"))) {
			dist = NO_DIST;
		} else if (str_eq(first, STR("dist"))) {
			dist = read_dist(&f, line);
		} else {
			struct str expect = str_eq(first, STR(".")) ? STR("") : first;

			add_file(&f, str_dup(&f.arena, line), dist, str_dup(&f.arena, expect));
		}
	}
	count += check_case(&f, licences, &failures);
	(void)fclose(file);
	assert_int_equal(failures, 0);
	assert_true(count >= 150);
}

/* Reasons are read by people: each rule gives one, and names what is there. */
static void test_embedded_is_sound(void **state)
{
	struct arena arena = { 0 };
	struct ruleset set = { .arena = &arena };

	(void)state;
	load_embedded(&set);
	assert_true(set.rules.len > 30);
	for (size_t i = 0; i < set.rules.len; i++) {
		const struct rule *rule = &set.rules.at[i];

		assert_false(str_ends(rule->because, STR(".")));
		/* What no distribution owns is the user's: only debris goes. */
		if (rule->scope != SCOPE_DISTRIBUTION)
			assert_true(rule->code == CODE_DEBRIS || rule->code == CODE_BYTECODE);
	}
	arena_free(&arena);
}

/* docs/rules.md explains every condition in the table's words, and every rule file. */
static void test_documented(void **state)
{
	static char text[1 << 16];
	FILE *file;
	size_t len;

	(void)state;
	file = fopen("docs/rules.md", "r");
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[len] = '\0';
	for (size_t i = 0; i < condition_count; i++) {
		char row[512];

		(void)snprintf(row, sizeof(row), "| `%s` | %s |", condition_table[i].name,
			       condition_table[i].text);
		if (!strstr(text, row))
			fail_msg("docs/rules.md lacks: %s", row);
	}
	for (size_t i = 0; i < rule_file_count; i++)
		if (!strstr(text, rule_files[i].name))
			fail_msg("docs/rules.md lacks %s", rule_files[i].name);
}

/* --- whole distributions ------------------------------------------------------------------------- */

static bool has_edge(const struct fixture *f, const char *from, const char *to)
{
	for (size_t i = 0; i < f->graph.edges.len; i++)
		if (f->graph.edges.at[i].from == file_of(f, from) &&
		    f->graph.edges.at[i].to == file_of(f, to))
			return true;
	return false;
}

static void test_whole(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	uint32_t setuptools = add_dist(&f, "setuptools", "");
	uint32_t user = add_dist(&f, "needs-it", "");

	(void)state;
	add_require(&f, user, STR("setuptools"));
	add_file(&f, STR("setuptools/__init__.py"), setuptools, STR(""));
	add_file(&f, STR("setuptools/msvc.pyi"), setuptools, STR(""));
	add_file(&f, STR("pkg_resources/__init__.py"), setuptools, STR(""));
	add_file(&f, STR("setuptools-70.dist-info/METADATA"), setuptools, STR(""));
	add_file(&f, STR("needs_it-1.dist-info/METADATA"), user, STR(""));
	add_file(&f, STR("distutils-precedence.pth"), NO_DIST, STR(""));
	add_file(&f, STR("app.py"), NO_DIST, STR(""));
	fixture_finish(&f);
	match_embedded(&f, false);
	assert_int_equal(f.opinions[file_of(&f, "distutils-precedence.pth")].code, CODE_INSTALLER);
	assert_int_equal(f.opinions[file_of(&f, "setuptools/__init__.py")].code, CODE_INSTALLER);
	assert_int_equal(f.opinions[file_of(&f, "setuptools/msvc.pyi")].code, CODE_STUBS);
	assert_int_equal(f.opinions[file_of(&f, "app.py")].stance, STANCE_NONE);
	assert_true(has_edge(&f, "setuptools-70.dist-info/METADATA", "pkg_resources/__init__.py"));
	assert_true(has_edge(&f, "setuptools/__init__.py", "setuptools-70.dist-info/METADATA"));
	assert_true(has_edge(&f, "setuptools-70.dist-info/METADATA", "distutils-precedence.pth"));
	assert_true(has_edge(&f, "needs_it-1.dist-info/METADATA", "setuptools-70.dist-info/METADATA"));
	assert_false(has_edge(&f, "setuptools-70.dist-info/METADATA", "setuptools/msvc.pyi"));
	assert_int_equal(f.graph.edges.len, 7);
	fixture_free(&f);
}

/* The METADATA that the user drops cannot stand for the others: marks would stop there. */
static void test_whole_anchor(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	uint32_t pip = add_dist(&f, "pip", "");
	struct ruleset set = { .arena = &f.arena };
	struct user_patterns user = { .keep = { 0 } };
	struct rule_options options = { NULL, 0 };
	struct err err;

	(void)state;
	add_file(&f, STR("pip/__init__.py"), pip, STR(""));
	add_file(&f, STR("pip/x.py"), pip, STR(""));
	add_file(&f, STR("pip-24.dist-info/METADATA"), pip, STR(""));
	fixture_finish(&f);
	load_embedded(&set);
	assert_int_equal(
		user_pattern_parse(STR("*.dist-info/"), STR("--drop"), vec_push(&f.arena, &user.drop), &err),
		0);
	rules_match(&set, &user, &options, &f.bundle, f.opinions, &f.graph);
	assert_true(has_edge(&f, "pip/__init__.py", "pip/x.py"));
	assert_true(has_edge(&f, "pip/x.py", "pip/__init__.py"));
	fixture_free(&f);
}

/* --- the user's patterns ----------------------------------------------------------------------------- */

static void add_user(struct fixture *f, struct user_patterns *user, bool keep, const char *text)
{
	struct err err;
	struct pattern *pattern = keep ? vec_push(&f->arena, &user->keep) : vec_push(&f->arena, &user->drop);
	struct str place = str_fmt(&f->arena, "--%s '%s'", keep ? "keep" : "drop", text);

	if (user_pattern_parse(str_of(text), place, pattern, &err) != 0)
		fail_msg("%s", err.msg);
}

static void user_fixture(struct fixture *f)
{
	uint32_t numpy = add_dist(f, "numpy", "python");
	uint32_t sk = add_dist(f, "scikit-learn", "python");

	add_file(f, STR("python/numpy/__init__.py"), numpy, STR(""));
	add_file(f, STR("python/numpy/fft.py"), numpy, STR(""));
	add_file(f, STR("python/numpy/__pycache__/fft.cpython-313.pyc"), numpy, STR(""));
	add_file(f, STR("python/numpy/fft_more.py"), numpy, STR(""));
	add_file(f, STR("python/numpy/tests/test_a.py"), numpy, STR(""));
	add_file(f, STR("python/numpy/tests/data/x.csv"), numpy, STR(""));
	add_file(f, STR("python/numpy/core.cpython-313-x86_64-linux-gnu.so"), numpy, STR(""));
	add_file(f, STR("python/sklearn/__init__.py"), sk, STR(""));
	add_file(f, STR("app.py"), NO_DIST, STR(""));
	add_file(f, STR("static/app.js"), NO_DIST, STR(""));
	fixture_finish(f);
}

static void run_user(struct fixture *f, const struct user_patterns *user)
{
	struct ruleset set = { .arena = &f->arena };
	struct rule_options options = { NULL, 0 };

	load_embedded(&set);
	rules_match(&set, user, &options, &f->bundle, f->opinions, &f->graph);
}

static void expect_stance(const struct fixture *f, const char *path, enum stance stance)
{
	uint32_t id = file_of(f, path);

	if (f->opinions[id].stance != stance)
		fail_msg("%s: stance %d, expected %d", path, (int)f->opinions[id].stance, (int)stance);
}

static void test_user_precedence(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	struct user_patterns user = { .keep = { 0 } };

	(void)state;
	user_fixture(&f);
	add_user(&f, &user, false, "static/");
	add_user(&f, &user, false, "dist:NumPy");
	add_user(&f, &user, false, "!python/numpy/fft.py");
	add_user(&f, &user, true, "*.csv");
	add_user(&f, &user, true, "module:sklearn");
	run_user(&f, &user);
	expect_stance(&f, "static/app.js", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/__init__.py", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/fft.py", STANCE_NONE);
	expect_stance(&f, "python/numpy/tests/test_a.py", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/tests/data/x.csv", STANCE_USER_KEEP);
	expect_stance(&f, "python/sklearn/__init__.py", STANCE_USER_KEEP);
	expect_stance(&f, "app.py", STANCE_NONE);
	assert_true(str_eq(f.opinions[file_of(&f, "static/app.js")].via, STR("static/")));
	assert_int_equal(f.bundle.notes.list.len, 0);
	fixture_free(&f);
}

static void test_user_negation(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	struct user_patterns user = { .keep = { 0 } };

	(void)state;
	user_fixture(&f);
	add_user(&f, &user, true, "python/numpy/tests/");
	add_user(&f, &user, true, "!test_a.py");
	run_user(&f, &user);
	expect_stance(&f, "python/numpy/tests/data/x.csv", STANCE_USER_KEEP);
	expect_stance(&f, "python/numpy/tests/test_a.py", STANCE_RULE_DROP);
	fixture_free(&f);
}

static void test_user_modules(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	struct user_patterns user = { .keep = { 0 } };

	(void)state;
	user_fixture(&f);
	add_user(&f, &user, false, "module:numpy.fft");
	add_user(&f, &user, false, "module:numpy.core");
	add_user(&f, &user, false, "module:app");
	run_user(&f, &user);
	expect_stance(&f, "python/numpy/fft.py", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/__pycache__/fft.cpython-313.pyc", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/core.cpython-313-x86_64-linux-gnu.so", STANCE_USER_DROP);
	expect_stance(&f, "app.py", STANCE_USER_DROP);
	expect_stance(&f, "python/numpy/fft_more.py", STANCE_NONE);
	expect_stance(&f, "python/numpy/__init__.py", STANCE_NONE);
	fixture_free(&f);
}

static void test_user_unused(void **state)
{
	static const char *const expected[][2] = {
		{ "--keep 'nothing.txt' matches no file", "" },
		{ "--drop 'dist:numpi' matches no file", "did you mean dist:numpy?" },
		{ "--drop 'module:numpy.ftf' matches no file", "did you mean module:numpy.fft?" },
		{ "--drop 'module:zzzzzz' matches no file", "" },
	};
	struct fixture f = { .graph = { { 0 } } };
	struct user_patterns user = { .keep = { 0 } };

	(void)state;
	user_fixture(&f);
	add_user(&f, &user, true, "nothing.txt");
	add_user(&f, &user, true, "app.py");
	add_user(&f, &user, true, "app.*"); /* overrides the one before, which counts as used all the same */
	add_user(&f, &user, false, "dist:numpi");
	add_user(&f, &user, false, "module:numpy.ftf");
	add_user(&f, &user, false, "module:zzzzzz");
	run_user(&f, &user);
	assert_int_equal(f.bundle.notes.list.len, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct note *note = &f.bundle.notes.list.at[i];

		assert_int_equal(note->code, CODE_PATTERN_UNUSED);
		assert_string_equal(note->text.ptr, expected[i][0]);
		assert_true(str_eq(note->cure, str_of(expected[i][1])));
	}
	fixture_free(&f);
}

/* A source that the user drops is no source: its bytecode may be all there is. */
static void test_source_dropped_by_user(void **state)
{
	struct fixture f = { .graph = { { 0 } } };
	struct user_patterns user = { .keep = { 0 } };

	(void)state;
	add_file(&f, STR("app.py"), NO_DIST, STR(""));
	add_file(&f, STR("app.pyc"), NO_DIST, STR(""));
	fixture_finish(&f);
	add_user(&f, &user, false, "*.py");
	run_user(&f, &user);
	expect_stance(&f, "app.pyc", STANCE_NONE);
	fixture_free(&f);
}

/* --- precedence of rules --------------------------------------------------------------------------- */

static void test_rule_precedence(void **state)
{
	static const char text[] =
		"rules:\n"
		"  - {id: t/keep, because: b, keep: [a.txt]}\n"
		"  - {id: t/one, because: b, drop: ['*.txt'], reason: debris}\n"
		"  - {id: t/two, because: b, drop: ['b.*'], reason: documentation}\n"
		"  - {id: t/not, because: b, drop: ['*.md'], reason: debris, except: [keep/]}\n";
	struct fixture f = { .graph = { { 0 } } };
	struct ruleset set = { .arena = &f.arena };
	struct user_patterns user = { .keep = { 0 } };
	struct rule_options options = { NULL, 0 };
	uint32_t dist = add_dist(&f, "d", "");
	struct err err;

	(void)state;
	add_file(&f, STR("p/a.txt"), dist, STR(""));
	add_file(&f, STR("p/b.txt"), dist, STR(""));
	add_file(&f, STR("p/c.txt"), dist, STR(""));
	add_file(&f, STR("p/keep/deep/x.md"), dist, STR(""));
	add_file(&f, STR("p/x.md"), dist, STR(""));
	add_file(&f, STR("own.txt"), NO_DIST, STR(""));
	fixture_finish(&f);
	assert_int_equal(rules_load(&set, STR("t.yaml"), str_of(text), &err), 0);
	rules_match(&set, &user, &options, &f.bundle, f.opinions, &f.graph);
	expect_stance(&f, "p/a.txt", STANCE_RULE_KEEP);
	assert_int_equal(f.opinions[file_of(&f, "p/b.txt")].code, CODE_DOCS);
	assert_int_equal(f.opinions[file_of(&f, "p/c.txt")].code, CODE_DEBRIS);
	expect_stance(&f, "p/keep/deep/x.md", STANCE_NONE);
	expect_stance(&f, "p/x.md", STANCE_RULE_DROP);
	expect_stance(&f, "own.txt", STANCE_NONE);
	fixture_free(&f);
}

/* --- speed ------------------------------------------------------------------------------------------- */

/* 50,000 files in 100 distributions, printed; the bound is loose: sanitizers and valgrind run this too. */
static void test_speed(void **state)
{
	static const char *const shapes[] = {
		"p%u/m%u.py",
		"p%u/__pycache__/m%u.cpython-313.pyc",
		"p%u/sub%u/__init__.py",
		"p%u/tests/test_%u.py",
		"p%u/tests/data/deep/er/%u.csv",
		"p%u/src/x%u.c",
		"p%u/locale/l%u/LC_MESSAGES/d.mo",
		"p%u/x%u.pyi",
		"p%u/docs/%u.rst",
		"p%u/include/a/b/h%u.h",
	};
	struct fixture f = { .graph = { { 0 } } };
	clock_t start;
	double ms;

	(void)state;
	for (unsigned d = 0; d < 100; d++) {
		uint32_t dist = add_dist(&f, str_fmt(&f.arena, "p%u", d).ptr, "");

		for (unsigned i = 0; i < 500; i++) {
			const char *shape = shapes[i % 10];
			char path[128];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			(void)snprintf(path, sizeof(path), shape, d, i);
#pragma GCC diagnostic pop
			add_file(&f, str_dup(&f.arena, str_of(path)), dist, STR(""));
		}
	}
	fixture_finish(&f);
	start = clock();
	match_embedded(&f, false);
	ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	print_message("# 50,000 files, rules loaded and matched: %.1f ms\n", ms);
	assert_true(ms < 10000);
	expect_stance(&f, "p7/tests/data/deep/er/4.csv", STANCE_RULE_DROP);
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_embedded_is_sound),
		cmocka_unit_test(test_documented),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_whole_anchor),
		cmocka_unit_test(test_user_precedence),
		cmocka_unit_test(test_user_negation),
		cmocka_unit_test(test_user_modules),
		cmocka_unit_test(test_user_unused),
		cmocka_unit_test(test_source_dropped_by_user),
		cmocka_unit_test(test_rule_precedence),
		cmocka_unit_test(test_speed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
