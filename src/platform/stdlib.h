/*
 * What is there without the package: the standard library of each Python, and what Lambda's runtimes bring.
 * Top-level names only, as data from rules/runtimes, which the binary carries. It asks no interpreter.
 */
#ifndef SLIM_PLATFORM_STDLIB_H
#define SLIM_PLATFORM_STDLIB_H

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"

/* A bit per minor version of Python 3. */
struct stdlib_name {
	uint64_t library;
	uint64_t fixed;
	uint64_t provided;
};

struct stdlib {
	struct map index; /* into names */
	VEC(struct stdlib_name) names;
};

/* One file as embedded in the binary. */
struct runtime_file {
	const char *name; /* "rules/runtimes/stdlib.txt" */
	const char *text;
	size_t len;
};
extern const struct runtime_file runtime_files[];
extern const size_t runtime_file_count;

/*
 * Adds the names of one text; stdlib is all zero at first. The form stands at the head of
 * rules/runtimes/stdlib.txt. Errors are "file:line: what is wrong". Borrows the text.
 */
int stdlib_parse(struct stdlib *stdlib, struct arena *arena, struct str file, struct str text,
		 struct err *err);
/* Adds all that the binary carries. */
int stdlib_load(struct stdlib *stdlib, struct arena *arena, struct err *err);

/* In all of these, minor is that of Python 3; 0 asks for any. Whether the standard library has the name. */
bool stdlib_has(const struct stdlib *stdlib, unsigned minor, struct str top);
/* Whether `import top` finds the standard library's whatever files a package holds. */
bool stdlib_is_builtin(const struct stdlib *stdlib, unsigned minor, struct str top);
/* Whether Lambda's runtime has it beyond the standard library. */
bool runtime_has(const struct stdlib *stdlib, unsigned minor, struct str top);

#endif
