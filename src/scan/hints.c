#include "scan/hints.h"

#include <string.h>

/* One part of a name against one part of a glob, where '*' stands for any bytes. */
static bool part_matches(struct str glob, struct str part)
{
	size_t star = SIZE_MAX;
	size_t from = 0;
	size_t g = 0;
	size_t p = 0;

	while (p < part.len) {
		if (g < glob.len && glob.ptr[g] == '*') {
			star = g++;
			from = p;
		} else if (g < glob.len && glob.ptr[g] == part.ptr[p]) {
			g++;
			p++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			p = ++from;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}

static bool name_matches(struct str glob, struct str name)
{
	while (glob.len && name.len) {
		struct str glob_part;
		struct str part;

		(void)str_cut(glob, '.', &glob_part, &glob);
		if (str_eq(glob_part, STR("**")))
			return true;
		(void)str_cut(name, '.', &part, &name);
		if (!part_matches(glob_part, part))
			return false;
	}
	return glob.len == 0 && name.len == 0;
}

/* How the name of a module behind its package compares with a glob: all of it, or a beginning. */
enum fit { FIT_NOT, FIT_SO_FAR, FIT_WHOLE, FIT_BELOW };

static enum fit fit(const struct modules *modules, uint32_t package, uint32_t module, struct str glob)
{
	struct str name = modules->list.at[module].name;

	if (package != NO_MODULE)
		name = str_from(name, modules->list.at[package].name.len + 1);
	for (;;) {
		struct str glob_part;
		struct str part;
		bool more = str_cut(glob, '.', &glob_part, &glob);
		bool rest;

		if (str_eq(glob_part, STR("**")))
			return FIT_BELOW;
		rest = str_cut(name, '.', &part, &name);
		if (!part_matches(glob_part, part))
			return FIT_NOT;
		if (!rest)
			return more ? FIT_SO_FAR : FIT_WHOLE;
		if (!more)
			return FIT_NOT;
	}
}

void hints_expand(const struct modules *modules, uint32_t package, struct str glob,
		  void (*sees)(void *ctx, uint32_t module), void *ctx)
{
	uint32_t at = package == NO_MODULE ? modules->top : modules->list.at[package].first_child;

	if (!memchr(glob.ptr, '*', glob.len)) {
		at = modules_child(modules, package, glob);
		if (at != NO_MODULE)
			sees(ctx, at);
		return;
	}
	while (at != NO_MODULE) {
		enum fit f = fit(modules, package, at, glob);

		if (f == FIT_WHOLE || f == FIT_BELOW)
			sees(ctx, at);
		at = modules_next(modules, package, at, f == FIT_SO_FAR || f == FIT_BELOW);
	}
}

struct application {
	const struct hint *hint;
	hint_sees *sees;
	void *ctx;
};

static void see_expanded(void *ctx, uint32_t module)
{
	const struct application *application = ctx;

	application->sees(application->ctx, module, application->hint);
}

static void apply(const struct imports *imports, uint32_t module, struct application *application,
		  hint_child *child)
{
	const struct hint *hint = application->hint;

	for (size_t i = 0; i < hint->imports.len; i++) {
		struct str glob = hint->imports.at[i];
		uint32_t package = NO_MODULE;

		if (glob.len > 1 && glob.ptr[0] == '.') {
			if (module == NO_MODULE)
				continue;
			package = imports->modules.list.at[module].package
					  ? module
					  : imports->modules.list.at[module].parent;
			glob = str_from(glob, 1);
			if (package == NO_MODULE)
				continue;
		}
		hints_expand(&imports->modules, package, glob, see_expanded, application);
	}
	for (size_t i = 0; i < hint->children.len; i++)
		child(application->ctx, hint->children.at[i], hint);
}

void hints_apply(const struct imports *imports, struct str name, uint32_t module, hint_sees *sees,
		 hint_child *child, void *ctx)
{
	const struct knowledge *knowledge = imports->knowledge;

	for (size_t h = 0; h < knowledge->hints.len; h++) {
		struct application application = { &knowledge->hints.at[h], sees, ctx };
		bool matches = false;

		for (size_t i = 0; i < application.hint->modules.len && !matches; i++)
			matches = name_matches(application.hint->modules.at[i], name);
		if (matches)
			apply(imports, module, &application, child);
	}
}

size_t hints_call_file(const struct knowledge *knowledge, uint32_t data, struct str name)
{
	size_t low = 0;
	size_t high = knowledge->call_files.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct call_file *at = &knowledge->call_files.at[middle];

		if (at->data < data || (at->data == data && str_cmp(at->name, name) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
