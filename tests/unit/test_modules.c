/* scan/modules: what can be imported, under which name, from which file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/modules.h"
#include "scan_bundle.h"

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct package));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct package *package = *state;

	arena_free(&package->arena);
	free(package);
	return 0;
}

/* Adds a tree of the given paths, which NULL ends. */
static void add_tree(struct package *package, enum tree_role role, const char *const *paths)
{
	size_t count = 0;
	struct entry *entries;

	while (paths[count])
		count++;
	entries = arena_array(&package->arena, struct entry, count + 1);
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){ paths[i], "" };
	package_add(package, entries);
	package->bundle.trees.at[package->bundle.trees.len - 1].role = role;
}

#define FUNCTION(package, ...) add_tree((package), TREE_FUNCTION, (const char *const[]){ __VA_ARGS__, NULL })
#define LAYER(package, ...)    add_tree((package), TREE_LAYER, (const char *const[]){ __VA_ARGS__, NULL })

static struct modules *index_of(struct package *package)
{
	struct modules *modules = arena_new(&package->arena, struct modules);

	modules_index(modules, &package->bundle, &package->arena);
	return modules;
}

static uint32_t file(const struct package *package, uint32_t tree, const char *path)
{
	uint32_t id = bundle_find(&package->bundle, tree, str_of(path));

	if (id == NO_FILE)
		fail_msg("no file %s", path);
	return id;
}

static uint32_t module(const struct modules *modules, const char *name)
{
	uint32_t id = modules_find(modules, str_of(name));

	if (id == NO_MODULE)
		fail_msg("no module %s", name);
	assert_true(str_eq(modules->list.at[id].name, str_of(name)));
	return id;
}

static void append(char *text, size_t size, struct str word)
{
	size_t len = strlen(text);

	(void)snprintf(text + len, size - len, "%s%.*s", len ? " " : "", STR_ARG(word));
}

/* The names of all modules, parents before children, in the order of the table's lists. */
static void assert_names(const struct modules *modules, const char *expected)
{
	char text[2048] = "";
	uint32_t id = modules->top;
	size_t seen = 0;

	while (id != NO_MODULE) {
		append(text, sizeof(text), modules->list.at[id].name);
		seen++;
		assert_int_equal(modules->list.at[id].package,
				 modules->list.at[id].package ||
					 modules->list.at[id].first_child != NO_MODULE);
		if (modules->list.at[id].first_child != NO_MODULE) {
			id = modules->list.at[id].first_child;
			continue;
		}
		while (id != NO_MODULE && modules->list.at[id].next_sibling == NO_MODULE)
			id = modules->list.at[id].parent;
		if (id != NO_MODULE)
			id = modules->list.at[id].next_sibling;
	}
	assert_string_equal(text, expected);
	assert_int_equal(seen, modules->list.len);
}

static void describe(const struct package *package, const uint32_t *files, size_t count, char *text,
		     size_t size)
{
	*text = 0;
	for (size_t i = 0; i < count; i++) {
		char name[256];
		const struct file *f = &package->bundle.files.at[files[i]];

		(void)snprintf(name, sizeof(name), "%s%.*s",
			       f->tree == 0   ? ""
			       : f->tree == 1 ? "1:"
					      : "2:",
			       STR_ARG(f->path));
		append(text, size, str_of(name));
	}
}

static void assert_pick(const struct package *package, const struct modules *modules, const char *name,
			uint32_t from, const char *expected)
{
	uint32_t out[MODULE_PICKS];
	char text[2048];
	size_t count = modules_pick(modules, module(modules, name), from, out);

	describe(package, out, count, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void assert_shadows(const struct package *package, const struct modules *modules, const char *path,
			   const char *expected)
{
	uint32_t out[MODULE_PICKS];
	char text[2048];
	size_t count = modules_shadows(modules, file(package, 0, path), out);

	describe(package, out, count, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void assert_roots(const struct modules *modules, const char *expected)
{
	char text[2048] = "";

	for (size_t i = 0; i < modules->roots.len; i++) {
		const struct module_root *root = &modules->roots.at[i];
		char name[256];

		(void)snprintf(name, sizeof(name), "%u:%.*s%s", root->tree, STR_ARG(root->dir),
			       root->sure ? "" : "?");
		append(text, sizeof(text), str_of(name));
	}
	assert_string_equal(text, expected);
}

static void test_names(void **state)
{
	struct package *package = *state;
	const struct modules *modules;

	FUNCTION(package, "app.py", "a/__init__.py", "a/0001_initial.py",
		 "a/hash__mypyc.cpython-313-x86_64-linux-gnu.so", "a/b/c.py", "a/data/x.json",
		 "a/__pycache__/d.cpython-313.pyc", "a/__pycache__/e.py", "x-1.0.dist-info/f.py",
		 "foo.libs/g.py", "a/h.i.py", "z/\xc3\xa9/k.py", "2z/l.py", "a/stub.pyi", ".py",
		 "a/sub-dir/m.py", "my-app.py", "a/n.pyc", "docs/index.rst");
	modules = index_of(package);
	assert_names(modules,
		     "a a.0001_initial a.b a.b.c a.hash__mypyc a.n app my-app z z.\xc3\xa9 z.\xc3\xa9.k");
	assert_true(modules->list.at[module(modules, "a")].package);
	assert_true(modules->list.at[module(modules, "z")].package);
	assert_int_equal(modules->list.at[module(modules, "z")].first_file, NO_MODULE);
	assert_false(modules->list.at[module(modules, "app")].package);
	assert_int_equal(modules_of(modules, file(package, 0, "a/data/x.json")), NO_MODULE);
	assert_int_equal(modules_of(modules, file(package, 0, "2z/l.py")), NO_MODULE);
	assert_int_equal(modules_of(modules, file(package, 0, "a/b/c.py")), module(modules, "a.b.c"));
	assert_int_equal(modules_of(modules, file(package, 0, "a/__init__.py")), module(modules, "a"));
}

static void test_suffixes(void **state)
{
	static const char *const modules[] = {
		"a.py",
		"a.pyc",
		"d/a.so",
		"a.abi3.so",
		"a.abi3t.so",
		"a.abi3-x86_64-linux-gnu.so",
		"a.cpython-35m.so",
		"lib.so",
		"libx.abi3.so",
		"libx.cpython-313-x86_64-linux-gnu.so",
		"libx.py",
	};
	static const char *const others[] = {
		"a",
		"a.pyi",
		"a.pyd",
		"a.dylib",
		"liba.so",
		"d/libgfortran.so",
		"a.so.1",
		"a.1.so",
		".py",
		"a.b.py",
		"a.cpython-313.pyc",
		"__pycache__/a.pyc",
		"a.pypy39-pp73-x86_64-linux-gnu.so",
		"a.cpython-313.x.so",
		"d/.so",
		"a.py/x",
		"xpy",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (!modules_is_module_path(str_of(modules[i])))
			fail_msg("%s is a module", modules[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (modules_is_module_path(str_of(others[i])))
			fail_msg("%s is no module", others[i]);
}

static void test_siblings_are_sorted(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	/* '-' sorts before '.', '/' and letters. */
	FUNCTION(package, "p/a-b.py", "p/a.py", "p/a/b.py", "p/c.py", "p/_vendor/b.py", "p/_vendor/z.py",
		 "0/x.py", "q/_vendor/a.py", "q/_vendor/p.py", "extra/m.py", "extra/b1.py", "m2.py", "l.py");
	modules = index_of(package);
	assert_roots(modules, "0: 0:p/_vendor? 0:q/_vendor?");
	assert_names(
		modules,
		"a b extra extra.b1 extra.m l m2 p p._vendor p._vendor.b p._vendor.z p.a p.a.b p.a-b p.c q "
		"q._vendor q._vendor.a q._vendor.p z");
	assert_true(modules_add_root(modules, 0, STR("extra"), false));
	assert_names(
		modules,
		"a b b1 extra extra.b1 extra.m l m m2 p p._vendor p._vendor.b p._vendor.z p.a p.a.b p.a-b "
		"p.c q q._vendor q._vendor.a q._vendor.p z");
	assert_false(modules_add_root(modules, 0, STR("extra"), false));
	assert_false(modules_add_root(modules, 0, STR("nothing"), false));
	assert_true(modules_add_root(modules, 0, STR("extra"), true));
	assert_false(modules_add_root(modules, 0, STR("extra"), true));
	assert_false(modules_add_root(modules, 0, STR(""), false));
	assert_roots(modules, "0: 0:p/_vendor? 0:q/_vendor? 0:extra");
}

static void test_precedence(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	FUNCTION(package, "a.py", "a/__init__.py", "a/x.py", "b.py", "b.abi3.so", "b.pyc", "c.py", "c/d.py",
		 "e.so", "e.cpython-312-x86_64-linux-gnu.so", "e.cpython-313-x86_64-linux-gnu.so", "e.py",
		 "f.py", "f.pyc", "g.cpython-313-x86_64-linux-gnu.so", "g.py", "g.pyc", "h/__init__.py",
		 "h/__init__.cpython-313-x86_64-linux-gnu.so", "h.abi3.so", "i/__init__.pyc", "i/j.pyc",
		 "k/__init__.abi3.so", "k/__init__.py");
	modules = index_of(package);
	assert_pick(package, modules, "a", NO_FILE, "a/__init__.py");
	assert_shadows(package, modules, "a/__init__.py", "a.py");
	assert_pick(package, modules, "b", NO_FILE, "b.abi3.so");
	assert_shadows(package, modules, "b.abi3.so", "b.py b.pyc");
	assert_pick(package, modules, "c", NO_FILE, "c.py");
	assert_pick(package, modules, "c.d", NO_FILE, "c/d.py");
	assert_pick(package, modules, "e", NO_FILE,
		    "e.cpython-312-x86_64-linux-gnu.so e.cpython-313-x86_64-linux-gnu.so e.so");
	assert_shadows(package, modules, "e.so", "e.py");
	assert_shadows(package, modules, "e.cpython-312-x86_64-linux-gnu.so", "e.py");
	assert_pick(package, modules, "f", NO_FILE, "f.py");
	assert_shadows(package, modules, "f.py", "f.pyc");
	assert_pick(package, modules, "i", NO_FILE, "i/__init__.pyc");
	assert_pick(package, modules, "i.j", NO_FILE, "i/j.pyc");
	assert_pick(package, modules, "k", NO_FILE, "k/__init__.abi3.so");
	assert_shadows(package, modules, "k/__init__.abi3.so", "k/__init__.py");

	/* Python does not see an extension module of another tag. */
	assert_pick(package, modules, "g", NO_FILE, "g.cpython-313-x86_64-linux-gnu.so g.py");
	assert_pick(package, modules, "h", NO_FILE,
		    "h/__init__.cpython-313-x86_64-linux-gnu.so h/__init__.py");
	modules->tag = STR("cpython-313-x86_64-linux-gnu");
	assert_pick(package, modules, "g", NO_FILE, "g.cpython-313-x86_64-linux-gnu.so");
	assert_pick(package, modules, "h", NO_FILE, "h/__init__.cpython-313-x86_64-linux-gnu.so");
	modules->tag = STR("cpython-313-aarch64-linux-gnu");
	assert_pick(package, modules, "g", NO_FILE, "g.cpython-313-x86_64-linux-gnu.so g.py");
	assert_int_equal(modules->files.at[modules->entry[file(package, 0, "a.py")]].kind, MODULE_SHADOW);
	assert_int_equal(modules->files.at[modules->entry[file(package, 0, "b.abi3.so")]].kind,
			 MODULE_EXTENSION);
	assert_int_equal(modules->files.at[modules->entry[file(package, 0, "c.py")]].kind, MODULE_SOURCE);
	assert_int_equal(modules->files.at[modules->entry[file(package, 0, "i/j.pyc")]].kind,
			 MODULE_BYTECODE);
}

static void test_vendored(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	FUNCTION(package, "setuptools/__init__.py", "setuptools/dist.py", "setuptools/_vendor/six.py",
		 "setuptools/_vendor/only.py", "setuptools/_vendor/__about__.txt", "six.py",
		 "pip/__init__.py", "pip/_vendor/__init__.py", "pip/_vendor/six.py",
		 "old-1.0.egg/old/__init__.py", "old-1.0.egg/six.py", "other/usr/x-1.0.dist-info/METADATA",
		 "other/usr/x.py", "flat/y.egg-info", "flat/y.py", "s-1.dist-info/METADATA",
		 "third_party/readme.txt", "python/data.txt");
	modules = index_of(package);
	assert_roots(modules, "0: 0:flat? 0:old-1.0.egg? 0:other/usr? 0:setuptools/_vendor?");
	assert_pick(package, modules, "six", file(package, 0, "pip/__init__.py"),
		    "six.py old-1.0.egg/six.py");
	assert_pick(package, modules, "six", file(package, 0, "setuptools/dist.py"),
		    "six.py old-1.0.egg/six.py setuptools/_vendor/six.py");
	assert_pick(package, modules, "six", file(package, 0, "setuptools/_vendor/only.py"),
		    "six.py old-1.0.egg/six.py setuptools/_vendor/six.py");
	assert_pick(package, modules, "six", NO_FILE, "six.py");
	assert_pick(package, modules, "only", NO_FILE, "setuptools/_vendor/only.py");
	assert_int_equal(modules_of(modules, file(package, 0, "setuptools/_vendor/only.py")),
			 module(modules, "setuptools._vendor.only"));
	assert_int_equal(modules_of(modules, file(package, 0, "old-1.0.egg/old/__init__.py")),
			 module(modules, "old"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "old-1.0.egg/old/__init__.py")),
			 module(modules, "old"));
}

static void test_packages(void **state)
{
	struct package *package = *state;
	const struct modules *modules;

	FUNCTION(package, "a/__init__.py", "a/b.py", "a/c/__init__.py", "n/d.py", "top.py", "__init__.py",
		 "__main__.py", "a/__init__/x.py", "a/__init__/__init__.py", "v/__init__.py",
		 "v/v-1.dist-info/RECORD", "v/w.py");
	modules = index_of(package);
	assert_int_equal(modules_package_of(modules, file(package, 0, "a/__init__.py")),
			 module(modules, "a"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "a/b.py")), module(modules, "a"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "a/c/__init__.py")),
			 module(modules, "a.c"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "n/d.py")), module(modules, "n"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "top.py")), NO_MODULE);
	assert_int_equal(modules_package_of(modules, file(package, 0, "a/__init__/x.py")),
			 module(modules, "a.__init__"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "a/__init__/__init__.py")),
			 module(modules, "a.__init__"));
	assert_int_equal(modules_of(modules, file(package, 0, "__init__.py")), module(modules, "__init__"));
	assert_int_equal(modules_package_of(modules, file(package, 0, "__init__.py")), NO_MODULE);
	assert_pick(package, modules, "__init__", NO_FILE, "__init__.py"); /* not that of the root v */
	assert_pick(package, modules, "__main__", NO_FILE, "__main__.py");
}

static void test_finding(void **state)
{
	struct package *package = *state;
	const struct modules *modules;
	size_t left;

	FUNCTION(package, "a/__init__.py", "a/b.py", "top.py");
	modules = index_of(package);
	assert_int_equal(modules_find(modules, STR("a.b")), module(modules, "a.b"));
	assert_int_equal(modules_find(modules, STR("a.c")), NO_MODULE);
	assert_int_equal(modules_find(modules, STR("")), NO_MODULE);
	assert_int_equal(modules_child(modules, module(modules, "a"), STR("b")), module(modules, "a.b"));
	assert_int_equal(modules_child(modules, module(modules, "a"), STR("")), NO_MODULE);
	assert_int_equal(modules_child(modules, module(modules, "a"), STR("top")), NO_MODULE);
	assert_int_equal(modules_child(modules, NO_MODULE, STR("a.b")), module(modules, "a.b"));
	assert_int_equal(modules_child(modules, module(modules, "top"), STR("b")), NO_MODULE);
	assert_int_equal(modules_prefix(modules, STR("a.b.c.d"), &left), module(modules, "a.b"));
	assert_int_equal(left, 2);
	assert_int_equal(modules_prefix(modules, STR("a.b"), &left), module(modules, "a.b"));
	assert_int_equal(left, 0);
	assert_int_equal(modules_prefix(modules, STR("a.x"), &left), module(modules, "a"));
	assert_int_equal(left, 1);
	assert_int_equal(modules_prefix(modules, STR("x.y.z"), &left), NO_MODULE);
	assert_int_equal(left, 3);
	assert_int_equal(modules_prefix(modules, STR("a..b"), &left), module(modules, "a"));
	assert_int_equal(left, 2);
	assert_int_equal(modules_prefix(modules, STR(""), &left), NO_MODULE);
	assert_int_equal(left, 0);
}

static void test_layers(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	FUNCTION(package, "app.py", "six.py", "ns/mine.py");
	LAYER(package, "python/six.py", "python/first.py", "python/lib/python3.13/site-packages/six.py",
	      "python/lib/python3.13/site-packages/both.py", "python/both.py", "python/same.py", "lib/x.py",
	      "python/ns/one.py", "python/switch.py");
	LAYER(package, "python/lib/python3.9/site-packages/nine.py", "python/same.py", "python/ns/two.py",
	      "python/switch/__init__.py", "python/n-1.dist-info/METADATA");
	modules = index_of(package);
	assert_roots(modules,
		     "0: 2:python/lib/python3.9/site-packages 1:python/lib/python3.13/site-packages 1:python "
		     "2:python");
	assert_pick(package, modules, "six", NO_FILE, "six.py");
	assert_pick(package, modules, "both", NO_FILE, "1:python/lib/python3.13/site-packages/both.py");
	assert_pick(package, modules, "same", NO_FILE, "2:python/same.py");
	assert_int_equal(modules_of(modules, file(package, 1, "python/same.py")), NO_MODULE);
	assert_pick(package, modules, "switch", NO_FILE, "2:python/switch/__init__.py");
	assert_int_equal(modules->files.at[modules->entry[file(package, 1, "python/switch.py")]].kind,
			 MODULE_SHADOW);
	assert_pick(package, modules, "nine", NO_FILE, "2:python/lib/python3.9/site-packages/nine.py");
	assert_names(modules, "app both first nine ns ns.mine ns.one ns.two same six switch");
	assert_int_equal(modules_of(modules, file(package, 1, "lib/x.py")), NO_MODULE);
}

static void test_regular_package_behind_namespace(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	FUNCTION(package, "a/x.py", "a/s/y.py", "b/__init__.py");
	LAYER(package, "python/a/__init__.py", "python/a/x.py", "python/a/s/y.py", "python/b/__init__.py",
	      "python/b/only.py");
	modules = index_of(package);
	/* Python passes over a namespace when a regular package follows. */
	assert_pick(package, modules, "a", NO_FILE, "1:python/a/__init__.py");
	assert_pick(package, modules, "a.x", NO_FILE, "a/x.py 1:python/a/x.py");
	assert_pick(package, modules, "a.s.y", NO_FILE, "a/s/y.py 1:python/a/s/y.py");
	assert_pick(package, modules, "b", NO_FILE, "b/__init__.py");
	/* Only if b extends its __path__, which paths do not tell. */
	assert_pick(package, modules, "b.only", NO_FILE, "1:python/b/only.py");
}

static void test_layer_zip_as_function(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	FUNCTION(package, "python/requests/__init__.py", "python/requests/api.py",
		 "python/requests-2.dist-info/RECORD", "python/lib/python3.12/site-packages/deep.py");
	modules = index_of(package);
	assert_roots(modules, "0: 0:python/lib/python3.12/site-packages 0:python");
	assert_pick(package, modules, "requests.api", NO_FILE, "python/requests/api.py");
	assert_pick(package, modules, "deep", NO_FILE, "python/lib/python3.12/site-packages/deep.py");
	assert_int_equal(modules_of(modules, file(package, 0, "python/requests/api.py")),
			 module(modules, "python.requests.api"));
}

static void test_empty(void **state)
{
	struct package *package = *state;
	struct modules *modules;

	package->bundle.arena = &package->arena;
	modules = index_of(package);
	assert_int_equal(modules->top, NO_MODULE);
	assert_int_equal(modules_find(modules, STR("a")), NO_MODULE);
	LAYER(package, "readme");
	modules = index_of(package);
	assert_int_equal(modules->roots.len, 0);
}

/* Paths that nest as deeply as they can, each level a root of its own. */
static void test_hostile_nesting(void **state)
{
	enum { LEVELS = 600, FILES = 200 };
	struct package *package = *state;
	struct entry *entries = arena_array(&package->arena, struct entry, LEVELS + FILES + 1);
	char path[4096] = "";
	struct modules *modules;

	for (size_t i = 0; i < LEVELS; i++) {
		char info[4200];

		(void)snprintf(info, sizeof(info), "%sx.egg-info", path);
		entries[i] = (struct entry){ str_dup(&package->arena, str_of(info)).ptr, "" };
		(void)strcat(path, "d/");
	}
	for (size_t i = 0; i < FILES; i++) {
		char name[4200];

		(void)snprintf(name, sizeof(name), "%sm%zu.py", path, i);
		entries[LEVELS + i] = (struct entry){ str_dup(&package->arena, str_of(name)).ptr, "" };
	}
	package_add(package, entries);
	modules = index_of(package);
	assert_true(modules->files.len <= (LEVELS + FILES) * 17);
	assert_int_equal(modules_of(modules, 0), NO_MODULE);
	assert_int_equal(modules_prefix(modules, STR("m1"), &(size_t){ 0 }), NO_MODULE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_suffixes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_siblings_are_sorted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_precedence, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vendored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_packages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_finding, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_regular_package_behind_namespace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layer_zip_as_function, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_nesting, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
