/*
 * One line that says how far slow work is, on standard error and only on a terminal that somebody looks at:
 * not with -q, TERM=dumb or CI. It appears when a phase has taken 300 ms, and is gone at the end of the
 * phase. It has no thread of its own: whoever reports progress draws, when it is time to.
 */
#ifndef SLIM_CMD_PROGRESS_H
#define SLIM_CMD_PROGRESS_H

#include <stdatomic.h>

#include "cmd/options.h"

/* All zero is off. */
struct progress {
	const char *what; /* "Compressing" */
	uint64_t total;	  /* bytes */
	int width;
	bool utf8;
	bool on;
	atomic_uint_fast64_t done;
	atomic_uint_fast64_t next; /* when to draw, in ms */
	atomic_bool drawn;
};

void progress_init(struct progress *progress, const struct options *options);
/* A new phase, with work on `total` bytes; ends the one before. what is a static word of at most 12 letters.
 */
void progress_begin(struct progress *progress, const char *what, uint64_t total);
/* n more bytes are done. Any thread may call it, as often as it likes. */
void progress_step(struct progress *progress, uint64_t n);
/* Erases the line. No thread may step any more. */
void progress_end(struct progress *progress);

#endif
