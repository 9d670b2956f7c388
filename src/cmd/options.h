/*
 * The command line: one table of options, from which parsing, slim.yaml keys, SLIM_ environment variables,
 * help, completions and the man page's list come. Parses; never acts.
 *
 * The way of a value: command line, environment and slim.yaml each become a list of settings; the lists are
 * applied file first, then environment, then command line. A later single value replaces an earlier one;
 * lists extend, so that of two patterns the one nearer to the user has the last word.
 */
#ifndef SLIM_CMD_OPTIONS_H
#define SLIM_CMD_OPTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/target.h"

enum zip_mode { ZIP_FAST, ZIP_SMALL, ZIP_CANONICAL };
enum strip_choice { STRIP_CHOICE_AUTO, STRIP_CHOICE_DEBUG, STRIP_CHOICE_OFF };
enum link_choice { LINK_CHOICE_AUTO, LINK_CHOICE_OFF };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum { JOBS_MOST = 256 };

/* A value and where it was given: "--drop 'x'", "slim.yaml:12:5", "SLIM_DROP". place is printable. */
struct given {
	struct str value;
	struct str place;
};

struct report_request {
	struct str format; /* "text", "json", "md" */
	struct str path;
};

/* Lists that options fill; vec_push works on them. */
struct str_list {
	struct str *at;
	size_t len;
	size_t cap;
};

struct given_list {
	struct given *at;
	size_t len;
	size_t cap;
};

struct report_list {
	struct report_request *at;
	size_t len;
	size_t cap;
};

/* Every string in here has a NUL behind it that len does not count. */
struct options {
	struct str_list operands; /* without the command's name */
	struct str output;	  /* "" when not given */
	bool dry_run;
	bool force;
	bool quiet;
	int verbose;
	int jobs;		    /* 0: as many as processors */
	struct given_list handlers; /* "app.handler", not yet looked for */
	unsigned runtime_minor;	    /* the N of Python 3.N; 0 when not given */
	enum arch arch;		    /* ARCH_ANY when not given */
	struct str library_path;    /* "" when not given */
	bool no_prune;
	bool prune_app;
	struct given_list keep;
	struct given_list drop;
	enum strip_choice strip;
	enum link_choice link;
	enum zip_mode zip;
	bool drop_licenses;
	uint64_t max_unpacked; /* bytes */
	struct str_list rules;
	struct str config; /* the file that was read, "" for none */
	bool no_config;
	bool json;
	struct report_list reports;
	bool strict;
	bool exit_zero;
	enum when color;
	bool all;   /* of why */
	bool frees; /* of why */
	bool help;
	bool version;
	char *const *environment; /* "NAME=value", NULL at the end */
};

/* --- the table ------------------------------------------------------------------------------- */

/* How a value is read, and the type of its field in struct options. */
enum option_kind {
	OPTION_FLAG,	 /* bool */
	OPTION_COUNT,	 /* int: how often it was given */
	OPTION_CHOICE,	 /* an enum, numbered as in choices, from `first` on */
	OPTION_NUMBER,	 /* int, 0 to JOBS_MOST */
	OPTION_SIZE,	 /* uint64_t */
	OPTION_PATH,	 /* struct str */
	OPTION_PATTERNS, /* struct given_list */
	OPTION_HANDLERS, /* struct given_list */
	OPTION_DIRS,	 /* struct str_list; in slim.yaml relative to that file */
	OPTION_REPORTS,	 /* struct report_list */
};

/* Which commands take an option. */
enum {
	FOR_PACK = 1,
	FOR_OTHERS = 2,
	FOR_WHY = 4,
	FOR_RULES = 8,
	FOR_PLAN =
		FOR_PACK | FOR_WHY | FOR_RULES, /* what goes and what stays depends on it, or all have it */
	FOR_ALL = FOR_PLAN | FOR_OTHERS,
};

/* Where else than on the command line it may be given. */
enum {
	IN_ENVIRONMENT = 1, /* SLIM_MAX_UNPACKED for --max-unpacked */
	IN_FILE = 2,	    /* a key of slim.yaml */
	IN_BOTH = IN_ENVIRONMENT | IN_FILE,
};

enum option_section {
	SECTION_OUTPUT,
	SECTION_TARGET,
	SECTION_CONTENT,
	SECTION_REPORT,
	SECTION_CHECKS,
	SECTION_GENERAL,
};

struct option_info {
	const char *name;
	const char *alias; /* another spelling, or NULL */
	char letter;	   /* or 0 */
	enum option_section section;
	enum option_kind kind;
	const char *argument;	    /* NULL for flags and choices */
	const char *const *choices; /* NULL at the end; of OPTION_CHOICE and OPTION_REPORTS */
	int first;		    /* what the first of choices is stored as */
	size_t field;		    /* offset in struct options */
	unsigned commands;
	unsigned sources;
	const char *help;   /* a line of --help */
	const char *detail; /* what `slim help pack` and the man page say beyond it */
};

/* In the order of help. */
extern const struct option_info option_table[];
extern const size_t option_count;

/* By long name or alias, exactly; NULL when there is none. Prefixes are not names. */
const struct option_info *option_find(struct str name);
const struct option_info *option_by_letter(char letter);
/* The name that was probably meant, or NULL. Only options with one of `sources`; 0 is any option. */
const char *option_nearest(struct str name, unsigned sources);
bool option_takes_value(const struct option_info *option);
/* Whether its values add up: a list in slim.yaml, lines in a variable. */
bool option_is_list(const struct option_info *option);
/* "FILE", "auto|debug|off"; "" for flags. */
struct str option_argument(const struct option_info *option, struct arena *arena);
/* "SLIM_MAX_UNPACKED" */
struct str option_variable(const struct option_info *option, struct arena *arena);

/* --- settings -------------------------------------------------------------------------------- */

enum setting_origin { FROM_FILE, FROM_ENVIRONMENT, FROM_FLAG };

/* One option with one value, read but not yet understood. */
struct setting {
	const struct option_info *option;
	struct str value; /* "true" for a flag that stands alone */
	struct str place; /* printable: "--zip", "SLIM_ZIP", "slim.yaml:3:6" */
	enum setting_origin origin;
};

struct settings {
	VEC(struct setting) list;
};

struct arguments {
	struct settings settings;
	struct str_list operands;
	size_t literal; /* operands from here on stood behind "--" and are paths, never commands */
};

/*
 * Splits the command line, argv[0] left out. Options may stand anywhere, "--" ends them, "-" is an operand;
 * POSIXLY_CORRECT changes nothing. Unknown options get the nearest name.
 */
int arguments_parse(char *const argv[], struct arena *arena, struct arguments *out, struct err *err);

/* The settings in "SLIM_…" variables, in the order of the table. Lists have one value a line. */
void environment_settings(char *const environment[], struct arena *arena, struct settings *out);
/* The value of a variable, or NULL. */
const char *environment_get(char *const environment[], const char *name);

void options_default(struct options *options);
/* Understands one setting. Errors name its place and what may stand there. */
int option_set(struct options *options, const struct setting *setting, struct arena *arena, struct err *err);

/*
 * All sources together. `configured`: whether slim.yaml and the environment count; a command that works on no
 * package does not fail on them. environment must outlive options.
 */
int options_gather(const struct arguments *arguments, bool configured, char *const environment[],
		   struct arena *arena, struct options *out, struct err *err);

#endif
