#include "transform/record.h"

#include <string.h>

#include "base/buf.h"
#include "base/csv.h"

/* Whether every row is path, hash and size; empty lines are let pass. */
static bool is_record(struct str text)
{
	struct csv_row row;
	bool any = false;

	if ((text.len && memchr(text.ptr, '\0', text.len)) || str_starts(text, STR("\xef\xbb\xbf")))
		return false;
	while (csv_next(&text, &row)) {
		if (row.fields == 0)
			continue;
		if (row.fields != 3 || row.open || row.field[0].len == 0)
			return false;
		any = true;
	}
	return any;
}

/* The row with hash and size left empty, which the specification allows where they are not known. */
static void add_changed(struct buf *out, const struct csv_row *row)
{
	buf_add(out, row->field[0]);
	buf_add(out, STR(",,"));
	buf_add(out, row->end);
}

bool record_rewrite(struct bytes record, record_asks *asks, void *ctx, struct arena *arena, struct bytes *out)
{
	struct str text = str_of_bytes(record);
	struct str rest = text;
	struct buf result = { .arena = arena };
	struct csv_row row;

	if (!is_record(text))
		return false;
	while (csv_next(&rest, &row)) {
		enum record_fate fate = row.fields ? asks(ctx, csv_value(arena, row.field[0])) : RECORD_KEEP;

		if (fate == RECORD_KEEP)
			buf_add(&result, row.raw);
		else if (fate == RECORD_CHANGED)
			add_changed(&result, &row);
	}
	if (str_eq(buf_str(&result), text))
		return false;
	*out = bytes_of_str(buf_str(&result));
	return true;
}
