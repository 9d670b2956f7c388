/*
 * Versions of distributions, and conditions on them. Compares only: it neither chooses nor
 * normalises for display. Numbers may have any length.
 * Source: PEP 440 ("Version specifiers"), Appendix B (the parsing expression).
 */
#ifndef SLIM_RULES_VERSION_H
#define SLIM_RULES_VERSION_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

/* A version taken apart. All numbers are digits without leading zeros: "" is zero. Borrows its text. */
struct version {
	struct str epoch;
	struct str release; /* "1.26.0": digits and dots, as written */
	char pre;	    /* 'a', 'b' or 'c' (rc); 0: none */
	bool post;
	bool dev;
	struct str pre_number;
	struct str post_number;
	struct str dev_number;
};

enum version_op {
	VERSION_EQ,
	VERSION_NE,
	VERSION_LT,
	VERSION_LE,
	VERSION_GT,
	VERSION_GE,
};

struct version_clause {
	enum version_op op;
	struct version version;
};

/* All must hold; none is no condition. */
struct version_range {
	VEC(struct version_clause) list;
};

/* Any spelling that PEP 440 takes ("v1.0-RC.1"); a local part ("+cpu") is read and forgotten. */
bool version_parse(struct str text, struct version *out);
/* Less than, equal to or greater than zero. */
int version_cmp(const struct version *a, const struct version *b);

/*
 * ">=1.26,<3": the operators == != < <= > >=, without ".*", "~=" and "===". Borrows text, so that must stay.
 */
int version_range_parse(struct str text, struct arena *arena, struct version_range *out, struct err *err);
/*
 * As PEP 440 has it, "<3" does not take 3.0rc1 and ">1.7" does not take 1.7.post1. A version that cannot be
 * read gives `unreadable`.
 */
bool version_range_holds(const struct version_range *range, struct str version, bool unreadable);

#endif
