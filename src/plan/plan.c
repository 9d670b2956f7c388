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
		return true;
	case STANCE_USER_DROP:
	case STANCE_RULE_DROP:
		return false;
	case STANCE_NONE:
		break;
	}
	reason->via = STR("");
	if (in->bundle->files.at[file].kind == FILE_DIR)
		reason->code = CODE_EMPTY_DIR;
	else if (in->roots[file] == ROOT_FIRST_PARTY)
		reason->code = CODE_FIRST_PARTY;
	else if (in->roots[file] == ROOT_DISTRIBUTION)
		reason->code = CODE_DISTRIBUTION;
	return reason->code != CODE_NONE;
}

/* Breadth first, so that the chain recorded for a file is a shortest one. */
static void mark(const struct plan_input *in, struct arena *arena, struct plan *plan)
{
	size_t count = in->bundle->files.len;
	struct adjacency adj = adjacency_build(in->graph, count, arena);
	uint32_t *queue = arena_array(arena, uint32_t, count);
	bool *marked = arena_array(arena, bool, count);
	size_t tail = 0;

	for (uint32_t f = 0; f < count; f++) {
		marked[f] = is_root(in, f, &plan->at[f].reason);
		if (marked[f])
			queue[tail++] = f;
	}
	for (size_t head = 0; head < tail; head++) {
		uint32_t from = queue[head];

		for (uint32_t i = adj.first[from]; i < adj.first[from + 1]; i++) {
			const struct edge *edge = &adj.edges[adj.order[i]];

			if (marked[edge->to] || edge->phase == PHASE_TYPES ||
			    in->opinions[edge->to].stance == STANCE_USER_DROP)
				continue;
			marked[edge->to] = true;
			queue[tail++] = edge->to;
			plan->at[edge->to].reason = (struct reason){
				.code = CODE_REACHED,
				.via = edge->evidence,
				.parent = from,
				.line = edge->line,
			};
		}
	}
	for (uint32_t f = 0; f < count; f++)
		plan->at[f].action = marked[f] ? ACTION_KEEP : ACTION_DROP;
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
			.code = opposed ? opinion->code : CODE_UNREACHED,
			.via = opposed ? opinion->via : STR(""),
			.parent = NO_FILE,
		};
	}
}

static void take_offers(const struct plan_input *in, struct plan *plan)
{
	for (uint32_t f = 0; f < plan->count; f++) {
		uint64_t saves = in->offers[f].saves;

		bool worth = saves > MIN_SAVING && saves > in->bundle->files.at[f].size / MIN_SAVING_SHARE;

		if (plan->at[f].action == ACTION_KEEP && (worth || (saves && in->any_saving)))
			plan->at[f].rewrite = REWRITE_STRIP;
	}
}

void plan_build(const struct plan_input *input, struct arena *arena, struct plan *plan)
{
	plan->count = input->bundle->files.len;
	plan->at = arena_array(arena, struct decision, plan->count);
	mark(input, arena, plan);
	sweep(input, plan);
	if (input->strip && input->offers)
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
