/*
 * Sets of minor versions of Python 3, as data files write them. It knows no file and no version's name.
 */
#ifndef SLIM_PLATFORM_MINORS_H
#define SLIM_PLATFORM_MINORS_H

#include "base/str.h"

/* Later ones are in a set where this one is. */
enum { MINOR_LAST = 63 };

/* "8-11", "11-" or "9", as a bit per minor. False where the word is nothing of the kind. */
bool minors_parse(struct str word, uint64_t *minors);
/* Whether the minor is in the set; 0 asks for any. */
bool minors_have(uint64_t minors, unsigned minor);

#endif
