#include "plan/plan.h"

#include <string.h>

#include "base/arena.h"

enum { MIN_SAVING = 4096, MIN_SAVING_SHARE = 100 };

/* Edges by the file they leave: those of file f are order[first[f] … first[f + 1] - 1]. */
struct adjacency {
	const struct edge *edges;
	uint32_t *first;
	uint32_t *order;
};

/* A counting sort, so edges of one file keep the order in which they were found. */
static struct adjacency adjacency_build(const struct graph *graph, size_t files, struct arena *arena)
{
	struct adjacency adj = {
		.edges = graph->edges.at,
		.first = arena_array(arena, uint32_t, files + 2),
		.order = arena_array(arena, uint32_t, graph->edges.len),
	};
	uint32_t *next = adj.first + 1;

	for (size_t i = 0; i < graph->edges.len; i++)
		next[graph->edges.at[i].from + 1]++;
	for (size_t f = 1; f <= files; f++)
		next[f] += next[f - 1];
	/* next[f] now counts the edges of files before f, and ends as the start of f + 1. */
	for (size_t i = 0; i < graph->edges.len; i++)
		adj.order[next[graph->edges.at[i].from]++] = (uint32_t)i;
	return adj;
}

static const enum code root_codes[] = {
	[ROOT_NOT] = CODE_NONE,
	[ROOT_HANDLER] = CODE_HANDLER,
	[ROOT_STARTUP] = CODE_STARTUP,
	[ROOT_FIRST_PARTY] = CODE_FIRST_PARTY,
	[ROOT_DISTRIBUTION] = CODE_DISTRIBUTION,
};

/* Whether a file stays before any edge is followed; *reason says why. */
static bool is_root(const struct plan_input *in, uint32_t file, struct reason *reason)
{
	const struct opinion *opinion = &in->opinions[file];

	*reason = (struct reason){ .parent = NO_FILE, .via = opinion->via };
	switch (opinion->stance) {
	case STANCE_USER_KEEP:
		reason->code = CODE_USER_KEEP;
		return true;
	case STANCE_RULE_KEEP:
		reason->code = CODE_RULE_KEEP;
		return in->roots[file] != ROOT_NOT;
	case STANCE_USER_DROP:
	case STANCE_RULE_DROP:
		return false;
	case STANCE_NONE:
		break;
	}
	reason->via = STR("");
	reason->code =
		in->bundle->files.at[file].kind == FILE_DIR ? CODE_EMPTY_DIR : root_codes[in->roots[file]];
	return reason->code != CODE_NONE;
}

static void reach_file(struct reach *reach, uint32_t file)
{
	if (reach->is[file] || reach->in->opinions[file].stance == STANCE_USER_DROP)
		return;
	reach->is[file] = true;
	*vec_push(reach->arena, &reach->fresh) = file;
	*vec_push(reach->arena, &reach->stack) = file;
}

static void reach_follow(struct reach *reach)
{
	while (reach->stack.len) {
		uint32_t from = reach->stack.at[--reach->stack.len];

		for (uint32_t i = reach->first[from]; i; i = reach->waiting.at[i - 1])
			reach_file(reach, reach->in->graph->edges.at[i - 1].to);
		reach->first[from] = 0;
	}
}

void reach_begin(struct reach *reach, const struct plan_input *in, struct arena *arena)
{
	size_t files = in->bundle->files.len;

	*reach = (struct reach){
		.in = in,
		.arena = arena,
		.is = arena_array(arena, bool, files),
		.first = arena_array(arena, uint32_t, files),
	};
	for (uint32_t f = 0; f < files; f++) {
		struct reason reason;

		if (is_root(in, f, &reason))
			reach_file(reach, f);
	}
	reach_grow(reach);
}

void reach_grow(struct reach *reach)
{
	const struct graph *graph = reach->in->graph;

	while (reach->waiting.len < graph->edges.len) {
		const struct edge *edge = &graph->edges.at[reach->waiting.len];

		*vec_push(reach->arena, &reach->waiting) = reach->first[edge->from];
		if (reach->is[edge->from])
			reach_file(reach, edge->to);
		else
			reach->first[edge->from] = (uint32_t)reach->waiting.len;
	}
	reach_follow(reach);
}

/* How sure an edge is. A file's reason takes the surest edges that lead to it. */
enum sureness { SURE, NAMED, BROAD, SURENESSES };

static enum sureness sureness_of(const struct edge *edge)
{
	if (edge->broad)
		return BROAD;
	return edge->kind == EDGE_DYNAMIC || edge->kind == EDGE_DLOPEN ? NAMED : SURE;
}

/*
 * Files in the order in which they were marked, and how many of them had their edges of each sureness
 * followed: all sure edges come before the first that only names, those before the first broad one.
 */
struct marking {
	const struct plan_input *in;
	struct plan *plan;
	struct adjacency adj;
	uint32_t *queue;
	size_t tail;
	size_t heads[SURENESSES];
	bool *marked;
};

static void mark_from(struct marking *m, uint32_t from, enum sureness sureness)
{
	for (uint32_t i = m->adj.first[from]; i < m->adj.first[from + 1]; i++) {
		const struct edge *edge = &m->adj.edges[m->adj.order[i]];

		if (m->marked[edge->to] || sureness_of(edge) != sureness ||
		    m->in->opinions[edge->to].stance == STANCE_USER_DROP)
			continue;
		m->marked[edge->to] = true;
		m->queue[m->tail++] = edge->to;
		m->plan->at[edge->to].reason = (struct reason){
			.code = CODE_REACHED,
			.via = edge->evidence,
			.parent = from,
			.line = edge->line,
			.kind = edge->kind,
			.phase = edge->phase,
			.broad = edge->broad,
		};
	}
}

static void mark_roots(struct marking *m, bool handlers)
{
	for (uint32_t f = 0; f < m->plan->count; f++) {
		struct reason *reason = &m->plan->at[f].reason;

		if ((m->in->roots[f] == ROOT_HANDLER) != handlers)
			continue;
		m->marked[f] = is_root(m->in, f, reason);
		if (m->marked[f])
			m->queue[m->tail++] = f;
	}
}

/* Breadth first among edges as sure as one another, so that the chain recorded for a file is a short one. */
static void mark(const struct plan_input *in, struct arena *arena, struct plan *plan)
{
	size_t count = in->bundle->files.len;
	struct marking m = {
		.in = in,
		.plan = plan,
		.adj = adjacency_build(in->graph, count, arena),
		.queue = arena_array(arena, uint32_t, count),
		.marked = arena_array(arena, bool, count),
	};
	size_t sureness = SURE;

	mark_roots(&m, true);
	mark_roots(&m, false);
	while (sureness < SURENESSES) {
		if (m.heads[sureness] == m.tail) {
			sureness++;
			continue;
		}
		mark_from(&m, m.queue[m.heads[sureness]++], (enum sureness)sureness);
		sureness = SURE;
	}
	for (uint32_t f = 0; f < count; f++)
		plan->at[f].action = m.marked[f] ? ACTION_KEEP : ACTION_DROP;
}

/* Gives every file that was not marked the reason why it goes. */
static void sweep(const struct plan_input *in, struct plan *plan)
{
	for (uint32_t f = 0; f < plan->count; f++) {
		const struct opinion *opinion = &in->opinions[f];
		bool opposed = opinion->stance == STANCE_USER_DROP || opinion->stance == STANCE_RULE_DROP;

		if (plan->at[f].action != ACTION_DROP)
			continue;
		plan->at[f].reason = (struct reason){
			.code = opposed		? opinion->code
				: in->unreached ? in->unreached[f]
						: CODE_UNREACHED,
			.via = opposed ? opinion->via : STR(""),
			.parent = NO_FILE,
		};
	}
}

static bool is_worth_stripping(const struct plan_input *in, uint32_t file)
{
	uint64_t saves = in->offers[file].saves;
	bool much = saves > MIN_SAVING && saves > in->bundle->files.at[file].size / MIN_SAVING_SHARE;

	return in->strip && (much || (saves && in->any_saving));
}

/* A link leads to a file, never to another link, so that there are no circles; and it is smaller than what it
 * stands for. */
static bool may_link(const struct plan_input *in, const struct plan *plan, uint32_t file)
{
	uint32_t real = in->offers[file].twin - 1;

	return in->link && in->offers[file].twin && plan->at[real].action == ACTION_KEEP &&
	       in->offers[real].twin == 0 && in->opinions[file].stance != STANCE_USER_KEEP &&
	       in->bundle->files.at[file].size > str_base(in->bundle->files.at[real].path).len;
}

static void take_offers(const struct plan_input *in, struct plan *plan)
{
	for (uint32_t f = 0; f < plan->count; f++) {
		if (plan->at[f].action != ACTION_KEEP)
			continue;
		if (may_link(in, plan, f)) {
			plan->at[f].rewrite = REWRITE_LINK;
			plan->at[f].link = in->offers[f].twin - 1;
		} else if (is_worth_stripping(in, f)) {
			plan->at[f].rewrite = REWRITE_STRIP;
		}
	}
}

void plan_build(const struct plan_input *input, struct arena *arena, struct plan *plan)
{
	plan->count = input->bundle->files.len;
	plan->at = arena_array(arena, struct decision, plan->count);
	mark(input, arena, plan);
	sweep(input, plan);
	if (input->offers)
		take_offers(input, plan);
}

void plan_records(const struct bundle *bundle, const bool *stale, struct plan *plan)
{
	for (size_t d = 0; d < bundle->dists.len; d++) {
		uint32_t record = bundle->dists.at[d].record;

		if (stale[d] && record != NO_FILE && plan->at[record].action == ACTION_KEEP)
			plan->at[record].rewrite = REWRITE_RECORD;
	}
}
