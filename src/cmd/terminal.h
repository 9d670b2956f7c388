/*
 * What the place of our text can show: colour, width, glyphs. Decided from options, environment and the
 * stream itself, by rules that other tools follow too; no locale is set for it. It prints nothing.
 */
#ifndef SLIM_CMD_TERMINAL_H
#define SLIM_CMD_TERMINAL_H

#include "cmd/options.h"

struct terminal {
	bool is_tty;
	bool color;
	bool utf8; /* box and bar glyphs may be used */
	int width; /* columns, 80 when nobody knows */
};

/* Of the standard stream fd (1 or 2). */
struct terminal terminal_of(int fd, const struct options *options);

/*
 * --color, then SLIM_NO_COLOR and NO_COLOR, then CLICOLOR_FORCE and FORCE_COLOR, then CLICOLOR=0, then
 * TERM=dumb, then whether the stream is a terminal. The first that speaks decides.
 */
bool terminal_wants_color(enum when when, char *const environment[], bool is_tty);
/* Whether LC_ALL, else LC_CTYPE, else LANG asks for UTF-8. */
bool terminal_is_utf8(char *const environment[]);
/* What the terminal says (`reported`, 0 when it does not), else COLUMNS, else 80. */
int terminal_columns(int reported, char *const environment[]);

#endif
