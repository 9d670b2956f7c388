/*
 * The members of one input, and the rules that every name has to pass before it becomes a
 * file of the model (facts: what libarchive, unzip and others let through, and what Lambda
 * cannot hold). Knows names, kinds and sizes; never a format and never a content.
 */
#ifndef SLIM_IO_LISTING_H
#define SLIM_IO_LISTING_H

#include "base/err.h"
#include "model/bundle.h"

struct listing {
	struct arena *arena; /* of the bundle: names end up in the model */
	struct notes *notes;
	VEC(struct file) files; /* after listing_finish(): sorted by path, ready for bundle_add_tree() */
};

/* What a format knows of one member. name and target may lie in the source's mapping. */
struct listing_entry {
	struct str name;   /* raw; a '/' at its end marks a directory too */
	struct str target; /* of a symlink */
	enum file_kind kind;
	bool exec;	   /* any execute bit */
	bool special_mode; /* set-uid, set-gid or sticky: masked, with a note */
	uint32_t member;
	uint64_t size;
	uint64_t packed;
};

/* Makes room for `count` members at once, where a format knows their number. */
void listing_reserve(struct listing *listing, size_t count);

/*
 * Checks the name by itself and adds it. Refuses: empty names and ".", absolute paths and drive
 * letters, "..", backslashes, NUL, components over 255 bytes, paths over 4000 bytes, directories with data.
 * "." and doubled slashes are normalised with a note (a "./" in front without one: archives of "." have it
 * everywhere); names that are not UTF-8 stay, with a note.
 * Directories that only imply themselves are dropped later. Errors name the member, not the input.
 */
int listing_add(struct listing *listing, const struct listing_entry *entry, struct err *err);

/*
 * Checks the names together and sorts them. Refuses: duplicate names, a file that is also a directory,
 * an entry below a symlink, symlinks that are absolute or leave the tree (also through other symlinks). Notes
 * names that differ only in case, and links to nothing. Directories that hold something are left out.
 */
int listing_finish(struct listing *listing, struct err *err);

/* Moves a finished listing into the bundle as its next tree; the tree's number. */
uint32_t bundle_add_tree(struct bundle *bundle, struct listing *listing, struct str name, enum tree_role role,
			 uint64_t packed);

#endif
