/*
 * What the import graph could not know, as notes: what stays for names that are computed, what could not be
 * read, what no file of the package provides.
 */
#include <inttypes.h>

#include "base/map.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "scan/python_optional.h"

/* Keeps that are smaller are not worth a word each. */
enum { BROAD_WORTH = 64 << 10 };

/* What stays because of one place that computes a name. */
struct broad {
	uint32_t first; /* a file that it leads to */
	uint64_t files;
	uint64_t bytes;
};

/* The nearest file on the way from the root whose reason is broad: itself, or one above it; or NO_FILE. */
static void find_broad(const struct packing *p, uint32_t *above)
{
	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		above[id] =
			p->plan.at[id].action == ACTION_KEEP && p->plan.at[id].reason.broad ? id : NO_FILE;
	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		uint32_t at = id;
		uint32_t found;

		if (p->plan.at[id].action != ACTION_KEEP)
			continue;
		while (above[at] == NO_FILE && p->plan.at[at].reason.parent != NO_FILE)
			at = p->plan.at[at].reason.parent;
		found = above[at];
		for (at = id; found != NO_FILE && above[at] == NO_FILE; at = p->plan.at[at].reason.parent)
			above[at] = found;
	}
}

static void note_broad(struct packing *p, const struct broad *broad)
{
	const struct reason *reason = &p->plan.at[broad->first].reason;
	bool call = reason->kind == EDGE_RULE;
	char size[TEXT_SIZE_MAX];

	text_size(size, broad->bytes);
	note_add(&p->bundle.notes, p->arena, call ? CODE_CALL_COMPUTED : CODE_COMPUTED_IMPORT,
		 reason->line ? p->bundle.files.at[reason->parent].path : STR(""),
		 call ? STR("name what is needed by literals, or --drop what is not")
		      : STR("if you know which of them are used, --drop the others"),
		 "%s%s%s keeps %" PRIu64 " file%s of %s", text_escape(p->arena, reason->via).ptr,
		 reason->line ? " in line " : "",
		 reason->line ? str_fmt(p->arena, "%u", reason->line).ptr : "", broad->files,
		 broad->files == 1 ? "" : "s", size);
}

static void note_broads(struct packing *p)
{
	uint32_t *above = arena_array(p->arena, uint32_t, p->bundle.files.len);
	struct broad *broads = arena_array(p->arena, struct broad, p->bundle.files.len);
	struct map places = { 0 };
	uint32_t count = 0;

	find_broad(p, above);
	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		const struct reason *reason;
		struct broad *broad;
		uint32_t *place;
		bool added;

		if (above[id] == NO_FILE)
			continue;
		reason = &p->plan.at[above[id]].reason;
		place = map_put(
			p->arena, &places,
			str_fmt(p->arena, "%u:%u:%.*s", reason->parent, reason->line, STR_ARG(reason->via)),
			&added);
		if (added)
			*place = count++;
		broad = &broads[*place];
		if (added)
			broad->first = above[id];
		broad->files++;
		broad->bytes += p->bundle.files.at[id].size;
	}
	for (uint32_t i = 0; i < count; i++)
		if (broads[i].bytes >= BROAD_WORTH)
			note_broad(p, &broads[i]);
}

static void note_unread(struct packing *p, uint32_t file, const struct import_facts *facts)
{
	struct str path = p->bundle.files.at[file].path;

	if (facts->broken.line)
		note_add(&p->bundle.notes, p->arena, CODE_SOURCE_BROKEN, path, STR(""),
			 "line %u: %.*s; its package stays", facts->broken.line,
			 STR_ARG(facts->broken.evidence));
	if (facts->opaque)
		note_add(&p->bundle.notes, p->arena, CODE_BINARY_OPAQUE, path, STR(""),
			 "what it imports cannot be read; the modules beside it stay");
}

/* A line for each place of the user's own, one for each distribution. */
static void note_undecided(struct packing *p, uint32_t file, const struct import_facts *facts,
			   uint32_t *of_dist, uint32_t *first)
{
	uint32_t d = p->bundle.files.at[file].dist;

	for (size_t i = 0; i < facts->undecided.len; i++) {
		const struct seen *seen = &facts->undecided.at[i];

		if (d == NO_DIST)
			note_add(&p->bundle.notes, p->arena, CODE_IMPORT_UNKNOWN,
				 p->bundle.files.at[file].path, STR(""), "line %u: %s", seen->line,
				 text_escape(p->arena, seen->evidence).ptr);
		else if (of_dist[d]++ == 0)
			first[d] = file;
	}
}

static void note_undecided_dists(struct packing *p, const uint32_t *of_dist, const uint32_t *first)
{
	uint32_t places = 0;
	uint32_t dists = 0;
	uint32_t most = 0;

	for (uint32_t d = 0; d < p->bundle.dists.len; d++) {
		places += of_dist[d];
		dists += of_dist[d] > 0;
		if (of_dist[d] > of_dist[most])
			most = d;
	}
	if (places)
		note_add(
			&p->bundle.notes, p->arena, CODE_IMPORT_UNKNOWN, p->bundle.files.at[first[most]].path,
			STR("name modules that only events or the environment name: --keep module:NAME"),
			"%u place%s in %u distribution%s import by a name that comes from elsewhere, as this "
			"one does",
			places, places == 1 ? "" : "s", dists, dists == 1 ? "" : "s");
}

/* Files that are imported before the first event: along init edges from the handlers. */
static bool *find_init(struct packing *p)
{
	size_t files = p->bundle.files.len;
	bool *init = arena_array(p->arena, bool, files);
	bool again = false;

	for (size_t i = 0; i < p->target.handlers.len; i++)
		again = init[p->target.handlers.at[i].file] = true;
	while (again) {
		again = false;
		for (size_t e = 0; e < p->graph.edges.len; e++) {
			const struct edge *edge = &p->graph.edges.at[e];

			if (edge->kind == EDGE_IMPORT && edge->phase == PHASE_INIT && init[edge->from] &&
			    !init[edge->to])
				again = init[edge->to] = true;
		}
	}
	return init;
}

static bool is_provided(const struct packing *p, struct str top)
{
	return stdlib_has(&p->stdlib, p->target.minor, top) ||
	       runtime_has(&p->stdlib, p->target.minor, top) ||
	       modules_find(&p->imports.modules, top) != NO_MODULE;
}

/* Without handlers nobody knows which modules of the package are called at all. */
/*
 * Whether it is imported only where another import fails, and that one does not: "import tomllib", or else
 * "import tomli".
 */
static bool is_idle_fallback(struct packing *p, const struct closure_found *found, const struct seen *missing)
{
	struct arena scratch = { 0 };
	struct err err = { 0 };
	struct bytes content;
	uint32_t from = 0;
	bool idle = !packing_read_file(p, found->file, &scratch, &content, &err) &&
		    python_is_fallback(str_of_bytes(content), missing->line, &from);

	arena_free(&scratch);
	for (size_t i = 0; idle && i < found->facts->missing.len; i++) {
		const struct seen *other = &found->facts->missing.at[i];
		struct str top;
		struct str rest;

		(void)str_cut(other->name, '.', &top, &rest);
		if (other->optional && other->line >= from && other->line < missing->line &&
		    !is_provided(p, top))
			return false;
	}
	return idle;
}

static void note_missing(struct packing *p, const struct closure_founds *founds)
{
	const bool *init = find_init(p);

	for (size_t i = 0; i < founds->len; i++) {
		const struct closure_found *found = &founds->at[i];
		const struct file *file = &p->bundle.files.at[found->file];

		for (size_t m = 0; m < found->facts->missing.len; m++) {
			const struct seen *seen = &found->facts->missing.at[m];
			struct str top;
			struct str rest;

			(void)str_cut(seen->name, '.', &top, &rest);
			if (file->dist != NO_DIST || !init[found->file] || seen->optional ||
			    seen->phase != PHASE_INIT || is_provided(p, top) ||
			    is_idle_fallback(p, found, seen))
				continue;
			note_add(&p->bundle.notes, p->arena, CODE_MODULE_MISSING, file->path,
				 STR("add its distribution to the package, or ignore this where a layer has "
				     "it"),
				 "line %u: %s: neither the package nor the runtime has %s", seen->line,
				 text_escape(p->arena, seen->evidence).ptr, text_escape(p->arena, top).ptr);
		}
	}
}

/* A module of the user's own hides one of the standard library, or of a distribution in the same directory.
 */
static void note_shadow(struct packing *p, uint32_t id)
{
	const struct modules *modules = &p->imports.modules;
	uint32_t module = modules_of(modules, id);
	struct str name = modules->list.at[module].name;
	uint32_t shadows[MODULE_PICKS];
	size_t count = modules_shadows(modules, id, shadows);

	if (stdlib_has(&p->stdlib, p->target.minor, name) &&
	    !stdlib_is_builtin(&p->stdlib, p->target.minor, name))
		note_add(&p->bundle.notes, p->arena, CODE_MODULE_SHADOWED, p->bundle.files.at[id].path,
			 STR("rename it, unless that is what you want"),
			 "hides the standard library's %s from all that import it",
			 text_escape(p->arena, name).ptr);
	for (size_t i = 0; i < count; i++) {
		const struct file *hidden = &p->bundle.files.at[shadows[i]];

		if (hidden->dist != NO_DIST)
			note_add(&p->bundle.notes, p->arena, CODE_MODULE_SHADOWED,
				 p->bundle.files.at[id].path, STR("rename it, unless that is what you want"),
				 "hides %s of %.*s", text_escape(p->arena, hidden->path).ptr,
				 STR_ARG(p->bundle.dists.at[hidden->dist].name));
	}
}

static void note_shadows(struct packing *p)
{
	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		uint32_t module = modules_of(&p->imports.modules, id);

		if (p->plan.at[id].action == ACTION_KEEP && p->bundle.files.at[id].dist == NO_DIST &&
		    module != NO_MODULE && p->imports.modules.list.at[module].parent == NO_MODULE)
			note_shadow(p, id);
	}
}

void packing_note_doubts(struct packing *p)
{
	const struct closure_founds *founds;
	uint32_t *of_dist;
	uint32_t *first;

	if (!p->target.pruned)
		return;
	founds = closure_found(p->closure);
	of_dist = arena_array(p->arena, uint32_t, p->bundle.dists.len);
	first = arena_array(p->arena, uint32_t, p->bundle.dists.len);
	note_broads(p);
	note_shadows(p);
	note_missing(p, founds);
	for (size_t i = 0; i < founds->len; i++) {
		note_unread(p, founds->at[i].file, founds->at[i].facts);
		note_undecided(p, founds->at[i].file, founds->at[i].facts, of_dist, first);
	}
	if (p->bundle.dists.len)
		note_undecided_dists(p, of_dist, first);
}
