#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct report_format report_formats[] = {
	{ "text", report_text },
	{ "json", report_json },
	{ "md", report_markdown },
};
const size_t report_format_count = sizeof(report_formats) / sizeof(report_formats[0]);

void report_code(char out[REPORT_CODE_MAX], enum code code)
{
	(void)snprintf(out, REPORT_CODE_MAX, "SLIM%03u", (unsigned)code);
}

static struct reason_row *reason_of(struct report *report, struct arena *arena, enum code code)
{
	struct reason_row *row;

	for (size_t i = 0; i < report->reasons.len; i++)
		if (report->reasons.at[i].code == code)
			return &report->reasons.at[i];
	row = vec_push(arena, &report->reasons);
	row->code = code;
	return row;
}

static enum code code_of(enum rewrite rewrite)
{
	switch (rewrite) {
	case REWRITE_STRIP:
		return CODE_DEBUG_SYMBOLS;
	case REWRITE_RECORD:
		return CODE_RECORD;
	case REWRITE_LINK:
		return CODE_LINKED;
	case REWRITE_NONE:
		break;
	}
	return CODE_NONE;
}

static void count_reason(struct report *report, struct arena *arena, uint32_t id)
{
	const struct decision *decision = &report->plan->at[id];
	uint64_t size = report->bundle->files.at[id].size;
	struct reason_row *row;

	if (decision->action == ACTION_DROP) {
		row = reason_of(report, arena, decision->reason.code);
		row->files++;
		row->bytes += size;
	} else if (decision->rewrite != REWRITE_NONE) {
		row = reason_of(report, arena, code_of(decision->rewrite));
		row->changed++;
		row->bytes += size - report->outcomes[id].size;
	}
}

static void count_file(struct report *report, struct group_row *group, uint32_t id)
{
	const struct file *file = &report->bundle->files.at[id];
	const struct outcome *outcome = &report->outcomes[id];

	group->before.files++;
	group->before.unzipped += file->size;
	group->before.zip += file->packed;
	if (report->plan->at[id].action == ACTION_DROP)
		return;
	group->after.files++;
	group->after.unzipped += outcome->size;
	group->after.zip += outcome->packed;
}

static int by_bytes(const void *left, const void *right)
{
	const struct reason_row *a = left;
	const struct reason_row *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return (a->code > b->code) - (a->code < b->code);
}

static int by_size_after(const void *left, const void *right)
{
	const struct group_row *a = left;
	const struct group_row *b = right;
	int order;

	if (a->after.unzipped != b->after.unzipped)
		return a->after.unzipped < b->after.unzipped ? 1 : -1;
	order = str_cmp(a->name, b->name);
	return order ? order : str_cmp(a->version, b->version);
}

/* before - reasons = after, or the report would lie. */
static int reconcile(const struct report *report, struct err *err)
{
	uint64_t files = report->after.files;
	uint64_t bytes = report->after.unzipped;

	for (size_t i = 0; i < report->reasons.len; i++) {
		files += report->reasons.at[i].files;
		bytes += report->reasons.at[i].bytes;
	}
	if (files == report->before.files && bytes == report->before.unzipped)
		return 0;
	return err_set(err,
		       "internal error: the report does not add up (%" PRIu64 " files and %" PRIu64
		       " bytes before, %" PRIu64 " and %" PRIu64
		       " told); nothing was written, please report it",
		       report->before.files, report->before.unzipped, files, bytes);
}

int report_build(struct report *report, struct arena *arena, struct err *err)
{
	const struct bundle *bundle = report->bundle;
	size_t dists = bundle->dists.len;
	struct group_row *groups = arena_array(arena, struct group_row, dists + 1);

	for (size_t d = 0; d < dists; d++) {
		groups[d].name = bundle->dists.at[d].name;
		groups[d].version = bundle->dists.at[d].version;
	}
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		const struct file *file = &bundle->files.at[id];

		if (file->kind == FILE_DIR)
			continue;
		report->before.files++;
		report->before.unzipped += file->size;
		count_file(report, &groups[file->dist == NO_DIST ? dists : file->dist], id);
		count_reason(report, arena, id);
	}
	for (size_t d = 0; d <= dists; d++)
		if (groups[d].before.files)
			*vec_push(arena, &report->groups) = groups[d];
	if (report->reasons.len)
		qsort(report->reasons.at, report->reasons.len, sizeof(struct reason_row), by_bytes);
	if (report->groups.len)
		qsort(report->groups.at, report->groups.len, sizeof(struct group_row), by_size_after);
	return reconcile(report, err);
}
