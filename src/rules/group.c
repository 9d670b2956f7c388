#include "rules/group.h"

/* Trees come first, then distributions. */
static size_t group_of(const struct bundle *bundle, const struct file *file)
{
	return file->dist == NO_DIST ? file->tree : bundle->trees.len + file->dist;
}

/* A counting sort, so each group keeps the files' order. */
void groups_make(struct groups *out, const struct bundle *bundle, struct arena *arena)
{
	size_t count = bundle->trees.len + bundle->dists.len;
	uint32_t *first = arena_array(arena, uint32_t, count + 2);
	uint32_t *order = arena_array(arena, uint32_t, bundle->files.len);
	uint32_t *next = first + 1;

	for (size_t f = 0; f < bundle->files.len; f++)
		next[group_of(bundle, &bundle->files.at[f]) + 1]++;
	for (size_t g = 1; g <= count; g++)
		next[g] += next[g - 1];
	for (size_t f = 0; f < bundle->files.len; f++)
		order[next[group_of(bundle, &bundle->files.at[f])]++] = (uint32_t)f;
	for (size_t g = 0; g < count; g++)
		*vec_push(arena, &out->list) = (struct group){
			.dist = g < bundle->trees.len ? NULL : &bundle->dists.at[g - bundle->trees.len],
			.files = order + first[g],
			.count = first[g + 1] - first[g],
		};
}

bool dist_names_match(const struct dist_names *names, struct str key)
{
	for (size_t i = 0; i < names->list.len; i++)
		if (pattern_glob(names->list.at[i], key))
			return true;
	return false;
}

bool dist_requires(const struct dist *dist, const struct dist_names *names)
{
	for (size_t i = 0; i < dist->requires.len; i++)
		if (dist_names_match(names, dist->requires.at[i]))
			return true;
	return false;
}

static bool holds_one(const struct bundle *bundle, const struct group *group,
		      const struct path_patterns *names)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct file *file = &bundle->files.at[group->files[i]];

		if (file->kind != FILE_DIR &&
		    pattern_any(names->list.at, names->list.len, str_base(file->path), false))
			return true;
	}
	return false;
}

bool rule_asks_dist(const struct rule *rule)
{
	return rule->dists.list.len || rule->requires.list.len || rule->holds.list.len ||
	       rule->versions.list.len;
}

bool rule_wants_dist(const struct rule *rule, const struct bundle *bundle, const struct group *group)
{
	/* Of a version that nobody can read, the safe thing is thought. */
	bool unreadable = rule->stance != STANCE_RULE_DROP;

	if (!rule_asks_dist(rule))
		return true;
	return group->dist && (!rule->dists.list.len || dist_names_match(&rule->dists, group->dist->key)) &&
	       version_range_holds(&rule->versions, group->dist->version, unreadable) &&
	       (!rule->requires.list.len || dist_requires(group->dist, &rule->requires)) &&
	       (!rule->holds.list.len || holds_one(bundle, group, &rule->holds));
}
