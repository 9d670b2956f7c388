/*
 * Variables that hold a path only to compare others with it, as where warnings leave out the frames of a test
 * suite. A look at the text of a source, not at its meaning; in doubt a variable is more than that. A part of
 * scan/references.h.
 */
#ifndef SLIM_SCAN_REFERENCE_COMPARED_H
#define SLIM_SCAN_REFERENCE_COMPARED_H

#include "scan/link.h"

/* Whether each use of the variable is the argument of startswith(), or hands it to one of that kind. */
bool reference_only_compared(struct scan *scan, struct str variable);

#endif
