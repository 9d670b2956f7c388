/*
 * Words that are put together with a package elsewhere: load("package.formats", "JSON") imports
 * package.formats.json where neither text names it. Scans collect packages and words (they see one source
 * each); the pool joins them, whichever files they come from. It links nothing itself.
 */
#ifndef SLIM_SCAN_IMPORT_WORDS_H
#define SLIM_SCAN_IMPORT_WORDS_H

#include "scan/imports.h"

/* A text that may be a module's name in some package: as it is, with '_' for '-', in lower and snake case. */
void import_word(struct import_scan *scan, struct str text);
/* A package that a text or a pattern names. */
void import_package(struct import_scan *scan, uint32_t module, const struct sight *sight);

struct waiting {
	uint32_t module;
	uint32_t from; /* the file that names the package */
	struct sight sight;
	uint32_t next; /* index of the next one that waits for the same word, or UINT32_MAX */
};

struct word_pool {
	const struct modules *modules;
	struct arena *arena;
	struct map words;
	struct map waiting;  /* by last name: index of the last module that waits for it */
	struct map packages; /* by name */
	VEC(struct waiting) list;
	VEC(struct waiting) todo; /* packages */
};

typedef void pool_sees(void *ctx, uint32_t from, uint32_t module, const struct sight *sight);

/* Every pair of package and word is told once, in whatever order they come. Linear in words and modules. */
void word_pool_add(struct word_pool *pool, uint32_t file, const struct import_facts *facts, pool_sees *sees,
		   void *ctx);

#endif
