/* Files that cannot load whatever they need, modules that have no other, and wheels for something else. */
#include "base/buf.h"
#include "base/map.h"
#include "scan/fault_parts.h"
#include "scan/metadata.h"

enum {
	STRICT_GLIBC = 35, /* from there on the loader is not strict about alignment (dl-load.c, 2.35) */
	ISA_GLIBC = 33,	   /* and asks for the level of the processor (dl-prop.h, 2.33) */
	ISA_V4 = 1 << 3,
};

/* --- files ---------------------------------------------------------------------------------------- */

static void tell_broken(struct fault_search *search, const struct library *library, bool sure,
			const char *why, struct str cure)
{
	fault_add(search, &(struct fault){
				  .code = CODE_ELF_BROKEN,
				  .file = library->file,
				  .root = library->file,
				  .sure = sure,
				  .text = str_fmt(search->arena, "Lambda's loader refuses it: %s", why),
				  .cure = cure,
			  });
}

/* A module whose file is none: import fails with "invalid ELF header" or "file too short". */
static const char *no_module(const struct library *library)
{
	if (library->format == BINARY_OTHER)
		return "it has the name of an extension module and is none";
	if (library->format != BINARY_ELF)
		return NULL;
	switch (library->elf.form) {
	case ELF_TORN:
		return "it is cut short or damaged";
	case ELF_OBJECT:
		return "it is an object file for linkers";
	case ELF_DEBUG:
		return "it holds debug information only";
	case ELF_NOT:
	case ELF_SHARED:
	case ELF_PROGRAM:
		break;
	}
	return NULL;
}

static void look_at_file(struct fault_search *search, const struct library *library)
{
	const struct platform *platform = search->in->platform;
	uint32_t file = library->file;
	bool is_module = modules_of(search->in->modules, file) != NO_MODULE;
	bool imported = is_module && search->in->sure && search->in->sure[file];

	if (library->elf.broken && (!platform || platform->glibc < STRICT_GLIBC))
		tell_broken(search, library, search->loaded[file], library->elf.broken,
			    STR("install the wheel anew, without other strip tools"));
	else if (imported && no_module(library))
		tell_broken(search, library, true, no_module(library),
			    STR("put the module itself there: it may be a pointer of git-lfs, or a copy that "
				"broke off"));
	if (search->loaded[file] && (library->elf.isa & ISA_V4) && platform && platform->glibc >= ISA_GLIBC)
		fault_add(search, &(struct fault){
					  .code = CODE_PROCESSOR,
					  .file = file,
					  .root = file,
					  .sure = true,
					  .text = STR("needs a processor with AVX-512 (x86-64-v4), which not "
						      "every machine of Lambda has"),
					  .cure = STR("install a build for x86-64 or x86-64-v3"),
				  });
}

void fault_files(struct fault_search *search)
{
	const struct libraries *libraries = search->in->libraries;

	for (size_t i = 0; i < libraries->list.len; i++) {
		const struct library *library = &libraries->list.at[i];

		if (search->in->kept[library->file] && !library->never)
			look_at_file(search, library);
	}
}

/* --- modules -------------------------------------------------------------------------------------- */

/* "python3.13 (Amazon Linux 2023) on arm64", or as much of it as is known. */
static struct str target_of(const struct fault_search *search)
{
	const char *arch = search->in->arch == ARCH_ARM64 ? "arm64" : "x86_64";
	unsigned minor = search->in->minor;

	if (search->in->platform)
		return str_fmt(search->arena, "%.*s on %s", STR_ARG(search->system), arch);
	if (minor && search->in->arch == ARCH_ANY)
		return str_fmt(search->arena, "python3.%u", minor);
	return search->in->arch == ARCH_ANY ? STR("Lambda") : str_fmt(search->arena, "Lambda on %s", arch);
}

static struct str dist_name(const struct fault_search *search, uint32_t file)
{
	uint32_t dist = search->bundle->files.at[file].dist;

	return dist == NO_DIST ? STR("") : search->bundle->dists.at[dist].name;
}

/* The command that installs for the target, as far as that is known. */
static struct str install_cure(const struct fault_search *search, uint32_t file)
{
	static const char *const platforms[] = {
		[ARCH_ANY] = "manylinux2014_x86_64 (or manylinux2014_aarch64)",
		[ARCH_X86_64] = "manylinux2014_x86_64",
		[ARCH_ARM64] = "manylinux2014_aarch64",
	};
	struct str name = dist_name(search, file);
	struct str python = search->in->minor
				    ? str_fmt(search->arena, " --python-version 3.%u", search->in->minor)
				    : STR("");

	if (name.len == 0)
		return STR("build or install it for the target");
	return str_fmt(search->arena, "pip install --platform %s%.*s --only-binary=:all: --target DIR %.*s",
		       platforms[search->in->arch], STR_ARG(python), STR_ARG(fault_name(search, name)));
}

/* What the builds are for, each kind once: "arm64 and macOS". */
static struct str builds_for(const struct fault_search *search, const struct module *module)
{
	const struct fault_input *in = search->in;
	VEC(struct str) kinds = { 0 };
	struct map seen = { 0 };

	for (uint32_t f = module->first_file; f != NO_MODULE; f = in->modules->files.at[f].next) {
		const struct library *library = libraries_of(in->libraries, in->modules->files.at[f].file);
		struct loadable loadable;
		bool added;

		if (!library)
			continue;
		loadable = loadable_judge(in->libraries, library, in->arch, in->minor, search->arena);
		(void)map_put(search->arena, &seen, loadable.what, &added);
		if (added && loadable.what.len)
			*vec_push(search->arena, &kinds) = loadable.what;
	}
	return kinds.len ? fault_list(search, kinds.at, kinds.len) : STR("something else");
}

/* The first build, where all files of the module are builds that never load and one is wanted; else NO_FILE.
 */
static uint32_t first_wrong(const struct fault_search *search, const struct module *module)
{
	const struct fault_input *in = search->in;
	uint32_t first = NO_FILE;
	bool wanted = false;

	for (uint32_t f = module->first_file; f != NO_MODULE; f = in->modules->files.at[f].next) {
		const struct module_file *file = &in->modules->files.at[f];
		const struct library *library = libraries_of(in->libraries, file->file);

		if (!library || !library->never)
			return NO_FILE;
		if (in->wanted ? in->wanted[file->file] : in->kept[file->file])
			wanted = true;
		if (file->file < first)
			first = file->file;
	}
	return wanted ? first : NO_FILE;
}

static void tell_build(struct fault_search *search, const struct module *module, uint32_t file)
{
	fault_add(search,
		  &(struct fault){
			  .code = CODE_NO_BUILD,
			  .file = file,
			  .root = file,
			  .sure = true,
			  .text = str_fmt(search->arena, "%s is built for %.*s only, not for %.*s",
					  fault_name(search, module->name).ptr,
					  STR_ARG(builds_for(search, module)), STR_ARG(target_of(search))),
			  .cure = install_cure(search, file),
		  });
}

void fault_builds(struct fault_search *search)
{
	const struct modules *modules = search->in->modules;
	VEC(uint32_t) files = { 0 };
	struct map by_file = { 0 }; /* the module */

	for (uint32_t i = 0; i < modules->list.len; i++) {
		uint32_t file = first_wrong(search, &modules->list.at[i]);
		uint32_t *at;
		bool added;

		if (file == NO_FILE)
			continue;
		at = map_put(search->arena, &by_file, str_fmt(search->arena, "%u", file), &added);
		if (added)
			*vec_push(search->arena, &files) = file;
		/* Where a directory and one in it may both be on sys.path, the full name. */
		if (added || modules->list.at[*at].name.len < modules->list.at[i].name.len)
			*at = i;
	}
	for (size_t i = 0; i < files.len; i++) {
		const uint32_t *at = map_get(&by_file, str_fmt(search->arena, "%u", files.at[i]));

		tell_build(search, &modules->list.at[*at], files.at[i]);
	}
}

/* --- wheels --------------------------------------------------------------------------------------- */

static struct str wheel_text(const struct fault_search *search, enum wheel_fit fit)
{
	switch (fit) {
	case WHEEL_OTHER_PYTHON:
		return STR("another Python");
	case WHEEL_OTHER_MACHINE:
		return STR("another machine");
	case WHEEL_OTHER_SYSTEM:
		return STR("another system");
	case WHEEL_TOO_NEW:
		return str_fmt(search->arena, "a newer glibc than 2.%u", search->in->platform->glibc);
	case WHEEL_FITS:
		break;
	}
	return STR("");
}

static int look_at_wheel(struct fault_search *search, uint32_t file, struct err *err)
{
	const struct fault_input *in = search->in;
	struct arena scratch = { 0 };
	struct bytes content;
	struct str tag = STR("");
	enum wheel_fit fit;

	if (in->reader.read(in->reader.ctx, file, &scratch, &content, err)) {
		arena_free(&scratch);
		return -1;
	}
	fit = loadable_wheel(str_of_bytes(content), in->platform, in->minor, &tag);
	if (fit != WHEEL_FITS)
		fault_add(
			search,
			&(struct fault){
				.code = CODE_WHEEL_TAG,
				.file = file,
				.root = file,
				.sure = true,
				.text = str_fmt(search->arena, "its tag %s is for %.*s, not for %.*s",
						fault_name(search, tag).ptr, STR_ARG(wheel_text(search, fit)),
						STR_ARG(target_of(search))),
				.cure = install_cure(search, file),
			});
	arena_free(&scratch);
	return 0;
}

/* Only wheels that brought shared objects, and of which something stays. */
int fault_wheels(struct fault_search *search, struct err *err)
{
	const struct bundle *bundle = search->bundle;
	bool *kept = arena_array(search->arena, bool, bundle->dists.len);
	bool *native = arena_array(search->arena, bool, bundle->dists.len);

	if (!search->in->platform)
		return 0;
	for (uint32_t id = 0; id < bundle->files.len; id++) {
		const struct file *file = &bundle->files.at[id];

		if (file->dist == NO_DIST || str_eq(str_dir(file->path), bundle->dists.at[file->dist].info))
			continue;
		kept[file->dist] |= search->in->kept[id];
		native[file->dist] |= search->in->libraries->of[id] != NO_LIBRARY;
	}
	for (size_t d = 0; d < bundle->dists.len; d++) {
		const struct dist *dist = &bundle->dists.at[d];
		uint32_t file = bundle_find(bundle, dist->tree,
					    str_fmt(search->arena, "%.*s/WHEEL", STR_ARG(dist->info)));

		if (kept[d] && native[d] && file != NO_FILE && bundle->files.at[file].kind == FILE_REGULAR &&
		    look_at_wheel(search, file, err))
			return -1;
	}
	return 0;
}
