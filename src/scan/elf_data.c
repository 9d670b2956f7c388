#include "scan/elf_data.h"

#include <elf.h>
#include <string.h>

#define FIELD(record, field)                                                                                 \
	offsetof(Elf32_##record, field), sizeof(((Elf32_##record *)0)->field),                               \
		offsetof(Elf64_##record, field), sizeof(((Elf64_##record *)0)->field)

/* One field; the record lies in the file. */
static uint64_t field(const struct elf_data *data, size_t record, size_t at32, size_t size32, size_t at64,
		      size_t size64)
{
	const uint8_t *at = data->file.ptr + record + (data->is64 ? at64 : at32);
	size_t size = data->is64 ? size64 : size32;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)at[i] << 8 * (data->big ? size - 1 - i : i);
	return value;
}

static size_t header_size(const struct elf_data *data)
{
	return data->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

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
	size_t header = data->headers + index * header_size(data);

	*offset = field(data, header, FIELD(Shdr, sh_offset));
	*size = field(data, header, FIELD(Shdr, sh_size));
	if (data->no_names && field(data, header, FIELD(Shdr, sh_type)) == SHT_STRTAB)
		return false;
	return *size > 0 && may_hold_text(field(data, header, FIELD(Shdr, sh_type)),
					  field(data, header, FIELD(Shdr, sh_flags)));
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
		if (offset > data->file.len || size > data->file.len - offset ||
		    size > data->file.len - total)
			return false;
		total += size;
	}
	return total > 0;
}

struct elf_data elf_data_begin(struct bytes file)
{
	struct elf_data data = { .file = file };
	uint64_t headers;
	size_t head;

	if (file.len < sizeof(Elf32_Ehdr) || memcmp(file.ptr, ELFMAG, SELFMAG) != 0)
		return data;
	data.is64 = file.ptr[EI_CLASS] == ELFCLASS64;
	data.big = file.ptr[EI_DATA] == ELFDATA2MSB;
	head = data.is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (file.len < head)
		return data;
	headers = field(&data, 0, FIELD(Ehdr, e_shoff));
	if (headers < head || headers > file.len ||
	    field(&data, 0, FIELD(Ehdr, e_shentsize)) != header_size(&data))
		return data;
	data.headers = headers;
	data.count = field(&data, 0, FIELD(Ehdr, e_shnum));
	if (data.count > (file.len - data.headers) / header_size(&data) || !is_sane(&data))
		data.count = 0;
	return data;
}

bool elf_data_next(struct elf_data *data, struct str *part)
{
	size_t offset;
	size_t size;

	if (data->count == 0) {
		*part = str_of_bytes(data->file);
		return data->next++ == 0;
	}
	while (data->next < data->count) {
		if (!is_data(data, data->next++, &offset, &size))
			continue;
		*part = str_from(str_of_bytes(data->file), offset);
		*part = str_head(*part, size);
		return true;
	}
	return false;
}
