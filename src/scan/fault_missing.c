/*
 * Names that the loader finds nowhere, finds where no shared object is, or finds only because something else
 * was loaded before.
 */
#include "base/map.h"
#include "base/text.h"
#include "scan/fault_parts.h"

enum { DIRS_MAX = 80, LINE_TEXT = 48 };

/* How a name misses. */
enum miss {
	MISS_NOWHERE,
	MISS_ELSEWHERE, /* the package has it, where the loader does not look, and nothing loads it */
	MISS_ORDER,	/* another file loads it, which may or may not happen before */
	MISSES,
};

/* All names that one file misses in one way, with what it loads. */
struct need {
	uint32_t root;
	bool sure;
	enum miss miss;
	uint32_t other;	   /* a file that has the first name */
	uint32_t through;  /* the first that misses one; the root itself, or a file that it loads */
	uint32_t last;	   /* the last one */
	uint32_t throughs; /* how many files miss one */
	VEC(struct str) names;
};

struct needs {
	struct fault_search *search;
	VEC(struct need) list;
	struct map places; /* "root:miss": index into list */
	struct map seen;   /* "from:name" */
	struct map named;  /* "root:name" */
};

static bool is_other(const struct fault_search *search, const struct library *library, uint32_t from)
{
	return library->file != from && !library->never && library->elf.form == ELF_SHARED &&
	       search->in->kept[library->file];
}

/* Whether something may load the file before. */
static bool may_be_loaded(const struct fault_search *search, uint32_t file, uint32_t root)
{
	uint32_t by = search->loaded_by[file];

	return fault_is_opened(search, file) || (by != NO_FILE && by != root);
}

/* A file of the package that has the name as its soname; one that may be loaded before comes first. Most
   packages have one; of many, no more than a few are looked at. */
static uint32_t find_other(const struct fault_search *search, const struct load *load, bool *loads)
{
	enum { LOOKS = 64 };
	const struct libraries *libraries = search->in->libraries;
	uint32_t found = NO_FILE;
	uint32_t at = libraries_by_soname(libraries, load->name);

	*loads = false;
	for (int looks = 0; at != NO_LIBRARY && looks < LOOKS; looks++) {
		const struct library *library = &libraries->list.at[at];

		at = library->same_soname;
		if (!is_other(search, library, load->from))
			continue;
		*loads = may_be_loaded(search, library->file, load->root);
		found = library->file;
		if (*loads)
			return found;
	}
	at = libraries_by_base(libraries, load->name);
	for (int looks = 0; found == NO_FILE && at != NO_LIBRARY && looks < LOOKS; looks++) {
		const struct library *library = &libraries->list.at[at];

		at = library->same_base;
		if (is_other(search, library, load->from))
			found = library->file;
	}
	return found;
}

static void add_need(struct needs *needs, const struct load *load)
{
	struct arena *arena = needs->search->arena;
	bool sure = fault_is_sure(needs->search, load->root);
	enum miss miss;
	uint32_t other;
	uint32_t *place;
	struct need *need;
	bool loads;
	bool added;

	(void)map_put(arena, &needs->seen, str_fmt(arena, "%u:%.*s", load->from, STR_ARG(load->name)),
		      &added);
	if (!added)
		return;
	other = find_other(needs->search, load, &loads);
	miss = other == NO_FILE ? MISS_NOWHERE : loads ? MISS_ORDER : MISS_ELSEWHERE;
	if (miss == MISS_ORDER && !sure)
		return;
	place = map_put(arena, &needs->places, str_fmt(arena, "%u:%d", load->root, (int)miss), &added);
	if (added) {
		*place = (uint32_t)needs->list.len;
		*vec_push(arena, &needs->list) = (struct need){
			.root = load->root,
			.sure = sure,
			.miss = miss,
			.other = other,
			.through = load->from,
			.last = NO_FILE,
		};
	}
	need = &needs->list.at[*place];
	need->throughs += need->last != load->from;
	need->last = load->from;
	(void)map_put(arena, &needs->named, str_fmt(arena, "%u:%.*s", load->root, STR_ARG(load->name)),
		      &added);
	if (added)
		*vec_push(arena, &need->names) = load->name;
}

/* Where the file itself says to look, if that is short. */
static struct str own_dirs(const struct fault_search *search, uint32_t from)
{
	const struct library *library = libraries_of(search->in->libraries, from);
	struct str dirs = STR("");
	const char *tag = "RUNPATH";

	if (library && library->elf.has_runpath) {
		dirs = library->elf.runpath;
	} else if (library && library->elf.has_rpath) {
		dirs = library->elf.rpath;
		tag = "RPATH";
	}
	if (dirs.len == 0 || dirs.len > DIRS_MAX)
		return STR("");
	return str_fmt(search->arena, ", also not in %s %s", tag, text_escape(search->arena, dirs).ptr);
}

static struct str cure_of(const struct fault_search *search, const struct need *need)
{
	uint32_t d = search->bundle->files.at[need->root].dist;
	struct str dist = d == NO_DIST ? STR("") : search->bundle->dists.at[d].key;

	for (size_t i = 0; i < need->names.len; i++) {
		struct str cure = fault_cure_of(need->names.at[i], dist);

		if (cure.len)
			return cure;
	}
	return STR("install a wheel that carries the library, or add it to lib/ of the package or of a "
		   "layer");
}

/* " (for lib/liby.so and 2 more)" */
static struct str through_of(const struct fault_search *search, const struct need *need)
{
	if (need->through == need->root)
		return STR("");
	return str_fmt(search->arena, " (for %s%s)", fault_path(search, need->through).ptr,
		       need->throughs > 1 ? str_fmt(search->arena, " and %u more", need->throughs - 1).ptr
					  : "");
}

static void tell_need(struct fault_search *search, const struct need *need)
{
	struct str names = str_fmt(search->arena, "%.*s%.*s",
				   STR_ARG(fault_list(search, need->names.at, need->names.len)),
				   STR_ARG(through_of(search, need)));
	struct fault fault = {
		.code = need->miss == MISS_ORDER ? CODE_LOAD_ORDER : CODE_LIBRARY_MISSING,
		.file = need->root,
		.root = need->root,
		.sure = need->sure,
	};
	uint32_t by;

	switch (need->miss) {
	case MISS_NOWHERE:
		fault.text = str_fmt(search->arena, "needs %.*s, which neither the package nor %.*s has%.*s",
				     STR_ARG(names), STR_ARG(search->system),
				     STR_ARG(own_dirs(search, need->through)));
		fault.cure = cure_of(search, need);
		break;
	case MISS_ELSEWHERE:
		fault.text = str_fmt(search->arena,
				     "needs %.*s, and the loader does not look where the package has it: %s",
				     STR_ARG(names), fault_path(search, need->other).ptr);
		fault.cure = STR("move it to lib/ at the top of the package, or give the file that needs it "
				 "an RPATH: patchelf --force-rpath --set-rpath '$ORIGIN/...'");
		break;
	default:
		by = search->loaded_by[need->other];
		fault.text = str_fmt(
			search->arena, "needs %.*s, which is found only if %s is loaded before%s%s",
			STR_ARG(names), fault_path(search, need->other).ptr, by == NO_FILE ? "" : ", as by ",
			by == NO_FILE ? "" : fault_path(search, by).ptr);
		fault.cure = STR("keep the order of imports, or give the file that needs it an RPATH");
		break;
	}
	fault_add(search, &fault);
}

static const char *kind_of(const struct fault_search *search, uint32_t file)
{
	const struct library *library = libraries_of(search->in->libraries, file);

	if (library && library->format == BINARY_MACHO)
		return "a library of macOS";
	if (library && library->format == BINARY_PE)
		return "a library of Windows";
	if (library && library->format == BINARY_ELF)
		return "cut short or damaged";
	return search->bundle->files.at[file].size < LINE_TEXT ? "too short to be a library"
							       : "no shared object";
}

static void tell_fatal(struct needs *needs, const struct load *load)
{
	struct fault_search *search = needs->search;
	bool added;

	(void)map_put(search->arena, &needs->seen,
		      str_fmt(search->arena, "%u:%.*s", load->from, STR_ARG(load->name)), &added);
	if (!added || load->file == NO_FILE)
		return;
	fault_add(search,
		  &(struct fault){
			  .code = CODE_LIBRARY_FATAL,
			  .file = load->from,
			  .root = load->root,
			  .sure = fault_is_sure(search, load->root),
			  .text = str_fmt(search->arena, "needs %s, and the loader stops at %s, which is %s",
					  fault_name(search, load->name).ptr,
					  fault_path(search, load->file).ptr, kind_of(search, load->file)),
			  .cure = STR("put the library itself there: it may be a symbolic link that became a "
				      "text, or a pointer of git-lfs"),
		  });
}

void fault_missing(struct fault_search *search)
{
	const struct fault_input *in = search->in;
	struct needs needs = { .search = search };

	for (int sure = 1; sure >= 0; sure--)
		for (size_t i = 0; i < in->count; i++) {
			const struct load *load = &in->loads[i];

			if (fault_is_sure(search, load->root) != (sure == 1) || load->kind == LOAD_AUXILIARY)
				continue;
			if (load->by == FOUND_FATAL)
				tell_fatal(&needs, load);
			if (load->by == FOUND_NOWHERE && in->platform)
				add_need(&needs, load);
		}
	for (size_t i = 0; i < needs.list.len; i++)
		tell_need(search, &needs.list.at[i]);
}
