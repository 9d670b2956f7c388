/* Loading rules: what is refused, with which words, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rules/rules.h"

#define RULE(rest) "rules:\n  - id: t/x\n    because: b\n" rest
#define DROP	   "    drop: [a]\n    reason: debris\n"

static const struct {
	const char *text;
	const char *says;
} refused[] = {
	/* YAML reads these otherwise than they look. */
	{ RULE("    drop:\n      - **/tests/**\n"), "t.yaml:5:9: quote patterns that start with '*'" },
	{ RULE("    drop: [ *.py ]\n"), "t.yaml:4:13: quote patterns that start with '*'" },
	{ RULE("    drop:\n      - !data/x\n"), "quote patterns that start with '!'" },
	{ RULE("    drop:\n      - # all\n"), "t.yaml:4:5: there is nothing here" },
	{ RULE("    drop: ['']\n"), "t.yaml:4:12: there is nothing here" },
	{ RULE("    drop:\n      - [tests]/x\n"), "t.yaml:5:" },
	{ RULE("    drop:\n      - {a,b}/**\n"), "put quotes around patterns" },
	{ RULE("    drop: [a]\n    drop: [b]\n"), "t.yaml:5:5: duplicate key" },
	{ RULE("\tdrop: [a]\n"), "t.yaml:4:" },
	{ RULE("    drop: [&x a]\n"), "'&'" },
	{ RULE("    drop: &x [a]\n    reason: debris\n"), "'&'" },
	{ RULE("    drop: [[a]]\n"), "t.yaml:4:13: a text is expected" },
	{ RULE("    drop: [{a: b}]\n"), "a text is expected" },
	{ RULE("    drop:\n      - a\n        b\n"), "t.yaml:5:9: the text goes on" },
	{ RULE("    drop: []\n"), "t.yaml:4:5: the list is empty" },
	{ RULE("    drop:\n"), "t.yaml:4:5: " },
	{ RULE(DROP "---\nrules: []\n"), "more than one document" },
	{ "rules: [a\n", "t.yaml:" },
	{ "", "t.yaml:1:1: keys are expected" },
	{ "# nothing\n", "t.yaml:1:1: keys are expected" },
	{ "- a\n", "t.yaml:1:3: keys are expected" },
	{ "rules: no\n", "t.yaml:1:8: a list is expected" },
	{ "rules: [a]\n", "t.yaml:1:9: keys are expected" },
	{ "\xff\xfe", "not UTF-8" },
	{ "? [a]\n: b\n", "t.yaml:1:4: a text is expected" },
	/* what rules may say */
	{ "rule: []\n", "t.yaml:1:1: unknown key 'rule', did you mean 'rules'?" },
	{ RULE("    droop: [a]\n"), "t.yaml:4:5: unknown key 'droop', did you mean 'drop'?" },
	{ RULE("    colour: red\n"), "unknown key 'colour'; there are: id, because" },
	{ RULE("    drop: [a]\n    reason: stub\n"), "unknown reason 'stub'; there are: unreached" },
	{ RULE("    drop: [a]\n    reason: type-stub\n"), "did you mean 'type-stubs'?" },
	{ RULE("    drop: [a]\n    reason: rule-keep\n"), "unknown reason" },
	{ RULE("    drop: [a]\n    reason: user-drop\n"), "unknown reason" },
	{ RULE("    in: anywere\n" DROP), "unknown place 'anywere', did you mean 'anywhere'?" },
	{ RULE("    when: [source-besides]\n" DROP), "t.yaml:4:12: unknown condition 'source-besides', did" },
	{ RULE("    option: drop-licence\n" DROP), "did you mean 'drop-licenses'?" },
	{ RULE("    drop: ['a[']\n"), "t.yaml:4:12: pattern 'a['" },
	{ RULE("    drop: ['!a']\n"), "use except:" },
	{ RULE("    proof: [a/b]\n" DROP), "without '/'" },
	{ RULE("    keep: [a]\n" DROP), "t.yaml:5:12: a rule has one of drop:, keep: and modules:" },
	{ RULE("    keep: [a]\n    reason: debris\n"), "reason: is for rules that drop" },
	{ RULE("    drop: [a]\n"), "t.yaml:2:5: the rule drops, but gives no reason:" },
	{ RULE("    reason: debris\n"), "neither drop: nor keep:" },
	{ RULE("    proof: [b]\n" DROP), "let the patterns end in '/'" },
	{ RULE("    in: anywhere\n    dists: [x]\n" DROP), "leave out in:" },
	{ RULE("    drop: all\n    reason: installers\n"), "the word whole-distribution" },
	{ RULE("    drop: whole-distribution\n    reason: installers\n"), "needs dists:" },
	{ RULE("    drop: whole-distribution\n    reason: installers\n    dists: [x]\n    when: "
	       "[not-alone]\n"),
	  "all or nothing" },
	{ RULE("    also: [x]\n" DROP), "also: goes with" },
	{ RULE("    see: http://x\n" DROP), "t.yaml:4:10: see: takes a link" },
	{ RULE("    dists: [x]\n    versions: '1.2'\n" DROP), "t.yaml:5:15: '1.2' does not begin with" },
	{ RULE("    dists: [x]\n    versions: '>=1.*'\n" DROP), "'>=1.*' holds no version" },
	{ RULE("    versions: '>=1'\n" DROP), "versions: needs dists:" },
	{ RULE("    modules: [a]\n" DROP), "a rule has one of" },
	{ RULE("    drop: [a]\n    modules: [a]\n"), "a rule has one of" },
	{ RULE("    modules: [a]\n"), "neither imports: nor children:" },
	{ RULE("    modules: [a]\n    imports: [b]\n"), "needs see:" },
	{ RULE("    modules: [a]\n    imports: [b]\n    see: https://x\n    except: [c]\n"), "only dists" },
	{ RULE("    modules: [a..b]\n"), "t.yaml:4:15: a dotted name is expected" },
	{ RULE("    modules: ['**']\n"), "a dotted name is expected" },
	{ RULE("    modules: [.a]\n"), "a dotted name is expected" },
	{ RULE("    modules: ['a.**.b']\n"), "a dotted name is expected" },
	{ RULE("    imports: [..a]\n"), "a dotted name is expected" },
	{ RULE("    imports: [a]\n" DROP), "imports: and children: go with modules:" },
	{ RULE("    unless-called: [a.b]\n" DROP), "a name is expected" },
	{ RULE("    unless-called: [a]\n" DROP), "needs see:" },
	{ RULE("    always: [a]\n" DROP), "go with unless-called:" },
	{ RULE("    unless-called: [a]\n    see: https://x\n    dists: [d]\n" DROP), "end in '/'" },
	{ "rules:\n  - because: b\n" DROP, "t.yaml:2:5: the rule has no id:" },
	{ "rules:\n  - id: t/x\n" DROP, "no because:" },
	{ "rules:\n  - id: x\n", "t.yaml:2:9: an id is written topic/name" },
	{ "rules:\n  - id: X/y\n", "an id is written" },
	{ "rules:\n  - id: x/\n", "an id is written" },
	{ RULE(DROP) "  - id: t/x\n", "t.yaml:6:9: the id 't/x' is taken by t.yaml:2:5" },
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena arena = { 0 };
		struct ruleset set = { .arena = &arena };
		struct err err = { "" };

		if (rules_load(&set, STR("t.yaml"), str_of(refused[i].text), &err) != -1)
			fail_msg("accepted: %s", refused[i].text);
		if (!strstr(err.msg, refused[i].says))
			fail_msg("%s\nsays: %s\nnot:  %s", refused[i].text, err.msg, refused[i].says);
		assert_null(strchr(err.msg, '\n'));
		assert_int_equal(set.rules.len, 0);
		arena_free(&arena);
	}
}

static void test_nul_and_size(void **state)
{
	struct arena arena = { 0 };
	struct ruleset set = { .arena = &arena };
	struct err err;
	static char big[(64 << 10) + 1];

	(void)state;
	assert_int_equal(rules_load(&set, STR("t.yaml"), STR("rules:\0x"), &err), -1);
	memset(big, '\n', sizeof(big));
	assert_int_equal(rules_load(&set, STR("t.yaml"), (struct str){ big, sizeof(big) }, &err), -1);
	assert_non_null(strstr(err.msg, "64 KiB"));
	memset(big, '[', sizeof(big));
	assert_int_equal(rules_load(&set, STR("t.yaml"), (struct str){ big, 60000 }, &err), -1);
	arena_free(&arena);
}

static void test_loads(void **state)
{
	struct arena arena = { 0 };
	struct ruleset set = { .arena = &arena };
	struct err err = { "" };
	const struct rule *rule;

	(void)state;
	assert_int_equal(
		rules_load(&set, STR("r/t.yaml"),
			   STR("except: [data/]\nrules:\n  - id: t/no\n    because: >\n      one\n      two\n"
			       "    drop: [no, 'x#y', \"dist:a\", yes]\n    reason: SLIM212\n"
			       "    dists: [Foo_Bar]\n"),
			   &err),
		0);
	rule = &set.rules.at[0];
	assert_int_equal(rule->files.list.len, 4);
	assert_true(str_eq(rule->files.list.at[0].text, STR("no")));
	assert_true(str_eq(rule->files.list.at[1].text, STR("x#y")));
	assert_true(str_eq(rule->because, STR("one two")));
	assert_true(str_eq(rule->place, STR("r/t.yaml:3:5")));
	assert_true(str_eq(rule->dists.list.at[0], STR("foo-bar")));
	assert_int_equal(rule->code, CODE_DEBRIS);
	assert_int_equal(rule->except.list.len, 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nul_and_size),
		cmocka_unit_test(test_loads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
