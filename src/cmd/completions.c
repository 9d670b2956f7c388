/*
 * Completion scripts. Each shell has a page in its own language, with {{places}} that are filled from the
 * tables of commands, options and codes: all that can change comes from there.
 */
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/output.h"
#include "model/code.h"

/* Fills one place of a page. */
struct filler {
	const char *place;
	void (*fill)(struct buf *out);
};

struct shell {
	const char *name;
	const char *page;
	const struct filler *fillers; /* its own, before those that all share */
};

static const char bash_page[] =
	"# bash completion for slim; made by: slim completions bash\n"
	"\n"
	"# Offers the words of $1 that begin as the current one does.\n"
	"_slim_words() {\n"
	"\tlocal IFS=$' \\t\\n' word\n"
	"\tfor word in $1; do\n"
	"\t\t[[ $word == \"$cur\"* ]] || continue\n"
	"\t\tCOMPREPLY+=(\"$prefix$word\")\n"
	"\t\t[[ $word != *= ]] || compopt -o nospace 2>/dev/null\n"
	"\tdone\n"
	"}\n"
	"\n"
	"# Offers files (-f) or directories (-d).\n"
	"_slim_files() {\n"
	"\tlocal name\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\twhile IFS= read -r name; do\n"
	"\t\tCOMPREPLY+=(\"$prefix$name\")\n"
	"\tdone < <(compgen \"$1\" -- \"$cur\")\n"
	"}\n"
	"\n"
	"# Offers a report format, and behind it a file.\n"
	"_slim_report() {\n"
	"\tif [[ $cur == *=* ]]; then\n"
	"\t\tprefix+=${cur%%=*}= cur=${cur#*=}\n"
	"\t\t_slim_files -f\n"
	"\telse\n"
	"\t\t_slim_words '{{formats=}}'\n"
	"\t\t_slim_files -f\n"
	"\tfi\n"
	"}\n"
	"\n"
	"# Offers values of the option $1; fails when it takes none.\n"
	"_slim_value() {\n"
	"\tcase $1 in\n"
	"{{values}}"
	"\t*) return 1 ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"# Sets command to the first operand before the current word.\n"
	"_slim_command() {\n"
	"\tlocal i\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t{{with-value}})\n"
	"\t\t\tif [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); else ((i += 1)); fi ;;\n"
	"\t\t=) ((i += 1)) ;;\n"
	"\t\t-*) ;;\n"
	"\t\t*) command=${COMP_WORDS[i]}; return ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_slim() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} prefix= command=\n"
	"\tCOMPREPLY=()\n"
	"\t# Readline makes '=' a word of its own, unless it was told not to.\n"
	"\tif [[ $cur == --*=* ]]; then\n"
	"\t\tbefore=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}\n"
	"\telif [[ $cur == = || ($before == = && $COMP_CWORD -gt 2) ]]; then\n"
	"\t\tif [[ $cur == = ]]; then cur=; else before=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
	"\t\tcase $before in\n"
	"\t\t{{formats}}) _slim_files -f; return ;;\n"
	"\t\tesac\n"
	"\tfi\n"
	"\t! _slim_value \"$before\" || return 0\n"
	"\n"
	"\t_slim_command\n"
	"\tcase $command:$cur in\n"
	"\t{{other-commands}}) _slim_words '{{other-options}}' ;;\n"
	"{{package-options}}"
	"\t*:-*) _slim_words '{{pack-options}}' ;;\n"
	"\t:*) _slim_words '{{commands}}'; _slim_files -f ;;\n"
	"\texplain:*) _slim_words '{{codes}}' ;;\n"
	"\tcompletions:*) _slim_words '{{shells}}' ;;\n"
	"\thelp:*) _slim_words '{{commands}}' ;;\n"
	"\tversion:*) ;;\n"
	"\t*) _slim_files -f ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"complete -F _slim slim\n";

static const char zsh_page[] = "#compdef slim\n"
			       "# zsh completion for slim; made by: slim completions zsh\n"
			       "\n"
			       "_slim_report() {\n"
			       "\tif compset -P '*='; then\n"
			       "\t\t_files\n"
			       "\telse\n"
			       "\t\tcompadd -S = -q -- {{formats-words}}\n"
			       "\tfi\n"
			       "}\n"
			       "\n"
			       "_slim() {\n"
			       "\tlocal curcontext=$curcontext state state_descr line\n"
			       "\ttypeset -A opt_args\n"
			       "\tlocal -a commands=(\n"
			       "{{described-commands}}"
			       "\t)\n"
			       "\tlocal -a codes=(\n"
			       "{{described-codes}}"
			       "\t)\n"
			       "\n"
			       "\t_arguments -C -s -S : \\\n"
			       "{{options}}"
			       "\t\t'1: :->first' \\\n"
			       "\t\t'*: :->rest' && return\n"
			       "\tcase $state in\n"
			       "\tfirst)\n"
			       "\t\t_describe -t commands command commands\n"
			       "\t\t_files ;;\n"
			       "\trest)\n"
			       "\t\tcase $line[1] in\n"
			       "\t\texplain) _describe -t codes code codes ;;\n"
			       "\t\tcompletions) compadd -- {{shells}} ;;\n"
			       "\t\thelp) _describe -t commands command commands ;;\n"
			       "\t\tversion) ;;\n"
			       "\t\t*) _files ;;\n"
			       "\t\tesac ;;\n"
			       "\tesac\n"
			       "}\n"
			       "\n"
			       "# Whether zsh loads it by name or it is sourced.\n"
			       "if [[ $funcstack[1] == _slim ]]; then\n"
			       "\t_slim \"$@\"\n"
			       "else\n"
			       "\tcompdef _slim slim\n"
			       "fi\n";

static const char fish_page[] =
	"# fish completion for slim; made by: slim completions fish\n"
	"\n"
	"{{described-commands}}"
	"{{described-codes}}"
	"complete -c slim -n '__fish_seen_subcommand_from completions' -f -a '{{shells}}'\n"
	"complete -c slim -n '__fish_seen_subcommand_from version' -f\n"
	"\n"
	"{{options}}";

/* --- what a value is, for a shell ------------------------------------------------------------- */

enum value_kind { VALUE_NONE, VALUE_WORDS, VALUE_FILE, VALUE_DIR, VALUE_REPORT, VALUE_FREE };

static enum value_kind value_kind(const struct option_info *option)
{
	static const enum value_kind kinds[] = {
		[OPTION_FLAG] = VALUE_NONE,	[OPTION_COUNT] = VALUE_NONE,
		[OPTION_CHOICE] = VALUE_WORDS,	[OPTION_NUMBER] = VALUE_FREE,
		[OPTION_SIZE] = VALUE_FREE,	[OPTION_PATH] = VALUE_FILE,
		[OPTION_PATTERNS] = VALUE_FILE, [OPTION_HANDLERS] = VALUE_FREE,
		[OPTION_DIRS] = VALUE_DIR,	[OPTION_REPORTS] = VALUE_REPORT,
	};

	return kinds[option->kind];
}

static bool is_repeatable(const struct option_info *option)
{
	return option->kind == OPTION_COUNT || option->kind == OPTION_REPORTS || option_is_list(option);
}

/* Adds the words, each with `suffix`. */
static void add_words(struct buf *out, const char *const *words, const char *separator, const char *suffix)
{
	for (size_t i = 0; words[i]; i++)
		buf_printf(out, "%s%s%s", i ? separator : "", words[i], suffix);
}

/* Adds text for the inside of single quotes; `special` characters get a backslash, a quote becomes `quote`.
 */
static void add_quoted(struct buf *out, const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		struct str c = { text, 1 };

		if (*text == '\'')
			buf_add(out, str_of(quote));
		else if (str_find(str_of(special), c) >= 0)
			buf_printf(out, "\\%c", *text);
		else
			buf_add(out, c);
	}
}

/* --- places that shells share ----------------------------------------------------------------- */

static const struct option_info *report_option(void)
{
	return option_find(STR("report"));
}

static void fill_formats(struct buf *out)
{
	add_words(out, report_option()->choices, "|", "");
}

static void fill_formats_words(struct buf *out)
{
	add_words(out, report_option()->choices, " ", "");
}

static void fill_formats_assigned(struct buf *out)
{
	add_words(out, report_option()->choices, " ", "=");
}

static void fill_commands(struct buf *out)
{
	for (size_t i = 0; i < command_count; i++)
		buf_printf(out, "%s%s", i ? " " : "", command_table[i].name);
}

/* The commands that take no package, as bash patterns. */
static void fill_bash_others(struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < command_count; i++) {
		if (command_table[i].operand == OPERAND_PACKAGE)
			continue;
		buf_printf(out, "%s%s:-*", before, command_table[i].name);
		before = "|";
	}
}

static void fill_codes(struct buf *out)
{
	for (size_t i = 0; i < code_count; i++)
		buf_printf(out, "%sSLIM%03d", i ? " " : "", (int)code_table[i].code);
}

static void fill_shells(struct buf *out)
{
	buf_add(out, STR("bash zsh fish"));
}

static const struct filler shared_fillers[] = {
	{ "formats", fill_formats },
	{ "formats-words", fill_formats_words },
	{ "formats=", fill_formats_assigned },
	{ "commands", fill_commands },
	{ "codes", fill_codes },
	{ "shells", fill_shells },
	{ NULL, NULL },
};

/* --- bash ------------------------------------------------------------------------------------- */

/* "-o|--output" */
static void add_bash_names(const struct option_info *option, struct buf *out)
{
	if (option->letter)
		buf_printf(out, "-%c|", option->letter);
	buf_printf(out, "--%s", option->name);
	if (option->alias)
		buf_printf(out, "|--%s", option->alias);
}

static void fill_bash_values(struct buf *out)
{
	static const char *const actions[] = {
		[VALUE_FILE] = "_slim_files -f",
		[VALUE_DIR] = "_slim_files -d",
		[VALUE_REPORT] = "_slim_report",
		[VALUE_FREE] = ":",
	};

	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		enum value_kind kind = value_kind(option);

		if (kind == VALUE_NONE)
			continue;
		buf_add(out, STR("\t"));
		add_bash_names(option, out);
		buf_add(out, STR(") "));
		if (kind == VALUE_WORDS) {
			buf_add(out, STR("_slim_words '"));
			add_words(out, option->choices, " ", "");
			buf_add(out, STR("'"));
		} else {
			buf_add(out, str_of(actions[kind]));
		}
		buf_add(out, STR(" ;;\n"));
	}
}

static void fill_bash_with_value(struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < option_count; i++) {
		if (value_kind(&option_table[i]) == VALUE_NONE)
			continue;
		buf_add(out, str_of(before));
		add_bash_names(&option_table[i], out);
		before = "|";
	}
}

static void add_bash_options(unsigned commands, struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < option_count; i++) {
		if (!(option_table[i].commands & commands))
			continue;
		buf_printf(out, "%s--%s", before, option_table[i].name);
		if (option_table[i].letter)
			buf_printf(out, " -%c", option_table[i].letter);
		before = " ";
	}
}

static void fill_bash_pack_options(struct buf *out)
{
	add_bash_options(FOR_PACK, out);
}

static void fill_bash_other_options(struct buf *out)
{
	add_bash_options(FOR_OTHERS, out);
}

/* Commands that take a package, but not the options of pack. */
static void fill_bash_package_options(struct buf *out)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];

		if (command->operand != OPERAND_PACKAGE || command->options & FOR_PACK)
			continue;
		buf_printf(out, "\t%s:-*) _slim_words '", command->name);
		add_bash_options(command->options, out);
		buf_add(out, STR("' ;;\n"));
	}
}

static const struct filler bash_fillers[] = {
	{ "values", fill_bash_values },
	{ "with-value", fill_bash_with_value },
	{ "package-options", fill_bash_package_options },
	{ "pack-options", fill_bash_pack_options },
	{ "other-options", fill_bash_other_options },
	{ "other-commands", fill_bash_others },
	{ NULL, NULL },
};

/* --- zsh -------------------------------------------------------------------------------------- */

static void fill_zsh_commands(struct buf *out)
{
	for (size_t i = 0; i < command_count; i++) {
		buf_printf(out, "\t\t'%s:", command_table[i].name);
		add_quoted(out, command_table[i].summary, "\\", "'\\''");
		buf_add(out, STR("'\n"));
	}
}

static void fill_zsh_codes(struct buf *out)
{
	for (size_t i = 0; i < code_count; i++) {
		buf_printf(out, "\t\t'SLIM%03d:", (int)code_table[i].code);
		add_quoted(out, code_table[i].title, "\\", "'\\''");
		buf_add(out, STR("'\n"));
	}
}

/* The names of one option, as _arguments wants them: '(-o --output)'{-o+,--output=}, or '*--keep='. */
static void add_zsh_names(const struct option_info *option, struct buf *out)
{
	bool value = value_kind(option) != VALUE_NONE;

	if (!option->letter) {
		buf_printf(out, "'%s--%s%s", is_repeatable(option) ? "*" : "", option->name,
			   value ? "=" : "");
		return;
	}
	if (is_repeatable(option))
		buf_add(out, STR("'*'"));
	else
		buf_printf(out, "'(-%c --%s)'", option->letter, option->name);
	buf_printf(out, "{-%c%s,--%s%s}'", option->letter, value ? "+" : "", option->name, value ? "=" : "");
}

static void fill_zsh_options(struct buf *out)
{
	static const char *const actions[] = {
		[VALUE_FILE] = "_files",
		[VALUE_DIR] = "_files -/",
		[VALUE_REPORT] = "_slim_report",
		[VALUE_FREE] = " ",
	};

	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		enum value_kind kind = value_kind(option);

		buf_add(out, STR("\t\t"));
		add_zsh_names(option, out);
		buf_add(out, STR("["));
		add_quoted(out, option->help, "\\[]", "'\\''");
		buf_add(out, STR("]"));
		if (kind == VALUE_WORDS) {
			buf_printf(out, ":%s:(", option->name);
			add_words(out, option->choices, " ", "");
			buf_add(out, STR(")"));
		} else if (kind != VALUE_NONE) {
			buf_printf(out, ":%s:%s", option->argument, actions[kind]);
		}
		buf_add(out, STR("' \\\n"));
	}
}

static const struct filler zsh_fillers[] = {
	{ "described-commands", fill_zsh_commands },
	{ "described-codes", fill_zsh_codes },
	{ "options", fill_zsh_options },
	{ NULL, NULL },
};

/* --- fish ------------------------------------------------------------------------------------- */

static void fill_fish_commands(struct buf *out)
{
	static const char *const when[] = { "__fish_use_subcommand",
					    "'__fish_seen_subcommand_from help' -f" };

	for (size_t w = 0; w < sizeof(when) / sizeof(when[0]); w++) {
		for (size_t i = 0; i < command_count; i++) {
			buf_printf(out, "complete -c slim -n %s -a %s -d '", when[w], command_table[i].name);
			add_quoted(out, command_table[i].summary, "\\", "\\'");
			buf_add(out, STR("'\n"));
		}
	}
}

static void fill_fish_codes(struct buf *out)
{
	for (size_t i = 0; i < code_count; i++) {
		buf_printf(out,
			   "complete -c slim -n '__fish_seen_subcommand_from explain' -f -a SLIM%03d -d '",
			   (int)code_table[i].code);
		add_quoted(out, code_table[i].title, "\\", "\\'");
		buf_add(out, STR("'\n"));
	}
}

/* When an option is offered: behind the commands that take it; those of pack behind no command as well. */
static void add_fish_condition(const struct option_info *option, struct buf *out)
{
	bool packs = option->commands & FOR_PACK;

	if (option->commands == FOR_ALL)
		return;
	buf_printf(out, " -n '%s__fish_seen_subcommand_from", packs ? "not " : "");
	for (size_t i = 0; i < command_count; i++)
		if (!(option->commands & command_table[i].options) == packs)
			buf_printf(out, " %s", command_table[i].name);
	buf_add(out, STR("'"));
}

static void fill_fish_options(struct buf *out)
{
	static const char *const values[] = {
		[VALUE_NONE] = "",
		[VALUE_WORDS] = " -x -a '",
		[VALUE_FILE] = " -r -F",
		[VALUE_DIR] = " -x -a '(__fish_complete_directories)'",
		[VALUE_REPORT] = " -r -F -a '",
		[VALUE_FREE] = " -x",
	};

	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		enum value_kind kind = value_kind(option);

		buf_add(out, STR("complete -c slim"));
		add_fish_condition(option, out);
		if (option->letter)
			buf_printf(out, " -s %c", option->letter);
		buf_printf(out, " -l %s%s", option->name, values[kind]);
		if (kind == VALUE_WORDS || kind == VALUE_REPORT) {
			add_words(out, option->choices, " ", kind == VALUE_REPORT ? "=" : "");
			buf_add(out, STR("'"));
		}
		buf_add(out, STR(" -d '"));
		add_quoted(out, option->help, "\\", "\\'");
		buf_add(out, STR("'\n"));
	}
}

static const struct filler fish_fillers[] = {
	{ "described-commands", fill_fish_commands },
	{ "described-codes", fill_fish_codes },
	{ "options", fill_fish_options },
	{ NULL, NULL },
};

/* --- the command ------------------------------------------------------------------------------ */

static const struct shell shells[] = {
	{ "bash", bash_page, bash_fillers },
	{ "zsh", zsh_page, zsh_fillers },
	{ "fish", fish_page, fish_fillers },
};

static bool fill(const struct filler *fillers, struct str place, struct buf *out)
{
	for (; fillers->place; fillers++) {
		if (str_eq(place, str_of(fillers->place))) {
			fillers->fill(out);
			return true;
		}
	}
	return false;
}

static void add_page(const struct shell *shell, struct buf *out)
{
	struct str page = str_of(shell->page);
	ptrdiff_t open;

	while ((open = str_find(page, STR("{{"))) >= 0) {
		struct str place = str_from(page, (size_t)open + 2);
		ptrdiff_t close = str_find(place, STR("}}"));

		buf_add(out, str_head(page, (size_t)open));
		page = str_from(place, (size_t)close + 2);
		place = str_head(place, (size_t)close);
		if (!fill(shell->fillers, place, out))
			(void)fill(shared_fillers, place, out);
	}
	buf_add(out, page);
}

int cmd_completions(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	struct str name = options->operands.at[0];
	struct buf out = { .arena = arena };
	char text[TEXT_NAME_MAX];

	(void)status;
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (str_eq(name, str_of(shells[i].name))) {
			add_page(&shells[i], &out);
			return output_write(STDOUT_FILENO, buf_str(&out), err);
		}
	}
	text_name(text, name);
	return err_set(err, "there are no completions for '%s'; choose bash, zsh or fish", text);
}
