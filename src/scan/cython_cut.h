/*
 * Cuts the string table of a Cython module into its strings: their lengths stand in the module as an array of
 * 32-bit numbers, unless the compiler made code of a short one. Knows that array, and nothing else of ELF.
 */
#ifndef SLIM_SCAN_CYTHON_CUT_H
#define SLIM_SCAN_CYTHON_CUT_H

#include "base/str.h"

struct arena;

/*
 * Replaces the table by one with a zero byte behind every string; what is behind those whose lengths are
 * there (in Cython 3.3, bytes) is left out. False, and nothing happens, where the lengths are not found. They
 * are of characters in Cython 3.2, of bytes in 3.3.
 */
bool cython_cut(struct bytes elf, struct str *table, struct arena *scratch);

#endif
