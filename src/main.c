/*
 * The way in: finds the command, lets it work, prints the one error, exits.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/commands.h"
#include "cmd/help.h"
#include "cmd/output.h"

extern char **environ;

static bool is_asked(const struct arguments *arguments, const char *option)
{
	for (size_t i = 0; i < arguments->settings.list.len; i++)
		if (arguments->settings.list.at[i].option == option_find(str_of(option)))
			return true;
	return false;
}

/* --help and --version need no command, and no operands that make sense. */
static int answer(const struct arguments *arguments, struct arena *arena, struct err *err)
{
	bool named = arguments->operands.len && arguments->literal > 0;
	struct str word = named ? arguments->operands.at[0] : STR("");
	const struct command *command = named ? command_find(word) : NULL;
	struct buf out = { .arena = arena };

	if (named && command_is_reserved(word))
		return command_unknown(word, err);
	if (!is_asked(arguments, "help"))
		return cmd_version(NULL, arena, err, NULL);
	if (command)
		help_command(command, &out);
	else
		help_main(&out);
	return output_write(STDOUT_FILENO, buf_str(&out), err);
}

static int run(char *const argv[], struct arena *arena, struct err *err, int *status)
{
	const struct command *command;
	struct arguments arguments;
	struct options options;

	if (arguments_parse(argv, arena, &arguments, err))
		return -1;
	if (is_asked(&arguments, "help") || is_asked(&arguments, "version"))
		return answer(&arguments, arena, err);
	if (arguments.operands.len == 0) {
		struct buf out = { .arena = arena };

		if (arguments.settings.list.len)
			return err_set(err, "no package is named: slim [OPTION]... PKG; see 'slim --help'");
		help_brief(&out);
		*status = STATUS_COULD_NOT_RUN;
		return output_write(STDERR_FILENO, buf_str(&out), err);
	}
	if (command_choose(&arguments, &command, err) || command_check(command, &arguments, err))
		return -1;
	if (options_gather(&arguments, command->configured, environ, arena, &options, err))
		return -1;
	return command->run(&options, arena, err, status);
}

int main(int argc, char *argv[])
{
	struct arena arena = { 0 };
	struct err err;
	int status = STATUS_DONE;

	output_reserve_streams();
	if (run(argc ? argv + 1 : argv, &arena, &err, &status) || output_close(&err)) {
		(void)fprintf(stderr, "slim: error: %s\n", err.msg);
		status = STATUS_COULD_NOT_RUN;
	}
	arena_free(&arena);
	return status;
}
