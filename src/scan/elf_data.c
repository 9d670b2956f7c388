#include "scan/elf_data.h"

/* Whether text may stand in a section of this kind. What is not loaded (symbols, debugging) is not read at
 * run time. */
static bool may_hold_text(uint64_t type, uint64_t flags)
{
	switch (type) {
	case SHT_NULL:
	case SHT_NOBITS:
	case SHT_RELA:
	case SHT_REL:
	case SHT_HASH:
	case SHT_GNU_HASH:
	case SHT_DYNAMIC:
	case SHT_DYNSYM:
		return false;
	default:
		return (flags & SHF_ALLOC) && !(type == SHT_PROGBITS && (flags & SHF_EXECINSTR));
	}
}

/* Whether the section is one to read; its place and size. */
static bool is_data(const struct elf_data *data, size_t index, size_t *offset, size_t *size)
{
	Elf64_Shdr section = elf_section(&data->elf, index);

	*offset = section.sh_offset;
	*size = section.sh_size;
	if (data->no_names && section.sh_type == SHT_STRTAB)
		return false;
	return *size > 0 && may_hold_text(section.sh_type, section.sh_flags);
}

/* Every section with bytes lies in the file, and all together are no larger than it. */
static bool is_sane(const struct elf_data *data)
{
	size_t total = 0;

	for (size_t i = 0; i < data->count; i++) {
		size_t offset;
		size_t size;

		if (!is_data(data, i, &offset, &size))
			continue;
		if (offset > data->elf.file.len || size > data->elf.file.len - offset ||
		    size > data->elf.file.len - total)
			return false;
		total += size;
	}
	return total > 0;
}

struct elf_data elf_data_begin(struct bytes file)
{
	struct elf_data data = { .elf.file = file };
	const struct elf *elf = &data.elf;

	if (!elf_is(file) || elf_open(&data.elf, file))
		return data;
	if (elf->head.e_shoff < elf_head_size(elf) || elf->head.e_shoff > file.len ||
	    elf->head.e_shentsize != elf_section_size(elf))
		return data;
	data.count = elf->head.e_shnum;
	if (data.count > (file.len - elf->head.e_shoff) / elf_section_size(elf) || !is_sane(&data))
		data.count = 0;
	return data;
}

bool elf_data_next(struct elf_data *data, struct str *part)
{
	size_t offset;
	size_t size;

	if (data->count == 0) {
		*part = str_of_bytes(data->elf.file);
		return data->next++ == 0;
	}
	while (data->next < data->count) {
		if (!is_data(data, data->next++, &offset, &size))
			continue;
		*part = str_from(str_of_bytes(data->elf.file), offset);
		*part = str_head(*part, size);
		return true;
	}
	return false;
}
