/*
 * Which files the distributions of one site directory own: by RECORD where there is one, else by
 * top_level.txt, else by name; then what belongs to a file that is owned (bytecode,
 * bundled libraries). A file has one owner, the first that claims it. In doubt it has none: files
 * without an owner count as the user's own, which stay.
 */
#ifndef SLIM_SCAN_OWNERS_H
#define SLIM_SCAN_OWNERS_H

#include "model/bundle.h"

/* The distributions [first, end) of bundle->dists: all that share a tree and a site directory. */
struct owners {
	struct bundle *bundle;
	const struct reader *reader;
	uint32_t tree;
	struct str site;
	uint32_t first;
	uint32_t end;
};

/*
 * Sets file.dist, dist.proof and dist.files. What a RECORD does not list is not its distribution's, also in
 * the midst of its package: the user put it there. Without RECORD a package directory (one with an __init__)
 * belongs to its owner with all that lies in it, unless several distributions share it.
 */
int owners_claim(const struct owners *owners, struct err *err);
/* Gives the bytecode of a tree to the owners of its sources. */
void owners_claim_bytecode(struct bundle *bundle, uint32_t tree);

/* The regular file `name` in the distribution's metadata directory, or NO_FILE. */
uint32_t owners_info_file(const struct bundle *bundle, const struct dist *dist, struct str name);

#endif
