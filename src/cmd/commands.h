/*
 * The commands: one table, from which dispatch, help and completions come. A command is a row here and a file
 * beside this one that reads from top to bottom. Nothing here prints an error or exits: main() does.
 */
#ifndef SLIM_CMD_COMMANDS_H
#define SLIM_CMD_COMMANDS_H

#include "cmd/options.h"

/* How slim exits. */
enum status {
	STATUS_DONE = 0,	 /* done, and all checks pass */
	STATUS_CHECK_FAILED = 1, /* done, and a check failed */
	STATUS_COULD_NOT_RUN =
		2, /* what -1 becomes; a command that knows better help than one line sets it itself */
};

/* What operands of a command stand for, for completions. */
enum operand_kind { OPERAND_NONE, OPERAND_PACKAGE, OPERAND_CODE, OPERAND_COMMAND, OPERAND_SHELL };

/* Does the command's work. *status is STATUS_DONE before. */
typedef int command_run(const struct options *options, struct arena *arena, struct err *err, int *status);

struct command {
	const char *name;
	const char *operands;	     /* as in a usage line: "PKG" */
	const char *summary;	     /* a line of --help */
	const char *text;	     /* what `slim help NAME` says beyond it */
	const char *const *examples; /* pairs of a command line and what it does, NULL at the end */
	command_run *run;
	enum operand_kind operand;
	size_t least; /* operands it takes */
	size_t most;
	unsigned options; /* FOR_…: it takes the options that have one of these */
	bool configured;  /* whether slim.yaml and the environment count */
};

/* In the order of help. */
extern const struct command command_table[];
extern const size_t command_count;

/* By name, exactly; NULL when there is none. */
const struct command *command_find(struct str name);
/* Whether the word is kept for a command of a later version. */
bool command_is_reserved(struct str word);
/* The name that was probably meant, or NULL. */
const char *command_nearest(struct str word);
/* Says that there is no such command, and what might have been meant. */
int command_unknown(struct str word, struct err *err);

/*
 * The command of a command line with at least one operand, which is taken from the operands when it is the
 * command's name; any other has to be a path that exists, or "-", and means `pack`.
 */
int command_choose(struct arguments *arguments, const struct command **out, struct err *err);
/* Whether the command takes these options and so many operands. */
int command_check(const struct command *command, const struct arguments *arguments, struct err *err);

command_run cmd_pack;
command_run cmd_why;
command_run cmd_rules;
command_run cmd_explain;
command_run cmd_completions;
command_run cmd_help;
command_run cmd_version;

#endif
