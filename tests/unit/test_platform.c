/* platform/platform: the form of the data, what is asked of it, and the data themselves. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "platform/platform.h"

/* The least that a file must say. */
#define LEAST                                                                                                \
	"title T\nmachine x86_64\npython 8-11\nglibc 2.26\nloader ld.so\n$LIB lib64\n$PLATFORM x\n"          \
	"library-path /a /b\ndefault-dirs /c\nhwcaps d/e f\n"

static int setup(void **state)
{
	static struct arena arena;

	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct platforms *load(struct arena *arena)
{
	struct platforms *platforms = arena_new(arena, struct platforms);
	struct err err;

	if (platforms_load(platforms, arena, &err) != 0)
		fail_msg("%s", err.msg);
	return platforms;
}

static const struct platform *parse(struct arena *arena, const char *text)
{
	struct platforms *platforms = arena_new(arena, struct platforms);
	struct err err;

	if (platform_parse(platforms, arena, STR("a/b.txt"), str_of(text), &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(platforms->list.len, 1);
	return &platforms->list.at[0];
}

static void assert_str(struct str s, const char *expected)
{
	if (!str_eq(s, str_of(expected)))
		fail_msg("'%.*s' is not '%s'", STR_ARG(s), expected);
}

static void test_form(void **state)
{
	const struct platform *p = parse(*state, "# comment\n\n" LEAST "library-path /g\nsure liba.so.1\n"
						 "defines A_1 A_2\n# comment\ndefines A_3\nnewer A_4\n"
						 "image libb.so\ninterpreter libp3.%.so.1");
	const struct platform_library *a;

	assert_str(p->name, "b");
	assert_str(p->title, "T");
	assert_int_equal(p->arch, ARCH_X86_64);
	assert_int_equal(p->machine, EM_X86_64);
	assert_int_equal(p->minors, 0xf00);
	assert_int_equal(p->glibc, 26);
	assert_str(p->loader, "ld.so");
	assert_str(p->lib, "lib64");
	assert_str(p->hardware, "x");
	assert_int_equal(p->library_path.len, 3);
	assert_str(p->library_path.at[1], "/b");
	assert_str(p->library_path.at[2], "/g");
	assert_int_equal(p->default_dirs.len, 1);
	assert_int_equal(p->hwcaps.len, 2);
	assert_str(p->hwcaps.at[0], "d/e");
	assert_int_equal(p->libraries.len, 2 + 4);
	a = platform_library(p, 8, STR("liba.so.1"));
	assert_non_null(a);
	assert_true(a->sure);
	assert_int_equal(a->defines.len, 3);
	assert_int_equal(platform_version(a, STR("A_1")), VERSION_THERE);
	assert_int_equal(platform_version(a, STR("A_3")), VERSION_THERE);
	assert_int_equal(platform_version(a, STR("A_4")), VERSION_FLOATING);
	assert_int_equal(platform_version(a, STR("A_5")), VERSION_LACKING);
	assert_int_equal(platform_version(a, STR("")), VERSION_LACKING);
	a = platform_library(p, 8, STR("libb.so"));
	assert_false(a->sure);
	assert_int_equal(platform_version(a, STR("A_1")), VERSION_UNKNOWN);
	assert_null(platform_library(p, 8, STR("libc.so")));
	assert_null(platform_library(p, 8, STR("")));
	assert_non_null(platform_library(p, 9, STR("libp3.9.so.1")));
	assert_non_null(platform_library(p, 0, STR("libp3.9.so.1")));
	assert_null(platform_library(p, 8, STR("libp3.9.so.1")));
	assert_null(platform_library(p, 0, STR("libp3.12.so.1")));
	assert_null(platform_library(p, 0, STR("libp3.%.so.1")));
}

static void test_faults(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} faults[] = {
		{ "", "f:0: the file ends without title" },
		{ "title T\n\n", "f:2: the file ends without machine" },
		{ "title T\ntitle T", "f:2: said twice" },
		{ "title", "f:1: not WORD VALUE" },
		{ "title ", "f:1: not WORD VALUE" },
		{ " title T", "f:1: not WORD VALUE" },
		{ "\n# x\ntitle  T", "f:3: not WORD VALUE" },
		{ "title\tT", "f:1: not WORD VALUE" },
		{ "title T\r\n", "f:1: not WORD VALUE" },
		{ "title \xc3\xa4", "f:1: not WORD VALUE" },
		{ "title \x7f", "f:1: not WORD VALUE" },
		{ " ", "f:1: not WORD VALUE" },
		{ "titles T", "f:1: no such word" },
		{ "# " LEAST "x y", "f:11: no such word" },
		{ "machine arm64", "f:1: not machine" },
		{ "python 8-7", "f:1: not python" },
		{ "python 8 9", "f:1: not python" },
		{ "glibc 3.1", "f:1: not glibc" },
		{ "glibc 2.", "f:1: not glibc" },
		{ "glibc 2.1000", "f:1: not glibc" },
		{ "glibc 2.3a", "f:1: not glibc" },
		{ "loader a b", "f:1: not one name" },
		{ "loader /lib64/a", "f:1: not one name" },
		{ "$LIB a b", "f:1: not one name" },
		{ "$PLATFORM a b", "f:1: not one name" },
		{ "library-path /a b", "f:1: not a directory's whole path" },
		{ "library-path /a/", "f:1: not a directory's whole path" },
		{ "default-dirs a", "f:1: not a directory's whole path" },
		{ "hwcaps a /b", "f:1: not a path below" },
		{ "hwcaps a/", "f:1: not a path below" },
		{ "sure a b", "f:1: not one name" },
		{ "sure a\nimage a", "f:2: the library is there twice" },
		{ "python 8-9\ninterpreter a%\nsure a9", "f:3: the library is there twice" },
		{ "python 8-9\ninterpreter a", "f:2: no %" },
		{ "interpreter a%", "f:1: the interpreter's library goes behind" },
		{ "python 8\ninterpreter a%\ndefines V", "f:3: versions of no library" },
		{ "defines V", "f:1: versions of no library" },
		{ "sure a\ntitle T\ndefines V", "f:3: versions of no library" },
		{ "sure a\nnewer V", "f:2: newer versions go behind" },
		{ "sure a\ndefines V W V", "f:2: the version is there twice" },
		{ "sure a\ndefines V\nnewer V", "f:3: the version is there twice" },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct platforms platforms = { 0 };
		struct err err = { "" };
		int result = platform_parse(&platforms, *state, STR("f"), str_of(faults[i].text), &err);

		if (result != -1 || !str_starts(str_of(err.msg), str_of(faults[i].expected)))
			fail_msg("'%s' gave %d, '%s'", faults[i].text, result, err.msg);
		assert_int_equal(platforms.list.len, 0);
	}
}

/* Each line of the least that must be said is needed. */
static void test_incomplete(void **state)
{
	struct str rest = STR(LEAST);

	while (rest.len) {
		struct platforms platforms = { 0 };
		struct str before = { LEAST, (size_t)(rest.ptr - STR(LEAST).ptr) };
		struct str line;
		struct str word;
		struct str value;
		struct str text;
		struct err err = { "" };

		assert_true(str_cut(rest, '\n', &line, &rest));
		(void)str_cut(line, ' ', &word, &value);
		text = str_fmt(*state, "%.*s%.*s", STR_ARG(before), STR_ARG(rest));
		assert_int_equal(platform_parse(&platforms, *state, STR("f"), text, &err), -1);
		if (!str_ends(str_of(err.msg), str_fmt(*state, "ends without %.*s", STR_ARG(word))))
			fail_msg("without '%.*s': '%s'", STR_ARG(line), err.msg);
		assert_true(str_starts(str_of(err.msg), STR("f:9: ")));
	}
}

static void test_overlap(void **state)
{
	struct platforms platforms = { 0 };
	struct err err = { "" };

	assert_int_equal(platform_parse(&platforms, *state, STR("f"), STR(LEAST), &err), 0);
	assert_int_equal(platform_parse(&platforms, *state, STR("g.txt"), STR(LEAST), &err), -1);
	assert_string_equal(err.msg, "g.txt:10: f has some of these Pythons");
	assert_int_equal(platforms.list.len, 1);
}

static void test_find(void **state)
{
	const struct platforms *platforms = load(*state);
	static const struct {
		unsigned minor;
		enum arch arch;
		const char *name;
	} cases[] = {
		{ 7, ARCH_X86_64, "al2-x86_64" },     { 8, ARCH_X86_64, "al2-x86_64" },
		{ 11, ARCH_X86_64, "al2-x86_64" },    { 12, ARCH_X86_64, "al2023-x86_64" },
		{ 15, ARCH_X86_64, "al2023-x86_64" }, { 64, ARCH_X86_64, "al2023-x86_64" },
		{ 11, ARCH_ARM64, "al2-arm64" },      { 12, ARCH_ARM64, "al2023-arm64" },
		{ 4000, ARCH_ARM64, "al2023-arm64" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct platform *p = platform_find(platforms, cases[i].minor, cases[i].arch);

		assert_non_null(p);
		assert_str(p->name, cases[i].name);
		assert_int_equal(p->arch, cases[i].arch);
	}
	assert_null(platform_find(platforms, 0, ARCH_X86_64));
	assert_null(platform_find(platforms, 12, ARCH_ANY));
}

static void test_newest(void **state)
{
	const struct platform *p =
		parse(*state, LEAST "sure a\ndefines V_2.9 V_2.10 V_PRIVATE V_2.10.01 V_2.2 V_X_3 "
				    "W_3.4 W_3.4.29 W_3.4.3 W_ U_1..2 U_1. T_18446744073709551617 "
				    "T_2 W V_ABI_9 S_1 S_01 R_1.2 R_1.2.0\nnewer V_2.11\nimage b\n");
	const struct platform_library *a = platform_library(p, 0, STR("a"));

	assert_str(platform_newest(a, STR("V_")), "V_2.10.01");
	assert_str(platform_newest(a, STR("W_")), "W_3.4.29");
	assert_str(platform_newest(a, STR("U_")), "");
	assert_str(platform_newest(a, STR("T_")), "T_18446744073709551617");
	assert_str(platform_newest(a, STR("S_")), "S_1");
	assert_str(platform_newest(a, STR("R_")), "R_1.2.0");
	assert_str(platform_newest(a, STR("X_")), "");
	assert_str(platform_newest(a, STR("V_X_")), "V_X_3");
	assert_str(platform_newest(a, STR("")), "");
	assert_str(platform_newest(platform_library(p, 0, STR("b")), STR("V_")), "");
}

static enum platform_version ask(const struct platform *p, const char *soname, const char *version)
{
	const struct platform_library *library = platform_library(p, 0, str_of(soname));

	if (!library)
		fail_msg("%.*s has no %s", STR_ARG(p->name), soname);
	return platform_version(library, str_of(version));
}

static void assert_newest(const struct platform *p, const char *soname, const char *prefix,
			  const char *expected)
{
	assert_str(platform_newest(platform_library(p, 0, str_of(soname)), str_of(prefix)), expected);
}

static void test_al2(void **state)
{
	const struct platforms *platforms = load(*state);

	for (enum arch arch = ARCH_X86_64; arch <= ARCH_ARM64; arch++) {
		const struct platform *p = platform_find(platforms, 11, arch);
		bool x86 = arch == ARCH_X86_64;

		assert_str(p->title, "Amazon Linux 2");
		assert_int_equal(p->glibc, 26);
		/* What wheels for manylinux_2_28 need, and older ones do not. */
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.28"), VERSION_LACKING);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.27"), VERSION_LACKING);
		assert_int_equal(ask(p, "libm.so.6", "GLIBC_2.27"), VERSION_LACKING);
		assert_int_equal(ask(p, "libpthread.so.0", "GLIBC_2.30"), VERSION_LACKING);
		assert_int_equal(ask(p, "libstdc++.so.6", "GLIBCXX_3.4.25"), VERSION_LACKING);
		assert_int_equal(ask(p, "libstdc++.so.6", "CXXABI_1.3.12"), VERSION_LACKING);
		assert_int_equal(ask(p, "libz.so.1", "ZLIB_1.2.9"), VERSION_LACKING);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.17"), VERSION_THERE);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_PRIVATE"), VERSION_THERE);
		assert_int_equal(ask(p, "libstdc++.so.6", "CXXABI_TM_1"), VERSION_THERE);
		assert_int_equal(ask(p, "libstdc++.so.6", "CXXABI_FLOAT128"),
				 x86 ? VERSION_THERE : VERSION_LACKING);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.2.5"), x86 ? VERSION_THERE : VERSION_LACKING);
		assert_int_equal(ask(p, "libgcc_s.so.1", "GCC_7.0.0"), VERSION_THERE);
		assert_newest(p, "libc.so.6", "GLIBC_", "GLIBC_2.26");
		assert_newest(p, "libstdc++.so.6", "GLIBCXX_", "GLIBCXX_3.4.24");
		assert_newest(p, "libstdc++.so.6", "CXXABI_", "CXXABI_1.3.11");
		assert_int_equal(ask(p, "libcrypto.so.10", "OPENSSL_1.0.2"), VERSION_UNKNOWN);
		assert_non_null(platform_library(p, 11, STR("libcrypt.so.1")));
		assert_non_null(platform_library(p, 11, STR("libffi.so.6")));
		assert_null(platform_library(p, 11, STR("libssl.so.3")));
		assert_null(platform_library(p, 11, STR("libzstd.so.1")));
		assert_non_null(platform_library(p, 11, STR("libpython3.11.so.1.0")));
		assert_null(platform_library(p, 11, STR("libpython3.10.so.1.0")));
	}
}

static void test_al2023(void **state)
{
	const struct platforms *platforms = load(*state);

	for (enum arch arch = ARCH_X86_64; arch <= ARCH_ARM64; arch++) {
		const struct platform *p = platform_find(platforms, 13, arch);
		bool x86 = arch == ARCH_X86_64;

		assert_str(p->title, "Amazon Linux 2023");
		assert_int_equal(p->glibc, 34);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.34"), VERSION_THERE);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_2.35"), VERSION_LACKING);
		assert_int_equal(ask(p, "libc.so.6", "GLIBC_ABI_DT_RELR"), VERSION_LACKING);
		assert_int_equal(ask(p, "libm.so.6", "GLIBC_2.35"), VERSION_LACKING);
		assert_int_equal(ask(p, "libstdc++.so.6", "GLIBCXX_3.4.29"), VERSION_THERE);
		assert_int_equal(ask(p, "libstdc++.so.6", "GLIBCXX_3.4.30"), VERSION_FLOATING);
		assert_int_equal(ask(p, "libstdc++.so.6", "GLIBCXX_3.4.33"), VERSION_FLOATING);
		assert_int_equal(ask(p, "libstdc++.so.6", "GLIBCXX_3.4.34"), VERSION_LACKING);
		assert_int_equal(ask(p, "libstdc++.so.6", "CXXABI_1.3.15"), VERSION_FLOATING);
		assert_int_equal(ask(p, "libstdc++.so.6", "CXXABI_1.3.16"), VERSION_LACKING);
		assert_int_equal(ask(p, "libgcc_s.so.1", "GCC_14.0.0"), VERSION_FLOATING);
		assert_int_equal(ask(p, "libgcc_s.so.1", "GCC_12.0.0"),
				 x86 ? VERSION_FLOATING : VERSION_LACKING);
		assert_int_equal(ask(p, "libgcc_s.so.1", "GCC_11.0"), x86 ? VERSION_LACKING : VERSION_THERE);
		assert_newest(p, "libc.so.6", "GLIBC_", "GLIBC_2.34");
		assert_newest(p, "libstdc++.so.6", "GLIBCXX_", "GLIBCXX_3.4.29");
		assert_int_equal(ask(p, "libssl.so.3", "OPENSSL_3.0.0"), VERSION_UNKNOWN);
		assert_null(platform_library(p, 13, STR("libcrypt.so.1")));
		assert_null(platform_library(p, 13, STR("libnsl.so.1")));
		assert_null(platform_library(p, 13, STR("libexpat.so.1")));
		assert_non_null(platform_library(p, 13, STR("libzstd.so.1")));
		assert_non_null(platform_library(p, 13, STR("libpython3.13.so.1.0")));
		assert_null(platform_library(p, 12, STR("libpython3.13.so.1.0")));
	}
}

/* True of all four. */
static void test_all(void **state)
{
	static const char *const sure[] = { "libc.so.6",     "libm.so.6",    "libpthread.so.0", "libdl.so.2",
					    "librt.so.1",    "libutil.so.1", "libresolv.so.2",	"libanl.so.1",
					    "libgcc_s.so.1", "libz.so.1" };
	/* Not in Lambda though in the image, or never there. */
	static const char *const absent[] = { "libgcrypt.so.11",     "libgcrypt.so.20",	  "libassuan.so.0",
					      "libgobject-2.0.so.0", "libgpg-error.so.0", "libgpgme.so.11",
					      "libgthread-2.0.so.0", "libglib-2.0.so.0",  "libGL.so.1",
					      "libgomp.so.1",	     "libX11.so.6",	  "libc-2.26.so" };
	const struct platforms *platforms = load(*state);

	assert_int_equal(platforms->list.len, 4);
	for (size_t i = 0; i < platforms->list.len; i++) {
		const struct platform *p = &platforms->list.at[i];
		bool x86 = p->arch == ARCH_X86_64;
		size_t count = 0;

		assert_int_equal(p->machine, x86 ? EM_X86_64 : EM_AARCH64);
		assert_str(p->loader, x86 ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1");
		assert_str(p->lib, "lib64");
		assert_str(p->hardware, x86 ? "x86_64" : "aarch64");
		assert_int_equal(p->library_path.len, 8);
		assert_str(p->library_path.at[0], "/var/lang/lib");
		assert_str(p->library_path.at[5], "/var/task");
		assert_str(p->library_path.at[7], "/opt/lib");
		assert_int_equal(p->default_dirs.len, 2);
		assert_str(p->hwcaps.at[p->hwcaps.len - 1], x86 ? "x86_64" : "atomics");
		assert_true(platform_library(p, 0, p->loader)->sure);
		for (size_t l = 0; l < sizeof(sure) / sizeof(sure[0]); l++) {
			assert_true(platform_library(p, 0, str_of(sure[l]))->sure);
			assert_true(platform_library(p, 0, str_of(sure[l]))->defines.len);
		}
		for (size_t l = 0; l < p->libraries.len; l++)
			count += p->libraries.at[l].sure;
		assert_int_equal(count, sizeof(sure) / sizeof(sure[0]) + 1);
		for (size_t l = 0; l < sizeof(absent) / sizeof(absent[0]); l++)
			assert_null(platform_library(p, 0, str_of(absent[l])));
		assert_non_null(platform_library(p, 0, STR("libnss_files.so.2")));
		assert_non_null(platform_library(p, 0, STR("libpython3.so")));
		assert_int_equal(platform_library(p, 0, STR("libmvec.so.1")) != NULL, x86);
	}
}

/* Versions that a library of this machine defines. */
static bool read_versions(const char *path, struct arena *arena, struct platform_library *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;
	Elf_Scn *section = NULL;

	if (fd < 0)
		return false;
	assert_int_not_equal(elf_version(EV_CURRENT), EV_NONE);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	assert_non_null(elf);
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;
		int at = 0;

		assert_non_null(gelf_getshdr(section, &header));
		if (header.sh_type != SHT_GNU_verdef)
			continue;
		data = elf_getdata(section, NULL);
		for (unsigned n = 0; n < header.sh_info; n++) {
			GElf_Verdef definition;
			GElf_Verdaux name;

			assert_non_null(gelf_getverdef(data, at, &definition));
			assert_non_null(gelf_getverdaux(data, at + (int)definition.vd_aux, &name));
			at += (int)definition.vd_next;
			if (definition.vd_flags & VER_FLG_BASE)
				continue;
			*vec_push(arena, &out->defines) =
				str_dup(arena, str_of(elf_strptr(elf, header.sh_link, name.vda_name)));
		}
	}
	(void)elf_end(elf);
	(void)close(fd);
	return out->defines.len != 0;
}

static bool is_among(struct str version, const struct platform_library *library)
{
	for (size_t i = 0; i < library->defines.len; i++)
		if (str_eq(library->defines.at[i], version))
			return true;
	return false;
}

/* "GLIBC_" of "GLIBC_2.34"; "" of those without number. */
static struct str prefix_of(struct str version)
{
	size_t n = version.len;

	while (n && version.ptr[n - 1] != '_')
		n--;
	return n < version.len && version.ptr[n] >= '0' && version.ptr[n] <= '9' ? str_head(version, n)
										 : STR("");
}

static bool is_newer(struct arena *arena, struct str left, struct str right)
{
	struct platform_library both = { 0 };

	if (str_eq(left, right))
		return false;
	*vec_push(arena, &both.defines) = right;
	*vec_push(arena, &both.defines) = left;
	return str_eq(platform_newest(&both, prefix_of(left)), left);
}

/*
 * Libraries keep what they once defined, and get nothing between. So where this machine's is not older, it
 * has all that the data say, and nothing up to the newest of these that the data do not say. How many were
 * held against it.
 */
static size_t compare(struct arena *arena, const struct platform *p, const struct platform_library *said,
		      const struct platform_library *here)
{
	size_t compared = 0;

	for (size_t i = 0; i < said->defines.len; i++) {
		struct str prefix = prefix_of(said->defines.at[i]);

		if (prefix.len == 0 ||
		    is_newer(arena, platform_newest(said, prefix), platform_newest(here, prefix)))
			continue;
		compared++;
		if (!is_among(said->defines.at[i], here))
			fail_msg("%.*s: %.*s defines no %.*s", STR_ARG(p->name), STR_ARG(said->soname),
				 STR_ARG(said->defines.at[i]));
	}
	for (size_t i = 0; i < here->defines.len; i++) {
		struct str version = here->defines.at[i];
		struct str newest = platform_newest(said, prefix_of(version));

		if (newest.len && !is_newer(arena, version, newest) && !is_among(version, said))
			fail_msg("%.*s: %.*s lacks %.*s", STR_ARG(p->name), STR_ARG(said->soname),
				 STR_ARG(version));
	}
	return compared;
}

static void test_here(void **state)
{
	static const struct {
		enum arch arch;
		const char *dir;
	} places[] = {
		{ ARCH_X86_64, "/lib/x86_64-linux-gnu" },
		{ ARCH_X86_64, "/usr/lib/x86_64-linux-gnu" },
		{ ARCH_ARM64, "/usr/aarch64-linux-gnu/lib" },
		{ ARCH_ARM64, "/lib/aarch64-linux-gnu" },
	};
	const struct platforms *platforms = load(*state);
	size_t compared = 0;

	for (size_t i = 0; i < platforms->list.len; i++) {
		const struct platform *p = &platforms->list.at[i];

		for (size_t l = 0; l < p->libraries.len * 4; l++) {
			const struct platform_library *said = &p->libraries.at[l / 4];
			struct platform_library here = { 0 };

			if (places[l % 4].arch != p->arch || said->defines.len == 0)
				continue;
			if (read_versions(
				    str_fmt(*state, "%s/%.*s", places[l % 4].dir, STR_ARG(said->soname)).ptr,
				    *state, &here))
				compared += compare(*state, p, said, &here);
		}
	}
	if (compared == 0)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_form, setup, teardown),
		cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_incomplete, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_al2, setup, teardown),
		cmocka_unit_test_setup_teardown(test_al2023, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_here, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
