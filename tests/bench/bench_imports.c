/*
 * Import extraction and resolution alone: bench_imports TREE [edges]
 * Opens the directory, builds the table of modules, and scans every Python source and stub with all threads:
 * what slim does with each that it keeps, and what `ruff analyze graph` does. "edges" prints what came of it,
 * a line each: path, tab, path, tab, kind. Else it prints the number of sources and of edges.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "io/source.h"
#include "scan/imports.h"

struct reading {
	struct bundle bundle;
	struct source *source;
	struct imports imports;
	uint32_t *files;
	size_t count;
	struct graph *found; /* parallel to files */
	struct reader_thread *threads;
};

struct reader_thread {
	struct arena arena;
	struct scratch content;
	struct linked linked;
};

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "bench_imports: %s\n", what);
	exit(2);
}

static void see(void *ctx, const struct mention *mention)
{
	imports_see(ctx, mention);
}

static void read_one(void *ctx, int number, size_t i)
{
	struct reading *r = ctx;
	struct reader_thread *thread = &r->threads[number];
	uint32_t id = r->files[i];
	struct import_facts *facts = arena_new(&thread->arena, struct import_facts);
	struct arena scratch = { 0 };
	struct python_habits habits;
	struct import_scan scan;
	struct bytes content;
	struct err err;

	if (r->source->ops->content(r->source, r->bundle.files.at[id].member, &thread->content, &content,
				    &err))
		die(err.msg);
	scan = imports_begin(
		&r->imports, str_of_bytes(content), &scratch,
		edges_begin(&thread->arena, &r->found[i], &thread->linked, id, r->bundle.files.len), facts);
	habits = python_names(scan.content, &r->imports.target, see, &scan);
	imports_end_python(&scan, &habits);
	arena_free(&scratch);
}

static void print_edges(const struct reading *r)
{
	for (size_t i = 0; i < r->count; i++)
		for (size_t e = 0; e < r->found[i].edges.len; e++) {
			const struct edge *edge = &r->found[i].edges.at[e];
			struct str from = r->bundle.files.at[edge->from].path;
			struct str to = r->bundle.files.at[edge->to].path;

			(void)printf("%.*s\t%.*s\t%s\n", STR_ARG(from), STR_ARG(to),
				     edge_kind_name(edge->kind));
		}
}

int main(int argc, char **argv)
{
	static const struct knowledge nothing = { 0 };
	const struct source_limits limits = { .max_unpacked = UINT64_MAX };
	struct arena arena = { 0 };
	struct reading r = { .bundle = { .arena = &arena } };
	struct listing listing = { .arena = &arena, .notes = &r.bundle.notes };
	int jobs = pool_default_jobs();
	size_t edges = 0;
	struct err err;

	if (argc < 2 || argc > 3)
		die("usage: bench_imports TREE [edges]");
	if (source_open(&r.source, str_of(argv[1]), &limits, &listing, &err))
		die(err.msg);
	(void)bundle_add_tree(&r.bundle, &listing, str_of(argv[1]), TREE_FUNCTION, 0);
	for (uint32_t id = 0; id < r.bundle.files.len; id++)
		r.bundle.files.at[id].dist = NO_DIST;
	imports_index(&r.imports, &r.bundle, &nothing, arena_array(&arena, bool, r.bundle.files.len), 0,
		      &arena);
	r.files = arena_array(&arena, uint32_t, r.bundle.files.len);
	for (uint32_t id = 0; id < r.bundle.files.len; id++)
		if (r.bundle.files.at[id].kind == FILE_REGULAR &&
		    (str_ends(r.bundle.files.at[id].path, STR(".py")) ||
		     str_ends(r.bundle.files.at[id].path, STR(".pyi"))))
			r.files[r.count++] = id;
	r.found = arena_array(&arena, struct graph, r.count);
	r.threads = arena_array(&arena, struct reader_thread, (size_t)jobs);
	pool_run(jobs, r.count, read_one, &r);
	for (size_t i = 0; i < r.count; i++)
		edges += r.found[i].edges.len;
	if (argc == 3)
		print_edges(&r);
	else
		(void)printf("%zu %zu\n", r.count, edges);
	/* The system takes the memory back faster. */
	return 0;
}
