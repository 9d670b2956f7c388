#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "cmd/packing.h"
#include "io/zip_index.h"
#include "transform/strip.h"

/*
 * Levels of libdeflate. The default one follows the amount of work, never the clock or the number of
 * threads, so that the same input gives the same bytes everywhere.
 */
enum { LEVEL_FAST = 6, LEVEL_GOOD = 9, LEVEL_BEST = 12 };
enum { BEST_BYTES = 4 << 20, GOOD_BYTES = 16 << 20 };

struct task {
	struct packing *p;
	const uint32_t *files;	  /* kept files, in order of the output */
	const size_t *order;	  /* places in `files`, largest first */
	struct product *products; /* parallel to files */
	int level;
};

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

uint32_t packing_mode(const struct file *file)
{
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

static int strip_content(struct packing *p, struct worker *worker, struct bytes content, struct bytes *out,
			 struct err *err)
{
	enum strip_mode mode = p->options->strip == STRIP_CHOICE_DEBUG ? STRIP_DEBUG : STRIP_AUTO;
	struct strip_plan plan = strip_plan(content, mode, &worker->plan_arena);
	bool sound = false;

	if (plan.verdict == STRIP_CAN) {
		uint8_t *stripped = scratch_reserve(&worker->stripped, (size_t)plan.size);

		sound = strip_emit(&plan, content, stripped);
		*out = (struct bytes){ stripped, (size_t)plan.size };
	}
	arena_free(&worker->plan_arena);
	return sound ? 0 : err_set(err, "changed while it was read");
}

int packing_content(struct packing *p, struct worker *worker, uint32_t id, struct bytes *out, struct err *err)
{
	const struct file *file = &p->bundle.files.at[id];
	enum rewrite rewrite = p->plan.at[id].rewrite;

	if (file->kind == FILE_DIR) {
		*out = (struct bytes){ 0 };
		return 0;
	}
	if (file->kind == FILE_SYMLINK) {
		*out = bytes_of_str(file->target);
		return 0;
	}
	if (rewrite == REWRITE_RECORD) {
		*out = p->records[file->dist];
		return 0;
	}
	if (p->source->ops->content(p->source, file->member, &worker->content, out, err))
		return -1;
	if (rewrite == REWRITE_STRIP && strip_content(p, worker, *out, out, err))
		return err_in(err, file->path);
	return 0;
}

/* Moves what lies in a worker's memory into the product's own. */
static int own(struct product *product, struct bytes data, struct err *err)
{
	uint8_t *copy = malloc(data.len ? data.len : 1);

	if (!copy)
		return err_set(err, "out of memory");
	if (data.len)
		memcpy(copy, data.ptr, data.len);
	product->entry.data = (struct bytes){ copy, data.len };
	product->borrowed = false;
	return 0;
}

/* The member as it is in the input, where that may be copied. */
static bool existing(const struct packing *p, uint32_t id, struct packed *out)
{
	const struct file *file = &p->bundle.files.at[id];

	return file->kind != FILE_DIR && p->plan.at[id].rewrite == REWRITE_NONE &&
	       p->options->zip != ZIP_CANONICAL && p->source->ops->packed &&
	       p->source->ops->packed(p->source, file->member, out);
}

/*
 * A large stripped file keeps most of the stream that it had. The old content is where packing_content()
 * left it, in the worker's scratch.
 */
static bool splice_product(struct task *task, struct worker *worker, uint32_t id, struct bytes content,
			   struct bytes *data)
{
	struct packing *p = task->p;
	const struct file *file = &p->bundle.files.at[id];
	struct bytes before = { worker->content.at, (size_t)file->size };
	struct packed old;

	return p->options->zip == ZIP_FAST && p->plan.at[id].rewrite == REWRITE_STRIP &&
	       content.len >= SPLICE_LEAST && p->source->ops->packed &&
	       p->source->ops->packed(p->source, file->member, &old) && old.method == ZIP_DEFLATED &&
	       splice(&worker->splicer, &worker->packer, task->level, old.data, before, content,
		      worker->content.at, data);
}

static int make_product(struct task *task, struct worker *worker, uint32_t id, struct product *product,
			struct err *err)
{
	struct packing *p = task->p;
	const struct file *file = &p->bundle.files.at[id];
	struct packed old = { 0 };
	bool has_old = existing(p, id, &old);
	struct bytes content;
	struct bytes data;

	product->borrowed = true;
	if (has_old && p->options->zip == ZIP_FAST) {
		product->entry.size = file->size;
		product->entry.crc = old.crc;
		product->entry.method = old.method;
		product->entry.data = old.data;
		return 0;
	}
	if (packing_content(p, worker, id, &content, err))
		return -1;
	product->entry.size = content.len;
	product->entry.crc = pack_crc32(content);
	if (splice_product(task, worker, id, content, &data)) {
		product->entry.method = ZIP_DEFLATED;
		return own(product, data, err);
	}
	data = pack_content(&worker->packer, task->level, content, &product->entry.method);
	if (has_old && old.data.len <= data.len) {
		product->entry.method = old.method;
		product->entry.data = old.data;
		return 0;
	}
	return own(product, data, err);
}

static void do_product(void *ctx, int number, size_t i)
{
	struct task *task = ctx;
	struct packing *p = task->p;
	size_t place = task->order[i];
	uint32_t id = task->files[place];
	struct product *product = &task->products[place];
	struct err err;

	progress_step(&p->progress, p->bundle.files.at[id].size);
	if (make_product(task, &p->workers[number], id, product, &err))
		worker_fail(&p->workers[number], id, &err);
	else
		p->outcomes[id] = (struct outcome){ product->entry.size, product->entry.data.len };
}

/* Bytes that will have to be deflated. */
static uint64_t work_of(const struct packing *p)
{
	uint64_t work = 0;

	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		struct packed old;

		if (p->plan.at[id].action == ACTION_KEEP && !existing(p, id, &old))
			work += p->bundle.files.at[id].size;
	}
	return work;
}

static int level_of(const struct packing *p)
{
	switch (p->options->zip) {
	case ZIP_SMALL:
		return LEVEL_BEST;
	case ZIP_CANONICAL:
		return LEVEL_GOOD;
	case ZIP_FAST:
		break;
	}
	return work_of(p) <= BEST_BYTES ? LEVEL_BEST : work_of(p) <= GOOD_BYTES ? LEVEL_GOOD : LEVEL_FAST;
}

struct place {
	uint64_t size;
	size_t at;
};

static int by_size(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->at > b->at) - (a->at < b->at);
}

static const size_t *largest_first(const struct packing *p, const uint32_t *files, size_t count)
{
	struct place *places = arena_array(p->arena, struct place, count);
	size_t *order = arena_array(p->arena, size_t, count);

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ p->bundle.files.at[files[i]].size, i };
	if (count)
		qsort(places, count, sizeof(*places), by_size);
	for (size_t i = 0; i < count; i++)
		order[i] = places[i].at;
	return order;
}

/*
 * Files are sorted by path without the slash that a directory's name gets, but an empty directory "a" has
 * nothing below it and nothing sorts between "a" and "a/" except "a-…" and the like: put it where its full
 * name belongs.
 */
static int by_name(const void *left, const void *right)
{
	return str_cmp(((const struct product *)left)->entry.name,
		       ((const struct product *)right)->entry.name);
}

int packing_products(struct packing *p, struct product **products, size_t *count, struct err *err)
{
	size_t files = p->bundle.files.len;
	uint32_t *kept = arena_array(p->arena, uint32_t, files);
	struct task task = { .p = p, .files = kept, .level = level_of(p) };
	uint64_t bytes = 0;
	size_t n = 0;

	for (uint32_t id = 0; id < files; id++)
		if (p->plan.at[id].action == ACTION_KEEP) {
			kept[n++] = id;
			bytes += p->bundle.files.at[id].size;
		}
	task.order = largest_first(p, kept, n);
	task.products = arena_array(p->arena, struct product, n);
	for (size_t i = 0; i < n; i++) {
		const struct file *file = &p->bundle.files.at[kept[i]];

		task.products[i].entry.mode = packing_mode(file);
		task.products[i].entry.name =
			file->kind == FILE_DIR ? str_fmt(p->arena, "%.*s/", STR_ARG(file->path)) : file->path;
	}
	progress_begin(&p->progress, "Compressing", bytes);
	pool_run(p->jobs, n, do_product, &task);
	progress_end(&p->progress);
	if (packing_failures(p, err)) {
		products_free(task.products, n);
		return -1;
	}
	if (n)
		qsort(task.products, n, sizeof(*task.products), by_name);
	*products = task.products;
	*count = n;
	return 0;
}

void products_free(struct product *products, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!products[i].borrowed)
			free((void *)(uintptr_t)products[i].entry.data.ptr);
}
