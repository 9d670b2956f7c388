#include "base/arena.h"
#include "report/json_value.h"
#include "report/why.h"

/* docs/why-schema.json describes what is written here; a test validates one against the other. */
#define SCHEMA_VERSION "1.1.0"

struct writer {
	const struct why *why;
	const struct why_context *context;
	struct arena *arena;
};

static void set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static void set_path(const struct writer *w, json_t *object, const char *key, uint32_t file)
{
	json_set_name(object, key, w->context->bundle->files.at[file].path, w->arena);
}

static void set_via(const struct writer *w, json_t *object, struct str via)
{
	struct str because = why_because(w->context, via);

	if (via.len)
		json_set_name(object, "via", via, w->arena);
	if (because.len)
		set(object, "because", json_stringn(because.ptr, because.len));
}

static json_t *edge_json(const struct writer *w, const struct edge *edge)
{
	static const char *const phases[] = {
		[PHASE_INIT] = "init", [PHASE_CALL] = "call", [PHASE_TYPES] = "types"
	};
	json_t *object = json_object();

	set_path(w, object, "from", edge->from);
	set(object, "line", json_number(edge->line));
	set(object, "kind", json_string(edge_kind_name(edge->kind)));
	set(object, "phase", json_string(phases[edge->phase]));
	set_via(w, object, edge->evidence);
	return object;
}

/* A step has the reason of a root, the edge from the step before it, or neither where it was told before. */
static json_t *step_json(const struct writer *w, const struct why_step *step)
{
	const struct reason *reason = &w->context->plan->at[step->file].reason;
	json_t *object = json_object();
	struct edge edge;
	json_t *root;

	set_path(w, object, "path", step->file);
	set(object, "retains", json_number(w->context->retained[step->file]));
	if (step->told) {
		set(object, "told", json_true());
	} else if (reason->parent == NO_FILE) {
		root = json_object();
		json_set_code(root, reason->code);
		set_via(w, root, reason->via);
		set(object, "root", root);
	} else {
		edge = why_edge_of(w->context, step->file);
		set(object, "edge", edge_json(w, &edge));
	}
	return object;
}

static json_t *chain_json(const struct writer *w, uint32_t file, bool *told)
{
	json_t *list = json_array();
	struct why_step *steps;
	size_t count = why_chain(w->context, file, told, w->arena, &steps);

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, step_json(w, &steps[i]));
	return list;
}

static json_t *edges_json(const struct writer *w, bool *told)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->why->edges.len; i++) {
		const struct why_edge *other = &w->why->edges.at[i];
		json_t *object = edge_json(w, other->edge);

		set(object, "circular", json_boolean(other->circular));
		set(object, "chain", chain_json(w, other->edge->from, told));
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *shares_json(const struct writer *w, const struct why_shares *shares, bool by)
{
	json_t *list = json_array();

	for (size_t i = 0; i < shares->len; i++) {
		json_t *object = json_object();

		json_set_name(object, "name", shares->at[i].name, w->arena);
		set(object, "kept", json_tally(&shares->at[i].tally, true));
		if (by)
			json_set_name(object, "by", shares->at[i].by, w->arena);
		(void)json_array_append_new(list, object);
	}
	return list;
}

static json_t *others_json(const struct writer *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->why->others.len; i++) {
		json_t *object = json_object();

		set(object, "kind", json_string(why_kind_name(w->why->others.at[i].kind)));
		json_set_name(object, "name", w->why->others.at[i].name, w->arena);
		(void)json_array_append_new(list, object);
	}
	return list;
}

static void set_kept(const struct writer *w, json_t *object)
{
	const struct why *why = w->why;
	bool *told = arena_array(w->arena, bool, w->context->plan->count);

	set(object, "chain", chain_json(w, why->file, told));
	set(object, "other_reasons", json_number(why->edges.len));
	if (why->show_all)
		set(object, "reasons", edges_json(w, told));
	set(object, "retains", json_tally(&why->retained, true));
	if (why->show_frees) {
		set(object, "frees", shares_json(w, &why->frees, false));
		set(object, "shares", shares_json(w, &why->shared, true));
	}
}

static void set_removed(const struct writer *w, json_t *object)
{
	const struct reason *reason = &w->context->plan->at[w->why->file].reason;
	json_t *why = json_object();

	json_set_code(why, reason->code);
	set_via(w, why, reason->via);
	set(object, "reason", why);
	set(object, "nearest", w->why->nearest ? edge_json(w, w->why->nearest) : json_null());
	json_set_name(object, "keep", w->why->keep, w->arena);
}

static json_t *answer_json(const struct writer *w)
{
	const struct why *why = w->why;
	json_t *object = json_object();
	bool is_kept = w->context->plan->at[why->file].action == ACTION_KEEP;

	json_set_name(object, "asked", why->asked, w->arena);
	set(object, "kind", json_string(why_kind_name(why->kind)));
	if (why->kind == WHY_DISTRIBUTION) {
		const struct dist *dist = &w->context->bundle->dists.at[why->dist];

		json_set_name(object, "distribution", dist->name, w->arena);
		json_set_name(object, "version", dist->version, w->arena);
	}
	set(object, "kept", json_tally(&why->kept, true));
	set(object, "removed", json_tally(&why->removed, true));
	set_path(w, object, "path", why->file);
	set(object, "action", json_string(is_kept ? "keep" : "drop"));
	if (w->context->plan->at[why->file].rewrite == REWRITE_LINK)
		json_set_name(object, "link", plan_link_text(w->context->plan, w->context->bundle, why->file),
			      w->arena);
	if (is_kept)
		set_kept(w, object);
	else
		set_removed(w, object);
	set(object, "also", others_json(w));
	return object;
}

void why_json(const struct why *whys, size_t count, struct buf *out)
{
	json_t *root = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		struct writer w = { &whys[i], whys[i].context, out->arena };

		(void)json_array_append_new(list, answer_json(&w));
	}
	set(root, "schema_version", json_string(SCHEMA_VERSION));
	if (count)
		json_set_name(root, "package", whys[0].context->package, out->arena);
	set(root, "answers", list);
	json_write(root, out);
}
