#define _POSIX_C_SOURCE 200809L /* lstat */
#include "cmd/commands.h"

#include <sys/stat.h>

#include "base/text.h"

static const char *const pack_examples[] = {
	"slim app.zip",
	"report what would go; nothing is written",
	"slim app.zip -o small.zip",
	"write the small package",
	"slim build/ -o small.zip --zip small",
	"pack a directory as small as possible",
	"slim app.zip -o small.zip --keep 'templates/**'",
	"keep these, whatever rules say",
	"slim app.zip --json | jq .totals",
	"the report for a program",
	"slim - -o - <app.tar.gz >small.zip",
	"from standard input to standard output",
	NULL,
};

static const char *const why_examples[] = {
	"slim why app.zip numpy/__init__.py",
	"the chain of reasons from your code to the file",
	"slim why app.zip dist:pandas --frees",
	"what would go without pandas, and what it shares with others",
	"slim why app.zip botocore.session --all",
	"every direct reason for a module",
	NULL,
};

static const char *const rules_examples[] = {
	"slim rules",
	"list all rules",
	"slim rules app.zip",
	"the rules that spoke for this package, and what each changed",
	NULL,
};

static const char *const explain_examples[] = {
	"slim explain SLIM204", "what the code means", "slim explain", "list all codes", NULL,
};

static const char *const completions_examples[] = {
	"slim completions bash >~/.local/share/bash-completion/completions/slim",
	"install for bash",
	"slim completions zsh >~/.zfunc/_slim",
	"for zsh, with ~/.zfunc in $fpath",
	"slim completions fish >~/.config/fish/completions/slim.fish",
	"for fish",
	NULL,
};

static const char *const no_examples[] = { NULL };

const struct command command_table[] = {
	{
		.name = "pack",
		.operands = "PKG",
		.summary = "make a package small, or report what could go",
		.text = "PKG is a zip, a wheel, a tar in any compression, a directory, or - for standard "
			"input. "
			"slim drops what the function cannot need, strips libraries, and writes the same "
			"package "
			"smaller, byte for byte the same each time. When in doubt it keeps, and says so. "
			"'slim PKG' means 'slim pack PKG'.",
		.examples = pack_examples,
		.run = cmd_pack,
		.operand = OPERAND_PACKAGE,
		.least = 1,
		.most = 1,
		.options = FOR_PACK,
		.configured = true,
	},
	{
		.name = "why",
		.operands = "PKG NAME...",
		.summary = "tell why files stay or go, and what they bring along",
		.text = "NAME is a path in the package, a dotted module, a distribution, a directory, or the "
			"name of a library or its end; dist:NAME and module:NAME are always a distribution "
			"and a module. For what stays it shows the shortest chain from a file that stays by "
			"itself, and how much would go with each; for what goes the reason, and how to keep "
			"it. Nothing is written.",
		.examples = why_examples,
		.run = cmd_why,
		.operand = OPERAND_PACKAGE,
		.least = 2,
		.most = SIZE_MAX,
		.options = FOR_WHY,
		.configured = true,
	},
	{
		.name = "rules",
		.operands = "[PKG]",
		.summary = "list the rules, or what each changes in a package",
		.text = "Without PKG all rules are listed, with the sentence that says why, and where they "
			"stand. With it only those that spoke, and how many files and bytes went, stayed, or "
			"came along by their word. Nothing is written.",
		.examples = rules_examples,
		.run = cmd_rules,
		.operand = OPERAND_PACKAGE,
		.most = 1,
		.options = FOR_RULES,
		.configured = true,
	},
	{
		.name = "explain",
		.operands = "[CODE]...",
		.summary = "tell what a code of a report means",
		.text = "CODE is a number or a name as reports print them: SLIM204, 204 or test-suite. "
			"Without one, "
			"all are listed.",
		.examples = explain_examples,
		.run = cmd_explain,
		.operand = OPERAND_CODE,
		.most = SIZE_MAX,
		.options = FOR_OTHERS,
	},
	{
		.name = "completions",
		.operands = "bash|zsh|fish",
		.summary = "print a completion script for a shell",
		.text = "The script completes commands, options, their values and codes.",
		.examples = completions_examples,
		.run = cmd_completions,
		.operand = OPERAND_SHELL,
		.least = 1,
		.most = 1,
		.options = FOR_OTHERS,
	},
	{
		.name = "help",
		.operands = "[COMMAND]",
		.summary = "show help, for one command or for all",
		.text = "The same as --help behind the command.",
		.examples = no_examples,
		.run = cmd_help,
		.operand = OPERAND_COMMAND,
		.most = 1,
		.options = FOR_OTHERS,
	},
	{
		.name = "version",
		.operands = "",
		.summary = "show the version",
		.text = "The same as --version.",
		.examples = no_examples,
		.run = cmd_version,
		.options = FOR_OTHERS,
	},
};

const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

/* A word that is no command today but may be one tomorrow must not mean a path until then. */
static const char *const reserved[] = {
	"advise", "cdk",   "check",  "config", "convert", "dedupe",  "diff",   "doctor", "extract",
	"graph",  "init",  "layers", "lint",   "list",	  "measure", "merge",  "report", "sam",
	"sbom",	  "stats", "strip",  "trace",  "tree",	  "unpack",  "update", "verify",
};

const struct command *command_find(struct str name)
{
	for (size_t i = 0; i < command_count; i++)
		if (str_eq(name, str_of(command_table[i].name)))
			return &command_table[i];
	return NULL;
}

bool command_is_reserved(struct str word)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (str_eq(word, str_of(reserved[i])))
			return true;
	return false;
}

const char *command_nearest(struct str word)
{
	struct str names[sizeof(command_table) / sizeof(command_table[0])];
	ptrdiff_t nearest;

	for (size_t i = 0; i < command_count; i++)
		names[i] = str_of(command_table[i].name);
	nearest = text_nearest(word, names, command_count);
	return nearest < 0 ? NULL : names[nearest].ptr;
}

static int refuse_reserved(struct str word, struct err *err)
{
	return err_set(err, "'%.*s' is not yet part of this version; a path of that name is written ./%.*s",
		       STR_ARG(word), STR_ARG(word));
}

int command_unknown(struct str word, struct err *err)
{
	const char *nearest = command_nearest(word);
	char name[TEXT_NAME_MAX];

	if (command_is_reserved(word))
		return refuse_reserved(word, err);
	text_name(name, word);
	if (nearest)
		return err_set(err, "no command is called '%s'; did you mean '%s'?", name, nearest);
	return err_set(err, "no command is called '%s'; 'slim --help' lists them all", name);
}

/* The first operand as the path of a package. */
static int check_path(struct str path, bool may_be_name, struct err *err)
{
	const char *nearest = may_be_name ? command_nearest(path) : NULL;
	char name[TEXT_NAME_MAX];
	struct stat st;

	if (str_eq(path, STR("-")) || lstat(path.ptr, &st) == 0)
		return 0;
	text_name(name, path);
	if (nearest)
		return err_set(err, "there is no file '%s', and no such command; did you mean '%s'?", name,
			       nearest);
	if (!may_be_name || str_find(path, STR("/")) >= 0 || str_find(path, STR(".")) >= 0)
		return err_set(err, "there is no file '%s'", name);
	return err_set(err, "there is no file '%s', and no such command; 'slim --help' lists the commands",
		       name);
}

int command_choose(struct arguments *arguments, const struct command **out, struct err *err)
{
	struct str first = arguments->operands.at[0];
	bool may_be_name = arguments->literal > 0;

	*out = may_be_name ? command_find(first) : NULL;
	if (*out) {
		arguments->operands.at++;
		arguments->operands.len--;
		arguments->operands.cap--;
		return 0;
	}
	if (may_be_name && command_is_reserved(first))
		return refuse_reserved(first, err);
	*out = command_find(STR("pack"));
	return check_path(first, may_be_name, err);
}

int command_check(const struct command *command, const struct arguments *arguments, struct err *err)
{
	const struct settings *settings = &arguments->settings;
	size_t count = arguments->operands.len;
	char name[TEXT_NAME_MAX];

	for (size_t i = 0; i < settings->list.len; i++)
		if (!(settings->list.at[i].option->commands & command->options))
			return err_set(err, "%.*s means nothing to '%s'; see 'slim help %s'",
				       STR_ARG(settings->list.at[i].place), command->name, command->name);
	if (count < command->least)
		return err_set(err, "'slim %s' needs an operand: slim %s %s", command->name, command->name,
			       command->operands);
	if (count <= command->most)
		return 0;
	text_name(name, arguments->operands.at[command->most]);
	return err_set(err, "'%s' is one operand too many: slim %s %s", name, command->name,
		       command->operands);
}
