"""Loads every shared object of two trees and compares: python -I -S load_alike.py BEFORE AFTER

Each library of AFTER must load, or fail with the same words, as its namesake of BEFORE does. A child process per
library, because a broken one may crash. Prints how many were compared, and what differs.
"""

import ctypes
import os
import signal
import sys


def libraries(root):
    for base, _, files in os.walk(root):
        for name in files:
            path = os.path.join(base, name)
            if ".so" in name and not os.path.islink(path):
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield os.path.relpath(path, root)


def load(root, library):
    """ "loads", or why not."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ctypes.CDLL(os.path.join(root, library), mode=os.RTLD_NOW)
            said = "loads"
        except OSError as error:
            said = str(error).replace(root, "")
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return f"dies of {signal.Signals(os.WTERMSIG(status)).name}" if os.WIFSIGNALED(status) else said


def main(before, after):
    before, after = os.path.realpath(before), os.path.realpath(after)
    compared = loaded = differ = 0
    for library in sorted(libraries(after)):
        old, new = load(before, library), load(after, library)
        compared += 1
        loaded += new == "loads"
        if old != new:
            differ += 1
            print(f"{library}: before: {old}; after: {new}")
    print(f"{compared} compared, {loaded} load, {differ} differ")
    return 1 if differ or not loaded else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
