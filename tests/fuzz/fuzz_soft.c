/*
 * Names of shared objects in hostile bytes and sources: the first byte says what they are. Edges lead to
 * files of the index, with evidence that stands somewhere; a normal text is no longer than what it was.
 */
#include <stdlib.h>
#include <string.h>

#include "scan/soft_edges.h"
#include "scan/soft_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = {
	"a.libs/libz-0a1b2c3d.so.1.2", "a/__init__.py",	    "a/_ext.abi3.so", "a/lib/libfoo.so",
	"a/lib/libfoo.so.1",	       "a/lib/plug/two.so", "a/x.json",	      "a/x.pyc",
	"b/libfoo-bar.so.3",
};

enum { FILES = sizeof(paths) / sizeof(paths[0]), SOURCE = 1, MODULE = 2, LIBRARY = 3, CONFIG = 6, CODE = 7 };

static void demand(bool truth)
{
	if (!truth)
		abort();
}

static void sees(void *ctx, const struct mention *mention)
{
	soft_see(ctx, mention);
}

static void try_names(struct str text)
{
	char room[SOFT_TEXT_MAX];
	char plain[SOFT_NAME_MAX];
	struct soft_parts parts;
	struct str rest;
	struct str path;

	(void)soft_parts(text, plain, &parts);
	if (!soft_normal(text, room, &rest))
		return;
	demand(rest.len <= text.len);
	while (soft_next(&rest, &path)) {
		demand(path.len >= 3);
		(void)soft_matches(str_head(path, 32), text);
	}
}

static void add_files(struct bundle *bundle, struct libraries *libraries, struct arena *arena)
{
	for (size_t i = 0; i < FILES; i++)
		*vec_push(arena, &bundle->files) =
			(struct file){ .path = str_of(paths[i]), .dist = i < FILES - 1 ? 0 : 1, .size = 1 };
	*vec_push(arena, &bundle->trees) = (struct tree){ .name = STR("fuzz"), .count = FILES };
	*vec_push(arena, &bundle->dists) = (struct dist){ .name = STR("a") };
	*vec_push(arena, &bundle->dists) = (struct dist){ .name = STR("b") };
	libraries_begin(libraries, bundle, arena);
	for (uint32_t i = 0; i < FILES; i++) {
		struct library library = { .file = i, .format = BINARY_ELF, .python = i == MODULE };

		library.elf.form = ELF_SHARED;
		if (libraries_is_name(str_of(paths[i])))
			libraries_add(libraries, &library);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t readers[] = { SOURCE, MODULE, LIBRARY, CONFIG, CODE };
	const struct python_target target = { .calls = soft_calls, .call_count = soft_call_count };
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct libraries libraries;
	struct graph graph = { 0 };
	struct linked linked = { 0 };
	bool opposed[FILES] = { false };
	struct soft_scan scan;
	struct bytes content;
	uint32_t file;

	if (size == 0)
		return 0;
	content = (struct bytes){ data + 1, size - 1 };
	file = readers[data[0] % (sizeof(readers) / sizeof(readers[0]))];
	add_files(&bundle, &libraries, &arena);
	scan = soft_begin(soft_index_build(&libraries, opposed, &arena), &arena,
			  edges_begin(&arena, &graph, &linked, file, FILES));
	try_names(str_of_bytes(content));
	if (file == SOURCE) {
		struct python_habits habits = python_names(str_of_bytes(content), &target, sees, &scan);

		soft_habits(&scan, &habits);
		soft_end(&scan);
	} else {
		soft_bytes(&scan, content);
	}
	for (size_t i = 0; i < graph.edges.len; i++) {
		const struct edge *edge = &graph.edges.at[i];

		demand(edge->to < FILES && edge->to != file && libraries_is_name(str_of(paths[edge->to])));
		demand(edge->evidence.len > 0 && edge->kind == EDGE_DLOPEN);
	}
	linked_free(&linked);
	arena_free(&arena);
	return 0;
}
