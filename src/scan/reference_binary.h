/*
 * What extension modules and bytecode refer to, by names that stand in their bytes (scan/references.h).
 * Understands neither; knows where a name may begin and end.
 */
#ifndef SLIM_SCAN_REFERENCE_BINARY_H
#define SLIM_SCAN_REFERENCE_BINARY_H

#include "scan/link.h"

void reference_binary(struct scan *scan, struct str bytes);
/* Sourceless bytecode (marshal): its short strings are literals, and names of modules. */
void reference_bytecode(struct scan *scan, struct str bytes);

#endif
