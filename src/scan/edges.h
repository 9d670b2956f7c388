/*
 * Edges from one file, each to another file once: where scanners add to the graph. It asks nothing about
 * what an edge means.
 */
#ifndef SLIM_SCAN_EDGES_H
#define SLIM_SCAN_EDGES_H

#include "model/graph.h"

/* Which files have their edge already. One for a thread, of all zero; made for as many files as the bundle
 * has. */
struct linked {
	uint32_t *at; /* by file id: the number of the scan that linked it */
	uint32_t scan;
};

/* One file's scan. */
struct edges {
	struct arena *arena; /* holds the edges */
	struct graph *graph;
	struct linked *linked;
	uint32_t file;
	bool any;
};

/* Where and how a reference was seen. */
struct sight {
	enum edge_kind kind;
	enum edge_phase phase;
	bool broad;
	uint32_t line;
	struct str evidence; /* in the content */
	struct str copy;     /* in the arena, once an edge needed it */
};

/* The scan of `file` begins: `files` is the number of files of the bundle. */
struct edges edges_begin(struct arena *arena, struct graph *graph, struct linked *linked, uint32_t file,
			 size_t files);
/* One edge for each file, the first that was seen; none to itself. */
void edges_add(struct edges *edges, uint32_t to, struct sight *sight);

/* Lets go of what edges_begin() made. */
void linked_free(struct linked *linked);

/* The first line of what was seen, short enough for a report. */
struct str edges_evidence(struct arena *arena, struct str evidence);

#endif
