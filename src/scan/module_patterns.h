/*
 * Names that are put together while a program runs, as far as their constant parts tell: which modules of the
 * table such a pattern may mean. It reads no sources; scan/python_names.h says where patterns come from.
 */
#ifndef SLIM_SCAN_MODULE_PATTERNS_H
#define SLIM_SCAN_MODULE_PATTERNS_H

#include "scan/modules.h"

typedef void module_sees(void *ctx, uint32_t module);

/* Modules that the patterns of one source may look at in all. */
enum { PATTERN_VISITS = 5000000 };

/*
 * Calls `sees` for the modules that the pattern may name: text with the HOLE_* bytes of scan/python_names.h,
 * where HOLE_NAME is the name of `self` and HOLE_PACKAGE that of `package`, both or either NO_MODULE. Leading
 * dots count from `package`. Where `relative` is true, the pattern is tried below `package` too, and without
 * dots on modules that are in no package. Without a hole it is a plain name: that module, or else the one of
 * which at most two parts are no module while two are. With holes, what stands in front of the first one up
 * to its last dot must be a package, or `package` itself; of all below it those match where a hole stands for
 * any text, dots too, but not for a dot at the end of the pattern. Each try sees a module at most once, in
 * the order of the table.
 * `visits` goes down with every module that is looked at; what is behind the last one is not seen.
 */
void modules_match(const struct modules *modules, struct str pattern, uint32_t package, uint32_t self,
		   bool relative, size_t *visits, module_sees *sees, void *ctx);

#endif
