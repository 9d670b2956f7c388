/*
 * What a Python source names: its import statements at any depth, and its string literals where they are
 * not docstrings. It knows no files and resolves nothing. It is no parser: what is not valid Python gives
 * some names or none.
 */
#ifndef SLIM_SCAN_PYTHON_NAMES_H
#define SLIM_SCAN_PYTHON_NAMES_H

#include "base/str.h"

enum mention_kind {
	MENTION_IMPORT, /* `import module`, and `from module import name` */
	MENTION_TEXT,	/* a literal */
};

/* All strings are good only during the call. */
struct mention {
	enum mention_kind kind;
	uint32_t line;
	bool in_function;
	struct str function; /* the outermost one that it is in, or "" */
	struct str evidence; /* the statement or literal, as it stands in the source */

	size_t level;	   /* leading dots of an import */
	struct str module; /* dotted; "" in `from . import name` */
	struct str name;   /* what is imported from it, "*", or "" for `import module` */

	struct str text;   /* of a literal; adjacent ones are joined; "" if it is too long for a name */
	struct str code;   /* of a literal, as it is written, if it may hold import statements; or "" */
	struct str callee; /* last name of the innermost call that it stands in, or "" */
	bool denied;	   /* a set that holds it is taken off another, or `in` asks for it */
	bool ignored;	   /* in a hole behind "--ignore=" or the like */
	struct str target; /* name that the statement `name = …` gives it to, or "" */
	bool first;	   /* it is that call's first argument */
	bool joined;	   /* beside the operator '/', as paths of pathlib are */
	bool hole_before;  /* an f-string's {hole} is in front of it, or behind */
	bool hole_after;
};

typedef void python_sees(void *ctx, const struct mention *mention);

/* What the source does, whatever it names. */
struct python_habits {
	bool computes_imports; /* import_module(x), __import__(x), pkgutil */
	bool opens_files;      /* __file__, __path__, open(), importlib.resources and the like */
	bool attaches_stub;    /* lazy_loader.attach_stub(), which reads the .pyi beside it */
};

struct python_habits python_names(struct str source, python_sees *sees, void *ctx);

#endif
