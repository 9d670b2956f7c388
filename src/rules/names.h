/*
 * The spelling of names in rules about imports and calls. Each function says what is wrong with
 * a text, in words for whoever writes the rule, or NULL. Knows no modules.
 */
#ifndef SLIM_RULES_NAMES_H
#define SLIM_RULES_NAMES_H

#include "base/str.h"

/* Of a module: "a.b", "a.*", "a.b_*", and "**" as the last of several parts. */
const char *name_dotted_fault(struct str text);
/* The same, or with one '.' in front: ".b", ".**". */
const char *name_import_fault(struct str text);
/* Of a module below a package: as of a module, or "**" alone. */
const char *name_child_fault(struct str text);
/* Of a function or an argument: ASCII letters, digits and '_'. */
const char *name_word_fault(struct str text);

#endif
