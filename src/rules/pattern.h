/*
 * Patterns with the meaning of gitignore(5): the last match wins, "!" takes back, a slash at the
 * start or in the middle anchors, one at the end asks for a directory, "**" crosses directories. Bytes, not
 * characters; case matters. Knows paths, not files: it never looks at a disk.
 * One difference from git is chosen: a file below a dropped directory can be taken back by name, as `git
 * check-ignore` does not allow; --keep must always be able to keep.
 */
#ifndef SLIM_RULES_PATTERN_H
#define SLIM_RULES_PATTERN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

/* Rules hold paths only; the other two are what --keep and --drop add to gitignore. */
enum pattern_kind {
	PATTERN_PATH,
	PATTERN_DIST,	/* "dist:NAME" */
	PATTERN_MODULE, /* "module:a.b" */
};

struct pattern {
	struct str text;    /* without "!", leading and trailing slash, "dist:" or "module:" */
	struct str written; /* as it was given */
	struct str place;   /* where it was written, for reports: "--drop 'x'" or "slim.yaml:12" */
	enum pattern_kind kind;
	bool negated;
	bool anchored;
	bool only_dir;
};

/*
 * A path pattern. Refuses the empty pattern, an unclosed "[" and a backslash that escapes nothing: git takes
 * them and never matches them. place is kept for reports; text is borrowed.
 */
int pattern_parse(struct str text, struct str place, struct pattern *out, struct err *err);
/*
 * The same, and "dist:NAME" ('*' and '?' as in paths) or "module:a.b", with or without "!" in front. A path
 * that begins so is written "/dist:…" or "\dist:…".
 */
int user_pattern_parse(struct str text, struct str place, struct pattern *out, struct err *err);

/* Whether one pattern, its negation aside, matches the path itself (not a parent of it). */
bool pattern_matches(const struct pattern *pattern, struct str path, bool is_dir);
/* Whether any of them does, their negation aside. */
bool pattern_any(const struct pattern *patterns, size_t count, struct str path, bool is_dir);
/*
 * The last of `count` patterns that matches the path or a directory above it (the path's own match counts
 * before its parents'), or NULL. The caller looks at ->negated.
 */
const struct pattern *pattern_last(const struct pattern *patterns, size_t count, struct str path,
				   bool is_dir);

/* Whether a name without slashes matches a glob without slashes: '*', '?', "[a-z]", backslash. */
bool pattern_glob(struct str glob, struct str name);

/* PEP 503: lower case, runs of '-', '_' and '.' become one '-'. */
struct str pattern_dist_key(struct arena *arena, struct str name);

#endif
