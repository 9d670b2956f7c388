/*
 * The Python that files were built for, told by their names: "x.cpython-313-x86_64-linux-gnu.so" is for
 * Python 3.13. It reads paths only, no contents, and never guesses where names disagree. Bytecode caches do
 * not count: `pip install --python-version 3.13` run by Python 3.11 leaves "x.cpython-311.pyc". Sources: PEP
 * 3149; AWS Lambda Developer Guide, "Packaging your layer content".
 */
#ifndef SLIM_SCAN_PYTHON_TAG_H
#define SLIM_SCAN_PYTHON_TAG_H

#include "model/bundle.h"

/* The N of "NAME.cpython-3N-….so", or 0. */
unsigned python_tag_of_extension(struct str path);

/*
 * The N of the Python 3.N that the bundle is for: what all tagged extension modules agree on; where there are
 * none, what all directories "python/lib/python3.N/" at the top of a tree agree on. 0 where nothing tells, or
 * where the surer of the two does not agree with itself.
 */
unsigned python_tag_of_bundle(const struct bundle *bundle);

#endif
