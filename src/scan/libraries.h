/*
 * The table of shared objects: every ELF file of a bundle, and every file that has a shared object's name but
 * is none, with what it says of itself. It says who is there, not who loads whom, and reads no contents.
 */
#ifndef SLIM_SCAN_LIBRARIES_H
#define SLIM_SCAN_LIBRARIES_H

#include "base/map.h"
#include "model/bundle.h"
#include "scan/elf_object.h"

#define NO_LIBRARY UINT32_MAX

/* What a file is by its first bytes. */
enum binary_format {
	BINARY_OTHER, /* text, data: a linker script, a git-lfs pointer */
	BINARY_ELF,
	BINARY_MACHO, /* macOS, one machine or many */
	BINARY_PE,    /* Windows */
};

struct library {
	uint32_t file;
	enum binary_format format;
	struct elf_object elf; /* form is ELF_NOT where the format is another */
	uint8_t osabi;	       /* EI_OSABI of an ELF file */
	bool python;	       /* it defines PyInit_…: an extension module, or libpython */
	bool never;  /* it can never load on the target; set once the target is known (scan/loadable.h) */
	bool linked; /* one that may load needs it by name; set with never */
	uint32_t same_soname; /* another one of that soname, known before it; or NO_LIBRARY */
	uint32_t same_base;   /* another one whose file has that name, before it; or NO_LIBRARY */
};

/* Read-only once built, so many threads may ask. */
struct libraries {
	const struct bundle *bundle;
	struct arena *arena;
	VEC(struct library) list; /* in the order they were added */
	uint32_t *of;		  /* by file id: index into list, or NO_LIBRARY */
	struct map by_soname;	  /* the last of them; DT_SONAME of shared objects */
	struct map by_base;	  /* the last part of the path */
};

/* Whether the name is one that shared objects have: "x.so", "libx.so.1.2", "x.abi3.so", "x.pyd", "x.dylib".
   All between dots behind ".so" begins with a digit. */
bool libraries_is_name(struct str path);
/* By what the content begins with; a PE file needs as many bytes as its first header is long. */
enum binary_format binary_format_of(struct bytes content);
/* EI_OSABI, or 0 (System V) where it is no ELF file. glibc opens ELFOSABI_SYSV and ELFOSABI_GNU only. */
uint8_t binary_osabi_of(struct bytes content);

void libraries_begin(struct libraries *libraries, const struct bundle *bundle, struct arena *arena);
/* What the first bytes of a file tell: format, form, machine, class, byte order. */
struct library library_peek(uint32_t file, struct bytes head);
void libraries_add(struct libraries *libraries, const struct library *library);
/*
 * All of its headers were read: adds it where it is not there. The pointer is good until the next is added.
 * Once more for the same file and content changes no chain.
 * `elf` is copied, what hangs on it is not.
 */
struct library *libraries_know(struct libraries *libraries, uint32_t file, const struct elf_object *elf,
			       bool python);
/* The library that the file is, or NULL; NULL for NO_FILE, too. */
const struct library *libraries_of(const struct libraries *libraries, uint32_t file);
/* The last one of that soname, or of that file name; follow same_… for the others. NO_LIBRARY when there is
 * none. */
uint32_t libraries_by_soname(const struct libraries *libraries, struct str soname);
uint32_t libraries_by_base(const struct libraries *libraries, struct str base);

#endif
