/*
 * Code and data that a source reaches by their place, not by a module's name: directories beside it that hold
 * sources to run or to read, data in packages without __init__, whole trees that it walks, and programs that
 * it starts with `python -m`. It sees one source; what it links is an edge, and it decides nothing.
 */
#ifndef SLIM_SCAN_IMPORT_PLACES_H
#define SLIM_SCAN_IMPORT_PLACES_H

#include "scan/imports.h"

/* What the content as a whole tells. */
void import_places_begin(struct import_scan *scan);
/* A literal that may be the name of a directory, or a path that begins with one. */
void import_place(struct import_scan *scan, struct str text, struct sight *sight);
/* "package.data": a directory without modules, so none that the table of modules has. */
void import_directory(struct import_scan *scan, struct str name, struct sight *sight);
/* What is known once all of the source was seen: the tree that it walks, its own __main__. */
void import_places_end(struct import_scan *scan, const struct python_habits *habits);

#endif
