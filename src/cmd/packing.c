#include "cmd/packing.h"

#include <stdlib.h>

#include "base/pool.h"

/* Smaller files are too many to be worth sorting, and none keeps a thread busy for long. */
enum { LARGE = 256 << 10 };

struct sized {
	uint64_t size;
	uint32_t id;
};

static int by_size(const void *left, const void *right)
{
	const struct sized *a = left;
	const struct sized *b = right;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

void packing_order(const struct packing *p, uint32_t *files, size_t count)
{
	struct arena scratch = { 0 };
	struct sized *large = arena_array(&scratch, struct sized, count);
	size_t larges = 0;
	size_t to = count;

	for (size_t i = count; i-- > 0;) {
		uint64_t size = p->bundle.files.at[files[i]].size;

		if (size >= LARGE)
			large[larges++] = (struct sized){ size, files[i] };
		else
			files[--to] = files[i];
	}
	if (larges)
		qsort(large, larges, sizeof(*large), by_size);
	for (size_t i = 0; i < larges; i++)
		files[i] = large[i].id;
	arena_free(&scratch);
}

void worker_fail(struct worker *worker, uint32_t file, const struct err *err)
{
	if (file < worker->failed) {
		worker->failed = file;
		worker->err = *err;
	}
}

int packing_failures(struct packing *p, struct err *err)
{
	const struct worker *first = NULL;

	for (int i = 0; i < p->jobs; i++)
		if (p->workers[i].failed != NO_FILE && (!first || p->workers[i].failed < first->failed))
			first = &p->workers[i];
	if (!first)
		return 0;
	*err = first->err;
	return err_in(err, p->source->name);
}

uint32_t packing_mode(const struct packing *p, uint32_t id)
{
	const struct file *file = &p->bundle.files.at[id];

	if (p->plan.at[id].rewrite == REWRITE_LINK)
		return 0120777;
	switch (file->kind) {
	case FILE_DIR:
		return 040755;
	case FILE_SYMLINK:
		return 0120777;
	case FILE_REGULAR:
		break;
	}
	return file->exec ? 0100755 : 0100644;
}

void packing_begin(struct packing *p, const struct options *options, struct arena *arena)
{
	*p = (struct packing){
		.options = options,
		.arena = arena,
		.bundle = { .arena = arena },
		.jobs = options->jobs ? options->jobs : pool_default_jobs(),
	};
	p->workers = arena_array(arena, struct worker, (size_t)p->jobs);
	for (int i = 0; i < p->jobs; i++)
		p->workers[i].failed = NO_FILE;
	progress_init(&p->progress, options);
}

void packing_end(struct packing *p)
{
	progress_end(&p->progress);
	for (int i = 0; i < p->jobs; i++) {
		arena_free(&p->workers[i].arena);
		arena_free(&p->workers[i].plan_arena);
		scratch_free(&p->workers[i].content);
		scratch_free(&p->workers[i].stripped);
		packer_free(&p->workers[i].packer);
		splicer_free(&p->workers[i].splicer);
		linked_free(&p->workers[i].named);
		linked_free(&p->workers[i].referred);
		linked_free(&p->workers[i].opened);
	}
	if (p->source)
		source_close(p->source);
}

int packing_ask(const struct options *options, struct arena *arena,
		int (*work)(struct packing *p, struct err *err), struct err *err)
{
	struct packing p;
	int failed;

	packing_begin(&p, options, arena);
	failed = work(&p, err);
	packing_end(&p);
	return failed;
}
