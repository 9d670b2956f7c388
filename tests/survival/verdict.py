"""Compares what a handler did in the original and in the slimmed tree, and measures both."""

import difflib
import json

CODE = (".py", ".so")


def is_code(path):
    return path.endswith(CODE) or ".so." in path.rpartition("/")[2]


def share(part, whole):
    return 100.0 * part / whole if whole else 100.0


def is_module(path, place):
    """Whether path is or makes the module at place, a path without suffix: a directory of any files is a package too."""
    if path.startswith(place + "/"):
        return True
    return path.startswith(place + ".") and path.endswith((".py", ".so", ".pyc")) and "/" not in path[len(place) :]


class Wanted:
    """Answers which removed file a name or path stands for; reasons come from slim's own report."""

    def __init__(self, original, slimmed, report):
        self.removed = sorted(set(original) - set(slimmed))
        self.reasons = {f["path"]: f"{f['code']} {f['name']}" for f in report["files"]}

    def reason(self, path):
        return f"{path} was removed ({self.reasons.get(path, 'no reason given')})"

    def by_module(self, places):
        # Bytecode caches are looked up by other means, and their loss is none.
        return [p for p in self.removed if "__pycache__" not in p and any(is_module(p, place) for place in places)]

    def by_path(self, paths):
        return sorted(p for p in set(paths) & set(self.removed) if "__pycache__" not in p)

    def by_exception(self, seen):
        """Of an ImportError or OSError: what it names."""
        wanted = seen.get("wanted", "")
        paths = [p for p in self.removed if wanted.endswith("/" + p)]
        return paths or self.by_module([wanted.replace(".", "/")])


def shown(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def differences(before, after, wanted):
    """Lines that say how the runs differ; none when they are alike and nothing that is gone was asked for."""
    lines = []
    keys = ["exception", "status"] if "exception" in after or "used" not in after else ["result", "stdout", "status"]
    for key in keys:
        if before.get(key) != after.get(key):
            lines.append(f"{key} differs:")
            lines += list(difflib.unified_diff(shown(before.get(key)), shown(after.get(key)), n=1, lineterm=""))[2:40]
    if "exception" in after and "exception" not in before:
        lines += after.get("traceback", "").splitlines()[-8:]
        lines += ["wanted: " + wanted.reason(p) for p in wanted.by_exception(after)[:20]]
    hits = wanted.by_module(after.get("missed", [])) + wanted.by_path(after.get("opened", []))
    lines += ["looked for: " + wanted.reason(p) for p in sorted(set(hits))[:20]]
    if lines and after.get("stderr"):
        lines += ["stderr: " + line for line in after["stderr"].splitlines()[-5:]]
    return lines


def measure(original, slimmed, patterns, used):
    """The row of the table; original and slimmed map paths to sizes. Code counts as it was, not as strip leaves it."""
    code = {p: size for p, size in original.items() if is_code(p)}
    whole = sum(code.values())
    return {
        "before": sum(original.values()),
        "patterns": patterns,
        "after": sum(slimmed.values()),
        "code": whole,
        "code_kept": sum(size for p, size in code.items() if p in slimmed),
        "code_traced": sum(size for p, size in code.items() if p in used),
    }
