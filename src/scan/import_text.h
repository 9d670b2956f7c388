/*
 * What a string literal of a Python source may import: modules by absolute and relative name, by a pattern
 * with holes, entry points by group; and data by call. A part of scan/imports.h.
 */
#ifndef SLIM_SCAN_IMPORT_TEXT_H
#define SLIM_SCAN_IMPORT_TEXT_H

#include "scan/imports.h"

/* Edges to the files of a module that Python would run, but those that a rule would drop. */
void import_link(struct import_scan *scan, uint32_t module, struct sight *sight);

/* Whether a function of that name imports what its first argument names. */
bool import_is_importer(struct str callee);
/* Remembers that no module of the bundle has all of the name. */
void import_missing(struct import_scan *scan, const struct mention *mention, struct str name, bool optional);

/* Edges to what is below a package: its modules, and theirs if `deep`. Once for each package. */
void import_below(struct import_scan *scan, uint32_t package, bool deep, struct sight *sight);

void import_text(struct import_scan *scan, const struct mention *mention, struct sight *sight);
/* Whether the mention stands in a call that asks for data (an index into knowledge->calls), in code that
 * counts. */
bool import_is_call(struct import_scan *scan, size_t data, const struct mention *mention);
/* Edges to the module of an entry point, and to the file that lists it; to those of a group. */
void import_point(struct import_scan *scan, const struct entry_point *point, const struct sight *sight);
void import_group(struct import_scan *scan, struct str group, const struct sight *sight);
/* Remembers a pattern until the habits of the source are known. */
void import_pattern(struct import_scan *scan, struct str pattern, const struct sight *sight);
/* What the remembered patterns may mean; `importing`: the source imports by name somewhere. */
void import_patterns(struct import_scan *scan, bool importing);

/* Bytes of the longest literal that is looked at as a name. */
enum { IMPORT_TEXT_MAX = 200 };

#endif
