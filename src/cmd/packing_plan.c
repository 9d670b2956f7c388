#include "cmd/handlers.h"
#include "cmd/packing.h"
#include "io/file.h"
#include "rules/rules.h"
#include "scan/dists.h"
#include "scan/loadable.h"
#include "scan/symlinks.h"

enum { RULE_FILE_MAX = 1 << 20 }; /* rules_load() has a bound of its own, and a message */

static int open_input(struct packing *p, struct err *err)
{
	struct source_limits limits = { .max_unpacked = p->options->max_unpacked };
	struct listing listing = { .arena = p->arena, .notes = &p->bundle.notes };
	struct str name = p->options->operands.at[0];

	if (source_open(&p->source, name, &limits, &listing, err))
		return -1;
	(void)bundle_add_tree(&p->bundle, &listing, name, TREE_FUNCTION, p->source->packed_size);
	if (p->bundle.files.len == 0) {
		(void)err_set(err, "holds no files, and Lambda refuses an empty package");
		return err_in(err, name);
	}
	return 0;
}

int packing_read_file(void *ctx, uint32_t id, struct arena *scratch, struct bytes *out, struct err *err)
{
	struct packing *p = ctx;
	const struct file *file = &p->bundle.files.at[id];
	struct bytes content;

	if (p->source->ops->content(p->source, file->member, &p->workers[0].content, &content, err))
		return err_in(err, p->source->name);
	*out = bytes_of_str(str_dup(scratch, str_of_bytes(content)));
	return 0;
}

static int scan_distributions(struct packing *p, struct err *err)
{
	struct reader reader = { packing_read_file, p };

	return dists_scan(&p->bundle, &reader, err);
}

int packing_load_rules(struct packing *p, struct err *err)
{
	struct ruleset *rules = &p->rules;

	rules->arena = p->arena;
	for (size_t i = 0; i < rule_file_count; i++)
		if (rules_load(rules, str_of(rule_files[i].name),
			       (struct str){ rule_files[i].text, rule_files[i].len }, err))
			return -1;
	for (size_t d = 0; d < p->options->rules.len; d++) {
		struct str *names = NULL;
		size_t count = 0;

		if (file_list(p->options->rules.at[d], STR(".yaml"), p->arena, &names, &count, err))
			return -1;
		for (size_t i = 0; i < count; i++) {
			struct bytes text;

			if (file_read(names[i], RULE_FILE_MAX, p->arena, &text, err) ||
			    rules_load(rules, names[i], str_of_bytes(text), err))
				return -1;
		}
	}
	return 0;
}

static int parse_patterns(struct packing *p, struct user_patterns *user, struct err *err)
{
	for (size_t i = 0; i < p->options->keep.len; i++)
		if (user_pattern_parse(p->options->keep.at[i].value, p->options->keep.at[i].place,
				       vec_push(p->arena, &user->keep), err))
			return -1;
	for (size_t i = 0; i < p->options->drop.len; i++)
		if (user_pattern_parse(p->options->drop.at[i].value, p->options->drop.at[i].place,
				       vec_push(p->arena, &user->drop), err))
			return -1;
	return 0;
}

/* What rules and the user think of every file. */
static int form_opinions(struct packing *p, struct err *err)
{
	struct user_patterns user = { 0 };
	struct str on[1] = { STR("drop-licenses") };
	struct rule_options switches = { .on = on, .on_count = p->options->drop_licenses ? 1 : 0 };

	if (packing_load_rules(p, err) || parse_patterns(p, &user, err))
		return -1;
	p->opinions = arena_array(p->arena, struct opinion, p->bundle.files.len);
	rules_match(&p->rules, &user, &switches, &p->bundle, p->opinions, &p->graph);
	rules_knowledge(&p->rules, &p->bundle, p->arena, &p->knowledge);
	return 0;
}

/* .pth files at the top of a directory of sys.path: Lambda's runtime processes them at its start. */
static bool is_startup(const struct packing *p, const struct file *file)
{
	const struct modules *modules = &p->imports.modules;

	for (size_t i = 0; i < modules->roots.len && str_ends(file->path, STR(".pth")); i++)
		if (modules->roots.at[i].sure && modules->roots.at[i].tree == file->tree &&
		    str_eq(modules->roots.at[i].dir, str_dir(file->path)))
			return true;
	return false;
}

static enum root_kind root_kind_of(const struct packing *p, uint32_t id)
{
	const struct file *file = &p->bundle.files.at[id];

	for (size_t i = 0; i < p->target.handlers.len; i++)
		if (p->target.handlers.at[i].file == id)
			return ROOT_HANDLER;
	/* Of the user's own files the graph judges none but modules, and those only when asked. */
	if (file->dist == NO_DIST && p->target.pruned && p->options->prune_app && p->target.handlers.len &&
	    modules_of(&p->imports.modules, id) != NO_MODULE)
		return ROOT_NOT;
	if (file->dist == NO_DIST)
		return ROOT_FIRST_PARTY;
	if (!p->target.pruned)
		return ROOT_DISTRIBUTION;
	return is_startup(p, file) ? ROOT_STARTUP : ROOT_NOT;
}

/* Whether there is code to start from: a module of the user's own. */
static bool has_own_code(const struct packing *p)
{
	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		if (p->bundle.files.at[id].dist == NO_DIST &&
		    modules_of(&p->imports.modules, id) != NO_MODULE)
			return true;
	return false;
}

static int index_entry_points(struct packing *p, struct err *err)
{
	struct arena scratch = { 0 };
	int failed = 0;

	for (uint32_t id = 0; id < p->bundle.files.len && !failed; id++) {
		const struct file *file = &p->bundle.files.at[id];
		struct bytes text = { 0 };

		if (file->dist == NO_DIST || file->kind != FILE_REGULAR ||
		    !str_eq(str_base(file->path), STR("entry_points.txt")))
			continue;
		failed = packing_read_file(p, id, &scratch, &text, err);
		if (!failed)
			entry_points_add(&p->imports.entry_points, id, str_of_bytes(text), p->arena);
		arena_free(&scratch);
	}
	return failed;
}

/* The lines of .pth files that name directories; those that are code are read when the file is. */
static int index_startup(struct packing *p, struct err *err)
{
	struct arena scratch = { 0 };
	int failed = 0;

	for (uint32_t id = 0; id < p->bundle.files.len && !failed; id++) {
		const struct file *file = &p->bundle.files.at[id];
		struct bytes text = { 0 };

		if (file->kind != FILE_REGULAR || !is_startup(p, file) || p->imports.opposed[id])
			continue;
		failed = packing_read_file(p, id, &scratch, &text, err);
		if (!failed)
			imports_add_startup(&p->imports, id, str_of_bytes(text), p->arena);
		arena_free(&scratch);
	}
	return failed;
}

/*
 * What stays for its own sake. The import graph judges what distributions brought; what a rule would drop is
 * looked for in everything that stays.
 */
static int choose_roots(struct packing *p, struct err *err)
{
	size_t files = p->bundle.files.len;
	bool *candidate = arena_array(p->arena, bool, files);

	p->opposed = arena_array(p->arena, bool, files);
	p->judged = arena_array(p->arena, bool, files);
	for (size_t id = 0; id < files; id++)
		p->opposed[id] = candidate[id] = p->opinions[id].stance == STANCE_RULE_DROP;
	/* No reference helps what cannot load. */
	for (size_t i = 0; i < p->libraries.list.len; i++)
		if (p->libraries.list.at[i].never)
			candidate[p->libraries.list.at[i].file] = false;
	for (size_t i = 0; i < p->knowledge.call_files.len; i++)
		candidate[p->knowledge.call_files.at[i].file] = false;
	imports_index(&p->imports, &p->bundle, &p->knowledge, p->opposed, p->target.minor, p->arena);
	p->imports.judged = p->judged;
	p->imports.modules.tag = loadable_tag(p->target.minor, p->target.arch, p->arena);
	p->soft = soft_index_build(&p->libraries, p->opposed, p->arena);
	if (index_entry_points(p, err) || index_startup(p, err) || stdlib_load(&p->stdlib, p->arena, err))
		return -1;
	p->target.pruned = !p->options->no_prune && (p->target.handlers.len || has_own_code(p));
	if (!p->options->no_prune && !p->target.pruned && p->bundle.dists.len)
		note_add(&p->bundle.notes, p->arena, CODE_NO_ROOTS, p->source->name,
			 STR("give it together with its function, or name what is used: --keep module:NAME"),
			 "holds distributions but no code of yours");
	/* Without the graph nobody knows what is called. */
	for (size_t i = 0; i < p->knowledge.call_files.len && !p->target.pruned; i++)
		if (p->opinions[p->knowledge.call_files.at[i].file].stance == STANCE_RULE_DROP)
			p->opinions[p->knowledge.call_files.at[i].file] = (struct opinion){ 0 };
	p->roots = arena_array(p->arena, enum root_kind, files);
	for (uint32_t id = 0; id < files; id++)
		p->roots[id] = root_kind_of(p, id);
	p->closure = closure_begin(&p->imports, p->opinions, &p->graph, p->arena);
	p->references = references_index(&p->bundle, candidate, p->arena);
	symlinks_scan(&p->bundle, p->arena, &p->graph);
	return 0;
}

static int check_left(const struct packing *p, struct err *err)
{
	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		if (p->plan.at[id].action == ACTION_KEEP && p->bundle.files.at[id].kind != FILE_DIR)
			return 0;
	(void)err_set(err,
		      "nothing would be left, and Lambda refuses an empty package; use --keep for what the "
		      "function needs");
	return err_in(err, p->source->name);
}

int packing_plan(struct packing *p, struct err *err)
{

	/* Open the package; every name and header is checked here. */
	if (open_input(p, err))
		return -1;
	/* Find the distributions that pip installed. */
	if (scan_distributions(p, err))
		return -1;
	/* Find what Lambda calls in it, and on which Python and machine. */
	if (target_find(p->options, &p->bundle, p->arena, &p->target, err))
		return -1;
	/* Ask the rules and the user what they think of every file. */
	if (form_opinions(p, err))
		return -1;
	/* What can never load there goes, whoever asks for it. */
	if (packing_libraries(p, err))
		return -1;
	/* What stays for its own sake; everything else needs a reason. */
	if (choose_roots(p, err))
		return -1;
	/* Read what stays, check its CRC, follow references, plan. */
	if (packing_read(p, err))
		return -1;
	if (check_left(p, err))
		return -1;
	packing_note_rescues(p);
	packing_note_doubts(p);
	return packing_note_loads(p, err);
}
