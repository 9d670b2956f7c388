#include "scan/edges.h"

#include <stdlib.h>

#include "base/arena.h"

enum { EVIDENCE_MAX = 160 };

struct str edges_evidence(struct arena *arena, struct str evidence)
{
	size_t len = 0;

	while (len < evidence.len && len < EVIDENCE_MAX && evidence.ptr[len] != '\n' &&
	       evidence.ptr[len] != '\r')
		len++;
	/* Not in the middle of a character of UTF-8. */
	while (len && len < evidence.len && ((unsigned char)evidence.ptr[len] & 0xC0) == 0x80)
		len--;
	return str_dup(arena, str_head(evidence, len));
}

struct edges edges_begin(struct arena *arena, struct graph *graph, struct linked *linked, uint32_t file,
			 size_t files)
{
	if (!linked->at)
		linked->at = calloc(files, sizeof(*linked->at));
	if (!linked->at)
		arena_out_of_memory();
	linked->scan++;
	return (struct edges){ .arena = arena, .graph = graph, .linked = linked, .file = file };
}

void edges_add(struct edges *edges, uint32_t to, struct sight *sight)
{
	if (to == edges->file || edges->linked->at[to] == edges->linked->scan)
		return;
	edges->linked->at[to] = edges->linked->scan;
	edges->any = true;
	if (!sight->copy.ptr)
		sight->copy = edges_evidence(edges->arena, sight->evidence);
	*vec_push(edges->arena, &edges->graph->edges) = (struct edge){
		.from = edges->file,
		.to = to,
		.kind = sight->kind,
		.phase = sight->phase,
		.broad = sight->broad,
		.line = sight->line,
		.evidence = sight->copy,
	};
}

void linked_free(struct linked *linked)
{
	free(linked->at);
	*linked = (struct linked){ 0 };
}
