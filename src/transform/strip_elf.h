/*
 * An ELF file as the rooms of strip see it: any class and byte order, widened to 64 bits. libelf
 * translates the records, the bounds are ours; nothing is allocated, and no byte of the file is ever written.
 * Inside transform/strip only; it knows layout, not which sections matter.
 */
#ifndef SLIM_TRANSFORM_STRIP_ELF_H
#define SLIM_TRANSFORM_STRIP_ELF_H

#include <elf.h>

#include "base/str.h"
#include "transform/strip.h"

struct elf {
	struct bytes file;
	bool is64;
	unsigned char order; /* ELFDATA2LSB or ELFDATA2MSB */
	Elf64_Ehdr head;
	struct str names; /* of sections; ends in NUL. Empty until elf_check_sections() */
};

/* What a check found. STRIP_CAN: go on. */
struct elf_finding {
	enum strip_verdict verdict;
	const char *why; /* static */
};

enum {
	ELF_PAGE = 4096,     /* the smallest page of any machine that Lambda has */
	ELF_NAME_MAX = 1024, /* bytes of a section's name; no linker comes near */
};

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

/* i is below e_phnum, or e_shnum. */
Elf64_Phdr elf_segment(const struct elf *elf, size_t i);
Elf64_Shdr elf_section(const struct elf *elf, size_t i);
const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section);
/* Whether the section occupies bytes of the file. */
bool elf_has_bytes(const Elf64_Shdr *section);

/* Sizes of the records in this class. */
size_t elf_head_size(const struct elf *elf);
size_t elf_segment_size(const struct elf *elf);
size_t elf_section_size(const struct elf *elf);

/* One field of a record, in place: the record, the field's name, its value. */
enum elf_field {
	ELF_E_PHOFF,
	ELF_E_SHOFF,
	ELF_E_SHNUM,
	ELF_P_OFFSET,
	ELF_SH_NAME,
	ELF_SH_OFFSET,
	ELF_SH_SIZE,
	ELF_SH_LINK,
	ELF_SH_INFO,
};
void elf_put(const struct elf *elf, uint8_t *record, enum elf_field field, uint64_t value);

static inline bool elf_is_power_of_two(uint64_t n)
{
	return n && !(n & (n - 1));
}

#endif
