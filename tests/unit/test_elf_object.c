/*
 * What ELF files say of themselves: made files of every class and byte order, and every reason for which a
 * loader refuses one. What compilers make is in test_elf_tools.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "made_object.h"
#include "scan/elf_object.h"
#include "transform/strip.h"

/* A file and what was read from it; released by release(). */
struct trial {
	struct made_object made;
	struct arena arena;
	struct elf_object object;
};

static void release(struct trial *trial)
{
	free(trial->made.elf.at);
	arena_free(&trial->arena);
}

#define TRIAL __attribute__((cleanup(release))) struct trial

static struct trial begin(bool is64, bool big)
{
	return (struct trial){ .made = made_object(is64, big) };
}

static struct bytes bytes_of(const struct trial *trial)
{
	return (struct bytes){ trial->made.elf.at, trial->made.elf.len };
}

static void read_it(struct trial *trial)
{
	elf_object_read(bytes_of(trial), &trial->arena, &trial->object);
}

#define assert_text(actual, expected) assert_string_equal((actual).len ? (actual).ptr : "", (expected))

static void every_class_and_order(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		TRIAL t = begin(kind & 1, kind & 2);
		struct elf_object *object = &t.object;

		read_it(&t);
		if (object->broken)
			fail_msg("%s", object->broken);
		assert_int_equal(object->form, ELF_SHARED);
		assert_int_equal(object->is64, kind & 1);
		assert_int_equal(object->big, (kind & 2) != 0);
		assert_int_equal(object->machine, EM_PPC64);
		assert_text(object->soname, "libmade.so.1");
		assert_int_equal(object->needed.len, 2);
		assert_text(object->needed.at[0], "libm.so.6");
		assert_text(object->needed.at[1], "libc.so.6");
		assert_int_equal(object->wants.len, 2);
		assert_text(object->wants.at[0].file, "libm.so.6");
		assert_text(object->wants.at[0].name, "GLIBC_2.28");
		assert_false(object->wants.at[0].weak);
		assert_text(object->wants.at[1].name, "GLIBC_2.99");
		assert_true(object->wants.at[1].weak);
		assert_int_equal(object->defines.len, 1);
		assert_text(object->defines.at[0], "MADE_1");
		assert_int_equal(object->auxiliary.len + object->filters.len + object->dlopens.len, 0);
		assert_false(object->has_rpath || object->has_runpath || object->static_tls);
		assert_false(object->no_open || object->no_default_dirs);
		assert_int_equal(object->tls + object->isa, 0);
	}
}

static void all_that_entries_say(void **state)
{
	TRIAL t = begin(true, false);

	(void)state;
	object_entry(&t.made, DT_RPATH, object_string(&t.made, "$ORIGIN/../x.libs"));
	object_entry(&t.made, DT_RUNPATH, object_string(&t.made, ""));
	object_entry(&t.made, DT_AUXILIARY, object_string(&t.made, "libaux.so"));
	object_entry(&t.made, DT_FILTER, object_string(&t.made, "libfilter.so"));
	object_entry(&t.made, DT_FLAGS, DF_STATIC_TLS);
	object_entry(&t.made, DT_FLAGS_1, DF_1_NODEFLIB | DF_1_NOOPEN);
	made_segment(&t.made.elf, SEG_STACK, PT_TLS, MADE_DATA, 0x5000, 0x10, 8);
	SET_SEGMENT(&t.made.elf, SEG_STACK, p_memsz, 0x1230);
	read_it(&t);
	assert_true(t.object.has_rpath);
	assert_text(t.object.rpath, "$ORIGIN/../x.libs");
	assert_true(t.object.has_runpath);
	assert_text(t.object.runpath, "");
	assert_int_equal(t.object.auxiliary.len, 1);
	assert_text(t.object.auxiliary.at[0], "libaux.so");
	assert_int_equal(t.object.filters.len, 1);
	assert_text(t.object.filters.at[0], "libfilter.so");
	assert_true(t.object.static_tls);
	assert_true(t.object.no_default_dirs);
	assert_true(t.object.no_open);
	assert_int_equal(t.object.tls, 0x1230);
}

static void forms(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	SET_HEAD(elf, e_type, ET_REL);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_OBJECT);
	SET_HEAD(elf, e_type, ET_EXEC);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_PROGRAM);
	SET_HEAD(elf, e_type, ET_CORE);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	SET_HEAD(elf, e_type, ET_DYN);
	object_entry(&t.made, DT_FLAGS_1, DF_1_PIE);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_PROGRAM);
	elf->at[0] = 'M';
	read_it(&t);
	assert_int_equal(t.object.form, ELF_NOT);
	assert_null(t.object.broken);
}

static void programs_by_their_interpreter(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	made_segment(elf, SEG_STACK, PT_INTERP, OBJECT_INTERP, OBJECT_INTERP, 24, 1);
	memcpy(elf->at + OBJECT_INTERP, "/lib/ld-musl-x86_64.so.1", 24);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_SHARED);
	assert_text(t.object.interpreter, "/lib/ld-musl-x86_64.so.1");
	made_put(elf, object_entry_at(&t.made, 2), MADE_FIELD(Dyn, d_tag), DT_DEBUG);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_PROGRAM);
	/* The kernel starts what has no dynamic section. */
	SET_SEGMENT(elf, SEG_DYNAMIC, p_type, PT_NULL);
	SET_HEAD(elf, e_type, ET_EXEC);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_PROGRAM);
	assert_null(t.object.broken);
	SET_HEAD(elf, e_type, ET_DYN);
	SET_HEAD(elf, e_shoff, 0);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
}

static void assert_broken(struct trial *trial, const char *says)
{
	read_it(trial);
	assert_int_equal(trial->object.form, ELF_SHARED);
	assert_non_null(trial->object.broken);
	if (!strstr(trial->object.broken, says))
		fail_msg("%s", trial->object.broken);
}

static void assert_sound(struct trial *trial)
{
	read_it(trial);
	assert_int_equal(trial->object.form, ELF_SHARED);
	if (trial->object.broken)
		fail_msg("%s", trial->object.broken);
}

/* Checked against glibc 2.34's elf/dl-load.c. */
static void alignment_that_old_loaders_refuse(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	SET_SEGMENT(elf, SEG_LATE, p_align, 0x10000);
	assert_broken(&t, "glibc 2.34 and older");
	assert_int_equal(strip_plan(bytes_of(&t), STRIP_AUTO, &t.arena).verdict, STRIP_BROKEN);
	assert_string_equal(strip_plan(bytes_of(&t), STRIP_AUTO, &t.arena).why, t.object.broken);
	SET_SEGMENT(elf, SEG_LATE, p_align, 0x800);
	assert_broken(&t, "no multiple of a page");
	SET_SEGMENT(elf, SEG_LATE, p_align, 0x1800);
	assert_broken(&t, "no multiple of a page");
	SET_SEGMENT(elf, SEG_LATE, p_align, 0);
	assert_broken(&t, "modulo");
	SET_SEGMENT(elf, SEG_LATE, p_align, 0x4000);
	assert_sound(&t);
	/* The kernel does not ask. */
	SET_SEGMENT(elf, SEG_LATE, p_align, 0x10000);
	SET_HEAD(elf, e_type, ET_EXEC);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_PROGRAM);
	assert_null(t.object.broken);
}

static void segments_in_no_order(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;
	Elf64_Phdr first;
	Elf64_Phdr *table = (Elf64_Phdr *)(void *)(elf->at + MADE_SEGMENTS);

	(void)state;
	first = table[SEG_TEXT];
	table[SEG_TEXT] = table[SEG_DATA];
	table[SEG_DATA] = first;
	assert_broken(&t, "order");
	table[SEG_DATA] = table[SEG_TEXT];
	table[SEG_TEXT] = first;
	assert_sound(&t);
	SET_SEGMENT(elf, SEG_DATA, p_memsz, 0x6000);
	assert_broken(&t, "order");
	SET_SEGMENT(elf, SEG_DATA, p_memsz, 0x5200);
	assert_sound(&t);
}

static void segments_behind_the_end(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	/* The rest of the last page is zero in memory. */
	elf->len = MADE_LATE + 0x10;
	assert_sound(&t);
	elf->len = MADE_LATE;
	assert_broken(&t, "beyond the end");
}

/* As patchelf leaves programs: what ld.so reads lies in no segment, but on their pages. */
static void what_only_pages_load(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	made_segment(elf, SEG_TEXT, PT_LOAD, 0, 0, 0x250, 0x1000);
	made_segment(elf, SEG_DATA, PT_LOAD, MADE_DATA, 0x5000, 0x80, 0x1000);
	assert_sound(&t);
	assert_text(t.object.soname, "libmade.so.1");
	assert_int_equal(t.object.needed.len, 2);
	assert_int_equal(strip_plan(bytes_of(&t), STRIP_AUTO, &t.arena).verdict, STRIP_REFUSED);
	/* Ahead of the first byte. */
	made_segment(elf, SEG_DATA, PT_LOAD, MADE_DATA + 0x80, 0x5080, 0x80, 0x1000);
	assert_sound(&t);
	assert_int_equal(t.object.needed.len, 2);
	/* Across the end of a page, of which the next segment has the second half. */
	SET_SEGMENT(elf, SEG_DYNAMIC, p_memsz, 0x1200);
	assert_broken(&t, "outside every loadable segment");
	made_segment(elf, SEG_LATE, PT_LOAD, MADE_LATE, 0x6000, 0x200, 0x1000);
	assert_sound(&t);
	/* Cleared. */
	SET_SEGMENT(elf, SEG_TEXT, p_memsz, 0x251);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
}

static void a_dynamic_section_that_is_not_loaded(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	SET_SEGMENT(elf, SEG_DYNAMIC, p_vaddr, 0x900000);
	assert_broken(&t, "outside every loadable segment");
	assert_string_equal(strip_plan(bytes_of(&t), STRIP_AUTO, &t.arena).why, t.object.broken);
	/* It is still told. */
	assert_text(t.object.soname, "libmade.so.1");
}

static void packed_relocations(void **state)
{
	TRIAL t = begin(true, false);
	size_t weak = OBJECT_NEEDS + sizeof(Elf64_Verneed) + sizeof(Elf64_Vernaux);

	(void)state;
	object_entry(&t.made, DT_RELR, 0x400);
	assert_broken(&t, "before 2.36");
	made_put(&t.made.elf, weak, MADE_FIELD(Vernaux, vna_name),
		 object_string(&t.made, "GLIBC_ABI_DT_RELR"));
	assert_sound(&t);
}

static void other_systems(void **state)
{
	TRIAL t = begin(true, false);

	(void)state;
	SET_HEAD(&t.made.elf, e_machine, EM_X86_64);
	t.made.elf.at[EI_OSABI] = ELFOSABI_FREEBSD;
	assert_broken(&t, "another system");
	t.made.elf.at[EI_OSABI] = ELFOSABI_GNU;
	assert_sound(&t);
}

static void debug_files(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	/* As objcopy leaves it: no bytes. */
	SET_SEGMENT(elf, SEG_DYNAMIC, p_filesz, 0);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_DEBUG);
	assert_null(t.object.broken);
	/* As eu-strip does: segments as they were, other bytes there; sections tell. */
	SET_SEGMENT(elf, SEG_DYNAMIC, p_filesz, 0x200);
	memset(elf->at + OBJECT_DYNAMIC, 0, 0x200);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	SET_HEAD(elf, e_shnum, 0xfeff);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	SET_SECTION(elf, SEC_TEXT, sh_type, SHT_NOBITS);
	SET_SECTION(elf, SEC_TEXT, sh_flags, SHF_ALLOC | SHF_EXECINSTR);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_DEBUG);
	SET_SEGMENT(elf, SEG_LATE, p_filesz, 0x100000);
	SET_SEGMENT(elf, SEG_LATE, p_memsz, 0x100000);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_DEBUG);
	assert_null(t.object.broken);
}

static void levels_of_x86(void **state)
{
	static const uint32_t property[] = { 0xc0008002, 4, 1 << 2, 0 };
	TRIAL t = begin(true, false);

	(void)state;
	object_note(&t.made, "GNU", NT_GNU_PROPERTY_TYPE_0, property, sizeof(property));
	read_it(&t);
	assert_int_equal(t.object.isa, 0);
	SET_HEAD(&t.made.elf, e_machine, EM_X86_64);
	read_it(&t);
	assert_int_equal(t.object.isa, 4);
	SET_SEGMENT(&t.made.elf, SEG_STACK, p_type, PT_GNU_PROPERTY);
	read_it(&t);
	assert_int_equal(t.object.isa, 4);
}

static void read_note(struct trial *trial, const char *json)
{
	memset(trial->made.elf.at + OBJECT_NOTE, 0, 0x100);
	object_note(&trial->made, "FDO", 0x407c0c0a, json, strlen(json) + 1);
	read_it(trial);
	assert_int_equal(trial->object.form, ELF_SHARED);
}

static void dlopen_notes(void **state)
{
	TRIAL t = begin(true, false);

	(void)state;
	read_note(&t,
		  "[{\"feature\":\"z\",\"priority\":\"suggested\",\"soname\":[\"libz.so.1\",\"libz.so\"]},"
		  "{\"soname\":[\"libq.so\"]},{\"soname\":[]},{\"soname\":7},8]");
	assert_int_equal(t.object.dlopens.len, 2);
	assert_text(t.object.dlopens.at[0].priority, "suggested");
	assert_int_equal(t.object.dlopens.at[0].count, 2);
	assert_text(t.object.dlopens.at[0].sonames[0], "libz.so.1");
	assert_text(t.object.dlopens.at[0].sonames[1], "libz.so");
	assert_text(t.object.dlopens.at[1].priority, "");
	assert_int_equal(t.object.dlopens.at[1].count, 1);
	assert_text(t.object.dlopens.at[1].sonames[0], "libq.so");
	read_note(&t, "[{\"soname\":[\"libz.so\"");
	assert_int_equal(t.object.dlopens.len, 0);
	read_note(&t, "");
	assert_int_equal(t.object.dlopens.len, 0);
	/* Of another vendor. */
	read_note(&t, "[{\"soname\":[\"libz.so\"]}]");
	assert_int_equal(t.object.dlopens.len, 1);
	memcpy(t.made.elf.at + OBJECT_NOTE + 12, "FDX", 4);
	read_it(&t);
	assert_int_equal(t.object.dlopens.len, 0);
}

static void look_up_symbols(struct trial *trial)
{
	static const struct elf_version version = { STR_INIT("libm.so.6"), STR_INIT("GLIBC_2.28"), false };
	static const struct elf_version weak = { STR_INIT("libm.so.6"), STR_INIT("GLIBC_2.99"), true };
	static const struct elf_version other = { STR_INIT("libc.so.6"), STR_INIT("GLIBC_2.28"), false };
	struct bytes file = bytes_of(trial);
	struct str names[2];

	assert_true(elf_object_has_symbol(file, STR("PyInit_x")));
	assert_false(elf_object_has_symbol(file, STR("PyInit_")));
	assert_false(elf_object_has_symbol(file, STR("PyInit_xx")));
	assert_false(elf_object_has_symbol(file, STR("wanted")));
	assert_true(elf_object_has_prefix(file, STR("PyInit_")));
	assert_false(elf_object_has_prefix(file, STR("wanted")));
	assert_int_equal(elf_object_wanting(file, version, names, 2, &trial->arena), 1);
	assert_text(names[0], "wanted");
	assert_int_equal(elf_object_wanting(file, weak, names, 2, &trial->arena), 1);
	assert_text(names[0], "wanted_too");
	assert_int_equal(elf_object_wanting(file, weak, names, 0, &trial->arena), 0);
	assert_int_equal(elf_object_wanting(file, other, names, 2, &trial->arena), 0);
}

static void symbols_with_and_without_a_hash_table(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		TRIAL t = begin(kind & 1, kind & 2);

		look_up_symbols(&t);
		/* Without: up to the next table. */
		made_put(&t.made.elf, object_entry_at(&t.made, 6), MADE_FIELD(Dyn, d_tag), DT_DEBUG);
		look_up_symbols(&t);
	}
}

/* A chain that leads to itself ends. */
static void chains_in_a_circle(void **state)
{
	TRIAL t = begin(true, false);

	(void)state;
	object_number(&t.made, OBJECT_HASH + 12 + 4 * 2, 4, 2);
	assert_false(elf_object_has_symbol(bytes_of(&t), STR("nothing")));
	assert_true(elf_object_has_symbol(bytes_of(&t), STR("PyInit_x")));
}

/* Every beginning of a file is read without reading past it, and never as a sound whole. */
static void files_cut_short(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		TRIAL t = begin(kind & 1, kind & 2);

		for (size_t len = 0; len <= MADE_LATE; len += len < 0x800 ? 1 : 61) {
			struct arena arena = { 0 };
			struct elf_object object;
			uint8_t *part = malloc(len ? len : 1);

			assert_non_null(part);
			memcpy(part, t.made.elf.at, len);
			elf_object_read((struct bytes){ part, len }, &arena, &object);
			assert_int_equal(object.form == ELF_NOT, len < SELFMAG);
			assert_true(object.form == ELF_NOT || object.broken);
			(void)elf_object_has_prefix((struct bytes){ part, len }, STR("x"));
			free(part);
			arena_free(&arena);
		}
	}
}

static void lists_without_end(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;
	size_t count = 5000;

	(void)state;
	elf->at = realloc(elf->at, 0x7000 + (count + 1) * sizeof(Elf64_Dyn));
	assert_non_null(elf->at);
	elf->len = 0x7000 + (count + 1) * sizeof(Elf64_Dyn);
	memset(elf->at + MADE_END, 0, elf->len - MADE_END);
	memcpy(elf->at + 0x7000, elf->at + OBJECT_DYNAMIC, t.made.entries * sizeof(Elf64_Dyn));
	for (size_t i = t.made.entries; i < count; i++)
		memcpy(elf->at + 0x7000 + i * sizeof(Elf64_Dyn), elf->at + OBJECT_DYNAMIC, sizeof(Elf64_Dyn));
	made_segment(elf, SEG_DYNAMIC, PT_DYNAMIC, 0x7000, 0x20000, (count + 1) * sizeof(Elf64_Dyn), 8);
	made_segment(elf, SEG_STACK, PT_LOAD, 0x7000, 0x20000, (count + 1) * sizeof(Elf64_Dyn), 0x1000);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	/* One entry less than the bound, and it is none. */
	memset(elf->at + 0x7000 + (t.made.entries + 4094) * sizeof(Elf64_Dyn), 0, sizeof(Elf64_Dyn));
	assert_sound(&t);
	assert_int_equal(t.object.needed.len, 4096);
}

/* Two notes, the first one's text no multiple of 4. */
static void notes_in_a_row(void **state)
{
	static const char json[] = "[{\"soname\":[\"libz.so\"]}]";
	TRIAL t = begin(true, false);
	uint8_t both[112] = { 0 };
	size_t size = sizeof(json) + 2;
	size_t next = (size + 3) / 4 * 4;

	(void)state;
	assert_true(size % 4 != 0);
	memcpy(both, json, sizeof(json));
	object_note(&t.made, "FDO", 0x407c0c0a, json, sizeof(json));
	memcpy(both + next, t.made.elf.at + OBJECT_NOTE, 16 + sizeof(json));
	object_note(&t.made, "FDO", 0x407c0c0a, both, sizeof(both));
	object_number(&t.made, OBJECT_NOTE + 4, 4, size);
	read_it(&t);
	assert_int_equal(t.object.dlopens.len, 2);
}

static void tables_that_are_not_in_the_file(void **state)
{
	TRIAL t = begin(true, false);

	(void)state;
	/* In memory only: behind the bytes of the segment. */
	made_put(&t.made.elf, object_entry_at(&t.made, 3), MADE_FIELD(Dyn, d_un.d_val), 0x5280);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	made_put(&t.made.elf, object_entry_at(&t.made, 3), MADE_FIELD(Dyn, d_un.d_val), OBJECT_STRINGS);
	assert_sound(&t);
	/* No last entry. */
	for (size_t at = object_entry_at(&t.made, t.made.entries); at < OBJECT_DYNAMIC + 0x200;
	     at += sizeof(Elf64_Dyn))
		made_put(&t.made.elf, at, MADE_FIELD(Dyn, d_tag), DT_DEBUG);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
}

static void versions_that_lead_nowhere(void **state)
{
	TRIAL t = begin(true, false);
	struct made *elf = &t.made.elf;

	(void)state;
	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_aux), 0xfffffff0);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	made_put(elf, OBJECT_NEEDS, MADE_FIELD(Verneed, vn_aux), sizeof(Elf64_Verneed));
	assert_sound(&t);
	made_put(elf, OBJECT_DEFINES, MADE_FIELD(Verdef, vd_version), 2);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
	made_put(elf, OBJECT_DEFINES, MADE_FIELD(Verdef, vd_version), 1);
	made_put(elf, object_entry_at(&t.made, 2), MADE_FIELD(Dyn, d_un.d_val), OBJECT_STRINGS_SIZE);
	read_it(&t);
	assert_int_equal(t.object.form, ELF_TORN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_and_order),
		cmocka_unit_test(all_that_entries_say),
		cmocka_unit_test(forms),
		cmocka_unit_test(programs_by_their_interpreter),
		cmocka_unit_test(alignment_that_old_loaders_refuse),
		cmocka_unit_test(segments_in_no_order),
		cmocka_unit_test(segments_behind_the_end),
		cmocka_unit_test(what_only_pages_load),
		cmocka_unit_test(a_dynamic_section_that_is_not_loaded),
		cmocka_unit_test(packed_relocations),
		cmocka_unit_test(other_systems),
		cmocka_unit_test(debug_files),
		cmocka_unit_test(levels_of_x86),
		cmocka_unit_test(dlopen_notes),
		cmocka_unit_test(symbols_with_and_without_a_hash_table),
		cmocka_unit_test(chains_in_a_circle),
		cmocka_unit_test(files_cut_short),
		cmocka_unit_test(lists_without_end),
		cmocka_unit_test(notes_in_a_row),
		cmocka_unit_test(tables_that_are_not_in_the_file),
		cmocka_unit_test(versions_that_lead_nowhere),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
