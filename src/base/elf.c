#include "base/elf.h"

#include <string.h>

/* Where a field lies in a record of either class, and how large it is there. */
struct place {
	size_t at32;
	size_t size32;
	size_t at64;
	size_t size64;
};

#define PLACE(record, field)                                                                                 \
	{                                                                                                    \
		offsetof(Elf32_##record, field), sizeof(((Elf32_##record *)0)->field),                       \
			offsetof(Elf64_##record, field), sizeof(((Elf64_##record *)0)->field)                \
	}
/* One field of the record at `at`, which lies in the file. */
#define GET(record, field) get(elf, at, (struct place)PLACE(record, field))
#define SIZE(elf, record)  ((elf)->is64 ? sizeof(Elf64_##record) : sizeof(Elf32_##record))

/* Sizes are constants wherever this is called often: one load, and a swap where orders differ. */
static inline uint64_t number(const uint8_t *at, size_t size, bool big)
{
	bool swap = big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint16_t half;
	uint32_t word;
	uint64_t wide;

	switch (size) {
	case 1:
		return *at;
	case 2:
		memcpy(&half, at, sizeof(half));
		return swap ? __builtin_bswap16(half) : half;
	case 4:
		memcpy(&word, at, sizeof(word));
		return swap ? __builtin_bswap32(word) : word;
	default:
		memcpy(&wide, at, sizeof(wide));
		return swap ? __builtin_bswap64(wide) : wide;
	}
}

static inline uint64_t get(const struct elf *elf, uint64_t at, struct place place)
{
	const uint8_t *record = elf->file.ptr + at;

	return elf->is64 ? number(record + place.at64, place.size64, elf->big)
			 : number(record + place.at32, place.size32, elf->big);
}

bool elf_holds(const struct elf *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->file.len && size <= elf->file.len - offset;
}

size_t elf_head_size(const struct elf *elf)
{
	return SIZE(elf, Ehdr);
}

size_t elf_segment_size(const struct elf *elf)
{
	return SIZE(elf, Phdr);
}

size_t elf_section_size(const struct elf *elf)
{
	return SIZE(elf, Shdr);
}

size_t elf_dyn_size(const struct elf *elf)
{
	return SIZE(elf, Dyn);
}

size_t elf_sym_size(const struct elf *elf)
{
	return SIZE(elf, Sym);
}

bool elf_is(struct bytes file)
{
	return file.len >= SELFMAG && memcmp(file.ptr, ELFMAG, SELFMAG) == 0;
}

static void read_head(struct elf *elf)
{
	const uint64_t at = 0;

	memcpy(elf->head.e_ident, elf->file.ptr, EI_NIDENT);
	elf->head.e_type = (Elf64_Half)GET(Ehdr, e_type);
	elf->head.e_machine = (Elf64_Half)GET(Ehdr, e_machine);
	elf->head.e_version = (Elf64_Word)GET(Ehdr, e_version);
	elf->head.e_entry = GET(Ehdr, e_entry);
	elf->head.e_phoff = GET(Ehdr, e_phoff);
	elf->head.e_shoff = GET(Ehdr, e_shoff);
	elf->head.e_flags = (Elf64_Word)GET(Ehdr, e_flags);
	elf->head.e_ehsize = (Elf64_Half)GET(Ehdr, e_ehsize);
	elf->head.e_phentsize = (Elf64_Half)GET(Ehdr, e_phentsize);
	elf->head.e_phnum = (Elf64_Half)GET(Ehdr, e_phnum);
	elf->head.e_shentsize = (Elf64_Half)GET(Ehdr, e_shentsize);
	elf->head.e_shnum = (Elf64_Half)GET(Ehdr, e_shnum);
	elf->head.e_shstrndx = (Elf64_Half)GET(Ehdr, e_shstrndx);
}

const char *elf_open(struct elf *elf, struct bytes file)
{
	*elf = (struct elf){ .file = file };
	if (file.len < EI_NIDENT)
		return "its ELF header is cut short";
	elf->is64 = file.ptr[EI_CLASS] == ELFCLASS64;
	elf->big = file.ptr[EI_DATA] == ELFDATA2MSB;
	if ((!elf->is64 && file.ptr[EI_CLASS] != ELFCLASS32) ||
	    (!elf->big && file.ptr[EI_DATA] != ELFDATA2LSB) || file.ptr[EI_VERSION] != EV_CURRENT)
		return "its ELF class, byte order or version is unknown";
	if (file.len < elf_head_size(elf))
		return "its ELF header is cut short";
	read_head(elf);
	return NULL;
}

/* The place of record i of a table; false where it is not in the file. */
static bool find(const struct elf *elf, uint64_t table, size_t i, size_t size, uint64_t *at)
{
	if (table > elf->file.len || i >= (elf->file.len - table) / size)
		return false;
	*at = table + i * size;
	return true;
}

Elf64_Phdr elf_segment(const struct elf *elf, size_t i)
{
	uint64_t at;

	if (!find(elf, elf->head.e_phoff, i, elf_segment_size(elf), &at))
		return (Elf64_Phdr){ 0 };
	return (Elf64_Phdr){
		.p_type = (Elf64_Word)GET(Phdr, p_type),
		.p_flags = (Elf64_Word)GET(Phdr, p_flags),
		.p_offset = GET(Phdr, p_offset),
		.p_vaddr = GET(Phdr, p_vaddr),
		.p_paddr = GET(Phdr, p_paddr),
		.p_filesz = GET(Phdr, p_filesz),
		.p_memsz = GET(Phdr, p_memsz),
		.p_align = GET(Phdr, p_align),
	};
}

Elf64_Shdr elf_section(const struct elf *elf, size_t i)
{
	uint64_t at;

	if (!find(elf, elf->head.e_shoff, i, elf_section_size(elf), &at))
		return (Elf64_Shdr){ 0 };
	return (Elf64_Shdr){
		.sh_name = (Elf64_Word)GET(Shdr, sh_name),
		.sh_type = (Elf64_Word)GET(Shdr, sh_type),
		.sh_flags = GET(Shdr, sh_flags),
		.sh_addr = GET(Shdr, sh_addr),
		.sh_offset = GET(Shdr, sh_offset),
		.sh_size = GET(Shdr, sh_size),
		.sh_link = (Elf64_Word)GET(Shdr, sh_link),
		.sh_info = (Elf64_Word)GET(Shdr, sh_info),
		.sh_addralign = GET(Shdr, sh_addralign),
		.sh_entsize = GET(Shdr, sh_entsize),
	};
}

Elf64_Dyn elf_dyn(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, elf_dyn_size(elf)))
		return (Elf64_Dyn){ 0 };
	return (Elf64_Dyn){ .d_tag = (Elf64_Sxword)GET(Dyn, d_tag), .d_un.d_val = GET(Dyn, d_un.d_val) };
}

Elf64_Sym elf_sym(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, elf_sym_size(elf)))
		return (Elf64_Sym){ 0 };
	return (Elf64_Sym){
		.st_name = (Elf64_Word)GET(Sym, st_name),
		.st_info = (unsigned char)GET(Sym, st_info),
		.st_other = (unsigned char)GET(Sym, st_other),
		.st_shndx = (Elf64_Section)GET(Sym, st_shndx),
		.st_value = GET(Sym, st_value),
		.st_size = GET(Sym, st_size),
	};
}

Elf64_Verneed elf_verneed(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, sizeof(Elf64_Verneed)))
		return (Elf64_Verneed){ 0 };
	return (Elf64_Verneed){
		.vn_version = (Elf64_Half)GET(Verneed, vn_version),
		.vn_cnt = (Elf64_Half)GET(Verneed, vn_cnt),
		.vn_file = (Elf64_Word)GET(Verneed, vn_file),
		.vn_aux = (Elf64_Word)GET(Verneed, vn_aux),
		.vn_next = (Elf64_Word)GET(Verneed, vn_next),
	};
}

Elf64_Vernaux elf_vernaux(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, sizeof(Elf64_Vernaux)))
		return (Elf64_Vernaux){ 0 };
	return (Elf64_Vernaux){
		.vna_hash = (Elf64_Word)GET(Vernaux, vna_hash),
		.vna_flags = (Elf64_Half)GET(Vernaux, vna_flags),
		.vna_other = (Elf64_Half)GET(Vernaux, vna_other),
		.vna_name = (Elf64_Word)GET(Vernaux, vna_name),
		.vna_next = (Elf64_Word)GET(Vernaux, vna_next),
	};
}

Elf64_Verdef elf_verdef(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, sizeof(Elf64_Verdef)))
		return (Elf64_Verdef){ 0 };
	return (Elf64_Verdef){
		.vd_version = (Elf64_Half)GET(Verdef, vd_version),
		.vd_flags = (Elf64_Half)GET(Verdef, vd_flags),
		.vd_ndx = (Elf64_Half)GET(Verdef, vd_ndx),
		.vd_cnt = (Elf64_Half)GET(Verdef, vd_cnt),
		.vd_hash = (Elf64_Word)GET(Verdef, vd_hash),
		.vd_aux = (Elf64_Word)GET(Verdef, vd_aux),
		.vd_next = (Elf64_Word)GET(Verdef, vd_next),
	};
}

Elf64_Verdaux elf_verdaux(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, sizeof(Elf64_Verdaux)))
		return (Elf64_Verdaux){ 0 };
	return (Elf64_Verdaux){
		.vda_name = (Elf64_Word)GET(Verdaux, vda_name),
		.vda_next = (Elf64_Word)GET(Verdaux, vda_next),
	};
}

Elf64_Nhdr elf_nhdr(const struct elf *elf, uint64_t at)
{
	if (!elf_holds(elf, at, sizeof(Elf64_Nhdr)))
		return (Elf64_Nhdr){ 0 };
	return (Elf64_Nhdr){
		.n_namesz = (Elf64_Word)GET(Nhdr, n_namesz),
		.n_descsz = (Elf64_Word)GET(Nhdr, n_descsz),
		.n_type = (Elf64_Word)GET(Nhdr, n_type),
	};
}

uint64_t elf_number(const struct elf *elf, uint64_t offset, size_t size)
{
	return elf_holds(elf, offset, size) ? number(elf->file.ptr + offset, size, elf->big) : 0;
}

void elf_put(const struct elf *elf, uint8_t *record, enum elf_field field, uint64_t value)
{
	static const struct place places[] = {
		[ELF_E_PHOFF] = PLACE(Ehdr, e_phoff), [ELF_E_SHOFF] = PLACE(Ehdr, e_shoff),
		[ELF_E_SHNUM] = PLACE(Ehdr, e_shnum), [ELF_P_OFFSET] = PLACE(Phdr, p_offset),
		[ELF_SH_NAME] = PLACE(Shdr, sh_name), [ELF_SH_OFFSET] = PLACE(Shdr, sh_offset),
		[ELF_SH_SIZE] = PLACE(Shdr, sh_size), [ELF_SH_LINK] = PLACE(Shdr, sh_link),
		[ELF_SH_INFO] = PLACE(Shdr, sh_info),
	};
	const struct place *place = &places[field];
	uint8_t *at = record + (elf->is64 ? place->at64 : place->at32);
	size_t size = elf->is64 ? place->size64 : place->size32;

	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (elf->big ? size - 1 - i : i));
}

const char *elf_load_fault(const Elf64_Phdr *load)
{
	if (load->p_align & (ELF_PAGE - 1))
		return "a segment's alignment is no multiple of a page: it cannot be loaded";
	if ((load->p_vaddr - load->p_offset) & (load->p_align - 1))
		return "a segment's address and offset differ modulo its alignment: "
		       "glibc 2.34 and older refuse to load it";
	return NULL;
}

static uint64_t page_of(uint64_t address)
{
	return address & ~(uint64_t)(ELF_PAGE - 1);
}

Elf64_Phdr elf_whole_pages(Elf64_Phdr load)
{
	uint64_t ahead = load.p_vaddr - page_of(load.p_vaddr);
	uint64_t behind = -(load.p_vaddr + load.p_filesz) & (ELF_PAGE - 1);

	if (load.p_filesz == 0 || load.p_filesz > load.p_memsz ||
	    load.p_memsz > UINT64_MAX - (uint64_t)2 * ELF_PAGE)
		return load;
	/* What is behind a segment that is larger in memory is cleared. */
	if (load.p_filesz == load.p_memsz) {
		load.p_filesz += behind;
		load.p_memsz += behind;
	}
	if (ahead <= load.p_offset) {
		load.p_vaddr -= ahead;
		load.p_offset -= ahead;
		load.p_filesz += ahead;
		load.p_memsz += ahead;
	}
	return load;
}

static bool holds_address(const Elf64_Phdr *load, const Elf64_Phdr *inner)
{
	return inner->p_vaddr >= load->p_vaddr && inner->p_vaddr - load->p_vaddr <= load->p_memsz &&
	       inner->p_memsz <= load->p_memsz - (inner->p_vaddr - load->p_vaddr);
}

bool elf_in_segment(const struct elf *elf, const Elf64_Phdr *inner)
{
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type == PT_LOAD && holds_address(&p, inner))
			return true;
	}
	return false;
}

/* Takes from `inner` what the segment's pages hold of its beginning. */
static void take_pages(const Elf64_Phdr *load, Elf64_Phdr *inner)
{
	Elf64_Phdr pages = elf_whole_pages(*load);
	uint64_t inside = inner->p_vaddr - pages.p_vaddr;
	uint64_t size;

	if (inner->p_vaddr < pages.p_vaddr || inside >= pages.p_memsz)
		return;
	size = pages.p_memsz - inside;
	if (size > inner->p_memsz)
		size = inner->p_memsz;
	inner->p_vaddr += size;
	inner->p_memsz -= size;
}

const char *elf_dynamic_fault(const struct elf *elf, const Elf64_Phdr *dynamic)
{
	Elf64_Phdr left = *dynamic;

	if (elf_in_segment(elf, dynamic))
		return NULL;
	/* patchelf puts it behind the end of a segment, and across pages of two that are neighbours. */
	for (size_t i = 0; i < elf->head.e_phnum && left.p_memsz; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type == PT_LOAD)
			take_pages(&p, &left);
	}
	return left.p_memsz ? "its dynamic section lies outside every loadable segment: it crashes the loader"
			    : NULL;
}
