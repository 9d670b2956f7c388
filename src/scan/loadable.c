#include "scan/loadable.h"

#include <elf.h>

#include "base/arena.h"
#include "scan/python_tag.h"

/* EM_LOONGARCH and EM_RISCV are not in every elf.h. */
enum { MACHINE_RISCV = 243, MACHINE_LOONGARCH = 258 };

/* So many of one name are looked at; beyond that the answer is the careful one. */
enum { LOOKED_AT = 16 };

/* From this one on Python takes abi3 with a platform, and abi3t (gh-122931, PEP 803). */
enum { STABLE_PLATFORM_SINCE = 15 };
/* Up to this one tags have the "m" of pymalloc. */
enum { PYMALLOC_UNTIL = 7 };

static const struct loadable loads = { .why = LOADABLE, .what = STR_INIT("") };

/* --- machines ------------------------------------------------------------------------------- */

/*
 * Machines that run Linux. Files for others are no mistake but data: code for GPUs, for the kernel's BPF, for
 * what a device or an emulator runs.
 */
static const struct machine {
	uint16_t machine;
	const char *name;
} machines[] = {
	{ EM_X86_64, "x86-64" },  { EM_AARCH64, "arm64" },    { EM_386, "32-bit x86" },
	{ EM_ARM, "32-bit arm" }, { EM_PPC64, "ppc64" },      { EM_PPC, "32-bit ppc" },
	{ EM_S390, "s390x" },	  { MACHINE_RISCV, "riscv" }, { MACHINE_LOONGARCH, "loongarch" },
	{ EM_MIPS, "mips" },	  { EM_SPARC, "sparc" },      { EM_SPARCV9, "sparc" },
};

static const struct machine *machine_find(uint16_t number)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == number)
			return &machines[i];
	return NULL;
}

/* x32 and the like have another class. */
enum arch loadable_arch_of(const struct elf_object *elf)
{
	if (!elf->is64 || elf->big)
		return ARCH_ANY;
	if (elf->machine == EM_X86_64)
		return ARCH_X86_64;
	return elf->machine == EM_AARCH64 ? ARCH_ARM64 : ARCH_ANY;
}

static uint16_t machine_of(enum arch arch)
{
	return arch == ARCH_X86_64 ? EM_X86_64 : EM_AARCH64;
}

static struct loadable judge_machine(const struct elf_object *elf, enum arch arch, struct arena *arena)
{
	enum arch own = loadable_arch_of(elf);
	const char *kind = "";

	if (own != ARCH_ANY && (own == arch || arch == ARCH_ANY))
		return loads;
	if (own == ARCH_ANY && (elf->machine == EM_X86_64 || elf->machine == EM_AARCH64))
		kind = elf->big ? "big-endian " : "32-bit ";
	return (struct loadable){ OTHER_MACHINE,
				  str_fmt(arena, "%s%s", kind, machine_find(elf->machine)->name) };
}

/* Whether ld.so, or the kernel, would ever be asked to load it. */
static bool is_for_loader(const struct libraries *libraries, const struct library *library)
{
	const struct elf_object *elf = &library->elf;

	if (library->format != BINARY_ELF || (elf->form != ELF_SHARED && elf->form != ELF_PROGRAM) ||
	    !machine_find(elf->machine))
		return false;
	/* A program that needs no loader may be firmware, unless it is for one of Lambda's machines. */
	return elf->needed.len || elf->interpreter.len || elf->soname.len ||
	       loadable_arch_of(elf) != ARCH_ANY ||
	       libraries_is_name(libraries->bundle->files.at[library->file].path);
}

/* --- systems and their libc ------------------------------------------------------------------ */

static struct loadable is_of(const char *system)
{
	return (struct loadable){ OTHER_SYSTEM, str_of(system) };
}

/* glibc refuses all but these two (VALID_ELF_OSABI), the kernel does not look. */
static struct loadable judge_osabi(uint8_t osabi)
{
	switch (osabi) {
	case ELFOSABI_SYSV:
	case ELFOSABI_GNU:
		return loads;
	case ELFOSABI_FREEBSD:
		return is_of("FreeBSD");
	case ELFOSABI_NETBSD:
		return is_of("NetBSD");
	case ELFOSABI_OPENBSD:
		return is_of("OpenBSD");
	case ELFOSABI_SOLARIS:
		return is_of("Solaris");
	default:
		return is_of("another system");
	}
}

static bool any_runs(const struct libraries *libraries, uint32_t first, bool by_soname, enum arch arch)
{
	size_t seen = 0;

	for (uint32_t i = first; i != NO_LIBRARY;
	     i = by_soname ? libraries->list.at[i].same_soname : libraries->list.at[i].same_base)
		if (seen++ >= LOOKED_AT || loadable_arch_of(&libraries->list.at[i].elf) == arch)
			return true;
	return false;
}

/* Whether the bundle brings a file of that name for the same machine: then its users may know what to do. */
static bool is_brought(const struct libraries *libraries, struct str name, enum arch arch)
{
	return any_runs(libraries, libraries_by_soname(libraries, name), true, arch) ||
	       any_runs(libraries, libraries_by_base(libraries, str_base(name)), false, arch);
}

static bool needs(const struct elf_object *elf, struct str name)
{
	for (size_t i = 0; i < elf->needed.len; i++)
		if (str_eq(elf->needed.at[i], name))
			return true;
	return false;
}

/* musl's is loader and libc in one file, which may be called by either name. */
static struct loadable judge_musl(const struct libraries *libraries, struct str name, enum arch arch)
{
	struct str loader = arch == ARCH_X86_64 ? STR("ld-musl-x86_64.so.1") : STR("ld-musl-aarch64.so.1");

	if (is_brought(libraries, name, arch) || is_brought(libraries, loader, arch))
		return loads;
	return (struct loadable){ OTHER_LIBC, STR("musl") };
}

static struct loadable judge_interpreter(const struct libraries *libraries, const struct elf_object *elf)
{
	static const struct {
		struct str start;
		const char *system;
	} known[] = {
		{ STR_INIT("/system/bin/linker"), "Android" },
		{ STR_INIT("/libexec/ld-elf"), "FreeBSD" },
		{ STR_INIT("/libexec/ld.elf_so"), "NetBSD" },
		{ STR_INIT("/usr/libexec/ld.elf_so"), "NetBSD" },
		{ STR_INIT("/usr/libexec/ld.so"), "OpenBSD" },
	};

	if (str_starts(elf->interpreter, STR("/lib/ld-musl-")))
		return judge_musl(libraries, elf->interpreter, loadable_arch_of(elf));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_starts(elf->interpreter, known[i].start) &&
		    !is_brought(libraries, elf->interpreter, loadable_arch_of(elf)))
			return is_of(known[i].system);
	return loads;
}

/*
 * musl has one libc.so, to which -lm and -ldl link nothing; Android's libraries are apart, and have no
 * version in their names.
 */
static struct loadable judge_plain_libc(const struct libraries *libraries, const struct elf_object *elf)
{
	if (is_brought(libraries, STR("libc.so"), loadable_arch_of(elf)))
		return loads;
	if (needs(elf, STR("libm.so")) || needs(elf, STR("libdl.so")) || needs(elf, STR("liblog.so")) ||
	    needs(elf, STR("libandroid.so")))
		return is_of("Android");
	return judge_musl(libraries, STR("libc.so"), loadable_arch_of(elf));
}

/* By which libc it needs. What needs none loads with any, what needs glibc's loads with it. */
static struct loadable judge_needed(const struct libraries *libraries, const struct elf_object *elf)
{
	if (needs(elf, STR("libc.so.6")))
		return loads;
	if (needs(elf, STR("libc.so")))
		return judge_plain_libc(libraries, elf);
	for (size_t i = 0; i < elf->needed.len; i++) {
		struct str name = elf->needed.at[i];

		if (str_starts(name, STR("libc.musl-")))
			return judge_musl(libraries, name, loadable_arch_of(elf));
		if (str_starts(name, STR("libc.so.")) && !is_brought(libraries, name, loadable_arch_of(elf)))
			return is_of(str_eq(name, STR("libc.so.7")) ? "FreeBSD" : "another Unix");
	}
	return loads;
}

/* --- extension modules ------------------------------------------------------------------------ */

static enum arch arch_of_cpu(struct str cpu)
{
	if (str_eq(cpu, STR("x86_64")))
		return ARCH_X86_64;
	return str_eq(cpu, STR("aarch64")) ? ARCH_ARM64 : ARCH_ANY;
}

static struct loadable judge_platform(struct str platform, enum arch arch)
{
	static const struct {
		struct str start;
		struct loadable found;
	} known[] = {
		{ STR_INIT("darwin"), { OTHER_SYSTEM, STR_INIT("macOS") } },
		{ STR_INIT("win"), { OTHER_SYSTEM, STR_INIT("Windows") } },
		{ STR_INIT("linux-android"), { OTHER_SYSTEM, STR_INIT("Android") } },
		{ STR_INIT("linux-musl"), { OTHER_LIBC, STR_INIT("musl") } },
		{ STR_INIT("linux"), { OTHER_MACHINE, STR_INIT("another machine") } },
	};
	struct str cpu;
	struct str system;
	enum arch own;

	if (platform.len == 0)
		return loads;
	if (!str_cut(platform, '-', &cpu, &system))
		system = platform;
	own = arch_of_cpu(cpu);
	if (own != ARCH_ANY && (str_eq(system, STR("linux-gnu")) || str_eq(system, STR("linux"))))
		return arch == ARCH_ANY || arch == own
			       ? loads
			       : (struct loadable){ OTHER_MACHINE,
						    str_of(machine_find(machine_of(own))->name) };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_starts(system, known[i].start))
			return known[i].found;
	return is_of("another system");
}

/* What makes it a build that Lambda does not have, for people; or NULL. */
static const char *other_build(const struct python_tag *tag, unsigned minor)
{
	bool pymalloc = str_find(tag->flags, STR("m")) >= 0;

	/* Lambda's Pythons are neither free-threaded nor for debugging, whatever their version. */
	if (str_find(tag->flags, STR("t")) >= 0)
		return "free-threaded";
	if (str_find(tag->flags, STR("d")) >= 0)
		return "debug";
	return minor && tag->minor == minor && pymalloc != (minor <= PYMALLOC_UNTIL) ? "another" : NULL;
}

static struct loadable judge_cpython(const struct python_tag *tag, unsigned minor, struct arena *arena)
{
	const char *build = other_build(tag, minor);

	if (build)
		return (struct loadable){ OTHER_BUILD, str_fmt(arena, "%s CPython 3.%u", build, tag->minor) };
	if (minor && tag->minor && tag->minor != minor)
		return (struct loadable){ OTHER_PYTHON, str_fmt(arena, "CPython 3.%u", tag->minor) };
	return loads;
}

static struct loadable judge_python(const struct python_tag *tag, unsigned minor, struct arena *arena)
{
	switch (tag->kind) {
	case PYTHON_UNTAGGED:
		return loads;
	case PYTHON_CPYTHON:
		return judge_cpython(tag, minor, arena);
	case PYTHON_STABLE:
	case PYTHON_STABLE_THREADED:
		if (tag->kind == PYTHON_STABLE && tag->platform.len == 0)
			return loads;
		if (minor && minor < STABLE_PLATFORM_SINCE)
			return (struct loadable){ OTHER_PYTHON, STR("CPython 3.15 or later") };
		return loads;
	case PYTHON_PYPY:
		return (struct loadable){ OTHER_PYTHON, tag->minor ? str_fmt(arena, "PyPy 3.%u", tag->minor)
								   : STR("PyPy") };
	case PYTHON_GRAALPY:
		return (struct loadable){ OTHER_PYTHON, STR("GraalPy") };
	}
	return loads;
}

/* Python's import asks for the names that EXTENSION_SUFFIXES make, and for no others. */
static struct loadable judge_tag(const struct library *library, struct str path, enum arch arch,
				 unsigned minor, struct arena *arena)
{
	struct python_tag tag = python_tag_parse(path);
	/* Only CPython's need have PyInit_; the others' are nothing but extension modules. */
	bool imported = library->python || tag.kind == PYTHON_PYPY || tag.kind == PYTHON_GRAALPY;
	struct loadable found;

	if (!imported || library->linked || library->elf.form != ELF_SHARED)
		return loads;
	if (str_ends(path, STR(".pyd")))
		return is_of("Windows");
	found = judge_platform(tag.platform, arch);
	return found.why == LOADABLE ? judge_python(&tag, minor, arena) : found;
}

/* --- all of it -------------------------------------------------------------------------------- */

struct loadable loadable_judge(const struct libraries *libraries, const struct library *library,
			       enum arch arch, unsigned minor, struct arena *arena)
{
	struct str path = libraries->bundle->files.at[library->file].path;
	struct loadable found = loads;

	if (library->format == BINARY_MACHO)
		return is_of("macOS");
	/* .dll and .exe may be .NET's, which run on Linux, or launchers that a tool copies. */
	if (library->format == BINARY_PE && libraries_is_name(path))
		return is_of("Windows");
	if (!is_for_loader(libraries, library))
		return loads;
	found = judge_machine(&library->elf, arch, arena);
	if (found.why == LOADABLE)
		found = judge_osabi(library->osabi);
	if (found.why == LOADABLE)
		found = judge_interpreter(libraries, &library->elf);
	if (found.why == LOADABLE)
		found = judge_needed(libraries, &library->elf);
	if (found.why == LOADABLE)
		found = judge_tag(library, path, arch, minor, arena);
	return found;
}

struct linking {
	struct libraries *libraries;
	struct loadable *at;
	enum arch arch;
	unsigned minor;
	struct arena *arena;
	struct map asked;      /* names that were looked up */
	VEC(uint32_t) waiting; /* loadable ones whose names were not */
};

static void link_one(struct linking *l, uint32_t index)
{
	struct library *library = &l->libraries->list.at[index];

	if (library->linked)
		return;
	library->linked = true;
	if (l->at[index].why == LOADABLE)
		return;
	l->at[index] = loadable_judge(l->libraries, library, l->arch, l->minor, l->arena);
	if (l->at[index].why == LOADABLE)
		*vec_push(l->arena, &l->waiting) = index;
}

/* Each name once, so that each chain is walked once. */
static void link_name(struct linking *l, struct str name)
{
	bool added;

	*map_put(l->arena, &l->asked, name, &added) = 1;
	if (!added)
		return;
	for (uint32_t at = libraries_by_soname(l->libraries, name); at != NO_LIBRARY;
	     at = l->libraries->list.at[at].same_soname)
		link_one(l, at);
	for (uint32_t at = libraries_by_base(l->libraries, name); at != NO_LIBRARY;
	     at = l->libraries->list.at[at].same_base)
		link_one(l, at);
}

static void link_names(struct linking *l, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		link_name(l, names[i]);
		link_name(l, str_base(names[i]));
	}
}

struct loadable *loadable_all(struct libraries *libraries, enum arch arch, unsigned minor,
			      struct arena *arena)
{
	size_t count = libraries->list.len;
	struct linking l = { .libraries = libraries,
			     .at = arena_array(arena, struct loadable, count),
			     .arch = arch,
			     .minor = minor,
			     .arena = arena };

	for (uint32_t i = 0; i < count; i++) {
		libraries->list.at[i].linked = false;
		l.at[i] = loadable_judge(libraries, &libraries->list.at[i], arch, minor, arena);
		if (l.at[i].why == LOADABLE)
			*vec_push(arena, &l.waiting) = i;
	}
	for (size_t i = 0; i < l.waiting.len; i++) {
		const struct elf_object *elf = &libraries->list.at[l.waiting.at[i]].elf;

		link_names(&l, elf->needed.at, elf->needed.len);
		link_names(&l, elf->auxiliary.at, elf->auxiliary.len);
		link_names(&l, elf->filters.at, elf->filters.len);
	}
	for (size_t i = 0; i < count; i++)
		libraries->list.at[i].never = l.at[i].why != LOADABLE;
	return l.at;
}

/* --- the target -------------------------------------------------------------------------------- */

static bool is_tagged_for_linux(struct str path)
{
	struct python_tag tag = python_tag_parse(path);

	return tag.kind != PYTHON_UNTAGGED && str_find(tag.platform, STR("-linux")) >= 0;
}

enum arch loadable_arch(const struct libraries *libraries)
{
	bool seen[2][ARCH_ARM64 + 1] = { { false } };

	for (size_t i = 0; i < libraries->list.len; i++) {
		const struct library *library = &libraries->list.at[i];

		if (library->format == BINARY_ELF && library->elf.form == ELF_SHARED) {
			enum arch arch = loadable_arch_of(&library->elf);

			seen[0][arch] = true;
			seen[1][arch] |= is_tagged_for_linux(libraries->bundle->files.at[library->file].path);
		}
	}
	for (size_t tagged = 2; tagged-- > 0;)
		if (seen[tagged][ARCH_X86_64] || seen[tagged][ARCH_ARM64]) {
			if (seen[tagged][ARCH_X86_64] && seen[tagged][ARCH_ARM64])
				return ARCH_ANY;
			return seen[tagged][ARCH_X86_64] ? ARCH_X86_64 : ARCH_ARM64;
		}
	return ARCH_ANY;
}

struct str loadable_tag(unsigned minor, enum arch arch, struct arena *arena)
{
	if (minor == 0 || arch == ARCH_ANY)
		return STR("");
	return str_fmt(arena, "cpython-3%u%s-%s-linux-gnu", minor, minor <= PYMALLOC_UNTIL ? "m" : "",
		       arch == ARCH_X86_64 ? "x86_64" : "aarch64");
}
