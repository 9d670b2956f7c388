#include "scan/elf_notes.h"

#include <jansson.h>
#include <string.h>

#include "scan/elf_dynamic.h"

#define X86_ISA_1_NEEDED 0xc0008002U /* GNU_PROPERTY_X86_ISA_1_NEEDED, which older elf.h lack */

enum {
	NT_DLOPEN = 0x407c0c0a,
	STEPS_MAX = 1 << 14, /* notes and properties together */
	JSON_MAX = 1 << 18,  /* bytes of all dlopen notes together */
	SONAMES_MAX = 4096,  /* of all together */
};

struct notes {
	const struct elf *elf;
	struct arena *arena;
	struct elf_object *out;
	size_t steps;
	size_t json;
	size_t sonames;
};

/* Part of the file; the next record begins where the last one ends, aligned. */
struct part {
	uint64_t at;
	uint64_t left;
};

/* Passes over `size` bytes and their padding; false at the end. */
static bool pass(struct part *part, uint64_t size, uint64_t align)
{
	uint64_t padded = (size + align - 1) & ~(align - 1);

	if (size > part->left)
		return false;
	/* The last one's padding may be missing. */
	if (padded > part->left)
		padded = part->left;
	part->at += padded;
	part->left -= padded;
	return true;
}

static bool add_soname(struct notes *notes, struct elf_dlopen *dlopen, const json_t *value)
{
	struct str soname = { json_string_value(value), json_string_length(value) };

	if (!soname.ptr || soname.len == 0)
		return true;
	if (soname.len > ELF_STRING_MAX || notes->sonames++ == SONAMES_MAX)
		return false;
	dlopen->sonames[dlopen->count++] = str_dup(notes->arena, soname);
	return true;
}

/* "soname" is an array of strings; one string alone is understood too. */
static bool add_dlopen(struct notes *notes, const json_t *record)
{
	const json_t *sonames = json_object_get(record, "soname");
	const json_t *priority = json_object_get(record, "priority");
	size_t count = json_is_array(sonames) ? json_array_size(sonames) : 1;
	struct elf_dlopen dlopen = { .priority = STR("") };

	if (json_string_length(priority) > ELF_STRING_MAX || notes->out->dlopens.len == SONAMES_MAX)
		return false;
	if (json_is_string(priority))
		dlopen.priority = str_dup(notes->arena, (struct str){ json_string_value(priority),
								      json_string_length(priority) });
	dlopen.sonames = arena_array(notes->arena, struct str, count);
	for (size_t i = 0; i < count; i++)
		if (!add_soname(notes, &dlopen,
				json_is_array(sonames) ? json_array_get(sonames, i) : sonames))
			return false;
	if (dlopen.count)
		*vec_push(notes->arena, &notes->out->dlopens) = dlopen;
	return true;
}

static bool read_dlopen(struct notes *notes, struct str text)
{
	bool fits = true;
	json_t *root;

	while (text.len && text.ptr[text.len - 1] == '\0')
		text.len--;
	notes->json += text.len;
	if (notes->json > JSON_MAX)
		return false;
	root = json_loadb(text.ptr, text.len, 0, NULL);
	for (size_t i = 0; fits && i < json_array_size(root); i++)
		fits = add_dlopen(notes, json_array_get(root, i));
	json_decref(root);
	return fits;
}

static bool read_properties(struct notes *notes, struct part part)
{
	const struct elf *elf = notes->elf;

	while (part.left >= 8) {
		uint64_t type = elf_number(elf, part.at, 4);
		uint64_t size = elf_number(elf, part.at + 4, 4);

		if (notes->steps++ == STEPS_MAX)
			return false;
		part.at += 8;
		part.left -= 8;
		if (type == X86_ISA_1_NEEDED && size == 4 && part.left >= 4)
			notes->out->isa |= (uint32_t)elf_number(elf, part.at, 4);
		if (!pass(&part, size, elf->is64 ? 8 : 4))
			break;
	}
	return true;
}

static bool read_note(struct notes *notes, const Elf64_Nhdr *note, struct str name, struct part desc)
{
	uint16_t machine = notes->elf->head.e_machine;
	struct str text = str_head(str_from(str_of_bytes(notes->elf->file), desc.at), desc.left);

	if (note->n_type == NT_DLOPEN && str_eq(name, STR("FDO\0")))
		return read_dlopen(notes, text);
	if (note->n_type == NT_GNU_PROPERTY_TYPE_0 && str_eq(name, STR("GNU\0")) &&
	    (machine == EM_X86_64 || machine == EM_386))
		return read_properties(notes, desc);
	return true;
}

static bool read_segment(struct notes *notes, const Elf64_Phdr *segment)
{
	const struct elf *elf = notes->elf;
	struct part part = { segment->p_offset, segment->p_filesz };
	uint64_t align = segment->p_align == 8 ? 8 : 4;

	if (!elf_holds(elf, part.at, part.left))
		return true;
	while (part.left >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note = elf_nhdr(elf, part.at);
		struct str name;
		struct part desc;

		if (notes->steps++ == STEPS_MAX)
			return false;
		name = str_from(str_of_bytes(elf->file), part.at + sizeof(note));
		name = str_head(name, note.n_namesz);
		/* The description is aligned as a whole: the name's padding counts from the note's begin. */
		if (!pass(&part, sizeof(note) + (uint64_t)note.n_namesz, align))
			break;
		desc = (struct part){ part.at, note.n_descsz };
		if (!pass(&part, note.n_descsz, align))
			break;
		if (!read_note(notes, &note, name, desc))
			return false;
	}
	return true;
}

bool elf_notes_read(const struct elf *elf, struct arena *arena, struct elf_object *out)
{
	struct notes notes = { .elf = elf, .arena = arena, .out = out };

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if ((p.p_type == PT_NOTE || p.p_type == PT_GNU_PROPERTY) && !read_segment(&notes, &p))
			return false;
	}
	return true;
}
