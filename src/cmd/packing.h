/*
 * The state of one `slim pack` run, and its two passes over contents. The pipeline itself is
 * in pack.c; here is only what its passes share. Decides nothing: that is plan/.
 */
#ifndef SLIM_CMD_PACKING_H
#define SLIM_CMD_PACKING_H

#include "cmd/handlers.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "io/scratch.h"
#include "io/source.h"
#include "io/zip_write.h"
#include "model/plan.h"
#include "plan/plan.h"
#include "platform/stdlib.h"
#include "rules/rules.h"
#include "scan/closure.h"
#include "scan/loader.h"
#include "scan/references.h"
#include "scan/soft_edges.h"
#include "scan/twins.h"
#include "transform/pack.h"
#include "transform/splice.h"

/* One thread's tools; made once, used by both passes. */
struct worker {
	struct arena arena;	 /* results that live to the end of the run */
	struct arena plan_arena; /* a strip plan's extents; let go after each file */
	struct scratch content;
	struct scratch stripped;
	struct packer packer;
	struct splicer splicer;
	struct linked named;	/* edges of imports */
	struct linked referred; /* of references */
	struct linked opened;	/* and of shared objects that are opened by name */
	/* The first file, by id, that this thread failed on, and why; NO_FILE when there is none. */
	uint32_t failed;
	struct err err;
};

struct packing {
	const struct options *options;
	struct arena *arena; /* of the run */
	struct source *source;
	struct bundle bundle;
	struct graph graph;
	struct ruleset rules;
	struct opinion *opinions; /* this and the next three by file id */
	enum root_kind *roots;
	struct offer *offers;
	struct outcome *outcomes;
	struct bytes *records; /* by dist id: the new RECORD, where it is to be rewritten */
	struct references *references;
	struct knowledge knowledge;
	struct target target;
	struct stdlib stdlib;
	struct platforms platforms;
	const struct platform *platform; /* NULL: not known */
	struct libraries libraries;
	struct str_list library_path; /* in place of the platform's, where it is not empty */
	bool *opposed;		      /* by file id: a rule would drop it, or it can never load */
	bool *judged;		      /* by file id: a shared object that stays only if something loads it */
	struct soft_index *soft;
	struct loader *loader;
	struct map loads_seen;	/* pairs of files that have their edge */
	struct map others_seen; /* names whose other files have theirs */
	struct imports imports;
	struct closure *closure;
	struct plan plan;
	struct worker *workers;
	int jobs;
	struct progress progress;
};

/* Before the first pass; packing_end() lets go of all that is not in the arena. */
void packing_begin(struct packing *p, const struct options *options, struct arena *arena);
void packing_end(struct packing *p);
/* All between the two, for a command that asks and changes nothing: 0 or -1 as `work` says. */
int packing_ask(const struct options *options, struct arena *arena,
		int (*work)(struct packing *p, struct err *err), struct err *err);

/*
 * From the path of the package to the plan: what every command that judges a package begins with. Operand 0
 * is the package. Writes nothing.
 */
int packing_plan(struct packing *p, struct err *err);

/* Loads the built-in rules and those of --rules, which packing_plan() does as well. */
int packing_load_rules(struct packing *p, struct err *err);

/* struct reader for scanners, with a struct packing as ctx: through the first worker's memory into the
 * scanner's. */
int packing_read_file(void *ctx, uint32_t id, struct arena *scratch, struct bytes *out, struct err *err);

/*
 * Reads every kept file that was not read before, checks its CRC, and collects facts: what stripping would
 * save, and references to files that rules would drop. Such references keep more files, so it plans and reads
 * again until nothing new stays.
 */
int packing_read(struct packing *p, struct err *err);

/*
 * Looks at the first bytes of every shared object and program: finds the architecture where nobody said it,
 * and forms the opinion that what can never load there goes.
 */
int packing_libraries(struct packing *p, struct err *err);
/* Those of all shared objects were: says which are judged by who loads them. */
void packing_judge(struct packing *p);
/* The file stays: edges to what the loader finds for it. */
void packing_load(struct packing *p, uint32_t file);
/* Notes what will fail to load, with the chain of imports that leads to it; the plan is made. */
int packing_note_loads(struct packing *p, struct err *err);

/*
 * Offers of links, once all that stays (by file id) was read: of the twins that were seen, those whose
 * contents are equal byte for byte.
 */
int packing_offer_links(struct packing *p, struct twins *twins, const bool *stays, struct err *err);

/* Notes what stays only because kept code refers to it, one note for each place, and what that costs. */
void packing_note_rescues(struct packing *p);
/* Notes what the import graph could not know, and what that costs. */
void packing_note_doubts(struct packing *p);
/* Notes who would undo links that were made, when any was. */
void packing_note_links(struct packing *p, struct str output);
/*
 * Notes what will fail when shared objects that stay are loaded, with the imports that lead there. The loads
 * are those of every kept object that is opened by itself, as struct fault_input has them. Once the plan is
 * made.
 */
int packing_note_faults(struct packing *p, const struct load *loads, size_t count, struct err *err);
/* Notes that Lambda will refuse so many bytes, when it will. */
void packing_note_limit(struct packing *p, uint64_t unzipped);

/* One kept file as it goes out: an entry with its data, compressed where the output is a zip. */
struct product {
	uint32_t file;
	struct zip_entry entry;
	uint8_t *owned; /* the data, where it was malloc'd for this product; else it is the input's */
};

/*
 * Carries the plan out for a zip: entries of all kept files in order of their names (directories with a
 * slash). Fills outcomes. products_free() lets the data go.
 */
int packing_products(struct packing *p, struct product **products, size_t *count, struct err *err);
void products_free(struct product *products, size_t count);

/*
 * Puts large files first, largest of all in front, so that no thread is left alone with one at the end; the
 * others follow in the order they had.
 */
void packing_order(const struct packing *p, uint32_t *files, size_t count);

/* Remembers that the worker failed on a file, if it is the first. */
void worker_fail(struct worker *worker, uint32_t file, const struct err *err);
/* 0 when no worker failed; else -1 with the error of the first file by id, so that threads do not matter. */
int packing_failures(struct packing *p, struct err *err);

/* The final content of one kept file: read, and rewritten as the plan says; good until the worker's next
 * file. */
int packing_content(struct packing *p, struct worker *worker, uint32_t file, struct bytes *out,
		    struct err *err);
/* st_mode of a kept file in the output: 0100644 or 0100755, 0120777, 040755. */
uint32_t packing_mode(const struct packing *p, uint32_t file);

#endif
