#include "scan/references.h"

#include <string.h>

#include "base/arena.h"
#include "scan/candidates.h"
#include "scan/link.h"
#include "scan/metadata.h"
#include "scan/places.h"
#include "scan/python_names.h"
#include "scan/reference_binary.h"
#include "scan/reference_import.h"
#include "scan/reference_text.h"

static const struct python_target any_python;

struct references {
	struct candidates candidates;
};

struct references *references_index(const struct bundle *bundle, const bool *candidate, struct arena *arena)
{
	struct references *refs = arena_new(arena, struct references);

	candidates_index(&refs->candidates, bundle, candidate, arena);
	return refs;
}

/* What runs without a suffix, or is marked as a program, may be Python: its first line says so. */
static bool may_be_script(const struct file *file)
{
	struct str base = str_base(file->path);

	return file->exec || !memchr(base.ptr, '.', base.len);
}

/* Python keeps bytecode in caches, where its source is beside; elsewhere it stands for the source. */
static bool is_bytecode(struct str path)
{
	return str_ends(path, STR(".pyc")) && candidates_is_module(path);
}

static bool is_source(struct str path)
{
	return str_ends(path, STR(".py")) || str_ends(path, STR(".pyw"));
}

bool references_wants(const struct references *refs, uint32_t file)
{
	const struct file *f = &refs->candidates.bundle->files.at[file];

	/* An empty module names nothing, but brings its package. */
	if (!refs->candidates.any || f->kind != FILE_REGULAR || (f->size == 0 && !refs->candidates.is[file]))
		return false;
	return is_source(f->path) || is_bytecode(f->path) || str_ends(f->path, STR(".so")) ||
	       str_ends(f->path, STR(".pth")) || str_eq(str_base(f->path), STR("entry_points.txt")) ||
	       may_be_script(f);
}

void references_see(struct scan *scan, const struct mention *mention)
{
	struct sight sight = {
		.phase = mention->in_function ? PHASE_CALL : PHASE_INIT,
		.line = mention->line,
		.evidence = mention->evidence,
	};

	if (mention->kind != MENTION_IMPORT && mention->kind != MENTION_TEXT)
		return;
	if (mention->kind == MENTION_IMPORT)
		reference_import_places(scan, mention);
	else
		reference_text_places(scan, mention);
	/* Inside a directory of candidates, or with one imported, names are short and relative; elsewhere
	 * they hold one of its names. */
	if (!scan->inside && !scan->edges.any &&
	    !markers_hinted_in(&scan->candidates->markers, mention->module) &&
	    !markers_hinted_in(&scan->candidates->markers, mention->name) &&
	    !markers_hinted_in(&scan->candidates->markers, mention->text) &&
	    !markers_hinted_in(&scan->candidates->markers, mention->code))
		return;
	if (mention->kind == MENTION_IMPORT)
		reference_import(scan, mention, &sight);
	else
		reference_text(scan, mention, &sight);
}

/* Python imports the packages above a module first, so a module brings them. */
static void link_parents(struct scan *scan)
{
	struct sight sight = { .kind = EDGE_IMPORT, .evidence = STR("its package") };

	for (struct str dir = str_dir(scan->path); dir.len; dir = str_dir(dir))
		link_module(scan, dir, &sight);
}

/* What a candidate that computes its imports, or opens files beside it, may mean. */
static void link_habits(struct scan *scan, const struct python_habits *habits)
{
	const struct candidates *candidates = scan->candidates;
	struct sight sight = { .kind = EDGE_DYNAMIC, .evidence = STR("computes what it imports") };
	struct str dir = str_dir(scan->path);
	/* A lone conftest.py in the midst of a package speaks for what lies beside it, not for the package.
	 */
	bool all_below = candidates_dir(candidates, dir) != NULL;
	uint32_t id;
	uint32_t end;

	if (dir.len == 0 || (!habits->computes_imports && !habits->opens_files))
		return;
	if (!habits->computes_imports) {
		sight.kind = EDGE_DATA;
		sight.evidence = STR("opens files beside it");
	}
	bundle_under(candidates->bundle, candidates->bundle->files.at[scan->edges.file].tree, dir, &id, &end);
	for (; id < end; id++) {
		struct str path = candidates->bundle->files.at[id].path;

		/* Nobody opens bytecode, and the source it belongs to is there. */
		if (candidates->is[id] && (all_below || str_eq(str_dir(path), dir)) &&
		    (candidates_is_module(path) || !str_ends(path, STR(".pyc"))))
			edges_add(&scan->edges, id, &sight);
	}
}

/* lazy_loader.attach_stub(__name__, __file__) reads what to import from the stub beside the module. */
static void link_stub(struct scan *scan)
{
	struct sight sight = { .kind = EDGE_DATA, .evidence = STR("attach_stub()") };

	if (str_ends(scan->path, STR(".py")))
		link_path(scan, str_fmt(scan->scratch, "%.*si", STR_ARG(scan->path)), &sight);
}

static void see(void *ctx, const struct mention *mention)
{
	references_see(ctx, mention);
}

bool references_reads(const struct scan *scan)
{
	return scan->candidates->any &&
	       (scan->inside || markers_named_in(&scan->candidates->markers, scan->content));
}

void references_end_python(struct scan *scan, const struct python_habits *habits)
{
	if (habits->attaches_stub)
		link_stub(scan);
	if (scan->inside)
		link_habits(scan, habits);
}

static void scan_python(struct scan *scan)
{
	struct python_habits habits;

	if (!references_reads(scan))
		return;
	habits = python_names(scan->content, &any_python, see, scan);
	references_end_python(scan, &habits);
}

/* Of a .pth, site.py runs the lines that begin with "import"; the others name directories. */
static void scan_pth(struct scan *scan, struct str text)
{
	struct str line;

	while (metadata_line(&text, &line)) {
		struct sight sight = { .kind = EDGE_DATA, .evidence = line };
		char room[PATH_ROOM];
		struct str dir;

		if (str_starts(line, STR("import ")) || str_starts(line, STR("import\t")))
			(void)python_names(line, &any_python, see, scan);
		else if (path_resolve(str_dir(scan->path), str_trim(line), room, &dir))
			(void)link_dir(scan, dir, BELOW_ALL, &sight);
	}
}

/* "name = module:attribute [extra]", in groups. Scripts are made at installation and run by nobody here. */
static void scan_entry_points(struct scan *scan, struct str text)
{
	bool scripts = false;
	uint32_t number = 0;
	struct str line;

	while (metadata_line(&text, &line)) {
		struct sight sight = { .kind = EDGE_ENTRY, .line = ++number, .evidence = line };
		struct mention mention = { .callee = STR("import_module") };
		struct str name;
		struct str target;

		line = str_trim(line);
		if (line.len && line.ptr[0] == '[')
			scripts =
				str_eq(line, STR("[console_scripts]")) || str_eq(line, STR("[gui_scripts]"));
		if (scripts || !str_cut(line, '=', &name, &target))
			continue;
		(void)str_cut(target, ':', &mention.module, &target);
		mention.module = str_trim(mention.module);
		for (size_t i = 0; i < scan->candidates->sites.len; i++)
			reference_import_from(scan, scan->candidates->sites.at[i], &mention, &sight);
	}
}

bool references_is_python(struct str path, struct str content)
{
	struct str line;

	return is_source(path) || (str_starts(content, STR("#!")) && metadata_line(&content, &line) &&
				   str_find(line, STR("python")) > 0);
}

struct scan references_begin(const struct references *refs, struct str content, struct arena *scratch,
			     struct edges edges)
{
	struct scan scan = {
		.candidates = &refs->candidates,
		.scratch = scratch,
		.edges = edges,
		.path = refs->candidates.bundle->files.at[edges.file].path,
		.content = content,
		.inside = refs->candidates.is[edges.file],
	};

	if (!refs->candidates.any)
		return scan;
	places_begin(&scan);
	if (candidates_is_module(scan.path))
		link_parents(&scan);
	return scan;
}

void references_other(struct scan *scan)
{
	if (!scan->candidates->any)
		return;
	if (str_starts(scan->content, STR("\x7f"
					  "ELF")))
		reference_binary(scan, scan->content);
	else if (is_bytecode(scan->path))
		reference_bytecode(scan, scan->content);
	else if (str_ends(scan->path, STR(".pth")))
		scan_pth(scan, scan->content);
	else if (str_eq(str_base(scan->path), STR("entry_points.txt")))
		scan_entry_points(scan, scan->content);
}

void references_scan(const struct references *refs, uint32_t file, struct bytes content, struct arena *arena,
		     struct graph *out)
{
	struct str text = str_of_bytes(content);
	struct arena scratch = { 0 };
	struct linked linked = { 0 };
	struct scan scan =
		references_begin(refs, text, &scratch,
				 edges_begin(arena, out, &linked, file, refs->candidates.bundle->files.len));

	if (references_is_python(scan.path, text))
		scan_python(&scan);
	else
		references_other(&scan);
	linked_free(&linked);
	arena_free(&scratch);
}
