/*
 * The blocks that a line of Python source stands in: what is known of when, and whether, it runs. It follows
 * indentation and the words that begin compound statements, and reads nothing else.
 */
#ifndef SLIM_SCAN_PYTHON_BLOCKS_H
#define SLIM_SCAN_PYTHON_BLOCKS_H

#include "scan/python_guard.h"
#include "scan/python_lex.h"

struct python_context {
	bool in_function;
	bool in_class;
	bool in_try; /* see struct mention */
	struct truth truth;
};

struct python_level {
	uint32_t indent;
	struct python_context context;
	bool chain;	   /* the statement before was an `if`, or an `elif` of one */
	struct truth rest; /* where no arm of that ran so far */
};

enum { PYTHON_LEVELS = 100 }; /* CPython's own limit (MAXINDENT) */

struct python_blocks {
	unsigned minor;
	struct python_context now;
	struct python_context body; /* of the compound statement whose head is being read */
	bool heading;
	bool opens;	  /* the line before ended in ':' */
	unsigned lambdas; /* in the head, that still want their ':' */
	size_t top;
	struct python_level levels[PYTHON_LEVELS];
};

void python_blocks_init(struct python_blocks *blocks, unsigned minor);

/* A logical line begins. What is wrong with its indentation, or NULL. */
const char *python_blocks_line(struct python_blocks *blocks, uint32_t indent);
/* Its first word; rest is what stands behind that. */
void python_blocks_head(struct python_blocks *blocks, enum python_word word, struct str rest);
/* A ':' outside of brackets and holes, that is not ":=". True where a body begins. */
bool python_blocks_colon(struct python_blocks *blocks);
/* A logical line ends, and its last token was, or was not, such a ':'. */
void python_blocks_end(struct python_blocks *blocks, bool colon);

#endif
