#include "rules/rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "rules/names.h"
#include "rules/rule_check.h"
#include "rules/yaml.h"

/* The parser takes time in the square of the number of keys: a second for so many. */
enum { RULE_TEXT_MAX = 64 << 10 };

#define ONE_MATTER "a rule has one of drop:, keep: and modules:"

/* Options that a rule may depend on: those of the command line that switch rules on. */
static const char *const known_options[] = { "drop-licenses" };

static const struct {
	const char *name;
	enum rule_scope scope;
} scopes[] = {
	{ "distributions", SCOPE_DISTRIBUTION },
	{ "first-party", SCOPE_FIRST_PARTY },
	{ "anywhere", SCOPE_ANY },
};

struct loader {
	struct ruleset *set;
	struct yaml yaml;
	struct err *err;
	struct rule rule;		    /* the one at hand */
	struct path_patterns shared_except; /* `except` of the file: for all its rules */
};

/* A value of a rule, by key. */
typedef int key_reader(struct loader *in, struct yaml_node value);

/* --- values ----------------------------------------------------------------------------------- */

/* ", did you mean 'x'?" or a list of what there is. */
static int unknown(struct loader *in, struct yaml_node node, const char *what, struct str word,
		   const struct str *names, size_t count)
{
	char printable[TEXT_NAME_MAX];
	ptrdiff_t nearest = text_nearest(word, names, count);
	struct str all = STR("");

	text_name(printable, word);
	if (nearest >= 0)
		return yaml_fail(node, in->err, "unknown %s '%s', did you mean '%.*s'?", what, printable,
				 STR_ARG(names[nearest]));
	for (size_t i = 0; i < count; i++)
		all = str_fmt(in->set->arena, "%.*s%s%.*s", STR_ARG(all), i ? ", " : "", STR_ARG(names[i]));
	return yaml_fail(node, in->err, "unknown %s '%s'; there are: %.*s", what, printable, STR_ARG(all));
}

static int read_patterns(struct loader *in, struct yaml_node value, bool names, struct path_patterns *out)
{
	struct yaml_list list;
	struct yaml_node item;
	struct str place = yaml_place(value, in->set->arena);

	if (yaml_list(value, &list, in->err) != 0)
		return -1;
	while (yaml_next(&list, &item)) {
		struct pattern *pattern = vec_push(in->set->arena, &out->list);
		struct str text;
		struct err why;

		if (yaml_text(item, in->set->arena, &text, in->err) != 0)
			return -1;
		if (pattern_parse(text, place, pattern, &why) != 0)
			return yaml_fail(item, in->err, "%s", why.msg);
		if (pattern->negated)
			return yaml_fail(item, in->err, "a rule takes nothing back with '!': use except:");
		if (names && (pattern->anchored || pattern->only_dir))
			return yaml_fail(item, in->err, "a file name is expected here, without '/'");
	}
	return 0;
}

static int read_dist_names(struct loader *in, struct yaml_node value, struct dist_names *out)
{
	struct yaml_list list;
	struct yaml_node item;

	if (yaml_list(value, &list, in->err) != 0)
		return -1;
	while (yaml_next(&list, &item)) {
		struct str text;

		if (yaml_text(item, in->set->arena, &text, in->err) != 0)
			return -1;
		*vec_push(in->set->arena, &out->list) = pattern_dist_key(in->set->arena, text);
	}
	return 0;
}

struct texts {
	VEC(struct str) list;
};

/* Gives the list to a vector of texts of another struct. */
#define texts_give(texts, to)                                                                                \
	((to)->at = (texts).list.at, (to)->len = (texts).list.len, (to)->cap = (texts).list.cap)

/* What is wrong with a text of the list, or NULL. */
typedef const char *text_fault(struct str text);

static int read_texts(struct loader *in, struct yaml_node value, text_fault *fault, struct texts *out)
{
	struct yaml_list list;
	struct yaml_node item;

	if (yaml_list(value, &list, in->err) != 0)
		return -1;
	while (yaml_next(&list, &item)) {
		struct str *text = vec_push(in->set->arena, &out->list);
		const char *wrong;

		if (yaml_text(item, in->set->arena, text, in->err) != 0)
			return -1;
		wrong = fault ? fault(*text) : NULL;
		if (wrong)
			return yaml_fail(item, in->err, "%s", wrong);
	}
	return 0;
}

/* --- keys of a rule --------------------------------------------------------------------------- */

static int read_id(struct loader *in, struct yaml_node value)
{
	struct str id;
	bool slash = false;
	bool letter = false;

	if (yaml_text(value, in->set->arena, &id, in->err) != 0)
		return -1;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (c == '/' && letter && i + 1 < id.len)
			slash = true;
		else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && letter)))
			return yaml_fail(value, in->err, "an id is written topic/name, in a-z, 0-9 and '-'");
		letter = c != '/';
	}
	if (!slash)
		return yaml_fail(value, in->err, "an id is written topic/name, in a-z, 0-9 and '-'");
	for (size_t i = 0; i < in->set->rules.len; i++)
		if (str_eq(in->set->rules.at[i].id, id))
			return yaml_fail(value, in->err, "the id '%.*s' is taken by %.*s", STR_ARG(id),
					 STR_ARG(in->set->rules.at[i].place));
	in->rule.id = id;
	return 0;
}

static int read_because(struct loader *in, struct yaml_node value)
{
	return yaml_prose(value, in->set->arena, &in->rule.because, in->err);
}

static int read_keep(struct loader *in, struct yaml_node value)
{
	if (in->rule.stance != STANCE_NONE || in->rule.is_hint)
		return yaml_fail(value, in->err, ONE_MATTER);
	in->rule.stance = STANCE_RULE_KEEP;
	return read_patterns(in, value, false, &in->rule.files);
}

static int read_drop(struct loader *in, struct yaml_node value)
{
	struct str word;

	if (in->rule.stance != STANCE_NONE || in->rule.is_hint)
		return yaml_fail(value, in->err, ONE_MATTER);
	in->rule.stance = STANCE_RULE_DROP;
	if (!yaml_is_text(value))
		return read_patterns(in, value, false, &in->rule.files);
	if (yaml_text(value, in->set->arena, &word, in->err) != 0)
		return -1;
	if (!str_eq(word, STR("whole-distribution")))
		return yaml_fail(value, in->err,
				 "drop: takes a list of patterns, or the word whole-distribution");
	in->rule.whole = true;
	return 0;
}

static bool is_removal(enum code code)
{
	return code >= 200 && code < 300 && code != CODE_USER_DROP;
}

static int read_reason(struct loader *in, struct yaml_node value)
{
	struct str word;
	const struct code_info *info;
	struct str *names = arena_array(in->set->arena, struct str, code_count);
	size_t count = 0;

	if (yaml_text(value, in->set->arena, &word, in->err) != 0)
		return -1;
	info = code_parse(word);
	if (info && is_removal(info->code)) {
		in->rule.code = info->code;
		return 0;
	}
	for (size_t i = 0; i < code_count; i++)
		if (is_removal(code_table[i].code))
			names[count++] = str_of(code_table[i].name);
	return unknown(in, value, "reason", word, names, count);
}

static int read_in(struct loader *in, struct yaml_node value)
{
	enum { COUNT = sizeof(scopes) / sizeof(scopes[0]) };
	struct str names[COUNT];
	struct str word;

	if (yaml_text(value, in->set->arena, &word, in->err) != 0)
		return -1;
	for (size_t i = 0; i < COUNT; i++) {
		names[i] = str_of(scopes[i].name);
		if (str_eq(word, names[i])) {
			in->rule.scope = scopes[i].scope;
			return 0;
		}
	}
	return unknown(in, value, "place", word, names, COUNT);
}

static int read_option(struct loader *in, struct yaml_node value)
{
	enum { COUNT = sizeof(known_options) / sizeof(known_options[0]) };
	struct str names[COUNT];

	if (yaml_text(value, in->set->arena, &in->rule.option, in->err) != 0)
		return -1;
	for (size_t i = 0; i < COUNT; i++) {
		names[i] = str_of(known_options[i]);
		if (str_eq(in->rule.option, names[i]))
			return 0;
	}
	return unknown(in, value, "option", in->rule.option, names, COUNT);
}

static int read_when(struct loader *in, struct yaml_node value)
{
	struct yaml_list list;
	struct yaml_node item;

	if (yaml_list(value, &list, in->err) != 0)
		return -1;
	while (yaml_next(&list, &item)) {
		const struct condition *condition;
		struct str *names = arena_array(in->set->arena, struct str, condition_count);
		struct str word;

		if (yaml_text(item, in->set->arena, &word, in->err) != 0)
			return -1;
		condition = condition_find(word);
		if (condition) {
			*vec_push(in->set->arena, &in->rule.when) = *condition;
			continue;
		}
		for (size_t i = 0; i < condition_count; i++)
			names[i] = str_of(condition_table[i].name);
		return unknown(in, item, "condition", word, names, condition_count);
	}
	return 0;
}

static int read_also(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, NULL, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.also);
	return 0;
}

static int read_except(struct loader *in, struct yaml_node value)
{
	return read_patterns(in, value, false, &in->rule.except);
}

static int read_proof(struct loader *in, struct yaml_node value)
{
	return read_patterns(in, value, true, &in->rule.proof);
}

static int read_only(struct loader *in, struct yaml_node value)
{
	return read_patterns(in, value, true, &in->rule.only);
}

static int read_without(struct loader *in, struct yaml_node value)
{
	return read_patterns(in, value, true, &in->rule.without);
}

static int read_holds(struct loader *in, struct yaml_node value)
{
	return read_patterns(in, value, true, &in->rule.holds);
}

static int read_dists(struct loader *in, struct yaml_node value)
{
	return read_dist_names(in, value, &in->rule.dists);
}

static int read_requires(struct loader *in, struct yaml_node value)
{
	return read_dist_names(in, value, &in->rule.requires);
}

static int read_see(struct loader *in, struct yaml_node value)
{
	if (yaml_text(value, in->set->arena, &in->rule.see, in->err) != 0)
		return -1;
	if (!str_starts(in->rule.see, STR("https://")) || !text_is_ascii(in->rule.see) ||
	    str_find(in->rule.see, STR(" ")) >= 0)
		return yaml_fail(value, in->err, "see: takes a link that begins with https://");
	return 0;
}

static int read_versions(struct loader *in, struct yaml_node value)
{
	struct str text;
	struct err why;

	if (yaml_text(value, in->set->arena, &text, in->err) != 0)
		return -1;
	if (version_range_parse(text, in->set->arena, &in->rule.versions, &why) != 0)
		return yaml_fail(value, in->err, "%s", why.msg);
	return 0;
}

static int read_modules(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (in->rule.stance != STANCE_NONE)
		return yaml_fail(value, in->err, ONE_MATTER);
	in->rule.is_hint = true;
	if (read_texts(in, value, name_dotted_fault, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.hint.modules);
	return 0;
}

static int read_imports(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, name_import_fault, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.hint.imports);
	return 0;
}

static int read_children(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, name_child_fault, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.hint.children);
	return 0;
}

static int read_unless_called(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, name_word_fault, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.call.calls);
	return 0;
}

static int read_argument(struct loader *in, struct yaml_node value)
{
	const char *fault;

	if (yaml_text(value, in->set->arena, &in->rule.call.argument, in->err) != 0)
		return -1;
	fault = name_word_fault(in->rule.call.argument);
	return fault ? yaml_fail(value, in->err, "%s", fault) : 0;
}

static int read_words(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, NULL, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.call.words);
	return 0;
}

static int read_ignore(struct loader *in, struct yaml_node value)
{
	struct dist_names names = { .list = { 0 } };

	if (read_dist_names(in, value, &names) != 0)
		return -1;
	texts_give(names, &in->rule.call.ignore);
	return 0;
}

static int read_always(struct loader *in, struct yaml_node value)
{
	struct texts texts = { .list = { 0 } };

	if (read_texts(in, value, NULL, &texts) != 0)
		return -1;
	texts_give(texts, &in->rule.call.always);
	return 0;
}

/* Every key of a rule. docs/rules.md explains each; a test compares. */
static const struct {
	const char *name;
	key_reader *read;
} rule_keys[] = {
	{ "id", read_id },
	{ "because", read_because },
	{ "drop", read_drop },
	{ "keep", read_keep },
	{ "reason", read_reason },
	{ "in", read_in },
	{ "dists", read_dists },
	{ "requires", read_requires },
	{ "holds", read_holds },
	{ "except", read_except },
	{ "proof", read_proof },
	{ "only", read_only },
	{ "without", read_without },
	{ "when", read_when },
	{ "also", read_also },
	{ "option", read_option },
	{ "see", read_see },
	{ "versions", read_versions },
	{ "modules", read_modules },
	{ "imports", read_imports },
	{ "children", read_children },
	{ "unless-called", read_unless_called },
	{ "argument", read_argument },
	{ "words", read_words },
	{ "ignore", read_ignore },
	{ "always", read_always },
};

/* --- a rule as a whole ------------------------------------------------------------------------ */

static int read_key(struct loader *in, struct yaml_node key, struct yaml_node value)
{
	enum { COUNT = sizeof(rule_keys) / sizeof(rule_keys[0]) };
	struct str names[COUNT];
	struct str word;

	if (yaml_text(key, in->set->arena, &word, in->err) != 0)
		return -1;
	for (size_t i = 0; i < COUNT; i++) {
		names[i] = str_of(rule_keys[i].name);
		if (str_eq(word, names[i]))
			return rule_keys[i].read(in, value);
	}
	return unknown(in, key, "key", word, names, COUNT);
}

static int read_rule(struct loader *in, struct yaml_node node)
{
	struct yaml_map map;
	struct yaml_node key;
	struct yaml_node value;
	const char *fault;

	in->rule = (struct rule){ .place = yaml_place(node, in->set->arena) };
	if (yaml_map(node, &map, in->err) != 0)
		return -1;
	while (yaml_pair(&map, &key, &value))
		if (read_key(in, key, value) != 0)
			return -1;
	fault = rule_fault(&in->rule);
	if (fault)
		return yaml_fail(node, in->err, "%s", fault);
	*vec_push(in->set->arena, &in->set->rules) = in->rule;
	return 0;
}

/* --- the file --------------------------------------------------------------------------------- */

static int read_rules(struct loader *in, struct yaml_node value)
{
	struct yaml_list list;
	struct yaml_node item;

	if (yaml_list(value, &list, in->err) != 0)
		return -1;
	while (yaml_next(&list, &item))
		if (read_rule(in, item) != 0)
			return -1;
	return 0;
}

/* The file's own exceptions hold for each of its rules, whichever stands first. */
static void share_exceptions(struct loader *in, size_t first)
{
	for (size_t r = first; r < in->set->rules.len; r++) {
		struct rule *rule = &in->set->rules.at[r];

		for (size_t i = 0; !rule->whole && i < in->shared_except.list.len; i++)
			*vec_push(in->set->arena, &rule->except.list) = in->shared_except.list.at[i];
	}
}

static int read_root(struct loader *in)
{
	static const struct str names[] = { { "rules", 5 }, { "except", 6 } };
	struct yaml_node root = yaml_root(&in->yaml);
	struct yaml_map map;
	struct yaml_node key;
	struct yaml_node value;
	struct str word;

	if (yaml_map(root, &map, in->err) != 0)
		return -1;
	while (yaml_pair(&map, &key, &value)) {
		int failed;

		if (yaml_text(key, in->set->arena, &word, in->err) != 0)
			return -1;
		if (str_eq(word, names[0]))
			failed = read_rules(in, value);
		else if (str_eq(word, names[1]))
			failed = read_patterns(in, value, false, &in->shared_except);
		else
			failed = unknown(in, key, "key", word, names, 2);
		if (failed)
			return -1;
	}
	return 0;
}

int rules_load(struct ruleset *set, struct str name, struct str text, struct err *err)
{
	struct loader in = { .set = set, .err = err };
	struct yaml yaml __attribute__((cleanup(yaml_close))) = { .doc = NULL };
	size_t before = set->rules.len;

	if (text.len > RULE_TEXT_MAX) {
		(void)err_set(err, "a rule file of more than 64 KiB; make two of it");
		return err_in(err, name);
	}
	if (yaml_open(&yaml, name, text, set->arena, err) != 0)
		return -1;
	in.yaml = yaml;
	if (read_root(&in) != 0) {
		set->rules.len = before;
		return -1;
	}
	share_exceptions(&in, before);
	return 0;
}
