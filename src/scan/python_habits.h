/*
 * What a Python source does, whatever it names, as far as single names and calls tell. It keeps no more of
 * the source than the last name.
 */
#ifndef SLIM_SCAN_PYTHON_HABITS_H
#define SLIM_SCAN_PYTHON_HABITS_H

#include "scan/python_lex.h"
#include "scan/python_names.h"

/* A name, what is in front of it and what stands behind it. */
struct python_use {
	const struct python_token *before;
	const struct python_token *name;
	const struct python_token *next;
	struct str rest;	 /* behind next */
	enum python_word *owner; /* the last name, which may own this one; becomes this one */
};

void python_habits_note(struct python_habits *habits, const struct python_use *use);

#endif
