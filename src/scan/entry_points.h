/*
 * Entry points of the bundle's distributions: groups, and the modules that their entries name. Reads no
 * files: it is given the text of each entry_points.txt. Source: PyPA "Entry points specification".
 */
#ifndef SLIM_SCAN_ENTRY_POINTS_H
#define SLIM_SCAN_ENTRY_POINTS_H

#include "base/map.h"
#include "base/vec.h"
#include "model/bundle.h"

struct entry_point {
	struct str name;
	struct str group;
	struct str module; /* dotted, without attribute and extras */
	uint32_t file;	   /* the entry_points.txt */
	uint32_t line;
	uint32_t next; /* index of the next one of the same group, or UINT32_MAX */
};

/* All zero is empty. */
struct entry_points {
	VEC(struct entry_point) list;
	struct map groups;  /* index of a group's last entry */
	struct map scripts; /* names of the programs that installers make; no program of a package runs on
			       Lambda */
};

void entry_points_add(struct entry_points *points, uint32_t file, struct str text, struct arena *arena);
/* The first of the group's entries, or UINT32_MAX. */
uint32_t entry_points_group(const struct entry_points *points, struct str group);

#endif
