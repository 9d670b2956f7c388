#include "cmd/options.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

static const char *const zip_choices[] = { "fast", "small", "canonical", NULL };
static const char *const strip_choices[] = { "auto", "debug", "off", NULL };
static const char *const link_choices[] = { "auto", "off", NULL };
static const char *const when_choices[] = { "auto", "always", "never", NULL };
static const char *const runtime_choices[] = { "python3.8",  "python3.9",  "python3.10",
					       "python3.11", "python3.12", "python3.13",
					       "python3.14", "python3.15", NULL };
static const char *const arch_choices[] = { "x86_64", "arm64", NULL };
static const char *const report_choices[] = { "text", "json", "md", NULL };

#define FIELD(name) offsetof(struct options, name)

const struct option_info option_table[] = {
	{
		.name = "output",
		.letter = 'o',
		.section = SECTION_OUTPUT,
		.kind = OPTION_PATH,
		.argument = "FILE",
		.field = FIELD(output),
		.commands = FOR_PACK,
		.help = "write the package; without it, only report",
		.detail = "FILE becomes a zip, or a directory when it ends in '/' or is one already; - is "
			  "standard output, and "
			  "the report then goes to standard error. The output appears whole or not at all.",
	},
	{
		.name = "dry-run",
		.letter = 'n',
		.section = SECTION_OUTPUT,
		.kind = OPTION_FLAG,
		.field = FIELD(dry_run),
		.commands = FOR_PACK,
		.help = "report only, even with --output",
		.detail = "Nothing is written but reports.",
	},
	{
		.name = "force",
		.letter = 'f',
		.section = SECTION_OUTPUT,
		.kind = OPTION_FLAG,
		.field = FIELD(force),
		.commands = FOR_PACK,
		.help = "replace the input itself or a full directory",
		.detail = "Without it slim refuses an output that is its own input, and an output directory "
			  "that is not "
			  "empty.",
	},
	{
		.name = "zip",
		.section = SECTION_OUTPUT,
		.kind = OPTION_CHOICE,
		.choices = zip_choices,
		.field = FIELD(zip),
		.commands = FOR_PACK,
		.sources = IN_BOTH,
		.help = "how to compress (default: fast)",
		.detail = "fast copies members that did not change as they were compressed; small tries the "
			  "strongest deflate on "
			  "everything and takes the smallest; canonical compresses everything anew, so that "
			  "the bytes depend on "
			  "the contents alone.",
	},

	{
		.name = "handler",
		.section = SECTION_TARGET,
		.kind = OPTION_HANDLERS,
		.argument = "M.F",
		.field = FIELD(handlers),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "the function that Lambda calls, as app.handler (repeatable)",
		.detail = "Name each one where functions share the package. Without it, the SAM or "
			  "CloudFormation template beside the package tells, else "
			  "lambda_function.lambda_handler is taken where it exists.",
	},
	{
		.name = "runtime",
		.section = SECTION_TARGET,
		.kind = OPTION_CHOICE,
		.argument = "python3.N",
		.choices = runtime_choices,
		.first = 8,
		.field = FIELD(runtime_minor),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "the Lambda runtime, as python3.13",
		.detail = "From python3.8 to python3.15. Without it, the template tells, else what the "
			  "extension modules of the package were built for.",
	},
	{
		.name = "arch",
		.section = SECTION_TARGET,
		.kind = OPTION_CHOICE,
		.choices = arch_choices,
		.first = ARCH_X86_64,
		.field = FIELD(arch),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "the architecture of the function",
		.detail = "Without it, the template tells, else the extension modules of the package.",
	},
	{
		.name = "ld-library-path",
		.section = SECTION_TARGET,
		.kind = OPTION_PATH,
		.argument = "DIRS",
		.field = FIELD(library_path),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "the function's own LD_LIBRARY_PATH",
		.detail = "Directories with ':' between them, where the function's configuration sets the "
			  "variable in "
			  "place of Lambda's. Without it, the template tells.",
	},

	{
		.name = "keep",
		.section = SECTION_CONTENT,
		.kind = OPTION_PATTERNS,
		.argument = "GLOB",
		.field = FIELD(keep),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "keep what matches, whatever else speaks against it (repeatable)",
		.detail = "GLOB is a pattern of gitignore(5), matched in the package; dist:NAME stands for a "
			  "distribution and "
			  "module:NAME for a module or package. Quote it for the shell.",
	},
	{
		.name = "drop",
		.section = SECTION_CONTENT,
		.kind = OPTION_PATTERNS,
		.argument = "GLOB",
		.field = FIELD(drop),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "drop what matches, unless --keep matches too (repeatable)",
		.detail = "The same patterns as of --keep.",
	},
	{
		.name = "no-prune",
		.section = SECTION_CONTENT,
		.kind = OPTION_FLAG,
		.field = FIELD(no_prune),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "keep modules that nothing imports",
		.detail = "Only what rules and --drop name goes, and all else of every distribution stays.",
	},
	{
		.name = "prune-app",
		.section = SECTION_CONTENT,
		.kind = OPTION_FLAG,
		.field = FIELD(prune_app),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "drop modules of your own that no handler imports, too",
		.detail = "Without it all files of your own stay, and what they import.",
	},
	{
		.name = "strip",
		.section = SECTION_CONTENT,
		.kind = OPTION_CHOICE,
		.choices = strip_choices,
		.field = FIELD(strip),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "what to strip from ELF files (default: auto)",
		.detail =
			"auto takes all that the loader never reads, debug only debug sections, off nothing.",
	},
	{
		.name = "link",
		.section = SECTION_CONTENT,
		.kind = OPTION_CHOICE,
		.choices = link_choices,
		.field = FIELD(link),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "copies of a library become links (default: auto)",
		.detail = "auto makes relative symbolic links of copies of one shared library that lie in "
			  "one directory under its several names; off leaves them. Files that --keep names, "
			  "and a FILE that ends in .whl, get none.",
	},
	{
		.name = "drop-licenses",
		.alias = "drop-licences",
		.section = SECTION_CONTENT,
		.kind = OPTION_FLAG,
		.field = FIELD(drop_licenses),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "drop licence texts too",
		.detail =
			"Many licences ask that their text goes along with copies: that is for you to judge.",
	},
	{
		.name = "rules",
		.section = SECTION_CONTENT,
		.kind = OPTION_DIRS,
		.argument = "DIR",
		.field = FIELD(rules),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "read more rules from DIR/*.yaml (repeatable)",
		.detail = "They are read after the built-in ones and win over them.",
	},

	{
		.name = "json",
		.section = SECTION_REPORT,
		.kind = OPTION_FLAG,
		.field = FIELD(json),
		.commands = FOR_PLAN,
		.help = "report as JSON on standard output",
		.detail = "It takes the place of the text.",
	},
	{
		.name = "report",
		.section = SECTION_REPORT,
		.kind = OPTION_REPORTS,
		.argument = "FORMAT=FILE",
		.choices = report_choices,
		.field = FIELD(reports),
		.commands = FOR_PACK,
		.help = "write a report to FILE as well (repeatable)",
		.detail = "FORMAT is text, json or md; without 'FORMAT=' it follows from the extension .txt, "
			  ".json or .md.",
	},
	{
		.name = "quiet",
		.letter = 'q',
		.section = SECTION_REPORT,
		.kind = OPTION_FLAG,
		.field = FIELD(quiet),
		.commands = FOR_PACK,
		.help = "errors only",
		.detail = "Reports that were asked for by --json or --report are still written.",
	},
	{
		.name = "verbose",
		.letter = 'v',
		.section = SECTION_REPORT,
		.kind = OPTION_COUNT,
		.field = FIELD(verbose),
		.commands = FOR_PLAN,
		.help = "say more; twice: every file with its reason",
		.detail = "Once, it shows groups that are otherwise summed up.",
	},
	{
		.name = "color",
		.alias = "colour",
		.section = SECTION_REPORT,
		.kind = OPTION_CHOICE,
		.choices = when_choices,
		.field = FIELD(color),
		.commands = FOR_PLAN,
		.help = "when to colour (default: auto)",
		.detail = "auto colours only on a terminal; see ENVIRONMENT in slim(1).",
	},
	{
		.name = "all",
		.section = SECTION_REPORT,
		.kind = OPTION_FLAG,
		.field = FIELD(all),
		.commands = FOR_WHY,
		.help = "show every direct reason, each with its chain (why)",
		.detail = "A chain that was shown before ends in (*) and is not shown again.",
	},
	{
		.name = "frees",
		.section = SECTION_REPORT,
		.kind = OPTION_FLAG,
		.field = FIELD(frees),
		.commands = FOR_WHY,
		.help = "show what would go with it, and what it shares (why)",
		.detail = "By distribution, largest first.",
	},

	{
		.name = "strict",
		.section = SECTION_CHECKS,
		.kind = OPTION_FLAG,
		.field = FIELD(strict),
		.commands = FOR_PACK,
		.sources = IN_BOTH,
		.help = "exit 1 when the package has problems (SLIM1xx)",
		.detail = "Without it they are only reported.",
	},
	{
		.name = "exit-zero",
		.section = SECTION_CHECKS,
		.kind = OPTION_FLAG,
		.field = FIELD(exit_zero),
		.commands = FOR_PACK,
		.sources = IN_BOTH,
		.help = "exit 0 where a failed check would give 1",
		.detail = "What could not run still exits 2.",
	},
	{
		.name = "max-unpacked",
		.section = SECTION_CHECKS,
		.kind = OPTION_SIZE,
		.argument = "SIZE",
		.field = FIELD(max_unpacked),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "refuse input that unpacks to more (default: 2 GiB)",
		.detail = "A guard against decompression bombs. The default is about 8 times what Lambda "
			  "accepts. SIZE is a number "
			  "of bytes, or has a unit: 500M, 1.5 GiB.",
	},

	{
		.name = "jobs",
		.letter = 'j',
		.section = SECTION_GENERAL,
		.kind = OPTION_NUMBER,
		.argument = "N",
		.field = FIELD(jobs),
		.commands = FOR_PLAN,
		.sources = IN_BOTH,
		.help = "use N threads (default: one a processor)",
		.detail = "From 1 to 256; 0 is the default. The result never depends on it.",
	},
	{
		.name = "config",
		.section = SECTION_GENERAL,
		.kind = OPTION_PATH,
		.argument = "FILE",
		.field = FIELD(config),
		.commands = FOR_PLAN,
		.sources = IN_ENVIRONMENT,
		.help = "read FILE instead of searching for slim.yaml",
		.detail = "Without it slim.yaml is searched upward from the current directory to the root of "
			  "the repository.",
	},
	{
		.name = "no-config",
		.section = SECTION_GENERAL,
		.kind = OPTION_FLAG,
		.field = FIELD(no_config),
		.commands = FOR_PLAN,
		.help = "read no slim.yaml",
		.detail = "Environment variables still count.",
	},
	{
		.name = "help",
		.letter = 'h',
		.section = SECTION_GENERAL,
		.kind = OPTION_FLAG,
		.field = FIELD(help),
		.commands = FOR_ALL,
		.help = "show help; behind a command, help for it",
		.detail = "The same as the command help.",
	},
	{
		.name = "version",
		.letter = 'V',
		.section = SECTION_GENERAL,
		.kind = OPTION_FLAG,
		.field = FIELD(version),
		.commands = FOR_ALL,
		.help = "show the version",
		.detail = "The same as the command version.",
	},
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

/* Enums are written through an int pointer, by their place in choices. */
_Static_assert(sizeof(enum zip_mode) == sizeof(int) && sizeof(enum strip_choice) == sizeof(int) &&
		       sizeof(enum link_choice) == sizeof(int) && sizeof(enum when) == sizeof(int) &&
		       sizeof(enum arch) == sizeof(int),
	       "choices are stored as int");

const struct option_info *option_find(struct str name)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];

		if (str_eq(name, str_of(option->name)) ||
		    (option->alias && str_eq(name, str_of(option->alias))))
			return option;
	}
	return NULL;
}

const struct option_info *option_by_letter(char letter)
{
	for (size_t i = 0; i < option_count; i++)
		if (letter && option_table[i].letter == letter)
			return &option_table[i];
	return NULL;
}

const char *option_nearest(struct str name, unsigned sources)
{
	struct str names[sizeof(option_table) / sizeof(option_table[0])];
	size_t count = 0;
	ptrdiff_t nearest;

	for (size_t i = 0; i < option_count; i++)
		if (!sources || (option_table[i].sources & sources))
			names[count++] = str_of(option_table[i].name);
	nearest = text_nearest(name, names, count);
	/* A name that was only begun is too far away by distance. */
	for (size_t i = 0; nearest < 0 && i < count; i++)
		if (name.len >= 2 && str_starts(names[i], name))
			nearest = (ptrdiff_t)i;
	return nearest < 0 ? NULL : names[nearest].ptr;
}

bool option_takes_value(const struct option_info *option)
{
	return option->kind != OPTION_FLAG && option->kind != OPTION_COUNT;
}

bool option_is_list(const struct option_info *option)
{
	return option->kind == OPTION_PATTERNS || option->kind == OPTION_HANDLERS ||
	       option->kind == OPTION_DIRS;
}

struct str option_argument(const struct option_info *option, struct arena *arena)
{
	struct str out = str_of(option->argument);

	if (option->argument || !option_takes_value(option))
		return out;
	for (size_t i = 0; option->choices[i]; i++)
		out = str_fmt(arena, "%.*s%s%s", STR_ARG(out), i ? "|" : "", option->choices[i]);
	return out;
}

struct str option_variable(const struct option_info *option, struct arena *arena)
{
	struct str name = str_of(option->name);
	char *out = arena_alloc(arena, name.len + sizeof("SLIM_"), 1);

	for (size_t i = 0; i < 5; i++)
		out[i] = "SLIM_"[i];
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		out[5 + i] = c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (struct str){ out, name.len + 5 };
}
