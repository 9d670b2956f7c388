/*
 * The nouns: what slim knows of its input. A bundle is all that Lambda would see for one
 * function: trees of files, and the distributions that own them. Nothing here reads a file;
 * io/ fills the trees, scan/ the distributions.
 */
#ifndef SLIM_MODEL_BUNDLE_H
#define SLIM_MODEL_BUNDLE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/note.h"

#define NO_FILE UINT32_MAX
#define NO_DIST UINT32_MAX

enum file_kind {
	FILE_REGULAR,
	FILE_DIR, /* only directories with nothing in them: others are implied by their files */
	FILE_SYMLINK,
};

/* One entry of a tree. */
struct file {
	struct str
		path; /* relative, components joined by one '/', no "." or ".."; any other byte may occur */
	struct str target; /* of a symlink, as stored */
	enum file_kind kind;
	bool exec;
	uint32_t tree;
	uint32_t dist;	 /* the distribution that owns it, or NO_DIST: first-party */
	uint32_t member; /* its place in the tree's source (io/source.h) */
	uint64_t size;	 /* bytes of content; of a symlink, of its target; 0 for a directory */
	uint64_t packed; /* bytes of its data in the input zip; 0 where the input is none */
};

enum tree_role {
	TREE_FUNCTION, /* mounted at /var/task */
	TREE_LAYER,    /* mounted at /opt */
};

/* One input. Its files are bundle->files[first … first + count - 1], sorted by path. */
struct tree {
	struct str name; /* the path that the user gave */
	enum tree_role role;
	uint32_t first;
	uint32_t count;
	uint64_t packed; /* size of the input zip; 0 where it is none */
};

/* How a distribution's files were recognised, surest first. */
enum dist_proof {
	DIST_BY_RECORD,	   /* *.dist-info/RECORD or an installed-files.txt lists them */
	DIST_BY_TOP_LEVEL, /* RECORD is missing; top_level.txt names the top-level packages */
	DIST_BY_NAME,	   /* neither; the top-level entry that is named as the distribution is */
};

/* What pip installed. */
struct dist {
	struct str name; /* as METADATA spells it, else from the directory's name */
	struct str key;	 /* the name normalised (PEP 503) */
	struct str version;
	struct str site; /* the directory that holds it, "" for the root of the tree */
	struct str info; /* its *.dist-info or *.egg-info, a path in the tree */
	enum dist_proof proof;
	uint32_t tree;
	uint32_t metadata; /* file ids, or NO_FILE */
	uint32_t record;
	VEC(struct str) requires; /* normalised names of Requires-Dist, those of extras left out */
	uint32_t files;		  /* number of files it owns */
};

struct bundle {
	struct arena *arena; /* holds everything that hangs on the bundle */
	VEC(struct tree) trees;
	VEC(struct file) files;
	VEC(struct dist) dists; /* sorted by tree, site, key */
	struct notes notes;
};

/* The file at exactly this path of the tree, or NO_FILE. Directories are found only where they are files. */
uint32_t bundle_find(const struct bundle *bundle, uint32_t tree, struct str path);
/* The ids of the files under the directory `dir` ("" is all): [*first, *end). */
void bundle_under(const struct bundle *bundle, uint32_t tree, struct str dir, uint32_t *first, uint32_t *end);

/* How a scanner gets at contents without knowing where they lie. */
struct reader {
	/*
	 * The content of a regular file, or the target of a symlink, in memory of `scratch`
	 * or of the source; good until scratch is freed.
	 */
	int (*read)(void *ctx, uint32_t file, struct arena *scratch, struct bytes *out, struct err *err);
	void *ctx;
};

#endif
