/*
 * Tags, names and first bytes of anything, and tables of shared objects with such names. What fits a target
 * fits where the target is not known; what loads on one loads there; and one verdict is that of all.
 */
#include <elf.h>
#include <stdlib.h>

#include "scan/loadable.h"
#include "scan/python_tag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(struct str part, struct str whole)
{
	return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void check_tags(struct str text)
{
	static const struct platform platform = { .arch = ARCH_X86_64, .machine = EM_X86_64, .glibc = 26 };
	struct python_tag parsed = python_tag_parse(text);
	struct str tag;

	if (!is_within(parsed.flags, text) || !is_within(parsed.platform, text) ||
	    (parsed.kind != PYTHON_UNTAGGED && !str_ends(text, STR(".so")) && !str_ends(text, STR(".pyd"))))
		abort();
	if (python_tag_of_extension(text) && !libraries_is_name(text))
		abort();
	if (loadable_wheel(text, &platform, 13, &tag) == WHEEL_FITS &&
	    loadable_wheel(text, NULL, 0, &tag) != WHEEL_FITS)
		abort();
	if (!is_within(tag, text))
		abort();
	if (binary_osabi_of(bytes_of_str(text)) && binary_format_of(bytes_of_str(text)) != BINARY_ELF)
		abort();
}

/* "Apath soname interpreter name name…" with a letter for what the file is. */
static void add_library(struct libraries *libraries, uint32_t file, unsigned char kind, struct str rest)
{
	static const uint16_t machines[] = { EM_X86_64, EM_X86_64, EM_AARCH64, EM_386 };
	struct library library = { .file = file, .format = BINARY_ELF, .python = kind & 1 };
	struct str word;

	library.elf.form = kind & 2 ? ELF_SHARED : (enum elf_form)(kind >> 2 & 7) % (ELF_DEBUG + 1);
	library.elf.machine = machines[kind >> 5 & 3];
	library.elf.is64 = !(kind & 16);
	(void)str_cut(rest, ' ', &library.elf.soname, &rest);
	(void)str_cut(rest, ' ', &library.elf.interpreter, &rest);
	while (rest.len) {
		(void)str_cut(rest, ' ', &word, &rest);
		*vec_push(libraries->arena, &library.elf.needed) = word;
	}
	libraries_add(libraries, &library);
}

static void check_table(struct str text, struct arena *arena)
{
	struct bundle bundle = { .arena = arena };
	VEC(struct str) lines = { 0 };
	struct libraries libraries;
	struct loadable *anywhere;
	struct loadable *here;

	while (text.len) {
		struct str *line = vec_push(arena, &lines);
		struct str path;

		(void)str_cut(text, '\n', line, &text);
		(void)str_cut(str_from(*line, 1), ' ', &path, &(struct str){ 0 });
		*vec_push(arena, &bundle.files) = (struct file){ .path = path };
	}
	libraries_begin(&libraries, &bundle, arena);
	for (uint32_t i = 0; i < lines.len; i++) {
		struct str rest = str_from(lines.at[i], 1 + bundle.files.at[i].path.len + 1);

		add_library(&libraries, i, lines.at[i].len ? (unsigned char)lines.at[i].ptr[0] : 0, rest);
	}
	anywhere = loadable_all(&libraries, ARCH_ANY, 0, arena);
	here = loadable_all(&libraries, ARCH_X86_64, 13, arena);
	for (size_t i = 0; i < libraries.list.len; i++) {
		struct loadable one =
			loadable_judge(&libraries, &libraries.list.at[i], ARCH_X86_64, 13, arena);

		if (one.why != here[i].why || libraries.list.at[i].never != (one.why != LOADABLE) ||
		    (here[i].why == LOADABLE && anywhere[i].why != LOADABLE))
			abort();
	}
	(void)loadable_arch(&libraries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of_bytes((struct bytes){ data, size });
	struct arena arena = { 0 };

	check_tags(text);
	check_table(text, &arena);
	arena_free(&arena);
	return 0;
}
