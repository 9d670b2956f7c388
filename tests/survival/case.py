"""What a case says about itself, and where things of the survival run lie."""

import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = os.path.join(HERE, "cases")
KEYS = ("requires", "handler", "event", "ci", "drop")


class Case:
    """One file of cases/: comment lines "# key: value" before the first line of code.

    What lies in a directory of its name comes into the package too; "drop" are globs for slim's --drop. The runner's own
    tests use both.
    """

    def __init__(self, path):
        self.path = path
        self.name = os.path.splitext(os.path.basename(path))[0]
        fields = {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    break
                found = re.match(r"# (\w+): +(.*\S)", line)
                if found and found[1] in KEYS:
                    fields[found[1]] = found[2]
        self.requires = fields.get("requires", "").split()
        self.handler = fields.get("handler", "handler")
        self.event = json.loads(fields.get("event", "{}"))
        self.ci = fields.get("ci") == "yes"
        self.drop = fields.get("drop", "").split()
        self.files = os.path.splitext(path)[0]
        self.lock = os.path.join(os.path.dirname(os.path.dirname(path)), "locks", self.name + ".txt")

    def wheels(self):
        return pins_of(self.lock) if self.requires else []


def pins_of(lock):
    """A lock's lines as (name, version, sha256)."""
    with open(lock, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return [re.fullmatch(r"(\S+)==(\S+) --hash=sha256:(\w{64})\n", line).groups() for line in lines]


def all_names(directory=CASES):
    return sorted(name[:-3] for name in os.listdir(directory) if name.endswith(".py"))


def load(name, directory=CASES):
    return Case(os.path.join(directory, name + ".py"))
