/*
 * What rules know about imports and data that no code shows, as far as it holds for a bundle: plain data,
 * formed by rules/, turned into edges by scan/hints once modules are reached. Nothing here is a
 * decision.
 */
#ifndef SLIM_MODEL_KNOWLEDGE_H
#define SLIM_MODEL_KNOWLEDGE_H

#include "base/str.h"
#include "base/vec.h"

/*
 * "When a module is reached, these come too." Names are dotted, with '*' for any one part or a piece of
 * one, and a last part "**" for everything below.
 */
struct hint {
	struct str id; /* of the rule */
	VEC(struct str)
	modules; /* one of these is reached; or imported from the standard library ("zoneinfo") */
	VEC(struct str)
	imports; /* then these are; a leading '.' counts from the package of the reached module */
	VEC(struct str) children; /* then, of every reached package, the children of these names are */
};

/* "Files that serve calls by a name": of those, only the named ones are needed. */
struct call_data {
	struct str id;
	VEC(struct str) calls;	/* last names of the callee: "client" */
	struct str argument;	/* the keyword that the name may be given by: "service_name" */
	VEC(struct str) words;	/* code of a distribution counts only if one of these stands in it: "boto" */
	VEC(struct str) ignore; /* distributions (normalised names) whose own calls do not count */
	VEC(struct str) always; /* names that are needed whatever is called */
};

/* The data files of a call_data, each with the name that asks for it. */
struct call_file {
	uint32_t file;
	uint32_t data; /* index into calls */
	struct str name;
};

struct knowledge {
	VEC(struct hint) hints;
	VEC(struct call_data) calls;
	VEC(struct call_file) call_files; /* by data, then name, then file */
};

#endif
