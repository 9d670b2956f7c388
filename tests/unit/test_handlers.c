/* The target: what handlers name, what templates say of a package, and what is left open where they do not.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cmd/handlers.h"
#include "cmd/template.h"
#include "scan/python_tag.h"
#include "scan_bundle.h"
#include "scratch_dir.h"

struct case_state {
	struct package package;
	struct options options;
	struct target target;
	struct err err;
};

static int setup(void **state)
{
	struct case_state *s = calloc(1, sizeof(*s));

	*state = s;
	if (!s)
		return -1;
	options_default(&s->options);
	return scratch_enter();
}

static int teardown(void **state)
{
	struct case_state *s = *state;

	arena_free(&s->package.arena);
	free(s);
	return scratch_leave();
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void make_dir(const char *name)
{
	assert_int_equal(mkdir(name, 0700), 0);
}

/* The bundle that the package is; it need not be what lies on the disk. */
static void package_is(struct case_state *s, const char *name, const char *const *paths)
{
	struct entry entries[16] = { { NULL, NULL } };

	for (size_t i = 0; paths[i]; i++)
		entries[i] = (struct entry){ paths[i], "" };
	*vec_push(&s->package.arena, &s->options.operands) = str_of(name);
	package_add(&s->package, entries);
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void give(struct case_state *s, const char *handler)
{
	*vec_push(&s->package.arena, &s->options.handlers) =
		(struct given){ .value = str_of(handler), .place = STR("--handler") };
}

static int find(struct case_state *s)
{
	return target_find(&s->options, &s->package.bundle, &s->package.arena, &s->target, &s->err);
}

static void assert_str(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("'%.*s' is not '%s'", STR_ARG(got), want);
}

/* Handler `i` is "name path place". */
static void assert_handler(const struct case_state *s, size_t i, const char *name, const char *path,
			   const char *place)
{
	const struct handler *handler;

	assert_true(i < s->target.handlers.len);
	handler = &s->target.handlers.at[i];
	assert_str(handler->name, name);
	assert_str(s->package.bundle.files.at[handler->file].path, path);
	assert_str(handler->place, place);
}

static void assert_note(const struct case_state *s, enum code code, const char *path, const char *text)
{
	const struct note *note;

	assert_int_equal(s->package.bundle.notes.list.len, 1);
	note = &s->package.bundle.notes.list.at[0];
	assert_int_equal(note->code, code);
	assert_str(note->path, path);
	if (str_find(note->text, str_of(text)) < 0)
		fail_msg("'%.*s' does not say '%s'", STR_ARG(note->text), text);
}

/* --- handlers that were given ------------------------------------------------------------------ */

static void test_given_handlers(void **state)
{
	static const struct {
		const char *name;
		const char *path;
	} cases[] = {
		{ "app.handler", "app.py" },
		{ "src/api/app.handler", "src/api/app.py" },
		{ "src.api.app.handler", "src/api/app.py" },
		{ "pkg.handler", "pkg/__init__.py" },
		{ "fast.f", "fast.cpython-313-aarch64-linux-gnu.so" },
		{ "stable.f", "stable.abi3.so" },
		{ "gone.f", "gone.pyc" },
		{ "layered.f", "python/lib/python3.12/site-packages/layered.py" },
		{ "shared.f", "python/shared.py" },
	};
	struct case_state *s = *state;

	package_is(s, "pkg.zip",
		   PATHS("app.py", "src/api/app.py", "pkg/__init__.py", "pkg.py",
			 "fast.cpython-313-aarch64-linux-gnu.so", "fast.py", "stable.abi3.so", "gone.pyc",
			 "python/lib/python3.12/site-packages/layered.py", "python/shared.py",
			 "python/app.py"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		give(s, cases[i].name);
	give(s, "app.handler");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, sizeof(cases) / sizeof(cases[0]));
	for (size_t i = 0; i < s->target.handlers.len; i++)
		assert_handler(s, i, cases[i].name, cases[i].path, "--handler");
}

static void refused(struct case_state *s, const char *handler, const char *message)
{
	s->options.handlers.len = 0;
	give(s, handler);
	memset(s->err.msg, 0, sizeof(s->err.msg));
	assert_int_equal(find(s), -1);
	assert_string_equal(s->err.msg, message);
}

static void test_given_handlers_that_are_none(void **state)
{
	struct case_state *s = *state;

	package_is(s, "out/pkg.zip", PATHS("app.py", "src/orders.py", "api.py", "a.b/c.py", "x.pyi"));
	s->package.bundle.files.at[1].dist = 0;
	refused(s, "ap.handler",
		"--handler: 'ap.handler' names the module ap, which is not in pkg.zip; did you mean 'app'?");
	refused(s, "orders.handler",
		"--handler: 'orders.handler' names the module orders, which is not in pkg.zip; did you mean "
		"'src.orders'?");
	refused(s, "nothing_like_it.handler",
		"--handler: 'nothing_like_it.handler' names the module nothing_like_it, which is not in "
		"pkg.zip");
	refused(s, "app", "--handler: 'app' will not do; write MODULE.FUNCTION, as in app.handler");
	refused(s, "app.", "--handler: 'app.' will not do; write MODULE.FUNCTION, as in app.handler");
	refused(s, ".app", "--handler: '.app' will not do; write MODULE.FUNCTION, as in app.handler");
	refused(s, "src.app/f",
		"--handler: 'src.app/f' will not do; write MODULE.FUNCTION, as in app.handler");
	refused(s, "app.py", "--handler: 'app.py' is a file; name a function of it, as in app.handler");
	refused(s, "\x1b[m.f", "--handler: '\\x1b[m.f' names the module \\x1b[m, which is not in pkg.zip");
	/* Lambda would take these for relative imports, which it has none of. */
	refused(s, "./app.handler",
		"--handler: './app.handler' names the module ..app, which is not in pkg.zip; did you mean "
		"'app'?");
}

static void test_layer_trees(void **state)
{
	struct case_state *s = *state;

	package_is(s, "layer.zip", PATHS("app.py"));
	s->package.bundle.trees.at[0].role = TREE_LAYER;
	give(s, "app.handler");
	assert_int_equal(find(s), -1);
}

/* --- the default -------------------------------------------------------------------------------- */

static void test_default(void **state)
{
	struct case_state *s = *state;

	package_is(s, "pkg.zip", PATHS("app.py", "lambda_function.py"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_handler(s, 0, "lambda_function.lambda_handler", "lambda_function.py", "Lambda's default");
	assert_int_equal(s->target.minor, 0);
	assert_int_equal(s->target.arch, ARCH_ANY);
	give(s, "app.handler");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_handler(s, 0, "app.handler", "app.py", "--handler");
}

static void test_no_handlers(void **state)
{
	struct case_state *s = *state;

	package_is(s, "-", PATHS("app.py", "src/lambda_function.py"));
	write_file("template.yaml", "[");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
	assert_int_equal(s->package.bundle.notes.list.len, 0);
}

/* --- templates ---------------------------------------------------------------------------------- */

#define SAM_FUNCTION(id, rest) "  " id ":\n    Type: AWS::Serverless::Function\n    Properties:\n" rest

static void test_sam_template(void **state)
{
	struct case_state *s = *state;

	write_file("pkg.zip", "");
	write_file(
		"template.yaml",
		"Transform: AWS::Serverless-2016-10-31\n"
		"Globals:\n  Function:\n    Runtime: python3.12\n    Architectures: [arm64]\n"
		"Resources:\n"
		"  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {Name: !Ref X}\n" SAM_FUNCTION(
			"One", "      CodeUri: ./pkg.zip\n      Handler: app.handler\n")		//
		SAM_FUNCTION("Two", "      CodeUri: pkg.zip\n      Handler: !Sub \"src/other.main\"\n") //
		SAM_FUNCTION("Same", "      CodeUri: pkg.zip\n      Handler: app.handler\n")		//
		SAM_FUNCTION("Node",
			     "      CodeUri: pkg.zip\n      Handler: i.h\n      Runtime: nodejs22.x\n") //
		SAM_FUNCTION(
			"Else",
			"      CodeUri: other/\n      Handler: else.handler\n      Runtime: python3.9\n") //
		SAM_FUNCTION("S3", "      CodeUri: s3://pkg.zip\n      Handler: !Ref H\n")		  //
		SAM_FUNCTION("S3Map", "      CodeUri: {Bucket: b, Key: k}\n      Handler: !Ref H\n")	  //
		SAM_FUNCTION("Image", "      PackageType: Image\n      CodeUri: pkg.zip\n")		  //
		SAM_FUNCTION("Inline",
			     "      InlineCode: |\n        \tdef f(): pass\n      CodeUri: pkg.zip\n"));
	package_is(s, "pkg.zip", PATHS("app.py", "src/other.py", "lambda_function.py"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 2);
	assert_handler(s, 0, "app.handler", "app.py", "template.yaml:14");
	assert_handler(s, 1, "src/other.main", "src/other.py", "template.yaml:19");
	assert_int_equal(s->target.minor, 12);
	assert_int_equal(s->target.arch, ARCH_ARM64);
	assert_int_equal(s->package.bundle.notes.list.len, 0);
	/* What is given wins, and what is not still comes from the template. */
	s->options.runtime_minor = 14;
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.minor, 14);
	assert_int_equal(s->target.arch, ARCH_ARM64);
	s->options.arch = ARCH_X86_64;
	give(s, "lambda_function.f");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_int_equal(s->target.arch, ARCH_X86_64);
}

static void test_cloudformation_json(void **state)
{
	struct case_state *s = *state;

	make_dir("build");
	write_file("template.json",
		   "{\n\t\"Resources\": {\n\t\t\"F\": {\n\t\t\t\"Type\": \"AWS::Lambda::Function\",\n"
		   "\t\t\t\"Properties\": {\"Code\": \"build/\",\n\t\t\t\t\"Handler\": \"app.handler\",\n"
		   "\t\t\t\t\"Runtime\": \"python3.13\", \"Architectures\": [\"x86_64\"]}},\n"
		   "\t\t\"Z\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Code\": "
		   "{\"ZipFile\": \"x\"},"
		   "\"Handler\": \"index.h\"}}}}\n");
	package_is(s, "build///", PATHS("app.py"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_handler(s, 0, "app.handler", "app.py", "template.json:6");
	assert_int_equal(s->target.minor, 13);
	assert_int_equal(s->target.arch, ARCH_X86_64);
}

static void test_sam_builds(void **state)
{
	static const char shared[] = "Resources:\n"					     //
		SAM_FUNCTION("Fn", "      CodeUri: src/\n      Handler: app.handler\n")	     //
		SAM_FUNCTION("Other", "      CodeUri: src/\n      Handler: other.handler\n") //
		SAM_FUNCTION("Third", "      CodeUri: third/\n      Handler: gone.handler\n");
	struct case_state *s = *state;

	make_dir(".aws-sam");
	make_dir(".aws-sam/build");
	make_dir(".aws-sam/build/Fn");
	/* The source's template knows the build by the name of the function. */
	write_file("template.yml", shared);
	package_is(s, ".aws-sam/build/Fn", PATHS("app.py", "other.py"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 2);
	assert_handler(s, 0, "app.handler", "app.py", "template.yml:6");
	assert_handler(s, 1, "other.handler", "other.py", "template.yml:11");
	/* The build's own template is nearer. */
	write_file(".aws-sam/build/template.yaml",
		   "Resources:\n" SAM_FUNCTION("Fn", "      CodeUri: Fn\n      Handler: app.handler\n"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_handler(s, 0, "app.handler", "app.py", ".aws-sam/build/template.yaml:6");
	/* From a directory beside it, and from inside. */
	assert_int_equal(unlink(".aws-sam/build/template.yaml"), 0);
	make_dir("other");
	assert_int_equal(chdir("other"), 0);
	s->options.operands.at[0] = STR("../.aws-sam/build/./Fn/");
	assert_int_equal(find(s), 0);
	assert_handler(s, 0, "app.handler", "app.py", "../template.yml:6");
	assert_int_equal(chdir("../.aws-sam/build/Fn"), 0);
	s->options.operands.at[0] = STR(".");
	assert_int_equal(find(s), 0);
	assert_handler(s, 0, "app.handler", "app.py", "../../../template.yml:6");
	assert_int_equal(chdir("../../.."), 0);
}

static void test_search_bounds(void **state)
{
	static const char text[] =
		"Resources:\n" SAM_FUNCTION("Fn", "      CodeUri: a/b/c/d/e\n      Handler: app.handler\n");
	struct case_state *s = *state;

	make_dir("a");
	make_dir("a/b");
	make_dir("a/b/c");
	make_dir("a/b/c/d");
	make_dir("a/b/c/d/e");
	write_file("template.yaml", text);
	package_is(s, "a/b/c/d/e", PATHS("app.py"));
	/* Without a repository: three levels above the one beside the package. */
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
	make_dir(".git");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	make_dir("a/.git");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
	assert_int_equal(rename("template.yaml", "a/b/template.yaml"), 0);
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
}

/* The package is the directory that holds the template. */
static void test_template_in_package(void **state)
{
	struct case_state *s = *state;

	write_file("template.yaml",
		   "Resources:\n" SAM_FUNCTION("Fn", "      CodeUri: .\n      Handler: app.handler\n"));
	package_is(s, ".", PATHS("app.py", "template.yaml"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 1);
	assert_handler(s, 0, "app.handler", "app.py", "./template.yaml:6");
}

/* --- doubts -------------------------------------------------------------------------------------- */

static void doubtful(struct case_state *s, const char *resources, enum code code, const char *text)
{
	char template[1024];

	(void)snprintf(template, sizeof(template), "Resources:\n%s", resources);
	write_file("template.yaml", template);
	s->package.bundle.notes.list.len = 0;
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
	assert_note(s, code, "template.yaml", text);
}

#define GOOD SAM_FUNCTION("Good", "      CodeUri: pkg.zip\n      Handler: app.handler\n")

static void test_doubts_name_no_handlers(void **state)
{
	struct case_state *s = *state;

	write_file("pkg.zip", "");
	package_is(s, "pkg.zip", PATHS("app.py", "lambda_function.py"));
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: pkg.zip\n      Handler: !Ref Handler\n"),
		 CODE_TEMPLATE_UNCLEAR, "a handler is not a plain value, line 11,");
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: pkg.zip\n      Handler: !Sub \"${M}.f\"\n"),
		 CODE_TEMPLATE_UNCLEAR, "a handler is not a plain value, line 11,");
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: pkg.zip\n"), CODE_TEMPLATE_UNCLEAR,
		 "a handler is not a plain value");
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: pkg.zip\n      Handler: bootstrap\n"),
		 CODE_TEMPLATE_UNCLEAR, "a handler is not MODULE.FUNCTION, line 11,");
	doubtful(s,
		 GOOD SAM_FUNCTION(
			 "F", "      CodeUri: pkg.zip\n      Handler: a.b\n      Runtime: provided.al2023\n"),
		 CODE_TEMPLATE_UNCLEAR, "a function brings its own runtime, line 12,");
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: !Ref Code\n      Handler: other.f\n"),
		 CODE_TEMPLATE_UNCLEAR, "a function may run this package too, line 10,");
	doubtful(s,
		 GOOD SAM_FUNCTION("F", "      CodeUri: {\"Fn::If\": [a, b, c]}\n      Handler: other.f\n"),
		 CODE_TEMPLATE_UNCLEAR, "a function may run this package too");
	doubtful(s, GOOD "  Fn::ForEach::Functions: [N, [A, B], {}]\n", CODE_TEMPLATE_UNCLEAR,
		 "a function may run this package too, line 7,");
	doubtful(s, GOOD "  F: !If [a, b, c]\n", CODE_TEMPLATE_UNCLEAR, "line 7,");
	doubtful(s, GOOD "  F:\n    Type: AWS::Lambda::Function\n    Properties: {<<: *x}\n",
		 CODE_TEMPLATE_UNCLEAR, "line 7,");
	doubtful(s, GOOD SAM_FUNCTION("F", "      CodeUri: pkg.zip\n      Handler: gone.handler\n"),
		 CODE_MODULE_MISSING, "line 11: the handler gone.handler names a module that is not in");
	doubtful(s, GOOD "  [", CODE_TEMPLATE_UNCLEAR, "the template is not read: template.yaml:");
	doubtful(s, GOOD "# \xff\n", CODE_TEMPLATE_UNCLEAR, "it is not UTF-8 text");
	/* Where the user names the handlers, there is no doubt to tell of. */
	s->package.bundle.notes.list.len = 0;
	give(s, "app.handler");
	assert_int_equal(find(s), 0);
	assert_int_equal(s->package.bundle.notes.list.len, 0);
}

/* A template that does not speak of the package, and files of that name that are something else. */
static void test_strange_templates(void **state)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"a scalar",
		"[a, list]",
		"Resources: [a]\n",
		"Resources:\n",
		"apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n",
		"Resources:\n" SAM_FUNCTION("F", "      CodeUri: elsewhere/\n      Handler: app.handler\n"),
	};
	struct case_state *s = *state;

	write_file("pkg.zip", "");
	package_is(s, "pkg.zip", PATHS("app.py", "lambda_function.py"));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file("template.yaml", texts[i]);
		assert_int_equal(find(s), 0);
		assert_int_equal(s->package.bundle.notes.list.len, 0);
		assert_int_equal(s->target.handlers.len, 1);
		assert_handler(s, 0, "lambda_function.lambda_handler", "lambda_function.py",
			       "Lambda's default");
	}
	/* It may speak of the package: then the name alone is not enough. */
	write_file("template.yaml",
		   "Resources:\n" SAM_FUNCTION("F", "      CodeUri: !Ref C\n      Handler: app.handler\n"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 0);
}

static void test_templates_that_disagree(void **state)
{
	struct case_state *s = *state;

	write_file("pkg.zip", "");
	write_file("template.yaml",
		   "Resources:\n" //
		   SAM_FUNCTION("A",
				"      CodeUri: pkg.zip\n      Handler: app.a\n      Runtime: python3.12\n"
				"      Architectures: [arm64]\n") //
		   SAM_FUNCTION("B", "      CodeUri: pkg.zip\n      Handler: app.b\n      Runtime: !Ref R\n"
				     "      Architectures: [x86_64]\n"));
	package_is(s, "pkg.zip", PATHS("app.py", "x.cpython-313-x86_64-linux-gnu.so"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.handlers.len, 2);
	/* One is unknown, so the extension module's word counts. */
	assert_int_equal(s->target.minor, 13);
	assert_int_equal(s->target.arch, ARCH_ANY);
	write_file(
		"template.yaml",
		"Resources:\n" //
		SAM_FUNCTION("A",
			     "      CodeUri: pkg.zip\n      Handler: app.a\n      Runtime: python3.12\n") //
		SAM_FUNCTION("B", "      CodeUri: pkg.zip\n      Handler: app.b\n")			  //
		SAM_FUNCTION("C",
			     "      CodeUri: pkg.zip\n      Handler: app.c\n      Runtime: python3.13\n"));
	assert_int_equal(find(s), 0);
	assert_int_equal(s->target.minor, 0);
}

static void test_too_large(void **state)
{
	struct case_state *s = *state;
	FILE *f = fopen("template.yaml", "w");

	assert_non_null(f);
	(void)fputs("Resources:\n", f);
	for (int i = 0; i < 501; i++)
		(void)fprintf(f, "  F%d: {Type: AWS::Lambda::Function, Properties: {Code: pkg.zip}}\n", i);
	assert_int_equal(fclose(f), 0);
	package_is(s, "pkg.zip", PATHS("app.py"));
	assert_int_equal(find(s), 0);
	assert_note(s, CODE_TEMPLATE_UNCLEAR, "template.yaml", "more than 500 functions");
	f = fopen("template.yaml", "w");
	assert_non_null(f);
	for (int i = 0; i < 1001; i++)
		(void)fprintf(f, "a%d: &a%d x\n", i, i);
	assert_int_equal(fclose(f), 0);
	s->package.bundle.notes.list.len = 0;
	assert_int_equal(find(s), 0);
	assert_note(s, CODE_TEMPLATE_UNCLEAR, "template.yaml", "it has more than 1000 '&'");
	assert_int_equal(truncate("template.yaml", (1 << 20) + 1), 0);
	s->package.bundle.notes.list.len = 0;
	assert_int_equal(find(s), 0);
	assert_note(s, CODE_TEMPLATE_UNCLEAR, "template.yaml", "is larger than 1.0 MiB");
}

/* Of keys that stand twice the last counts; nothing of it is quadratic. */
static void test_twice(void **state)
{
	struct case_state *s = *state;
	struct template_facts facts;
	struct str text = STR("Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
			      "      Handler: a.b\n      Handler: c.d\n      Code: \"x\\0y\"\n");

	assert_int_equal(template_read(STR("t"), text, &s->package.arena, &facts, &s->err), 0);
	assert_int_equal(facts.functions.len, 1);
	assert_str(facts.functions.at[0].id, "F");
	assert_str(facts.functions.at[0].handler.text, "c.d");
	assert_int_equal(facts.functions.at[0].handler.line, 6);
	assert_int_equal(facts.functions.at[0].code.state, TEMPLATE_COMPUTED);
	assert_int_equal(facts.functions.at[0].runtime.state, TEMPLATE_NONE);
}

/* --- what names of files tell ----------------------------------------------------------------- */

static void test_python_tags(void **state)
{
	static const struct {
		const char *path;
		unsigned minor;
	} cases[] = {
		{ "a/x.cpython-313-x86_64-linux-gnu.so", 13 },
		{ "x.cpython-38-aarch64-linux-gnu.so", 8 },
		{ "x.cpython-313t-x86_64-linux-gnu.so", 13 },
		{ "x.abi3.so", 0 },
		{ "x.so", 0 },
		{ "x.cpython-313.pyc", 0 },
		{ "d.cpython-313/x.so", 0 },
		{ "x.cpython-3.so", 0 },
		{ "x.cpython-3999999999999-y.so", 999 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(python_tag_of_extension(str_of(cases[i].path)), cases[i].minor);
}

static void minor_is(void **state, const char *const *paths, unsigned minor)
{
	struct case_state s = { 0 };

	(void)state;
	options_default(&s.options);
	package_is(&s, "pkg.zip", paths);
	assert_int_equal(find(&s), 0);
	assert_int_equal(s.target.minor, minor);
	arena_free(&s.package.arena);
}

static void test_minor(void **state)
{
	minor_is(state, PATHS("a.py"), 0);
	minor_is(state,
		 PATHS("a.cpython-312-x86_64-linux-gnu.so", "b.cpython-312-x86_64-linux-gnu.so", "c.so"), 12);
	minor_is(state, PATHS("a.cpython-312-x86_64-linux-gnu.so", "b.cpython-313-x86_64-linux-gnu.so"), 0);
	minor_is(state, PATHS("python/lib/python3.11/site-packages/a.py"), 11);
	minor_is(
		state,
		PATHS("python/lib/python3.11/site-packages/a.py", "python/lib/python3.12/site-packages/a.py"),
		0);
	minor_is(
		state,
		PATHS("python/lib/python3.11/site-packages/a.py", "python/x.cpython-312-x86_64-linux-gnu.so"),
		12);
	minor_is(state,
		 PATHS("a.cpython-312-x86_64-linux-gnu.so", "b.cpython-313-x86_64-linux-gnu.so",
		       "python/lib/python3.11/site-packages/a.py"),
		 0);
	minor_is(state, PATHS("a.cpython-36m-x86_64-linux-gnu.so"), 0);
	/* The Python that ran the installer, not the one that runs the function. */
	minor_is(state, PATHS("__pycache__/a.cpython-311.pyc"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_given_handlers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_handlers_that_are_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layer_trees, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_handlers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sam_template, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cloudformation_json, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sam_builds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_search_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_template_in_package, setup, teardown),
		cmocka_unit_test_setup_teardown(test_doubts_name_no_handlers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strange_templates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_templates_that_disagree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_twice, setup, teardown),
		cmocka_unit_test(test_python_tags),
		cmocka_unit_test_setup_teardown(test_minor, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
