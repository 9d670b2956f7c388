#include <stdlib.h>
#include <string.h>

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
	struct elf_object *elf; /* or NULL */
	bool python;		/* it defines what Python calls in an extension module */
};

struct round {
	struct packing *p;
	uint32_t *files; /* to read, largest first */
	size_t count;
	struct finding *findings; /* parallel to files */
	struct finding **found;	  /* by file id: what was found in this round or an earlier one, or NULL */
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
	struct soft_scan opened;
	bool refers;
	bool opens;
};

static void see(void *ctx, const struct mention *mention)
{
	struct readers *readers = ctx;

	imports_see(&readers->imports, mention);
	if (readers->opens)
		soft_see(&readers->opened, mention);
	if (readers->refers)
		references_see(&readers->references, mention);
}

static void read_python(struct packing *p, struct readers *readers)
{
	struct python_habits habits =
		python_names(readers->imports.content, &p->imports.target, see, readers);

	imports_end_python(&readers->imports, &habits);
	if (readers->opens) {
		soft_habits(&readers->opened, &habits);
		soft_end(&readers->opened);
	}
	if (readers->refers)
		references_end_python(&readers->references, &habits);
}

static void read_other(struct readers *readers, struct bytes content, const struct finding *finding)
{
	imports_other(&readers->imports);
	if (readers->refers)
		references_other(&readers->references);
	if (readers->opens)
		soft_bytes(&readers->opened, content);
	if (readers->opens && finding->elf)
		soft_notes(&readers->opened, finding->elf);
}

/* What the file imports, names and opens. */
static void read_names(struct packing *p, struct worker *worker, uint32_t id, struct bytes content,
		       struct finding *finding)
{
	size_t files = p->bundle.files.len;
	bool imports = p->target.pruned && imports_wants(&p->imports, id);
	struct str path = p->bundle.files.at[id].path;
	struct arena scratch = { 0 };
	struct readers readers = {
		.refers = references_wants(p->references, id),
		.opens = p->target.pruned && soft_wants(p->soft, id),
	};

	if (readers.refers && !imports)
		references_scan(p->references, id, content, &worker->arena, &finding->edges);
	if (!imports && !readers.opens)
		return;
	readers.opened = soft_begin(p->soft, &scratch,
				    edges_begin(&worker->arena, &finding->edges, &worker->opened, id, files));
	if (!imports) {
		soft_bytes(&readers.opened, content);
		arena_free(&scratch);
		return;
	}
	readers.imports = imports_begin(
		&p->imports, str_of_bytes(content), &scratch,
		edges_begin(&worker->arena, &finding->edges, &worker->named, id, files), &finding->imports);
	if (readers.refers)
		readers.references = references_begin(
			p->references, str_of_bytes(content), &scratch,
			edges_begin(&worker->arena, &finding->edges, &worker->referred, id, files));
	if (references_is_python(path, str_of_bytes(content)) || str_ends(path, STR(".pyi"))) {
		readers.refers = readers.refers && references_reads(&readers.references);
		read_python(p, &readers);
	} else {
		read_other(&readers, content, finding);
	}
	arena_free(&scratch);
}

/* What it says of itself to the loader. */
static void read_headers(struct packing *p, struct worker *worker, uint32_t id, struct bytes content,
			 struct finding *finding)
{
	finding->elf = arena_new(&worker->arena, struct elf_object);
	elf_object_read(content, &worker->arena, finding->elf);
	finding->python = finding->elf->form == ELF_SHARED &&
			  modules_of(&p->imports.modules, id) != NO_MODULE &&
			  (elf_object_has_prefix(content, STR("PyInit")) ||
			   elf_object_has_prefix(content, STR("PyModExport_")));
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
	if (strip_is_elf(content)) {
		read_headers(p, worker, id, content, finding);
		if (twins_wants(&round->twins, id))
			twins_see(&round->twins, id, finding->elf, content);
		if (p->options->strip != STRIP_CHOICE_OFF)
			look_at_elf(p, worker, id, round->guarded[id], content, finding);
	}
	read_names(p, worker, id, content, finding);
}

/* That the loader will refuse the file (STRIP_BROKEN) is told with the imports that lead to it. */
static void note_verdict(struct packing *p, uint32_t id, const struct finding *finding)
{
	if (finding->verdict == STRIP_REFUSED)
		note_add(&p->bundle.notes, p->arena, CODE_STRIP_REFUSED, p->bundle.files.at[id].path, STR(""),
			 "left alone: %s", finding->why);
}

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left;
	const uint32_t *b = right;

	return (*a > *b) - (*a < *b);
}

/* What reading brought, for a file that stays. In the order of files, whichever thread read them when. */
static void merge_one(struct packing *p, uint32_t id, const struct finding *finding)
{
	for (size_t e = 0; e < finding->edges.edges.len; e++) {
		const struct edge *edge = &finding->edges.edges.at[e];
		const struct library *library = libraries_of(&p->libraries, edge->to);

		/* That it can never load was not known to all who read. */
		if (!library || !library->never || !p->opposed[edge->to])
			*vec_push(p->arena, &p->graph.edges) = *edge;
	}
	note_verdict(p, id, finding);
	if (!p->target.pruned)
		return;
	closure_facts(p->closure, id, &finding->imports);
	packing_load(p, id);
}

/* The headers of what was read, in the order of files. */
static void know(struct round *round)
{
	uint32_t *order = arena_array(round->p->arena, uint32_t, round->count);

	memcpy(order, round->files, round->count * sizeof(*order));
	qsort(order, round->count, sizeof(*order), by_number);
	for (size_t i = 0; i < round->count; i++) {
		const struct finding *finding = round->found[order[i]];

		if (finding->elf)
			(void)libraries_know(&round->p->libraries, order[i], finding->elf, finding->python);
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
	return count;
}

static uint64_t bytes_of(const struct packing *p, const struct round *round)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < round->count; i++)
		bytes += p->bundle.files.at[round->files[i]].size;
	return bytes;
}

/* Reads the files of round->files; what was found of each is in round->found. */
static int read_all(struct round *round, struct err *err)
{
	struct packing *p = round->p;

	packing_order(p, round->files, round->count);
	round->findings = arena_array(p->arena, struct finding, round->count);
	for (size_t i = 0; i < round->count; i++)
		round->found[round->files[i]] = &round->findings[i];
	progress_begin(&p->progress, "Reading", bytes_of(p, round));
	pool_run(p->jobs, round->count, read_one, round);
	progress_end(&p->progress);
	if (packing_failures(p, err))
		return -1;
	know(round);
	return 0;
}

/* Who loads whom shows only once the headers of all shared objects are known. */
static int read_libraries(struct round *round, struct err *err)
{
	struct packing *p = round->p;

	round->count = 0;
	for (size_t i = 0; i < p->libraries.list.len; i++) {
		const struct library *library = &p->libraries.list.at[i];

		if (library->format == BINARY_ELF && !library->never &&
		    p->opinions[library->file].stance != STANCE_USER_DROP)
			round->files[round->count++] = library->file;
	}
	if (read_all(round, err))
		return -1;
	packing_judge(p);
	return 0;
}

static const enum code *unreached_codes(const struct packing *p)
{
	enum code *codes = arena_array(p->arena, enum code, p->bundle.files.len);

	for (size_t id = 0; id < p->bundle.files.len; id++)
		codes[id] = p->judged[id] ? CODE_UNLOADED : CODE_UNREACHED;
	return codes;
}

/* Installers of wheels unpack links as text files that hold the target. */
static bool wants_links(const struct options *options)
{
	return options->link != LINK_CHOICE_OFF && !str_ends(options->output, STR(".whl"));
}

int packing_read(struct packing *p, struct err *err)
{
	size_t files = p->bundle.files.len;
	uint32_t *fresh = arena_array(p->arena, uint32_t, files);
	size_t count;
	struct round round = {
		.p = p,
		.files = arena_array(p->arena, uint32_t, files),
		.found = arena_array(p->arena, struct finding *, files),
		.guarded = find_guarded(p),
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

	input.offers = p->offers = arena_array(p->arena, struct offer, files);
	if (input.link)
		twins_begin(&round.twins, &p->bundle, round.guarded, p->arena);
	if (read_libraries(&round, err))
		return -1;
	reach_begin(&reach, &input, p->arena);
	while ((count = choose(p, &reach, fresh)) > 0) {
		round.count = 0;
		for (size_t i = 0; i < count; i++)
			if (!round.found[fresh[i]])
				round.files[round.count++] = fresh[i];
		if (read_all(&round, err))
			return -1;
		qsort(fresh, count, sizeof(*fresh), by_number);
		for (size_t i = 0; i < count; i++)
			merge_one(p, fresh[i], round.found[fresh[i]]);
	}
	if (packing_offer_links(p, &round.twins, reach.is, err))
		return -1;
	input.unreached = unreached_codes(p);
	plan_build(&input, p->arena, &p->plan);
	return 0;
}
