#include "rules/condition.h"

#include <string.h>

enum { PATH_MAX_JOINED = 4096 };

/* Whether dir/name is a file of the same tree that the user does not drop: what is left when this one goes.
 */
static bool is_there(const struct surroundings *in, uint32_t file, struct str dir, struct str name,
		     struct str suffix)
{
	char path[PATH_MAX_JOINED];
	size_t slash = dir.len > 0;
	uint32_t found;

	if (name.len == 0 || dir.len + slash + name.len + suffix.len > sizeof(path))
		return false;
	if (slash) {
		memcpy(path, dir.ptr, dir.len);
		path[dir.len] = '/';
	}
	memcpy(path + dir.len + slash, name.ptr, name.len);
	if (suffix.len)
		memcpy(path + dir.len + slash + name.len, suffix.ptr, suffix.len);
	found = bundle_find(in->bundle, in->bundle->files.at[file].tree,
			    (struct str){ path, dir.len + slash + name.len + suffix.len });
	return found != NO_FILE && found != file && in->bundle->files.at[found].kind != FILE_DIR &&
	       in->opinions[found].stance != STANCE_USER_DROP;
}

/*
 * "d/__pycache__/m.cpython-313.opt-1.pyc" -> "d/m.py", "d/m.pyc" -> "d/m.py". Tags of other tools hold dots
 * themselves ("m.cpython-313-pytest-8.3.pyc"), so every dot of a cached name may be where the module's name
 * ends: where that errs, it errs on caches without source, which Python never loads.
 */
static bool source_beside(const struct surroundings *in, uint32_t file)
{
	struct str path = in->bundle->files.at[file].path;
	struct str base = str_base(path);
	struct str dir = str_dir(path);
	bool cached = str_eq(str_base(dir), STR("__pycache__"));

	if (!str_ends(base, STR(".pyc")) && !str_ends(base, STR(".pyo")))
		return false;
	base.len -= 4;
	if (!cached)
		return is_there(in, file, dir, base, STR(".py"));
	dir = str_dir(dir);
	for (size_t dot = 1; dot < base.len; dot++)
		if (base.ptr[dot] == '.' && is_there(in, file, dir, str_head(base, dot), STR(".py")))
			return true;
	return false;
}

static bool original_beside(const struct surroundings *in, uint32_t file)
{
	struct str path = in->bundle->files.at[file].path;
	struct str base = str_base(path);
	size_t end = base.len;

	if (str_starts(base, STR("._")))
		return is_there(in, file, str_dir(path), str_from(base, 2), STR(""));
	if (str_ends(base, STR("~")))
		return is_there(in, file, str_dir(path), str_head(base, end - 1), STR(""));
	while (end > 0 && base.ptr[end - 1] != '.')
		end--;
	return end > 1 && is_there(in, file, str_dir(path), str_head(base, end - 1), STR(""));
}

/* Whether `other` lies in the directory `dir`, at any depth, and hidden files have no part in that. */
static bool lies_openly(const struct surroundings *in, uint32_t other, struct str dir, bool *inside)
{
	struct str path = in->bundle->files.at[other].path;
	struct str below = dir.len ? str_from(path, dir.len + 1) : path;

	*inside = dir.len == 0 || (path.len > dir.len && path.ptr[dir.len] == '/' && str_starts(path, dir));
	return *inside && below.len && below.ptr[0] != '.';
}

/* Files of a directory follow one another in the sorted tree. */
static bool not_alone(const struct surroundings *in, uint32_t file)
{
	const struct tree *tree = &in->bundle->trees.at[in->bundle->files.at[file].tree];
	struct str dir = str_dir(in->bundle->files.at[file].path);
	bool inside = true;

	for (uint32_t i = file; inside && i-- > tree->first;)
		if (lies_openly(in, i, dir, &inside))
			return true;
	inside = true;
	for (uint32_t i = file + 1; inside && i < tree->first + tree->count; i++)
		if (lies_openly(in, i, dir, &inside))
			return true;
	return false;
}

static bool in_package(const struct surroundings *in, uint32_t file)
{
	const struct file *f = &in->bundle->files.at[file];
	struct str dir = str_dir(f->path);
	struct str site = f->dist == NO_DIST ? STR("") : in->bundle->dists.at[f->dist].site;

	return str_eq(dir, site) || str_ends(dir, STR(".dist-info")) || str_ends(dir, STR(".egg-info")) ||
	       is_there(in, file, dir, STR("__init__.py"), STR(""));
}

static bool empty_directory(const struct surroundings *in, uint32_t file)
{
	return in->bundle->files.at[file].kind == FILE_DIR;
}

const struct condition condition_table[] = {
	{ "source-beside",
	  "The file is bytecode, and the source that it was made from is in the package: the `.py` in the "
	  "same "
	  "directory, or, for a file in `__pycache__`, in the directory above.",
	  source_beside },
	{ "original-beside",
	  "The file that this one is a copy or a shadow of lies beside it: `x` for `x~`, `x.orig` and `._x`.",
	  original_beside },
	{ "not-alone",
	  "Something else than hidden files lies in the file's directory: it is not the file that keeps the "
	  "directory there.",
	  not_alone },
	{ "in-package",
	  "The file lies beside an `__init__.py`, directly in the site directory, or in a `*.dist-info` or "
	  "`*.egg-info`: not among data.",
	  in_package },
	{ "empty-directory", "It is a directory with nothing in it, which a package can hold too.",
	  empty_directory },
};

const size_t condition_count = sizeof(condition_table) / sizeof(condition_table[0]);

const struct condition *condition_find(struct str name)
{
	for (size_t i = 0; i < condition_count; i++)
		if (str_eq(name, str_of(condition_table[i].name)))
			return &condition_table[i];
	return NULL;
}
