#include "scan/libraries.h"

#include <elf.h>
#include <string.h>

#include "base/arena.h"
#include "base/elf.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether it is "", or ".1.2": parts that begin with a digit, as in "libcrypto.so.1.0.2k". */
static bool is_version(struct str rest)
{
	for (size_t i = 0; i < rest.len; i++)
		if ((i == 0 && rest.ptr[i] != '.') ||
		    (rest.ptr[i] == '.' && (i + 1 == rest.len || !is_digit(rest.ptr[i + 1]))))
			return false;
	return true;
}

/* By the last ".so", as what is behind an earlier one is no version then. */
static bool is_so(struct str base)
{
	for (size_t at = base.len; at-- > 1;)
		if (str_starts(str_from(base, at), STR(".so")))
			return is_version(str_from(base, at + 3));
	return false;
}

bool libraries_is_name(struct str path)
{
	struct str base = str_base(path);

	return is_so(base) || str_ends(base, STR(".pyd")) || str_ends(base, STR(".dylib"));
}

static uint32_t word_of(struct bytes content, bool big)
{
	uint32_t word = 0;

	for (size_t i = 0; i < 4; i++)
		word |= (uint32_t)content.ptr[i] << 8 * (big ? 3 - i : i);
	return word;
}

static uint16_t half_of(const uint8_t *at, bool big)
{
	return (uint16_t)(big ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static bool is_pe(struct bytes content)
{
	uint32_t at;

	if (content.len < 64 || memcmp(content.ptr, "MZ", 2) != 0)
		return false;
	at = word_of((struct bytes){ content.ptr + 60, 4 }, false);
	return at <= content.len - 4 && memcmp(content.ptr + at, "PE\0\0", 4) == 0;
}

enum binary_format binary_format_of(struct bytes content)
{
	if (content.len < 4)
		return BINARY_OTHER;
	if (elf_is(content))
		return BINARY_ELF;
	switch (word_of(content, false)) {
	case 0xfeedface: /* MH_MAGIC and MH_MAGIC_64, in either byte order */
	case 0xfeedfacf:
	case 0xcefaedfe:
	case 0xcffaedfe:
		return BINARY_MACHO;
	default:
		break;
	}
	/* FAT_MAGIC is also that of Java's classes, whose next word is a version from 45 on. */
	if ((word_of(content, true) == 0xcafebabe || word_of(content, true) == 0xcafebabf) &&
	    content.len >= 8) {
		uint32_t machines = word_of((struct bytes){ content.ptr + 4, 4 }, true);

		return machines > 0 && machines < 45 ? BINARY_MACHO : BINARY_OTHER;
	}
	return is_pe(content) ? BINARY_PE : BINARY_OTHER;
}

uint8_t binary_osabi_of(struct bytes content)
{
	return content.len > EI_OSABI && binary_format_of(content) == BINARY_ELF ? content.ptr[EI_OSABI]
										 : ELFOSABI_SYSV;
}

void libraries_begin(struct libraries *libraries, const struct bundle *bundle, struct arena *arena)
{
	*libraries = (struct libraries){
		.bundle = bundle,
		.arena = arena,
		.of = arena_array(arena, uint32_t, bundle->files.len),
	};
	for (size_t i = 0; i < bundle->files.len; i++)
		libraries->of[i] = NO_LIBRARY;
}

/* Puts the newest in front; so chains run from the last file to the first. */
static uint32_t push(struct libraries *libraries, struct map *map, struct str name, uint32_t index)
{
	bool added;
	uint32_t *first = map_put(libraries->arena, map, name, &added);
	uint32_t next = added ? NO_LIBRARY : *first;

	*first = index;
	return next;
}

void libraries_add(struct libraries *libraries, const struct library *library)
{
	uint32_t index = (uint32_t)libraries->list.len;
	struct library *own = vec_push(libraries->arena, &libraries->list);

	*own = *library;
	libraries->of[library->file] = index;
	own->same_base = push(libraries, &libraries->by_base,
			      str_base(libraries->bundle->files.at[library->file].path), index);
	own->same_soname = NO_LIBRARY;
	if (library->elf.form == ELF_SHARED && library->elf.soname.len)
		own->same_soname = push(libraries, &libraries->by_soname, library->elf.soname, index);
}

struct library library_peek(uint32_t file, struct bytes head)
{
	struct library library = { .file = file,
				   .format = binary_format_of(head),
				   .osabi = binary_osabi_of(head) };
	const uint8_t *at = head.ptr;

	if (library.format != BINARY_ELF)
		return library;
	library.elf.form = ELF_TORN;
	if (head.len < sizeof(Elf32_Ehdr))
		return library;
	library.elf.is64 = at[EI_CLASS] == ELFCLASS64;
	library.elf.big = at[EI_DATA] == ELFDATA2MSB;
	library.elf.machine = half_of(at + offsetof(Elf32_Ehdr, e_machine), library.elf.big);
	switch (half_of(at + offsetof(Elf32_Ehdr, e_type), library.elf.big)) {
	case ET_DYN:
		library.elf.form = ELF_SHARED;
		break;
	case ET_EXEC:
		library.elf.form = ELF_PROGRAM;
		break;
	case ET_REL:
		library.elf.form = ELF_OBJECT;
		break;
	default:
		break;
	}
	return library;
}

struct library *libraries_know(struct libraries *libraries, uint32_t file, const struct elf_object *elf,
			       bool python)
{
	struct library *library;
	bool named;

	if (libraries->of[file] == NO_LIBRARY)
		libraries_add(libraries, &(struct library){ .file = file, .format = BINARY_ELF });
	library = &libraries->list.at[libraries->of[file]];
	/* Twice in a chain would make a ring of it. */
	named = library->elf.form == ELF_SHARED && library->elf.soname.len;
	library->elf = *elf;
	library->python = python;
	if (!named && elf->form == ELF_SHARED && elf->soname.len)
		library->same_soname =
			push(libraries, &libraries->by_soname, elf->soname, libraries->of[file]);
	return library;
}

const struct library *libraries_of(const struct libraries *libraries, uint32_t file)
{
	uint32_t index = file < libraries->bundle->files.len ? libraries->of[file] : NO_LIBRARY;

	return index == NO_LIBRARY ? NULL : &libraries->list.at[index];
}

static uint32_t first_of(const struct map *map, struct str name)
{
	const uint32_t *first = map_get(map, name);

	return first ? *first : NO_LIBRARY;
}

uint32_t libraries_by_soname(const struct libraries *libraries, struct str soname)
{
	return first_of(&libraries->by_soname, soname);
}

uint32_t libraries_by_base(const struct libraries *libraries, struct str base)
{
	return first_of(&libraries->by_base, base);
}
