/*
 * What the rooms of closure share: its state, and the way an edge is added. Inside scan/closure only.
 */
#ifndef SLIM_SCAN_CLOSURE_PARTS_H
#define SLIM_SCAN_CLOSURE_PARTS_H

#include "scan/closure.h"
#include "scan/import_words.h"

/* A name that is looked for below every reached package. */
struct tail {
	struct str glob;
	struct sight sight;
};

/* The name of a module outside the bundle. */
struct missing {
	uint32_t last; /* file that imports it */
	bool unhinted; /* no rule speaks of it */
};

/* An import that no module of the bundle answered. */
struct lost {
	const struct seen *seen;
	uint32_t file;
	uint32_t found; /* the module that was last found for it, or NO_MODULE */
};

/* What belongs to a distribution as a whole. */
struct dist_files {
	VEC(uint32_t) list;
	VEC(uint32_t) always; /* indices into call_files */
};

struct closure {
	struct imports *imports;
	const struct opinion *opinions;
	struct graph *graph;
	struct arena *arena;
	struct dist_files *dist_files; /* by dist id */
	bool *told;		       /* by file id */
	bool *dir_on;		       /* by directory */
	bool *loose_on;		       /* by loose directory */
	uint32_t *dist_on;	       /* by dist id: the first of its files that was told, or NO_FILE */
	struct map modules_seen;       /* by name */
	VEC(uint32_t) reached;	       /* modules, packages without file too */
	VEC(uint32_t) anchors;	       /* parallel: a file that stands for the module */
	struct map tails_seen;
	VEC(struct tail) tails;
	struct map missing_by_name; /* indices */
	VEC(struct missing) missing;
	struct map placed;  /* names of directories, behind the top that they count for */
	struct map calls;   /* the last file that made it */
	bool *called;	    /* by call data: a call was seen that can be told */
	uint32_t *computed; /* by call data: files with calls whose names are computed */
	bool *settled;	    /* by call file */
	struct map *roots;  /* by tree: directories that were tried as roots */
	VEC(struct lost) lost;
	bool more_roots; /* on sys.path, since lost imports were looked for */
	struct word_pool pool;
	struct closure_founds founds;
};

/* Also to what a rule would drop, for the rule's own sake; none to itself. */
void closure_add_edge(struct closure *closure, uint32_t from, uint32_t to, const struct sight *sight);
/* Where and how something was seen, as the sight of an edge. */
struct sight closure_sight(const struct seen *seen, enum edge_kind kind);

/* The distribution of a file of data by call, or NO_DIST. */
uint32_t closure_dist_of_call(const struct closure *closure, size_t call_file);
/* Whether the data is needed whatever is called. */
bool closure_is_always(const struct closure *closure, size_t call_file);
/* The calls for data of one file. */
void closure_take_calls(struct closure *closure, uint32_t file, const struct import_facts *facts);
/* Where a distribution is used and no call for its data can be told, the calls are out of sight: all of it.
 * Whether there are edges. */
bool closure_settle_calls(struct closure *closure);

#endif
