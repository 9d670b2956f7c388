#include "scan/owners.h"

#include "scan/dists.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/path.h"
#include "base/text.h"
#include "scan/metadata.h"

static bool claim(struct bundle *bundle, uint32_t file, uint32_t dist)
{
	if (bundle->files.at[file].dist != NO_DIST)
		return false;
	bundle->files.at[file].dist = dist;
	bundle->dists.at[dist].files++;
	return true;
}

/* Claims what is nobody's below `dir`; the number of files. */
static uint32_t claim_under(const struct owners *owners, struct str dir, uint32_t dist)
{
	uint32_t claimed = 0;
	uint32_t file;
	uint32_t end;

	bundle_under(owners->bundle, owners->tree, dir, &file, &end);
	for (; file < end; file++)
		claimed += claim(owners->bundle, file, dist);
	return claimed;
}

static bool is_init(struct str path)
{
	return str_starts(str_base(path), STR("__init__."));
}

/*
 * Claims what is nobody's in a package directory, if it is a regular package and no other distribution has a
 * file in it: a namespace (google/, zope/) is nobody's as a whole. *next is the file to go on with.
 */
static uint32_t claim_package(const struct owners *owners, struct str dir, uint32_t dist, uint32_t *next)
{
	const struct file *files = owners->bundle->files.at;
	bool regular = false;
	uint32_t first;
	uint32_t end;

	bundle_under(owners->bundle, owners->tree, dir, &first, &end);
	for (uint32_t i = first; i < end; i++) {
		if (files[i].dist != NO_DIST && files[i].dist != dist)
			return 0;
		regular = regular || (is_init(files[i].path) && str_dir(files[i].path).len == dir.len);
	}
	if (!regular)
		return 0;
	if (next)
		*next = end;
	return claim_under(owners, dir, dist);
}

/* The file that a row means which is relative to `base`, or NO_FILE. */
static uint32_t find_row(const struct bundle *bundle, uint32_t tree, struct str site, struct str base,
			 struct str row)
{
	char room[PATH_ROOM];
	struct str path;
	uint32_t file = NO_FILE;

	if (path_resolve(base, row, room, &path))
		file = bundle_find(bundle, tree, path);
	/* `pip install --target` moves scripts ("../../bin/x") under the target directory. */
	if (file == NO_FILE && str_starts(row, STR("../"))) {
		while (str_starts(row, STR("../")))
			row = str_from(row, 3);
		if (path_resolve(site, row, room, &path))
			file = bundle_find(bundle, tree, path);
	}
	return file;
}

uint32_t dist_find_row(const struct bundle *bundle, const struct dist *dist, struct str row)
{
	return find_row(bundle, dist->tree, dist->site, dist->site, row);
}

static int read_text(const struct owners *owners, uint32_t file, struct arena *scratch, struct str *text,
		     struct err *err)
{
	struct bytes content;

	if (owners->reader->read(owners->reader->ctx, file, scratch, &content, err))
		return -1;
	*text = str_of_bytes(content);
	if (str_starts(*text, STR("\xef\xbb\xbf")))
		*text = str_from(*text, 3);
	return 0;
}

uint32_t owners_info_file(const struct bundle *bundle, const struct dist *dist, struct str name)
{
	char room[PATH_ROOM];
	struct str path;
	uint32_t file;

	if (!path_resolve(dist->info, name, room, &path))
		return NO_FILE;
	file = bundle_find(bundle, dist->tree, path);
	return file != NO_FILE && bundle->files.at[file].kind == FILE_REGULAR ? file : NO_FILE;
}

/* Claims the files that a RECORD or an installed-files.txt lists; *found tells whether any exists. */
static int claim_listed(const struct owners *owners, uint32_t dist, uint32_t list, bool is_csv, bool *found,
			struct err *err)
{
	struct str base = is_csv ? owners->site : owners->bundle->dists.at[dist].info;
	struct arena scratch = { 0 };
	struct csv_row row;
	struct str text;
	struct str line;
	int result = read_text(owners, list, &scratch, &text, err);

	while (!result && (is_csv ? csv_next(&text, &row) : metadata_line(&text, &line))) {
		struct str path = is_csv ? csv_value(&scratch, row.field[0]) : line;
		uint32_t file =
			path.len ? find_row(owners->bundle, owners->tree, owners->site, base, path) : NO_FILE;

		if (file == NO_FILE)
			continue;
		*found = true;
		(void)claim(owners->bundle, file, dist);
	}
	arena_free(&scratch);
	return result;
}

/* A first component below the site directory: a package, a module, or anything else. */
struct entry {
	struct str name;
	struct str stem; /* what it is imported as */
	struct str key;	 /* the stem normalised as names of distributions are */
	uint32_t file;	 /* the first one of it */
	bool is_dir;
};

struct entries {
	VEC(struct entry) list;
};

/* "x.py" and "x.abi3.so" are imported as x; other files as nothing. */
static struct str module_stem(struct str name)
{
	struct str stem;
	struct str rest;

	if (!str_ends(name, STR(".py")) && !str_ends(name, STR(".so")) && !str_ends(name, STR(".pyc")))
		return STR("");
	(void)str_cut(name, '.', &stem, &rest);
	return stem;
}

static void list_entries(const struct owners *owners, struct entries *entries, struct arena *scratch)
{
	size_t skip = owners->site.len ? owners->site.len + 1 : 0;
	struct str before = STR("");
	uint32_t file;
	uint32_t end;

	bundle_under(owners->bundle, owners->tree, owners->site, &file, &end);
	for (; file < end; file++) {
		struct str name;
		struct str below;
		bool is_dir =
			str_cut(str_from(owners->bundle->files.at[file].path, skip), '/', &name, &below);
		struct str stem = is_dir ? name : module_stem(name);

		if (stem.len == 0 || str_eq(name, before))
			continue;
		before = name;
		*vec_push(scratch, &entries->list) = (struct entry){
			.name = name,
			.stem = stem,
			.key = metadata_key(scratch, stem),
			.file = file,
			.is_dir = is_dir,
		};
	}
}

static uint32_t claim_entry(const struct owners *owners, const struct entry *entry, uint32_t dist)
{
	size_t skip = owners->site.len ? owners->site.len + 1 : 0;

	if (!entry->is_dir)
		return claim(owners->bundle, entry->file, dist);
	return claim_package(owners,
			     str_head(owners->bundle->files.at[entry->file].path, skip + entry->name.len),
			     dist, NULL);
}

/* Names that some projects leave in top_level.txt by mistake, and that users have directories of. */
static bool is_common_name(struct str name)
{
	static const struct str common[] = { STR_INIT("benchmarks"), STR_INIT("docs"),	STR_INIT("doc"),
					     STR_INIT("examples"),   STR_INIT("lib"),	STR_INIT("samples"),
					     STR_INIT("scripts"),    STR_INIT("setup"), STR_INIT("src"),
					     STR_INIT("test"),	     STR_INIT("tests"), STR_INIT("tools") };

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (str_eq(name, common[i]))
			return true;
	return false;
}

static int claim_top_level(const struct owners *owners, const struct entries *entries, uint32_t dist,
			   uint32_t *claimed, struct err *err)
{
	uint32_t list =
		owners_info_file(owners->bundle, &owners->bundle->dists.at[dist], STR("top_level.txt"));
	struct arena scratch = { 0 };
	struct str text = STR("");
	struct str line;
	int result = list == NO_FILE ? 0 : read_text(owners, list, &scratch, &text, err);

	while (!result && metadata_line(&text, &line)) {
		line = str_trim(line);
		if (line.len == 0 || is_common_name(line))
			continue;
		for (size_t i = 0; i < entries->list.len; i++)
			if (str_eq(entries->list.at[i].stem, line))
				*claimed += claim_entry(owners, &entries->list.at[i], dist);
	}
	arena_free(&scratch);
	return result;
}

/* "google-cloud-storage" is google_cloud_storage, or google/cloud/storage. */
static uint32_t claim_by_name(const struct owners *owners, const struct entries *entries, uint32_t dist,
			      struct arena *scratch)
{
	struct str key = owners->bundle->dists.at[dist].key;
	char *nested = arena_alloc(scratch, key.len, 1);
	char room[PATH_ROOM];
	struct str path;
	uint32_t claimed = 0;

	for (size_t i = 0; i < entries->list.len; i++)
		if (str_eq(entries->list.at[i].key, key) && !is_common_name(key))
			claimed += claim_entry(owners, &entries->list.at[i], dist);
	for (size_t i = 0; i < key.len; i++)
		nested[i] = key.ptr[i] == '-' ? '/' : key.ptr[i];
	if (claimed || !memchr(nested, '/', key.len) ||
	    !path_resolve(owners->site, (struct str){ nested, key.len }, room, &path))
		return claimed;
	return claim_package(owners, path, dist, NULL);
}

static void note_guess(const struct owners *owners, const struct dist *dist, uint32_t claimed)
{
	char count[TEXT_SIZE_MAX];
	const char *how = dist->proof == DIST_BY_TOP_LEVEL ? "top_level.txt" : "its name alone";

	text_count(count, claimed);
	if (claimed)
		note_add(&owners->bundle->notes, owners->bundle->arena, CODE_DIST_GUESSED, dist->info,
			 STR("install it again with pip, so that RECORD says which files are its own"),
			 "no usable RECORD: %s files were recognised by %s", count, how);
	else
		note_add(&owners->bundle->notes, owners->bundle->arena, CODE_DIST_GUESSED, dist->info,
			 STR("install it again with pip, so that RECORD says which files are its own"),
			 "no usable RECORD, and no package of its name: its files count as your own");
}

/*
 * An egg-info without a version is what setuptools leaves in a source tree, beside the user's own
 * code: it proves that somebody develops a package there, not that an installer put one there.
 */
static bool is_development(const struct dist *dist)
{
	struct str stem = str_base(dist->info);

	if (!str_ends(stem, STR(".egg-info")))
		return false;
	stem.len -= STR(".egg-info").len;
	return !memchr(stem.ptr, '-', stem.len);
}

static int claim_guessed(const struct owners *owners, const struct entries *entries, uint32_t id,
			 struct arena *scratch, struct err *err)
{
	struct dist *dist = &owners->bundle->dists.at[id];
	uint32_t claimed = 0;

	dist->proof = DIST_BY_NAME;
	if (is_development(dist))
		return 0;
	if (claim_top_level(owners, entries, id, &claimed, err))
		return -1;
	if (claimed)
		dist->proof = DIST_BY_TOP_LEVEL;
	else
		claimed = claim_by_name(owners, entries, id, scratch);
	note_guess(owners, dist, claimed);
	return 0;
}

/* Lists claim first: what is certain must not be taken by a guess. */
static int claim_all_listed(const struct owners *owners, size_t *unlisted, struct err *err)
{
	for (uint32_t id = owners->first; id < owners->end; id++) {
		struct dist *dist = &owners->bundle->dists.at[id];
		uint32_t installed = owners_info_file(owners->bundle, dist, STR("installed-files.txt"));
		bool found = false;

		if (dist->record != NO_FILE && claim_listed(owners, id, dist->record, true, &found, err))
			return -1;
		if (!found && installed != NO_FILE && claim_listed(owners, id, installed, false, &found, err))
			return -1;
		dist->proof = found ? DIST_BY_RECORD : DIST_BY_NAME;
		*unlisted += !found;
	}
	return 0;
}

/* "NAME.libs" is where auditwheel puts bundled libraries; "NAME-VERSION.data" is of an unpacked wheel. */
static void claim_beside(const struct owners *owners, struct arena *scratch)
{
	size_t skip = owners->site.len ? owners->site.len + 1 : 0;
	struct str before = STR("");
	uint32_t file;
	uint32_t end;

	bundle_under(owners->bundle, owners->tree, owners->site, &file, &end);
	for (; file < end; file++) {
		struct str path = owners->bundle->files.at[file].path;
		struct str name;
		struct str below;
		struct dist beside = { 0 };

		if (!str_cut(str_from(path, skip), '/', &name, &below) || str_eq(name, before))
			continue;
		before = name;
		if (!str_ends(name, STR(".libs")) && !str_ends(name, STR(".data")))
			continue;
		beside.name = str_head(name, name.len - 5);
		if (str_ends(name, STR(".data")))
			(void)str_cut(beside.name, '-', &beside.name, &below);
		beside.key = metadata_key(scratch, beside.name);
		for (uint32_t id = owners->first; id < owners->end; id++)
			if (str_eq(owners->bundle->dists.at[id].key, beside.key))
				(void)claim_under(owners, str_head(path, skip + name.len), id);
	}
}

int owners_claim(const struct owners *owners, struct err *err)
{
	struct arena scratch = { 0 };
	struct entries entries = { 0 };
	size_t unlisted = 0;
	int result = 0;

	for (uint32_t id = owners->first; id < owners->end; id++) {
		struct str info = owners->bundle->dists.at[id].info;
		uint32_t file = bundle_find(owners->bundle, owners->tree, info);

		if (file != NO_FILE)
			(void)claim(owners->bundle, file, id);
		(void)claim_under(owners, info, id);
	}
	if (claim_all_listed(owners, &unlisted, err))
		return -1;
	if (unlisted)
		list_entries(owners, &entries, &scratch);
	for (uint32_t id = owners->first; id < owners->end && !result; id++)
		if (owners->bundle->dists.at[id].proof != DIST_BY_RECORD)
			result = claim_guessed(owners, &entries, id, &scratch, err);
	if (!result)
		claim_beside(owners, &scratch);
	arena_free(&scratch);
	return result;
}

/* The source of "DIR/__pycache__/NAME.TAG.pyc", or NO_FILE. */
static uint32_t source_of(const struct bundle *bundle, const struct file *file)
{
	struct str cache = str_dir(file->path);
	struct str dir = str_dir(cache);
	char room[PATH_ROOM];
	struct str stem;
	struct str rest;
	int len;

	if (!str_ends(file->path, STR(".pyc")) || !str_eq(str_base(cache), STR("__pycache__")))
		return NO_FILE;
	(void)str_cut(str_base(file->path), '.', &stem, &rest);
	len = snprintf(room, sizeof(room), "%.*s%s%.*s.py", STR_ARG(dir), dir.len ? "/" : "", STR_ARG(stem));
	if (len < 0 || len >= (int)sizeof(room))
		return NO_FILE;
	return bundle_find(bundle, file->tree, (struct str){ room, (size_t)len });
}

void owners_claim_bytecode(struct bundle *bundle, uint32_t tree)
{
	const struct tree *t = &bundle->trees.at[tree];

	for (uint32_t id = t->first; id < t->first + t->count; id++) {
		const struct file *file = &bundle->files.at[id];
		uint32_t source = file->dist == NO_DIST ? source_of(bundle, file) : NO_FILE;

		if (source != NO_FILE && bundle->files.at[source].dist != NO_DIST)
			(void)claim(bundle, id, bundle->files.at[source].dist);
	}
}
