#include "platform/stdlib.h"

#include "base/arena.h"
#include "platform/minors.h"

/* Takes the keyword off the line if it is the next word. */
static bool take_word(struct str *line, struct str keyword)
{
	struct str word;
	struct str rest;

	(void)str_cut(*line, ' ', &word, &rest);
	if (!str_eq(word, keyword))
		return false;
	*line = rest;
	return true;
}

/* MINORS at the start of the line, or `otherwise` where there are none. */
static bool take_minors(struct str *line, uint64_t otherwise, uint64_t *minors)
{
	struct str word;
	struct str rest;

	*minors = otherwise;
	if (line->len == 0 || line->ptr[0] < '0' || line->ptr[0] > '9')
		return true;
	(void)str_cut(*line, ' ', &word, &rest);
	*line = rest;
	return minors_parse(word, minors);
}

/* What stands behind the name. */
static bool parse_rest(struct str rest, struct stdlib_name *out)
{
	if (take_word(&rest, STR("provided")))
		return take_minors(&rest, UINT64_MAX, &out->provided) && rest.len == 0;
	if (!take_minors(&rest, UINT64_MAX, &out->library))
		return false;
	if (take_word(&rest, STR("fixed"))) {
		if (!take_minors(&rest, out->library, &out->fixed))
			return false;
		out->fixed &= out->library;
	}
	return rest.len == 0;
}

int stdlib_parse(struct stdlib *stdlib, struct arena *arena, struct str file, struct str text,
		 struct err *err)
{
	for (size_t number = 1; text.len; number++) {
		struct stdlib_name parsed = { 0 };
		struct str line;
		struct str name;
		struct str rest;
		uint32_t *index;
		bool added;

		(void)str_cut(text, '\n', &line, &text);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		(void)str_cut(line, ' ', &name, &rest);
		if (name.len == 0 || !parse_rest(rest, &parsed))
			return err_set(
				err, "%.*s:%zu: not NAME [MINORS] [fixed [MINORS]] or NAME provided [MINORS]",
				STR_ARG(file), number);
		index = map_put(arena, &stdlib->index, name, &added);
		if (!added)
			return err_set(err, "%.*s:%zu: the name is there twice", STR_ARG(file), number);
		*index = (uint32_t)stdlib->names.len;
		*vec_push(arena, &stdlib->names) = parsed;
	}
	return 0;
}

int stdlib_load(struct stdlib *stdlib, struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < runtime_file_count; i++)
		if (stdlib_parse(stdlib, arena, str_of(runtime_files[i].name),
				 (struct str){ runtime_files[i].text, runtime_files[i].len }, err) != 0)
			return -1;
	return 0;
}

static const struct stdlib_name *find(const struct stdlib *stdlib, struct str top)
{
	static const struct stdlib_name none;
	const uint32_t *index = map_get(&stdlib->index, top);

	return index ? &stdlib->names.at[*index] : &none;
}

bool stdlib_has(const struct stdlib *stdlib, unsigned minor, struct str top)
{
	return minors_have(find(stdlib, top)->library, minor);
}

bool stdlib_is_builtin(const struct stdlib *stdlib, unsigned minor, struct str top)
{
	return minors_have(find(stdlib, top)->fixed, minor);
}

bool runtime_has(const struct stdlib *stdlib, unsigned minor, struct str top)
{
	return minors_have(find(stdlib, top)->provided, minor);
}
