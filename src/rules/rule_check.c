#include "rules/rule_check.h"

#include "rules/group.h"

bool rule_asks_directory(const struct rule *rule)
{
	return rule->proof.list.len || rule->only.list.len || rule->without.list.len;
}

static bool only_directories(const struct path_patterns *patterns)
{
	for (size_t i = 0; i < patterns->list.len; i++)
		if (!patterns->list.at[i].only_dir)
			return false;
	return true;
}

static const char *fault_of_whole(const struct rule *rule)
{
	if (rule->dists.list.len == 0)
		return "whole-distribution needs dists: with their names";
	if (rule_asks_directory(rule) || rule->except.list.len || rule->when.len)
		return "whole-distribution is all or nothing: except, proof, only, without and when do not "
		       "go with it";
	return NULL;
}

static const char *fault_of_hint(const struct rule *rule)
{
	if (rule->hint.imports.len == 0 && rule->hint.children.len == 0)
		return "modules: says when, but neither imports: nor children: what comes then";
	if (rule->see.len == 0)
		return "a rule about imports needs see: a link to where they can be seen";
	if (rule->files.list.len || rule->code != CODE_NONE || rule->scope != SCOPE_DISTRIBUTION ||
	    rule->except.list.len || rule->when.len || rule->option.len || rule->also.len ||
	    rule_asks_directory(rule))
		return "modules: speaks of imports: only dists, versions, requires and holds go with it";
	return NULL;
}

static bool speaks_of_calls(const struct rule *rule)
{
	const struct call_data *call = &rule->call;

	return call->calls.len || call->argument.len || call->words.len || call->ignore.len ||
	       call->always.len;
}

static const char *fault_of_call(const struct rule *rule)
{
	if (rule->call.calls.len == 0)
		return "argument, words, ignore and always go with unless-called:";
	if (rule->stance != STANCE_RULE_DROP || rule->whole)
		return "unless-called: goes with drop: and its patterns";
	if (rule->see.len == 0)
		return "a rule about calls needs see: a link to where they can be seen";
	if (rule->dists.list.len == 0)
		return "unless-called: needs dists: whose data it is";
	if (rule_asks_directory(rule) || rule->when.len || rule->option.len)
		return "proof, only, without, when and option do not go with unless-called:";
	if (!only_directories(&rule->files))
		return "unless-called: speaks of directories, whose names are asked for: let the patterns "
		       "end in '/'";
	return NULL;
}

static const char *fault_of_stance(const struct rule *rule)
{
	if (rule->stance == STANCE_NONE && !rule->is_hint)
		return "the rule says neither drop: nor keep: nor modules:";
	if (rule->stance == STANCE_RULE_DROP && rule->code == CODE_NONE)
		return "the rule drops, but gives no reason:";
	if (rule->stance == STANCE_RULE_KEEP && rule->code != CODE_NONE)
		return "reason: is for rules that drop";
	if (!rule->is_hint && (rule->hint.imports.len || rule->hint.children.len))
		return "imports: and children: go with modules:";
	return NULL;
}

const char *rule_fault(const struct rule *rule)
{
	const char *fault = fault_of_stance(rule);

	if (rule->id.len == 0)
		return "the rule has no id:";
	if (rule->because.len == 0)
		return "the rule has no because: the sentence that users read";
	if (fault)
		return fault;
	if (rule->versions.list.len && rule->dists.list.len == 0)
		return "versions: needs dists: whose they are";
	if (rule->scope != SCOPE_DISTRIBUTION && rule_asks_dist(rule))
		return "dists, requires and holds speak of distributions: leave out in:";
	if (speaks_of_calls(rule))
		return fault_of_call(rule);
	if (rule->is_hint)
		return fault_of_hint(rule);
	if (rule->whole)
		return fault_of_whole(rule);
	if (rule->also.len)
		return "also: goes with drop: whole-distribution only";
	if (rule_asks_directory(rule) && !only_directories(&rule->files))
		return "proof, only and without speak of directories: let the patterns end in '/'";
	return NULL;
}
