/*
 * The library of made_elf.h with a dynamic section that says everything an ELF file can say to the loader:
 * names, versions, symbols, hash tables, notes. In any class and byte order.
 */
#ifndef SLIM_TESTS_MADE_OBJECT_H
#define SLIM_TESTS_MADE_OBJECT_H

#include <stdio.h>

#include "made_elf.h"

/* Places in the first segment, whose addresses are those of the file; the dynamic section is in the second.
 */
enum {
	OBJECT_STRINGS = 0x300,
	OBJECT_STRINGS_SIZE = 0x100,
	OBJECT_SYMBOLS = 0x400,
	OBJECT_HASH = 0x500,
	OBJECT_VERSYM = 0x540,
	OBJECT_NEEDS = 0x560,
	OBJECT_DEFINES = 0x600,
	OBJECT_NOTE = 0x680,
	OBJECT_INTERP = 0x780,
	OBJECT_DYNAMIC = MADE_DATA,
	OBJECT_DYNAMIC_ADDRESS = 0x5000,
	OBJECT_SYMBOL_COUNT = 4, /* none, wanted, PyInit_x, wanted_too */
	OBJECT_ENTRIES = 20,
};

struct made_object {
	struct made elf;
	size_t strings; /* used */
	size_t entries;
};

/* A string's place in the table. */
static inline size_t object_string(struct made_object *object, const char *text)
{
	size_t at = object->strings;

	memcpy(object->elf.at + OBJECT_STRINGS + at, text, strlen(text) + 1);
	object->strings += strlen(text) + 1;
	if (object->strings > OBJECT_STRINGS_SIZE)
		abort();
	return at;
}

static inline size_t object_entry_at(const struct made_object *object, size_t i)
{
	return OBJECT_DYNAMIC + i * (object->elf.is64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn));
}

static inline void object_entry(struct made_object *object, uint64_t tag, uint64_t value)
{
	size_t at = object_entry_at(object, object->entries++);

	if (object->entries > OBJECT_ENTRIES)
		abort();
	made_put(&object->elf, at, MADE_FIELD(Dyn, d_tag), tag);
	made_put(&object->elf, at, MADE_FIELD(Dyn, d_un.d_val), value);
}

static inline void object_number(struct made_object *object, size_t at, size_t size, uint64_t value)
{
	made_put(&object->elf, at, (struct made_field){ 0, size, 0, size }, value);
}

static inline void object_symbol(struct made_object *object, size_t i, const char *name, unsigned section)
{
	size_t at = OBJECT_SYMBOLS + i * (object->elf.is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));

	made_put(&object->elf, at, MADE_FIELD(Sym, st_name), object_string(object, name));
	made_put(&object->elf, at, MADE_FIELD(Sym, st_info), ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
	made_put(&object->elf, at, MADE_FIELD(Sym, st_shndx), section);
	made_put(&object->elf, at, MADE_FIELD(Sym, st_value), 0x440);
}

/* Symbol 2 is the defined one; one bucket leads to it. Symbols 1 and 3 are wanted in versions 2 and 3. */
static inline void object_symbols(struct made_object *object)
{
	static const unsigned hash[] = { 1, OBJECT_SYMBOL_COUNT, 2, 0, 0, 0, 0 };
	static const unsigned versions[] = { 0, 2, 1, 0x8003 };

	object_symbol(object, 1, "wanted", SHN_UNDEF);
	object_symbol(object, 2, "PyInit_x", 1);
	object_symbol(object, 3, "wanted_too", SHN_UNDEF);
	for (size_t i = 0; i < sizeof(hash) / sizeof(hash[0]); i++)
		object_number(object, OBJECT_HASH + 4 * i, 4, hash[i]);
	for (size_t i = 0; i < OBJECT_SYMBOL_COUNT; i++)
		object_number(object, OBJECT_VERSYM + 2 * i, 2, versions[i]);
}

/* Of libm.so.6: GLIBC_2.28, and weakly GLIBC_2.99. */
static inline void object_needs(struct made_object *object)
{
	struct made *elf = &object->elf;
	size_t first = OBJECT_NEEDS + sizeof(Elf64_Verneed);
	size_t second = first + sizeof(Elf64_Vernaux);

	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_version), 1);
	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_cnt), 2);
	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_file), object_string(object, "libm.so.6"));
	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_aux), sizeof(Elf64_Verneed));
	made_put(elf, first, MADE_FIELD(Vernaux, vna_other), 2);
	made_put(elf, first, MADE_FIELD(Vernaux, vna_name), object_string(object, "GLIBC_2.28"));
	made_put(elf, first, MADE_FIELD(Vernaux, vna_next), sizeof(Elf64_Vernaux));
	made_put(elf, second, MADE_FIELD(Vernaux, vna_other), 3);
	made_put(elf, second, MADE_FIELD(Vernaux, vna_flags), VER_FLG_WEAK);
	made_put(elf, second, MADE_FIELD(Vernaux, vna_name), object_string(object, "GLIBC_2.99"));
}

/* The base definition, and MADE_1. */
static inline void object_defines(struct made_object *object)
{
	static const char *const names[] = { "libmade.so.1", "MADE_1" };
	size_t size = sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux);

	for (size_t i = 0; i < 2; i++) {
		size_t at = OBJECT_DEFINES + i * size;

		made_put(&object->elf, at, MADE_FIELD(Verdef, vd_version), 1);
		made_put(&object->elf, at, MADE_FIELD(Verdef, vd_flags), i == 0 ? VER_FLG_BASE : 0);
		made_put(&object->elf, at, MADE_FIELD(Verdef, vd_ndx), i + 1);
		made_put(&object->elf, at, MADE_FIELD(Verdef, vd_aux), sizeof(Elf64_Verdef));
		made_put(&object->elf, at, MADE_FIELD(Verdef, vd_next), i == 0 ? size : 0);
		made_put(&object->elf, at + sizeof(Elf64_Verdef), MADE_FIELD(Verdaux, vda_name),
			 object_string(object, names[i]));
	}
}

/* A note in PT_NOTE, which takes the place of PT_GNU_STACK. */
static inline void object_note(struct made_object *object, const char *vendor, uint32_t type,
			       const void *desc, size_t size)
{
	made_segment(&object->elf, SEG_STACK, PT_NOTE, OBJECT_NOTE, OBJECT_NOTE, 16 + (size + 3) / 4 * 4, 4);
	object_number(object, OBJECT_NOTE, 4, 4);
	object_number(object, OBJECT_NOTE + 4, 4, size);
	object_number(object, OBJECT_NOTE + 8, 4, type);
	memcpy(object->elf.at + OBJECT_NOTE + 12, vendor, 4);
	memcpy(object->elf.at + OBJECT_NOTE + 16, desc, size);
}

/* free(object.elf.at) it. Add entries before the first DT_NULL, which is at object.entries. */
static inline struct made_object made_object(bool is64, bool big)
{
	struct made_object object = { made_library(is64, big), 1, 0 };

	memset(object.elf.at + OBJECT_STRINGS, 0, MADE_TEXT + 0x400 - OBJECT_STRINGS);
	memset(object.elf.at + OBJECT_DYNAMIC, 0, 0x200);
	made_segment(&object.elf, SEG_DYNAMIC, PT_DYNAMIC, OBJECT_DYNAMIC, OBJECT_DYNAMIC_ADDRESS, 0x200, 8);
	object_entry(&object, DT_NEEDED, object_string(&object, "libm.so.6"));
	object_entry(&object, DT_NEEDED, object_string(&object, "libc.so.6"));
	object_entry(&object, DT_SONAME, object_string(&object, "libmade.so.1"));
	object_entry(&object, DT_STRTAB, OBJECT_STRINGS);
	object_entry(&object, DT_STRSZ, OBJECT_STRINGS_SIZE);
	object_entry(&object, DT_SYMTAB, OBJECT_SYMBOLS);
	object_entry(&object, DT_HASH, OBJECT_HASH);
	object_entry(&object, DT_VERSYM, OBJECT_VERSYM);
	object_entry(&object, DT_VERNEED, OBJECT_NEEDS);
	object_entry(&object, DT_VERDEF, OBJECT_DEFINES);
	object_symbols(&object);
	object_needs(&object);
	object_defines(&object);
	return object;
}

#endif
