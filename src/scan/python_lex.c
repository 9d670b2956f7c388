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

void python_lex_init(struct python_lex *lex, struct str source)
{
	*lex = (struct python_lex){
		.at = source.ptr, .end = source.ptr + source.len, .line_start = source.ptr, .line = 1
	};
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
	lex->line_start = lex->at;
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

	for (stop = start; lex->at < lex->end; stop = lex->at) {
		char c = *lex->at;

		if (c == '\\') {
			token->escaped = true;
			skip_escape(lex);
		} else if (c == quote && skip_quotes(lex, quote, triple)) {
			break;
		} else if (c == '\n' || c == '\r') {
			if (!triple)
				break;
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
			lex->at++;
		}
	}
	if (lex->at >= lex->end)
		lex->open = 0;
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

		if (!strchr("rbuft", c) || c == '\0')
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
	if (lex->at < lex->end && (*lex->at == '"' || *lex->at == '\'') &&
	    is_prefix(token->text, &format, &raw))
		string(lex, format, raw, token);
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
	if (c == '(' || c == '[' || c == '{')
		lex->depth++;
	else if ((c == ')' || c == ']' || c == '}') && lex->depth && !at_hole)
		lex->depth--;
	return false;
}

/* Steps over blanks, comments and joined lines; true at the end of a logical line, which it leaves behind. */
static bool skip_blanks(struct python_lex *lex)
{
	while (lex->at < lex->end) {
		char c = *lex->at;

		if (c == ' ' || c == '\t' || c == '\f') {
			lex->at++;
		} else if (c == '#') {
			while (lex->at < lex->end && *lex->at != '\n' && *lex->at != '\r')
				lex->at++;
		} else if (c == '\n' || c == '\r') {
			(void)skip_line_end(lex);
			if (lex->depth == 0 && lex->open == 0)
				return true;
		} else if (c == '\\' && left(lex) > 1 && (lex->at[1] == '\n' || lex->at[1] == '\r')) {
			skip_escape(lex);
		} else {
			return false;
		}
	}
	return false;
}

struct python_token python_lex_next(struct python_lex *lex)
{
	struct python_token token = { .kind = PYTHON_NEWLINE };

	for (;;) {
		bool line_end = !lex->in_text && skip_blanks(lex);

		token.line = lex->line;
		token.column = (uint32_t)(lex->at - lex->line_start);
		token.text = (struct str){ lex->at, 0 };
		if (line_end)
			return token;
		if (lex->at >= lex->end) {
			token.kind = PYTHON_END;
			return token;
		}
		if (lex->in_text) {
			token.kind = PYTHON_STRING;
			fstring_part(lex, &token);
			return token;
		}
		if (*lex->at == '"' || *lex->at == '\'') {
			string(lex, false, false, &token);
			return token;
		}
		if (python_is_word(*lex->at)) {
			token.kind = PYTHON_NAME;
			word_or_string(lex, &token);
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
