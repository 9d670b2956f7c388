#include "cmd/config.h"
#include "cmd/options.h"

static int set_all(const struct settings *settings, struct options *out, struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < settings->list.len; i++)
		if (option_set(out, &settings->list.at[i], arena, err))
			return -1;
	return 0;
}

static bool is_given(const struct arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->settings.list.len; i++)
		if (arguments->settings.list.at[i].option == option_find(str_of(name)))
			return true;
	return false;
}

/* What two options together cannot mean. */
static int check_together(const struct arguments *arguments, const struct options *options, struct err *err)
{
	if (options->no_config && is_given(arguments, "config"))
		return err_set(err, "--config and --no-config contradict each other; leave one out");
	if (options->json && str_eq(options->output, STR("-")) && !options->dry_run)
		return err_set(err,
			       "--json and --output - both want standard output; use --report json=FILE");
	return 0;
}

/* The file that --config, SLIM_CONFIG or the search names, into options->config. */
static int read_config(struct options *options, struct arena *arena, struct settings *out, struct err *err)
{
	if (options->no_config) {
		options->config = STR("");
		return 0;
	}
	if (options->config.len == 0 && config_find(options->environment, arena, &options->config, err))
		return -1;
	return options->config.len ? config_read(options->config, arena, out, err) : 0;
}

int options_gather(const struct arguments *arguments, bool configured, char *const environment[],
		   struct arena *arena, struct options *out, struct err *err)
{
	struct settings variables = { 0 };
	struct settings file = { 0 };
	struct options named;

	/* First only to learn which file is meant, and that the command line is sound. */
	options_default(&named);
	named.environment = environment;
	if (configured)
		environment_settings(environment, arena, &variables);
	if (set_all(&variables, &named, arena, err) || set_all(&arguments->settings, &named, arena, err))
		return -1;
	if (check_together(arguments, &named, err) || (configured && read_config(&named, arena, &file, err)))
		return -1;

	options_default(out);
	if (set_all(&file, out, arena, err) || set_all(&variables, out, arena, err) ||
	    set_all(&arguments->settings, out, arena, err))
		return -1;
	out->config = named.config;
	out->operands = arguments->operands;
	out->environment = environment;
	return 0;
}
