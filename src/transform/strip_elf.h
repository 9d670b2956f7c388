/*
 * What the rooms of strip demand of an ELF file before they understand its layout. Records are base/elf's;
 * the checks here are ours. Nothing is allocated, and no byte of the file is ever written. Inside
 * transform/strip only; it knows layout, not which sections matter.
 */
#ifndef SLIM_TRANSFORM_STRIP_ELF_H
#define SLIM_TRANSFORM_STRIP_ELF_H

#include "base/elf.h"
#include "transform/strip.h"

/* What a check found. STRIP_CAN: go on. */
struct elf_finding {
	enum strip_verdict verdict;
	const char *why; /* static */
};

enum { ELF_NAME_MAX = 1024 }; /* bytes of a section's name; no linker comes near */

/*
 * The three checks, in this order; each relies on the ones before it and reads only headers.
 * After all of them: both tables, every segment with bytes and every section with bytes lie in the file,
 * alignments of loadable segments are powers of two, at least ELF_PAGE, and congruent (the rule of
 * glibc <= 2.34), every section has a name.
 */
struct elf_finding elf_check_head(struct elf *elf, struct bytes file);
struct elf_finding elf_check_segments(const struct elf *elf);
struct elf_finding elf_check_sections(struct elf *elf);
/* All of them. */
struct elf_finding elf_check(struct elf *elf, struct bytes file);

/* Whether segments and sections cover the file so often that comparing them all would not end soon. */
bool elf_overlaps(const struct elf *elf);

const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section);
/* Whether the section occupies bytes of the file. */
bool elf_has_bytes(const Elf64_Shdr *section);

static inline bool elf_is_power_of_two(uint64_t n)
{
	return n && !(n & (n - 1));
}

#endif
