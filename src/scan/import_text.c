#include "scan/import_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "scan/binary_modules.h"
#include "scan/import_places.h"
#include "scan/import_words.h"
#include "scan/metadata.h"
#include "scan/python_lex.h"
#include "scan/python_quoted.h"

enum { CUT_MAX = 2 }; /* attributes behind a module's name: "package.module.Class.method" */

/* Whether calls of a kind count in a source; 0 is not known yet. */
enum { COUNTS = 1, COUNTS_NOT };

/* Whoever tells what fails wants to know that it is imported. */
static void refuse(struct import_scan *scan, uint32_t file, const struct sight *sight)
{
	struct import_facts *facts = scan->facts;

	if (!str_ends(scan->index->bundle->files.at[file].path, STR(".so")) ||
	    (facts->refused.len && facts->refused.at[facts->refused.len - 1].to == file))
		return;
	*vec_push(scan->edges.arena, &facts->refused) = (struct edge){
		.from = scan->edges.file,
		.to = file,
		.kind = sight->kind,
		.phase = sight->phase,
		.broad = sight->broad,
		.line = sight->line,
		.evidence = edges_evidence(scan->edges.arena, sight->evidence),
	};
}

void import_link(struct import_scan *scan, uint32_t module, struct sight *sight)
{
	uint32_t picks[MODULE_PICKS];
	size_t count = modules_pick(&scan->index->modules, module, scan->edges.file, picks);

	for (size_t i = 0; i < count; i++)
		if (!scan->index->opposed[picks[i]])
			edges_add(&scan->edges, picks[i], sight);
		else
			refuse(scan, picks[i], sight);
}

/*
 * A dotted name of at least two parts: that of a module, or of something in one. What is in one at the top
 * ("flask.Flask") counts only where it is imported: method names look alike.
 */
static void see_dotted(struct import_scan *scan, struct str name, bool imported, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	size_t left;
	uint32_t module = modules_prefix(modules, name, &left);

	if (module == NO_MODULE || left > CUT_MAX)
		return;
	if (left == 0)
		import_package(scan, module, sight);
	if (left <= 1 || imported ||
	    memchr(modules->list.at[module].name.ptr, '.', modules->list.at[module].name.len))
		import_link(scan, module, sight);
}

/* The module below `package` of that name, or of the name less its last part. */
static uint32_t find_below(const struct modules *modules, uint32_t package, struct str name)
{
	uint32_t module = modules_child(modules, package, name);

	for (size_t len = name.len; module == NO_MODULE && len-- > 1;)
		if (name.ptr[len] == '.')
			return modules_child(modules, package, str_head(name, len));
	return module;
}

/*
 * ".name" and "..name", from the package of the file, or of one that holds it: import_module(".name",
 * "package"). One attribute may be behind it.
 */
static void see_relative(struct import_scan *scan, struct str name, struct sight *sight)
{
	const struct modules *modules = &scan->index->modules;
	uint32_t package = scan->package;

	name = str_from(name, 1);
	while (name.len && name.ptr[0] == '.' && package != NO_MODULE) {
		package = modules->list.at[package].parent;
		name = str_from(name, 1);
	}
	for (; package != NO_MODULE && name.len; package = modules->list.at[package].parent) {
		uint32_t module = find_below(modules, package, name);

		if (module != NO_MODULE) {
			import_package(scan, module, sight);
			import_link(scan, module, sight);
			return;
		}
	}
}

/* "name" or "sub.name" beside the file. */
static void see_neighbour(struct import_scan *scan, struct str name, struct sight *sight)
{
	uint32_t module = scan->package == NO_MODULE
				  ? NO_MODULE
				  : modules_child(&scan->index->modules, scan->package, name);

	if (module != NO_MODULE)
		import_link(scan, module, sight);
}

void import_point(struct import_scan *scan, const struct entry_point *point, const struct sight *seen)
{
	struct sight sight = { .kind = EDGE_ENTRY, .phase = seen->phase, .line = seen->line };
	size_t left;
	uint32_t module = modules_prefix(&scan->index->modules, point->module, &left);

	if (module == NO_MODULE)
		return;
	sight.evidence = str_fmt(scan->scratch, "entry point %.*s of %.*s", STR_ARG(point->name),
				 STR_ARG(point->group));
	import_link(scan, module, &sight);
	edges_add(&scan->edges, point->file, &sight);
}

void import_group(struct import_scan *scan, struct str group, const struct sight *sight)
{
	const struct entry_points *points = &scan->index->entry_points;

	for (uint32_t i = entry_points_group(points, group); i != UINT32_MAX; i = points->list.at[i].next)
		import_point(scan, &points->list.at[i], sight);
}

/* distribution("name").entry_points */
static void see_points_of(struct import_scan *scan, uint32_t metadata, const struct sight *sight)
{
	const struct entry_points *points = &scan->index->entry_points;
	const struct file *files = scan->index->bundle->files.at;

	for (size_t i = 0; i < points->list.len && scan->asks_plugins; i++)
		if (files[points->list.at[i].file].dist == files[metadata].dist)
			import_point(scan, &points->list.at[i], sight);
}

static bool is_own_call(const struct import_scan *scan, const struct call_data *data)
{
	const struct bundle *bundle = scan->index->bundle;

	if (scan->file->dist == NO_DIST)
		return true;
	for (size_t i = 0; i < data->ignore.len; i++)
		if (str_eq(data->ignore.at[i], bundle->dists.at[scan->file->dist].key))
			return false;
	for (size_t i = 0; i < data->words.len; i++)
		if (str_find(scan->content, data->words.at[i]) >= 0)
			return true;
	return data->words.len == 0;
}

/* Other libraries have calls of the same names; only code that speaks of this one counts, and not its own. */
static bool counts(struct import_scan *scan, size_t d)
{
	const struct knowledge *knowledge = scan->index->knowledge;

	if (!scan->counted)
		scan->counted = arena_array(scan->scratch, uint8_t, knowledge->calls.len);
	if (!scan->counted[d])
		scan->counted[d] = is_own_call(scan, &knowledge->calls.at[d]) ? COUNTS : COUNTS_NOT;
	return scan->counted[d] == COUNTS;
}

bool import_is_call(struct import_scan *scan, size_t d, const struct mention *mention)
{
	const struct call_data *data = &scan->index->knowledge->calls.at[d];

	for (size_t i = 0; i < data->calls.len; i++)
		if (str_eq(data->calls.at[i], mention->callee))
			return counts(scan, d);
	return false;
}

/* client("s3"): data by name. */
static void see_call(struct import_scan *scan, const struct mention *mention, const struct sight *sight)
{
	const struct knowledge *knowledge = scan->index->knowledge;

	for (size_t d = 0; d < knowledge->calls.len && mention->callee.len; d++) {
		const struct call_data *data = &knowledge->calls.at[d];
		bool argument =
			mention->keyword.len ? str_eq(mention->keyword, data->argument) : mention->first;

		if (argument && import_is_call(scan, d, mention))
			*vec_push(scan->edges.arena, &scan->facts->calls) = (struct seen){
				.name = str_dup(scan->edges.arena, mention->text),
				.evidence = edges_evidence(scan->edges.arena, mention->evidence),
				.line = sight->line,
				.phase = sight->phase,
				.data = (uint32_t)d,
			};
	}
}

/* metadata.version("name") and the like read the metadata of a distribution, under any spelling of its name.
 */
static void see_distribution(struct import_scan *scan, struct str name, struct sight sight)
{
	const uint32_t *metadata = map_get(&scan->index->dists, metadata_key(scan->scratch, name));

	sight.kind = EDGE_DATA;
	if (!metadata)
		return;
	edges_add(&scan->edges, *metadata, &sight);
	see_points_of(scan, *metadata, &sight);
}

/* A file that is named by its path, from the directory of the source or of sys.path. */
static void see_path(struct import_scan *scan, struct str text, struct sight sight)
{
	const struct modules *modules = &scan->index->modules;
	char room[PATH_ROOM];
	struct str path;
	uint32_t id = NO_FILE;

	if (path_resolve(str_dir(scan->file->path), text, room, &path))
		id = bundle_find(scan->index->bundle, scan->file->tree, path);
	for (size_t i = 0; i < modules->roots.len && id == NO_FILE; i++)
		if (modules->roots.at[i].sure && path_resolve(modules->roots.at[i].dir, text, room, &path))
			id = bundle_find(scan->index->bundle, modules->roots.at[i].tree, path);
	sight.kind = EDGE_DATA;
	if (id != NO_FILE && !scan->index->opposed[id])
		edges_add(&scan->edges, id, &sight);
}

/* Once for each name: a path of many parts would be many times its own length. */
static void remember(struct import_scan *scan, struct str text, const struct sight *sight)
{
	bool added;

	if (map_get(&scan->places, text))
		return;
	text = str_dup(scan->edges.arena, text);
	(void)map_put(scan->scratch, &scan->places, text, &added);
	*vec_push(scan->edges.arena, &scan->facts->places) = (struct seen){
		.name = text,
		.evidence = edges_evidence(scan->edges.arena, sight->evidence),
		.line = sight->line,
		.phase = sight->phase,
	};
}

/* Parts of a path, and words, that are the name of a directory with data beside modules. */
static void see_places(struct import_scan *scan, struct str text, const struct sight *sight)
{
	while (text.len) {
		struct str part;

		(void)str_cut(text, '/', &part, &text);
		if (part.len && imports_is_place(scan->index, part))
			remember(scan, part, sight);
	}
}

/* What a text is made of, as far as names go. */
struct shape {
	bool word; /* nothing but letters, digits, '_', '.', ':' */
	bool name; /* that, or a '-', but no ':' */
	bool dots; /* a dot that is not in front */
	bool colon;
	bool path; /* a '/', and nothing that paths in packages do not have */
	bool holes;
};

static struct shape shape_of(struct str text)
{
	struct shape shape = { .word = true, .name = true };
	bool blank = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (python_is_word(c))
			continue;
		shape.dots = shape.dots || (c == '.' && i && text.ptr[i - 1] != '.');
		shape.colon = shape.colon || c == ':';
		shape.path = shape.path || c == '/';
		shape.holes = shape.holes || c == '%' || c == '{';
		blank = blank || (unsigned char)c <= ' ';
		shape.word = shape.word && (c == '.' || c == ':');
		shape.name = shape.name && (c == '.' || c == '-');
	}
	shape.path = shape.path && !shape.holes && !blank && !shape.colon;
	shape.holes = shape.holes && !blank;
	return shape;
}

/* "package.module:attribute" with a dot for the colon. */
static struct str without_colon(struct import_scan *scan, struct str text)
{
	char *copy = arena_array(scan->scratch, char, text.len);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = (char)(text.ptr[i] == ':' ? '.' : text.ptr[i]);
	return (struct str){ copy, text.len };
}

/* run(["python", "-m", "name"]) and run_module("name") run a package's __main__. */
static void see_program(struct import_scan *scan, uint32_t module, struct sight *sight)
{
	if (!scan->runs_programs)
		return;
	module = modules_child(&scan->index->modules, module, STR("__main__"));
	if (module != NO_MODULE)
		import_link(scan, module, sight);
}

struct inside {
	struct import_scan *scan;
	struct sight *sight;
};

static void see_inside(void *ctx, uint32_t module, struct str evidence)
{
	struct inside *inside = ctx;

	(void)evidence;
	import_link(inside->scan, module, inside->sight);
}

/* Names in texts that others read: "ext://package.stream", "ignore::package.Warning", code. */
static void see_names(struct import_scan *scan, struct str text, struct sight *sight)
{
	struct inside inside = { scan, sight };

	if (!memchr(text.ptr, ' ', text.len) || str_find(text, STR("import")) >= 0)
		text_modules(&scan->index->modules, text, see_inside, &inside);
}

static void see_word(struct import_scan *scan, const struct mention *mention, const struct shape *shape,
		     struct sight *sight)
{
	struct str text = mention->text;
	struct str name = shape->colon ? without_colon(scan, text) : text;
	struct str module_part;
	struct str attribute;
	uint32_t module;

	if (text.ptr[0] == '.') {
		see_relative(scan, name, sight);
		return;
	}
	(void)str_cut(text, ':', &module_part, &attribute);
	module = modules_find(&scan->index->modules, module_part);
	if (module != NO_MODULE) {
		import_package(scan, module, sight);
		import_link(scan, module, sight);
		see_program(scan, module, sight);
	} else {
		see_dotted(scan, name, import_is_importer(mention->callee), sight);
		if (import_is_importer(mention->callee))
			import_missing(scan, mention, module_part, true);
	}
	see_neighbour(scan, module_part, sight);
	import_directory(scan, name, sight);
}

/* "one two".split(): what is between the blanks and commas. */
static void see_split(struct import_scan *scan, const struct mention *mention, struct sight *sight)
{
	const char *end = mention->evidence.ptr + mention->evidence.len;
	struct str rest = mention->evidence;

	const char *stop = scan->content.ptr + scan->content.len;

	if (rest.len == 0 || rest.ptr < scan->content.ptr || end > stop)
		return;
	while (end < stop && (*end == '"' || *end == '\'' || *end == ')'))
		end++;
	if (!str_starts((struct str){ end, (size_t)(stop - end) }, STR(".split")))
		return;
	while (rest.len) {
		struct mention word = *mention;
		size_t len = 0;

		while (len < rest.len && (python_is_word(rest.ptr[len]) || rest.ptr[len] == '.'))
			len++;
		word.text = str_head(rest, len);
		if (len && len <= IMPORT_TEXT_MAX) {
			struct shape shape = shape_of(word.text);

			import_word(scan, word.text);
			see_word(scan, &word, &shape, sight);
		}
		rest = str_from(rest, len + 1);
	}
}

/* "a.%s" and "a.{}" as patterns. */
static struct str pattern_of_format(struct import_scan *scan, struct str text)
{
	char *pattern = arena_array(scan->scratch, char, text.len);
	size_t len = 0;

	while (text.len) {
		size_t field = python_format_field(text);

		pattern[len++] = (char)(field ? HOLE_ANY : text.ptr[0]);
		text = str_from(text, field ? field : 1);
	}
	return (struct str){ pattern, len };
}

/* "package.plugins." waits for a name, wherever the two are put together. */
static struct str pattern_of_prefix(struct import_scan *scan, struct str text)
{
	return str_fmt(scan->scratch, "%.*s%c", STR_ARG(text), HOLE_ANY);
}

void import_text(struct import_scan *scan, const struct mention *mention, struct sight *sight)
{
	struct str text = mention->text;
	struct shape shape;

	see_call(scan, mention, sight);
	see_split(scan, mention, sight);
	if (text.len == 0 || text.len > IMPORT_TEXT_MAX)
		return;
	shape = shape_of(text);
	/* iter_modules() … name.startswith("prefix_") */
	if (shape.word && str_eq(mention->callee, STR("startswith")))
		import_pattern(scan, str_fmt(scan->scratch, "%.*s\1", STR_ARG(text)), sight);
	if (shape.holes)
		import_pattern(scan, pattern_of_format(scan, text), sight);
	if (shape.word && shape.dots && text.ptr[text.len - 1] == '.')
		import_pattern(scan, pattern_of_prefix(scan, text), sight);
	else if (shape.word)
		see_word(scan, mention, &shape, sight);
	else
		see_names(scan, text, sight);
	import_group(scan, text, sight);
	if (shape.name)
		import_word(scan, text);
	if (shape.name)
		see_distribution(scan, text, *sight);
	if (shape.path || (shape.word && str_ends(text, STR(".py"))))
		see_path(scan, text, *sight);
	/* Behind what names a file exactly. */
	if (shape.name || shape.path)
		import_place(scan, text, sight);
	if (shape.path || shape.word)
		see_places(scan, text, sight);
	if (scan->edits_path && (shape.path || shape.word))
		*vec_push(scan->edges.arena, &scan->facts->paths) = (struct seen){
			.name = str_dup(scan->edges.arena, text),
			.line = sight->line,
		};
}
