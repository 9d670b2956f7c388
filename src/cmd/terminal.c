#include "cmd/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_LEAST = 20, COLUMNS_MOST = 1000, COLUMNS_DEFAULT = 80 };

static bool is_set(char *const environment[], const char *name)
{
	return str_of(environment_get(environment, name)).len > 0;
}

static bool is_word(char *const environment[], const char *name, const char *word)
{
	return str_eq(str_of(environment_get(environment, name)), str_of(word));
}

bool terminal_wants_color(enum when when, char *const environment[], bool is_tty)
{
	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	if (is_set(environment, "SLIM_NO_COLOR") || is_set(environment, "NO_COLOR"))
		return false;
	if (is_set(environment, "CLICOLOR_FORCE") && !is_word(environment, "CLICOLOR_FORCE", "0"))
		return true;
	if (is_set(environment, "FORCE_COLOR") && !is_word(environment, "FORCE_COLOR", "0"))
		return true;
	if (is_word(environment, "CLICOLOR", "0") || is_word(environment, "TERM", "dumb"))
		return false;
	return is_tty;
}

bool terminal_is_utf8(char *const environment[])
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str locale = str_of(environment_get(environment, names[i]));
		struct str name;
		struct str codeset;

		if (locale.len == 0)
			continue;
		(void)str_cut(locale, '.', &name, &codeset);
		(void)str_cut(codeset, '@', &codeset, &name);
		return str_eq_nocase(codeset, STR("UTF-8")) || str_eq_nocase(codeset, STR("UTF8"));
	}
	return false;
}

int terminal_columns(int reported, char *const environment[])
{
	struct str digits = str_of(environment_get(environment, "COLUMNS"));
	int columns = 0;

	for (size_t i = 0; i < digits.len && columns <= COLUMNS_MOST; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
			columns = 0;
			break;
		}
		columns = columns * 10 + (digits.ptr[i] - '0');
	}
	if (reported > 0)
		columns = reported;
	if (columns <= 0)
		return COLUMNS_DEFAULT;
	return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns > COLUMNS_MOST ? COLUMNS_MOST : columns;
}

struct terminal terminal_of(int fd, const struct options *options)
{
	struct winsize size = { 0 };
	bool is_tty = isatty(fd) == 1;
	int reported = is_tty && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;

	return (struct terminal){
		.is_tty = is_tty,
		.color = terminal_wants_color(options->color, options->environment, is_tty),
		.utf8 = terminal_is_utf8(options->environment),
		.width = terminal_columns(reported, options->environment),
	};
}
