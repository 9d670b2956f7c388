/*
 * Rule files from anywhere: whatever loads is matched against a small package, whatever does not
 * must say so in one line. The first line of the input, where it starts with '#', is a pattern of --keep too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 itself loses a buffer on some errors. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static const char *const paths[] = {
	"app.py",
	"p-1.dist-info/METADATA",
	"p/__init__.py",
	"p/__pycache__/__init__.cpython-313.pyc",
	"p/_x.abi3.so",
	"p/docs/conf.py",
	"p/docs/index.rst",
	"p/sub/tests/data/x.bin",
	"p/sub/tests/test_x.py",
	"p/x.h",
	"tests/test_app.py",
};

enum { COUNT = sizeof(paths) / sizeof(paths[0]) };

static void make_bundle(struct bundle *bundle, struct arena *arena)
{
	struct dist *dist;

	bundle->arena = arena;
	*vec_push(arena, &bundle->trees) = (struct tree){ .name = STR("x.zip"), .count = COUNT };
	dist = vec_push(arena, &bundle->dists);
	*dist = (struct dist){
		.name = STR("p"), .key = STR("p"), .version = STR("1.2rc1"), .metadata = 1, .record = NO_FILE
	};
	*vec_push(arena, &dist->requires) = STR("q");
	for (size_t i = 0; i < COUNT; i++)
		*vec_push(arena, &bundle->files) =
			(struct file){ .path = str_of(paths[i]), .dist = paths[i][0] == 'p' ? 0 : NO_DIST };
}

static void check_message(const char *message)
{
	if (!*message)
		abort();
	for (; *message; message++)
		if ((unsigned char)*message < 0x20 || *message == 0x7f)
			abort();
}

static void match(const struct ruleset *set, struct str keep, struct arena *arena)
{
	struct bundle bundle = { .arena = arena };
	struct graph graph = { .edges = { 0 } };
	struct knowledge knowledge = { .hints = { 0 } };
	struct user_patterns user = { .keep = { 0 } };
	struct rule_options options = { NULL, 0 };
	struct err err;

	make_bundle(&bundle, arena);
	if (user_pattern_parse(keep, STR("--keep"), vec_push(arena, &user.keep), &err) != 0)
		user.keep.len = 0;
	rules_match(set, &user, &options, &bundle, arena_array(arena, struct opinion, COUNT), &graph);
	for (size_t i = 0; i < graph.edges.len; i++)
		if (graph.edges.at[i].from >= COUNT || graph.edges.at[i].to >= COUNT)
			abort();
	rules_knowledge(set, &bundle, arena, &knowledge);
	for (size_t i = 0; i < knowledge.call_files.len; i++)
		if (knowledge.call_files.at[i].file >= COUNT ||
		    knowledge.call_files.at[i].data >= knowledge.calls.len ||
		    knowledge.call_files.at[i].name.len == 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .chunk = NULL };
	struct ruleset set = { .arena = &arena };
	struct str text = str_of_bytes((struct bytes){ data, size });
	struct str first = STR("");
	struct str rest;
	struct err err = { "" };

	if (size && data[0] == '#')
		(void)str_cut(str_from(text, 1), '\n', &first, &rest);
	if (rules_load(&set, STR("fuzz.yaml"), text, &err) != 0) {
		check_message(err.msg);
		if (set.rules.len)
			abort();
	}
	match(&set, first, &arena);
	arena_free(&arena);
	return 0;
}
