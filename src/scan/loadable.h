/*
 * Which shared objects and programs can never load on the target: another machine, another system, another
 * libc, another Python. By what the files say of themselves; a name alone decides only where Python's own
 * import decides by it (the tag of an extension module). It states facts; what becomes of the files is
 * decided elsewhere. Sources: PEP 3149, PEP 703 and PEP 779 (free-threaded builds), PEP 803 (abi3t),
 * CPython's Python/dynload_shlib.c (importlib.machinery.EXTENSION_SUFFIXES), elf(5), ld.so(8), glibc's
 * elf/dl-load.c (EI_OSABI), PEP 425, PEP 600, PEP 656 and packaging.tags (wheels).
 */
#ifndef SLIM_SCAN_LOADABLE_H
#define SLIM_SCAN_LOADABLE_H

#include "model/target.h"
#include "platform/platform.h"
#include "scan/libraries.h"

enum unloadable {
	LOADABLE,
	OTHER_MACHINE, /* ELF for another machine or class */
	OTHER_SYSTEM,  /* of macOS or Windows, or named for them; Android, FreeBSD, … */
	OTHER_LIBC,    /* musl */
	OTHER_PYTHON,  /* an extension module whose tag this Python does not take */
	OTHER_BUILD,   /* the same, for free-threaded or debug builds */
};

struct loadable {
	enum unloadable why;
	struct str
		what; /* printable: "arm64", "macOS", "musl", "CPython 3.12", "free-threaded CPython 3.13" */
};

/*
 * minor 0 and ARCH_ANY leave open what they would decide: in doubt it is LOADABLE. So are all files that a
 * loader has no say in: objects for linkers, debug information, text, code for GPUs and small devices.
 *
 * The tag decides for what defines PyInit_… only, as other shared objects are opened by path, whatever their
 * tag; and not for library->linked, as ld.so knows no tags.
 */
struct loadable loadable_judge(const struct libraries *libraries, const struct library *library,
			       enum arch arch, unsigned minor, struct arena *arena);

/*
 * Judges all, and sets `never` and `linked` of each. An extension module for another Python that a loadable
 * one needs by name (DT_NEEDED, DT_AUXILIARY, DT_FILTER) is linked, and so on from there. Linear in libraries
 * and names. The verdicts in the order of libraries->list, in the arena.
 */
struct loadable *loadable_all(struct libraries *libraries, enum arch arch, unsigned minor,
			      struct arena *arena);

/*
 * The architecture that a bundle is for, where nobody says: what all tagged extension modules of Linux agree
 * on, else all ELF shared objects; ARCH_ANY where they do not agree or there are none. Machines that Lambda
 * does not have do not count.
 */
enum arch loadable_arch(const struct libraries *libraries);

/* The architecture of Lambda's that an ELF file is for; ARCH_ANY where Lambda has none such. */
enum arch loadable_arch_of(const struct elf_object *elf);

/* The suffix tag that Python 3.minor takes on the architecture: "cpython-313-x86_64-linux-gnu"; "" where
 * either is not known. */
struct str loadable_tag(unsigned minor, enum arch arch, struct arena *arena);

/* A tag of a wheel, as a line "Tag: cp313-cp313-manylinux_2_28_x86_64" of its WHEEL file gives it. */
enum wheel_fit {
	WHEEL_FITS,
	WHEEL_OTHER_PYTHON,
	WHEEL_OTHER_MACHINE,
	WHEEL_OTHER_SYSTEM, /* macosx, win, musllinux, … */
	WHEEL_TOO_NEW,	    /* manylinux_2_N beyond the platform's glibc */
};
/*
 * The best fit of all tags of the text of a WHEEL file; `tag` is the one that fits best, in the text: one
 * that is only too new, else one for another Python, another machine, another system. The first of equals.
 * What fails twice is told by what is further off. WHEEL_FITS where nothing is known; tag is "" where there
 * is none. A NULL platform and minor 0 leave open what they would decide.
 */
enum wheel_fit loadable_wheel(struct str text, const struct platform *platform, unsigned minor,
			      struct str *tag);

#endif
