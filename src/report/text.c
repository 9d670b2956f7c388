#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "platform/lambda.h"
#include "report/report.h"

enum { NOTES_SHOWN = 3, GROUPS_SHOWN = 6, LABEL_WIDTH = 36 };

struct writer {
	const struct report *report;
	const struct report_style *style;
	struct buf *out;
};

static const char *bold(const struct writer *w)
{
	return w->style->color ? "\033[1m" : "";
}

/* The word in front says the same, so that nobody needs to see colours. */
static const char *level_color(const struct writer *w, enum code_level level)
{
	static const char *const colors[] = {
		[LEVEL_NOTE] = "\033[1m",
		[LEVEL_WARNING] = "\033[1;33m",
		[LEVEL_ERROR] = "\033[1;31m",
	};

	return w->style->color ? colors[level] : "";
}

static const char *plain(const struct writer *w)
{
	return w->style->color ? "\033[0m" : "";
}

/* A line of the table: label, files, bytes, the same for people, and a remark. */
static void line(const struct writer *w, const char *label, const char *files, uint64_t bytes,
		 const char *remark)
{
	char count[TEXT_SIZE_MAX];
	char size[TEXT_SIZE_MAX];

	text_count(count, bytes);
	text_size(size, bytes);
	buf_printf(w->out, "  %-*s %8s %13s %11s   %s\n", LABEL_WIDTH, label, files, count, size, remark);
}

static void write_reason(const struct writer *w, const struct reason_row *row)
{
	const struct code_info *info = code_find((unsigned)row->code);
	char label[96];
	char files[TEXT_SIZE_MAX] = "-";
	char changed[TEXT_SIZE_MAX];
	char code[REPORT_CODE_MAX];

	report_code(code, row->code);
	if (row->files)
		text_count(files, row->files);
	text_count(changed, row->changed);
	if (row->changed)
		(void)snprintf(label, sizeof(label), "- %s (in %s)", info->title, changed);
	else
		(void)snprintf(label, sizeof(label), "- %s", info->title);
	line(w, label, files, row->bytes, code);
}

/* Where the graph started, because all that goes for "never imported" hangs on it. */
static void write_target(const struct writer *w)
{
	const struct target *target = w->report->target;
	struct buf handlers = { .arena = w->out->arena };

	if (!target->pruned)
		return;
	for (size_t i = 0; i < target->handlers.len; i++) {
		char name[TEXT_NAME_MAX];

		text_name(name, target->handlers.at[i].name);
		buf_printf(&handlers, "%s%s (%.*s)", i ? ", " : "", name,
			   STR_ARG(target->handlers.at[i].place));
	}
	buf_printf(w->out, "from %.*s",
		   STR_ARG(handlers.len ? buf_str(&handlers)
					: STR("all modules of your own (no handler is known)")));
	if (target->minor)
		buf_printf(w->out, " on python3.%u", target->minor);
	if (target->arch != ARCH_ANY)
		buf_printf(w->out, target->minor ? " (%s)" : " on %s",
			   target->arch == ARCH_ARM64 ? "arm64" : "x86_64");
	buf_add(w->out, STR("\n"));
}

static void write_totals(const struct writer *w)
{
	const struct report *r = w->report;
	char files[TEXT_SIZE_MAX];
	char share[TEXT_SIZE_MAX];
	char change[TEXT_SIZE_MAX];
	char remark[128];

	buf_printf(w->out, "%s  %-*s %8s %13s%s\n", bold(w), LABEL_WIDTH, "", "files", "bytes", plain(w));
	text_count(files, r->before.files);
	text_percent(share, r->before.unzipped, LAMBDA_UNZIPPED_LIMIT);
	(void)snprintf(remark, sizeof(remark), "%s of 262,144,000", share);
	line(w, "before", files, r->before.unzipped, remark);
	for (size_t i = 0; i < r->reasons.len; i++)
		write_reason(w, &r->reasons.at[i]);
	text_count(files, r->after.files);
	text_percent(share, r->after.unzipped, LAMBDA_UNZIPPED_LIMIT);
	text_percent(change, r->before.unzipped - r->after.unzipped, r->before.unzipped);
	(void)snprintf(remark, sizeof(remark), "%s (-%s)%s", share, change,
		       r->after.unzipped >= LAMBDA_UNZIPPED_LIMIT ? " OVER THE LIMIT" : "");
	buf_add(w->out, str_of(bold(w)));
	line(w, "after", files, r->after.unzipped, remark);
	buf_add(w->out, str_of(plain(w)));
}

static void write_zip(const struct writer *w)
{
	const struct report *r = w->report;
	char was[TEXT_SIZE_MAX];
	char change[TEXT_SIZE_MAX];
	char remark[128] = "";
	bool grew = r->after.zip > r->before.zip;

	if (!r->has_zip)
		return;
	if (r->before.zip) {
		text_size(was, r->before.zip);
		text_percent(change, grew ? r->after.zip - r->before.zip : r->before.zip - r->after.zip,
			     r->before.zip);
		(void)snprintf(remark, sizeof(remark), "was %s (%s%s)", was, grew ? "+" : "-", change);
	}
	line(w, "zip", "", r->after.zip, remark);
}

static void write_group(const struct writer *w, const struct group_row *group)
{
	char name[TEXT_NAME_MAX];
	char version[TEXT_NAME_MAX];
	char size[TEXT_SIZE_MAX];

	text_name(name, group->name.len ? group->name : STR("your files"));
	text_name(version, group->version);
	text_size(size, group->after.unzipped);
	buf_printf(w->out, "  %11s  %s%s%s\n", size, name, version[0] ? " " : "", version);
}

static void write_groups(const struct writer *w)
{
	const struct report *r = w->report;
	size_t shown = w->style->verbose || r->groups.len <= GROUPS_SHOWN + 1 ? r->groups.len : GROUPS_SHOWN;
	uint64_t rest = 0;

	if (r->groups.len == 0)
		return;
	buf_printf(w->out, "%sBiggest left%s\n", bold(w), plain(w));
	for (size_t i = 0; i < shown; i++)
		write_group(w, &r->groups.at[i]);
	for (size_t i = shown; i < r->groups.len; i++)
		rest += r->groups.at[i].after.unzipped;
	if (shown < r->groups.len) {
		char size[TEXT_SIZE_MAX];

		text_size(size, rest);
		buf_printf(w->out, "  %11s  %zu more (-v shows them)\n", size, r->groups.len - shown);
	}
}

static void write_note(const struct writer *w, const struct note *note)
{
	char path[TEXT_NAME_MAX];

	text_name(path, note->path);
	buf_printf(w->out, "  %s%s%.*s\n", path, path[0] ? ": " : "", STR_ARG(note->text));
	if (note->cure.len)
		buf_printf(w->out, "    %.*s\n", STR_ARG(note->cure));
}

/* Notes come sorted by code: a heading for each, and the first few. */
static void write_notes(const struct writer *w)
{
	const struct notes *notes = &w->report->bundle->notes;
	size_t i = 0;

	while (i < notes->list.len) {
		enum code code = notes->list.at[i].code;
		const struct code_info *info = code_find((unsigned)code);
		size_t end = i;
		size_t shown;
		char name[REPORT_CODE_MAX];

		while (end < notes->list.len && notes->list.at[end].code == code)
			end++;
		shown = w->style->verbose || end - i <= NOTES_SHOWN + 1 ? end : i + NOTES_SHOWN;
		report_code(name, code);
		buf_printf(w->out, "%s%s[%s]%s %s\n", level_color(w, info->level),
			   code_level_name(info->level), name, plain(w), info->title);
		for (size_t n = i; n < shown; n++)
			write_note(w, &notes->list.at[n]);
		if (shown < end)
			buf_printf(w->out, "  and %zu more (-v shows them)\n", end - shown);
		i = end;
	}
}

static void write_file(const struct writer *w, uint32_t id)
{
	const struct file *file = &w->report->bundle->files.at[id];
	const struct decision *decision = &w->report->plan->at[id];
	const struct reason *reason = &decision->reason;
	char path[TEXT_NAME_MAX];
	char via[TEXT_NAME_MAX];
	char code[REPORT_CODE_MAX];

	text_name(path, file->path);
	text_name(via, reason->via);
	report_code(code, reason->code);
	buf_printf(w->out, "  %-4s  %s  %s%s%s", decision->action == ACTION_DROP ? "drop" : "keep", code,
		   path, via[0] ? "  " : "", via);
	if (reason->parent != NO_FILE) {
		text_name(path, w->report->bundle->files.at[reason->parent].path);
		buf_printf(w->out, "  (%s:%" PRIu32 ")", path, reason->line);
	}
	if (decision->rewrite == REWRITE_LINK) {
		text_name(path, plan_link_text(w->report->plan, w->report->bundle, id));
		buf_printf(w->out, "  linked to %s", path);
	}
	buf_printf(w->out, "%s\n",
		   decision->rewrite == REWRITE_STRIP	 ? "  stripped"
		   : decision->rewrite == REWRITE_RECORD ? "  rewritten"
							 : "");
}

static void write_output(const struct writer *w)
{
	char path[TEXT_NAME_MAX];

	text_name(path, w->report->output);
	if (path[0])
		buf_printf(w->out, "wrote %s\n",
			   str_eq(w->report->output, STR("-")) ? "standard output" : path);
	else
		buf_add(w->out, STR("nothing was written; -o OUT writes the package\n"));
}

void report_text(const struct report *report, const struct report_style *style, struct buf *out)
{
	struct writer w = { report, style, out };

	for (uint32_t id = 0; style->verbose >= 2 && id < report->bundle->files.len; id++)
		write_file(&w, id);
	write_target(&w);
	write_totals(&w);
	write_zip(&w);
	write_groups(&w);
	write_notes(&w);
	write_output(&w);
}
