/*
 * Files that rules look at together: those of a distribution, or those of a tree that no
 * distribution owns; and what a rule asks of a distribution before it speaks of its files. Sees paths and
 * metadata, never contents, and forms no opinion.
 */
#ifndef SLIM_RULES_GROUP_H
#define SLIM_RULES_GROUP_H

#include "rules/rules.h"

struct group {
	const struct dist *dist; /* NULL: files that no distribution owns */
	const uint32_t *files;	 /* sorted as in the bundle */
	size_t count;
};

struct groups {
	VEC(struct group) list; /* the trees, then the distributions in their order; some are empty */
};

void groups_make(struct groups *out, const struct bundle *bundle, struct arena *arena);

/* Whether `key` is one of the names. */
bool dist_names_match(const struct dist_names *names, struct str key);
/* Whether the distribution requires one of these. */
bool dist_requires(const struct dist *dist, const struct dist_names *names);

/* Whether the rule asks anything of distributions. */
bool rule_asks_dist(const struct rule *rule);
/* Whether the group is of a distribution as the rule's dists, versions, requires and holds want it. */
bool rule_wants_dist(const struct rule *rule, const struct bundle *bundle, const struct group *group);

#endif
