#include "transform/strip_elf.h"

#include <string.h>

enum { COVER_MAX = 6 }; /* how many times over headers may cover a file; sound files stay below 4 */

static struct elf_finding refused(const char *why)
{
	return (struct elf_finding){ STRIP_REFUSED, why };
}

static struct elf_finding broken(const char *why)
{
	return (struct elf_finding){ STRIP_BROKEN, why };
}

static const struct elf_finding sound = { STRIP_CAN, "" };

bool strip_is_elf(struct bytes content)
{
	return elf_is(content);
}

const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section)
{
	return elf->names.ptr + section->sh_name;
}

bool elf_has_bytes(const Elf64_Shdr *section)
{
	return section->sh_type != SHT_NULL && section->sh_type != SHT_NOBITS && section->sh_size > 0;
}

struct elf_finding elf_check_head(struct elf *elf, struct bytes file)
{
	const char *why = elf_open(elf, file);

	if (!elf_is(file))
		return (struct elf_finding){ STRIP_NOT_ELF, "" };
	if (why)
		return refused(why);
	/* Object files are input of a linker, which needs their symbols and relocations. */
	if (elf->head.e_type == ET_REL)
		return (struct elf_finding){ STRIP_NOTHING, "" };
	if (elf->head.e_type != ET_DYN && elf->head.e_type != ET_EXEC)
		return refused("it is neither a shared object nor an executable");
	if (elf->head.e_ehsize != elf_head_size(elf) || elf->head.e_version != EV_CURRENT)
		return refused("its ELF header has an unknown size or version");
	if (elf->head.e_phnum == 0 || elf->head.e_phnum == PN_XNUM)
		return refused("it has no program headers, or too many");
	if (elf->head.e_phentsize != elf_segment_size(elf) || elf->head.e_phoff < elf_head_size(elf) ||
	    !elf_holds(elf, elf->head.e_phoff, elf->head.e_phnum * elf_segment_size(elf)))
		return refused("its program headers are not inside the file");
	return sound;
}

static struct elf_finding check_load(const struct elf *elf, const Elf64_Phdr *load)
{
	const char *fault;

	if (load->p_filesz > load->p_memsz)
		return refused("a segment is larger in the file than in memory");
	if (!elf_is_power_of_two(load->p_align))
		return refused("a segment's alignment is no power of two");
	fault = elf_load_fault(load);
	if (fault && elf->head.e_type != ET_EXEC)
		return broken(fault);
	/* The kernel, which maps fixed executables, is less strict than ld.so: not broken, but not
	 * understood. */
	if (fault)
		return refused(load->p_align < ELF_PAGE
				       ? "a segment's alignment is smaller than a page"
				       : "a segment's address and offset differ modulo its alignment");
	/* Though empty, its page is mapped and cleared from p_vaddr on: past the end that is a SIGBUS. */
	if (load->p_filesz == 0 && load->p_vaddr % ELF_PAGE && load->p_offset > elf->file.len)
		return refused("a segment reaches beyond the end of the file");
	return sound;
}

struct elf_finding elf_check_segments(const struct elf *elf)
{
	Elf64_Phdr dynamic = { 0 };
	size_t loads = 0;
	size_t dynamics = 0;
	const char *fault;

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);
		struct elf_finding found = sound;

		if (p.p_type == PT_NULL)
			continue;
		if (p.p_filesz && !elf_holds(elf, p.p_offset, p.p_filesz))
			return refused("a segment reaches beyond the end of the file");
		if (p.p_type == PT_DYNAMIC) {
			dynamic = p;
			dynamics++;
		}
		if (p.p_type == PT_LOAD) {
			found = check_load(elf, &p);
			loads++;
		}
		if (found.verdict != STRIP_CAN)
			return found;
	}
	if (loads == 0)
		return refused("it has no loadable segment");
	if (dynamics > 1)
		return refused("it has more than one dynamic segment");
	fault = dynamics ? elf_dynamic_fault(elf, &dynamic) : NULL;
	if (fault)
		return broken(fault);
	if (dynamics && !elf_in_segment(elf, &dynamic))
		return refused("its dynamic section lies outside every segment, in their pages");
	return sound;
}

/* Whether the section's name begins in the table and ends soon. */
static bool has_name(const struct elf *elf, const Elf64_Shdr *section)
{
	struct str rest = str_from(elf->names, section->sh_name);

	return rest.len && memchr(rest.ptr, '\0', str_head(rest, ELF_NAME_MAX).len);
}

/* Sets elf->names to the table of section names. */
static struct elf_finding find_names(struct elf *elf)
{
	Elf64_Shdr table;

	if (elf->head.e_shstrndx == SHN_UNDEF || elf->head.e_shstrndx >= elf->head.e_shnum)
		return refused("it has no table of section names");
	table = elf_section(elf, elf->head.e_shstrndx);
	if (table.sh_type != SHT_STRTAB || table.sh_size == 0 ||
	    !elf_holds(elf, table.sh_offset, table.sh_size) ||
	    elf->file.ptr[table.sh_offset + table.sh_size - 1] != '\0')
		return refused("its table of section names is damaged");
	elf->names = (struct str){ (const char *)elf->file.ptr + table.sh_offset, table.sh_size };
	return sound;
}

struct elf_finding elf_check_sections(struct elf *elf)
{
	struct elf_finding found;

	/* Packed (UPX) or stripped of everything: what is left is loaded. */
	if (elf->head.e_shoff == 0)
		return (struct elf_finding){ STRIP_NOTHING, "" };
	if (elf->head.e_shnum == 0 || elf->head.e_shnum >= SHN_LORESERVE)
		return refused("it has too many sections");
	if (elf->head.e_shentsize != elf_section_size(elf) || elf->head.e_shoff < elf_head_size(elf) ||
	    !elf_holds(elf, elf->head.e_shoff, elf->head.e_shnum * elf_section_size(elf)))
		return refused("its section headers are not inside the file");
	found = find_names(elf);
	if (found.verdict != STRIP_CAN)
		return found;
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		if (elf_has_bytes(&section) && !elf_holds(elf, section.sh_offset, section.sh_size))
			return refused("a section reaches beyond the end of the file");
		if (section.sh_type != SHT_NULL && !has_name(elf, &section))
			return refused("its table of section names is damaged");
	}
	return sound;
}

struct elf_finding elf_check(struct elf *elf, struct bytes file)
{
	struct elf_finding found = elf_check_head(elf, file);

	if (found.verdict == STRIP_CAN)
		found = elf_check_segments(elf);
	if (found.verdict == STRIP_CAN)
		found = elf_check_sections(elf);
	return found;
}

bool elf_overlaps(const struct elf *elf)
{
	uint64_t covered = 0; /* at most 2^17 times the file: no overflow */

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		covered += p.p_type == PT_NULL ? 0 : p.p_filesz;
	}
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		covered += elf_has_bytes(&section) ? section.sh_size : 0;
	}
	return covered / COVER_MAX > elf->file.len;
}
