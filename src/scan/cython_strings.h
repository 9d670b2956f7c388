/*
 * The string table of an extension module that Cython 3.2 or later made: all names and literals in one
 * string, with nothing between them, compressed or not. It finds and unpacks the table, and cuts it where
 * the lengths can be found too; it knows no modules.
 * Source: Cython/Compiler/Code.py, generate_pystring_constants(), and Cython/Utility/StringTools.c,
 * DecompressString_LZSS, of Cython 3.2 and 3.3. bz2 and zstd, which must be asked for, are not read.
 */
#ifndef SLIM_SCAN_CYTHON_STRINGS_H
#define SLIM_SCAN_CYTHON_STRINGS_H

#include "scan/elf_data.h"

struct cython_strings {
	bool cython; /* Cython made it */
	bool found;  /* its strings can be read: in a table, or one by one as earlier versions have them */
	bool cut;    /* there is a zero byte between any two strings of the table */
	struct str table; /* in the file or in scratch; "" where strings stand one by one */
};

struct arena;

struct cython_strings cython_strings(struct bytes elf, struct arena *scratch);

#endif
