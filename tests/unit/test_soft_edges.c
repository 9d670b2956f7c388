/*
 * Shared objects opened by name: what Python sources, bytes and notes mean, by table. A case is a source in
 * a file, and the files that it must lead to; a '~' in front of one says that the edge is broad.
 */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "scan/soft_edges.h"
#include "scan/soft_names.h"
#include "scan_bundle.h"

static const struct entry entries[] = {
	{ "app/lib/libown.so", "elf" },
	{ "app/main.py", "x" },
	{ "far/__init__.py", "x" },
	{ "far.libs/libz-0a1b2c3d.so.1.2.11", "elf libz-0a1b2c3d.so.1" },
	{ "far/libonce.so.3", "elf" },
	{ "far/lib/libfar_extra.so", "elf" },
	{ "nvidia/cublas/lib/libcublas.so.12", "elf" },
	{ "nvidia/cublas/lib/libcublasLt.so.12", "elf" },
	{ "pkg.libs/libopenblasp-r0-59ffcd50.3.15.so", "elf libopenblasp-r0-59ffcd50.3.15.so" },
	{ "pkg.libs/libz-1a2b3c4d.so.1", "elf libz-1a2b3c4d.so.1" },
	{ "pkg-1.dist-info/RECORD", "x" },
	{ "pkg/__init__.py", "x" },
	{ "pkg/_C.so", "python" },
	{ "pkg/_ext.cpython-313-x86_64-linux-gnu.so", "python" },
	{ "pkg/bundle.json", "x" },
	{ "pkg/compiled.pyc", "x" },
	{ "pkg/libbad.so", "never" },
	{ "pkg/libdropped.so", "opposed" },
	{ "pkg/libfoo.so", "link libfoo.so.1" },
	{ "pkg/libfoo.so.1", "elf libfoo.so.1" },
	{ "pkg/libfoo.so.2", "elf libfoo.so.2" },
	{ "pkg/libreal.so.5.1", "elf libname.so.5" },
	{ "pkg/libgotter.cpython-313-x86_64-linux-gnu.so", "elf" },
	{ "pkg/notes.png", "x" },
	{ "pkg/plugins/codec/one.so", "elf" },
	{ "pkg/plugins/two.so", "elf" },
	{ "pkg/sub/loader.py", "x" },
	{ "pkg/sub/libnear.so", "elf" },
	{ "pkg/vec0.so", "elf" },
	{ 0 },
};

struct fixture {
	struct package package;
	struct libraries libraries;
	bool *opposed;
	struct soft_index *index;
};

static struct library library_of(struct fixture *fixture, uint32_t file, struct str content)
{
	struct library library = { .file = file, .format = BINARY_ELF };
	struct str what;

	(void)fixture;
	library.elf.form = ELF_SHARED;
	(void)str_cut(content, ' ', &what, &library.elf.soname);
	library.python = str_eq(what, STR("python"));
	library.never = str_eq(what, STR("never"));
	return library;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct package *package;

	if (!fixture)
		return -1;
	package = &fixture->package;
	package_add(package, entries);
	package_install(package, "pkg", "pkg");
	package_install(package, "far", "far");
	package_install(package, "nvidia-cublas", "nvidia/");
	fixture->opposed = arena_array(&package->arena, bool, package->bundle.files.len);
	libraries_begin(&fixture->libraries, &package->bundle, &package->arena);
	for (uint32_t file = 0; file < package->bundle.files.len; file++) {
		struct str content = str_of(package->entries[file]->content);
		struct library library = library_of(fixture, file, content);

		fixture->opposed[file] = str_eq(content, STR("opposed"));
		if (str_starts(content, STR("link"))) {
			package->bundle.files.at[file].kind = FILE_SYMLINK;
			package->bundle.files.at[file].target = library.elf.soname;
		} else if (!str_eq(content, STR("x"))) {
			libraries_add(&fixture->libraries, &library);
		}
	}
	fixture->index = soft_index_build(&fixture->libraries, fixture->opposed, &package->arena);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_free(&fixture->package.arena);
	free(fixture);
	return 0;
}

static uint32_t file_at(struct fixture *fixture, const char *path)
{
	uint32_t file = bundle_find(&fixture->package.bundle, 0, str_of(path));

	assert_int_not_equal(file, NO_FILE);
	return file;
}

static int edge_order(const void *left, const void *right)
{
	const struct edge *a = left;
	const struct edge *b = right;

	return (a->to > b->to) - (a->to < b->to);
}

/* Where the edges lead to, in order, a blank between them. */
static const char *told(struct fixture *fixture, struct graph *graph)
{
	struct buf buf = { .arena = &fixture->package.arena };

	if (graph->edges.len)
		qsort(graph->edges.at, graph->edges.len, sizeof(*graph->edges.at), edge_order);
	for (size_t i = 0; i < graph->edges.len; i++) {
		const struct edge *edge = &graph->edges.at[i];
		struct str path = fixture->package.bundle.files.at[edge->to].path;

		assert_int_equal(edge->kind, EDGE_DLOPEN);
		assert_true(edge->evidence.len > 0);
		buf_printf(&buf, "%s%s%.*s", i ? " " : "", edge->broad ? "~" : "", STR_ARG(path));
	}
	return buf.len ? str_dup(&fixture->package.arena, buf_str(&buf)).ptr : "";
}

static void sees(void *ctx, const struct mention *mention)
{
	soft_see(ctx, mention);
}

/* The content in memory of exactly its size. */
static char *exact(struct str content)
{
	char *copy = malloc(content.len ? content.len : 1);

	assert_non_null(copy);
	memcpy(copy, content.ptr, content.len);
	return copy;
}

enum { AS_PYTHON, AS_BYTES };

static const char *scanned(struct fixture *fixture, const char *path, struct str content, int how)
{
	struct arena *arena = &fixture->package.arena;
	struct arena scratch = { 0 };
	struct graph graph = { 0 };
	struct linked linked = { 0 };
	char *copy = exact(content);
	struct str text = { copy, content.len };
	const struct python_target target = { .minor = 13,
					      .calls = soft_calls,
					      .call_count = soft_call_count };
	struct soft_scan scan = soft_begin(fixture->index, &scratch,
					   edges_begin(arena, &graph, &linked, file_at(fixture, path),
						       fixture->package.bundle.files.len));

	if (how == AS_PYTHON) {
		struct python_habits habits = python_names(text, &target, sees, &scan);

		soft_habits(&scan, &habits);
		soft_end(&scan);
	} else {
		soft_bytes(&scan, bytes_of_str(text));
	}
	assert_true(scan.any || graph.edges.len == 0);
	free(copy);
	arena_free(&scratch);
	linked_free(&linked);
	return told(fixture, &graph);
}

#define IN_PKG	"pkg/__init__.py"
#define OWN_FOO "pkg/libfoo.so pkg/libfoo.so.1 pkg/libfoo.so.2"
#define ALL_PKG                                                                                              \
	"~pkg.libs/libopenblasp-r0-59ffcd50.3.15.so ~pkg.libs/libz-1a2b3c4d.so.1 ~pkg/libfoo.so "            \
	"~pkg/libfoo.so.1 ~pkg/libfoo.so.2 ~pkg/libgotter.cpython-313-x86_64-linux-gnu.so "                  \
	"~pkg/libreal.so.5.1 ~pkg/plugins/codec/one.so ~pkg/plugins/two.so ~pkg/sub/libnear.so ~pkg/vec0.so"

#define BELOW_PKG                                                                                            \
	"~pkg/libfoo.so ~pkg/libfoo.so.1 ~pkg/libfoo.so.2 ~pkg/libgotter.cpython-313-x86_64-linux-gnu.so "   \
	"~pkg/libreal.so.5.1 ~pkg/plugins/codec/one.so ~pkg/plugins/two.so ~pkg/sub/libnear.so ~pkg/vec0.so"

static const struct {
	const char *name;
	const char *path;
	const char *source;
	const char *leads;
} python_cases[] = {
	{ "a full name", IN_PKG, "x = 'libfoo.so.1'\n", "pkg/libfoo.so pkg/libfoo.so.1" },
	{ "another version is another library", IN_PKG, "x = 'libfoo.so.7'\n", "pkg/libfoo.so" },
	{ "without a version, any", IN_PKG, "x = 'libfoo.so'\n", OWN_FOO },
	{ "a longer version", IN_PKG, "x = 'libfoo.so.1.4'\n", "pkg/libfoo.so pkg/libfoo.so.1" },
	{ "a soname", IN_PKG, "x = 'libname.so.5'\n", "pkg/libreal.so.5.1" },
	{ "in a path", IN_PKG, "x = '../lib/libreal.so'\n", "pkg/libreal.so.5.1" },
	{ "behind an empty line", IN_PKG, "x = \'\'\'\nlibreal.so\n\'\'\'\n", "pkg/libreal.so.5.1" },
	{ "in a list of paths", IN_PKG, "x = 'LD_PRELOAD=/opt/libreal.so:/b/libnear.so'\n",
	  "pkg/libreal.so.5.1 pkg/sub/libnear.so" },
	{ "another extension", IN_PKG, "x = 'libreal.source'\n", "pkg/libreal.so.5.1" },
	{ "another extension without lib", IN_PKG, "x = 'vec0.source'\n", "" },
	{ "a name that only ends so", IN_PKG, "x = 'mylibreal.so'\n", "" },
	{ "a stem", IN_PKG, "x = 'libfoo'\n", OWN_FOO },
	{ "what only begins so", IN_PKG, "x = 'libfo'\n", "" },
	{ "without its hash, in its distribution", IN_PKG, "x = 'libz.so.1'\n",
	  "pkg.libs/libz-1a2b3c4d.so.1" },
	{ "a hash in front of a number", IN_PKG, "x = 'libopenblasp-r0.3.15.so'\n",
	  "pkg.libs/libopenblasp-r0-59ffcd50.3.15.so" },
	{ "with its hash, anywhere", IN_PKG, "x = 'libz-0a1b2c3d.so.1'\n",
	  "far.libs/libz-0a1b2c3d.so.1.2.11" },
	{ "a stem with a hash", IN_PKG, "x = 'libz-0a1b2c3d'\n", "far.libs/libz-0a1b2c3d.so.1.2.11" },
	{ "first-party code means any hash", "app/main.py", "x = 'libz.so'\n",
	  "far.libs/libz-0a1b2c3d.so.1.2.11 pkg.libs/libz-1a2b3c4d.so.1" },
	{ "a bare word is none", IN_PKG, "x = 'z'\n", "" },
	{ "a bare word that is opened", IN_PKG, "find_library('z')\n", "pkg.libs/libz-1a2b3c4d.so.1" },
	{ "a bare word of another distribution", IN_PKG, "find_library('once')\n", "far/libonce.so.3" },
	{ "the same, where nothing is opened", IN_PKG, "x = 'once'\n", "" },
	{ "a long bare word of the own one", "pkg/sub/loader.py", "x = 'real'\n", "pkg/libreal.so.5.1" },
	{ "without lib", IN_PKG, "x = 'vec0'\n", "pkg/vec0.so" },
	{ "a tag is no part of the stem", IN_PKG, "x = 'libgotter' + suffix\n",
	  "pkg/libgotter.cpython-313-x86_64-linux-gnu.so" },
	{ "an f-string with its end open", IN_PKG, "x = f'{here}/libfoo{ext}'\n", OWN_FOO },
	{ "a name in the middle, in an opener", IN_PKG,
	  "import ctypes\nx = f'{here}/lib{n}.so'\nctypes.CDLL('libc.so.6')\n",
	  "~pkg.libs/libopenblasp-r0-59ffcd50.3.15.so ~pkg.libs/libz-1a2b3c4d.so.1 ~pkg/libfoo.so "
	  "~pkg/libfoo.so.1 ~pkg/libfoo.so.2 ~pkg/libgotter.cpython-313-x86_64-linux-gnu.so "
	  "~pkg/libreal.so.5.1 ~pkg/sub/libnear.so" },
	{ "the same, where others may open it", IN_PKG, "x = f'{here}/lib{n}.so'\n",
	  "~pkg/libfoo.so ~pkg/libfoo.so.1 ~pkg/libfoo.so.2 ~pkg/libgotter.cpython-313-x86_64-linux-gnu.so "
	  "~pkg/libreal.so.5.1 ~pkg/sub/libnear.so" },
	{ "a list, where nothing is opened", IN_PKG, "x = glob(f'{here}/lib*.so')\n", "" },
	{ "a format", IN_PKG, "import ctypes\nx = 'plug_%s/two%s.so' % (a, b)\n", "pkg/plugins/two.so" },
	{ "str.format", IN_PKG, "x = '{}/lib{}_extra.so.{}'.format(a, b, c)\n", "far/lib/libfar_extra.so" },
	{ "a glob", IN_PKG, "x = glob('numpy.libs/*openblas*')\n",
	  "~pkg.libs/libopenblasp-r0-59ffcd50.3.15.so" },
	{ "torch's patterns", IN_PKG, "x = {'cublas': 'libcublas.so.*[0-9]'}\n",
	  "nvidia/cublas/lib/libcublas.so.12" },
	{ "a regular expression", IN_PKG, "x = r'libcublas\\.so(\\.\\d+)*$'\n",
	  "nvidia/cublas/lib/libcublas.so.12" },
	{ "all of a directory", IN_PKG, "x = os.listdir('pkg/plugins')\n",
	  "~pkg/plugins/codec/one.so ~pkg/plugins/two.so" },
	{ "a directory, where nothing is listed", IN_PKG, "x = 'pkg/plugins'\n", "" },
	{ "a directory that others are told", IN_PKG, "os.environ['X_PLUGIN_PATH'] = join(p, 'plugins')\n",
	  "~pkg/plugins/codec/one.so ~pkg/plugins/two.so" },
	{ "the own package's name", IN_PKG, "import ctypes\nx = 'pkg'\n", "" },
	{ "a common name, in the own distribution", "far/__init__.py", "import ctypes\nx = 'lib'\n",
	  "~far/lib/libfar_extra.so" },
	{ "x.libs, of any", "app/main.py", "os.listdir(os.path.join(p, 'far.libs'))\n",
	  "~far.libs/libz-0a1b2c3d.so.1.2.11" },
	{ "several parts, of any", IN_PKG, "import ctypes\nx = 'cublas/lib'\n",
	  "~nvidia/cublas/lib/libcublas.so.12 ~nvidia/cublas/lib/libcublasLt.so.12" },
	{ "a path on Lambda", IN_PKG, "import ctypes\nx = '/opt/nvidia/cublas/'\n",
	  "~nvidia/cublas/lib/libcublas.so.12 ~nvidia/cublas/lib/libcublasLt.so.12" },
	{ "a glob in a directory", "app/main.py",
	  "import ctypes\nglob.glob(d + '/nvidia/cublas/lib/*.so*')\n",
	  "~app/lib/libown.so ~nvidia/cublas/lib/libcublas.so.12 ~nvidia/cublas/lib/libcublasLt.so.12" },
	{ "a computed opening", IN_PKG, "ctypes.CDLL(name)\n", ALL_PKG },
	{ "opened by something handed on", IN_PKG, "load = ctypes.CDLL\nload(name)\n", ALL_PKG },
	{ "what was named elsewhere keeps it narrow", "pkg/sub/loader.py",
	  "def a():\n\treturn 'libfoo.so.2'\nctypes.CDLL(a())\n",
	  "pkg/libfoo.so pkg/libfoo.so.2 ~pkg/sub/libnear.so" },
	{ "what was named of others does not", "far/__init__.py", "x = 'libreal.so.5'\nctypes.CDLL(x + y)\n",
	  "~far.libs/libz-0a1b2c3d.so.1.2.11 ~far/lib/libfar_extra.so ~far/libonce.so.3 pkg/libreal.so.5.1" },
	{ "a constant is no computed name", IN_PKG, "X = 'libreal.so.5'\nctypes.CDLL(X)\n",
	  "pkg/libreal.so.5.1" },
	{ "the process itself", IN_PKG, "ctypes.CDLL(None)\n", "" },
	{ "what find_library is asked for", IN_PKG, "ctypes.CDLL(ctypes.util.find_library('rt'))\n", "" },
	{ "Windows", IN_PKG, "ctypes.windll.LoadLibrary(x)\n", "" },
	{ "code that never runs", IN_PKG, "if sys.platform == 'win32':\n\tctypes.CDLL(x)\n", "" },
	{ "a full name of an extension module", IN_PKG, "x = '_ext.cpython-313-x86_64-linux-gnu.so'\n",
	  "pkg/_ext.cpython-313-x86_64-linux-gnu.so" },
	{ "part of one", IN_PKG, "import ctypes\nx = '_ext'\n", "" },
	{ "a computed opening of one", IN_PKG, "load_library(where('_C'))\n", "pkg/_C.so " BELOW_PKG },
	{ "what can never load, and what a rule would drop", IN_PKG, "x = 'libbad.so libdropped.so'\n", "" },
};

static void python_sources_name_files(void **state)
{
	for (size_t i = 0; i < sizeof(python_cases) / sizeof(python_cases[0]); i++) {
		const char *leads =
			scanned(*state, python_cases[i].path, str_of(python_cases[i].source), AS_PYTHON);

		if (strcmp(leads, python_cases[i].leads) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", python_cases[i].name, leads,
				 python_cases[i].leads);
	}
}

static const struct {
	const char *name;
	const char *path;
	struct str content;
	const char *leads;
} byte_cases[] = {
	{ "a name", "pkg/bundle.json", STR_INIT("{\"library_path\": \"./libreal.so\"}"),
	  "pkg/libreal.so.5.1" },
	{ "alone", "pkg/bundle.json", STR_INIT("libreal.so"), "pkg/libreal.so.5.1" },
	{ "at the end of a path", "pkg/bundle.json", STR_INIT("module = /x/y/two.so\n"),
	  "pkg/plugins/two.so" },
	{ "glued to what is in front", "pkg/bundle.json", STR_INIT("xlibreal.so"), "pkg/libreal.so.5.1" },
	{ "glued to what is behind", "pkg/bundle.json", STR_INIT("libreal.solibnear.so"),
	  "pkg/libreal.so.5.1 pkg/sub/libnear.so" },
	{ "other words", "pkg/bundle.json", STR_INIT("libreal libfoo .so real.so"), "" },
	{ "a soname of bytecode", "pkg/compiled.pyc", STR_INIT("z\x0clibname.so.5\xda\x01x"),
	  "pkg/libreal.so.5.1" },
	{ "bytecode that opens", "pkg/compiled.pyc",
	  STR_INIT("\xda\x04"
		   "CDLL\xda\x06"
		   "ctypes"),
	  ALL_PKG },
	{ "an ELF file with a hole", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0lib%s_extra.so\0"),
	  "far/lib/libfar_extra.so" },
	{ "only a hole: what its words name", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0lib%s.so\0near\0once\0nearer\0two\0_C\0"),
	  "pkg/plugins/two.so pkg/sub/libnear.so" },
	{ "names that are put together: what lies beside it", "pkg/plugins/two.so",
	  STR_INIT("\x7f"
		   "ELF\0lib\0.so\0"),
	  "" },
	{ "the same, beside others", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0lib\0.so\0"),
	  "~pkg/libfoo.so ~pkg/libfoo.so.1 ~pkg/libfoo.so.2 "
	  "~pkg/libgotter.cpython-313-x86_64-linux-gnu.so ~pkg/vec0.so" },
	{ "none that have hashes", "pkg.libs/libz-1a2b3c4d.so.1",
	  STR_INIT("\x7f"
		   "ELF\0.so\0"),
	  "" },
	{ "a sentence that ends so", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0not a .so\0"),
	  "" },
	{ "words without a hole", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0near\0"),
	  "" },
	{ "itself", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0libname.so.5\0"),
	  "" },
	{ "a hash of another distribution", "far/libonce.so.3",
	  STR_INIT("\x7f"
		   "ELF\0libopenblasp-r0.3.15.so\0"),
	  "" },
	{ "an extension module", "pkg/libreal.so.5.1",
	  STR_INIT("\x7f"
		   "ELF\0_ext.cpython-313-x86_64-linux-gnu.so\0"),
	  "" },
};

static void bytes_name_files(void **state)
{
	for (size_t i = 0; i < sizeof(byte_cases) / sizeof(byte_cases[0]); i++) {
		const char *leads = scanned(*state, byte_cases[i].path, byte_cases[i].content, AS_BYTES);

		if (strcmp(leads, byte_cases[i].leads) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", byte_cases[i].name, leads, byte_cases[i].leads);
	}
}

/* What an object needs and is called is told by others: only its data count. */
static void names_of_the_dynamic_section_do_not_count(void **state)
{
	static const char needed[32] = "\0libreal.so.5";
	static const char data[32] = "\0libnear.so";
	struct {
		Elf64_Ehdr header;
		char needed[32];
		char data[32];
		Elf64_Shdr sections[3];
	} elf = { .header = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
					   EV_CURRENT },
			      .e_shoff = offsetof(__typeof__(elf), sections),
			      .e_shentsize = sizeof(Elf64_Shdr),
			      .e_shnum = 3 },
		  .sections = { { .sh_type = SHT_NULL },
				{ .sh_type = SHT_STRTAB,
				  .sh_flags = SHF_ALLOC,
				  .sh_offset = offsetof(__typeof__(elf), needed),
				  .sh_size = sizeof(needed) },
				{ .sh_type = SHT_PROGBITS,
				  .sh_flags = SHF_ALLOC,
				  .sh_offset = offsetof(__typeof__(elf), data),
				  .sh_size = sizeof(data) } } };

	memcpy(elf.needed, needed, sizeof(needed));
	memcpy(elf.data, data, sizeof(data));
	assert_string_equal(
		scanned(*state, "pkg/vec0.so", (struct str){ (const char *)&elf, sizeof(elf) }, AS_BYTES),
		"pkg/sub/libnear.so");
}

static void notes_name_files(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->package.arena;
	struct str sonames[] = { STR_INIT("libgone.so.1"), STR_INIT("libname.so.5"),
				 STR_INIT("libonce.so.3") };
	struct elf_dlopen note = { .sonames = sonames, .count = 3 };
	struct elf_object elf = { .dlopens = { &note, 1, 1 } };
	struct graph graph = { 0 };
	struct linked linked = { 0 };
	struct soft_scan scan =
		soft_begin(fixture->index, arena,
			   edges_begin(arena, &graph, &linked, file_at(fixture, "far/lib/libfar_extra.so"),
				       fixture->package.bundle.files.len));

	soft_notes(&scan, &elf);
	assert_string_equal(told(fixture, &graph), "far/libonce.so.3 pkg/libreal.so.5.1");
	linked_free(&linked);
}

static void the_bound_means_all(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->package.arena;
	struct graph graph = { 0 };
	struct linked linked = { 0 };
	struct soft_scan scan = soft_begin(fixture->index, arena,
					   edges_begin(arena, &graph, &linked, file_at(fixture, IN_PKG),
						       fixture->package.bundle.files.len));
	struct mention mention = { .kind = MENTION_TEXT, .text = STR("libfoo*.so"), .evidence = STR("x") };

	scan.visits = 3;
	soft_see(&scan, &mention);
	soft_end(&scan);
	assert_true(scan.overflow);
	assert_string_equal(told(fixture, &graph), ALL_PKG);
	linked_free(&linked);
}

static void evidence_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->package.arena;
	struct graph graph = { 0 };
	struct linked linked = { 0 };
	const struct python_target target = { .calls = soft_calls, .call_count = soft_call_count };
	struct str source = STR("\n\ndef f():\n\tcdll.LoadLibrary(where)\n");
	struct soft_scan scan = soft_begin(fixture->index, arena,
					   edges_begin(arena, &graph, &linked, file_at(fixture, IN_PKG),
						       fixture->package.bundle.files.len));

	(void)python_names(source, &target, sees, &scan);
	soft_end(&scan);
	assert_true(graph.edges.len > 0);
	assert_int_equal(graph.edges.at[0].line, 4);
	assert_int_equal(graph.edges.at[0].phase, PHASE_CALL);
	assert_true(str_eq(graph.edges.at[0].evidence, STR("cdll.LoadLibrary(where")));
	linked_free(&linked);
}

static void only_some_files_are_wanted(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *path;
		bool wants;
	} cases[] = {
		{ "pkg/__init__.py", true },
		{ "pkg/compiled.pyc", true },
		{ "pkg/bundle.json", true },
		{ "pkg/libfoo.so.1", true },
		{ "pkg/_C.so", true },
		{ "pkg/notes.png", false },
		{ "pkg/libbad.so", false },
		{ "pkg/libfoo.so", false },
		{ "pkg-1.dist-info/RECORD", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (soft_wants(fixture->index, file_at(fixture, cases[i].path)) != cases[i].wants)
			fail_msg("%s", cases[i].path);
}

static void names_have_parts(void **state)
{
	static const struct {
		const char *name;
		const char *stem;
		const char *plain;
		const char *version;
		bool so;
	} cases[] = {
		{ "libx.so", "libx", "libx", "", true },
		{ "libx.so.1.2", "libx", "libx", "1.2", true },
		{ "libx.so.", "libx", "libx", "", true },
		{ "libx-1a2b3c4d.so.5", "libx-1a2b3c4d", "libx", "5", true },
		{ "libx-1a2b3c4d-0a0a0a0a.so.5", "libx-1a2b3c4d-0a0a0a0a", "libx", "5", true },
		{ "libx-1a2b3c4d.3.9.so", "libx-1a2b3c4d.3.9", "libx.3.9", "", true },
		{ "libx-1a2b3c4.so", "libx-1a2b3c4", "libx-1a2b3c4", "", true },
		{ "libx-1a2b3c4g.so", "libx-1a2b3c4g", "libx-1a2b3c4g", "", true },
		{ "x.abi3.so", "x.abi3", "x", "", true },
		{ "x.some.so.1", "x.some", "x.some", "1", true },
		{ "tool", "tool", "tool", "", false },
	};
	char room[SOFT_NAME_MAX];
	struct soft_parts parts;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(soft_parts(str_of(cases[i].name), room, &parts));
		if (!str_eq(parts.stem, str_of(cases[i].stem)) ||
		    !str_eq(parts.plain, str_of(cases[i].plain)) ||
		    !str_eq(parts.version, str_of(cases[i].version)) || parts.so != cases[i].so)
			fail_msg("%s: %.*s %.*s %.*s", cases[i].name, STR_ARG(parts.stem),
				 STR_ARG(parts.plain), STR_ARG(parts.version));
	}
	assert_false(soft_parts(STR(".so.1"), room, &parts));
	assert_false(soft_parts(STR(""), room, &parts));
}

static void globs_match(void **state)
{
	static const struct {
		const char *glob;
		const char *name;
		bool matches;
	} cases[] = {
		{ "*", "", true },	     { "a*b*c", "aXbXbc", true },
		{ "a*b*c", "aXbXb", false }, { "a?c", "abc", true },
		{ "a?c", "ac", false },	     { "[a-c]x", "bx", true },
		{ "[!a-c]x", "bx", false },  { "[!a-c]x", "dx", true },
		{ "[x", "[x", true },	     { "[]]", "]", true },
		{ "[a-]", "-", true },	     { "abc", "ab", false },
		{ "ab", "abc", false },	     { "", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (soft_matches(str_of(cases[i].glob), str_of(cases[i].name)) != cases[i].matches)
			fail_msg("%s %s", cases[i].glob, cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(python_sources_name_files, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_name_files, setup, teardown),
		cmocka_unit_test_setup_teardown(names_of_the_dynamic_section_do_not_count, setup, teardown),
		cmocka_unit_test_setup_teardown(notes_name_files, setup, teardown),
		cmocka_unit_test_setup_teardown(the_bound_means_all, setup, teardown),
		cmocka_unit_test_setup_teardown(evidence_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(only_some_files_are_wanted, setup, teardown),
		cmocka_unit_test(names_have_parts),
		cmocka_unit_test(globs_match),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
