#include <stdlib.h>

#include "base/pool.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "transform/strip.h"

/* What reading one file brought to light; merged in order of files, whichever thread read it. */
struct finding {
	struct graph edges;
	struct import_facts imports;
	enum strip_verdict verdict;
	const char *why;
};

struct round {
	struct packing *p;
	uint32_t *files;  /* largest first */
	uint32_t *places; /* by file id: its index in files */
	size_t count;
	struct finding *findings; /* parallel to files */
	const bool *guarded;	  /* by file id */
	struct twins twins;
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

/* One reading of a source for two who want to know. */
struct readers {
	struct import_scan imports;
	struct scan references;
	bool refers;
};

static void see(void *ctx, const struct mention *mention)
{
	struct readers *readers = ctx;

	imports_see(&readers->imports, mention);
	if (readers->refers)
		references_see(&readers->references, mention);
}

static void read_python(struct packing *p, struct readers *readers)
{
	struct python_habits habits =
		python_names(readers->imports.content, &p->imports.target, see, readers);

	imports_end_python(&readers->imports, &habits);
	if (readers->refers)
		references_end_python(&readers->references, &habits);
}

/* What the file imports, names and opens. */
static void read_names(struct packing *p, struct worker *worker, uint32_t id, struct str content,
		       struct finding *finding)
{
	size_t files = p->bundle.files.len;
	bool imports = p->target.pruned && imports_wants(&p->imports, id);
	bool refers = references_wants(p->references, id);
	struct str path = p->bundle.files.at[id].path;
	struct arena scratch = { 0 };
	struct readers readers = { .refers = false };

	if (!imports && refers) {
		references_scan(p->references, id, bytes_of_str(content), &worker->arena, &finding->edges);
		return;
	}
	if (!imports)
		return;
	readers.imports = imports_begin(
		&p->imports, content, &scratch,
		edges_begin(&worker->arena, &finding->edges, &worker->named, id, files), &finding->imports);
	if (refers)
		readers.references = references_begin(
			p->references, content, &scratch,
			edges_begin(&worker->arena, &finding->edges, &worker->referred, id, files));
	if (references_is_python(path, content) || str_ends(path, STR(".pyi"))) {
		readers.refers = refers && references_reads(&readers.references);
		read_python(p, &readers);
	} else {
		imports_other(&readers.imports);
		if (refers)
			references_other(&readers.references);
	}
	arena_free(&scratch);
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
	if (twins_wants(&round->twins, id))
		twins_see(&round->twins, id, content);
	read_names(p, worker, id, str_of_bytes(content), finding);
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

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left;
	const uint32_t *b = right;

	return (*a > *b) - (*a < *b);
}

/* In the order of files, whichever thread read them in whichever order. */
static void merge(struct round *round)
{
	struct packing *p = round->p;
	uint32_t *order = arena_array(p->arena, uint32_t, round->count);
	uint32_t *place = round->places;

	for (uint32_t i = 0; i < round->count; i++) {
		order[i] = round->files[i];
		place[round->files[i]] = i;
	}
	qsort(order, round->count, sizeof(*order), by_number);
	for (size_t i = 0; i < round->count; i++) {
		struct finding *finding = &round->findings[place[order[i]]];

		for (size_t e = 0; e < finding->edges.edges.len; e++)
			*vec_push(p->arena, &p->graph.edges) = finding->edges.edges.at[e];
		note_verdict(p, order[i], finding);
		if (p->target.pruned)
			closure_facts(p->closure, order[i], &finding->imports);
	}
}

/* Follows what comes along with files that stay until nothing does, and collects the files to read. */
static size_t choose(struct packing *p, struct reach *reach, uint32_t *out)
{
	size_t count = 0;

	for (;;) {
		size_t from = count;

		reach_grow(reach);
		for (size_t i = 0; i < reach->fresh.len; i++)
			out[count++] = reach->fresh.at[i];
		reach->fresh.len = 0;
		if (count == from && !(p->target.pruned && count == 0 && closure_settle(p->closure)))
			break;
		qsort(out + from, count - from, sizeof(*out), by_number);
		for (size_t i = from; i < count && p->target.pruned; i++)
			closure_reached(p->closure, out[i]);
	}
	packing_order(p, out, count);
	return count;
}

static uint64_t bytes_of(const struct packing *p, const struct round *round)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < round->count; i++)
		bytes += p->bundle.files.at[round->files[i]].size;
	return bytes;
}

/* Installers of wheels unpack links as text files that hold the target. */
static bool wants_links(const struct options *options)
{
	return options->link != LINK_CHOICE_OFF && !str_ends(options->output, STR(".whl"));
}

int packing_read(struct packing *p, struct err *err)
{
	size_t files = p->bundle.files.len;
	struct round round = {
		.p = p,
		.files = arena_array(p->arena, uint32_t, files),
		.places = arena_array(p->arena, uint32_t, files),
	};
	struct plan_input input = {
		.bundle = &p->bundle,
		.graph = &p->graph,
		.opinions = p->opinions,
		.roots = p->roots,
		.strip = p->options->strip != STRIP_CHOICE_OFF,
		.link = wants_links(p->options),
		.any_saving = p->options->zip != ZIP_FAST,
	};
	struct reach reach;

	round.guarded = find_guarded(p);
	p->offers = arena_array(p->arena, struct offer, files);
	input.offers = p->offers;
	if (input.link)
		twins_begin(&round.twins, &p->bundle, round.guarded, p->arena);
	reach_begin(&reach, &input, p->arena);
	while ((round.count = choose(p, &reach, round.files)) > 0) {
		round.findings = arena_array(p->arena, struct finding, round.count);
		progress_begin(&p->progress, "Reading", bytes_of(p, &round));
		pool_run(p->jobs, round.count, read_one, &round);
		progress_end(&p->progress);
		if (packing_failures(p, err))
			return -1;
		merge(&round);
	}
	if (packing_offer_links(p, &round.twins, reach.is, err))
		return -1;
	plan_build(&input, p->arena, &p->plan);
	return 0;
}
