#include "cmd/help.h"

#include <unistd.h>

#include "base/arena.h"
#include "cmd/output.h"

#ifndef SLIM_VERSION
#define SLIM_VERSION "unknown"
#endif

/* Where the second column of lists begins. */
enum { COLUMN = 26 };

static const char *const section_titles[] = {
	[SECTION_OUTPUT] = "Output",
	[SECTION_TARGET] = "Target",
	[SECTION_CONTENT] = "What goes and what stays",
	[SECTION_REPORT] = "Report",
	[SECTION_CHECKS] = "Checks",
	[SECTION_GENERAL] = "General",
};

/* "  name      text", the text wrapped in its column, on a line of its own where the name is long. */
static void add_row(struct buf *out, struct str name, const char *text)
{
	buf_add(out, name);
	if (name.len + 2 > COLUMN) {
		buf_add(out, STR("\n"));
		name.len = 0;
	}
	buf_fill(out, ' ', COLUMN - name.len);
	output_wrap(out, str_of(text), COLUMN, COLUMN);
}

/* "  -o, --output FILE" */
static struct str option_synopsis(const struct option_info *option, struct arena *arena)
{
	struct str argument = option_argument(option, arena);
	struct str letter = option->letter ? str_fmt(arena, "-%c, ", option->letter) : STR("    ");

	return str_fmt(arena, "  %.*s--%s%s%.*s", STR_ARG(letter), option->name, argument.len ? " " : "",
		       STR_ARG(argument));
}

static void add_examples(const char *const *examples, struct buf *out)
{
	if (examples[0])
		buf_add(out, STR("\nExamples:\n"));
	for (; examples[0]; examples += 2)
		buf_printf(out, "  %s\n      %s\n", examples[0], examples[1]);
}

void help_brief(struct buf *out)
{
	buf_add(out, STR("slim: small AWS Lambda packages that still work\n\n"
			 "  slim app.zip                report what would go; nothing is written\n"
			 "  slim app.zip -o small.zip   write the small package\n"
			 "  slim explain SLIM204        tell what a code of a report means\n"
			 "  slim --help                 all commands and options\n\n"
			 "The package may be a zip, a wheel, a tar, a directory, or - for standard\n"
			 "input. Nothing leaves this machine.\n"));
}

void help_main(struct buf *out)
{
	enum option_section section = SECTION_GENERAL;

	buf_add(out, STR("slim: small AWS Lambda packages that still work\n"));
	add_examples(command_table[0].examples, out);
	buf_add(out, STR("\nUsage:\n"
			 "  slim [OPTION]... PKG        the same as: slim pack [OPTION]... PKG\n"
			 "  slim COMMAND [OPTION]... [OPERAND]...\n"
			 "\nCommands:\n"));
	for (size_t i = 0; i < command_count; i++)
		add_row(out, str_fmt(out->arena, "  %s %s", command_table[i].name, command_table[i].operands),
			command_table[i].summary);
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];

		if (i == 0 || option->section != section)
			buf_printf(out, "\n%s:\n", section_titles[option->section]);
		section = option->section;
		add_row(out, option_synopsis(option, out->arena), option->help);
	}
	buf_add(out, STR("\n"));
	output_wrap(out,
		    STR("Options may stand anywhere; -- ends them. Many can also be set in slim.yaml and in "
			"SLIM_... "
			"variables: see slim(1) and slim.yaml(5)."),
		    0, 0);
	buf_add(out, STR("Exit status: 0 done; 1 a check failed; 2 could not run.\n"));
}

/* The whole of what there is to say on an option, as the man page has it. */
static void add_option(const struct option_info *option, struct buf *out)
{
	struct str synopsis = option_synopsis(option, out->arena);
	struct str text = str_fmt(out->arena, "%c%s. %s", option->help[0] - 'a' + 'A', option->help + 1,
				  option->detail);

	buf_printf(out, "%.*s\n", STR_ARG(synopsis));
	buf_fill(out, ' ', 8);
	output_wrap(out, text, 8, 8);
}

void help_command(const struct command *command, struct buf *out)
{
	buf_printf(out, "slim %s: %s\n", command->name, command->summary);
	add_examples(command->examples, out);
	buf_printf(out, "\nUsage:\n  slim %s [OPTION]...%s%s\n\n", command->name,
		   command->operands[0] ? " " : "", command->operands);
	output_wrap(out, str_of(command->text), 0, 0);
	buf_add(out, STR("\nOptions:\n"));
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].commands & command->options)
			add_option(&option_table[i], out);
}

int cmd_help(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	struct buf out = { .arena = arena };
	const struct command *command;

	(void)status;
	if (options->operands.len == 0) {
		help_main(&out);
		return output_write(STDOUT_FILENO, buf_str(&out), err);
	}
	command = command_find(options->operands.at[0]);
	if (!command)
		return command_unknown(options->operands.at[0], err);
	help_command(command, &out);
	return output_write(STDOUT_FILENO, buf_str(&out), err);
}

int cmd_version(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	(void)options;
	(void)arena;
	(void)status;
	return output_write(STDOUT_FILENO, STR("slim " SLIM_VERSION "\n"), err);
}
