#include "scan/reference_binary.h"

#include <string.h>

#include "base/arena.h"
#include "scan/python_lex.h"
#include "scan/reference_text.h"

static void see_name(struct scan *scan, struct str name)
{
	struct sight sight = { .kind = EDGE_DYNAMIC, .evidence = name };

	if (name.len <= 255 && markers_hinted_in(&scan->candidates->markers, name))
		reference_text_name(scan, name, &sight);
}

enum {
	TAIL = 5, /* last bytes of a module's name that are looked for; shorter names are too common */
	SLOTS = 1 << 16,
	BUCKETS = 256,
};

/* Names of modules, by their last bytes. */
struct wanted {
	const struct candidate_dir *dir;
	struct str *names; /* by file id less dir->first; "" is none, or was found */
	uint32_t *next;	   /* in a bucket, counted from 1 */
	uint32_t buckets[BUCKETS];
	uint8_t filter[SLOTS / 8];
};

static size_t tail_slot(const char *at)
{
	uint32_t gram;

	memcpy(&gram, at, sizeof(gram));
	return ((gram * 2654435761U) ^ ((unsigned char)at[4] * 40503U)) >> 8 & (SLOTS - 1);
}

/* The name that a module below the directory is imported by, or "". */
static struct str module_name(const struct candidates *candidates, struct str dir, uint32_t id)
{
	struct str path = candidates->bundle->files.at[id].path;
	struct str name;
	struct str rest;

	(void)str_cut(str_base(path), '.', &name, &rest);
	if (!candidates->is[id] || !candidates_is_module(path))
		return STR("");
	if (!str_eq(name, STR("__init__")))
		return name;
	return str_eq(str_dir(path), dir) ? STR("") : str_base(str_dir(path));
}

static struct wanted *want_modules(struct scan *scan, const struct candidate_dir *dir)
{
	struct wanted *wanted = arena_new(scan->scratch, struct wanted);

	wanted->dir = dir;
	wanted->names = arena_array(scan->scratch, struct str, dir->end - dir->first);
	wanted->next = arena_array(scan->scratch, uint32_t, dir->end - dir->first);
	for (uint32_t i = 0; i < dir->end - dir->first; i++) {
		struct str name = module_name(scan->candidates, dir->path, dir->first + i);
		size_t slot;

		if (name.len < TAIL)
			continue;
		slot = tail_slot(name.ptr + name.len - TAIL);
		wanted->names[i] = name;
		wanted->filter[slot / 8] |= (uint8_t)(1U << slot % 8);
		wanted->next[i] = wanted->buckets[slot % BUCKETS];
		wanted->buckets[slot % BUCKETS] = i + 1;
	}
	return wanted;
}

/* Edges to the modules below the directory whose names end at `end`, and to their packages. */
static bool link_ending(struct scan *scan, const struct wanted *wanted, struct str before, uint32_t index,
			struct sight *sight)
{
	bool any = false;

	for (; index; index = wanted->next[index - 1]) {
		uint32_t id = wanted->dir->first + index - 1;
		struct str path = scan->candidates->bundle->files.at[id].path;

		if (!str_ends(before, wanted->names[index - 1]))
			continue;
		wanted->names[index - 1] = STR("\n");
		edges_add(&scan->edges, id, sight);
		for (path = str_dir(path); path.len >= wanted->dir->path.len; path = str_dir(path))
			link_module(scan, path, sight);
		any = true;
	}
	return any;
}

/* Edges to the modules below the directory whose names stand anywhere in the bytes. */
static bool link_named(struct scan *scan, const struct candidate_dir *dir, struct str bytes,
		       struct sight *sight)
{
	const struct wanted *wanted = want_modules(scan, dir);
	bool any = false;

	for (size_t end = TAIL; end <= bytes.len; end++) {
		size_t slot = tail_slot(bytes.ptr + end - TAIL);

		if (wanted->filter[slot / 8] & 1U << slot % 8)
			any |= link_ending(scan, wanted, str_head(bytes, end),
					   wanted->buckets[slot % BUCKETS], sight);
	}
	return any;
}

/* Whether the dotted name of a directory ends at the end of the bytes. */
static bool ends_in_dotted(struct str bytes, struct str name)
{
	if (bytes.len < name.len)
		return false;
	bytes = str_from(bytes, bytes.len - name.len);
	for (size_t i = name.len; i-- > 0;)
		if (bytes.ptr[i] != (name.ptr[i] == '/' ? '.' : name.ptr[i]))
			return false;
	return true;
}

/* A directory of candidates, and what was seen of it. */
struct glued {
	const struct candidate_dir *dir;
	struct str base;
	struct str name; /* from its site on */
	bool inside;	 /* the binary lies in it, and names itself */
	bool seen;
};

struct glue {
	struct glued *dirs;
	size_t count;
	uint8_t filter[SLOTS / 8]; /* first two bytes of a base */
};

static struct glue *glue_dirs(struct scan *scan)
{
	const struct candidates *candidates = scan->candidates;
	struct glue *glue = arena_new(scan->scratch, struct glue);

	glue->count = candidates->outer_dirs.len;
	glue->dirs = arena_array(scan->scratch, struct glued, glue->count);
	for (size_t i = 0; i < glue->count; i++) {
		const struct candidate_dir *dir = &candidates->dir_list.at[candidates->outer_dirs.at[i]];
		struct str site = candidates_site(candidates, dir->path);
		struct str base = str_base(dir->path);
		size_t pair = base.len > 1
				      ? (size_t)(unsigned char)base.ptr[0] << 8 | (unsigned char)base.ptr[1]
				      : 0;

		glue->filter[pair / 8] |= (uint8_t)(1U << pair % 8);
		glue->dirs[i] = (struct glued){
			.dir = dir,
			.base = base,
			.inside = str_starts(scan->path, dir->path) &&
				  str_starts(str_from(scan->path, dir->path.len), STR("/")),
			.name = site.len ? str_from(dir->path, site.len + 1) : dir->path,
		};
	}
	return glue;
}

/* Where strings stand without anything between them, a dot inside one may be that of "package.tests". */
static void see_dot(struct scan *scan, struct glue *glue, struct str bytes, const char *dot)
{
	struct str before = { bytes.ptr, (size_t)(dot - bytes.ptr) };
	struct str behind = str_from(bytes, before.len + 1);
	size_t pair =
		behind.len > 1 ? (size_t)(unsigned char)behind.ptr[0] << 8 | (unsigned char)behind.ptr[1] : 0;

	if (!(glue->filter[pair / 8] & 1U << pair % 8))
		return;
	for (size_t i = 0; i < glue->count; i++) {
		struct glued *glued = &glue->dirs[i];
		struct sight sight = { .kind = EDGE_DYNAMIC };

		if (glued->seen || glued->inside || glued->base.len == glued->name.len ||
		    !str_starts(behind, glued->base) ||
		    !ends_in_dotted(str_head(bytes, before.len + 1 + glued->base.len), glued->name))
			continue;
		glued->seen = true;
		sight.evidence =
			(struct str){ behind.ptr + glued->base.len - glued->name.len, glued->name.len };
		link_module(scan, glued->dir->path, &sight);
		if (!link_named(scan, glued->dir, bytes, &sight))
			(void)link_dir(scan, glued->dir->path, BELOW_MODULES, &sight);
	}
}

/* `from .tests import helper` leaves two names, in no order, and only in what lies beside the directory. */
static void see_neighbours(struct scan *scan, const struct glue *glue, struct str bytes)
{
	struct str base = STR("");
	bool named = false;

	for (size_t i = 0; i < glue->count; i++) {
		const struct glued *glued = &glue->dirs[i];
		struct str package = str_dir(glued->dir->path);
		struct sight sight = { .kind = EDGE_DYNAMIC, .evidence = glued->base };

		if (glued->seen || glued->inside || package.len == 0 || !str_starts(scan->path, package) ||
		    scan->path.ptr[package.len] != '/' ||
		    candidates_module(scan->candidates, glued->dir->path) == NO_FILE)
			continue;
		if (!str_eq(base, glued->base))
			named = str_find(bytes, glued->base) >= 0;
		base = glued->base;
		if (named)
			(void)link_named(scan, glued->dir, bytes, &sight);
	}
}

/*
 * Dots are rare enough to go from one to the next; what is around each is taken as far as it is a dotted
 * name.
 */
void reference_binary(struct scan *scan, struct str bytes)
{
	const char *from = bytes.ptr;
	const char *end = bytes.ptr + bytes.len;
	struct glue *glue = glue_dirs(scan);

	while (from < end) {
		const char *dot = memchr(from, '.', (size_t)(end - from));
		const char *start = dot;
		const char *stop = dot;

		if (!dot)
			break;
		while (start > from && python_is_word(start[-1]) && (unsigned char)start[-1] < 0x80)
			start--;
		for (; stop < end && (*stop == '.' || python_is_word(*stop)) && (unsigned char)*stop < 0x80;
		     stop++)
			if (*stop == '.')
				see_dot(scan, glue, bytes, stop);
		if (start < dot && stop > dot + 1)
			see_name(scan, (struct str){ start, (size_t)(stop - start) });
		from = stop;
	}
	see_neighbours(scan, glue, bytes);
}

/* The short string of marshal whose type stands in front of bytes.ptr, or "". */
static struct str short_string(struct str bytes)
{
	size_t len = bytes.len ? (unsigned char)bytes.ptr[0] : 0;

	return len < bytes.len ? (struct str){ bytes.ptr + 1, len } : STR("");
}

void reference_bytecode(struct scan *scan, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		/* 'z' and 'Z' (interned), with or without the flag of what is referred to later. */
		char type = (char)(bytes.ptr[i] & 0x7F);
		struct str text = type == 'z' || type == 'Z' ? short_string(str_from(bytes, i + 1)) : STR("");
		struct mention mention = { .kind = MENTION_TEXT,
					   .text = text,
					   .callee = STR("import_module") };
		struct sight sight = { .evidence = text };

		if (text.len && (scan->inside || markers_hinted_in(&scan->candidates->markers, text)))
			reference_text(scan, &mention, &sight);
	}
}
