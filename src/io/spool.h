/*
 * A temporary file without a name: what has to be read twice but can be read only once (a pipe,
 * a compressed archive) waits in it. It lies in TMPDIR (else /tmp) and is gone with its last user,
 * however the process ends.
 */
#ifndef SLIM_IO_SPOOL_H
#define SLIM_IO_SPOOL_H

#include "base/err.h"

struct spool {
	int fd;	      /* -1 is closed */
	uint64_t len; /* written so far */
};

int spool_open(struct spool *spool, struct err *err);
int spool_write(struct spool *spool, const void *from, size_t len, struct err *err);
/* Goes on to a place behind the end; what lies between reads as zeros and takes no space. */
void spool_skip_to(struct spool *spool, uint64_t at);
/* All that was written, read-only; to be unmapped with mapping_close(). An empty spool gives no bytes. */
int spool_map(struct spool *spool, struct bytes *out, struct err *err);
/* A mapping stays good. */
void spool_close(struct spool *spool);

#define SPOOL_AUTO __attribute__((cleanup(spool_close)))

#endif
