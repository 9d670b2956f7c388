/*
 * Rules: the knowledge about what packages carry, as data. A rule states an opinion on files (drop, keep)
 * with its reason; the planner weighs it. Loading and matching only: no file is read or decided here.
 * The format is described in docs/rules.md.
 */
#ifndef SLIM_RULES_RULES_H
#define SLIM_RULES_RULES_H

#include "base/err.h"
#include "model/knowledge.h"
#include "model/plan.h"
#include "rules/condition.h"
#include "rules/pattern.h"
#include "rules/version.h"

enum rule_scope {
	SCOPE_DISTRIBUTION, /* only files that a distribution owns */
	SCOPE_FIRST_PARTY,
	SCOPE_ANY,
};

/* Names of distributions, normalised; '*' and '?' as in patterns. */
struct dist_names {
	VEC(struct str) list;
};

struct path_patterns {
	VEC(struct pattern) list; /* none is negated */
};

struct rule {
	struct str id;	    /* "python/bytecode", unique */
	struct str place;   /* "rules/python.yaml:12:3" */
	struct str because; /* the sentence users read */
	struct str see;	    /* a link to where it can be seen, or "" */
	enum stance stance; /* STANCE_RULE_DROP or STANCE_RULE_KEEP; STANCE_NONE of a hint */
	enum code code;	    /* of a drop */
	enum rule_scope scope;
	bool whole;		     /* drops distributions as a whole, all files or none */
	struct path_patterns files;  /* relative to the site directory, or to the tree where no distribution
					owns the file */
	struct path_patterns except; /* files that the rule does not speak of */
	VEC(struct str)
	also; /* of a whole: files in the site directory that belong to it though no
		RECORD lists them */

	/* All that are not empty must hold. Of the distribution: */
	struct dist_names dists;       /* its name is one of these */
	struct version_range versions; /* and its version lies in this range */
	struct dist_names requires;    /* it requires one of these */
	struct path_patterns holds;    /* it holds a file of such a name */
	/* Of the matched directory, by names of the files below at any depth: */
	struct path_patterns proof;   /* it holds such a file (those in a directory that the rule matches by
				      itself prove only that one): a name alone is no proof */
	struct path_patterns only;    /* it holds nothing but such files */
	struct path_patterns without; /* it holds no such file */
	/* Of the file: */
	VEC(struct condition) when;

	struct str option; /* only with this option on ("drop-licenses"); "" is always */

	bool is_hint;	       /* `modules` is given: the rule speaks of imports, not of files */
	struct hint hint;      /* without its id */
	struct call_data call; /* without its id; of a rule whose files serve calls (calls.len != 0) */
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

/*
 * Adds the rules of one file. Errors are "name:line:col: what is wrong", with the nearest name for unknown
 * keys. Nothing of the text is needed afterwards.
 */
int rules_load(struct ruleset *set, struct str name, struct str text, struct err *err);

/* User patterns (--keep, --drop, slim.yaml), from user_pattern_parse(); paths are relative to the tree. */
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

/*
 * What the rules of the set know beyond opinions, as far as it holds for the bundle: hints (those that ask
 * nothing of distributions, and those whose question a distribution of the bundle answers) and data that is
 * called for (where there is any). Files of call data get a drop as opinion from rules_match(), too. Text is
 * borrowed from the set.
 */
void rules_knowledge(const struct ruleset *set, const struct bundle *bundle, struct arena *arena,
		     struct knowledge *out);

/*
 * The user's part of rules_match(): opinions of --keep and --drop, and notes. In a list the last match wins;
 * a match of the file itself counts before one of its directory, that before one further up, and dist: and
 * module: come last.
 */
void rules_match_user(const struct user_patterns *user, struct bundle *bundle, struct opinion *opinions);

#endif
