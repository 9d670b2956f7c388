/* The tags of wheels, for scan/loadable.h: PEP 425 (tags, and sets of them), PEP 600 (manylinux). */
#include <elf.h>

#include "scan/loadable.h"
#include "scan/metadata.h"

/* The glibc that the names from before PEP 600 stand for. */
static const struct {
	struct str start;
	unsigned glibc;
} old_manylinux[] = {
	{ STR_INIT("manylinux1_"), 5 },
	{ STR_INIT("manylinux2010_"), 12 },
	{ STR_INIT("manylinux2014_"), 17 },
};

enum { FIRST_ABI3T = 15, NUMBER_MOST = 100000 };

/* Takes digits off the text; false where there are none. Stays at NUMBER_MOST where there are too many. */
static bool take_number(struct str *text, unsigned *number)
{
	size_t digits = 0;

	*number = 0;
	for (; digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9'; digits++)
		if (*number < NUMBER_MOST)
			*number = *number * 10 + (unsigned)(text->ptr[digits] - '0');
	*text = str_from(*text, digits);
	return digits > 0;
}

/* --- Python and ABI --------------------------------------------------------------------------- */

/* What the parts of a set of Python tags allow: a set of bits. */
enum {
	PY_GENERIC = 1, /* py3, and py3N up to the target: with ABI none */
	PY_EXACT = 2,	/* cp3N of the target: with none, cp3N and the stable ones */
	PY_OLDER = 4,	/* cp3N up to the target: with the stable ones */
};

/* Of ABI tags. */
enum { ABI_NONE = 1, ABI_EXACT = 2, ABI_STABLE = 4 };

static unsigned python_bits(struct str tag, unsigned minor)
{
	unsigned number;

	if (str_eq(tag, STR("py3")))
		return PY_GENERIC;
	if (str_take(&tag, STR("py3")) && take_number(&tag, &number) && tag.len == 0)
		return minor == 0 || number <= minor ? PY_GENERIC : 0;
	if (!str_take(&tag, STR("cp3")) || !take_number(&tag, &number) || tag.len)
		return 0;
	if (minor == 0)
		return PY_EXACT | PY_OLDER;
	return (number == minor ? PY_EXACT : 0) | (number <= minor ? PY_OLDER : 0);
}

static unsigned abi_bits(struct str tag, unsigned minor)
{
	unsigned number;

	if (str_eq(tag, STR("none")))
		return ABI_NONE;
	if (str_eq(tag, STR("abi3")))
		return ABI_STABLE;
	if (str_eq(tag, STR("abi3t")))
		return minor == 0 || minor >= FIRST_ABI3T ? ABI_STABLE : 0;
	if (!str_take(&tag, STR("cp3")) || !take_number(&tag, &number) || (minor && number != minor))
		return 0;
	/* Not "t" and "d": Lambda has no such builds. Up to Python 3.7 there was "m". */
	return tag.len == 0 || str_eq(tag, STR("m")) ? ABI_EXACT : 0;
}

/* The bits of all parts of "a.b.c". */
static unsigned bits_of(struct str set, unsigned minor, unsigned (*bits)(struct str tag, unsigned minor))
{
	unsigned all = 0;
	bool more = true;

	while (more) {
		struct str part;

		more = str_cut(set, '.', &part, &set);
		all |= bits(part, minor);
	}
	return all;
}

static bool python_fits(struct str pythons, struct str abis, unsigned minor)
{
	unsigned python = bits_of(pythons, minor, python_bits);
	unsigned abi = bits_of(abis, minor, abi_bits);

	return ((abi & ABI_NONE) && (python & (PY_GENERIC | PY_EXACT))) ||
	       ((abi & ABI_EXACT) && (python & PY_EXACT)) || ((abi & ABI_STABLE) && (python & PY_OLDER));
}

/* --- platform ----------------------------------------------------------------------------------- */

static enum wheel_fit machine_fit(struct str machine, const struct platform *platform)
{
	uint16_t number = str_eq(machine, STR("x86_64"))    ? EM_X86_64
			  : str_eq(machine, STR("aarch64")) ? EM_AARCH64
							    : EM_NONE;

	if (number == EM_NONE || (platform && number != platform->machine))
		return WHEEL_OTHER_MACHINE;
	return WHEEL_FITS;
}

static enum wheel_fit glibc_fit(struct str machine, unsigned major, unsigned glibc,
				const struct platform *platform)
{
	enum wheel_fit fit = machine_fit(machine, platform);

	if (fit != WHEEL_FITS || !platform)
		return fit;
	return major > 2 || (major == 2 && glibc > platform->glibc) ? WHEEL_TOO_NEW : WHEEL_FITS;
}

static enum wheel_fit platform_fit(struct str tag, const struct platform *platform)
{
	unsigned major;
	unsigned glibc;

	if (str_eq(tag, STR("any")))
		return WHEEL_FITS;
	if (str_take(&tag, STR("linux_")))
		return machine_fit(tag, platform);
	for (size_t i = 0; i < sizeof(old_manylinux) / sizeof(old_manylinux[0]); i++)
		if (str_take(&tag, old_manylinux[i].start))
			return glibc_fit(tag, 2, old_manylinux[i].glibc, platform);
	if (str_take(&tag, STR("manylinux_")) && take_number(&tag, &major) && str_take(&tag, STR("_")) &&
	    take_number(&tag, &glibc) && str_take(&tag, STR("_")))
		return glibc_fit(tag, major, glibc, platform);
	return WHEEL_OTHER_SYSTEM;
}

/* --- tags ------------------------------------------------------------------------------------------ */

/* The nearer to fitting, the less. */
static unsigned distance(enum wheel_fit fit)
{
	static const unsigned far[] = {
		[WHEEL_FITS] = 0,	   [WHEEL_TOO_NEW] = 1,	     [WHEEL_OTHER_PYTHON] = 2,
		[WHEEL_OTHER_MACHINE] = 3, [WHEEL_OTHER_SYSTEM] = 4,
	};

	return far[fit];
}

static enum wheel_fit nearest_platform(struct str set, const struct platform *platform)
{
	enum wheel_fit best = WHEEL_OTHER_SYSTEM;
	bool more = true;

	while (more) {
		struct str part;
		enum wheel_fit fit;

		more = str_cut(set, '.', &part, &set);
		fit = platform_fit(part, platform);
		if (distance(fit) < distance(best))
			best = fit;
	}
	return best;
}

/* False where it is no tag. */
static bool tag_fit(struct str tag, const struct platform *platform, unsigned minor, enum wheel_fit *fit)
{
	struct str pythons;
	struct str abis;
	struct str platforms;

	if (!str_cut(tag, '-', &pythons, &platforms) || !str_cut(platforms, '-', &abis, &platforms) ||
	    platforms.len == 0)
		return false;
	*fit = nearest_platform(platforms, platform);
	if (distance(*fit) < distance(WHEEL_OTHER_PYTHON) && !python_fits(pythons, abis, minor))
		*fit = WHEEL_OTHER_PYTHON;
	return true;
}

enum wheel_fit loadable_wheel(struct str text, const struct platform *platform, unsigned minor,
			      struct str *tag)
{
	enum wheel_fit best = WHEEL_FITS;
	struct str line;

	*tag = STR("");
	while (metadata_line(&text, &line)) {
		struct str name;
		struct str value;
		enum wheel_fit fit;

		if (!str_cut(line, ':', &name, &value) || !str_eq_nocase(str_trim(name), STR("Tag")))
			continue;
		value = str_trim(value);
		if (tag_fit(value, platform, minor, &fit) &&
		    (tag->len == 0 || distance(fit) < distance(best))) {
			best = fit;
			*tag = value;
		}
	}
	return best;
}
