#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"
#include "platform/lambda.h"
#include "report/report.h"

/* docs/report-schema.json describes what is written here; a test validates one against the other. */
#define SCHEMA_VERSION "1.0.0"

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static struct str base64(struct arena *arena, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf out = { .arena = arena };

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t word = 0;
		char quad[4];

		for (size_t k = 0; k < 3; k++)
			word = word << 8 | (i + k < s.len ? (unsigned char)s.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			quad[k] = i + k > s.len ? '=' : digits[word >> (18 - 6 * k) & 63];
		buf_add(&out, (struct str){ quad, 4 });
	}
	return buf_str(&out);
}

/* A name from outside: as it is where JSON can hold it, else escaped, with the bytes beside it. */
static void set_name(json_t *object, const char *key, struct str name, struct arena *arena)
{
	if (text_is_utf8(name)) {
		(void)json_object_set_new(object, key, json_stringn(name.ptr ? name.ptr : "", name.len));
	} else {
		struct str shown = text_escape(arena, name);
		struct str bytes = base64(arena, name);
		struct str key64 = str_fmt(arena, "%s_b64", key);

		(void)json_object_set_new(object, key, json_stringn(shown.ptr, shown.len));
		(void)json_object_set_new(object, key64.ptr, json_stringn(bytes.ptr, bytes.len));
	}
}

static void set_code(json_t *object, enum code code)
{
	char text[REPORT_CODE_MAX];

	report_code(text, code);
	(void)json_object_set_new(object, "code", json_string(text));
	(void)json_object_set_new(object, "name", json_string(code_find((unsigned)code)->name));
}

static json_t *tally_json(const struct tally *tally, bool has_zip)
{
	json_t *object = json_object();

	(void)json_object_set_new(object, "files", number(tally->files));
	(void)json_object_set_new(object, "unzipped", number(tally->unzipped));
	(void)json_object_set_new(object, "zip", has_zip ? number(tally->zip) : json_null());
	return object;
}

static json_t *inputs_json(const struct report *report, struct arena *arena)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->bundle->trees.len; i++) {
		const struct tree *tree = &report->bundle->trees.at[i];
		json_t *object = json_object();

		set_name(object, "path", tree->name, arena);
		(void)json_object_set_new(object, "role",
					  json_string(tree->role == TREE_LAYER ? "layer" : "function"));
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *reasons_json(const struct report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->reasons.len; i++) {
		const struct reason_row *row = &report->reasons.at[i];
		json_t *object = json_object();

		set_code(object, row->code);
		(void)json_object_set_new(object, "title",
					  json_string(code_find((unsigned)row->code)->title));
		(void)json_object_set_new(object, "files", number(row->files));
		(void)json_object_set_new(object, "changed", number(row->changed));
		(void)json_object_set_new(object, "bytes", number(row->bytes));
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *groups_json(const struct report *report, struct arena *arena)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->groups.len; i++) {
		const struct group_row *group = &report->groups.at[i];
		json_t *object = json_object();

		set_name(object, "name", group->name, arena);
		set_name(object, "version", group->version, arena);
		(void)json_object_set_new(object, "kind",
					  json_string(group->name.len ? "distribution" : "first-party"));
		(void)json_object_set_new(object, "before",
					  tally_json(&group->before, report->before.zip > 0));
		(void)json_object_set_new(object, "after", tally_json(&group->after, report->has_zip));
		(void)json_array_append_new(list, object);
	}
	return list;
}

static const char *action_name(const struct decision *decision)
{
	if (decision->action == ACTION_DROP)
		return "drop";
	switch (decision->rewrite) {
	case REWRITE_STRIP:
		return "strip";
	case REWRITE_RECORD:
		return "rewrite";
	case REWRITE_NONE:
		break;
	}
	return "keep";
}

static json_t *file_json(const struct report *report, uint32_t id, struct arena *arena)
{
	static const char *const kinds[] = {
		[FILE_REGULAR] = "file", [FILE_DIR] = "directory", [FILE_SYMLINK] = "symlink"
	};
	const struct file *file = &report->bundle->files.at[id];
	const struct decision *decision = &report->plan->at[id];
	json_t *object = json_object();

	set_name(object, "path", file->path, arena);
	(void)json_object_set_new(object, "kind", json_string(kinds[file->kind]));
	(void)json_object_set_new(object, "action", json_string(action_name(decision)));
	(void)json_object_set_new(object, "before", number(file->size));
	(void)json_object_set_new(object, "after", number(report->outcomes[id].size));
	set_code(object, decision->reason.code);
	if (decision->reason.via.len)
		set_name(object, "via", decision->reason.via, arena);
	if (decision->reason.parent != NO_FILE) {
		set_name(object, "parent", report->bundle->files.at[decision->reason.parent].path, arena);
		(void)json_object_set_new(object, "line", number(decision->reason.line));
	}
	return object;
}

static json_t *notes_json(const struct report *report, struct arena *arena)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->bundle->notes.list.len; i++) {
		const struct note *note = &report->bundle->notes.list.at[i];
		json_t *object = json_object();

		set_code(object, note->code);
		set_name(object, "path", note->path, arena);
		set_name(object, "text", note->text, arena);
		set_name(object, "cure", note->cure, arena);
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *output_json(const struct report *report, struct arena *arena)
{
	json_t *object;

	if (report->output.len == 0)
		return json_null();
	object = json_object();
	set_name(object, "path", report->output, arena);
	(void)json_object_set_new(object, "size", report->has_zip ? number(report->after.zip) : json_null());
	return object;
}

static int append(const char *text, size_t len, void *buf)
{
	buf_add(buf, (struct str){ text, len });
	return 0;
}

void report_json(const struct report *report, const struct report_style *style, struct buf *out)
{
	json_t *root = json_object();
	json_t *files = json_array();
	json_t *totals = json_object();

	(void)style;
	(void)json_object_set_new(root, "schema_version", json_string(SCHEMA_VERSION));
	(void)json_object_set_new(root, "slim", json_pack("{s:s}", "version", SLIM_VERSION));
	(void)json_object_set_new(root, "inputs", inputs_json(report, out->arena));
	(void)json_object_set_new(root, "limits",
				  json_pack("{s:I,s:I}", "unzipped", (json_int_t)LAMBDA_UNZIPPED_LIMIT,
					    "direct_upload", (json_int_t)LAMBDA_UPLOAD_LIMIT));
	(void)json_object_set_new(totals, "before", tally_json(&report->before, report->before.zip > 0));
	(void)json_object_set_new(totals, "after", tally_json(&report->after, report->has_zip));
	(void)json_object_set_new(root, "totals", totals);
	(void)json_object_set_new(root, "reasons", reasons_json(report));
	(void)json_object_set_new(root, "distributions", groups_json(report, out->arena));
	for (uint32_t id = 0; id < report->bundle->files.len; id++)
		(void)json_array_append_new(files, file_json(report, id, out->arena));
	(void)json_object_set_new(root, "files", files);
	(void)json_object_set_new(root, "notes", notes_json(report, out->arena));
	(void)json_object_set_new(root, "output", output_json(report, out->arena));
	(void)json_dump_callback(root, append, out, JSON_INDENT(1));
	buf_add(out, STR("\n"));
	json_decref(root);
}
