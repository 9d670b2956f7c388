/* scan/python_optional: imports that may fail without harm, and those that only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scan/python_optional.h"

/* The line of the source that holds "import x". */
static bool is_optional(const char *source)
{
	struct python_target target = { .minor = 13 };
	struct str text = str_of(source);
	ptrdiff_t at = str_find(text, STR("import x"));
	uint32_t line = 1;

	assert_true(at >= 0);
	for (ptrdiff_t i = 0; i < at; i++)
		line += source[i] == '\n';
	return python_is_optional(text, line, &target);
}

static void what_may_fail(void **state)
{
	(void)state;
	assert_true(is_optional("try:\n    import x\nexcept ImportError:\n    x = None\n"));
	assert_true(is_optional("try:\n\timport x\nexcept ImportError:\n\tx = None\nraise SystemExit\n"));
	assert_true(is_optional("try:\n    if a:\n        import x\n    b()\nexcept Exception:\n    pass\n"));
	assert_true(
		is_optional("def f():\n    try:\n        from x import (\n            y)\n        import x\n"
			    "    except (ImportError, OSError): return\n    raise a\n"));
	assert_true(is_optional("try:\n  import x\n  try:\n    y()\n  except KeyError:\n    raise\n"
				"except ImportError:\n  pass\n"));
	assert_true(is_optional("import sys\nif sys.platform == 'win32':\n    import x\n"));
}

static void what_must_not(void **state)
{
	(void)state;
	assert_false(is_optional("import x\n"));
	assert_false(is_optional("try:\n    import x\nexcept KeyError:\n    pass\n"));
	assert_false(
		is_optional("try:\n    import x\nexcept ImportError as e:\n    raise RuntimeError from e\n"));
	assert_false(is_optional("try:\n    import x\nexcept ImportError: raise\n"));
	/* In doubt: no line of its own. */
	assert_false(is_optional("try: import x\nexcept ImportError: pass\n"));
	/* numpy: a text of several lines in front of it. */
	assert_false(is_optional(
		"try:\n    import x\nexcept ImportError as exc:\n    import sys\n    msg = \"\"\"\n\n"
		"IMPORTANT:\n\nraise of hands\n\"\"\" % sys.version\n    raise ImportError(msg) "
		"from exc\nfinally:\n    pass\n"));
	assert_false(is_optional("try:\n    import x\nexcept ImportError:\n    if a:\n        raise\n"));
	assert_false(is_optional("try:\n    pass\nexcept ImportError:\n    import x\n"));
	assert_false(is_optional("try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import x\n"));
}

static void other_lines_are_nothing(void **state)
{
	struct python_target target = { 0 };

	(void)state;
	assert_false(
		python_is_optional(STR("try:\n    import x\nexcept ImportError:\n    pass\n"), 1, &target));
	assert_false(python_is_optional(STR("import x"), 9, &target));
	assert_false(python_is_optional(STR(""), 0, &target));
}

/* The line of the `try` that "import x" is a way out of; 0 where it is none. */
static uint32_t fallback_of(const char *source)
{
	struct str text = str_of(source);
	ptrdiff_t at = str_find(text, STR("import x"));
	uint32_t line = 1;
	uint32_t from = 0;

	assert_true(at >= 0);
	for (ptrdiff_t i = 0; i < at; i++)
		line += source[i] == '\n';
	return python_is_fallback(text, line, &from) ? from : 0;
}

static void fallbacks(void **state)
{
	(void)state;
	assert_int_equal(fallback_of("try:\n    import a\nexcept ImportError:\n    import x\n"), 1);
	assert_int_equal(fallback_of("a\ntry:\n  import a\nexcept KeyError:\n  b\nexcept (OSError, "
				     "ModuleNotFoundError):\n  if c:\n    import x\n"),
			 2);
	assert_int_equal(fallback_of("def f():\n\ttry:\n\t\timport a\n\texcept:\n\t\timport x\n"), 2);
	assert_int_equal(fallback_of("try:\n  import a\nexcept ImportError:\n  try:\n    import b\n  "
				     "except ImportError:\n    import x\n"),
			 4);
	assert_int_equal(fallback_of("try:\n    import x\nexcept ImportError:\n    pass\n"), 0);
	assert_int_equal(fallback_of("try:\n  import a\nexcept ImportError:\n  pass\nimport x\n"), 0);
	assert_int_equal(fallback_of("try:\n  import a\nexcept ImportError:\n  pass\nelse:\n  import x\n"),
			 0);
	assert_int_equal(fallback_of("try:\n  import a\nexcept KeyError:\n  import x\n"), 0);
	assert_int_equal(fallback_of("\"\"\"\ntry:\nexcept ImportError:\n\"\"\"\nif a:\n  import x\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_fail),
		cmocka_unit_test(what_must_not),
		cmocka_unit_test(other_lines_are_nothing),
		cmocka_unit_test(fallbacks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
