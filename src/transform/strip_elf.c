#include "transform/strip_elf.h"

#include <libelf.h>
#include <stdalign.h>
#include <stddef.h>
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
	return content.len >= SELFMAG && memcmp(content.ptr, ELFMAG, SELFMAG) == 0;
}

size_t elf_head_size(const struct elf *elf)
{
	return elf->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

size_t elf_segment_size(const struct elf *elf)
{
	return elf->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

size_t elf_section_size(const struct elf *elf)
{
	return elf->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

static bool in_file(const struct elf *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->file.len && size <= elf->file.len - offset;
}

/*
 * One record, in host order. libelf wants a pointer that it could write to; it only reads the source.
 * The copy also gives it the alignment that a member of a zip does not have.
 */
static void decode(const struct elf *elf, uint64_t offset, Elf_Type type, void *out, size_t size)
{
	alignas(8) uint8_t raw[sizeof(Elf64_Ehdr)];
	Elf_Data from = { .d_buf = raw, .d_type = type, .d_version = EV_CURRENT, .d_size = size };
	Elf_Data to = { .d_buf = out, .d_type = type, .d_version = EV_CURRENT, .d_size = size };

	memcpy(raw, elf->file.ptr + offset, size);
	if (!(elf->is64 ? elf64_xlatetom(&to, &from, elf->order) : elf32_xlatetom(&to, &from, elf->order)))
		memset(out, 0, size); /* cannot be: type, size and order are ours */
}

static void decode_head(struct elf *elf)
{
	Elf32_Ehdr head;

	if (elf->is64) {
		decode(elf, 0, ELF_T_EHDR, &elf->head, sizeof(elf->head));
		return;
	}
	decode(elf, 0, ELF_T_EHDR, &head, sizeof(head));
	memcpy(elf->head.e_ident, head.e_ident, EI_NIDENT);
	elf->head.e_type = head.e_type;
	elf->head.e_machine = head.e_machine;
	elf->head.e_version = head.e_version;
	elf->head.e_entry = head.e_entry;
	elf->head.e_phoff = head.e_phoff;
	elf->head.e_shoff = head.e_shoff;
	elf->head.e_flags = head.e_flags;
	elf->head.e_ehsize = head.e_ehsize;
	elf->head.e_phentsize = head.e_phentsize;
	elf->head.e_phnum = head.e_phnum;
	elf->head.e_shentsize = head.e_shentsize;
	elf->head.e_shnum = head.e_shnum;
	elf->head.e_shstrndx = head.e_shstrndx;
}

Elf64_Phdr elf_segment(const struct elf *elf, size_t i)
{
	uint64_t at = elf->head.e_phoff + i * elf_segment_size(elf);
	Elf64_Phdr wide;
	Elf32_Phdr p;

	if (elf->is64) {
		decode(elf, at, ELF_T_PHDR, &wide, sizeof(wide));
		return wide;
	}
	decode(elf, at, ELF_T_PHDR, &p, sizeof(p));
	return (Elf64_Phdr){
		.p_type = p.p_type,
		.p_flags = p.p_flags,
		.p_offset = p.p_offset,
		.p_vaddr = p.p_vaddr,
		.p_paddr = p.p_paddr,
		.p_filesz = p.p_filesz,
		.p_memsz = p.p_memsz,
		.p_align = p.p_align,
	};
}

Elf64_Shdr elf_section(const struct elf *elf, size_t i)
{
	uint64_t at = elf->head.e_shoff + i * elf_section_size(elf);
	Elf64_Shdr wide;
	Elf32_Shdr s;

	if (elf->is64) {
		decode(elf, at, ELF_T_SHDR, &wide, sizeof(wide));
		return wide;
	}
	decode(elf, at, ELF_T_SHDR, &s, sizeof(s));
	return (Elf64_Shdr){
		.sh_name = s.sh_name,
		.sh_type = s.sh_type,
		.sh_flags = s.sh_flags,
		.sh_addr = s.sh_addr,
		.sh_offset = s.sh_offset,
		.sh_size = s.sh_size,
		.sh_link = s.sh_link,
		.sh_info = s.sh_info,
		.sh_addralign = s.sh_addralign,
		.sh_entsize = s.sh_entsize,
	};
}

const char *elf_section_name(const struct elf *elf, const Elf64_Shdr *section)
{
	return elf->names.ptr + section->sh_name;
}

bool elf_has_bytes(const Elf64_Shdr *section)
{
	return section->sh_type != SHT_NULL && section->sh_type != SHT_NOBITS && section->sh_size > 0;
}

void elf_put(const struct elf *elf, uint8_t *record, enum elf_field field, uint64_t value)
{
	static const struct {
		Elf_Type type;
		size_t at32;
		size_t at64;
	} fields[] = {
		[ELF_E_PHOFF] = { ELF_T_OFF, offsetof(Elf32_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_phoff) },
		[ELF_E_SHOFF] = { ELF_T_OFF, offsetof(Elf32_Ehdr, e_shoff), offsetof(Elf64_Ehdr, e_shoff) },
		[ELF_E_SHNUM] = { ELF_T_HALF, offsetof(Elf32_Ehdr, e_shnum), offsetof(Elf64_Ehdr, e_shnum) },
		[ELF_P_OFFSET] = { ELF_T_OFF, offsetof(Elf32_Phdr, p_offset),
				   offsetof(Elf64_Phdr, p_offset) },
		[ELF_SH_NAME] = { ELF_T_WORD, offsetof(Elf32_Shdr, sh_name), offsetof(Elf64_Shdr, sh_name) },
		[ELF_SH_OFFSET] = { ELF_T_OFF, offsetof(Elf32_Shdr, sh_offset),
				    offsetof(Elf64_Shdr, sh_offset) },
		[ELF_SH_SIZE] = { ELF_T_OFF, offsetof(Elf32_Shdr, sh_size), offsetof(Elf64_Shdr, sh_size) },
		[ELF_SH_LINK] = { ELF_T_WORD, offsetof(Elf32_Shdr, sh_link), offsetof(Elf64_Shdr, sh_link) },
		[ELF_SH_INFO] = { ELF_T_WORD, offsetof(Elf32_Shdr, sh_info), offsetof(Elf64_Shdr, sh_info) },
	};
	Elf_Type type = fields[field].type;
	size_t size = type == ELF_T_HALF ? 2 : type == ELF_T_OFF && elf->is64 ? 8 : 4;
	uint16_t half = (uint16_t)value;
	uint32_t word = (uint32_t)value;
	alignas(8) uint8_t raw[8];
	Elf_Data from = { .d_type = type, .d_version = EV_CURRENT, .d_size = size };
	Elf_Data to = { .d_buf = raw, .d_type = type, .d_version = EV_CURRENT, .d_size = size };

	from.d_buf = size == 2 ? (void *)&half : size == 4 ? (void *)&word : (void *)&value;
	if (elf->is64 ? elf64_xlatetof(&to, &from, elf->order) : elf32_xlatetof(&to, &from, elf->order))
		memcpy(record + (elf->is64 ? fields[field].at64 : fields[field].at32), raw, size);
}

struct elf_finding elf_check_head(struct elf *elf, struct bytes file)
{
	*elf = (struct elf){ .file = file };
	if (!strip_is_elf(file))
		return (struct elf_finding){ STRIP_NOT_ELF, "" };
	if (file.len < EI_NIDENT)
		return refused("its ELF header is cut short");
	elf->is64 = file.ptr[EI_CLASS] == ELFCLASS64;
	elf->order = file.ptr[EI_DATA];
	if ((!elf->is64 && file.ptr[EI_CLASS] != ELFCLASS32) ||
	    (elf->order != ELFDATA2LSB && elf->order != ELFDATA2MSB) || file.ptr[EI_VERSION] != EV_CURRENT)
		return refused("its ELF class, byte order or version is unknown");
	if (file.len < elf_head_size(elf))
		return refused("its ELF header is cut short");
	decode_head(elf);
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
	    !in_file(elf, elf->head.e_phoff, elf->head.e_phnum * elf_segment_size(elf)))
		return refused("its program headers are not inside the file");
	return sound;
}

static struct elf_finding check_load(const struct elf *elf, const Elf64_Phdr *load)
{
	if (load->p_filesz > load->p_memsz)
		return refused("a segment is larger in the file than in memory");
	if (!elf_is_power_of_two(load->p_align))
		return refused("a segment's alignment is no power of two");
	/* The kernel, which maps fixed executables, is less strict than ld.so: not broken, but not
	 * understood. */
	if (load->p_align < ELF_PAGE)
		return elf->head.e_type == ET_EXEC
			       ? refused("a segment's alignment is smaller than a page")
			       : broken("a segment's alignment is smaller than a page: it cannot be loaded");
	if ((load->p_vaddr - load->p_offset) & (load->p_align - 1))
		return elf->head.e_type == ET_EXEC
			       ? refused("a segment's address and offset differ modulo its alignment")
			       : broken("a segment's address and offset differ modulo its alignment: "
					"glibc 2.34 and older refuse to load it");
	/* Though empty, its page is mapped and cleared from p_vaddr on: past the end that is a SIGBUS. */
	if (load->p_filesz == 0 && load->p_vaddr % ELF_PAGE && load->p_offset > elf->file.len)
		return refused("a segment reaches beyond the end of the file");
	return sound;
}

static bool holds_address(const Elf64_Phdr *load, const Elf64_Phdr *inner)
{
	return inner->p_vaddr >= load->p_vaddr && inner->p_vaddr - load->p_vaddr <= load->p_memsz &&
	       inner->p_memsz <= load->p_memsz - (inner->p_vaddr - load->p_vaddr);
}

/* There is at most one PT_DYNAMIC, so that this stays linear. */
static struct elf_finding check_dynamic(const struct elf *elf, const Elf64_Phdr *dynamic)
{
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type == PT_LOAD && holds_address(&p, dynamic))
			return sound;
	}
	return broken("its dynamic section lies outside every loadable segment: it crashes the loader");
}

struct elf_finding elf_check_segments(const struct elf *elf)
{
	Elf64_Phdr dynamic = { 0 };
	size_t loads = 0;
	size_t dynamics = 0;

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);
		struct elf_finding found = sound;

		if (p.p_type == PT_NULL)
			continue;
		if (p.p_filesz && !in_file(elf, p.p_offset, p.p_filesz))
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
	return dynamics ? check_dynamic(elf, &dynamic) : sound;
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
	    !in_file(elf, table.sh_offset, table.sh_size) ||
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
	    !in_file(elf, elf->head.e_shoff, elf->head.e_shnum * elf_section_size(elf)))
		return refused("its section headers are not inside the file");
	found = find_names(elf);
	if (found.verdict != STRIP_CAN)
		return found;
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		if (elf_has_bytes(&section) && !in_file(elf, section.sh_offset, section.sh_size))
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
