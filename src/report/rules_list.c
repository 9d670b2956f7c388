#include "base/arena.h"
#include "base/text.h"
#include "report/json_value.h"
#include "report/why.h"

#define SCHEMA_VERSION "1.0.0"

enum { ID_WIDTH = 34 };

/* --- text --------------------------------------------------------------------------------------------- */

static void add_change(struct buf *out, const char *what, const struct tally *tally)
{
	char files[TEXT_SIZE_MAX];
	char count[TEXT_SIZE_MAX];
	char size[TEXT_SIZE_MAX];

	if (tally->files == 0)
		return;
	text_count(files, tally->files);
	text_count(count, tally->unzipped);
	text_size(size, tally->unzipped);
	buf_printf(out, "      %-18s %8s %13s %11s\n", what, files, count, size);
}

void rules_text(const struct rule_rows *rows, const struct report_style *style, struct buf *out)
{
	const char *bold = style->color ? "\033[1m" : "";
	const char *plain = style->color ? "\033[0m" : "";

	if (rows->package.len)
		buf_printf(out, "%s      %-18s %8s %13s%s\n", bold, "", "files", "bytes", plain);
	for (size_t i = 0; i < rows->len; i++) {
		const struct rule_row *row = &rows->at[i];
		struct str id = text_escape(out->arena, row->id);

		buf_printf(out, "%s%.*s%s", bold, STR_ARG(id), plain);
		if (rows->package.len == 0) {
			buf_fill(out, ' ', id.len < ID_WIDTH ? ID_WIDTH - id.len : 0);
			buf_printf(out, "  %s  %.*s", row->effect,
				   STR_ARG(text_escape(out->arena, row->place)));
		}
		buf_printf(out, "\n      %.*s\n", STR_ARG(text_escape(out->arena, row->because)));
		add_change(out, "dropped", &row->dropped);
		add_change(out, "kept", &row->kept);
		add_change(out, "brought along", &row->tied);
	}
	if (rows->len == 0)
		buf_add(out, STR("no rule changes anything\n"));
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static json_t *change_json(const struct tally *tally)
{
	json_t *object = json_object();

	(void)json_object_set_new(object, "files", json_number(tally->files));
	(void)json_object_set_new(object, "bytes", json_number(tally->unzipped));
	return object;
}

void rules_json(const struct rule_rows *rows, struct buf *out)
{
	json_t *root = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < rows->len; i++) {
		const struct rule_row *row = &rows->at[i];
		json_t *object = json_object();

		json_set_name(object, "id", row->id, out->arena);
		json_set_name(object, "because", row->because, out->arena);
		json_set_name(object, "place", row->place, out->arena);
		(void)json_object_set_new(object, "effect", json_string(row->effect));
		if (rows->package.len) {
			(void)json_object_set_new(object, "dropped", change_json(&row->dropped));
			(void)json_object_set_new(object, "kept", change_json(&row->kept));
			(void)json_object_set_new(object, "brought", change_json(&row->tied));
		}
		(void)json_array_append_new(list, object);
	}
	(void)json_object_set_new(root, "schema_version", json_string(SCHEMA_VERSION));
	if (rows->package.len)
		json_set_name(root, "package", rows->package, out->arena);
	(void)json_object_set_new(root, "rules", list);
	json_write(root, out);
}
