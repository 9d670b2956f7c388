/*
 * The parts of an ELF file where text may stand: the sections that are loaded, but for code, symbols
 * and relocations; or all of it where the section headers make no sense. It reads headers only, allocates
 * nothing and refuses nothing. Source: elf(5), System V ABI chapter 4.
 */
#ifndef SLIM_SCAN_ELF_DATA_H
#define SLIM_SCAN_ELF_DATA_H

#include "base/elf.h"

struct elf_data {
	struct elf elf;
	size_t count; /* of sections; 0: give the whole file */
	size_t next;
	bool no_names; /* leave out the names of the dynamic section; the caller sets it */
};

struct elf_data elf_data_begin(struct bytes file);
/* The next part, or false when there are no more. All parts together are no larger than the file. */
bool elf_data_next(struct elf_data *data, struct str *part);

#endif
