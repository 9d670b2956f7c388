#include "scan/metadata.h"

#include <string.h>

#include "base/arena.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_joint(char c)
{
	return c == '-' || c == '_' || c == '.';
}

struct str metadata_key(struct arena *arena, struct str name)
{
	char *out = arena_alloc(arena, name.len, 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!is_joint(c))
			out[len++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
		else if (i == 0 || !is_joint(name.ptr[i - 1]))
			out[len++] = '-';
	}
	return (struct str){ out, len };
}

bool metadata_line(struct str *rest, struct str *line)
{
	if (rest->len == 0)
		return false;
	(void)str_cut(*rest, '\n', line, rest);
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The value of the header line, if it is of this name; names of headers know no case. */
static bool header(struct str line, struct str name, struct str *value)
{
	if (line.len <= name.len || line.ptr[name.len] != ':' ||
	    !str_eq_nocase(str_head(line, name.len), name))
		return false;
	*value = str_trim(str_from(line, name.len + 1));
	return value->len != 0;
}

/* Whether a marker is `extra == "x"` and nothing else. */
static bool is_only_extra(struct str marker)
{
	struct str rest = str_trim(marker);
	size_t end;

	while (rest.len > 1 && rest.ptr[0] == '(' && rest.ptr[rest.len - 1] == ')')
		rest = str_trim(str_head(str_from(rest, 1), rest.len - 2));
	if (!str_starts(rest, STR("extra")))
		return false;
	rest = str_trim(str_from(rest, 5));
	if (!str_starts(rest, STR("==")))
		return false;
	rest = str_trim(str_from(rest, 2));
	if (rest.len < 2 || (rest.ptr[0] != '"' && rest.ptr[0] != '\''))
		return false;
	for (end = 1; end < rest.len && rest.ptr[end] != rest.ptr[0]; end++)
		;
	return end == rest.len - 1;
}

static void add_requirement(struct str text, struct arena *arena, struct dist *dist)
{
	struct str wanted;
	struct str marker;
	size_t len = 0;

	(void)str_cut(text, ';', &wanted, &marker);
	while (len < wanted.len && (is_alnum(wanted.ptr[len]) || is_joint(wanted.ptr[len])))
		len++;
	if (len && !is_only_extra(marker))
		*vec_push(arena, &dist->requires) = metadata_key(arena, str_head(wanted, len));
}

void metadata_read(struct str text, struct arena *arena, struct dist *dist)
{
	struct str line;
	struct str value;

	/* Headers end at the first empty line; what follows is the description. */
	while (metadata_line(&text, &line) && line.len) {
		if (header(line, STR("Name"), &value))
			dist->name = str_dup(arena, value);
		else if (header(line, STR("Version"), &value))
			dist->version = str_dup(arena, value);
		else if (header(line, STR("Requires-Dist"), &value))
			add_requirement(value, arena, dist);
	}
}

void metadata_read_requires_txt(struct str text, struct arena *arena, struct dist *dist)
{
	struct str line;
	bool wanted = true;

	while (metadata_line(&text, &line)) {
		line = str_trim(line);
		/* "[extra]", "[extra:marker]" or "[:marker]"; only the last is no extra. */
		if (line.len && line.ptr[0] == '[')
			wanted = str_starts(line, STR("[:"));
		else if (wanted)
			add_requirement(line, arena, dist);
	}
}

/* Cuts "-pyX.Y" off the end, which eggs add. */
static struct str without_python_tag(struct str stem)
{
	size_t at = stem.len;

	while (at && ((stem.ptr[at - 1] >= '0' && stem.ptr[at - 1] <= '9') || stem.ptr[at - 1] == '.'))
		at--;
	return at >= 3 && at < stem.len && memcmp(stem.ptr + at - 3, "-py", 3) == 0 ? str_head(stem, at - 3)
										    : stem;
}

void metadata_from_dir(struct str info, struct dist *dist)
{
	bool egg = str_ends(info, STR(".egg-info"));
	struct str stem = str_base(info);
	size_t dash;

	stem = str_head(stem, stem.len - (egg ? sizeof(".egg-info") : sizeof(".dist-info")) + 1);
	stem = egg ? without_python_tag(stem) : stem;
	/* Versions hold no "-", names of wheels none either; the last one is right where an old tool left
	 * some. */
	for (dash = stem.len; dash && stem.ptr[dash - 1] != '-'; dash--)
		;
	dist->name = dash > 1 ? str_head(stem, dash - 1) : stem;
	dist->version = dash > 1 ? str_from(stem, dash) : STR("");
}
