/*
 * The readers of names in binaries, pickles, bytecode and text, on any bytes: the first byte says which. What
 * they find must be modules, with evidence that stands somewhere.
 */
#include <stdlib.h>
#include <string.h>

#include "scan/binary_modules.h"
#include "scan/python_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = {
	"_cffi_backend.abi3.so", "a/__init__.py",     "a/x.py",		  "other/__init__.py",
	"other/deep/mod.py",	 "other/lib.py",      "other/library.py", "pkg/__init__.py",
	"pkg/_ext.abi3.so",	 "pkg/far/away.py",   "pkg/sibling.py",	  "pkg/sub/__init__.py",
	"pkg/sub/0001_up.py",	 "pkg/sub/_inner.so", "pkg/sub/near.py",  "solo.py",
};

enum { FILES = sizeof(paths) / sizeof(paths[0]), EXTENSION = 8, INNER = 13 };

static void sees(void *ctx, uint32_t module, struct str evidence)
{
	const struct modules *modules = ctx;
	volatile char byte;

	if (module >= modules->list.len || evidence.len == 0)
		abort();
	for (size_t i = 0; i < evidence.len; i++)
		byte = evidence.ptr[i];
	(void)byte;
}

static void sees_mention(void *ctx, const struct mention *mention)
{
	sees(ctx, 0, mention->text);
	sees(ctx, 0, mention->evidence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct modules modules;
	struct bytes content;

	if (size == 0)
		return 0;
	content = (struct bytes){ data + 1, size - 1 };
	for (size_t i = 0; i < FILES; i++)
		*vec_push(&arena, &bundle.files) =
			(struct file){ .path = str_of(paths[i]), .dist = NO_DIST, .size = 1 };
	*vec_push(&arena, &bundle.trees) = (struct tree){ .name = STR("fuzz"), .count = FILES };
	modules_index(&modules, &bundle, &arena);
	switch (data[0] % 5) {
	case 0:
		(void)binary_modules(&modules, EXTENSION, content, &arena, sees, &modules);
		break;
	case 1:
		(void)binary_modules(&modules, INNER, content, &arena, sees, &modules);
		break;
	case 2:
		(void)pickle_is(STR("x"), content);
		pickle_modules(&modules, content, sees, &modules);
		break;
	case 3:
		text_modules(&modules, str_of_bytes(content), sees, &modules);
		break;
	default:
		bytecode_mentions(content, sees_mention, &modules);
		break;
	}
	arena_free(&arena);
	return 0;
}
