#define _GNU_SOURCE /* sched_getaffinity */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { JOBS_MAX = 256 };

struct shared {
	pool_work *work;
	void *ctx;
	size_t count;
	atomic_size_t next;
};

struct thread {
	struct shared *shared;
	int worker;
	pthread_t id;
};

int pool_default_jobs(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : n;
}

static void *thread_main(void *arg)
{
	const struct thread *self = arg;
	struct shared *shared = self->shared;
	size_t i;

	while ((i = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed)) < shared->count)
		shared->work(shared->ctx, self->worker, i);
	return NULL;
}

void pool_run(int jobs, size_t count, pool_work *work, void *ctx)
{
	struct shared shared = { .work = work, .ctx = ctx, .count = count };
	struct thread threads[JOBS_MAX];
	int started = 1;

	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	if (jobs > 1 && (size_t)jobs > count)
		jobs = count ? (int)count : 1;
	for (; started < jobs; started++) {
		threads[started] = (struct thread){ .shared = &shared, .worker = started };
		if (pthread_create(&threads[started].id, NULL, thread_main, &threads[started]) != 0)
			break;
	}
	threads[0] = (struct thread){ .shared = &shared, .worker = 0 };
	thread_main(&threads[0]);
	for (int i = 1; i < started; i++)
		(void)pthread_join(threads[i].id, NULL);
}
