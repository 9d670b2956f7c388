/* scan/references.h: what a content refers to, in one small bundle */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scan/references.h"
#include "scan_bundle.h"

/* A candidate's content is "*". */
static const struct entry function[] = {
	{ "_distutils_hack/__init__.py", "*" },
	{ "app.py", "" },
	{ "bin/bootstrap", "" },
	{ "hook.pth", "" },
	{ "jinja2/__init__.py", "" },
	{ "jinja2/defaults.py", "" },
	{ "jinja2/tests.py", "*" },
	{ "maj/__init__.py", "" },
	{ "maj/plain/test/test_a.py", "*" },
	{ "maj/tests/LICENSE", "" },
	{ "maj/tests/__init__.py", "*" },
	{ "maj/tests/plug.py", "*" },
	{ "most/__init__.py", "" },
	{ "most/a_test.py", "*" },
	{ "most/b_test.py", "*" },
	{ "ns/part.py", "" },
	{ "ns/samples/a.bin", "*" },
	{ "ns/samples/b.bin", "*" },
	{ "numpy/_core/tests/__init__.py", "*" },
	{ "numpy/_core/tests/_natype.py", "*" },
	{ "numpy/_core/tests/test_other.py", "*" },
	{ "numpy/testing/_private/utils.py", "" },
	{ "pip/__init__.py", "*" },
	{ "pip/__main__.py", "*" },
	{ "pip/other.py", "*" },
	{ "pkg-1.dist-info/entry_points.txt", "" },
	{ "pkg/README.rst", "*" },
	{ "pkg/__init__.py", "" },
	{ "pkg/__init__.pyi", "*" },
	{ "pkg/_ext.abi3.so", "" },
	{ "pkg/data.h", "*" },
	{ "pkg/kernels/__init__.py", "" },
	{ "pkg/kernels/k.h", "*" },
	{ "pkg/mod.py", "" },
	{ "pkg/old.pyc", "x" },
	{ "pkg/sub/mod.py", "" },
	{ "pkg/tests/__init__.py", "*" },
	{ "pkg/tests/_fast.cpython-312-x86_64-linux-gnu.so", "*" },
	{ "pkg/tests/data/x.json", "*" },
	{ "pkg/tests/data/y.txt", "*" },
	{ "pkg/tests/deep/__init__.py", "*" },
	{ "pkg/tests/deep/a.py", "*" },
	{ "pkg/tests/helpers.py", "*" },
	{ "setuptools/__init__.py", "*" },
	{ "setuptools/command/__init__.py", "*" },
	{ "setuptools/command/build.py", "*" },
	{ "tests.py", "" },
	{ "tool.pyw", "x" },
	{ 0 },
};
static const struct entry layer[] = {
	{ "python/lib/python3.12/site-packages/lay/tests/__init__.py", "*" },
	{ "python/lib/python3.12/site-packages/lay/tests/t.py", "*" },
	{ "python/lib/python3.12/site-packages/lay/__init__.py", "" },
	{ 0 },
};

struct scan_case {
	const char *name;
	const char *file;
	const char *content;
	/* "path=kind:line" for every edge, blanks between. $ is pkg/tests/, @ is __init__.py */
	const char *edges;
};

#define TESTS	"$@=import:1"
#define HELPERS "$helpers.py=import:1"
#define DYNAMIC_ALL                                                                                          \
	"$@=dynamic:1 $_fast.cpython-312-x86_64-linux-gnu.so=dynamic:1 $deep/@=dynamic:1 "                   \
	"$deep/a.py=dynamic:1 $helpers.py=dynamic:1"
#define DATA_DIR "$data/x.json=data:1 $data/y.txt=data:1"
/* A package that is named as a whole is kept as a whole. */
#define ALL(how)                                                                                             \
	"$@=" how " $_fast.cpython-312-x86_64-linux-gnu.so=" how " $data/x.json=" how " $data/y.txt=" how    \
	" $deep/@=" how " $deep/a.py=" how " $helpers.py=" how
#define DATA_ALL ALL("data:1")

static const struct scan_case imports[] = {
	{ "nothing", "app.py", "import os\n", "" },
	{ "import", "app.py", "import pkg.tests\n", ALL("import:1") },
	{ "a kept package alone", "app.py", "import pkg\n", "" },
	{ "a module brings its packages", "app.py", "import pkg.tests.deep.a\n",
	  "$@=import:1 $deep/@=import:1 $deep/a.py=import:1" },
	{ "as", "app.py", "import os as o, pkg.tests.helpers as t\n", TESTS " " HELPERS },
	{ "from a module", "app.py", "from pkg.tests.helpers import thing\n", TESTS " " HELPERS },
	{ "from a package a module", "app.py", "from pkg.tests import helpers as h, missing\n",
	  TESTS " " HELPERS },
	{ "from a kept package", "app.py", "from pkg import tests\n", ALL("import:1") },
	{ "an extension module", "app.py", "from pkg.tests import _fast\n",
	  TESTS " $_fast.cpython-312-x86_64-linux-gnu.so=import:1" },
	{ "several lines", "app.py", "from pkg.tests import (\n  # x\n  missing,\n  helpers as h,\n)\n",
	  "$@=import:3 $helpers.py=import:4" },
	{ "a name alone on its line", "app.py", "from pkg import (\n\ttests,\n\tother)\n", ALL("import:2") },
	{ "backslash", "app.py", "from pkg. \\\n  tests import \\\n  helpers\n",
	  "$@=import:3 $helpers.py=import:3" },
	{ "behind a joined line", "app.py", "import os, \\\r\n  pkg.tests; x = 1\n", ALL("import:2") },
	{ "blanks around dots", "app.py", "import pkg . tests\n", ALL("import:1") },
	{ "semicolon", "app.py", "import os; import pkg.tests\n", ALL("import:1") },
	{ "one-line suite", "app.py", "if x: from pkg import tests\n", ALL("import:1") },
	{ "in a function", "app.py", "def f():\n\ttry:\n\t\tfrom pkg import tests\n\texcept E: pass\n",
	  ALL("import!:3") },
	{ "behind a function", "app.py", "def f():\n\tpass\nif x:\n\timport pkg.tests\n", ALL("import:4") },
	{ "lazy import", "app.py", "lazy import pkg.tests\n", ALL("import:1") },
	{ "lazy from", "app.py", "lazy from pkg import tests\n", ALL("import:1") },
	{ "relative", "pkg/__init__.py", "from . import tests\n", ALL("import:1") },
	{ "relative, from a module", "pkg/mod.py", "from .tests.helpers import x\n", TESTS " " HELPERS },
	{ "relative, one up", "pkg/sub/mod.py", "from .. import tests\n", ALL("import:1") },
	{ "relative, spaced dots", "pkg/sub/mod.py", "from . . tests import helpers\n", TESTS " " HELPERS },
	{ "relative, above the top", "app.py", "from .... import tests\n", "" },
	{ "not relative", "pkg/sub/mod.py", "from .tests import x\n", "" },
	{ "star", "app.py", "from pkg.tests import *\n", ALL("import:1") },
	{ "star of a kept package", "app.py", "from pkg import *\n", "" },
	{ "a module named tests", "jinja2/defaults.py", "from .tests import TESTS as DEFAULT_TESTS\n",
	  "jinja2/tests.py=import:1" },
	{ "numpy.testing", "numpy/testing/_private/utils.py",
	  "import os\nfrom numpy._core.tests._natype import pd_NA\n",
	  "numpy/_core/tests/@=import:2 numpy/_core/tests/_natype.py=import:2" },
	{ "a layer's package", "app.py", "import lay.tests.t\n",
	  "python/lib/python3.12/site-packages/lay/tests/@=import:1 "
	  "python/lib/python3.12/site-packages/lay/tests/t.py=import:1" },
	{ "distutils is setuptools", "app.py", "from distutils.core import setup\n",
	  "setuptools/@=import:1" },
	{ "an attribute", "app.py", "x = pkg.tests.helpers\n", "" },
	{ "raise from, yield from", "app.py", "raise X from pkg.tests\nyield from pkg.tests\nimport os\n",
	  "" },
	{ "comment", "app.py", "# from pkg import tests\nx = 1  # import pkg.tests\n", "" },
	{ "in a string", "app.py", "x = 'import pkg.tests'\n", ALL("import:1") },
	{ "in a docstring", "app.py", "\"\"\"\nfrom pkg import tests\n\"\"\"\n", "" },
	{ "CRLF", "app.py", "import os\r\nimport pkg.tests\r\n", ALL("import:2") },
	{ "CR", "app.py", "import os\rimport pkg.tests\r", ALL("import:2") },
	{ "BOM", "app.py", "\xef\xbb\xbfimport pkg.tests\n", ALL("import:1") },
	{ "no line end", "app.py", "import pkg.tests", ALL("import:1") },
	{ "behind an unclosed bracket", "app.py", "x = (1\nimport pkg.tests\n", ALL("import:2") },
	{ "behind an unclosed string", "app.py", "x = 'a\nimport pkg.tests\n", ALL("import:2") },
	{ "inside an unclosed triple string", "app.py", "x = '''a\nimport pkg.tests\n", ALL("import:1") },
	{ "not finished", "app.py", "from pkg.tests import", "" },
	{ "not finished either", "app.py", "import pkg.tests.", ALL("import:1") },
	{ "self", "pkg/tests/helpers.py", "import pkg.tests.helpers\n", "$@=import:0" },
	{ "a module only, of a package", "app.py", "from pkg.tests import missing\n", "$@=import:1" },
	{ "a package without __init__", "app.py", "import maj.plain.test\n",
	  "maj/plain/test/test_a.py=import:1" },
	{ "a package with a licence kept", "app.py", "from maj import tests\n",
	  "maj/tests/@=import:1 maj/tests/plug.py=import:1" },
	{ "a package whose tests are most of it", "app.py", "import most\n", "" },
	{ "a whole distribution", "app.py", "import pip\n", "pip/@=import:1" },
	{ "code, after another statement", "app.py", "exec('import os; from pkg.tests import helpers')\n",
	  "$@=import:1 $helpers.py=import:1" },
	{ "code, in lines", "app.py", "exec('import os\\nif 1:\\n  from pkg.tests import helpers')\n",
	  "$@=import:1 $helpers.py=import:1" },
	{ "code, in a long literal", "app.py", "x = '''\nimport os\nfrom pkg.tests import helpers\n'''\n",
	  "$@=import:1 $helpers.py=import:1" },
	{ "prose that begins no statement", "app.py", "x = 'please import pkg.tests first'\n", "" },
	{ "an example in prose", "app.py", "x = 'so:\\n>>> import pkg.tests'\n", "" },
};

static const struct scan_case texts[] = {
	{ "dotted", "app.py", "x = 'pkg.tests.helpers'\n", "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "an attribute of a module", "app.py", "x = 'pkg.tests.helpers.Class.method'\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "entry point syntax", "app.py", "x = 'pkg.tests:func'\n", "$@=dynamic:1" },
	{ "import_module", "app.py", "importlib.import_module(\"pkg.tests.helpers\")\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "adjacent literals", "app.py", "f('pkg.'\n  'tests' '.helpers')\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "prefixes", "app.py", "f(rb'pkg.tests', U\"pkg.tests.helpers\")\n", ALL("dynamic:1") },
	{ "triple quotes", "app.py", "f('''pkg.tests''')\n", ALL("dynamic:1") },
	{ "import_module, a bare name", "app.py", "import_module('setuptools')\n", "setuptools/@=dynamic:1" },
	{ "a bare name elsewhere", "app.py", "x = ['setuptools', 'tests']\n", "setuptools/@=dynamic:1" },
	{ "file names like modules", "app.py", "x = ['setuptools.cfg', 'tests.log']\n", "" },
	{ "relative", "pkg/mod.py", "import_module('.tests.helpers', __package__)\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "relative, two up", "pkg/sub/mod.py", "x = '..tests'\n", ALL("dynamic:1") },
	{ "docstring that is a name", "app.py", "'pkg.tests'\ndef f():\n\t'pkg.tests'\n", "" },
	{ "prose", "app.py",
	  "\"\"\"Runs pkg.tests.\n\nsee pkg.tests and 'pkg.tests'\"\"\"\nx = 'see pkg.tests'\n", "" },
	{ "comment", "app.py", "# 'pkg.tests'\n", "" },
	{ "a head", "app.py", "import_module('pkg.tests.' + name)\n", DYNAMIC_ALL },
	{ "a format", "app.py", "x = 'pkg.tests.%s' % name\n", DYNAMIC_ALL },
	{ "a format in the name", "app.py", "x = 'pkg.tests.test_{}'.format(name)\n", DYNAMIC_ALL },
	{ "f-string", "app.py", "x = f'pkg.tests.{name}'\n", DYNAMIC_ALL },
	{ "f-string without a hole", "app.py", "x = f'pkg.tests'\n", ALL("dynamic:1") },
	{ "f-string, relative", "pkg/__init__.py", "x = f'{__package__}.tests'\n", ALL("dynamic:1") },
	{ "a name behind __name__", "pkg/__init__.py", "x = __name__ + '.tests'\n", ALL("dynamic:1") },
	{ "PEP 701", "app.py", "x = f'{d['pkg.tests']!r:>{w['a']}} {f'{'pkg.tests.helpers'}'}'\n",
	  ALL("dynamic:1") },
	{ "behind an f-string", "app.py", "x = f'a{b:{c}}d{{' 'e'\nimport pkg.tests\n", ALL("import:2") },
	{ "behind an unclosed hole", "app.py", "x = f'a{b\nimport pkg.tests\n", ALL("import:2") },
	{ "f-string, triple, with comments", "app.py", "x = f'''{a # '\n}'''\nimport pkg.tests\n",
	  ALL("import:3") },
	{ "escapes", "app.py", "x = '\\'' 'a'\ny = 'pkg.tests'\n", ALL("dynamic:2") },
	{ "a backslash before the line end", "app.py", "x = 'a\\\r\nb'; y = 'pkg.tests'\n",
	  ALL("dynamic:2") },
	{ "a package's own runner", "pkg/__init__.py", "test = PytestTester(__name__)\ndel PytestTester\n",
	  "" },
	{ "names left out", "pkg/__init__.py", "public -= {'tests', \"conftest\", 'distutils'}\n", "" },
	{ "a package in any argument", "app.py", "import_module('.' + n, 'pkg.tests')\n", ALL("dynamic:1") },
	{ "__import__ of a package", "app.py", "__import__('pkg.tests', g, l, [n])\n", ALL("dynamic:1") },
	{ "data of a package by suffix", "pkg/mod.py", "get_data(__name__ + '.tests', n)\n",
	  ALL("dynamic:1") },
	{ "behind a format", "pkg/__init__.py", "x = '%s.tests.helpers' % __name__\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "behind a named format", "pkg/__init__.py", "x = '%(p)s.tests.helpers' % d\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "behind a brace", "pkg/__init__.py", "x = '{}.tests.helpers'.format(__name__)\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "behind a package's name", "app.py", "import pkg\nx = pkg.__name__ + '.tests.helpers'\n",
	  "$@=dynamic:2 $helpers.py=dynamic:2" },
	{ "a suffix of some other name", "app.py", "x = '.tests.helpers'\n", "" },
	{ "a long attribute", "app.py", "x = 'pkg.tests.helpers.A.b.c.d'\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "a version asked for", "app.py", "version('pip')\n", "pip/@=dynamic:1 pip/__main__.py=dynamic:1" },
	{ "an argument list", "app.py", "run([sys.executable, '-m', 'pip'])\n",
	  "pip/@=dynamic:1 pip/__main__.py=dynamic:1" },
	{ "a command", "app.py", "run('python -m pip install x')\n",
	  "pip/@=dynamic:1 pip/__main__.py=dynamic:1" },
	{ "a command of a module", "app.py", "run('python3 -m pkg.tests.helpers')\n",
	  "$@=dynamic:1 $helpers.py=dynamic:1" },
	{ "a command of something else", "app.py", "run('python -m pytest pip')\n", "" },
	{ "a distribution that is asked for", "app.py",
	  "x = 'pip' in names\ny = 'setuptools' not in sys.modules\n", "" },
	{ "a stray word", "pkg/mod.py", "x = 'helpers'\n", "" },
};

static const struct scan_case paths[] = {
	{ "a file", "pkg/mod.py", "open('tests/data/x.json')\n", "$data/x.json=data:1" },
	{ "a file from the root", "app.py", "open('pkg/tests/data/x.json')\n", "$data/x.json=data:1" },
	{ "a file from a package above", "pkg/sub/mod.py", "get_data('pkg', 'tests/data/x.json')\n",
	  "$data/x.json=data:1" },
	{ "with dots", "pkg/sub/mod.py", "x = '../tests/./data//x.json'\n", "$data/x.json=data:1" },
	{ "a file beside", "pkg/mod.py", "x = ['data.h', 'README.rst']\n",
	  "pkg/data.h=data:1 pkg/README.rst=data:1" },
	{ "a file elsewhere", "app.py", "x = ['data.h', 'README.rst']\n", "" },
	{ "behind a hole", "pkg/mod.py", "open(f'{here}/tests/data/x.json')\n", "$data/x.json=data:1" },
	{ "a directory", "pkg/mod.py", "x = 'tests/data'\n", DATA_DIR },
	{ "a directory in a join", "pkg/mod.py", "os.path.join(here, 'tests', 'data')\n",
	  "$data/x.json=data:1 $data/y.txt=data:1" },
	{ "a directory in a join, and what varies", "pkg/mod.py", "os.path.join(here, 'tests', name)\n",
	  DATA_ALL },
	{ "frames left out by a variable's other name", "pkg/mod.py",
	  "_d = None\ndef f():\n\tglobal _d\n\tif _d is None:\n\t\t_d = join(here, 'tests') + sep\n"
	  "\td = _d\n\treturn x.startswith(d) or y.startswith(str(d))\n",
	  "" },
	{ "a variable's other name that is read", "pkg/mod.py",
	  "def f():\n\te = join(here, 'tests')\n\td = e\n\tx.startswith(d)\n\topen(e)\n", ALL("data!:2") },
	{ "a directory of pathlib", "pkg/mod.py", "x = here / 'tests'\n", DATA_ALL },
	{ "a directory, only a word", "pkg/mod.py", "x = 'tests'; f('tests')\n", ALL("data:1") },
	{ "a glob", "pkg/mod.py", "glob('tests/data/*.json')\n", DATA_DIR },
	{ "a format", "pkg/mod.py", "x = 'tests/data/%s.json' % name\n", DATA_DIR },
	{ "a directory with a slash", "pkg/mod.py", "x = 'tests/data/' + name\n", DATA_DIR },
	{ "resources", "app.py", "files('pkg.tests')\n",
	  "$data/x.json=data:1 $data/y.txt=data:1 $@=dynamic:1 "
	  "$_fast.cpython-312-x86_64-linux-gnu.so=dynamic:1 $deep/@=dynamic:1 $deep/a.py=dynamic:1 "
	  "$helpers.py=dynamic:1" },
	{ "a namespace's data", "app.py", "files('ns.samples')\n",
	  "ns/samples/a.bin=data:1 ns/samples/b.bin=data:1" },
	{ "dots alone", "pkg/tests/helpers.py", "join(here, '.', '..', '../..')\n", "$@=import:0" },
	{ "a stub that lazy_loader reads", "pkg/__init__.py",
	  "a, b, c = lazy.attach_stub(__name__, __file__)\n", "pkg/__init__.pyi=data:0" },
	{ "too long", "app.py",
	  "x = 'pkg.tests."
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "'\nimport pkg.tests\n",
	  ALL("import:2") },
	{ "a format in front", "pkg/mod.py", "open('%s/tests/data/x.json' % here)\n", "$data/x.json=data:1" },
	{ "a brace in front", "pkg/mod.py", "open('{here}/tests/data/x.json'.format(here=h))\n",
	  "$data/x.json=data:1" },
	{ "a format in front of a name", "pkg/mod.py", "x = '%s/README.rst' % here\n",
	  "pkg/README.rst=data:1" },
	{ "a slash in front", "pkg/mod.py", "x = here + '/tests'\n", ALL("data:1") },
	{ "a slash in front of a file", "pkg/mod.py", "x = here + '/README.rst'\n", "pkg/README.rst=data:1" },
	{ "a system's path", "app.py", "x = '/usr/tests'\n", "" },
	{ "behind a hole, in a name", "pkg/mod.py", "x = '{}data.h'.format(p)\n", "" },
	{ "behind a hole, no path", "app.py", "x = '%s tests' % n\n", "" },
	{ "a component from above", "pkg/sub/mod.py", "open(join(up, 'tests', 'data', n))\n",
	  "$data/x.json=data:1 $data/y.txt=data:1" },
	{ "a component beside an imported package", "app.py",
	  "import pkg\nopen(join(pkg.__path__[0], 'tests'))\n", ALL("data:2") },
	{ "a component beside a package that is not imported", "app.py", "open(join(d, 'tests'))\n", "" },
	{ "a component beside a named package", "app.py", "files('pkg').joinpath('tests')\n", ALL("data:1") },
	{ "data beside a candidate", "app.py",
	  "from pkg.tests.deep import a\nfrom pkg.tests import data\nopen(join(d, 'y.txt'))\n",
	  "$@=import:1 $deep/@=import:1 $deep/a.py=import:1 $data/x.json=import:2 $data/y.txt=import:2" },
	{ "a component that holds candidates", "pkg/mod.py",
	  "K = join(here, 'kernels')\nopen(join(K, 'k.h'))\n", "pkg/kernels/k.h=data:2" },
	{ "with_name", "pkg/mod.py", "here.with_name('tests')\n", ALL("data:1") },
	{ "a module's path", "app.py", "x = 'pkg/tests/helpers'\n", "$helpers.py=data:1" },
	{ "a directory asked for", "pkg/mod.py",
	  "x = 'tests' in parts\ns.discard('tests')\np.endswith('tests')\n", "" },
	{ "a directory of a dict", "pkg/mod.py", "D = {'t': 'tests'}\n", ALL("data:1") },
	{ "a directory that is no neighbour", "pkg/sub/mod.py", "D = 'tests'\n", "" },
	{ "a directory with a licence kept", "maj/__init__.py", "__all__ = ['tests']\n",
	  "maj/tests/@=data:1 maj/tests/plug.py=data:1" },
	{ "a package whose tests are most of it", "app.py", "x = ['most']\n", "" },
	{ "frames left out", "pkg/mod.py",
	  "def f():\n\td = join(here, 'tests')\n\tif x.startswith(d): pass\n", "" },
	{ "keyword of the variable's name", "pkg/mod.py",
	  "def f():\n\td = join(here, 'tests')\n\tx.startswith(d='a')\n", ALL("data!:2") },
	{ "literal that is compared only", "pkg/mod.py", "ok = not x.startswith('pkg.tests.')\n", "" },
	{ "list of what is ignored", "pkg/mod.py", "_MODULE_TO_IGNORE = {\n\t'tests',\n}\n", "" },
	{ "frames left out and read", "pkg/mod.py",
	  "def f():\n\td = join(here, 'tests')\n\tif x.startswith(d): open(d)\n", ALL("data!:2") },
	{ "a tool's option", "pkg/mod.py", "x = f'--ignore={join(here, 'tests')}'\n", "" },
	{ "behind a tool's option", "pkg/mod.py", "x = f'--ignore={here}'\ny = join(here, 'tests')\n",
	  ALL("data:2") },
	{ "headers for a compiler", "pkg/mod.py", "def get_include():\n\treturn join(here, 'data.h')\n", "" },
	{ "bytes, escapes", "pkg/mod.py", "open(join(h, b'\\x74ests'))  # 'tests'\n", ALL("data:1") },
};

static const struct scan_case inside[] = {
	{ "a candidate's sibling", "pkg/tests/deep/a.py", "from .. import helpers\n",
	  "$deep/@=import:0 $@=import:0 $helpers.py=import:1" },
	{ "an empty candidate brings its packages", "pkg/tests/deep/a.py", "",
	  "$deep/@=import:0 $@=import:0" },
	{ "an extension module too", "pkg/tests/_fast.cpython-312-x86_64-linux-gnu.so",
	  "\x7f"
	  "ELF",
	  "$@=import:0" },
	{ "computed imports", "numpy/_core/tests/__init__.py", "importlib.import_module(name)\n",
	  "numpy/_core/tests/_natype.py=dynamic:0 numpy/_core/tests/test_other.py=dynamic:0" },
	{ "half computed imports", "numpy/_core/tests/__init__.py", "__import__('x.' + name)\n",
	  "numpy/_core/tests/_natype.py=dynamic:0 numpy/_core/tests/test_other.py=dynamic:0" },
	{ "literal imports", "numpy/_core/tests/__init__.py", "import_module('os')\n", "" },
	{ "pkgutil", "numpy/_core/tests/__init__.py", "pkgutil.walk_packages(__path__)\n",
	  "numpy/_core/tests/_natype.py=dynamic:0 numpy/_core/tests/test_other.py=dynamic:0" },
	{ "files beside it", "pkg/tests/helpers.py", "here = dirname(__file__)\n",
	  "$@=import:0 $_fast.cpython-312-x86_64-linux-gnu.so=data:0 $data/x.json=data:0 $data/y.txt=data:0 "
	  "$deep/@=data:0 $deep/a.py=data:0" },
	{ "files that are not beside it", "pkg/tests/deep/a.py", "open(x)\n",
	  "$deep/@=import:0 $@=import:0" },
};

static const struct scan_case others[] = {
	{ "entry points", "pkg-1.dist-info/entry_points.txt", "[group]\nx = pkg.tests.helpers:f [extra]\n",
	  "$@=entry:2 $helpers.py=entry:2" },
	{ "scripts are no entry points", "pkg-1.dist-info/entry_points.txt",
	  "[console_scripts]\r\nx = pkg.tests.helpers:f\r\n[g]\r\ny=pkg.tests\r\n", ALL("entry:4") },
	{ ".pth", "hook.pth", "pkg/tests\nimport pkg.tests\n", ALL("data:0") },
	{ ".pth, the hook of setuptools", "hook.pth",
	  "import os; __import__('_distutils_hack').add_shim();\n", "_distutils_hack/@=dynamic:1" },
	{ "ELF", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF\x02..x.\x01pkg.tests.helpers\x02.tests.",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "ELF, an attribute", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF pkg.tests.helpers.f",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "ELF, other names", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF setuptools.x tests setuptools other.tests pkg",
	  "" },
	{ "ELF, at the end", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF pkg.tests",
	  "$@=dynamic:0 $_fast.cpython-312-x86_64-linux-gnu.so=dynamic:0 $deep/@=dynamic:0 "
	  "$deep/a.py=dynamic:0 $helpers.py=dynamic:0 $data/x.json=dynamic:0 $data/y.txt=dynamic:0" },
	{ "no ELF", "pkg/_ext.abi3.so", "pkg.tests.helpers", "" },
	{ "a script", "bin/bootstrap", "#!/usr/bin/env python3\nimport pkg.tests\n", ALL("import:2") },
	{ "a shell script", "bin/bootstrap", "#!/bin/sh\nimport pkg.tests\n", "" },
	{ "a script without a console", "tool.pyw", "import pkg.tests.helpers\n",
	  "$@=import:1 $helpers.py=import:1" },
	{ ".pth, a directory", "hook.pth", "pkg/tests/data\n", "$data/x.json=data:0 $data/y.txt=data:0" },
	{ "bytecode", "pkg/old.pyc", "\xda\x11pkg.tests.helpersZ\x02os",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "bytecode, relative", "pkg/old.pyc", "\xda\x0dtests.helpersZ\x02os",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "bytecode, cut off", "pkg/old.pyc", "z\x7fpkg.tests", "" },
	{ "ELF, nothing between", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELFxpkg.tests.helpersxsetuptools",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "ELF, a package and a name", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELFxpkg.testsxhelpersx",
	  "$@=dynamic:0 $helpers.py=dynamic:0" },
	{ "ELF, a neighbour", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELFxtestsxhelpersx",
	  "$helpers.py=dynamic:0 $@=dynamic:0" },
	{ "ELF, another word with the same end", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF tests yelpers",
	  "" },
	{ "ELF, a neighbour's package only", "pkg/_ext.abi3.so",
	  "\x7f"
	  "ELF tests other",
	  "" },
};

struct bench {
	struct package package;
	struct arena arena;
	struct references *refs;
};

static void set_up(struct bench *bench)
{
	bool *candidate;

	*bench = (struct bench){ 0 };
	package_add(&bench->package, function);
	package_add(&bench->package, layer);
	candidate = arena_array(&bench->arena, bool, bench->package.bundle.files.len);
	for (size_t i = 0; i < bench->package.bundle.files.len; i++)
		candidate[i] = strcmp(bench->package.entries[i]->content, "*") == 0;
	bench->refs = references_index(&bench->package.bundle, candidate, &bench->arena);
}

static void tear_down(struct bench *bench)
{
	arena_free(&bench->arena);
	arena_free(&bench->package.arena);
}

static void describe(const struct bench *bench, const struct graph *graph, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < graph->edges.len; i++) {
		const struct edge *edge = &graph->edges.at[i];
		struct str path = bench->package.bundle.files.at[edge->to].path;
		bool own = str_starts(path, STR("pkg/tests/"));
		bool init = str_ends(path, STR("/__init__.py"));

		path = own ? str_from(path, 10) : path;
		init = init || str_eq(path, STR("__init__.py"));
		path = init ? str_head(path, path.len - 11) : path;
		len += (size_t)snprintf(out + len, room - len, "%s%s%.*s%s=%s%s:%u", i ? " " : "",
					own ? "$" : "", STR_ARG(path), init ? "@" : "",
					edge_kind_name(edge->kind), edge->phase == PHASE_CALL ? "!" : "",
					edge->line);
	}
}

static void check(const struct scan_case *cases, size_t count)
{
	struct bench bench;
	size_t failed = 0;

	set_up(&bench);
	for (size_t i = 0; i < count; i++) {
		struct graph graph = { 0 };
		char edges[4096];
		uint32_t file = bundle_find(&bench.package.bundle, 0, str_of(cases[i].file));

		if (file == NO_FILE)
			fail_msg("%s: no such file", cases[i].name);
		references_scan(bench.refs, file, bytes_of_str(str_of(cases[i].content)), &bench.arena,
				&graph);
		describe(&bench, &graph, edges, sizeof(edges));
		if (strcmp(edges, cases[i].edges) == 0)
			continue;
		failed++;
		print_message("# %s: edges are\n# %s\n# not\n# %s\n", cases[i].name, edges, cases[i].edges);
	}
	tear_down(&bench);
	assert_int_equal(failed, 0);
}

#define CHECK(name)                                                                                          \
	static void name##_are_found(void **state)                                                           \
	{                                                                                                    \
		(void)state;                                                                                 \
		check(name, sizeof(name) / sizeof(name[0]));                                                 \
	}
CHECK(imports)
CHECK(texts)
CHECK(paths)
CHECK(inside)
CHECK(others)

/* The quick look goes in steps: wherever the name stands, it must not step over it. */
static void every_place_is_looked_at(void **state)
{
	static const char blanks[] = "                                ";
	struct bench bench;

	(void)state;
	set_up(&bench);
	for (int n = 0; n < 32; n++) {
		struct graph graph = { 0 };
		struct str content =
			str_fmt(&bench.arena, "%.*simport pkg.tests.helpers\n%s", n, blanks, blanks);

		references_scan(bench.refs, bundle_find(&bench.package.bundle, 0, STR("app.py")),
				bytes_of_str(content), &bench.arena, &graph);
		assert_int_equal(graph.edges.len, 2);
	}
	tear_down(&bench);
}

static void wants_what_may_refer(void **state)
{
	static const struct {
		const char *path;
		bool wanted;
	} wanted[] = {
		{ "app.py", false }, /* empty */
		{ "pkg/tests/__init__.py", true },
		{ "pkg/tests/data/x.json", false },
		{ "pkg/README.rst", false },
		{ "pkg/old.pyc", true },
		{ "tool.pyw", true },
	};
	struct bench bench;

	(void)state;
	set_up(&bench);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		uint32_t file = bundle_find(&bench.package.bundle, 0, str_of(wanted[i].path));

		if (references_wants(bench.refs, file) != wanted[i].wanted)
			fail_msg("%s", wanted[i].path);
	}
	tear_down(&bench);
}

static void no_candidates_no_work(void **state)
{
	struct package package = { 0 };
	struct arena arena = { 0 };
	bool none[64] = { false };
	const struct references *refs;
	struct graph graph = { 0 };

	(void)state;
	package_add(&package, function);
	refs = references_index(&package.bundle, none, &arena);
	for (uint32_t i = 0; i < package.bundle.files.len; i++)
		assert_false(references_wants(refs, i));
	references_scan(refs, 0, bytes_of_str(STR("import pkg.tests\n")), &arena, &graph);
	assert_int_equal(graph.edges.len, 0);
	arena_free(&arena);
	arena_free(&package.arena);
}

/* On Pythons with a distutils of their own, setuptools is not needed for it. */
static void older_pythons_have_distutils(void **state)
{
	static const struct entry old[] = {
		{ "app.py", "" },
		{ "x.cpython-311-x86_64-linux-gnu.so", "" },
		{ "setuptools/__init__.py", "*" },
		{ 0 },
	};
	struct package package = { 0 };
	struct arena arena = { 0 };
	bool candidate[] = { false, true, false };
	struct graph graph = { 0 };

	(void)state;
	package_add(&package, old);
	references_scan(references_index(&package.bundle, candidate, &arena), 0,
			bytes_of_str(STR("import distutils\n")), &arena, &graph);
	assert_int_equal(graph.edges.len, 0);
	arena_free(&arena);
	arena_free(&package.arena);
}

static void short_and_wordless_names_are_found(void **state)
{
	static const struct entry short_name[] = {
		{ "app.py", "" }, { "setuptools/__init__.py", "*" }, { "tt/__init__.py", "*" }, { 0 }
	};
	static const struct entry wordless[] = {
		{ "app.py", "" }, { "data/++", "*" }, { "data/x", "" }, { 0 }
	};
	static const struct {
		const struct entry *entries;
		const char *content;
	} packages[] = { { short_name, "import tt\n\n\n\n" }, { wordless, "open('data/++')\n" } };

	(void)state;
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++) {
		struct package package = { 0 };
		struct arena arena = { 0 };
		bool candidate[3];
		struct graph graph = { 0 };

		package_add(&package, packages[i].entries);
		for (size_t f = 0; f < 3; f++)
			candidate[f] = strcmp(package.entries[f]->content, "*") == 0;
		references_scan(references_index(&package.bundle, candidate, &arena), 0,
				bytes_of_str(str_of(packages[i].content)), &arena, &graph);
		assert_int_equal(graph.edges.len, 1);
		arena_free(&arena);
		arena_free(&package.arena);
	}
}

static void evidence_is_a_line(void **state)
{
	struct bench bench;
	struct graph graph = { 0 };

	(void)state;
	set_up(&bench);
	references_scan(bench.refs, bundle_find(&bench.package.bundle, 0, STR("app.py")),
			bytes_of_str(STR("x = 1\nfrom pkg.tests import (helpers,\n  deep)\n")), &bench.arena,
			&graph);
	assert_int_equal(graph.edges.len, 4);
	assert_true(str_eq(graph.edges.at[1].evidence, STR("from pkg.tests import (helpers")));
	assert_true(str_eq(graph.edges.at[2].evidence, STR("from pkg.tests import (helpers,")));
	tear_down(&bench);
}

/* Each part repeated up to a megabyte, alone or followed by one that closes nothing. */
static void long_lines_are_no_trouble(void **state)
{
	static const char *const parts[] = {
		"(",	      "[{",
		"x",	      "'",
		"\"\"\"",     "f'{",
		"f'{x:{",     "\\",
		"\\\n",	      "\0x",
		"tests ",     "tests.",
		"'tests' ",   "import tests,",
		"from . ",    "from .tests import (",
		"a.",	      "\r",
		"f\"",	      "rb'",
		"f'''{",      "}",
		":",	      "% tests",
		"pkg.tests.", "\xff",
		"lazy ",      "'pkg.tests' ",
	};
	enum { SIZE = 1 << 20 };
	char *content = malloc(SIZE);
	struct bench bench;

	(void)state;
	assert_non_null(content);
	set_up(&bench);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		static const char *const files[] = { "app.py", "pkg/tests/helpers.py", "pkg/_ext.abi3.so",
						     "hook.pth" };
		size_t len = parts[i][0] ? strlen(parts[i]) : 2;

		for (size_t at = 0; at < SIZE; at++)
			content[at] = parts[i][at % len];
		memcpy(content + SIZE - 32, "\nimport pkg.tests; 'pkg.tests'\n", 31);
		for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
			struct graph graph = { 0 };

			if (strcmp(files[f], "pkg/_ext.abi3.so") == 0)
				memcpy(content,
				       "\x7f"
				       "ELF",
				       4);
			if (strcmp(files[f], "hook.pth") == 0)
				memcpy(content, "import ", 7);
			references_scan(bench.refs, bundle_find(&bench.package.bundle, 0, str_of(files[f])),
					(struct bytes){ (const uint8_t *)content, SIZE }, &bench.arena,
					&graph);
		}
	}
	free(content);
	tear_down(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(imports_are_found),
		cmocka_unit_test(texts_are_found),
		cmocka_unit_test(paths_are_found),
		cmocka_unit_test(inside_are_found),
		cmocka_unit_test(others_are_found),
		cmocka_unit_test(every_place_is_looked_at),
		cmocka_unit_test(wants_what_may_refer),
		cmocka_unit_test(no_candidates_no_work),
		cmocka_unit_test(older_pythons_have_distutils),
		cmocka_unit_test(short_and_wordless_names_are_found),
		cmocka_unit_test(evidence_is_a_line),
		cmocka_unit_test(long_lines_are_no_trouble),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
