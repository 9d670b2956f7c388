/*
 * Rules: the knowledge about what packages carry, as data. A rule states an opinion on files (drop, keep)
 * with its reason; the planner weighs it. Loading and matching only: no file is read or decided here.
 * The format is described in docs/rules.md.
 */
#ifndef SLIM_RULES_RULES_H
#define SLIM_RULES_RULES_H

#include "base/err.h"
#include "model/plan.h"
#include "rules/pattern.h"

enum rule_scope {
	SCOPE_ANY,
	SCOPE_DISTRIBUTION, /* only files that a distribution owns */
	SCOPE_FIRST_PARTY,
};

struct rule {
	struct str id;	    /* "python/bytecode", unique */
	struct str place;   /* "rules/python.yaml:12:3" */
	struct str because; /* the sentence users read */
	enum stance stance; /* STANCE_RULE_DROP or STANCE_RULE_KEEP */
	enum code code;	    /* of a drop */
	enum rule_scope scope;
	VEC(struct pattern)
	files; /* gitignore patterns, anchored at the site directory inside distributions */
	VEC(struct pattern) except; /* files that the rule does not speak of */
	VEC(struct str)
	dists; /* normalised names; not empty: whole distributions, or (with files) only inside these */
	VEC(struct pattern)
	proof; /* names one of which must lie in the matched directory: a name alone is no proof */
	struct str option; /* only with this option on ("drop-licenses"); "" is always */
};

struct ruleset {
	struct arena *arena;
	VEC(struct rule) rules; /* in the order they were loaded; later ones win among equals */
};

/* One rule file as embedded in the binary. */
struct rule_file {
	const char *name; /* "rules/python.yaml" */
	const char *text;
	size_t len;
};
extern const struct rule_file rule_files[];
extern const size_t rule_file_count;

/* Adds the rules of one file. Errors are "name:line:col: what is wrong", with the nearest name for unknown
 * keys. */
int rules_load(struct ruleset *set, struct str name, struct str text, struct err *err);

/* User patterns (--keep, --drop, slim.yaml): gitignore, or "dist:NAME" / "module:NAME". */
struct user_patterns {
	VEC(struct pattern) keep;
	VEC(struct pattern) drop;
};

struct rule_options {
	const struct str *on; /* names of options that are switched on, for rule.option */
	size_t on_count;
};

/*
 * The strongest opinion for every file. Patterns of the user that match nothing become notes
 * (CODE_PATTERN_UNUSED). Files of a distribution that a rule drops as a whole get edges to one another, so
 * that one reference keeps all (and what they require); drops by SCOPE and files stay single.
 */
void rules_match(const struct ruleset *set, const struct user_patterns *user,
		 const struct rule_options *options, struct bundle *bundle, struct opinion *opinions,
		 struct graph *graph);

#endif
