/*
 * The one table of codes. SLIM0xx says why a file stays, 1xx what is wrong with the package,
 * 2xx why a file or a part of it goes, 3xx which uncertainty kept something. A code, once
 * released, never changes its meaning; a new one gets a new number.
 */
#ifndef SLIM_MODEL_CODE_H
#define SLIM_MODEL_CODE_H

#include "base/str.h"

/* The value is the number that users see. */
enum code {
	CODE_NONE = 0,

	CODE_FIRST_PARTY = 1,
	CODE_DISTRIBUTION = 2,
	CODE_REACHED = 3,
	CODE_RULE_KEEP = 4,
	CODE_USER_KEEP = 5,
	CODE_EMPTY_DIR = 6,
	CODE_HANDLER = 7,
	CODE_STARTUP = 8,

	CODE_NAME_CASE = 110,
	CODE_NAME_ENCODING = 111,
	CODE_NAME_NORMALISED = 112,
	CODE_MODE_SPECIAL = 113,
	CODE_ZIP_HIDDEN = 114,
	CODE_ZIP_PREFIX = 115,
	CODE_ZIP_METHOD = 116,
	CODE_ELF_BROKEN = 117,
	CODE_LINK_DANGLING = 118,
	CODE_OVER_LIMIT = 119,
	CODE_PATTERN_UNUSED = 120,
	CODE_MODULE_SHADOWED = 121,
	CODE_MODULE_MISSING = 122,
	CODE_LIBRARY_MISSING = 123,
	CODE_VERSION_MISSING = 124,
	CODE_VERSION_FLOATING = 125,
	CODE_NO_BUILD = 126,
	CODE_WHEEL_TAG = 127,
	CODE_LIBRARY_SHADOWED = 128,
	CODE_LIBRARY_TWICE = 129,
	CODE_OPENMP_MIXED = 130,
	CODE_FOREIGN_KEPT = 131,
	CODE_LIBRARY_FATAL = 132,
	CODE_PROCESSOR = 133,

	CODE_UNREACHED = 201,
	CODE_DEBUG_SYMBOLS = 203,
	CODE_TEST_SUITE = 204,
	CODE_BYTECODE = 206,
	CODE_STUBS = 207,
	CODE_SOURCES = 208,
	CODE_STATIC_LIBRARY = 209,
	CODE_DOCS = 210,
	CODE_PACKAGING = 211,
	CODE_DEBRIS = 212,
	CODE_FOREIGN_OS = 213,
	CODE_USER_DROP = 214,
	CODE_RECORD = 215,
	CODE_LICENCE = 216,
	CODE_INSTALLER = 217,
	CODE_UNCALLED = 218,
	CODE_OTHER_MACHINE = 219,
	CODE_OTHER_LIBC = 220,
	CODE_OTHER_PYTHON = 221,
	CODE_LINKED = 222,
	CODE_UNLOADED = 223,

	CODE_STRIP_REFUSED = 303,
	CODE_CANDIDATE_KEPT = 304,
	CODE_DIST_GUESSED = 305,
	CODE_COMPUTED_IMPORT = 306,
	CODE_IMPORT_UNKNOWN = 307,
	CODE_NO_ROOTS = 308,
	CODE_BINARY_OPAQUE = 309,
	CODE_CALL_COMPUTED = 310,
	CODE_SOURCE_BROKEN = 311,
	CODE_TEMPLATE_UNCLEAR = 312,
	CODE_LOAD_ORDER = 313,
	CODE_OPEN_COMPUTED = 314,
	CODE_TARGET_UNKNOWN = 315,
	CODE_LIBRARY_OPTIONAL = 316,
	CODE_LOADS_UNTOLD = 317,
};

/* How bad it is that a note of the code is there. */
enum code_level {
	LEVEL_NOTE,    /* good to know, or only the reason of a fate */
	LEVEL_WARNING, /* it may fail, or not do what was meant */
	LEVEL_ERROR,   /* the function, or the import of the file, fails on Lambda; or Lambda refuses it */
};

struct code_info {
	enum code code;
	enum code_level level;
	const char *name;  /* for JSON and rule files: lower case, '-' between words */
	const char *title; /* a line of a report */
	const char *text;  /* what `slim explain` says: what it means, and what to do */
};

/* Sorted by number. */
extern const struct code_info code_table[];
extern const size_t code_count;

/* "error", "warning", "note": the words of all reports. */
const char *code_level_name(enum code_level level);

/* NULL for a number that is none. */
const struct code_info *code_find(unsigned number);
/* By "SLIM204", "204" or "test-suite", in any case; NULL when it is none. */
const struct code_info *code_parse(struct str text);

#endif
