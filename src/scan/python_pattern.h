/*
 * Texts that a Python source puts together: f-strings, and chains of '+' over literals and other operands.
 * It is fed every token and keeps one chain per open bracket or hole; it knows no statements and no values.
 */
#ifndef SLIM_SCAN_PYTHON_PATTERN_H
#define SLIM_SCAN_PYTHON_PATTERN_H

#include "scan/python_lex.h"
#include "scan/python_names.h"

enum {
	PATTERN_MAX = 256,   /* longer ones name nothing */
	PATTERN_ROOM = 4096, /* for all chains that are open */
	PATTERN_DEPTH = 100, /* of brackets and holes; deeper ones give no patterns */
};

enum operand_state { OPERAND_MISSING, OPERAND_LITERAL, OPERAND_HOLE };

struct python_chain {
	uint16_t start;	  /* in text */
	uint16_t operand; /* where the literal that is the last operand starts */
	uint8_t state;	  /* enum operand_state of the last operand */
	uint8_t hole;	  /* what it is: HOLE_… or one of those in python_pattern.c */
	bool joined;	  /* by '+' */
	bool holes;	  /* has some, in what is joined */
	bool operand_holes;
	bool absorbs; /* behind '%' and the like, the next operand is part of the last one */
	bool lost;    /* it is too long */
	bool frozen;  /* the rest of a hole is its conversion */
	bool in_hole;
	bool in_format; /* a hole in the format of another */
	bool first;	/* see struct mention */
	uint32_t line;
	const char *from;
	const char *until; /* tokens before it are part of the hole's name */
	struct str keyword;
};

struct python_patterns {
	size_t depth;
	size_t over;	     /* what is open beyond PATTERN_DEPTH */
	size_t used;	     /* of text */
	struct str argument; /* the name in front of the last '=' */
	const char *equals;  /* that '=' */
	const char *end;     /* of the source */
	/* Gets kind, text, line, evidence, first and keyword. */
	void (*found)(void *ctx, struct mention *mention);
	void *ctx;
	struct python_chain chains[PATTERN_DEPTH];
	char text[PATTERN_ROOM];
};

void python_patterns_init(struct python_patterns *patterns, const char *end,
			  void (*found)(void *ctx, struct mention *mention), void *ctx);
/* The token that follows `before`. */
void python_patterns_feed(struct python_patterns *patterns, const struct python_token *token,
			  const struct python_token *before);
/* The name of the argument that what follows `before` gives, or "". */
struct str python_patterns_keyword(const struct python_patterns *patterns, const struct python_token *before);

#endif
