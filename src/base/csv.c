#include "base/csv.h"

#include <string.h>

#include "base/arena.h"

/* The place behind the closing quote of a field whose opening quote is at `at`. */
static size_t quoted_end(struct str text, size_t at, bool *open)
{
	for (at++; at < text.len; at++) {
		const char *quote = memchr(text.ptr + at, '"', text.len - at);

		if (!quote)
			break;
		at = (size_t)(quote - text.ptr) + 1;
		if (at >= text.len || text.ptr[at] != '"')
			return at;
	}
	*open = true;
	return text.len;
}

/* The place behind a field that starts at `at`. As in Python, only a quote at the start of a field quotes. */
static size_t field_end(struct str text, size_t at, bool *open)
{
	if (at < text.len && text.ptr[at] == '"')
		at = quoted_end(text, at, open);
	while (at < text.len && text.ptr[at] != ',' && text.ptr[at] != '\n' && text.ptr[at] != '\r')
		at++;
	return at;
}

static size_t line_end_len(struct str text, size_t at)
{
	if (at >= text.len)
		return 0;
	return text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n' ? 2 : 1;
}

bool csv_next(struct str *rest, struct csv_row *row)
{
	struct str text = *rest;
	size_t at = 0;

	if (text.len == 0)
		return false;
	*row = (struct csv_row){ 0 };
	if (text.ptr[0] != '\n' && text.ptr[0] != '\r') {
		for (;; at++) {
			size_t end = field_end(text, at, &row->open);

			if (row->fields < CSV_FIELDS)
				row->field[row->fields] = str_head(str_from(text, at), end - at);
			row->fields++;
			at = end;
			if (at >= text.len || text.ptr[at] != ',')
				break;
		}
	}
	row->end = str_head(str_from(text, at), line_end_len(text, at));
	row->raw = str_head(text, at + row->end.len);
	*rest = str_from(text, row->raw.len);
	return true;
}

struct str csv_value(struct arena *arena, struct str field)
{
	struct str inner = str_from(field, 1);
	size_t len = 0;
	size_t at = 0;
	char *out;

	if (field.len == 0 || field.ptr[0] != '"')
		return field;
	if (inner.len && memchr(inner.ptr, '"', inner.len) == inner.ptr + inner.len - 1)
		return str_head(inner, inner.len - 1);
	out = arena_alloc(arena, inner.len, 1);
	for (; at < inner.len; at++) {
		if (inner.ptr[at] == '"' && (++at >= inner.len || inner.ptr[at] != '"'))
			break;
		out[len++] = inner.ptr[at];
	}
	/* What follows the closing quote is part of the value, as Python's lenient reader has it. */
	if (at < inner.len)
		memcpy(out + len, inner.ptr + at, inner.len - at);
	return (struct str){ out, len + (inner.len - at) };
}
