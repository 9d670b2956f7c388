/*
 * Versions of symbols that a file wants of the library that it gets. As glibc's elf/dl-version.c: a version
 * must be among those that the library defines. A library that defines none is let pass there, and symbols
 * bind to it where it has a table of versions for its own needs; without any table glibc stops the process
 * (check_match() in elf/dl-lookup.c), which was tried with 2.36.
 */
#include <stdlib.h>

#include "base/map.h"
#include "base/text.h"
#include "scan/fault_parts.h"

enum { SYMBOLS_SHOWN = 2 };

/* The wants of one library by file, and the set that it defines; made when first asked for. */
struct version_table {
	bool made;
	struct map wants; /* the first of that file, counted in elf.wants */
	uint32_t *next;	  /* by want: the next of the same file; UINT32_MAX */
	struct map defines;
};

struct version_search {
	struct fault_search *search;
	struct version_table *tables; /* by library */
	struct map seen;	      /* "from:provider" */
};

static const struct version_table *table_of(struct version_search *v, uint32_t file)
{
	const struct libraries *libraries = v->search->in->libraries;
	struct version_table *table = &v->tables[libraries->of[file]];
	const struct elf_object *elf = &libraries->list.at[libraries->of[file]].elf;
	struct arena *arena = v->search->arena;

	if (table->made)
		return table;
	table->made = true;
	table->next = arena_array(arena, uint32_t, elf->wants.len);
	for (size_t i = elf->wants.len; i-- > 0;) {
		bool added;
		uint32_t *first = map_put(arena, &table->wants, elf->wants.at[i].file, &added);

		table->next[i] = added ? UINT32_MAX : *first;
		*first = (uint32_t)i;
	}
	for (size_t i = 0; i < elf->defines.len; i++)
		*map_put(arena, &table->defines, elf->defines.at[i], NULL) = 1;
	return table;
}

static enum platform_version judge(struct version_search *v, const struct load *load, struct str version)
{
	const struct library *provider;

	if (load->system)
		return platform_version(load->system, version);
	if (load->file == NO_FILE || !(provider = libraries_of(v->search->in->libraries, load->file)))
		return VERSION_UNKNOWN;
	if (provider->elf.defines.len == 0)
		return provider->elf.wants.len ? VERSION_UNKNOWN : VERSION_LACKING;
	return map_get(&table_of(v, load->file)->defines, version) ? VERSION_THERE : VERSION_LACKING;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Numbers count as such: GLIBC_2.9 before GLIBC_2.28. The newest comes first. */
static int newest_first(const void *left, const void *right)
{
	struct str a = *(const struct str *)left;
	struct str b = *(const struct str *)right;
	size_t i = 0;
	size_t ends[2];

	while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
		i++;
	while (i > 0 && is_digit(a.ptr[i - 1]))
		i--;
	for (ends[0] = i; ends[0] < a.len && is_digit(a.ptr[ends[0]]);)
		ends[0]++;
	for (ends[1] = i; ends[1] < b.len && is_digit(b.ptr[ends[1]]);)
		ends[1]++;
	if (ends[0] != ends[1] && ends[0] > i && ends[1] > i)
		return ends[0] > ends[1] ? -1 : 1;
	return -str_cmp(a, b);
}

/* " (for __isoc23_strtol)", or "". */
static int add_symbols(struct version_search *v, uint32_t file, struct elf_version version, struct str *out,
		       struct err *err)
{
	struct fault_search *search = v->search;
	struct arena scratch = { 0 };
	struct str symbols[SYMBOLS_SHOWN];
	struct bytes content;
	size_t count;

	*out = STR("");
	if (search->in->reader.read(search->in->reader.ctx, file, &scratch, &content, err)) {
		arena_free(&scratch);
		return -1;
	}
	count = elf_object_wanting(content, version, symbols, SYMBOLS_SHOWN, search->arena);
	if (count)
		*out = str_fmt(search->arena, " (for %.*s)", STR_ARG(fault_list(search, symbols, count)));
	arena_free(&scratch);
	return 0;
}

/* "GLIBC_" of "GLIBC_2.38". */
static struct str prefix_of(struct str version)
{
	size_t len = version.len;

	while (len && version.ptr[len - 1] != '_')
		len--;
	return str_head(version, len);
}

/* Whether another runtime may have all of the versions: none has a newer glibc than 2.34. */
static bool may_be_elsewhere(const struct platform *platform, const struct str *names, size_t count)
{
	enum { NEWEST_GLIBC = 34 };

	for (size_t i = 0; i < count; i++) {
		struct str number = str_from(names[i], STR("GLIBC_2.").len);
		unsigned minor = 0;

		if (!str_starts(names[i], STR("GLIBC_2.")))
			continue;
		for (size_t k = 0; k < number.len && k < 4 && number.ptr[k] >= '0' && number.ptr[k] <= '9';
		     k++)
			minor = minor * 10 + (unsigned)(number.ptr[k] - '0');
		if (minor > NEWEST_GLIBC)
			return false;
	}
	return platform->glibc < NEWEST_GLIBC;
}

static struct str cure_of(const struct fault_search *search, const struct load *load, const struct str *names,
			  size_t count)
{
	const struct platform *platform = search->in->platform;

	if (str_eq(names[0], STR("GLIBC_ABI_DT_RELR")))
		return STR("it was linked with -z pack-relative-relocs, which needs glibc 2.36: install the "
			   "wheel from PyPI, or link it without");
	if (!load->system || !platform)
		return STR("the two files do not belong together: install versions of one build, or drop the "
			   "one that is too old");
	return str_fmt(search->arena,
		       "install a wheel for manylinux2014 or at most manylinux_2_%u, or build it in Lambda's "
		       "image%s",
		       platform->glibc,
		       may_be_elsewhere(platform, names, count) ? "; or choose python3.12 or newer" : "");
}

/* Not every library of glibc changed in its newest version, which is the one that people know. */
static struct str newest_of(const struct fault_search *search, const struct load *load, struct str wanted)
{
	struct str prefix = prefix_of(wanted);
	struct str newest = load->system ? platform_newest(load->system, prefix) : STR("");
	struct str glibc;

	if (newest.len == 0 || !str_eq(prefix, STR("GLIBC_")) || !search->in->platform)
		return newest;
	glibc = str_fmt(search->arena, "GLIBC_2.%u", search->in->platform->glibc);
	return str_eq(glibc, wanted) ? newest : glibc;
}

static int tell_lacking(struct version_search *v, const struct load *load, struct str *names, size_t count,
			struct err *err)
{
	struct fault_search *search = v->search;
	struct str newest = newest_of(search, load, names[0]);
	struct str library = fault_name(search, load->name);
	struct elf_version first = { .file = load->name, .name = names[0] };
	struct str symbols;
	struct str text;

	if (add_symbols(v, load->from, first, &symbols, err))
		return -1;
	text = str_fmt(search->arena, "needs %.*s of %.*s%.*s, and ",
		       STR_ARG(fault_list(search, names, count)), STR_ARG(library), STR_ARG(symbols));
	if (!load->system)
		text = str_fmt(search->arena, "%.*sthe one that it gets, %s, does not define %s",
			       STR_ARG(text), fault_path(search, load->file).ptr, count == 1 ? "it" : "them");
	else if (newest.len)
		text = str_fmt(search->arena, "%.*s%.*s has %.*s at most", STR_ARG(text),
			       STR_ARG(search->system), STR_ARG(fault_name(search, newest)));
	else
		text = str_fmt(search->arena, "%.*s%.*s has none such", STR_ARG(text),
			       STR_ARG(search->system));
	fault_add(search, &(struct fault){
				  .code = CODE_VERSION_MISSING,
				  .file = load->from,
				  .root = load->root,
				  .sure = fault_is_sure(search, load->root),
				  .text = text,
				  .cure = cure_of(search, load, names, count),
			  });
	return 0;
}

static void tell_floating(struct fault_search *search, const struct load *load, const struct str *names,
			  size_t count)
{
	fault_add(
		search,
		&(struct fault){
			.code = CODE_VERSION_FLOATING,
			.file = load->from,
			.root = load->root,
			.sure = true,
			.text = str_fmt(search->arena,
					"needs %.*s of %.*s, which current images of %.*s have and older "
					"ones have not",
					STR_ARG(fault_list(search, names, count)),
					STR_ARG(fault_name(search, load->name)), STR_ARG(search->system)),
			.cure = STR("nothing to do unless the function is pinned to an older version of its "
				    "runtime"),
		});
}

/* The versions that the load's file wants of its answer. */
static int check_load(struct version_search *v, const struct load *load, struct err *err)
{
	struct fault_search *search = v->search;
	const struct library *from = libraries_of(search->in->libraries, load->from);
	struct arena *arena = search->arena;
	bool sure = fault_is_sure(search, load->root);
	VEC(struct str) lacking = { 0 };
	VEC(struct str) floating = { 0 };
	const struct version_table *table;
	const uint32_t *first;
	bool added;

	if (!from)
		return 0;
	(void)map_put(arena, &v->seen,
		      str_fmt(arena, "%u:%u:%.*s", load->from, load->file, STR_ARG(load->name)), &added);
	if (!added)
		return 0;
	table = table_of(v, load->from);
	first = map_get(&table->wants, load->name);
	for (uint32_t i = first ? *first : UINT32_MAX; i != UINT32_MAX; i = table->next[i]) {
		const struct elf_version *want = &from->elf.wants.at[i];

		if (want->weak)
			continue;
		switch (judge(v, load, want->name)) {
		case VERSION_LACKING:
			*vec_push(arena, &lacking) = want->name;
			break;
		case VERSION_FLOATING:
			*vec_push(arena, &floating) = want->name;
			break;
		case VERSION_THERE:
		case VERSION_UNKNOWN:
			break;
		}
	}
	if (lacking.len) {
		qsort(lacking.at, lacking.len, sizeof(*lacking.at), newest_first);
		return tell_lacking(v, load, lacking.at, lacking.len, err);
	}
	if (floating.len && sure) {
		qsort(floating.at, floating.len, sizeof(*floating.at), newest_first);
		tell_floating(search, load, floating.at, floating.len);
	}
	return 0;
}

int fault_versions(struct fault_search *search, struct err *err)
{
	const struct fault_input *in = search->in;
	struct version_search v = {
		.search = search,
		.tables = arena_array(search->arena, struct version_table, in->libraries->list.len),
	};

	for (int sure = 1; sure >= 0; sure--)
		for (size_t i = 0; i < in->count; i++)
			if (fault_is_sure(search, in->loads[i].root) == (sure == 1) &&
			    in->loads[i].by != FOUND_NOWHERE && in->loads[i].by != FOUND_FATAL &&
			    check_load(&v, &in->loads[i], err))
				return -1;
	return 0;
}
