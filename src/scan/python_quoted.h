/*
 * Python inside string literals: source for exec() or `python -c`, `python -m` in command lines, and the
 * fields of formats. Finds what is named; resolves nothing.
 */
#ifndef SLIM_SCAN_PYTHON_QUOTED_H
#define SLIM_SCAN_PYTHON_QUOTED_H

#include "base/arena.h"
#include "scan/python_names.h"

/* The import statements in a literal's code, where statements can begin; prose uses those words too. */
void python_quoted_imports(const struct mention *literal, struct arena *scratch, python_sees *sees,
			   void *ctx);

/* The next dotted name behind "-m " in the rest of a literal, which is moved behind it; false at the end. */
bool python_quoted_program(struct str *rest, struct str *name);

/* The length of a field of '%' or .format() at the start of the text ("%(name)03x", "{}"), or 0. */
size_t python_format_field(struct str text);

#endif
