#include <stdlib.h>

#include "base/pool.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "plan/plan.h"
#include "transform/strip.h"

/* What reading one file brought to light; merged in order of files, whichever thread read it. */
struct finding {
	struct graph references;
	enum strip_verdict verdict;
	const char *why;
};

struct round {
	struct packing *p;
	uint32_t *files; /* largest first */
	size_t count;
	struct finding *findings; /* parallel to files */
	const bool *guarded;	  /* by file id */
};

/* Marks the files that verify a checksum over themselves: not one byte of them may change. */
static bool *find_guarded(struct packing *p)
{
	bool *guarded = arena_array(p->arena, bool, p->bundle.files.len);

	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		const struct file *file = &p->bundle.files.at[id];
		struct arena scratch = { 0 };
		struct str path;
		uint32_t other = strip_guarded_by(file->path, &scratch, &path)
					 ? bundle_find(&p->bundle, file->tree, path)
					 : NO_FILE;

		if (other != NO_FILE)
			guarded[other] = true;
		guarded[id] = guarded[id] || strip_is_self_checking_name(file->path);
		arena_free(&scratch);
	}
	return guarded;
}

/* An offer is made only once the stripped file was built and checked in memory. */
static void look_at_elf(struct packing *p, struct worker *worker, uint32_t id, bool guarded,
			struct bytes content, struct finding *finding)
{
	enum strip_mode mode = p->options->strip == STRIP_CHOICE_DEBUG ? STRIP_DEBUG : STRIP_AUTO;
	struct strip_plan plan = strip_plan(content, mode, &worker->plan_arena);

	finding->verdict = plan.verdict;
	finding->why = plan.why;
	if (plan.verdict == STRIP_CAN && guarded) {
		finding->verdict = STRIP_REFUSED;
		finding->why = "it verifies a checksum over itself";
	} else if (plan.verdict == STRIP_CAN) {
		uint8_t *stripped = scratch_reserve(&worker->stripped, (size_t)plan.size);

		if (strip_emit(&plan, content, stripped)) {
			p->offers[id].saves = content.len - plan.size;
		} else {
			finding->verdict = STRIP_REFUSED;
			finding->why = "the stripped file did not pass its check";
		}
	}
	arena_free(&worker->plan_arena);
}

static void read_one(void *ctx, int number, size_t i)
{
	struct round *round = ctx;
	struct packing *p = round->p;
	struct worker *worker = &p->workers[number];
	struct finding *finding = &round->findings[i];
	uint32_t id = round->files[i];
	const struct file *file = &p->bundle.files.at[id];
	struct bytes content;
	struct err err;

	progress_step(&p->progress, file->size);
	if (file->kind != FILE_REGULAR)
		return;
	if (p->source->ops->content(p->source, file->member, &worker->content, &content, &err)) {
		worker_fail(worker, id, &err);
		return;
	}
	if (p->options->strip != STRIP_CHOICE_OFF && strip_is_elf(content))
		look_at_elf(p, worker, id, round->guarded[id], content, finding);
	if (references_wants(p->references, id))
		references_scan(p->references, id, content, &worker->arena, &finding->references);
}

static void note_verdict(struct packing *p, uint32_t id, const struct finding *finding)
{
	struct str path = p->bundle.files.at[id].path;

	if (finding->verdict == STRIP_REFUSED)
		note_add(&p->bundle.notes, p->arena, CODE_STRIP_REFUSED, path, STR(""), "left alone: %s",
			 finding->why);
	if (finding->verdict == STRIP_BROKEN)
		note_add(&p->bundle.notes, p->arena, CODE_ELF_BROKEN, path,
			 STR("install the wheel anew, without other strip tools"),
			 "Lambda's loader will refuse it: %s", finding->why);
}

static void merge(const struct round *round)
{
	struct packing *p = round->p;

	for (size_t i = 0; i < round->count; i++) {
		const struct finding *finding = &round->findings[i];

		for (size_t e = 0; e < finding->references.edges.len; e++)
			*vec_push(p->arena, &p->graph.edges) = finding->references.edges.at[e];
		note_verdict(p, round->files[i], finding);
	}
}

/* The kept files that were not read before; marks them as read. */
static size_t choose(struct packing *p, bool *seen, uint32_t *out)
{
	size_t count = 0;

	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		if (p->plan.at[id].action == ACTION_KEEP && !seen[id]) {
			seen[id] = true;
			out[count++] = id;
		}
	packing_order(p, out, count);
	return count;
}

static void plan_again(struct packing *p)
{
	struct plan_input input = {
		.bundle = &p->bundle,
		.graph = &p->graph,
		.opinions = p->opinions,
		.roots = p->roots,
		.offers = p->offers,
		.strip = p->options->strip != STRIP_CHOICE_OFF,
		.any_saving = p->options->zip != ZIP_FAST,
	};

	plan_build(&input, p->arena, &p->plan);
}

static uint64_t bytes_of(const struct packing *p, const struct round *round)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < round->count; i++)
		bytes += p->bundle.files.at[round->files[i]].size;
	return bytes;
}

int packing_read(struct packing *p, struct err *err)
{
	size_t files = p->bundle.files.len;
	struct round round = { .p = p, .files = arena_array(p->arena, uint32_t, files) };
	bool *seen = arena_array(p->arena, bool, files);

	round.guarded = find_guarded(p);
	p->offers = arena_array(p->arena, struct offer, files);
	plan_again(p);
	while ((round.count = choose(p, seen, round.files)) > 0) {
		round.findings = calloc(round.count, sizeof(struct finding));
		if (!round.findings)
			return err_set(err, "out of memory");
		progress_begin(&p->progress, "Reading", bytes_of(p, &round));
		pool_run(p->jobs, round.count, read_one, &round);
		progress_end(&p->progress);
		merge(&round);
		free(round.findings);
		if (packing_failures(p, err))
			return -1;
		plan_again(p);
	}
	return 0;
}
