/*
 * What will fail, or may, when shared objects that stay are loaded on Lambda: found from what they say of
 * themselves, from the loader's answers and from the platform's data. It states facts with their cure; it
 * changes nothing that happens to a file. Chains of imports are told by who knows the plan.
 */
#ifndef SLIM_SCAN_FAULTS_H
#define SLIM_SCAN_FAULTS_H

#include "model/code.h"
#include "scan/loadable.h"
#include "scan/loader.h"
#include "scan/modules.h"

struct fault_input {
	const struct libraries *libraries;
	const struct platform *platform; /* NULL: not known, and then only what needs no platform is told */
	enum arch arch;
	unsigned minor;
	const struct str *library_path; /* LD_LIBRARY_PATH that the user sets; NULL: the platform's */
	size_t library_path_count;
	const struct modules *modules;
	const bool *kept;	  /* by file id */
	const struct load *loads; /* of every kept object that is opened by itself: grouped by root, each in
				     the loader's order */
	size_t count;
	struct reader reader; /* for symbols of versions, copies, and WHEEL files */
	/* The rest is by file id, and NULL where nobody knows. */
	const bool *sure;   /* kept code is sure to open it; without: all that is opened */
	const bool *opened; /* kept code may open it by itself; without: the roots of loads */
	const bool *wanted; /* kept code imports it, whether it stays or not; without: what is kept */
};

struct fault {
	enum code code;
	uint32_t file;	 /* that it is about: the one that needs, or that is wrong */
	uint32_t root;	 /* that fails when it is opened: the file, or one that loads it */
	bool sure;	 /* false: nothing shows that `root` is ever opened */
	struct str text; /* printable, one line, begins in lower case; the file's own name is not in it */
	struct str cure; /* printable, or "" */
};

struct faults {
	struct fault *at; /* in order of code, file, text */
	size_t len;
	size_t cap;
};

/*
 * Only what keeps a file from loading is told of roots that are not sure: missing or unreadable libraries,
 * missing versions, broken files. A need of DT_AUXILIARY and a weak version may go unmet. All names that a
 * root and what it loads miss in the same way are one fault of the root; what many roots miss in one file
 * that they load is told of the first. Reads few contents: of files with faults, of copies of one
 * soname, WHEEL files. Fails only where a content cannot be read.
 */
int faults_find(const struct fault_input *input, struct arena *arena, struct faults *out, struct err *err);

#endif
