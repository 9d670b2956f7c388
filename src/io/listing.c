#include "io/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"

/* STEPS_MAX: components that all symlinks of a package may lead through; real packages need thousands. */
enum { COMPONENT_MAX = 255, PATH_MAX_BYTES = 4000, LINKS_MAX = 40, STEPS_MAX = 4000000 };

/* Fails with the member's name in front. */
static int refuse(struct str name, const char *why, struct err *err)
{
	(void)err_set(err, "%s", why);
	return err_in(err, name.len ? name : STR("(empty name)"));
}

/* What is wrong with the raw name whatever its components are, or NULL. */
static const char *name_fault(struct str name)
{
	if (name.len == 0)
		return "member without a name";
	if (name.len > PATH_MAX_BYTES)
		return "path of more than 4000 bytes, which Lambda cannot unpack";
	if (memchr(name.ptr, '\0', name.len))
		return "NUL in the name";
	if (memchr(name.ptr, '\\', name.len))
		return "backslash in the name: readers disagree whether it separates directories; zip it "
		       "again with "
		       "'/'";
	if (name.ptr[0] == '/')
		return "absolute path";
	if (name.len >= 3 && name.ptr[1] == ':' && name.ptr[2] == '/' &&
	    ((name.ptr[0] | 0x20) >= 'a' && (name.ptr[0] | 0x20) <= 'z'))
		return "path with a drive letter";
	return NULL;
}

/*
 * Copies the components of name to the arena, without "." and empty ones. *plain tells whether
 * nothing had to go. NULL, or what is wrong.
 */
static const char *normalise(struct arena *arena, struct str name, struct str *path, bool *plain)
{
	char *out = arena_alloc(arena, name.len + 1, 1);
	/* Archives of "." spell every name with "./" in front: too common to be worth a note. */
	bool dot = str_starts(name, STR("./"));
	struct str rest = name;
	struct str part;
	size_t len = 0;

	while (rest.len) {
		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR("..")))
			return "path with '..', which could leave the package";
		if (part.len > COMPONENT_MAX)
			return "name of more than 255 bytes, which no file system can hold";
		if (len)
			out[len++] = '/';
		memcpy(out + len, part.ptr, part.len);
		len += part.len;
	}
	*path = (struct str){ out, len };
	*plain = len + str_ends(name, STR("/")) + (dot ? 2 : 0) == name.len;
	return NULL;
}

static void note_name(struct listing *listing, const struct listing_entry *entry, struct str path, bool plain)
{
	if (!plain)
		note_add(listing->notes, listing->arena, CODE_NAME_NORMALISED, path, STR(""),
			 "was spelled with './' or '//'");
	if (!text_is_utf8(path))
		note_add(listing->notes, listing->arena, CODE_NAME_ENCODING, path,
			 STR("rename the file if it is yours"), "the name is not UTF-8; kept byte for byte");
	if (entry->special_mode)
		note_add(listing->notes, listing->arena, CODE_MODE_SPECIAL, path, STR(""),
			 "set-uid, set-gid or sticky bit not written");
}

void listing_reserve(struct listing *listing, size_t count)
{
	if (listing->files.len || listing->files.cap >= count)
		return;
	listing->files.at = arena_array(listing->arena, struct file, count);
	listing->files.cap = count;
}

int listing_add(struct listing *listing, const struct listing_entry *entry, struct err *err)
{
	const char *fault = name_fault(entry->name);
	bool slash = str_ends(entry->name, STR("/"));
	enum file_kind kind = slash && entry->kind == FILE_REGULAR ? FILE_DIR : entry->kind;
	struct str path = STR("");
	bool plain = true;

	if (!fault)
		fault = normalise(listing->arena, entry->name, &path, &plain);
	if (!fault && path.len == 0 && kind != FILE_DIR)
		fault = "member that names no file";
	if (!fault && kind == FILE_DIR && entry->size)
		fault = "directory with data in it";
	if (!fault && kind == FILE_SYMLINK && slash)
		fault = "symbolic link that is named as a directory";
	if (fault)
		return refuse(entry->name, fault, err);
	if (path.len == 0)
		return 0;
	note_name(listing, entry, path, plain);
	*vec_push(listing->arena, &listing->files) = (struct file){
		.path = path,
		.target = kind == FILE_SYMLINK ? str_dup(listing->arena, entry->target) : STR(""),
		.kind = kind,
		.exec = kind == FILE_REGULAR && entry->exec,
		.dist = NO_DIST,
		.member = entry->member,
		.size = entry->size,
		.packed = entry->packed,
	};
	return 0;
}

static int by_path(const void *left, const void *right)
{
	return str_cmp(((const struct file *)left)->path, ((const struct file *)right)->path);
}

static struct file *find(const struct listing *listing, struct str path)
{
	struct file key = { .path = path };

	return listing->files.len ? bsearch(&key, listing->files.at, listing->files.len, sizeof(key), by_path)
				  : NULL;
}

/* Archives are often sorted already, and looking costs a fraction of sorting. */
static void sort(struct listing *listing)
{
	for (size_t i = 1; i < listing->files.len; i++)
		if (by_path(&listing->files.at[i - 1], &listing->files.at[i]) > 0) {
			qsort(listing->files.at, listing->files.len, sizeof(struct file), by_path);
			return;
		}
}

static int check_duplicates(const struct listing *listing, struct err *err)
{
	const struct file *first = NULL;
	size_t extra = 0;

	for (size_t i = 1; i < listing->files.len; i++)
		if (str_eq(listing->files.at[i - 1].path, listing->files.at[i].path)) {
			first = first ? first : &listing->files.at[i];
			extra++;
		}
	if (!first)
		return 0;
	(void)err_set(err,
		      "name occurs more than once (%zu needless member%s in all): readers disagree which one "
		      "counts",
		      extra, extra == 1 ? "" : "s");
	return err_in(err, first->path);
}

/* Checks every directory above `file`, and marks those that are listed as not empty. */
static int check_parents(struct listing *listing, const struct file *file, bool *full, struct err *err)
{
	for (struct str dir = str_dir(file->path); dir.len; dir = str_dir(dir)) {
		const struct file *above = find(listing, dir);

		if (!above)
			continue;
		if (above->kind == FILE_SYMLINK)
			return refuse(file->path, "lies below a symbolic link of the same package", err);
		if (above->kind == FILE_REGULAR)
			return refuse(dir, "is a file and a directory at once", err);
		full[above - listing->files.at] = true;
	}
	return 0;
}

/* Leaves out the directories that hold something. */
static int drop_implied_dirs(struct listing *listing, struct err *err)
{
	bool *full = arena_array(listing->arena, bool, listing->files.len);
	struct str before = STR("");
	size_t kept = 0;

	for (size_t i = 0; i < listing->files.len; i++) {
		struct str dir = str_dir(listing->files.at[i].path);

		/* Neighbours mostly share their directory, which has then been checked. */
		if (!str_eq(dir, before) && check_parents(listing, &listing->files.at[i], full, err))
			return -1;
		before = dir;
	}
	for (size_t i = 0; i < listing->files.len; i++)
		if (!(listing->files.at[i].kind == FILE_DIR && full[i]))
			listing->files.at[kept++] = listing->files.at[i];
	listing->files.len = kept;
	return 0;
}

/* The path in lower case, or an empty string where it has no upper-case letter. */
static struct str lowered(struct arena *arena, struct str path)
{
	size_t i = 0;
	char *out;

	while (i < path.len && !(path.ptr[i] >= 'A' && path.ptr[i] <= 'Z'))
		i++;
	if (i == path.len)
		return STR("");
	out = arena_alloc(arena, path.len, 1);
	for (i = 0; i < path.len; i++)
		out[i] = path.ptr[i] >= 'A' && path.ptr[i] <= 'Z' ? (char)(path.ptr[i] | 0x20) : path.ptr[i];
	return (struct str){ out, path.len };
}

/* Of two names that differ only in case at least one has an upper-case letter: only those are looked up. */
static void note_case_collisions(struct listing *listing)
{
	struct map seen = { 0 };

	for (size_t i = 0; i < listing->files.len; i++) {
		const struct file *file = &listing->files.at[i];
		struct str lower = lowered(listing->arena, file->path);
		const struct file *other = lower.len ? find(listing, lower) : NULL;
		bool added = true;
		uint32_t *first = lower.len ? map_put(listing->arena, &seen, lower, &added) : NULL;

		if (first && added)
			*first = (uint32_t)i;
		if (first && !added)
			other = &listing->files.at[*first];
		if (other)
			note_add(
				listing->notes, listing->arena, CODE_NAME_CASE, file->path,
				STR("rename one of them if the package is ever unpacked on macOS or Windows"),
				"differs only in case from %s", text_escape(listing->arena, other->path).ptr);
	}
}

/* Whether something lies below the directory `dir`, which need not be listed itself. */
static bool has_below(const struct listing *listing, struct str dir, struct arena *scratch)
{
	struct str prefix = str_fmt(scratch, "%.*s/", STR_ARG(dir));
	size_t low = 0;
	size_t high = listing->files.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(listing->files.at[mid].path, prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < listing->files.len && str_starts(listing->files.at[low].path, prefix);
}

enum link_end { LINK_INSIDE, LINK_DANGLING, LINK_ESCAPES, LINK_ENDLESS };

/*
 * Follows a symlink as the kernel does (path_resolution(7)): ".." leaves the directory that was reached,
 * not the one that was named. Depth is bounded by LINKS_MAX expansions, as the kernel's is.
 */
static enum link_end follow(const struct listing *listing, const struct file *link, struct arena *scratch,
			    size_t *steps)
{
	struct str at = str_dir(link->path);
	struct str rest = link->target;
	int links = 1;

	while (rest.len) {
		struct str part;
		const struct file *file;

		if ((*steps)++ > STEPS_MAX)
			return LINK_ENDLESS;
		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			if (at.len == 0)
				return LINK_ESCAPES;
			at = str_dir(at);
			continue;
		}
		at = at.len ? str_fmt(scratch, "%.*s/%.*s", STR_ARG(at), STR_ARG(part))
			    : str_dup(scratch, part);
		file = find(listing, at);
		if (!file || file->kind != FILE_SYMLINK)
			continue;
		if (file->target.len && file->target.ptr[0] == '/')
			return LINK_ESCAPES;
		if (++links > LINKS_MAX || rest.len > PATH_MAX_BYTES)
			return LINK_DANGLING;
		rest = str_fmt(scratch, "%.*s/%.*s", STR_ARG(file->target), STR_ARG(rest));
		at = str_dir(at);
	}
	return at.len == 0 || find(listing, at) || has_below(listing, at, scratch) ? LINK_INSIDE
										   : LINK_DANGLING;
}

static int check_link(struct listing *listing, const struct file *link, size_t *steps, struct err *err)
{
	struct arena scratch = { 0 };
	enum link_end end;

	if (link->target.len == 0 || memchr(link->target.ptr, '\0', link->target.len))
		return refuse(link->path, "symbolic link without a valid target", err);
	if (link->target.len > PATH_MAX_BYTES)
		return refuse(link->path, "symbolic link with a target of more than 4000 bytes", err);
	if (link->target.ptr[0] == '/')
		return refuse(link->path, "symbolic link to an absolute path", err);
	end = follow(listing, link, &scratch, steps);
	arena_free(&scratch);
	if (end == LINK_ESCAPES)
		return refuse(link->path, "symbolic link that leaves the package", err);
	if (end == LINK_ENDLESS)
		return refuse(link->path, "too many symbolic links that lead through one another", err);
	if (end == LINK_DANGLING)
		note_add(listing->notes, listing->arena, CODE_LINK_DANGLING, link->path, STR(""),
			 "points to %s, which the package does not hold",
			 text_escape(listing->arena, link->target).ptr);
	return 0;
}

int listing_finish(struct listing *listing, struct err *err)
{
	size_t steps = 0;

	if (listing->files.len >= NO_FILE)
		return err_set(err, "more than 4 billion members");
	sort(listing);
	if (check_duplicates(listing, err) || drop_implied_dirs(listing, err))
		return -1;
	note_case_collisions(listing);
	for (size_t i = 0; i < listing->files.len; i++)
		if (listing->files.at[i].kind == FILE_SYMLINK &&
		    check_link(listing, &listing->files.at[i], &steps, err))
			return -1;
	return 0;
}

uint32_t bundle_add_tree(struct bundle *bundle, struct listing *listing, struct str name, enum tree_role role,
			 uint64_t packed)
{
	uint32_t number = (uint32_t)bundle->trees.len;

	*vec_push(bundle->arena, &bundle->trees) = (struct tree){
		.name = name,
		.role = role,
		.first = (uint32_t)bundle->files.len,
		.count = (uint32_t)listing->files.len,
		.packed = packed,
	};
	for (size_t i = 0; i < listing->files.len; i++)
		listing->files.at[i].tree = number;
	if (bundle->files.len == 0) {
		/* The first tree, mostly the only one, is moved without a copy. */
		bundle->files.at = listing->files.at;
		bundle->files.len = listing->files.len;
		bundle->files.cap = listing->files.cap;
		return number;
	}
	for (size_t i = 0; i < listing->files.len; i++)
		*vec_push(bundle->arena, &bundle->files) = listing->files.at[i];
	return number;
}
