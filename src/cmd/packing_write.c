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
enum { GOOD_BYTES = 16 << 20, SMALL_CONTENT = 2048 };

struct task {
	struct packing *p;
	const uint32_t *files;	  /* kept files, in order of the work */
	const uint32_t *places;	  /* by file id: its place in the output */
	struct product *products; /* in order of the output */
	int level;
};

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
	if (rewrite == REWRITE_LINK) {
		*out = bytes_of_str(plan_link_text(&p->plan, &p->bundle, id));
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
	product->owned = copy;
	product->entry.data = (struct bytes){ copy, data.len };
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

/*
 * The optimal parser of the strongest level costs as much to set up as a small content costs to compress, and
 * gains 2% there.
 */
static int level_for(int level, size_t len)
{
	return level == LEVEL_BEST && len < SMALL_CONTENT ? LEVEL_GOOD : level;
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
	/* Some unpackers read what a link holds as it lies there. */
	if (p->plan.at[id].rewrite == REWRITE_LINK)
		return own(product, content, err);
	if (splice_product(task, worker, id, content, &data)) {
		product->entry.method = ZIP_DEFLATED;
		return own(product, data, err);
	}
	data = pack_content(&worker->packer, level_for(task->level, content.len), content,
			    &product->entry.method);
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
	uint32_t id = task->files[i];
	struct product *product = &task->products[task->places[id]];
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

		if (p->plan.at[id].action == ACTION_KEEP && p->plan.at[id].rewrite != REWRITE_LINK &&
		    !existing(p, id, &old))
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
	return work_of(p) <= GOOD_BYTES ? LEVEL_GOOD : LEVEL_FAST;
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

/* Names and modes of all kept files, sorted; files and their places in the output go to task and kept. */
static size_t lay_out(struct packing *p, struct task *task, uint32_t *kept)
{
	size_t files = p->bundle.files.len;
	uint32_t *places = arena_array(p->arena, uint32_t, files);
	bool has_dirs = false;
	size_t count = 0;

	task->products = arena_array(p->arena, struct product, files);
	for (uint32_t id = 0; id < files; id++) {
		const struct file *file = &p->bundle.files.at[id];
		struct product *product = &task->products[count];

		if (p->plan.at[id].action != ACTION_KEEP)
			continue;
		product->file = id;
		product->entry.mode = packing_mode(p, id);
		product->entry.name = file->path;
		if (file->kind == FILE_DIR) {
			product->entry.name = str_fmt(p->arena, "%.*s/", STR_ARG(file->path));
			has_dirs = true;
		}
		kept[count++] = id;
	}
	if (has_dirs)
		qsort(task->products, count, sizeof(*task->products), by_name);
	for (size_t i = 0; i < count; i++)
		places[task->products[i].file] = (uint32_t)i;
	task->files = kept;
	task->places = places;
	return count;
}

int packing_products(struct packing *p, struct product **products, size_t *count, struct err *err)
{
	uint32_t *kept = arena_array(p->arena, uint32_t, p->bundle.files.len);
	struct task task = { .p = p, .level = level_of(p) };
	uint64_t bytes = 0;

	*count = lay_out(p, &task, kept);
	*products = task.products;
	for (size_t i = 0; i < *count; i++)
		bytes += p->bundle.files.at[kept[i]].size;
	packing_order(p, kept, *count);
	progress_begin(&p->progress, "Compressing", bytes);
	pool_run(p->jobs, *count, do_product, &task);
	progress_end(&p->progress);
	if (packing_failures(p, err)) {
		products_free(task.products, *count);
		return -1;
	}
	return 0;
}

void products_free(struct product *products, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(products[i].owned);
}
