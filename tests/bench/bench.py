"""The measurements behind `make bench`; scripts/bench says what for and calls it.

Competitors take turns, round after round, and each one's best round counts: other work on the machine only adds. Each
line has what slim took, what the other took, the ratio, and the bound that it is judged by. On a busy machine, run it
as `chrt -f 10 make bench`.
"""

import argparse
import collections
import os
import platform
import random
import shutil
import subprocess
import sys
import time
import zipfile

import edges

Run = collections.namedtuple("Run", "wall cpu rss")

# Others know no imports: against them slim goes by its rules alone, and what it saves beyond is no part of the ratio.
PATTERNS = ["--no-prune"]
# What the pipelines that people use remove by name.
NAMES = ("__pycache__", "tests", "test")
SHELL = """
unzip -q "$IN" -d tree
find tree -type d \\( {names} \\) -prune -exec rm -rf {{}} +
find tree -name '*.so' -exec strip {{}} \\; 2>/dev/null
cd tree && zip -q -r -9 ../shell.zip .
""".format(names=" -o ".join(f"-name {name}" for name in NAMES))


class Bench:
    def __init__(self, options):
        self.slim = os.path.abspath(options.slim)
        self.resolve = os.path.abspath(options.resolve)
        self.bench = os.path.abspath(options.bench)
        self.work = os.path.abspath(options.work)
        self.rounds = options.rounds
        self.failed = 0

    def run(self, command, cwd="", may_fail=False, **env):
        """Wall time, CPU of the process and its children, and peak memory in bytes."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=os.path.join(self.work, cwd), env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not may_fail:
            sys.exit(f"bench: {command} failed: {said.decode()}")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)

    def turns(self, cwd="", **competitors):
        """The best of each competitor's rounds in `cwd` below the work directory; they leave nothing to each other."""
        runs = {name: [] for name in competitors}
        for _ in range(self.rounds):
            for name, (command, env, leaves) in competitors.items():
                for path in leaves:
                    self.remove(path)
                runs[name].append(self.run(command, cwd, **env))
        return {name: Run(*map(min, zip(*of))) for name, of in runs.items()}

    def remove(self, name):
        path = os.path.join(self.work, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)

    def size(self, name):
        return os.path.getsize(os.path.join(self.work, name))

    def judge(self, what, ours, theirs, ratio, bound, holds):
        self.failed += not holds
        print(f"{what:<46} {ours:>12} {theirs:>12} {ratio:>9}  {bound:<16} {'PASS' if holds else 'FAIL'}", flush=True)

    def faster(self, what, ours, theirs, least):
        ratio = theirs / ours
        self.judge(what, seconds(ours), seconds(theirs), f"{ratio:.1f}x", f">= {least}x", ratio >= least)

    def slower(self, what, ours, theirs, most):
        ratio = ours / theirs
        self.judge(what, seconds(ours), seconds(theirs), f"{ratio:.2f}x", f"<= {most}x", ratio <= most)

    def smaller(self, what, ours, theirs, least):
        saved = 1 - ours / theirs
        self.judge(what, f"{ours:,}", f"{theirs:,}", f"-{saved:.1%}", f"> {least:.1%} less", saved > least)

    def below(self, what, value, bound, shown):
        self.judge(what, shown(value), "", "", f"< {shown(bound)}", value < bound)


def seconds(value):
    return f"{value:.3f} s" if value >= 0.1 else f"{value * 1000:.2f} ms"


def megabytes(value):
    return f"{value / 1e6:.0f} MB"


def make_many(path):
    """50,000 small files in the manner of node_modules: a dozen a directory, about 430 bytes each when deflated."""
    random.seed(1)
    words = [
        "".join(random.choice("bcdfghklmnprstvw") + random.choice("aeiou") for _ in range(random.randint(2, 4)))
        for _ in range(3000)
    ]

    def word():
        return random.choice(words)

    with zipfile.ZipFile(path, "w") as package:
        for number in range(50_000):
            directory = f"node_modules/@{words[number // 600]}/client-{words[number // 12 % 50]}-es"
            name = f"{directory}/{word()}{word()}{number}.js{'.map' if number % 10 == 9 else ''}"
            what = word()
            text = f"import {{ {what} }} from '../{word()}/{word()}.js';\n" * random.randint(1, 3)
            for _ in range(random.randint(4, 28)):
                text += f"export const {what}_{word()} = ({what}) => {word()}({what}.{word()}, '{word()}');\n"
            package.writestr(name, text)


def make_packages(bench):
    """big.zip and many.zip in the work directory, as `zip -r -9` makes them."""
    for name in ("big", "many"):
        kept = os.path.join(bench.bench, f"{name}.zip")
        if not os.path.exists(kept):
            print(f"making {kept}", file=sys.stderr)
            tree = os.path.join(bench.bench, "big")
            if name == "many":
                tree = os.path.join(bench.work, "many")
                make_many(os.path.join(bench.work, "plain.zip"))
                subprocess.run(["unzip", "-q", "plain.zip", "-d", tree], cwd=bench.work, check=True)
                bench.remove("plain.zip")
            subprocess.run(["zip", "-q", "-r", "-9", kept, "."], cwd=tree, check=True)
            bench.remove("many")
        shutil.copy(kept, bench.work)
        with zipfile.ZipFile(kept) as package:
            sizes = [i.file_size for i in package.infolist() if not i.is_dir()]
        print(f"{name}.zip: {len(sizes):,} files, {sum(sizes):,} bytes, {os.path.getsize(kept):,} zipped")


def against_shell(bench, name, saves):
    took = bench.turns(
        slim=([bench.slim, f"{name}.zip", *PATTERNS, "-o", "slim.zip", "-q"], {}, ["slim.zip"]),
        shell=(["sh", "-c", SHELL], {"IN": f"{name}.zip"}, ["tree", "shell.zip"]),
    )
    bench.faster(f"{name}: slim / unzip, rm, strip, zip -9: wall", took["slim"].wall, took["shell"].wall, 30)
    bench.smaller(f"{name}: its zip", bench.size("slim.zip"), bench.size("shell.zip"), saves)
    bench.remove("tree")
    bench.remove("shell.zip")
    check_headers(bench, name)
    check_memory(bench, name, took["slim"].rss)


def check_headers(bench, name):
    with zipfile.ZipFile(os.path.join(bench.work, "slim.zip")) as package:
        infos = package.infolist()
    want = 22 + sum(76 + 2 * len(info.orig_filename.encode()) for info in infos)
    got = bench.size("slim.zip") - sum(info.compress_size for info in infos)
    bench.judge(f"{name}: header bytes", f"{got:,}", f"{want:,}", "", "exactly", got == want)


def check_memory(bench, name, rss):
    with zipfile.ZipFile(os.path.join(bench.work, f"{name}.zip")) as package:
        largest = max(info.file_size for info in package.infolist())
    bound = max(300_000_000, bench.size(f"{name}.zip") + 1.5 * largest * os.cpu_count())
    bench.below(f"{name}: peak memory", rss, bound, megabytes)


def against_prune(bench, name, slim_options, zip_patterns):
    took = bench.turns(
        slim=([bench.slim, f"{name}.zip", "--strip", "off", *PATTERNS, "-o", "slim.zip", "-q", *slim_options], {}, ["slim.zip"]),
        cp_zip=(["sh", "-c", f'cp {name}.zip cp.zip && zip -q -d cp.zip "$@"', "sh", *zip_patterns], {}, ["cp.zip"]),
    )
    bench.faster(f"{name}: prune only / cp, zip -d: wall", took["slim"].wall, took["cp_zip"].wall, 1)
    bench.remove("cp.zip")


def against_zip_9(bench, name):
    bench.remove("tree")
    subprocess.run([bench.slim, f"{name}.zip", *PATTERNS, "-o", "tree/", "-q"], cwd=bench.work, check=True)
    took = bench.turns(
        slim=([bench.slim, f"{name}.zip", *PATTERNS, "--zip", "small", "-o", "small.zip", "-q"], {}, ["small.zip"]),
        zip_9=(["sh", "-c", "cd tree && zip -q -r -9 ../zip9.zip ."], {}, ["zip9.zip"]),
    )
    bench.smaller(f"{name}: --zip small / zip -9 of the same", bench.size("small.zip"), bench.size("zip9.zip"), 0.035)
    ratio = took["slim"].cpu / took["zip_9"].cpu
    bench.judge(
        f"{name}: its CPU", seconds(took["slim"].cpu), seconds(took["zip_9"].cpu), f"{ratio:.2f}x", "<= 1.5x", ratio <= 1.5
    )
    for path in ("tree", "small.zip", "zip9.zip"):
        bench.remove(path)


def rooms(bench):
    """The rooms alone, through bench_zip."""
    tool = os.path.join(bench.bench, "bench_zip")

    def measure(*arguments):
        said = subprocess.run([tool, *arguments], cwd=bench.work, check=True, capture_output=True, text=True).stdout
        return [int(word) / 1e9 for word in said.split()]

    for name in ("big", "many"):
        ours, theirs = measure("index", f"{name}.zip")
        bench.faster(f"{name}: strict index / libarchive headers: CPU", ours, theirs, 8)
        bench.below(f"{name}: index alone, CPU", ours, 0.050, seconds)
    for name in ("big", "many"):
        ours, theirs = measure("inflate", f"{name}.zip")
        bench.faster(f"{name}: inflate + CRC / libarchive: CPU, 1 thread", ours, theirs, 2.2)
    libraries = [
        os.path.join(base, file)
        for base, _, files in os.walk(os.path.join(bench.bench, "big"))
        for file in files
        if ".so" in file
    ]
    ours, strip, eu_strip = measure("strip", "stripped", *sorted(libraries))
    bench.faster("strip of big's libraries / strip", ours, strip, 2)
    bench.faster("strip of big's libraries / eu-strip", ours, eu_strip, 2)


def against_reading(bench, name):
    """The whole run against what it cannot do without: to inflate and check what it keeps, with as many threads."""
    subprocess.run([bench.slim, f"{name}.zip", "-o", "slim.zip", "-q"], cwd=bench.work, check=True)
    took = bench.turns(
        slim=([bench.slim, f"{name}.zip", "-o", "again.zip", "-q"], {}, ["again.zip"]),
        read=([os.path.join(bench.bench, "bench_zip"), "read", f"{name}.zip", "slim.zip"], {}, []),
    )
    bench.slower(f"{name}: slim / inflating what it keeps: wall", took["slim"].wall, took["read"].wall, 3)
    bench.remove("again.zip")


def against_ruff(bench, name):
    """Extraction and resolution of imports alone, on the same tree; and what came of it."""
    tree = os.path.join(bench.work, "imports")
    tool = os.path.join(bench.bench, "bench_imports")
    # Neither its own rules about which directories are worth a look nor a repository around count here.
    ruff = [os.path.join(bench.bench, "ruff", "bin", "ruff"), "analyze", "graph", "--isolated", "--quiet"]
    ruff += ["--config", "respect-gitignore=false", "--config", "exclude=[]"]
    strings = [*ruff, "--detect-string-imports"]
    shutil.copytree(os.path.join(bench.bench, name), tree)
    took = bench.turns(
        slim=([tool, "."], {}, []),
        ruff=(ruff, {}, []),
        strings=(strings, {}, []),
        cwd="imports",
    )
    bench.faster(f"{name}: imports / ruff analyze graph: wall", took["slim"].wall, took["ruff"].wall, 1)
    bench.faster(f"{name}: imports / the same, CPU", took["slim"].cpu, took["ruff"].cpu, 1)
    bench.faster(f"{name}: imports / the same with strings: wall", took["slim"].wall, took["strings"].wall, 1)

    def say(*command):
        return subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout

    ours = say(tool, ".", "edges")
    for what, command in (("imports", ruff), ("imports and strings", strings)):
        lost = edges.compare(tree, ours, say(*command), what)
        bench.judge(f"{name}: {what} that ruff has, unexplained", f"{lost:,}", "", "", "none", lost == 0)
    bench.remove("imports")


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def against_libtree(bench, name):
    """Index and answers for every ELF file, and how long all of libtree takes for the same files.

    The files stand alone in a tree, for libtree is told their names, too; slim's time is that from the walk through it
    to the last answer, without what starting resolve takes. slim answers every name that any file or what it loads
    needs. libtree does less of that when it is told nothing: it leaves out libc, libstdc++ and the like, and what a
    library needs that any file before had; with -vvv more: it repeats both, and goes into the system's libraries.
    """
    tree = os.path.join(bench.work, "elf")
    files = []
    for folder, _, names in os.walk(os.path.join(bench.bench, name)):
        for path in (os.path.join(folder, file) for file in sorted(names)):
            if is_elf(path):
                files.append(os.path.join(tree, os.path.relpath(path, os.path.join(bench.bench, name))))
                os.makedirs(os.path.dirname(files[-1]), exist_ok=True)
                shutil.copy(path, files[-1])
    resolve = [bench.resolve, tree, "--minor", str(sys.version_info.minor), "--arch", "x86_64", "--time"]
    took = collections.defaultdict(list)
    for _ in range(bench.rounds * 10):
        said = subprocess.run(resolve, check=True, capture_output=True, text=True).stdout.split()
        took["slim"].append(float(said[0]))
        for options in ("", "-vvv"):
            # It fails where this machine has not what a package needs.
            took[options].append(bench.run(["libtree", *options.split(), *files], may_fail=True).wall)
    bench.judge(f"{name}: ELF files that are resolved", said[1], f"{len(files):,}", "", "all", int(said[1]) == len(files))
    bench.slower(f"{name}: index and resolve / libtree: wall", min(took["slim"]), min(took[""]), 2)
    bench.slower(f"{name}: index and resolve / libtree -vvv: wall", min(took["slim"]), min(took["-vvv"]), 2)
    bench.remove("elf")


def start_up(bench):
    took = min(bench.run([bench.slim, "--version"]).wall for _ in range(30))
    bench.below("start-up (best of 30)", took, 0.005, seconds)


def machine(bench):
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    ruff = os.path.join(bench.bench, "ruff", "bin", "ruff")
    versions = [
        subprocess.run(command, shell=True, capture_output=True, text=True).stdout.strip()
        for command in (
            "strip --version | head -1",
            "eu-strip --version | head -1",
            "zip -v | sed -n 2p",
            "unzip -v | head -1",
            f"{ruff} --version",
            "echo libtree $(libtree --version)",
        )
    ]
    libraries = "libarchive {} libdeflate {}".format(
        *(subprocess.run(["pkg-config", "--modversion", l], capture_output=True, text=True).stdout.strip()
          for l in ("libarchive", "libdeflate"))
    )
    print(f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {platform.platform()}")
    print("\n".join([libraries, *versions]))
    print(f"work in {bench.work}; the best of {bench.rounds} rounds in turn")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("bench", "work", "slim", "resolve"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    bench = Bench(parser.parse_args())
    machine(bench)
    make_packages(bench)
    print(f"\n{'':<46} {'slim':>12} {'other':>12} {'ratio':>9}  {'bound':<16}")
    start_up(bench)
    rooms(bench)
    against_reading(bench, "big")
    against_ruff(bench, "big")
    against_libtree(bench, "big")
    against_shell(bench, "big", 0.007)
    against_shell(bench, "many", 0.10)
    against_prune(bench, "big", [], [f"*/{name}/*" for name in NAMES])
    against_prune(bench, "many", ["--drop", "*.map"], ["*.map"])
    against_zip_9(bench, "big")
    against_zip_9(bench, "many")
    print(f"\n{bench.failed} failed" if bench.failed else "\nall bounds hold")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
