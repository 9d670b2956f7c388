/* slim.yaml: where it is found, what its keys become, and every way in which YAML could change a pattern. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
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

#include "base/arena.h"
#include "cmd/config.h"

struct case_state {
	struct arena arena;
	struct err err;
	struct settings settings;
	char *old_dir;
	char dir[64];
	char home[96]; /* "HOME=…" */
};

static int setup(void **state)
{
	struct case_state *s = calloc(1, sizeof(*s));

	*state = s;
	if (!s)
		return -1;
	s->old_dir = getcwd(NULL, 0);
	strcpy(s->dir, "/tmp/slim-config-XXXXXX");
	if (!s->old_dir || !mkdtemp(s->dir) || chdir(s->dir) || mkdir("a", 0700) || mkdir("a/b", 0700))
		return -1;
	(void)snprintf(s->home, sizeof(s->home), "HOME=%s", s->dir);
	return 0;
}

static int teardown(void **state)
{
	struct case_state *s = *state;
	static const char *const names[] = { "slim.yaml",   "slim.yml", ".git",
					     "a/slim.yaml", "a/.git",	"a/b/slim.yaml" };

	if (chdir(s->dir))
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(names[i]);
	if (rmdir("a/b") || rmdir("a") || chdir(s->old_dir) || rmdir(s->dir))
		return -1;
	free(s->old_dir);
	arena_free(&s->arena);
	free(s);
	return 0;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int parse(struct case_state *s, const char *text)
{
	s->settings = (struct settings){ 0 };
	memset(s->err.msg, 0, sizeof(s->err.msg));
	return config_parse(STR("conf/slim.yaml"), str_of(text), &s->arena, &s->settings, &s->err);
}

static void assert_setting(const struct case_state *s, size_t i, const char *name, const char *value,
			   const char *place)
{
	assert_true(i < s->settings.list.len);
	assert_string_equal(s->settings.list.at[i].option->name, name);
	assert_string_equal(s->settings.list.at[i].value.ptr, value);
	assert_string_equal(s->settings.list.at[i].place.ptr, place);
}

static void test_keys(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(parse(s, "strip: off   # all of it\n"
				  "keep:\n"
				  "  - dist:celery\n"
				  "  - \"*.pem\"\n"
				  "  - a#b\n"
				  "drop: 'x y/**'\n"
				  "max-unpacked: 225 MiB\n"
				  "rules: [r, ../q, /abs]\n"
				  "drop-licences: yes\n"),
			 0);
	assert_int_equal(s->settings.list.len, 10);
	assert_setting(s, 0, "strip", "off", "conf/slim.yaml:1:8");
	assert_setting(s, 1, "keep", "dist:celery", "conf/slim.yaml:3:5");
	assert_setting(s, 2, "keep", "*.pem", "conf/slim.yaml:4:5");
	assert_setting(s, 3, "keep", "a#b", "conf/slim.yaml:5:5");
	assert_setting(s, 4, "drop", "x y/**", "conf/slim.yaml:6:7");
	assert_setting(s, 5, "max-unpacked", "225 MiB", "conf/slim.yaml:7:15");
	assert_setting(s, 6, "rules", "conf/r", "conf/slim.yaml:8:9");
	assert_setting(s, 7, "rules", "conf/../q", "conf/slim.yaml:8:12");
	assert_setting(s, 8, "rules", "/abs", "conf/slim.yaml:8:18");
	assert_setting(s, 9, "drop-licenses", "yes", "conf/slim.yaml:9:16");
}

static void test_nothing_in_it(void **state)
{
	static const char *const texts[] = {
		"", "\n", "# all is commented out\n", "---\n", "{}", "keep: []\n"
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(parse(*state, texts[i]), 0);
		assert_int_equal(((struct case_state *)*state)->settings.list.len, 0);
	}
}

static void test_hazards(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		/* YAML reads something else than was written. */
		{ "keep:\n  - **/tests/**\n",
		  "slim.yaml:2:5: keep: value 1: quote patterns that start with '*'" },
		{ "keep: [ a, *.py ]\n",
		  "slim.yaml:1:12: keep: value 2: quote patterns that start with '*'" },
		{ "keep: *x\n", "slim.yaml:1:7: keep: quote patterns that start with '*'" },
		{ "drop:\n  - !data/x\n",
		  "slim.yaml:1:1: drop: value 1: quote patterns that start with '!'" },
		{ "drop:\n  - ! data\n", "quote patterns that start with '!'" },
		{ "keep:\n  - &a b\n", "quote patterns that start with '&'" },
		{ "keep:\n  - # all\n", "slim.yaml:1:1: keep: value 1: it is empty" },
		{ "keep: ''\n", "slim.yaml:1:7: keep: it is empty" },
		{ "keep:\n", "slim.yaml:1:1: keep: it is empty" },
		{ "keep:\n  - a/**\n    - b/**\n",
		  "slim.yaml:2:5: keep: value 1: it goes on over the next line" },
		{ "keep: |\n  a\n  b\n", "it goes on over the next line" },
		{ "keep: >\n  a\n", "it goes on over the next line" },
		{ "keep: {a: b}\n", "one value is expected" },
		{ "keep: [[a]]\n", "one value is expected" },
		/* YAML cannot read it. */
		{ "keep:\n  - [tests]/x\n",
		  "slim.yaml:2:12: invalid scalar at the end of block sequence; quote" },
		{ "keep:\n  - {a,b}/**\n",
		  "slim.yaml:2:10: invalid scalar at the end of block sequence; quote" },
		{ "keep: @x\n", "quote patterns that start with one of" },
		{ "strip: off\nstrip: auto\n", "slim.yaml:2:1: duplicate key" },
		{ "keep:\n\t- a\n", "slim.yaml:2:1: tab character" },
		{ "strip: off\n---\nzip: small\n", "a second document" },
		{ "strip: off\n...\nzip: small\n", "a second document" },
		{ "\xff\xfe", "not UTF-8" },
		{ "keep: \xc3\n", "not UTF-8" },
		/* It is no configuration. */
		{ "kep: a\n", "slim.yaml:1:1: unknown key 'kep'; did you mean 'keep'?" },
		{ "drop_licenses: true\n", "did you mean 'drop-licenses'?" },
		{ "strip: off\nlayer: a.zip\n", "slim.yaml:2:1: unknown key 'layer'; slim.yaml(5)" },
		{ "output: x.zip\n", "'output' is for the command line only" },
		{ "slim:\n  strip: off\n", "slim.yaml:1:1: remove 'slim:'" },
		{ "strip: [off]\n", "strip takes one value, not a list" },
		{ "runtime: [python3.13]\n", "runtime takes one value, not a list" },
		{ "- keep\n", "are expected" },
		{ "keep\n", "are expected" },
		{ "*a : b\n", "in a key" },
		{ "!x keep: b\n", "in a key" },
		{ "{a: b}: c\n", "in a key" },
		{ "<<: *x\n", "unknown key '<<'" },
		{ "\"\\e[31m\": x\n", "unknown key '\\x1b[31m'" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_state *s = *state;

		if (parse(s, cases[i].text) != -1)
			fail_msg("accepted: %s", cases[i].text);
		if (!strstr(s->err.msg, cases[i].says))
			fail_msg("%s\n'%s' does not say '%s'", cases[i].text, s->err.msg, cases[i].says);
	}
}

static void test_nul_in_the_file(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(config_parse(STR("slim.yaml"), STR("strip: off\n\0keep: b\n"), &s->arena,
				      &s->settings, &s->err),
			 -1);
}

/* Values that only look harmless reach option_set(), which names the key and the place. */
static void test_bad_values(void **state)
{
	struct case_state *s = *state;
	struct options options;

	options_default(&options);
	assert_int_equal(parse(s, "strip: no\n"), 0);
	assert_int_equal(option_set(&options, &s->settings.list.at[0], &s->arena, &s->err), -1);
	assert_string_equal(s->err.msg,
			    "conf/slim.yaml:1:8: strip: 'no' will not do; choose auto, debug or off");
	assert_int_equal(parse(s, "keep: \"a\\0b\"\n"), 0);
	assert_int_equal(option_set(&options, &s->settings.list.at[0], &s->arena, &s->err), -1);
	assert_non_null(strstr(s->err.msg, "'a\\x00b' will not do"));
}

static void find(struct case_state *s, const char *from, const char *want)
{
	char *const environment[] = { s->home, NULL };
	struct str path;

	assert_int_equal(chdir(s->dir), 0);
	assert_int_equal(chdir(from), 0);
	assert_int_equal(config_find(environment, &s->arena, &path, &s->err), 0);
	assert_int_equal(chdir(s->dir), 0);
	if (strlen(want) != path.len || memcmp(path.ptr, want, path.len) != 0)
		fail_msg("from %s: '%s' is not '%s'", from, path.ptr, want);
}

static void test_search(void **state)
{
	struct case_state *s = *state;

	find(s, "a/b", "");
	write_file("slim.yaml", "");
	/* The home directory counts only as the place where one stands. */
	find(s, ".", "slim.yaml");
	find(s, "a/b", "");
	(void)snprintf(s->home, sizeof(s->home), "HOME=/nowhere");
	find(s, "a/b", "../../slim.yaml");
	/* A repository, or a work tree whose .git is a file, ends the search, itself included. */
	write_file("a/.git", "gitdir: elsewhere\n");
	find(s, "a/b", "");
	write_file("a/slim.yaml", "");
	find(s, "a/b", "../slim.yaml");
	write_file("a/b/slim.yaml", "");
	find(s, "a/b", "slim.yaml");
	find(s, "/", "");
}

static void test_misspelt_file(void **state)
{
	struct case_state *s = *state;
	struct str path;
	char *const environment[] = { NULL };

	write_file("slim.yml", "");
	assert_int_equal(config_find(environment, &s->arena, &path, &s->err), -1);
	assert_non_null(strstr(s->err.msg, "rename it to slim.yaml"));
}

/* The file under the environment under the command line; lists add up in that order. */
static void test_precedence(void **state)
{
	struct case_state *s = *state;
	char *const argv[] = { "x", "--keep", "flag", "--zip=canonical", NULL };
	char *const environment[] = { "SLIM_KEEP=variable", "SLIM_ZIP=small", "SLIM_STRIP=off", NULL };
	char *const config[] = { "x", "--config", "a/slim.yaml", "--strict=false", NULL };
	char *const without[] = { "x", "--no-config", NULL };
	struct arguments arguments;
	struct options options;

	write_file("slim.yaml", "keep: file\nzip: fast\nstrip: debug\njobs: 3\n");
	write_file("a/slim.yaml", "strict: true\nrules: r\n");
	assert_int_equal(arguments_parse(argv, &s->arena, &arguments, &s->err), 0);
	assert_int_equal(options_gather(&arguments, true, environment, &s->arena, &options, &s->err), 0);
	assert_int_equal(options.keep.len, 3);
	assert_string_equal(options.keep.at[0].value.ptr, "file");
	assert_string_equal(options.keep.at[0].place.ptr, "slim.yaml:1:7");
	assert_string_equal(options.keep.at[1].value.ptr, "variable");
	assert_string_equal(options.keep.at[2].value.ptr, "flag");
	assert_int_equal(options.zip, ZIP_CANONICAL);
	assert_int_equal(options.strip, STRIP_CHOICE_OFF);
	assert_int_equal(options.jobs, 3);
	assert_string_equal(options.config.ptr, "slim.yaml");

	assert_int_equal(arguments_parse(config, &s->arena, &arguments, &s->err), 0);
	assert_int_equal(options_gather(&arguments, true, environment, &s->arena, &options, &s->err), 0);
	assert_false(options.strict);
	assert_int_equal(options.jobs, 0);
	assert_string_equal(options.rules.at[0].ptr, "a/r");

	assert_int_equal(arguments_parse(without, &s->arena, &arguments, &s->err), 0);
	assert_int_equal(options_gather(&arguments, true, environment, &s->arena, &options, &s->err), 0);
	assert_int_equal(options.jobs, 0);
	assert_int_equal(options.config.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_in_it, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hazards, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nul_in_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_search, setup, teardown),
		cmocka_unit_test_setup_teardown(test_misspelt_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_precedence, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
