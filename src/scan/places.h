/*
 * The directories that a source may mean when it names something in one: its own, those above it, and those
 * of the packages that it imports or names (os.path.dirname(pkg.__file__)). Only those that hold a candidate.
 */
#ifndef SLIM_SCAN_PLACES_H
#define SLIM_SCAN_PLACES_H

#include "scan/link.h"

/* Its own directory and those above it, up to the one that is on sys.path. */
void places_begin(struct scan *scan);
void places_add_dir(struct scan *scan, struct str dir);
/* That of every package in a dotted name, as seen from `base`. */
void places_add(struct scan *scan, struct str base, struct str dotted);

#endif
