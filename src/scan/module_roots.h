/*
 * The directories of a bundle that Python looks for modules in, from paths alone: those that Lambda puts on
 * sys.path, and those that other code may put there. It lists them; what they hold is in the module table.
 * Sources: sys.path as /var/runtime/bootstrap.py makes it (/var/task,
 * /opt/python/lib/python3.X/site-packages, /opt/python); setuptools/_vendor and its like.
 */
#ifndef SLIM_SCAN_MODULE_ROOTS_H
#define SLIM_SCAN_MODULE_ROOTS_H

#include "scan/modules.h"

struct root_list {
	VEC(struct module_root) list;
};

/* The sure ones in the order of sys.path, then the others, outer before inner. Some may hold nothing. */
void module_roots_find(const struct bundle *bundle, struct arena *arena, struct root_list *out);

/* The ids of the files under the directory, as bundle_under(), in logarithmic time. */
void module_roots_range(const struct bundle *bundle, uint32_t tree, struct str dir, uint32_t *first,
			uint32_t *end);

#endif
