/* scan/python_names.h: what is read out of Python source, a line for each mention. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/python_names.h"

static const struct str calls[] = { STR_INIT("import_module"), STR_INIT("client") };
static const struct python_target lambda = {
	.minor = 12, .calls = calls, .call_count = 2, .argument = STR_INIT("service_name")
};

struct seen {
	char text[4096];
	size_t len;
	unsigned kinds; /* bits by enum mention_kind */
};

static void put(struct seen *seen, struct str s)
{
	for (size_t i = 0; i < s.len && seen->len + 2 < sizeof(seen->text); i++) {
		char c = s.ptr[i];

		if (c == '\n')
			c = '|';
		/* Holes are readable as ?, N and P in angles. */
		if (c >= HOLE_ANY && c <= HOLE_PACKAGE) {
			seen->text[seen->len++] = '<';
			c = "?NP"[c - HOLE_ANY];
		}
		seen->text[seen->len++] = c;
	}
	seen->text[seen->len] = '\0';
}

/* "line:module.name", with t for in_try, f for in_function, T or D for the guard. */
static void put_flags(struct seen *seen, const struct mention *mention)
{
	if (mention->in_function)
		put(seen, STR(" f"));
	if (mention->in_try)
		put(seen, STR(" t"));
	if (mention->guard == GUARD_TYPES)
		put(seen, STR(" T"));
	if (mention->guard == GUARD_DEAD)
		put(seen, STR(" D"));
}

static void see(void *ctx, const struct mention *mention)
{
	struct seen *seen = ctx;
	char number[32];
	int len;

	if (!(seen->kinds & 1U << mention->kind))
		return;
	if (seen->len)
		put(seen, STR("\n"));
	len = snprintf(number, sizeof(number), "%u:", mention->line);
	put(seen, (struct str){ number, (size_t)len });
	if (mention->kind == MENTION_IMPORT) {
		for (size_t i = 0; i < mention->level; i++)
			put(seen, STR("."));
		put(seen, mention->module);
		if (mention->name.len)
			put(seen, STR(" "));
		put(seen, mention->name);
	} else if (mention->kind == MENTION_COMPUTED) {
		put(seen, mention->callee);
		put(seen, STR("="));
		put(seen, mention->evidence);
	} else {
		put(seen, mention->text);
		if (mention->callee.len)
			put(seen, STR("@"));
		put(seen, mention->callee);
		if (mention->first)
			put(seen, STR(" first"));
	}
	if (mention->keyword.len)
		put(seen, STR(" "));
	put(seen, mention->keyword);
	put_flags(seen, mention);
}

struct names_case {
	const char *source;
	const char *expect; /* mentions with '|' between them */
};

static void check_cases(const struct names_case *cases, size_t count, unsigned kinds,
			const struct python_target *target)
{
	for (size_t i = 0; i < count; i++) {
		struct seen seen = { .kinds = kinds };
		struct python_habits habits = python_names(str_of(cases[i].source), target, see, &seen);

		if (habits.broken_line)
			print_error("broken at %u, %s: %s\n", habits.broken_line, habits.broken,
				    cases[i].source);
		assert_int_equal(habits.broken_line, 0);
		if (strcmp(seen.text, cases[i].expect) != 0)
			print_error("source: %s\n", cases[i].source);
		assert_string_equal(seen.text, cases[i].expect);
	}
}

#define CHECK(cases, kinds, target) check_cases(cases, sizeof(cases) / sizeof((cases)[0]), kinds, target)

static void test_imports(void **state)
{
	static const struct names_case cases[] = {
		{ "import a.b as c, d\n", "1:a.b|1:d" },
		{ "from .. a.b import (c as d,\n  e,\n)", "1:..a.b c|2:..a.b e" },
		{ "from ... import x", "1:... x" },
		{ "from a import *; import b\n", "1:a *|1:b" },
		{ "if x: import y\n", "1:y" },
		{ "\xef\xbb\xbfimport a\r\nimport b\rimport c\n", "1:a|2:b|3:c" },
		{ "import \\\n  a\n\fimport b\n", "2:a|3:b" },
		{ "lazy import a\nlazy from b import c\nlazy = 1\n", "1:a|2:b c" },
		{ "match x:\n\tcase 'a':\n\t\timport a\n\tcase _: import b\nmatch = case = type = 1\n",
		  "3:a|4:b" },
		{ "def f[T: (int, str) = int](x: T) -> T:\n  import a\ntype X[T] = list[T]\n", "2:a f" },
		{ "f'{x!r:{w}}' ; import a\nf\"{d[\"k\"]}{'\\n'}\" ; import b\n", "1:a|2:b" },
		{ "f'''{\n  x  # '''\n}''' ; import a\n", "3:a" },
		{ "f'{x:\n}'; import a\nt'{import_}'; import b\n", "2:a|3:b" },
		{ "rf'\\{x}'; f'\\N{DASH}{{'; import a\n", "1:a" },
		{ "def f():\n\tyield from x\n\traise A from b\nimport c\n", "4:c" },
		{ "try: pass\nexcept A, B: import a\n", "2:a" },
		{ "class A:\n  import a\n  def f(self, x=1):\n    import b\n  import c\n", "2:a|4:b f|5:c" },
		{ "async def f():\n  async with a as b:\n    import c\nimport d\n", "3:c f|4:d" },
		{ "def f(): import a\nimport b\n", "1:a f|2:b" },
		{ "if 1:\n  x = [\n1,\n  ]\n  # less\n# least\n  import a\n", "7:a" },
		{ "if (y := lambda: 1): import a\nif lambda: 1: import b\n", "1:a|2:b" },
		{ "print >>f, 'x'\nprint ('a')\nexec (x)\nprint -1\n", "" },
		{ "# -*- coding: koi8-r -*-\nimport a\n", "2:a" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_IMPORT, &lambda);
}

static void test_tries(void **state)
{
	static const struct names_case cases[] = {
		{ "try:\n  import a\nexcept ImportError:\n  import b\nelse:\n  import c\nimport d\n",
		  "2:a t|4:b|6:c|7:d" },
		{ "try:\n  import a\nexcept ValueError:\n  pass\nexcept (X, m.ModuleNotFoundError) as e:\n  "
		  "pass\n",
		  "2:a t" },
		{ "try:\n  import a\nexcept:\n  pass\n", "2:a t" },
		{ "try:\n  import a\nexcept KeyError:\n  pass\n", "2:a" },
		{ "try:\n  import a\nexcept Exception.sub:\n  pass\n", "2:a" },
		{ "try:\n  import a\nfinally:\n  pass\ntry: pass\nexcept Exception: pass\n", "2:a" },
		{ "try:\n  import a\nexcept* A, BaseException:\n  pass\n", "2:a t" },
		{ "try:\n  if x:\n    import a\n  def f():\n    import b\nexcept ImportError: pass\n",
		  "3:a t|5:b f" },
		{ "try: import a\nexcept ImportError: import b\n", "1:a t|2:b" },
		{ "try:\n  x = '''\nexcept KeyError:\n'''\n  import a\nexcept ImportError: pass\n", "5:a t" },
		{ "with contextlib.suppress(ImportError):\n  import a\nwith suppress(OSError): import b\n",
		  "2:a t|3:b" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_IMPORT, &lambda);
}

static void test_guards(void **state)
{
	static const struct names_case cases[] = {
		{ "if TYPE_CHECKING:\n  import a\nelse:\n  import b\n", "2:a T|4:b" },
		{ "if not t.TYPE_CHECKING: import a\nelse: import b\n", "1:a|2:b T" },
		{ "if TYPE_CHECKING and sys.platform == 'win32': import a\n", "1:a D" },
		{ "if TYPE_CHECKING:\n  if sys.platform == 'win32':\n    import a\n", "3:a D" },
		{ "if False:\n  if True:\n    import a\n  else:\n    import b\nimport c\n",
		  "3:a D|5:b D|6:c" },
		{ "if x: import a\nelif 0: import b\nelif True: import c\nelse: import d\n",
		  "1:a|2:b D|3:c|4:d D" },
		{ "if 1: import a\nelif x: import b\nelse: import c\n", "1:a|2:b D|3:c D" },
		{ "if os.name == 'nt' or x: import a\nif x and os.name != 'posix': import b\n", "1:a|2:b D" },
		{ "if sys.platform in ('win32', 'cygwin'): import a\n", "1:a D" },
		{ "if sys.platform not in {'linux'}: import a\nelse: import b\n", "1:a D|2:b" },
		{ "if sys.platform.startswith(('win', 'dar')): import a\n", "1:a D" },
		{ "if sys.platform.startswith('linux'): import a\nelse: import b\n", "1:a|2:b D" },
		{ "if platform.system() == 'Windows': import a\nif 'win' in sys.platform: import b\n",
		  "1:a D|2:b D" },
		{ "if sys.version_info >= (3, 12): import a\nelse: import b\n", "1:a|2:b D" },
		{ "if sys.version_info < (3, 12): import a\nif sys.version_info > (3, 12): import b\n",
		  "1:a D|2:b" },
		{ "if sys.version_info >= (3, 12, 2): import a\nelse: import b\n", "1:a|2:b" },
		{ "if sys.version_info[:2] == (3, 12): pass\nelse: import a\n", "2:a D" },
		{ "if sys.version_info[0] == 2: import a\nif sys.version_info.major < 3: import b\n",
		  "1:a D|2:b D" },
		{ "if (3, 13) <= sys.version_info: import a\nif sys.version_info[1] > 12: import b\n",
		  "1:a D|2:b D" },
		{ "if six.PY2: import a\nelif not PY3: import b\nelse: import c\n", "1:a D|2:b D|3:c" },
		{ "if not (True and (x or True)): import a\n", "1:a D" },
		{ "if (False) == x: import a\nif False if x else y: import b\nif False | x: import c\n",
		  "1:a|2:b|3:c" },
		{ "if f(False): import a\nif x.startswith('w'): import b\nif sys.platform == y: import c\n",
		  "1:a|2:b|3:c" },
		{ "while False: import a\nelse: import b\nif __name__ == '__main__': import c\n",
		  "1:a D|2:b|3:c" },
		{ "if False: import a\nx = 1\nfor x in y: pass\nelse: import b\n", "1:a D|4:b" },
	};
	static const struct names_case any[] = {
		{ "if sys.version_info >= (3, 8): import a\nelse: import b\n", "1:a|2:b D" },
		{ "if sys.version_info >= (3, 9): import a\nelse: import b\n", "1:a|2:b" },
		{ "if sys.version_info >= (3, 16): import a\n", "1:a D" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_IMPORT, &lambda);
	CHECK(any, 1U << MENTION_IMPORT, &(struct python_target){ 0 });
}

static void test_patterns(void **state)
{
	static const struct names_case cases[] = {
		{ "f('a.b.' + x + '.c')", "1:a.b.<?.c@f first" },
		{ "__package__ + '.fft'\nx + \".urls\"", "1:<P.fft|2:<?.urls" },
		{ "__name__ + '.a'; __spec__.name + '.b'; __spec__.parent + '.c'", "1:<N.a|1:<N.b|1:<P.c" },
		{ "__name__.rpartition('.')[0] + '.a'\n__name__.rsplit(\".\", 1)[0] + '.b'",
		  "1:<P.a|2:<P.b" },
		{ "__name__.split('.')[0] + '.a'\n__name__.x + '.b'", "1:<?.a|2:<?.b" },
		{ "f(k=f'{__name__}.a' '.b' f'{x!r:>{w}}')", "1:<N.a.b<?@f k" },
		{ "t'{__package__}.a'\nrt'{x}.b'", "1:<P.a|2:<?.b" },
		{ "f'{f\"{x}.in\"}.out'", "1:<?.in|1:<?.out" },
		{ "x = ('a.' +\n  g('b.' + y)[0].z +\n  '.c')", "2:b.<?@g first|1:a.<?.c first" },
		{ "'a.%s' % x + '.b'\n'{}'.format(x) + '.c'", "1:<?.b|2:<?.c" },
		{ "'a.' 'b.' + x + y\n'a' + 'b'", "1:a.b.<?|2:ab" },
		{ "f'{x}'\nx + y\n'a', 'b'\nx + '..'", "" },
		{ "f'{x}.a'.lower() + '.b'", "1:<?.a|1:<?.b" },
		{ "x += '.a'\ny = -x + '.b' if z else '.c' + w", "2:<?.b|2:.c<?" },
		{ "f(a != b, x + '.c')\nf'{a != b}.d'", "1:<?.c@f|2:<?.d" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_PATTERN, &lambda);
}

static void test_calls(void **state)
{
	static const struct names_case cases[] = {
		{ "import_module(name)", "1:import_module=import_module(name" },
		{ "a.b.client(\n  x[0])", "1:client=a.b.client(" },
		{ "client(); client('s3', **kw); client(None); client(region='x')",
		  "1:s3@client first|1:x@client region" },
		{ "client(region=r, service_name=s)",
		  "1:client=client(region=r, service_name=s service_name" },
		{ "client(*a)\nclient(x=1, **k)", "1:client=client(*a|2:client=client(x=1, **k" },
		{ "client('a' + x)", "1:client=client('a' + x|1:a@client first" },
		{ "client(f'{x}')", "1:client=client(f'{x}'" },
		{ "S = 's3'\ndef f():\n  client(S)\n  client(service_name=S)\n",
		  "1:s3|3:s3@client first f|4:s3@client service_name f" },
		{ "S = 's3'\nS = 'x'\nclient(S)", "1:s3|2:x|3:client=client(S" },
		{ "def f(S): client(S)\nS = 's3'\n", "1:client=client(S f|2:s3" },
		{ "S = 's3'\nfor S in x: client(S)\n", "1:s3|2:client=client(S" },
		{ "S = 's3'\nfrom x import (y as S)\nclient(S)", "1:s3|3:client=client(S" },
		{ "S = 's3' + x\nclient(S)", "1:s3|2:client=client(S" },
		{ "if x:\n  S = 's3'\nclient(S)", "2:s3|3:client=client(S" },
		{ "def client(name): pass\nclass client(X): pass\n", "" },
		{ "client(service_name='s3')", "1:s3@client service_name" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_TEXT | 1U << MENTION_COMPUTED, &lambda);
}

static void test_evidence(void **state)
{
	static const struct names_case cases[] = {
		{ "import_module(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
		  "ccccccccccccccc)",
		  "1:import_module=import_module(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" },
	};

	(void)state;
	CHECK(cases, 1U << MENTION_COMPUTED, &lambda);
}

struct broken_case {
	struct str source;
	uint32_t line;
};

static void test_broken(void **state)
{
	static const struct broken_case cases[] = {
		{ STR_INIT("import a\nx = (1,\n"), 2 },
		{ STR_INIT("x = (1]\n"), 1 },
		{ STR_INIT("x = 1)\n"), 1 },
		{ STR_INIT("\nx = 'a\n"), 2 },
		{ STR_INIT("\n\nx = '''a\n\n"), 3 },
		{ STR_INIT("f'{x"), 1 },
		{ STR_INIT("if x:\n    a\n  b\n"), 3 },
		{ STR_INIT("a\n  b\n"), 2 },
		{ STR_INIT("if x:\na\n"), 2 },
		{ STR_INIT("if x:\n"), 2 },
		{ STR_INIT("print 'a'\n"), 1 },
		{ STR_INIT("if x: print a\n"), 1 },
		{ STR_INIT("x; exec 'a'\n"), 1 },
		{ STR_INIT("x = `a`\n"), 1 },
		{ STR_INIT("a\nb\0c\n"), 2 },
		{ STR_INIT("\xff\xfei\0"), 1 },
		{ STR_INIT("#!x\n# coding: Shift_JIS\n"), 1 },
		{ STR_INIT("# vim: set fileencoding=utf-16 :\n"), 1 },
		{ STR_INIT("a $ b\n"), 1 },
		{ STR_INIT("! ls\n"), 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen = { .kinds = 0 };
		struct python_habits habits = python_names(cases[i].source, &lambda, see, &seen);

		if (habits.broken_line != cases[i].line)
			print_error("source: %s\n", cases[i].source.ptr);
		assert_int_equal(habits.broken_line, cases[i].line);
		assert_non_null(habits.broken);
	}
}

/* CPython has limits of its own: what is deeper is no Python. */
static void test_depth(void **state)
{
	char source[100000];
	struct seen seen = { .kinds = 1U << MENTION_IMPORT };
	struct python_habits habits;
	size_t len = 0;

	(void)state;
	memset(source, '(', 300);
	habits = python_names((struct str){ source, 300 }, &lambda, see, &seen);
	assert_int_equal(habits.broken_line, 1);
	for (size_t i = 0; i < 150; i++) {
		memset(source + len, ' ', i);
		len += i;
		memcpy(source + len, "try:\n", 5);
		len += 5;
	}
	memcpy(source + len, "import a", 8);
	habits = python_names((struct str){ source, len + 8 }, &lambda, see, &seen);
	assert_int_equal(habits.broken_line, 101);
	for (len = 0; len + 3 < sizeof(source); len += 3)
		memcpy(source + len, "f'{", 3);
	(void)python_names((struct str){ source, len }, &lambda, see, &seen);
}

static struct python_habits habits_of(const char *source)
{
	struct seen seen = { .kinds = 0 };

	return python_names(str_of(source), &lambda, see, &seen);
}

static void test_habits(void **state)
{
	(void)state;
	assert_true(habits_of("importlib.import_module('a')").imports_by_name);
	assert_true(habits_of("find_spec(x)").imports_by_name);
	assert_false(habits_of("def find_spec(x): pass").imports_by_name);
	assert_true(habits_of("pkgutil.walk_packages(x)").walks_modules);
	assert_true(habits_of("os.listdir(x)").lists_files);
	assert_false(habits_of("import glob").lists_files);
	assert_true(habits_of("x = __file__").knows_its_place);
	assert_true(habits_of("sys.path.insert(0, x)").edits_path);
	assert_true(habits_of("sys.path += [x]").edits_path);
	assert_true(habits_of("sys.path[:0] = [x]").edits_path);
	assert_true(habits_of("sys.path = [x]").edits_path);
	assert_true(habits_of("site.addsitedir(x)").edits_path);
	assert_false(habits_of("sys.path[0]; sys.path + x; sys.path == y; os.path.append").edits_path);
	assert_true(habits_of("def __getattr__(name): pass").lazy_attributes);
	assert_true(habits_of("__getattr__, __dir__, __all__ = attach(x)").lazy_attributes);
	assert_false(habits_of("class A:\n  def __getattr__(self, name): pass").lazy_attributes);
	assert_true(habits_of("exec(x)").runs_text);
	assert_true(habits_of("builtins.eval(x)").runs_text);
	assert_false(habits_of("re.compile(x); df.eval(y)").runs_text);
}

static void see_evidence(void *ctx, const struct mention *mention)
{
	struct seen *seen = ctx;

	put(seen, mention->evidence);
}

static void test_lazy_evidence(void **state)
{
	struct seen seen = { .kinds = 0 };

	(void)state;
	(void)python_names(STR("lazy import a\nlazy; import b"), &lambda, see_evidence, &seen);
	assert_string_equal(seen.text, "lazy import aimport b");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_imports), cmocka_unit_test(test_tries),
		cmocka_unit_test(test_guards),	cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_calls),	cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_broken),	cmocka_unit_test(test_depth),
		cmocka_unit_test(test_habits),	cmocka_unit_test(test_lazy_evidence),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
