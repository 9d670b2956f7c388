#include "cmd/packing.h"
#include "io/file.h"
#include "rules/rules.h"
#include "scan/dists.h"
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
	return 0;
}

/*
 * What stays for its own sake. No import graph judges distributions yet, so all their files that no
 * rule opposes are roots; what a rule would drop is looked for in everything that stays.
 */
static void choose_roots(struct packing *p)
{
	size_t files = p->bundle.files.len;
	bool *candidate = arena_array(p->arena, bool, files);

	p->roots = arena_array(p->arena, enum root_kind, files);
	for (size_t id = 0; id < files; id++) {
		candidate[id] = p->opinions[id].stance == STANCE_RULE_DROP;
		p->roots[id] = p->bundle.files.at[id].dist == NO_DIST ? ROOT_FIRST_PARTY : ROOT_DISTRIBUTION;
	}
	p->references = references_index(&p->bundle, candidate, p->arena);
	symlinks_scan(&p->bundle, p->arena, &p->graph);
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
	/* Ask the rules and the user what they think of every file. */
	if (form_opinions(p, err))
		return -1;
	choose_roots(p);
	/* Read what stays, check its CRC, follow references, plan. */
	if (packing_read(p, err))
		return -1;
	if (check_left(p, err))
		return -1;
	packing_note_rescues(p);
	return 0;
}
