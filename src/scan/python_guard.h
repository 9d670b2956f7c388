/*
 * What conditions of Python source come to on Lambda: platform, version and TYPE_CHECKING. It knows nothing
 * of statements, and no values of the program's own.
 */
#ifndef SLIM_SCAN_PYTHON_GUARD_H
#define SLIM_SCAN_PYTHON_GUARD_H

#include "base/str.h"
#include "scan/python_names.h"

/* Kleene's logic: `and` is the lesser, `or` the greater. */
enum verdict { VERDICT_FALSE, VERDICT_UNKNOWN, VERDICT_TRUE };

/* A condition when the program runs, and for a type checker, to whom TYPE_CHECKING is true. */
struct truth {
	enum verdict run;
	enum verdict types;
};

struct truth truth_both(enum verdict verdict);
struct truth truth_not(struct truth a);
struct truth truth_and(struct truth a, struct truth b);
struct truth truth_or(struct truth a, struct truth b);

/* What stands under a condition. */
enum guard truth_guard(struct truth truth);

/*
 * The condition that source begins with, up to the ':' that ends it. Unknown where it has more than
 * GUARD_TOKENS tokens or anything that is not understood. minor: of Python 3; 0: what holds for 3.8 to 3.15.
 */
struct truth python_condition(struct str source, unsigned minor);

enum { GUARD_TOKENS = 64 };

#endif
