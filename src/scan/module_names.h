/*
 * The matcher of scan/binary_modules.h: modules of the bundle that are named in bytes, in the forms that
 * compilers leave them in. It knows names and where they may begin and end, no file format.
 * Every byte is looked at once; per dot or candidate the work has a constant bound (names of up to
 * MODULE_NAME_MAX bytes).
 */
#ifndef SLIM_SCAN_MODULE_NAMES_H
#define SLIM_SCAN_MODULE_NAMES_H

#include "scan/binary_modules.h"

enum {
	MODULE_NAME_MAX = 61, /* bytes of one part; longer ones are not looked for */
	NAME_BASES = 16,      /* packages that names may be relative to */
	NAME_TAILS = 1 << 12,
	NAME_PAIRS = 1 << 16,
};

struct wanted_name {
	uint32_t module;
	uint32_t next; /* index into wanted of another module of this last part, counted from 1 */
};

struct module_names {
	const struct modules *modules;
	struct arena *scratch;
	binary_sees *sees;
	void *ctx;
	uint32_t self;		    /* the module that is read; it is not reported */
	uint32_t bases[NAME_BASES]; /* what dotted names are looked up in: NO_MODULE for the top, packages */
	size_t base_count;
	uint8_t *seen;	       /* a bit by module: it was reported */
	uint8_t *noted;	       /* it was pending once */
	VEC(uint32_t) pending; /* packages that were named since module_names_want_children() */
	/* First parts of dotted names: by a hash of the last two bytes, the lengths there are; and those of
	   one byte. */
	uint64_t tails[NAME_TAILS];
	bool single[256];
	/* Names that count without a dot. */
	struct map words; /* last part: index into wanted, counted from 1; 0 when it was found */
	VEC(struct wanted_name) wanted;
	uint8_t pairs[NAME_PAIRS / 8]; /* the first two bytes there are */
};

/*
 * Looks for the modules at the top, and for those in the package of the file. `outer`: for those of the
 * packages around that one too. seen and scratch must stay as long as names.
 */
void module_names_init(struct module_names *names, const struct modules *modules, uint32_t file, bool outer,
		       struct arena *scratch, binary_sees *sees, void *ctx);
/* From now on the children of all packages that were named count without a dot. False where nothing is new.
 */
bool module_names_want_children(struct module_names *names);

/*
 * Dotted names: for every dot, each module that ends in front of it, and its children behind it as far as
 * they go; a name may run on into other text on both sides. `table`: `a.b.` alone says that something is
 * imported from a.b.
 */
void module_names_dotted(struct module_names *names, struct str text, bool table);
/* Names between zero bytes; the ends of the text count as such. */
void module_names_delimited(struct module_names *names, struct str text);
/* Names anywhere, where strings stand without anything between them; those of less than `least` bytes would
 * be found in any text. */
void module_names_anywhere(struct module_names *names, struct str text, size_t least);

#endif
