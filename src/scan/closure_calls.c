#include "scan/closure_parts.h"

#include "base/arena.h"
#include "scan/hints.h"

/* Files with computed calls that each get edges to all of the data: the first ones tell as much. */
enum { COMPUTED_MAX = 64 };

uint32_t closure_dist_of_call(const struct closure *closure, size_t call_file)
{
	const struct imports *imports = closure->imports;

	return imports->bundle->files.at[imports->knowledge->call_files.at[call_file].file].dist;
}

bool closure_is_always(const struct closure *closure, size_t call_file)
{
	const struct call_file *file = &closure->imports->knowledge->call_files.at[call_file];
	const struct call_data *data = &closure->imports->knowledge->calls.at[file->data];
	bool named = false;

	for (size_t i = 0; i < data->always.len && !named; i++)
		named = str_eq(file->name, data->always.at[i]);
	return named && closure_dist_of_call(closure, call_file) != NO_DIST;
}

/* Whether the file makes the call for the first time, and it is worth edges. */
static bool is_new_call(struct closure *closure, uint32_t file, const struct seen *call)
{
	struct str key = str_fmt(closure->arena, "%u:%.*s", call->data, STR_ARG(call->name));
	bool added;
	uint32_t *last = map_put(closure->arena, &closure->calls, key, &added);

	if (!added && *last == file)
		return false;
	*last = file;
	return call->name.len > 0 || closure->computed[call->data]++ < COMPUTED_MAX;
}

static void take_call(struct closure *closure, uint32_t file, const struct seen *call)
{
	const struct knowledge *knowledge = closure->imports->knowledge;
	struct sight sight = closure_sight(call, EDGE_RULE);

	sight.broad = call->name.len == 0;
	for (size_t i = hints_call_file(knowledge, call->data, call->name); i < knowledge->call_files.len;
	     i++) {
		const struct call_file *at = &knowledge->call_files.at[i];

		if (at->data != call->data || (call->name.len && !str_eq(at->name, call->name)))
			return;
		closure->called[call->data] = true;
		closure_add_edge(closure, file, at->file, &sight);
	}
}

void closure_take_calls(struct closure *closure, uint32_t file, const struct import_facts *facts)
{
	for (size_t i = 0; i < facts->calls.len; i++)
		if (is_new_call(closure, file, &facts->calls.at[i]))
			take_call(closure, file, &facts->calls.at[i]);
}

bool closure_settle_calls(struct closure *closure)
{
	const struct knowledge *knowledge = closure->imports->knowledge;
	bool any = false;

	for (size_t i = 0; i < knowledge->call_files.len; i++) {
		const struct call_file *data = &knowledge->call_files.at[i];
		uint32_t d = closure_dist_of_call(closure, i);
		struct sight sight = { .kind = EDGE_RULE,
				       .broad = true,
				       .evidence = STR("no call in sight says which of it is used") };

		if (closure->settled[i] || closure->called[data->data] || d == NO_DIST ||
		    closure->dist_on[d] == NO_FILE)
			continue;
		closure->settled[i] = true;
		closure_add_edge(closure, closure->dist_on[d], data->file, &sight);
		any = true;
	}
	return any;
}
