"""Slims wheels for arm64 on this machine, whatever it is, and holds the result against the wheels.

The readers of ELF and the search for libraries here are this test's own: a third opinion beside slim and ld.so. Where
there are qemu-aarch64 and a cross compiler, every kept file is opened before and after, too.

tests/loader/arm64.sh
"""

import collections
import concurrent.futures
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "survival"))

import case as cases  # noqa: E402
import wheelhouse  # noqa: E402

SLIM = os.environ.get("SLIM") or os.path.join(ROOT, "build", "slim")
BUILD = os.path.join(ROOT, "build", "loader", "arm64")
TASK = os.path.join(BUILD, "task")
PLATFORM = os.path.join(ROOT, "rules", "runtimes", "al2023-arm64.txt")
CROSS_ROOT = "/usr/aarch64-linux-gnu"
LEAST = 60
AARCH64 = 183
PT_LOAD, PT_DYNAMIC = 1, 2
DT_NEEDED, DT_STRTAB, DT_SONAME, DT_RPATH, DT_RUNPATH = 1, 5, 14, 15, 29
SHT_SYMTAB = 2

APP = """\
import lxml.etree, lxml.html, numpy, psycopg2, shapely, zmq
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

def handler(event, context):
    return str(numpy.arange(3))
"""
# Those whose extension modules the handler imports without a way out.
NATIVE = {"cryptography", "lxml", "numpy", "pillow", "psycopg2-binary", "shapely"}

Segment = collections.namedtuple("Segment", "type flags offset vaddr paddr filesz memsz align")


# --- reading ELF --------------------------------------------------------------------------------


class Elf:
    """64 bits, little-endian."""

    def __init__(self, data):
        self.data = data
        self.machine = struct.unpack_from("<H", data, 18)[0]
        phoff, self.shoff = struct.unpack_from("<QQ", data, 32)
        phentsize, phnum, self.shentsize, self.shnum, self.shstrndx = struct.unpack_from("<5H", data, 54)
        self.phdrs = (phoff, phentsize * phnum)
        self.segments = []
        for at in range(phoff, phoff + phentsize * phnum, phentsize):
            kind, flags, *rest = struct.unpack_from("<IIQQQQQQ", data, at)
            self.segments.append(Segment(kind, flags, *rest))
        self.read_dynamic()

    def read_dynamic(self):
        tags = collections.defaultdict(list)
        for segment in self.segments:
            for at in range(segment.offset, segment.offset + segment.filesz if segment.type == PT_DYNAMIC else 0, 16):
                tag, value = struct.unpack_from("<QQ", self.data, at)
                tags[tag].append(value)

        def texts(tag):
            return [self.text(self.offset_of(tags[DT_STRTAB][0]) + value) for value in tags[tag]]

        self.needed = texts(DT_NEEDED)
        self.soname = "".join(texts(DT_SONAME))
        self.rpath = "".join(texts(DT_RPATH))
        self.runpath = "".join(texts(DT_RUNPATH))

    def offset_of(self, vaddr):
        for s in self.segments:
            if s.type == PT_LOAD and s.vaddr <= vaddr < s.vaddr + s.filesz:
                return vaddr - s.vaddr + s.offset
        raise ValueError("an address in no segment")

    def text(self, at):
        return self.data[at : self.data.index(b"\0", at)].decode()

    def sections(self):
        """Name, type and offset of each."""
        headers = [struct.unpack_from("<IIQQQQ", self.data, self.shoff + i * self.shentsize) for i in range(self.shnum)]
        names = headers[self.shstrndx][4] if headers else 0
        return [(self.text(names + header[0]), header[1], header[4]) for header in headers]

    def is_wedged(self, offset):
        """Whether it is between segments that cannot move together, as the hole is smaller than their alignment."""
        after = [s for s in self.segments if s.type == PT_LOAD and s.offset > offset]
        ends = [s.offset + s.filesz for s in self.segments if s.offset <= offset]
        return bool(after) and after[0].offset - max(ends) < max(s.align for s in after)

    def memory(self):
        """What is mapped where: the bytes of each loaded segment, less what says where things lie in the file."""
        data = bytearray(self.data)
        for start, length in ((32, 16), (58, 6), self.phdrs):  # e_phoff and e_shoff; e_sh…; the program headers
            data[start : start + length] = bytes(length)
        loads = []
        for s in self.segments:
            loaded = bytes(data[s.offset : s.offset + s.filesz]) if s.type == PT_LOAD else b""
            # The strict rule of Lambda's glibc.
            aligned = s.align < 2 or s.type != PT_LOAD or (s.vaddr - s.offset) % s.align == 0
            loads.append((s.type, s.flags, s.vaddr, s.paddr, s.filesz, s.memsz, s.align, aligned, loaded))
        return loads

    def undefined(self):
        """Names of dynamic symbols that others must define."""
        for i in range(self.shnum):
            _, kind, _, _, offset, size, link = struct.unpack_from("<IIQQQQI", self.data, self.shoff + i * self.shentsize)
            if kind != 11:  # SHT_DYNSYM
                continue
            strings = struct.unpack_from("<Q", self.data, self.shoff + link * self.shentsize + 24)[0]
            for at in range(offset + 24, offset + size, 24):
                name, _, _, section = struct.unpack_from("<IBBH", self.data, at)
                if section == 0:
                    yield self.text(strings + name)


def elves(tree):
    return {path: Elf(data) for path, data in sorted(tree.items()) if data[:4] == b"\x7fELF"}


# --- the package --------------------------------------------------------------------------------


def lay_out():
    shutil.rmtree(BUILD, ignore_errors=True)
    pins = cases.pins_of(os.path.join(HERE, "arm64.txt"))
    wheelhouse.download(pins, "aarch64", "3.13")
    for pin in pins:
        with zipfile.ZipFile(wheelhouse.wheel_of(pin)) as wheel:
            wheel.extractall(TASK)
    with open(os.path.join(TASK, "app.py"), "w", encoding="utf-8") as file:
        file.write(APP)


def read_directory(top):
    tree = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                tree[os.path.relpath(path, top)] = file.read()
    return tree


def read_zip(path):
    """The files; a link is the file that it leads to."""
    with zipfile.ZipFile(path) as package:
        infos = package.infolist()
        tree = {info.filename: package.read(info) for info in infos if not info.is_dir()}
    for info in infos:
        if stat.S_ISLNK(info.external_attr >> 16):
            to = os.path.normpath(os.path.join(os.path.dirname(info.filename), tree[info.filename].decode()))
            tree[info.filename] = tree[to]
    return tree


def slim(*options):
    command = [SLIM, TASK, "--runtime", "python3.13", "--handler", "app.handler", "--json", "--strict", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"notes": [], "files": []}, done.stderr


# --- what must be so ----------------------------------------------------------------------------
# Each gives a list of what is wrong with the tree after, given the one before.


def other_machines(_, after):
    return [path for path, elf in elves(after).items() if elf.machine != AARCH64]


def changed_segments(before, after):
    return [path for path, elf in elves(after).items() if elf.memory() != Elf(before[path]).memory()]


def left_symbols(before, after):
    """But those of files that would not become smaller: they are as they were."""
    return [
        f"{path}: {name}"
        for path, elf in elves(after).items()
        for name, kind, offset in elf.sections()
        if kind == SHT_SYMTAB or name.startswith((".debug", ".zdebug"))
        if after[path] != before[path] or not elf.is_wedged(offset)
    ]


def system_names():
    with open(PLATFORM, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    return {words[1].replace("%", "13") for words in lines if words and words[0] in ("sure", "image", "loader", "interpreter")}


SYSTEM = system_names()


def search(tree, known, loaders, name):
    """Where the last of the loaders, each loaded by the one before it, finds the name; None for nowhere."""

    def look(path, of):
        for entry in filter(None, path.split(":")):
            where = os.path.normpath(re.sub(r"\$ORIGIN|\$\{ORIGIN\}", "/" + os.path.dirname(of), entry)).lstrip("/")
            if os.path.join(where, name) in tree:
                return os.path.join(where, name)
        return None

    asks = loaders[-1]
    found = None
    if not known[asks].runpath:
        for one in reversed(loaders):
            found = found or (look(known[one].rpath, one) if not known[one].runpath else None)
    if found or name in SYSTEM:
        return found or "system"
    return next((p for p in (name, "lib/" + name) if p in tree), None) or look(known[asks].runpath, asks)


def resolve(tree):
    """By root, and by (who needs it, its name): where the name is found."""
    known = elves(tree)
    answers = {}
    for root in known:
        if os.path.dirname(root).endswith(".libs"):
            continue
        loaded, queue, found = {}, [(root,)], {}
        for loaders in queue:
            for name in known[loaders[-1]].needed:
                to = loaded.get(name) or search(tree, known, loaders, name)
                found[loaders[-1], name] = to
                if to in known and to not in loaded.values():
                    queue.append((*loaders, to))
                loaded[name] = to
                if to in known:
                    loaded[known[to].soname] = to
        answers[root] = found
    return answers


def unanswered(before, after):
    was, now = resolve(before), resolve(after)
    wrong = [f"{root}: {of} needs {name}" for root in now for (of, name), to in now[root].items() if to is None]
    return wrong + [f"{root}: {key}" for root in now for key in now[root] if now[root][key] != was[root].get(key)]


# --- opened by the real loader ------------------------------------------------------------------

OPENER = """\
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv) {
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    puts(library ? "ok" : dlerror());
    return 0;
}
"""


class Emulator:
    """Opens files of a tree one by one, each in a process of its own, where Python's symbols are there."""

    def __init__(self, tree):
        self.program = os.path.join(BUILD, "opener")
        names = {name for elf in elves(tree).values() for name in elf.undefined() if re.match(r"_?Py\w+$", name)}
        source = OPENER + "".join(f"char {name}[512];\n" for name in sorted(names))
        compiler = ["aarch64-linux-gnu-gcc", "-w", "-rdynamic", "-o", self.program, "-x", "c", "-", "-ldl"]
        subprocess.run(compiler, input=source, text=True, check=True)
        self.make_libz(tree)

    def make_libz(self, tree):
        """What Lambda brings and no compiler does, as far as the files ask for it."""
        self.lib = os.path.join(BUILD, "lib")
        os.makedirs(self.lib, exist_ok=True)
        files = [os.path.join(TASK, path) for path, elf in elves(tree).items() if "libz.so.1" in elf.needed]
        said = subprocess.run(["readelf", "-W", "--dyn-syms", *files], capture_output=True, text=True, check=True).stdout
        versions = collections.defaultdict(set)
        for name, version in re.findall(r" UND (\w+)@(ZLIB_[\d.]+)", said):
            versions[version].add(name)
        unversioned = set(re.findall(r" UND ((?:in|de)flate\w*|(?:un)?compress\w*|crc32\w*|adler32|zlib\w+|zError)\n", said))
        versions["ZLIB_0"] = unversioned - set().union(*versions.values())
        script = os.path.join(BUILD, "libz.map")
        with open(script, "w", encoding="utf-8") as file:
            file.writelines(f"{version} {{ global: {'; '.join(sorted(names | {'none'}))}; }};\n" for version, names in versions.items())
        source = "".join(f"void {name}(void) {{}}\n" for names in versions.values() for name in sorted(names))
        flags = ["-w", "-fno-builtin", "-shared", "-fPIC", "-Wl,-soname,libz.so.1", f"-Wl,--version-script,{script}"]
        compiler = ["aarch64-linux-gnu-gcc", *flags, "-o", os.path.join(self.lib, "libz.so.1"), "-x", "c", "-"]
        subprocess.run(compiler, input=source, text=True, check=True)

    def outcomes(self, tree, top):
        shutil.rmtree(top, ignore_errors=True)
        for path, data in tree.items():
            os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
            with open(os.path.join(top, path), "wb") as file:
                file.write(data)

        def open_one(path):
            command = ["qemu-aarch64", "-L", CROSS_ROOT, "-E", "LD_LIBRARY_PATH=" + self.lib, self.program, os.path.join(top, path)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
            return done.returncode, done.stdout.replace(top, "")

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(zip(tree, pool.map(open_one, tree)))


def check_opened(before, after):
    kept = {path: after[path] for path in elves(after)}
    emulator = Emulator(kept)
    was = emulator.outcomes({path: data for path, data in before.items() if path in elves(before)}, os.path.join(BUILD, "was"))
    now = emulator.outcomes(kept, os.path.join(BUILD, "now"))
    opened = sum(outcome == (0, "ok\n") for outcome in now.values())
    print(f"# {opened} of {len(now)} files can be opened")
    for path in now:
        if now[path] != (0, "ok\n"):
            print(f"# {path}: {now[path]}")
    wrong = [f"{path}: {was[path]}, then {now[path]}" for path in now if now[path] != was[path]]
    return wrong + ([] if opened > LEAST / 2 else ["too few"])


# --- the test -----------------------------------------------------------------------------------

number = 0
failed = False


def report(name, wrong):
    """One test: passes when nothing is wrong."""
    global number, failed
    number += 1
    failed |= bool(wrong)
    for line in list(map(str, wrong))[:20]:
        print("# " + line)
    print(f"{'not ' if wrong else ''}ok {number} - {name}", flush=True)


def check_own(before):
    """For the architecture that the wheels are for."""
    out = os.path.join(BUILD, "out.zip")
    status, said, errors = slim("--arch", "arm64", "-o", out)
    problems = [n for n in said["notes"] if n["code"].startswith("SLIM1")]
    report("a good package has no problems", [errors, *problems] if status or problems else [])
    after = read_zip(out)
    few = [] if len(elves(after)) >= LEAST else [f"{len(elves(after))} are left"]
    report(f"{LEAST} shared objects or more stay", few)
    report("all of them are for aarch64", other_machines(before, after))
    report("all that is loaded is as it was, and lies as Lambda's glibc demands", changed_segments(before, after))
    report("no symbols are left but those for the loader", left_symbols(before, after))
    report("every needed name is found, where it was", unanswered(before, after))
    again = os.path.join(BUILD, "again.zip")
    slim("--arch", "arm64", "-o", again, "-j", "1")
    with open(out, "rb") as one, open(again, "rb") as two:
        report("a second run writes the same", [] if one.read() == two.read() else ["they differ"])
    return after


def check_checks(before, after):
    """Whoever does not notice these is no proof."""
    path = next(path for path, elf in elves(after).items() if elf.segments[-1].filesz and "numpy" in path)
    load = [s for s in Elf(after[path]).segments if s.type == PT_LOAD][-1]
    broken = bytearray(after[path])
    broken[load.offset + load.filesz - 1] ^= 1
    foreign = bytearray(after[path])
    foreign[18] = 62
    needed = next(to for found in resolve(after).values() for to in found.values() if to in after)
    less = {p: data for p, data in after.items() if p != needed}
    for what, check, tree in (
        ("a changed byte", changed_segments, {**after, path: bytes(broken)}),
        ("another machine", other_machines, {**after, path: bytes(foreign)}),
        ("a library that went", unanswered, less),
        ("symbols", left_symbols, {p: before[p] for p in elves(after)}),
    ):
        report(f"{what} would be noticed", [] if check(before, tree) else ["it was not"])


def check_other(before):
    """For the architecture that they are not for."""
    out = os.path.join(BUILD, "other.zip")
    status, said, errors = slim("--arch", "x86_64", "-o", out)
    report("for x86-64 the package has problems", [] if status == 1 else [f"exit status {status}", errors])
    report("none of the shared objects stays", sorted(elves(read_zip(out))))
    named = {n["path"]: n["text"] for n in said["notes"] if n["code"] == "SLIM219"}
    report("each of them is named with its size", [p for p in elves(before) if not re.search(r"arm64 \(.*B\)", named.get(p, ""))])
    errors = [n for n in said["notes"] if n["code"] == "SLIM126" and "app.py:" in n["text"] and "manylinux2014_x86_64" in n["cure"]]
    report("each distribution has an error, with the command that mends it", NATIVE - {n["cure"].split()[-1] for n in errors})


def main():
    try:
        lay_out()
    except wheelhouse.Unreachable:
        print("1..0 # SKIP PyPI cannot be reached")
        return 0
    before = read_directory(TASK)
    after = check_own(before)
    check_checks(before, after)
    check_other(before)
    if shutil.which("qemu-aarch64") and shutil.which("aarch64-linux-gnu-gcc"):
        report("the real loader opens what it opened (qemu-aarch64)", check_opened(before, after))
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
