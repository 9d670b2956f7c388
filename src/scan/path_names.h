/*
 * Files of the bundle whose paths stand in bytes, counted from a directory of sys.path: compiled code opens
 * its models and tables so ("package/models/x.tflite"). It reads no file and adds no edges; what a path means
 * to the code is not its business.
 */
#ifndef SLIM_SCAN_PATH_NAMES_H
#define SLIM_SCAN_PATH_NAMES_H

#include "scan/modules.h"

/* Evidence is the path, in the text. A file may be seen more than once. */
typedef void path_sees(void *ctx, uint32_t file, struct str evidence);

/*
 * Every path of two components or more, at most 512 bytes of letters, digits and "_-.+@", that is a file
 * below a sure root of the tree and no module: those are for the import graph to judge. Linear in the text.
 */
void path_names(const struct modules *modules, uint32_t tree, struct str text, path_sees *sees, void *ctx);

#endif
