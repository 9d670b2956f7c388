/*
 * The scanner of references on any bytes, as Python source, extension module, bytecode, .pth or entry points:
 * the first byte says which. Edges must lead to candidates, once each, from lines that are there; and the
 * quick look whether a source names a candidate must not overlook what reading it as Python finds. Read for a
 * target and its calls, a source's mentions must stand on its lines, within its bytes and their bounds.
 */
#include <stdlib.h>
#include <string.h>

#include "scan/markers.h"
#include "scan/python_names.h"
#include "scan/references.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *path;
	bool candidate;
} files[] = {
	{ "app.py", false },
	{ "hook.pth", false },
	{ "pkg/__init__.py", false },
	{ "pkg/_ext.abi3.so", false },
	{ "pkg/entry_points.txt", false },
	{ "pkg/tests/__init__.py", true },
	{ "pkg/tests/data/x.json", true },
	{ "pkg/tests/deep/a.py", true },
	{ "pkg/tests/helpers.py", true },
	{ "setuptools/__init__.py", true },
	{ "tool.pyc", false },
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

static void check_edges(const struct graph *graph, uint32_t from, struct bytes content)
{
	bool seen[FILES] = { false };
	uint32_t lines = 1;

	for (size_t i = 0; i < content.len; i++)
		lines += content.ptr[i] == '\n' || content.ptr[i] == '\r';
	for (size_t i = 0; i < graph->edges.len; i++) {
		const struct edge *edge = &graph->edges.at[i];

		if (edge->to >= FILES || !files[edge->to].candidate || edge->to == from || seen[edge->to])
			abort();
		if (edge->from != from || edge->line > lines || edge->evidence.len > 200)
			abort();
		seen[edge->to] = true;
	}
}

static void look_for_tests(void *ctx, const struct mention *mention)
{
	bool *found = ctx;
	struct str evidence = mention->evidence;

	/* Only in source that is broken may any other statement go over lines that say nothing by themselves.
	 */
	if (evidence.len &&
	    (memchr(evidence.ptr, '\n', evidence.len) || memchr(evidence.ptr, '\r', evidence.len)))
		return;
	if (mention->kind == MENTION_IMPORT &&
	    (str_eq(mention->name, STR("tests")) || str_eq(mention->module, STR("pkg.tests"))))
		*found = true;
	/* Not where the word is put together from pieces or escapes. */
	if (mention->kind == MENTION_TEXT && str_eq(mention->text, STR("pkg.tests")) &&
	    str_find(evidence, STR("tests")) >= 0)
		*found = true;
}

static void check_quick_look(struct str source, struct arena *arena)
{
	struct markers markers = { 0 };
	bool found = false;

	markers_add(&markers, arena, STR("tests"), false);
	markers_add(&markers, arena, STR("setuptools"), false);
	markers_finish(&markers, arena);
	(void)python_names(source, &(struct python_target){ 0 }, look_for_tests, &found);
	if (found && !markers_named_in(&markers, source))
		abort();
}

static void check_mention(void *ctx, const struct mention *mention)
{
	const struct str *source = ctx;
	uint32_t lines = 1;
	size_t sum = 0;

	for (size_t i = 0; i < source->len; i++)
		lines += source->ptr[i] == '\n' || source->ptr[i] == '\r';
	if (mention->line == 0 || mention->line > lines || (mention->keyword.len && !mention->callee.len))
		abort();
	if (mention->kind == MENTION_PATTERN && (mention->text.len == 0 || mention->text.len > 256))
		abort();
	if (mention->kind == MENTION_COMPUTED && mention->evidence.len > 256)
		abort();
	if (mention->evidence.len &&
	    (mention->evidence.ptr < source->ptr ||
	     mention->evidence.ptr + mention->evidence.len > source->ptr + source->len))
		abort();
	for (size_t i = 0; i < mention->text.len; i++)
		sum += (unsigned char)mention->text.ptr[i];
	for (size_t i = 0; i < mention->keyword.len; i++)
		sum += (unsigned char)mention->keyword.ptr[i];
	if (sum == SIZE_MAX)
		abort();
}

static void check_target(struct str source, unsigned minor)
{
	static const struct str calls[] = { STR_INIT("import_module"), STR_INIT("client"), STR_INIT("f") };
	const struct python_target target = {
		.minor = minor, .calls = calls, .call_count = 3, .argument = STR("name")
	};
	struct python_habits habits = python_names(source, &target, check_mention, &source);

	if ((habits.broken_line != 0) != (habits.broken != NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	bool candidate[FILES];
	struct graph graph = { 0 };
	struct bytes content = { data + 1, size - 1 };
	uint32_t file;

	if (size == 0)
		return 0;
	file = data[0] % FILES;
	for (size_t i = 0; i < FILES; i++) {
		candidate[i] = files[i].candidate;
		*vec_push(&arena, &bundle.files) =
			(struct file){ .path = str_of(files[i].path), .dist = NO_DIST, .size = 1 };
	}
	*vec_push(&arena, &bundle.trees) = (struct tree){ .name = STR("fuzz"), .count = FILES };
	references_scan(references_index(&bundle, candidate, &arena), file, content, &arena, &graph);
	check_edges(&graph, file, content);
	check_quick_look(str_of_bytes(content), &arena);
	check_target(str_of_bytes(content), data[0] % 16);
	arena_free(&arena);
	return 0;
}
