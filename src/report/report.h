/*
 * What a run tells: the numbers behind every format, and the formats. The sums are made here once, so
 * that text, JSON and Markdown say the same. It tells what was decided and done; it never decides,
 * reads or writes a file.
 */
#ifndef SLIM_REPORT_REPORT_H
#define SLIM_REPORT_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/plan.h"
#include "model/target.h"

/* Files are regular files and symlinks; directories hold no bytes and do not count. */
struct tally {
	uint64_t files;
	uint64_t unzipped; /* bytes of content */
	uint64_t zip;	   /* bytes of the zip, or (of a group) of the data in it; 0 where there is no zip */
};

/* What one reason took away: whole files, or bytes of files that stay. */
struct reason_row {
	enum code code;
	uint64_t files;	  /* that went */
	uint64_t changed; /* that stay with fewer bytes */
	uint64_t bytes;	  /* unzipped */
};

/* A distribution, or (name "") the first-party files together. */
struct group_row {
	struct str name;
	struct str version;
	struct tally before;
	struct tally after;
};

struct report {
	const struct bundle *bundle;
	const struct plan *plan;
	const struct target *target;
	const struct outcome *outcomes; /* by file id */
	struct tally before;
	struct tally after;
	VEC(struct reason_row) reasons; /* largest first */
	VEC(struct group_row) groups;	/* largest after slimming first */
	struct str output;		/* what was written; "" when nothing was */
	bool has_zip;			/* whether after.zip is known */
};

/* What the user asked for about looks. */
struct report_style {
	bool color;
	bool utf8;   /* glyphs beyond ASCII may be used */
	int verbose; /* 1: all notes and groups; 2: every file with its reason */
};

/*
 * Sums up. `after` holds what was, or would be, written; it is counted apart from the reasons, and where
 * before - reasons = after does not hold to the byte the run fails: it would have lied.
 */
int report_build(struct report *report, struct arena *arena, struct err *err);

struct report_format {
	const char *name;
	void (*write)(const struct report *report, const struct report_style *style, struct buf *out);
};

/* text, json, md */
extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* The formats, one file each. */
void report_text(const struct report *report, const struct report_style *style, struct buf *out);
void report_json(const struct report *report, const struct report_style *style, struct buf *out);
void report_markdown(const struct report *report, const struct report_style *style, struct buf *out);

/* "SLIM204" */
enum { REPORT_CODE_MAX = 16 };
void report_code(char out[REPORT_CODE_MAX], enum code code);

#endif
