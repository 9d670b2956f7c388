#include "scan/reference_compared.h"

#include "base/arena.h"
#include "scan/python_lex.h"

/* More variables than a source compares with; what is beyond is made to be slow. */
enum { COMPARED_MAX = 64 };

static const struct str compares = STR_INIT("startswith(");

/* Behind a name. */
static bool is_assigned(struct str behind)
{
	return str_starts(behind, STR(" = ")) || str_starts(behind, STR("="));
}

/* The variable on the left where the text in front of a name is "variable = ", and nothing is behind the
 * name. */
static struct str alias_of(struct str before, struct str behind)
{
	size_t end = before.len;
	size_t len = 0;

	if (!str_ends(before, STR(" = ")) || (behind.len && behind.ptr[0] != '\n' && behind.ptr[0] != '\r'))
		return STR("");
	end -= 3;
	while (len < end && python_is_word(before.ptr[end - len - 1]))
		len++;
	return (struct str){ before.ptr + end - len, len };
}

/* A use that says nothing of what the variable is for: `global x`, `x: str`, `assert x`, `x is None`. */
static bool is_neutral(struct str before, struct str behind)
{
	size_t start = before.len;
	struct str line;

	while (start && before.ptr[start - 1] != '\n')
		start--;
	line = str_trim(str_from(before, start));
	return is_assigned(behind) || str_starts(line, STR("global ")) || str_eq(line, STR("global")) ||
	       str_starts(behind, STR(" is None")) || str_starts(behind, STR(" is not None")) ||
	       (line.len == 0 && str_starts(behind, STR(":")));
}

static bool is_known_compared(const struct scan *scan, struct str variable)
{
	const uint32_t *only = variable.len ? map_get(&scan->compared, variable) : NULL;

	return only && *only;
}

/* Whether each use of the variable is the argument of startswith(), or hands it to a variable of that kind.
 */
static bool is_only_compared(const struct scan *scan, struct str variable)
{
	struct str rest = scan->content;
	ptrdiff_t at;

	while ((at = str_find(rest, variable)) >= 0) {
		struct str before = { scan->content.ptr,
				      (size_t)(rest.ptr - scan->content.ptr) + (size_t)at };
		struct str behind = str_from(rest, (size_t)at + variable.len);
		bool word = (before.len == 0 || !python_is_word(before.ptr[before.len - 1])) &&
			    (behind.len == 0 || !python_is_word(behind.ptr[0]));

		rest = behind;
		if (word && !is_neutral(before, behind) && !str_ends(before, compares) &&
		    !str_ends(before, STR("startswith(str(")) &&
		    !is_known_compared(scan, alias_of(before, behind)))
			return false;
	}
	return true;
}

static void add_compared(struct scan *scan, struct str variable)
{
	bool added;
	uint32_t *only = map_put(scan->scratch, &scan->compared, variable, &added);

	if (added)
		*only = is_only_compared(scan, variable);
}

/* The variables that a line `variable = other` hands over to one that is only compared with. */
static void add_origins(struct scan *scan, struct str variable)
{
	struct str rest = scan->content;
	ptrdiff_t at;

	while (scan->compared.len < COMPARED_MAX && (at = str_find(rest, variable)) >= 0) {
		size_t len = 0;

		rest = str_from(rest, (size_t)at + variable.len);
		if (!str_starts(rest, STR(" = ")))
			continue;
		rest = str_from(rest, 3);
		while (len < rest.len && python_is_word(rest.ptr[len]))
			len++;
		if (len && (len == rest.len || rest.ptr[len] == '\n' || rest.ptr[len] == '\r'))
			add_compared(scan, str_head(rest, len));
	}
}

static void find_compared(struct scan *scan)
{
	struct str rest = scan->content;
	ptrdiff_t at;

	scan->knows_compared = true;
	while (scan->compared.len < COMPARED_MAX && (at = str_find(rest, compares)) >= 0) {
		size_t len = 0;

		rest = str_from(rest, (size_t)at + compares.len);
		if (str_starts(rest, STR("str(")))
			rest = str_from(rest, 4);
		while (len < rest.len && python_is_word(rest.ptr[len]))
			len++;
		if (len == 0 || is_assigned(str_from(rest, len)))
			continue;
		add_compared(scan, str_head(rest, len));
		if (is_known_compared(scan, str_head(rest, len)))
			add_origins(scan, str_head(rest, len));
	}
}

bool reference_only_compared(struct scan *scan, struct str variable)
{
	if (variable.len && !scan->knows_compared)
		find_compared(scan);
	return is_known_compared(scan, variable);
}
