/*
 * What the metadata of an installed distribution says: names, version, requirements. Knows texts, never
 * files. Sources: PyPA "Core metadata", PEP 503 (names), PEP 508 (requirements), "setuptools: requires.txt".
 */
#ifndef SLIM_SCAN_METADATA_H
#define SLIM_SCAN_METADATA_H

#include "model/bundle.h"

/* The name normalised: runs of "-", "_" and "." are one "-", letters are small (PEP 503). */
struct str metadata_key(struct arena *arena, struct str name);

/*
 * Fills name, version and requires from METADATA or PKG-INFO, which may be broken: what is not there is
 * left alone. A requirement that only an extra asks for is left out.
 */
void metadata_read(struct str text, struct arena *arena, struct dist *dist);
/* Adds the requirements of an egg-info's requires.txt, without those of extras. */
void metadata_read_requires_txt(struct str text, struct arena *arena, struct dist *dist);

/* Fills name and version from the directory's name: "NAME-VERSION.dist-info", "NAME-VERSION-pyX.Y.egg-info".
 */
void metadata_from_dir(struct str info, struct dist *dist);

/* Takes the next line off `rest`, without its end ("\n" or "\r\n"); false when there is none. */
bool metadata_line(struct str *rest, struct str *line);

#endif
