#include "cmd/options.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* What is left of the command line while it is read. */
struct cursor {
	char *const *next;
	struct arena *arena;
	struct arguments *out;
};

static void add(struct cursor *at, const struct option_info *option, struct str value, struct str place)
{
	*vec_push(at->arena, &at->out->settings.list) =
		(struct setting){ .option = option, .value = value, .place = place, .origin = FROM_FLAG };
}

static int unknown(struct err *err, struct str typed, const char *nearest)
{
	char name[TEXT_NAME_MAX];

	text_name(name, typed);
	if (nearest)
		return err_set(err, "unknown option '%s'; did you mean '--%s'?", name, nearest);
	return err_set(err, "unknown option '%s'; 'slim --help' lists them all", name);
}

static int value_missing(const struct cursor *at, const struct option_info *option, struct str place,
			 struct err *err)
{
	struct str argument = option_argument(option, at->arena);
	const char *what = option->choices && !option->argument ? "one of " : "";

	return err_set(err, "%.*s needs a value: %s%.*s", STR_ARG(place), what, STR_ARG(argument));
}

/* Whether an argument is spelled as one of our options: then it is no value, but a value was forgotten. */
static bool is_option(struct str word)
{
	struct str name;
	struct str value;

	if (!str_starts(word, STR("--")))
		return word.len == 2 && word.ptr[0] == '-' && option_by_letter(word.ptr[1]);
	(void)str_cut(str_from(word, 2), '=', &name, &value);
	return name.len == 0 || option_find(name);
}

/* The value of an option that stands in an argument of its own. */
static int take_value(struct cursor *at, const struct option_info *option, struct str place, struct err *err)
{
	struct str value = str_of(*at->next);

	if (!*at->next)
		return value_missing(at, option, place, err);
	if (is_option(value)) {
		(void)value_missing(at, option, place, err);
		return err_set(err, "%s (if '%.*s' is the value, write --%s=%.*s)",
			       str_dup(at->arena, str_of(err->msg)).ptr, STR_ARG(value), option->name,
			       STR_ARG(value));
	}
	at->next++;
	add(at, option, value, place);
	return 0;
}

/* word is what stands behind "--". */
static int parse_long(struct cursor *at, struct str word, struct err *err)
{
	struct str name;
	struct str value;
	bool attached = str_cut(word, '=', &name, &value);
	const struct option_info *option = option_find(name);
	struct str place = str_fmt(at->arena, "--%.*s", STR_ARG(name));

	if (!option)
		return unknown(err, place, option_nearest(name, 0));
	if (attached && !option_takes_value(option) && !option->sources)
		return err_set(err, "%.*s takes no value", STR_ARG(place));
	if (attached && value.len == 0)
		return value_missing(at, option, place, err);
	if (!attached && option_takes_value(option))
		return take_value(at, option, place, err);
	/* What slim.yaml can switch on can be switched off here: --strict=false. */
	add(at, option, attached ? value : STR("true"), place);
	return 0;
}

/* word is what stands behind "-": flags, and at the end an option with its value. */
static int parse_short(struct cursor *at, struct str word, struct err *err)
{
	for (size_t i = 0; i < word.len; i++) {
		const struct option_info *option = option_by_letter(word.ptr[i]);
		struct str place = str_fmt(at->arena, "-%.*s", 1, word.ptr + i);
		struct str rest = str_from(word, i + 1);

		if (!option) {
			struct str whole = str_fmt(at->arena, "-%.*s", STR_ARG(word));
			const char *nearest = word.len > 1 ? option_nearest(word, 0) : NULL;

			return unknown(err, word.len > 1 && !nearest && i ? place : whole, nearest);
		}
		if (!option_takes_value(option)) {
			add(at, option, STR("true"), place);
			continue;
		}
		if (rest.len == 0)
			return take_value(at, option, place, err);
		add(at, option, rest, place);
		return 0;
	}
	return 0;
}

int arguments_parse(char *const argv[], struct arena *arena, struct arguments *out, struct err *err)
{
	struct cursor at = { .next = argv, .arena = arena, .out = out };
	bool ended = false;

	*out = (struct arguments){ .literal = SIZE_MAX };
	while (*at.next) {
		struct str word = str_of(*at.next++);

		if (ended || word.len < 2 || word.ptr[0] != '-') {
			*vec_push(arena, &out->operands) = word;
		} else if (str_eq(word, STR("--"))) {
			ended = true;
			out->literal = out->operands.len;
		} else if (word.ptr[1] == '-') {
			if (parse_long(&at, str_from(word, 2), err))
				return -1;
		} else if (parse_short(&at, str_from(word, 1), err)) {
			return -1;
		}
	}
	return 0;
}
