/*
 * `slim why`: the pipeline of `slim pack` up to the plan, and then what the plan says of a name. Read from
 * the bottom up: what is asked for, its reasons, what it brings along, told by report/why.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/output.h"
#include "cmd/packing.h"
#include "cmd/terminal.h"
#include "cmd/why_find.h"
#include "plan/dominate.h"

/* What is the same for every name. */
struct asking {
	struct packing *p;
	struct why_context context;
	struct kept_graph kept;
	uint64_t *sizes;
	uint32_t *depth; /* by file id: steps from the root */
};

static bool is_kept(const struct packing *p, uint32_t file)
{
	return p->plan.at[file].action == ACTION_KEEP;
}

/* --- once a run --------------------------------------------------------------------------------------- */

static void find_sizes(struct asking *a)
{
	struct packing *p = a->p;

	a->sizes = arena_array(p->arena, uint64_t, p->plan.count);
	for (uint32_t id = 0; id < p->plan.count; id++) {
		const struct decision *decision = &p->plan.at[id];

		if (decision->action == ACTION_KEEP && decision->rewrite == REWRITE_LINK)
			a->sizes[id] = plan_link_text(&p->plan, &p->bundle, id).len;
		else if (decision->action == ACTION_KEEP)
			a->sizes[id] = p->bundle.files.at[id].size -
				       (decision->rewrite == REWRITE_STRIP ? p->offers[id].saves : 0);
	}
}

static bool is_reason(const struct reason *reason, const struct edge *edge)
{
	return edge->line == reason->line && str_eq(edge->evidence, reason->via);
}

/* The edge that each reason came by, so that its kind and phase can be told. */
static const struct edge **find_edges(const struct packing *p)
{
	const struct edge **out = arena_array(p->arena, const struct edge *, p->plan.count);

	for (size_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];
		const struct reason *reason = &p->plan.at[edge->to].reason;

		if (edge->from != reason->parent)
			continue;
		if (!out[edge->to] || (is_reason(reason, edge) && !is_reason(reason, out[edge->to])))
			out[edge->to] = edge;
	}
	return out;
}

/* Steps from the root, each file's parents first; every file is gone through twice at most. */
static void find_depths(struct asking *a)
{
	const struct plan *plan = &a->p->plan;
	uint32_t *way = arena_array(a->p->arena, uint32_t, plan->count);

	a->depth = arena_array(a->p->arena, uint32_t, plan->count);
	for (uint32_t id = 0; id < plan->count; id++) {
		size_t length = 0;
		uint32_t at = id;

		/* 0 is unknown here. */
		for (; at != NO_FILE && !a->depth[at] && length < plan->count;
		     at = plan->at[at].reason.parent)
			way[length++] = at;
		for (uint32_t depth = at == NO_FILE ? 0 : a->depth[at]; length > 0;)
			a->depth[way[--length]] = ++depth;
	}
}

/* Of a pattern in a file or variable it helps to know where; one of the command line is known. */
static void collect_patterns(struct asking *a, const struct given_list *patterns)
{
	for (size_t i = 0; i < patterns->len; i++)
		if (!str_starts(patterns->at[i].place, STR("-")))
			*vec_push(a->p->arena, &a->context.rules) =
				(struct why_rule){ patterns->at[i].value, patterns->at[i].place };
}

/* What explains a reason's `via`. */
static void collect_rules(struct asking *a)
{
	const struct ruleset *set = &a->p->rules;

	for (size_t i = 0; i < set->rules.len; i++)
		*vec_push(a->p->arena, &a->context.rules) =
			(struct why_rule){ set->rules.at[i].id, set->rules.at[i].because };
	collect_patterns(a, &a->p->options->keep);
	collect_patterns(a, &a->p->options->drop);
}

static void prepare(struct asking *a)
{
	struct packing *p = a->p;
	struct dominators dominators;
	uint64_t *retained = arena_array(p->arena, uint64_t, p->plan.count);

	find_sizes(a);
	find_depths(a);
	kept_graph_build(&p->graph, &p->plan, p->arena, &a->kept);
	dominate(&a->kept, a->sizes, p->arena, &dominators);
	for (size_t id = 0; id < p->plan.count; id++)
		retained[id] = dominators.retained[id].bytes;
	a->context = (struct why_context){
		.bundle = &p->bundle,
		.plan = &p->plan,
		.sizes = a->sizes,
		.retained = retained,
		.edge = find_edges(p),
		.package = p->options->operands.at[0],
	};
	collect_rules(a);
}

/* --- the file that is explained ------------------------------------------------------------------------ */

/* What a distribution says of itself is kept by rules and explains nothing. */
static bool is_metadata(const struct bundle *bundle, uint32_t file)
{
	uint32_t d = bundle->files.at[file].dist;
	struct str info = d == NO_DIST ? STR("") : bundle->dists.at[d].info;

	return info.len && str_starts(bundle->files.at[file].path, info);
}

/*
 * The lower, the sooner a file is taken as the one that stands for all: what is reached from elsewhere, then
 * what stays by itself, then the rest, each with the shortest chain first.
 */
static uint64_t rank(const struct asking *a, const struct why_match *match, uint32_t file)
{
	const struct packing *p = a->p;
	const struct reason *reason = &p->plan.at[file].reason;
	/* Of equals a module tells more than data. */
	uint64_t rank = 2 * (uint64_t)a->depth[file] + !str_ends(p->bundle.files.at[file].path, STR(".py"));

	if (reason->parent == NO_FILE && reason->code != CODE_HANDLER)
		rank += (uint64_t)1 << 34;
	if (reason->parent != NO_FILE && match->of[reason->parent])
		rank += (uint64_t)1 << 35;
	if (is_metadata(&p->bundle, file))
		rank += (uint64_t)1 << 36;
	if (!is_kept(p, file))
		rank = UINT64_MAX - p->bundle.files.at[file].size;
	return rank;
}

/* The first that is reached; where nothing is kept, the largest. */
static uint32_t choose_file(const struct asking *a, const struct why_match *match)
{
	uint32_t best = NO_FILE;

	for (uint32_t id = 0; id < a->p->plan.count; id++)
		if (match->of[id] && (best == NO_FILE || rank(a, match, id) < rank(a, match, best)))
			best = id;
	if (match->file != NO_FILE && (is_kept(a->p, match->file) || !is_kept(a->p, best)))
		return match->file;
	return best;
}

/* A module that is no package is one file, whatever bytecode and stubs lie beside it. */
static bool is_single(const struct bundle *bundle, const struct why_match *match)
{
	if (match->kind == WHY_FILE || match->kind == WHY_LIBRARY)
		return true;
	return match->kind == WHY_MODULE && match->file != NO_FILE &&
	       !str_starts(str_base(bundle->files.at[match->file].path), STR("__init__."));
}

/* --- reasons ------------------------------------------------------------------------------------------- */

static int by_place(const void *left, const void *right)
{
	const struct why_edge *a = left;
	const struct why_edge *b = right;

	if (a->circular != b->circular)
		return a->circular ? 1 : -1;
	if (a->edge->from != b->edge->from)
		return a->edge->from < b->edge->from ? -1 : 1;
	if (a->edge->line != b->edge->line)
		return a->edge->line < b->edge->line ? -1 : 1;
	return (a->edge > b->edge) - (a->edge < b->edge);
}

/* Edges from kept files lead to what the user dropped, or are for type checkers only. */
static bool is_nearer(const struct packing *p, const struct edge *edge, const struct edge *than)
{
	if (is_kept(p, edge->from) != is_kept(p, than->from))
		return is_kept(p, edge->from);
	return edge->from < than->from || (edge->from == than->from && edge->line < than->line);
}

static void find_reasons(const struct asking *a, struct why *why, const bool *gone, const bool *freed)
{
	const struct packing *p = a->p;

	for (size_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];

		if (edge->to != why->file || edge->from == why->file)
			continue;
		if (!is_kept(p, edge->to)) {
			if (!why->nearest || is_nearer(p, edge, why->nearest))
				why->nearest = edge;
		} else if (is_kept(p, edge->from) && edge != a->context.edge[why->file]) {
			*vec_push(p->arena, &why->edges) =
				(struct why_edge){ edge, gone[edge->from] || freed[edge->from] };
		}
	}
	if (why->edges.len)
		qsort(why->edges.at, why->edges.len, sizeof(*why->edges.at), by_place);
}

/* --- what comes along ---------------------------------------------------------------------------------- */

static void tally_add(struct tally *tally, const struct file *file, uint64_t size)
{
	if (file->kind == FILE_DIR)
		return;
	tally->files++;
	tally->unzipped += size;
	tally->zip += file->packed;
}

static int by_bytes(const void *left, const void *right)
{
	const struct why_share *a = left;
	const struct why_share *b = right;

	if (a->tally.unzipped != b->tally.unzipped)
		return a->tally.unzipped < b->tally.unzipped ? 1 : -1;
	return str_cmp(a->name, b->name);
}

/* The distributions of the files in `of`; `by`, by dist id, is who else needs them, or NULL. */
static void share_out(const struct asking *a, const bool *of, const struct str *by, struct why_shares *out)
{
	const struct bundle *bundle = &a->p->bundle;
	size_t dists = bundle->dists.len;
	struct tally *tallies = arena_array(a->p->arena, struct tally, dists + 1);

	for (uint32_t id = 0; id < bundle->files.len; id++) {
		uint32_t d = bundle->files.at[id].dist;

		if (of[id])
			tally_add(&tallies[d == NO_DIST ? dists : d], &bundle->files.at[id], a->sizes[id]);
	}
	for (size_t d = 0; d <= dists; d++)
		if (tallies[d].files)
			*vec_push(a->p->arena, out) = (struct why_share){
				.name = d < dists ? bundle->dists.at[d].name : STR(""),
				.tally = tallies[d],
				.by = by ? by[d] : STR(""),
			};
	if (out->len)
		qsort(out->at, out->len, sizeof(*out->at), by_bytes);
}

/* For every distribution with files in `shared`: the first other one outside `gone` that needs one of them.
 */
static struct str *find_sharers(const struct asking *a, const bool *gone, const bool *shared)
{
	const struct bundle *bundle = &a->p->bundle;
	size_t dists = bundle->dists.len;
	struct str *by = arena_array(a->p->arena, struct str, dists + 1);

	for (uint32_t to = 0; to < bundle->files.len; to++) {
		uint32_t d = bundle->files.at[to].dist;

		for (uint32_t i = a->kept.in.first[to]; shared[to] && i < a->kept.in.first[to + 1]; i++) {
			uint32_t from = a->kept.in.list[i];
			uint32_t other = bundle->files.at[from].dist;

			if (gone[from] || other == d || other == NO_DIST || by[d == NO_DIST ? dists : d].len)
				continue;
			by[d == NO_DIST ? dists : d] = bundle->dists.at[other].name;
		}
	}
	return by;
}

static void find_shares(const struct asking *a, struct why *why, const bool *gone)
{
	bool *used = arena_array(a->p->arena, bool, a->p->plan.count);

	share_out(a, gone, NULL, &why->frees);
	dominate_uses(&a->kept, gone, used);
	for (size_t id = 0; id < a->p->plan.count; id++)
		used[id] = used[id] && !gone[id];
	share_out(a, used, find_sharers(a, gone, used), &why->shared);
}

static void weigh(const struct asking *a, const struct why_match *match, struct why *why)
{
	const struct packing *p = a->p;
	bool *gone = arena_array(p->arena, bool, p->plan.count);
	bool *freed = arena_array(p->arena, bool, p->plan.count);

	for (uint32_t id = 0; id < p->plan.count; id++) {
		const struct file *file = &p->bundle.files.at[id];

		if (!(why->single ? id == why->file : match->of[id]))
			continue;
		gone[id] = is_kept(p, id);
		tally_add(gone[id] ? &why->kept : &why->removed, file, gone[id] ? a->sizes[id] : file->size);
	}
	dominate_cut(&a->kept, gone, freed);
	find_reasons(a, why, gone, freed);
	for (uint32_t id = 0; id < p->plan.count; id++) {
		gone[id] = gone[id] || freed[id];
		if (gone[id])
			tally_add(&why->retained, &p->bundle.files.at[id], a->sizes[id]);
	}
	if (why->show_frees)
		find_shares(a, why, gone);
}

/* --- one name ------------------------------------------------------------------------------------------- */

/*
 * The pattern of --keep for it; a path stands behind '/', with what a pattern would not take literally
 * escaped, and '?' for what cannot be shown.
 */
static struct str keep_pattern(const struct asking *a, const struct why *why, const struct why_match *match)
{
	struct str path = match->name;
	struct buf out = { .arena = a->p->arena };
	bool odd;

	if (match->kind == WHY_MODULE || match->kind == WHY_DISTRIBUTION)
		return match->name;
	if (why->single)
		path = a->p->bundle.files.at[why->file].path;
	buf_add(&out, STR("/"));
	odd = !str_eq(path, text_escape(a->p->arena, path));
	for (size_t i = 0; i < path.len; i++) {
		struct str c = { path.ptr + i, 1 };

		if (odd && ((unsigned char)c.ptr[0] < ' ' || (unsigned char)c.ptr[0] >= 0x7F))
			c = STR("?");
		else if (str_find(STR("*?[\\"), c) >= 0)
			buf_add(&out, STR("\\"));
		buf_add(&out, c);
	}
	return buf_str(&out);
}

static int answer(const struct asking *a, struct str name, struct why *why, struct err *err)
{
	const struct packing *p = a->p;
	struct why_matches matches;
	const struct why_match *match;

	why_find(&p->bundle, &p->plan, name, p->arena, &matches);
	if (matches.len == 0)
		return why_unknown(&p->bundle, name, p->options->operands.at[0], p->arena, err);
	match = &matches.at[0];
	*why = (struct why){
		.context = &a->context,
		.asked = name,
		.kind = match->kind,
		.dist = match->dist,
		.file = choose_file(a, match),
		.single = is_single(&p->bundle, match),
		.show_all = p->options->all,
		.show_frees = p->options->frees,
	};
	why->keep = keep_pattern(a, why, match);
	for (size_t i = 1; i < matches.len; i++)
		*vec_push(p->arena, &why->others) =
			(struct why_other){ matches.at[i].kind, matches.at[i].name };
	weigh(a, match, why);
	return 0;
}

static int tell(const struct packing *p, const struct why *whys, size_t count, struct err *err)
{
	struct terminal terminal = terminal_of(STDOUT_FILENO, p->options);
	struct report_style style = {
		.color = terminal.color,
		.utf8 = terminal.utf8,
		.verbose = p->options->verbose,
	};
	struct buf out = { .arena = p->arena };

	if (p->options->json) {
		why_json(whys, count, &out);
		return output_write(STDOUT_FILENO, buf_str(&out), err);
	}
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add(&out, STR("\n"));
		why_text(&whys[i], &style, &out);
	}
	return output_write(STDOUT_FILENO, buf_str(&out), err);
}

static int run(struct packing *p, struct err *err)
{
	struct asking asking = { .p = p };
	size_t count = p->options->operands.len - 1;
	struct why *whys = arena_array(p->arena, struct why, count);

	/* Read, know, judge, decide: as for `slim pack`. */
	if (packing_plan(p, err))
		return -1;
	progress_end(&p->progress);
	prepare(&asking);
	/* All names are looked up before anything is told. */
	for (size_t i = 0; i < count; i++)
		if (answer(&asking, p->options->operands.at[i + 1], &whys[i], err))
			return -1;
	return tell(p, whys, count, err);
}

int cmd_why(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	(void)status;
	return packing_ask(options, arena, run, err);
}
