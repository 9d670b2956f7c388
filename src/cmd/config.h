/*
 * slim.yaml: the options that belong to a project, under their long names. It is found, read and turned into
 * settings; what they mean is option_set()'s. Whatever in YAML could silently make a pattern something else
 * than what was written (aliases, tags, anchors, empty and folded scalars) is refused with its place.
 */
#ifndef SLIM_CMD_CONFIG_H
#define SLIM_CMD_CONFIG_H

#include "cmd/options.h"

/*
 * The slim.yaml of the current directory, or of a directory above it up to the one that holds .git; "" when
 * there is none. The search ends at the home directory and at the root, which count only as the current
 * directory. The path is relative: "../slim.yaml".
 */
int config_find(char *const environment[], struct arena *arena, struct str *path, struct err *err);
int config_read(struct str path, struct arena *arena, struct settings *out, struct err *err);
/* The settings of one file's text. Directories in it are taken as relative to that of `path`. */
int config_parse(struct str path, struct str text, struct arena *arena, struct settings *out,
		 struct err *err);

#endif
