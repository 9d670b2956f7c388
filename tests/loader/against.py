#!/usr/bin/env python3
"""Real packages, resolved by slim and by the loader of this machine: against.py RESOLVE DIR...

Every shared object of each directory is opened by itself, with Lambda's LD_LIBRARY_PATH, the directory in the place
of /var/task. Both must load the same files of the directory, and miss the same names. What this machine's system has
is not compared: it is not Lambda's. Prints the differences, then a line with what was compared; exits with 1 where
there are any.
"""

import os
import re
import subprocess
import sys

LIBRARY_PATH = "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:{0}:{0}/lib:/opt/lib"
ARCH = {"x86_64": "x86_64", "aarch64": "arm64"}
# "libx.so => /path (0x…)", "libx.so => not found"; of a name with a slash "/path (0x…)".
LINE = re.compile(r"\s*(?:(\S+) => )?(not found|/\S+)(?: \(0x|$)", re.M)


def told(resolve, top):
    """By root: the files that slim says are loaded, and the names that it does not find in the directory."""
    arch = ARCH[os.uname().machine]
    command = [resolve, top, "--minor", "13", "--arch", arch]
    roots = {}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        root, _, kind, name, rule, to = line.split("\t")
        files, missing = roots.setdefault(root, (set(), set()))
        if to.startswith("/var/task/"):
            files.add(to)
        elif kind != "auxiliary" and rule != "fatal":
            missing.add(name)
    return roots


def really(top, root):
    loader = next(p for p in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1") if os.path.exists(p))
    environment = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_LIBRARY_PATH": LIBRARY_PATH.format(top), "LC_ALL": "C"}
    path = top + root[len("/var/task") :]
    output = subprocess.run([loader, path], capture_output=True, text=True, env=environment, cwd=top).stdout
    files, missing = {root}, set()
    for name, to in LINE.findall(output):
        if to == "not found":
            missing.add(name)
        elif os.path.realpath(to).startswith(top + "/"):
            files.add("/var/task" + os.path.realpath(to)[len(top) :])
    return files, missing


def main():
    resolve, tops = sys.argv[1], [os.path.realpath(top) for top in sys.argv[2:]]
    roots = loads = differences = 0
    for top in tops:
        for root, (files, missing) in sorted(told(resolve, top).items()):
            real_files, real_missing = really(top, root)
            roots += 1
            loads += len(files)
            for what, names in (
                ("only slim loads", files - real_files - {root}),
                ("slim does not load", real_files - files - {root}),
                ("slim finds", real_missing - missing),
            ):
                differences += len(names)
                for name in sorted(names):
                    print(f"{top}: {root}: {what} {name}")
    print(f"{roots} shared objects, {loads} files loaded, {differences} differences")
    return 1 if differences or not roots else 0


if __name__ == "__main__":
    sys.exit(main())
