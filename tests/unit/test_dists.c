/* scan/dists.h: small trees, and who owns what in them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan/dists.h"
#include "scan/metadata.h"
#include "scan_bundle.h"

enum { FILES_MAX = 16 };

struct dists_case {
	const char *name;
	struct entry files[FILES_MAX];
	/* "path=key" for every file, in order, "" for first-party ones left out; blanks between */
	const char *owners;
	/* "key version site proof" for every distribution; "; " between */
	const char *dists;
};

#define METADATA(name, version) "Metadata-Version: 2.1\nName: " name "\nVersion: " version "\n"

static const struct dists_case cases[] = {
	{ "RECORD",
	  { { "six.py", "x" },
	    { "app.py", "x" },
	    { "six-1.0.dist-info/METADATA", METADATA("six", "1.0") },
	    { "six-1.0.dist-info/RECORD", "six.py,sha256=x,1\nsix-1.0.dist-info/METADATA,,\n" },
	    { 0 } },
	  "six-1.0.dist-info/METADATA=six six-1.0.dist-info/RECORD=six six.py=six",
	  "six 1.0 '' 0" },
	{ "CRLF, quotes and rows of nothing",
	  { { "a,b.py", "x" },
	    { "x-1.dist-info/METADATA", "Name: X\r\nVersion: 1\r\n\r\nName: no\r\n" },
	    { "x-1.dist-info/RECORD", "\"a,b.py\",h,1\r\n\r\nmissing.py,,\r\n,,\r\n" },
	    { 0 } },
	  "a,b.py=x x-1.dist-info/METADATA=x x-1.dist-info/RECORD=x",
	  "x 1 '' 0" },
	{ "scripts of pip install --target",
	  { { "bin/f2py", "x" },
	    { "bin/mine", "x" },
	    { "numpy/__init__.py", "x" },
	    { "numpy-2.dist-info/METADATA", METADATA("numpy", "2") },
	    { "numpy-2.dist-info/RECORD", "../../bin/f2py,,\nnumpy/__init__.py,,\n" },
	    { 0 } },
	  "bin/f2py=numpy numpy-2.dist-info/METADATA=numpy numpy-2.dist-info/RECORD=numpy "
	  "numpy/__init__.py=numpy",
	  "numpy 2 '' 0" },
	{ "scripts beside lib in a layer",
	  { { "python/bin/tool", "x" },
	    { "python/lib/python3.12/site-packages/t.py", "x" },
	    { "python/lib/python3.12/site-packages/t-1.dist-info/RECORD", "../../../bin/tool,,\nt.py,,\n" },
	    { 0 } },
	  "python/bin/tool=t python/lib/python3.12/site-packages/t-1.dist-info/RECORD=t "
	  "python/lib/python3.12/site-packages/t.py=t",
	  "t 1 'python/lib/python3.12/site-packages' 0" },
	{ "rows that are absolute or escape",
	  { { "app.py", "x" },
	    { "etc/passwd", "x" },
	    { "t.py", "x" },
	    { "t-1.dist-info/RECORD", "/etc/passwd,,\n../../../../etc/../../app.py,,\nt.py,,\n" },
	    { 0 } },
	  "t-1.dist-info/RECORD=t t.py=t",
	  "t 1 '' 0" },
	{ "two list one file: the first has it",
	  { { "shared.py", "x" },
	    { "b-1.dist-info/RECORD", "shared.py,,\n" },
	    { "a-1.dist-info/RECORD", "shared.py,,\n" },
	    { 0 } },
	  "a-1.dist-info/RECORD=a b-1.dist-info/RECORD=b shared.py=a",
	  "a 1 '' 0; b 1 '' 0" },
	{ "what RECORD does not list in its package is the user's",
	  { { "p/__init__.py", "x" },
	    { "p/__pycache__/__init__.cpython-312.pyc", "x" },
	    { "p/patched.py", "x" },
	    { "p-1.dist-info/RECORD", "p/__init__.py,,\n" },
	    { 0 } },
	  "p-1.dist-info/RECORD=p p/__init__.py=p p/__pycache__/__init__.cpython-312.pyc=p",
	  "p 1 '' 0" },
	{ "bytecode of a module",
	  { { "__pycache__/app.cpython-312.pyc", "x" },
	    { "__pycache__/six.cpython-312.opt-1.pyc", "x" },
	    { "app.py", "x" },
	    { "six.py", "x" },
	    { "six-1.dist-info/RECORD", "six.py,,\n" },
	    { 0 } },
	  "__pycache__/six.cpython-312.opt-1.pyc=six six-1.dist-info/RECORD=six six.py=six",
	  "six 1 '' 0" },
	{ "a namespace belongs to nobody",
	  { { "google/mine.py", "x" },
	    { "google/a/__init__.py", "x" },
	    { "google/a/extra.txt", "x" },
	    { "google/b/__init__.py", "x" },
	    { "google_a-1.dist-info/RECORD", "google/a/__init__.py,,\n" },
	    { "google_b-1.dist-info/RECORD", "google/b/__init__.py,,\n" },
	    { 0 } },
	  "google/a/__init__.py=google-a google/b/__init__.py=google-b "
	  "google_a-1.dist-info/RECORD=google-a google_b-1.dist-info/RECORD=google-b",
	  "google-a 1 '' 0; google-b 1 '' 0" },
	{ "a namespace of the old kind, with an __init__",
	  { { "zope/__init__.py", "x" },
	    { "zope/mine.py", "x" },
	    { "zope/a/__init__.py", "x" },
	    { "zope/b/__init__.py", "x" },
	    { "zope.a-1.dist-info/RECORD", "zope/__init__.py,,\nzope/a/__init__.py,,\n" },
	    { "zope.b-1.dist-info/RECORD", "zope/__init__.py,,\nzope/b/__init__.py,,\n" },
	    { 0 } },
	  "zope.a-1.dist-info/RECORD=zope-a zope.b-1.dist-info/RECORD=zope-b zope/__init__.py=zope-a "
	  "zope/a/__init__.py=zope-a zope/b/__init__.py=zope-b",
	  "zope-a 1 '' 0; zope-b 1 '' 0" },
	{ "bundled libraries",
	  { { "Pillow.libs/libz.so.1", "x" },
	    { "other.libs/libz.so.1", "x" },
	    { "PIL/__init__.py", "x" },
	    { "pillow-1.dist-info/METADATA", METADATA("Pillow", "1") },
	    { "pillow-1.dist-info/RECORD", "PIL/__init__.py,,\n" },
	    { 0 } },
	  "PIL/__init__.py=pillow Pillow.libs/libz.so.1=pillow pillow-1.dist-info/METADATA=pillow "
	  "pillow-1.dist-info/RECORD=pillow",
	  "pillow 1 '' 0" },
	{ "an unpacked wheel",
	  { { "x-1.data/scripts/x", "x" },
	    { "x-1.dist-info/WHEEL", "Wheel-Version: 1.0\n" },
	    { "x-1.dist-info/RECORD", "x-1.dist-info/WHEEL,,\n" },
	    { 0 } },
	  "x-1.data/scripts/x=x x-1.dist-info/RECORD=x x-1.dist-info/WHEEL=x",
	  "x 1 '' 0" },
	{ "no RECORD, top_level.txt",
	  { { "yaml/__init__.py", "x" },
	    { "yaml/sub/a.py", "x" },
	    { "_yaml.cpython-312-x86_64-linux-gnu.so", "x" },
	    { "tests/__init__.py", "x" },
	    { "app.py", "x" },
	    { "PyYAML-6.0.dist-info/METADATA", METADATA("PyYAML", "6.0") },
	    { "PyYAML-6.0.dist-info/top_level.txt", "_yaml\r\nyaml\ntests\n" },
	    { 0 } },
	  "PyYAML-6.0.dist-info/METADATA=pyyaml PyYAML-6.0.dist-info/top_level.txt=pyyaml "
	  "_yaml.cpython-312-x86_64-linux-gnu.so=pyyaml yaml/__init__.py=pyyaml yaml/sub/a.py=pyyaml",
	  "pyyaml 6.0 '' 1" },
	{ "no RECORD, the name",
	  { { "Typing_Extensions.py", "x" },
	    { "app/__init__.py", "x" },
	    { "typing_extensions-4.dist-info/METADATA", METADATA("typing-extensions", "4") },
	    { 0 } },
	  "Typing_Extensions.py=typing-extensions typing_extensions-4.dist-info/METADATA=typing-extensions",
	  "typing-extensions 4 '' 2" },
	{ "no RECORD, a namespace by its name",
	  { { "google/cloud/storage/__init__.py", "x" },
	    { "google/other.py", "x" },
	    { "google_cloud_storage-4.dist-info/METADATA", METADATA("google-cloud-storage", "4") },
	    { 0 } },
	  "google/cloud/storage/__init__.py=google-cloud-storage "
	  "google_cloud_storage-4.dist-info/METADATA=google-cloud-storage",
	  "google-cloud-storage 4 '' 2" },
	{ "no RECORD, a namespace in top_level.txt: nobody's",
	  { { "google/cloud/storage/__init__.py", "x" },
	    { "google/mine.py", "x" },
	    { "storage-4.dist-info/METADATA", METADATA("storage", "4") },
	    { "storage-4.dist-info/top_level.txt", "google\n" },
	    { 0 } },
	  "storage-4.dist-info/METADATA=storage storage-4.dist-info/top_level.txt=storage",
	  "storage 4 '' 2" },
	{ "a guess takes nothing from a RECORD",
	  { { "a/__init__.py", "x" },
	    { "a/b.py", "x" },
	    { "a-1.dist-info/METADATA", METADATA("a", "1") },
	    { "b-1.dist-info/RECORD", "a/b.py,,\n" },
	    { 0 } },
	  "a-1.dist-info/METADATA=a a/b.py=b b-1.dist-info/RECORD=b",
	  "a 1 '' 2; b 1 '' 0" },
	{ "a RECORD of nothing that is there",
	  { { "a/__init__.py", "x" },
	    { "a-1.dist-info/METADATA", METADATA("a", "1") },
	    { "a-1.dist-info/RECORD", "\x01\x02,,\n\"" },
	    { 0 } },
	  "a-1.dist-info/METADATA=a a-1.dist-info/RECORD=a a/__init__.py=a",
	  "a 1 '' 2" },
	{ "metadata of nobody",
	  { { "Foo_Bar-1.2.dist-info/METADATA", "garbage\nmore\n" }, { 0 } },
	  "Foo_Bar-1.2.dist-info/METADATA=foo-bar",
	  "foo-bar 1.2 '' 2" },
	{ "egg-info with installed-files.txt",
	  { { "a/__init__.py", "x" },
	    { "a/b.py", "x" },
	    { "bin/a", "x" },
	    { "a-1.0-py3.9.egg-info/PKG-INFO", METADATA("a", "1.0") },
	    { "a-1.0-py3.9.egg-info/installed-files.txt", "../a/__init__.py\r\n../../../bin/a\nPKG-INFO\n" },
	    { 0 } },
	  "a-1.0-py3.9.egg-info/PKG-INFO=a a-1.0-py3.9.egg-info/installed-files.txt=a a/__init__.py=a "
	  "bin/a=a",
	  "a 1.0 '' 0" },
	{ "egg-info as a file",
	  { { "a.py", "x" }, { "a-1.0-py3.9.egg-info", METADATA("a", "1.0") }, { 0 } },
	  "a-1.0-py3.9.egg-info=a a.py=a",
	  "a 1.0 '' 2" },
	{ "egg-info of a source tree: the user's own code",
	  { { "app/__init__.py", "x" },
	    { "app.egg-info/PKG-INFO", METADATA("app", "1.0") },
	    { "app.egg-info/top_level.txt", "app\n" },
	    { 0 } },
	  "app.egg-info/PKG-INFO=app app.egg-info/top_level.txt=app",
	  "app 1.0 '' 2" },
	{ "what setuptools vendors is its own",
	  { { "setuptools/__init__.py", "x" },
	    { "setuptools/_vendor/wheel/__init__.py", "x" },
	    { "setuptools/_vendor/wheel-1.dist-info/METADATA", METADATA("wheel", "1") },
	    { "setuptools/_vendor/wheel-1.dist-info/RECORD", "wheel/__init__.py,,\n" },
	    { "setuptools-80.dist-info/RECORD",
	      "setuptools/__init__.py,,\nsetuptools/_vendor/wheel/__init__.py,,\n"
	      "setuptools/_vendor/wheel-1.dist-info/METADATA,,\n"
	      "setuptools/_vendor/wheel-1.dist-info/RECORD,,\n" },
	    { 0 } },
	  "setuptools-80.dist-info/RECORD=setuptools setuptools/__init__.py=setuptools "
	  "setuptools/_vendor/wheel-1.dist-info/METADATA=setuptools "
	  "setuptools/_vendor/wheel-1.dist-info/RECORD=setuptools "
	  "setuptools/_vendor/wheel/__init__.py=setuptools",
	  "setuptools 80 '' 0" },
	{ "a directory of dependencies below the root",
	  { { "app.py", "x" },
	    { "vendor/six.py", "x" },
	    { "vendor/six-1.dist-info/RECORD", "six.py,,\n" },
	    { 0 } },
	  "vendor/six-1.dist-info/RECORD=six vendor/six.py=six",
	  "six 1 'vendor' 0" },
	{ "two versions of one",
	  { { "a.py", "x" },
	    { "a-1.dist-info/RECORD", "a.py,,\n" },
	    { "a-2.dist-info/RECORD", "a.py,,\n" },
	    { 0 } },
	  "a-1.dist-info/RECORD=a a-2.dist-info/RECORD=a a.py=a",
	  "a 1 '' 0; a 2 '' 0" },
	{ "names that are no metadata",
	  { { ".dist-info/METADATA", "x" },
	    { "x.dist-info/other", "x" },
	    { ".egg-info", "x" },
	    { "METADATA", "x" },
	    { 0 } },
	  "",
	  "" },
	{ "a hostile name",
	  { { "x-1.dist-info/METADATA", "Name: ../..//-a\nVersion: \x1b[0m\n" }, { 0 } },
	  "x-1.dist-info/METADATA=-/-//-a",
	  "-/-//-a \x1b[0m '' 2" },
};

static void describe(const struct bundle *bundle, char *owners, char *dists, size_t room)
{
	size_t len = 0;

	owners[0] = dists[0] = '\0';
	for (size_t i = 0; i < bundle->files.len; i++) {
		const struct file *file = &bundle->files.at[i];

		if (file->dist != NO_DIST)
			len += (size_t)snprintf(owners + len, room - len, "%s%.*s=%.*s", len ? " " : "",
						STR_ARG(file->path),
						STR_ARG(bundle->dists.at[file->dist].key));
	}
	len = 0;
	for (size_t i = 0; i < bundle->dists.len; i++) {
		const struct dist *dist = &bundle->dists.at[i];

		len += (size_t)snprintf(dists + len, room - len, "%s%.*s %.*s '%.*s' %d", len ? "; " : "",
					STR_ARG(dist->key), STR_ARG(dist->version), STR_ARG(dist->site),
					(int)dist->proof);
	}
}

static void finds_owners(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct package package = { 0 };
		struct reader reader = { package_read, &package };
		struct err err;
		char owners[4096];
		char dists[1024];
		uint32_t owned = 0;
		uint32_t counted = 0;

		package_add(&package, cases[i].files);
		if (dists_scan(&package.bundle, &reader, &err))
			fail_msg("%s: %s", cases[i].name, err.msg);
		describe(&package.bundle, owners, dists, sizeof(dists));
		if (strcmp(dists, cases[i].dists) != 0)
			fail_msg("%s: distributions are\n%s", cases[i].name, dists);
		describe(&package.bundle, owners, dists, sizeof(dists));
		if (strcmp(owners, cases[i].owners) != 0)
			fail_msg("%s: owners are\n%s", cases[i].name, owners);
		for (size_t f = 0; f < package.bundle.files.len; f++)
			owned += package.bundle.files.at[f].dist != NO_DIST;
		for (size_t d = 0; d < package.bundle.dists.len; d++)
			counted += package.bundle.dists.at[d].files;
		assert_int_equal(owned, counted);
		arena_free(&package.arena);
	}
}

static void notes_guesses(void **state)
{
	static const struct entry files[] = {
		{ "a/__init__.py", "x" },
		{ "a-1.dist-info/METADATA", METADATA("a", "1") },
		{ "b-1.dist-info/METADATA", METADATA("b", "1") },
		{ "c.py", "x" },
		{ "c-1.dist-info/RECORD", "c.py,,\n" },
		{ 0 },
	};
	struct package package = { 0 };
	struct reader reader = { package_read, &package };
	struct err err;

	(void)state;
	package_add(&package, files);
	assert_int_equal(dists_scan(&package.bundle, &reader, &err), 0);
	assert_int_equal(package.bundle.notes.list.len, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(package.bundle.notes.list.at[i].code, CODE_DIST_GUESSED);
	assert_true(str_find(package.bundle.notes.list.at[0].text,
			     STR("1 files were recognised by its name")) >= 0);
	assert_true(str_find(package.bundle.notes.list.at[1].text, STR("count as your own")) >= 0);
	arena_free(&package.arena);
}

static void trees_are_apart(void **state)
{
	static const struct entry function[] = { { "a.py", "x" },
						 { "a-1.dist-info/RECORD", "a.py,,\n" },
						 { 0 } };
	static const struct entry layer[] = { { "python/a.py", "x" },
					      { "python/a-1.dist-info/RECORD", "a.py,,\n" },
					      { 0 } };
	struct package package = { 0 };
	struct reader reader = { package_read, &package };
	struct err err;

	(void)state;
	package_add(&package, function);
	package_add(&package, layer);
	assert_int_equal(dists_scan(&package.bundle, &reader, &err), 0);
	assert_int_equal(package.bundle.dists.len, 2);
	assert_int_equal(package.bundle.dists.at[0].tree, 0);
	assert_int_equal(package.bundle.dists.at[1].tree, 1);
	for (size_t i = 0; i < package.bundle.files.len; i++)
		assert_int_equal(package.bundle.files.at[i].dist, package.bundle.files.at[i].tree);
	arena_free(&package.arena);
}

static void reads_requirements(void **state)
{
	static const struct entry files[] = {
		{ "a-1.dist-info/METADATA",
		  "Name: a\nRequires-Dist: Foo_Bar (>=1.0)\nRequires-Dist: b[x,y]>=2; python_version < "
		  "\"3.9\"\n"
		  "requires-dist: c ; extra == 'test'\nRequires-Dist: d; (extra == \"x\")\n"
		  "Requires-Dist: e; extra == 'x' and os_name == 'nt'\nRequires-Dist: b\nRequires-Dist: \n"
		  "Requires-Dist: (\n\nRequires-Dist: body\n" },
		{ "e-1.egg-info/PKG-INFO", METADATA("e", "1") },
		{ "e-1.egg-info/requires.txt",
		  "z>=1\n\n[extra]\nnot\n\n[:python_version<\"3\"]\ny\n[x:os_name]\nno\n" },
		{ 0 },
	};
	static const char *const wanted[] = { "b", "e", "foo-bar" };
	struct package package = { 0 };
	struct reader reader = { package_read, &package };
	struct err err;
	const struct dist *dist;

	(void)state;
	package_add(&package, files);
	assert_int_equal(dists_scan(&package.bundle, &reader, &err), 0);
	dist = &package.bundle.dists.at[0];
	assert_int_equal(dist->requires.len, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(str_eq(dist->requires.at[i], str_of(wanted[i])));
	dist = &package.bundle.dists.at[1];
	assert_int_equal(dist->requires.len, 2);
	assert_true(str_eq(dist->requires.at[0], STR("y")));
	assert_true(str_eq(dist->requires.at[1], STR("z")));
	arena_free(&package.arena);
}

static int fails(void *ctx, uint32_t file, struct arena *scratch, struct bytes *out, struct err *err)
{
	(void)ctx;
	(void)file;
	(void)scratch;
	(void)out;
	return err_set(err, "cannot read");
}

static void passes_errors_on(void **state)
{
	struct package package = { 0 };
	struct reader reader = { fails, NULL };
	struct err err = { "" };

	(void)state;
	package_add(&package, cases[0].files);
	assert_int_equal(dists_scan(&package.bundle, &reader, &err), -1);
	assert_string_equal(err.msg, "cannot read");
	arena_free(&package.arena);
}

static void normalises_names(void **state)
{
	static const char *const names[][2] = {
		{ "Foo.Bar_baz", "foo-bar-baz" },
		{ "a--_.b", "a-b" },
		{ "PyYAML", "pyyaml" },
		{ "", "" },
		{ "_a_", "-a-" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(str_eq(metadata_key(&arena, str_of(names[i][0])), str_of(names[i][1])));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_owners),	    cmocka_unit_test(notes_guesses),
		cmocka_unit_test(trees_are_apart),  cmocka_unit_test(reads_requirements),
		cmocka_unit_test(passes_errors_on), cmocka_unit_test(normalises_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
