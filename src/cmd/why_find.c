#include "cmd/why_find.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "rules/rules.h"

/* A name that many files end with is no answer, so only so many are told as others. */
enum { LIBRARIES_MOST = 9, LIBRARY_NAME_LEAST = 3, NEAREST_MOST = 3, NEAREST_NAME_MAX = 64 };

struct finder {
	const struct bundle *bundle;
	const struct plan *plan;
	struct arena *arena;
	struct str name;
	struct why_matches *out;
};

static struct why_match *add_match(const struct finder *f, enum why_kind kind, struct str name)
{
	struct why_match *match = vec_push(f->arena, f->out);

	*match = (struct why_match){
		.kind = kind,
		.name = name,
		.of = arena_array(f->arena, bool, f->bundle->files.len),
		.file = NO_FILE,
		.dist = NO_DIST,
	};
	return match;
}

static void take(struct why_match *match, uint32_t file)
{
	match->files += !match->of[file];
	match->of[file] = true;
}

static void drop_empty(const struct finder *f)
{
	if (f->out->at[f->out->len - 1].files == 0)
		f->out->len--;
}

static void add_file(const struct finder *f, uint32_t file)
{
	struct why_match *match = add_match(f, WHY_FILE, f->bundle->files.at[file].path);

	take(match, file);
	match->file = file;
}

static void find_path(const struct finder *f, struct str path)
{
	for (uint32_t t = 0; t < f->bundle->trees.len; t++) {
		uint32_t file = bundle_find(f->bundle, t, path);

		if (file != NO_FILE)
			add_file(f, file);
	}
}

/* --- modules ------------------------------------------------------------------------------------------ */

/* Whether the file is what runs when the module is imported: "b.py", "b/__init__.py", "b.abi3.so". */
static bool is_main(struct str path, struct str last)
{
	struct str base = str_base(path);
	struct str rest = str_from(base, last.len);

	if (str_ends(base, STR(".pyi")) || str_eq(str_base(str_dir(path)), STR("__pycache__")))
		return false;
	if (str_starts(base, STR("__init__.")))
		return str_eq(str_base(str_dir(path)), last);
	return str_starts(base, last) && str_starts(rest, STR("."));
}

/* Kept before removed, nearer to the top before deeper, source before others. */
static bool is_better(const struct finder *f, uint32_t file, uint32_t than)
{
	struct str path = f->bundle->files.at[file].path;
	struct str other = than == NO_FILE ? STR("") : f->bundle->files.at[than].path;

	if (than == NO_FILE || f->plan->at[file].action != f->plan->at[than].action)
		return than == NO_FILE || f->plan->at[file].action == ACTION_KEEP;
	if (str_dir(path).len != str_dir(other).len)
		return str_dir(path).len < str_dir(other).len;
	return str_ends(path, STR(".py")) && !str_ends(other, STR(".py"));
}

/* The same files as --keep module:NAME means. */
static void find_module(const struct finder *f, struct str name)
{
	struct bundle bundle = *f->bundle; /* for notes of its own */
	struct opinion *opinions = arena_array(f->arena, struct opinion, bundle.files.len);
	struct str pattern = str_fmt(f->arena, "module:%.*s", STR_ARG(name));
	struct user_patterns user = { 0 };
	struct why_match *match;
	struct err ignored;

	if (user_pattern_parse(pattern, STR(""), vec_push(f->arena, &user.keep), &ignored))
		return;
	bundle.notes = (struct notes){ 0 };
	rules_match_user(&user, &bundle, opinions);
	match = add_match(f, WHY_MODULE, pattern);
	for (uint32_t id = 0; id < bundle.files.len; id++) {
		if (opinions[id].stance != STANCE_USER_KEEP)
			continue;
		take(match, id);
		if (is_main(bundle.files.at[id].path, str_after_dot(name)) && is_better(f, id, match->file))
			match->file = id;
	}
	drop_empty(f);
}

/* --- the others --------------------------------------------------------------------------------------- */

static void find_distribution(const struct finder *f, struct str name)
{
	struct str key = pattern_dist_key(f->arena, name);
	struct why_match *match = NULL;

	for (uint32_t d = 0; d < f->bundle->dists.len; d++) {
		if (!str_eq(f->bundle->dists.at[d].key, key))
			continue;
		if (!match) {
			match = add_match(f, WHY_DISTRIBUTION, str_fmt(f->arena, "dist:%.*s", STR_ARG(key)));
			match->dist = d;
		}
		for (uint32_t id = 0; id < f->bundle->files.len; id++)
			if (f->bundle->files.at[id].dist == d)
				take(match, id);
	}
	if (match)
		drop_empty(f);
}

static void find_directory(const struct finder *f, struct str dir)
{
	struct why_match *match = add_match(f, WHY_DIRECTORY, str_fmt(f->arena, "%.*s/", STR_ARG(dir)));

	for (uint32_t t = 0; t < f->bundle->trees.len && dir.len; t++) {
		uint32_t first;
		uint32_t end;

		bundle_under(f->bundle, t, dir, &first, &end);
		for (uint32_t id = first; id < end; id++)
			take(match, id);
	}
	drop_empty(f);
}

static bool ends_as(struct str path, struct str name)
{
	return path.len > name.len && str_ends(path, name) && path.ptr[path.len - name.len - 1] == '/';
}

/* "openblas", "libopenblas" and "libopenblas.so" all mean libscipy_openblas64_-ff651d7f.so. */
static bool is_library_as(struct str path, struct str name)
{
	struct str base = str_base(path);

	if (str_starts(name, STR("lib")))
		name = str_from(name, 3);
	if (str_ends(name, STR(".so")))
		name = str_head(name, name.len - 3);
	return name.len >= LIBRARY_NAME_LEAST && str_find(base, STR(".so")) >= 0 && str_find(base, name) >= 0;
}

static void find_library(const struct finder *f, struct str name)
{
	bool by_end = false;
	size_t found = 0;

	for (uint32_t id = 0; id < f->bundle->files.len; id++)
		by_end = by_end || ends_as(f->bundle->files.at[id].path, name);
	for (uint32_t id = 0; id < f->bundle->files.len && found < LIBRARIES_MOST; id++) {
		struct str path = f->bundle->files.at[id].path;

		if (by_end ? !ends_as(path, name) : !is_library_as(path, name))
			continue;
		add_file(f, id);
		f->out->at[f->out->len - 1].kind = WHY_LIBRARY;
		found++;
	}
}

void why_find(const struct bundle *bundle, const struct plan *plan, struct str name, struct arena *arena,
	      struct why_matches *out)
{
	struct finder f = { .bundle = bundle, .plan = plan, .arena = arena, .name = name, .out = out };
	bool is_dir;

	*out = (struct why_matches){ 0 };
	if (str_starts(name, STR("dist:"))) {
		find_distribution(&f, str_from(name, 5));
		return;
	}
	if (str_starts(name, STR("module:"))) {
		find_module(&f, str_from(name, 7));
		return;
	}
	while (str_starts(name, STR("./")))
		name = str_from(name, 2);
	while (str_starts(name, STR("/")))
		name = str_from(name, 1);
	is_dir = str_ends(name, STR("/"));
	while (str_ends(name, STR("/")))
		name = str_head(name, name.len - 1);
	if (name.len == 0)
		return;
	if (!is_dir) {
		find_path(&f, name);
		find_module(&f, name);
		find_distribution(&f, name);
	}
	/* A package's directory is told as the module. */
	if (is_dir || out->len == 0 || out->at[0].kind != WHY_MODULE)
		find_directory(&f, name);
	if (out->len == 0 && !is_dir)
		find_library(&f, name);
}

/* --- names that do not exist -------------------------------------------------------------------------- */

struct names {
	struct str *at;
	size_t len;
	size_t cap;
};

struct collector {
	struct arena *arena;
	struct names names;
	size_t tops; /* so many names come first: distributions, and what lies at the top */
	struct map seen;
};

static void collect(struct collector *c, struct str name)
{
	bool added;

	/* text_nearest() looks at no longer ones. */
	if (name.len == 0 || name.len > NEAREST_NAME_MAX)
		return;
	(void)map_put(c->arena, &c->seen, name, &added);
	if (added)
		*vec_push(c->arena, &c->names) = name;
}

/* A path below the site directory as a module: "a/b.py" is "a.b"; "" where it is none. */
static struct str module_name(struct arena *arena, struct str path)
{
	struct str stem = str_ends(path, STR("/__init__.py")) ? str_dir(path)
			  : str_ends(path, STR(".py"))	      ? str_head(path, path.len - 3)
							      : STR("");
	struct str dotted = str_dup(arena, stem);
	char *out = arena_alloc(arena, dotted.len + 1, 1);

	for (size_t i = 0; i < dotted.len; i++)
		out[i] = dotted.ptr[i] == '/' ? '.' : dotted.ptr[i];
	return (struct str){ out, dotted.len };
}

static void collect_names(struct collector *c, const struct bundle *bundle, struct str name)
{
	bool is_path = str_find(name, STR("/")) >= 0;
	bool is_dotted = !is_path && str_find(name, STR(".")) >= 0;

	for (size_t d = 0; d < bundle->dists.len; d++)
		collect(c, bundle->dists.at[d].name);
	for (size_t id = 0; id < bundle->files.len; id++) {
		struct str path = bundle->files.at[id].path;
		struct str top;
		struct str rest;

		if (str_cut(path, '/', &top, &rest))
			collect(c, top);
		else
			collect(c, module_name(c->arena, path));
	}
	c->tops = c->names.len;
	for (size_t id = 0; id < bundle->files.len; id++) {
		struct str path = bundle->files.at[id].path;

		if (is_path)
			collect(c, path);
		else if (is_dotted)
			collect(c, module_name(c->arena, path));
		if (!is_path)
			collect(c, str_base(path));
	}
}

/* The nearest names, and what lies at the top and is called as the nearest and more: "numpy, numpy.libs". */
static struct str nearest_names(struct collector *c, struct str wanted)
{
	struct str list = STR("");
	struct str first = STR("");
	size_t found = 0;

	for (; c->names.len && found < NEAREST_MOST; found++) {
		ptrdiff_t nearest = text_nearest(wanted, c->names.at, c->names.len);

		if (nearest < 0 || c->names.at[nearest].len == 0)
			break;
		first = found ? first : c->names.at[nearest];
		list = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(list), found ? ", " : "",
			       STR_ARG(text_escape(c->arena, c->names.at[nearest])));
		c->names.at[nearest] = STR("");
	}
	for (size_t i = 0; i < c->tops && found && found < NEAREST_MOST; i++) {
		struct str name = c->names.at[i];

		if (!str_starts(name, first) || name.len == first.len || name.ptr[first.len] != '.')
			continue;
		list = str_fmt(c->arena, "%.*s, %.*s", STR_ARG(list), STR_ARG(text_escape(c->arena, name)));
		found++;
	}
	return list;
}

int why_unknown(const struct bundle *bundle, struct str name, struct str package, struct arena *arena,
		struct err *err)
{
	struct collector c = { .arena = arena };
	struct str list;
	struct str wanted = name;
	char asked[TEXT_NAME_MAX];
	char in[TEXT_NAME_MAX];

	if (str_starts(wanted, STR("dist:")))
		wanted = str_from(wanted, 5);
	else if (str_starts(wanted, STR("module:")))
		wanted = str_from(wanted, 7);
	collect_names(&c, bundle, wanted);
	list = nearest_names(&c, wanted);
	text_name(asked, name);
	text_name(in, package);
	if (list.len)
		return err_set(err, "no file, module or distribution called '%s' in %s; did you mean: %.*s?",
			       asked, in, STR_ARG(list));
	return err_set(err, "no file, module or distribution called '%s' in %s", asked, in);
}
