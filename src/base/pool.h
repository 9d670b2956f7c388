/*
 * Work on many things at once. The caller's jobs write only to their own places, so that
 * results never depend on the number of threads or on who was first.
 */
#ifndef SLIM_BASE_POOL_H
#define SLIM_BASE_POOL_H

#include <stddef.h>

/* Does item i. worker counts from 0 to jobs - 1 and names the thread's own scratch. */
typedef void pool_work(void *ctx, int worker, size_t i);

/* The number of processors this process may use. */
int pool_default_jobs(void);

/*
 * Calls work for 0 … count - 1, each once, taken in that order by up to `jobs` threads (at least 1),
 * and returns when all are done. Where a thread cannot be started, the others do its work.
 */
void pool_run(int jobs, size_t count, pool_work *work, void *ctx);

#endif
