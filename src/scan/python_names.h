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
	/* A text with holes, in `text`: an f-string, or literals and names joined by '+'. It comes besides
	   the MENTION_TEXTs of its parts. */
	MENTION_PATTERN,
	/* A call of a name in python_target.calls whose first argument, or that by keyword, is there and is
	   no literal. */
	MENTION_COMPUTED,
};

/* Bytes that stand for the holes of a pattern. */
enum {
	HOLE_ANY = 1,  /* something unknown */
	HOLE_NAME = 2, /* __name__, __spec__.name */
	HOLE_PACKAGE =
		3, /* __package__, __spec__.parent, __name__.rpartition(".")[0], __name__.rsplit(".", 1)[0] */
};

/* What is known of a condition that a statement stands under, for Lambda. */
enum guard {
	GUARD_NONE,  /* it may run */
	GUARD_TYPES, /* under TYPE_CHECKING */
	GUARD_DEAD,  /* sys.platform, os.name, sys.version_info, … say that it never runs */
};

/* What the source is read for. All zero: any Python, no calls. */
struct python_target {
	unsigned minor; /* of Python 3; 0: unknown */
	const struct str
		*calls; /* names of functions whose first argument matters: "import_module", "client" */
	size_t call_count;
	struct str argument; /* a keyword that may give it too: "service_name", or "" */
};

/* All strings are good only during the call. */
struct mention {
	enum mention_kind kind;
	uint32_t line;
	bool in_function;
	bool in_try; /* in the body of a `try` that catches ImportError, or a base of it, in the same function
		      */
	enum guard guard;
	struct str function; /* the outermost one that it is in, or "" */
	struct str evidence; /* the statement or literal, as it stands in the source */

	size_t level;	   /* leading dots of an import */
	struct str module; /* dotted; "" in `from . import name` */
	struct str name;   /* what is imported from it, "*", or "" for `import module` */

	struct str text;    /* of a literal; adjacent ones are joined; "" if it is too long for a name */
	struct str code;    /* of a literal, as it is written, if it may hold import statements; or "" */
	struct str callee;  /* last name of the innermost call that it stands in, or "" */
	bool denied;	    /* a set that holds it is taken off another, or `in` asks for it */
	bool ignored;	    /* in a hole behind "--ignore=" or the like */
	struct str target;  /* name that the statement `name = …` gives it to, or "" */
	bool first;	    /* it is that call's first argument */
	struct str keyword; /* the name of the argument that it is, or "" */
	bool joined;	    /* beside the operator '/', as paths of pathlib are */
	bool hole_before;   /* an f-string's {hole} is in front of it, or behind */
	bool hole_after;
};

typedef void python_sees(void *ctx, const struct mention *mention);

/* What the source does, whatever it names. */
struct python_habits {
	bool computes_imports; /* import_module(x), __import__(x), pkgutil */
	bool imports_by_name;  /* calls import_module, __import__, find_spec, import_string, LazyLoader, with
				  whatever argument */
	bool walks_modules;    /* iter_modules, walk_packages */
	bool lists_files;      /* listdir, scandir, iterdir, glob, rglob */
	bool knows_its_place;  /* __file__ or __path__ */
	bool edits_path;       /* sys.path.append, .insert, .extend, `sys.path +=`, addsitedir */
	bool lazy_attributes;  /* defines __getattr__ outside of any class */
	bool runs_text;	       /* exec, eval, compile */
	uint32_t broken_line;  /* not 0: the source is not valid Python from there on, for the reason below */
	const char *broken;
	bool opens_files;      /* __file__, __path__, open(), importlib.resources and the like */
	bool attaches_stub;    /* lazy_loader.attach_stub(), which reads the .pyi beside it */
	bool hands_on_loaders; /* CDLL, LoadLibrary, dlopen and the like, named but not called */
};

/*
 * Calls `sees` for every mention, in order. Source may begin with a byte order mark. Encodings that are no
 * superset of ASCII (UTF-16, UTF-7, Shift JIS, Big5, …) make it broken at line 1.
 */
struct python_habits python_names(struct str source, const struct python_target *target, python_sees *sees,
				  void *ctx);

#endif
