#include "rules/pattern_index.h"

#include <string.h>

static bool is_plain(struct str glob)
{
	for (size_t i = 0; i < glob.len; i++)
		if (glob.ptr[i] != '\0' && strchr("*?[\\", glob.ptr[i]))
			return false;
	return true;
}

/* The longest run without wildcards, up to the first bracket or escape, where literals are not what they
 * seem. */
static struct str literal_of(struct str glob)
{
	struct str best = STR("");
	size_t from = 0;

	for (size_t i = 0; i <= glob.len; i++) {
		bool ends = i == glob.len || !is_plain(str_head(str_from(glob, i), 1));

		if (!ends)
			continue;
		if (i - from > best.len)
			best = str_head(str_from(glob, from), i - from);
		if (i < glob.len && (glob.ptr[i] == '[' || glob.ptr[i] == '\\'))
			break;
		from = i + 1;
	}
	return best;
}

static uint32_t *group_of(struct pattern_index *index, struct str literal)
{
	for (size_t i = 0; i < index->others.len; i++)
		if (str_eq(index->others.at[i].literal, literal))
			return &index->others.at[i].list;
	*vec_push(index->arena, &index->others) = (struct pattern_group){ .literal = literal };
	return &index->others.at[index->others.len - 1].list;
}

/* Where the list begins that a pattern with this last component belongs to. */
static uint32_t *list_of(struct pattern_index *index, struct str last)
{
	struct str suffix = str_from(last, 1);

	if (is_plain(last))
		return map_put(index->arena, &index->names, last, NULL);
	if (str_starts(last, STR("*.")) && is_plain(suffix)) {
		if (suffix.len > index->longest_suffix)
			index->longest_suffix = suffix.len;
		return map_put(index->arena, &index->suffixes, suffix, NULL);
	}
	return is_plain(str_head(last, 1)) ? &index->by_first[(unsigned char)last.ptr[0]]
					   : group_of(index, literal_of(last));
}

void pattern_index_add(struct pattern_index *index, const struct pattern *pattern, uint32_t id)
{
	struct str last = str_base(pattern->text);
	uint32_t *list = list_of(index, last);
	struct indexed *entry = vec_push(index->arena, &index->entries);

	*entry = (struct indexed){ .pattern = pattern, .id = id, .next = *list };
	*list = (uint32_t)index->entries.len;
}

static void try_list(const struct pattern_index *index, uint32_t list, struct str path, bool is_dir,
		     struct hits *hits)
{
	while (list) {
		const struct indexed *entry = &index->entries.at[list - 1];

		if (pattern_matches(entry->pattern, path, is_dir))
			*(uint32_t *)vec_push(index->arena, hits) = entry->id;
		list = entry->next;
	}
}

void pattern_index_find(const struct pattern_index *index, struct str path, bool is_dir, struct hits *hits)
{
	struct str base = str_base(path);
	const uint32_t *list = map_get(&index->names, base);

	if (list)
		try_list(index, *list, path, is_dir, hits);
	for (size_t from = base.len; from-- > 0 && base.len - from <= index->longest_suffix;) {
		if (base.ptr[from] != '.')
			continue;
		list = map_get(&index->suffixes, str_from(base, from));
		if (list)
			try_list(index, *list, path, is_dir, hits);
	}
	if (base.len)
		try_list(index, index->by_first[(unsigned char)base.ptr[0]], path, is_dir, hits);
	for (size_t i = 0; i < index->others.len; i++)
		if (str_find(base, index->others.at[i].literal) >= 0)
			try_list(index, index->others.at[i].list, path, is_dir, hits);
}
