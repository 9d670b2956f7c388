/*
 * What a kept file brings along: the graph of kept files, its dominator tree, and what would be left without
 * some of them. It explains a finished plan to people and never changes one. Pure, like the planner.
 *
 * The graph has a virtual root, an edge from it to every root of the plan, every edge of the graph between
 * kept files, and the parent of every reason, so that all kept files hang on it whichever edges a planner
 * follows. Edges of phase PHASE_TYPES count too: what they tie is not promised to go. Sources: T. Lengauer,
 * R. E. Tarjan, "A fast algorithm for finding dominators in a flowgraph", TOPLAS 1979 (the simple version,
 * O(m log n)).
 */
#ifndef SLIM_PLAN_DOMINATE_H
#define SLIM_PLAN_DOMINATE_H

#include "model/plan.h"

/* Edges by the file at one end: those of file f lead to list[first[f] … first[f + 1] - 1]. */
struct kept_edges {
	uint32_t *first;
	uint32_t *list; /* the files at the other end */
};

struct kept_graph {
	size_t count; /* of files, kept or not */
	bool *kept;   /* this and the next by file id */
	bool *root;   /* kept for its own sake */
	struct kept_edges out;
	struct kept_edges in;
	/* Work space of all calls, so that none needs to allocate. */
	uint32_t *queue;
};

struct retained {
	uint64_t bytes;
	uint32_t files;
};

struct dominators {
	uint32_t *parent; /* by file id: what all chains to it pass last; NO_FILE: nothing but roots */
	struct retained *retained; /* by file id: itself and all it dominates; zero for a file that goes */
};

/* Edges whose ends lie outside the plan are ignored; an edge from a file to itself says nothing. */
void kept_graph_build(const struct graph *graph, const struct plan *plan, struct arena *arena,
		      struct kept_graph *out);

/* sizes are by file id, and what counts as retained. */
void dominate(const struct kept_graph *graph, const uint64_t *sizes, struct arena *arena,
	      struct dominators *out);

/*
 * Without the files of `gone` (by file id): marks in `freed` (the same shape, all false before) the other
 * kept files that no chain from a root reaches any more.
 */
void dominate_cut(const struct kept_graph *graph, const bool *gone, bool *freed);
/* Marks in `used` (all false before) the kept files of `from` and all that can be reached from them. */
void dominate_uses(const struct kept_graph *graph, const bool *from, bool *used);

#endif
