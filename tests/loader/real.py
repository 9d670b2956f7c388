"""Holds slim's loader against the real ld.so, libtree and lddtree: every shared object of real wheels.

The wheels of wheels-x86_64.txt are laid out as /var/task in a root directory of Lambda's shape: where rules/runtimes says that
Lambda's loader looks lie the libraries that it says Lambda brings, empty ones of the right name, and nothing of this
machine but its libc and its loader. In there, and with Lambda's LD_LIBRARY_PATH, the real loader opens every file in a
process of its own; its account (LD_DEBUG) must be slim's: where each needed name was found, and by which rule. Where
this machine lets nobody change the root directory, all paths have the directory in front instead.

libtree and lddtree see the same files. Where they say something else than slim and the loader, explained.txt says why;
what is not in that list fails, and so does an explanation that explains nothing. They also see wheels for AArch64, whose
loader cannot be asked here.

tests/loader/real.sh [LOCK]: with other wheels for x86-64, where LOCK is a list as wheels-x86_64.txt is.
"""

import collections
import concurrent.futures
import fnmatch
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "survival"))

import case as cases  # noqa: E402
import wheelhouse  # noqa: E402

BUILD = os.path.join(ROOT, "build", "loader")
RESOLVE, TOUCHED = (os.path.join(ROOT, "build", "tests", name) for name in ("resolve", "touched"))
MINOR = "11"
LOADER = "/lib64/ld-linux-x86-64.so.2"
LEAST = 100
# Program headers, dynamic section, strings, versions, notes: about four pages a file, if large and small are mixed.
MOST_PAGES = 6
# e_machine, and its place.
MACHINES = {"x86_64": 62, "arm64": 183}
E_MACHINE = 18

# What a needed name led to: `to` is a path on Lambda, "system", or "-" for nowhere.
Answer = collections.namedtuple("Answer", "rule to")
# `root` is the file that was opened, `source` the one that needs the name ("" where a tool does not tell).
Difference = collections.namedtuple("Difference", "tool root source name ours theirs")


# --- the root directory -------------------------------------------------------------------------


def compiled(output, source, *flags):
    subprocess.run(["cc", "-o", output, *flags, "-x", "c", source], check=True)


class Tree:
    """A root directory for one architecture."""

    def __init__(self, arch, lock):
        self.arch = arch
        self.top = os.path.join(BUILD, arch)
        self.task = os.path.join(self.top, "var", "task")
        self.library_path, self.names = [], []
        self.read_platform()
        self.lay_out(lock)
        self.files = self.find_files()
        self.ours = self.ask_slim()

    def read_platform(self):
        """LD_LIBRARY_PATH, and the names that the system brings."""
        with open(os.path.join(ROOT, "rules", "runtimes", f"al2-{self.arch}.txt"), encoding="utf-8") as file:
            for line in file:
                word, *rest = line.split() or [""]
                if word == "library-path":
                    self.library_path += rest
                elif word in ("sure", "image", "interpreter"):
                    self.names.append(rest[0].replace("%", MINOR))

    def lay_out(self, lock):
        shutil.rmtree(self.top, ignore_errors=True)
        machine = "aarch64" if self.arch == "arm64" else self.arch
        wheelhouse.lay_out_wheels(cases.pins_of(lock), self.task, machine)
        lib64, lang = (os.path.join(self.top, name) for name in ("lib64", "var/lang/lib"))
        os.makedirs(lib64)
        os.makedirs(lang)
        if self.arch == "x86_64":
            self.add_program(lib64)
        empty = os.path.join(BUILD, "empty.so")
        compiled(empty, os.devnull, "-shared", "-nostdlib")
        with open(empty, "r+b") as file:
            file.seek(E_MACHINE)
            file.write(MACHINES[self.arch].to_bytes(2, "little"))
        for name in self.names:
            place = os.path.join(lang if name.startswith("libpython") else lib64, name)
            if not os.path.exists(place):
                shutil.copy(empty, place)

    def add_program(self, lib64):
        """The program that asks the loader, and what it needs."""
        ask = os.path.join(self.top, "ask")
        compiled(ask, os.path.join(HERE, "ask.c"), "-ldl")
        said = subprocess.run([LOADER, "--list", ask], check=True, capture_output=True, text=True).stdout
        shutil.copy(LOADER, lib64)
        shutil.copy(re.search(r"libc\.so\.6 => (\S+)", said)[1], lib64)

    def find_files(self):
        """Paths on Lambda of all ELF files, sorted."""
        files = [os.path.join(folder, name) for folder, _, names in os.walk(self.task) for name in names]
        return sorted(on_lambda(path, self.top) for path in files if is_elf(path))

    def ask_slim(self):
        """By root: (source, name) to Answer."""
        command = [RESOLVE, self.task, "--minor", MINOR, "--arch", self.arch]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        answers = collections.defaultdict(dict)
        for line in said.splitlines():
            root, source, _, name, rule, to = line.split("\t")
            answers[root][source, name] = Answer(rule, to)
        return answers

    def here(self, path):
        """A path on Lambda as one of this machine."""
        return self.top + path

    def search_path(self, prefix):
        return ":".join(prefix + directory for directory in self.library_path)

    def target(self, path):
        return target(path, self.top)


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def on_lambda(path, prefix):
    """What a path of this machine is on Lambda, or None where it lies outside."""
    path = os.path.normpath(path)
    if prefix == "/":
        return path
    return path[len(prefix) :] if path.startswith(prefix + "/") else None


def target(path, prefix):
    path = on_lambda(path, prefix)
    if path is None:
        return "-"  # a library of this machine, which Lambda has not: other tools look there last
    return path if path.startswith("/var/task/") else "system"


# --- what each of them says ---------------------------------------------------------------------


def ask_headers(tree):
    """What readelf says of each file: its soname, and what it needs."""
    sonames, needed = {}, {}
    for path in tree.files:
        said = subprocess.run(["readelf", "-dW", tree.here(path)], check=True, capture_output=True, text=True).stdout
        found = re.search(r"\(SONAME\).*\[(.*)\]", said)
        sonames[path] = found[1] if found else ""
        needed[path] = re.findall(r"\(NEEDED\).*\[(.*)\]", said)
    return sonames, needed


RULES = (
    ("\t(RPATH ", "rpath"),
    ("\t(RUNPATH ", "runpath"),
    ("\t(LD_LIBRARY_PATH)", "library-path"),
    ("\t(system search path)", "default"),
    (" search cache=", "default"),
)


class Account:
    """What the real loader told of one file."""

    def __init__(self, log, said, prefix):
        self.lookups = {}  # (source, name) to Answer: what no object of the process answered
        self.missing = set(re.findall(r"^\t(\S+) => not found", said, re.M))
        self.missing.update(re.findall(r"^error: (\S+): cannot open shared object file", said, re.M))
        # The rest was never looked for; nothing, where a program is opened.
        self.stopped = said.startswith("error:") and bool(self.missing)
        self.refused = "cannot dynamically load" in said
        self.prefix = prefix
        self.read(log)

    def read(self, log):
        key, rule, trying, stop = None, "path", None, False
        for line in [*log.splitlines(), "end"]:
            line = re.sub(r"^\s*\d+:\s*", "", line)
            asks = re.match(r"file=(.*) \[\d+\];  needed by (.*) \[\d+\]$", line)
            # Constructors may open more; that is not what is asked.
            stop = line == "end" or line.startswith(f"calling init: {self.prefix.rstrip('/')}/var/task/")
            # Whether the program that asks or a system's library needs it is not, either.
            if key and (asks or stop) and key[0].startswith("/var/task/"):
                self.lookups[key] = self.answer(key[1], rule, trying)
            if stop:
                break
            if asks:
                key, rule, trying = (target(asks[2], self.prefix), asks[1]), "path", asks[1]
            elif line.startswith("trying file="):
                trying = line[len("trying file=") :]
            else:
                rule = next((name for word, name in RULES if word in line), rule)

    def answer(self, name, rule, trying):
        to = "-" if name in self.missing else target(trying, self.prefix)
        return Answer("nowhere" if to == "-" else rule, to)


class Machine:
    """The real loader."""

    def __init__(self, tree):
        self.tree = tree
        self.prefix = "/"
        # Whether the root directory can be changed.
        if self.run(LOADER, "trace").returncode == 77:
            self.prefix = tree.top

    def run(self, path, *mode):
        place, root = ("", self.tree.top) if self.prefix == "/" else (self.prefix, "/")
        command = [self.tree.here("/ask"), root, self.tree.search_path(place), place + path, *mode]
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, env={})

    def ask(self, path, *mode):
        done = self.run(path, *mode)
        return Account(done.stderr, done.stdout, self.prefix)


# How libtree draws.
BRANCH = r"[\u2502\u251c\u2514\u2500 ]*"
PLACES_TRIED = "\u250a"


def ask_libtree(tree):
    """By root: (source, name) to where it finds it."""
    # All that there is, where it was found rather than what it is called.
    command = ["libtree", "-vvv", "-p", *map(tree.here, tree.files)]
    environment = {"LD_LIBRARY_PATH": tree.search_path(tree.top)}
    said = subprocess.run(command, capture_output=True, text=True, env=environment).stdout
    answers = collections.defaultdict(dict)
    above = []
    for line in said.splitlines():
        if PLACES_TRIED in line:
            continue
        branch = re.match(BRANCH, line)[0]
        depth = len(branch) // 4
        path = re.sub(r" (\[[^]]*\]|not found|\(.*\))?$", "", line[len(branch) :])
        to = "-" if line.endswith(" not found") else tree.target(path)
        del above[depth:]
        if depth and above[-1].startswith("/"):
            answers[above[0]][above[-1], os.path.basename(path)] = to
        above.append(to)
    return answers


# Its interpreter must not see the LD_LIBRARY_PATH that it is asked about.
RUN_LDDTREE = """
import os, runpy, sys
os.environ["LD_LIBRARY_PATH"] = sys.argv[1]
sys.argv[:2] = []
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def ask_lddtree(tree):
    """By root: ("", name) to where it finds it; it keeps one answer a name."""
    command = [elf_python(), "-c", RUN_LDDTREE, tree.search_path(tree.top), shutil.which("lddtree"), "--all"]
    said = subprocess.run([*command, *map(tree.here, tree.files)], capture_output=True, text=True).stdout
    answers = collections.defaultdict(dict)
    above = []
    for line in said.splitlines():
        name, _, path = line.strip().partition(" => ")
        if path.startswith("!!!"):
            continue
        depth = (len(line) - len(line.lstrip())) // 4
        del above[depth:]
        if depth == 0:
            path = name.removesuffix(" (interpreter")
        to = "-" if path == "None" else tree.target(path)
        if depth and above[-1].startswith("/"):
            answers[above[0]]["", name] = to
        above.append(to)
    return answers


def elf_python():
    """An interpreter that has what lddtree needs, or None."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run([python, "-c", "import elftools"], capture_output=True).returncode == 0:
            return python
    return None


# --- the differences ----------------------------------------------------------------------------


def differences_from_machine(root, ours, account, headers):
    """Between slim's answers and what the real loader did for one root."""
    sonames, needed = headers
    different = []

    def differs(key, answer, theirs):
        different.append(Difference("ld.so", root, *key, " ".join(answer) if answer else "absent", theirs))

    names = {}
    for key, theirs in account.lookups.items():
        answer = ours.get(key)
        names[key[1]] = theirs.to
        if not answer or answer.to != theirs.to or (theirs.to.startswith("/") and answer.rule != theirs.rule):
            differs(key, answer, " ".join(theirs))
    loaded = {to for to in names.values() if to.startswith("/")} | {root}
    for own in ("libc.so.6", os.path.basename(LOADER)):
        names.setdefault(own, "system")
    # The rest was answered by an object that was loaded already.
    for key, answer in ours.items():
        if key in account.lookups or (account.stopped and key[1] not in names):
            continue
        same_soname = answer.to in loaded and sonames.get(answer.to) == key[1]
        if names.get(key[1]) != answer.to and not same_soname:
            differs(key, answer, "loaded " + names.get(key[1], "absent"))
        elif answer.to.startswith("/") and answer.rule != "loaded":
            differs(key, answer, "loaded " + answer.to)
    for path in loaded:
        for name in needed[path]:
            if (path, name) not in ours:
                differs((path, name), None, "needed")
    return different


def differences_from_tool(tool, ours, theirs):
    """By root, source and name where the tool tells who needs it, else by root and name."""
    different = []
    for root in sorted(set(ours) | set(theirs)):
        left = collections.defaultdict(set)
        for (source, name), answer in ours[root].items():
            left["" if tool == "lddtree" else source, name].add(answer.to)
        right = {key: {to} for key, to in theirs[root].items()}
        for key in sorted(set(left) | set(right)):
            if left.get(key) != right.get(key):
                shown = (" ".join(sorted(side.get(key, ["absent"]))) for side in (left, right))
                different.append(Difference(tool, root, *key, *shown))
    return different


class Explanations:
    """explained.txt: tool, root, name, what slim says, what the tool says (patterns of shells), and behind "#" why."""

    def __init__(self):
        self.lines = {}
        with open(os.path.join(HERE, "explained.txt"), encoding="utf-8") as file:
            for line in file:
                fields, _, why = line.partition("#")
                if fields.strip():
                    assert why.strip(), f"explained.txt: no reason: {line}"
                    self.lines[tuple(fields.split())] = 0

    def unexplained(self, different):
        return [one for one in different if not self.explains(one)]

    def explains(self, one):
        shown = (one.tool, one.root.removeprefix("/var/task/"), one.name, one.ours, one.theirs)
        found = [line for line in self.lines if all(map(fnmatch.fnmatchcase, shown, line))]
        for line in found:
            self.lines[line] += 1
        return bool(found)

    def idle(self, tool):
        return [" ".join(line) for line, times in self.lines.items() if line[0] == tool and times == 0]


# --- the test -----------------------------------------------------------------------------------

number = 0


def report(name, wrong):
    """One test: passes when nothing is wrong."""
    global number
    number += 1
    for line in list(map(str, wrong))[:40]:
        print("# " + line)
    print(f"{'not ' if wrong else ''}ok {number} - {name}", flush=True)
    return bool(wrong)


def skip(name, why):
    global number
    number += 1
    print(f"ok {number} - {name} # SKIP {why}", flush=True)


def changed(ours):
    """slim's answers with one mistake of each kind; who does not notice is no oracle."""
    for root, answers in ours.items():
        for key, answer in answers.items():
            if answer.rule == "rpath":
                yield "another file", root, {**answers, key: Answer("rpath", root)}
                yield "another rule", root, {**answers, key: Answer("runpath", answer.to)}
                yield "nothing", root, {**answers, key: Answer("nowhere", "-")}
                yield "no answer", root, {other: a for other, a in answers.items() if other != key}
                return


def check_machine(tree, explanations):
    machine = Machine(tree)
    headers = ask_headers(tree)

    def ask(path):
        return [machine.ask(path), machine.ask(path, "trace")]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        accounts = dict(zip(tree.files, pool.map(ask, tree.files)))
    how = "in a root directory of Lambda's shape" if machine.prefix == "/" else "with a prefix"
    failed = False
    for turn, mode in enumerate(("opened", "traced")):
        asked = [(path, accounts[path][turn]) for path in tree.files if not accounts[path][turn].refused]
        different = []
        for path, account in asked:
            different += differences_from_machine(path, tree.ours[path], account, headers)
        count = sum(len(account.lookups) for _, account in asked)
        print(f"# {len(asked)} files, {count} names looked up")
        wrong = explanations.unexplained(different)
        failed |= report(f"ld.so finds what slim finds ({mode}, {how})", wrong or ([] if count else ["nothing was looked up"]))
    for what, root, answers in changed(tree.ours):
        noticed = differences_from_machine(root, answers, accounts[root][1], headers)
        failed |= report(f"an answer of slim with {what} would be noticed", [] if noticed else ["it was not"])
    failed |= report("every explained difference from ld.so is still there", explanations.idle("ld.so"))
    return failed


def check_tool(tool, ask, trees, explanations):
    wrong = []
    for tree in trees:
        theirs = ask(tree)
        different = differences_from_tool(tool, tree.ours, theirs)
        print(f"# {tree.arch}: {len(tree.files)} files, {sum(map(len, theirs.values()))} answers, {len(different)} differ")
        wrong += explanations.unexplained(different)
        for what, root, answers in changed(tree.ours):
            noticed = differences_from_tool(tool, {**tree.ours, root: answers}, theirs) != different
            # They tell no rule that could be compared.
            if not noticed and what != "another rule":
                wrong.append(f"{what} in the place of an answer was not noticed")
    wrong += ["no longer so: " + line for line in explanations.idle(tool)]
    return report(f"{tool} differs as explained", wrong)


def check_reading(tree):
    said = subprocess.run([TOUCHED, *map(tree.here, tree.files)], check=True, capture_output=True, text=True).stdout
    count, total, touched = map(int, said.split())
    shown = f"{touched:,} of {total:,} bytes"
    print(f"# {shown}")
    most = count * MOST_PAGES * os.sysconf("SC_PAGE_SIZE")
    return report("slim looks into headers and dynamic sections only", [] if touched <= most < total else [shown])


def main():
    if not os.path.exists(LOADER) or os.uname().machine != "x86_64":
        print("1..0 # SKIP the wheels are for glibc on x86-64, and so is the loader that they are held against")
        return 0
    os.makedirs(BUILD, exist_ok=True)
    locks = {arch: os.path.join(HERE, f"wheels-{arch}.txt") for arch in MACHINES}
    if len(sys.argv) > 1:
        locks = {"x86_64": os.path.abspath(sys.argv[1])}
    try:
        trees = [Tree(arch, lock) for arch, lock in locks.items()]
    except wheelhouse.Unreachable:
        print("1..0 # SKIP PyPI cannot be reached")
        return 0
    tree = trees[0]
    explanations = Explanations()
    print("1..11")
    print(f"# {len(tree.files)} files")
    few = [] if len(tree.files) >= LEAST else ["there are less"]
    failed = report(f"the wheels have {LEAST} shared objects or more", few)
    failed |= check_reading(tree)
    failed |= check_machine(tree, explanations)
    for tool, ask, can in (("libtree", ask_libtree, True), ("lddtree", ask_lddtree, elf_python())):
        if can and shutil.which(tool):
            failed |= check_tool(tool, ask, trees, explanations)
        else:
            skip(f"{tool} differs as explained", f"no {tool}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
