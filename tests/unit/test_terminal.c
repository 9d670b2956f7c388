/* Colour, width and glyphs: who decides before whom. And the line that says how far work is. */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/progress.h"
#include "cmd/terminal.h"

#define ENV(...) ((char *[]){ __VA_ARGS__, NULL })

static void test_color(void **state)
{
	char *const none[] = { NULL };

	(void)state;
	assert_true(terminal_wants_color(WHEN_AUTO, none, true));
	assert_false(terminal_wants_color(WHEN_AUTO, none, false));
	assert_true(
		terminal_wants_color(WHEN_ALWAYS, ENV("SLIM_NO_COLOR=1", "NO_COLOR=1", "TERM=dumb"), false));
	assert_false(terminal_wants_color(WHEN_NEVER, ENV("CLICOLOR_FORCE=1"), true));
	assert_false(terminal_wants_color(WHEN_AUTO, ENV("SLIM_NO_COLOR=1"), true));
	assert_false(terminal_wants_color(WHEN_AUTO, ENV("CLICOLOR_FORCE=1", "NO_COLOR=1"), true));
	assert_true(terminal_wants_color(WHEN_AUTO, ENV("NO_COLOR="), true));
	assert_true(terminal_wants_color(WHEN_AUTO, ENV("CLICOLOR_FORCE=1", "TERM=dumb"), false));
	assert_true(terminal_wants_color(WHEN_AUTO, ENV("FORCE_COLOR=3", "CLICOLOR=0"), false));
	assert_false(terminal_wants_color(WHEN_AUTO, ENV("FORCE_COLOR=0", "CLICOLOR_FORCE=0"), false));
	assert_false(terminal_wants_color(WHEN_AUTO, ENV("CLICOLOR=0"), true));
	assert_false(terminal_wants_color(WHEN_AUTO, ENV("TERM=dumb"), true));
	assert_true(terminal_wants_color(WHEN_AUTO, ENV("CLICOLOR=1", "TERM=xterm"), true));
}

static void test_utf8(void **state)
{
	char *const none[] = { NULL };

	(void)state;
	assert_false(terminal_is_utf8(none));
	assert_true(terminal_is_utf8(ENV("LANG=en_US.UTF-8")));
	assert_true(terminal_is_utf8(ENV("LANG=C", "LC_ALL=C.utf8")));
	assert_true(terminal_is_utf8(ENV("LC_CTYPE=sr_RS.UTF-8@latin", "LANG=C")));
	assert_false(terminal_is_utf8(ENV("LANG=en_US.UTF-8", "LC_ALL=C")));
	assert_true(terminal_is_utf8(ENV("LANG=en_US.UTF-8", "LC_ALL=")));
	assert_false(terminal_is_utf8(ENV("LANG=de_DE.ISO-8859-1")));
}

static void test_columns(void **state)
{
	char *const none[] = { NULL };

	(void)state;
	assert_int_equal(terminal_columns(0, none), 80);
	assert_int_equal(terminal_columns(0, ENV("COLUMNS=132")), 132);
	assert_int_equal(terminal_columns(60, ENV("COLUMNS=132")), 60);
	assert_int_equal(terminal_columns(0, ENV("COLUMNS=wide")), 80);
	assert_int_equal(terminal_columns(0, ENV("COLUMNS=-5")), 80);
	assert_int_equal(terminal_columns(0, ENV("COLUMNS=99999999999999999999")), 1000);
	assert_int_equal(terminal_columns(1, none), 20);
}

/* Where nobody looks, steps cost nothing and draw nothing. */
static void test_progress_off(void **state)
{
	struct progress progress = { 0 };

	(void)state;
	progress_begin(&progress, "Testing", 10);
	progress_step(&progress, 10);
	assert_int_equal(atomic_load(&progress.done), 0);
	assert_false(atomic_load(&progress.drawn));
	progress_end(&progress);
}

/* Runs a phase of 350 ms with standard error on a terminal of its own; what was drawn, in out. */
static void draw_phase(const struct options *options, char *out, size_t size)
{
	const struct timespec pause = { .tv_nsec = 350000000 };
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	int saved = dup(STDERR_FILENO);
	struct progress progress;
	size_t len = 0;
	int inside;

	assert_true(terminal >= 0 && saved >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
	inside = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	assert_true(inside >= 0 && dup2(inside, STDERR_FILENO) >= 0);
	progress_init(&progress, options);
	progress_begin(&progress, "Testing", 4 << 20);
	progress_step(&progress, 1 << 20);
	assert_int_equal(nanosleep(&pause, NULL), 0);
	progress_step(&progress, 1 << 20);
	progress_step(&progress, 1 << 20);
	progress_end(&progress);
	assert_true(write(inside, "$", 1) == 1); /* the end, for reading up to */
	while (len + 1 < size && (len == 0 || out[len - 1] != '$')) {
		ssize_t n = read(terminal, out + len, size - 1 - len);

		assert_true(n > 0);
		len += (size_t)n;
	}
	out[len] = '\0';
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved) | close(inside) | close(terminal), 0);
}

/* One line after 300 ms, and not again at once; erased at the end. */
static void test_progress_line(void **state)
{
	struct options options = { .environment = ENV("TERM=xterm", "LC_ALL=C", "COLUMNS=80") };
	char drawn[1024];

	(void)state;
	draw_phase(&options, drawn, sizeof(drawn));
	assert_string_equal(drawn,
			    "\rTesting      ##########..........  50%  2.0 MiB of 4.0 MiB\x1b[K\r\x1b[K$");
	options.environment = ENV("TERM=xterm", "LC_ALL=C", "COLUMNS=50");
	draw_phase(&options, drawn, sizeof(drawn));
	assert_string_equal(drawn, "\rTesting        50%  2.0 MiB of 4.0 MiB\x1b[K\r\x1b[K$");
}

static void test_no_progress_line(void **state)
{
	struct options quiet = { .environment = ENV("TERM=xterm"), .quiet = true };
	struct options dumb = { .environment = ENV("TERM=dumb") };
	struct options ci = { .environment = ENV("TERM=xterm", "CI=true") };
	char drawn[64];

	(void)state;
	draw_phase(&quiet, drawn, sizeof(drawn));
	assert_string_equal(drawn, "$");
	draw_phase(&dumb, drawn, sizeof(drawn));
	assert_string_equal(drawn, "$");
	draw_phase(&ci, drawn, sizeof(drawn));
	assert_string_equal(drawn, "$");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_color),	      cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_columns),	      cmocka_unit_test(test_progress_off),
		cmocka_unit_test(test_progress_line), cmocka_unit_test(test_no_progress_line),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
