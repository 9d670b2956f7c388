#include "model/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void note_add(struct notes *notes, struct arena *arena, enum code code, struct str path, struct str cure,
	      const char *fmt, ...)
{
	char text[2048];
	va_list args;
	struct note *note = vec_push(arena, &notes->list);

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	*note = (struct note){
		.code = code, .path = path, .cure = cure, .text = str_dup(arena, str_of(text))
	};
}

static int compare(const void *left, const void *right)
{
	const struct note *a = left;
	const struct note *b = right;
	int order;

	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	order = str_cmp(a->path, b->path);
	return order ? order : str_cmp(a->text, b->text);
}

void notes_sort(struct notes *notes)
{
	struct note *at = notes->list.at;
	size_t kept = 0;

	if (notes->list.len)
		qsort(at, notes->list.len, sizeof(*at), compare);
	for (size_t i = 0; i < notes->list.len; i++)
		if (i == 0 || compare(&at[i], &at[kept - 1]) != 0)
			at[kept++] = at[i];
	notes->list.len = kept;
}
