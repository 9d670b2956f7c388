#include <stdlib.h>

#include "base/arena.h"
#include "rules/group.h"
#include "rules/rules.h"

struct gatherer {
	const struct bundle *bundle;
	struct arena *arena;
	struct groups groups;
	struct knowledge *out;
};

/* --- hints ---------------------------------------------------------------------------------------- */

static bool is_wanted(const struct gatherer *in, const struct rule *rule)
{
	for (size_t g = 0; g < in->groups.list.len; g++)
		if (in->groups.list.at[g].dist && rule_wants_dist(rule, in->bundle, &in->groups.list.at[g]))
			return true;
	return !rule_asks_dist(rule);
}

static void add_hint(struct gatherer *in, const struct rule *rule)
{
	struct hint *hint;

	if (!is_wanted(in, rule))
		return;
	hint = vec_push(in->arena, &in->out->hints);
	*hint = rule->hint;
	hint->id = rule->id;
}

/* --- data that is called for ------------------------------------------------------------------------ */

static bool matches(const struct path_patterns *patterns, struct str path, bool is_dir)
{
	return pattern_any(patterns->list.at, patterns->list.len, path, is_dir);
}

/* The name of the highest directory on the way that the rule matches; "" when it does not speak of the file.
 */
static struct str asked_name(const struct rule *rule, struct str path, bool is_dir)
{
	struct str name = STR("");

	for (size_t i = 1; i < path.len; i++) {
		struct str dir = str_head(path, i);

		if (path.ptr[i] != '/')
			continue;
		if (matches(&rule->except, dir, true))
			return STR("");
		if (name.len == 0 && matches(&rule->files, dir, true))
			name = str_base(dir);
	}
	return matches(&rule->except, path, is_dir) ? STR("") : name;
}

/* The path as patterns see it: from the site directory where the file lies in it. */
static struct str seen_path(const struct dist *dist, struct str path)
{
	size_t len = dist->site.len;

	return len && path.len > len && path.ptr[len] == '/' && str_starts(path, dist->site)
		       ? str_from(path, len + 1)
		       : path;
}

static void add_call_files(struct gatherer *in, const struct rule *rule, const struct group *group,
			   uint32_t data)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct file *file = &in->bundle->files.at[group->files[i]];
		struct str name =
			asked_name(rule, seen_path(group->dist, file->path), file->kind == FILE_DIR);

		if (name.len)
			*vec_push(in->arena, &in->out->call_files) =
				(struct call_file){ .file = group->files[i], .data = data, .name = name };
	}
}

static void add_call_data(struct gatherer *in, const struct rule *rule)
{
	size_t before = in->out->call_files.len;
	uint32_t data = (uint32_t)in->out->calls.len;
	struct call_data *call;

	for (size_t g = 0; g < in->groups.list.len; g++)
		if (in->groups.list.at[g].dist && rule_wants_dist(rule, in->bundle, &in->groups.list.at[g]))
			add_call_files(in, rule, &in->groups.list.at[g], data);
	if (in->out->call_files.len == before)
		return;
	call = vec_push(in->arena, &in->out->calls);
	*call = rule->call;
	call->id = rule->id;
}

static int call_file_order(const void *left, const void *right)
{
	const struct call_file *a = left;
	const struct call_file *b = right;
	int order = a->data < b->data ? -1 : a->data > b->data;

	if (order == 0)
		order = str_cmp(a->name, b->name);
	return order ? order : (a->file < b->file ? -1 : a->file > b->file);
}

void rules_knowledge(const struct ruleset *set, const struct bundle *bundle, struct arena *arena,
		     struct knowledge *out)
{
	struct arena scratch __attribute__((cleanup(arena_free))) = { .chunk = NULL };
	struct gatherer in = { .bundle = bundle, .arena = arena, .out = out };

	groups_make(&in.groups, bundle, &scratch);
	for (size_t r = 0; r < set->rules.len; r++) {
		const struct rule *rule = &set->rules.at[r];

		if (rule->is_hint)
			add_hint(&in, rule);
		else if (rule->call.calls.len)
			add_call_data(&in, rule);
	}
	if (out->call_files.len)
		qsort(out->call_files.at, out->call_files.len, sizeof(*out->call_files.at), call_file_order);
}
