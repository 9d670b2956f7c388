/*
 * What the rooms of scan/faults.h share: each looks for some of the faults and adds what it finds. Nobody
 * else includes this.
 */
#ifndef SLIM_SCAN_FAULT_PARTS_H
#define SLIM_SCAN_FAULT_PARTS_H

#include "base/arena.h"
#include "scan/faults.h"

struct fault_search {
	const struct fault_input *in;
	const struct bundle *bundle;
	struct arena *arena;
	struct faults *out;
	struct str system;   /* "python3.13 (Amazon Linux 2023)"; "" where no platform is known */
	bool *loaded;	     /* by file id: code is sure to open it, or loads it with what it opens */
	bool *by_name;	     /* by file id: found for a name without slash by what is sure to be opened */
	uint32_t *loaded_by; /* by file id: a root, other than itself, that loads it; NO_FILE */
};

/* Whether kept code is sure to open the file. */
bool fault_is_sure(const struct fault_search *search, uint32_t file);
bool fault_is_opened(const struct fault_search *search, uint32_t file);
/* Whether the load has an answer that can be loaded. */
bool fault_is_found(const struct load *load);
/* A kept shared object that is loaded by sure code; NULL for other files. */
const struct library *fault_library(const struct fault_search *search, uint32_t file);

/* The name made printable, and cut where it is very long. */
struct str fault_name(const struct fault_search *search, struct str name);
/* The same for the path of a file. */
struct str fault_path(const struct fault_search *search, uint32_t file);
/* "a", "a and b", "a, b, c and 4 more", printable. */
struct str fault_list(const struct fault_search *search, const struct str *names, size_t count);
void fault_add(struct fault_search *search, const struct fault *fault);

/* Libraries that are not found, or found where they cannot be read; also those that need an order. */
void fault_missing(struct fault_search *search);
/* Versions of symbols. */
int fault_versions(struct fault_search *search, struct err *err);
/* Files that cannot load as they are, modules without a build, wheels for something else. */
void fault_files(struct fault_search *search);
void fault_builds(struct fault_search *search);
int fault_wheels(struct fault_search *search, struct err *err);
/* Several libraries that stand in each other's way. */
void fault_shadowed(struct fault_search *search);
int fault_twice(struct fault_search *search, struct err *err);
void fault_openmp(struct fault_search *search);

/* How to come by a library that a file of the distribution (its key, or "") misses: from a table of names, or
 * "". */
struct str fault_cure_of(struct str soname, struct str dist);

#endif
