/*
 * What import statements refer to, as Python resolves them (scan/references.h). Knows no literals.
 */
#ifndef SLIM_SCAN_REFERENCE_IMPORT_H
#define SLIM_SCAN_REFERENCE_IMPORT_H

#include "scan/link.h"
#include "scan/python_names.h"

/* The directory that a relative import with `level` dots starts from; false above the tree. */
bool reference_package(struct str path, size_t level, struct str *package);
/* Notes the directories that a statement makes known (scan/places.h), whether it means a candidate or not. */
void reference_import_places(struct scan *scan, const struct mention *mention);
void reference_import(struct scan *scan, const struct mention *mention, struct sight *sight);
/* `module` and `name` of the mention as seen from the directory `base`. */
void reference_import_from(struct scan *scan, struct str base, const struct mention *mention,
			   struct sight *sight);

#endif
