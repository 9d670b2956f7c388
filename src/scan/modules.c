#include "scan/modules.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "scan/module_path.h"
#include "scan/module_roots.h"

enum {
	UNSURE_ROOTS = 1024,
	NESTING = 16, /* roots that a file may lie in, on average */
};

/* A directory that is open while the sorted files of a root pass by. */
struct level {
	size_t end;	 /* of its path below the root, and of its dotted name */
	uint32_t module; /* NO_MODULE while nothing below can be imported */
	bool closed;	 /* nothing below can be */
};

struct builder {
	struct modules *modules;
	struct arena scratch;
	uint32_t root;
	size_t added; /* files */
	struct level levels[MODULE_PARTS];
	size_t depth;
	char name[PATH_ROOM];		 /* the directory's dotted name: '.' where its path has '/' */
	VEC(uint32_t) unsorted_children; /* indices into order */
	VEC(uint32_t) unsorted_files;	 /* module ids */
};

static uint32_t *first_child_of(struct modules *modules, uint32_t parent)
{
	return parent == NO_MODULE ? &modules->top : &modules->list.at[parent].first_child;
}

static size_t order_index(uint32_t module)
{
	return module == NO_MODULE ? 0 : (size_t)module + 1;
}

static void append_child(struct builder *builder, uint32_t parent, uint32_t child)
{
	struct modules *modules = builder->modules;
	uint32_t *first = first_child_of(modules, parent);
	struct module_order *order = &modules->order.at[order_index(parent)];

	if (parent != NO_MODULE)
		modules->list.at[parent].package = true;
	if (*first == NO_MODULE) {
		*first = child;
	} else {
		struct module *last = &modules->list.at[order->last_child];

		last->next_sibling = child;
		if (!order->children_unsorted && str_cmp(last->name, modules->list.at[child].name) > 0) {
			order->children_unsorted = true;
			*vec_push(&builder->scratch, &builder->unsorted_children) =
				(uint32_t)order_index(parent);
		}
	}
	order->last_child = child;
}

/* A new module; `name` lives as long as the table. */
static uint32_t add_module(struct builder *builder, struct str name, uint32_t parent)
{
	struct modules *modules = builder->modules;
	uint32_t id = (uint32_t)modules->list.len;

	*vec_push(modules->arena, &modules->list) = (struct module){
		.name = name,
		.parent = parent,
		.first_child = NO_MODULE,
		.next_sibling = NO_MODULE,
		.first_file = NO_MODULE,
	};
	*vec_push(modules->arena, &modules->order) =
		(struct module_order){ .last_child = NO_MODULE, .last_file = NO_MODULE, .before = NO_MODULE };
	*map_put(modules->arena, &modules->by_name, name, NULL) = id;
	append_child(builder, parent, id);
	return id;
}

/* The module of the innermost open directory; it and those above come to be if they are not there. */
static uint32_t open_package(struct builder *builder, struct str *name)
{
	struct modules *modules = builder->modules;
	uint32_t parent = NO_MODULE;

	for (size_t i = 0; i < builder->depth; i++) {
		struct level *level = &builder->levels[i];
		const uint32_t *known;

		if (level->module == NO_MODULE) {
			struct str key = { builder->name, level->end };

			known = map_get(&modules->by_name, key);
			if (!known && name->ptr == builder->name)
				*name = str_dup(modules->arena, *name);
			level->module =
				known ? *known : add_module(builder, str_head(*name, level->end), parent);
		}
		parent = level->module;
	}
	return parent;
}

static struct module_root *root_of(const struct modules *modules, const struct module_file *file)
{
	return &modules->roots.at[file->root];
}

/* Puts the file behind those of the places before, and in front of none that hides it. */
static void append_file(struct builder *builder, uint32_t module, uint32_t file, uint8_t rank)
{
	struct modules *modules = builder->modules;
	struct module_order *order = &modules->order.at[order_index(module)];
	struct module_file entry = { .file = file,
				     .root = builder->root,
				     .kind = module_path_kind(rank),
				     .rank = rank,
				     .next = NO_MODULE };
	uint32_t index = (uint32_t)modules->files.len;
	struct module_file *last;

	builder->added++;
	*vec_push(modules->arena, &modules->files) = entry;
	if (modules->of[file] == NO_MODULE) {
		modules->of[file] = module;
		modules->entry[file] = index;
	}
	if (order->last_file == NO_MODULE) {
		modules->list.at[module].first_file = index;
		order->last_file = index;
		return;
	}
	last = &modules->files.at[order->last_file];
	last->next = index;
	if (root_of(modules, last)->place != modules->roots.at[builder->root].place) {
		order->before = order->last_file;
	} else if (!order->files_unsorted && (last->rank != rank || last->kind == MODULE_SHADOW)) {
		order->files_unsorted = true;
		*vec_push(&builder->scratch, &builder->unsorted_files) = module;
	}
	order->last_file = index;
}

static bool is_open(const struct level *level, struct str path, size_t common)
{
	return level->end < common && path.ptr[level->end] == '/';
}

/* Opens the directories of the path (below the root), and closes those that are not its. */
static bool enter(struct builder *builder, struct str before, struct str path)
{
	size_t common = 0;
	size_t start;

	while (common < before.len && common < path.len && before.ptr[common] == path.ptr[common])
		common++;
	while (builder->depth && !is_open(&builder->levels[builder->depth - 1], path, common))
		builder->depth--;
	start = builder->depth ? builder->levels[builder->depth - 1].end + 1 : 0;
	while (!builder->depth || !builder->levels[builder->depth - 1].closed) {
		struct str part;
		struct str rest;
		struct level *level = &builder->levels[builder->depth];

		if (!str_cut(str_from(path, start), '/', &part, &rest))
			return builder->depth < MODULE_PARTS;
		if (builder->depth == MODULE_PARTS)
			return false;
		*level = (struct level){ .end = start + part.len, .module = NO_MODULE };
		level->closed = level->end + 1 >= PATH_ROOM || !module_path_is_identifier(part);
		if (!level->closed) {
			memcpy(builder->name + start, part.ptr, part.len);
			builder->name[level->end] = '.';
		}
		builder->depth++;
		start = level->end + 1;
	}
	return false;
}

static void add_file(struct builder *builder, uint32_t file, struct str path)
{
	struct modules *modules = builder->modules;
	size_t start = builder->depth ? builder->levels[builder->depth - 1].end + 1 : 0;
	struct module_path parsed;
	struct str name = { builder->name, 0 };
	const uint32_t *known;
	uint32_t parent;

	if (!module_path_parse(path, &parsed) || start + parsed.stem.len >= PATH_ROOM)
		return;
	if (parsed.init && !builder->depth && !modules->roots.at[builder->root].sure)
		return;
	if (parsed.init && builder->depth) {
		name.len = start - 1;
		parent = open_package(builder, &name);
		modules->list.at[parent].package = true;
		append_file(builder, parent, file, parsed.rank);
		return;
	}
	memcpy(builder->name + start, parsed.stem.ptr, parsed.stem.len);
	name.len = start + parsed.stem.len;
	known = map_get(&modules->by_name, name);
	if (!known)
		name = str_dup(modules->arena, name);
	parent = open_package(builder, &name);
	append_file(builder, known ? *known : add_module(builder, name, parent), file, parsed.rank);
}

/* Whether a later layer has the same path. */
static bool is_covered(const struct bundle *bundle, const struct file *file)
{
	if (bundle->trees.at[file->tree].role != TREE_LAYER)
		return false;
	for (uint32_t tree = file->tree + 1; tree < bundle->trees.len; tree++)
		if (bundle->trees.at[tree].role == TREE_LAYER &&
		    bundle_find(bundle, tree, file->path) != NO_FILE)
			return true;
	return false;
}

/* Adds what the newest root holds. */
static void index_root(struct builder *builder, uint32_t first, uint32_t end)
{
	const struct modules *modules = builder->modules;
	const struct bundle *bundle = modules->bundle;
	struct str before = STR("");
	size_t skip;

	builder->root = (uint32_t)modules->roots.len - 1;
	builder->depth = 0;
	skip = modules->roots.at[builder->root].dir.len;
	skip += skip > 0;
	for (uint32_t id = first; id < end; id++) {
		const struct file *file = &bundle->files.at[id];
		struct str path = str_from(file->path, skip);
		bool fits = enter(builder, before, path);

		before = path;
		if (fits && file->kind != FILE_DIR && !is_covered(bundle, file))
			add_file(builder, id, path);
	}
}

/* Adds the root; false where it holds nothing to import, or it and those before it hold too much. */
static bool add_root(struct builder *builder, struct module_root root)
{
	struct modules *modules = builder->modules;
	size_t before = builder->added;
	uint32_t first;
	uint32_t end;

	module_roots_range(modules->bundle, root.tree, root.dir, &first, &end);
	if (!root.sure && (end - first > modules->budget || modules->unsure == UNSURE_ROOTS))
		return false;
	if (!root.sure) {
		modules->budget -= end - first;
		modules->unsure++;
	}
	*vec_push(modules->arena, &modules->roots) = root;
	index_root(builder, first, end);
	if (builder->added == before && root.dir.len)
		modules->roots.len--;
	return builder->added > before;
}

struct sort_item {
	struct str name;
	uint32_t rank;
	uint32_t index;
};

static int item_order(const void *left, const void *right)
{
	const struct sort_item *a = left;
	const struct sort_item *b = right;
	int order = str_cmp(a->name, b->name);

	if (order != 0)
		return order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct sort_items {
	VEC(struct sort_item) list;
};

static void sort(const struct sort_items *items)
{
	if (items->list.len > 1)
		qsort(items->list.at, items->list.len, sizeof(*items->list.at), item_order);
}

static void sort_children(struct modules *modules, struct arena *scratch, struct sort_items *items,
			  uint32_t parent)
{
	struct module_order *order = &modules->order.at[order_index(parent)];
	uint32_t *link = first_child_of(modules, parent);

	items->list.len = 0;
	for (uint32_t id = *link; id != NO_MODULE; id = modules->list.at[id].next_sibling)
		*vec_push(scratch, &items->list) =
			(struct sort_item){ .name = modules->list.at[id].name, .index = id };
	sort(items);
	for (size_t i = 0; i < items->list.len; i++) {
		*link = items->list.at[i].index;
		link = &modules->list.at[*link].next_sibling;
		order->last_child = items->list.at[i].index;
	}
	*link = NO_MODULE;
	order->children_unsorted = false;
}

/* Those of the last place; the places before it were sorted in their time. */
static void sort_files(struct modules *modules, struct arena *scratch, struct sort_items *items,
		       uint32_t module)
{
	struct module_order *order = &modules->order.at[order_index(module)];
	uint32_t *link = order->before == NO_MODULE ? &modules->list.at[module].first_file
						    : &modules->files.at[order->before].next;

	items->list.len = 0;
	for (uint32_t i = *link; i != NO_MODULE; i = modules->files.at[i].next)
		*vec_push(scratch, &items->list) =
			(struct sort_item){ .name = STR(""), .rank = modules->files.at[i].rank, .index = i };
	sort(items);
	for (size_t i = 0; i < items->list.len; i++) {
		struct module_file *file = &modules->files.at[items->list.at[i].index];

		*link = items->list.at[i].index;
		link = &file->next;
		order->last_file = items->list.at[i].index;
		file->kind =
			file->rank == items->list.at[0].rank ? module_path_kind(file->rank) : MODULE_SHADOW;
	}
	*link = NO_MODULE;
	order->files_unsorted = false;
}

static void sort_new_files(struct builder *builder)
{
	struct sort_items items = { 0 };

	for (size_t i = 0; i < builder->unsorted_files.len; i++)
		sort_files(builder->modules, &builder->scratch, &items, builder->unsorted_files.at[i]);
	builder->unsorted_files.len = 0;
}

static void finish(struct builder *builder)
{
	struct sort_items items = { 0 };

	for (size_t i = 0; i < builder->unsorted_children.len; i++)
		sort_children(builder->modules, &builder->scratch, &items,
			      builder->unsorted_children.at[i] - 1);
	arena_free(&builder->scratch);
}

void modules_index(struct modules *modules, const struct bundle *bundle, struct arena *arena)
{
	struct builder builder = { .modules = modules };
	struct root_list roots = { 0 };

	*modules = (struct modules){ .bundle = bundle,
				     .arena = arena,
				     .tag = STR(""),
				     .top = NO_MODULE,
				     .budget = arena_mul(bundle->files.len, NESTING) };
	*vec_push(arena, &modules->order) =
		(struct module_order){ .last_child = NO_MODULE, .last_file = NO_MODULE, .before = NO_MODULE };
	modules->of = arena_array(arena, uint32_t, bundle->files.len);
	modules->entry = arena_array(arena, uint32_t, bundle->files.len);
	for (size_t i = 0; i < bundle->files.len; i++)
		modules->of[i] = modules->entry[i] = NO_MODULE;
	module_roots_find(bundle, arena, &roots);
	for (size_t i = 0; i < roots.list.len; i++) {
		(void)add_root(&builder, roots.list.at[i]);
		sort_new_files(&builder);
	}
	finish(&builder);
}

bool modules_add_root(struct modules *modules, uint32_t tree, struct str dir, bool sure)
{
	struct builder builder = { .modules = modules };
	struct module_root root = { .dir = dir, .tree = tree, .sure = sure };
	bool added;

	for (size_t i = 0; i < modules->roots.len; i++) {
		struct module_root *known = &modules->roots.at[i];

		if (known->place >= root.place)
			root.place = known->place + 1;
		if (known->tree != tree || !str_eq(known->dir, dir))
			continue;
		if (known->sure || !sure)
			return false;
		known->sure = true;
		return true;
	}
	added = add_root(&builder, root);
	sort_new_files(&builder);
	finish(&builder);
	return added;
}

uint32_t modules_find(const struct modules *modules, struct str name)
{
	const uint32_t *id = map_get(&modules->by_name, name);

	return id ? *id : NO_MODULE;
}

uint32_t modules_child(const struct modules *modules, uint32_t parent, struct str name)
{
	char room[PATH_ROOM];
	struct str package;

	if (parent == NO_MODULE)
		return modules_find(modules, name);
	package = modules->list.at[parent].name;
	if (name.len == 0 || modules->list.at[parent].first_child == NO_MODULE ||
	    package.len + 1 + name.len > sizeof(room))
		return NO_MODULE;
	memcpy(room, package.ptr, package.len);
	room[package.len] = '.';
	memcpy(room + package.len + 1, name.ptr, name.len);
	return modules_find(modules, (struct str){ room, package.len + 1 + name.len });
}

uint32_t modules_prefix(const struct modules *modules, struct str name, size_t *left)
{
	uint32_t found = NO_MODULE;
	struct str rest = name;

	*left = 0;
	/* Whatever begins the name of a module is one, so the first that is none ends the search. */
	while (rest.len) {
		struct str part;
		uint32_t id;

		(void)str_cut(rest, '.', &part, &rest);
		id = modules_find(modules,
				  (struct str){ name.ptr, (size_t)(part.ptr + part.len - name.ptr) });
		if (id == NO_MODULE) {
			*left = 1;
			break;
		}
		found = id;
	}
	for (size_t i = 0; i < rest.len; i++)
		*left += rest.ptr[i] == '.';
	*left += rest.len > 0;
	return found;
}

uint32_t modules_next(const struct modules *modules, uint32_t package, uint32_t at, bool deep)
{
	if (deep && modules->list.at[at].first_child != NO_MODULE)
		return modules->list.at[at].first_child;
	while (modules->list.at[at].next_sibling == NO_MODULE) {
		at = modules->list.at[at].parent;
		if (at == package || at == NO_MODULE)
			return NO_MODULE;
	}
	return modules->list.at[at].next_sibling;
}

uint32_t modules_of(const struct modules *modules, uint32_t file)
{
	return modules->of[file];
}

uint32_t modules_package_of(const struct modules *modules, uint32_t file)
{
	uint32_t module = modules->of[file];
	struct module_path parsed;
	const struct file *source = &modules->bundle->files.at[file];
	const struct module_root *root;

	if (module == NO_MODULE || !module_path_parse(source->path, &parsed))
		return NO_MODULE;
	root = root_of(modules, &modules->files.at[modules->entry[file]]);
	if (parsed.init && !str_eq(str_dir(source->path), root->dir))
		return module;
	return modules->list.at[module].parent;
}
