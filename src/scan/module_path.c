#include "scan/module_path.h"

#include <string.h>

/* A package before anything else, and of each an extension module, a source, bytecode. */
enum { RANK_EXTENSION, RANK_SOURCE, RANK_BYTECODE, RANK_NO_PACKAGE };

/* The tag of "TAG.so" or "so", if Python's finder has, or had, such a suffix. */
static bool parse_extension(struct str stem, struct str suffix, struct str *tag)
{
	if (str_eq(suffix, STR("so"))) {
		*tag = STR("");
		return stem.len <= 3 || !str_starts(stem, STR("lib"));
	}
	if (!str_ends(suffix, STR(".so")))
		return false;
	*tag = str_head(suffix, suffix.len - 3);
	if (memchr(tag->ptr, '.', tag->len))
		return false;
	return str_eq(*tag, STR("abi3")) || str_starts(*tag, STR("abi3-")) || str_eq(*tag, STR("abi3t")) ||
	       str_starts(*tag, STR("cpython-3"));
}

bool module_path_parse(struct str path, struct module_path *out)
{
	struct str suffix;

	*out = (struct module_path){ .tag = STR("") };
	if (!str_cut(str_base(path), '.', &out->stem, &suffix) || out->stem.len == 0)
		return false;
	if (str_eq(suffix, STR("py")))
		out->rank = RANK_SOURCE;
	else if (str_eq(suffix, STR("pyc")))
		out->rank = RANK_BYTECODE;
	else if (parse_extension(out->stem, suffix, &out->tag))
		out->rank = RANK_EXTENSION;
	else
		return false;
	out->init = str_eq(out->stem, STR("__init__"));
	if (!out->init)
		out->rank += RANK_NO_PACKAGE;
	return !str_eq(str_base(str_dir(path)), STR("__pycache__"));
}

enum module_kind module_path_kind(uint8_t rank)
{
	switch (rank % RANK_NO_PACKAGE) {
	case RANK_EXTENSION:
		return MODULE_EXTENSION;
	case RANK_SOURCE:
		return MODULE_SOURCE;
	default:
		return MODULE_BYTECODE;
	}
}

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

bool module_path_is_identifier(struct str part)
{
	if (part.len == 0 || !is_letter((unsigned char)part.ptr[0]) || str_eq(part, STR("__pycache__")))
		return false;
	for (size_t i = 1; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];

		if (!is_letter(c) && (c < '0' || c > '9'))
			return false;
	}
	return true;
}

bool modules_is_module_path(struct str path)
{
	struct module_path parsed;

	return module_path_parse(path, &parsed);
}
