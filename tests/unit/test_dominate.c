/*
 * What kept files bring along: small graphs by hand, and many by chance against the definition (take the file
 * away and mark again).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "plan/dominate.h"

enum { MOST = 48 };

struct world {
	struct arena arena;
	struct graph graph;
	struct plan plan;
	uint64_t sizes[MOST];
	struct kept_graph kept;
	struct dominators tree;
};

static void begin(struct world *w, size_t files)
{
	*w = (struct world){ .plan.count = files };
	w->plan.at = arena_array(&w->arena, struct decision, files);
	for (size_t f = 0; f < files; f++) {
		w->plan.at[f].action = ACTION_DROP;
		w->plan.at[f].reason.parent = NO_FILE;
		if (f < MOST)
			w->sizes[f] = 1U << (f % 16);
	}
}

static void edge(struct world *w, uint32_t from, uint32_t to)
{
	*vec_push(&w->arena, &w->graph.edges) = (struct edge){ .from = from, .to = to };
}

/* Keeps what the roots reach, each with the first parent that came. */
static void finish(struct world *w, const uint32_t *roots, size_t count)
{
	bool more = true;

	for (size_t i = 0; i < count; i++)
		w->plan.at[roots[i]].action = ACTION_KEEP;
	while (more) {
		more = false;
		for (size_t i = 0; i < w->graph.edges.len; i++) {
			const struct edge *e = &w->graph.edges.at[i];

			if (w->plan.at[e->from].action == ACTION_DROP ||
			    w->plan.at[e->to].action == ACTION_KEEP)
				continue;
			w->plan.at[e->to].action = ACTION_KEEP;
			w->plan.at[e->to].reason.parent = e->from;
			more = true;
		}
	}
	kept_graph_build(&w->graph, &w->plan, &w->arena, &w->kept);
	dominate(&w->kept, w->sizes, &w->arena, &w->tree);
}

#define FINISH(w, ...)                                                                                       \
	finish((w), (const uint32_t[]){ __VA_ARGS__ },                                                       \
	       sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void assert_retains(const struct world *w, uint32_t file, uint32_t files, uint64_t bytes)
{
	assert_int_equal(w->tree.retained[file].files, files);
	assert_int_equal(w->tree.retained[file].bytes, bytes);
}

/* 0 -> 1 -> 2 */
static void chain(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 4);
	edge(&w, 0, 1);
	edge(&w, 1, 2);
	edge(&w, 3, 2); /* 3 goes: its edges say nothing */
	FINISH(&w, 0);
	assert_retains(&w, 0, 3, 1 + 2 + 4);
	assert_retains(&w, 1, 2, 2 + 4);
	assert_retains(&w, 2, 1, 4);
	assert_retains(&w, 3, 0, 0);
	assert_int_equal(w.tree.parent[2], 1);
	assert_int_equal(w.tree.parent[1], 0);
	assert_int_equal(w.tree.parent[0], NO_FILE);
	arena_free(&w.arena);
}

/* 0 -> 1, 2; both -> 3 -> 4 */
static void diamond(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 5);
	edge(&w, 0, 1);
	edge(&w, 0, 2);
	edge(&w, 1, 3);
	edge(&w, 2, 3);
	edge(&w, 3, 4);
	edge(&w, 4, 0);
	edge(&w, 4, 4);
	FINISH(&w, 0);
	assert_int_equal(w.tree.parent[3], 0);
	assert_int_equal(w.tree.parent[4], 3);
	assert_retains(&w, 1, 1, 2);
	assert_retains(&w, 3, 2, 8 + 16);
	arena_free(&w.arena);
}

/* What two roots share belongs to neither; a root that another file names is still a root. */
static void two_roots(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 4);
	edge(&w, 0, 2);
	edge(&w, 1, 2);
	edge(&w, 0, 3);
	edge(&w, 0, 1);
	FINISH(&w, 0, 1);
	assert_int_equal(w.tree.parent[1], NO_FILE);
	assert_int_equal(w.tree.parent[2], NO_FILE);
	assert_int_equal(w.tree.parent[3], 0);
	assert_retains(&w, 0, 2, 1 + 8);
	arena_free(&w.arena);
}

/* An edge from what a later root brings to what an earlier one brings. */
static void later_root_reaches_back(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 6);
	edge(&w, 0, 1);
	edge(&w, 1, 2);
	edge(&w, 3, 4);
	edge(&w, 4, 5);
	edge(&w, 5, 2);
	FINISH(&w, 0, 3);
	assert_int_equal(w.tree.parent[2], NO_FILE);
	assert_int_equal(w.tree.parent[1], 0);
	assert_retains(&w, 3, 3, 8 + 16 + 32);
	arena_free(&w.arena);
}

/* A planner may keep a file for a reason that is no edge of the graph. */
static void reasons_are_edges(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 2);
	w.plan.at[1].action = ACTION_KEEP;
	w.plan.at[1].reason.parent = 0;
	FINISH(&w, 0);
	assert_int_equal(w.tree.parent[1], 0);
	assert_retains(&w, 0, 2, 3);
	arena_free(&w.arena);
}

static void edges_out_of_bounds(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 2);
	FINISH(&w, 0, 1);
	edge(&w, 0, 7);
	edge(&w, NO_FILE, 1);
	kept_graph_build(&w.graph, &w.plan, &w.arena, &w.kept);
	assert_int_equal(w.kept.out.first[2], 0);
	dominate(&w.kept, w.sizes, &w.arena, &w.tree);
	assert_retains(&w, 0, 1, 1);
	arena_free(&w.arena);
}

static void nothing_at_all(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 0);
	finish(&w, NULL, 0);
	arena_free(&w.arena);
}

static void cut_and_uses(void **state)
{
	struct world w;
	bool set[6] = { false, true, true };
	bool out[6] = { 0 };

	(void)state;
	begin(&w, 6);
	edge(&w, 0, 1);
	edge(&w, 0, 2);
	edge(&w, 1, 3);
	edge(&w, 2, 3);
	edge(&w, 2, 4);
	edge(&w, 0, 4);
	FINISH(&w, 0);
	/* Neither alone frees 3, both do; 4 is shared; 5 went before. */
	dominate_cut(&w.kept, set, out);
	assert_memory_equal(out, ((bool[6]){ false, false, false, true, false, false }), sizeof(out));
	memset(out, 0, sizeof(out));
	dominate_uses(&w.kept, set, out);
	assert_memory_equal(out, ((bool[6]){ false, true, true, true, true, false }), sizeof(out));
	/* Without the root nothing is left. */
	memset(out, 0, sizeof(out));
	dominate_cut(&w.kept, (bool[6]){ true }, out);
	assert_memory_equal(out, ((bool[6]){ false, true, true, true, true, false }), sizeof(out));
	arena_free(&w.arena);
}

static uint32_t chance(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 8) % below;
}

/* The definition: what is not reached once the file is gone, and the file itself. */
static void assert_naive(const struct world *w, uint32_t file)
{
	size_t files = w->plan.count;
	bool marked[MOST] = { false };
	struct retained want = { 0 };
	bool more = true;

	for (uint32_t f = 0; f < files; f++)
		marked[f] = f != file && w->plan.at[f].action == ACTION_KEEP &&
			    w->plan.at[f].reason.parent == NO_FILE;
	while (more) {
		more = false;
		for (size_t i = 0; i < w->graph.edges.len; i++) {
			const struct edge *e = &w->graph.edges.at[i];

			if (marked[e->from] && !marked[e->to] && e->to != file) {
				marked[e->to] = true;
				more = true;
			}
		}
	}
	for (uint32_t f = 0; f < files; f++)
		if (w->plan.at[f].action == ACTION_KEEP && !marked[f]) {
			want.files++;
			want.bytes += w->sizes[f];
		}
	assert_int_equal(w->tree.retained[file].files, want.files);
	assert_int_equal(w->tree.retained[file].bytes, want.bytes);
}

static void as_defined(void **state)
{
	uint32_t seed = 42;

	(void)state;
	for (size_t round = 0; round < 3000; round++) {
		struct world w;
		uint32_t files = 2 + chance(&seed, MOST - 2);
		uint32_t edges = chance(&seed, 3 * files);
		uint32_t roots[3];

		begin(&w, files);
		for (uint32_t i = 0; i < edges; i++)
			edge(&w, chance(&seed, files), chance(&seed, files));
		for (size_t r = 0; r < 3; r++)
			roots[r] = chance(&seed, files);
		finish(&w, roots, 1 + chance(&seed, 3));
		for (uint32_t f = 0; f < files; f++) {
			bool gone[MOST] = { false };
			bool freed[MOST] = { false };
			uint32_t count = w.kept.kept[f];

			assert_naive(&w, f);
			gone[f] = true;
			dominate_cut(&w.kept, gone, freed);
			for (uint32_t g = 0; g < files; g++)
				count += w.kept.kept[f] && freed[g];
			assert_int_equal(count, w.tree.retained[f].files);
		}
		arena_free(&w.arena);
	}
}

/* A long chain with edges back and forth: no recursion, and near linear time. */
static void large(void **state)
{
	enum { FILES = 60000, EDGES = 2000000 };
	struct world w;
	uint64_t *sizes;
	uint32_t seed = 7;

	(void)state;
	begin(&w, FILES);
	sizes = arena_array(&w.arena, uint64_t, FILES);
	for (uint32_t f = 0; f + 1 < FILES; f++)
		edge(&w, f, f + 1);
	for (uint32_t i = FILES; i < EDGES; i++) {
		uint32_t from = chance(&seed, FILES);
		/* Back, or forward within a block, so that the tree is deep. */
		uint32_t to = i % 2 ? chance(&seed, from + 1) : from - from % 64 + chance(&seed, 64);

		edge(&w, from, to < FILES ? to : from);
	}
	for (uint32_t f = 0; f < FILES; f++) {
		sizes[f] = 1;
		w.plan.at[f].action = ACTION_KEEP;
		w.plan.at[f].reason.parent = f ? f - 1 : NO_FILE;
	}
	kept_graph_build(&w.graph, &w.plan, &w.arena, &w.kept);
	dominate(&w.kept, sizes, &w.arena, &w.tree);
	assert_int_equal(w.tree.retained[0].files, FILES);
	/* Only the last file of a block leads to the next. */
	assert_int_equal(w.tree.parent[64], 63);
	assert_int_equal(w.tree.retained[63].files, FILES - 63);
	arena_free(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain),
		cmocka_unit_test(diamond),
		cmocka_unit_test(two_roots),
		cmocka_unit_test(later_root_reaches_back),
		cmocka_unit_test(reasons_are_edges),
		cmocka_unit_test(edges_out_of_bounds),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(cut_and_uses),
		cmocka_unit_test(as_defined),
		cmocka_unit_test(large),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
