#include "transform/strip_sections.h"

#include <string.h>

/* Larger tables of dynamic strings belong to libraries, not to provider modules. */
enum { PROVIDER_STRINGS_MAX = 1 << 16 };

/* Sections that only debuggers, profilers and linkers read. A last '*' stands for any text. */
static const char *const debris[] = {
	".debug_*",
	".zdebug_*",
	".debug", /* DWARF 1 and some compressors */
	".gdb_index",
	".gnu_debuglink",
	".gnu_debugdata",
	".gnu_debugaltlink",
	".comment",
	".stab*",
	".line",
	".mdebug",
	".GCC.command.line",
	".gnu.build.attributes*",
	".annobin*",
	".gnu.lto_*",
	".gnu.debuglto_*",
	".llvmbc",
	".llvmcmd",
	".llvm_addrsig",
	".llvm.call-graph-profile",
	".llvm_bb_addr_map",
	".deplibs",
	".BTF",
	".BTF.ext",
	".ctf",
	".bolt.*",
	".gnu.warning.*",
	".note.stapsdt",
	".note.gnu.gold-version",
	".note.bolt_info",
	".note.GNU-stack",
	".note.gnu.property",
};

static bool matches(const char *name, const char *pattern)
{
	size_t len = strlen(pattern);

	if (pattern[len - 1] == '*')
		return strncmp(name, pattern, len - 1) == 0;
	return strcmp(name, pattern) == 0;
}

static bool is_debris(const char *name)
{
	for (size_t i = 0; i < sizeof(debris) / sizeof(debris[0]); i++)
		if (matches(name, debris[i]))
			return true;
	return false;
}

/* String tables are judged afterwards, by those who use them. */
static bool stays(const struct elf *elf, const Elf64_Shdr *section, enum strip_mode mode)
{
	if (section->sh_type != SHT_NULL && (section->sh_flags & SHF_ALLOC))
		return true;
	switch (section->sh_type) {
	case SHT_NULL:
	case SHT_STRTAB:
	case SHT_GROUP:
	case SHT_REL: /* of --emit-relocs: those that the loader applies are allocated */
	case SHT_RELA:
		return false;
	case SHT_SYMTAB:
	case SHT_SYMTAB_SHNDX:
		return mode == STRIP_DEBUG;
	default:
		return !is_debris(elf_section_name(elf, section));
	}
}

static bool overlaps_segment(const struct elf *elf, const Elf64_Shdr *section)
{
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type != PT_NULL && p.p_filesz && p.p_offset < section->sh_offset + section->sh_size &&
		    section->sh_offset < p.p_offset + p.p_filesz)
			return true;
	}
	return false;
}

struct elf_finding sections_judge(const struct elf *elf, enum strip_mode mode, bool *keep)
{
	size_t names_index = elf->head.e_shstrndx;
	Elf64_Shdr names = elf_section(elf, names_index);

	/* Its bytes would have to stay, and to change. */
	if ((names.sh_flags & SHF_ALLOC) || overlaps_segment(elf, &names))
		return (struct elf_finding){ STRIP_REFUSED, "its table of section names is loaded" };
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		keep[i] = i != names_index && stays(elf, &section, mode);
	}
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		/* Judged above: what a string table's user keeps cannot itself be a string table. */
		if (section.sh_type == SHT_STRTAB || !keep[i] || section.sh_link >= elf->head.e_shnum)
			continue;
		if (section.sh_link == names_index)
			return (struct elf_finding){ STRIP_REFUSED,
						     "its section names share a table with its symbols" };
		if (elf_section(elf, section.sh_link).sh_type == SHT_STRTAB)
			keep[section.sh_link] = true;
	}
	keep[names_index] = true;
	return (struct elf_finding){ STRIP_CAN, "" };
}

static bool holds(struct str text, struct str word)
{
	return str_find(text, word) >= 0;
}

/*
 * OpenSSL's FIPS provider compares an HMAC over its own file with fipsmodule.cnf. Its mark is the entry
 * point of providers together with its name, which is looked for only in such (small, rare) modules.
 */
static bool is_fips_provider(const struct elf *elf, const Elf64_Shdr *strings)
{
	struct str text = str_of_bytes(elf->file);
	struct str table = { text.ptr + strings->sh_offset, strings->sh_size };

	return strings->sh_size <= PROVIDER_STRINGS_MAX && holds(table, STR("OSSL_provider_init")) &&
	       (holds(text, STR("FIPS Provider")) || holds(text, STR("module-mac")));
}

bool sections_self_checking(const struct elf *elf)
{
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);
		const char *name = section.sh_type == SHT_NULL ? "" : elf_section_name(elf, &section);

		/* libgcrypt's HMAC over its own file. */
		if (strcmp(name, ".note.fdo.integrity") == 0)
			return true;
		/* The first one is the one: a hostile file may have thousands. */
		if (elf_has_bytes(&section) && strcmp(name, ".dynstr") == 0)
			return is_fips_provider(elf, &section);
	}
	return false;
}

bool strip_is_self_checking_name(struct str path)
{
	struct str base = str_base(path);

	return str_eq(base, STR("fips.so")) || str_starts(base, STR("pyarmor_runtime")) ||
	       str_starts(base, STR("_pytransform"));
}

bool strip_guarded_by(struct str check, struct arena *arena, struct str *guarded)
{
	struct str dir = str_head(check, check.len - str_base(check).len);
	struct str base = str_base(check);

	if (str_ends(base, STR(".hmac"))) {
		base.len -= STR(".hmac").len;
		if (str_starts(base, STR(".")))
			base = str_from(base, 1);
		*guarded = str_fmt(arena, "%.*s%.*s", STR_ARG(dir), STR_ARG(base));
		return base.len > 0;
	}
	if (str_ends(base, STR(".chk"))) {
		base.len -= STR(".chk").len;
		*guarded = str_fmt(arena, "%.*s%.*s.so", STR_ARG(dir), STR_ARG(base));
		return base.len > 0;
	}
	return false;
}
