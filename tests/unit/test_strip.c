/*
 * Stripping of files made byte by byte: every class and byte order, and every defect that a header can have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "made_elf.h"
#include "transform/strip.h"
#include "transform/strip_extent.h"

/* A library and what became of it; released by release(). */
struct trial {
	struct made in;
	struct made out;
	struct arena arena;
	struct strip_plan plan;
};

static struct bytes bytes_of(const struct made *elf)
{
	return (struct bytes){ elf->at, elf->len };
}

static void release(struct trial *trial)
{
	free(trial->in.at);
	free(trial->out.at);
	arena_free(&trial->arena);
}

#define TRIAL __attribute__((cleanup(release))) struct trial

static struct trial little64(void)
{
	return (struct trial){ .in = made_library(true, false) };
}

static void plan_it(struct trial *trial)
{
	trial->plan = strip_plan(bytes_of(&trial->in), STRIP_AUTO, &trial->arena);
}

static void assert_verdict(struct trial *trial, enum strip_verdict verdict)
{
	plan_it(trial);
	if (trial->plan.verdict != verdict)
		print_message("# why: %s\n", trial->plan.why);
	assert_int_equal(trial->plan.verdict, verdict);
	if (verdict == STRIP_REFUSED || verdict == STRIP_BROKEN)
		assert_true(trial->plan.why[0] != '\0');
	else
		assert_string_equal(trial->plan.why, "");
}

/* The promise of the header, checked by the test's own reading of the bytes. */
static void assert_same_segments(const struct made *in, const struct made *out)
{
	assert_int_equal(HEAD(out, e_phnum), HEAD(in, e_phnum));
	for (size_t i = 0; i < HEAD(in, e_phnum); i++) {
		size_t size = SEGMENT(in, i, p_filesz);
		size_t from = SEGMENT(in, i, p_offset);
		size_t to = SEGMENT(out, i, p_offset);
		uint64_t align = SEGMENT(in, i, p_align);
		/* The first segment begins with the headers, which may change. */
		size_t skip = from == 0 && size ? MADE_TEXT : 0;

		assert_int_equal(SEGMENT(out, i, p_type), SEGMENT(in, i, p_type));
		assert_int_equal(SEGMENT(out, i, p_vaddr), SEGMENT(in, i, p_vaddr));
		assert_int_equal(SEGMENT(out, i, p_filesz), size);
		assert_int_equal(SEGMENT(out, i, p_memsz), SEGMENT(in, i, p_memsz));
		assert_int_equal(SEGMENT(out, i, p_align), align);
		if (SEGMENT(in, i, p_type) == PT_LOAD)
			assert_int_equal((SEGMENT(in, i, p_vaddr) - to) % align, 0);
		assert_true(size == 0 || to + size <= out->len);
		assert_memory_equal(in->at + from + skip, out->at + to + skip, size - skip);
	}
}

/* Plans, writes twice over different rubbish, compares, and tries a second pass. */
static void strip_it(struct trial *trial, enum strip_mode mode)
{
	struct strip_plan again;
	uint8_t *twin;

	trial->plan = strip_plan(bytes_of(&trial->in), mode, &trial->arena);
	if (trial->plan.verdict != STRIP_CAN)
		fail_msg("verdict %d: %s", (int)trial->plan.verdict, trial->plan.why);
	assert_true(trial->plan.size < trial->in.len);
	trial->out = trial->in;
	trial->out.len = trial->plan.size;
	trial->out.at = malloc(trial->plan.size);
	twin = malloc(trial->plan.size);
	assert_non_null(trial->out.at);
	assert_non_null(twin);
	memset(trial->out.at, 0xaa, trial->plan.size);
	memset(twin, 0x55, trial->plan.size);
	assert_true(strip_emit(&trial->plan, bytes_of(&trial->in), trial->out.at));
	assert_true(strip_emit(&trial->plan, bytes_of(&trial->in), twin));
	assert_memory_equal(trial->out.at, twin, trial->plan.size);
	free(twin);
	assert_same_segments(&trial->in, &trial->out);
	again = strip_plan(bytes_of(&trial->out), mode, &trial->arena);
	assert_int_equal(again.verdict, STRIP_NOTHING);
}

static const char *name_of(const struct made *elf, size_t i)
{
	size_t names = SECTION(elf, HEAD(elf, e_shstrndx), sh_offset);

	return (const char *)elf->at + names + SECTION(elf, i, sh_name);
}

/* Whether section i is there, under its old number, name and bytes. */
static bool has_section(const struct trial *trial, size_t i)
{
	if (i >= HEAD(&trial->out, e_shnum) || SECTION(&trial->out, i, sh_type) == SHT_NULL)
		return false;
	assert_string_equal(name_of(&trial->in, i), name_of(&trial->out, i));
	assert_int_equal(SECTION(&trial->in, i, sh_size), SECTION(&trial->out, i, sh_size));
	if (SECTION(&trial->in, i, sh_type) != SHT_NOBITS)
		assert_memory_equal(trial->in.at + SECTION(&trial->in, i, sh_offset),
				    trial->out.at + SECTION(&trial->out, i, sh_offset),
				    SECTION(&trial->in, i, sh_size));
	return true;
}

static void every_class_and_order(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		TRIAL t = { .in = made_library(kind & 1, kind & 2) };

		strip_it(&t, STRIP_AUTO);
		for (size_t i = SEC_TEXT; i <= SEC_LATE; i++)
			assert_true(has_section(&t, i));
		assert_true(has_section(&t, SEC_CUSTOM));
		assert_false(has_section(&t, SEC_COMMENT));
		assert_false(has_section(&t, SEC_DEBUG));
		assert_false(has_section(&t, SEC_SYMTAB));
		assert_false(has_section(&t, SEC_STRTAB));
		assert_false(has_section(&t, SEC_RELA));
		assert_int_equal(HEAD(&t.out, e_shstrndx), SEC_NAMES);
		/* The custom section referred to .symtab, which is gone. */
		assert_int_equal(SECTION(&t.out, SEC_CUSTOM, sh_link), 0);
	}
}

/* 0x6000 becomes 0x2000: both holes in front of it are closed by whole pages; the headers go into padding. */
static void holes_are_closed(void **state)
{
	TRIAL t = little64();

	(void)state;
	strip_it(&t, STRIP_AUTO);
	assert_int_equal(SEGMENT(&t.out, SEG_LATE, p_offset), 0x2000);
	assert_int_equal(t.out.len, 0x2200);
	assert_int_equal(HEAD(&t.out, e_shoff), 0x800);
}

static void large_alignment_is_kept(void **state)
{
	TRIAL t = little64();

	(void)state;
	/* Congruent modulo 0x4000 only if it moves by that much or not at all. */
	SET_SEGMENT(&t.in, SEG_LATE, p_align, 0x4000);
	SET_SEGMENT(&t.in, SEG_LATE, p_vaddr, 0xa000);
	strip_it(&t, STRIP_AUTO);
	assert_int_equal(SEGMENT(&t.out, SEG_LATE, p_offset), 0x6000);
}

static void program_headers_move_with_their_segment(void **state)
{
	TRIAL t = little64();
	size_t size = SEG_COUNT * sizeof(Elf64_Phdr);

	(void)state;
	/* As patchelf 0.9 leaves it: the table in the last segment, which no section covers. */
	memcpy(t.in.at + MADE_LATE, t.in.at + MADE_SEGMENTS, size);
	SET_HEAD(&t.in, e_phoff, MADE_LATE);
	t.plan = strip_plan(bytes_of(&t.in), STRIP_AUTO, &t.arena);
	assert_int_equal(t.plan.verdict, STRIP_CAN);
	t.out = t.in;
	t.out.len = t.plan.size;
	t.out.at = malloc(t.plan.size);
	assert_non_null(t.out.at);
	assert_true(strip_emit(&t.plan, bytes_of(&t.in), t.out.at));
	assert_int_equal(HEAD(&t.out, e_phoff), SEGMENT(&t.out, SEG_LATE, p_offset));
	assert_int_equal(HEAD(&t.out, e_phoff), 0x2000);
}

static void debug_mode_keeps_symbols(void **state)
{
	TRIAL t = little64();

	(void)state;
	strip_it(&t, STRIP_DEBUG);
	assert_true(has_section(&t, SEC_SYMTAB));
	assert_true(has_section(&t, SEC_STRTAB));
	assert_int_equal(SECTION(&t.out, SEC_SYMTAB, sh_link), SEC_STRTAB);
	assert_true(has_section(&t, SEC_CUSTOM));
	assert_int_equal(SECTION(&t.out, SEC_CUSTOM, sh_link), SEC_SYMTAB);
	assert_false(has_section(&t, SEC_DEBUG));
	/* One table for symbols and section names cannot stay and be written anew. */
	SET_HEAD(&t.in, e_shstrndx, SEC_STRTAB);
	t.plan = strip_plan(bytes_of(&t.in), STRIP_DEBUG, &t.arena);
	assert_int_equal(t.plan.verdict, STRIP_REFUSED);
}

/* A symbol of .dynsym may point at it by number (.rustc): number, name and bytes stay. */
static void unknown_section_stays_when_all_around_it_goes(void **state)
{
	TRIAL t = little64();

	(void)state;
	SET_SEGMENT(&t.in, SEG_LATE, p_type, PT_NULL);
	SET_SEGMENT(&t.in, SEG_LATE, p_filesz, 0);
	SET_SECTION(&t.in, SEC_LATE, sh_type, SHT_NULL);
	strip_it(&t, STRIP_AUTO);
	assert_true(has_section(&t, SEC_CUSTOM));
	assert_true(t.out.len < 0x1800);
}

static void symbols_inside_a_segment_stay(void **state)
{
	TRIAL t = little64();

	(void)state;
	SET_SECTION(&t.in, SEC_SYMTAB, sh_offset, MADE_LATE + 0x100);
	SET_SECTION(&t.in, SEC_SYMTAB, sh_size, 0x80);
	strip_it(&t, STRIP_AUTO); /* compares the segment */
	assert_false(has_section(&t, SEC_SYMTAB));
}

static void section_headers_inside_a_segment_stay(void **state)
{
	TRIAL t = little64();
	size_t size = t.in.len - MADE_SECTIONS;

	(void)state;
	SET_SEGMENT(&t.in, SEG_LATE, p_filesz, 0x200 + size);
	SET_SEGMENT(&t.in, SEG_LATE, p_memsz, 0x200 + size);
	strip_it(&t, STRIP_AUTO);
	assert_memory_equal(t.in.at + MADE_SECTIONS, t.out.at + 0x2200, size);
}

static void empty_segment_keeps_the_page_that_is_mapped(void **state)
{
	TRIAL t = little64();

	(void)state;
	SET_SEGMENT(&t.in, SEG_LATE, p_offset, 0x4234);
	SET_SEGMENT(&t.in, SEG_LATE, p_vaddr, 0xa234);
	SET_SEGMENT(&t.in, SEG_LATE, p_filesz, 0);
	SET_SECTION(&t.in, SEC_LATE, sh_type, SHT_NULL);
	SET_SECTION(&t.in, SEC_CUSTOM, sh_type, SHT_NULL);
	strip_it(&t, STRIP_AUTO);
	assert_true(t.out.len > (SEGMENT(&t.out, SEG_LATE, p_offset) & ~(uint64_t)0xfff));
	assert_int_equal(SEGMENT(&t.out, SEG_LATE, p_offset) % 0x1000, 0x234);

	SET_SEGMENT(&t.in, SEG_LATE, p_offset, 0x7234); /* a bus error already */
	assert_verdict(&t, STRIP_REFUSED);
}

/* Never mapped, and not to be moved: what is cut in front of it need not suit its alignment. */
static void empty_segment_behind_the_end_stays(void **state)
{
	TRIAL t = little64();

	(void)state;
	SET_SEGMENT(&t.in, SEG_LATE, p_offset, 0x70000);
	SET_SEGMENT(&t.in, SEG_LATE, p_vaddr, 0xa0000);
	SET_SEGMENT(&t.in, SEG_LATE, p_align, 0x10000);
	SET_SEGMENT(&t.in, SEG_LATE, p_filesz, 0);
	SET_SECTION(&t.in, SEC_LATE, sh_type, SHT_NULL);
	strip_it(&t, STRIP_AUTO);
	assert_int_equal(SEGMENT(&t.out, SEG_LATE, p_offset), 0x70000);
}

/* The work of checking a result must not grow with the number of headers. */
static void overlaps_are_refused(void **state)
{
	TRIAL t = little64();
	TRIAL s = little64();

	(void)state;
	SET_HEAD(&t.in, e_phnum, SEG_COUNT + 10);
	for (size_t i = SEG_COUNT; i < SEG_COUNT + 10; i++)
		made_segment(&t.in, i, PT_NOTE, 0, 0, MADE_NAMES, 4);
	assert_verdict(&t, STRIP_REFUSED);
	for (size_t i = SEC_TEXT; i <= SEC_RELA; i++) {
		SET_SECTION(&s.in, i, sh_type, SHT_PROGBITS);
		SET_SECTION(&s.in, i, sh_offset, 0);
		SET_SECTION(&s.in, i, sh_size, s.in.len);
	}
	assert_verdict(&s, STRIP_REFUSED);
}

static void appended_data_is_refused(void **state)
{
	TRIAL t = little64();
	size_t len = t.in.len;

	(void)state;
	t.in.at = realloc(t.in.at, len + 0x20000);
	assert_non_null(t.in.at);
	memset(t.in.at + len, 0, 0x20000);
	t.in.len = len + 64;
	assert_verdict(&t, STRIP_CAN);
	t.in.at[len + 63] = 1;
	assert_verdict(&t, STRIP_REFUSED);
	t.in.at[len + 63] = 0;
	t.in.len = len + 0x10001;
	assert_verdict(&t, STRIP_REFUSED);
}

/* Its section headers behind it, so that it is not at the end. */
static void data_between_sections_is_refused(void **state)
{
	TRIAL t = little64();
	size_t tail = t.in.len - MADE_SECTIONS;

	(void)state;
	t.in.at = realloc(t.in.at, t.in.len + 0x20000);
	assert_non_null(t.in.at);
	memmove(t.in.at + MADE_SECTIONS + 0x20000, t.in.at + MADE_SECTIONS, tail);
	memset(t.in.at + MADE_SECTIONS, 0, 0x20000);
	t.in.len += 0x20000;
	SET_HEAD(&t.in, e_shoff, MADE_SECTIONS + 0x20000);
	assert_verdict(&t, STRIP_CAN);
	t.in.at[MADE_SECTIONS + 10] = 1; /* an old header table, say */
	t.in.at[MADE_SECTIONS + 4000] = 1;
	assert_verdict(&t, STRIP_CAN);
	t.in.at[MADE_SECTIONS + 0x1ffff] = 1;
	assert_verdict(&t, STRIP_REFUSED);
}

static void other_kinds_of_files(void **state)
{
	TRIAL t = little64();

	(void)state;
	SET_HEAD(&t.in, e_type, ET_REL);
	assert_verdict(&t, STRIP_NOTHING);
	SET_HEAD(&t.in, e_type, ET_CORE);
	assert_verdict(&t, STRIP_REFUSED);
	SET_HEAD(&t.in, e_type, ET_EXEC);
	assert_verdict(&t, STRIP_CAN);
	SET_HEAD(&t.in, e_shoff, 0); /* packed by UPX */
	assert_verdict(&t, STRIP_NOTHING);
	t.in.at[0] = 'M';
	assert_verdict(&t, STRIP_NOT_ELF);
	assert_false(strip_is_elf(bytes_of(&t.in)));
}

static void every_truncation_is_noticed(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		TRIAL t = { .in = made_library(kind & 1, kind & 2) };

		for (size_t len = 0; len < t.in.len; len++) {
			/* Of its own, so that a sanitizer sees a read behind it. */
			uint8_t *copy = malloc(len + 1);
			struct strip_plan plan;

			assert_non_null(copy);
			memcpy(copy + 1, t.in.at, len);
			plan = strip_plan((struct bytes){ copy + 1, len }, STRIP_AUTO, &t.arena);
			assert_int_equal(plan.verdict, len < SELFMAG ? STRIP_NOT_ELF : STRIP_REFUSED);
			free(copy);
		}
	}
}

/* One field, one value, one verdict. */
#define TRY(kind, ...)                                                                                       \
	do {                                                                                                 \
		TRIAL try = little64();                                                                      \
		SET_##kind(&try.in, __VA_ARGS__);                                                            \
		assert_verdict(&try, expected);                                                              \
	} while (0)

static void bad_headers_are_refused(void **state)
{
	const enum strip_verdict expected = STRIP_REFUSED;

	(void)state;
	TRY(HEAD, e_ehsize, 63);
	TRY(HEAD, e_version, 2);
	TRY(HEAD, e_phoff, 0);
	TRY(HEAD, e_phoff, UINT64_MAX);
	TRY(HEAD, e_phentsize, 0);
	TRY(HEAD, e_phnum, 0);
	TRY(HEAD, e_phnum, PN_XNUM);
	TRY(HEAD, e_shoff, 1);
	TRY(HEAD, e_shoff, UINT64_MAX - 63);
	TRY(HEAD, e_shentsize, 0);
	TRY(HEAD, e_shentsize, 65);
	TRY(HEAD, e_shnum, 0);
	TRY(HEAD, e_shnum, SEC_COUNT + 1);
	TRY(HEAD, e_shnum, SHN_LORESERVE);
	TRY(HEAD, e_shnum, 0xffff);
	TRY(HEAD, e_shstrndx, 0);
	TRY(HEAD, e_shstrndx, SEC_TEXT);
	TRY(HEAD, e_shstrndx, SEC_COUNT);
	TRY(HEAD, e_shstrndx, SHN_XINDEX);
}

static void bad_sections_are_refused(void **state)
{
	const enum strip_verdict expected = STRIP_REFUSED;

	(void)state;
	TRY(SECTION, SEC_DEBUG, sh_offset, UINT64_MAX);
	TRY(SECTION, SEC_DEBUG, sh_size, UINT64_MAX);
	TRY(SECTION, SEC_DEBUG, sh_size, MADE_END);
	TRY(SECTION, SEC_DEBUG, sh_name, 0x100);
	TRY(SECTION, SEC_NAMES, sh_size, 0);
	TRY(SECTION, SEC_NAMES, sh_size, 2); /* ends within a name */
	TRY(SECTION, SEC_NAMES, sh_flags, SHF_ALLOC);
	TRY(SECTION, SEC_NAMES, sh_offset, MADE_LATE);
}

static void bad_segments_are_refused(void **state)
{
	const enum strip_verdict expected = STRIP_REFUSED;

	(void)state;
	TRY(SEGMENT, SEG_LATE, p_offset, MADE_END);
	TRY(SEGMENT, SEG_LATE, p_filesz, UINT64_MAX);
	TRY(SEGMENT, SEG_LATE, p_filesz, 0x201);
	TRY(SEGMENT, SEG_LATE, p_align, 0);
	TRY(SEGMENT, SEG_LATE, p_align, 0x3000);
	TRY(SEGMENT, SEG_STACK, p_filesz, MADE_END);
	TRY(SEGMENT, SEG_STACK, p_type, PT_DYNAMIC); /* a second one */
}

static void what_the_loader_refuses_is_called_broken(void **state)
{
	const enum strip_verdict expected = STRIP_BROKEN;
	TRIAL t = little64();

	(void)state;
	TRY(SEGMENT, SEG_LATE, p_align, 1);
	TRY(SEGMENT, SEG_LATE, p_align, 0x800);
	TRY(SEGMENT, SEG_LATE, p_align, 0x10000); /* patchelf 0.18: congruent modulo a page only */
	TRY(SEGMENT, SEG_LATE, p_vaddr, 0xa008);
	TRY(SEGMENT, SEG_DYNAMIC, p_vaddr, 0x4f00);
	TRY(SEGMENT, SEG_DYNAMIC, p_vaddr, 0x52c0);
	/* The kernel is less strict with fixed executables: not broken, not understood. */
	SET_HEAD(&t.in, e_type, ET_EXEC);
	SET_SEGMENT(&t.in, SEG_LATE, p_align, 0x10000);
	assert_verdict(&t, STRIP_REFUSED);
}

static void self_checking_files_are_refused(void **state)
{
	TRIAL t = little64();
	TRIAL gcrypt = little64();
	const char *name;

	(void)state;
	memcpy(t.in.at + MADE_LATE + 0x20, "OSSL_provider_init", 19);
	memcpy(t.in.at + MADE_TEXT, "OpenSSL FIPS Provider", 22);
	assert_verdict(&t, STRIP_CAN); /* no table of dynamic strings holds the name */
	name = name_of(&t.in, SEC_LATE);
	memcpy(t.in.at + (name - (const char *)t.in.at), ".dynstr", 8);
	assert_verdict(&t, STRIP_REFUSED);
	memset(t.in.at + MADE_TEXT, 'x', 22);
	assert_verdict(&t, STRIP_CAN); /* some other provider */

	/* A longer name, behind the others. */
	memcpy(gcrypt.in.at + MADE_NAMES + 0xa0, ".note.fdo.integrity", 20);
	SET_SECTION(&gcrypt.in, SEC_CUSTOM, sh_name, 0xa0);
	assert_verdict(&gcrypt, STRIP_REFUSED);
}

/* Asks strip_emit() to write `bytes` in place of the stripped file. */
static bool passes_check(struct trial *trial, const uint8_t *bytes, uint8_t *out)
{
	struct strip_extent all = { 0, bytes, trial->out.len };
	struct strip_plan plan = trial->plan;

	plan.extents = &all;
	plan.count = 1;
	return strip_emit(&plan, bytes_of(&trial->in), out);
}

static void assert_noticed(struct trial *trial, uint8_t *wrong, uint8_t *out, size_t at, int bit)
{
	wrong[at] ^= 1U << bit;
	if (passes_check(trial, wrong, out))
		fail_msg("bit %d of byte 0x%zx", bit, at);
	wrong[at] ^= 1U << bit;
}

/* The check before a result is used: no single wrong bit in a header or a loaded byte gets through. */
static void wrong_bytes_are_noticed(void **state)
{
	TRIAL t = little64();
	uint8_t wrong[MADE_END];
	uint8_t out[MADE_END];

	(void)state;
	strip_it(&t, STRIP_AUTO);
	memcpy(wrong, t.out.at, t.out.len);
	assert_true(passes_check(&t, wrong, out));
	for (size_t at = 0; at < t.out.len; at++) {
		bool padding = (at >= 0x800 && at < 0x1000) || (at >= 0x1200 && at < 0x2000);

		for (int bit = 0; !padding && bit < 8; bit++)
			assert_noticed(&t, wrong, out, at, bit);
	}
	/* The headers of sections lie in that padding; the place of a section without bytes is free. */
	for (size_t i = SEC_TEXT; i <= SEC_LATE; i++)
		for (size_t n = 0; i != SEC_BSS && n < sizeof(Elf64_Shdr); n++)
			for (int bit = 0; bit < 8; bit++)
				assert_noticed(&t, wrong, out, made_section_at(&t.out, i) + n, bit);
	t.plan.size = t.in.len;
	assert_false(passes_check(&t, t.in.at, t.in.at));
}

/* Headers with random bytes in them: whatever is planned can be written, and passes its check. */
static void mutated_headers(void **state)
{
	static const uint8_t values[] = { 0, 1, 0x10, 0x7f, 0x80, 0xff };
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		TRIAL t = { .in = made_library(round & 1, round & 2) };

		for (int n = 0; n < 1 + round % 3; n++) {
			size_t at;

			seed = seed * 1664525 + 1013904223;
			at = (seed >> 8) % (t.in.len - MADE_SECTIONS + MADE_TEXT);
			at = at < MADE_TEXT ? at : at - MADE_TEXT + MADE_SECTIONS;
			seed = seed * 1664525 + 1013904223;
			t.in.at[at] = values[(seed >> 8) % sizeof(values)];
		}
		t.plan = strip_plan(bytes_of(&t.in), round & 4 ? STRIP_DEBUG : STRIP_AUTO, &t.arena);
		if (t.plan.verdict == STRIP_CAN) {
			uint8_t out[MADE_END];

			assert_true(strip_emit(&t.plan, bytes_of(&t.in), out));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_and_order),
		cmocka_unit_test(holes_are_closed),
		cmocka_unit_test(large_alignment_is_kept),
		cmocka_unit_test(program_headers_move_with_their_segment),
		cmocka_unit_test(debug_mode_keeps_symbols),
		cmocka_unit_test(unknown_section_stays_when_all_around_it_goes),
		cmocka_unit_test(symbols_inside_a_segment_stay),
		cmocka_unit_test(section_headers_inside_a_segment_stay),
		cmocka_unit_test(empty_segment_keeps_the_page_that_is_mapped),
		cmocka_unit_test(empty_segment_behind_the_end_stays),
		cmocka_unit_test(overlaps_are_refused),
		cmocka_unit_test(appended_data_is_refused),
		cmocka_unit_test(data_between_sections_is_refused),
		cmocka_unit_test(other_kinds_of_files),
		cmocka_unit_test(every_truncation_is_noticed),
		cmocka_unit_test(bad_headers_are_refused),
		cmocka_unit_test(bad_sections_are_refused),
		cmocka_unit_test(bad_segments_are_refused),
		cmocka_unit_test(what_the_loader_refuses_is_called_broken),
		cmocka_unit_test(self_checking_files_are_refused),
		cmocka_unit_test(wrong_bytes_are_noticed),
		cmocka_unit_test(mutated_headers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
