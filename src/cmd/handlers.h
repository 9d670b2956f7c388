/*
 * The target: which functions Lambda calls in the package, and on which Python and machine. What the user
 * gives counts; else the template beside the package; else what names in the package tell. What is not
 * certain is left open: no handlers means that every module of the package's own may be called. It reads no
 * contents of the package, and decides nothing about files. Sources: AWS Lambda Developer Guide, "Define
 * Lambda function handler in Python"; awslambdaric, bootstrap.py (how a handler's name is read); AWS SAM CLI,
 * "sam build" (where builds lie).
 */
#ifndef SLIM_CMD_HANDLERS_H
#define SLIM_CMD_HANDLERS_H

#include "cmd/options.h"
#include "model/bundle.h"
#include "model/target.h"

/*
 * The package is operand 0; the distributions of its bundle are known. Reads templates in the package's
 * directory (in the package itself where that is a directory) and above it, up to the directory with .git, or
 * three levels where there is none. Doubts about a template become notes of the bundle. Fails only on a
 * handler of the user's that is malformed or whose module the package lacks.
 */
int target_find(const struct options *options, struct bundle *bundle, struct arena *arena, struct target *out,
		struct err *err);

#endif
