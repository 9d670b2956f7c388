/*
 * Libraries that stand in each other's way: the system's before the package's, two of one soname, several
 * OpenMP runtimes.
 */
#include "base/map.h"
#include "scan/fault_parts.h"
#include "scan/lambda_paths.h"

/* --- the system's before the package's ------------------------------------------------------------ */

/* Files that get the system's in place of one file of the package. */
struct shadow {
	uint32_t file;
	uint32_t root;
	struct str soname;
	VEC(struct str) needers;
};

struct shadows {
	struct fault_search *search;
	struct lambda_paths paths;
	VEC(struct shadow) list;
	struct map places; /* "file" */
	struct map seen;   /* "from:name" */
};

/* Whether the entry of a search path is that directory. */
static bool is_dir(const struct shadows *shadows, struct str entry, const struct path_tokens *tokens,
		   struct str dir)
{
	char room[PATH_ROOM];
	struct str path;
	struct spot spot;

	if (!lambda_path_expand(tokens, entry, room, &path) || !str_starts(path, STR("/")))
		return false;
	lambda_path_walk(&shadows->paths, path, true, &spot);
	return spot.kind == SPOT_DIR && str_eq(spot.path, dir);
}

/* Whether the file would find the other one by its own RUNPATH, or by LD_LIBRARY_PATH, were it not for the
 * system's. */
static bool would_find(const struct shadows *shadows, uint32_t from, uint32_t other)
{
	enum { ENTRIES = 64 };
	const struct fault_search *search = shadows->search;
	const struct fault_input *in = search->in;
	const struct platform *platform = in->platform;
	const struct library *library = libraries_of(in->libraries, from);
	struct str dir = str_dir(lambda_path_of(&shadows->paths, other));
	struct path_tokens tokens = {
		.origin = str_dir(lambda_path_of(&shadows->paths, from)),
		.lib = platform->lib,
		.platform = platform->hardware,
		.words = true,
	};
	struct str rest = library ? library->elf.runpath : STR("");
	struct str entry;
	const struct str *path = in->library_path ? in->library_path : platform->library_path.at;
	size_t places = in->library_path ? in->library_path_count : platform->library_path.len;

	for (size_t i = 0; i < places; i++)
		if (str_eq(path[i], dir))
			return true;
	for (int i = 0; rest.len && i < ENTRIES; i++) {
		(void)str_cut(rest, ':', &entry, &rest);
		if (is_dir(shadows, entry, &tokens, dir))
			return true;
	}
	return false;
}

static void add_shadow(struct shadows *shadows, const struct load *load, uint32_t file)
{
	struct arena *arena = shadows->search->arena;
	bool added;
	uint32_t *place = map_put(arena, &shadows->places, str_fmt(arena, "%u", file), &added);

	if (added) {
		*place = (uint32_t)shadows->list.len;
		*vec_push(arena, &shadows->list) =
			(struct shadow){ .file = file, .root = load->root, .soname = load->name };
	}
	*vec_push(arena, &shadows->list.at[*place].needers) =
		shadows->search->bundle->files.at[load->from].path;
}

static void look_for_shadow(struct shadows *shadows, const struct load *load)
{
	enum { LOOKS = 64 };
	const struct fault_search *search = shadows->search;
	const struct libraries *libraries = search->in->libraries;
	uint32_t at = libraries_by_base(libraries, load->name);
	bool added = at != NO_LIBRARY;

	if (added)
		(void)map_put(search->arena, &shadows->seen,
			      str_fmt(search->arena, "%u:%.*s", load->from, STR_ARG(load->name)), &added);
	if (!added)
		return;
	for (int looks = 0; at != NO_LIBRARY && looks < LOOKS; looks++) {
		const struct library *library = &libraries->list.at[at];

		at = library->same_base;
		if (!library->never && library->elf.form == ELF_SHARED && search->in->kept[library->file] &&
		    would_find(shadows, load->from, library->file)) {
			add_shadow(shadows, load, library->file);
			return;
		}
	}
}

void fault_shadowed(struct fault_search *search)
{
	const struct fault_input *in = search->in;
	struct shadows shadows = { .search = search };

	if (!in->platform)
		return;
	lambda_paths_begin(&shadows.paths, search->bundle, search->arena);
	for (size_t i = 0; i < in->count; i++) {
		const struct load *load = &in->loads[i];

		if (load->system && !load->system->sure && fault_is_sure(search, load->root))
			look_for_shadow(&shadows, load);
	}
	for (size_t i = 0; i < shadows.list.len; i++) {
		const struct shadow *shadow = &shadows.list.at[i];
		struct str needers = fault_list(search, shadow->needers.at, shadow->needers.len);

		fault_add(search,
			  &(struct fault){
				  .code = CODE_LIBRARY_SHADOWED,
				  .file = shadow->file,
				  .root = shadow->root,
				  .sure = true,
				  .text = str_fmt(search->arena,
						  "Lambda's own %s is loaded in its place, because "
						  "LD_LIBRARY_PATH comes before DT_RUNPATH; needed by %.*s",
						  fault_name(search, shadow->soname).ptr, STR_ARG(needers)),
				  .cure = STR("drop it if Lambda's will do; else patchelf --force-rpath "
					      "--set-rpath '$ORIGIN/...' on what needs it"),
			  });
	}
}

/* --- two of one soname ---------------------------------------------------------------------------- */

static int are_equal(struct fault_search *search, uint32_t left, uint32_t right, bool *equal, struct err *err)
{
	const struct reader *reader = &search->in->reader;
	struct arena scratch = { 0 };
	struct bytes a;
	struct bytes b;
	int failed;

	*equal = false;
	if (search->bundle->files.at[left].size != search->bundle->files.at[right].size)
		return 0;
	failed = reader->read(reader->ctx, left, &scratch, &a, err) ||
		 reader->read(reader->ctx, right, &scratch, &b, err);
	if (!failed)
		*equal = str_eq(str_of_bytes(a), str_of_bytes(b));
	arena_free(&scratch);
	return failed ? -1 : 0;
}

static bool is_path_opened(const struct fault_search *search, uint32_t file)
{
	return search->in->opened && search->in->opened[file] && fault_is_sure(search, file);
}

static void tell_twice(struct fault_search *search, uint32_t first, uint32_t other, bool equal)
{
	const struct library *library = libraries_of(search->in->libraries, first);
	const char *soname = fault_name(search, library->elf.soname).ptr;
	const char *path = fault_path(search, other).ptr;

	fault_add(search, &(struct fault){
				  .code = CODE_LIBRARY_TWICE,
				  .file = first,
				  .root = first,
				  .sure = true,
				  .text = equal ? str_fmt(search->arena,
							  "%s is opened by its path here and at %s: both are "
							  "loaded, each with variables of its own",
							  soname, path)
						: str_fmt(search->arena,
							  "%s is another library at %s: the one that is "
							  "loaded first serves all",
							  soname, path),
				  .cure = STR("keep one of the two, from one version"),
			  });
}

/*
 * Rule 0 of the loader: a name is answered by whatever has that soname already. Modules that Python opens by
 * their path meet others only where somebody needs them by name. Of many files of one soname the first is
 * compared with the others, and one pair is told.
 */
static int look_at_soname(struct fault_search *search, uint32_t last, struct err *err)
{
	enum { LOOKS = 16 };
	const struct libraries *libraries = search->in->libraries;
	uint32_t same[LOOKS];
	size_t count = 0;
	bool equal;

	for (uint32_t at = last; at != NO_LIBRARY && count < LOOKS; at = libraries->list.at[at].same_soname) {
		uint32_t file = libraries->list.at[at].file;

		if (fault_library(search, file) && (search->by_name[file] || is_path_opened(search, file)) &&
		    (search->by_name[file] || !libraries->list.at[at].python))
			same[count++] = file;
	}
	for (size_t i = 0; i + 1 < count; i++) {
		uint32_t first = same[count - 1]; /* by file id */
		bool by_name = search->by_name[first] || search->by_name[same[i]];

		if (are_equal(search, first, same[i], &equal, err))
			return -1;
		if (equal ? is_path_opened(search, first) && is_path_opened(search, same[i]) : by_name) {
			tell_twice(search, first, same[i], equal);
			return 0;
		}
	}
	return 0;
}

int fault_twice(struct fault_search *search, struct err *err)
{
	const struct libraries *libraries = search->in->libraries;

	for (uint32_t i = 0; i < libraries->list.len; i++) {
		const struct library *library = &libraries->list.at[i];

		if (library->same_soname == NO_LIBRARY ||
		    libraries_by_soname(libraries, library->elf.soname) != i)
			continue;
		if (look_at_soname(search, i, err))
			return -1;
	}
	return 0;
}

/* --- OpenMP --------------------------------------------------------------------------------------- */

enum openmp { OPENMP_GNU, OPENMP_LLVM, OPENMP_INTEL, OPENMPS };

/* By the name, with a number, a version or auditwheel's hash behind it: "libgomp-a34b3233.so.1". */
static enum openmp openmp_of(struct str name)
{
	static const struct str names[OPENMPS] = {
		[OPENMP_GNU] = STR_INIT("libgomp"),
		[OPENMP_LLVM] = STR_INIT("libomp"),
		[OPENMP_INTEL] = STR_INIT("libiomp5"),
	};

	for (int kind = 0; kind < OPENMPS; kind++) {
		struct str rest = str_from(name, names[kind].len);

		if (str_starts(name, names[kind]) && rest.len && (rest.ptr[0] == '.' || rest.ptr[0] == '-'))
			return (enum openmp)kind;
	}
	return OPENMPS;
}

void fault_openmp(struct fault_search *search)
{
	uint32_t first[OPENMPS] = { NO_FILE, NO_FILE, NO_FILE };
	struct str paths[OPENMPS];
	size_t count = 0;
	uint32_t root = NO_FILE;

	for (uint32_t id = 0; id < search->bundle->files.len; id++) {
		enum openmp kind = fault_library(search, id)
					   ? openmp_of(str_base(search->bundle->files.at[id].path))
					   : OPENMPS;

		if (kind == OPENMPS || first[kind] != NO_FILE)
			continue;
		first[kind] = id;
		if (root == NO_FILE)
			root = id;
		else
			paths[count++] = search->bundle->files.at[id].path;
	}
	if (count)
		fault_add(search,
			  &(struct fault){
				  .code = CODE_OPENMP_MIXED,
				  .file = root,
				  .root = root,
				  .sure = true,
				  .text = str_fmt(search->arena, "is loaded into one process with %.*s",
						  STR_ARG(fault_list(search, paths, count))),
				  .cure = STR("install builds that use one OpenMP runtime; as a way "
					      "out, OMP_NUM_THREADS=1"),
			  });
}
