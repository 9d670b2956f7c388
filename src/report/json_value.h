/*
 * Values that more than one JSON report holds. It knows no report, and writes to memory only.
 */
#ifndef SLIM_REPORT_JSON_VALUE_H
#define SLIM_REPORT_JSON_VALUE_H

#include <jansson.h>

#include "report/report.h"

json_t *json_number(uint64_t n);
/* A name from outside: as it is where JSON can hold it, else escaped, with its bytes under KEY_b64. */
void json_set_name(json_t *object, const char *key, struct str name, struct arena *arena);
/* "code" and "name" */
void json_set_code(json_t *object, enum code code);
json_t *json_tally(const struct tally *tally, bool has_zip);
/* Adds the whole as text, and lets it go. */
void json_write(json_t *root, struct buf *out);

#endif
