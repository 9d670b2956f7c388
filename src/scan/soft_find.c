#include "scan/soft_find.h"

#include <string.h>

enum {
	GLUED_MAX = 8, /* beginnings that are tried of a name that something may stick to */
	BARE_MAX = 64,
};

bool soft_same_dist(const struct soft_scan *scan, uint32_t file)
{
	return scan->index->bundle->files.at[file].dist == scan->file->dist;
}

/* Whether what the file says may mean names of that one without their hash. */
static bool is_own(const struct soft_scan *scan, uint32_t file)
{
	return scan->file->dist == NO_DIST || soft_same_dist(scan, file);
}

static void link_file(struct soft_scan *scan, uint32_t file, struct sight *sight)
{
	if (file == scan->edges.file)
		return;
	scan->any = true;
	scan->own = scan->own || is_own(scan, file);
	edges_add(&scan->edges, file, sight);
}

void soft_link(struct soft_scan *scan, const struct soft_name *name, struct sight *sight)
{
	link_file(scan, name->file, sight);
}

/* One more name is looked at. */
static bool may_visit(struct soft_scan *scan)
{
	if (scan->visits == 0) {
		scan->overflow = true;
		return false;
	}
	scan->visits--;
	return true;
}

void soft_find_full(struct soft_scan *scan, struct str base, struct sight *sight)
{
	uint32_t at = soft_by_full(scan->index, base);

	for (; at != NO_SOFT && may_visit(scan); at = scan->index->names.at[at].same_full) {
		const struct soft_name *name = &scan->index->names.at[at];

		if (!name->python || scan->source)
			soft_link(scan, name, sight);
	}
}

/* Whether a name stands for the file's one. */
static bool is_named(const struct soft_scan *scan, const struct soft_name *name, struct str base,
		     const struct soft_parts *parts)
{
	if (str_eq(name->full, base))
		return !name->python || scan->source;
	if (name->python || name->parts.so != parts->so)
		return false;
	if (parts->hashed && !str_eq(name->parts.stem, parts->stem))
		return false;
	if (!parts->hashed && name->parts.hashed && !is_own(scan, name->file))
		return false;
	return soft_versions_agree(name->parts.version, parts->version);
}

bool soft_find_name(struct soft_scan *scan, struct str base, struct sight *sight)
{
	char room[SOFT_NAME_MAX];
	struct soft_parts parts;
	const uint32_t *known = map_get(&scan->named, base);
	bool any = false;
	uint32_t at;

	if (known)
		return *known;
	if (!soft_parts(base, room, &parts))
		return false;
	at = soft_by_plain(scan->index, parts.plain);
	for (; at != NO_SOFT && may_visit(scan); at = scan->index->names.at[at].same_plain) {
		const struct soft_name *name = &scan->index->names.at[at];

		if (!is_named(scan, name, base, &parts))
			continue;
		any = true;
		soft_link(scan, name, sight);
	}
	*map_put(scan->scratch, &scan->named, str_dup(scan->scratch, base), NULL) = any;
	return any;
}

void soft_find_stem(struct soft_scan *scan, struct str stem, struct sight *sight)
{
	char room[SOFT_NAME_MAX];
	struct soft_parts parts;
	uint32_t at;

	if (!soft_parts(stem, room, &parts) || parts.so)
		return;
	at = soft_by_plain(scan->index, parts.plain);
	for (; at != NO_SOFT && may_visit(scan); at = scan->index->names.at[at].same_plain) {
		const struct soft_name *name = &scan->index->names.at[at];

		if (!name->python && (parts.hashed ? str_eq(name->parts.stem, parts.stem)
						   : !name->parts.hashed || is_own(scan, name->file)))
			soft_link(scan, name, sight);
	}
}

static void find_bare(struct soft_scan *scan, struct str plain, bool far, bool modules, struct sight *sight)
{
	uint32_t at = soft_by_plain(scan->index, plain);

	for (; at != NO_SOFT && may_visit(scan); at = scan->index->names.at[at].same_plain) {
		const struct soft_name *name = &scan->index->names.at[at];
		bool own = soft_same_dist(scan, name->file);

		if (name->python ? modules && own : own || (far && !name->parts.hashed))
			soft_link(scan, name, sight);
	}
}

void soft_find_bare(struct soft_scan *scan, struct str bare, bool far, bool modules, struct sight *sight)
{
	char room[BARE_MAX + 3] = "lib";

	if (bare.len == 0 || bare.len > BARE_MAX)
		return;
	memcpy(room + 3, bare.ptr, bare.len);
	find_bare(scan, (struct str){ room, bare.len + 3 }, far, false, sight);
	find_bare(scan, bare, far, modules, sight);
}

/* The glob up to its first ".so", and anything behind it: code that asks for "*.so" may mean "libx.so.1". */
static struct str widen(struct str glob, char room[SOFT_TEXT_MAX])
{
	ptrdiff_t so = str_find(glob, STR(".so"));

	if (so < 0)
		return glob;
	memcpy(room, glob.ptr, (size_t)so + 3);
	room[so + 3] = '*';
	return (struct str){ room, (size_t)so + 4 };
}

/* As it is, or without its hash and version. */
static bool is_matched(struct str glob, const struct soft_name *name)
{
	const struct str so = STR(".so");
	char room[SOFT_NAME_MAX + 3];
	struct str plain = { room, name->parts.plain.len + so.len };

	if (soft_matches(glob, name->full))
		return true;
	memcpy(room, name->parts.plain.ptr, name->parts.plain.len);
	memcpy(room + name->parts.plain.len, so.ptr, so.len);
	return name->parts.so && soft_matches(glob, plain);
}

/* Which names a glob is held against, and how. */
enum asked {
	ASKED_NEAR,	/* libraries of the distribution, in any of their spellings */
	ASKED_FAR,	/* of all */
	ASKED_COMPOSED, /* of the distribution, as they are written; nobody composes a hash */
	ASKED_MODULES,	/* extension modules of the distribution */
};

static bool is_asked(const struct soft_scan *scan, const struct soft_name *name, enum asked asked)
{
	if (name->python != (asked == ASKED_MODULES) || (asked == ASKED_COMPOSED && name->parts.hashed))
		return false;
	return asked == ASKED_FAR || soft_same_dist(scan, name->file);
}

static void find_matches(struct soft_scan *scan, struct str glob, enum asked asked, struct sight *sight)
{
	bool spelled = asked == ASKED_COMPOSED || asked == ASKED_MODULES;
	char room[SOFT_TEXT_MAX];

	if (glob.len >= SOFT_NAME_MAX)
		return;
	glob = widen(glob, room);
	for (size_t i = 0; i < scan->index->names.len; i++) {
		const struct soft_name *name = &scan->index->names.at[i];

		if (!is_asked(scan, name, asked))
			continue;
		if (!may_visit(scan))
			return;
		if (spelled ? soft_matches(glob, name->full) : is_matched(glob, name))
			soft_link(scan, name, sight);
	}
}

void soft_find_glob(struct soft_scan *scan, struct str glob, bool far, struct sight *sight)
{
	find_matches(scan, glob, far ? ASKED_FAR : ASKED_NEAR, sight);
}

void soft_find_composed(struct soft_scan *scan, struct str glob, struct sight *sight)
{
	find_matches(scan, glob, ASKED_COMPOSED, sight);
}

void soft_find_modules(struct soft_scan *scan, struct str glob, struct sight *sight)
{
	find_matches(scan, glob, ASKED_MODULES, sight);
}

/* Whether the path ends in these parts. */
static bool ends_in(struct str path, struct str parts)
{
	if (!str_ends(path, parts))
		return false;
	return path.len == parts.len || path.ptr[path.len - parts.len - 1] == '/';
}

void soft_find_dir(struct soft_scan *scan, struct str parts, struct sight *sight)
{
	const struct soft_index *index = scan->index;
	bool one = !memchr(parts.ptr, '/', parts.len);
	bool far = !one || memchr(parts.ptr, '.', parts.len);
	uint32_t at = soft_by_step(index, str_base(parts));

	/* A package's own name is in all its texts. */
	if (one && str_eq(parts, str_top(scan->file->path)))
		return;
	for (; at != NO_SOFT && may_visit(scan); at = index->steps.at[at].same_name) {
		const struct soft_step *step = &index->steps.at[at];
		uint32_t file = index->dirs.at[step->dir].last;

		if (!ends_in(step->upto, parts))
			continue;
		for (; file != NO_SOFT && may_visit(scan); file = index->files.at[file].same_dir)
			if (far || soft_same_dist(scan, index->files.at[file].file))
				link_file(scan, index->files.at[file].file, sight);
	}
}

static bool is_hashed(struct str base)
{
	char room[SOFT_NAME_MAX];
	struct soft_parts parts;

	return soft_parts(base, room, &parts) && parts.hashed;
}

void soft_find_beside(struct soft_scan *scan, struct sight *sight)
{
	const struct soft_index *index = scan->index;
	const uint32_t *dir = map_get(&index->by_dir, str_dir(scan->file->path));

	if (!dir)
		return;
	for (uint32_t at = index->dirs.at[*dir].last; at != NO_SOFT && may_visit(scan);
	     at = index->files.at[at].same_dir) {
		uint32_t file = index->files.at[at].file;

		if (soft_same_dist(scan, file) && !is_hashed(str_base(index->bundle->files.at[file].path)))
			link_file(scan, file, sight);
	}
}

static bool is_below(struct str path, struct str dir)
{
	return dir.len == 0 || (str_starts(path, dir) && path.len > dir.len && path.ptr[dir.len] == '/');
}

void soft_find_all(struct soft_scan *scan, struct str below, bool everywhere, struct sight *sight)
{
	const struct soft_index *index = scan->index;

	if (everywhere) {
		for (size_t i = 0; i < index->files.len; i++)
			if (!index->files.at[i].python)
				link_file(scan, index->files.at[i].file, sight);
		return;
	}
	for (uint32_t at = soft_last_of(index, scan->file->dist); at != NO_SOFT;
	     at = index->files.at[at].same_dist) {
		const struct soft_file *file = &index->files.at[at];

		if (!file->python && is_below(index->bundle->files.at[file->file].path, below))
			link_file(scan, file->file, sight);
	}
}

void soft_find_path(struct soft_scan *scan, struct str path, bool glued, struct sight *sight)
{
	struct str base = str_base(path);
	ptrdiff_t lib;

	if (soft_is_glob(base)) {
		if (soft_weight(base) >= SOFT_WEIGHT_MIN)
			soft_find_glob(scan, base, true, sight);
		return;
	}
	if (soft_find_name(scan, base, sight) || !glued)
		return;
	for (size_t tries = 0; tries < GLUED_MAX && base.len > 1; tries++) {
		lib = str_find(str_from(base, 1), STR("lib"));
		if (lib < 0)
			return;
		base = str_from(base, (size_t)lib + 1);
		if (soft_find_name(scan, base, sight))
			return;
	}
}
