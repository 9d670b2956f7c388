/*
 * What comes along with files that stay, and what only the sum of their scans tells: parents of modules, data
 * beside them, metadata of their distributions, what rules know, names computed as "anything.name", data by
 * call. It is told of every file that stays and of what its scan found, and adds edges to the graph. It
 * decides nothing: an edge is a fact or an opinion with its evidence.
 */
#ifndef SLIM_SCAN_CLOSURE_H
#define SLIM_SCAN_CLOSURE_H

#include "model/plan.h"
#include "scan/imports.h"

struct closure;

/* opinions are by file id: what a rule keeps comes with its distribution. */
struct closure *closure_begin(struct imports *imports, const struct opinion *opinions, struct graph *graph,
			      struct arena *arena);

/* The file stays. */
void closure_reached(struct closure *closure, uint32_t file);
/* Its scan found this; facts must stay. May add roots to the module table. */
void closure_facts(struct closure *closure, uint32_t file, const struct import_facts *facts);
/* Once files and facts bring nothing new: what can be said only then. True where it added edges. */
bool closure_settle(struct closure *closure);

/* What was found on the way and only notes tell: in the order of files. */
struct closure_found {
	uint32_t file;
	const struct import_facts *facts;
};
struct closure_founds {
	struct closure_found *at;
	size_t len;
	size_t cap;
};
const struct closure_founds *closure_found(const struct closure *closure);

#endif
