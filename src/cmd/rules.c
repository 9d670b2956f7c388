/*
 * `slim rules`: the rules there are, or what each of them changes in a package.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/output.h"
#include "cmd/packing.h"
#include "cmd/terminal.h"
#include "report/why.h"

static void list_rules(const struct packing *p, struct rule_rows *rows)
{
	for (size_t i = 0; i < p->rules.rules.len; i++) {
		const struct rule *rule = &p->rules.rules.at[i];

		*vec_push(p->arena, rows) = (struct rule_row){
			.id = rule->id,
			.because = rule->because,
			.place = rule->place,
			.effect = rule->stance == STANCE_RULE_DROP ? "drop" : "keep",
		};
	}
}

static struct rule_row *row_of(const struct rule_rows *rows, struct str via)
{
	for (size_t i = 0; i < rows->len; i++)
		if (why_is_rule(via, rows->at[i].id))
			return &rows->at[i];
	return NULL;
}

/* By file id: whether the reason of a file is an edge that a rule drew. */
static bool *find_tied(const struct packing *p)
{
	bool *tied = arena_array(p->arena, bool, p->plan.count);

	for (size_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];
		const struct reason *reason = &p->plan.at[edge->to].reason;

		if (edge->kind == EDGE_RULE && edge->from == reason->parent &&
		    str_eq(edge->evidence, reason->via))
			tied[edge->to] = true;
	}
	return tied;
}

static void count(const struct packing *p, struct rule_rows *rows)
{
	const bool *tied = find_tied(p);

	for (uint32_t id = 0; id < p->plan.count; id++) {
		const struct decision *decision = &p->plan.at[id];
		const struct file *file = &p->bundle.files.at[id];
		bool dropped = decision->action == ACTION_DROP && p->opinions[id].stance == STANCE_RULE_DROP;
		bool kept = decision->action == ACTION_KEEP && decision->reason.code == CODE_RULE_KEEP;
		struct rule_row *row;
		struct tally *tally;

		if (file->kind == FILE_DIR || (!dropped && !kept && !tied[id]))
			continue;
		row = row_of(rows, decision->reason.via);
		if (!row)
			continue;
		tally = dropped ? &row->dropped : kept ? &row->kept : &row->tied;
		tally->files++;
		tally->unzipped += file->size;
	}
}

static uint64_t files_of(const struct rule_row *row)
{
	return row->dropped.files + row->kept.files + row->tied.files;
}

static uint64_t bytes_of(const struct rule_row *row)
{
	return row->dropped.unzipped + row->kept.unzipped + row->tied.unzipped;
}

static int by_bytes(const void *left, const void *right)
{
	const struct rule_row *a = left;
	const struct rule_row *b = right;

	if (bytes_of(a) != bytes_of(b))
		return bytes_of(a) < bytes_of(b) ? 1 : -1;
	return str_cmp(a->id, b->id);
}

/* Only those that spoke, largest first. */
static void choose(struct rule_rows *rows)
{
	size_t left = 0;

	for (size_t i = 0; i < rows->len; i++)
		if (files_of(&rows->at[i]))
			rows->at[left++] = rows->at[i];
	rows->len = left;
	if (left)
		qsort(rows->at, left, sizeof(*rows->at), by_bytes);
}

static int tell(const struct packing *p, const struct rule_rows *rows, struct err *err)
{
	struct report_style style = { .color = terminal_of(STDOUT_FILENO, p->options).color };
	struct buf out = { .arena = p->arena };

	if (p->options->json)
		rules_json(rows, &out);
	else
		rules_text(rows, &style, &out);
	return output_write(STDOUT_FILENO, buf_str(&out), err);
}

static int run(struct packing *p, struct err *err)
{
	struct rule_rows rows = { 0 };

	if (p->options->operands.len == 0) {
		if (packing_load_rules(p, err))
			return -1;
		list_rules(p, &rows);
		return tell(p, &rows, err);
	}
	/* Read, know, judge, decide: as for `slim pack`. */
	if (packing_plan(p, err))
		return -1;
	progress_end(&p->progress);
	rows.package = p->options->operands.at[0];
	list_rules(p, &rows);
	count(p, &rows);
	choose(&rows);
	return tell(p, &rows, err);
}

int cmd_rules(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	(void)status;
	return packing_ask(options, arena, run, err);
}
