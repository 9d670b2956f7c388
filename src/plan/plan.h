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
	const struct offer *offers;	/* by file id; NULL: none */
	bool strip;			/* whether offers are taken up */
	bool any_saving; /* also those that save next to nothing, because all is compressed anew anyway */
};

/*
 * Roots are the files that their owner, a rule or the user keeps. Marking follows init and call
 * edges from them, shortest chain first, ties by file id; it does not pass through a file that the
 * user drops. The sweep drops the rest.
 * An offer is taken up when the file stays and it saves more than 4 KiB and more than 1%, or anything at all
 * with any_saving.
 */
void plan_build(const struct plan_input *input, struct arena *arena, struct plan *plan);

/*
 * After the first plan: a RECORD that lists what is gone or rewritten is rewritten too.
 * stale is by dist id: whether that distribution's RECORD needs it.
 */
void plan_records(const struct bundle *bundle, const bool *stale, struct plan *plan);

#endif
