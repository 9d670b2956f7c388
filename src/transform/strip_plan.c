/*
 * The new layout: what must stay becomes sorted spans of the input; holes between them are closed by
 * whole pages, and the new section headers go where there is room.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "transform/strip_extent.h"
#include "transform/strip_sections.h"

enum {
	SECTION_ALIGN = 16,   /* of sections that only tools read */
	SLACK_MAX = 64 << 10, /* bytes that no header accounts for: padding, or an old header table */
};

/* Stands for "do not move": no hole is that large. */
#define PINNED (UINT64_C(1) << 63)

/* A part of the input that stays. */
struct span {
	uint64_t start;
	uint64_t end;
	uint64_t align; /* it may move by multiples of this only */
	uint64_t to;	/* its place in the output */
	uint64_t used;	/* where free room begins behind it, in the output */
};

struct spans {
	struct span *at;
	size_t len;
	size_t cap;
};

struct layout {
	const struct elf *elf;
	struct arena *arena;
	const bool *keep;     /* by section */
	struct spans kept;    /* what stays */
	struct spans covered; /* what any header accounts for */
};

/* A new table: its bytes, and where they go. */
struct table {
	uint8_t *ptr;
	size_t len;
	uint64_t to;
};

static void add_span(struct arena *arena, struct spans *spans, uint64_t start, uint64_t size, uint64_t align)
{
	*vec_push(arena, spans) = (struct span){ .start = start, .end = start + size, .align = align };
}

static uint64_t max_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void add_segments(struct layout *layout)
{
	const struct elf *elf = layout->elf;

	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);
		uint64_t align = p.p_type == PT_LOAD ? p.p_align : ELF_PAGE;

		if (p.p_type == PT_NULL || (p.p_type != PT_LOAD && p.p_filesz == 0))
			continue;
		/*
		 * An empty segment has no bytes to keep, but it may only move by its alignment, and its first
		 * page may be mapped: a place inside the file stays one.
		 */
		if (p.p_filesz || p.p_offset <= elf->file.len)
			add_span(layout->arena, &layout->kept, p.p_offset, p.p_filesz, align);
	}
}

static void add_sections(struct layout *layout)
{
	const struct elf *elf = layout->elf;

	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);
		uint64_t align = section.sh_addralign ? section.sh_addralign : 1;
		bool stays = layout->keep[i] && i != elf->head.e_shstrndx;

		if (!elf_has_bytes(&section))
			continue;
		align = elf_is_power_of_two(align) ? max_of(align, SECTION_ALIGN) : PINNED;
		add_span(layout->arena, stays ? &layout->kept : &layout->covered, section.sh_offset,
			 section.sh_size, align);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a;
	const struct span *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

/* Sorts, and joins spans that touch or overlap. */
static void merge(struct spans *spans)
{
	size_t last = 0;

	qsort(spans->at, spans->len, sizeof(*spans->at), by_start);
	for (size_t i = 1; i < spans->len; i++) {
		struct span *into = &spans->at[last];
		const struct span *span = &spans->at[i];

		if (span->start > into->end) {
			spans->at[++last] = *span;
			continue;
		}
		into->end = max_of(into->end, span->end);
		into->align = max_of(into->align, span->align);
	}
	spans->len = last + 1;
}

static void find_spans(struct layout *layout)
{
	const struct elf *elf = layout->elf;
	struct arena *arena = layout->arena;

	add_span(arena, &layout->kept, 0, elf_head_size(elf), 1);
	add_span(arena, &layout->kept, elf->head.e_phoff, elf->head.e_phnum * elf_segment_size(elf),
		 ELF_PAGE);
	add_span(arena, &layout->covered, elf->head.e_shoff, elf->head.e_shnum * elf_section_size(elf), 1);
	add_segments(layout);
	add_sections(layout);
	merge(&layout->kept);
	for (size_t i = 0; i < layout->kept.len; i++)
		*vec_push(arena, &layout->covered) = layout->kept.at[i];
	merge(&layout->covered);
}

/* The length of a range without the zeros at both ends. */
static uint64_t nonzero_length(const uint8_t *at, uint64_t len)
{
	while (len && at[len - 1] == 0)
		len--;
	for (; len && *at == 0; at++)
		len--;
	return len;
}

/*
 * Whether the file carries something that its headers do not know of: an archive appended to an
 * executable, say. Tools that strip lose it without a word. Between sections a little is normal: patchelf
 * leaves old header tables behind.
 */
static bool has_payload(const struct layout *layout)
{
	const struct spans *covered = &layout->covered;
	struct bytes file = layout->elf->file;
	uint64_t end = covered->at[covered->len - 1].end;

	for (size_t i = 1; i < covered->len; i++) {
		uint64_t from = covered->at[i - 1].end;
		uint64_t len = covered->at[i].start - from;

		if (len > SLACK_MAX && nonzero_length(file.ptr + from, len) > SLACK_MAX)
			return true;
	}
	return file.len - end > SLACK_MAX || nonzero_length(file.ptr + end, file.len - end) > 0;
}

/*
 * Moves spans down over the holes in front of them. The amount is a multiple of the largest alignment of
 * all that follows, so that every segment stays congruent with its address, as ld.so demands.
 */
static void close_holes(struct spans *kept)
{
	uint64_t cut = 0;

	for (size_t i = kept->len - 1; i-- > 0;)
		kept->at[i].align = max_of(kept->at[i].align, kept->at[i + 1].align);
	for (size_t i = 0; i < kept->len; i++) {
		struct span *span = &kept->at[i];

		if (i > 0)
			cut += (span->start - kept->at[i - 1].end) & ~(span->align - 1);
		span->to = span->start - cut;
		span->used = span->end - cut;
	}
}

/* The place in the output of what lay at `offset`. What lay behind the end never had a place. */
static uint64_t moved(const struct layout *layout, uint64_t offset)
{
	const struct spans *kept = &layout->kept;
	size_t low = 0;
	size_t high = kept->len;

	if (offset > layout->elf->file.len)
		return offset;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (kept->at[middle].start <= offset)
			low = middle;
		else
			high = middle;
	}
	return offset - (kept->at[low].start - kept->at[low].to);
}

/* The first gap with room, which costs nothing; else the end. */
static uint64_t place(struct spans *kept, size_t size, uint64_t align)
{
	for (size_t i = 0;; i++) {
		struct span *span = &kept->at[i];
		uint64_t at = (span->used + align - 1) & ~(align - 1);

		if (i + 1 == kept->len || at + size <= kept->at[i + 1].to) {
			span->used = at + size;
			return at;
		}
	}
}

static struct table copy_table(struct arena *arena, const uint8_t *from, size_t len)
{
	struct table table = { arena_alloc(arena, len, 1), len, 0 };

	memcpy(table.ptr, from, len);
	return table;
}

/* The names of kept sections; ptr is NULL where the old table is no larger (linkers share endings). */
static struct table make_names(const struct layout *layout, uint32_t *name_at)
{
	const struct elf *elf = layout->elf;
	struct table table = { .len = 1 };

	for (size_t i = 1; i < elf->head.e_shnum && table.len < elf->names.len; i++) {
		Elf64_Shdr section = elf_section(elf, i);

		if (!layout->keep[i])
			continue;
		name_at[i] = (uint32_t)table.len;
		table.len += strlen(elf_section_name(elf, &section)) + 1;
	}
	if (table.len >= elf->names.len)
		return (struct table){ 0 };
	table.ptr = arena_alloc(layout->arena, table.len, 1);
	for (size_t i = 1; i < elf->head.e_shnum; i++) {
		Elf64_Shdr section = elf_section(elf, i);
		const char *name = layout->keep[i] ? elf_section_name(elf, &section) : NULL;

		if (name)
			memcpy(table.ptr + name_at[i], name, strlen(name) + 1);
	}
	return table;
}

/* Whether the section that a header refers to is gone. */
static bool is_gone(const struct layout *layout, uint32_t section)
{
	return section != 0 && section < layout->elf->head.e_shnum && !layout->keep[section];
}

static void patch_section(const struct layout *layout, const Elf64_Shdr *section, uint8_t *record,
			  uint64_t size)
{
	const struct elf *elf = layout->elf;
	uint64_t to = moved(layout, section->sh_offset);
	bool info_is_section = (section->sh_flags & SHF_INFO_LINK) || section->sh_type == SHT_REL ||
			       section->sh_type == SHT_RELA;

	/* Without bytes the place is a mere hint; readers complain when it lies behind the end. */
	if (!elf_has_bytes(section) && to > size)
		to = size;
	elf_put(elf, record, ELF_SH_OFFSET, to);
	if (is_gone(layout, section->sh_link))
		elf_put(elf, record, ELF_SH_LINK, 0);
	if (info_is_section && is_gone(layout, section->sh_info))
		elf_put(elf, record, ELF_SH_INFO, 0);
}

/*
 * Headers keep their numbers, because symbols refer to them: a header that goes leaves an empty one,
 * and only those behind the last one kept vanish.
 */
static void fill_sections(const struct layout *layout, struct table *headers, const struct table *names,
			  const uint32_t *name_at, uint64_t size)
{
	const struct elf *elf = layout->elf;
	size_t record_size = elf_section_size(elf);

	for (size_t i = 1; i < headers->len / record_size; i++) {
		uint8_t *record = headers->ptr + i * record_size;
		Elf64_Shdr section = elf_section(elf, i);

		if (!layout->keep[i]) {
			memset(record, 0, record_size);
			continue;
		}
		if (name_at)
			elf_put(elf, record, ELF_SH_NAME, name_at[i]);
		if (i != elf->head.e_shstrndx) {
			patch_section(layout, &section, record, size);
			continue;
		}
		elf_put(elf, record, ELF_SH_OFFSET, names->to);
		elf_put(elf, record, ELF_SH_SIZE, names->len);
	}
}

static struct table make_segments(const struct layout *layout)
{
	const struct elf *elf = layout->elf;
	size_t record_size = elf_segment_size(elf);
	struct table table =
		copy_table(layout->arena, elf->file.ptr + elf->head.e_phoff, elf->head.e_phnum * record_size);

	table.to = moved(layout, elf->head.e_phoff);
	for (size_t i = 0; i < elf->head.e_phnum; i++) {
		Elf64_Phdr p = elf_segment(elf, i);

		if (p.p_type != PT_NULL)
			elf_put(elf, table.ptr + i * record_size, ELF_P_OFFSET, moved(layout, p.p_offset));
	}
	return table;
}

static void put_tables(struct strip_plan *plan, const struct layout *layout, const struct table *tables,
		       size_t count)
{
	const struct spans *kept = &layout->kept;

	plan->extents = arena_array(layout->arena, struct strip_extent, kept->len + count);
	for (size_t i = 0; i < kept->len; i++)
		plan->extents[plan->count++] =
			(struct strip_extent){ kept->at[i].to, layout->elf->file.ptr + kept->at[i].start,
					       kept->at[i].end - kept->at[i].start };
	for (size_t i = 0; i < count; i++)
		plan->extents[plan->count++] =
			(struct strip_extent){ tables[i].to, tables[i].ptr, tables[i].len };
}

static void lay_out(struct layout *layout, struct strip_plan *plan)
{
	const struct elf *elf = layout->elf;
	uint32_t *name_at = arena_array(layout->arena, uint32_t, elf->head.e_shnum);
	struct table names = make_names(layout, name_at);
	size_t sections = elf->head.e_shnum;
	struct table tables[4]; /* in the order of writing */

	if (!names.ptr) {
		names = copy_table(layout->arena, (const uint8_t *)elf->names.ptr, elf->names.len);
		name_at = NULL;
	}
	while (!layout->keep[sections - 1])
		sections--;
	close_holes(&layout->kept);
	tables[0] = copy_table(layout->arena, elf->file.ptr, elf_head_size(elf));
	tables[1] = make_segments(layout);
	tables[2] = copy_table(layout->arena, elf->file.ptr + elf->head.e_shoff,
			       sections * elf_section_size(elf));
	tables[2].to = place(&layout->kept, tables[2].len, elf->is64 ? 8 : 4);
	names.to = place(&layout->kept, names.len, 1);
	tables[3] = names;
	plan->size = layout->kept.at[layout->kept.len - 1].used;
	plan->verdict = plan->size < elf->file.len ? STRIP_CAN : STRIP_NOTHING;
	if (plan->verdict == STRIP_NOTHING)
		return;
	fill_sections(layout, &tables[2], &names, name_at, plan->size);
	elf_put(elf, tables[0].ptr, ELF_E_PHOFF, tables[1].to);
	elf_put(elf, tables[0].ptr, ELF_E_SHOFF, tables[2].to);
	elf_put(elf, tables[0].ptr, ELF_E_SHNUM, sections);
	put_tables(plan, layout, tables, sizeof(tables) / sizeof(tables[0]));
}

static struct strip_plan refuse(const char *why)
{
	return (struct strip_plan){ .verdict = STRIP_REFUSED, .why = why };
}

struct strip_plan strip_plan(struct bytes content, enum strip_mode mode, struct arena *arena)
{
	struct elf elf;
	struct elf_finding found = elf_check(&elf, content);
	struct layout layout = { .elf = &elf, .arena = arena };
	struct strip_plan plan;
	bool *keep;

	if (found.verdict != STRIP_CAN)
		return (struct strip_plan){ .verdict = found.verdict, .why = found.why };
	if (elf_overlaps(&elf))
		return refuse("its segments or sections overlap");
	if (sections_self_checking(&elf))
		return refuse("it verifies a checksum over its own file");
	keep = arena_array(arena, bool, elf.head.e_shnum);
	found = sections_judge(&elf, mode, keep);
	if (found.verdict != STRIP_CAN)
		return refuse(found.why);
	layout.keep = keep;
	find_spans(&layout);
	if (has_payload(&layout))
		return refuse("it carries data that no header accounts for");
	plan = (struct strip_plan){ .why = "" };
	lay_out(&layout, &plan);
	return plan;
}
