/*
 * The planner: facts and opinions in, one decision and one reason for every file out.
 * It is pure: no I/O, clock, environment or global; the same input gives the same plan. It
 * knows nothing of Python, ELF or zips: only files, edges, opinions and offers.
 *
 * Precedence, strongest first:
 *   user keep > user drop > rule keep > reachable > rule drop > unreached
 */
#ifndef SLIM_PLAN_PLAN_H
#define SLIM_PLAN_PLAN_H

#include "model/plan.h"

struct plan_input {
	const struct bundle *bundle;
	const struct graph *graph;
	const struct opinion *opinions; /* by file id */
	const enum root_kind *roots;	/* by file id */
	const enum code
		*unreached; /* by file id: why it goes when nothing reaches it; NULL: CODE_UNREACHED */
	const struct offer *offers; /* by file id; NULL: none */
	bool strip;		    /* whether offers of stripping are taken up */
	bool link;		    /* and those of a link */
	bool any_saving; /* also those that save next to nothing, because all is compressed anew anyway */
};

/*
 * Which files stay, while edges still arrive: the scan of what stays finds more of them. It only grows, and
 * its answer is that of plan_build() with the same edges.
 */
struct reach {
	const struct plan_input *in;
	struct arena *arena;
	bool *is;	       /* by file id */
	VEC(uint32_t) fresh;   /* reached since the caller emptied it, in no order that may be seen */
	uint32_t *first;       /* by file id: the newest of its edges that wait for it, counted from 1 */
	VEC(uint32_t) waiting; /* by edge: the next one of the same file, counted from 1 */
	VEC(uint32_t) stack;
};

/* With the roots, and the edges that are there already. `in` must stay. */
void reach_begin(struct reach *reach, const struct plan_input *in, struct arena *arena);
/* Takes in the edges of the graph that were added since the last call. */
void reach_grow(struct reach *reach);

/*
 * Roots are the files that their owner, a rule or the user keeps; what a rule keeps and an owner does not
 * comes with its distribution, by an edge. Marking follows edges from them: sure ones as far as they go, then
 * names in strings, then what is broad; among equals the shortest chain, handlers first, ties by file id. It
 * does not pass through a file that the user drops. The sweep drops the rest.
 * An offer is taken up when the file stays and it saves more than 4 KiB and more than 1%, or anything at all
 * with any_saving. A file becomes a link when both stay, the other one is no link itself, and the user did
 * not name it as one to keep.
 */
void plan_build(const struct plan_input *input, struct arena *arena, struct plan *plan);

/*
 * After the first plan: a RECORD that lists what is gone or rewritten is rewritten too.
 * stale is by dist id: whether that distribution's RECORD needs it.
 */
void plan_records(const struct bundle *bundle, const bool *stale, struct plan *plan);

#endif
