/*
 * Notes: what the user should know, as data. A note has a code, a place and a cure; reports
 * print it, --strict fails on those of SLIM1xx. A note never changes what happens to a file.
 */
#ifndef SLIM_MODEL_NOTE_H
#define SLIM_MODEL_NOTE_H

#include "base/str.h"
#include "base/vec.h"
#include "model/code.h"

struct note {
	enum code code;
	struct str path; /* of the file or input it is about, raw; "" when it is about none */
	struct str text; /* what, printable: names from outside went through text_escape() */
	struct str cure; /* what to do about it, or "" */
};

struct notes {
	VEC(struct note) list;
};

/* path and cure are borrowed, text is copied. */
void note_add(struct notes *notes, struct arena *arena, enum code code, struct str path, struct str cure,
	      const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* By code, then path, then text: the order of all reports. Drops exact repetitions. */
void notes_sort(struct notes *notes);

#endif
