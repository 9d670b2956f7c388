/*
 * The module table: what Python could import from a bundle, and from which file, as CPython's path finder
 * does on Lambda: sys.path in order, of one directory a package before an extension module before a source
 * before bytecode without source, packages without __init__ merged over directories. It reads paths only, no
 * contents, and never says what is imported.
 * Sources: "The import system" (Python Reference), importlib.machinery.FileFinder, PEP 420, PEP 3147,
 * PEP 3149; AWS Lambda Developer Guide, "Runtime-dependent package directories".
 */
#ifndef SLIM_SCAN_MODULES_H
#define SLIM_SCAN_MODULES_H

#include "base/map.h"
#include "model/bundle.h"

#define NO_MODULE UINT32_MAX

/* A directory that is on sys.path, or that code may put there. */
struct module_root {
	struct str dir; /* "" is the top of the tree */
	uint32_t tree;
	uint32_t place; /* on sys.path; layers share that of a directory, because Lambda merges them */
	bool sure;	/* Lambda has it on sys.path, or a .pth file puts it there */
};

enum module_kind {
	MODULE_SOURCE,
	MODULE_EXTENSION, /* tagged ("x.cpython-313-x86_64-linux-gnu.so", "x.abi3.so") or plain ("x.so") */
	MODULE_BYTECODE,  /* "x.pyc" outside __pycache__, without source beside it */
	MODULE_SHADOW,	  /* the source or bytecode beside an extension module or package that wins over it */
};

/* A file that may run when a module is imported. */
struct module_file {
	uint32_t file;
	uint32_t root; /* index into roots */
	enum module_kind kind;
	uint8_t rank;  /* among the files for one name in one place, 0 is the first that Python takes */
	uint32_t next; /* index into files of the next one for the same name, or NO_MODULE */
};

struct module {
	struct str name;      /* dotted, as it is imported: "a.b" */
	uint32_t parent;      /* NO_MODULE at the top */
	uint32_t first_child; /* children in order of their names */
	uint32_t next_sibling;
	uint32_t first_file; /* index into files, in order of sys.path, shadows behind what hides them;
				NO_MODULE: a namespace package */
	bool package;	     /* it can have children */
};

/* What insertion needs to know of a module's lists, or of the modules at the top. */
struct module_order {
	uint32_t last_child;
	uint32_t last_file;
	uint32_t before; /* the last file of the places before that of last_file */
	bool children_unsorted;
	bool files_unsorted;
};

/* Read-only but for modules_add_root(), so many threads may ask. */
struct modules {
	const struct bundle *bundle;
	struct arena *arena;
	/* "cpython-313-x86_64-linux-gnu", for the caller to set once it knows it: with other tags Python
	   does not see an extension module, and takes the source beside it. "" is unknown. */
	struct str tag;
	VEC(struct module_root)
	roots; /* sure ones in the order of sys.path, then the others, then those that were added */
	VEC(struct module) list; /* by module id */
	VEC(struct module_file) files;
	struct map by_name;
	uint32_t top; /* first of the modules without parent, linked by next_sibling */
	uint32_t *of; /* by file id: its module, under the outermost sure root that holds it; or NO_MODULE */
	uint32_t *entry;		/* by file id: index into files for `of` */
	VEC(struct module_order) order; /* by module id + 1; 0 is the top */
	size_t budget;			/* files that roots may still bring: they may lie in one another */
	uint32_t unsure;		/* number of unsure roots so far */
};

/*
 * Directory parts must be identifiers (any byte beyond ASCII counts as a letter); file stems may be anything
 * without a dot ("0001_initial", mypyc's hashes). Of files of the same path in several layers only the last
 * is in the table. Names with more parts than MODULE_PARTS are not in it.
 * Sure roots: the top of a function; python/lib/python3.X/site-packages and python, of layers and of
 * functions that have such (a layer's zip may be given as one). Unsure: what holds a *.dist-info or
 * *.egg-info, *.egg, and directories without __init__ whose names say that they hold other people's packages.
 */
enum { MODULE_PARTS = 128 };
void modules_index(struct modules *modules, const struct bundle *bundle, struct arena *arena);
/*
 * Adds a directory as a root, behind all others. Makes an unsure root sure if that is asked for. False where
 * nothing changes: it is one already, or holds nothing that could be imported, or there are too many (1,024;
 * with files that lie in more than 16 at once on average). `dir` is borrowed. Module ids stay.
 */
bool modules_add_root(struct modules *modules, uint32_t tree, struct str dir, bool sure);

/* By dotted name; NO_MODULE when there is none. */
uint32_t modules_find(const struct modules *modules, struct str name);
/* The module `parent`.`name`; parent may be NO_MODULE for the top, name may be dotted. */
uint32_t modules_child(const struct modules *modules, uint32_t parent, struct str name);
/* The longest prefix of the dotted name that is a module, and how many parts of the name are left behind it.
 */
uint32_t modules_prefix(const struct modules *modules, struct str name, size_t *left);

/*
 * Walks what is below a package (NO_MODULE: all) in the order of the table, from its first child on: what
 * follows `at`, without what is below that unless `deep`; NO_MODULE at the end.
 */
uint32_t modules_next(const struct modules *modules, uint32_t package, uint32_t at, bool deep);

/* The module that the file is, or NO_MODULE. */
uint32_t modules_of(const struct modules *modules, uint32_t file);
/* The package that relative imports of the file start from: itself for an __init__; NO_MODULE at the top. */
uint32_t modules_package_of(const struct modules *modules, uint32_t file);

enum { MODULE_PICKS = 16 };
/*
 * The files that may run when `from` (or NO_FILE) imports the module: that of the first sure root; that of
 * the root which its regular package comes from, if it is another; and those of unsure roots where no sure
 * root has the name or where `from` lies in the directory that holds the root. A plain and a tagged extension
 * module of one name, or several tags, all count; what they shadow counts too where no extension module is
 * plain, abi3 or of modules->tag, since Python passes over other tags. Returns how many; sure ones come
 * first.
 */
size_t modules_pick(const struct modules *modules, uint32_t module, uint32_t from,
		    uint32_t out[MODULE_PICKS]);
/* The shadows of a file that modules_pick() may return: sources that tell what an extension module imports.
 */
size_t modules_shadows(const struct modules *modules, uint32_t file, uint32_t out[MODULE_PICKS]);

/* Whether the path is one of a module that can be imported. */
bool modules_is_module_path(struct str path);

#endif
