/*
 * What the loader of this machine really does: opener [FILE...] [--via FILE NAME]
 * Opens the files one after the other as Python does extension modules, then lets FILE call dlopen(NAME), and
 * prints the path of every object of the process, links followed, in the loader's order. Where one cannot be
 * opened it prints "error: " and what the loader says of it, and goes on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *opened(void *handle)
{
	if (!handle)
		(void)printf("error: %s\n", dlerror());
	return handle;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--via") == 0 && i + 2 < argc) {
			void *caller = opened(dlopen(argv[i + 1], RTLD_NOW));
			void *(*open_it)(const char *) = NULL;

			if (caller)
				*(void **)&open_it = dlsym(caller, "open_it");
			if (open_it)
				(void)opened(open_it(argv[i + 2]));
			i += 2;
		} else {
			(void)opened(dlopen(argv[i], RTLD_NOW));
		}
	}
	for (const struct link_map *map = _r_debug.r_map; map; map = map->l_next) {
		char *path = realpath(map->l_name, NULL);

		if (path && map->l_name[0])
			(void)puts(path);
		free(path);
	}
	return 0;
}
