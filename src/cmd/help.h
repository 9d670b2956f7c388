/*
 * Help, made from the tables of commands and options. It only builds text.
 */
#ifndef SLIM_CMD_HELP_H
#define SLIM_CMD_HELP_H

#include "base/buf.h"
#include "cmd/commands.h"

/* `slim --help`: everything, a line each. */
void help_main(struct buf *out);
/* `slim help COMMAND` */
void help_command(const struct command *command, struct buf *out);
/* `slim` alone. */
void help_brief(struct buf *out);

#endif
