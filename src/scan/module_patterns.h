/*
 * Expands a module name with holes to the modules that it may mean. Knows names only.
 */
#ifndef SLIM_SCAN_MODULE_PATTERNS_H
#define SLIM_SCAN_MODULE_PATTERNS_H

#include "scan/modules.h"

typedef void module_sees(void *ctx, uint32_t module);
void modules_match(const struct modules *modules, struct str pattern, uint32_t package, uint32_t self,
		   module_sees *sees, void *ctx);

#endif
