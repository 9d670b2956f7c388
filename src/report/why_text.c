#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/why.h"

enum { LEFT_MOST = 56, INDENT_MOST = 16, SHARES_SHOWN = 8 };

/* A line of a chain: the file in its tree, what would go with it, and what led to it. */
struct row {
	struct str file;
	struct str retains;
	struct str cause;
};

struct writer {
	const struct why *why;
	const struct why_context *context;
	const struct report_style *style;
	struct buf *out;
	VEC(struct row) rows;
};

static const char *bold(const struct writer *w)
{
	return w->style->color ? "\033[1m" : "";
}

static const char *plain(const struct writer *w)
{
	return w->style->color ? "\033[0m" : "";
}

static const char *dot(const struct writer *w)
{
	return w->style->utf8 ? " · " : ", ";
}

static struct str path_of(const struct writer *w, uint32_t file)
{
	return text_escape(w->out->arena, w->context->bundle->files.at[file].path);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* "1,203 files, 30.2 MiB unzipped · 9.4 MiB in zip" */
static void add_tally(const struct writer *w, const struct tally *tally)
{
	char files[TEXT_SIZE_MAX];
	char size[TEXT_SIZE_MAX];

	text_count(files, tally->files);
	text_size(size, tally->unzipped);
	buf_printf(w->out, "%s file%s, %s unzipped", files, plural(tally->files), size);
	if (tally->zip) {
		text_size(size, tally->zip);
		buf_printf(w->out, "%s%s in zip", dot(w), size);
	}
}

/* --- chains ------------------------------------------------------------------------------------------- */

/* Columns of UTF-8 text, one a character: near enough for what paths hold. */
static size_t width_of(struct str s)
{
	size_t width = 0;

	for (size_t i = 0; i < s.len; i++)
		width += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
	return width;
}

/* Why a root stays: "your own files (SLIM001)", and what a rule or the user said. */
static struct str root_cause(const struct writer *w, uint32_t file)
{
	const struct reason *reason = &w->context->plan->at[file].reason;
	struct str because = why_because(w->context, reason->via);
	struct str via = text_escape(w->out->arena, reason->via);
	char code[REPORT_CODE_MAX];

	report_code(code, reason->code);
	return str_fmt(w->out->arena, "%s (%s)%s%.*s%s%.*s", code_find((unsigned)reason->code)->title, code,
		       via.len ? "  " : "", STR_ARG(via), because.len ? ": " : "", STR_ARG(because));
}

static const char *phase_mark(enum edge_phase phase)
{
	switch (phase) {
	case PHASE_CALL:
		return " (call)";
	case PHASE_TYPES:
		return " (types)";
	case PHASE_INIT:
		break;
	}
	return "";
}

/* "pandas/__init__.py:16  import numpy (call)"; the kind in front of the evidence unless it is an import. */
static struct str edge_cause(const struct writer *w, const struct edge *edge)
{
	struct arena *arena = w->out->arena;
	struct str from = path_of(w, edge->from);
	struct str evidence = text_escape(arena, edge->evidence);
	struct str because = edge->kind == EDGE_RULE ? why_because(w->context, edge->evidence) : STR("");
	bool is_import = edge->kind == EDGE_IMPORT;
	struct str line = edge->line ? str_fmt(arena, ":%" PRIu32, edge->line) : STR("");

	return str_fmt(arena, "%.*s%.*s%s%s%s%.*s%s%.*s%s", STR_ARG(from), STR_ARG(line),
		       is_import ? "" : "  ", is_import ? "" : edge_kind_name(edge->kind),
		       evidence.len ? "  " : "", STR_ARG(evidence), because.len ? ": " : "", STR_ARG(because),
		       phase_mark(edge->phase));
}

/* How the file was reached, as the plan has it. */
static struct str cause_of(const struct writer *w, uint32_t file)
{
	struct edge edge;

	if (w->context->plan->at[file].reason.parent == NO_FILE)
		return root_cause(w, file);
	edge = why_edge_of(w->context, file);
	return edge_cause(w, &edge);
}

static void add_chain_row(struct writer *w, size_t depth, uint32_t file, bool told, struct str cause)
{
	struct arena *arena = w->out->arena;
	size_t indent = depth == 0 ? 0 : 3 * ((depth < INDENT_MOST ? depth : INDENT_MOST) - 1);
	const char *branch = depth == 0 ? "" : w->style->utf8 ? "└─ " : "`- ";
	struct str path = path_of(w, file);
	char size[TEXT_SIZE_MAX];

	text_size(size, w->context->retained[file]);
	*vec_push(arena, &w->rows) = (struct row){
		.file = str_fmt(arena, "%*s%s%.*s%s", (int)indent, "", branch, STR_ARG(path),
				told ? " (*)" : ""),
		.retains = str_dup(arena, told ? STR("") : str_of(size)),
		.cause = told ? STR("") : cause,
	};
}

static size_t add_chain(struct writer *w, uint32_t file, bool *told)
{
	struct why_step *steps;
	size_t count = why_chain(w->context, file, told, w->out->arena, &steps);

	for (size_t i = 0; i < count; i++)
		add_chain_row(w, i, steps[i].file, steps[i].told, cause_of(w, steps[i].file));
	return count;
}

static void write_rows(struct writer *w)
{
	size_t left = 0;

	for (size_t i = 0; i < w->rows.len; i++) {
		size_t width = width_of(w->rows.at[i].file);

		if (width > left && width <= LEFT_MOST)
			left = width;
	}
	for (size_t i = 0; i < w->rows.len; i++) {
		const struct row *row = &w->rows.at[i];
		size_t width = width_of(row->file);

		buf_printf(w->out, "  %.*s", STR_ARG(row->file));
		if (row->cause.len) {
			buf_fill(w->out, ' ', width < left ? left - width : 0);
			buf_printf(w->out, "  %10.*s  %.*s", STR_ARG(row->retains), STR_ARG(row->cause));
		}
		buf_add(w->out, STR("\n"));
	}
	w->rows.len = 0;
}

static void write_heading(const struct writer *w, const char *text)
{
	buf_printf(w->out, "  %s%s%s\n", bold(w), text, plain(w));
}

/* --- other reasons ------------------------------------------------------------------------------------ */

static void write_all_edges(struct writer *w, bool *told)
{
	for (size_t i = 0; i < w->why->edges.len; i++) {
		const struct why_edge *other = &w->why->edges.at[i];
		size_t depth;

		if (i == 0 || other->circular != w->why->edges.at[i - 1].circular)
			write_heading(w, other->circular ? "Reasons from itself, and from files that are "
							   "here only because of it"
							 : "Other reasons");
		depth = add_chain(w, other->edge->from, told);
		add_chain_row(w, depth, w->why->file, false, edge_cause(w, other->edge));
		write_rows(w);
	}
}

/* One other reason as a line, and how many more there are. */
static void write_other_edges(const struct writer *w)
{
	size_t count = 0;

	while (count < w->why->edges.len && !w->why->edges.at[count].circular)
		count++;
	if (count == 0)
		return;
	buf_printf(w->out, "  %zu other reason%s (--all):  %.*s\n", count, plural(count),
		   STR_ARG(edge_cause(w, w->why->edges.at[0].edge)));
}

static void write_shares(const struct writer *w, const char *heading, const struct why_shares *shares,
			 bool by)
{
	size_t shown = shares->len <= SHARES_SHOWN + 1 || w->style->verbose ? shares->len : SHARES_SHOWN;

	if (shares->len == 0)
		return;
	write_heading(w, heading);
	for (size_t i = 0; i < shown; i++) {
		const struct why_share *share = &shares->at[i];
		struct str name =
			text_escape(w->out->arena, share->name.len ? share->name : STR("your files"));

		buf_printf(w->out, "    %.*s  ", STR_ARG(name));
		add_tally(w, &share->tally);
		if (by)
			buf_printf(w->out, " (%.*s)",
				   STR_ARG(text_escape(w->out->arena,
						       share->by.len ? share->by : STR("your files"))));
		buf_add(w->out, STR("\n"));
	}
	if (shown < shares->len)
		buf_printf(w->out, "    and %zu more (-v shows them)\n", shares->len - shown);
}

static void write_retained(const struct writer *w)
{
	const struct why *why = w->why;

	if (why->retained.files <= why->kept.files && !why->show_frees) {
		buf_add(w->out, STR("  Nothing else would go with it.\n"));
		return;
	}
	buf_add(w->out, STR("  It retains "));
	add_tally(w, &why->retained);
	buf_printf(w->out, "%s\n", why->show_frees ? "" : " (--frees: what, and what it shares)");
	if (!why->show_frees)
		return;
	write_shares(w, "With it would go", &why->frees, false);
	write_shares(w, "It also uses, but shares with others", &why->shared, true);
}

/* --- what was removed --------------------------------------------------------------------------------- */

/* The pattern for a shell and for slim.yaml. */
static void write_keep(const struct writer *w)
{
	struct str pattern = w->why->keep;

	buf_add(w->out, STR("  Keep it:  --keep '"));
	for (size_t i = 0; i < pattern.len; i++)
		buf_add(w->out, pattern.ptr[i] == '\'' ? STR("'\\''") : str_head(str_from(pattern, i), 1));
	buf_add(w->out, STR("'  or in slim.yaml:  keep: [\""));
	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '"' || pattern.ptr[i] == '\\')
			buf_add(w->out, STR("\\"));
		buf_add(w->out, str_head(str_from(pattern, i), 1));
	}
	buf_add(w->out, STR("\"]\n"));
}

static void write_removed(const struct writer *w)
{
	const struct edge *nearest = w->why->nearest;
	const struct reason *reason = &w->context->plan->at[w->why->file].reason;
	struct str because = why_because(w->context, reason->via);
	struct str via = text_escape(w->out->arena, reason->via);

	if (via.len)
		buf_printf(w->out, "  %.*s%s%.*s\n", STR_ARG(via), because.len ? ": " : "", STR_ARG(because));
	if (nearest && w->context->plan->at[nearest->from].action == ACTION_KEEP)
		buf_printf(w->out, "  A kept file refers to it:  %.*s\n", STR_ARG(edge_cause(w, nearest)));
	else if (nearest)
		buf_printf(w->out, "  No kept file reaches it.  Nearest importer, removed too:  %.*s\n",
			   STR_ARG(edge_cause(w, nearest)));
	else
		buf_add(w->out, STR("  No kept file reaches it.\n"));
	write_keep(w);
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static void write_file_head(const struct writer *w)
{
	const struct file *file = &w->context->bundle->files.at[w->why->file];
	const struct decision *decision = &w->context->plan->at[w->why->file];
	char size[TEXT_SIZE_MAX];
	char code[REPORT_CODE_MAX];

	text_size(size, file->size);
	buf_printf(w->out, "%s%s  %.*s%s  %s unzipped", bold(w),
		   decision->action == ACTION_DROP ? "removed" : "kept", STR_ARG(path_of(w, w->why->file)),
		   plain(w), size);
	if (file->packed) {
		text_size(size, file->packed);
		buf_printf(w->out, "%s%s in zip", dot(w), size);
	}
	if (decision->rewrite == REWRITE_STRIP) {
		text_size(size, w->context->sizes[w->why->file]);
		buf_printf(w->out, "%s%s once stripped", dot(w), size);
	}
	if (decision->rewrite == REWRITE_LINK) {
		struct str text = plan_link_text(w->context->plan, w->context->bundle, w->why->file);

		buf_printf(w->out, "%slinked to %.*s", dot(w), STR_ARG(text_escape(w->out->arena, text)));
	}
	if (decision->action == ACTION_DROP) {
		report_code(code, decision->reason.code);
		buf_printf(w->out, "%s%s (%s)", dot(w), code_find((unsigned)decision->reason.code)->title,
			   code);
	}
	buf_add(w->out, STR("\n"));
}

static void write_group_head(const struct writer *w)
{
	const struct why *why = w->why;
	struct str name = text_escape(w->out->arena, why->asked);

	if (why->kind == WHY_DISTRIBUTION) {
		const struct dist *dist = &w->context->bundle->dists.at[why->dist];

		name = text_escape(w->out->arena, str_fmt(w->out->arena, "%.*s %.*s", STR_ARG(dist->name),
							  STR_ARG(dist->version)));
	}
	buf_printf(w->out, "%s%.*s%s (%s): ", bold(w), STR_ARG(name), plain(w), why_kind_name(why->kind));
	if (why->kept.files) {
		buf_add(w->out, STR("kept "));
		add_tally(w, &why->kept);
	}
	if (why->removed.files) {
		buf_add(w->out, why->kept.files ? STR("; removed ") : STR("removed "));
		add_tally(w, &why->removed);
	}
	buf_add(w->out, STR("\n"));
}

static void write_others(const struct writer *w)
{
	if (w->why->others.len == 0)
		return;
	buf_add(w->out, STR("  The name also stands for:"));
	for (size_t i = 0; i < w->why->others.len; i++)
		buf_printf(w->out, "%s %s %.*s", i ? "," : "", why_kind_name(w->why->others.at[i].kind),
			   STR_ARG(text_escape(w->out->arena, w->why->others.at[i].name)));
	buf_add(w->out, STR("\n"));
}

static void write_kept(struct writer *w)
{
	bool *told = arena_array(w->out->arena, bool, w->context->plan->count);

	*vec_push(w->out->arena, &w->rows) =
		(struct row){ .retains = STR("retains"), .cause = STR("because") };
	(void)add_chain(w, w->why->file, told);
	write_rows(w);
	if (w->why->show_all)
		write_all_edges(w, told);
	else
		write_other_edges(w);
	write_retained(w);
}

void why_text(const struct why *why, const struct report_style *style, struct buf *out)
{
	struct writer w = { .why = why, .context = why->context, .style = style, .out = out };

	if (why->single)
		write_file_head(&w);
	else
		write_group_head(&w);
	if (why->context->plan->at[why->file].action == ACTION_KEEP) {
		write_kept(&w);
	} else {
		if (!why->single)
			write_file_head(&w);
		write_removed(&w);
	}
	write_others(&w);
}
