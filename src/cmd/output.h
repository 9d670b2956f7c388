/*
 * Text for people and programs on the standard streams: built whole in a buf, wrapped where it is prose,
 * written once, and checked. Packages and files go through io/out.h.
 */
#ifndef SLIM_CMD_OUTPUT_H
#define SLIM_CMD_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"

enum { OUTPUT_COLUMNS = 80 };

/*
 * Adds prose, broken at blanks so that no line is longer than OUTPUT_COLUMNS. `column` is where the line
 * stands already, later lines begin at `indent`. Ends the line.
 */
void output_wrap(struct buf *out, struct str text, size_t column, size_t indent);
/* Writes all of it to a standard stream (1 or 2). */
int output_write(int fd, struct str text, struct err *err);
/* Closes standard output: some systems tell only then that a write has failed. */
int output_close(struct err *err);
/* Sees to it that descriptors 0, 1 and 2 are taken, so that no file opened later becomes one of them. */
void output_reserve_streams(void);

#endif
