/*
 * What rules know of imports (model/knowledge.h), as edges: when a module is reached, others come with it.
 * Matches names, knows no files' contents.
 */
#ifndef SLIM_SCAN_HINTS_H
#define SLIM_SCAN_HINTS_H

#include "scan/imports.h"

typedef void hint_sees(void *ctx, uint32_t module, const struct hint *hint);
typedef void hint_child(void *ctx, struct str name, const struct hint *hint);

/*
 * The module is reached, or one of that name is imported that the bundle does not hold (module is NO_MODULE):
 * shows every module that comes with it, and every name that is to be looked for below each reached package.
 */
void hints_apply(const struct imports *imports, struct str name, uint32_t module, hint_sees *sees,
		 hint_child *child, void *ctx);

/* Shows the modules below `package` (NO_MODULE: all) whose name behind it is `glob`: '*' in a part stands for
 * anything in it, a last part "**" for everything below. */
void hints_expand(const struct modules *modules, uint32_t package, struct str glob,
		  void (*sees)(void *ctx, uint32_t module), void *ctx);

/* The first of the files that serve calls for the data by that name or by one behind it: an index into
 * call_files. */
size_t hints_call_file(const struct knowledge *knowledge, uint32_t data, struct str name);

#endif
