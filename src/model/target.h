/*
 * The target: what Lambda calls in the package, and on which Python and machine. Data only; cmd/handlers
 * finds it.
 */
#ifndef SLIM_MODEL_TARGET_H
#define SLIM_MODEL_TARGET_H

#include "base/str.h"
#include "base/vec.h"

enum arch { ARCH_ANY, ARCH_X86_64, ARCH_ARM64 };

struct handler {
	uint32_t file;	  /* of its module */
	struct str name;  /* as it was given: "app.handler", "src/api/app.handler" */
	struct str place; /* printable: "--handler", "slim.yaml:3:6", "template.yaml:14" */
};

struct target {
	VEC(struct handler) handlers; /* by place of origin, no name twice */
	unsigned minor;		      /* the N of Python 3.N, or 0 */
	enum arch arch;
	struct str library_path; /* LD_LIBRARY_PATH that the function sets in place of Lambda's; "" when it
				    does not */
	bool pruned; /* whether distributions were judged by what the handlers, or else all own modules, reach
		      */
};

#endif
