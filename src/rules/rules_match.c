#include "rules/rules.h"

#include <string.h>

#include "base/arena.h"
#include "rules/group.h"
#include "rules/rule_check.h"
#include "rules/walk.h"

/* Whether a rule speaks of the group at hand: asked once a group, and only when a pattern matched. */
enum answer { NOT_ASKED, NO, YES };

/*
 * Files are judged group by group: those of a distribution, or those of a tree that no distribution
 * owns. Within a group they are sorted, so the files of a directory follow one another.
 */
struct matcher {
	const struct ruleset *set;
	struct bundle *bundle;
	struct opinion *opinions;
	struct graph *graph;
	struct arena *arena;
	bool *on;		    /* by rule: its option is */
	struct pattern_index index; /* a hit is 2 x rule, plus 1 for an exception */
	struct walk walk;

	/* the group */
	const struct dist *dist; /* NULL: first-party */
	const uint32_t *files;
	size_t count;
	enum answer *applies; /* by rule */

	/* the part of it whose paths are cut at the same place */
	const uint32_t *part;
	size_t part_count;
	size_t skip; /* bytes in front of what patterns see */
	size_t at;   /* the file that the walk is at */
};

static const struct file *file_at(const struct matcher *m, uint32_t id)
{
	return &m->bundle->files.at[id];
}

/* The path as patterns see it. */
static struct str seen_path(const struct matcher *m, uint32_t id)
{
	return str_from(file_at(m, id)->path, m->skip);
}

static bool is_below(struct str path, struct str dir)
{
	return path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir);
}

static bool name_matches(const struct path_patterns *names, struct str name)
{
	return pattern_any(names->list.at, names->list.len, name, false);
}

/* --- what rules ask of distributions ----------------------------------------------------------- */

static bool ask(const struct matcher *m, uint32_t r)
{
	const struct rule *rule = &m->set->rules.at[r];
	struct group group = { m->dist, m->files, m->count };

	if (!m->on[r] || (m->dist && rule->scope == SCOPE_FIRST_PARTY) ||
	    (!m->dist && rule->scope == SCOPE_DISTRIBUTION))
		return false;
	return rule_wants_dist(rule, m->bundle, &group);
}

static bool applies(struct matcher *m, uint32_t r)
{
	if (m->applies[r] == NOT_ASKED)
		m->applies[r] = ask(m, r) ? YES : NO;
	return m->applies[r] == YES;
}

/* --- what rules ask of directories --------------------------------------------------------------- */

/*
 * The highest directory on the way from `dir` down to `path` that the rule matches by itself: its contents
 * prove nothing about `dir`. Empty when there is none.
 */
static struct str nested_match(const struct rule *rule, struct str dir, struct str path)
{
	for (size_t i = dir.len + 1; i < path.len; i++)
		if (path.ptr[i] == '/' &&
		    pattern_any(rule->files.list.at, rule->files.list.len, str_head(path, i), true))
			return str_head(path, i);
	return STR("");
}

/* Whether the directory is what the rule takes it for. The walk is at the first file below it. */
static bool directory_passes(const struct matcher *m, const struct rule *rule, struct str dir)
{
	bool proved = rule->proof.list.len == 0;
	bool sure = rule->only.list.len == 0 && rule->without.list.len == 0;
	struct str nested = STR("");

	for (size_t i = m->at; i < m->part_count && !(proved && sure); i++) {
		struct str path = seen_path(m, m->part[i]);
		struct str name = str_base(path);

		if (!is_below(path, dir))
			break;
		if (file_at(m, m->part[i])->kind == FILE_DIR)
			continue;
		if (name_matches(&rule->without, name) ||
		    (rule->only.list.len && !name_matches(&rule->only, name)))
			return false;
		if (proved || (nested.len && is_below(path, nested)))
			continue;
		nested = nested_match(rule, dir, path);
		proved = nested.len == 0 && name_matches(&rule->proof, name);
	}
	return proved;
}

/* Leaves only the hits that hold for all below the directory. */
static void directory_entered(void *ctx, struct str dir, struct hits *hits, size_t first)
{
	struct matcher *m = ctx;
	size_t kept = first;

	for (size_t i = first; i < hits->len; i++) {
		uint32_t r = hits->at[i] / 2;
		const struct rule *rule = &m->set->rules.at[r];
		bool exception = hits->at[i] % 2;

		if (exception ||
		    (applies(m, r) && (!rule_asks_directory(rule) || directory_passes(m, rule, dir))))
			hits->at[kept++] = hits->at[i];
	}
	hits->len = kept;
}

/* --- files ------------------------------------------------------------------------------------------- */

static bool conditions_hold(const struct matcher *m, const struct rule *rule, uint32_t file)
{
	struct surroundings in = { m->bundle, m->opinions };

	for (size_t i = 0; i < rule->when.len; i++)
		if (!rule->when.at[i].holds(&in, file))
			return false;
	return true;
}

static bool is_exception(const struct hits *hits, uint32_t r)
{
	for (size_t i = 0; i < hits->len; i++)
		if (hits->at[i] == 2 * r + 1)
			return true;
	return false;
}

static void give_opinion(struct matcher *m, uint32_t file, const struct rule *rule)
{
	if (m->opinions[file].stance > rule->stance)
		return;
	m->opinions[file] = (struct opinion){ .stance = rule->stance, .code = rule->code, .via = rule->id };
}

/* Of all rules that speak of the file: keep before drop, then the one that was loaded last. */
static void judge(struct matcher *m, uint32_t file, size_t own)
{
	const struct hits *hits = &m->walk.hits;
	const struct rule *best = NULL;

	for (size_t i = 0; i < hits->len; i++) {
		uint32_t r = hits->at[i] / 2;
		const struct rule *rule = &m->set->rules.at[r];

		if (hits->at[i] % 2 || (best && best->stance > rule->stance) ||
		    (best && best->stance == rule->stance && best >= rule))
			continue;
		if ((i >= own && rule_asks_directory(rule)) || is_exception(hits, r) || !applies(m, r) ||
		    !conditions_hold(m, rule, file))
			continue;
		best = rule;
	}
	if (best)
		give_opinion(m, file, best);
}

static void match_part(struct matcher *m, const uint32_t *part, size_t count, size_t skip)
{
	m->part = part;
	m->part_count = count;
	m->skip = skip;
	for (m->at = 0; m->at < count; m->at++) {
		uint32_t file = part[m->at];
		struct str path = seen_path(m, file);
		size_t own;

		walk_to(&m->walk, path);
		own = m->walk.hits.len;
		pattern_index_find(m->walk.index, path, file_at(m, file)->kind == FILE_DIR, &m->walk.hits);
		if (m->walk.hits.len)
			judge(m, file, own);
		m->walk.hits.len = own;
	}
	walk_leave(&m->walk);
}

/* --- whole distributions ------------------------------------------------------------------------- */

static void tie(struct matcher *m, uint32_t from, uint32_t to, struct str evidence)
{
	if (from != to && from != NO_FILE)
		*vec_push(m->bundle->arena, &m->graph->edges) = (struct edge){
			.from = from, .to = to, .kind = EDGE_RULE, .phase = PHASE_INIT, .evidence = evidence
		};
}

/* Marks do not pass through what the user drops, so such a file cannot stand for the others. */
static uint32_t choose_anchor(const struct matcher *m)
{
	uint32_t metadata = m->dist->metadata;

	if (metadata != NO_FILE && m->opinions[metadata].stance != STANCE_USER_DROP)
		return metadata;
	for (size_t i = 0; i < m->count; i++)
		if (m->opinions[m->files[i]].stance != STANCE_USER_DROP)
			return m->files[i];
	return m->files[0];
}

static void drop_with(struct matcher *m, uint32_t file, uint32_t anchor, const struct rule *rule)
{
	struct opinion *opinion = &m->opinions[file];

	if (opinion->stance <= STANCE_RULE_KEEP)
		*opinion = (struct opinion){ .stance = rule->stance, .code = rule->code, .via = rule->id };
	tie(m, anchor, file, rule->id);
	tie(m, file, anchor, rule->id);
}

/* From the METADATA of every distribution that requires this one. */
static void tie_to_dependents(struct matcher *m, uint32_t anchor)
{
	struct str key = m->dist->key;
	struct dist_names self = { .list = { &key, 1, 1 } };

	for (size_t d = 0; d < m->bundle->dists.len; d++) {
		const struct dist *other = &m->bundle->dists.at[d];

		if (other != m->dist && dist_requires(other, &self))
			tie(m, other->metadata, anchor,
			    str_fmt(m->bundle->arena, "Requires-Dist: %.*s", STR_ARG(key)));
	}
}

/*
 * All that no other rule drops goes or stays together: one file stands for all, with edges to and from each
 * of them. A rule that keeps a file says that the distribution needs it, not that anybody needs the
 * distribution: here it does not count.
 */
static void drop_whole(struct matcher *m, const struct rule *rule)
{
	uint32_t anchor = choose_anchor(m);
	struct str site = m->dist->site;

	for (size_t i = 0; i < m->count; i++)
		if (m->files[i] == anchor || m->opinions[m->files[i]].stance != STANCE_RULE_DROP)
			drop_with(m, m->files[i], anchor, rule);
	for (size_t i = 0; i < rule->also.len; i++) {
		struct str path = str_fmt(m->arena, "%.*s%s%.*s", STR_ARG(site), site.len ? "/" : "",
					  STR_ARG(rule->also.at[i]));
		uint32_t file = bundle_find(m->bundle, m->dist->tree, path);

		if (file != NO_FILE && file_at(m, file)->dist == NO_DIST)
			drop_with(m, file, anchor, rule);
	}
	tie_to_dependents(m, anchor);
}

/* The last rule that speaks of the whole distribution, or NULL. */
static const struct rule *whole_rule(struct matcher *m)
{
	for (uint32_t r = (uint32_t)m->set->rules.len; m->dist && r-- > 0;)
		if (m->set->rules.at[r].whole && applies(m, r))
			return &m->set->rules.at[r];
	return NULL;
}

/* --- groups --------------------------------------------------------------------------------------------- */

static void match_group(struct matcher *m, const struct group *group)
{
	const struct dist *dist = group->dist;
	const uint32_t *files = group->files;
	size_t count = group->count;
	size_t first = 0;
	size_t end = count;
	size_t skip = 0;
	const struct rule *whole;

	if (count == 0)
		return;
	m->dist = dist;
	m->files = files;
	m->count = count;
	memset(m->applies, 0, m->set->rules.len * sizeof(*m->applies));
	if (dist && dist->site.len) {
		/* What lies outside the site directory (scripts, data) is seen from the tree's root. */
		while (first < count && !is_below(file_at(m, files[first])->path, dist->site))
			first++;
		for (end = first; end < count && is_below(file_at(m, files[end])->path, dist->site);)
			end++;
		skip = dist->site.len + 1;
	}
	match_part(m, files, first, 0);
	match_part(m, files + first, end - first, skip);
	match_part(m, files + end, count - end, 0);
	whole = whole_rule(m);
	if (whole)
		drop_whole(m, whole);
}

static void index_rules(struct matcher *m)
{
	for (uint32_t r = 0; r < m->set->rules.len; r++) {
		const struct rule *rule = &m->set->rules.at[r];

		if (!m->on[r])
			continue;
		for (size_t i = 0; i < rule->files.list.len; i++)
			pattern_index_add(&m->index, &rule->files.list.at[i], 2 * r);
		for (size_t i = 0; i < rule->except.list.len; i++)
			pattern_index_add(&m->index, &rule->except.list.at[i], 2 * r + 1);
	}
}

static bool is_on(const struct rule_options *options, struct str name)
{
	for (size_t i = 0; i < options->on_count; i++)
		if (str_eq(options->on[i], name))
			return true;
	return name.len == 0;
}

void rules_match(const struct ruleset *set, const struct user_patterns *user,
		 const struct rule_options *options, struct bundle *bundle, struct opinion *opinions,
		 struct graph *graph)
{
	struct arena scratch __attribute__((cleanup(arena_free))) = { .chunk = NULL };
	struct matcher m = {
		.set = set,
		.bundle = bundle,
		.opinions = opinions,
		.graph = graph,
		.arena = &scratch,
		.on = arena_array(&scratch, bool, set->rules.len),
		.applies = arena_array(&scratch, enum answer, set->rules.len),
		.index = { .arena = &scratch },
	};

	struct groups groups = { .list = { 0 } };

	rules_match_user(user, bundle, opinions);
	for (size_t r = 0; r < set->rules.len; r++)
		m.on[r] = is_on(options, set->rules.at[r].option);
	index_rules(&m);
	m.walk = (struct walk){
		.arena = &scratch, .index = &m.index, .entered = directory_entered, .ctx = &m
	};
	groups_make(&groups, bundle, &scratch);
	for (size_t g = 0; g < groups.list.len; g++)
		match_group(&m, &groups.list.at[g]);
}
