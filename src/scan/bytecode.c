#include "scan/binary_modules.h"
#include "scan/python_names.h"

enum { TEXT_MAX = 255 }; /* longer constants are no names */

/* The length of the string whose type stands at the start, and of what stands in front of its text; 0 where
 * there is none. */
static size_t string_at(struct bytes bytes, size_t *front)
{
	size_t len;

	switch (bytes.ptr[0] & 0x7F) { /* without the flag of what is referred to later */
	case 'z':
	case 'Z':
		*front = 2;
		len = bytes.len < 2 ? 0 : bytes.ptr[1];
		break;
	case 'a':
	case 'A':
	case 'u':
	case 't':
		*front = 5;
		len = bytes.len < 5 || bytes.ptr[2] || bytes.ptr[3] || bytes.ptr[4] ? 0 : bytes.ptr[1];
		break;
	default:
		return 0;
	}
	return len > 0 && len <= TEXT_MAX && len <= bytes.len - *front ? len : 0;
}

static bool is_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7F)
			return false;
	return true;
}

/*
 * No walk of marshal: the layout of code objects changes with nearly every version, that of strings has not
 * since 3.4. So what looks like a string where there is none is reported too; it rarely is a module.
 * Source: Python/marshal.c.
 */
void bytecode_mentions(struct bytes pyc, void (*sees)(void *ctx, const struct mention *mention), void *ctx)
{
	for (size_t at = 0; at < pyc.len; at++) {
		struct bytes rest = { pyc.ptr + at, pyc.len - at };
		size_t front;
		size_t len = string_at(rest, &front);
		struct str text = str_head(str_from(str_of_bytes(rest), len ? front : 0), len);

		if (len && is_text(text))
			sees(ctx, &(struct mention){ .kind = MENTION_TEXT,
						     .evidence = text,
						     .text = text,
						     .callee = STR("import_module") });
	}
}
