/*
 * What a file that slim cannot read looks like: one phrase for the error. It decides nothing.
 */
#ifndef SLIM_IO_GUESS_H
#define SLIM_IO_GUESS_H

#include "base/str.h"

/* The number of bytes from the start of the file that are worth having. */
enum { GUESS_HEAD = 512 };

/* "an ELF file"; NULL where nothing comes to mind. */
const char *guess_kind(struct bytes head);

#endif
