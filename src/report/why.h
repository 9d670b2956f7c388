/*
 * What `slim why` and `slim rules` tell: why files stay or go, and what rules changed, as data and as text
 * and JSON. The commands collect it from a finished plan; nothing is decided, read or written here.
 */
#ifndef SLIM_REPORT_WHY_H
#define SLIM_REPORT_WHY_H

#include "report/report.h"

/* What a name may stand for; the first that fits is answered for. */
enum why_kind { WHY_FILE, WHY_MODULE, WHY_DISTRIBUTION, WHY_DIRECTORY, WHY_LIBRARY };

/* A rule's sentence by its id, or the place of a user's pattern. */
struct why_rule {
	struct str id;
	struct str because;
};

/* A direct reason of the file that is explained: an edge from a kept file. */
struct why_edge {
	const struct edge *edge;
	bool circular; /* from what was asked for, or from a file that is here only because of it */
};

/* The part of a distribution (name "": of the user's own files) in a set of files. */
struct why_share {
	struct str name;
	struct tally tally;
	struct str by; /* whose file outside the set needs it too; "" for the user's own or nobody's */
};

struct why_shares {
	struct why_share *at;
	size_t len;
	size_t cap;
};

/* Something else that the name stands for. */
struct why_other {
	enum why_kind kind;
	struct str name; /* as it would have to be asked for */
};

/* What is the same for every name. All arrays are by file id. */
struct why_context {
	const struct bundle *bundle;
	const struct plan *plan;
	const uint64_t *sizes;		/* of content as it will be written; 0 for what goes */
	const uint64_t *retained;	/* bytes that would go with the file, itself counted */
	const struct edge *const *edge; /* that the reason came by; NULL where the graph has none */
	struct str package;
	VEC(struct why_rule) rules;
};

/*
 * The answer for one name. Tallies are of files as they will be written, those of `removed` as they were;
 * zip counts the compressed data in the input.
 */
struct why {
	const struct why_context *context;
	struct str asked;
	enum why_kind kind;
	uint32_t dist; /* of WHY_DISTRIBUTION */
	bool single;   /* the name stands for one file */
	uint32_t
		file; /* the one that is explained: of several the first that is reached, or else that goes */
	struct tally kept;
	struct tally removed;
	struct tally retained; /* what would go with what is kept of it, itself counted */
	VEC(struct why_edge)
	edges; /* direct reasons but that of the plan, by file and line; circular ones last */
	const struct edge
		*nearest; /* to one that goes: from a kept file, else from another that goes; or NULL */
	struct why_shares frees;  /* of retained, largest first */
	struct why_shares shared; /* used by it, and by others; largest first */
	VEC(struct why_other) others;
	struct str keep; /* the pattern that would keep it */
	bool show_all;	 /* edges with their chains */
	bool show_frees; /* frees and shared */
};

/* A file on the way from a root, or from a file that was told before, to another. */
struct why_step {
	uint32_t file;
	bool told; /* before, with all above it: only the first step can be */
};

/*
 * The chain that ends at `file`, from its root or from the last file of it that is marked in `told`; marks
 * it. Returns how many steps. All chains together are as long as there are files, and one more for each.
 */
size_t why_chain(const struct why_context *context, uint32_t file, bool *told, struct arena *arena,
		 struct why_step **steps);
/* The edge that a file with a parent was reached by; made from the reason where the graph has none. */
struct edge why_edge_of(const struct why_context *context, uint32_t file);
/* Whether `via` is the id of a rule, or begins with it and says more. */
bool why_is_rule(struct str via, struct str id);
/* The sentence of the rule that `via` is, or begins with; "" when there is none. */
struct str why_because(const struct why_context *context, struct str via);
/* "module" */
const char *why_kind_name(enum why_kind kind);

void why_text(const struct why *why, const struct report_style *style, struct buf *out);
/* docs/why-schema.json */
void why_json(const struct why *whys, size_t count, struct buf *out);

/* What one rule did to a package. */
struct rule_row {
	struct str id;
	struct str because;
	struct str place;
	const char *effect;   /* "drop" or "keep" */
	struct tally dropped; /* zip stays 0 here and below */
	struct tally kept;    /* that stay by its word */
	struct tally tied;    /* that stay because it ties them to a kept file */
};

struct rule_rows {
	struct rule_row *at; /* in the order to tell them in */
	size_t len;
	size_t cap;
	struct str package; /* "": none, the rules are only listed */
};

void rules_text(const struct rule_rows *rows, const struct report_style *style, struct buf *out);
void rules_json(const struct rule_rows *rows, struct buf *out);

#endif
