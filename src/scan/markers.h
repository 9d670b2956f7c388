/*
 * The names that a text must hold to refer to a candidate, and a fast look whether it does: most sources name
 * none, and need not be read as Python. Knows words, no files; in doubt it says yes.
 */
#ifndef SLIM_SCAN_MARKERS_H
#define SLIM_SCAN_MARKERS_H

#include "base/map.h"
#include "base/vec.h"

/* A name, found by its first word. */
struct marker {
	struct str name;
	struct str word; /* in the name */
	bool called;	 /* no candidate's name, but that of a function which opens one */
	uint32_t next;	 /* index of the next marker with the same word, or UINT32_MAX */
};

enum { WORD_BITS = 1 << 16, GRAM = 3 };

/* All zero is empty. */
struct markers {
	VEC(struct marker) list;
	struct map words;     /* index of the first marker */
	uint8_t *word_filter; /* WORD_BITS bits: a word that is not here is none of a marker */
	uint8_t *gram_filter; /* as many, of three bytes in a row */
	size_t gram_step;
	bool wordless; /* a name holds no word: every text may name it */
};

void markers_add(struct markers *markers, struct arena *arena, struct str name, bool called);
/* Once all are added, before anything is looked up. */
void markers_finish(struct markers *markers, struct arena *arena);

/* Whether an import statement or a literal of the Python source may hold a marker. */
bool markers_named_in(const struct markers *markers, struct str source);
/* The same for one name or literal, and less sharp: whether any of its words is a marker's first. */
bool markers_hinted_in(const struct markers *markers, struct str name);

#endif
