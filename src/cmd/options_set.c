#include "cmd/options.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

void options_default(struct options *options)
{
	*options = (struct options){ .max_unpacked = 2ULL << 30 };
	options->output = options->config = STR("");
}

/* How messages call the setting: its place, and in slim.yaml the key too. */
static struct str label(const struct setting *setting, struct arena *arena)
{
	if (setting->origin != FROM_FILE)
		return setting->place;
	return str_fmt(arena, "%.*s: %s", STR_ARG(setting->place), setting->option->name);
}

static int refuse(const struct setting *setting, const char *cure, struct arena *arena, struct err *err)
{
	char value[TEXT_NAME_MAX];

	text_name(value, setting->value);
	return err_set(err, "%.*s: '%s' will not do; %s", STR_ARG(label(setting, arena)), value, cure);
}

static bool is_one_of(struct str word, const char *const *words, int *which)
{
	for (*which = 0; words[*which]; (*which)++)
		if (str_eq(word, str_of(words[*which])))
			return true;
	return false;
}

/* The words that people write for a switch; never YAML's own truth values, which the loader does not know. */
static int set_flag(bool *field, const struct setting *setting, struct arena *arena, struct err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1", NULL };
	int which;

	if (!is_one_of(setting->value, words, &which))
		return refuse(setting, "write true or false", arena, err);
	*field = which % 2;
	return 0;
}

static int set_choice(int *field, const struct setting *setting, struct arena *arena, struct err *err)
{
	const char *const *choices = setting->option->choices;
	struct str list = STR("");
	struct str names[8];
	ptrdiff_t nearest;
	size_t count = 0;
	int which;

	if (is_one_of(setting->value, choices, &which)) {
		*field = setting->option->first + which;
		return 0;
	}
	for (; count < sizeof(names) / sizeof(names[0]) && choices[count]; count++) {
		names[count] = str_of(choices[count]);
		list = str_fmt(arena, "%.*s%s%s", STR_ARG(list),
			       count == 0	    ? ""
			       : choices[count + 1] ? ", "
						    : " or ",
			       choices[count]);
	}
	nearest = text_nearest(setting->value, names, count);
	/* "3.13" is far from python3.13 by distance. */
	for (size_t i = 0; nearest < 0 && i < count; i++)
		if (setting->value.len >= 3 && str_ends(names[i], setting->value))
			nearest = (ptrdiff_t)i;
	if (nearest >= 0)
		list = str_fmt(arena, "%.*s; did you mean %s?", STR_ARG(list), choices[nearest]);
	return refuse(setting, str_fmt(arena, "choose %.*s", STR_ARG(list)).ptr, arena, err);
}

static int set_number(int *field, const struct setting *setting, struct arena *arena, struct err *err)
{
	struct str digits = setting->value;
	int number = 0;

	/* Not empty: option_set() saw to that. */
	for (size_t i = 0; i < digits.len && number <= JOBS_MOST; i++) {
		bool is_digit = digits.ptr[i] >= '0' && digits.ptr[i] <= '9';

		number = is_digit ? number * 10 + (digits.ptr[i] - '0') : JOBS_MOST + 1;
	}
	if (number > JOBS_MOST)
		return refuse(setting, str_fmt(arena, "write a number from 1 to %d, or 0", JOBS_MOST).ptr,
			      arena, err);
	*field = number;
	return 0;
}

static int set_size(uint64_t *field, const struct setting *setting, struct arena *arena, struct err *err)
{
	uint64_t bytes;

	if (!text_parse_size(setting->value, &bytes) || bytes == 0)
		return refuse(setting, "write a size such as 500M or 2 GiB", arena, err);
	*field = bytes;
	return 0;
}

/* Reports name the pattern's place; on the command line that is the option with the pattern itself. */
static void add_pattern(struct given_list *field, const struct setting *setting, struct arena *arena)
{
	struct str place = setting->place;

	if (setting->origin == FROM_FLAG)
		place = str_fmt(arena, "%.*s '%.*s'", STR_ARG(place),
				STR_ARG(text_escape(arena, setting->value)));
	*vec_push(arena, field) = (struct given){ .value = setting->value, .place = place };
}

/* "FORMAT=FILE", or a FILE whose extension tells. */
static int add_report(struct report_list *field, const struct setting *setting, struct arena *arena,
		      struct err *err)
{
	static const char *const extensions[] = { ".txt", ".json", ".md" }; /* as the table's choices */
	const char *const *formats = setting->option->choices;
	struct report_request report = { .path = setting->value };
	struct str head;
	struct str tail;
	int which = 0;

	if (str_cut(setting->value, '=', &head, &tail) && str_find(head, STR("/")) < 0 &&
	    str_find(head, STR(".")) < 0) {
		struct setting format = *setting;

		format.value = head;
		report.path = tail;
		if (set_choice(&which, &format, arena, err))
			return -1;
		report.format = str_of(formats[which]);
	}
	for (size_t i = 0; !report.format.ptr && i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (str_ends(report.path, str_of(extensions[i])))
			report.format = str_of(formats[i]);
	if (str_eq(report.path, STR("-")))
		return refuse(setting, "standard output has the text already; use --json for JSON there",
			      arena, err);
	if (!report.format.ptr || report.path.len == 0)
		return refuse(setting, "write text=FILE, json=FILE or md=FILE", arena, err);
	*vec_push(arena, field) = report;
	return 0;
}

int option_set(struct options *options, const struct setting *setting, struct arena *arena, struct err *err)
{
	void *field = (char *)options + setting->option->field;

	if (setting->value.len == 0)
		return err_set(err, "%.*s: the value is empty", STR_ARG(label(setting, arena)));
	if (memchr(setting->value.ptr, '\0', setting->value.len))
		return refuse(setting, "it holds a NUL", arena, err);
	switch (setting->option->kind) {
	case OPTION_FLAG:
		return set_flag(field, setting, arena, err);
	case OPTION_COUNT:
		++*(int *)field;
		return 0;
	case OPTION_CHOICE:
		return set_choice(field, setting, arena, err);
	case OPTION_NUMBER:
		return set_number(field, setting, arena, err);
	case OPTION_SIZE:
		return set_size(field, setting, arena, err);
	case OPTION_PATH:
		*(struct str *)field = setting->value;
		return 0;
	case OPTION_PATTERNS:
		add_pattern(field, setting, arena);
		return 0;
	case OPTION_HANDLERS:
		*vec_push(arena, (struct given_list *)field) =
			(struct given){ .value = setting->value, .place = setting->place };
		return 0;
	case OPTION_DIRS:
		*vec_push(arena, (struct str_list *)field) = setting->value;
		return 0;
	case OPTION_REPORTS:
		return add_report(field, setting, arena, err);
	}
	return 0;
}
