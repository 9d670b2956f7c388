# requires: rtree==1.4.0
# ci: yes
# libspatialindex through ctypes, found beside the package: in memory, on disk, objects, errors.
import os
import tempfile

from rtree import index


def handler(event, context):
    tree = index.Index(properties=index.Property(dimension=2))
    for i in range(100):
        tree.insert(i, (i, i, i + 1, i + 1), obj={"n": i})
    found = {"hits": sorted(tree.intersection((10.5, 10.5, 12, 12))), "near": list(tree.nearest((50, 50, 50, 50), 1))}
    found["objects"] = sorted(h.object["n"] for h in tree.intersection((0, 0, 1, 1), objects=True))
    path = os.path.join(tempfile.mkdtemp(), "x")
    disk = index.Index(path, [(i, (i, 0, i, 1), None) for i in range(10)])
    disk.close()
    found["disk"] = len(list(index.Index(path).intersection((0, 0, 5, 5))))
    found["bounds"] = tree.bounds
    try:
        tree.insert(1, (2, 2, 1, 1))
    except Exception as caught:
        found["error"] = type(caught).__name__
    return found
