#include "scan/python_quoted.h"

#include <string.h>

#include "scan/python_lex.h"

struct quoted {
	struct str source;
	python_sees *sees;
	void *ctx;
};

static bool begins_statement(struct str source, const char *at)
{
	while (at > source.ptr && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == source.ptr || (at[-1] && strchr("\n\r;:", at[-1]));
}

static void see_import(void *ctx, const struct mention *mention)
{
	const struct quoted *quoted = ctx;

	if (mention->kind == MENTION_IMPORT && mention->level == 0 &&
	    begins_statement(quoted->source, mention->evidence.ptr))
		quoted->sees(quoted->ctx, mention);
}

void python_quoted_imports(const struct mention *literal, struct arena *scratch, python_sees *sees, void *ctx)
{
	struct quoted quoted = { .sees = sees, .ctx = ctx };
	char *source;

	if (literal->code.len == 0)
		return;
	source = arena_array(scratch, char, literal->code.len);
	quoted.source = (struct str){ source, python_unescape(literal->code, source) };
	(void)python_names(quoted.source, &(struct python_target){ 0 }, see_import, &quoted);
}

bool python_quoted_program(struct str *rest, struct str *name)
{
	ptrdiff_t at;

	while ((at = str_find(*rest, STR("-m "))) >= 0) {
		struct str text = str_from(*rest, (size_t)at + 3);
		size_t len = 0;

		while (text.len && text.ptr[0] == ' ')
			text = str_from(text, 1);
		while (len < text.len && (text.ptr[len] == '.' || python_is_word(text.ptr[len])))
			len++;
		*rest = str_from(text, len);
		*name = str_head(text, len);
		if (len)
			return true;
	}
	return false;
}

size_t python_format_field(struct str text)
{
	static const char flags[] = "#0- +.*123456789hlL";
	const char *close;
	size_t len = 1;

	if (text.ptr[0] == '{') {
		close = memchr(text.ptr, '}', text.len);
		return close ? (size_t)(close - text.ptr) + 1 : text.len;
	}
	if (text.ptr[0] != '%')
		return 0;
	if (text.len > 1 && text.ptr[1] == '(') {
		close = memchr(text.ptr, ')', text.len);
		len = close ? (size_t)(close - text.ptr) + 1 : text.len;
	}
	while (len < text.len && text.ptr[len] && strchr(flags, text.ptr[len]))
		len++;
	return len < text.len ? len + 1 : len;
}
