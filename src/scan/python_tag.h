/*
 * The Python that files were built for, told by their names: "x.cpython-313-x86_64-linux-gnu.so" is for
 * Python 3.13. It reads paths only, no contents, and never guesses where names disagree. Bytecode caches do
 * not count: `pip install --python-version 3.13` run by Python 3.11 leaves "x.cpython-311.pyc". Sources: PEP
 * 3149; PEP 703 (free-threaded builds), PEP 803 (abi3t); CPython's Python/dynload_shlib.c and dynload_win.c;
 * AWS Lambda Developer Guide, "Packaging your layer content".
 */
#ifndef SLIM_SCAN_PYTHON_TAG_H
#define SLIM_SCAN_PYTHON_TAG_H

#include "model/bundle.h"

enum python_kind {
	PYTHON_UNTAGGED, /* "x.so", or what is no extension module */
	PYTHON_CPYTHON,
	PYTHON_STABLE,		/* abi3 */
	PYTHON_STABLE_THREADED, /* abi3t: for free-threaded and other builds */
	PYTHON_PYPY,
	PYTHON_GRAALPY,
};

/* What is between the last two dots of "x.TAG.so" or "x.TAG.pyd". */
struct python_tag {
	enum python_kind kind;
	unsigned minor;	     /* the N of Python 3.N; 0 where the tag does not say */
	struct str flags;    /* of CPython: "", "t", "d", "td", "m" */
	struct str platform; /* "x86_64-linux-gnu", "darwin", "win_amd64", or "" */
};

/* Parts of the result are in the path. */
struct python_tag python_tag_parse(struct str path);

/* The N of "NAME.cpython-3N-….so", or 0. */
unsigned python_tag_of_extension(struct str path);

/*
 * The N of the Python 3.N that the bundle is for: what all tagged extension modules agree on; where there are
 * none, what all directories "python/lib/python3.N/" at the top of a tree agree on. 0 where nothing tells, or
 * where the surer of the two does not agree with itself.
 */
unsigned python_tag_of_bundle(const struct bundle *bundle);

#endif
