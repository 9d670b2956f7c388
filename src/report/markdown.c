#include <inttypes.h>

#include "base/text.h"
#include "platform/lambda.h"
#include "report/report.h"

/* GitHub refuses comments of more than 65,536 characters; whole lines are left out before that. */
enum { LENGTH_MAX = 59000, GROUPS_SHOWN = 20 };

/* A cell or a line of text: no character of it may end the cell or begin markup. */
static void add_text(struct buf *out, struct str raw)
{
	struct str text = text_escape(out->arena, raw);

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '<')
			buf_add(out, STR("&lt;"));
		else if (c == '&')
			buf_add(out, STR("&amp;"));
		else if (c == '|' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']' || c == '@' ||
			 c == '#' || c == '~')
			buf_printf(out, "&#%d;", c);
		else
			buf_add(out, (struct str){ &c, 1 });
	}
}

static void add_row(struct buf *out, const char *label, uint64_t files, uint64_t bytes, const char *remark)
{
	char count[TEXT_SIZE_MAX];
	char exact[TEXT_SIZE_MAX];
	char size[TEXT_SIZE_MAX];

	text_count(count, files);
	text_count(exact, bytes);
	text_size(size, bytes);
	buf_printf(out, "| %s | %s | %s | %s | %s |\n", label, count, exact, size, remark);
}

static void add_totals(const struct report *report, struct buf *out)
{
	char share[TEXT_SIZE_MAX];

	buf_add(out, STR("| | files | bytes | | |\n|---|--:|--:|--:|---|\n"));
	text_percent(share, report->before.unzipped, LAMBDA_UNZIPPED_LIMIT);
	add_row(out, "before", report->before.files, report->before.unzipped,
		str_fmt(out->arena, "%s of the limit", share).ptr);
	for (size_t i = 0; i < report->reasons.len; i++) {
		const struct reason_row *row = &report->reasons.at[i];
		char code[REPORT_CODE_MAX];
		struct str title =
			str_fmt(out->arena, "\xe2\x88\x92 %s", code_find((unsigned)row->code)->title);

		if (row->changed)
			title = str_fmt(out->arena, "%s (in %" PRIu64 ")", title.ptr, row->changed);
		report_code(code, row->code);
		add_row(out, title.ptr, row->files, row->bytes, code);
	}
	text_percent(share, report->after.unzipped, LAMBDA_UNZIPPED_LIMIT);
	add_row(out, "**after**", report->after.files, report->after.unzipped,
		str_fmt(out->arena, "**%s of the limit**", share).ptr);
}

static void add_zip(const struct report *report, struct buf *out)
{
	char after[TEXT_SIZE_MAX];
	char before[TEXT_SIZE_MAX];

	if (!report->has_zip)
		return;
	text_size(after, report->after.zip);
	text_size(before, report->before.zip);
	buf_printf(out, "\nZip: **%s**", after);
	if (report->before.zip)
		buf_printf(out, ", was %s", before);
	buf_add(out, STR("\n"));
}

static void add_groups(const struct report *report, struct buf *out)
{
	buf_add(out,
		STR("\n<details><summary>Biggest left</summary>\n\n| | before | after |\n|---|--:|--:|\n"));
	for (size_t i = 0; i < report->groups.len && i < GROUPS_SHOWN; i++) {
		const struct group_row *group = &report->groups.at[i];
		char before[TEXT_SIZE_MAX];
		char after[TEXT_SIZE_MAX];

		text_size(before, group->before.unzipped);
		text_size(after, group->after.unzipped);
		buf_add(out, STR("| "));
		add_text(out, str_head(group->name.len ? group->name : STR("your files"), TEXT_NAME_RAW));
		buf_add(out, STR(" "));
		add_text(out, str_head(group->version, TEXT_NAME_RAW));
		buf_printf(out, " | %s | %s |\n", before, after);
	}
	if (report->groups.len > GROUPS_SHOWN)
		buf_printf(out, "| %zu more | | |\n", report->groups.len - GROUPS_SHOWN);
	buf_add(out, STR("\n</details>\n"));
}

static const char *level_mark(enum code code)
{
	switch (code_find((unsigned)code)->level) {
	case LEVEL_ERROR:
		return "**error**";
	case LEVEL_WARNING:
		return "**warning**";
	case LEVEL_NOTE:
		break;
	}
	return "note";
}

static void add_notes(const struct report *report, struct buf *out)
{
	const struct notes *notes = &report->bundle->notes;
	size_t i = 0;

	if (notes->list.len == 0)
		return;
	buf_add(out, STR("\n<details><summary>Notes</summary>\n\n"));
	for (; i < notes->list.len && out->len < LENGTH_MAX - 16 * TEXT_NAME_MAX; i++) {
		const struct note *note = &notes->list.at[i];
		char code[REPORT_CODE_MAX];

		report_code(code, note->code);
		buf_printf(out, "- %s %s ", level_mark(note->code), code);
		add_text(out, str_head(note->path, TEXT_NAME_RAW));
		buf_add(out, note->path.len ? STR(": ") : STR(""));
		add_text(out, str_head(note->text, (size_t)2 * TEXT_NAME_RAW));
		buf_add(out, STR("\n"));
	}
	if (i < notes->list.len)
		buf_printf(out, "- and %zu more\n", notes->list.len - i);
	buf_add(out, STR("\n</details>\n"));
}

void report_markdown(const struct report *report, const struct report_style *style, struct buf *out)
{
	char size[TEXT_SIZE_MAX];
	char share[TEXT_SIZE_MAX];

	(void)style;
	text_size(size, report->after.unzipped);
	text_percent(share, report->after.unzipped, LAMBDA_UNZIPPED_LIMIT);
	buf_add(out, STR("### slim: "));
	add_text(out, str_head(report->bundle->trees.at[0].name, TEXT_NAME_RAW));
	buf_printf(out, ", %s unzipped, %s of the Lambda limit%s\n\n", size, share,
		   report->after.unzipped >= LAMBDA_UNZIPPED_LIMIT ? " (OVER)" : "");
	add_totals(report, out);
	add_zip(report, out);
	add_groups(report, out);
	add_notes(report, out);
}
