#include "scan/entry_points.h"

#include "base/arena.h"
#include "scan/metadata.h"

static bool is_script_group(struct str group)
{
	return str_eq(group, STR("console_scripts")) || str_eq(group, STR("gui_scripts"));
}

/* "module.name:attribute [extra]" */
static struct str target_module(struct str target)
{
	struct str rest;

	(void)str_cut(target, ':', &target, &rest);
	(void)str_cut(target, '[', &target, &rest);
	return str_trim(target);
}

void entry_points_add(struct entry_points *points, uint32_t file, struct str text, struct arena *arena)
{
	struct str group = STR("");
	uint32_t number = 0;
	struct str line;

	while (metadata_line(&text, &line)) {
		struct str name;
		struct str target;
		uint32_t *last;
		bool added;

		number++;
		line = str_trim(line);
		if (line.len > 1 && line.ptr[0] == '[' && line.ptr[line.len - 1] == ']') {
			group = str_trim(str_head(str_from(line, 1), line.len - 2));
			continue;
		}
		if (group.len == 0 || line.len == 0 || line.ptr[0] == '#' ||
		    !str_cut(line, '=', &name, &target))
			continue;
		if (is_script_group(group)) {
			(void)map_put(arena, &points->scripts, str_dup(arena, str_trim(name)), NULL);
			continue;
		}
		last = map_put(arena, &points->groups, str_dup(arena, group), &added);
		*vec_push(arena, &points->list) = (struct entry_point){
			.name = str_dup(arena, str_trim(name)),
			.group = str_dup(arena, group),
			.module = str_dup(arena, target_module(target)),
			.file = file,
			.line = number,
			.next = added ? UINT32_MAX : *last,
		};
		*last = (uint32_t)points->list.len - 1;
	}
}

uint32_t entry_points_group(const struct entry_points *points, struct str group)
{
	const uint32_t *last = points->list.len ? map_get(&points->groups, group) : NULL;

	return last ? *last : UINT32_MAX;
}
