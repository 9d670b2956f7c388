#include "scan/reference_binary.h"

#include <string.h>

#include "scan/python_lex.h"
#include "scan/reference_text.h"

static void see_name(struct scan *scan, struct str name)
{
	struct sight sight = { .kind = EDGE_DYNAMIC, .evidence = name };

	if (name.len <= 255 && markers_hinted_in(&scan->candidates->markers, name))
		reference_text_name(scan, name, &sight);
}

/*
 * Dots are rare enough to go from one to the next; what is around each is taken as far as it is a dotted
 * name.
 */
void reference_binary(struct scan *scan, struct str bytes)
{
	const char *from = bytes.ptr;
	const char *end = bytes.ptr + bytes.len;

	while (from < end) {
		const char *dot = memchr(from, '.', (size_t)(end - from));
		const char *start = dot;
		const char *stop = dot;

		if (!dot)
			return;
		while (start > from && python_is_word(start[-1]) && (unsigned char)start[-1] < 0x80)
			start--;
		while (stop < end && (*stop == '.' || python_is_word(*stop)) && (unsigned char)*stop < 0x80)
			stop++;
		if (start < dot && stop > dot + 1)
			see_name(scan, (struct str){ start, (size_t)(stop - start) });
		from = stop;
	}
}

/* The short string of marshal whose type stands in front of bytes.ptr, or "". */
static struct str short_string(struct str bytes)
{
	size_t len = bytes.len ? (unsigned char)bytes.ptr[0] : 0;

	return len < bytes.len ? (struct str){ bytes.ptr + 1, len } : STR("");
}

void reference_bytecode(struct scan *scan, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		/* 'z' and 'Z' (interned), with or without the flag of what is referred to later. */
		char type = (char)(bytes.ptr[i] & 0x7F);
		struct str text = type == 'z' || type == 'Z' ? short_string(str_from(bytes, i + 1)) : STR("");
		struct mention mention = { .kind = MENTION_TEXT, .text = text, .callee = STR("import_module") };
		struct sight sight = { .evidence = text };

		if (text.len && (scan->inside || markers_hinted_in(&scan->candidates->markers, text)))
			reference_text(scan, &mention, &sight);
	}
}
