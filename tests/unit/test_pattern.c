/* Patterns: their shapes, what is refused, and thousands of pairs against git itself. */
#define _GNU_SOURCE /* mkdtemp, popen, setenv */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules/pattern.h"
#include "rules/pattern_index.h"

/* --- single patterns ------------------------------------------------------------------------- */

static bool matches(const char *text, const char *path, bool is_dir)
{
	struct pattern pattern;
	struct err err;

	if (pattern_parse(str_of(text), STR("test"), &pattern, &err) != 0)
		fail_msg("%s: %s", text, err.msg);
	return pattern_matches(&pattern, str_of(path), is_dir);
}

static void test_shapes(void **state)
{
	static const struct {
		const char *pattern;
		const char *path;
		bool is_dir;
		bool hit;
	} cases[] = {
		{ "a", "a", false, true },
		{ "a", "b/c/a", false, true },
		{ "a", "ab", false, false },
		{ "/a", "a", false, true },
		{ "/a", "b/a", false, false },
		{ "a/b", "a/b", false, true },
		{ "a/b", "c/a/b", false, false },
		{ "a/", "a", true, true },
		{ "a/", "a", false, false },
		{ "a/b/", "a/b", true, true },
		{ "*.py", "x/y.py", false, true },
		{ "*.py", ".py", false, true },
		{ "*.py", "y.pyc", false, false },
		{ "x/*.py", "x/y.py", false, true },
		{ "x/*.py", "x/y/z.py", false, false },
		{ "a?c", "abc", false, true },
		{ "a?c", "ac", false, false },
		{ "**/a", "a", false, true },
		{ "**/a", "x/y/a", false, true },
		{ "a/**", "a/b/c", false, true },
		{ "a/**", "a", true, false },
		{ "a/**/b", "a/b", false, true },
		{ "a/**/b", "a/x/y/b", false, true },
		{ "a/**/b", "a/x/y", false, false },
		{ "**/a/**/b/*.c", "a/a/b/a/x/b/y.c", false, true },
		{ "**", "a/b", false, true },
		{ "/**", "a", false, true },
		{ "a**b", "axxb", false, true },
		{ "a/b**c", "a/bxc", false, true },
		{ "a/b**c", "a/b/c", false, false },
		{ "[a-c]x", "bx", false, true },
		{ "[!a-c]x", "bx", false, false },
		{ "[^a-c]x", "dx", false, true },
		{ "[]x]", "]", false, true },
		{ "[a-]", "-", false, true },
		{ "[[:digit:][:upper:]]", "Z", false, true },
		{ "[[:digit:]]", "x", false, false },
		{ "[\\]]", "]", false, true },
		{ "[z-a]", "m", false, false },
		{ "\\!a", "!a", false, true },
		{ "\\*", "*", false, true },
		{ "\\*", "x", false, false },
		{ "a ", "a", false, true },
		{ "a\\ ", "a ", false, true },
		{ "*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false, false },
		{ "#a", "#a", false, true },
		{ "\xff*", "\xff\xfe", false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (matches(cases[i].pattern, cases[i].path, cases[i].is_dir) != cases[i].hit)
			fail_msg("'%s' and '%s': expected %d", cases[i].pattern, cases[i].path, cases[i].hit);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{ "", "empty" },       { "!", "empty" },       { "/", "empty" },
		{ "   ", "empty" },    { "[abc", "without" },  { "a[b/c]d", "without" },
		{ "[[:no:]]", "']'" }, { "a\\", "backslash" }, { "a\\/b", "backslash" },
	};
	char long_text[5000];
	struct pattern pattern;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pattern_parse(str_of(cases[i].text), STR("test"), &pattern, &err), -1);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("'%s' says: %s", cases[i].text, err.msg);
	}
	memset(long_text, 'a', sizeof(long_text));
	assert_int_equal(
		pattern_parse((struct str){ long_text, sizeof(long_text) }, STR("test"), &pattern, &err), -1);
}

/* Not exponential, not recursive. */
static void test_hostile(void **state)
{
	char glob[4096];
	char path[4000];
	struct pattern pattern;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(glob); i++)
		glob[i] = "**/"[i % 3];
	glob[sizeof(glob) - 1] = 'b';
	memset(path, 'a', sizeof(path));
	for (size_t i = 1; i < sizeof(path); i += 2)
		path[i] = '/';
	path[sizeof(path) - 1] = 'a';
	assert_int_equal(pattern_parse((struct str){ glob, sizeof(glob) }, STR("t"), &pattern, &err), 0);
	assert_false(pattern_matches(&pattern, (struct str){ path, sizeof(path) }, false));
	for (size_t i = 0; i < sizeof(glob); i++)
		glob[i] = "*a"[i % 2];
	glob[sizeof(glob) - 1] = 'b';
	memset(path, 'a', sizeof(path));
	assert_int_equal(pattern_parse((struct str){ glob, sizeof(glob) }, STR("t"), &pattern, &err), 0);
	assert_false(pattern_matches(&pattern, (struct str){ path, sizeof(path) }, false));
}

static void test_last(void **state)
{
	struct pattern list[3];
	struct err err;

	(void)state;
	assert_int_equal(pattern_parse(STR("build/"), STR("1"), &list[0], &err), 0);
	assert_int_equal(pattern_parse(STR("!keep.txt"), STR("2"), &list[1], &err), 0);
	assert_int_equal(pattern_parse(STR("build/x/"), STR("3"), &list[2], &err), 0);
	assert_ptr_equal(pattern_last(list, 3, STR("build/a"), false), &list[0]);
	assert_ptr_equal(pattern_last(list, 3, STR("build/x/a"), false), &list[2]);
	assert_ptr_equal(pattern_last(list, 3, STR("build/x/keep.txt"), false), &list[1]);
	assert_null(pattern_last(list, 3, STR("src/a"), false));
}

static void test_user_forms(void **state)
{
	static const char *const refused[] = { "dist:",	     "dist:a/b",  "dist:a b",	 "module:",
					       "module:a.",  "module:.a", "module:a..b", "module:a/b",
					       "!module:a*", "!dist:" };
	struct pattern pattern;
	struct err err;

	(void)state;
	assert_int_equal(user_pattern_parse(STR("!dist:Foo.Bar"), STR("t"), &pattern, &err), 0);
	assert_int_equal(pattern.kind, PATTERN_DIST);
	assert_true(pattern.negated);
	assert_true(str_eq(pattern.text, STR("Foo.Bar")));
	assert_int_equal(user_pattern_parse(STR("module:a.b"), STR("t"), &pattern, &err), 0);
	assert_int_equal(pattern.kind, PATTERN_MODULE);
	assert_int_equal(user_pattern_parse(STR("/dist:x"), STR("t"), &pattern, &err), 0);
	assert_int_equal(pattern.kind, PATTERN_PATH);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(user_pattern_parse(str_of(refused[i]), STR("t"), &pattern, &err), -1);
}

static void test_dist_key(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_true(str_eq(pattern_dist_key(&arena, STR("Foo__Bar.-baz")), STR("foo-bar-baz")));
	arena_free(&arena);
}

/* --- against git ----------------------------------------------------------------------------------- */

enum { SETS = 80, SET_MAX = 6, PATHS_MAX = 400 };

/* xorshift: the same pairs on every machine. */
static uint32_t random_below(uint64_t *seed, uint32_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 33) % n;
}

static const char *const names[] = { "a", "b",	 "ab",	"a.py", "b.pyc", "x-y",
				     "A", "[a]", "a b", "!a",	".py",	 "tests" };
static const char *const parts[] = { "a",     "b",    "ab",    "*",	  "**",	    "?",    "a*",
				     "*.py",  "[ab]", "[!a]*", "x-y",	  "a?",	    "**a",  "a**b",
				     "\\[a]", "\\!a", "t*s",   "*.p[y]c", "[a-z]*", "tests" };
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct generated {
	char patterns[SET_MAX][128];
	size_t count;
};

static void generate(uint64_t *seed, struct generated *set)
{
	set->count = 1 + random_below(seed, SET_MAX);
	for (size_t i = 0; i < set->count; i++) {
		uint32_t depth = 1 + random_below(seed, 3);
		const char *part[3] = { "", "", "" };
		bool negated = random_below(seed, 4) == 0;
		bool anchored = random_below(seed, 4) == 0;

		for (uint32_t d = 0; d < depth; d++)
			part[d] = parts[random_below(seed, COUNT(parts))];
		(void)snprintf(set->patterns[i], sizeof(set->patterns[i]), "%s%s%s%s%s%s%s%s",
			       negated ? "!" : "", anchored ? "/" : "", part[0], depth > 1 ? "/" : "",
			       part[1], depth > 2 ? "/" : "", part[2], random_below(seed, 4) == 0 ? "/" : "");
	}
}

static bool is_directory(const char *path)
{
	return path[strlen(path) - 1] == '/';
}

/* A tree of real directories, for git asks the disk what is one. Paths of directories end in '/'. */
static size_t make_tree(uint64_t *seed, char paths[PATHS_MAX][64])
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(names); i++) {
		bool is_dir = i % 2 == 0 || i == COUNT(names) - 1;

		(void)snprintf(paths[count++], 64, "%s%s", names[i], is_dir ? "/" : "");
	}
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(paths[i]);

		if (!is_directory(paths[i])) {
			FILE *f = fopen(paths[i], "w");

			assert_non_null(f);
			(void)fclose(f);
			continue;
		}
		assert_int_equal(mkdir(paths[i], 0755), 0);
		for (size_t n = 0; n < COUNT(names) && count < PATHS_MAX && len < 10; n++)
			if (random_below(seed, 3))
				(void)snprintf(paths[count++], 64, "%.40s%s%s", paths[i], names[n],
					       random_below(seed, 2) ? "/" : "");
	}
	return count;
}

/* What git does with a path, from our single matches: a directory that is dropped above decides at once. */
static const struct pattern *as_git(const struct pattern *list, size_t count, struct str path, bool is_dir,
				    bool *above)
{
	*above = false;
	for (size_t end = 0; end <= path.len; end++) {
		bool whole = end == path.len;

		if (!whole && path.ptr[end] != '/')
			continue;
		for (size_t i = count; i-- > 0;) {
			if (!pattern_matches(&list[i], str_head(path, end), !whole || is_dir))
				continue;
			*above = !whole;
			if (whole || !list[i].negated)
				return &list[i];
			break;
		}
	}
	return NULL;
}

/* The index must find what trying each pattern finds. */
static void check_index(const struct pattern *list, size_t count, struct str path, bool is_dir)
{
	struct arena arena = { 0 };
	struct pattern_index index = { .arena = &arena };
	struct hits hits = { 0 };
	unsigned found = 0;
	unsigned expected = 0;

	for (uint32_t i = 0; i < count; i++) {
		pattern_index_add(&index, &list[i], i);
		expected |= (unsigned)pattern_matches(&list[i], path, is_dir) << i;
	}
	pattern_index_find(&index, path, is_dir, &hits);
	for (size_t i = 0; i < hits.len; i++)
		found |= 1U << hits.at[i];
	assert_int_equal(found, expected);
	arena_free(&arena);
}

/* The chosen difference: we take back what lies below a dropped directory. In all else the verdicts agree. */
static void check_last(const struct pattern *list, size_t count, struct str path, bool is_dir,
		       const struct pattern *gits, bool above)
{
	const struct pattern *ours = pattern_last(list, count, path, is_dir);
	bool git_drops = gits && !gits->negated;
	bool we_drop = ours && !ours->negated;

	if (git_drops != we_drop)
		assert_true(git_drops && above && ours && ours->negated);
}

static size_t ask_git(const struct generated *set, char paths[PATHS_MAX][64], size_t count,
		      long answers[PATHS_MAX])
{
	FILE *f = fopen(".git/info/exclude", "w");
	char line[512];
	size_t n = 0;

	assert_non_null(f);
	for (size_t i = 0; i < set->count; i++)
		(void)fprintf(f, "%s\n", set->patterns[i]);
	(void)fclose(f);
	f = fopen("in", "w");
	assert_non_null(f);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(f, "%.*s\n", (int)(strlen(paths[i]) - is_directory(paths[i])), paths[i]);
	(void)fclose(f);
	f = popen("git check-ignore --no-index -v -n --stdin < in", "r");
	assert_non_null(f);
	while (n < count && fgets(line, sizeof(line), f)) {
		const char *first = strchr(line, ':');

		assert_non_null(first);
		answers[n++] =
			strtol(first + 1, NULL, 10) - 1; /* "source:line:pattern<TAB>path", "::<TAB>" */
	}
	(void)pclose(f);
	return n;
}

static void compare_set(const struct generated *set, char paths[PATHS_MAX][64], size_t count)
{
	struct pattern list[SET_MAX];
	long answers[PATHS_MAX] = { 0 };
	struct err err;

	for (size_t i = 0; i < set->count; i++)
		if (pattern_parse(str_of(set->patterns[i]), STR("test"), &list[i], &err) != 0)
			fail_msg("%s", err.msg);
	assert_int_equal(ask_git(set, paths, count, answers), count);
	for (size_t i = 0; i < count; i++) {
		bool is_dir = is_directory(paths[i]);
		struct str path = { paths[i], strlen(paths[i]) - is_dir };
		bool above;
		const struct pattern *ours = as_git(list, set->count, path, is_dir, &above);
		long number = ours ? (long)(ours - list) : -1;

		if (number != answers[i])
			fail_msg("'%s': git says '%s', we '%s'", paths[i],
				 answers[i] < 0 ? "" : set->patterns[answers[i]],
				 ours ? ours->written.ptr : "");
		check_index(list, set->count, path, is_dir);
		check_last(list, set->count, path, is_dir, ours, above);
	}
}

static void test_git(void **state)
{
	static char paths[PATHS_MAX][64];
	char dir[] = "/tmp/slim-pattern-XXXXXX";
	char clean[64];
	uint64_t seed = 0x51113;
	size_t count;
	size_t pairs = 0;

	(void)state;
	if (system("git --version > /dev/null 2>&1") != 0)
		skip();
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1), 0);
	assert_int_equal(setenv("GIT_CONFIG_NOSYSTEM", "1", 1), 0);
	(void)unsetenv("GIT_DIR");
	(void)unsetenv("GIT_WORK_TREE");
	assert_int_equal(system("git init -q . && git config core.quotePath false"), 0);
	count = make_tree(&seed, paths);
	for (size_t i = 0; i < SETS; i++) {
		struct generated set;

		generate(&seed, &set);
		compare_set(&set, paths, count);
		pairs += set.count * count;
	}
	assert_true(pairs > 5000);
	assert_int_equal(chdir("/"), 0);
	(void)snprintf(clean, sizeof(clean), "rm -rf '%s'", dir);
	assert_int_equal(system(clean), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),	   cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hostile),	   cmocka_unit_test(test_last),
		cmocka_unit_test(test_user_forms), cmocka_unit_test(test_dist_key),
		cmocka_unit_test(test_git),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
