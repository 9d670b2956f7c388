#include <string.h>

#include "base/arena.h"
#include "cmd/options.h"

const char *environment_get(char *const environment[], const char *name)
{
	size_t len = strlen(name);

	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
			return *environment + len + 1;
	return NULL;
}

/* An empty variable is as good as none, and so is an empty line of a list. */
static void add(const struct option_info *option, struct str value, struct str place, struct arena *arena,
		struct settings *out)
{
	if (value.len)
		*vec_push(arena, &out->list) = (struct setting){ .option = option,
								 .value = str_dup(arena, value),
								 .place = place,
								 .origin = FROM_ENVIRONMENT };
}

void environment_settings(char *const environment[], struct arena *arena, struct settings *out)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		struct str place = option_variable(option, arena);
		struct str rest;

		if (!(option->sources & IN_ENVIRONMENT))
			continue;
		rest = str_of(environment_get(environment, place.ptr));
		while (option_is_list(option) && rest.len) {
			struct str line;

			(void)str_cut(rest, '\n', &line, &rest);
			add(option, line, place, arena, out);
		}
		add(option, rest, place, arena, out);
	}
}
