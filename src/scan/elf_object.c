#include "scan/elf_object.h"

#include <string.h>

#include "scan/elf_dynamic.h"
#include "scan/elf_notes.h"

enum {
	LIST_MAX = 4096,      /* entries of a list */
	COPIES_MAX = 1 << 20, /* bytes of all strings of a file: many may stand for one in its table */
};

struct reading {
	struct elf_dynamic dynamic;
	struct elf_object *out;
	struct arena *arena;
	size_t copied;
};

/* What the program headers say, as far as the loader may refuse it. */
struct segments {
	const char *fault; /* of alignment or order: of ld.so, not of the kernel */
	const char *past;  /* the end of the file */
	bool interpreted;
	size_t loads;
	uint64_t first; /* address of the first PT_LOAD */
	uint64_t last;	/* where the last one ends */
	uint64_t end;	/* the highest end of all */
};

static bool copy(struct reading *reading, struct str from, struct str *to)
{
	reading->copied += from.len;
	if (reading->copied > COPIES_MAX)
		return false;
	*to = str_dup(reading->arena, from);
	return true;
}

static bool copy_string(struct reading *reading, uint64_t index, struct str *to)
{
	struct str found;

	return elf_dynamic_string(&reading->dynamic, index, &found) && copy(reading, found, to);
}

/* Adds a string to a VEC(struct str). */
#define ADD_STRING(reading, list, index)                                                                     \
	((list)->len < LIST_MAX && copy_string((reading), (index), vec_push((reading)->arena, (list))))

static bool read_entry(struct reading *reading, const Elf64_Dyn *entry)
{
	struct elf_object *out = reading->out;
	uint64_t value = entry->d_un.d_val;

	switch (entry->d_tag) {
	case DT_NEEDED:
		return ADD_STRING(reading, &out->needed, value);
	case DT_AUXILIARY:
		return ADD_STRING(reading, &out->auxiliary, value);
	case DT_FILTER:
		return ADD_STRING(reading, &out->filters, value);
	case DT_SONAME:
		return copy_string(reading, value, &out->soname);
	case DT_RPATH:
		out->has_rpath = true;
		return copy_string(reading, value, &out->rpath);
	case DT_RUNPATH:
		out->has_runpath = true;
		return copy_string(reading, value, &out->runpath);
	default:
		return true;
	}
}

/* One file's versions; ld.so follows links to their end, and does not look at counts. */
static bool read_wants_of(struct reading *reading, const Elf64_Verneed *need, uint64_t at)
{
	struct elf_object *out = reading->out;
	Elf64_Vernaux version;
	struct str file;

	if (!copy_string(reading, need->vn_file, &file))
		return false;
	do {
		struct elf_version *want;

		if (out->wants.len == LIST_MAX || !elf_holds(&reading->dynamic.elf, at, sizeof(version)))
			return false;
		version = elf_vernaux(&reading->dynamic.elf, at);
		want = vec_push(reading->arena, &out->wants);
		want->file = file;
		want->weak = version.vna_flags & VER_FLG_WEAK;
		if (!copy_string(reading, version.vna_name, &want->name))
			return false;
		at += version.vna_next;
	} while (version.vna_next);
	return true;
}

static bool read_wants(struct reading *reading)
{
	const struct elf *elf = &reading->dynamic.elf;
	uint64_t room;
	uint64_t at = elf_place(elf, reading->dynamic.needs, &room);
	Elf64_Verneed need;

	if (reading->dynamic.needs == 0)
		return true;
	for (size_t i = 0; i < LIST_MAX; i++) {
		need = elf_verneed(elf, at);
		if (need.vn_version != VER_NEED_CURRENT || !read_wants_of(reading, &need, at + need.vn_aux))
			return false;
		if (need.vn_next == 0)
			return true;
		at += need.vn_next;
	}
	return false;
}

static bool read_defines(struct reading *reading)
{
	const struct elf *elf = &reading->dynamic.elf;
	uint64_t room;
	uint64_t at = elf_place(elf, reading->dynamic.defines, &room);
	Elf64_Verdef def;

	if (reading->dynamic.defines == 0)
		return true;
	for (size_t i = 0; i < LIST_MAX; i++) {
		Elf64_Verdaux name;

		def = elf_verdef(elf, at);
		if (def.vd_version != VER_DEF_CURRENT || !elf_holds(elf, at + def.vd_aux, sizeof(name)))
			return false;
		name = elf_verdaux(elf, at + def.vd_aux);
		if (!(def.vd_flags & VER_FLG_BASE) &&
		    !ADD_STRING(reading, &reading->out->defines, name.vda_name))
			return false;
		if (def.vd_next == 0)
			return true;
		at += def.vd_next;
	}
	return false;
}

static bool read_dynamic(struct reading *reading)
{
	const struct elf_dynamic *dynamic = &reading->dynamic;
	struct elf_object *out = reading->out;

	out->no_default_dirs = dynamic->flags_1 & DF_1_NODEFLIB;
	out->no_open = dynamic->flags_1 & DF_1_NOOPEN;
	out->static_tls = dynamic->flags & DF_STATIC_TLS;
	for (size_t i = 0; i < dynamic->count; i++) {
		Elf64_Dyn entry = elf_dynamic_entry(dynamic, i);

		if (!read_entry(reading, &entry))
			return false;
	}
	return read_wants(reading) && read_defines(reading);
}

static bool read_interpreter(struct reading *reading, const Elf64_Phdr *p)
{
	struct str path =
		str_head(str_from(str_of_bytes(reading->dynamic.elf.file), p->p_offset), p->p_filesz);
	struct str rest;

	(void)str_cut(path, '\0', &path, &rest);
	return path.len <= ELF_STRING_MAX && copy(reading, path, &reading->out->interpreter);
}

static void see_load(struct segments *segments, const struct elf *elf, const Elf64_Phdr *load)
{
	uint64_t pages = (elf->file.len + ELF_PAGE - 1) & ~(uint64_t)(ELF_PAGE - 1);

	if (segments->loads++ == 0)
		segments->first = load->p_vaddr;
	segments->last = load->p_vaddr + load->p_memsz;
	if (segments->last > segments->end)
		segments->end = segments->last;
	if (!segments->fault)
		segments->fault = elf_load_fault(load);
	/* ld.so reserves what lies from the first one's begin to the last one's end. */
	if (!segments->fault && load->p_vaddr < segments->first)
		segments->fault = "its loadable segments are not in the order of their addresses";
	/* What is left of the last page is zero in memory; a page behind it is not there. */
	if (load->p_filesz && (load->p_offset > pages || load->p_filesz > pages - load->p_offset))
		segments->past = "a segment reaches beyond the end of the file";
}

static bool read_segments(struct reading *reading, struct segments *segments)
{
	const struct elf *elf = &reading->dynamic.elf;

	*segments = (struct segments){ 0 };
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type == PT_LOAD)
			see_load(segments, elf, &p);
		if (p.p_type == PT_TLS)
			reading->out->tls = p.p_memsz;
		if (p.p_type == PT_INTERP && !segments->interpreted) {
			segments->interpreted = true;
			if (!read_interpreter(reading, &p))
				return false;
		}
	}
	if (!segments->fault && segments->last < segments->end)
		segments->fault = "its loadable segments are not in the order of their addresses";
	return true;
}

/*
 * Whether what is loaded is not in the file: the sections of code, or the dynamic one, say that they have no
 * bytes. Program headers alone do not tell, since eu-strip leaves them as they were.
 */
static bool is_debug(const struct elf_dynamic *dynamic)
{
	const struct elf *elf = &dynamic->elf;
	const Elf64_Phdr *segment = &dynamic->segment;

	if (segment->p_type == PT_DYNAMIC && segment->p_filesz == 0 && segment->p_memsz)
		return true;
	if (elf->head.e_shentsize != elf_section_size(elf))
		return false;
	for (size_t i = 0; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		if (section.sh_type != SHT_NOBITS || !(section.sh_flags & SHF_ALLOC))
			continue;
		if ((section.sh_flags & SHF_EXECINSTR) ||
		    (segment->p_type == PT_DYNAMIC && section.sh_addr == segment->p_vaddr))
			return true;
	}
	return false;
}

/* What ld.so checks beyond segments, of the machines that Lambda has. */
static const char *loader_fault(const struct reading *reading)
{
	const struct elf *elf = &reading->dynamic.elf;
	unsigned char abi = elf->head.e_ident[EI_OSABI];
	bool known = elf->head.e_machine == EM_X86_64 || elf->head.e_machine == EM_AARCH64;

	if (known && abi != ELFOSABI_SYSV && abi != ELFOSABI_GNU)
		return "it is for another system than Linux, by its ELF header";
	return NULL;
}

static bool is_of_glibc(const struct elf_object *object)
{
	for (size_t i = 0; i < object->defines.len; i++)
		if (str_eq(object->defines.at[i], STR("GLIBC_PRIVATE")))
			return true;
	return false;
}

/*
 * Linkers add the need of a version, so that older loaders refuse the file: they would skip the relocations.
 * glibc's own files do without; GLIBC_PRIVATE tells them.
 */
static const char *relr_fault(const struct reading *reading)
{
	const struct elf_object *out = reading->out;

	if (!reading->dynamic.relr || is_of_glibc(out))
		return NULL;
	for (size_t i = 0; i < out->wants.len; i++)
		if (str_eq(out->wants.at[i].name, STR("GLIBC_ABI_DT_RELR")))
			return NULL;
	return "it has packed relocations (DT_RELR), which glibc before 2.36 does not apply";
}

static enum elf_form form_of(const struct reading *reading, const struct segments *segments)
{
	const struct elf_dynamic *dynamic = &reading->dynamic;

	if (dynamic->elf.head.e_type == ET_EXEC || (dynamic->flags_1 & DF_1_PIE) ||
	    (segments->interpreted && reading->out->soname.len == 0))
		return ELF_PROGRAM;
	return ELF_SHARED;
}

static const char *first_of(const char *a, const char *b)
{
	return a ? a : b;
}

/* All that needs no dynamic section is read. */
static void judge(struct reading *reading, const struct segments *segments)
{
	struct elf_dynamic *dynamic = &reading->dynamic;
	struct elf_object *out = reading->out;
	const struct elf elf = dynamic->elf;
	bool found = elf_dynamic_find(dynamic, &elf);

	if ((!found || segments->past) && is_debug(dynamic)) {
		out->form = ELF_DEBUG;
		return;
	}
	out->broken = segments->past;
	if (!found) {
		/* Linked statically, or packed: the kernel starts it without. */
		if (dynamic->segment.p_type == PT_NULL && (elf.head.e_type == ET_EXEC || elf.head.e_entry))
			out->form = ELF_PROGRAM;
		else
			out->broken = first_of(out->broken, "it has no dynamic section that makes sense");
		return;
	}
	if (!read_dynamic(reading)) {
		out->broken = first_of(out->broken, "its dynamic section makes no sense");
		return;
	}
	out->form = form_of(reading, segments);
	out->broken = first_of(out->broken, elf_dynamic_fault(&elf, &dynamic->segment));
	if (out->form == ELF_SHARED)
		out->broken = first_of(out->broken, first_of(segments->fault, loader_fault(reading)));
	if (out->form == ELF_SHARED || segments->interpreted)
		out->broken = first_of(out->broken, relr_fault(reading));
}

void elf_object_read(struct bytes file, struct arena *arena, struct elf_object *out)
{
	struct reading reading = { .out = out, .arena = arena };
	struct elf *elf = &reading.dynamic.elf;
	struct segments segments;

	*out = (struct elf_object){ .form = ELF_NOT };
	if (!elf_is(file))
		return;
	out->form = ELF_TORN;
	out->broken = elf_open(elf, file);
	if (out->broken)
		return;
	out->is64 = elf->is64;
	out->big = elf->big;
	out->machine = elf->head.e_machine;
	if (elf->head.e_type == ET_REL) {
		out->form = ELF_OBJECT;
		return;
	}
	if (elf->head.e_type != ET_DYN && elf->head.e_type != ET_EXEC)
		out->broken = "it is neither a shared object nor a program";
	else if (!elf_has_segments(elf))
		out->broken = "its program headers are missing or cut short";
	else if (!read_segments(&reading, &segments) || !elf_notes_read(elf, arena, out))
		out->broken = "its segments or notes make no sense";
	else if (segments.loads == 0)
		out->broken = "it has no loadable segment";
	else
		judge(&reading, &segments);
}
