/*
 * Stripping of ELF files: removes symbol tables and debug sections that no loader reads, and
 * closes holes between segments by whole pages. Every byte that a program header covers stays
 * as it is; only e_shoff, e_shnum, e_shstrndx, p_offset and (where the table moves) e_phoff change.
 * Any class, byte order and machine. When a layout is not understood it refuses; it never guesses,
 * never makes a file larger, and never lets a result out that it has not checked against the input.
 */
#ifndef SLIM_TRANSFORM_STRIP_H
#define SLIM_TRANSFORM_STRIP_H

#include "base/arena.h"
#include "base/str.h"

enum strip_mode {
	STRIP_AUTO,  /* all that the loader does not read */
	STRIP_DEBUG, /* debug sections only: .symtab and .strtab stay */
};

enum strip_verdict {
	STRIP_NOT_ELF,
	STRIP_NOTHING, /* sound, and nothing to gain */
	STRIP_CAN,
	STRIP_REFUSED, /* left alone; why says what was not understood */
	STRIP_BROKEN,  /* the loader of glibc <= 2.34 refuses it already (alignment); left alone, why says it
			*/
};

struct strip_extent;

/* How to write the stripped file; points into the arena and the input. */
struct strip_plan {
	enum strip_verdict verdict;
	const char *why; /* static text, of STRIP_REFUSED and STRIP_BROKEN, else "" */
	uint64_t size;	 /* of the result, < input size when verdict is STRIP_CAN */
	struct strip_extent *extents;
	size_t count;
};

/* Whether the bytes begin as an ELF file does. */
bool strip_is_elf(struct bytes content);
/* Costs microseconds: only headers are read. `elf` must stay for strip_emit(). */
struct strip_plan strip_plan(struct bytes elf, enum strip_mode mode, struct arena *arena);
/*
 * Writes plan->size bytes to out and checks them: same program headers but for offsets, every
 * loaded byte identical, strict alignment, smaller. False: do not use the result, keep the original.
 */
bool strip_emit(const struct strip_plan *plan, struct bytes elf, uint8_t *out);

/*
 * Files that verify a checksum over themselves break when any byte changes. Those that show it in their
 * content are refused by strip_plan(); for the others there are names, which the caller asks for:
 * the file's own, and that of a checksum file beside it.
 */
bool strip_is_self_checking_name(struct str path);
/*
 * Whether `check` names a checksum file ("lib/x.so.hmac", "lib/.x.so.hmac", "lib/x.chk"), and of which file
 * ("lib/x.so", in the arena): that one is not to be stripped. Whether it exists is the caller's business.
 */
bool strip_guarded_by(struct str check, struct arena *arena, struct str *guarded);

#endif
