#include "cmd/handlers.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "cmd/template.h"
#include "io/file.h"
#include "io/out.h"
#include "scan/candidates.h"
#include "scan/python_tag.h"

enum {
	MINOR_LEAST = 8, /* the runtimes that Lambda has or will have */
	MINOR_MOST = 15,
	TEMPLATE_MAX = 1 << 20, /* CloudFormation's own bounds: bytes, and resources */
	FUNCTIONS_MAX = 500,
	LEVELS_MAX = 16,
	LEVELS_WITHOUT_GIT = 3,
};

struct search {
	const struct options *options;
	struct bundle *bundle;
	struct arena *arena;
	struct target *out;
	struct str package; /* the path that the user gave, without slashes at its end */
	struct map names;   /* of the handlers in out */
};

/* --- from a handler's name to a file ---------------------------------------------------------- */

static uint32_t find_stem(const struct search *s, uint32_t tree, struct str stem)
{
	static const char *const suffixes[] = { ".abi3.so", ".abi3t.so", ".so", ".py", ".pyc" };
	static const char *const machines[] = { "x86_64", "aarch64" };
	uint32_t file = NO_FILE;

	for (unsigned i = 2 * MINOR_LEAST; i < 2 * (MINOR_MOST + 1) && file == NO_FILE; i++)
		file = bundle_find(s->bundle, tree,
				   str_fmt(s->arena, "%.*s.cpython-3%u-%s-linux-gnu.so", STR_ARG(stem), i / 2,
					   machines[i % 2]));
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && file == NO_FILE; i++)
		file = bundle_find(s->bundle, tree, str_fmt(s->arena, "%.*s%s", STR_ARG(stem), suffixes[i]));
	return file;
}

/* Packages win over modules, extension modules over sources, and sources over bytecode. */
static uint32_t find_path(const struct search *s, uint32_t tree, struct str path)
{
	uint32_t file = find_stem(s, tree, str_fmt(s->arena, "%.*s/__init__", STR_ARG(path)));

	return file == NO_FILE ? find_stem(s, tree, path) : file;
}

/* A layer can be packed on its own, so its directories count in every tree. */
static uint32_t find_in_tree(const struct search *s, uint32_t tree, struct str path)
{
	uint32_t file = NO_FILE;

	if (s->bundle->trees.at[tree].role == TREE_FUNCTION)
		file = find_path(s, tree, path);
	for (unsigned minor = MINOR_LEAST; minor <= MINOR_MOST && file == NO_FILE; minor++)
		file = find_path(
			s, tree,
			str_fmt(s->arena, "python/lib/python3.%u/site-packages/%.*s", minor, STR_ARG(path)));
	if (file == NO_FILE)
		file = find_path(s, tree, str_fmt(s->arena, "python/%.*s", STR_ARG(path)));
	return file;
}

static struct str replaced(struct arena *arena, struct str text, char from, char to)
{
	char *out = arena_alloc(arena, text.len + 1, 1);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.ptr[i] == from ? to : text.ptr[i];
	out[text.len] = '\0';
	return (struct str){ out, text.len };
}

/* "src/api/app.handler" names the module src.api.app. False where the name is none that Lambda takes. */
static bool split_name(const struct search *s, struct str name, struct str *module, struct str *function)
{
	size_t dot = name.len;

	while (dot > 0 && name.ptr[dot - 1] != '.')
		dot--;
	if (dot < 2 || dot == name.len)
		return false;
	*module = replaced(s->arena, str_head(name, dot - 1), '/', '.');
	*function = str_from(name, dot);
	return str_find(*function, STR("/")) < 0;
}

static uint32_t find_module(const struct search *s, struct str module)
{
	struct str path = replaced(s->arena, module, '.', '/');
	uint32_t file = NO_FILE;

	for (uint32_t tree = 0; tree < s->bundle->trees.len && file == NO_FILE; tree++)
		file = find_in_tree(s, tree, path);
	return file;
}

static void add_handler(struct search *s, struct str name, struct str place, uint32_t file)
{
	bool added;

	(void)map_put(s->arena, &s->names, name, &added);
	if (added)
		*vec_push(s->arena, &s->out->handlers) =
			(struct handler){ .file = file, .name = name, .place = place };
}

/* --- handlers of the user's ------------------------------------------------------------------- */

/* The dotted name of a module of the package's own, or "". */
static struct str own_module(const struct search *s, const struct file *file)
{
	struct str path = file->path;
	struct str stem;
	struct str rest;

	if (file->dist != NO_DIST || !candidates_is_module(path))
		return STR("");
	(void)str_cut(str_base(path), '.', &stem, &rest);
	if (str_eq(stem, STR("__init__")))
		path = str_dir(path);
	else
		path = str_head(path, (size_t)(stem.ptr - path.ptr) + stem.len);
	return replaced(s->arena, path, '/', '.');
}

/* The module that was probably meant: one spelled alike, or one of the same name elsewhere; or "". */
static struct str nearest_module(const struct search *s, struct str module)
{
	VEC(struct str) names = { 0 };
	ptrdiff_t nearest;

	for (size_t i = 0; i < s->bundle->files.len; i++) {
		struct str name = own_module(s, &s->bundle->files.at[i]);

		if (name.len)
			*vec_push(s->arena, &names) = name;
	}
	if (!names.at)
		return STR("");
	nearest = text_nearest(module, names.at, names.len);
	for (size_t i = 0; i < names.len && nearest < 0; i++)
		if (str_eq(str_after_dot(names.at[i]), str_after_dot(module)))
			nearest = (ptrdiff_t)i;
	return nearest < 0 ? STR("") : names.at[nearest];
}

static int refuse_missing(const struct search *s, const struct given *given, struct str module,
			  struct err *err)
{
	struct str nearest = nearest_module(s, module);
	char name[TEXT_NAME_MAX];
	char module_name[TEXT_NAME_MAX];
	char package[TEXT_NAME_MAX];
	char nearest_name[TEXT_NAME_MAX];

	text_name(name, given->value);
	text_name(module_name, module);
	text_name(package, str_eq(s->package, STR("-")) ? STR("the package") : str_base(s->package));
	text_name(nearest_name, nearest);
	return err_set(err, "%.*s: '%.500s' names the module %.500s, which is not in %.300s%s%.300s%s",
		       STR_ARG(given->place), name, module_name, package,
		       nearest.len ? "; did you mean '" : "", nearest_name, nearest.len ? "'?" : "");
}

static int add_given(struct search *s, const struct given *given, struct err *err)
{
	char name[TEXT_NAME_MAX];
	struct str module;
	struct str function;
	uint32_t file;

	text_name(name, given->value);
	if (!split_name(s, given->value, &module, &function))
		return err_set(err, "%.*s: '%s' will not do; write MODULE.FUNCTION, as in app.handler",
			       STR_ARG(given->place), name);
	file = find_module(s, module);
	if (file == NO_FILE)
		return refuse_missing(s, given, module, err);
	if (str_eq(function, STR("py")))
		return err_set(err, "%.*s: '%s' is a file; name a function of it, as in %.*s.handler",
			       STR_ARG(given->place), name,
			       STR_ARG(text_escape(s->arena, str_head(given->value, given->value.len - 3))));
	add_handler(s, given->value, given->place, file);
	return 0;
}

/* --- templates: where they are ---------------------------------------------------------------- */

/* "" is the current directory. */
static struct str join(struct arena *arena, struct str dir, struct str name)
{
	if (dir.len == 0 || str_starts(name, STR("/")))
		return name;
	return str_fmt(arena, "%.*s%s%.*s", STR_ARG(dir), str_ends(dir, STR("/")) ? "" : "/", STR_ARG(name));
}

static struct str without_slashes(struct str path)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

/*
 * The directory that holds `path`, by its letters, so that a build that is a symbolic link is still looked
 * for where it was named. "/" stays.
 */
static struct str above(struct arena *arena, struct str path)
{
	path = without_slashes(path);
	while (str_eq(str_base(path), STR(".")))
		path = without_slashes(str_head(path, path.len - 1 - (path.len > 1)));
	if (path.len == 0)
		return STR("..");
	if (str_eq(path, STR("/")))
		return path;
	if (str_eq(str_base(path), STR("..")))
		return join(arena, path, STR(".."));
	return str_starts(path, STR("/")) && str_dir(path).len == 0 ? STR("/")
								    : without_slashes(str_dir(path));
}

static bool exists(struct str path)
{
	return out_same_file(path, path);
}

/* The directories to search, the package itself first; how many. */
static size_t list_levels(const struct search *s, struct str out[LEVELS_MAX])
{
	for (size_t i = 0; i < LEVELS_MAX; i++) {
		out[i] = i ? above(s->arena, out[i - 1]) : s->package;
		if (exists(join(s->arena, out[i], STR(".git"))))
			return i + 1;
	}
	return LEVELS_WITHOUT_GIT + 2;
}

/* --- templates: what they say of the package -------------------------------------------------- */

/* What the functions of one template that run the package agree on. */
struct advice {
	unsigned minor;	     /* 0: unknown */
	unsigned some_minor; /* of one of them */
	bool two_minors;
	enum arch arch;
	struct str library_path; /* "": none, or not the same in all */
	bool unsure;		 /* whether there are other handlers than those that it names */
	VEC(struct handler) handlers;
};

struct sight {
	struct search *s;
	struct str path; /* of the template */
	struct str dir;
	struct template_facts facts;
	bool *runs; /* by function: whether it runs the package */
	bool any;
	struct advice advice;
};

static struct str place_of(const struct sight *sight, int line)
{
	return str_fmt(sight->s->arena, "%.*s:%d", STR_ARG(sight->facts.name), line);
}

static void doubt(struct sight *sight, int line, const char *what)
{
	if (sight->advice.unsure || sight->s->options->handlers.len)
		return;
	sight->advice.unsure = true;
	note_add(&sight->s->bundle->notes, sight->s->arena, CODE_TEMPLATE_UNCLEAR, sight->path,
		 STR("name the handlers with --handler"),
		 "%s, line %d, so every module of your own counts as called", what, line);
}

/* Whether it is a name that CloudFormation takes, and so no path to elsewhere. */
static bool is_logical_id(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return id.len > 0;
}

static bool runs_package(const struct sight *sight, const struct template_function *function)
{
	const struct search *s = sight->s;
	struct str build = str_fmt(s->arena, ".aws-sam/build/%.*s", STR_ARG(function->id));

	if (function->code.state == TEMPLATE_LITERAL &&
	    out_same_file(join(s->arena, sight->dir, function->code.text), s->package))
		return true;
	return is_logical_id(function->id) && out_same_file(join(s->arena, sight->dir, build), s->package);
}

/* sam build makes one package for functions that share their code. */
static void spread(struct sight *sight, const struct template_function *function)
{
	for (size_t i = 0; i < sight->facts.functions.len; i++) {
		const struct template_value *code = &sight->facts.functions.at[i].code;

		if (code->state == TEMPLATE_LITERAL && function->code.state == TEMPLATE_LITERAL &&
		    str_eq(code->text, function->code.text))
			sight->runs[i] = true;
	}
}

static void find_runners(struct sight *sight)
{
	size_t count = sight->facts.functions.len;

	sight->runs = arena_array(sight->s->arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		const struct template_function *function = &sight->facts.functions.at[i];

		if (!runs_package(sight, function))
			continue;
		sight->runs[i] = sight->any = true;
		spread(sight, function);
	}
}

/* The N of "python3.N"; 0 where the value is none, or of no runtime that is known. */
static unsigned minor_of(const struct template_value *runtime)
{
	struct str digits = str_from(runtime->text, STR("python3.").len);
	unsigned minor = 0;

	if (runtime->state != TEMPLATE_LITERAL || !str_starts(runtime->text, STR("python3.")) ||
	    digits.len > 2)
		return 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return 0;
		minor = minor * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	return minor >= MINOR_LEAST && minor <= MINOR_MOST ? minor : 0;
}

/* Where the function says nothing, Lambda takes x86_64. */
static enum arch arch_of(const struct template_value *arch)
{
	if (arch->state == TEMPLATE_NONE || str_eq(arch->text, STR("x86_64")))
		return ARCH_X86_64;
	return str_eq(arch->text, STR("arm64")) ? ARCH_ARM64 : ARCH_ANY;
}

/* Other languages may share the package; a runtime of one's own ("provided") may run Python. */
static bool may_run_python(const struct template_value *runtime)
{
	return runtime->state != TEMPLATE_LITERAL || str_starts(runtime->text, STR("python")) ||
	       str_starts(runtime->text, STR("provided"));
}

static void take_handler(struct sight *sight, const struct template_value *handler)
{
	struct search *s = sight->s;
	struct str module;
	struct str function;
	uint32_t file;

	if (handler->state != TEMPLATE_LITERAL) {
		doubt(sight, handler->line, "a handler is not a plain value");
		return;
	}
	if (s->options->handlers.len)
		return;
	if (!split_name(s, handler->text, &module, &function)) {
		doubt(sight, handler->line, "a handler is not MODULE.FUNCTION");
		return;
	}
	file = find_module(s, module);
	if (file == NO_FILE) {
		sight->advice.unsure = true;
		note_add(&s->bundle->notes, s->arena, CODE_MODULE_MISSING, sight->path,
			 STR("name the handlers with --handler"),
			 "line %d: the handler %.*s names a module that is not in the package, so every "
			 "module "
			 "of your own counts as called",
			 handler->line, STR_ARG(text_escape(s->arena, handler->text)));
		return;
	}
	*vec_push(s->arena, &sight->advice.handlers) = (struct handler){
		.file = file, .name = handler->text, .place = place_of(sight, handler->line)
	};
}

/* What two functions say differently is unknown. */
static void take_target(struct advice *advice, const struct template_function *function, bool first)
{
	unsigned minor = minor_of(&function->runtime);
	enum arch arch = arch_of(&function->arch);

	if (minor && advice->some_minor && minor != advice->some_minor)
		advice->two_minors = true;
	if (minor)
		advice->some_minor = minor;
	advice->minor = first || minor == advice->minor ? minor : 0;
	advice->arch = first || arch == advice->arch ? arch : ARCH_ANY;
	if (first)
		advice->library_path = function->library_path.text;
	else if (!str_eq(advice->library_path, function->library_path.text))
		advice->library_path = STR("");
}

static void take_functions(struct sight *sight)
{
	bool first = true;
	bool unknown = false;

	for (size_t i = 0; i < sight->facts.functions.len; i++) {
		const struct template_function *function = &sight->facts.functions.at[i];

		if (!may_run_python(&function->runtime))
			continue;
		if (!sight->runs[i] && function->code.state == TEMPLATE_COMPUTED) {
			doubt(sight, function->code.line, "a function may run this package too");
			unknown = true;
		}
		if (!sight->runs[i])
			continue;
		if (str_starts(function->runtime.text, STR("provided")))
			doubt(sight, function->runtime.line, "a function brings its own runtime");
		else
			take_handler(sight, &function->handler);
		take_target(&sight->advice, function, first);
		first = false;
	}
	if (unknown) {
		sight->advice.minor = 0;
		sight->advice.arch = ARCH_ANY;
	}
}

/* Whether the template, where it does not say that a function runs the package, leaves that open. */
static bool may_run(const struct template_facts *facts)
{
	for (size_t i = 0; i < facts->functions.len; i++)
		if (facts->functions.at[i].code.state == TEMPLATE_COMPUTED &&
		    may_run_python(&facts->functions.at[i].runtime))
			return true;
	return false;
}

/* --- templates: all of them ------------------------------------------------------------------- */

static int read_template(struct search *s, struct str path, struct template_facts *out, struct err *err)
{
	struct bytes text;

	if (file_read(path, TEMPLATE_MAX, s->arena, &text, err) ||
	    template_read(path, str_of_bytes(text), s->arena, out, err))
		return -1;
	if (out->functions.len > FUNCTIONS_MAX)
		return err_set(err, "%.900s: it has more than %d functions", out->name.ptr, FUNCTIONS_MAX);
	return 0;
}

/* Reads a template, if it is there, and forms an advice, if it speaks of the package. */
static bool consult(struct search *s, struct str dir, const char *name, struct advice *advice)
{
	struct sight sight = { .s = s, .dir = dir, .path = join(s->arena, dir, str_of(name)) };
	struct err err;

	if (!exists(sight.path))
		return false;
	if (read_template(s, sight.path, &sight.facts, &err)) {
		advice->unsure = true;
		if (!s->options->handlers.len)
			note_add(&s->bundle->notes, s->arena, CODE_TEMPLATE_UNCLEAR, sight.path,
				 STR("name the handlers with --handler"), "the template is not read: %s",
				 err.msg);
		return false;
	}
	sight.dir = str_head(sight.path, sight.path.len - str_base(sight.path).len);
	find_runners(&sight);
	if (sight.any) {
		take_functions(&sight);
		sight.advice.unsure = sight.advice.unsure || advice->unsure;
		*advice = sight.advice;
	} else {
		advice->unsure = advice->unsure || may_run(&sight.facts);
	}
	return sight.any;
}

/* The first template that speaks of the package has the word; the nearest come first. */
static void search_templates(struct search *s, struct advice *advice)
{
	static const char *const names[] = { "template.yaml", "template.yml", "template.json",
					     ".aws-sam/build/template.yaml" };
	struct str levels[LEVELS_MAX];
	size_t count;

	if (str_eq(s->package, STR("-")))
		return;
	count = list_levels(s, levels);
	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (consult(s, levels[i], names[n], advice))
				return;
}

/* --- the target ------------------------------------------------------------------------------- */

/* The handler that Lambda's own examples and console use. */
static void add_default(struct search *s)
{
	for (uint32_t tree = 0; tree < s->bundle->trees.len; tree++) {
		uint32_t file = bundle_find(s->bundle, tree, STR("lambda_function.py"));

		if (file != NO_FILE && s->bundle->trees.at[tree].role == TREE_FUNCTION)
			add_handler(s, STR("lambda_function.lambda_handler"), STR("Lambda's default"), file);
	}
}

static void choose_minor(struct search *s, const struct advice *advice)
{
	unsigned minor = s->options->runtime_minor ? s->options->runtime_minor : advice->minor;

	if (!minor && !advice->two_minors)
		minor = python_tag_of_bundle(s->bundle);
	s->out->minor = minor >= MINOR_LEAST && minor <= MINOR_MOST ? minor : 0;
}

int target_find(const struct options *options, struct bundle *bundle, struct arena *arena, struct target *out,
		struct err *err)
{
	struct search s = { .options = options, .bundle = bundle, .arena = arena, .out = out };
	struct advice advice = { 0 };

	*out = (struct target){ 0 };
	s.package = without_slashes(options->operands.at[0]);
	for (size_t i = 0; i < options->handlers.len; i++)
		if (add_given(&s, &options->handlers.at[i], err))
			return -1;
	if (!options->handlers.len || !options->runtime_minor || options->arch == ARCH_ANY ||
	    !options->library_path.len)
		search_templates(&s, &advice);
	for (size_t i = 0; !options->handlers.len && !advice.unsure && i < advice.handlers.len; i++)
		add_handler(&s, advice.handlers.at[i].name, advice.handlers.at[i].place,
			    advice.handlers.at[i].file);
	if (out->handlers.len == 0 && !advice.unsure)
		add_default(&s);
	choose_minor(&s, &advice);
	out->arch = options->arch == ARCH_ANY ? advice.arch : options->arch;
	out->library_path = options->library_path.len ? options->library_path : advice.library_path;
	return 0;
}
