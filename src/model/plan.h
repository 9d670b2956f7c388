/*
 * The plan: one decision for every file, with the reason it was taken for; pure data.
 * plan/ makes it, transform/ and io/ carry it out, report/ tells it. Nobody else decides.
 */
#ifndef SLIM_MODEL_PLAN_H
#define SLIM_MODEL_PLAN_H

#include "base/str.h"
#include "base/vec.h"
#include "model/bundle.h"
#include "model/code.h"
#include "model/graph.h"

/* Why a file has its fate. Following parents ends at a root, whose parent is NO_FILE. */
struct reason {
	enum code code;
	struct str via;	 /* the rule's id, the user's pattern, or the edge's evidence */
	uint32_t parent; /* the file that needed this one */
	uint32_t line;	 /* where in the parent; 0 when there is none */
	enum edge_kind
		kind; /* this and the next two are those of the edge from the parent, where there is one */
	enum edge_phase phase;
	bool broad;
};

/* What rules and the user think of a file; weakest first, so that the larger one wins. */
enum stance {
	STANCE_NONE,
	STANCE_RULE_DROP, /* yields to an edge from a kept file */
	STANCE_RULE_KEEP,
	STANCE_USER_DROP,
	STANCE_USER_KEEP,
};

/* The strongest opinion of a file. */
struct opinion {
	enum stance stance;
	enum code code; /* of a drop: the reason to give */
	struct str via;
};

/* Whether the graph may judge a file, and why not when it may not. */
enum root_kind {
	ROOT_NOT, /* stays only when reached; a rule's keep is no root either: it comes with its distribution
		   */
	ROOT_HANDLER,
	ROOT_STARTUP, /* Python runs it at its start */
	ROOT_FIRST_PARTY,
	ROOT_DISTRIBUTION, /* of a distribution that nothing has judged: kept whole */
};

/* A change of a kept file's bytes that a fact makes possible. */
enum rewrite {
	REWRITE_NONE,
	REWRITE_STRIP,
	REWRITE_RECORD,
	REWRITE_LINK, /* a symbolic link to a file of the same bytes */
};

/* What could be changed in a file: facts, which the planner takes up or leaves. */
struct offer {
	uint64_t saves; /* bytes that stripping would; 0: nothing to strip */
	uint32_t twin;	/* 1 + the file that it could be a link to, or 0 */
};

enum action {
	ACTION_KEEP,
	ACTION_DROP,
};

struct decision {
	enum action action;
	enum rewrite rewrite; /* of a kept file */
	uint32_t link;	      /* of REWRITE_LINK: the file that it leads to, in the same directory */
	struct reason reason;
};

/* What became of a kept file once its decision was carried out. */
struct outcome {
	uint64_t size;	 /* bytes of content */
	uint64_t packed; /* bytes of data in the output zip; 0 where there is none */
};

struct plan {
	struct decision *at; /* by file id */
	size_t count;
};

/* What a link of REWRITE_LINK holds. */
static inline struct str plan_link_text(const struct plan *plan, const struct bundle *bundle, uint32_t file)
{
	return str_base(bundle->files.at[plan->at[file].link].path);
}

#endif
