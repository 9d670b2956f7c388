#include "scan/binary_modules.h"
#include "scan/python_lex.h"

enum {
	TEXT_NAME_MAX = 200, /* bytes of a dotted name */
	CUT_MAX = 2,	     /* attributes behind a module */
};

static bool begins_name(char c)
{
	return python_is_word(c) && !(c >= '0' && c <= '9');
}

/*
 * The dotted name at the start of the text, with at most one colon for a dot ("module:attribute"). Its
 * length; 0 where there is none.
 */
static size_t dotted_name(struct str text, size_t *dots)
{
	size_t at = 0;
	bool colon = false;

	*dots = 0;
	while (at < text.len && begins_name(text.ptr[at])) {
		while (at < text.len && python_is_word(text.ptr[at]))
			at++;
		if (at + 1 >= text.len || !begins_name(text.ptr[at + 1]))
			return at;
		if (text.ptr[at] == ':' && !colon)
			colon = true;
		else if (text.ptr[at] != '.')
			return at;
		++*dots;
		at++;
	}
	return at;
}

/*
 * The longest module that the name begins with, with two parts cut off at most: of two parts at least, or
 * right in front of a colon.
 */
static void see_name(const struct modules *modules, struct str name, binary_sees *sees, void *ctx)
{
	struct str colon = STR("");
	struct str attribute;
	struct str module = name;
	size_t cut = 0;

	if (str_cut(name, ':', &colon, &attribute)) {
		module = colon;
		cut = 1;
	} else {
		colon = STR("");
	}
	while (module.len) {
		uint32_t id = modules_find(modules, module);
		size_t dot = module.len;

		while (dot && module.ptr[dot - 1] != '.')
			dot--;
		if (id != NO_MODULE && (dot || module.len == colon.len)) {
			sees(ctx, id, name);
			return;
		}
		if (dot == 0 || cut++ == CUT_MAX)
			return;
		module = str_head(module, dot - 1);
	}
}

void text_modules(const struct modules *modules, struct str text, binary_sees *sees, void *ctx)
{
	size_t at = 0;

	while (at < text.len) {
		size_t dots;
		size_t len;

		if (!python_is_word(text.ptr[at])) {
			at++;
			continue;
		}
		len = dotted_name(str_from(text, at), &dots);
		if (dots && len <= TEXT_NAME_MAX)
			see_name(modules, str_head(str_from(text, at), len), sees, ctx);
		at += len ? len : 1;
		while (at < text.len && python_is_word(text.ptr[at]))
			at++;
	}
}
