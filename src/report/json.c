#include "platform/lambda.h"
#include "report/json_value.h"
#include "report/report.h"

/* docs/report-schema.json describes what is written here; a test validates one against the other. */
#define SCHEMA_VERSION "1.2.0"

static json_t *inputs_json(const struct report *report, struct arena *arena)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->bundle->trees.len; i++) {
		const struct tree *tree = &report->bundle->trees.at[i];
		json_t *object = json_object();

		json_set_name(object, "path", tree->name, arena);
		(void)json_object_set_new(object, "role",
					  json_string(tree->role == TREE_LAYER ? "layer" : "function"));
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *target_json(const struct report *report, struct arena *arena)
{
	static const char *const arches[] = { [ARCH_X86_64] = "x86_64", [ARCH_ARM64] = "arm64" };
	const struct target *target = report->target;
	json_t *object = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < target->handlers.len; i++) {
		const struct handler *handler = &target->handlers.at[i];
		json_t *item = json_object();

		json_set_name(item, "name", handler->name, arena);
		json_set_name(item, "place", handler->place, arena);
		json_set_name(item, "path", report->bundle->files.at[handler->file].path, arena);
		(void)json_array_append_new(list, item);
	}
	(void)json_object_set_new(object, "handlers", list);
	(void)json_object_set_new(object, "runtime",
				  target->minor ? json_string(str_fmt(arena, "python3.%u", target->minor).ptr)
						: json_null());
	(void)json_object_set_new(object, "architecture",
				  target->arch == ARCH_ANY ? json_null() : json_string(arches[target->arch]));
	(void)json_object_set_new(object, "pruned", json_boolean(target->pruned));
	return object;
}

static json_t *reasons_json(const struct report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->reasons.len; i++) {
		const struct reason_row *row = &report->reasons.at[i];
		json_t *object = json_object();

		json_set_code(object, row->code);
		(void)json_object_set_new(object, "title",
					  json_string(code_find((unsigned)row->code)->title));
		(void)json_object_set_new(object, "files", json_number(row->files));
		(void)json_object_set_new(object, "changed", json_number(row->changed));
		(void)json_object_set_new(object, "bytes", json_number(row->bytes));
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

		json_set_name(object, "name", group->name, arena);
		json_set_name(object, "version", group->version, arena);
		(void)json_object_set_new(object, "kind",
					  json_string(group->name.len ? "distribution" : "first-party"));
		(void)json_object_set_new(object, "before",
					  json_tally(&group->before, report->before.zip > 0));
		(void)json_object_set_new(object, "after", json_tally(&group->after, report->has_zip));
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
	case REWRITE_LINK:
		return "link";
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

	json_set_name(object, "path", file->path, arena);
	(void)json_object_set_new(object, "kind", json_string(kinds[file->kind]));
	(void)json_object_set_new(object, "action", json_string(action_name(decision)));
	(void)json_object_set_new(object, "before", json_number(file->size));
	(void)json_object_set_new(object, "after", json_number(report->outcomes[id].size));
	if (decision->rewrite == REWRITE_LINK)
		json_set_name(object, "link", plan_link_text(report->plan, report->bundle, id), arena);
	json_set_code(object, decision->reason.code);
	if (decision->reason.via.len)
		json_set_name(object, "via", decision->reason.via, arena);
	if (decision->reason.parent != NO_FILE) {
		json_set_name(object, "parent", report->bundle->files.at[decision->reason.parent].path,
			      arena);
		(void)json_object_set_new(object, "line", json_number(decision->reason.line));
		(void)json_object_set_new(object, "edge", json_string(edge_kind_name(decision->reason.kind)));
		(void)json_object_set_new(object, "broad", json_boolean(decision->reason.broad));
	}
	return object;
}

static json_t *notes_json(const struct report *report, struct arena *arena)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->bundle->notes.list.len; i++) {
		const struct note *note = &report->bundle->notes.list.at[i];
		json_t *object = json_object();

		json_set_code(object, note->code);
		(void)json_object_set_new(
			object, "level",
			json_string(code_level_name(code_find((unsigned)note->code)->level)));
		json_set_name(object, "path", note->path, arena);
		json_set_name(object, "text", note->text, arena);
		json_set_name(object, "cure", note->cure, arena);
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
	json_set_name(object, "path", report->output, arena);
	(void)json_object_set_new(object, "size",
				  report->has_zip ? json_number(report->after.zip) : json_null());
	return object;
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
	(void)json_object_set_new(root, "target", target_json(report, out->arena));
	(void)json_object_set_new(root, "limits",
				  json_pack("{s:I,s:I}", "unzipped", (json_int_t)LAMBDA_UNZIPPED_LIMIT,
					    "direct_upload", (json_int_t)LAMBDA_UPLOAD_LIMIT));
	(void)json_object_set_new(totals, "before", json_tally(&report->before, report->before.zip > 0));
	(void)json_object_set_new(totals, "after", json_tally(&report->after, report->has_zip));
	(void)json_object_set_new(root, "totals", totals);
	(void)json_object_set_new(root, "reasons", reasons_json(report));
	(void)json_object_set_new(root, "distributions", groups_json(report, out->arena));
	for (uint32_t id = 0; id < report->bundle->files.len; id++)
		(void)json_array_append_new(files, file_json(report, id, out->arena));
	(void)json_object_set_new(root, "files", files);
	(void)json_object_set_new(root, "notes", notes_json(report, out->arena));
	(void)json_object_set_new(root, "output", output_json(report, out->arena));
	json_write(root, out);
}
