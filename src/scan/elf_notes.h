/*
 * Notes that say what a shared object needs beyond its dynamic section: .note.dlopen and the level of x86 of
 * .note.gnu.property. Found by program headers. Inside scan/elf_* only. Sources: gabi chapter 5,
 * systemd.io/ELF_DLOPEN_METADATA, the x86-64 psABI (GNU_PROPERTY_X86_ISA_1_NEEDED).
 */
#ifndef SLIM_SCAN_ELF_NOTES_H
#define SLIM_SCAN_ELF_NOTES_H

#include "base/elf.h"
#include "scan/elf_object.h"

/* Fills isa and dlopens. False where there are more than anybody makes. Damaged notes are passed over. */
bool elf_notes_read(const struct elf *elf, struct arena *arena, struct elf_object *out);

#endif
