/*
 * Paths as they are on Lambda: the function's tree at /var/task, the layers' one over the other at /opt,
 * links followed as the kernel follows them, and the tokens that the loader replaces in paths. It knows only
 * what the bundle holds: of any other directory it says that it lies outside. Sources: path_resolution(7),
 * ld.so(8), glibc's elf/dl-load.c (is_dst and _dl_dst_substitute), AWS Lambda's documentation of layers.
 */
#ifndef SLIM_SCAN_LAMBDA_PATHS_H
#define SLIM_SCAN_LAMBDA_PATHS_H

#include "base/map.h"
#include "base/path.h"
#include "model/bundle.h"

struct lambda_paths {
	const struct bundle *bundle;
	struct arena *arena;
	struct map links; /* the absolute path of every symbolic link */
	bool layer_like;  /* there are no layers, and the function looks like one: it is at /opt too */
};

enum spot_kind {
	SPOT_NONE, /* nothing is there */
	SPOT_LOOP, /* more links than the kernel follows */
	SPOT_FILE,
	SPOT_DIR,
	SPOT_OUTSIDE, /* neither below /var/task nor /opt */
};

/* What a path leads to. */
struct spot {
	enum spot_kind kind;
	uint32_t file;	 /* of SPOT_FILE, or NO_FILE */
	struct str path; /* absolute, with no link, "." or ".." in it */
	/* The symbolic links on the way, in order. */
	const uint32_t *links;
	uint32_t link_count;
};

void lambda_paths_begin(struct lambda_paths *paths, const struct bundle *bundle, struct arena *arena);

/* "/var/task/" or "/opt/", and the file's path. In the arena. */
struct str lambda_path_of(const struct lambda_paths *paths, uint32_t file);

/*
 * Walks an absolute path; a link at its end is followed where `last` says so. Strings are in the arena. Steps
 * are those of path_resolution(7): at most 40 links, and ".." of nothing is nothing.
 */
void lambda_path_walk(const struct lambda_paths *paths, struct str path, bool last, struct spot *out);

/* What stands for $ORIGIN, $LIB and $PLATFORM. */
struct path_tokens {
	struct str origin;
	struct str lib;
	struct str platform;
	bool words; /* glibc 2.28 and newer: a token ends where no letter, digit or '_' follows; else at '/'
		       only */
};

/* Replaces the tokens, with and without braces. False where the result does not fit. */
bool lambda_path_expand(const struct path_tokens *tokens, struct str text, char out[PATH_ROOM],
			struct str *expanded);

#endif
