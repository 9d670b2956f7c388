/*
 * Platform data of any bytes: read or refused with the place, printable all of it, and every question about
 * what was read has an answer that agrees with the others.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "platform/platform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_printable(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		check(text.ptr[i] >= ' ' && text.ptr[i] <= '~');
}

static void check_library(const struct platform *platform, const struct platform_library *library)
{
	check_printable(library->soname);
	check(library->soname.len != 0);
	check(platform_library(platform, 0, library->soname) == library);
	check(platform_library(platform, library->minor, library->soname) == library);
	check(library->minor == 0 || !platform_library(platform, library->minor + 1, library->soname));
	for (size_t i = 0; i < library->defines.len; i++) {
		struct str version = library->defines.at[i];
		/* Of any prefix, so as to compare what is no version as well. */
		struct str newest = platform_newest(library, str_head(version, version.len / 2));

		check_printable(version);
		check(platform_version(library, version) == VERSION_THERE);
		check(newest.len == 0 || platform_version(library, newest) == VERSION_THERE);
	}
	check((platform_version(library, STR("\x01")) == VERSION_UNKNOWN) == (library->versions.len == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of_bytes((struct bytes){ data, size });
	struct platforms platforms = { 0 };
	struct arena arena = { 0 };
	struct err err = { "" };

	if (platform_parse(&platforms, &arena, STR("dir/name.txt"), text, &err) != 0) {
		check(str_starts(str_of(err.msg), STR("dir/name.txt:")) && platforms.list.len == 0);
		check_printable(str_of(err.msg));
	} else {
		const struct platform *platform = &platforms.list.at[0];

		check(platform->library_path.len && platform->default_dirs.len && platform->hwcaps.len);
		check(platform->arch != ARCH_ANY && platform->machine && platform->loader.len);
		for (size_t i = 0; i < platform->libraries.len; i++)
			check_library(platform, &platform->libraries.at[i]);
		for (unsigned minor = 1; minor < 70; minor++)
			check(!platform_find(&platforms, minor, platform->arch) ||
			      platform_find(&platforms, minor, platform->arch) == platform);
		check(platform_parse(&platforms, &arena, STR("other.txt"), text, &err) != 0);
	}
	arena_free(&arena);
	return 0;
}
