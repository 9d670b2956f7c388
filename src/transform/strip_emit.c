/*
 * Writing a stripped file, and checking it against the original. The check shares the reader of
 * headers with the plan, but none of its reasoning.
 */
#include <string.h>

#include "transform/strip_elf.h"
#include "transform/strip_extent.h"

struct pair {
	struct elf old;
	struct elf new;
};

static void write_extents(const struct strip_plan *plan, uint8_t *out)
{
	uint64_t done = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct strip_extent *extent = &plan->extents[i];

		if (extent->to > done)
			memset(out + done, 0, extent->to - done);
		if (extent->len)
			memcpy(out + extent->to, extent->from, extent->len);
		if (extent->to + extent->len > done)
			done = extent->to + extent->len;
	}
	if (plan->size > done)
		memset(out + done, 0, plan->size - done);
}

static bool same_head(const struct pair *pair)
{
	const Elf64_Ehdr *a = &pair->old.head;
	const Elf64_Ehdr *b = &pair->new.head;

	return memcmp(a->e_ident, b->e_ident, EI_NIDENT) == 0 && a->e_type == b->e_type &&
	       a->e_machine == b->e_machine && a->e_version == b->e_version && a->e_entry == b->e_entry &&
	       a->e_flags == b->e_flags && a->e_ehsize == b->e_ehsize && a->e_phentsize == b->e_phentsize &&
	       a->e_phnum == b->e_phnum && a->e_shentsize == b->e_shentsize && a->e_shnum >= b->e_shnum &&
	       a->e_shstrndx == b->e_shstrndx;
}

/*
 * Steps over a header table that lies in the range being compared: it is compared field by field
 * elsewhere. False when the table does not lie at the same place of the range in both files.
 */
static bool step_over(uint64_t old_table, uint64_t new_table, uint64_t len, uint64_t *old_at,
		      uint64_t *new_at, uint64_t *left)
{
	uint64_t inside;

	if (*old_at < old_table || *old_at - old_table >= len)
		return true;
	inside = *old_at - old_table;
	if (*new_at - new_table != inside)
		return false;
	len = len - inside < *left ? len - inside : *left;
	*old_at += len;
	*new_at += len;
	*left -= len;
	return true;
}

/* The bytes up to the next header table. */
static uint64_t run_length(const struct elf *old, uint64_t at, uint64_t left)
{
	return at < old->head.e_phoff && old->head.e_phoff - at < left ? old->head.e_phoff - at : left;
}

/* Whether a range is the same in both files, header tables aside. Both lie in their files. */
static bool same_bytes(const struct pair *pair, uint64_t old_at, uint64_t new_at, uint64_t left)
{
	const struct elf *old = &pair->old;
	const struct elf *new = &pair->new;
	uint64_t segments = old->head.e_phnum * elf_segment_size(old);

	while (left) {
		uint64_t run;

		if (!step_over(0, 0, elf_head_size(old), &old_at, &new_at, &left) ||
		    !step_over(old->head.e_phoff, new->head.e_phoff, segments, &old_at, &new_at, &left))
			return false;
		run = run_length(old, old_at, left);
		if (run && memcmp(old->file.ptr + old_at, new->file.ptr + new_at, run) != 0)
			return false;
		old_at += run;
		new_at += run;
		left -= run;
	}
	return true;
}

/* A reference to a section is the old one, or to none. */
static bool same_or_none(uint32_t old, uint32_t new)
{
	return new == old || new == 0;
}

static bool same_segments(const struct pair *pair)
{
	for (size_t i = 0; i < pair->old.head.e_phnum; i++) {
		Elf64_Phdr a = elf_segment(&pair->old, i);
		Elf64_Phdr b = elf_segment(&pair->new, i);

		if (a.p_type != b.p_type || a.p_vaddr != b.p_vaddr || a.p_paddr != b.p_paddr ||
		    a.p_filesz != b.p_filesz || a.p_memsz != b.p_memsz || a.p_flags != b.p_flags ||
		    a.p_align != b.p_align || a.p_offset < b.p_offset)
			return false;
		if (a.p_type != PT_NULL && !same_bytes(pair, a.p_offset, b.p_offset, a.p_filesz))
			return false;
	}
	return true;
}

/* Every header that is left has its old number, name and bytes; a loaded one is never missing. */
static bool same_sections(const struct pair *pair)
{
	size_t count = pair->new.head.e_shnum;

	for (size_t i = 1; i < pair->old.head.e_shnum; i++) {
		Elf64_Shdr a = elf_section(&pair->old, i);
		Elf64_Shdr b = i < count ? elf_section(&pair->new, i) : (Elf64_Shdr){ 0 };

		if (b.sh_type == SHT_NULL) {
			if (a.sh_type != SHT_NULL && (a.sh_flags & SHF_ALLOC))
				return false;
			continue;
		}
		if (a.sh_type != b.sh_type || a.sh_flags != b.sh_flags || a.sh_addr != b.sh_addr ||
		    a.sh_addralign != b.sh_addralign || a.sh_entsize != b.sh_entsize ||
		    !same_or_none(a.sh_link, b.sh_link) || !same_or_none(a.sh_info, b.sh_info) ||
		    strcmp(elf_section_name(&pair->old, &a), elf_section_name(&pair->new, &b)) != 0)
			return false;
		if (i == pair->old.head.e_shstrndx)
			continue;
		if (a.sh_size != b.sh_size ||
		    (elf_has_bytes(&a) && !same_bytes(pair, a.sh_offset, b.sh_offset, a.sh_size)))
			return false;
	}
	return true;
}

bool strip_emit(const struct strip_plan *plan, struct bytes elf, uint8_t *out)
{
	struct pair pair = { 0 };

	if (plan->verdict != STRIP_CAN || plan->size >= elf.len)
		return false;
	write_extents(plan, out);
	return elf_check(&pair.old, elf).verdict == STRIP_CAN &&
	       elf_check(&pair.new, (struct bytes){ out, plan->size }).verdict == STRIP_CAN &&
	       same_head(&pair) && same_segments(&pair) && same_sections(&pair);
}
