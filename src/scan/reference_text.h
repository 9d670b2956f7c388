/*
 * What a literal refers to (scan/references.h): a dotted name, a path, a directory, an option `-m name`, or
 * source that is run later. It is on the safe side where a literal could be used as any of them.
 */
#ifndef SLIM_SCAN_REFERENCE_TEXT_H
#define SLIM_SCAN_REFERENCE_TEXT_H

#include "scan/link.h"
#include "scan/python_names.h"

/* Notes the directories that a literal makes known, as files("package") does (scan/places.h). */
void reference_text_places(struct scan *scan, const struct mention *mention);
void reference_text(struct scan *scan, const struct mention *mention, struct sight *sight);
/* A dotted name in a binary. */
void reference_text_name(struct scan *scan, struct str name, struct sight *sight);

#endif
