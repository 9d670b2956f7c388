/*
 * A shared object built byte by byte in any class and byte order, with every kind of part that stripping must
 * tell apart. Fields are set and read by name, independently of the code under test.
 */
#ifndef SLIM_TESTS_MADE_ELF_H
#define SLIM_TESTS_MADE_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct made {
	uint8_t *at;
	size_t len;
	bool is64;
	bool big;
};

/* Places in the file. */
enum {
	MADE_SEGMENTS = 0x80, /* the program headers */
	MADE_TEXT = 0x400,    /* ends the first segment, at 0x800 */
	MADE_DATA = 0x1000,   /* the second segment, at address 0x5000 */
	MADE_DYNAMIC = 0x1100,
	MADE_COMMENT = 0x1200,
	MADE_DEBUG = 0x1240,
	MADE_SYMTAB = 0x4240,
	MADE_STRTAB = 0x4440,
	MADE_CUSTOM = 0x4500,
	MADE_RELA = 0x4600,
	MADE_NAMES = 0x4700,
	MADE_LATE = 0x6000, /* a third segment behind it all, as patchelf makes it, at address 0xa000 */
	MADE_SECTIONS = 0x6200,
	MADE_END = 0x6800,
};

enum made_segment { SEG_TEXT, SEG_DATA, SEG_LATE, SEG_DYNAMIC, SEG_STACK, SEG_COUNT };

enum made_section {
	SEC_NULL,
	SEC_TEXT,
	SEC_DATA,
	SEC_DYNAMIC,
	SEC_BSS,
	SEC_LATE,
	SEC_COMMENT,
	SEC_DEBUG,
	SEC_SYMTAB,
	SEC_STRTAB,
	SEC_CUSTOM,
	SEC_RELA,
	SEC_NAMES,
	SEC_COUNT,
};

/* Where a record has a field, in either class. */
struct made_field {
	size_t at32, size32;
	size_t at64, size64;
};

#define MADE_FIELD(record, field)                                                                            \
	((struct made_field){ offsetof(Elf32_##record, field), sizeof(((Elf32_##record *)0)->field),         \
			      offsetof(Elf64_##record, field), sizeof(((Elf64_##record *)0)->field) })

static inline void made_put(struct made *elf, size_t record, struct made_field field, uint64_t value)
{
	uint8_t *at = elf->at + record + (elf->is64 ? field.at64 : field.at32);
	size_t size = elf->is64 ? field.size64 : field.size32;

	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (elf->big ? size - 1 - i : i));
}

static inline uint64_t made_get(const struct made *elf, size_t record, struct made_field field)
{
	const uint8_t *at = elf->at + record + (elf->is64 ? field.at64 : field.at32);
	size_t size = elf->is64 ? field.size64 : field.size32;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)at[i] << 8 * (elf->big ? size - 1 - i : i);
	return value;
}

#define HEAD(elf, field)	    made_get((elf), 0, MADE_FIELD(Ehdr, field))
#define SET_HEAD(elf, field, value) made_put((elf), 0, MADE_FIELD(Ehdr, field), (value))

static inline size_t made_segment_at(const struct made *elf, size_t i)
{
	return HEAD(elf, e_phoff) + i * (elf->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
}

static inline size_t made_section_at(const struct made *elf, size_t i)
{
	return HEAD(elf, e_shoff) + i * (elf->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
}

#define SEGMENT(elf, i, field) made_get((elf), made_segment_at((elf), (i)), MADE_FIELD(Phdr, field))
#define SECTION(elf, i, field) made_get((elf), made_section_at((elf), (i)), MADE_FIELD(Shdr, field))
#define SET_SEGMENT(elf, i, field, value)                                                                    \
	made_put((elf), made_segment_at((elf), (i)), MADE_FIELD(Phdr, field), (value))
#define SET_SECTION(elf, i, field, value)                                                                    \
	made_put((elf), made_section_at((elf), (i)), MADE_FIELD(Shdr, field), (value))

static inline void made_segment(struct made *elf, size_t i, uint32_t type, uint64_t at, uint64_t addr,
				uint64_t size, uint64_t align)
{
	SET_SEGMENT(elf, i, p_type, type);
	SET_SEGMENT(elf, i, p_flags, PF_R);
	SET_SEGMENT(elf, i, p_offset, at);
	SET_SEGMENT(elf, i, p_vaddr, addr);
	SET_SEGMENT(elf, i, p_paddr, addr);
	SET_SEGMENT(elf, i, p_filesz, size);
	SET_SEGMENT(elf, i, p_memsz, size);
	SET_SEGMENT(elf, i, p_align, align);
}

/* Sections get their names in the order of these calls. */
static inline void made_section(struct made *elf, size_t i, const char *name, uint32_t type, uint64_t flags,
				uint64_t at, uint64_t size)
{
	size_t name_at = 1;

	while (elf->at[MADE_NAMES + name_at])
		name_at += strlen((const char *)elf->at + MADE_NAMES + name_at) + 1;
	memcpy(elf->at + MADE_NAMES + name_at, name, strlen(name) + 1);
	SET_SECTION(elf, i, sh_name, name_at);
	SET_SECTION(elf, i, sh_type, type);
	SET_SECTION(elf, i, sh_flags, flags);
	SET_SECTION(elf, i, sh_addr, (flags & SHF_ALLOC) ? at + (at >= MADE_DATA ? 0x4000 : 0) : 0);
	SET_SECTION(elf, i, sh_offset, at);
	SET_SECTION(elf, i, sh_size, size);
	SET_SECTION(elf, i, sh_addralign, 8);
	if (type != SHT_NOBITS && type != SHT_STRTAB)
		for (size_t n = 0; n < size; n++)
			elf->at[at + n] = (uint8_t)(n * 7 + i * 31 + 1);
}

static inline void made_head(struct made *elf)
{
	memcpy(elf->at, ELFMAG, SELFMAG);
	elf->at[EI_CLASS] = elf->is64 ? ELFCLASS64 : ELFCLASS32;
	elf->at[EI_DATA] = elf->big ? ELFDATA2MSB : ELFDATA2LSB;
	elf->at[EI_VERSION] = EV_CURRENT;
	SET_HEAD(elf, e_type, ET_DYN);
	SET_HEAD(elf, e_machine, EM_PPC64);
	SET_HEAD(elf, e_version, EV_CURRENT);
	SET_HEAD(elf, e_phoff, MADE_SEGMENTS);
	SET_HEAD(elf, e_shoff, MADE_SECTIONS);
	SET_HEAD(elf, e_ehsize, elf->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
	SET_HEAD(elf, e_phentsize, elf->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
	SET_HEAD(elf, e_phnum, SEG_COUNT);
	SET_HEAD(elf, e_shentsize, elf->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
	SET_HEAD(elf, e_shnum, SEC_COUNT);
	SET_HEAD(elf, e_shstrndx, SEC_NAMES);
}

/* free(elf.at) it. */
static inline struct made made_library(bool is64, bool big)
{
	struct made elf = { calloc(1, MADE_END), 0, is64, big };

	if (!elf.at)
		abort();
	made_head(&elf);
	elf.len = made_section_at(&elf, SEC_COUNT);
	made_segment(&elf, SEG_TEXT, PT_LOAD, 0, 0, 0x800, 0x1000);
	made_segment(&elf, SEG_DATA, PT_LOAD, MADE_DATA, 0x5000, 0x200, 0x1000);
	SET_SEGMENT(&elf, SEG_DATA, p_memsz, 0x300);
	made_segment(&elf, SEG_LATE, PT_LOAD, MADE_LATE, 0xa000, 0x200, 0x1000);
	made_segment(&elf, SEG_DYNAMIC, PT_DYNAMIC, MADE_DYNAMIC, 0x5100, 0x80, 8);
	made_segment(&elf, SEG_STACK, PT_GNU_STACK, 0, 0, 0, 16);
	made_section(&elf, SEC_TEXT, ".text", SHT_PROGBITS, SHF_ALLOC, MADE_TEXT, 0x400);
	made_section(&elf, SEC_DATA, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, MADE_DATA, 0x100);
	made_section(&elf, SEC_DYNAMIC, ".dynamic", SHT_DYNAMIC, SHF_ALLOC, MADE_DYNAMIC, 0x80);
	made_section(&elf, SEC_BSS, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 0x1200, 0x100);
	made_section(&elf, SEC_LATE, ".dynsym", SHT_DYNSYM, SHF_ALLOC, MADE_LATE, 0x200);
	made_section(&elf, SEC_COMMENT, ".comment", SHT_PROGBITS, 0, MADE_COMMENT, 0x40);
	made_section(&elf, SEC_DEBUG, ".debug_info", SHT_PROGBITS, 0, MADE_DEBUG, 0x3000);
	made_section(&elf, SEC_SYMTAB, ".symtab", SHT_SYMTAB, 0, MADE_SYMTAB, 0x200);
	SET_SECTION(&elf, SEC_SYMTAB, sh_link, SEC_STRTAB);
	made_section(&elf, SEC_STRTAB, ".strtab", SHT_STRTAB, 0, MADE_STRTAB, 0xc0);
	memset(elf.at + MADE_STRTAB + 1, 's', 0xbe);
	made_section(&elf, SEC_CUSTOM, "pydata", SHT_PROGBITS, 0, MADE_CUSTOM, 0x100);
	SET_SECTION(&elf, SEC_CUSTOM, sh_link, SEC_SYMTAB);
	made_section(&elf, SEC_RELA, ".rela.text", SHT_RELA, SHF_INFO_LINK, MADE_RELA, 0x100);
	SET_SECTION(&elf, SEC_RELA, sh_link, SEC_SYMTAB);
	SET_SECTION(&elf, SEC_RELA, sh_info, SEC_TEXT);
	made_section(&elf, SEC_NAMES, ".shstrtab", SHT_STRTAB, 0, MADE_NAMES, 0x100);
	return elf;
}

#endif
