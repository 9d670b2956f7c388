/*
 * Tokens of Python source, from 2.7 to 3.15: just enough to tell names, literals and comments apart.
 * Any bytes are some tokens: it never stops early, never goes back, and uses no stack for nesting. What it
 * saw that no Python accepts it notes, once.
 */
#ifndef SLIM_SCAN_PYTHON_LEX_H
#define SLIM_SCAN_PYTHON_LEX_H

#include "base/str.h"
#include "scan/python_words.h"

enum python_kind {
	PYTHON_END,
	PYTHON_NEWLINE, /* the end of a logical line; empty lines have one too */
	PYTHON_NAME,	/* a name, keyword or number */
	PYTHON_STRING,	/* a literal, or one of the parts of an f-string between its holes */
	PYTHON_OP,	/* one byte of anything else */
};

struct python_token {
	enum python_kind kind;
	enum python_word word; /* of a name */
	struct str text;       /* of a string: what is between the quotes */
	uint32_t line;	       /* counted from 1 */
	bool escaped;	       /* a string that holds a backslash or a doubled brace: text is not its value */
	bool format;	       /* a part of an f-string that is the format of a hole, no text */
	bool hole_before;      /* a part of an f-string behind, or in front of, a {hole} */
	bool hole_after;
};

enum {
	PYTHON_FSTRINGS =
		300, /* deeper nests, with formats, are read as plain literals; CPython's limit is 150 */
	PYTHON_BRACKETS = 200, /* CPython's own limit (MAXLEVEL) */
};

/* An f-string, or the format behind ':' in one of its holes, that is open. */
struct python_fstring {
	char quote;
	bool triple;
	bool raw;
	bool format;
	bool any;	/* it had a hole already */
	uint32_t depth; /* of brackets where its hole began */
};

struct python_lex {
	const char *at;
	const char *end;
	const char *logical; /* the start of the logical line */
	uint32_t line;
	uint32_t depth; /* of open brackets */
	bool in_text;	/* in the text of the innermost f-string, not in a hole */
	size_t open;
	const char *error; /* what no Python accepts, or NULL */
	uint32_t error_line;
	struct python_fstring fstrings[PYTHON_FSTRINGS];
	char brackets[PYTHON_BRACKETS]; /* how each open one is closed */
	uint32_t bracket_lines[PYTHON_BRACKETS];
};

/* Source may begin with a byte order mark. What stands in arrays is not cleared: this is cheap. */
void python_lex_init(struct python_lex *lex, struct str source);
struct python_token python_lex_next(struct python_lex *lex);
/* How far the logical line is indented, with tabs to the next multiple of 8. */
uint32_t python_lex_indent(const struct python_lex *lex);

/*
 * Writes the value of a literal's text into out, which has room for as many bytes. Only the escapes that may
 * stand in names and source are known; others stay as they are, as those of raw literals should.
 */
size_t python_unescape(struct str text, char *out);

/* Letters, digits, '_' and all bytes beyond ASCII. */
extern const bool python_word_bytes[256];

static inline bool python_is_word(char c)
{
	return python_word_bytes[(unsigned char)c];
}

#endif
