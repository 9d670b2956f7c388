#include "plan/dominate.h"

#include "base/arena.h"

/* --- the graph of kept files -------------------------------------------------------------------------- */

static bool counts(const struct kept_graph *g, uint32_t from, uint32_t to)
{
	return from != to && from < g->count && to < g->count && g->kept[from] && g->kept[to];
}

static void count_edge(struct kept_graph *g, uint32_t from, uint32_t to)
{
	if (!counts(g, from, to))
		return;
	g->out.first[from + 1]++;
	g->in.first[to + 1]++;
}

/* first[f + 1] is where the next edge of f goes, and ends as the start of those of f + 1. */
static void put_edge(struct kept_graph *g, uint32_t from, uint32_t to)
{
	if (!counts(g, from, to))
		return;
	g->out.list[g->out.first[from + 1]++] = to;
	g->in.list[g->in.first[to + 1]++] = from;
}

static void each_edge(struct kept_graph *g, const struct graph *graph, const struct plan *plan,
		      void (*visit)(struct kept_graph *g, uint32_t from, uint32_t to))
{
	for (size_t i = 0; i < graph->edges.len; i++)
		visit(g, graph->edges.at[i].from, graph->edges.at[i].to);
	for (uint32_t f = 0; f < g->count; f++)
		visit(g, plan->at[f].reason.parent, f);
}

/* Turns counts, which stand one place behind their file, into starts that stand there too. */
static size_t make_starts(struct kept_edges *edges, size_t count)
{
	uint32_t start = 0;

	for (size_t f = 1; f <= count; f++) {
		uint32_t n = edges->first[f];

		edges->first[f] = start;
		start += n;
	}
	return start;
}

void kept_graph_build(const struct graph *graph, const struct plan *plan, struct arena *arena,
		      struct kept_graph *out)
{
	size_t count = plan->count;

	*out = (struct kept_graph){
		.count = count,
		.kept = arena_array(arena, bool, count),
		.root = arena_array(arena, bool, count),
		.out.first = arena_array(arena, uint32_t, count + 1),
		.in.first = arena_array(arena, uint32_t, count + 1),
		.queue = arena_array(arena, uint32_t, count),
	};
	for (size_t f = 0; f < count; f++) {
		out->kept[f] = plan->at[f].action == ACTION_KEEP;
		out->root[f] = out->kept[f] && plan->at[f].reason.parent == NO_FILE;
	}
	each_edge(out, graph, plan, count_edge);
	out->out.list = arena_array(arena, uint32_t, make_starts(&out->out, count));
	out->in.list = arena_array(arena, uint32_t, make_starts(&out->in, count));
	each_edge(out, graph, plan, put_edge);
}

/* --- marking ------------------------------------------------------------------------------------------ */

/* Marks what can be reached from the files that are marked and stand in the queue, without `gone` ones. */
static void mark(const struct kept_graph *g, size_t tail, const bool *gone, bool *marked)
{
	for (size_t head = 0; head < tail; head++) {
		uint32_t from = g->queue[head];

		for (uint32_t i = g->out.first[from]; i < g->out.first[from + 1]; i++) {
			uint32_t to = g->out.list[i];

			if (marked[to] || (gone && gone[to]))
				continue;
			marked[to] = true;
			g->queue[tail++] = to;
		}
	}
}

void dominate_cut(const struct kept_graph *graph, const bool *gone, bool *freed)
{
	size_t tail = 0;

	/* What stays is marked first, then turned round. */
	for (uint32_t f = 0; f < graph->count; f++) {
		freed[f] = graph->root[f] && !gone[f];
		if (freed[f])
			graph->queue[tail++] = f;
	}
	mark(graph, tail, gone, freed);
	for (size_t f = 0; f < graph->count; f++)
		freed[f] = graph->kept[f] && !gone[f] && !freed[f];
}

void dominate_uses(const struct kept_graph *graph, const bool *from, bool *used)
{
	size_t tail = 0;

	for (uint32_t f = 0; f < graph->count; f++) {
		used[f] = graph->kept[f] && from[f];
		if (used[f])
			graph->queue[tail++] = f;
	}
	mark(graph, tail, NULL, used);
}

/* --- dominators --------------------------------------------------------------------------------------- */

/* In what follows a node is a number in the order of a depth-first walk; 0 is the virtual root. */
struct forest {
	const struct kept_graph *graph;
	uint32_t nodes;	    /* with the virtual root */
	uint32_t *node;	    /* by file id; 0 until the walk has come there */
	uint32_t *file;	    /* this and the rest by node */
	uint32_t *parent;   /* in the walk */
	uint32_t *semi;	    /* the semidominator */
	uint32_t *idom;	    /* the immediate dominator */
	uint32_t *ancestor; /* in the forest that is being linked; NO_FILE for the root of a tree of it */
	uint32_t *label;    /* on the way to the tree's root the node of the least semidominator */
	uint32_t *bucket;   /* first node of this semidominator, 0 for none */
	uint32_t *next;	    /* in its bucket */
	uint32_t *stack;
};

static void enter(struct forest *f, uint32_t file, uint32_t parent)
{
	f->node[file] = f->nodes;
	f->file[f->nodes] = file;
	f->parent[f->nodes] = parent;
	f->nodes++;
}

/* Depth first, from every root; `at` is by node where its walk along the edges stands. */
static void walk(struct forest *f, uint32_t *at)
{
	const struct kept_edges *out = &f->graph->out;

	for (uint32_t root = 0; root < f->graph->count; root++) {
		uint32_t here;

		if (!f->graph->root[root] || f->node[root])
			continue;
		enter(f, root, 0);
		here = f->node[root];
		at[here] = out->first[root];
		while (here) {
			uint32_t to;

			if (at[here] == out->first[f->file[here] + 1]) {
				here = f->parent[here];
				continue;
			}
			to = out->list[at[here]++];
			if (f->node[to])
				continue;
			enter(f, to, here);
			here = f->node[to];
			at[here] = out->first[to];
		}
	}
}

/* The node of the least semidominator between `node` and the root of its tree; shortens the way. */
static uint32_t evaluate(struct forest *f, uint32_t node)
{
	size_t depth = 0;

	if (f->ancestor[node] == NO_FILE)
		return node;
	for (uint32_t at = node; f->ancestor[f->ancestor[at]] != NO_FILE; at = f->ancestor[at])
		f->stack[depth++] = at;
	while (depth > 0) {
		uint32_t at = f->stack[--depth];
		uint32_t above = f->ancestor[at];

		if (f->semi[f->label[above]] < f->semi[f->label[at]])
			f->label[at] = f->label[above];
		f->ancestor[at] = f->ancestor[above];
	}
	return f->label[node];
}

static void find_semidominator(struct forest *f, uint32_t node)
{
	const struct kept_edges *in = &f->graph->in;
	uint32_t file = f->file[node];
	uint32_t least = f->graph->root[file] ? 0 : f->parent[node];

	for (uint32_t i = in->first[file]; least > 0 && i < in->first[file + 1]; i++) {
		uint32_t semi = f->semi[evaluate(f, f->node[in->list[i]])];

		least = semi < least ? semi : least;
	}
	f->semi[node] = least;
}

static void find_dominators(struct forest *f)
{
	for (uint32_t n = 0; n < f->nodes; n++) {
		f->semi[n] = f->label[n] = n;
		f->ancestor[n] = NO_FILE;
	}
	for (uint32_t n = f->nodes - 1; n > 0; n--) {
		uint32_t parent = f->parent[n];

		find_semidominator(f, n);
		f->next[n] = f->bucket[f->semi[n]];
		f->bucket[f->semi[n]] = n;
		f->ancestor[n] = parent;
		for (uint32_t v = f->bucket[parent]; v > 0; v = f->next[v]) {
			uint32_t u = evaluate(f, v);

			f->idom[v] = f->semi[u] < f->semi[v] ? u : parent;
		}
		f->bucket[parent] = 0;
	}
	for (uint32_t n = 1; n < f->nodes; n++)
		if (f->idom[n] != f->semi[n])
			f->idom[n] = f->idom[f->idom[n]];
}

static void sum_up(const struct forest *f, const uint64_t *sizes, struct dominators *out)
{
	/* A dominator has a smaller number than what it dominates. */
	for (uint32_t n = f->nodes - 1; n > 0; n--) {
		uint32_t file = f->file[n];
		uint32_t above = f->idom[n] ? f->file[f->idom[n]] : NO_FILE;

		out->retained[file].bytes += sizes[file];
		out->retained[file].files++;
		out->parent[file] = above;
		if (above == NO_FILE)
			continue;
		out->retained[above].bytes += out->retained[file].bytes;
		out->retained[above].files += out->retained[file].files;
	}
}

void dominate(const struct kept_graph *graph, const uint64_t *sizes, struct arena *arena,
	      struct dominators *out)
{
	size_t room = graph->count + 1;
	struct arena scratch = { 0 };
	struct forest f = {
		.graph = graph,
		.nodes = 1,
		.node = arena_array(&scratch, uint32_t, room),
		.file = arena_array(&scratch, uint32_t, room),
		.parent = arena_array(&scratch, uint32_t, room),
		.semi = arena_array(&scratch, uint32_t, room),
		.idom = arena_array(&scratch, uint32_t, room),
		.ancestor = arena_array(&scratch, uint32_t, room),
		.label = arena_array(&scratch, uint32_t, room),
		.bucket = arena_array(&scratch, uint32_t, room),
		.next = arena_array(&scratch, uint32_t, room),
		.stack = arena_array(&scratch, uint32_t, room),
	};

	out->parent = arena_array(arena, uint32_t, graph->count);
	out->retained = arena_array(arena, struct retained, graph->count);
	for (size_t i = 0; i < graph->count; i++)
		out->parent[i] = NO_FILE;
	walk(&f, f.stack);
	find_dominators(&f);
	sum_up(&f, sizes, out);
	arena_free(&scratch);
}
