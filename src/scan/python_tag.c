#include "scan/python_tag.h"

/* The number at the start, of at most three digits, or 0. */
static unsigned leading_number(struct str text)
{
	unsigned number = 0;

	for (size_t i = 0; i < text.len && i < 3 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		number = number * 10 + (unsigned)(text.ptr[i] - '0');
	return number;
}

/* "13t-x86_64-linux-gnu", or "10-pp73-x86_64-linux-gnu" of PyPy. */
static void parse_version(struct str rest, struct python_tag *tag)
{
	struct str version;
	size_t digits = 0;

	(void)str_cut(rest, '-', &version, &tag->platform);
	tag->minor = leading_number(version);
	while (digits < version.len && version.ptr[digits] >= '0' && version.ptr[digits] <= '9')
		digits++;
	tag->flags = str_from(version, digits);
}

struct python_tag python_tag_parse(struct str path)
{
	struct python_tag tag = { .flags = STR(""), .platform = STR("") };
	struct str base = str_base(path);
	struct str suffix = str_after_dot(base);
	struct str rest;

	if (suffix.len == base.len || !(str_eq(suffix, STR("so")) || str_eq(suffix, STR("pyd"))))
		return tag;
	base = str_head(base, base.len - suffix.len - 1);
	rest = str_after_dot(base);
	if (rest.len == base.len)
		return tag;
	if (str_take(&rest, STR("cpython-3")) ||
	    (str_eq(suffix, STR("pyd")) && str_take(&rest, STR("cp3")))) {
		tag.kind = PYTHON_CPYTHON;
		parse_version(rest, &tag);
	} else if (str_eq(rest, STR("abi3")) || str_take(&rest, STR("abi3-"))) {
		tag.kind = PYTHON_STABLE;
		tag.platform = str_eq(rest, STR("abi3")) ? STR("") : rest;
	} else if (str_eq(rest, STR("abi3t")) || str_take(&rest, STR("abi3t-"))) {
		tag.kind = PYTHON_STABLE_THREADED;
		tag.platform = str_eq(rest, STR("abi3t")) ? STR("") : rest;
	} else if (str_take(&rest, STR("pypy3"))) {
		tag.kind = PYTHON_PYPY;
		parse_version(rest, &tag);
		(void)str_cut(tag.platform, '-', &rest, &tag.platform);
	} else if (str_take(&rest, STR("graalpy"))) {
		tag.kind = PYTHON_GRAALPY;
	}
	return tag;
}

unsigned python_tag_of_extension(struct str path)
{
	struct python_tag tag = python_tag_parse(path);

	return tag.kind == PYTHON_CPYTHON && str_ends(path, STR(".so")) ? tag.minor : 0;
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
