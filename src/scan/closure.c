#include "scan/closure_parts.h"

#include "base/arena.h"
#include "base/path.h"
#include "scan/hints.h"

/* More endings of computed names than any package has; what is beyond is made to be slow. */
enum { TAILS_MAX = 1024 };

void closure_add_edge(struct closure *closure, uint32_t from, uint32_t to, const struct sight *sight)
{
	if (from == to)
		return;
	*vec_push(closure->arena, &closure->graph->edges) = (struct edge){
		.from = from,
		.to = to,
		.kind = sight->kind,
		.phase = sight->phase,
		.broad = sight->broad,
		.line = sight->line,
		.evidence = sight->evidence,
	};
}

/* An import that only a rule knows leads to an extension module that goes: whoever tells what fails asks. */
static void refuse(struct closure *closure, uint32_t from, uint32_t to, const struct sight *sight)
{
	struct import_facts *facts;

	if (sight->kind != EDGE_RULE || !str_ends(closure->imports->bundle->files.at[to].path, STR(".so")))
		return;
	facts = arena_new(closure->arena, struct import_facts);
	*vec_push(closure->arena, &facts->refused) = (struct edge){
		.from = from,
		.to = to,
		.kind = sight->kind,
		.phase = sight->phase,
		.line = sight->line,
		.evidence = sight->evidence,
	};
	*vec_push(closure->arena, &closure->founds) = (struct closure_found){ from, facts };
}

/* Data comes along because of where it lies; shared objects that are judged do not. */
static void add_edge(struct closure *closure, uint32_t from, uint32_t to, const struct sight *sight)
{
	const struct imports *imports = closure->imports;

	if (imports->opposed[to])
		refuse(closure, from, to, sight);
	else if (sight->kind != EDGE_DATA || !imports->judged || !imports->judged[to])
		closure_add_edge(closure, from, to, sight);
}

static size_t add_module(struct closure *closure, uint32_t from, uint32_t module, const struct sight *sight)
{
	uint32_t picks[MODULE_PICKS];
	size_t count = modules_pick(&closure->imports->modules, module, from, picks);

	for (size_t i = 0; i < count; i++)
		add_edge(closure, from, picks[i], sight);
	return count;
}

/* --- setting up ------------------------------------------------------------------------------ */

static bool is_info(const struct dist *dist, struct str path)
{
	return str_starts(path, dist->info) && path.len > dist->info.len && path.ptr[dist->info.len] == '/';
}

/* Whether the file comes with its distribution, whatever of that is imported. */
static bool is_dist_file(const struct closure *closure, uint32_t id)
{
	const struct imports *imports = closure->imports;
	const struct file *file = &imports->bundle->files.at[id];
	struct str dir = str_base(str_dir(file->path));

	if (imports->opposed[id])
		return false;
	if (closure->opinions[id].stance == STANCE_RULE_KEEP ||
	    is_info(&imports->bundle->dists.at[file->dist], file->path))
		return true;
	if (modules_of(&imports->modules, id) != NO_MODULE || imports->dirs.of[id] != UINT32_MAX)
		return false;
	return !(str_eq(dir, STR("bin")) && map_get(&imports->entry_points.scripts, str_base(file->path)));
}

struct closure *closure_begin(struct imports *imports, const struct opinion *opinions, struct graph *graph,
			      struct arena *arena)
{
	const struct bundle *bundle = imports->bundle;
	struct closure *closure = arena_new(arena, struct closure);

	closure->imports = imports;
	closure->opinions = opinions;
	closure->graph = graph;
	closure->arena = arena;
	closure->pool = (struct word_pool){ .modules = &imports->modules, .arena = arena };
	closure->dist_files = arena_array(arena, struct dist_files, bundle->dists.len);
	closure->told = arena_array(arena, bool, bundle->files.len);
	closure->dir_on = arena_array(arena, bool, imports->dirs.list.len);
	closure->loose_on = arena_array(arena, bool, imports->dirs.loose.len);
	closure->dist_on = arena_array(arena, uint32_t, bundle->dists.len);
	closure->called = arena_array(arena, bool, imports->knowledge->calls.len);
	closure->computed = arena_array(arena, uint32_t, imports->knowledge->calls.len);
	closure->settled = arena_array(arena, bool, imports->knowledge->call_files.len);
	closure->roots = arena_array(arena, struct map, bundle->trees.len);
	for (size_t d = 0; d < bundle->dists.len; d++)
		closure->dist_on[d] = NO_FILE;
	for (uint32_t id = 0; id < bundle->files.len; id++)
		if (bundle->files.at[id].dist != NO_DIST && is_dist_file(closure, id))
			*vec_push(arena, &closure->dist_files[bundle->files.at[id].dist].list) = id;
	for (uint32_t i = 0; i < imports->knowledge->call_files.len; i++)
		if (closure_is_always(closure, i))
			*vec_push(arena, &closure->dist_files[closure_dist_of_call(closure, i)].always) = i;
	return closure;
}

/* --- a file is reached ----------------------------------------------------------------------- */

/* Data stays with the directory's package, or with the first of its modules where it is none. */
static void turn_dir_on(struct closure *closure, uint32_t index, uint32_t from, const struct sight *sight)
{
	const struct data_dir *dir = &closure->imports->dirs.list.at[index];

	if (closure->dir_on[index])
		return;
	closure->dir_on[index] = true;
	for (size_t i = 0; i < dir->files.len; i++)
		add_edge(closure, from, dir->files.at[i], sight);
}

/* A directory above that is no package has nobody else to keep its data. */
static void turn_above_on(struct closure *closure, uint32_t file)
{
	const struct imports *imports = closure->imports;
	const struct file *f = &imports->bundle->files.at[file];
	struct sight sight = { .kind = EDGE_DATA, .evidence = STR("in a directory above") };

	for (struct str dir = str_dir(str_dir(f->path)); dir.len; dir = str_dir(dir)) {
		uint32_t index = data_dirs_at(&imports->dirs, f->tree, dir);

		if (index != UINT32_MAX)
			turn_dir_on(closure, index, file, &sight);
	}
}

static void turn_dist_on(struct closure *closure, uint32_t d, uint32_t from)
{
	const struct bundle *bundle = closure->imports->bundle;
	const struct dist_files *files = &closure->dist_files[d];
	const struct knowledge *knowledge = closure->imports->knowledge;

	if (closure->dist_on[d] != NO_FILE)
		return;
	closure->dist_on[d] = from;
	for (size_t i = 0; i < files->list.len; i++) {
		uint32_t to = files->list.at[i];
		struct sight sight = { .kind = EDGE_DATA, .evidence = STR("of the same distribution") };

		if (is_info(&bundle->dists.at[d], bundle->files.at[to].path))
			sight.evidence = STR("metadata of its distribution");
		if (closure->opinions[to].stance == STANCE_RULE_KEEP)
			sight = (struct sight){ .kind = EDGE_RULE, .evidence = closure->opinions[to].via };
		add_edge(closure, from, to, &sight);
	}
	for (size_t i = 0; i < files->always.len; i++) {
		const struct call_file *file = &knowledge->call_files.at[files->always.at[i]];
		struct sight sight = { .kind = EDGE_RULE, .evidence = knowledge->calls.at[file->data].id };

		closure_add_edge(closure, from, file->file, &sight);
	}
}

struct looking {
	struct closure *closure;
	uint32_t from;
	struct sight sight;
};

static void see_child(void *ctx, uint32_t module)
{
	struct looking *looking = ctx;

	(void)add_module(looking->closure, looking->from, module, &looking->sight);
}

static void look_for(struct closure *closure, const struct tail *tail, size_t reached)
{
	struct looking looking = { closure, closure->anchors.at[reached], tail->sight };

	/* Most modules are no packages. */
	if (closure->imports->modules.list.at[closure->reached.at[reached]].first_child == NO_MODULE)
		return;
	hints_expand(&closure->imports->modules, closure->reached.at[reached], tail->glob, see_child,
		     &looking);
}

static void add_tail(struct closure *closure, struct str glob, struct sight sight)
{
	bool added;

	(void)map_put(closure->arena, &closure->tails_seen, glob, &added);
	if (!added || closure->tails.len == TAILS_MAX)
		return;
	*vec_push(closure->arena, &closure->tails) = (struct tail){ glob, sight };
	for (size_t i = 0; i < closure->reached.len; i++)
		look_for(closure, &closure->tails.at[closure->tails.len - 1], i);
}

static void see_hint(void *ctx, uint32_t module, const struct hint *hint)
{
	struct looking *looking = ctx;
	struct sight sight = {
		.kind = EDGE_RULE, .phase = PHASE_CALL, .line = looking->sight.line, .evidence = hint->id
	};

	(void)add_module(looking->closure, looking->from, module, &sight);
}

static void see_hint_child(void *ctx, struct str name, const struct hint *hint)
{
	struct looking *looking = ctx;

	add_tail(looking->closure, name,
		 (struct sight){ .kind = EDGE_RULE, .phase = PHASE_CALL, .evidence = hint->id });
}

static void module_reached(struct closure *closure, uint32_t module, uint32_t file)
{
	struct looking looking = { .closure = closure, .from = file };
	struct str name = closure->imports->modules.list.at[module].name;
	bool added;

	(void)map_put(closure->arena, &closure->modules_seen, name, &added);
	if (!added)
		return;
	*vec_push(closure->arena, &closure->reached) = module;
	*vec_push(closure->arena, &closure->anchors) = file;
	for (size_t t = 0; t < closure->tails.len; t++)
		look_for(closure, &closure->tails.at[t], closure->reached.len - 1);
	hints_apply(closure->imports, name, module, see_hint, see_hint_child, &looking);
}

/* Python imports the packages above a module first. */
static void add_parents(struct closure *closure, uint32_t file, uint32_t module)
{
	const struct modules *modules = &closure->imports->modules;
	struct sight sight = { .kind = EDGE_IMPORT, .evidence = STR("its package") };
	uint32_t parent = modules->list.at[module].parent;

	while (parent != NO_MODULE && add_module(closure, file, parent, &sight) == 0) {
		module_reached(closure, parent, file);
		parent = modules->list.at[parent].parent;
	}
}

static void add_shadows(struct closure *closure, uint32_t file)
{
	struct sight sight = { .kind = EDGE_DATA, .evidence = STR("the source beside it") };
	uint32_t shadows[MODULE_PICKS];
	size_t count = modules_shadows(&closure->imports->modules, file, shadows);

	for (size_t i = 0; i < count; i++)
		add_edge(closure, file, shadows[i], &sight);
}

static void add_requirements(struct closure *closure, const struct dist *dist)
{
	for (size_t i = 0; i < dist->requires.len; i++) {
		const uint32_t *metadata = map_get(&closure->imports->dists, dist->requires.at[i]);
		struct sight sight = { .kind = EDGE_DATA };

		if (!metadata)
			continue;
		sight.evidence =
			str_fmt(closure->arena, "Requires-Dist: %.*s", STR_ARG(dist->requires.at[i]));
		add_edge(closure, dist->metadata, *metadata, &sight);
	}
}

/* What looks for a library in a package imports that to know where it is: findlibs. */
static void add_holder(struct closure *closure, uint32_t file)
{
	const struct imports *imports = closure->imports;
	struct sight sight = { .kind = EDGE_IMPORT, .evidence = STR("the package that holds it") };
	uint32_t dir = imports->dirs.of[file];
	uint32_t package;

	if (dir == UINT32_MAX)
		return;
	package = modules_package_of(&imports->modules, imports->dirs.list.at[dir].module);
	if (package != NO_MODULE)
		(void)add_module(closure, file, package, &sight);
}

void closure_reached(struct closure *closure, uint32_t file)
{
	const struct imports *imports = closure->imports;
	uint32_t d = imports->bundle->files.at[file].dist;
	const struct dist *dist = d == NO_DIST ? NULL : &imports->bundle->dists.at[d];
	uint32_t module = modules_of(&imports->modules, file);
	struct sight beside = { .kind = EDGE_DATA, .evidence = STR("beside it") };

	if (closure->told[file])
		return;
	closure->told[file] = true;
	if (module != NO_MODULE) {
		module_reached(closure, module, file);
		add_parents(closure, file, module);
		add_shadows(closure, file);
		turn_dir_on(closure, imports->dirs.of[file], file, &beside);
		turn_above_on(closure, file);
	}
	if (imports->judged && imports->judged[file])
		add_holder(closure, file);
	if (dist && dist->metadata == file)
		add_requirements(closure, dist);
	if (dist && !is_info(dist, imports->bundle->files.at[file].path))
		turn_dist_on(closure, d, file);
}

/* --- facts of a scan ------------------------------------------------------------------------- */

struct sight closure_sight(const struct seen *seen, enum edge_kind kind)
{
	return (struct sight){
		.kind = kind, .phase = seen->phase, .line = seen->line, .evidence = seen->evidence
	};
}

/* All of a directory that is no package, sources too. */
static void turn_loose_on(struct closure *closure, uint32_t index, uint32_t from, const struct sight *sight)
{
	const struct loose_dir *dir = &closure->imports->dirs.loose.at[index];
	uint32_t id;
	uint32_t end;

	if (closure->loose_on[index])
		return;
	closure->loose_on[index] = true;
	bundle_under(closure->imports->bundle, dir->tree, dir->path, &id, &end);
	for (; id < end; id++)
		add_edge(closure, from, id, sight);
}

/*
 * Whether a directory's name is new for the code below that top, or for all where it is "". What is named
 * once is kept as a whole, so that it need not be looked for again.
 */
static bool is_new_place(struct closure *closure, struct str top, struct str name)
{
	bool added;

	(void)map_put(closure->arena, &closure->placed,
		      str_fmt(closure->arena, "%.*s/%.*s", STR_ARG(top), STR_ARG(name)), &added);
	return added;
}

static void take_places(struct closure *closure, uint32_t file, const struct import_facts *facts)
{
	const struct data_dirs *dirs = &closure->imports->dirs;
	const struct file *f = &closure->imports->bundle->files.at[file];
	struct str top = f->dist == NO_DIST ? STR("") : str_top(f->path);

	for (size_t i = 0; i < facts->places.len; i++) {
		struct sight sight = closure_sight(&facts->places.at[i], EDGE_DATA);

		if (!is_new_place(closure, top, facts->places.at[i].name))
			continue;
		for (uint32_t d = data_dirs_named(dirs, facts->places.at[i].name); d != UINT32_MAX;
		     d = dirs->list.at[d].next)
			if (top.len == 0 || str_eq(str_top(dirs->list.at[d].path), top))
				turn_dir_on(closure, d, file, &sight);
		for (uint32_t d = data_dirs_loose(dirs, facts->places.at[i].name); d != UINT32_MAX;
		     d = dirs->loose.at[d].next)
			if (top.len == 0 || str_eq(str_top(dirs->loose.at[d].path), top))
				turn_loose_on(closure, d, file, &sight);
	}
}

/* Imports that nothing answered, once more after a directory came to sys.path. Whether there are edges. */
static bool look_again(struct closure *closure)
{
	bool any = false;

	for (size_t i = 0; i < closure->lost.len; i++) {
		struct lost *lost = &closure->lost.at[i];
		struct sight sight = closure_sight(lost->seen, EDGE_IMPORT);
		size_t left;
		uint32_t module = modules_prefix(&closure->imports->modules, lost->seen->name, &left);

		if (module == lost->found)
			continue;
		lost->found = module;
		(void)add_module(closure, lost->file, module, &sight);
		any = true;
	}
	return any;
}

static bool add_root(struct closure *closure, uint32_t tree, struct str dir)
{
	struct modules *modules = &closure->imports->modules;
	uint32_t first;
	uint32_t end;

	bundle_under(modules->bundle, tree, dir, &first, &end);
	if (first == end || map_get(&closure->roots[tree], dir))
		return false;
	dir = str_dup(closure->arena, dir);
	*map_put(closure->arena, &closure->roots[tree], dir, NULL) = 1;
	return modules_add_root(modules, tree, dir, false);
}

/* sys.path.append(os.path.join(here, "vendor")): a directory named in a source that edits sys.path. */
static void take_paths(struct closure *closure, uint32_t file, const struct import_facts *facts)
{
	const struct file *f = &closure->imports->bundle->files.at[file];

	for (size_t i = 0; i < facts->paths.len; i++)
		for (struct str base = str_dir(f->path);; base = str_dir(base)) {
			char room[PATH_ROOM];
			struct str dir;

			if (path_resolve(base, facts->paths.at[i].name, room, &dir) && dir.len &&
			    add_root(closure, f->tree, dir))
				closure->more_roots = true;
			if (base.len == 0)
				break;
		}
}

/* Once for each name of a file: what is written often needs no more edges. */
static void take_missing(struct closure *closure, uint32_t file, const struct import_facts *facts)
{
	struct looking looking = { .closure = closure, .from = file };

	for (size_t i = 0; i < facts->missing.len; i++) {
		const struct seen *seen = &facts->missing.at[i];
		struct missing *missing;
		size_t before = closure->graph->edges.len;
		bool added;
		uint32_t *index = map_put(closure->arena, &closure->missing_by_name, seen->name, &added);

		if (added) {
			*index = (uint32_t)closure->missing.len;
			*vec_push(closure->arena, &closure->missing) = (struct missing){ NO_FILE, false };
		}
		missing = &closure->missing.at[*index];
		if (missing->last == file)
			continue;
		missing->last = file;
		*vec_push(closure->arena, &closure->lost) = (struct lost){ seen, file, NO_MODULE };
		if (missing->unhinted)
			continue;
		looking.sight.line = seen->line;
		hints_apply(closure->imports, seen->name, NO_MODULE, see_hint, see_hint_child, &looking);
		missing->unhinted = closure->graph->edges.len == before;
	}
}

static void see_joined(void *ctx, uint32_t from, uint32_t module, const struct sight *sight)
{
	(void)add_module(ctx, from, module, sight);
}

void closure_facts(struct closure *closure, uint32_t file, const struct import_facts *facts)
{
	*vec_push(closure->arena, &closure->founds) = (struct closure_found){ file, facts };
	for (size_t i = 0; i < facts->tails.len; i++) {
		const struct seen *seen = &facts->tails.at[i];
		struct sight sight = {
			.kind = EDGE_DYNAMIC,
			.phase = seen->phase,
			.broad = true,
			.evidence =
				str_fmt(closure->arena, "%.*s of %.*s:%u", STR_ARG(seen->evidence),
					STR_ARG(closure->imports->bundle->files.at[file].path), seen->line),
		};

		add_tail(closure, seen->name, sight);
	}
	word_pool_add(&closure->pool, file, facts, see_joined, closure);
	take_places(closure, file, facts);
	take_paths(closure, file, facts);
	take_missing(closure, file, facts);
	closure_take_calls(closure, file, facts);
}

bool closure_settle(struct closure *closure)
{
	bool found = closure->more_roots && look_again(closure);

	closure->more_roots = false;
	return found || closure_settle_calls(closure);
}

const struct closure_founds *closure_found(const struct closure *closure)
{
	return &closure->founds;
}
