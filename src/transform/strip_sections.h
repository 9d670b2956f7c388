/*
 * Which sections of an ELF file nobody needs at run time, and which files check their own bytes.
 * Opinions about contents only; it knows nothing of where things go. Inside transform/strip only.
 */
#ifndef SLIM_TRANSFORM_STRIP_SECTIONS_H
#define SLIM_TRANSFORM_STRIP_SECTIONS_H

#include "transform/strip_elf.h"

/*
 * keep[i], by section index, all false before: whether header i (and its bytes) stay. The table of
 * section names counts as kept; the caller writes it anew. STRIP_REFUSED where that cannot be done.
 */
struct elf_finding sections_judge(const struct elf *elf, enum strip_mode mode, bool *keep);

/* Whether the file's content shows that it verifies a checksum over its own file. */
bool sections_self_checking(const struct elf *elf);

#endif
