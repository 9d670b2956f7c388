/*
 * Records of ELF files: any class, byte order and machine, widened to 64 bits and in host order, read from
 * bytes of any alignment. It knows what records look like and nothing of what they mean, but for the rules by
 * which a loader maps segments; it allocates nothing and never writes the file. Sources: elf(5), System V ABI
 * chapters 4 and 5, glibc's elf/dl-load.c.
 */
#ifndef SLIM_BASE_ELF_H
#define SLIM_BASE_ELF_H

#include <elf.h>

#include "base/str.h"

struct elf {
	struct bytes file;
	bool is64;
	bool big; /* byte order */
	Elf64_Ehdr head;
	struct str names; /* of sections; empty until somebody has checked the table and sets it */
};

enum { ELF_PAGE = 4096 }; /* the smallest page of any machine that Lambda has */

/* Whether the bytes begin as an ELF file does. */
bool elf_is(struct bytes file);
/* Reads the header of what elf_is(). NULL, or why it cannot be read (static text). */
const char *elf_open(struct elf *elf, struct bytes file);

/* Whether the range lies in the file. */
bool elf_holds(const struct elf *elf, uint64_t offset, uint64_t size);

/* Records by index in their tables. One that does not lie in the file is all zero, as the next ones are. */
Elf64_Phdr elf_segment(const struct elf *elf, size_t i);
Elf64_Shdr elf_section(const struct elf *elf, size_t i);

/* Records by place in the file. */
Elf64_Dyn elf_dyn(const struct elf *elf, uint64_t offset);
Elf64_Sym elf_sym(const struct elf *elf, uint64_t offset);
Elf64_Verneed elf_verneed(const struct elf *elf, uint64_t offset);
Elf64_Vernaux elf_vernaux(const struct elf *elf, uint64_t offset);
Elf64_Verdef elf_verdef(const struct elf *elf, uint64_t offset);
Elf64_Verdaux elf_verdaux(const struct elf *elf, uint64_t offset);
Elf64_Nhdr elf_nhdr(const struct elf *elf, uint64_t offset);
/* A number of 2, 4 or 8 bytes, as tables of hashes and versions hold them. */
uint64_t elf_number(const struct elf *elf, uint64_t offset, size_t size);

/* Sizes of records in this class. Those of versions and notes are the same in both. */
size_t elf_head_size(const struct elf *elf);
size_t elf_segment_size(const struct elf *elf);
size_t elf_section_size(const struct elf *elf);
size_t elf_dyn_size(const struct elf *elf);
size_t elf_sym_size(const struct elf *elf);

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

/*
 * Why ld.so of glibc 2.34 and older refuses to map a PT_LOAD with this alignment, or NULL. Static text. The
 * kernel, which maps fixed executables, is less strict.
 */
const char *elf_load_fault(const Elf64_Phdr *load);
/* A PT_LOAD with what else of the file its pages bring into memory: ld.so and the kernel map pages as a
 * whole. */
Elf64_Phdr elf_whole_pages(Elf64_Phdr load);
/* Whether one PT_LOAD holds all of the addresses of another segment. */
bool elf_in_segment(const struct elf *elf, const Elf64_Phdr *inner);
/* Why ld.so crashes for a PT_DYNAMIC: no PT_LOAD's pages, in ascending order as they must be, bring it into
 * memory. */
const char *elf_dynamic_fault(const struct elf *elf, const Elf64_Phdr *dynamic);

#endif
