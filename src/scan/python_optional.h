/*
 * Whether an import may fail and the program goes on: it stands in a `try` that catches ImportError, or under
 * a condition that is never true on Lambda, and the handler does not raise again. By line, for messages about
 * imports that fail; it resolves nothing. In doubt the import counts as one that must not fail.
 */
#ifndef SLIM_SCAN_PYTHON_OPTIONAL_H
#define SLIM_SCAN_PYTHON_OPTIONAL_H

#include "scan/python_names.h"

/* What the source names in that line, counted from 1. False where that is nothing. */
bool python_is_optional(struct str source, uint32_t line, const struct python_target *target);

/*
 * Whether the line runs only where an import failed: it stands in an `except` that catches ImportError. Then
 * the `try` is in line *from.
 */
bool python_is_fallback(struct str source, uint32_t line, uint32_t *from);

#endif
