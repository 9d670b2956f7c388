/* scan/imports.h: what a file may import, in one small bundle */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import_world.h"

#define X50  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X200 X50 X50 X50 X50
#define ELF                                                                                                  \
	"\x7f"                                                                                               \
	"ELF"

static const struct entry function[] = {
	{ X200 ".py", "" },
	{ X200 "x.py", "" },
	{ "app.py", "" },
	{ "bin/run", "x" },
	{ "extra-1.dist-info/METADATA", "x" },
	{ "extra-1.dist-info/entry_points.txt",
	  "[grp]\none = plug.one:f [extra]\ngone = nowhere:f\n[console_scripts]\nrun = plug.two:main\n" },
	{ "hook.pth", "x" },
	{ "pkg/__init__.py", "" },
	{ "pkg/__init__.pyi", "x" },
	{ "pkg/_ext.abi3.so", "x" },
	{ "pkg/a.py", "" },
	{ "pkg/b.py", "" },
	{ "pkg/conf.yaml", "x" },
	{ "pkg/data/x.json", "x" },
	{ "pkg/data/y.json", OPPOSED },
	{ "pkg/model.pkl", "x" },
	{ "pkg/old.pyc", "x" },
	{ "pkg/opposed.py", OPPOSED },
	{ "pkg/sub/__init__.py", "" },
	{ "pkg/sub/deep.py", "" },
	{ "pkg/sub/inner/leaf.py", "" },
	{ "pkg/sub/other.py", "" },
	{ "plug/inner/three.py", "" },
	{ "plug/one.py", "" },
	{ "plug/two.py", "" },
	{ "reqs/__init__.py", "" },
	{ "reqs/packages.py", "" },
	{ "tool/__init__.py", "" },
	{ "tool/__main__.py", "" },
	{ "tool/mod.py", "" },
	{ "top.py", "" },
	{ "urllib3/__init__.py", "" },
	{ "vend/__init__.py", "" },
	{ "vend/_vendor/six.py", "" },
	{ "vend/extern/__init__.py", "" },
	{ 0 },
};

struct scan_case {
	const char *name;
	const char *file;
	const char *content;
	/* "path=kind:line" for every edge, blanks between; behind the kind '!' in a function, '~' for types
	   only, '*' broad. $ is pkg/, @ is __init__.py */
	const char *edges;
};

#define PKG	     "$@=import:1"
#define DEEP	     "$sub/deep.py=dynamic:1"
#define SUB_ALL(how) "$sub/deep.py=" how " $sub/other.py=" how
#define PKG_ALL(how) "$_ext.abi3.so=" how " $a.py=" how " $b.py=" how " $old.pyc=" how " $sub/@=" how
#define MAIN	     "tool/@=dynamic:1 tool/__main__.py=dynamic:1"

static const struct scan_case statements[] = {
	{ "nothing", "app.py", "import os\n", "" },
	{ "absolute", "app.py", "import pkg.sub.deep\n", PKG " $sub/@=import:1 $sub/deep.py=import:1" },
	{ "as, several", "app.py", "import top as t, pkg.a\n", "top.py=import:1 " PKG " $a.py=import:1" },
	{ "a name from a module", "app.py", "from pkg.a import thing\n", PKG " $a.py=import:1" },
	{ "submodules", "app.py", "from pkg import a, b as c, nothing\n",
	  PKG " $a.py=import:1 $b.py=import:1" },
	{ "submodules, on lines", "app.py", "from pkg import (\n  a,\n  b,\n)\n",
	  "$@=import:2 $a.py=import:2 $b.py=import:3" },
	{ "an extension module", "app.py", "import pkg._ext\n", PKG " $_ext.abi3.so=import:1" },
	{ "bytecode", "app.py", "from pkg import old\n", PKG " $old.pyc=import:1" },
	{ "of a namespace package", "app.py", "import plug.one\nfrom plug import two\n",
	  "plug/one.py=import:1 plug/two.py=import:2" },
	{ "the longest prefix", "app.py", "import pkg.sub.gone.more\n", PKG " $sub/@=import:1" },
	{ "star", "app.py", "from pkg.sub import *\n", PKG " $sub/@=import:1" },
	{ "relative, in __init__", "pkg/__init__.py", "from . import a\nfrom .sub.deep import x\n",
	  "$a.py=import:1 $sub/@=import:2 $sub/deep.py=import:2" },
	{ "relative, in a module", "pkg/a.py", "from . import b\n", PKG " $b.py=import:1" },
	{ "relative, one up", "pkg/sub/deep.py", "from ..a import x\n", PKG " $a.py=import:1" },
	{ "relative, one up of __init__", "pkg/sub/__init__.py", "from .. import a\n",
	  PKG " $a.py=import:1" },
	{ "relative, above the top", "pkg/a.py", "from ... import top\nfrom .. import top\n", "" },
	{ "relative, in no package", "app.py", "from . import top\n", "" },
	{ "in a function, under try", "app.py",
	  "def f():\n try:\n  import top\n except ImportError:\n  import pkg\n",
	  "top.py=import!:3 $@=import!:5" },
	{ "for types", "app.py", "if TYPE_CHECKING:\n import top\n", "top.py=import~:2" },
	{ "on another system", "app.py", "if sys.platform == 'win32':\n import top\n", "top.py=import:2" },
	{ "lazy", "app.py", "lazy import top\n", "top.py=import:1" },
	{ "itself", "pkg/a.py", "import pkg.a\n", PKG },
	{ "what a rule would drop", "app.py", "import pkg.opposed\n", PKG },
	{ "twice", "app.py", "import top\nimport top\n", "top.py=import:1" },
	{ "a script", "bin/run", "#!/usr/bin/env python3\nimport top\n", "top.py=import:2" },
	{ "a shell's script", "bin/run", "#!/bin/sh\nimport top\n", "" },
	{ "an importer for vendored copies", "app.py", "import vend.extern.six\n",
	  "vend/@=import:1 vend/extern/@=import:1 vend/_vendor/six.py=import:1" },
	{ "an importer, by from", "app.py", "from vend.extern import six\n",
	  "vend/@=import:1 vend/extern/@=import:1 vend/_vendor/six.py=import:1" },
	{ "a copy that is the distribution", "app.py", "import reqs.packages.urllib3.util\n",
	  "reqs/@=import:1 reqs/packages.py=import:1 urllib3/@=import:1" },
	{ "a copy, by from", "app.py", "from reqs.packages import urllib3\n",
	  "reqs/@=import:1 reqs/packages.py=import:1 urllib3/@=import:1" },
	{ "a name that is no copy", "app.py", "from reqs import urllib3\n", "reqs/@=import:1" },
	{ "a stub", "pkg/__init__.pyi", "from .sub import deep\nfrom . import a\n",
	  "$@=import:1 $sub/@=import:1 $sub/deep.py=import:1 $a.py=import:2" },
};

static const struct scan_case texts[] = {
	{ "dotted", "app.py", "x = 'pkg.sub.deep'\n", DEEP },
	{ "two attributes", "app.py", "x = 'pkg.sub.deep.Class.method'\n", DEEP },
	{ "three attributes", "app.py", "x = 'pkg.sub.deep.Class.method.more'\n", "" },
	{ "an attribute of a module at the top", "app.py", "x = 'pkg.Class'\n", "$@=dynamic:1" },
	{ "an attribute of one, imported", "app.py", "import_string('top.Class')\n", "top.py=dynamic:1" },
	{ "a colon", "app.py", "x = 'pkg.sub.deep:Class.method'\n", DEEP },
	{ "a colon behind a module at the top", "app.py", "run('top:app')\n", "top.py=dynamic:1" },
	{ "a colon behind a neighbour", "pkg/a.py", "run('b:app')\n", "$b.py=dynamic:1" },
	{ "in a function", "app.py", "def f():\n return 'pkg.sub.deep'\n", "$sub/deep.py=dynamic!:2" },
	{ "import_module", "app.py", "import_module('pkg.sub.deep')\n", DEEP },
	{ "import_module, relative", "pkg/a.py", "import_module('.sub.deep', __package__)\n", DEEP },
	{ "__import__ of a neighbour", "pkg/a.py", "__import__('b', globals(), level=1)\n",
	  "$b.py=dynamic:1" },
	{ "relative", "pkg/a.py", "x = '.sub.deep'\n", DEEP },
	{ "relative, an attribute", "pkg/a.py", "x = '.sub.deep.f'\n", DEEP },
	{ "relative, from a package above", "pkg/sub/deep.py", "import_module('.b', 'pkg')\n",
	  "$b.py=dynamic:1 $@=dynamic:1" },
	{ "relative, two attributes", "pkg/a.py", "x = '.b.f.g'\n", "" },
	{ "relative, one up", "pkg/sub/deep.py", "x = '..a'\n", "$a.py=dynamic:1" },
	{ "relative, above the top", "pkg/a.py", "x = '...top'\n", "" },
	{ "dots", "pkg/a.py", "x = ['.', '..', '...', '.:', ':']\n", "" },
	{ "a neighbour", "pkg/a.py", "x = 'b'\n", "$b.py=dynamic:1" },
	{ "below a neighbour", "pkg/a.py", "x = 'sub.deep'\n", DEEP },
	{ "a neighbour of another package", "app.py", "x = ['b', 'sub.deep']\n", "" },
	{ "at the top", "pkg/a.py", "x = 'top'\n", "top.py=dynamic:1" },
	{ "prose", "app.py", "x = 'see pkg.sub.deep, top'\n", "" },
	{ "a docstring", "app.py", "'''pkg.sub.deep'''\n", "" },
	{ "what a rule would drop", "app.py", "x = 'pkg.opposed'\n", "" },
	{ "itself", "pkg/a.py", "x = 'pkg.a'\n", "" },
	{ "200 bytes", "app.py", "x = '" X200 "'\n", X200 ".py=dynamic:1" },
	{ "201 bytes", "app.py", "x = '" X200 "x'\n", "" },
	{ "entry points", "app.py", "entry_points(group='grp')\n",
	  "plug/one.py=entry:1 extra-1.dist-info/entry_points.txt=entry:1" },
	{ "programs", "app.py", "x = 'console_scripts'\n", "" },
	{ "metadata", "app.py", "x = version('Ex_Tra')\ny = version('extra.more')\n", "" },
	{ "metadata, another spelling", "app.py", "version('EXTRA')\n", "extra-1.dist-info/METADATA=data:1" },
	{ "code", "app.py", "exec('import os; import top\\nfrom pkg import a')\n",
	  "top.py=dynamic:1 $@=dynamic:1 $a.py=dynamic:1" },
	{ "code, no statement", "app.py", "x = 'please import top now'\n", "" },
	{ "a command", "app.py", "run('python3 -m tool --x')\n", MAIN },
	{ "a command of a module", "app.py", "run('python3 -m tool.mod')\n",
	  "tool/@=dynamic:1 tool/mod.py=dynamic:1" },
	{ "an argument list", "app.py", "run([sys.executable, '-m', 'tool'])\n", MAIN },
	{ "run_module", "app.py", "runpy.run_module(\"tool\")\n", MAIN },
	{ "a package that is not run", "app.py", "x = 'tool'\n", "tool/@=dynamic:1" },
};

static const struct scan_case patterns[] = {
	{ "%s", "app.py", "x = 'pkg.sub.%s' % n\n", "$sub/@=dynamic:1 " SUB_ALL("dynamic*:1") },
	{ "%(name)03x", "app.py", "x = 'pkg.sub.%(name)03x' % n\n",
	  "$sub/@=dynamic:1 " SUB_ALL("dynamic*:1") },
	{ "{}", "app.py", "x = 'pkg.sub.{}'.format(n)\n", "$sub/@=dynamic:1 " SUB_ALL("dynamic*:1") },
	{ "{name}", "app.py", "x = 'pkg.sub.{n!r:>3}'.format(n=n)\n",
	  "$sub/@=dynamic:1 " SUB_ALL("dynamic*:1") },
	{ "f-string", "app.py", "x = f'pkg.sub.{n}'\n", SUB_ALL("dynamic*:1") },
	{ "+", "app.py", "def f(n):\n return 'pkg.sub.' + n\n", SUB_ALL("dynamic!*:2") },
	{ "not below a child", "app.py", "x = 'pkg.%s' % n\n", PKG_ALL("dynamic*:1") },
	{ "a package's name and a dot", "app.py", "x = 'pkg.sub.'\n", SUB_ALL("dynamic*:1") },
	{ "in the middle", "app.py", "x = 'pkg.%s.deep' % n\n", "$sub/deep.py=dynamic*:1" },
	{ "in the name", "app.py", "x = 'pkg.sub.o%s' % n\n", "$sub/@=dynamic:1 $sub/other.py=dynamic*:1" },
	{ "no package", "app.py", "x = 'gone.%s' % n\n", "" },
	{ "no constant", "app.py", "import_module('%s' % n)\nimport_module(f'{n}')\nimport_module(n)\n", "" },
	{ "a blank", "app.py", "x = 'pkg.sub.%s and' % n\n", "" },
	{ "relative", "pkg/a.py", "x = '.sub.%s' % n\n", SUB_ALL("dynamic*:1") },
	{ "relative, in the name", "pkg/a.py", "import_module('.s' + n, __package__)\n",
	  "$sub/@=dynamic*:1" },
	{ "a neighbour, in a file that imports", "pkg/sub/deep.py", "import_module('oth%s' % n)\n",
	  "$sub/other.py=dynamic*:1" },
	{ "a neighbour, in one that does not", "pkg/sub/deep.py", "x = 'oth%s' % n\n", "" },
	{ "a neighbour, short", "pkg/sub/deep.py", "import_module('ot%s' % n)\n", "" },
	{ "its own name", "pkg/sub/__init__.py", "import_module(__name__ + '.deep')\n", DEEP },
	{ "its own package", "pkg/sub/other.py", "import_module(f'{__package__}.deep')\n", DEEP },
	{ "its own package, a hole", "pkg/sub/__init__.py", "import_module(f'{__package__}.{n}')\n",
	  SUB_ALL("dynamic*:1") },
	{ "its own name, a hole", "pkg/sub/__init__.py", "x = __name__ + '.' + n\n__import__(x)\n",
	  SUB_ALL("dynamic*:1") },
	{ "a dot and a hole", "pkg/sub/__init__.py", "import_module('.' + n, __name__)\n",
	  SUB_ALL("dynamic*:1") },
	{ "the name of a logger", "pkg/sub/__init__.py", "getLogger(f'{__name__}.{n}')\n", "" },
	{ "a suffix", "pkg/sub/__init__.py", "x = '.' + n\n", "" },
	{ "not what a rule would drop", "app.py", "x = 'pkg.opp%s' % n\n", "" },
	{ "a sharp name beside it", "app.py", "x = 'pkg.sub.%s' % n\ny = 'pkg.sub.deep'\n",
	  "$sub/@=dynamic:1 $sub/deep.py=dynamic:2 $sub/other.py=dynamic*:1" },
};

static const struct scan_case walks[] = {
	{ "its own package", "pkg/sub/__init__.py", "for m in pkgutil.iter_modules(__path__): pass\n",
	  SUB_ALL("dynamic!*:0") },
	{ "all below", "pkg/sub/__init__.py", "list(pkgutil.walk_packages(__path__))\n",
	  "$sub/deep.py=dynamic!*:0 $sub/inner/leaf.py=dynamic!*:0 $sub/other.py=dynamic!*:0" },
	{ "another package", "app.py", "\nx = iter_modules(plug.__path__)\n",
	  "plug/one.py=dynamic!*:2 plug/two.py=dynamic!*:2" },
	{ "all of another package", "app.py", "x = walk_packages(plug.__path__)\n",
	  "plug/inner/three.py=dynamic!*:1 plug/one.py=dynamic!*:1 plug/two.py=dynamic!*:1" },
	{ "a package beside it", "pkg/a.py", "x = iter_modules(sub.__path__)\n", SUB_ALL("dynamic!*:1") },
	{ "a package of unknown name", "pkg/sub/deep.py", "x = iter_modules(p.__path__)\n",
	  "$sub/other.py=dynamic!*:0" },
	{ "another one and its own", "pkg/sub/__init__.py",
	  "x = iter_modules(plug.__path__)\ny = iter_modules(__path__)\n",
	  "plug/one.py=dynamic!*:1 plug/two.py=dynamic!*:1 " SUB_ALL("dynamic!*:0") },
	{ "a directory that is listed", "pkg/sub/__init__.py",
	  "for f in os.listdir(dirname(__file__)):\n  import_module(f)\n", SUB_ALL("dynamic!*:0") },
	{ "a directory that is only listed", "pkg/sub/__init__.py", "x = os.listdir(dirname(__file__))\n",
	  "" },
	{ "another directory", "pkg/sub/__init__.py", "for f in os.listdir(d):\n  import_module(f)\n", "" },
	{ "no source", "pkg/sub/__init__.py", "x = '''\nimport top\n",
	  "top.py=dynamic:1 " SUB_ALL("dynamic*:0") },
};

static const struct scan_case others[] = {
	{ "a path", "app.py", "open('pkg/data/x.json')\n", "$data/x.json=data:1" },
	{ "a path from the file", "pkg/a.py", "open(join(here, 'data/x.json'))\n", "$data/x.json=data:1" },
	{ "a path with dots", "pkg/sub/deep.py", "open(join(here, '../data/x.json'))\n",
	  "$data/x.json=data:1" },
	{ "a source", "pkg/a.py", "run('b.py')\n", "$b.py=data:1" },
	{ "a path that a rule would drop", "app.py", "open('pkg/data/y.json')\n", "" },
	{ "a path out of the package", "pkg/a.py", "open('../../pkg/data/x.json')\n", "" },
	{ "ELF", "pkg/_ext.abi3.so", ELF "\2pkg.sub.deep.f\2", "$sub/@=dynamic:0 $sub/deep.py=dynamic:0" },
	{ "bytecode", "pkg/old.pyc", "\xda\x0cpkg.sub.deepZ\x02os", "$sub/deep.py=dynamic:0" },
	{ "a pickle", "pkg/model.pkl", "\x80\2cpkg.sub.deep\nThing\n.", "$sub/deep.py=dynamic:0" },
	{ "configuration", "pkg/conf.yaml", "plugins:\n- pkg.sub.deep:run\n- top:app\n",
	  "$sub/deep.py=dynamic:0 top.py=dynamic:0" },
	{ ".pth", "hook.pth", "pkg\nimport pkg.sub.deep; f('top')\n",
	  "$@=import:1 $sub/@=import:1 $sub/deep.py=import:1 top.py=dynamic:1" },
	{ "other data", "pkg/data/y.json", "x", "" },
};

static void set_up(struct world *world)
{
	static struct str calls[] = { STR_INIT("client") };
	static struct str words[] = { STR_INIT("boto") };
	static struct str ignore[] = { STR_INIT("extra") };
	struct call_data *data;

	*world = (struct world){ 0 };
	package_add(&world->package, function);
	(void)package_install(&world->package, "extra", "plug/");
	data = vec_push(&world->arena, &world->knowledge.calls);
	*data = (struct call_data){ .id = STR("some/data"), .argument = STR("service_name") };
	*vec_push(&world->arena, &data->calls) = calls[0];
	*vec_push(&world->arena, &data->words) = words[0];
	*vec_push(&world->arena, &data->ignore) = ignore[0];
	world_index(world);
}

static uint32_t file_of(const struct world *world, const char *path)
{
	uint32_t file = bundle_find(&world->package.bundle, 0, str_of(path));

	if (file == NO_FILE)
		fail_msg("no file %s", path);
	return file;
}

static const char *phase_mark(enum edge_phase phase)
{
	if (phase == PHASE_TYPES)
		return "~";
	return phase == PHASE_CALL ? "!" : "";
}

static void describe(const struct world *world, size_t from, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = from; i < world->graph.edges.len; i++) {
		const struct edge *edge = &world->graph.edges.at[i];
		struct str path = world->package.bundle.files.at[edge->to].path;
		bool own = str_starts(path, STR("pkg/"));
		bool init = str_ends(path, STR("__init__.py"));

		path = str_from(path, own ? 4 : 0);
		path = str_head(path, path.len - (init ? 11 : 0));
		len += (size_t)snprintf(out + len, room - len, "%s%s%.*s%s=%s%s%s:%u", i > from ? " " : "",
					own ? "$" : "", STR_ARG(path), init ? "@" : "",
					edge_kind_name(edge->kind), phase_mark(edge->phase),
					edge->broad ? "*" : "", edge->line);
	}
}

static void check(const struct scan_case *cases, size_t count)
{
	struct world world;
	size_t failed = 0;

	set_up(&world);
	for (size_t i = 0; i < count; i++) {
		size_t from = world.graph.edges.len;
		char edges[4096];

		(void)world_scan(&world, file_of(&world, cases[i].file), str_of(cases[i].content));
		describe(&world, from, edges, sizeof(edges));
		if (strcmp(edges, cases[i].edges) == 0)
			continue;
		failed++;
		print_message("# %s: edges are\n# %s\n# not\n# %s\n", cases[i].name, edges, cases[i].edges);
	}
	world_free(&world);
	assert_int_equal(failed, 0);
}

#define CHECK(name)                                                                                          \
	static void name##_are_found(void **state)                                                           \
	{                                                                                                    \
		(void)state;                                                                                 \
		check(name, sizeof(name) / sizeof(name[0]));                                                 \
	}
CHECK(statements)
CHECK(texts)
CHECK(patterns)
CHECK(walks)
CHECK(others)

struct facts_case {
	const char *name;
	const char *file;
	const char *content;
	const char *facts; /* "what:name:line", behind the name '!' in a function, '?' optional */
};

static const struct facts_case facts_cases[] = {
	{ "missing", "app.py", "import os.path\nfrom gone import x\n", "missing:os.path:1 missing:gone:2" },
	{ "missing, in part", "app.py", "import pkg.gone\n", "missing:pkg.gone:1" },
	{ "missing, optional", "app.py", "try:\n import gone\nexcept ImportError: pass\n",
	  "missing:gone?:2" },
	{ "missing, under a guard", "app.py", "if TYPE_CHECKING:\n import gone\n", "missing:gone~?:2" },
	{ "missing, in a function", "app.py", "def f():\n import gone\n", "missing:gone!:2" },
	{ "missing, in code", "app.py", "exec('import gone')\n", "missing:gone?:1" },
	{ "relative is not missing", "pkg/a.py", "from .gone import x\n", "" },
	{ "an attribute is not missing", "app.py", "from pkg import gone\n", "" },
	{ "tails", "app.py", "import_module('%s.models' % n)\nx = f'{n}.a.b'\n",
	  "tail:models:1 tail:a.b:2 undecided::1" },
	{ "tails, in a source that does not import", "app.py", "x = '%s.models' % n\n", "" },
	{ "no tails", "app.py", "import_module('x%s.models' % n)\ny = f'{a}.{b}'\nz = '%s.tar.%s'\n",
	  "undecided::1" },
	{ "undecided", "app.py", "importlib.import_module(n)\ndef f():\n return __import__(n)\n",
	  "undecided::1 undecided:!:3" },
	{ "decided", "app.py", "import_module('top')\n", "" },
	{ "a call", "app.py", "client('s3')\nx = boto.client(\"sqs\", 'us')\n", "call:s3:1 call:sqs:2" },
	{ "a call, by keyword", "app.py", "client(region='r', service_name='s3')\n", "call:s3:1" },
	{ "a call, another argument", "app.py", "client(x, 's3')\nclient(region='s3')\n", "call::1" },
	{ "a call, computed", "app.py", "client(n)\ndef f():\n client(service_name=n)\n",
	  "call::1 call:!:3" },
	{ "a call of something else", "app.py", "clients('s3')\n", "" },
	{ "a call of its own code", "plug/one.py", "import boto\nclient('s3')\n", "missing:boto:1" },
	{ "places", "app.py", "open('pkg/gone')\nx = 'pkg'\ny = 'sub'\n", "place:pkg:1" },
	{ "paths", "app.py", "sys.path.append('libs')\nx = 'a/b c'\n", "path:libs:1" },
	{ "missing, in a call", "app.py", "import_module('gone.x')\nfind_spec('top')\nx = 'gone'\n",
	  "missing:gone.x?:1" },
	{ "no paths", "app.py", "x = sys.path\ny = 'libs'\n", "" },
	{ "broken", "app.py", "x = 1\ny = '''a\n", "broken:2" },
};

static size_t tell(char *out, size_t room, const char *what, const struct seen *seen)
{
	return (size_t)snprintf(out, room, " %s:%.*s%s%s:%u", what, STR_ARG(seen->name),
				phase_mark(seen->phase), seen->optional ? "?" : "", seen->line);
}

static void describe_facts(const struct import_facts *facts, char *out, size_t room)
{
	size_t len = 0;

	out[0] = out[1] = '\0';
#define TELL(what, list)                                                                                     \
	for (size_t i = 0; i < facts->list.len; i++)                                                         \
	len += tell(out + len, room - len, what, &facts->list.at[i])
	TELL("missing", missing);
	TELL("tail", tails);
	TELL("place", places);
	TELL("path", paths);
	TELL("call", calls);
	TELL("undecided", undecided);
#undef TELL
	if (facts->broken.line)
		(void)snprintf(out + len, room - len, " broken:%u", facts->broken.line);
}

static void facts_are_found(void **state)
{
	struct world world;
	size_t failed = 0;

	(void)state;
	set_up(&world);
	for (size_t i = 0; i < sizeof(facts_cases) / sizeof(facts_cases[0]); i++) {
		const struct facts_case *c = &facts_cases[i];
		char facts[4096];

		describe_facts(world_scan(&world, file_of(&world, c->file), str_of(c->content)), facts,
			       sizeof(facts));
		if (strcmp(facts + 1, c->facts) == 0)
			continue;
		failed++;
		print_message("# %s: facts are\n# %s\n# not\n# %s\n", c->name, facts + 1, c->facts);
	}
	world_free(&world);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_found), cmocka_unit_test(texts_are_found),
		cmocka_unit_test(patterns_are_found),	cmocka_unit_test(walks_are_found),
		cmocka_unit_test(others_are_found),	cmocka_unit_test(facts_are_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
