#!/usr/bin/env python3
"""Makes the corpus of hostile and odd inputs: make.py OUTDIR [NAME…]

One file per defect, named after it, and manifest.tsv: name, fate (refuse, accept, or skip where
this machine cannot make it), a pattern for the error line or the note, further arguments. One
Python makes the same bytes every time, but for the files that other tools make.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import bad_data  # noqa: E402,F401
import bad_kinds  # noqa: E402,F401
import bad_names  # noqa: E402,F401
import bad_other  # noqa: E402,F401
import bad_structure  # noqa: E402,F401
import good  # noqa: E402,F401
from case import CASES  # noqa: E402


def write(case, path):
    if case.at_path:
        case.make(path)
        return
    data = case.make()
    with open(path, "wb") as out:
        out.write(data)


def main(argv):
    if len(argv) < 2:
        sys.exit(__doc__.splitlines()[0])
    where, wanted = argv[1], set(argv[2:])
    os.makedirs(where, exist_ok=True)
    names = [case.name for case in CASES]
    if len(set(names)) != len(names):
        sys.exit("make.py: two cases have the same name")
    with open(os.path.join(where, "manifest.tsv"), "w", encoding="ascii") as manifest:
        for case in CASES:
            if wanted and case.name not in wanted:
                continue
            if case.make:
                write(case, os.path.join(where, case.name))
            manifest.write("\t".join((case.name, case.fate, case.pattern, case.args or "-")) + "\n")


if __name__ == "__main__":
    main(sys.argv)
