/*
 * What the name of a file says of a module: FileFinder's suffixes on Linux, and which of several files for
 * one name it takes. It knows no tree and no sys.path.
 * Sources: importlib.machinery.EXTENSION_SUFFIXES, importlib._bootstrap_external.FileFinder.find_spec;
 * PEP 3147 (sourceless imports), PEP 3149 (tags), PEP 384 (abi3), PEP 803 (abi3t).
 */
#ifndef SLIM_SCAN_MODULE_PATH_H
#define SLIM_SCAN_MODULE_PATH_H

#include "scan/modules.h"

struct module_path {
	struct str stem; /* "b" of "a/b.abi3.so" */
	struct str tag;	 /* of an extension module: "abi3", "cpython-313-x86_64-linux-gnu"; "" if plain */
	bool init;	 /* it makes a regular package of its directory */
	uint8_t rank;	 /* that of struct module_file */
};

/* False where the file is no module. */
bool module_path_parse(struct str path, struct module_path *out);
/* What a file of this rank is when nothing hides it. */
enum module_kind module_path_kind(uint8_t rank);
/* Whether a directory of this name can be part of a dotted name. */
bool module_path_is_identifier(struct str part);

#endif
