#include "scan/reference_text.h"

#include <string.h>

#include "base/arena.h"
#include "scan/places.h"
#include "scan/python_lex.h"
#include "scan/python_quoted.h"
#include "scan/reference_compared.h"
#include "scan/reference_import.h"

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

/* Calls whose argument is the name of a module, also when it has no dot. */
static bool imports(struct str callee)
{
	static const struct str names[] = { STR_INIT("__import__"),    STR_INIT("find_loader"),
					    STR_INIT("find_spec"),     STR_INIT("import_module"),
					    STR_INIT("import_object"), STR_INIT("import_string"),
					    STR_INIT("run_module") };

	return is_one_of(callee, names, sizeof(names) / sizeof(names[0]));
}

/* Calls whose argument is a path or the package that holds data. */
static bool opens(struct str callee)
{
	static const struct str names[] = {
		STR_INIT("FileSystemLoader"),
		STR_INIT("PackageLoader"),
		STR_INIT("Path"),
		STR_INIT("PosixPath"),
		STR_INIT("PurePath"),
		STR_INIT("abspath"),
		STR_INIT("addsitedir"),
		STR_INIT("chdir"),
		STR_INIT("contents"),
		STR_INIT("copy"),
		STR_INIT("copytree"),
		STR_INIT("exists"),
		STR_INIT("files"),
		STR_INIT("get_data"),
		STR_INIT("glob"),
		STR_INIT("iglob"),
		STR_INIT("isdir"),
		STR_INIT("isfile"),
		STR_INIT("join"),
		STR_INIT("joinpath"),
		STR_INIT("listdir"),
		STR_INIT("load"),
		STR_INIT("open"),
		STR_INIT("open_binary"),
		STR_INIT("open_text"),
		STR_INIT("path"),
		STR_INIT("read_binary"),
		STR_INIT("read_text"),
		STR_INIT("realpath"),
		STR_INIT("resource_dir"),
		STR_INIT("resource_exists"),
		STR_INIT("resource_filename"),
		STR_INIT("resource_isdir"),
		STR_INIT("resource_listdir"),
		STR_INIT("resource_stream"),
		STR_INIT("resource_string"),
		STR_INIT("rglob"),
		STR_INIT("run_path"),
		STR_INIT("scandir"),
		STR_INIT("spec_from_file_location"),
		STR_INIT("walk"),
		STR_INIT("with_name"),
	};

	return is_one_of(callee, names, sizeof(names) / sizeof(names[0]));
}

/* Calls, and uses, in which a bare word is asked for or taken away, or said to a build that is over. */
static bool denies(const struct mention *mention)
{
	static const struct str names[] = {
		STR_INIT("add_data_dir"), STR_INIT("add_subpackage"), STR_INIT("discard"),
		STR_INIT("endswith"),	  STR_INIT("remove"),	      STR_INIT("startswith"),
	};

	return mention->denied || is_one_of(mention->callee, names, sizeof(names) / sizeof(names[0]));
}

/* A piece of a literal between its holes, on its way to be looked up. */
struct text {
	struct str at;
	bool behind; /* a hole is in front of it: it is the tail of a name */
	bool open;   /* goes on behind what is known: it is the head of a name */
	bool colon;  /* "module:attribute" */
};

/* Whether the text is a dotted name, with leading dots and one colon at most. */
static bool is_dotted(struct str text)
{
	bool any = false;
	size_t colons = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == ':')
			colons++;
		else if (c != '.' && !python_is_word(c))
			return false;
		any = any || python_is_word(c);
		/* "a..b" is none; only leading dots may be several. */
		if (any && i && c == '.' && text.ptr[i - 1] == '.')
			return false;
	}
	return any && colons <= 1;
}

/*
 * Whether the part of a dotted literal that is a module says enough: all of it, or all but attributes. A
 * word alone ("wheel.txt", "tests") is too common to mean the module, unless the text says so.
 */
static bool is_meant(const struct lookup *lookup, const struct text *text, const struct mention *mention)
{
	if (lookup->found == 0)
		return false;
	if (lookup->found == lookup->parts)
		return lookup->parts > 1 || text->colon || imports(mention->callee) || opens(mention->callee);
	return lookup->found > 2 ||
	       (lookup->parts - lookup->found <= 2 && (lookup->found > 1 || text->colon));
}

static void look_up_name(struct scan *scan, struct str base, struct str name, const struct text *text,
			 const struct mention *mention, struct sight *sight)
{
	struct lookup lookup;

	link_dotted(scan, base, name, &lookup, NULL);
	/* A package without __init__, or a directory of data, is no module but may be meant too. */
	if (lookup.parts > 1 && (text->open || opens(mention->callee))) {
		enum edge_kind kind = sight->kind;
		bool is_dir;

		sight->kind = text->open ? kind : EDGE_DATA;
		is_dir = link_dir(scan, lookup.path, text->open ? BELOW_MODULES : BELOW_DATA, sight);
		sight->kind = kind;
		lookup.found = is_dir ? lookup.parts : lookup.found;
	}
	if (!text->open && (lookup.parts > 1 || text->colon) && link_package(scan, lookup.path, sight))
		lookup.found = lookup.parts;
	if (text->open ? lookup.found == lookup.parts : is_meant(&lookup, text, mention))
		link_dotted(scan, base, name, &lookup, sight);
}

/* What is on sys.path and a distribution by itself, as pip is; not a stray directory of tests. */
static bool is_whole(const struct candidates *candidates, uint32_t id)
{
	uint32_t dist = candidates->bundle->files.at[id].dist;
	uint32_t metadata = dist == NO_DIST ? NO_FILE : candidates->bundle->dists.at[dist].metadata;

	return dist == NO_DIST || (metadata != NO_FILE && candidates->is[metadata]);
}

static void link_info(struct scan *scan, uint32_t dist, struct sight *sight)
{
	const struct bundle *bundle = scan->candidates->bundle;
	uint32_t id;
	uint32_t end;

	if (dist == NO_DIST)
		return;
	bundle_under(bundle, bundle->dists.at[dist].tree, bundle->dists.at[dist].info, &id, &end);
	for (; id < end; id++)
		if (scan->candidates->is[id])
			edges_add(&scan->edges, id, sight);
}

/* A program that `python -m` runs, or a distribution whose version is asked for: by a word alone. */
static void look_up_program(struct scan *scan, struct str name, struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;
	char room[PATH_ROOM];
	struct lookup lookup;

	if (name.len + sizeof(".__main__") > sizeof(room))
		return;
	memcpy(room, name.ptr, name.len);
	memcpy(room + name.len, ".__main__", sizeof(".__main__") - 1);
	sight->kind = EDGE_DYNAMIC;
	for (size_t i = 0; i < candidates->sites.len; i++) {
		uint32_t id;

		link_dotted(scan, candidates->sites.at[i], name, &lookup, NULL);
		id = lookup.parts && lookup.found == lookup.parts ? candidates_module(candidates, lookup.path)
								  : NO_FILE;
		if (id == NO_FILE || (lookup.parts == 1 && !is_whole(candidates, id)))
			continue;
		link_dotted(scan, candidates->sites.at[i],
			    (struct str){ room, name.len + sizeof(".__main__") - 1 }, &lookup, sight);
		link_info(scan, candidates->bundle->files.at[id].dist, sight);
	}
}

/* Cuts a dotted piece down to the names in it that are whole; the number of dots in front of them. */
static size_t whole_names(struct text *text)
{
	struct str *name = &text->at;
	size_t level = 0;

	while (text->behind && name->len && name->ptr[0] != '.')
		*name = str_from(*name, 1);
	while (text->open && name->len && name->ptr[name->len - 1] != '.')
		name->len--;
	while (name->len && (name->ptr[name->len - 1] == '.' || name->ptr[name->len - 1] == ':')) {
		text->open = text->open || name->ptr[name->len - 1] == '.';
		name->len--;
	}
	for (; name->len && name->ptr[0] == '.'; *name = str_from(*name, 1))
		level++;
	return level;
}

/* ".tests" goes behind some package's name, most often that of the file's own. */
static void look_up_suffix(struct scan *scan, struct str name, size_t level, const struct text *text,
			   const struct mention *mention, struct sight *sight)
{
	struct str package;

	if (level > 1 && reference_package(scan->path, level, &package))
		look_up_name(scan, package, name, text, mention, sight);
	for (size_t i = 0; level == 1 && i < scan->places.len; i++)
		look_up_name(scan, scan->places.at[i], name, text, mention, sight);
}

/* A piece that is a dotted name: absolute, or relative to the file's package. */
static void see_dotted(struct scan *scan, struct text text, const struct mention *mention,
		       struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;
	char room[PATH_ROOM];
	struct str name;
	struct str package;
	size_t level;

	if (text.at.len >= sizeof(room) || !is_dotted(text.at))
		return;
	level = whole_names(&text);
	name = text.at;
	if (name.len == 0)
		return;
	for (size_t i = 0; i < name.len; i++) {
		room[i] = name.ptr[i];
		if (name.ptr[i] == ':') {
			text.colon = true;
			room[i] = '.';
		}
	}
	name.ptr = room;
	sight->kind = EDGE_DYNAMIC;
	if (level) {
		/* A relative name of one part is as good as a bare word, but its dot says that a module is
		 * meant. */
		text.colon = true;
		look_up_suffix(scan, name, level, &text, mention, sight);
		return;
	}
	if (imports(mention->callee) && reference_package(scan->path, 1, &package) && package.len)
		look_up_name(scan, package, name, &text, mention, sight);
	for (size_t i = 0; i < candidates->sites.len; i++)
		look_up_name(scan, candidates->sites.at[i], name, &text, mention, sight);
	if (!text.open && !denies(mention) && !memchr(name.ptr, '.', name.len))
		look_up_program(scan, name, sight);
}

/* Whether a literal is used as a path, or as a component of one. */
static bool is_component(const struct mention *mention)
{
	return mention->joined || opens(mention->callee);
}

/* Whether a path has more than dots and slashes, which mean directories as a whole. */
static bool names_something(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] != '.' && path.ptr[i] != '/')
			return !memchr(path.ptr, '\n', path.len);
	return false;
}

enum path_use {
	PATH_FILE = 1,	 /* it may be a file */
	PATH_DIR = 2,	 /* or a directory, with all in it */
	PATH_MODULE = 4, /* or a module, without its suffix */
};

static void look_up_path(struct scan *scan, struct str base, struct str rel, unsigned use,
			 struct sight *sight)
{
	char room[PATH_ROOM];
	struct str path;

	if (!path_resolve(base, rel, room, &path) || path.len == 0)
		return;
	if (use & PATH_FILE)
		link_path(scan, path, sight);
	if (use & PATH_MODULE)
		link_module(scan, path, sight);
	if (use & PATH_DIR)
		(void)link_dir(scan, path, BELOW_ALL, sight);
}

/* A bare word may name a directory beside the file. What is on sys.path itself look_up_program() knows. */
static void look_up_word(struct scan *scan, struct str word, struct sight *sight)
{
	struct str site = candidates_site(scan->candidates, scan->path);

	if (str_dir(scan->path).len > site.len || candidates_module(scan->candidates, word) == NO_FILE)
		look_up_path(scan, str_dir(scan->path), word, PATH_DIR, sight);
}

/*
 * A piece that is a path: beside the file, or in a directory of sys.path. One that is surely a path may also
 * start at any of the source's places. A bare word is one only where it is used so, except that it may name
 * a directory beside the file, for later; "data.h" says enough by itself.
 */
static void see_path(struct scan *scan, struct text text, const struct mention *mention, struct sight *sight)
{
	const struct candidates *candidates = scan->candidates;
	struct str rel = text.at;
	unsigned use = PATH_FILE;
	bool slash;

	while (text.behind && rel.len && rel.ptr[0] != '/')
		rel = str_from(rel, 1);
	while (text.open && rel.len && rel.ptr[rel.len - 1] != '/')
		rel.len--;
	slash = rel.len && memchr(rel.ptr, '/', rel.len);
	while (rel.len && rel.ptr[0] == '/')
		rel = str_from(rel, 1);
	while (rel.len && rel.ptr[rel.len - 1] == '/')
		rel.len--;
	if (!names_something(rel))
		return;
	sight->kind = EDGE_DATA;
	if (slash || is_component(mention)) {
		use |= PATH_DIR | (slash ? PATH_MODULE : 0U);
	} else if (!memchr(rel.ptr, '.', rel.len)) {
		if (!denies(mention))
			look_up_word(scan, rel, sight);
		return;
	}
	for (size_t i = 0; i < candidates->sites.len; i++)
		look_up_path(scan, candidates->sites.at[i], rel, use, sight);
	look_up_path(scan, str_dir(scan->path), rel, use, sight);
	for (size_t i = 0; use & PATH_DIR && i < scan->places.len; i++)
		look_up_path(scan, scan->places.at[i], rel, use, sight);
}

/* The length of what stands for something unknown at the start of the text: a format's field, or a glob. */
static size_t hole(struct str text)
{
	return text.ptr[0] == '*' || text.ptr[0] == '?' ? 1 : python_format_field(text);
}

static void see_pieces(struct scan *scan, const struct mention *mention, struct sight *sight)
{
	struct str rest = mention->text;
	bool behind = mention->hole_before;

	while (rest.len) {
		struct text text = { .at = rest, .behind = behind, .open = mention->hole_after };
		size_t skip = 0;

		for (size_t i = 0; i < rest.len && !skip; i++) {
			skip = hole(str_from(rest, i));
			if (skip) {
				text.at.len = i;
				text.open = true;
			}
		}
		behind = true;
		rest = str_from(rest, text.at.len + skip);
		if (text.at.len == 0)
			continue;
		see_dotted(scan, text, mention, sight);
		see_path(scan, text, mention, sight);
	}
}

/* "python -m pip install": what follows each -m is run. */
static void see_option(struct scan *scan, struct str text, struct sight *sight)
{
	struct str name;

	while (python_quoted_program(&text, &name))
		if (is_dotted(name))
			look_up_program(scan, name, sight);
}

/* Source in a literal, for exec() or `python -c`. */
struct quoted {
	struct scan *scan;
	const struct mention *outer;
};

static void see_code_import(void *ctx, const struct mention *mention)
{
	const struct quoted *code = ctx;
	struct sight sight = {
		.phase = code->outer->in_function ? PHASE_CALL : PHASE_INIT,
		.line = code->outer->line,
		.evidence = mention->evidence,
	};

	reference_import(code->scan, mention, &sight);
}

static void see_code(struct scan *scan, const struct mention *mention)
{
	struct quoted code = { .scan = scan, .outer = mention };

	python_quoted_imports(mention, scan->scratch, see_code_import, &code);
}

/* A component that is a directory: others may be told what lies in it (D = join(here, 'kernels')). */
static void add_component(struct scan *scan, struct str rel)
{
	size_t count = scan->places.len;
	char room[PATH_ROOM];
	struct str path;

	for (size_t i = 0; i < count; i++)
		if (path_resolve(scan->places.at[i], rel, room, &path))
			places_add_dir(scan, path);
}

void reference_text_places(struct scan *scan, const struct mention *mention)
{
	if (is_component(mention) && names_something(mention->text))
		add_component(scan, mention->text);
	if (!is_dotted(mention->text) || (!opens(mention->callee) && !imports(mention->callee)))
		return;
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		places_add(scan, scan->candidates->sites.at[i], mention->text);
}

/* Text that is only compared with the beginning or end of another. */
static bool is_compared(const struct mention *mention)
{
	return str_eq(mention->callee, STR("startswith")) || str_eq(mention->callee, STR("endswith")) ||
	       str_eq(mention->callee, STR("removeprefix")) || str_eq(mention->callee, STR("removesuffix"));
}

/* `_MODULES_TO_IGNORE = {"tests", …}`: what a list of that name holds is what its owner does not want. */
static bool is_unwanted(struct str target)
{
	static const struct str words[] = { STR_INIT("ignore"), STR_INIT("exclude"), STR_INIT("skip") };

	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		for (size_t i = 0; i + words[w].len <= target.len; i++)
			if (str_eq_nocase(str_head(str_from(target, i), words[w].len), words[w]))
				return true;
	return false;
}

/*
 * join(here, "tests", "data.txt") and here / "tests" / "data.txt": the literal behind this one says what of
 * the directory is meant.
 */
static bool goes_on(const struct scan *scan, const struct mention *mention)
{
	const char *end = scan->content.ptr + scan->content.len;
	const char *at = mention->evidence.ptr + mention->evidence.len;
	bool joins = str_eq(mention->callee, STR("join")) || str_eq(mention->callee, STR("joinpath"));

	if (!is_component(mention) || at < scan->content.ptr || at >= end)
		return false;
	while (at < end && (*at == '"' || *at == '\''))
		at++;
	while (at < end && *at == ' ')
		at++;
	if (at == end || !(*at == '/' || (*at == ',' && joins)))
		return false;
	do
		at++;
	while (at < end && *at == ' ');
	return end - at > 1 && (*at == '"' || *at == '\'') && python_is_word(at[1]);
}

void reference_text(struct scan *scan, const struct mention *mention, struct sight *sight)
{
	/* get_include() tells a compiler where headers are. */
	if (mention->ignored || str_eq(mention->function, STR("get_include")) || is_compared(mention) ||
	    is_unwanted(mention->target) ||
	    (mention->in_function && reference_only_compared(scan, mention->target)) ||
	    goes_on(scan, mention))
		return;
	see_pieces(scan, mention, sight);
	see_option(scan, mention->text, sight);
	see_code(scan, mention);
}

void reference_text_name(struct scan *scan, struct str name, struct sight *sight)
{
	const struct mention nobody = { .callee = STR("") };
	const struct text text = { .at = name };

	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		look_up_name(scan, scan->candidates->sites.at[i], name, &text, &nobody, sight);
}
