#include "scan/python_optional.h"

#include "scan/metadata.h"

struct question {
	uint32_t line;
	bool any;
	bool all; /* of what the line names is guarded */
	bool in_try;
};

static void see(void *ctx, const struct mention *mention)
{
	struct question *question = ctx;

	if (mention->line != question->line)
		return;
	question->any = true;
	question->in_try |= mention->in_try;
	question->all &= mention->in_try || mention->guard != GUARD_NONE;
}

/* One line of code at a time; lines inside of texts in triple quotes are none. */
struct reader_of_lines {
	struct str rest;
	struct str line; /* without white space at its ends */
	size_t indent;
	uint32_t number;
	bool in_text;
};

static bool has_odd_quotes(struct str line, struct str quotes)
{
	bool odd = false;

	for (ptrdiff_t at; (at = str_find(line, quotes)) >= 0; odd = !odd)
		line = str_from(line, (size_t)at + quotes.len);
	return odd;
}

static bool next_line(struct reader_of_lines *reader)
{
	struct str line;

	while (metadata_line(&reader->rest, &line)) {
		bool was_text = reader->in_text;

		reader->number++;
		if (has_odd_quotes(line, STR("\"\"\"")) != has_odd_quotes(line, STR("'''")))
			reader->in_text = !reader->in_text;
		reader->line = str_trim(line);
		if (was_text || reader->line.len == 0 || reader->line.ptr[0] == '#')
			continue;
		reader->indent = (size_t)(reader->line.ptr - line.ptr);
		return true;
	}
	return false;
}

static bool begins_with_word(struct str line, struct str word)
{
	char next;

	if (!str_starts(line, word))
		return false;
	next = line.len > word.len ? line.ptr[word.len] : ' ';
	return next == ' ' || next == ':' || next == '\t' || next == '(';
}

/* Whether a handler of the `try` that the line stands in raises: behind it, less indented, `except`. */
static bool raises_again(struct str source, uint32_t number)
{
	struct reader_of_lines reader = { .rest = source };
	size_t outer = 0;
	bool in_handler = false;
	size_t handler = 0;

	while (next_line(&reader)) {
		bool is_except = begins_with_word(reader.line, STR("except"));
		ptrdiff_t colon = str_find(reader.line, STR(":"));

		if (reader.number <= number) {
			outer = reader.indent;
			continue;
		}
		if (in_handler && reader.indent <= handler && !(is_except && reader.indent == handler))
			return false;
		if (is_except && (in_handler ? reader.indent == handler : reader.indent < outer)) {
			in_handler = true;
			handler = reader.indent;
			reader.line = str_trim(str_from(reader.line, (size_t)(colon + 1)));
		} else if (!in_handler && reader.indent < outer) {
			outer = reader.indent + 1;
		}
		if (in_handler && begins_with_word(reader.line, STR("raise")))
			return true;
	}
	return !in_handler;
}

/* A line that others are indented below. */
struct block {
	size_t indent;
	bool handler;  /* for an import that failed */
	uint32_t from; /* the line; of `except` that of its `try` */
};

static bool catches_imports(struct str line)
{
	return begins_with_word(line, STR("except")) &&
	       (str_starts(line, STR("except:")) || str_find(line, STR("ImportError")) >= 0 ||
		str_find(line, STR("ModuleNotFoundError")) >= 0 || str_find(line, STR("Exception")) >= 0);
}

bool python_is_fallback(struct str source, uint32_t line, uint32_t *from)
{
	enum { DEPTH = 100 }; /* CPython's own limit (MAXINDENT) */
	struct reader_of_lines reader = { .rest = source };
	struct block blocks[DEPTH] = { 0 };
	size_t depth = 0;

	while (next_line(&reader) && reader.number <= line) {
		struct block block = { reader.indent, catches_imports(reader.line), reader.number };

		while (depth && blocks[depth - 1].indent > block.indent)
			depth--;
		if (depth && blocks[depth - 1].indent == block.indent) {
			depth--;
			if (begins_with_word(reader.line, STR("except")))
				block.from = blocks[depth].from;
		}
		if (depth == DEPTH)
			return false;
		blocks[depth++] = block;
	}
	while (depth-- > 0)
		if (blocks[depth].handler) {
			*from = blocks[depth].from;
			return true;
		}
	return false;
}

bool python_is_optional(struct str source, uint32_t line, const struct python_target *target)
{
	struct question question = { .line = line, .all = true };

	(void)python_names(source, target, see, &question);
	if (!question.any || !question.all)
		return false;
	return !question.in_try || !raises_again(source, line);
}
