/* The option table, the command line's parser, what values mean, and what overrides what. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "cmd/commands.h"
#include "cmd/options.h"

#define ARGV(...) ((char *[]){ __VA_ARGS__, NULL })

struct case_state {
	struct arena arena;
	struct err err;
	struct arguments arguments;
	struct options options;
};

/* argv through the parser and option_set(); slim.yaml plays no part. */
static int gather(struct case_state *state, char *const argv[], char *const environment[])
{
	static char no_config[] = "--no-config";
	char *with[32] = { no_config };

	for (size_t i = 0; argv[i]; i++)
		with[i + 1] = argv[i];
	if (arguments_parse(environment ? with : argv, &state->arena, &state->arguments, &state->err))
		return -1;
	return options_gather(&state->arguments, environment != NULL, environment, &state->arena,
			      &state->options, &state->err);
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct case_state));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	arena_free(&((struct case_state *)*state)->arena);
	free(*state);
	return 0;
}

#define assert_str(got, want)                                                                                \
	do {                                                                                                 \
		struct str got_ = (got);                                                                     \
		assert_int_equal(got_.len, strlen(want));                                                    \
		assert_memory_equal(got_.ptr, want, got_.len);                                               \
	} while (0)

/* The message of a failure holds `want`. */
static void assert_refused(struct case_state *state, char *const argv[], const char *want)
{
	memset(state->err.msg, 0, sizeof(state->err.msg));
	assert_int_equal(gather(state, argv, NULL), -1);
	if (!strstr(state->err.msg, want))
		fail_msg("'%s' does not say '%s'", state->err.msg, want);
}

static void test_defaults(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(gather(s, ARGV("app.zip"), NULL), 0);
	assert_int_equal(s->options.operands.len, 1);
	assert_int_equal(s->options.max_unpacked, 2ULL << 30);
	assert_int_equal(s->options.zip, ZIP_FAST);
	assert_int_equal(s->options.strip, STRIP_CHOICE_AUTO);
	assert_int_equal(s->options.output.len, 0);
	assert_int_equal(s->options.jobs, 0);
}

static void test_options_stand_anywhere(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(setenv("POSIXLY_CORRECT", "1", 1), 0);
	assert_int_equal(gather(s, ARGV("app.zip", "-o", "out.zip", "more", "--force"), NULL), 0);
	assert_int_equal(unsetenv("POSIXLY_CORRECT"), 0);
	assert_int_equal(s->options.operands.len, 2);
	assert_str(s->options.operands.at[1], "more");
	assert_str(s->options.output, "out.zip");
	assert_true(s->options.force);
}

static void test_ways_to_write_a_value(void **state)
{
	struct case_state *s = *state;
	char *const *ways[] = { ARGV("-oout.zip"),
				ARGV("-o", "out.zip"),
				ARGV("--output", "out.zip"),
				ARGV("--output=out.zip"),
				ARGV("-nfoout.zip"),
				ARGV("-nfo", "out.zip"),
				ARGV("-o", "first", "--output=out.zip") };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(gather(s, ways[i], NULL), 0);
		assert_str(s->options.output, "out.zip");
		assert_int_equal(s->options.operands.len, 0);
	}
	assert_int_equal(gather(s, ARGV("--output=a=b"), NULL), 0);
	assert_str(s->options.output, "a=b");
	assert_int_equal(gather(s, ARGV("-o", "-"), NULL), 0);
	assert_str(s->options.output, "-");
}

static void test_clusters(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(gather(s, ARGV("-nfvvq", "-v", "-j3"), NULL), 0);
	assert_true(s->options.dry_run && s->options.force && s->options.quiet);
	assert_int_equal(s->options.verbose, 3);
	assert_int_equal(s->options.jobs, 3);
}

static void test_dashes(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(gather(s, ARGV("-", "--", "-n", "--", "--zip"), NULL), 0);
	assert_int_equal(s->options.operands.len, 4);
	assert_str(s->options.operands.at[0], "-");
	assert_str(s->options.operands.at[1], "-n");
	assert_str(s->options.operands.at[2], "--");
	assert_int_equal(s->arguments.literal, 1);
	assert_false(s->options.dry_run);
}

static void test_unknown_options(void **state)
{
	struct case_state *s = *state;

	assert_refused(s, ARGV("--zpi"), "unknown option '--zpi'; did you mean '--zip'?");
	assert_refused(s, ARGV("--outp=x"), "unknown option '--outp'; did you mean '--output'?");
	assert_refused(s, ARGV("-zip"), "did you mean '--zip'?");
	assert_refused(s, ARGV("-qx"), "unknown option '-x'");
	assert_refused(s, ARGV("--\x1b[31m"), "unknown option '--\\x1b[31m'");
	assert_refused(s, ARGV("--=x"), "unknown option '--'");
}

static void test_values_are_checked(void **state)
{
	struct case_state *s = *state;

	assert_refused(s, ARGV("--zip"), "--zip needs a value: one of fast|small|canonical");
	assert_refused(s, ARGV("-o"), "-o needs a value: FILE");
	assert_refused(s, ARGV("--output="), "--output needs a value: FILE");
	assert_refused(s, ARGV("--keep", ""), "--keep: the value is empty");
	assert_refused(s, ARGV("-o", "--json"), "write --output=--json");
	assert_refused(s, ARGV("-o", "-n"), "write --output=-n");
	assert_refused(s, ARGV("-o", "--"), "needs a value");
	assert_refused(s, ARGV("--zip", "best"),
		       "--zip: 'best' will not do; choose fast, small or canonical");
	assert_refused(s, ARGV("--strip=of"), "did you mean off?");
	assert_refused(s, ARGV("--color=sometimes"), "choose auto, always or never");
	assert_refused(s, ARGV("--runtime", "python3.7"),
		       "--runtime: 'python3.7' will not do; choose python3.8, ");
	assert_refused(s, ARGV("--runtime=pyhton3.13"), "or python3.15; did you mean python3.13?");
	assert_refused(s, ARGV("--runtime=3.13"), "did you mean python3.13?");
	assert_refused(s, ARGV("--runtime"), "--runtime needs a value: python3.N");
	assert_refused(s, ARGV("--arch=x86-64"), "choose x86_64 or arm64; did you mean x86_64?");
	assert_refused(s, ARGV("--handler"), "--handler needs a value: M.F");
	assert_refused(s, ARGV("--json=yes"), "--json takes no value");
	assert_refused(s, ARGV("--strict=maybe"), "write true or false");
	assert_refused(s, ARGV("-j", "257"), "from 1 to 256");
	assert_refused(s, ARGV("-j", "99999999999999999999"), "from 1 to 256");
	assert_refused(s, ARGV("-j", "-1"), "from 1 to 256");
	assert_refused(s, ARGV("-j", "4 "), "from 1 to 256");
	assert_refused(s, ARGV("--max-unpacked", "2 parsecs"), "such as 500M or 2 GiB");
	assert_refused(s, ARGV("--max-unpacked", "0"), "such as 500M or 2 GiB");
}

static void test_values_are_understood(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(gather(s,
				ARGV("--zip=small", "--strip", "debug", "--colour=never", "-j256",
				     "--max-unpacked=1.5 GiB", "--drop-licences", "--exit-zero"),
				NULL),
			 0);
	assert_int_equal(s->options.zip, ZIP_SMALL);
	assert_int_equal(s->options.strip, STRIP_CHOICE_DEBUG);
	assert_int_equal(s->options.color, WHEN_NEVER);
	assert_int_equal(s->options.jobs, 256);
	assert_int_equal(s->options.max_unpacked, 3ULL << 29);
	assert_true(s->options.drop_licenses && s->options.exit_zero);
	assert_int_equal(gather(s, ARGV("--strict", "--strict=no", "--zip=small", "--zip=canonical"), NULL),
			 0);
	assert_false(s->options.strict);
	assert_int_equal(s->options.zip, ZIP_CANONICAL);
}

static void test_lists_extend(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(
		gather(s, ARGV("--keep", "a", "--drop=b", "--keep=c\\", "--rules", "r", "--rules=q"), NULL),
		0);
	assert_int_equal(s->options.keep.len, 2);
	assert_str(s->options.keep.at[0].value, "a");
	assert_str(s->options.keep.at[0].place, "--keep 'a'");
	assert_str(s->options.keep.at[1].value, "c\\");
	assert_str(s->options.keep.at[1].place, "--keep 'c\\\\'");
	assert_str(s->options.drop.at[0].place, "--drop 'b'");
	assert_str(s->options.rules.at[1], "q");
}

static void test_reports(void **state)
{
	struct case_state *s = *state;

	assert_int_equal(gather(s,
				ARGV("--report=json=a.b", "--report", "x/y.md", "--report=r.txt",
				     "--report=./k=v.json", "--report=text=a=b"),
				NULL),
			 0);
	assert_int_equal(s->options.reports.len, 5);
	assert_str(s->options.reports.at[0].format, "json");
	assert_str(s->options.reports.at[0].path, "a.b");
	assert_str(s->options.reports.at[1].format, "md");
	assert_str(s->options.reports.at[2].format, "text");
	assert_str(s->options.reports.at[3].format, "json");
	assert_str(s->options.reports.at[3].path, "./k=v.json");
	assert_str(s->options.reports.at[4].path, "a=b");
	assert_refused(s, ARGV("--report=out.html"), "write text=FILE, json=FILE or md=FILE");
	assert_refused(s, ARGV("--report=jsno=x.md"), "did you mean json?");
	assert_refused(s, ARGV("--report=md="), "will not do");
	assert_refused(s, ARGV("--report=-"), "use --json");
	assert_refused(s, ARGV("--report=json=-"), "use --json");
}

static void test_contradictions(void **state)
{
	struct case_state *s = *state;

	assert_refused(s, ARGV("--json", "-o", "-"), "both want standard output");
	assert_refused(s, ARGV("--config=a", "--no-config"), "contradict");
	assert_int_equal(gather(s, ARGV("--json", "-o", "-", "-n"), NULL), 0);
}

static void test_environment(void **state)
{
	struct case_state *s = *state;
	char *const environment[] = {
		"SLIM_KEEP=a b\n\nc",	"SLIM_ZIP=small",    "SLIM_STRICT=1", "SLIM_STRIP=",
		"SLIM_MAX_UNPACKED=1M", "SLIM_OUTPUT=never", "SLIMY=1",	      NULL
	};
	char *const broken[] = { "SLIM_JOBS=many", NULL };

	assert_int_equal(gather(s, ARGV("--keep=d", "--zip=canonical"), environment), 0);
	assert_int_equal(s->options.keep.len, 3);
	assert_str(s->options.keep.at[0].value, "a b");
	assert_str(s->options.keep.at[0].place, "SLIM_KEEP");
	assert_str(s->options.keep.at[1].value, "c");
	assert_str(s->options.keep.at[2].value, "d");
	assert_int_equal(s->options.zip, ZIP_CANONICAL);
	assert_true(s->options.strict);
	assert_int_equal(s->options.strip, STRIP_CHOICE_AUTO);
	assert_int_equal(s->options.max_unpacked, 1 << 20);
	assert_int_equal(s->options.output.len, 0);
	assert_int_equal(gather(s, ARGV("--strict=false"), environment), 0);
	assert_false(s->options.strict);
	assert_int_equal(gather(s, ARGV("x"), broken), -1);
	assert_non_null(strstr(s->err.msg, "SLIM_JOBS: 'many' will not do"));
}

static void test_commands(void **state)
{
	struct case_state *s = *state;
	const struct command *command = NULL;
	char *const here[] = { ".", NULL };
	char *const named[] = { "explain", "pack", NULL };
	char *const literal[] = { "--", "explain", NULL };
	char *const prefix[] = { "expl", NULL };

	assert_int_equal(gather(s, here, NULL), 0);
	assert_int_equal(command_choose(&s->arguments, &command, &s->err), 0);
	assert_string_equal(command->name, "pack");
	assert_int_equal(gather(s, named, NULL), 0);
	assert_int_equal(command_choose(&s->arguments, &command, &s->err), 0);
	assert_string_equal(command->name, "explain");
	assert_int_equal(s->arguments.operands.len, 1);
	assert_int_equal(gather(s, literal, NULL), 0);
	assert_int_equal(command_choose(&s->arguments, &command, &s->err), -1);
	assert_non_null(strstr(s->err.msg, "there is no file 'explain'"));
	assert_int_equal(gather(s, prefix, NULL), 0);
	assert_int_equal(command_choose(&s->arguments, &command, &s->err), -1);
}

static void test_reserved_words(void **state)
{
	static const char *const words[] = { "check", "why",	"diff",	  "layers", "measure", "verify",
					     "trace", "advise", "report", "sam",    "cdk",     "init",
					     "graph", "tree",	"list",	  "strip",  "dedupe",  "update" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_true(command_is_reserved(str_of(words[i])) || command_find(str_of(words[i])));
	for (size_t i = 0; i < command_count; i++)
		assert_false(command_is_reserved(str_of(command_table[i].name)));
	/* Names that packages really have. */
	assert_false(command_is_reserved(STR("build")) || command_is_reserved(STR("dist")));
}

static void test_target(void **state)
{
	struct case_state *s = *state;
	char *const environment[] = { "SLIM_HANDLER=a.b\nc.d", "SLIM_RUNTIME=python3.8", "SLIM_ARCH=arm64",
				      NULL };

	assert_int_equal(gather(s, ARGV("app.zip"), NULL), 0);
	assert_int_equal(s->options.runtime_minor, 0);
	assert_int_equal(s->options.arch, ARCH_ANY);
	assert_int_equal(s->options.handlers.len, 0);
	assert_int_equal(gather(s,
				ARGV("--handler=app.h", "--runtime", "python3.15", "--arch=x86_64",
				     "--no-prune", "--prune-app=no"),
				environment),
			 0);
	assert_int_equal(s->options.handlers.len, 3);
	assert_str(s->options.handlers.at[0].value, "a.b");
	assert_str(s->options.handlers.at[0].place, "SLIM_HANDLER");
	assert_str(s->options.handlers.at[1].value, "c.d");
	assert_str(s->options.handlers.at[2].value, "app.h");
	assert_str(s->options.handlers.at[2].place, "--handler");
	assert_int_equal(s->options.runtime_minor, 15);
	assert_int_equal(s->options.arch, ARCH_X86_64);
	assert_true(s->options.no_prune && !s->options.prune_app);
	assert_int_equal(gather(s, ARGV("x"), environment), 0);
	assert_int_equal(s->options.runtime_minor, 8);
	assert_int_equal(s->options.arch, ARCH_ARM64);
}

/* What the table promises its readers. */
static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];

		assert_ptr_equal(option_find(str_of(option->name)), option);
		assert_true(!option->letter || option_by_letter(option->letter) == option);
		assert_true(option->field < sizeof(struct options));
		assert_true(option->help && option->detail && option->commands);
		assert_true(option_takes_value(option) == (option->argument || option->choices));
		assert_true(option->help[0] >= 'a' && option->help[0] <= 'z');
		assert_int_equal(option->detail[strlen(option->detail) - 1], '.');
	}
	assert_null(option_find(STR("outpu")));
	assert_null(option_by_letter('\0'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_options_stand_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ways_to_write_a_value, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clusters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dashes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_options, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values_are_checked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values_are_understood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lists_extend, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_contradictions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(test_target, setup, teardown),
		cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
		cmocka_unit_test(test_reserved_words),
		cmocka_unit_test(test_table),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
