/* scan/libraries.h: which files are shared objects, and who is called what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>

#include "scan/libraries.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_names(void **state)
{
	static const struct {
		const char *path;
		bool is;
	} cases[] = {
		{ "x.so", true },
		{ "a/libx.so.1.2", true },
		{ "x.abi3.so", true },
		{ "x.cpython-313-x86_64-linux-gnu.so", true },
		{ "libcrypto.so.1.0.2k", true },
		{ "libpyside6.abi3.so.6.7", true },
		{ "libfoo-1a2b3c4d.so.0.3.27", true },
		{ "a.so.b.so", true },
		{ "a.sort.so.3", true },
		{ "x.pyd", true },
		{ "lib.dylib", true },
		{ "", false },
		{ "so", false },
		{ ".so", false },
		{ "a/.so", false },
		{ "a/.so.1", false },
		{ "x.so/y", false },
		{ "x.soa", false },
		{ "x.sort", false },
		{ "x.so.py", false },
		{ "x.so.gz", false },
		{ "x.so.1.debug", false },
		{ "x.so.", false },
		{ "x.so.1.", false },
		{ "x.so..1", false },
		{ "x.so1", false },
		{ "x.SO", false },
		{ "x.py", false },
		{ "x.dylib.1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (libraries_is_name(str_of(cases[i].path)) != cases[i].is)
			fail_msg("%s", cases[i].path);
	/* What is behind the end is not looked at. */
	assert_false(libraries_is_name(str_head(STR("x.so.1"), 5)));
}

#define BYTES(literal)                                                                                       \
	{                                                                                                    \
		(const uint8_t *)(literal), sizeof(literal) - 1                                              \
	}

static void test_formats(void **state)
{
	static const struct {
		struct bytes content;
		enum binary_format format;
	} cases[] = {
		{ BYTES(""), BINARY_OTHER },
		{ BYTES("\177EL"), BINARY_OTHER },
		{ BYTES("\177ELF"), BINARY_ELF },
		{ BYTES("\177ELG\2\1\1"), BINARY_OTHER },
		{ BYTES("\xcf\xfa\xed\xfe\7\0\0\1"), BINARY_MACHO },
		{ BYTES("\xce\xfa\xed\xfe"), BINARY_MACHO },
		{ BYTES("\xfe\xed\xfa\xcf"), BINARY_MACHO },
		{ BYTES("\xfe\xed\xfa\xce"), BINARY_MACHO },
		{ BYTES("\xca\xfe\xba\xbe\0\0\0\2"), BINARY_MACHO },
		{ BYTES("\xca\xfe\xba\xbf\0\0\0\1"), BINARY_MACHO },
		{ BYTES("\xca\xfe\xba\xbe\0\0\0\0"), BINARY_OTHER },
		{ BYTES("\xca\xfe\xba\xbe\0\0\0\x34"), BINARY_OTHER }, /* Java 8 */
		{ BYTES("\xca\xfe\xba\xbe\0\3\0\x2d"), BINARY_OTHER }, /* Java 1.1 */
		{ BYTES("\xca\xfe\xba\xbe\0\0\0"), BINARY_OTHER },
		{ BYTES("\xca\xfe\xba\xbe"), BINARY_OTHER },
		{ BYTES("INPUT(-lncurses)"), BINARY_OTHER },
		{ BYTES("version https://git-lfs.github.com/spec/v1\n"), BINARY_OTHER },
		{ BYTES("MZ"), BINARY_OTHER },
		{ BYTES("!<arch>\n"), BINARY_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (binary_format_of(cases[i].content) != cases[i].format)
			fail_msg("case %zu: %d", i, (int)binary_format_of(cases[i].content));
}

/* The place of the second header is a number from the file: no place is outside of it. Each length has memory
   of its own, so that the sanitizer sees what is read behind. */
static void test_pe(void **state)
{
	static const struct {
		uint32_t at;
		size_t len;
		enum binary_format format;
	} cases[] = {
		{ 64, 68, BINARY_PE },
		{ 64, 67, BINARY_OTHER },
		{ 0x80, 0x84, BINARY_PE },
		{ 0x80, 0x83, BINARY_OTHER },
		{ 65, 68, BINARY_OTHER },
		{ 0xffffffff, 68, BINARY_OTHER },
		{ 0xfffffffc, 68, BINARY_OTHER },
		{ 0x80000000, 68, BINARY_OTHER },
		{ 4, 68, BINARY_PE },
		{ 4, 63, BINARY_OTHER },
		{ 4, 64, BINARY_PE },
		{ 0, 64, BINARY_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t *content = calloc(1, cases[i].len);

		assert_non_null(content);
		memcpy(content, "MZ", 2);
		for (size_t byte = 0; byte < 4; byte++)
			if (60 + byte < cases[i].len)
				content[60 + byte] = (uint8_t)(cases[i].at >> 8 * byte);
		if (cases[i].at >= 4 && (uint64_t)cases[i].at + 4 <= cases[i].len)
			memcpy(content + cases[i].at, "PE\0\0", 4);
		if (binary_format_of((struct bytes){ content, cases[i].len }) != cases[i].format)
			fail_msg("case %zu", i);
		free(content);
	}
}

static void test_osabi(void **state)
{
	static const struct bytes freebsd = BYTES("\177ELF\2\1\1\11\0");
	static const struct bytes none = BYTES("\xcf\xfa\xed\xfe\2\1\1\11\0");

	(void)state;
	assert_int_equal(binary_osabi_of(freebsd), ELFOSABI_FREEBSD);
	assert_int_equal(binary_osabi_of((struct bytes){ freebsd.ptr, 8 }), ELFOSABI_FREEBSD);
	assert_int_equal(binary_osabi_of((struct bytes){ freebsd.ptr, 7 }), ELFOSABI_SYSV);
	assert_int_equal(binary_osabi_of((struct bytes){ freebsd.ptr, 0 }), ELFOSABI_SYSV);
	assert_int_equal(binary_osabi_of(none), ELFOSABI_SYSV);
}

/* What the chains give, as "2 0". */
static const char *chain(char text[64], const struct libraries *libraries, uint32_t first, bool by_soname)
{
	size_t len = 0;

	text[0] = '\0';
	for (uint32_t i = first; i != NO_LIBRARY && len < 60;
	     i = by_soname ? libraries->list.at[i].same_soname : libraries->list.at[i].same_base)
		len += (size_t)snprintf(text + len, 64 - len, "%s%u", len ? " " : "", i);
	return text;
}

static void test_table(void **state)
{
	/* Every second file is a library: numbers of files and of libraries differ. */
	static const struct {
		const char *path;
		const char *soname;
		enum elf_form form;
		enum binary_format format;
	} rows[] = {
		{ "a/libx.so.1", "libx.so.1", ELF_SHARED, BINARY_ELF },
		{ "b/libx.so.1", "libother.so", ELF_SHARED, BINARY_ELF },
		{ "c/copy.so", "libx.so.1", ELF_SHARED, BINARY_ELF },
		{ "d/libx.so.1", "", ELF_SHARED, BINARY_ELF },
		{ "e/program", "libx.so.1", ELF_PROGRAM, BINARY_ELF },
		{ "f/copy.so", "", ELF_NOT, BINARY_OTHER },
		{ "g/libx.so.1", "libx.so.1", ELF_DEBUG, BINARY_ELF },
		{ "h/libx.so.1", "libx.so.1", ELF_SHARED, BINARY_ELF },
	};
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct libraries libraries;
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		*vec_push(&arena, &bundle.files) = (struct file){ .path = STR("data") };
		*vec_push(&arena, &bundle.files) = (struct file){ .path = str_of(rows[i].path) };
	}
	libraries_begin(&libraries, &bundle, &arena);
	for (size_t i = 0; i < COUNT(rows); i++)
		libraries_add(&libraries, &(struct library){ .file = (uint32_t)(2 * i + 1),
							     .format = rows[i].format,
							     /* what was there before does not count */
							     .same_base = 7,
							     .same_soname = 7,
							     .elf = { .form = rows[i].form,
								      .soname = str_of(rows[i].soname) } });
	assert_string_equal(chain(text, &libraries, libraries_by_base(&libraries, STR("libx.so.1")), false),
			    "7 6 3 1 0");
	assert_string_equal(chain(text, &libraries, libraries_by_soname(&libraries, STR("libx.so.1")), true),
			    "7 2 0");
	assert_string_equal(chain(text, &libraries, libraries_by_base(&libraries, STR("copy.so")), false),
			    "5 2");
	assert_string_equal(
		chain(text, &libraries, libraries_by_soname(&libraries, STR("libother.so")), true), "1");
	assert_int_equal(libraries_by_soname(&libraries, STR("copy.so")), NO_LIBRARY);
	assert_int_equal(libraries_by_soname(&libraries, STR("")), NO_LIBRARY);
	assert_int_equal(libraries_by_base(&libraries, STR("a/libx.so.1")), NO_LIBRARY);
	assert_int_equal(libraries.list.at[3].same_soname, NO_LIBRARY);
	assert_null(libraries_of(&libraries, 0));
	assert_null(libraries_of(&libraries, NO_FILE));
	assert_null(libraries_of(&libraries, 2 * COUNT(rows)));
	for (uint32_t i = 0; i < COUNT(rows); i++)
		assert_ptr_equal(libraries_of(&libraries, 2 * i + 1), &libraries.list.at[i]);
	arena_free(&arena);
}

static void test_peek(void **state)
{
	static const struct {
		struct bytes head;
		enum binary_format format;
		enum elf_form form;
		uint16_t machine;
		bool is64;
		bool big;
		uint8_t osabi;
	} cases[] = {
		{ BYTES("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\76\0____________________________________"),
		  BINARY_ELF, ELF_SHARED, EM_X86_64, true, false, 0 },
		{ BYTES("\177ELF\2\1\1\11\0\0\0\0\0\0\0\0\2\0\267\0____________________________________"),
		  BINARY_ELF, ELF_PROGRAM, EM_AARCH64, true, false, ELFOSABI_FREEBSD },
		{ BYTES("\177ELF\1\2\1\0\0\0\0\0\0\0\0\0\0\1\0\24________________________________"),
		  BINARY_ELF, ELF_OBJECT, EM_PPC, false, true, 0 },
		{ BYTES("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0\76\0____________________________________"),
		  BINARY_ELF, ELF_TORN, EM_X86_64, true, false, 0 },
		{ BYTES("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\76\0"), BINARY_ELF, ELF_TORN, 0, false, false,
		  0 },
		{ BYTES("\177ELF"), BINARY_ELF, ELF_TORN, 0, false, false, 0 },
		{ BYTES("\xcf\xfa\xed\xfe"), BINARY_MACHO, ELF_NOT, 0, false, false, 0 },
		{ BYTES(""), BINARY_OTHER, ELF_NOT, 0, false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct library library = library_peek(7, cases[i].head);

		if (library.file != 7 || library.format != cases[i].format ||
		    library.elf.form != cases[i].form || library.elf.machine != cases[i].machine ||
		    library.elf.is64 != cases[i].is64 || library.elf.big != cases[i].big ||
		    library.osabi != cases[i].osabi)
			fail_msg("case %zu: form %d machine %u", i, (int)library.elf.form,
				 library.elf.machine);
	}
}

/* First by its first bytes, then by its headers, which may be read again. */
static void test_known_later(void **state)
{
	static const struct elf_object elf = { .form = ELF_SHARED, .soname = STR_INIT("x.so") };
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct libraries libraries;
	char text[64];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		*vec_push(&arena, &bundle.files) = (struct file){ .path = STR("a/b.so") };
	libraries_begin(&libraries, &bundle, &arena);
	for (uint32_t i = 0; i < 2; i++)
		libraries_add(&libraries, &(struct library){ .file = i, .format = BINARY_ELF });
	assert_int_equal(libraries_by_soname(&libraries, STR("x.so")), NO_LIBRARY);
	for (size_t again = 0; again < 2; again++)
		for (uint32_t i = 0; i < 3; i++) {
			struct library *library = libraries_know(&libraries, i, &elf, i == 1);

			assert_int_equal(library->file, i);
			assert_int_equal(library->python, i == 1);
			assert_int_equal(library->format, BINARY_ELF);
		}
	assert_int_equal(libraries.list.len, 3);
	assert_string_equal(chain(text, &libraries, libraries_by_soname(&libraries, STR("x.so")), true),
			    "2 1 0");
	assert_string_equal(chain(text, &libraries, libraries_by_base(&libraries, STR("b.so")), false),
			    "2 1 0");
	arena_free(&arena);
}

static void test_empty(void **state)
{
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct libraries libraries;

	(void)state;
	libraries_begin(&libraries, &bundle, &arena);
	assert_null(libraries_of(&libraries, 0));
	assert_int_equal(libraries_by_base(&libraries, STR("x.so")), NO_LIBRARY);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_formats),
		cmocka_unit_test(test_pe),    cmocka_unit_test(test_osabi),
		cmocka_unit_test(test_table), cmocka_unit_test(test_empty),
		cmocka_unit_test(test_peek),  cmocka_unit_test(test_known_later),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
