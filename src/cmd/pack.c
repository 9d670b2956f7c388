/*
 * `slim pack`: the pipeline from top to bottom. Read the comments down the page; each pass is in a room
 * of its own.
 */
#include <stdlib.h>

#include "cmd/commands.h"
#include "cmd/output.h"
#include "cmd/packing.h"
#include "cmd/terminal.h"
#include "io/file.h"
#include "io/out.h"
#include "plan/plan.h"
#include "report/report.h"
#include "scan/dists.h"
#include "transform/record.h"

/* No result may land on the input, in it, or on another result. */
static int check_report(const struct options *options, size_t number, struct err *err)
{
	struct str path = options->reports.at[number].path;
	struct str input = options->operands.at[0];

	if (out_same_file(path, input) || (out_same_file(path, path) && out_is_below(path, input)))
		return err_set(err, "a report would replace the input, or a file of it; write it elsewhere");
	if (options->output.len && out_same_place(path, options->output))
		return err_set(err, "a report and the package would go to the same place");
	for (size_t i = 0; i < number; i++)
		if (out_same_place(path, options->reports.at[i].path))
			return err_set(err, "two reports would go to the same place");
	return 0;
}

static int check_outputs(const struct options *options, struct err *err)
{
	struct str input = options->operands.at[0];

	for (size_t i = 0; i < options->reports.len; i++)
		if (check_report(options, i, err))
			return err_in(err, options->reports.at[i].path);
	if (options->output.len == 0 || options->force)
		return 0;
	if (out_same_file(input, options->output))
		(void)err_set(err, "is input and output; use --force to replace it");
	else if (out_is_below(options->output, input))
		(void)err_set(
			err,
			"lies in the input directory and would be packed the next time; write it elsewhere, "
			"or use --force");
	else
		return 0;
	return err_in(err, options->output);
}

struct record_question {
	const struct packing *p;
	const struct dist *dist;
};

/* Whether the bytes that are found at the file's name are no longer those that RECORD's hash is of. */
static bool is_changed(const struct packing *p, uint32_t id)
{
	const struct decision *decision = &p->plan.at[id];

	if (decision->rewrite == REWRITE_LINK)
		decision = &p->plan.at[decision->link];
	return decision->rewrite == REWRITE_STRIP;
}

static enum record_fate ask_record(void *ctx, struct str row)
{
	const struct record_question *q = ctx;
	uint32_t id = dist_find_row(&q->p->bundle, q->dist, row);

	if (id == NO_FILE || q->p->plan.at[id].action == ACTION_DROP)
		return RECORD_GONE;
	return is_changed(q->p, id) ? RECORD_CHANGED : RECORD_KEEP;
}

/* Finds the RECORDs that no longer tell the truth, and what they should say. */
static int rewrite_records(struct packing *p, struct err *err)
{
	size_t dists = p->bundle.dists.len;
	bool *stale = arena_array(p->arena, bool, dists);
	struct arena scratch = { 0 };

	p->records = arena_array(p->arena, struct bytes, dists);
	for (size_t d = 0; d < dists; d++) {
		const struct dist *dist = &p->bundle.dists.at[d];
		struct record_question question = { p, dist };
		struct bytes old = { 0 };

		if (dist->record == NO_FILE || p->plan.at[dist->record].action == ACTION_DROP)
			continue;
		if (packing_read_file(p, dist->record, &scratch, &old, err)) {
			arena_free(&scratch);
			return -1;
		}
		stale[d] = record_rewrite(old, ask_record, &question, p->arena, &p->records[d]);
		arena_free(&scratch);
	}
	plan_records(&p->bundle, stale, &p->plan);
	return 0;
}

static struct zip_entry *entries_of(struct packing *p, const struct product *products, size_t count)
{
	struct zip_entry *entries = arena_array(p->arena, struct zip_entry, count);

	for (size_t i = 0; i < count; i++)
		entries[i] = products[i].entry;
	return entries;
}

/* Makes the zip; writes it only where one was asked for. */
static int write_zip(struct packing *p, struct report *report, struct err *err)
{
	struct product *products = NULL;
	struct out out = { 0 };
	struct zip_entry *entries;
	size_t count = 0;
	int failed;

	if (packing_products(p, &products, &count, err))
		return -1;
	entries = entries_of(p, products, count);
	for (size_t i = 0; i < count; i++)
		if (entries[i].mode != 040755) {
			report->after.files++;
			report->after.unzipped += entries[i].size;
		}
	report->has_zip = true;
	report->after.zip = zip_write_size(entries, count);
	failed = report_build(report, p->arena, err);
	if (!failed && report->output.len) {
		failed = out_open_file(&out, report->output, p->arena, err) ||
			 zip_write(&out, entries, count, err) || out_commit(&out, err);
		if (failed)
			out_abort(&out);
	}
	products_free(products, count);
	return failed ? -1 : 0;
}

static int put_file(struct packing *p, struct out *out, uint32_t id, struct report *report, struct err *err)
{
	const struct file *file = &p->bundle.files.at[id];
	struct bytes content;

	if (packing_content(p, &p->workers[0], id, &content, err))
		return err_in(err, p->source->name);
	p->outcomes[id].size = content.len;
	if (file->kind != FILE_DIR) {
		report->after.files++;
		report->after.unzipped += content.len;
	}
	return out_put(out, file->path, packing_mode(p, id), content, err);
}

/* The same files as a directory tree. */
static int write_tree(struct packing *p, struct report *report, struct err *err)
{
	struct out out = { 0 };
	int failed = out_open_dir(&out, report->output, p->options->force, p->arena, err);

	for (uint32_t id = 0; id < p->bundle.files.len && !failed; id++)
		if (p->plan.at[id].action == ACTION_KEEP)
			failed = put_file(p, &out, id, report, err);
	failed = failed || report_build(report, p->arena, err) || out_commit(&out, err);
	if (failed)
		out_abort(&out);
	return failed ? -1 : 0;
}

static int write_output(struct packing *p, struct report *report, struct err *err)
{
	p->outcomes = arena_array(p->arena, struct outcome, p->bundle.files.len);
	report->outcomes = p->outcomes;
	report->before.zip = p->source->packed_size;
	if (!p->options->dry_run)
		report->output = p->options->output;
	if (report->output.len && out_is_dir(report->output))
		return write_tree(p, report, err);
	return write_zip(p, report, err);
}

static bool strict_fails(const struct packing *p)
{
	for (size_t i = 0; p->options->strict && i < p->bundle.notes.list.len; i++)
		if (p->bundle.notes.list.at[i].code / 100 == 1)
			return true;
	return false;
}

static int write_reports(struct packing *p, const struct report *report, struct err *err)
{
	/* With the zip on standard output, people read the report on standard error. */
	bool to_stderr = str_eq(report->output, STR("-"));
	struct report_style style = {
		.color = terminal_of(to_stderr ? 2 : 1, p->options).color,
		.verbose = p->options->verbose,
	};
	struct report_style file_style = { .verbose = p->options->verbose };

	for (size_t i = 0; i < p->options->reports.len; i++) {
		const struct report_request *request = &p->options->reports.at[i];
		struct buf text = { .arena = p->arena };

		for (size_t f = 0; f < report_format_count; f++)
			if (str_eq(request->format, str_of(report_formats[f].name)))
				report_formats[f].write(report, &file_style, &text);
		if (file_write(request->path, buf_str(&text), p->arena, err))
			return -1;
	}
	if (p->options->json || !p->options->quiet) {
		struct buf text = { .arena = p->arena };

		if (p->options->json)
			report_json(report, &style, &text);
		else
			report_text(report, &style, &text);
		return output_write(to_stderr ? 2 : 1, buf_str(&text), err);
	}
	return 0;
}

static int run(struct packing *p, int *status, struct err *err)
{
	struct report report = { .bundle = &p->bundle, .plan = &p->plan, .target = &p->target };

	/* Read, know, judge, decide. */
	if (packing_plan(p, err))
		return -1;
	/* RECORDs follow the plan. */
	if (rewrite_records(p, err))
		return -1;
	/* Strip, compress, write. */
	if (write_output(p, &report, err))
		return -1;
	progress_end(&p->progress);
	/* Tell. */
	packing_note_limit(p, report.after.unzipped);
	packing_note_links(p, report.output);
	notes_sort(&p->bundle.notes);
	if (strict_fails(p) && !p->options->exit_zero)
		*status = STATUS_CHECK_FAILED;
	return write_reports(p, &report, err);
}

int cmd_pack(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	struct packing p;
	int failed;

	if (check_outputs(options, err))
		return -1;
	out_handle_signals();
	packing_begin(&p, options, arena);
	failed = run(&p, status, err);
	packing_end(&p);
	return failed;
}
