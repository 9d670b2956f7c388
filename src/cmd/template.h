/*
 * SAM and CloudFormation templates: what they say of Lambda functions, as literal text or not at all. Short
 * tags
 * (!Ref, !Sub) and intrinsic functions are accepted and never evaluated: what they stand for is known only to
 * a deployment. It finds no templates and knows no packages; who asks is cmd/handlers. Sources: AWS SAM,
 * "AWS::Serverless::Function" and "Globals section"; AWS CloudFormation User Guide, "AWS::Lambda::Function",
 * "Intrinsic function reference"; `aws cloudformation package`.
 */
#ifndef SLIM_CMD_TEMPLATE_H
#define SLIM_CMD_TEMPLATE_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;

enum template_state {
	TEMPLATE_NONE,	   /* the key is not there, or it is nothing that is asked for */
	TEMPLATE_LITERAL,  /* text is what it says */
	TEMPLATE_COMPUTED, /* only a deployment knows */
};

struct template_value {
	enum template_state state;
	struct str text; /* without NUL bytes */
	int line;	 /* from 1 */
};

/* A function whose code is a zip; functions of container images are none. */
struct template_function {
	struct str id; /* its logical id */
	struct template_value handler;
	struct template_value runtime;
	struct template_value arch;
	struct template_value library_path; /* the variable LD_LIBRARY_PATH */
	struct template_value code; /* a path as seen from the template; NONE for S3 and inline code */
};

struct template_facts {
	struct str name; /* of the file, printable */
	VEC(struct template_function) functions;
};

/*
 * Reads YAML or JSON text. Values of "Globals: Function:" count where the function has none of its own. What
 * may become functions (Fn::ForEach, an !If) is one whose every value is computed. Text of another kind has
 * no functions. Errors are "name:line:col: what". Time and memory are linear in the text.
 */
int template_read(struct str name, struct str text, struct arena *arena, struct template_facts *out,
		  struct err *err);

#endif
