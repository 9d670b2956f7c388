/*
 * Conditions that rules may put on a file (`when:`), each by name and in one sentence: what a
 * pattern cannot say about a path and its neighbours. They see paths, never contents.
 * A new one is a function and a row in the table.
 */
#ifndef SLIM_RULES_CONDITION_H
#define SLIM_RULES_CONDITION_H

#include "model/plan.h"

/* What a condition may look at. */
struct surroundings {
	const struct bundle *bundle;
	const struct opinion *opinions; /* those of the user are in, those of rules may be missing */
};

struct condition {
	const char *name; /* in rule files */
	const char *text; /* for docs/rules.md, which a test compares */
	bool (*holds)(const struct surroundings *in, uint32_t file);
};

extern const struct condition condition_table[];
extern const size_t condition_count;

/* NULL when there is none of that name. */
const struct condition *condition_find(struct str name);

#endif
