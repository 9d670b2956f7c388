#include "report/why.h"

#include "base/arena.h"

const char *why_kind_name(enum why_kind kind)
{
	static const char *const names[] = {
		[WHY_FILE] = "file",	       [WHY_MODULE] = "module",	  [WHY_DISTRIBUTION] = "distribution",
		[WHY_DIRECTORY] = "directory", [WHY_LIBRARY] = "library",
	};

	return names[kind];
}

size_t why_chain(const struct why_context *context, uint32_t file, bool *told, struct arena *arena,
		 struct why_step **steps)
{
	size_t count = 1;
	uint32_t at = file;

	/* A plan has no circles, and this ends where one had. */
	while (!told[at] && context->plan->at[at].reason.parent != NO_FILE && count < context->plan->count) {
		at = context->plan->at[at].reason.parent;
		count++;
	}
	*steps = arena_array(arena, struct why_step, count);
	at = file;
	for (size_t i = count; i-- > 0;) {
		(*steps)[i] = (struct why_step){ .file = at, .told = told[at] };
		told[at] = true;
		at = context->plan->at[at].reason.parent;
	}
	return count;
}

struct edge why_edge_of(const struct why_context *context, uint32_t file)
{
	const struct reason *reason = &context->plan->at[file].reason;

	if (context->edge[file])
		return *context->edge[file];
	return (struct edge){
		.from = reason->parent,
		.to = file,
		.kind = reason->kind,
		.phase = reason->phase,
		.line = reason->line,
		.evidence = reason->via,
	};
}

bool why_is_rule(struct str via, struct str id)
{
	struct str rest = str_from(via, id.len);

	return id.len && str_starts(via, id) &&
	       (rest.len == 0 || rest.ptr[0] == ':' || rest.ptr[0] == ' ' || rest.ptr[0] == ',');
}

struct str why_because(const struct why_context *context, struct str via)
{
	for (size_t i = 0; i < context->rules.len; i++)
		if (why_is_rule(via, context->rules.at[i].id))
			return context->rules.at[i].because;
	return STR("");
}
