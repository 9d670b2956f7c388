/*
 * Whether the bytes of a Python source can be read as a superset of ASCII: its byte order mark, the cookie of
 * PEP 263, and NULs. It decodes nothing.
 */
#ifndef SLIM_SCAN_PYTHON_ENCODING_H
#define SLIM_SCAN_PYTHON_ENCODING_H

#include "base/str.h"

/* Why they cannot, with the line, or NULL. */
const char *python_encoding(struct str source, uint32_t *line);

#endif
