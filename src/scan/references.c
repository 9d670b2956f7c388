#include "scan/references.h"

#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "scan/candidates.h"
#include "scan/link.h"
#include "scan/metadata.h"
#include "scan/python_lex.h"
#include "scan/python_names.h"

struct references {
	struct candidates candidates;
};

struct references *references_index(const struct bundle *bundle, const bool *candidate, struct arena *arena)
{
	struct references *refs = arena_new(arena, struct references);

	candidates_index(&refs->candidates, bundle, candidate, arena);
	return refs;
}

/* An executable of the user's own without a suffix: `bootstrap` may be Python. */
static bool may_be_script(const struct file *file)
{
	return file->exec && file->dist == NO_DIST &&
	       !memchr(str_base(file->path).ptr, '.', str_base(file->path).len);
}

bool references_wants(const struct references *refs, uint32_t file)
{
	const struct file *f = &refs->candidates.bundle->files.at[file];

	/* An empty module names nothing, but brings its package. */
	if (!refs->candidates.any || f->kind != FILE_REGULAR || (f->size == 0 && !refs->candidates.is[file]))
		return false;
	return str_ends(f->path, STR(".py")) || str_ends(f->path, STR(".so")) ||
	       str_ends(f->path, STR(".pth")) || str_eq(str_base(f->path), STR("entry_points.txt")) ||
	       may_be_script(f);
}

/* The directory that a relative import with `level` dots starts from; false above the tree. */
static bool package_of(struct str path, size_t level, struct str *package)
{
	*package = str_dir(path);
	for (; level > 1; level--) {
		if (package->len == 0)
			return false;
		*package = str_dir(*package);
	}
	return true;
}

static void import_from(struct scan *scan, struct str base, const struct mention *mention,
			struct sight *sight)
{
	struct lookup module;
	struct lookup name;

	link_dotted(scan, base, mention->module, &module, sight);
	if (mention->module.len && module.parts == 0)
		return;
	if (str_eq(mention->name, STR("*")))
		(void)link_dir(scan, module.path, BELOW_MODULES, sight);
	else if (mention->name.len)
		link_dotted(scan, module.path, mention->name, &name, sight);
}

/* distutils of newer Pythons comes from setuptools, through its hook. */
static void import_distutils(struct scan *scan, struct str module, struct sight *sight)
{
	struct str top;
	struct str rest;
	struct lookup lookup;

	(void)str_cut(module, '.', &top, &rest);
	if (!scan->candidates->distutils || !str_eq(top, STR("distutils")))
		return;
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		link_dotted(scan, scan->candidates->sites.at[i], STR("setuptools"), &lookup, sight);
}

static void see_import(struct scan *scan, const struct mention *mention, struct sight *sight)
{
	struct str package;

	sight->kind = EDGE_IMPORT;
	if (mention->level) {
		if (package_of(scan->path, mention->level, &package))
			import_from(scan, package, mention, sight);
		return;
	}
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		import_from(scan, scan->candidates->sites.at[i], mention, sight);
	import_distutils(scan, mention->module, sight);
}

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
		STR_INIT("scandir"),
		STR_INIT("walk"),
	};

	return is_one_of(callee, names, sizeof(names) / sizeof(names[0]));
}

/* A literal on its way to be looked up. */
struct text {
	struct str at;
	bool open;   /* goes on behind what is known: it is the head of a name */
	bool colon;  /* "module:attribute" */
	bool in_dir; /* has a slash, so that it is surely a path */
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
 * word alone ("wheel.txt", "pip") is too common to mean the module, unless the text says so.
 */
static bool is_meant(const struct lookup *lookup, const struct text *text, const struct mention *mention)
{
	if (lookup->found == 0)
		return false;
	if (lookup->found == lookup->parts)
		return lookup->parts > 1 || text->colon || imports(mention->callee) || opens(mention->callee);
	return lookup->parts - lookup->found <= 2 && (lookup->found > 1 || text->colon);
}

static void look_up_text(struct scan *scan, struct str base, struct str name, const struct text *text,
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
	if (text->open ? lookup.found == lookup.parts : is_meant(&lookup, text, mention))
		link_dotted(scan, base, name, &lookup, sight);
}

/* A literal that is a dotted name: absolute, or relative to the file's package. */
static void see_dotted(struct scan *scan, struct text text, const struct mention *mention,
		       struct sight *sight)
{
	char room[PATH_ROOM];
	struct str name = text.at;
	struct str package;
	size_t level = 0;

	if (name.len >= sizeof(room) || !is_dotted(name))
		return;
	if (text.open) {
		while (name.len && name.ptr[name.len - 1] != '.')
			name.len--;
	}
	while (name.len && (name.ptr[name.len - 1] == '.' || name.ptr[name.len - 1] == ':')) {
		text.open = text.open || name.ptr[name.len - 1] == '.';
		name.len--;
	}
	for (; name.len && name.ptr[0] == '.'; name = str_from(name, 1))
		level++;
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
	/* A relative name of one part is as good as a bare word, but its dot says that a module is meant. */
	text.colon = text.colon || level;
	if (level && package_of(scan->path, level, &package))
		look_up_text(scan, package, name, &text, mention, sight);
	if (!level && imports(mention->callee) && package_of(scan->path, 1, &package) && package.len)
		look_up_text(scan, package, name, &text, mention, sight);
	for (size_t i = 0; !level && i < scan->candidates->sites.len; i++)
		look_up_text(scan, scan->candidates->sites.at[i], name, &text, mention, sight);
}

/* Whether a path has more than dots and slashes, which mean directories as a whole. */
static bool names_something(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] != '.' && path.ptr[i] != '/')
			return !memchr(path.ptr, '\n', path.len);
	return false;
}

static void look_up_path(struct scan *scan, struct str base, struct str rel, bool surely, struct sight *sight)
{
	char room[PATH_ROOM];
	struct str path;

	if (!path_resolve(base, rel, room, &path) || path.len == 0)
		return;
	/* A bare word is a path only where it is used as one; "data.h" says enough by itself. */
	if (!surely && !memchr(rel.ptr, '.', rel.len))
		return;
	link_path(scan, path, sight);
	if (surely)
		(void)link_dir(scan, path, BELOW_ALL, sight);
}

/*
 * A literal that is a path: beside the file, or in a directory of sys.path. One with a slash may also start
 * at any directory above the file, as those of pkgutil.get_data() and of pathlib's parents do.
 */
static void see_path(struct scan *scan, struct text text, const struct mention *mention, struct sight *sight)
{
	struct str rel = text.at;
	struct str base = str_dir(scan->path);
	bool surely;

	if (text.open) {
		while (rel.len && rel.ptr[rel.len - 1] != '/')
			rel.len--;
	}
	while (rel.len && rel.ptr[0] == '/')
		rel = str_from(rel, 1);
	text.in_dir = rel.len && memchr(rel.ptr, '/', rel.len);
	while (rel.len && rel.ptr[rel.len - 1] == '/')
		rel.len--;
	if (!names_something(rel))
		return;
	sight->kind = EDGE_DATA;
	surely = text.in_dir || mention->joined || opens(mention->callee);
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		look_up_path(scan, scan->candidates->sites.at[i], rel, surely, sight);
	look_up_path(scan, base, rel, surely, sight);
	while (text.in_dir && base.len) {
		base = str_dir(base);
		look_up_path(scan, base, rel, surely, sight);
	}
}

static void see_text(struct scan *scan, const struct mention *mention, struct sight *sight)
{
	struct text text = { .at = mention->text, .open = mention->hole_after };

	/* What follows the first hole of a format or glob is not known. */
	for (size_t i = 0; i < text.at.len; i++) {
		char c = text.at.ptr[i];

		if (c == '%' || c == '{' || c == '*' || c == '?') {
			text.at.len = i;
			text.open = true;
		}
	}
	if (text.at.len == 0)
		return;
	see_dotted(scan, text, mention, sight);
	see_path(scan, text, mention, sight);
}

static void see(void *ctx, const struct mention *mention)
{
	struct scan *scan = ctx;
	struct sight sight = {
		.phase = mention->in_function ? PHASE_CALL : PHASE_INIT,
		.line = mention->line,
		.evidence = mention->evidence,
	};

	/* Inside a directory of candidates names are short and relative; elsewhere they hold one of its
	 * names. */
	if (!scan->inside && !markers_hinted_in(&scan->candidates->markers, mention->module) &&
	    !markers_hinted_in(&scan->candidates->markers, mention->name) &&
	    !markers_hinted_in(&scan->candidates->markers, mention->text))
		return;
	if (mention->kind == MENTION_IMPORT)
		see_import(scan, mention, &sight);
	else
		see_text(scan, mention, &sight);
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
	struct sight import = { .kind = EDGE_DYNAMIC, .evidence = STR("computes what it imports") };
	struct sight data = { .kind = EDGE_DATA, .evidence = STR("opens files beside it") };
	struct str dir = str_dir(scan->path);
	uint32_t id;
	uint32_t end;

	if (dir.len == 0 || (!habits->computes_imports && !habits->opens_files))
		return;
	bundle_under(candidates->bundle, candidates->bundle->files.at[scan->file].tree, dir, &id, &end);
	for (; id < end; id++) {
		struct str path = candidates->bundle->files.at[id].path;
		bool module = candidates_is_module(path);

		if (!candidates->is[id])
			continue;
		if (module && habits->computes_imports)
			link_file(scan, id, &import);
		else if (!module && habits->opens_files && !str_ends(path, STR(".pyc")))
			link_file(scan, id, &data);
	}
}

/* lazy_loader.attach_stub(__name__, __file__) reads what to import from the stub beside the module. */
static void link_stub(struct scan *scan)
{
	struct sight sight = { .kind = EDGE_DATA, .evidence = STR("attach_stub()") };

	if (str_ends(scan->path, STR(".py")))
		link_path(scan, str_fmt(scan->scratch, "%.*si", STR_ARG(scan->path)), &sight);
}

static void scan_python(struct scan *scan, struct str source)
{
	struct python_habits habits;

	if (str_starts(source, STR("\xef\xbb\xbf")))
		source = str_from(source, 3);
	if (!scan->inside && !markers_named_in(&scan->candidates->markers, source))
		return;
	habits = python_names(source, see, scan);
	if (habits.attaches_stub)
		link_stub(scan);
	if (scan->inside)
		link_habits(scan, &habits);
}

static void see_binary_name(struct scan *scan, struct str name)
{
	const struct mention nobody = { .callee = STR("") };
	struct sight sight = { .kind = EDGE_DYNAMIC, .evidence = name };
	struct text text = { .at = name };

	if (name.len > 255 || !markers_hinted_in(&scan->candidates->markers, name))
		return;
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		look_up_text(scan, scan->candidates->sites.at[i], name, &text, &nobody, &sight);
}

/*
 * Extension modules import by names that stand in their bytes. Dots are rare enough to go from one to the
 * next; what is around each is taken as far as it is a dotted name.
 */
static void scan_binary(struct scan *scan, struct str bytes)
{
	const char *from = bytes.ptr;
	const char *end = bytes.ptr + bytes.len;

	while (from < end) {
		const char *dot = memchr(from, '.', (size_t)(end - from));
		const char *start = dot;
		const char *stop = dot;

		if (!dot)
			return;
		while (start > from && python_is_word(start[-1]) && (unsigned char)start[-1] < 0x80)
			start--;
		while (stop < end && (*stop == '.' || python_is_word(*stop)) && (unsigned char)*stop < 0x80)
			stop++;
		if (start < dot && stop > dot + 1)
			see_binary_name(scan, (struct str){ start, (size_t)(stop - start) });
		from = stop;
	}
}

/* Of a .pth, site.py runs the lines that begin with "import"; the others name directories. */
static void scan_pth(struct scan *scan, struct str text)
{
	struct str line;

	while (metadata_line(&text, &line))
		if (str_starts(line, STR("import ")) || str_starts(line, STR("import\t")))
			(void)python_names(line, see, scan);
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
			import_from(scan, scan->candidates->sites.at[i], &mention, &sight);
	}
}

static bool is_python_script(struct str content)
{
	struct str line;

	return str_starts(content, STR("#!")) && metadata_line(&content, &line) &&
	       str_find(line, STR("python")) > 0;
}

void references_scan(const struct references *refs, uint32_t file, struct bytes content, struct arena *arena,
		     struct graph *out)
{
	struct str text = str_of_bytes(content);
	struct arena scratch = { 0 };
	struct scan scan = {
		.candidates = &refs->candidates,
		.arena = arena,
		.scratch = &scratch,
		.graph = out,
		.file = file,
		.path = refs->candidates.bundle->files.at[file].path,
		.inside = refs->candidates.is[file],
	};

	if (!refs->candidates.any)
		return;
	if (candidates_is_module(scan.path))
		link_parents(&scan);
	if (str_starts(text, STR("\x7f"
				 "ELF")))
		scan_binary(&scan, text);
	else if (str_ends(scan.path, STR(".pth")))
		scan_pth(&scan, text);
	else if (str_eq(str_base(scan.path), STR("entry_points.txt")))
		scan_entry_points(&scan, text);
	else if (str_ends(scan.path, STR(".py")) || is_python_script(text))
		scan_python(&scan, text);
	arena_free(&scratch);
}
