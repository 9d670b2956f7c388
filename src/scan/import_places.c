#include "scan/import_places.h"

#include <string.h>

#include "base/path.h"
#include "scan/import_text.h"

static bool holds(const struct import_scan *scan, const char *const *words)
{
	for (; *words; words++)
		if (str_find(scan->content, str_of(*words)) >= 0)
			return true;
	return false;
}

/* Whether the source runs or loads others by their paths. */
static bool loads_paths(const struct import_scan *scan)
{
	static const char *const loaders[] = {
		"spec_from_file_location", "FileLoader", "run_path", "load_source", "sys.executable", NULL
	};
	static const char *const runs[] = { "exec(", NULL };
	static const char *const reads[] = { ".read()", "read_text(", NULL };

	return holds(scan, loaders) || (holds(scan, runs) && holds(scan, reads));
}

static bool is_module(const struct import_scan *scan, uint32_t id)
{
	return modules_of(&scan->index->modules, id) != NO_MODULE;
}

/* Whether the table of modules has a file to import for the name. */
static bool is_known(const struct import_scan *scan, uint32_t module)
{
	return module != NO_MODULE && scan->index->modules.list.at[module].first_file != NO_MODULE;
}

void import_places_begin(struct import_scan *scan)
{
	static const char *const programs[] = { "'-m'", "\"-m\"", "run_module", NULL };

	scan->loads_paths = loads_paths(scan);
	scan->asks_plugins = str_find(scan->content, STR("entry_points")) >= 0;
	scan->runs_programs = holds(scan, programs);
}

/* False once the scan has looked at more files than any source has reason to. */
static bool spend(struct import_scan *scan, uint32_t first, uint32_t end)
{
	scan->looked += end - first;
	return scan->looked <= PLACES_LOOKED;
}

static void link_files(struct import_scan *scan, uint32_t first, uint32_t end, bool modules,
		       struct sight *sight)
{
	for (uint32_t id = first; id < end; id++)
		if ((modules || !is_module(scan, id)) && !scan->index->opposed[id])
			edges_add(&scan->edges, id, sight);
}

static bool any_module(const struct import_scan *scan, uint32_t first, uint32_t end)
{
	while (first < end && !is_module(scan, first))
		first++;
	return first < end;
}

/*
 * os.path.join(here, "scripts", name): of a directory that is no package whatever is below it, since nothing
 * else can reach it. Of a package only where the source loads by path, else its modules are imported.
 */
void import_place(struct import_scan *scan, struct str text, struct sight *sight)
{
	struct str own = str_dir(scan->file->path);
	struct sight place = { .kind = EDGE_DATA,
			       .phase = sight->phase,
			       .broad = true,
			       .line = sight->line,
			       .evidence = sight->evidence };
	char room[PATH_ROOM];
	struct str dir;
	uint32_t first;
	uint32_t end;

	while (text.len && text.ptr[0] == '/')
		text = str_from(text, 1);
	(void)str_cut(text, '/', &text, &dir);
	if (scan->package != NO_MODULE && !scan->loads_paths &&
	    is_known(scan, modules_child(&scan->index->modules, scan->package, text)))
		return;
	if (text.len == 0 || text.ptr[0] == '.' || !path_resolve(own, text, room, &dir))
		return;
	bundle_under(scan->index->bundle, scan->file->tree, dir, &first, &end);
	if (first == end || !spend(scan, first, end))
		return;
	if (own.len == 0) {
		if (!any_module(scan, first, end))
			link_files(scan, first, end, false, &place);
		return;
	}
	link_files(scan, first, end, true, &place);
}

void import_directory(struct import_scan *scan, struct str name, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	bool dotted = memchr(name.ptr, '.', name.len) != NULL;
	struct sight place = *sight;
	uint32_t first;
	uint32_t end;

	place.kind = EDGE_DATA;
	if (name.ptr[name.len - 1] == '.')
		return;
	first = modules_find(modules, name);
	if (first != NO_MODULE && (!dotted || is_known(scan, first)))
		return;
	for (size_t i = 0; i < modules->roots.len; i++) {
		const struct module_root *root = &modules->roots.at[i];
		char room[PATH_ROOM];
		char path[IMPORT_TEXT_MAX];
		struct str dir;
		size_t left;

		if (!root->sure)
			continue;
		for (size_t c = 0; c < name.len; c++)
			path[c] = (char)(name.ptr[c] == '.' ? '/' : name.ptr[c]);
		if (!path_resolve(root->dir, (struct str){ path, name.len }, room, &dir) || dir.len == 0)
			continue;
		bundle_under(scan->index->bundle, root->tree, dir, &first, &end);
		if (first == end || !spend(scan, first, end) || (!dotted && any_module(scan, first, end)))
			continue;
		link_files(scan, first, end, false, &place);
		left = 0;
		first = modules_prefix(modules, name, &left);
		if (first != NO_MODULE)
			import_link(scan, first, sight);
	}
}

/* for … in os.walk(os.path.dirname(__file__)): data of whatever package is below. */
static void walk_data(struct import_scan *scan)
{
	struct sight sight = { .kind = EDGE_DATA,
			       .phase = PHASE_CALL,
			       .broad = true,
			       .evidence = STR("walks over its directory") };
	uint32_t first;
	uint32_t end;

	if (str_dir(scan->file->path).len == 0)
		return;
	bundle_under(scan->index->bundle, scan->file->tree, str_dir(scan->file->path), &first, &end);
	if (spend(scan, first, end))
		link_files(scan, first, end, false, &sight);
}

void import_places_end(struct import_scan *scan, const struct python_habits *habits)
{
	static const char *const walks[] = { "os.walk(", "rglob(", "**/", NULL };
	struct sight sight = { .kind = EDGE_DYNAMIC,
			       .phase = PHASE_CALL,
			       .evidence = STR("starts python -m") };
	uint32_t module;

	if (habits->knows_its_place && holds(scan, walks))
		walk_data(scan);
	if (scan->package == NO_MODULE || !scan->runs_programs)
		return;
	module = modules_child(&scan->index->modules, scan->package, STR("__main__"));
	if (module != NO_MODULE)
		import_link(scan, module, &sight);
}
