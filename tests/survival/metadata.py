"""What importlib.metadata makes of a package: python -I -S metadata.py PACKAGE

Prints every distribution with its version and entry points, one a line, so that two packages can be compared; fails
when a RECORD names a file that is not there, or a file of a distribution has no row. Scripts are in bin/, though pip
--target writes their rows as ../../bin.
"""

import os
import sys
from importlib import metadata


def main(root):
    lost = []
    named = set()
    for dist in sorted(metadata.distributions(path=[root]), key=lambda d: d.metadata["Name"]):
        entries = sorted(f"{e.group}:{e.name}={e.value}" for e in dist.entry_points)
        print(dist.metadata["Name"], dist.version, *entries)
        if not dist.files:
            lost.append(f"{dist.metadata['Name']}: no files")
        for file in dist.files or []:
            path = os.path.normpath(os.path.join(root, str(file).removeprefix("../../")))
            named.add(path)
            if not os.path.lexists(path):
                lost.append(str(file))
    for base, _, files in os.walk(root):
        for name in files:
            path = os.path.join(base, name)
            if ".dist-info" + os.sep in path and path not in named:
                lost.append(f"{os.path.relpath(path, root)} is in no RECORD")
    for line in lost:
        print("lost:", line, file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
