#include "scan/elf_dynamic.h"

#include <string.h>

enum { ENTRIES_MAX = 1 << 16 }; /* as many DT_NEEDED and more; no linker comes near */

bool elf_has_segments(const struct elf *elf)
{
	return elf->head.e_phnum > 0 && elf->head.e_phentsize == elf_segment_size(elf) &&
	       elf_holds(elf, elf->head.e_phoff, elf->head.e_phnum * elf_segment_size(elf));
}

/* Where segments overlap, the later one is mapped over the earlier. */
static uint64_t place_in(const struct elf *elf, uint64_t address, bool pages, uint64_t *room)
{
	uint64_t place = ELF_NOWHERE;

	*room = 0;
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);
		uint64_t inside;

		if (p.p_type != PT_LOAD)
			continue;
		if (pages)
			p = elf_whole_pages(p);
		inside = address - p.p_vaddr;
		if (address < p.p_vaddr || inside >= p.p_filesz || !elf_holds(elf, p.p_offset, inside))
			continue;
		place = p.p_offset + inside;
		*room = elf->file.len - place;
		if (*room > p.p_filesz - inside)
			*room = p.p_filesz - inside;
	}
	return place;
}

uint64_t elf_place(const struct elf *elf, uint64_t address, uint64_t *room)
{
	uint64_t place = place_in(elf, address, false, room);

	return place == ELF_NOWHERE ? place_in(elf, address, true, room) : place;
}

Elf64_Dyn elf_dynamic_entry(const struct elf_dynamic *dynamic, size_t i)
{
	return elf_dyn(&dynamic->elf, dynamic->at + i * elf_dyn_size(&dynamic->elf));
}

/* ld.so takes the last one. What only keeps debugging has an empty one, which ld.so passes over. */
static bool find_section(struct elf_dynamic *dynamic)
{
	const struct elf *elf = &dynamic->elf;
	uint64_t room;
	size_t most;

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type == PT_DYNAMIC)
			dynamic->segment = p;
	}
	if (dynamic->segment.p_type != PT_DYNAMIC || dynamic->segment.p_filesz == 0)
		return false;
	dynamic->at = elf_place(elf, dynamic->segment.p_vaddr, &room);
	/* No loader finds it, but it can still be told. */
	if (dynamic->at == ELF_NOWHERE)
		dynamic->at = dynamic->segment.p_offset;
	/* Nor where it ends, or that is in another segment's page. */
	if (dynamic->at == dynamic->segment.p_offset && room < dynamic->segment.p_filesz)
		room = dynamic->segment.p_filesz;
	most = room / elf_dyn_size(elf);
	if (most > ENTRIES_MAX)
		most = ENTRIES_MAX;
	if (!elf_holds(elf, dynamic->at, most * elf_dyn_size(elf)))
		return false;
	while (dynamic->count < most && elf_dynamic_entry(dynamic, dynamic->count).d_tag != DT_NULL)
		dynamic->count++;
	return dynamic->count < most;
}

static void see(struct elf_dynamic *dynamic, const Elf64_Dyn *entry)
{
	uint64_t value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_SYMTAB:
		dynamic->symbols = value;
		break;
	case DT_HASH:
		dynamic->hash = value;
		break;
	case DT_GNU_HASH:
		dynamic->gnu_hash = value;
		break;
	case DT_VERSYM:
		dynamic->versions = value;
		break;
	case DT_VERNEED:
		dynamic->needs = value;
		break;
	case DT_VERDEF:
		dynamic->defines = value;
		break;
	case DT_FLAGS:
		dynamic->flags = value;
		break;
	case DT_FLAGS_1:
		dynamic->flags_1 = value;
		break;
	case DT_RELR:
		dynamic->relr = true;
		break;
	default:
		break;
	}
}

bool elf_dynamic_find(struct elf_dynamic *dynamic, const struct elf *elf)
{
	uint64_t strings = 0;
	uint64_t size = UINT64_MAX;
	uint64_t room;
	uint64_t at;

	*dynamic = (struct elf_dynamic){ .elf = *elf };
	if (!find_section(dynamic))
		return false;
	for (size_t i = 0; i < dynamic->count; i++) {
		Elf64_Dyn entry = elf_dynamic_entry(dynamic, i);

		if (entry.d_tag == DT_STRTAB)
			strings = entry.d_un.d_val;
		else if (entry.d_tag == DT_STRSZ)
			size = entry.d_un.d_val;
		else
			see(dynamic, &entry);
	}
	at = strings ? elf_place(elf, strings, &room) : ELF_NOWHERE;
	if (at == ELF_NOWHERE)
		return false;
	dynamic->strings = str_head(str_from(str_of_bytes(elf->file), at), size < room ? size : room);
	return true;
}

bool elf_dynamic_string(const struct elf_dynamic *dynamic, uint64_t index, struct str *out)
{
	struct str rest = str_head(str_from(dynamic->strings, index), ELF_STRING_MAX + 1);
	const char *end = rest.len ? memchr(rest.ptr, '\0', rest.len) : NULL;

	if (!end)
		return false;
	*out = str_head(rest, (size_t)(end - rest.ptr));
	return true;
}
