/*
 * What symbolic links need: a link that stays keeps what it leads to, or it would lead nowhere. States
 * edges; reads no content.
 */
#ifndef SLIM_SCAN_SYMLINKS_H
#define SLIM_SCAN_SYMLINKS_H

#include "model/bundle.h"
#include "model/graph.h"

/*
 * Adds the edges from every symlink to the file that it leads to, to all files below where that is a
 * directory, and to the symlinks on the way. Links to nothing give none.
 */
void symlinks_scan(const struct bundle *bundle, struct arena *arena, struct graph *graph);

#endif
