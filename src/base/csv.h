/*
 * Rows of CSV as Python's csv module reads and writes them (its "excel" dialect): what a RECORD is
 * made of. Rows and fields are views of the text; only csv_value() copies. It never fails: any bytes
 * are some rows, and the caller judges whether they make sense.
 */
#ifndef SLIM_BASE_CSV_H
#define SLIM_BASE_CSV_H

#include "base/str.h"

struct arena;

enum { CSV_FIELDS = 3 };

struct csv_row {
	struct str raw;		      /* all of it, line end included */
	struct str end;		      /* its line end: "\n", "\r\n", "\r", or "" at the end of the text */
	struct str field[CSV_FIELDS]; /* the first ones as written, quotes included */
	size_t fields;		      /* how many it has, also beyond CSV_FIELDS; 0 for an empty line */
	bool open;		      /* a quote was never closed: the row reaches to the end of the text */
};

/* Takes the next row off `rest`; false at its end. Line breaks inside quotes belong to the field. */
bool csv_next(struct str *rest, struct csv_row *row);
/* What a field means: without its quotes. Lies in the text where that is possible, else in the arena. */
struct str csv_value(struct arena *arena, struct str field);

#endif
