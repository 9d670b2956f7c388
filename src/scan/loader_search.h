/*
 * The loader's search: which file a name leads to from one object of the process, and what it keeps so that
 * the next one who asks gets the answer at once. The process itself is loader.c's.
 */
#ifndef SLIM_SCAN_LOADER_SEARCH_H
#define SLIM_SCAN_LOADER_SEARCH_H

#include "scan/lambda_paths.h"
#include "scan/loader.h"

#define NONE UINT32_MAX

/* A directory that is searched. */
struct place {
	struct str path; /* where it leads, links followed; "" when nowhere */
	bool inside;	 /* the bundle has it */
	bool system;	 /* the system's libraries are there */
	const uint32_t *links;
	uint32_t link_count;
	VEC(uint32_t) hardware; /* its hardware-specific subdirectories, in order */
};

/* A name in the process: every name that is needed, and every soname. */
struct name {
	struct str text;
	bool path;    /* it holds a slash */
	bool bundled; /* a file of the bundle may have it */
	bool asked;   /* the platform, for the next one */
	const struct platform_library *system;
	uint32_t hit;	 /* of a path: 1 + index into hits, or 0: not yet walked */
	uint32_t root;	 /* the number of the root for which the next one holds */
	uint32_t object; /* that is loaded under it */
};

/* What a name leads to in one directory. */
struct hit {
	uint32_t file; /* NO_FILE: nothing */
	bool loop;     /* of links */
	uint32_t place;
	const uint32_t *links;
	uint32_t link_count;
};

struct search_path {
	uint32_t *at; /* places */
	size_t len;
	size_t cap;
};

/* A name that an object needs. */
struct want {
	struct str text;
	uint32_t name; /* tokens replaced */
	enum load_kind kind;
};

/* A shared object as it is when found in one directory: what $ORIGIN says depends on that. */
struct variant {
	uint32_t library;
	uint32_t place;
	uint32_t next; /* of the same library, or NONE */
	bool has_runpath;
	struct search_path rpath; /* empty where RUNPATH hides it */
	struct search_path runpath;
	VEC(struct want) wants;
};

/* One object of the process. */
struct object {
	uint32_t variant; /* NONE: the system's */
	const struct platform_library *system;
	uint32_t loader; /* the object that it was first loaded for, or NONE */
	uint32_t before; /* in the search list, or NONE */
	uint32_t after;
	bool done;
};

/* What the process loads; machine 0: anything. */
struct process_machine {
	bool is64;
	bool big;
	uint16_t machine;
};

struct found {
	enum found_by by;
	struct hit hit;
	const struct platform_library *system;
	struct str dir;
};

struct loader {
	const struct libraries *libraries;
	const struct platform *platform;
	unsigned minor;
	struct arena *arena;
	struct lambda_paths paths;
	bool any_hardware; /* some directory of the bundle may be a hardware-specific one */

	struct map place_of; /* by path as searched */
	VEC(struct place) places;
	struct map name_of;
	VEC(struct name) names;
	struct map hit_of; /* by place and name */
	VEC(struct hit) hits;
	VEC(struct variant) variants;
	uint32_t *variant_of; /* by library: the newest one, or NONE */
	struct search_path library_path;
	struct search_path default_dirs;

	/* The process of the root that is open. */
	uint32_t root;
	struct process_machine target;
	VEC(struct object) objects;
	uint32_t last;	       /* of the search list */
	uint32_t *loaded;      /* by library: the object that it is … */
	uint32_t *loaded_root; /* … for this root */

	uint32_t steps; /* left */
};

/* Fills what the setup says. */
void search_begin(struct loader *loader, const struct loader_setup *setup);
/* False when there are no more steps. */
bool search_step(struct loader *loader, size_t count);
/* The directory of an absolute path, which the arena must hold. */
uint32_t search_place(struct loader *loader, struct str path);
/* The number of a name, whose text must stay. */
uint32_t search_name(struct loader *loader, struct str text);
/* The number of the name that the text becomes when the library in the place asks for it. */
uint32_t search_expanded(struct loader *loader, struct str text, uint32_t place);
uint32_t search_variant(struct loader *loader, uint32_t library, uint32_t place);

enum fit { FITS, SKIPPED, FATAL };
/* What the loader does with a candidate. */
enum fit search_fits(const struct loader *loader, uint32_t file);
/* Where the name is found when the object, or nobody (NONE), asks for it and nothing has it yet. */
void search_for(struct loader *loader, uint32_t object, uint32_t name, struct found *found);

#endif
