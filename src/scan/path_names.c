#include "scan/path_names.h"

#include <string.h>

#include "base/path.h"

enum { LEAST = 5, MOST = 512 }; /* "a/b.c" */

static bool is_path_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || c == '.' || c == '+' || c == '@' || c == '/';
}

static void look_up(const struct modules *modules, uint32_t tree, struct str path, path_sees *sees, void *ctx)
{
	for (size_t i = 0; i < modules->roots.len && modules->roots.at[i].sure; i++) {
		const struct module_root *root = &modules->roots.at[i];
		char room[PATH_ROOM];
		struct str full;
		uint32_t file;

		if (root->tree != tree || !path_resolve(root->dir, path, room, &full))
			continue;
		file = bundle_find(modules->bundle, tree, full);
		if (file != NO_FILE && modules_of(modules, file) == NO_MODULE)
			sees(ctx, file, path);
	}
}

void path_names(const struct modules *modules, uint32_t tree, struct str text, path_sees *sees, void *ctx)
{
	size_t done = 0;

	while (done < text.len) {
		const char *slash = memchr(text.ptr + done, '/', text.len - done);
		size_t from;
		size_t end;

		if (!slash)
			return;
		from = end = (size_t)(slash - text.ptr);
		while (from > done && is_path_byte(text.ptr[from - 1]))
			from--;
		while (end < text.len && is_path_byte(text.ptr[end]))
			end++;
		done = end;
		if (end - from >= LEAST && end - from <= MOST && text.ptr[from] != '/')
			look_up(modules, tree, str_head(str_from(text, from), end - from), sees, ctx);
	}
}
