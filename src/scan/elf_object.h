/*
 * What an ELF file says of itself to the loader: its machine, what it needs and is called, where it looks,
 * which symbol versions it wants and gives. From program headers and the dynamic section only; section
 * headers may be missing or wrong. Any class, byte order and machine. It resolves nothing, and a file that
 * makes no sense is told as such, never refused. Sources: elf(5), System V ABI chapter 5, glibc's
 * elf/dl-load.c, systemd.io/ELF_DLOPEN_METADATA (notes).
 */
#ifndef SLIM_SCAN_ELF_OBJECT_H
#define SLIM_SCAN_ELF_OBJECT_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

enum elf_form {
	ELF_NOT,     /* does not begin as an ELF file does */
	ELF_TORN,    /* begins so, but is cut short or makes no sense: the loader refuses it */
	ELF_OBJECT,  /* ET_REL: for linkers */
	ELF_SHARED,  /* ET_DYN that may be opened */
	ELF_PROGRAM, /* ET_EXEC, or ET_DYN that is started: DF_1_PIE, or PT_INTERP without DT_SONAME */
	ELF_DEBUG,   /* ET_DYN or ET_EXEC whose bytes are elsewhere: what objcopy --only-keep-debug leaves */
};

/* A symbol version that another file must define. */
struct elf_version {
	struct str file; /* "libc.so.6" */
	struct str name; /* "GLIBC_2.28" */
	bool weak;	 /* the loader only warns */
};

/* One record of .note.dlopen: one of the sonames is opened at run time. */
struct elf_dlopen {
	struct str *sonames;
	size_t count;
	struct str priority; /* "required", "recommended", "suggested", or "" */
};

struct elf_object {
	enum elf_form form;
	bool is64;
	bool big;	  /* byte order */
	uint16_t machine; /* EM_X86_64 */
	struct str soname;
	struct str
		rpath; /* DT_RPATH and DT_RUNPATH as they stand, "" where there is none; has_… tells apart */
	struct str runpath;
	bool has_rpath;
	bool has_runpath;
	struct str interpreter; /* PT_INTERP */
	VEC(struct str) needed; /* in order, this and the next two */
	VEC(struct str) auxiliary;
	VEC(struct str) filters;
	VEC(struct elf_version) wants;
	VEC(struct str) defines; /* versions, without the base one that names the file */
	VEC(struct elf_dlopen) dlopens;
	bool no_default_dirs; /* DF_1_NODEFLIB */
	bool no_open;	      /* DF_1_NOOPEN: dlopen() refuses it */
	bool static_tls;      /* DF_STATIC_TLS */
	uint64_t tls;	      /* bytes of PT_TLS in memory */
	uint32_t isa;	      /* GNU_PROPERTY_X86_ISA_1_NEEDED: bit 0 baseline, 1 v2, 2 v3, 3 v4; 0 none */
	const char *broken; /* why glibc 2.34 and older refuse it whatever it needs (alignment and the like),
			       or NULL. Of ELF_SHARED and ELF_PROGRAM; of ELF_TORN always, what is wrong */
};

/*
 * Reads the headers. Strings are copied into the arena; lists are bounded (4,096 entries each, names of 4,096
 * bytes, a megabyte of names in all), what is beyond makes the file ELF_TORN.
 */
void elf_object_read(struct bytes file, struct arena *arena, struct elf_object *out);

/*
 * Whether the dynamic symbol table defines the symbol ("PyInit__x"); looks it up by DT_GNU_HASH, DT_HASH, or
 * else walks the table.
 */
bool elf_object_has_symbol(struct bytes file, struct str symbol);
/* Whether it defines any symbol that begins so ("PyInit_"). Walks the table. */
bool elf_object_has_prefix(struct bytes file, struct str prefix);
/*
 * Names of undefined symbols that are wanted in this version of this file, in the order of the symbol table:
 * up to `most`, in the arena. Returns how many.
 */
size_t elf_object_wanting(struct bytes file, struct elf_version version, struct str *out, size_t most,
			  struct arena *arena);

#endif
