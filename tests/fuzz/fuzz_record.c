/*
 * RECORD, METADATA and top_level.txt of any bytes. Each file has one owner at most and is counted once; a
 * rewritten RECORD is one again, and is then left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "scan/dists.h"
#include "transform/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = {
	"a,b.py",
	"bin/tool",
	"pkg-1.dist-info/METADATA",
	"pkg-1.dist-info/RECORD",
	"pkg/__init__.py",
	"pkg/mod.py",
	"top-1.dist-info/METADATA",
	"top-1.dist-info/top_level.txt",
	"top.py",
	"x-1.egg-info/PKG-INFO",
	"x-1.egg-info/installed-files.txt",
	"x-1.egg-info/requires.txt",
	"x/__init__.py",
};

enum { PATHS = sizeof(paths) / sizeof(paths[0]) };

/* Every file has the same content: what one reader does not know, another may. */
static int read_same(void *ctx, uint32_t file, struct arena *scratch, struct bytes *out, struct err *err)
{
	(void)file;
	(void)scratch;
	(void)err;
	*out = *(const struct bytes *)ctx;
	return 0;
}

static void check_owners(struct bytes content, struct arena *arena)
{
	struct bundle bundle = { .arena = arena };
	struct reader reader = { read_same, &content };
	uint32_t owned = 0;
	struct err err;

	for (size_t i = 0; i < PATHS; i++)
		*vec_push(arena, &bundle.files) =
			(struct file){ .path = str_of(paths[i]), .dist = NO_DIST, .size = content.len };
	*vec_push(arena, &bundle.trees) = (struct tree){ .name = STR("fuzz"), .count = PATHS };
	if (dists_scan(&bundle, &reader, &err) || bundle.dists.len != 3)
		abort();
	for (size_t i = 0; i < PATHS; i++)
		owned += bundle.files.at[i].dist != NO_DIST;
	for (size_t i = 0; i < bundle.dists.len; i++)
		owned -= bundle.dists.at[i].files;
	if (owned)
		abort();
}

static enum record_fate by_length(void *ctx, struct str path)
{
	(void)ctx;
	return (enum record_fate)(path.len % 3);
}

static enum record_fate keep(void *ctx, struct str path)
{
	(void)ctx;
	(void)path;
	return RECORD_KEEP;
}

static void check_rewrite(struct bytes record, struct arena *arena)
{
	struct bytes once;
	struct bytes twice;

	if (record_rewrite(record, keep, NULL, arena, &twice))
		abort();
	if (!record_rewrite(record, by_length, NULL, arena, &once))
		return;
	if (once.len > record.len || record_rewrite(once, by_length, NULL, arena, &twice))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };

	check_owners((struct bytes){ data, size }, &arena);
	check_rewrite((struct bytes){ data, size }, &arena);
	arena_free(&arena);
	return 0;
}
