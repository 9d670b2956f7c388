/*
 * ld.so on the target, simulated: which file each name that a shared object needs would be found in. Two
 * answers: the strict one is that of a fresh process that opens one object; the lenient one counts what
 * others may have loaded before. It reads no contents, follows the platform's rules, and never asks this
 * machine's loader. Sources: ld.so(8), glibc's elf/dl-load.c and dl-deps.c (2.26 and 2.34), AWS Lambda's
 * environment.
 */
#ifndef SLIM_SCAN_LOADER_H
#define SLIM_SCAN_LOADER_H

#include "platform/platform.h"
#include "scan/libraries.h"

/* Which rule answered. */
enum found_by {
	FOUND_NOWHERE,
	FOUND_LOADED,	    /* an object loaded before it in this process has that name or soname */
	FOUND_PATH,	    /* the name holds a slash */
	FOUND_RPATH,	    /* of the object or of one that loaded it */
	FOUND_LIBRARY_PATH, /* LD_LIBRARY_PATH */
	FOUND_RUNPATH,
	FOUND_DEFAULT, /* the system's directories */
	FOUND_FATAL,   /* the search ends at a file that is no shared object: the load fails */
};

enum load_kind { LOAD_NEEDED, LOAD_AUXILIARY, LOAD_FILTER };

/* One name that one object needs. */
struct load {
	uint32_t root; /* file that was opened */
	uint32_t from; /* file that needs it: the root, or one that it loads */
	enum load_kind kind;
	struct str name; /* as it stands in `from` */
	enum found_by by;
	/* The file, also of FOUND_FATAL; NO_FILE where the system has it, or nobody. */
	uint32_t file;
	const struct platform_library *system; /* where it is the system's, or NULL */
	struct str dir; /* in which it was found, links followed: "/var/task/numpy.libs"; "" for FOUND_LOADED
			   and FOUND_NOWHERE */
	/* The symbolic links on the way to it, of directories and of the file, in order. They must stay, or
	   it is not found. */
	const uint32_t *links;
	uint32_t link_count;
};

/* What to search with. */
struct loader_setup {
	const struct libraries *libraries;
	const struct platform
		*platform; /* NULL: not known. Then any name that no file answers counts as the system's */
	unsigned minor;	   /* of Python 3, for libpython; 0 unknown */
	/* LD_LIBRARY_PATH that the user sets in place of the platform's; NULL: none. */
	const struct str *library_path;
	size_t library_path_count;
};

struct loader;

struct loader *loader_begin(const struct loader_setup *setup, struct arena *arena);

/*
 * Opens the file as dlopen() of its path does, or starts it where it is a program, in a process where nothing
 * of the bundle is loaded yet, and tells every name in the order of the loader: breadth first. A file that is
 * neither, or not for the target, has no names; where the platform is not known, the target is the file's own
 * machine. What cannot be found is told too, and the search goes on with the next name. Each object is told
 * once a root. The struct that sees gets is good until it returns, what it points to as long as the arena.
 *
 * All roots together are bounded, to 2^23 steps (a step is a directory looked into, a name, or a few bytes of
 * a path that is new): false when the bound is reached, and then nothing more is told (callers must keep what
 * was not judged).
 */
typedef void loader_sees(void *ctx, const struct load *load);
bool loader_open(struct loader *loader, uint32_t file, loader_sees *sees, void *ctx);

/*
 * The file that dlopen(name) would find when the object `from` calls it (its RPATH or RUNPATH count), or a
 * process without (NO_FILE); as a struct load with kind LOAD_NEEDED. Nothing but `from` is loaded.
 * FOUND_NOWHERE when the bound of loader_open() is reached: see loader_others().
 */
void loader_find(struct loader *loader, uint32_t from, struct str name, struct load *out);

/*
 * Files beside the strict answer that might be loaded in its place: every loadable object of the bundle with
 * that soname or file name where nothing, or only the system, was found; the copies in hardware-specific
 * subdirectories of the directory that answered. Each once, in order of file ids, without load->file. Of a
 * library that the system is sure to bring (platform_library.sure) there are none. In the arena; returns how
 * many.
 */
size_t loader_others(struct loader *loader, const struct load *load, uint32_t **files);

/* The path that the file has on Lambda: "/var/task/numpy/x.so", "/opt/lib/y.so". In the arena. */
struct str loader_path_of(struct loader *loader, uint32_t file);
/* The file at an absolute path on Lambda, links of directories followed, one at the end not; NO_FILE when the
 * bundle has none. */
uint32_t loader_at(struct loader *loader, struct str path);

#endif
