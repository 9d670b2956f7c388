/*
 * Edges from one file to candidates: the one place where scan/references.h adds to the graph. Resolves
 * names to candidates as Python does; what a text means is not its business.
 */
#ifndef SLIM_SCAN_LINK_H
#define SLIM_SCAN_LINK_H

#include "base/path.h"
#include "scan/candidates.h"
#include "scan/edges.h"

/* One file's scan. */
struct scan {
	const struct candidates *candidates;
	struct arena *scratch; /* for the time of the scan */
	struct edges edges;
	struct str path; /* of the file */
	struct str content;
	bool inside; /* it is a candidate itself */
	/* Directories that the file may mean when it names what is in one (scan/places.h). */
	VEC(struct str) places;
	struct map placed;
	struct map compared; /* variables that are an argument of startswith() somewhere, once asked for */
	bool knows_compared;
};

/* A dotted name as it is looked up in one directory of sys.path, or in a package. */
struct lookup {
	char room[PATH_ROOM];
	struct str path; /* of the whole name */
	size_t parts;	 /* in the name */
	size_t found;	 /* parts of the longest prefix that is a candidate module; 0: none */
};

enum below { BELOW_ALL, BELOW_MODULES, BELOW_DATA };

/* To all files of the module at this path, in every tree. */
void link_module(struct scan *scan, struct str path, struct sight *sight);
/* To all files at this path, in every tree. */
void link_path(struct scan *scan, struct str path, struct sight *sight);
/* To the candidates below a directory of candidates; whether it is one. */
bool link_dir(struct scan *scan, struct str path, enum below what, struct sight *sight);
/*
 * To all below a package of candidates that is named as a whole from outside it: what of it is used is not
 * known. Not those on sys.path themselves (setuptools), whose modules tell. Whether it is one.
 */
bool link_package(struct scan *scan, struct str path, struct sight *sight);
/* Looks up every prefix of the name under `base`; those that are candidates get an edge if there is a sight.
 */
void link_dotted(struct scan *scan, struct str base, struct str dotted, struct lookup *lookup,
		 struct sight *sight);

#endif
