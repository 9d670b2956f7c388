"""Compares the edges of two import graphs: what `ruff analyze graph` finds and slim does not, and why.

Each pair of files that only ruff has falls into one of the classes below, which each say what is there instead; a pair
that falls into none counts as lost.
"""

import collections
import json
import os
import re
import sys

EXTENSION = re.compile(r"(\.(cpython-[^./]*|abi3))?\.so$")


def of_ruff(text):
    """Pairs of files: who imports, what."""
    return {(file, target) for file, targets in json.loads(text).items() for target in targets if file != target}


def of_slim(text):
    """The kinds of edges, by pair."""
    edges = collections.defaultdict(set)
    for line in text.splitlines():
        file, target, kind = line.split("\t")
        edges[file, target].add(kind)
    return edges


def module_of(path):
    """The module that a file holds or describes, with slashes: "numpy/linalg" for its __init__.pyi."""
    stem = EXTENSION.sub("", path)
    stem = stem[: -len(".pyi")] if stem.endswith(".pyi") else stem[: -len(".py")] if stem.endswith(".py") else stem
    return stem[: -len("/__init__")] if stem.endswith("/__init__") else stem


class Explainer:
    """Knows the tree and what slim found."""

    def __init__(self, tree, slim):
        self.tree = tree
        self.linked = collections.defaultdict(lambda: collections.defaultdict(list))
        for file, target in slim:
            self.linked[file][module_of(target)].append(target)
        self.code = set()
        for base, _, names in os.walk(tree):
            for name in names:
                if name.endswith((".py", ".so")):
                    self.code.add(module_of(os.path.relpath(os.path.join(base, name), tree)))

    def why(self, file, target):
        module = module_of(target)
        here = self.linked[file]
        if target.endswith(".pyi"):
            if module in here or module == module_of(file):
                return "stubs: slim has the edge to the code beside, which is what runs"
            if module not in self.code:
                parent = module
                while "/" in parent:
                    parent = os.path.dirname(parent)
                    if any(path.endswith(".so") for path in here[parent]):
                        return "stubs of what lies in an extension module: slim has the edge to that"
                return "stubs of nothing that could run"
        if any(path.endswith(".so") for path in here[module]):
            return "sources that an extension module of the name hides: slim has the edge to that"
        if any(
            os.path.dirname(below) == module and path.endswith(".so") for below, paths in here.items() for path in paths
        ):
            return "packages of an extension module: slim has the edge to that, and packages come with their modules"
        top = os.path.dirname(target[: -len("/__init__.py")] if target.endswith("/__init__.py") else target)
        project = os.path.join(self.tree, top, "pyproject.toml")
        if top and module[len(top) + 1 :] in sys.stdlib_module_names and os.path.exists(project):
            return "the standard library's: a pyproject.toml in the wheel makes ruff take its directory for a root"
        return ""


def compare(tree, slim_text, ruff_text, what):
    """Prints the counts and every class. Returns the number of pairs that nothing explains."""
    slim = of_slim(slim_text)
    ruff = of_ruff(ruff_text)
    imports = {pair for pair, kinds in slim.items() if "import" in kinds}
    explainer = Explainer(tree, slim)
    classes = collections.defaultdict(list)
    for pair in sorted(ruff - set(slim)):
        classes[explainer.why(*pair)].append(pair)
    lost = classes.pop("", [])
    print(
        f"{what}: edges: ruff {len(ruff):,}; slim {len(slim):,}, of which by import statements {len(imports):,}; "
        f"both {len(ruff & set(slim)):,}; slim alone {len(set(slim) - ruff):,}; ruff alone {len(ruff - set(slim)):,}:"
    )
    for why, pairs in sorted(classes.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"  {len(pairs):>6,}  {why}\n          {pairs[0][0]} -> {pairs[0][1]}")
    for file, target in lost:
        print(f"   lost  {file} -> {target}")
    return len(lost)
