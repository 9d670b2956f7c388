/*
 * What a kept file may import: edges to modules, from import statements, from names in string literals and in
 * the bytes of extension modules, from computed names and from walks over packages. It decides for recall: a
 * name that may be a module of the bundle is an edge to it. Files that a rule would drop are
 * scan/references.h's business, which asks for sharper evidence.
 *
 * A file's scan sees that file alone, so many threads may scan. What only the sum of all files tells is left
 * in struct import_facts for scan/closure.h.
 */
#ifndef SLIM_SCAN_IMPORTS_H
#define SLIM_SCAN_IMPORTS_H

#include "model/knowledge.h"
#include "scan/data_dirs.h"
#include "scan/edges.h"
#include "scan/entry_points.h"
#include "scan/modules.h"
#include "scan/python_names.h"

/* What scans look up; read-only while they run. */
struct imports {
	const struct bundle *bundle;
	struct modules modules;
	struct data_dirs dirs;
	struct entry_points entry_points; /* the caller adds them */
	struct map last_names;		  /* last parts of the names of modules in packages */
	struct map dists;		  /* METADATA by normalised name */
	const struct knowledge *knowledge;
	const bool *opposed; /* by file id: a rule would drop it */
	const bool *judged;  /* by file id: a shared object that comes along with nothing; NULL: none */
	struct python_target target;
};

/* calls of the knowledge and of Python's own importers become the target's calls. */
void imports_index(struct imports *imports, const struct bundle *bundle, const struct knowledge *knowledge,
		   const bool *opposed, unsigned minor, struct arena *arena);

/* The directories that a .pth file puts on sys.path; source: site, in Python's library reference. */
void imports_add_startup(struct imports *imports, uint32_t file, struct str text, struct arena *arena);

/* Whether a directory of that name holds data beside modules. */
bool imports_is_place(const struct imports *imports, struct str name);

/* Something seen that is judged later. */
struct seen {
	struct str name;
	struct str evidence;
	uint32_t line;
	enum edge_phase phase;
	bool optional; /* of a missing module: under try, or never run on Lambda */
	uint32_t data; /* of a call: index into knowledge->calls */
};

struct import_facts {
	VEC(struct seen) missing;  /* absolute imports that no module of the bundle answers; name is dotted */
	VEC(struct seen) tails;	   /* names computed as "anything.name": name is what follows the hole */
	VEC(struct seen) places;   /* words that may be the name of a directory of data */
	VEC(struct seen) paths;	   /* directories that may be put on sys.path */
	VEC(struct seen) packages; /* packages that are named by text, or by a pattern */
	VEC(struct str)
	words; /* texts that are, spelled otherwise perhaps, the last part of a module's name */
	VEC(struct seen) calls;	    /* calls for data by name; name is "" where it is computed */
	VEC(struct seen) undecided; /* imports whose name is not known */
	VEC(struct edge) refused;   /* to extension modules that go whoever imports them: not in the graph */
	struct seen broken;	    /* line is not 0: the source cannot be read, evidence says why */
	bool opaque;		    /* an extension module whose names cannot be read */
};

struct import_scan {
	const struct imports *index;
	struct arena *scratch; /* for the time of the scan */
	struct edges edges;
	struct import_facts *facts; /* in the arena of the edges */
	const struct file *file;
	struct str content;
	uint32_t module;    /* that the file is, or NO_MODULE */
	uint32_t package;   /* that relative names start from, or NO_MODULE */
	bool edits_path;    /* may be; then literals are remembered as paths */
	bool loads_paths;   /* may run or load others by their paths */
	bool asks_plugins;  /* "entry_points" is in it */
	bool runs_programs; /* may run a package by its name, as `python -m` does */
	size_t looked;	    /* files that were looked at for literals that name directories */
	VEC(struct seen) patterns;
	size_t visits; /* that patterns have left */
	struct map patterns_seen;
	struct map walked; /* packages whose modules are linked, by name */
	struct map places; /* that are remembered */
	uint8_t *counted;  /* by call data: whether its calls count here, once that is known */
};

/* Of `looked`: beyond it a source is made to be slow. */
enum { PLACES_LOOKED = 1 << 20 };

/* Whether a file of that name could import anything. */
bool imports_wants(const struct imports *imports, uint32_t file);

/* A Python source is shown in steps, so that it is read once for all who want to know. */
struct import_scan imports_begin(const struct imports *imports, struct str content, struct arena *scratch,
				 struct edges edges, struct import_facts *facts);
void imports_see(struct import_scan *scan, const struct mention *mention);
void imports_end_python(struct import_scan *scan, const struct python_habits *habits);
/* All that is no Python source: extension modules, bytecode, pickles, configuration. */
void imports_other(struct import_scan *scan);

#endif
