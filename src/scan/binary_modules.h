/*
 * Modules of the bundle that are named in bytes: what an extension module imports stands in it as text, but
 * without any order. It knows how C, Cython, mypyc, Rust and cffi leave names behind, and how Cython
 * compresses them; also pickles, bytecode and configuration. It reads no files and adds no edges.
 */
#ifndef SLIM_SCAN_BINARY_MODULES_H
#define SLIM_SCAN_BINARY_MODULES_H

#include "scan/modules.h"

/* A module was named; evidence lies in the bytes, or in scratch, as it stood there. Repetitions may occur. */
typedef void binary_sees(void *ctx, uint32_t module, struct str evidence);

/*
 * The names in an ELF file's data, of `file`: (1) dotted names: that of a module, or of one with attributes
 * behind it (two parts at least must be a module), absolute or in the package of `file`; also where strings
 * stand without anything between them (Rust, Cython 3.2); (2) identifiers between zero bytes, in mypyc's
 * libraries behind their length, that are a module beside `file` or at the top; and where Cython made it, one
 * beside the packages around it, or in any package that was named. Code, symbols and sections that are not
 * loaded are left out. Cython's string tables, compressed with zlib or LZSS, are read too. False where it is
 * a Python module (PyInit_) that Cython made and its strings cannot be read: then what it imports is unknown.
 */
bool binary_modules(const struct modules *modules, uint32_t file, struct bytes elf, struct arena *scratch,
		    binary_sees *sees, void *ctx);

/*
 * The modules that a pickle names: operands of GLOBAL, INST and STACK_GLOBAL, protocols 0 to 5. From what is
 * no opcode on (joblib's arrays), what looks like one of them.
 */
void pickle_modules(const struct modules *modules, struct bytes pickle, binary_sees *sees, void *ctx);
/* Whether the bytes may be a pickle: protocol 2 and later say so, earlier ones only by name. */
bool pickle_is(struct str path, struct bytes content);

/* Dotted names in text that is not Python: configuration in JSON, YAML, TOML, INI. Exact, or up to two parts
 * cut. */
void text_modules(const struct modules *modules, struct str text, binary_sees *sees, void *ctx);

/* The names and string constants in bytecode without source, as `sees` of python_names would get them. */
struct mention;
void bytecode_mentions(struct bytes pyc, void (*sees)(void *ctx, const struct mention *mention), void *ctx);

#endif
