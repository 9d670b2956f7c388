/*
 * What will fail on Lambda when shared objects are loaded, as notes: the faults that scan/faults finds, each
 * with the chain of imports that leads to the file. Where nothing shows that a file is ever loaded, or the
 * import may fail without harm, the fault is only good to know.
 */
#include "base/buf.h"
#include "base/map.h"
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
	case EDGE_RULE: /* rules know of plugins that may be loaded, and of imports */
		return !libraries_of(&p->libraries, to) || libraries_of(&p->libraries, to)->python;
	case EDGE_DATA:
	case EDGE_KEEP:
		return false;
	case EDGE_ENTRY:
	case EDGE_IMPORT:
	case EDGE_NEEDED:
		break;
	}
	return true;
}

/*
 * How kept code comes to files by steps that are sure: from handlers, then from other roots, the shortest
 * way. Steps that turned out to be optional are left out, and the ways are found anew.
 */
struct ways {
	struct packing *p;
	uint32_t *first; /* by file id, and one more: where its edges begin in `edges` */
	uint32_t *edges; /* edges of the graph by the file that they come from */
	uint32_t *step;	 /* by file id: 1 + the edge that leads to it; 0 where there is none */
	bool *reached;	 /* by file id; roots have no step */
	bool *optional;	 /* by edge: known to be so */
	uint32_t *queue;
	struct map asked; /* "file:line": whether it is optional */
};

static void add_root(struct ways *ways, uint32_t file, size_t *count)
{
	if (ways->reached[file])
		return;
	ways->reached[file] = true;
	ways->queue[(*count)++] = file;
}

static bool is_sure_edge(const struct ways *ways, uint32_t e)
{
	const struct edge *edge = &ways->p->graph.edges.at[e];

	return !ways->optional[e] && ways->p->plan.at[edge->to].action == ACTION_KEEP &&
	       is_sure_step(ways->p, edge->from, edge->to, edge->kind, edge->phase, edge->broad);
}

static void follow(struct ways *ways, size_t from, size_t count)
{
	const struct graph *graph = &ways->p->graph;

	for (size_t i = from; i < count; i++)
		for (uint32_t k = ways->first[ways->queue[i]]; k < ways->first[ways->queue[i] + 1]; k++) {
			uint32_t to = graph->edges.at[ways->edges[k]].to;

			if (ways->reached[to] || !is_sure_edge(ways, ways->edges[k]))
				continue;
			ways->step[to] = ways->edges[k] + 1;
			add_root(ways, to, &count);
		}
}

/* Of what no import leads to, shared objects are no roots but modules of packages that nobody judged. */
static bool is_root(const struct packing *p, uint32_t file)
{
	if (p->plan.at[file].action != ACTION_KEEP || parent_of(p, file) != NO_FILE)
		return false;
	return !libraries_of(&p->libraries, file) || (modules_of(&p->imports.modules, file) != NO_MODULE &&
						      !(p->target.pruned && is_first_party(p, file)));
}

static void find_ways(struct ways *ways)
{
	const struct packing *p = ways->p;
	size_t files = p->bundle.files.len;
	size_t count = 0;

	for (size_t i = 0; i < files; i++) {
		ways->step[i] = 0;
		ways->reached[i] = false;
	}
	for (size_t i = 0; i < p->target.handlers.len; i++)
		add_root(ways, p->target.handlers.at[i].file, &count);
	follow(ways, 0, count);
	count = 0;
	for (uint32_t id = 0; id < files; id++)
		if (is_root(p, id))
			add_root(ways, id, &count);
	follow(ways, 0, count);
}

static struct ways begin_ways(struct packing *p)
{
	size_t files = p->bundle.files.len;
	size_t edges = p->graph.edges.len;
	struct ways ways = {
		.p = p,
		.first = arena_array(p->arena, uint32_t, files + 2),
		.edges = arena_array(p->arena, uint32_t, edges),
		.step = arena_array(p->arena, uint32_t, files),
		.reached = arena_array(p->arena, bool, files),
		.optional = arena_array(p->arena, bool, edges),
		.queue = arena_array(p->arena, uint32_t, files),
	};

	for (size_t i = 0; i < edges; i++)
		ways.first[p->graph.edges.at[i].from + 2]++;
	for (size_t i = 2; i < files + 2; i++)
		ways.first[i] += ways.first[i - 1];
	for (uint32_t i = 0; i < edges; i++)
		ways.edges[ways.first[p->graph.edges.at[i].from + 1]++] = i;
	find_ways(&ways);
	return ways;
}

struct known {
	bool *kept; /* by file id, all of them */
	bool *sure;
	bool *opened;
	bool *wanted;
};

/* Calls that are refused their module, each sure as far as its file is. */
static bool is_wanted(const struct ways *ways, const struct edge *edge)
{
	return ways->reached[edge->from] &&
	       is_sure_step(ways->p, edge->from, edge->to, edge->kind, edge->phase, edge->broad);
}

static struct known find_known(struct ways *ways)
{
	struct packing *p = ways->p;
	size_t files = p->bundle.files.len;
	struct known known = {
		.kept = arena_array(p->arena, bool, files),
		.sure = arena_array(p->arena, bool, files),
		.opened = arena_array(p->arena, bool, files),
		.wanted = arena_array(p->arena, bool, files),
	};
	const struct closure_founds *founds = p->target.pruned ? closure_found(p->closure) : NULL;

	for (uint32_t id = 0; id < files; id++) {
		bool is_library = libraries_of(&p->libraries, id);

		known.kept[id] = p->plan.at[id].action == ACTION_KEEP;
		known.sure[id] = is_library && ways->reached[id] && !ways->step[id];
		known.opened[id] = known.sure[id];
		/* Where nothing was read for imports, what a distribution has is what it imports. */
		known.wanted[id] = is_library && !p->target.pruned;
	}
	for (uint32_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];

		if (!known.kept[edge->from] || !libraries_of(&p->libraries, edge->to) ||
		    edge->kind == EDGE_NEEDED || edge->kind == EDGE_DATA)
			continue;
		known.opened[edge->to] = true;
		known.sure[edge->to] |= ways->reached[edge->from] && is_sure_edge(ways, i);
	}
	for (size_t i = 0; founds && i < founds->len; i++)
		for (size_t k = 0; k < founds->at[i].facts->refused.len; k++) {
			const struct edge *edge = &founds->at[i].facts->refused.at[k];

			known.wanted[edge->to] |= is_wanted(ways, edge);
		}
	return known;
}

/* --- what may fail -------------------------------------------------------------------------------- */

static int is_optional_line(struct ways *ways, uint32_t file, uint32_t line, bool *optional, struct err *err)
{
	struct packing *p = ways->p;
	struct arena scratch = { 0 };
	struct bytes content;
	uint32_t *known;
	bool added;

	*optional = false;
	if (line == 0 || !str_ends(p->bundle.files.at[file].path, STR(".py")))
		return 0;
	known = map_put(p->arena, &ways->asked, str_fmt(p->arena, "%u:%u", file, line), &added);
	if (!added) {
		*optional = *known;
		return 0;
	}
	if (packing_read_file(p, file, &scratch, &content, err)) {
		arena_free(&scratch);
		return -1;
	}
	*optional = python_is_optional(str_of_bytes(content), line, &p->imports.target);
	*known = *optional;
	arena_free(&scratch);
	return 0;
}

/* --- chains --------------------------------------------------------------------------------------- */

struct chain {
	uint32_t *files;	   /* from the root on */
	const struct edge **steps; /* by place: the edge that leads from there */
	size_t count;		   /* of files; the last has a step where that leads to a file which goes */
};

static const struct edge *step_to(const struct ways *ways, uint32_t file)
{
	return ways->step[file] ? &ways->p->graph.edges.at[ways->step[file] - 1] : NULL;
}

/* `last` is the step behind the file, or NULL. */
static struct chain chain_to(const struct ways *ways, uint32_t file, const struct edge *last)
{
	struct arena *arena = ways->p->arena;
	struct chain chain = { .count = 1 };
	size_t i;

	for (uint32_t at = file; step_to(ways, at); at = step_to(ways, at)->from)
		chain.count++;
	chain.files = arena_array(arena, uint32_t, chain.count);
	chain.steps = arena_array(arena, const struct edge *, chain.count);
	i = chain.count - 1;
	chain.files[i] = file;
	chain.steps[i] = last;
	for (const struct edge *step; (step = step_to(ways, chain.files[i])) && i > 0; i--) {
		chain.files[i - 1] = step->from;
		chain.steps[i - 1] = step;
	}
	return chain;
}

/*
 * A chain that leads to the file and may not fail, in place of one that may: steps that may are left out
 * until there is one, or there is none.
 */
static int find_chain(struct ways *ways, uint32_t file, const struct edge *last, struct chain *chain,
		      bool *optional, struct err *err)
{
	enum { TRIES = 64 };

	*chain = chain_to(ways, file, last);
	*optional = !ways->reached[file];
	for (int tries = 0; ways->reached[file] && tries < TRIES; tries++) {
		struct chain next = chain_to(ways, file, last);
		bool any = false;

		for (uint32_t at = file; step_to(ways, at); at = step_to(ways, at)->from) {
			const struct edge *step = step_to(ways, at);
			bool may;

			if (is_optional_line(ways, step->from, step->line, &may, err))
				return -1;
			ways->optional[ways->step[at] - 1] |= may;
			any |= may;
		}
		if (!any) {
			*chain = next;
			return 0;
		}
		find_ways(ways);
	}
	*optional = true;
	return 0;
}

static void add_step(struct packing *p, const struct chain *chain, size_t i, bool says, struct buf *out)
{
	const struct edge *step = chain->steps[i];

	buf_add(out, text_escape(p->arena, p->bundle.files.at[chain->files[i]].path));
	if (step && step->line)
		buf_printf(out, ":%u", step->line);
	if (says && step && step->evidence.len)
		buf_printf(out, " (%s)", text_escape(p->arena, step->evidence).ptr);
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
static int find_importer(struct ways *ways, uint32_t file, struct chain *chain, bool *optional,
			 struct err *err)
{
	const struct packing *p = ways->p;
	const struct modules *modules = &p->imports.modules;
	const struct closure_founds *founds = p->target.pruned ? closure_found(p->closure) : NULL;

	*optional = true;
	for (size_t i = 0; founds && i < founds->len; i++)
		for (size_t k = 0; k < founds->at[i].facts->refused.len; k++) {
			const struct edge *edge = &founds->at[i].facts->refused.at[k];

			if (modules_of(modules, edge->to) != modules_of(modules, file) ||
			    !is_wanted(ways, edge))
				continue;
			if (chain->count == 0)
				*chain = chain_to(ways, edge->from, edge);
			if (is_optional_line(ways, edge->from, edge->line, optional, err) ||
			    (!*optional && find_chain(ways, edge->from, edge, chain, optional, err)))
				return -1;
			if (!*optional)
				return 0;
		}
	return 0;
}

/* How the fault is come by, and whether the program goes on without the file. */
static int find_way(struct ways *ways, const struct fault *fault, struct str *way, bool *optional,
		    struct err *err)
{
	struct chain chain = { 0 };

	*way = STR("");
	*optional = !fault->sure;
	if (fault->code == CODE_WHEEL_TAG)
		return 0;
	if (fault->code == CODE_NO_BUILD) {
		if (find_importer(ways, fault->file, &chain, optional, err))
			return -1;
		*way = chain_text(ways->p, &chain, chain.count);
		return 0;
	}
	if (!fault->sure) {
		const struct reason *reason = &ways->p->plan.at[fault->root].reason;

		if (reason->parent != NO_FILE)
			*way = text_escape(ways->p->arena, ways->p->bundle.files.at[reason->parent].path);
		return 0;
	}
	if (find_chain(ways, fault->root, NULL, &chain, optional, err))
		return -1;
	*way = chain_text(ways->p, &chain, chain.count - (fault->root == fault->file));
	return 0;
}

static int note_fault(struct ways *ways, const struct fault *fault, struct err *err)
{
	struct packing *p = ways->p;
	bool optional = false;
	enum code code = fault->code;
	struct str way;

	if (find_way(ways, fault, &way, &optional, err))
		return -1;
	if (optional && code_find((unsigned)code)->level == LEVEL_ERROR)
		code = CODE_LIBRARY_OPTIONAL;
	note_add(&p->bundle.notes, p->arena, code, p->bundle.files.at[fault->file].path, fault->cure,
		 "%.*s%s%.*s", STR_ARG(fault->text), way.len ? "; reached by " : "", STR_ARG(way));
	return 0;
}

int packing_note_faults(struct packing *p, const struct load *loads, size_t count, struct err *err)
{
	struct ways ways = begin_ways(p);
	struct known known = find_known(&ways);
	struct fault_input input = {
		.libraries = &p->libraries,
		.platform = p->platform,
		.arch = p->target.arch,
		.minor = p->target.minor,
		.library_path = p->library_path.len ? p->library_path.at : NULL,
		.library_path_count = p->library_path.len,
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
		if (note_fault(&ways, &faults.at[i], err))
			return -1;
	return 0;
}
