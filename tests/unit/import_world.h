/* The import graph over a bundle in memory: a scan of one content, or all that follows from some files. */
#ifndef SLIM_TESTS_IMPORT_WORLD_H
#define SLIM_TESTS_IMPORT_WORLD_H

#include <string.h>

#include "scan/closure.h"
#include "scan/references.h"
#include "scan_bundle.h"

/* A content that begins with this byte is one that a rule would drop, or that a rule keeps. */
#define OPPOSED "\1"
#define KEPT	"\2"

struct world {
	struct package package;
	struct arena arena;
	struct knowledge knowledge;
	struct imports imports;
	struct opinion *opinions;
	bool *opposed;
	struct linked linked;
	struct graph graph;
	struct closure *closure;
	bool *reached; /* by file id */
};

/* Once the package has its trees and distributions, and the knowledge is filled. */
static inline void world_index(struct world *world)
{
	size_t files = world->package.bundle.files.len;

	world->opinions = arena_array(&world->arena, struct opinion, files);
	world->opposed = arena_array(&world->arena, bool, files);
	world->reached = arena_array(&world->arena, bool, files);
	for (size_t i = 0; i < files; i++) {
		char mark = world->package.entries[i]->content[0];

		world->opposed[i] = mark == OPPOSED[0];
		if (mark == OPPOSED[0])
			world->opinions[i].stance = STANCE_RULE_DROP;
		if (mark == KEPT[0])
			world->opinions[i] =
				(struct opinion){ .stance = STANCE_RULE_KEEP, .via = STR("kept/by") };
	}
	imports_index(&world->imports, &world->package.bundle, &world->knowledge, world->opposed, 13,
		      &world->arena);
	for (uint32_t i = 0; i < files; i++) {
		struct file *file = &world->package.bundle.files.at[i];
		struct str text = str_of(world->package.entries[i]->content);

		if (str_eq(str_base(file->path), STR("entry_points.txt")))
			entry_points_add(&world->imports.entry_points, i, text, &world->arena);
		if (str_ends(file->path, STR(".pth")))
			imports_add_startup(&world->imports, i, text, &world->arena);
	}
	world->closure = closure_begin(&world->imports, world->opinions, &world->graph, &world->arena);
}

static inline void world_free(struct world *world)
{
	linked_free(&world->linked);
	arena_free(&world->arena);
	arena_free(&world->package.arena);
}

static void world_sees(void *ctx, const struct mention *mention)
{
	imports_see(ctx, mention);
}

/* Adds the edges of a file as if it held `content`. */
static inline struct import_facts *world_scan(struct world *world, uint32_t file, struct str content)
{
	struct import_facts *facts = arena_new(&world->arena, struct import_facts);
	struct str path = world->package.bundle.files.at[file].path;
	struct arena scratch = { 0 };
	struct import_scan scan = imports_begin(&world->imports, content, &scratch,
						edges_begin(&world->arena, &world->graph, &world->linked,
							    file, world->package.bundle.files.len),
						facts);

	if (references_is_python(path, content) || str_ends(path, STR(".pyi"))) {
		struct python_habits habits =
			python_names(content, &world->imports.target, world_sees, &scan);

		imports_end_python(&scan, &habits);
	} else {
		imports_other(&scan);
	}
	arena_free(&scratch);
	return facts;
}

/* Without the mark. */
static inline struct str world_content(const struct world *world, uint32_t file)
{
	struct str content = str_of(world->package.entries[file]->content);

	return str_from(content, content.len && content.ptr[0] <= KEPT[0]);
}

/* What the edges since `from` lead to, and what that brings. Returns how many edges were looked at. */
static inline size_t world_follow(struct world *world, size_t from)
{
	for (; from < world->graph.edges.len; from++) {
		uint32_t to = world->graph.edges.at[from].to;
		struct str content = world_content(world, to);

		if (world->reached[to])
			continue;
		world->reached[to] = true;
		closure_reached(world->closure, to);
		if (imports_wants(&world->imports, to))
			closure_facts(world->closure, to, world_scan(world, to, content));
	}
	return from;
}

/* All that follows from the file, which is as if it held `content`. */
static inline void world_run(struct world *world, uint32_t file, struct str content)
{
	size_t edges = 0;

	world->reached[file] = true;
	closure_reached(world->closure, file);
	closure_facts(world->closure, file, world_scan(world, file, content));
	do
		edges = world_follow(world, edges);
	while (closure_settle(world->closure));
	(void)world_follow(world, edges);
}

#endif
