#include "scan/imports.h"

#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "scan/binary_modules.h"
#include "scan/elf_data.h"
#include "scan/import_places.h"
#include "scan/import_text.h"
#include "scan/metadata.h"
#include "scan/module_patterns.h"
#include "scan/path_names.h"
#include "scan/python_lex.h"
#include "scan/python_quoted.h"
#include "scan/soft_edges.h"

enum { CONFIG_MAX = 256 << 10 }; /* larger files are data, no configuration */

/* Functions of Python and of well-known helpers that import what their first argument names. */
static const struct str importers[] = {
	STR_INIT("import_module"), STR_INIT("__import__"), STR_INIT("find_spec"),
	STR_INIT("import_string"), STR_INIT("LazyLoader"), STR_INIT("run_module"),
};

bool import_is_importer(struct str callee)
{
	for (size_t i = 0; i < sizeof(importers) / sizeof(importers[0]); i++)
		if (str_eq(callee, importers[i]))
			return true;
	return false;
}

static void index_calls(struct imports *imports, struct arena *arena)
{
	const struct knowledge *knowledge = imports->knowledge;
	VEC(struct str) calls = { 0 };

	for (size_t i = 0; i < sizeof(importers) / sizeof(importers[0]); i++)
		*vec_push(arena, &calls) = importers[i];
	for (size_t i = 0; i < soft_call_count; i++)
		*vec_push(arena, &calls) = soft_calls[i];
	for (size_t d = 0; d < knowledge->calls.len; d++) {
		const struct call_data *data = &knowledge->calls.at[d];

		imports->target.argument = data->argument;
		for (size_t i = 0; i < data->calls.len; i++)
			*vec_push(arena, &calls) = data->calls.at[i];
	}
	imports->target.calls = calls.at;
	imports->target.call_count = calls.len;
}

void imports_index(struct imports *imports, const struct bundle *bundle, const struct knowledge *knowledge,
		   const bool *opposed, unsigned minor, struct arena *arena)
{
	*imports = (struct imports){
		.bundle = bundle,
		.knowledge = knowledge,
		.opposed = opposed,
		.target = { .minor = minor },
	};
	modules_index(&imports->modules, bundle, arena);
	data_dirs_build(&imports->dirs, bundle, &imports->modules, opposed, arena);
	index_calls(imports, arena);
	for (size_t m = 0; m < imports->modules.list.len; m++)
		if (imports->modules.list.at[m].parent != NO_MODULE)
			(void)map_put(arena, &imports->last_names,
				      str_after_dot(imports->modules.list.at[m].name), NULL);
	for (size_t d = 0; d < bundle->dists.len; d++)
		if (bundle->dists.at[d].metadata != NO_FILE)
			*map_put(arena, &imports->dists, bundle->dists.at[d].key, NULL) =
				bundle->dists.at[d].metadata;
}

bool imports_is_place(const struct imports *imports, struct str name)
{
	return data_dirs_named(&imports->dirs, name) != UINT32_MAX ||
	       data_dirs_loose(&imports->dirs, name) != UINT32_MAX;
}

static bool is_config(struct str path)
{
	static const struct str suffixes[] = {
		STR_INIT(".json"), STR_INIT(".yaml"),  STR_INIT(".yml"),  STR_INIT(".toml"),
		STR_INIT(".ini"),  STR_INIT(".cfg"),   STR_INIT(".conf"), STR_INIT(".env"),
		STR_INIT(".txt"),  STR_INIT(".csv"),   STR_INIT(".xml"),  STR_INIT(".properties"),
		STR_INIT(".list"), STR_INIT(".jsonl"),
	};

	/* Metadata names what its distribution has, used or not. */
	if (str_ends(str_dir(path), STR("-info")))
		return false;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(path, suffixes[i]))
			return true;
	return false;
}

bool imports_wants(const struct imports *imports, uint32_t file)
{
	const struct file *f = &imports->bundle->files.at[file];
	struct str base = str_base(f->path);

	if (f->kind != FILE_REGULAR || f->size == 0)
		return false;
	return modules_of(&imports->modules, file) != NO_MODULE || str_ends(base, STR(".py")) ||
	       str_ends(base, STR(".pyi")) || str_ends(base, STR(".pth")) || f->exec ||
	       !memchr(base.ptr, '.', base.len) || (is_config(f->path) && f->size <= CONFIG_MAX) ||
	       pickle_is(base, (struct bytes){ 0 });
}

/* The package of a source that is no module, such as a stub: that of its directory. */
static uint32_t package_of_dir(const struct imports *imports, const struct file *file, uint32_t id)
{
	uint32_t dir;

	if (imports->dirs.of[id] == UINT32_MAX && !str_ends(file->path, STR(".pyi")))
		return NO_MODULE;
	dir = data_dirs_at(&imports->dirs, file->tree, str_dir(file->path));
	return dir == UINT32_MAX ? NO_MODULE
				 : modules_package_of(&imports->modules, imports->dirs.list.at[dir].module);
}

static bool is_elf(struct str content)
{
	return str_starts(content, STR("\x7f"
				       "ELF"));
}

struct import_scan imports_begin(const struct imports *imports, struct str content, struct arena *scratch,
				 struct edges edges, struct import_facts *facts)
{
	const struct file *file = &imports->bundle->files.at[edges.file];
	struct import_scan scan = {
		.index = imports,
		.scratch = scratch,
		.edges = edges,
		.facts = facts,
		.file = file,
		.content = content,
		.visits = PATTERN_VISITS,
		.module = modules_of(&imports->modules, edges.file),
	};

	scan.package = scan.module != NO_MODULE ? modules_package_of(&imports->modules, edges.file)
						: package_of_dir(imports, file, edges.file);
	if (is_elf(content))
		return scan;
	import_places_begin(&scan);
	scan.edits_path =
		str_find(content, STR("sys.path")) >= 0 || str_find(content, STR("addsitedir")) >= 0;
	return scan;
}

static enum edge_phase phase_of(const struct mention *mention)
{
	if (mention->guard == GUARD_TYPES)
		return PHASE_TYPES;
	return mention->in_function ? PHASE_CALL : PHASE_INIT;
}

void import_missing(struct import_scan *scan, const struct mention *mention, struct str name, bool optional)
{
	struct arena *arena = scan->edges.arena;

	*vec_push(arena, &scan->facts->missing) = (struct seen){
		.name = str_dup(arena, name),
		.evidence = edges_evidence(arena, mention->evidence),
		.line = mention->line,
		.phase = phase_of(mention),
		.optional = optional || mention->in_try || mention->guard != GUARD_NONE,
	};
}

/* Names of packages that hold copies of other distributions, or stand for them. */
static const struct str vendors[] = {
	STR_INIT("_vendor"), STR_INIT("_vendored"), STR_INIT("vendor"),	   STR_INIT("vendored"),
	STR_INIT("extern"),  STR_INIT("packages"),  STR_INIT("externals"),
};

static bool is_vendor(struct str name)
{
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (str_eq(name, vendors[i]))
			return true;
	return false;
}

/*
 * A name that its package does not hold may be one of an importer that maps it to the vendored copy
 * ("pkg_resources.extern.X" is pkg_resources._vendor.X), or to the distribution ("requests.packages.X" is X).
 */
static void import_alias(struct import_scan *scan, uint32_t found, struct str rest, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	struct str head;
	struct str behind;
	size_t left;
	uint32_t module;

	(void)str_cut(rest, '.', &head, &behind);
	for (; found != NO_MODULE; found = modules->list.at[found].parent)
		for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
			uint32_t vendor = modules_child(modules, found, vendors[i]);

			if (vendor == NO_MODULE)
				continue;
			module = modules_child(modules, vendor, rest);
			if (module == NO_MODULE && is_vendor(head) && behind.len)
				module = modules_child(modules, vendor, behind);
			if (module != NO_MODULE)
				import_link(scan, module, sight);
		}
	module = modules_prefix(modules, is_vendor(head) ? behind : rest, &left);
	if (module != NO_MODULE)
		import_link(scan, module, sight);
}

/* Edges to every module in a dotted name; the module of all of it, or of its longest prefix. */
static uint32_t import_dotted(struct import_scan *scan, uint32_t base, struct str name, struct str *rest,
			      struct sight *sight)
{
	uint32_t module = base;

	*rest = name;
	while (rest->len) {
		struct str part;
		struct str behind;
		uint32_t child;

		(void)str_cut(*rest, '.', &part, &behind);
		child = modules_child(&scan->index->modules, module, part);
		if (child == NO_MODULE)
			break;
		module = child;
		*rest = behind;
		import_link(scan, module, sight);
	}
	return module;
}

static void see_import(struct import_scan *scan, const struct mention *mention, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	uint32_t base = NO_MODULE;
	uint32_t module;
	struct str rest;

	if (mention->level) {
		base = scan->package;
		for (size_t level = 1; level < mention->level && base != NO_MODULE; level++)
			base = modules->list.at[base].parent;
		if (base == NO_MODULE)
			return;
		import_link(scan, base, sight);
	}
	module = import_dotted(scan, base, mention->module, &rest, sight);
	if (rest.len) {
		if (module != NO_MODULE)
			import_alias(scan, module, rest, sight);
		if (mention->level == 0)
			import_missing(scan, mention, mention->module, false);
		return;
	}
	if (mention->name.len == 0 || module == NO_MODULE || str_eq(mention->name, STR("*")))
		return;
	base = modules_child(modules, module, mention->name);
	if (base != NO_MODULE) {
		import_link(scan, base, sight);
		return;
	}
	if (is_vendor(str_after_dot(modules->list.at[module].name)))
		import_alias(scan, module, mention->name, sight);
}

struct quoted {
	struct import_scan *scan;
	const struct mention *outer;
};

static void see_quoted(void *ctx, const struct mention *mention)
{
	const struct quoted *quoted = ctx;
	struct sight sight = {
		.kind = EDGE_DYNAMIC,
		.phase = quoted->outer->in_function ? PHASE_CALL : PHASE_INIT,
		.line = quoted->outer->line,
		.evidence = mention->evidence,
	};
	struct mention inner = *mention;

	inner.in_try = true;
	see_import(quoted->scan, &inner, &sight);
}

static void see_text(struct import_scan *scan, const struct mention *mention, struct sight *sight)
{
	struct quoted quoted = { scan, mention };
	struct str rest = mention->text;
	struct str program;

	import_text(scan, mention, sight);
	python_quoted_imports(mention, scan->scratch, see_quoted, &quoted);
	while (rest.len > 3 && python_quoted_program(&rest, &program)) {
		struct str behind;
		uint32_t module = import_dotted(scan, NO_MODULE, program, &behind, sight);

		if (module != NO_MODULE && behind.len == 0 &&
		    (module = modules_child(&scan->index->modules, module, STR("__main__"))) != NO_MODULE)
			import_link(scan, module, sight);
	}
}

static void see_computed(struct import_scan *scan, const struct mention *mention, enum edge_phase phase)
{
	struct arena *arena = scan->edges.arena;
	struct seen seen = {
		.evidence = edges_evidence(arena, mention->evidence),
		.line = mention->line,
		.phase = phase,
	};
	const struct knowledge *knowledge = scan->index->knowledge;

	if (import_is_importer(mention->callee))
		*vec_push(arena, &scan->facts->undecided) = seen;
	for (size_t d = 0; d < knowledge->calls.len; d++)
		if (import_is_call(scan, d, mention)) {
			seen.data = (uint32_t)d;
			*vec_push(arena, &scan->facts->calls) = seen;
		}
}

void imports_see(struct import_scan *scan, const struct mention *mention)
{
	struct sight sight = {
		.kind = mention->kind == MENTION_IMPORT ? EDGE_IMPORT : EDGE_DYNAMIC,
		.phase = phase_of(mention),
		.line = mention->line,
		.evidence = mention->evidence,
	};

	switch (mention->kind) {
	case MENTION_IMPORT:
		see_import(scan, mention, &sight);
		break;
	case MENTION_TEXT:
		see_text(scan, mention, &sight);
		break;
	case MENTION_PATTERN:
		import_pattern(scan, mention->text, &sight);
		break;
	case MENTION_COMPUTED:
		see_computed(scan, mention, sight.phase);
		break;
	}
}

/* --- walks ----------------------------------------------------------------------------------- */

void import_below(struct import_scan *scan, uint32_t package, bool deep, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	uint32_t at = modules->list.at[package].first_child;
	bool added;

	(void)map_put(scan->scratch, &scan->walked, modules->list.at[package].name, &added);
	for (; added && at != NO_MODULE; at = modules_next(modules, package, at, deep))
		import_link(scan, at, sight);
}

/* The dotted name that ends at the end of the text. */
static struct str last_name(struct str text)
{
	size_t len = 0;

	while (len < text.len &&
	       (python_is_word(text.ptr[text.len - len - 1]) || text.ptr[text.len - len - 1] == '.'))
		len++;
	return str_from(text, text.len - len);
}

static uint32_t lines_in(const char *from, const char *to)
{
	uint32_t lines = 0;

	for (; from < to; from++)
		lines += *from == '\n';
	return lines;
}

/*
 * Packages whose __path__ the source mentions: pkgutil.iter_modules(plugins.__path__). Whether there are any,
 * and all that it mentions are known.
 */
static bool link_paths(struct import_scan *scan, bool deep)
{
	const struct str marker = STR("__path__");
	struct str rest = scan->content;
	uint32_t line = 1;
	bool any = false;
	bool all = true;
	ptrdiff_t at;

	while ((at = str_find(rest, marker)) >= 0) {
		struct str name = last_name(str_head(rest, (size_t)at));
		struct sight sight = {
			.kind = EDGE_DYNAMIC,
			.phase = PHASE_CALL,
			.broad = true,
			.evidence = (struct str){ name.ptr, name.len + marker.len },
		};
		uint32_t package = NO_MODULE;

		line += lines_in(rest.ptr, rest.ptr + at);
		sight.line = line;
		if (name.len && name.ptr[name.len - 1] == '.') {
			name.len--;
			package = modules_find(&scan->index->modules, name);
			if (package == NO_MODULE && scan->package != NO_MODULE)
				package = modules_child(&scan->index->modules, scan->package, name);
		}
		if (package != NO_MODULE)
			import_below(scan, package, deep, &sight);
		any = any || package != NO_MODULE;
		all = all && package != NO_MODULE;
		rest = str_from(rest, (size_t)at + marker.len);
	}
	return any && all;
}

static void link_walks(struct import_scan *scan, const struct python_habits *habits)
{
	bool deep;
	bool walks = habits->walks_modules;
	bool names = habits->imports_by_name || str_find(scan->content, STR("__all__")) >= 0;
	bool lists = habits->lists_files && names && habits->knows_its_place;
	struct sight sight = {
		.kind = EDGE_DYNAMIC,
		.phase = PHASE_CALL,
		.broad = true,
		.evidence = walks ? STR("walks over modules") : STR("imports what it finds in a directory"),
	};

	if (str_find(scan->content, STR("__path__ +=")) >= 0 ||
	    str_find(scan->content, STR("__path__.extend")) >= 0)
		(void)link_paths(scan, false);
	if (!walks && !lists)
		return;
	deep = str_find(scan->content, STR("walk_packages")) >= 0;
	if (walks && link_paths(scan, deep) && str_find(scan->content, STR("__file__")) < 0)
		return;
	if (scan->package != NO_MODULE)
		import_below(scan, scan->package, deep, &sight);
}

/* What lies beside a file of which nothing is known: all that it could import by a short name. */
static void link_neighbours(struct import_scan *scan, struct str why)
{
	struct sight sight = { .kind = EDGE_DYNAMIC, .phase = PHASE_INIT, .broad = true, .evidence = why };

	if (scan->package != NO_MODULE)
		import_below(scan, scan->package, false, &sight);
}

void imports_end_python(struct import_scan *scan, const struct python_habits *habits)
{
	import_patterns(scan, habits->imports_by_name || habits->walks_modules);
	import_places_end(scan, habits);
	link_walks(scan, habits);
	if (!habits->edits_path)
		scan->facts->paths.len = 0;
	if (habits->broken_line) {
		scan->facts->broken = (struct seen){
			.line = habits->broken_line,
			.evidence = str_of(habits->broken),
		};
		link_neighbours(scan, STR("cannot be read"));
	}
}

static void see_binary(void *ctx, uint32_t module, struct str evidence)
{
	struct import_scan *scan = ctx;
	struct sight sight = { .kind = EDGE_DYNAMIC, .phase = PHASE_INIT, .evidence = evidence };

	import_link(scan, module, &sight);
}

/* Data that compiled code opens by its path. */
static void see_path(void *ctx, uint32_t file, struct str evidence)
{
	struct import_scan *scan = ctx;
	struct sight sight = { .kind = EDGE_DATA, .phase = PHASE_CALL, .evidence = evidence };

	if (!scan->index->opposed[file])
		edges_add(&scan->edges, file, &sight);
}

static void see_paths(struct import_scan *scan, struct bytes elf)
{
	struct elf_data data = elf_data_begin(elf);
	struct str part;

	while (elf_data_next(&data, &part))
		path_names(&scan->index->modules, scan->file->tree, part, see_path, scan);
}

static void see_bytecode(void *ctx, const struct mention *mention)
{
	imports_see(ctx, mention);
}

static bool is_code(struct str line)
{
	return str_starts(line, STR("import ")) || str_starts(line, STR("import\t"));
}

void imports_add_startup(struct imports *imports, uint32_t file, struct str text, struct arena *arena)
{
	const struct file *f = &imports->bundle->files.at[file];
	struct str line;

	while (metadata_line(&text, &line)) {
		char room[PATH_ROOM];
		struct str dir;

		line = str_trim(line);
		if (line.len && line.ptr[0] != '#' && !is_code(line) &&
		    path_resolve(str_dir(f->path), line, room, &dir))
			(void)modules_add_root(&imports->modules, f->tree, str_dup(arena, dir), true);
	}
}

static void see_pth(struct import_scan *scan)
{
	struct str rest = scan->content;
	struct str line;

	while (metadata_line(&rest, &line)) {
		if (is_code(line))
			(void)python_names(line, &scan->index->target, see_bytecode, scan);
	}
}

void imports_other(struct import_scan *scan)
{
	struct bytes bytes = bytes_of_str(scan->content);
	struct str path = scan->file->path;

	if (is_elf(scan->content)) {
		see_paths(scan, bytes);
		if (!binary_modules(&scan->index->modules, scan->edges.file, bytes, scan->scratch, see_binary,
				    scan)) {
			scan->facts->opaque = true;
			link_neighbours(scan, STR("its names cannot be read"));
		}
	} else if (str_ends(path, STR(".pyc"))) {
		bytecode_mentions(bytes, see_bytecode, scan);
	} else if (str_ends(path, STR(".pth"))) {
		see_pth(scan);
	} else if (is_config(path)) {
		text_modules(&scan->index->modules, scan->content, see_binary, scan);
	} else if (pickle_is(path, bytes)) {
		pickle_modules(&scan->index->modules, bytes, see_binary, scan);
	}
}
