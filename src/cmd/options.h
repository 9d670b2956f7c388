/*
 * The command line: one table of options, from which parsing, slim.yaml keys, SLIM_ environment variables,
 * help, completions and the man page's list come. Parses; never acts.
 */
#ifndef SLIM_CMD_OPTIONS_H
#define SLIM_CMD_OPTIONS_H

#include "base/err.h"
#include "base/vec.h"

enum zip_mode { ZIP_FAST, ZIP_SMALL, ZIP_CANONICAL };
enum strip_choice { STRIP_CHOICE_AUTO, STRIP_CHOICE_DEBUG, STRIP_CHOICE_OFF };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* A value and where it was given: "--drop 'x'", "slim.yaml:12:5", "SLIM_DROP". */
struct given {
	struct str value;
	struct str place;
};

struct report_request {
	struct str format; /* "text", "json", "md" */
	struct str path;
};

struct options {
	VEC(struct str) operands;
	struct str output; /* "" when not given */
	bool dry_run;
	bool force;
	bool quiet;
	int verbose;
	int jobs; /* 0: as many as processors */
	VEC(struct given) keep;
	VEC(struct given) drop;
	enum strip_choice strip;
	enum zip_mode zip;
	bool drop_licenses;
	uint64_t max_unpacked; /* bytes */
	VEC(struct str) rules;
	struct str config;
	bool no_config;
	bool json;
	VEC(struct report_request) reports;
	bool strict;
	bool exit_zero;
	enum when color;
	bool help;
	bool version;
};

#endif
