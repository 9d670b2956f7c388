/*
 * A file as memory. Pages are read when they are looked at, so only what is looked at costs. A file that
 * shrinks meanwhile ends the process by SIGBUS, which leaves no partial output (io/pending.h).
 */
#ifndef SLIM_IO_MAPPING_H
#define SLIM_IO_MAPPING_H

#include "base/err.h"

/* All of the file, whose descriptor may be closed afterwards; an empty file gives no bytes. */
int mapping_open(int fd, struct bytes *out, struct err *err);
void mapping_close(struct bytes mapping);

#endif
