/*
 * The system that a Lambda runtime runs on, as its loader sees it: where it looks for shared objects, which
 * ones it brings, which symbol versions those define. Data from rules/runtimes/al*.txt, one file for each
 * system and architecture, which the binary carries. Nothing here looks at a package or at this machine.
 * Sources are named in the data files.
 */
#ifndef SLIM_PLATFORM_PLATFORM_H
#define SLIM_PLATFORM_PLATFORM_H

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/target.h"

/* A shared object that the system brings. */
struct platform_library {
	struct str soname;
	/* It is in every environment of the runtime, and no bundled copy is ever needed: a short list. Others
	   are in the image, which is not exactly what functions run in. */
	bool sure;
	unsigned minor;	     /* only the runtime of Python 3.minor brings it; 0: every one */
	struct map versions; /* that it defines: 1; or 2 where only newer images have it. Empty: not known */
	VEC(struct str) defines; /* those of 1, in the order of the file */
};

struct platform {
	struct str name;  /* "al2023-x86_64" */
	struct str title; /* "Amazon Linux 2023" */
	enum arch arch;
	uint16_t machine;	      /* EM_X86_64, EM_AARCH64 */
	uint64_t minors;	      /* a bit per minor version of Python 3 */
	unsigned glibc;		      /* the N of glibc 2.N */
	struct str loader;	      /* "ld-linux-x86-64.so.2" */
	struct str lib;		      /* what $LIB stands for */
	struct str hardware;	      /* what $PLATFORM stands for */
	VEC(struct str) library_path; /* LD_LIBRARY_PATH, in order */
	VEC(struct str) default_dirs; /* behind it */
	VEC(struct str) hwcaps;	      /* subdirectories that are looked into first, in order */
	VEC(struct platform_library) libraries;
	struct map by_soname; /* indices into libraries */
};

struct platforms {
	VEC(struct platform) list;
};

/* One file as embedded in the binary. */
struct platform_file {
	const char *name; /* "rules/runtimes/al2-x86_64.txt" */
	const char *text;
	size_t len;
};
extern const struct platform_file platform_files[];
extern const size_t platform_file_count;

/*
 * Adds the platform that one text describes; it is named after the file. The form stands at the head of
 * rules/runtimes/al2023-x86_64.txt. Errors are "file:line: what is wrong". Borrows the text.
 */
int platform_parse(struct platforms *platforms, struct arena *arena, struct str file, struct str text,
		   struct err *err);
/* Adds all that the binary carries. */
int platforms_load(struct platforms *platforms, struct arena *arena, struct err *err);

/* That of Python 3.minor on the architecture, or NULL where either is not known (0, ARCH_ANY) or none fits.
 */
const struct platform *platform_find(const struct platforms *platforms, unsigned minor, enum arch arch);

/*
 * What the system brings under that soname, or NULL. libpython3.N.so.1.0 is brought by the runtimes of Python
 * 3.N only: the caller asks with its own minor, 0 for any.
 */
const struct platform_library *platform_library(const struct platform *platform, unsigned minor,
						struct str soname);

enum platform_version {
	VERSION_THERE,
	VERSION_FLOATING, /* current images have it, older ones that functions may be pinned to have not */
	VERSION_LACKING,
	VERSION_UNKNOWN, /* nobody wrote down what the library defines */
};
/* By membership, never by number. */
enum platform_version platform_version(const struct platform_library *library, struct str version);
/*
 * The newest of the versions that the library defines for certain, for messages: "GLIBC_2.34" for the prefix
 * "GLIBC_"; "" for none. Behind the prefix stand numbers with dots, which are compared as such.
 */
struct str platform_newest(const struct platform_library *library, struct str prefix);

#endif
