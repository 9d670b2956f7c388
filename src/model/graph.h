/*
 * The graph: which file may need which, with the evidence. Scanners add edges, the planner
 * follows them; nobody removes one.
 */
#ifndef SLIM_MODEL_GRAPH_H
#define SLIM_MODEL_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

enum edge_kind {
	EDGE_ENTRY,   /* a handler or entry point names it */
	EDGE_IMPORT,  /* an import statement */
	EDGE_DYNAMIC, /* a computed import, or a name in a string or an extension module */
	EDGE_NEEDED,  /* DT_NEEDED */
	EDGE_DLOPEN,
	EDGE_DATA, /* opened as a file */
	EDGE_RULE, /* a rule ties the two together */
	EDGE_KEEP, /* the user asked for it */
};

enum edge_phase {
	PHASE_INIT,  /* runs when the handler's module is imported */
	PHASE_CALL,  /* inside a function */
	PHASE_TYPES, /* under TYPE_CHECKING only. It counts as the others do: such blocks list what lazy
			__getattr__ tables import later */
};

struct edge {
	uint32_t from; /* file ids */
	uint32_t to;
	enum edge_kind kind;
	enum edge_phase phase;
	bool broad;	     /* one of many files that a name which is computed may mean */
	uint32_t line;	     /* in `from`, counted from 1; 0 when there is none */
	struct str evidence; /* the statement, soname or rule id */
};

struct graph {
	VEC(struct edge) edges; /* in any order: the planner sorts */
};

/* The name of a kind in JSON and reports: "import". */
const char *edge_kind_name(enum edge_kind kind);

#endif
