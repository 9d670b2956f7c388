/*
 * The shared objects of a bundle by what they may be called when they are opened by name: file names,
 * sonames, both without versions and hashes, and the directories that hold them. A part of scan/soft_edges.h:
 * it finds, and judges nothing.
 */
#ifndef SLIM_SCAN_SOFT_INDEX_H
#define SLIM_SCAN_SOFT_INDEX_H

#include "scan/libraries.h"
#include "scan/soft_names.h"

#define NO_SOFT UINT32_MAX

/* One name of a file; a file has one or two. */
struct soft_name {
	struct str full;
	struct soft_parts parts;
	uint32_t file;
	uint32_t same_full;  /* another one, before it; or NO_SOFT */
	uint32_t same_plain; /* the same for parts.plain */
	bool python;	     /* of an extension module */
};

/* One that can be opened. */
struct soft_file {
	uint32_t file;
	bool python;
	uint32_t same_dir;  /* another one in its directory, before it; or NO_SOFT */
	uint32_t same_dist; /* of its distribution, or first-party as it is */
};

struct soft_dir {
	struct str path;
	uint32_t last; /* in files */
};

/* A component of a directory's path. */
struct soft_step {
	uint32_t dir;
	struct str upto;    /* the path down to it */
	uint32_t same_name; /* another component of that name, before it; or NO_SOFT */
};

struct soft_index {
	const struct libraries *libraries;
	const struct bundle *bundle;
	VEC(struct soft_name) names;
	VEC(struct soft_file) files; /* in order of file ids; directories hold no extension modules */
	VEC(struct soft_dir) dirs;
	VEC(struct soft_step) steps;
	struct map by_full; /* the last of names */
	struct map by_plain;
	struct map by_dir;  /* by path */
	struct map by_step; /* by name */
	uint64_t bare[256]; /* by first byte: a bit for each length of a plain name, with "lib" and without */
	uint32_t *last_of;  /* by distribution: the last of files; first-party is behind them */
};

/* The last of files of the distribution, or of first-party code (NO_DIST). */
uint32_t soft_last_of(const struct soft_index *index, uint32_t dist);
/* The last one of the names, in names; or NO_SOFT. */
uint32_t soft_by_full(const struct soft_index *index, struct str full);
uint32_t soft_by_plain(const struct soft_index *index, struct str plain);
/* Whether a name without "lib" may be that of a file: fast, and wrong now and then. */
bool soft_may_be_bare(const struct soft_index *index, struct str bare);
/* The last one of the components of that name, in steps; or NO_SOFT. */
uint32_t soft_by_step(const struct soft_index *index, struct str name);

#endif
