/*
 * What will fail on Lambda when shared objects are loaded, as notes: the faults that scan/faults finds, each
 * with the chain of imports that leads to the file. Where nothing shows that a file is ever loaded, or the
 * import may fail without harm, the fault is only good to know.
 */
#include "base/buf.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "scan/faults.h"
#include "scan/python_optional.h"

enum { STEPS_SHOWN = 4 };

static uint32_t parent_of(const struct packing *p, uint32_t file)
{
	return p->plan.at[file].reason.parent;
}

static bool is_first_party(const struct packing *p, uint32_t file)
{
	return p->bundle.files.at[file].dist == NO_DIST;
}

/* --- what is sure --------------------------------------------------------------------------------- */

/* Whether code that follows this step needs the file, as far as anybody can tell without running it. */
static bool is_sure_step(const struct packing *p, uint32_t from, uint32_t to, enum edge_kind kind,
			 enum edge_phase phase, bool broad)
{
	if (broad || phase == PHASE_TYPES)
		return false;
	switch (kind) {
	case EDGE_DYNAMIC: /* a distribution that names its own module means it */
		return p->bundle.files.at[from].dist == p->bundle.files.at[to].dist;
	case EDGE_DLOPEN: /* libraries try what may be there; own code means what it opens */
		return is_first_party(p, from);
	case EDGE_DATA:
	case EDGE_KEEP:
		return false;
	case EDGE_ENTRY:
	case EDGE_IMPORT:
	case EDGE_NEEDED:
	case EDGE_RULE:
		break;
	}
	return true;
}

/* Every step of the chain that keeps the file. The planner prefers sure chains. */
static bool is_sure(const struct packing *p, uint32_t file)
{
	for (uint32_t at = file; parent_of(p, at) != NO_FILE; at = parent_of(p, at)) {
		const struct reason *reason = &p->plan.at[at].reason;

		if (!is_sure_step(p, reason->parent, at, reason->kind, reason->phase, reason->broad))
			return false;
	}
	return true;
}

/* Of what no import leads to, only modules of packages that nobody judged count as imported. */
static bool is_opened_surely(const struct packing *p, uint32_t file)
{
	if (p->plan.at[file].action != ACTION_KEEP)
		return false;
	if (parent_of(p, file) != NO_FILE)
		return is_sure(p, file);
	return modules_of(&p->imports.modules, file) != NO_MODULE &&
	       !(p->target.pruned && is_first_party(p, file));
}

static bool is_import_edge(const struct packing *p, const struct edge *edge)
{
	return p->plan.at[edge->from].action == ACTION_KEEP &&
	       (edge->kind == EDGE_IMPORT || edge->kind == EDGE_DYNAMIC) &&
	       is_sure_step(p, edge->from, edge->to, edge->kind, edge->phase, edge->broad);
}

struct known {
	bool *kept; /* by file id, all of them */
	bool *sure;
	bool *opened;
	bool *wanted;
};

static struct known find_known(struct packing *p)
{
	size_t files = p->bundle.files.len;
	struct known known = {
		.kept = arena_array(p->arena, bool, files),
		.sure = arena_array(p->arena, bool, files),
		.opened = arena_array(p->arena, bool, files),
		.wanted = arena_array(p->arena, bool, files),
	};

	for (uint32_t id = 0; id < files; id++) {
		known.kept[id] = p->plan.at[id].action == ACTION_KEEP;
		if (libraries_of(&p->libraries, id)) {
			known.sure[id] = is_opened_surely(p, id);
			known.opened[id] = known.sure[id] && parent_of(p, id) == NO_FILE;
		}
	}
	for (size_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];

		if (!known.kept[edge->from] || !libraries_of(&p->libraries, edge->to))
			continue;
		known.opened[edge->to] |= edge->kind != EDGE_NEEDED && edge->kind != EDGE_DATA;
		known.wanted[edge->to] |= is_import_edge(p, edge) && is_sure(p, edge->from);
	}
	return known;
}

/* --- what may fail -------------------------------------------------------------------------------- */

static int is_optional_line(struct packing *p, uint32_t file, uint32_t line, bool *optional, struct err *err)
{
	struct arena scratch = { 0 };
	struct bytes content;

	*optional = false;
	if (line == 0 || !str_ends(p->bundle.files.at[file].path, STR(".py")))
		return 0;
	if (packing_read_file(p, file, &scratch, &content, err)) {
		arena_free(&scratch);
		return -1;
	}
	*optional = python_is_optional(str_of_bytes(content), line, &p->imports.target);
	arena_free(&scratch);
	return 0;
}

/* Whether one of the imports that lead to the file may fail. */
static int is_optional_chain(struct packing *p, uint32_t file, bool *optional, struct err *err)
{
	*optional = false;
	for (uint32_t at = file; !*optional && parent_of(p, at) != NO_FILE; at = parent_of(p, at))
		if (is_optional_line(p, parent_of(p, at), p->plan.at[at].reason.line, optional, err))
			return -1;
	return 0;
}

/* --- chains --------------------------------------------------------------------------------------- */

struct chain {
	uint32_t *files; /* from the root on */
	size_t count;
	uint32_t line; /* of the last step, where it leads to a file without a reason; or 0 */
	struct str evidence;
};

static struct chain chain_to(struct packing *p, uint32_t file)
{
	struct chain chain = { 0 };
	size_t i;

	for (uint32_t at = file; at != NO_FILE; at = parent_of(p, at))
		chain.count++;
	i = chain.count;
	chain.files = arena_array(p->arena, uint32_t, chain.count);
	for (uint32_t at = file; at != NO_FILE; at = parent_of(p, at))
		chain.files[--i] = at;
	return chain;
}

static void add_step(struct packing *p, const struct chain *chain, size_t i, bool says, struct buf *out)
{
	const struct reason *reason = i + 1 < chain->count ? &p->plan.at[chain->files[i + 1]].reason : NULL;
	uint32_t line = reason ? reason->line : chain->line;
	struct str evidence = reason ? reason->via : chain->evidence;

	buf_add(out, text_escape(p->arena, p->bundle.files.at[chain->files[i]].path));
	if (line)
		buf_printf(out, ":%u", line);
	if (says && evidence.len)
		buf_printf(out, " (%s)", text_escape(p->arena, evidence).ptr);
}

/* "app.py:3 (import cv2) > cv2/__init__.py:181": the first step, that which leaves the user's own code, and
 * the last, with others between them where they are few. `count` is of steps. */
static struct str chain_text(struct packing *p, const struct chain *chain, size_t count)
{
	struct buf out = { .arena = p->arena };
	size_t leaves = 0;
	size_t skipped = 0;

	for (size_t i = 0; i < count; i++)
		if (is_first_party(p, chain->files[i]))
			leaves = i;
	for (size_t i = 0; i < count; i++) {
		if (count > STEPS_SHOWN && i != 0 && i != leaves && i != leaves + 1 && i + 1 != count) {
			skipped++;
			continue;
		}
		buf_add(&out, i ? STR(" > ") : STR(""));
		if (skipped)
			buf_printf(&out, "(%zu more) > ", skipped);
		skipped = 0;
		add_step(p, chain, i, i == leaves, &out);
	}
	return buf_str(&out);
}

/* --- notes ---------------------------------------------------------------------------------------- */

/* An import of the module that has no build: one that must not fail, if there is any. */
static int find_importer(struct packing *p, uint32_t file, const struct edge **importer, bool *optional,
			 struct err *err)
{
	const struct modules *modules = &p->imports.modules;

	*importer = NULL;
	*optional = true;
	for (size_t i = 0; *optional && i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];

		if (modules_of(modules, edge->to) != modules_of(modules, file) || !is_import_edge(p, edge) ||
		    !is_sure(p, edge->from))
			continue;
		if (is_optional_line(p, edge->from, edge->line, optional, err) ||
		    (!*optional && is_optional_chain(p, edge->from, optional, err)))
			return -1;
		if (!*importer || !*optional)
			*importer = edge;
	}
	return 0;
}

/* How the fault is come by, and whether the program goes on without the file. */
static int find_way(struct packing *p, const struct fault *fault, struct str *way, bool *optional,
		    struct err *err)
{
	struct chain chain;

	*way = STR("");
	if (fault->code == CODE_NO_BUILD) {
		const struct edge *edge;

		if (find_importer(p, fault->file, &edge, optional, err))
			return -1;
		if (!edge)
			return 0;
		chain = chain_to(p, edge->from);
		chain.line = edge->line;
		chain.evidence = edge->evidence;
		*way = chain_text(p, &chain, chain.count);
		return 0;
	}
	*optional = !fault->sure;
	if (fault->code == CODE_WHEEL_TAG)
		return 0;
	if (fault->sure && is_optional_chain(p, fault->root, optional, err))
		return -1;
	chain = chain_to(p, fault->root);
	*way = chain_text(p, &chain, chain.count - (fault->root == fault->file));
	return 0;
}

static int note_fault(struct packing *p, const struct fault *fault, struct err *err)
{
	bool optional = false;
	enum code code = fault->code;
	struct str way;

	if (find_way(p, fault, &way, &optional, err))
		return -1;
	if (optional && code_find((unsigned)code)->level == LEVEL_ERROR)
		code = CODE_LIBRARY_OPTIONAL;
	note_add(&p->bundle.notes, p->arena, code, p->bundle.files.at[fault->file].path, fault->cure,
		 "%.*s%s%.*s", STR_ARG(fault->text), way.len ? "; reached by " : "", STR_ARG(way));
	return 0;
}

int packing_note_faults(struct packing *p, const struct load *loads, size_t count, struct err *err)
{
	struct known known = find_known(p);
	struct fault_input input = {
		.libraries = &p->libraries,
		.platform = p->platform,
		.arch = p->target.arch,
		.minor = p->target.minor,
		.modules = &p->imports.modules,
		.kept = known.kept,
		.loads = loads,
		.count = count,
		.reader = { packing_read_file, p },
		.sure = known.sure,
		.opened = known.opened,
		.wanted = known.wanted,
	};
	struct faults faults;

	if (faults_find(&input, p->arena, &faults, err))
		return -1;
	for (size_t i = 0; i < faults.len; i++)
		if (note_fault(p, &faults.at[i], err))
			return -1;
	return 0;
}
