/*
 * Names of shared objects as files, sonames and texts have them: what is name, what version, what was put in
 * by the tools that bundle libraries. It knows no files. Sources: auditwheel's repair.py (the hash in front
 * of the first dot), PEP 3149 (tags), ctypes.util, printf(3), glob(7).
 */
#ifndef SLIM_SCAN_SOFT_NAMES_H
#define SLIM_SCAN_SOFT_NAMES_H

#include "base/str.h"

enum {
	SOFT_NAME_MAX = 255, /* longer ones are no names of files */
	SOFT_TEXT_MAX = 512, /* longer texts are not made normal */
};

/* "libx-1a2b3c4d.so.5.1" */
struct soft_parts {
	struct str stem;    /* "libx-1a2b3c4d"; of a name without ".so" all of it */
	struct str plain;   /* "libx": without hashes and the tags of extension modules */
	struct str version; /* "5.1", or "" */
	bool so;
	bool hashed;
};

/* The name in parts; plain may lie in the room. False where it is too long, or nothing is in front of ".so".
 */
bool soft_parts(struct str name, char room[SOFT_NAME_MAX], struct soft_parts *parts);

/* Whether one of the versions may stand for the other: one is missing, or they agree as far as both go. */
bool soft_versions_agree(struct str a, struct str b);

/*
 * The text as a glob, in room: '*' for all that is filled in at run time (holes of scan/python_names.h, %s,
 * {name}, $NAME) and for the usual parts of regular expressions. False where it is too long.
 */
bool soft_normal(struct str text, char room[SOFT_TEXT_MAX], struct str *out);

/*
 * The next path in a normal text that has a shared object's name, "lib/libx.so.1"; what is behind it in
 * *rest. `behind` in *rest is never in front of what was given, so all calls together are linear.
 */
bool soft_next(struct str *rest, struct str *path);

/* Whether it has '*', '?' or "[…]"; and how many letters and digits else, without "lib" and from ".so" on. */
bool soft_is_glob(struct str name);
size_t soft_weight(struct str glob);

/*
 * Whether a glob without slashes matches the name: '*', '?', "[a-z]", "[!a]". In time of glob times name.
 */
bool soft_matches(struct str glob, struct str name);

#endif
