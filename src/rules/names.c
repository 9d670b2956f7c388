#include "rules/names.h"

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* One part of a dotted name; names of files with '-' in them can be imported by computed names. */
static bool is_part(struct str part)
{
	for (size_t i = 0; i < part.len; i++)
		if (!is_word_char(part.ptr[i]) && part.ptr[i] != '*' && part.ptr[i] != '-')
			return false;
	return part.len != 0 && str_find(part, STR("**")) < 0;
}

const char *name_dotted_fault(struct str text)
{
	struct str rest = text;
	bool more = true;

	while (more) {
		struct str part;
		bool first = rest.len == text.len;

		more = str_cut(rest, '.', &part, &rest);
		if (!is_part(part) && (more || first || !str_eq(part, STR("**"))))
			return "a dotted name is expected, such as a.b, a.*, a.b_* or a.** (all below a)";
	}
	return NULL;
}

const char *name_import_fault(struct str text)
{
	bool relative = text.len && text.ptr[0] == '.';

	if (relative && str_eq(text, STR(".**")))
		return NULL;
	return name_dotted_fault(str_from(text, relative));
}

const char *name_child_fault(struct str text)
{
	return str_eq(text, STR("**")) ? NULL : name_dotted_fault(text);
}

const char *name_word_fault(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_word_char(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0x80)
			return "a name is expected, in letters, digits and '_'";
	return NULL;
}
