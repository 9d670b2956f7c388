/*
 * Modules named in bytes: extension modules as C, Cython, Rust and cffi leave them, with string tables that
 * are made here; pickles, bytecode and configuration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "made_elf.h"
#include "scan/binary_modules.h"
#include "scan/python_names.h"
#include "scan_bundle.h"

static const struct entry entries[] = {
	{ "_cffi_backend.cpython-311-x86_64-linux-gnu.so", "" },
	{ "a/__init__.py", "" },
	{ "a/x.py", "" },
	{ "other/__init__.py", "" },
	{ "other/deep/__init__.py", "" },
	{ "other/deep/mod.py", "" },
	{ "other/lib.py", "" },
	{ "other/library.py", "" },
	{ "pkg/__init__.py", "" },
	{ "pkg/_ext.abi3.so", "" },
	{ "pkg/far/__init__.py", "" },
	{ "pkg/far/away.py", "" },
	{ "pkg/sibling.py", "" },
	{ "pkg/sub/__init__.py", "" },
	{ "pkg/sub/_inner.cpython-311-x86_64-linux-gnu.so", "" },
	{ "pkg/sub/ab.py", "" },
	{ "pkg/sub/near.py", "" },
	{ "pkg/sub/unused.py", "" },
	{ "solo.py", "" },
	{ 0 },
};

struct fixture {
	struct package package;
	struct modules modules;
	struct buf seen; /* names in order, a blank behind each */
};

static void sees(void *ctx, uint32_t module, struct str evidence)
{
	struct fixture *fixture = ctx;

	assert_true(evidence.len > 0);
	buf_add(&fixture->seen, fixture->modules.list.at[module].name);
	buf_add(&fixture->seen, STR(" "));
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	package_add(&fixture->package, entries);
	modules_index(&fixture->modules, &fixture->package.bundle, &fixture->package.arena);
	fixture->seen.arena = &fixture->package.arena;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_free(&fixture->package.arena);
	free(fixture);
	return 0;
}

static uint32_t file_at(struct fixture *fixture, const char *path)
{
	uint32_t file = bundle_find(&fixture->package.bundle, 0, str_of(path));

	assert_int_not_equal(file, NO_FILE);
	return file;
}

/* The names that were seen, which are then forgotten. */
static const char *seen(struct fixture *fixture)
{
	struct str text = str_dup(&fixture->package.arena, str_trim(buf_str(&fixture->seen)));

	fixture->seen.len = 0;
	return text.ptr;
}

static int name_order(const void *left, const void *right)
{
	const struct str *a = left;
	const struct str *b = right;

	return str_cmp(*a, *b);
}

static const char *seen_sorted(struct fixture *fixture)
{
	struct str rest = str_of(seen(fixture));
	struct str names[32];
	size_t count = 0;

	while (rest.len && count < 32)
		(void)str_cut(rest, ' ', &names[count++], &rest);
	qsort(names, count, sizeof(names[0]), name_order);
	for (size_t i = 0; i < count; i++)
		sees(fixture, modules_find(&fixture->modules, names[i]), names[i]);
	return seen(fixture);
}

static const char inner[] = "pkg/sub/_inner.cpython-311-x86_64-linux-gnu.so";
static const char ext[] = "pkg/_ext.abi3.so";

/* Reads the bytes as an extension module, in memory of exactly that size. */
static bool read_binary(struct fixture *fixture, const char *path, struct str content)
{
	char *copy = malloc(content.len ? content.len : 1);
	struct arena scratch = { 0 };
	bool known;

	assert_non_null(copy);
	memcpy(copy, content.ptr, content.len);
	known = binary_modules(&fixture->modules, file_at(fixture, path),
			       (struct bytes){ (uint8_t *)copy, content.len }, &scratch, sees, fixture);
	arena_free(&scratch);
	free(copy);
	return known;
}

/* The bytes in the file, and what is seen in them. */
static const struct {
	const char *name;
	const char *path;
	struct str content;
	const char *seen;
} binary_cases[] = {
	{ "a dotted name", ext, STR_INIT("\0other.deep.mod\0"), "other.deep other.deep.mod" },
	{ "attributes behind it", ext, STR_INIT("\0other.lib.Class.method\0"), "other.lib" },
	{ "nothing of the module", ext, STR_INIT("\0other.gone\0"), "" },
	{ "relative to the package", ext, STR_INIT("\0sub.near\0"), "pkg.sub.near" },
	{ "in a sentence", ext, STR_INIT("needs other.lib, or else"), "other.lib" },
	{ "its own name", ext, STR_INIT("\0pkg._ext\0"), "" },
	{ "a name of one letter", ext, STR_INIT("\0a.x\0"), "a.x" },
	{ "not at the end of a word", ext, STR_INIT("\0aa.x\0"), "" },
	{ "Rust: glued on both sides", ext, STR_INIT("failedother.lib123other.deepx"),
	  "other.lib other.deep" },
	{ "the longest name, where the word ends there", ext, STR_INIT("\0other.library\0"),
	  "other.library" },
	{ "all names, where it does not", ext, STR_INIT("\0other.libraryfoo\0"), "other.library other.lib" },
	{ "a sibling", ext, STR_INIT("\0sibling\0"), "pkg.sibling" },
	{ "a sibling at the ends", ext, STR_INIT("sibling"), "pkg.sibling" },
	{ "only whole names", ext, STR_INIT("\0siblings\0xsibling\0sib\0"), "" },
	{ "a neighbour of the package is none", ext, STR_INIT("\0near\0"), "" },
	{ "at the top", ext, STR_INIT("\0_cffi_backend\0"), "_cffi_backend" },
	{ "eight zero bytes and more", ext,
	  STR_INIT("\0\0\0\0\0\0\0\0\0\0\0solo\0\0\0\0\0\0\0\0\0\0\0\0\0sibling\0"), "solo pkg.sibling" },
	{ "once only", ext, STR_INIT("\0solo\0solo\0other.lib\0other.lib\0"), "other.lib solo" },
	{ "Cython 3.1: a module of a package", inner,
	  STR_INIT("PyInit_\0__pyx_\0__main__\0other.deep\0mod\0"), "other.deep other.deep.mod" },
	{ "Cython 3.1: from .. import", inner, STR_INIT("PyInit_\0__pyx_\0__main__\0sibling\0"),
	  "pkg.sibling" },
	{ "not where Cython was not", inner, STR_INIT("PyInit_\0__main__\0other.deep\0mod\0sibling\0"),
	  "other.deep" },
};

static void test_binary_cases(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(binary_cases) / sizeof(binary_cases[0]); i++) {
		const char *found;

		assert_true(read_binary(fixture, binary_cases[i].path, binary_cases[i].content));
		found = seen(fixture);
		if (strcmp(found, binary_cases[i].seen) != 0)
			fail_msg("%s: %s", binary_cases[i].name, found);
	}
}

/* At every place relative to the words that are compared at once, and cut off anywhere. */
static void test_every_offset(void **state)
{
	struct fixture *fixture = *state;
	char text[64];

	for (size_t at = 0; at < 24; at++) {
		memset(text, 0, sizeof(text));
		memcpy(text + at, "sibling", 7);
		assert_true(read_binary(fixture, ext, (struct str){ text, at + 7 }));
		assert_string_equal(seen(fixture), "pkg.sibling");
		assert_true(read_binary(fixture, ext, (struct str){ text, at + 6 }));
		assert_string_equal(seen(fixture), "");
	}
}

/* Only what is loaded and no code is read, in both classes and byte orders; all where the headers lie. */
static void test_sections(void **state)
{
	struct fixture *fixture = *state;

	for (int kind = 0; kind < 4; kind++) {
		struct made elf = made_library(kind & 1, kind & 2);
		struct str all = { (const char *)elf.at, elf.len };

		SET_SECTION(&elf, SEC_TEXT, sh_flags, SHF_ALLOC | SHF_EXECINSTR);
		memcpy(elf.at + MADE_TEXT + 16, "\0other.deep\0", 12);
		memcpy(elf.at + MADE_DEBUG + 16, "\0other.library\0", 15);
		memcpy(elf.at + MADE_DATA + 16, "\0other.lib\0", 11);
		assert_true(read_binary(fixture, ext, all));
		assert_string_equal(seen(fixture), "other.lib");
		SET_SECTION(&elf, SEC_DATA, sh_size, UINT32_MAX - 4);
		assert_true(read_binary(fixture, ext, all));
		assert_string_equal(seen(fixture), "other.deep other.lib other.library");
		for (size_t len = 0; len < elf.len; len += 61)
			(void)read_binary(fixture, ext, str_head(all, len));
		(void)seen(fixture);
		free(elf.at);
	}
}

/* A table of strings as Cython makes it. */
static const char *const table_strings[] = {
	"Some text that is no name, in \xC3\xA9t\xC3\xA9, not other.library: it says __name__.",
	"",
	".",
	"pkg.",
	"__main__",
	"__name__",
	"__test__",
	"away",
	"a_long_name_that_repeats_itself_a_long_name_that_repeats_itself",
	"cline_in_traceback",
	"far",
	"near",
	"other.deep",
	"another_long_name_that_repeats_itself_a_long_name_that_repeats_itself",
	"pkg.sub",
	"solo",
};

enum { TABLE_STRINGS = sizeof(table_strings) / sizeof(table_strings[0]) };

static struct str make_table(struct fixture *fixture)
{
	struct buf table = { .arena = &fixture->package.arena };

	for (size_t i = 0; i < TABLE_STRINGS; i++)
		buf_add(&table, str_of(table_strings[i]));
	return buf_str(&table);
}

/* The lengths of the strings, of characters or bytes. */
static void add_lengths(struct buf *file, bool characters)
{
	while (file->len % 4)
		buf_fill(file, '\0', 1);
	for (size_t i = 0; i < TABLE_STRINGS; i++) {
		size_t len = 0;

		for (const char *c = table_strings[i]; *c; c++)
			len += !characters || (*c & 0xC0) != 0x80;
		buf_add(file, (struct str){ (char[4]){ (char)len, 0, 0, 0 }, 4 });
	}
	buf_fill(file, '\xEE', 8);
}

/* LZSS as in Cython 3.3, all as it is, or with copies in one of the three forms. */
static void add_lzss(struct buf *out, struct str text, int form)
{
	size_t at = 0;

	while (at < text.len) {
		size_t flags_at = out->len;
		unsigned flags = 0;

		buf_fill(out, '\0', 1);
		for (unsigned bit = 0; bit < 8 && at < text.len; bit++) {
			size_t back = 0;
			size_t most = text.len - at < 31 ? text.len - at : 31;
			size_t len = 0;

			for (size_t from = 0; form && from < at; from++) {
				size_t n = 0;

				while (n < most && n < at - from && text.ptr[from + n] == text.ptr[at + n])
					n++;
				if (n >= 3 && n > len && at - from - n < (form == 1 ? 128 : 512) &&
				    (form == 1 || at - from - n >= 128)) {
					len = n;
					back = at - from - n;
				}
			}
			if (len == 0) {
				flags |= 1U << bit;
				buf_add(out, (struct str){ text.ptr + at++, 1 });
				continue;
			}
			at += len;
			if (form == 1) {
				buf_add(out, (struct str){ (char[2]){ (char)back, (char)(len - 3) }, 2 });
				continue;
			}
			back -= 128;
			if (form == 2)
				buf_add(out,
					(struct str){ (char[2]){ (char)(0x80 | (back & 0x7F)),
								 (char)((back >> 2 & 0x60) | (len - 3)) },
						      2 });
			else
				buf_add(out,
					(struct str){ (char[3]){ (char)(0x80 | (back & 0x7F)),
								 (char)(0x80 | back >> 7), (char)(len - 3) },
						      3 });
		}
		out->at[flags_at] = (char)flags;
	}
}

enum packing { PACK_NONE, PACK_ZLIB, PACK_LZSS0, PACK_LZSS1, PACK_LZSS2, PACK_LZSS3, PACK_UNKNOWN, PACKINGS };

static void add_packed(struct buf *file, struct str table, enum packing packing)
{
	unsigned char packed[4096];
	uLongf size = sizeof(packed);

	switch (packing) {
	case PACK_NONE:
		buf_add(file, table);
		break;
	case PACK_ZLIB:
		assert_int_equal(
			compress2(packed, &size, (const unsigned char *)table.ptr, (uLong)table.len, 9),
			Z_OK);
		buf_add(file, (struct str){ (char *)packed, size });
		break;
	case PACK_UNKNOWN:
		buf_add(file, STR("BZh91AY&SY"));
		buf_fill(file, '\xA5', 300);
		break;
	default:
		add_lzss(file, table, (int)packing - PACK_LZSS0);
	}
	buf_fill(file, '\0', 1);
}

static void test_tables(void **state)
{
	struct fixture *fixture = *state;
	struct str table = make_table(fixture);

	for (int packing = 0; packing < PACKINGS; packing++) {
		for (int lengths = 0; lengths < 3; lengths++) {
			struct buf file = { .arena = &fixture->package.arena };
			bool known;

			buf_add(&file, STR("PyInit__inner\0__pyx_module\0pkg.far"));
			buf_fill(&file, '\0', 8);
			add_packed(&file, table, (enum packing)packing);
			if (lengths)
				add_lengths(&file, lengths == 2);
			known = read_binary(fixture, inner, buf_str(&file));
			if (known != (packing != PACK_UNKNOWN))
				fail_msg("packing %d, lengths %d", packing, lengths);
			if (packing == PACK_UNKNOWN) {
				assert_string_equal(seen(fixture), "pkg.far");
				continue;
			}
			/* Without the lengths, more than is there may be seen, but no less. */
			assert_string_equal(
				seen_sorted(fixture),
				lengths ? "other.deep other.library pkg.far pkg.far.away pkg.sub "
					  "pkg.sub.near solo"
					: "other other.deep other.lib other.library pkg pkg.far pkg.far.away "
					  "pkg.sub pkg.sub.near solo");
		}
	}
}

static void test_hostile_tables(void **state)
{
	struct fixture *fixture = *state;
	struct buf file = { .arena = &fixture->package.arena };
	size_t markers = 0;

	buf_add(&file, STR("PyInit_x\0__pyx_\0"));
	markers = file.len;
	/* Streams that begin everywhere, back references to nothing, a length array without end. */
	for (int fill = 0; fill < 256; fill += 5) {
		file.len = markers;
		buf_fill(&file, (char)fill, 5000);
		assert_false(read_binary(fixture, ext, buf_str(&file)));
	}
	file.len = markers;
	buf_add(&file, make_table(fixture));
	buf_fill(&file, '\0', 40000);
	assert_true(read_binary(fixture, ext, buf_str(&file)));
}

static void check_pickle(struct fixture *fixture, struct str pickle, const char *expected)
{
	char *copy = malloc(pickle.len ? pickle.len : 1);

	assert_non_null(copy);
	memcpy(copy, pickle.ptr, pickle.len);
	pickle_modules(&fixture->modules, (struct bytes){ (uint8_t *)copy, pickle.len }, sees, fixture);
	free(copy);
	assert_string_equal(seen(fixture), expected);
}

static void test_pickles(void **state)
{
	struct fixture *fixture = *state;

	/* pickle.dumps((other.deep.mod.C, other.deep.mod.D, other.lib.C), protocol) */
	check_pickle(fixture,
		     STR("(cother.deep.mod\nC\np0\ncother.deep.mod\nD\np1\ncother.lib\nC\np2\ntp3\n."),
		     "other.deep.mod other.deep.mod other.lib");
	check_pickle(fixture, STR("\x80\x02(iother.lib\nC\n."), "other.lib");
	check_pickle(fixture,
		     STR("\x80\x04\x95\x3b\0\0\0\0\0\0\0\x8c\x0eother.deep.mod\x94\x8c\x01"
			 "C\x94\x93\x94h\0\x8c\x01"
			 "D\x94\x93\x94\x8c\tother.lib\x94\x8c\x01"
			 "C\x94\x93\x94\x87\x94."),
		     "other.deep.mod other.deep.mod other.lib");
	check_pickle(fixture, STR("\x80\x03X\t\0\0\0other.libq\0X\x01\0\0\0Cq\x01\x93."), "other.lib");
	/* A text is no module by itself; one that is in a string of bytes neither. */
	check_pickle(fixture, STR("\x80\x04\x8c\tother.lib\x94."), "");
	check_pickle(fixture,
		     STR("\x80\x04"
			 "C\x0d"
			 "cother.lib\nC\n."),
		     "");
	/* Arrays of joblib stand between the opcodes. */
	check_pickle(fixture,
		     STR("\x80\x04N\x0e\xff\xff\xff\x8c\tother.lib\x94\x8c\x01"
			 "C\x94\x93."),
		     "other.lib");
	check_pickle(fixture,
		     STR("\x80\x02T\xff\xff\xff\x7f"
			 "cother.lib\nC\n"),
		     "other.lib");
	/* Another pickle behind the first one has a memo of its own. */
	check_pickle(fixture,
		     STR("\x80\x04\x8c\x01"
			 "C\x94.\x80\x04\x8c\tother.lib\x94"
			 "0h\0\x8c\x01"
			 "C\x93."),
		     "other.lib");
	for (size_t len = 0; len < 40; len++)
		check_pickle(fixture,
			     str_head(STR("\x80\x04\x95\x3b\0\0\0\0\0\0\0\x8d\x0e\0\0\0\0\0\0\0"), len), "");
}

static void test_pickle_is(void **state)
{
	(void)state;
	assert_true(pickle_is(STR("a/model.joblib"), bytes_of_str(STR("x"))));
	assert_true(pickle_is(STR("a/model.bin"), bytes_of_str(STR("\x80\x04\x95"))));
	assert_true(pickle_is(STR("a/model.bin"), bytes_of_str(STR("\x80\x02}"))));
	assert_false(pickle_is(STR("a/model.bin"), bytes_of_str(STR("\x80\x06\x95"))));
	assert_false(pickle_is(STR("a/model.bin"), bytes_of_str(STR("\x80\x02\xff"))));
	assert_false(pickle_is(STR("a/model.bin"), bytes_of_str(STR("\x80\x02"))));
	assert_false(pickle_is(STR("a/model.bin"), bytes_of_str(STR(""))));
}

static void test_text(void **state)
{
	static const struct {
		struct str text;
		const char *seen;
	} cases[] = {
		{ STR_INIT("{\"class\": \"other.deep.mod.Class\"}"), "other.deep.mod" },
		{ STR_INIT("x = other.deep.mod.Class.method"), "other.deep.mod" },
		{ STR_INIT("x = other.deep.a.b.c"), "" },
		{ STR_INIT("x = other.deep.a.b"), "other.deep" },
		{ STR_INIT("- other.lib:main.run"), "other.lib" },
		{ STR_INIT("- solo:main"), "solo" },
		{ STR_INIT("- other.gone:main"), "" },
		{ STR_INIT("solo: other"), "" },
		{ STR_INIT("xother.lib 1other.lib other..lib other.1lib .other"), "" },
		{ STR_INIT("other.lib."), "other.lib" },
		{ STR_INIT("other.lib"), "other.lib" },
		{ STR_INIT("see http://other.lib/other.deep"), "other.lib other.deep" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found;

		text_modules(&fixture->modules, cases[i].text, sees, fixture);
		found = seen(fixture);
		if (strcmp(found, cases[i].seen) != 0)
			fail_msg("%.*s: %s", STR_ARG(cases[i].text), found);
	}
}

static void sees_mention(void *ctx, const struct mention *mention)
{
	struct buf *texts = ctx;

	assert_int_equal(mention->kind, MENTION_TEXT);
	assert_true(str_eq(mention->callee, STR("import_module")));
	assert_true(str_eq(mention->evidence, mention->text));
	buf_add(texts, mention->text);
	buf_add(texts, STR(" "));
}

static void test_bytecode(void **state)
{
	struct fixture *fixture = *state;
	struct buf texts = { .arena = &fixture->package.arena };
	const struct str code = STR("\xa7\r\r\n\0\0\0\0\0\0\0\0\0\0\0\0\xe3\0"
				    "\xda\x0eother.deep.mod"
				    "z\x04solo"
				    "a\x03\0\0\0abc"
				    "\xf5\x04\0\0\0\xc3\xa9t\xc3"
				    "u\0\x01\0\0"
				    "z\x03\x01\x02\x03"
				    "z\xff"
				    "zz");

	for (size_t len = 0; len <= code.len; len++) {
		char *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, code.ptr, len);
		texts.len = 0;
		bytecode_mentions((struct bytes){ (uint8_t *)copy, len }, sees_mention, &texts);
		free(copy);
	}
	assert_true(str_eq(buf_str(&texts), STR("other.deep.mod solo abc \xc3\xa9t\xc3 ")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_binary_cases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_offset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sections, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pickles, setup, teardown),
		cmocka_unit_test(test_pickle_is),
		cmocka_unit_test_setup_teardown(test_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bytecode, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
