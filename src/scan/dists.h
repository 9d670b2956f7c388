/*
 * Finds the distributions of a bundle: every *.dist-info and *.egg-info, what METADATA says of
 * it, and which files it owns. States facts; never says what may go.
 */
#ifndef SLIM_SCAN_DISTS_H
#define SLIM_SCAN_DISTS_H

#include "model/bundle.h"

/*
 * Fills bundle->dists and file.dist. Files are owned by RECORD (or installed-files.txt), where that is
 * missing by top_level.txt, else by the entry beside the dist-info that has the distribution's name;
 * DIST_BY_* says which. Bytecode in __pycache__ belongs to whoever owns its source; *.libs directories to the
 * distribution they are named after. Broken metadata is a note, not an error. Source: PyPA "Recording
 * installed projects", "Core metadata".
 */
int dists_scan(struct bundle *bundle, const struct reader *reader, struct err *err);

/* The file that a row of the distribution's RECORD means, or NO_FILE. */
uint32_t dist_find_row(const struct bundle *bundle, const struct dist *dist, struct str row);

#endif
