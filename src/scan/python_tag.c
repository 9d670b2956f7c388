#include "scan/python_tag.h"

/* The number at the start, of at most three digits, or 0. */
static unsigned leading_number(struct str text)
{
	unsigned number = 0;

	for (size_t i = 0; i < text.len && i < 3 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		number = number * 10 + (unsigned)(text.ptr[i] - '0');
	return number;
}

unsigned python_tag_of_extension(struct str path)
{
	struct str base = str_ends(path, STR(".so")) ? str_base(path) : STR("");
	ptrdiff_t at = str_find(base, STR(".cpython-3"));

	return at < 0 ? 0 : leading_number(str_from(base, (size_t)at + STR(".cpython-3").len));
}

static unsigned layer_minor(struct str path)
{
	struct str lib = STR("python/lib/python3.");

	return str_starts(path, lib) ? leading_number(str_from(path, lib.len)) : 0;
}

/* What all paths for which `minor_of` knows a number agree on; *any tells whether there is one. */
static unsigned agreed(const struct bundle *bundle, unsigned (*minor_of)(struct str path), bool *any)
{
	unsigned all = 0;

	*any = false;
	for (size_t i = 0; i < bundle->files.len; i++) {
		unsigned minor = minor_of(bundle->files.at[i].path);

		if (*any && minor && minor != all)
			return 0;
		if (minor)
			all = minor;
		*any = *any || minor;
	}
	return all;
}

unsigned python_tag_of_bundle(const struct bundle *bundle)
{
	bool any;
	unsigned minor = agreed(bundle, python_tag_of_extension, &any);

	return any ? minor : agreed(bundle, layer_minor, &any);
}
