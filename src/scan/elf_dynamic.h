/*
 * The dynamic section of an ELF file and where the tables lie that it points to, by program headers alone, as
 * ld.so finds them. Inside scan/elf_* only; it judges nothing.
 */
#ifndef SLIM_SCAN_ELF_DYNAMIC_H
#define SLIM_SCAN_ELF_DYNAMIC_H

#include "base/elf.h"

enum { ELF_STRING_MAX = 4096 }; /* bytes of a name */

/* Of an address that is not in the file. */
#define ELF_NOWHERE UINT64_MAX

/* Addresses are 0 where the entry is missing. */
struct elf_dynamic {
	struct elf elf;
	Elf64_Phdr segment; /* PT_DYNAMIC; p_type is PT_NULL where there is none */
	uint64_t at;	    /* in the file */
	size_t count;	    /* of entries, without DT_NULL */
	struct str strings; /* as much of DT_STRTAB as is in the file; all names lie in it */
	uint64_t symbols;
	uint64_t versions; /* DT_VERSYM */
	uint64_t needs;	   /* DT_VERNEED */
	uint64_t defines;  /* DT_VERDEF */
	uint64_t hash;
	uint64_t gnu_hash;
	uint64_t flags;
	uint64_t flags_1;
	bool relr;
};

/* Whether the program headers lie in the file and are of the right size. */
bool elf_has_segments(const struct elf *elf);
/* The place in the file of an address, and the bytes there are from it on; ELF_NOWHERE when it has none. */
uint64_t elf_place(const struct elf *elf, uint64_t address, uint64_t *room);

/*
 * Finds the section in an opened file with segments. False where there is none, or it makes no sense: it does
 * not end, or has no strings. `segment` is set even so.
 */
bool elf_dynamic_find(struct elf_dynamic *dynamic, const struct elf *elf);
/* Entry i, below count. */
Elf64_Dyn elf_dynamic_entry(const struct elf_dynamic *dynamic, size_t i);
/* The string at that place of the table; false where it does not end in it, or is too long. */
bool elf_dynamic_string(const struct elf_dynamic *dynamic, uint64_t index, struct str *out);

#endif
