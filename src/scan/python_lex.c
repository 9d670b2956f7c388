#include "scan/python_lex.h"

#include <string.h>

/* clang-format off */
const bool python_word_bytes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
	0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1,
	0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
/* clang-format on */

enum {
	WORD = 1,	   /* part of a word */
	BLANK = 2,	   /* between tokens */
	LINE_END = 4,	   /* may end a line */
	QUOTE = 8,	   /* begins a literal */
	ODD = 16,	   /* begins a comment or joins lines */
	STRING_STOP = 32,  /* means something in a literal */
	FSTRING_STOP = 64, /* or in an f-string */
};

/* clang-format off */
#define W WORD
#define N (LINE_END | STRING_STOP | FSTRING_STOP)
#define Q (QUOTE | STRING_STOP | FSTRING_STOP)
#define J (ODD | STRING_STOP | FSTRING_STOP)
#define F FSTRING_STOP
#define B BLANK
static const unsigned char classes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, B, N, 0, B, N, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	B, 0, Q, ODD, 0, 0, 0, Q, 0, 0, 0, 0, 0, 0, 0, 0,
	W, W, W, W, W, W, W, W, W, W, 0, 0, 0, 0, 0, 0,
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, 0, J, 0, 0, W,
	0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, F, 0, F, 0, 0,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
};
#undef W
#undef N
#undef Q
#undef J
#undef F
#undef B
/* clang-format on */

static bool is(char c, unsigned what)
{
	return (classes[(unsigned char)c] & what) != 0;
}

void python_lex_init(struct python_lex *lex, struct str source)
{
	if (str_starts(source, STR("\xef\xbb\xbf")))
		source = str_from(source, 3);
	lex->at = source.ptr;
	lex->end = source.ptr + source.len;
	lex->logical = source.ptr;
	lex->line = 1;
	lex->depth = 0;
	lex->in_text = false;
	lex->open = 0;
	lex->error = NULL;
	lex->error_line = 0;
}

static void fail(struct python_lex *lex, uint32_t line, const char *why)
{
	if (lex->error)
		return;
	lex->error = why;
	lex->error_line = line;
}

uint32_t python_lex_indent(const struct python_lex *lex)
{
	uint32_t indent = 0;

	for (const char *at = lex->logical; at < lex->end; at++) {
		if (*at == ' ')
			indent++;
		else if (*at == '\t')
			indent = (indent | 7) + 1;
		else if (*at == '\f')
			indent = 0;
		else
			break;
	}
	return indent;
}

static size_t left(const struct python_lex *lex)
{
	return (size_t)(lex->end - lex->at);
}

/* Steps over one line end, if lex->at is at one: "\n", "\r\n" or "\r". */
static bool skip_line_end(struct python_lex *lex)
{
	if (lex->at >= lex->end || (*lex->at != '\n' && *lex->at != '\r'))
		return false;
	lex->at += *lex->at == '\r' && left(lex) > 1 && lex->at[1] == '\n' ? 2 : 1;
	lex->line++;
	return true;
}

/* Steps over a backslash and what it escapes. */
static void skip_escape(struct python_lex *lex)
{
	lex->at++;
	if (lex->at < lex->end && !skip_line_end(lex))
		lex->at++;
}

/* Whether the closing quotes are at lex->at; steps over them. */
static bool skip_quotes(struct python_lex *lex, char quote, bool triple)
{
	if (*lex->at != quote)
		return false;
	if (!triple) {
		lex->at++;
		return true;
	}
	if (left(lex) < 3 || lex->at[1] != quote || lex->at[2] != quote)
		return false;
	lex->at += 3;
	return true;
}

/* The rest of a plain literal. One that is not closed ends with its line, or with the file if it is triple.
 */
static void plain_string(struct python_lex *lex, char quote, bool triple, struct python_token *token)
{
	const char *start = lex->at;
	const char *stop;

	for (;;) {
		const char *at = lex->at;

		while (at < lex->end && !is(*at, STRING_STOP))
			at++;
		lex->at = at;
		stop = at;
		if (at >= lex->end) {
			fail(lex, token->line, "a string is not closed");
			break;
		}
		if (*at == '\\') {
			token->escaped = true;
			skip_escape(lex);
		} else if (*at == quote && skip_quotes(lex, quote, triple)) {
			break;
		} else if (is(*at, LINE_END)) {
			if (!triple) {
				fail(lex, token->line, "a string is not closed");
				break;
			}
			(void)skip_line_end(lex);
		} else {
			lex->at++;
		}
	}
	token->text = (struct str){ start, (size_t)(stop - start) };
}

/* Steps over a backslash in an f-string, where "\N{DASH}" is no hole and "\{" begins one. */
static void skip_fstring_escape(struct python_lex *lex, const struct python_fstring *top)
{
	if (left(lex) > 1 && lex->at[1] == '{') {
		lex->at++;
	} else if (!top->raw && left(lex) > 2 && lex->at[1] == 'N' && lex->at[2] == '{') {
		while (lex->at < lex->end && *lex->at != '}' && *lex->at != '\n' && *lex->at != top->quote)
			lex->at++;
		if (lex->at < lex->end && *lex->at == '}')
			lex->at++;
	} else {
		skip_escape(lex);
	}
}

/* Leaves the innermost f-string, with its formats. What is around it, if anything, is a hole. */
static void close_fstring(struct python_lex *lex)
{
	while (lex->open && lex->fstrings[lex->open - 1].format)
		lex->open--;
	if (lex->open)
		lex->open--;
	lex->in_text = false;
}

/*
 * Handles what ends a part of an f-string: a quote, a hole, the end of a format or of the line. False where
 * the byte at lex->at is text.
 */
static bool ends_part(struct python_lex *lex, struct python_fstring *top, struct python_token *token)
{
	char c = *lex->at;

	if (c == top->quote && skip_quotes(lex, top->quote, top->triple)) {
		close_fstring(lex);
		return true;
	}
	if (c == '{') {
		lex->at++;
		token->hole_after = true;
		top->any = true;
		top->depth = lex->depth;
		lex->in_text = false;
		return true;
	}
	if (c == '}' && top->format) {
		/* The hole that the format belongs to ends with it. */
		lex->at++;
		lex->open--;
		return true;
	}
	if ((c == '\n' || c == '\r') && !top->triple) {
		if (top->format) {
			/* The hole goes on in the next line, as in CPython since 3.13. */
			lex->open--;
			lex->in_text = false;
			return true;
		}
		fail(lex, token->line, "a string is not closed");
		close_fstring(lex);
		return true;
	}
	return false;
}

static void fstring_part(struct python_lex *lex, struct python_token *token)
{
	struct python_fstring *top = &lex->fstrings[lex->open - 1];
	const char *start = lex->at;
	const char *stop;

	/* A format is no text of anybody's. */
	token->format = top->format;
	token->hole_before = top->any;
	for (stop = start; lex->at < lex->end; stop = lex->at) {
		char c = *lex->at;

		if (c == '\\') {
			token->escaped = true;
			skip_fstring_escape(lex, top);
		} else if (!top->format && (c == '{' || c == '}') && left(lex) > 1 && lex->at[1] == c) {
			token->escaped = true;
			lex->at += 2;
		} else if (ends_part(lex, top, token)) {
			break;
		} else if (!skip_line_end(lex)) {
			do
				lex->at++;
			while (lex->at < lex->end && !is(*lex->at, FSTRING_STOP));
		}
	}
	if (lex->at >= lex->end) {
		if (lex->open)
			fail(lex, token->line, "a string is not closed");
		lex->open = 0;
	}
	lex->in_text = lex->open && lex->in_text;
	token->text = (struct str){ start, (size_t)(stop - start) };
}

/* Whether a word is a prefix of literals, and of which. */
static bool is_prefix(struct str word, bool *format, bool *raw)
{
	*format = false;
	*raw = false;
	if (word.len > 2)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)(word.ptr[i] | 0x20);

		if (c != 'r' && c != 'b' && c != 'u' && c != 'f' && c != 't')
			return false;
		*format = *format || c == 'f' || c == 't';
		*raw = *raw || c == 'r';
	}
	return true;
}

/* A literal whose opening quote is at lex->at. */
static void string(struct python_lex *lex, bool format, bool raw, struct python_token *token)
{
	char quote = *lex->at;
	bool triple = left(lex) > 2 && lex->at[1] == quote && lex->at[2] == quote;

	token->kind = PYTHON_STRING;
	lex->at += triple ? 3 : 1;
	if (!format || lex->open == PYTHON_FSTRINGS) {
		plain_string(lex, quote, triple, token);
		return;
	}
	lex->fstrings[lex->open++] = (struct python_fstring){ .quote = quote, .triple = triple, .raw = raw };
	lex->in_text = true;
	fstring_part(lex, token);
}

static void word_or_string(struct python_lex *lex, struct python_token *token)
{
	const char *start = lex->at;
	bool format;
	bool raw;

	while (lex->at < lex->end && python_is_word(*lex->at))
		lex->at++;
	token->text = (struct str){ start, (size_t)(lex->at - start) };
	if (lex->at < lex->end && is(*lex->at, QUOTE) && is_prefix(token->text, &format, &raw))
		string(lex, format, raw, token);
	else
		token->word = python_word(token->text);
}

static void open_bracket(struct python_lex *lex, char closes)
{
	if (lex->depth < PYTHON_BRACKETS) {
		lex->brackets[lex->depth] = closes;
		lex->bracket_lines[lex->depth] = lex->line;
	} else {
		fail(lex, lex->line, "brackets are nested too deep");
	}
	lex->depth++;
}

static void close_bracket(struct python_lex *lex, char c, bool at_hole)
{
	if (!lex->depth || at_hole) {
		fail(lex, lex->line, "a bracket closes that was not opened");
		return;
	}
	lex->depth--;
	if (lex->depth < PYTHON_BRACKETS && lex->brackets[lex->depth] != c)
		fail(lex, lex->line, "a bracket closes that was not opened");
}

/* One byte of punctuation. True where it ended a hole or began its format, and is no token. */
static bool punctuation(struct python_lex *lex, struct python_token *token)
{
	struct python_fstring *top = lex->open ? &lex->fstrings[lex->open - 1] : NULL;
	bool at_hole = top && lex->depth == top->depth;
	char c = *lex->at;

	token->kind = PYTHON_OP;
	token->text = (struct str){ lex->at++, 1 };
	if (at_hole && c == '}') {
		lex->in_text = true;
		return true;
	}
	if (at_hole && c == ':' && lex->open < PYTHON_FSTRINGS) {
		lex->fstrings[lex->open++] = (struct python_fstring){
			.quote = top->quote, .triple = top->triple, .raw = top->raw, .format = true
		};
		lex->in_text = true;
		return true;
	}
	switch (c) {
	case '(':
		open_bracket(lex, ')');
		break;
	case '[':
		open_bracket(lex, ']');
		break;
	case '{':
		open_bracket(lex, '}');
		break;
	case ')':
	case ']':
	case '}':
		close_bracket(lex, c, at_hole);
		break;
	case '!':
		if (!lex->open && (lex->at >= lex->end || *lex->at != '='))
			fail(lex, lex->line, "'!' stands alone");
		break;
	case '`':
	case '$':
	case '?':
	case '\\':
		if (lex->at < lex->end)
			fail(lex, lex->line, "a character that is no Python 3");
		break;
	default:
		break;
	}
	return false;
}

/* Steps over blanks, comments and joined lines; true at the end of a logical line, which it leaves behind. */
static bool skip_blanks(struct python_lex *lex)
{
	while (lex->at < lex->end && is(*lex->at, BLANK | LINE_END | ODD)) {
		char c = *lex->at;

		if (is(c, BLANK)) {
			lex->at++;
		} else if (c == '#') {
			while (lex->at < lex->end && !is(*lex->at, LINE_END))
				lex->at++;
		} else if (is(c, LINE_END)) {
			(void)skip_line_end(lex);
			if (lex->depth == 0 && lex->open == 0)
				return true;
		} else if (left(lex) > 1 && is(lex->at[1], LINE_END)) {
			skip_escape(lex);
		} else {
			return false;
		}
	}
	return false;
}

/* What is still open where the source ends. */
static void at_end(struct python_lex *lex)
{
	if (lex->depth)
		fail(lex,
		     lex->bracket_lines[(lex->depth < PYTHON_BRACKETS ? lex->depth : PYTHON_BRACKETS) - 1],
		     "a bracket is not closed");
	else if (lex->open)
		fail(lex, lex->line, "a string is not closed");
}

struct python_token python_lex_next(struct python_lex *lex)
{
	struct python_token token = { .kind = PYTHON_NEWLINE };

	for (;;) {
		bool line_end = !lex->in_text && skip_blanks(lex);

		token.line = lex->line;
		token.text = (struct str){ lex->at, 0 };
		if (line_end) {
			lex->logical = lex->at;
			return token;
		}
		if (lex->at >= lex->end) {
			at_end(lex);
			token.kind = PYTHON_END;
			return token;
		}
		if (lex->in_text) {
			token.kind = PYTHON_STRING;
			fstring_part(lex, &token);
			return token;
		}
		if (is(*lex->at, WORD)) {
			token.kind = PYTHON_NAME;
			word_or_string(lex, &token);
			return token;
		}
		if (is(*lex->at, QUOTE)) {
			string(lex, false, false, &token);
			return token;
		}
		if (!punctuation(lex, &token))
			return token;
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of the escape behind the backslash at text.ptr[0], and how long it is; 0 for others. */
static size_t unescape_one(struct str text, char *value)
{
	static const char names[] = "\\'\"ntr";
	static const char values[] = "\\'\"\n\t\r";
	const char *name;

	if (text.len < 2 || text.ptr[1] == '\0')
		return 0;
	if (text.ptr[1] == 'x' && text.len > 3 && hex_digit(text.ptr[2]) >= 0 &&
	    hex_digit(text.ptr[3]) >= 0) {
		*value = (char)(hex_digit(text.ptr[2]) * 16 + hex_digit(text.ptr[3]));
		return 4;
	}
	name = strchr(names, text.ptr[1]);
	if (!name)
		return 0;
	*value = values[name - names];
	return 2;
}

size_t python_unescape(struct str text, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len;) {
		size_t escape = 0;
		char c = text.ptr[i];

		if (c == '\\' && i + 1 < text.len && text.ptr[i + 1] == '\n') {
			i += 2;
			continue;
		}
		if (c == '\\')
			escape = unescape_one(str_from(text, i), &c);
		out[len++] = c;
		i += escape ? escape : 1;
	}
	return len;
}
