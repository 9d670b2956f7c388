/*
 * The argument that matters of a call, and what a name stands for that a source gives one value. It reads
 * ahead in the source by itself and knows no statements.
 */
#ifndef SLIM_SCAN_PYTHON_CALLS_H
#define SLIM_SCAN_PYTHON_CALLS_H

#include "base/str.h"

enum argument_kind {
	ARGUMENT_NONE,	   /* there is none, or it is a literal */
	ARGUMENT_NAME,	   /* it is a name, in text */
	ARGUMENT_COMPUTED, /* anything else, or it may be in *args or **kwargs */
};

struct python_argument {
	enum argument_kind kind;
	struct str text;    /* as it stands in the source */
	struct str keyword; /* its name where it has one, or "" */
};

/*
 * The first argument of a call, or that of the given name; source begins with the call's '('. Only so many
 * bytes are read that the time is bounded; what is longer counts as computed.
 */
struct python_argument python_argument(struct str source, struct str keyword);

enum { PYTHON_CONSTANTS = 64 };

struct python_constant {
	struct str name;
	struct str value; /* as written between the quotes */
	bool escaped;
	size_t bindings; /* places that bind it, or may */
};

/* Names that are assigned once, outside of any block, to a literal: NAME = "s3". All zero is unread. */
struct python_constants {
	bool read;
	size_t count;
	struct python_constant at[PYTHON_CONSTANTS];
};

/*
 * The constant of that name, or NULL. Reads all of source at the first call. A name that any other place may
 * bind is none: an assignment, a parameter, a loop, an import, …; those in brackets (`(a, B) = …`) are not
 * seen.
 */
const struct python_constant *python_constant(struct python_constants *constants, struct str source,
					      struct str name);

#endif
