/* Colour, width and glyphs: who decides before whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_progress_off),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
