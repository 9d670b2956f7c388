/*
 * RECORD of an installed distribution (PyPA "Recording installed projects", PEP 376): rewritten to
 * the rows whose files are still there. Bytes in, bytes out; it decides nothing about files.
 */
#ifndef SLIM_TRANSFORM_RECORD_H
#define SLIM_TRANSFORM_RECORD_H

#include "base/arena.h"
#include "base/str.h"

enum record_fate {
	RECORD_KEEP,	/* the row stays as it is */
	RECORD_CHANGED, /* the file stays, its bytes differ: hash and size are left empty, as the
			   specification allows */
	RECORD_GONE,	/* the row goes */
};

/* What becomes of the file at `path`, as written in the row (unquoted). */
typedef enum record_fate record_asks(void *ctx, struct str path);

/*
 * The new RECORD, in the arena: rows in their old order, each kept byte for byte (line end included) unless
 * it changed. False when nothing changes, or when the text is not a RECORD: then the old one is to be kept.
 */
bool record_rewrite(struct bytes record, record_asks *asks, void *ctx, struct arena *arena,
		    struct bytes *out);

#endif
