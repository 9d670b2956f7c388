/*
 * Shared objects that are opened by name: dlopen notes and names in the bytes of ELF files, names and
 * patterns in Python sources, in configuration. It decides for recall: a name that may be a shared object of
 * the bundle is an edge to it. It resolves no search path, and decides nothing.
 */
#ifndef SLIM_SCAN_SOFT_EDGES_H
#define SLIM_SCAN_SOFT_EDGES_H

#include "base/map.h"
#include "scan/edges.h"
#include "scan/libraries.h"
#include "scan/python_names.h"

/* What scans look up; read-only while they run. */
struct soft_index;

/*
 * Of all shared objects that can load (library.never is set) and are no extension modules. `opposed` is by
 * file id: no edges lead to those.
 */
struct soft_index *soft_index_build(const struct libraries *libraries, const bool *opposed,
				    struct arena *arena);

/* A text whose meaning depends on what the rest of the source does. */
struct soft_text {
	enum { SOFT_BARE, SOFT_GLOB, SOFT_DIR, SOFT_COMPOSED } kind;
	struct str text;
	struct sight sight;
};

/* One file's scan, shown in steps as imports.h's is: begin, see each mention, tell the habits, end; or
 * soft_bytes() for what is no Python. */
struct soft_scan {
	const struct soft_index *index;
	struct edges edges;
	struct arena *scratch;
	const struct file *file;
	bool opens;    /* calls something that opens shared objects: CDLL, LoadLibrary, dlopen, find_library,
			  load_library; or imports ctypes or cffi */
	bool lists;    /* files of directories, or tells others where they are */
	bool computed; /* by a name that is no literal */
	bool any;      /* something of the bundle was named */
	bool own;      /* the same, of the file's distribution; for first-party code of any */
	uint32_t line; /* of the first computed one */
	struct str evidence;
	enum edge_phase phase; /* of that */

	bool source;	  /* it is Python source: full names of extension modules count */
	bool generic;	  /* bytes have a name with nothing but holes: "lib%s.so" */
	bool composes;	  /* they have ".so" alone */
	bool overflow;	  /* the bound was reached */
	size_t visits;	  /* names that may still be looked at */
	struct map seen;  /* texts */
	struct map named; /* file names that were looked for: whether any was found */
	VEC(struct soft_text) texts;
};

/* Names of functions that open shared objects, whose computed arguments matter: for python_target.calls. */
extern const struct str soft_calls[];
extern const size_t soft_call_count;

/* Names that one file's scan may look at, beside those it finds; beyond them all of its distribution is
 * meant. */
enum { SOFT_VISITS = 1 << 20 };

struct soft_scan soft_begin(const struct soft_index *index, struct arena *scratch, struct edges edges);
void soft_see(struct soft_scan *scan, const struct mention *mention);
/* What python_names() returned, before soft_end(). Without it, what is named stays an edge all the same. */
void soft_habits(struct soft_scan *scan, const struct python_habits *habits);
/* Where names are computed and nothing was named: all shared objects that the code may mean, as broad edges.
 */
void soft_end(struct soft_scan *scan);
/* "…/libx.so.1" in the bytes of an ELF file, of bytecode, of configuration. */
void soft_bytes(struct soft_scan *scan, struct bytes content);
/* Its dlopen notes. */
void soft_notes(struct soft_scan *scan, const struct elf_object *elf);

/* Whether a file of that name can open anything. */
bool soft_wants(const struct soft_index *index, uint32_t file);

#endif
